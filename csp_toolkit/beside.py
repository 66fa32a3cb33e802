"""Work that goes on in a second process while this one does something else.

Forking is safe only while no other thread runs, and while no library with a thread pool of its own has been imported.
"""

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

OWN_THREAD_POOLS = ("polars", "duckdb", "pyspark")
Result = TypeVar("Result")


def can_fork() -> bool:
    """Say whether a child can be forked from this process safely."""
    is_alone = threading.active_count() == 1
    return sys.platform == "linux" and is_alone and not any(name in sys.modules for name in OWN_THREAD_POOLS)


def begin(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin a piece of work in a forked process and return what waits for its result, to be called once.

    Parameters
    ----------
    work : opens for itself whatever it reads; its result must be what pickle can carry. To be begun before this
        process has read anything, so that the other holds no data but its own.

    Notes
    -----
    Where no child can be forked, or only one processor is there, the work is done here when its result is asked for;
    so it is where the other process comes to nothing. The result is the same, and so is the error. What passes between
    the two lies in memory alone.
    """
    if not can_fork() or len(os.sched_getaffinity(0)) < 2:
        return work
    try:
        place = os.memfd_create("csp")
    except OSError:  # a system that forbids it
        return work

    def leave() -> None:
        os.closerange(3, place)  # a pipe of the parent's that stayed open here would never end for its reader
        os.closerange(place + 1, os.sysconf("SC_OPEN_MAX"))
        with os.fdopen(place, "wb") as file:
            pickle.dump(work(), file, protocol=pickle.HIGHEST_PROTOCOL)

    try:
        pid = fork_child(leave)
    except OSError:  # no room for another process
        os.close(place)
        return work

    def result() -> Result:
        with os.fdopen(place, "rb") as file:
            _, status = os.waitpid(pid, 0)
            if status == 0:
                file.seek(0)
                done: Result = pickle.load(file)  # noqa: S301 (written by our own child)
                return done
        return work()

    return result


def fork_child(do: Callable[[], None]) -> int:
    """Fork a child that does this and ends at once, and return its process id; it ends with 0 if nothing was raised.

    No handler, buffer or lock of the parent's runs in it, and what is raised is said nowhere.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        gc.freeze()  # what the parent imported is never garbage here; walking it would copy its pages
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, and kills this process if it must
        do()
        status = 0
    finally:
        os._exit(status)
