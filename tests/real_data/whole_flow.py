"""From the agencies' extracts to the meeting's folders, by the commands an analyst types."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CSP = "from csp_toolkit.cli import app; app()"
RUN = "2026-11-26/gangs_intelligence"
LAST_RUN = "2026-10-29/gangs_intelligence"


def csp(*words: str) -> dict[str, Any]:
    """Run a command; return its JSON."""
    done = subprocess.run(
        [sys.executable, "-c", CSP, *words, "--json"], capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert done.returncode == 0, done.stderr[-400:]
    return json.loads(done.stdout)


def brief(workspace: Path, as_of: str, *more: str) -> None:
    """Run the monthly meeting."""
    csp("brief", "gangs_intelligence", "--as-of", as_of, *more, "--workspace", str(workspace))


def read_tables(workspace: Path, run: str) -> dict[str, bytes]:
    """Read the tables of a run, byte by byte."""
    return {path.name: path.read_bytes() for path in sorted((workspace / "runs" / run / "tables").glob("*.csv"))}


@dataclass(frozen=True)
class Flow:
    """A briefed workspace, and October's tables as they were before November's delivery came."""

    home: Path
    october: dict[str, bytes]


def make_flow(extracts: Path, home: Path) -> Flow:
    """Load and brief both months."""
    csp("init", str(home))
    csp("load", str(extracts / "2026-10"), "--received", "2026-10-23", "--workspace", str(home))
    brief(home, "2026-10-29")
    october = read_tables(home, LAST_RUN)
    csp("load", str(extracts / "2026-11"), "--received", "2026-11-20", "--workspace", str(home))
    brief(home, "2026-11-26")
    return Flow(home, october)
