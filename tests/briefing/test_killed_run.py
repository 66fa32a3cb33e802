"""The real command, killed in the middle: nothing half-written, and the next run cleans up and succeeds."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.briefing.small_notebooks import make_notebook
from tests.briefing.small_workspace import FORM, MEETING, WORKINGS, make_workspace, tree

PLACE = f"2026-11-26/{MEETING}"
CSP = (sys.executable, "-c", "from csp_toolkit.cli import app; app()")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks")


def csp(home: Path, *args: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*CSP, *args, "--workspace", str(home)], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )


def brief(home: Path) -> subprocess.CompletedProcess:
    return csp(home, "brief", MEETING, "--as-of", "2026-11-26", "--no-pdf")


@pytest.mark.parametrize("whom", ["os.getpid()", "os.getppid()"])
def test_a_killed_run_leaves_nothing_and_the_next_one_succeeds(tmp_path, whom):
    home = tmp_path / "ws"
    make_workspace(home)
    template = home / "notebooks" / "meetings" / "small.ipynb"
    make_notebook(template, *WORKINGS, f"import signal\nos.kill({whom}, signal.SIGKILL)", form=FORM)
    killed = brief(home)
    if whom == "os.getpid()":  # the notebook's own process: the command lives and says so
        assert killed.returncode == 3
        assert "ended before it was done (signal 9)" in killed.stderr and killed.stderr.count("\n") == 1
    else:
        assert killed.returncode == -signal.SIGKILL
    assert not (home / "runs" / PLACE).exists() and not (home / "released" / "2026-11-26").exists()

    make_notebook(template, *WORKINGS, form=FORM)
    done = brief(home)
    assert done.returncode == 0, done.stderr
    assert not (home / "runs" / ".staging").exists() and not (home / "released" / ".staging").exists()
    assert "briefing.html" in tree(home / "released" / PLACE / "chair")
    assert csp(home, "verify").returncode == 0


@pytest.mark.skipif(os.geteuid() != 0 if hasattr(os, "geteuid") else True, reason="mounting a small disk needs root")
def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path):
    small = tmp_path / "disk"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        home = small / "ws"
        make_workspace(home)
        free = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
        (small / "ballast").write_bytes(b"x" * max(0, free - 120_000))
        full = brief(home)
        assert full.returncode == 2 and full.stderr.count("\n") == 1, full.stderr
        assert not (home / "runs" / PLACE).exists() and not (home / "released" / "2026-11-26").exists()
        (small / "ballast").unlink()
        assert brief(home).returncode == 0
    finally:
        subprocess.run(["umount", str(small)], check=True)
