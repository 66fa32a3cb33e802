"""The files of the repository, as the house tests go through them."""

import importlib
import pkgutil
import subprocess
from functools import cache
from pathlib import Path
from types import ModuleType

import csp_toolkit
from tests.real_data_home import REPOSITORY

TEXT = frozenset({".py", ".md", ".yaml", ".toml", ".txt", ".j2", ".css", ".js", ".html", ".ipynb", ".json", ".cfg", ""})


@cache
def files() -> tuple[Path, ...]:
    """Return every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=REPOSITORY, capture_output=True
    )
    if listed.returncode == 0:
        found = [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [p for p in REPOSITORY.rglob("*") if not any(part.startswith((".", "__")) for part in p.parts)]
    return tuple(sorted(p for p in found if p.is_file()))


@cache
def texts() -> dict[str, str]:
    """Return the text files by their path in the repository."""
    return {
        str(path.relative_to(REPOSITORY)): path.read_text(encoding="utf-8")
        for path in files()
        if path.suffix in TEXT and path.stat().st_size < 2_000_000
    }


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return every module of the package, imported."""
    names = [m.name for m in pkgutil.walk_packages(csp_toolkit.__path__, "csp_toolkit.")]
    return (csp_toolkit, *(importlib.import_module(name) for name in sorted(names)))
