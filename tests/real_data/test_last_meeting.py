"""The meeting before, worked out in a second process, is the one worked out here; what it did not bring is read."""

import json
import subprocess
import sys

from tests.real_data.whole_flow import Flow

COMPARE = """
import json, os, sys
from datetime import date
from pathlib import Path
from csp_toolkit.briefing.startup import import_everything
import_everything()
from csp_toolkit import beside
from csp_toolkit.sharing import last_meeting

home, day = Path(sys.argv[1]), date(2026, 11, 26)
forked = []
real = os.fork
os.fork = lambda: (pid := real(), forked.append(pid))[0]
asked = dict(as_of=day, known_at=day, held_as="INTELLIGENCE", seed=1, parts=["scores", "ties", "places"])
begun = last_meeting.begin_last("gangs_intelligence", home / "casebook.sqlite", home / "params", **asked)
there = begun()
last_meeting.begin = lambda work: work
here = last_meeting.begin_last("gangs_intelligence", home / "casebook.sqlite", home / "params", **asked)()
brought = [name for name in there.view.tables if name in there.view.tables._made]
print(json.dumps({
    "forked": bool(forked) or len(os.sched_getaffinity(0)) < 2,
    "on": there.view.as_of.isoformat(), "n_scored": len(there.scores.table),
    "scores": there.scores.table.equals(here.scores.table) and there.scores.ledger.equals(here.scores.ledger),
    "ties": there.ties.table.equals(here.ties.table) and there.ties.evidence.equals(here.ties.evidence),
    "places": there.places.equals(here.places) and len(there.places) > 10,
    "brought some": 0 < len(brought) < len(there.view.tables),
    "tables": all(there.view[name].equals(here.view[name]) for name in here.view.tables),
    "ever": all(there.view.ever[name].equals(here.view.ever[name]) for name in here.view.ever),
}))
"""


def test_the_meeting_before_is_the_same_from_another_process(flow: Flow) -> None:
    done = subprocess.run([sys.executable, "-c", COMPARE, str(flow.home)], capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert seen.pop("n_scored") > 20
    assert seen == {
        "forked": True, "on": "2026-10-29", "scores": True, "ties": True, "places": True, "brought some": True,
        "tables": True, "ever": True,
    }  # fmt: skip
