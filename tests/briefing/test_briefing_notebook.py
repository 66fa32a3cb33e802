"""The briefing notebook that is shipped: short, clean, and it runs on a bundle alone."""

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from csp_toolkit.briefing.render import render_page
from csp_toolkit.briefing.runner import run_notebook
from csp_toolkit.sharing.released import Released
from tests.briefing.bundle import Copy, chairs_copy, housing_copy

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "briefings" / "gangs_intelligence.ipynb"


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def execute(copy: Copy, folder: Path) -> nbformat.NotebookNode:
    """Run the notebook on a bundle, in a folder that holds nothing else."""
    Released(copy.recipient, copy.facts, copy.tables, copy.withheld).write(folder / "bundle.json")
    return run_notebook(NOTEBOOK, folder / "out.ipynb", {"bundle": "bundle.json"}, cwd=folder, in_process=True)


def test_the_notebook_has_one_typed_parameter_that_says_what_it_is(notebook: nbformat.NotebookNode) -> None:
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1 and tagged[0].source.startswith('bundle: str = ""  # ')


def test_the_notebook_is_at_most_a_dozen_short_calls_without_loops_or_definitions(
    notebook: nbformat.NotebookNode,
) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 12
    for cell in code:
        assert len(cell.source.splitlines()) <= 6
        assert not any(word in cell.source for word in ("def ", "for ", "while ", "lambda", "class "))


def test_every_call_has_its_question_before_it(notebook: nbformat.NotebookNode) -> None:
    kinds = [cell.cell_type for cell in notebook.cells]
    assert all(before == "markdown" for before, kind in zip(kinds, kinds[1:], strict=False) if kind == "code")
    headings = [cell.source.splitlines()[0] for cell in notebook.cells if cell.cell_type == "markdown"]
    assert headings[0].startswith("# ") and all(h.startswith("## ") and h.endswith("?") for h in headings[1:])


def test_the_notebook_is_committed_without_outputs_or_traces_of_a_run(notebook: nbformat.NotebookNode) -> None:
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    for cell in notebook.cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None
        assert set(cell.metadata) <= {"tags"}


@pytest.mark.parametrize("copy", [chairs_copy(), housing_copy()], ids=["chair", "housing"])
def test_the_notebook_runs_on_a_bundle_alone_and_makes_the_page(tmp_path: Path, copy: Copy) -> None:
    executed = execute(copy, tmp_path)
    soup = BeautifulSoup(render_page(executed, recipient=copy.recipient, facts=copy.facts), "html.parser")
    assert [s["id"] for s in soup.find_all("section")] == [a["href"][1:] for a in soup.select("nav a")]
    assert "A place on any list here is a proposal" in soup.select_one("#method").text


def test_every_section_reads_where_styles_and_pictures_are_stripped(tmp_path: Path) -> None:
    executed = execute(chairs_copy(), tmp_path)
    html = "".join(o.data.get("text/html", "") for c in executed.cells for o in c.get("outputs", []))
    soup = BeautifulSoup(html, "html.parser")
    for picture in soup.find_all("svg"):
        picture.decompose()
    said = " ".join(soup.get_text(" ").split())
    for words in (
        "WATSON, Alfie SYN/001201/24 · 21 Basildon · Tallow End police score 85",
        "34.8 · 15.0 · 10.2",
        "no change",
        "Recorded: knife injury, Mar 2026",
        "28 late",
        "BATES, Kwame – READ, Brandon 1 report, 2B 1 untested 30",
    ):
        assert words in said
