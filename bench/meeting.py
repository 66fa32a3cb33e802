"""The monthly run against one cold papermill command on an empty notebook that imports what the run imports.

Both are whole commands, run in turn, so that the ratio holds on a noisy machine. The partnership is the synthetic
one, or the November delivery of the extracts where `CSP_REAL_DATA` (else `../shared`) has them. The PDF extra is not
counted: it is left out of the run by hiding its package.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import yaml

from csp_toolkit.briefing.startup import IMPORTED_FIRST

HERE = Path(__file__).resolve().parent
REAL = Path(os.environ.get("CSP_REAL_DATA", HERE.parent.parent / "shared")) / "extracts"
TURNS = int(os.environ.get("CSP_BENCH_TURNS", "5"))
IMPORTS = "\n".join(f"import {name}" for name in IMPORTED_FIRST)
CSP = "import sys; sys.modules['weasyprint'] = None; from csp_toolkit.cli import app; app()"


def run(*command: str) -> float:
    """Run a command to its end and return the seconds it took."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[-1]} failed: {done.stderr[-500:]}")
    return time.perf_counter() - began


def csp(*words: str) -> float:
    """Run one `csp` command."""
    return run(sys.executable, "-c", CSP, *words)


def make_workspace(folder: Path) -> str:
    """Make a workspace with two deliveries in it and return the meeting's date."""
    deliveries = REAL
    if not (REAL / "2026-11").is_dir():
        from csp_toolkit.records.synthetic import write_demo

        deliveries = folder.parent / "deliveries"
        write_demo(deliveries)
    print(f"deliveries: {'the extracts' if deliveries == REAL else 'the synthetic partnership'}")
    csp("init", str(folder))
    csp("load", str(deliveries / "2026-10"), "--received", "2026-10-23", "--workspace", str(folder))
    csp("load", str(deliveries / "2026-11"), "--received", "2026-11-20", "--workspace", str(folder))
    return "2026-11-26"


def keep_recipients(workspace: Path, names: list[str]) -> None:
    """Let the meeting have these recipients only."""
    path = workspace / "params" / "meetings" / "gangs_intelligence.yaml"
    policy = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**policy, "recipients": names}, sort_keys=False), encoding="utf-8")


def main() -> None:
    """Print the two ratios."""
    with tempfile.TemporaryDirectory() as home:
        root = Path(home)
        empty = root / "empty.ipynb"
        cells = [nbformat.v4.new_code_cell(IMPORTS)]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), empty)
        workspace = root / "workspace"
        as_of = make_workspace(workspace)
        brief = ("brief", "gangs_intelligence", "--as-of", as_of, "--workspace", str(workspace))
        cold = (sys.executable, "-m", "papermill", str(empty), str(root / "out.ipynb"), "-k", "python3")

        run(*cold)
        csp(*brief)
        colds, one, two = [], [], []
        for _ in range(TURNS):
            colds.append(run(*cold))
            keep_recipients(workspace, ["chair", "housing"])
            two.append(csp(*brief))
            keep_recipients(workspace, ["chair"])
            one.append(csp(*brief))
        base = statistics.median(colds)
        whole = statistics.median(t / c for t, c in zip(two, colds, strict=True))
        each = statistics.median((t - o) / c for t, o, c in zip(two, one, colds, strict=True))
        print(f"cold papermill on an empty notebook: median {base:.2f} s of {TURNS}")
        print(f"workings, two recipients, HTML: {whole:.2f} x that (aim: at most 2.0)")
        print(f"each further recipient: {each:.2f} x that (aim: at most .15)")


if __name__ == "__main__":
    main()
