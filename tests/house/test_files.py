"""What may and may not lie in the repository."""

import re
from pathlib import PurePosixPath

import pytest

from tests.house.tracked import REPOSITORY, files, texts

BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base", "manager"}
LONGEST_MODULE, LARGEST_FILE = 300, 1_000_000
MACHINE = re.compile(r"(?<![\w.])/(?:root|home|Users|work|opt|mnt)/(?![A-Z]{4})[\w.]")
ADDRESSES = re.compile(r"pypi\.org|pythonhosted\.org|index-url|registry\.npmjs|conda\.anaconda|crates\.io")
OF_OUR_WORK = re.compile(
    r"\b(?:issue|ticket|story) #?\d+\b|\b(?:this|next|previous|earlier|later|last) (?:issue|ticket|session|sprint)\b",
    re.I,
)


def test_no_file_is_over_a_megabyte() -> None:
    assert [p.name for p in files() if p.stat().st_size > LARGEST_FILE] == []


def test_no_module_is_too_long_to_read() -> None:
    lengths = {
        name: text.count("\n")
        for name, text in texts().items()
        if name.startswith("csp_toolkit/") and name.endswith(".py")
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_name_says_nothing() -> None:
    names = [p.relative_to(REPOSITORY) for p in files()]
    vague = [str(p) for p in names for part in p.parts if BANNED & set(PurePosixPath(part).stem.lower().split("_"))]
    assert vague == []


@pytest.mark.parametrize("pattern", [MACHINE, ADDRESSES, OF_OUR_WORK], ids=["machine paths", "addresses", "our work"])
def test_the_repository_speaks_only_of_itself(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}: {match[0]}"
        for name, text in texts().items()
        if name != "tests/house/test_files.py"
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["see " + "/" + "home/someone/x", "pip --index" + "-url x", "as this iss" + "ue asks", "iss" + "ue 7"]
)
def test_the_patterns_would_find_what_they_are_for(text: str) -> None:
    assert any(pattern.search(text) for pattern in (MACHINE, ADDRESSES, OF_OUR_WORK))


def test_every_python_package_can_be_found_from_the_root() -> None:
    folders = {p.parent for p in files() if p.suffix == ".py" and "csp_toolkit" in p.relative_to(REPOSITORY).parts[:1]}
    assert [str(f.relative_to(REPOSITORY)) for f in sorted(folders) if not (f / "__init__.py").is_file()] == []


def test_nothing_is_left_half_done_in_the_package() -> None:
    left = re.compile(r"\b(?:TODO|FIXME|XXX)\b|NotImplementedError")
    assert [name for name, text in texts().items() if name.startswith("csp_toolkit/") and left.search(text)] == []
