"""Notebooks are prose with calls in them, and are committed as nobody has run them."""

import ast
import json
from pathlib import Path

import pytest

from tests.house.tracked import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").rglob("*.ipynb"))
MOST_CODE_CELLS = 12


def _cells(path: Path, kind: str) -> list[dict]:
    return [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == kind]


def _code(path: Path) -> list[ast.Module]:
    return [ast.parse("".join(cell["source"])) for cell in _cells(path, "code")]


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: str(p.relative_to(REPOSITORY / "notebooks")))
def notebook(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_it_is_committed_without_outputs_or_run_metadata(notebook: Path) -> None:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    assert "papermill" not in content["metadata"]
    for cell in _cells(notebook, "code"):
        assert cell["outputs"] == [] and cell["execution_count"] is None
        assert not {"papermill", "execution", "collapsed"} & set(cell["metadata"])


def test_it_is_short(notebook: Path) -> None:
    assert 1 <= len(_cells(notebook, "code")) <= MOST_CODE_CELLS
    assert len(_cells(notebook, "markdown")) >= 2


def test_it_defines_nothing_and_loops_over_nothing(notebook: Path) -> None:
    clever = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.AsyncFunctionDef)
    assert [type(n).__name__ for tree in _code(notebook) for n in ast.walk(tree) if isinstance(n, clever)] == []


def test_one_that_is_run_has_one_tagged_cell_of_plain_parameters(notebook: Path) -> None:
    if notebook.parent.name not in ("meetings", "briefings"):
        pytest.skip("opened by hand, not run with parameters")
    tagged = [c for c in _cells(notebook, "code") if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    names = {n.arg for n in ast.walk(ast.parse("".join(tagged[0]["source"]))) if isinstance(n, ast.keyword)}
    assert names == set(), "a parameter is a plain value; what is derived from it stands in a later cell"
    assert "".join(tagged[0]["source"]).count("#") >= 1, "each parameter says what it is for"


def test_every_briefing_has_workings_of_the_same_name() -> None:
    folders = {p.parent.name: {q.name for q in p.parent.glob("*.ipynb")} for p in NOTEBOOKS}
    assert folders.get("meetings") and folders.get("meetings") == folders.get("briefings")
