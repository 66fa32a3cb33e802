"""Run a piece of work in a child forked from this process, and hear from it.

The parent has imported everything and loaded nothing, so that a child starts in milliseconds and sees no data but
its own. Forking is safe only while no other thread runs, and while no library with a thread pool of its own has been
imported; where either is so, or the system cannot fork, the caller starts a fresh kernel instead.
"""

import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from csp_toolkit import errors
from csp_toolkit.errors import NotebookError, ToolkitError

OWN_THREAD_POOLS = ("polars", "duckdb", "pyspark")
Send = Callable[[dict[str, Any]], None]


def can_fork() -> bool:
    """Say whether a child can be forked from this process safely."""
    is_alone = threading.active_count() == 1
    return sys.platform == "linux" and is_alone and not any(name in sys.modules for name in OWN_THREAD_POOLS)


def run_forked(work: Callable[[Send], dict[str, Any]], *, on_message: Send, what: str) -> dict[str, Any]:
    """Run `work` in a forked child and return what it returned.

    Parameters
    ----------
    work : gets a function that sends a message; returns a result. Both must be what JSON can carry.
    on_message : called in this process with each message.
    what : named in the error when the child ends without a result.

    Raises
    ------
    ToolkitError : whatever of its kind `work` raised, with its message and exit code.
    NotebookError : `work` failed otherwise (only the class is told, for its message may hold values) or was killed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work_in_child(work, writing)
    os.close(writing)
    result: dict[str, Any] = {}
    try:
        with os.fdopen(reading, encoding="utf-8") as pipe:
            for line in pipe:
                message = json.loads(line)
                if "result" in message or "error" in message:
                    result = message
                else:
                    on_message(message)
        _, status = os.waitpid(child, 0)
    except BaseException:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        raise
    if "result" in result:
        return dict(result["result"])
    if "error" in result:
        raise _make_error(result, what)
    ended = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
    raise NotebookError(f"{what}: its process ended before it was done ({ended}). Check memory and run it again.")


def _work_in_child(work: Callable[[Send], dict[str, Any]], writing: int) -> None:
    """Do the work, tell the parent, and end at once: no handler, buffer or lock of the parent's may run here."""
    status = 1
    try:
        gc.freeze()  # what the parent imported is never garbage here; walking it would copy its pages
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, and kills this process if it must
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:

            def send(message: dict[str, Any]) -> None:
                pipe.write(json.dumps(message) + "\n")
                pipe.flush()

            try:
                send({"result": work(send)})
                status = 0
            except ToolkitError as error:
                send({"error": str(error), "kind": type(error).__name__})
            except OSError as error:
                send({"error": type(error).__name__, "errno": error.errno})
            except BaseException as error:
                send({"error": type(error).__name__})
    finally:
        os._exit(status)


def _make_error(message: dict[str, Any], what: str) -> Exception:
    if "kind" in message:
        kind: type[ToolkitError] = getattr(errors, message["kind"], ToolkitError)
        return kind(message["error"])
    if message.get("errno"):
        return OSError(message["errno"], os.strerror(message["errno"]))
    return NotebookError(f"{what}: stopped by {message['error']}. The failed run was kept if it got that far.")
