"""The notebooks an analyst opens by hand run from top to bottom, on the demo's workspace and on the real deliveries."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import nbformat
import pytest

from csp_toolkit.briefing.intake import take_in
from csp_toolkit.briefing.workspace import Workspace, init_workspace
from csp_toolkit.records.synthetic import DELIVERIES, write_demo
from csp_toolkit.tables.casebook import Casebook
from tests.house.tracked import REPOSITORY

HERE = REPOSITORY / "notebooks"
BY_HAND = sorted(p.relative_to(HERE) for p in (HERE / "00_welcome.ipynb", *(HERE / "explore").glob("*.ipynb")))
AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
REAL = {"2026-10": date(2026, 10, 23), "2026-11": date(2026, 11, 20)}
# A process of its own for each, which ends with the notebook: that is what the runner asks of one that runs it itself.
RUN = """
import json, sys
from pathlib import Path
from csp_toolkit.briefing.runner import run_notebook
template, output, given = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
run_notebook(template, output, given, cwd=template.parent, in_process=True)
"""


def make_workspace(root: Path, deliveries: Path, received: dict[str, date]) -> Path:
    init_workspace(root)
    home = Workspace.open(root)
    Casebook.open(home.casebook, create=True).close()
    for month, day in sorted(received.items()):
        take_in(home, deliveries / month, received_on=day, actor="analyst", at=AT)
    return root


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    write_demo(home / "deliveries")
    return make_workspace(home / "ws", home / "deliveries", DELIVERIES)


@pytest.fixture(scope="module")
def real(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("real") / "ws", extracts, REAL)


def run(workspace: Path, notebook: Path, folder: Path) -> nbformat.NotebookNode:
    """Run the workspace's own copy as JupyterLab would, on the values that stand in it."""
    template = workspace / "notebooks" / notebook
    form = next(c for c in nbformat.read(template, as_version=4).cells if "parameters" in c.metadata.get("tags", []))
    given: dict[str, object] = {}
    exec(form.source, {}, given)  # noqa: S102 (our own parameters cell)
    given.pop("__annotations__", None)
    output = folder / notebook.name
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(template), str(output), json.dumps(given)],
        capture_output=True, text=True, env={**os.environ},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-600:]
    return nbformat.read(output, as_version=4)


def shown(notebook: nbformat.NotebookNode) -> str:
    parts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            parts += [str(value) for value in output.get("data", {}).values()] + [output.get("text", "")]
    return "\n".join(parts)


def check(executed: nbformat.NotebookNode) -> None:
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    asked = [c for c in code if not {"parameters", "injected-parameters"} & set(c.metadata.get("tags", []))]
    assert asked
    assert all(cell.outputs for cell in asked), "every cell ends in something to read"
    assert [o.output_type for cell in code for o in cell.outputs if o.output_type in ("error", "stream")] == []


@pytest.mark.parametrize("notebook", BY_HAND, ids=str)
def test_it_runs_on_the_demo_from_top_to_bottom(notebook: Path, demo: Path, tmp_path: Path) -> None:
    check(run(demo, notebook, tmp_path))


@pytest.mark.real_data
@pytest.mark.parametrize("notebook", BY_HAND, ids=str)
def test_it_runs_on_both_real_deliveries(notebook: Path, real: Path, tmp_path: Path) -> None:
    check(run(real, notebook, tmp_path))


def test_the_records_notebook_shows_the_demo_s_planted_stories(demo: Path, tmp_path: Path) -> None:
    said = shown(run(demo, Path("explore/01_records.ipynb"), tmp_path))
    assert "Stop and search: not in the delivery of 20 Nov 2026" in said  # the feed that did not come
    assert "no agreement was in force" in said  # the one that is held
    assert "7 reports, 2 origins." in said
    assert "Reports that may share an origin, as at 2026-11-26: 1 pair" in said
    assert "keeps its list" in said  # the texts, side by side


def test_a_workspace_gets_every_notebook_there_is(demo: Path) -> None:
    there = {str(p.relative_to(demo / "notebooks")) for p in (demo / "notebooks").rglob("*.ipynb")}
    assert there == {str(p.relative_to(HERE)) for p in HERE.rglob("*.ipynb")}
    assert len(BY_HAND) >= 2
