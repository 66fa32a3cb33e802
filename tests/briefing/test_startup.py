"""What a run imports comes in before any data, quickly, and leaves the process fit to be forked."""

import json
import subprocess
import sys

LOOK = """
import json, sys
from csp_toolkit.briefing.startup import import_everything
light = not {"pandas", "nbformat", "papermill", "matplotlib"} & set(sys.modules)
import_everything()
import gc
from csp_toolkit.briefing import meetings
from csp_toolkit.briefing.forked import can_fork
print(json.dumps({
    "light": light, "checker": sys.modules["rfc3987_syntax"] is not None,
    "fork": can_fork(), "collects": gc.isenabled(), "frozen": gc.get_freeze_count() > 100_000,
    "all": sorted(set(json.loads(sys.argv[1])) - set(sys.modules)),
}))
"""


def test_everything_a_run_needs_is_imported_without_the_idle_checker_and_the_process_can_be_forked() -> None:
    from csp_toolkit.briefing.startup import IMPORTED_FIRST

    done = subprocess.run(
        [sys.executable, "-c", LOOK, json.dumps(IMPORTED_FIRST)], capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stdout)
    assert seen.pop("fork") or sys.platform != "linux"
    assert seen == {"light": True, "checker": False, "collects": True, "frozen": True, "all": []}
