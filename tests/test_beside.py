"""Work begun in a second process comes to what it would have come to here, whatever becomes of that process."""

import json
import subprocess
import sys
import threading

from csp_toolkit.beside import begin, can_fork

TRY = """
import json, os, select, signal, sys, time
import pandas as pd
from csp_toolkit import beside

here = os.getpid()
seen = {}

def frame():
    return os.getpid(), pd.DataFrame({"name": ["Ann", None], "n": [1, 2]}).astype({"name": "str"})

waiting = beside.begin(frame)
pid, made = waiting()
seen["elsewhere"] = (pid != here) == (len(os.sched_getaffinity(0)) > 1)
seen["same"] = made.equals(frame()[1])

def slow():
    time.sleep(.4)
    return os.getpid()

began = time.perf_counter()
waiting = beside.begin(slow)
time.sleep(.4)
waiting()
seen["meanwhile"] = time.perf_counter() - began < .7 or len(os.sched_getaffinity(0)) < 2

def fails_there(how):
    def work():
        if os.getpid() != here:
            how()
        return "here"
    return work

def kill(): os.kill(os.getpid(), signal.SIGKILL)
def refuse(): raise ValueError("WATSON")
for name, how in (("killed", kill), ("refused", refuse), ("left", lambda: os._exit(3))):
    seen[name] = beside.begin(fails_there(how))()
seen["unsendable"] = beside.begin(lambda: (lambda: 7))()()

def wrong(): raise KeyError("said here")
try:
    beside.begin(wrong)()
except KeyError as error:
    seen["error"] = str(error)

def forbidden(): raise PermissionError(1, "no")
real, os.fork = os.fork, forbidden
seen["forbidden"] = beside.begin(os.getpid)() == here
os.fork = real

left, right = os.pipe()
waiting = beside.begin(lambda: time.sleep(2))
os.close(right)
seen["pipe"] = bool(select.select([left], [], [], 1)[0])
waiting()
print(json.dumps(seen))
"""


def test_a_second_process_gives_the_same_result_or_the_work_is_done_here() -> None:
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {
        "elsewhere": True, "same": True, "meanwhile": True, "killed": "here", "refused": "here", "left": "here",
        "unsendable": 7, "forbidden": True, "error": "'said here'", "pipe": True,
    }  # fmt: skip
    assert "WATSON" not in done.stderr, "what the other process says of values is heard by nobody"


def test_nothing_is_forked_beside_another_thread() -> None:
    waiting = threading.Event()
    other = threading.Thread(target=waiting.wait, daemon=True)
    other.start()
    try:
        assert not can_fork()
        assert begin(threading.get_ident)() == threading.get_ident()
    finally:
        waiting.set()
        other.join()
