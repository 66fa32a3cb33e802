"""Where the partner extracts lie: outside the repository, since no partner's file belongs in it.

`CSP_REAL_DATA` names the folder that holds `extracts/` and `data/`; without it a folder called `shared` beside
the repository is looked for. A test that needs them skips, saying so, where there are none.
"""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the folder that holds the extracts and reference data, or skip the test."""
    named = os.environ.get("CSP_REAL_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no partner data here: set CSP_REAL_DATA to the folder that holds extracts/ and data/")
    return folder


def part(name: str) -> Path:
    """Return one folder of the partner data, or skip the test."""
    folder = home() / name
    if not folder.is_dir():
        pytest.skip(f"the partner data here has no {name} folder")
    return folder


def extracts() -> Path:
    """Return the folder of monthly deliveries (`2026-10`, `2026-11`), or skip the test."""
    return part("extracts")


def data() -> Path:
    """Return the folder of reference data, or skip the test."""
    return part("data")
