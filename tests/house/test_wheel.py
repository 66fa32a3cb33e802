"""The wheel carries what the program needs away from a checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.tracked import REPOSITORY


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    run = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return set(archive.namelist())


def _relative(folder: Path, pattern: str) -> set[str]:
    return {p.relative_to(REPOSITORY).as_posix() for p in folder.rglob(pattern) if "__pycache__" not in p.parts}


def test_params_and_notebooks_are_in_it(wheel: set[str]) -> None:
    ours = _relative(REPOSITORY / "params", "*.yaml") | _relative(REPOSITORY / "notebooks", "*.ipynb")
    assert ours and {f"csp_toolkit/packaged/{name}" for name in ours} <= wheel


def test_modules_and_templates_are_in_it(wheel: set[str]) -> None:
    package = REPOSITORY / "csp_toolkit"
    ours = set().union(*(_relative(package, f"*.{kind}") for kind in ("py", "j2", "css", "js", "html", "json")))
    assert {name for name in ours if not name.startswith("csp_toolkit/packaged")} <= wheel


def test_tests_and_data_are_not_in_it(wheel: set[str]) -> None:
    outside = {name for name in wheel if not name.startswith(("csp_toolkit/", "csp_toolkit-"))}
    assert outside == set()
    assert not {name for name in wheel if name.endswith((".sqlite", ".csv", ".xlsx", ".pyc"))}


def test_it_installs_the_program(wheel: set[str]) -> None:
    assert any(name.endswith("entry_points.txt") for name in wheel)
