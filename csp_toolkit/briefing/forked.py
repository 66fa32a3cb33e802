"""Run a piece of work in a child forked from this process, and hear from it.

The parent has imported everything and loaded nothing, so that a child starts in milliseconds and sees no data but
its own. Where forking is not safe, or the system cannot fork, the caller starts a fresh kernel instead.
"""

import json
import os
import selectors
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from csp_toolkit import errors
from csp_toolkit.beside import can_fork, fork_child
from csp_toolkit.errors import NotebookError, ToolkitError

__all__ = ["can_fork", "run_forked"]

Send = Callable[[dict[str, Any]], None]
Work = Callable[[Send], dict[str, Any]]


def run_forked(
    works: Mapping[str, Work], *, on_message: Callable[[str, dict[str, Any]], None]
) -> dict[str, dict[str, Any]]:
    """Run each work in a forked child of its own, as many at once as there are processors, and return their results.

    Parameters
    ----------
    works : by what each is called in an error. A work gets a function that sends a message, and returns a result;
        both must be what JSON can carry.
    on_message : called in this process with the name of a work and its message.

    Raises
    ------
    ToolkitError : whatever of its kind a work raised, with its message and exit code.
    NotebookError : a work failed otherwise (only the class is told, for its message may hold values) or was killed.

    Notes
    -----
    The first work to fail ends the others.
    """
    waiting, results = list(works), {}
    with selectors.DefaultSelector() as pipes:
        try:
            while waiting or pipes.get_map():
                while waiting and len(pipes.get_map()) < len(os.sched_getaffinity(0)):
                    child = _Child(waiting.pop(0), works)
                    pipes.register(child.pipe, selectors.EVENT_READ, child)
                for key, _ in pipes.select():
                    child = key.data
                    for message in child.hear():
                        on_message(child.what, message)
                    if child.has_ended:
                        pipes.unregister(child.pipe)
                        results[child.what] = child.reap()
        except BaseException:
            for key in pipes.get_map().values():
                key.data.kill()
            raise
    return {what: results[what] for what in works}


class _Child:
    """One forked child: what it does, its end of the pipe, and what it has said so far."""

    def __init__(self, what: str, works: Mapping[str, Work]) -> None:
        self.pipe, writing = os.pipe()
        self.what, self.has_ended = what, False
        self._rest, self._result = b"", dict[str, Any]()
        self._pid = fork_child(partial(_work_in_child, works[what], self.pipe, writing))
        os.close(writing)

    def hear(self) -> list[dict[str, Any]]:
        """Return the messages that have come since, and note the result or the end."""
        came = os.read(self.pipe, 1 << 16)
        self.has_ended = not came
        *lines, self._rest = (self._rest + came).split(b"\n")
        messages = [json.loads(line) for line in lines]
        self._result = next((m for m in messages if "result" in m or "error" in m), self._result)
        return [m for m in messages if m is not self._result]

    def reap(self) -> dict[str, Any]:
        """Return the result of a child that has ended, or raise what became of it."""
        os.close(self.pipe)
        _, status = os.waitpid(self._pid, 0)
        if "result" in self._result:
            return dict(self._result["result"])
        if "error" in self._result:
            raise _make_error(self._result, self.what)
        ended = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
        raise NotebookError(f"{self.what}: its process ended before it was done ({ended}). Check memory, run it again.")

    def kill(self) -> None:
        """End the child, whatever it is at."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self.pipe)


def _work_in_child(work: Work, reading: int, writing: int) -> None:
    """Do the work and tell the parent its result, or what became of it."""
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:

        def send(message: dict[str, Any]) -> None:
            pipe.write(json.dumps(message) + "\n")
            pipe.flush()

        try:
            send({"result": work(send)})
        except ToolkitError as error:
            send({"error": str(error), "kind": type(error).__name__})
            raise
        except OSError as error:
            send({"error": type(error).__name__, "errno": error.errno})
            raise
        except BaseException as error:
            send({"error": type(error).__name__})
            raise


def _make_error(message: dict[str, Any], what: str) -> Exception:
    if "kind" in message:
        kind: type[ToolkitError] = getattr(errors, message["kind"], ToolkitError)
        return kind(message["error"])
    if message.get("errno"):
        return OSError(message["errno"], os.strerror(message["errno"]))
    return NotebookError(f"{what}: stopped by {message['error']}. The failed run was kept if it got that far.")
