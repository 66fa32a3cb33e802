"""A whole meeting: each folder appears whole or not at all, after its disclosure is in the log."""

import errno
import json
import os
import shutil
import sqlite3
from pathlib import Path

import nbformat
import pytest

from csp_toolkit.briefing import forked, meetings
from csp_toolkit.briefing.manifest import read_manifest
from csp_toolkit.briefing.meetings import brief
from csp_toolkit.briefing.workspace import Workspace
from csp_toolkit.errors import (
    CheckFailed,
    DecisionError,
    GovernanceError,
    NotebookError,
    ParamsError,
    ReleaseError,
    WorkspaceError,
)
from csp_toolkit.tables.casebook import Casebook
from tests.briefing.bundle import housing_copy
from tests.briefing.small_workspace import MEETING, WORKINGS, ask, make_workspace, prepare, run_here, tree

PLACE = f"2026-11-26/{MEETING}"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """One workspace, made once and copied for each test."""
    root = tmp_path_factory.mktemp("made") / "ws"
    make_workspace(root)
    return root


@pytest.fixture
def workspace(made, tmp_path, monkeypatch) -> Workspace:
    """A workspace of the test's own. Notebooks run in this process: forking from pytest is unsafe."""
    monkeypatch.setattr(forked, "can_fork", lambda: True)
    monkeypatch.setattr(forked, "run_forked", run_here)
    shutil.copytree(made, tmp_path / "ws")
    return Workspace.open(tmp_path / "ws")


def run(workspace: Workspace, **changes):
    told = []
    return brief(workspace, ask(**changes), on_progress=lambda *said: told.append(said)), told


def disclosures(workspace: Workspace) -> list[dict]:
    book = Casebook.open(workspace.casebook)
    entries = book.log.entries()
    book.close()
    return [json.loads(d) for d in entries.loc[entries["action"] == "disclose", "details"]]


def test_a_meeting_leaves_its_workings_and_a_copy_for_each_recipient(workspace):
    done, told = run(workspace)
    assert tree(workspace.runs / PLACE) == [
        "briefings/chair.ipynb", "briefings/housing.ipynb", "bundles/chair.json", "bundles/chair.named.json",
        "bundles/housing.json", "bundles/housing.named.json", "manifest.json", "tables/candidates.csv",
        "tables/candidates.meta.json", "workings.html", "workings.ipynb",
    ]  # fmt: skip
    files = tree(workspace.released / PLACE / "housing")
    assert {"briefing.html", "manifest.json", "tables/people_asked.csv", "tables/people_asked.meta.json"} <= set(files)
    assert not [
        name for name in files if name.endswith((".ipynb", ".json")) and "meta" not in name and name != "manifest.json"
    ]
    assert [c.number for c, _ in done.copies] == [1, 2]
    works = {"workings", "copy for panel chair", "copy for council housing", "page of the workings"}
    assert {what for what, *_ in told} == works
    assert not (workspace.runs / ".staging").exists() and not (workspace.released / ".staging").exists()


def test_the_page_says_its_copy_number_and_the_sidecar_its_marking(workspace):
    run(workspace)
    folder = workspace.released / PLACE / "housing"
    assert "Copy 2 of 2" in (folder / "briefing.html").read_text()
    meta = json.loads((folder / "tables" / "people_asked.meta.json").read_text())
    assert meta["marking"].startswith("OFFICIAL-SENSITIVE") and meta["copy"] == "Copy 2 of 2"


def test_each_copy_is_in_the_log_with_who_may_have_it_and_who_is_named(workspace):
    run(workspace)
    told = disclosures(workspace)
    assert [(d["recipient"], d["copy"], d["n_copies"], d["named"]) for d in told] == [
        ("chair", 1, 2, ["PER-A"]), ("housing", 2, 2, ["PER-A"]),
    ]  # fmt: skip


def test_that_the_casebook_was_read_is_logged_before_it_is(workspace):
    with pytest.raises(NotebookError):
        change_workings(workspace, "1 / 0")
        run(workspace)
    book = Casebook.open(workspace.casebook)
    assert book.log.entries()["action"].tolist() == ["collect", "consult"]
    book.close()


def test_a_log_that_cannot_say_who_reads_means_nothing_is_read(workspace, nothing_left):
    raw = sqlite3.connect(workspace.casebook)
    raw.execute("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'no'); END")
    raw.commit()
    raw.close()
    with pytest.raises(WorkspaceError, match="nothing was read"):
        run(workspace)
    assert not (workspace.runs / "_failed").exists()


def test_running_again_replaces_the_folders_under_new_copy_numbers_and_says_the_same(workspace):
    run(workspace)
    before = read_manifest(workspace.runs / PLACE)
    (workspace.released / PLACE / "chair" / "stray.txt").write_text("x")
    run(workspace)
    after = read_manifest(workspace.runs / PLACE)
    assert [c["copy"] for c in after["copies"]] == [3, 4]
    assert not (workspace.released / PLACE / "chair" / "stray.txt").exists()
    assert after["run_id"] == before["run_id"]
    assert after["tables"] == before["tables"]
    assert after["notebooks"] == before["notebooks"]
    assert [c["notebook"] for c in after["copies"]] == [c["notebook"] for c in before["copies"]]
    assert [c["content"] for c in after["copies"]] == [c["content"] for c in before["copies"]]


def test_nothing_that_leaves_says_where_it_was_made(workspace):
    run(workspace)
    for path in (workspace.released / PLACE).rglob("*"):
        if path.is_file():
            assert str(workspace.root).encode() not in path.read_bytes(), path.name
    workings = (workspace.runs / PLACE / "workings.ipynb").read_text()
    assert str(workspace.root) not in workings


def test_relative_paths_in_the_workings_still_hold_where_the_run_lies(workspace):
    run(workspace)
    notebook = nbformat.read(workspace.runs / PLACE / "workings.ipynb", as_version=4)
    injected = next(c for c in notebook.cells if "injected-parameters" in c.metadata.get("tags", []))
    given: dict = {}
    exec(injected.source, given)  # noqa: S102
    assert (workspace.runs / PLACE / given["casebook"]).resolve() == workspace.casebook
    assert (workspace.runs / PLACE / given["params"]).resolve() == workspace.params


@pytest.fixture
def nothing_left(workspace):
    """Check after the test that no folder appeared, and no disclosure stands in the log."""
    yield
    for root in (workspace.runs, workspace.released):
        assert not (root / "2026-11-26").exists() or not list((root / "2026-11-26").rglob("*.html"))
        assert not (root / ".staging").exists()


def change_workings(workspace: Workspace, *cells: str) -> None:
    from tests.briefing.small_notebooks import make_notebook
    from tests.briefing.small_workspace import FORM

    make_notebook(workspace.root / "notebooks" / "meetings" / "small.ipynb", *cells, form=FORM)


def test_a_failed_notebook_is_kept_apart_and_named_without_values(workspace, nothing_left):
    change_workings(workspace, WORKINGS[0], "{}['WATSON, Alfie']")
    with pytest.raises(NotebookError) as caught:
        run(workspace)
    assert str(caught.value) == "small.ipynb, code cell 3: KeyError. Kept in runs/_failed/2026-11-26-small-1."
    assert tree(workspace.runs / "_failed") == ["2026-11-26-small-1/workings.ipynb"]
    with pytest.raises(NotebookError, match="small-2"):
        run(workspace)
    assert disclosures(workspace) == []


def test_a_failed_briefing_keeps_its_notebook_with_the_failed_run(workspace, nothing_left):
    template = workspace.root / "notebooks" / "briefings" / "small.ipynb"
    notebook = nbformat.read(template, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1 / 0"))
    nbformat.write(notebook, template)
    with pytest.raises(NotebookError, match=r"ZeroDivisionError\. Kept in runs/_failed/2026-11-26-small-1"):
        run(workspace)
    assert "2026-11-26-small-1/chair-briefing.ipynb" in tree(workspace.runs / "_failed")
    assert disclosures(workspace) == []


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (WORKINGS[:2], "released to nobody; the meeting's recipients are chair, housing"),
        ((WORKINGS[0], WORKINGS[2]), "left no table candidates"),
        ((*WORKINGS, "open('tables/candidates.csv', 'a').write('=1+1,2\\n')"), "1 cells begin as formulas"),
        ((*WORKINGS, "shutil.copy('bundles/chair.json', 'bundles/press.json')"), "released to chair, housing, press"),
    ],
)
def test_workings_that_leave_too_little_or_too_much_are_refused(workspace, nothing_left, cells, problem):
    change_workings(workspace, *cells)
    with pytest.raises(CheckFailed, match=problem):
        run(workspace)
    assert disclosures(workspace) == []


def test_a_table_without_a_sidecar_gets_one(workspace):
    change_workings(workspace, *WORKINGS, "os.remove('tables/candidates.meta.json')")
    run(workspace)
    meta = json.loads((workspace.runs / PLACE / "tables" / "candidates.meta.json").read_text())
    assert meta["marking"] == "OFFICIAL-SENSITIVE"


def test_no_agreement_with_one_recipient_stops_the_run_before_it_starts(tmp_path):
    workspace = make_workspace(tmp_path / "ws", housing_ends="25/11/2026")
    with pytest.raises(GovernanceError, match="Recipient housing: none of 1 agreements"):
        run(workspace)
    assert not (workspace.runs / "_failed").exists()


def test_no_assessment_in_date_stops_the_run_before_it_starts(tmp_path):
    workspace = make_workspace(tmp_path / "ws", police_ends="25/11/2026")
    with pytest.raises(GovernanceError, match="the sharing agreement ended on 2026-11-25"):
        run(workspace)


def test_an_unknown_meeting_is_refused_with_those_there_are(workspace):
    with pytest.raises(ParamsError, match="There are: .*gangs_intelligence, .*small"):
        run(workspace, meeting="smal")


def test_a_final_stage_needs_a_recorded_selection(workspace, nothing_left):
    with pytest.raises(DecisionError, match="No selection with a reason and a role"):
        run(workspace, stage="final")


STEPS = ("render_workings", "render_page", "write_tables", "audit_copy", "write_manifest", "log_copies")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nth", [1, 2])
def test_a_full_disk_at_any_step_leaves_nothing(workspace, nothing_left, monkeypatch, step, nth):
    home = {
        "render_workings": "csp_toolkit.briefing.render", "render_page": "csp_toolkit.briefing.render",
        "write_tables": "csp_toolkit.briefing.copies", "audit_copy": "csp_toolkit.briefing.copies",
        "write_manifest": "csp_toolkit.briefing.meetings", "log_copies": "csp_toolkit.briefing.meetings",
    }[step]  # fmt: skip
    if nth == 2 and step in ("render_workings", "log_copies"):
        pytest.skip("it happens once")
    import importlib

    module = importlib.import_module(home)
    real, calls = getattr(module, step), []

    def full(*args, **kwargs):
        calls.append(1)
        if len(calls) == nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args, **kwargs)

    monkeypatch.setattr(module, step, full)
    with pytest.raises(OSError, match="No space left"):
        run(workspace)
    assert len(calls) == nth
    assert disclosures(workspace) == []


def test_a_log_that_cannot_be_written_means_no_folder(workspace, nothing_left):
    raw = sqlite3.connect(workspace.casebook)
    raw.execute(
        "CREATE TRIGGER full BEFORE INSERT ON log WHEN NEW.action = 'disclose' BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    raw.commit()
    raw.close()
    with pytest.raises(ReleaseError, match="could not be logged"):
        run(workspace)


def test_the_disclosure_is_logged_before_a_copy_is_put_in_place(workspace, monkeypatch):
    seen = []

    def refuse(staged, target):
        seen.append([d["recipient"] for d in disclosures(workspace)])
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(meetings, "publish", refuse)
    with pytest.raises(OSError):
        run(workspace)
    assert seen == [["chair", "housing"]]
    assert not (workspace.released / "2026-11-26").exists()


def test_a_run_that_was_overtaken_is_refused(workspace, nothing_left, monkeypatch):
    real = meetings._write_manifests

    def overtake(*args, **kwargs):
        monkeypatch.setattr(meetings, "_write_manifests", real)
        book = Casebook.open(workspace.casebook)
        details = {"meeting": MEETING, "as_of": "2026-11-26"}
        book.log.append("disclose", actor="another", at=ask().at, details=details)
        book.close()
        return real(*args, **kwargs)

    monkeypatch.setattr(meetings, "_write_manifests", overtake)
    with pytest.raises(CheckFailed, match="Another run of this meeting"):
        run(workspace)


def test_a_page_that_holds_what_was_not_released_does_not_leave(workspace, nothing_left, monkeypatch):
    from csp_toolkit.briefing import render

    real = render.render_page
    monkeypatch.setattr(
        render, "render_page", lambda *a, **k: real(*a, **k).replace("</main>", "PER-AAAAAAAAAAAA</main>")
    )
    with pytest.raises(CheckFailed, match="references that were not released") as caught:
        run(workspace)
    assert "PER-A" not in str(caught.value)


def test_a_page_that_says_where_it_was_made_does_not_leave(workspace, nothing_left):
    copy = housing_copy()
    told = copy.tables["manifest"].assign(value=str(workspace.root))
    prepare(workspace.root, "housing", copy.with_table("manifest", told))
    with pytest.raises(CheckFailed, match="says where it was made"):
        run(workspace)


def test_the_run_in_a_fresh_kernel_says_the_same(workspace, monkeypatch):
    run(workspace)
    before = read_manifest(workspace.runs / PLACE)
    run(workspace, fresh_kernel=True)
    after = read_manifest(workspace.runs / PLACE)
    assert after["notebooks"] == before["notebooks"]
    assert after["tables"] == before["tables"]
    assert [c["notebook"] for c in after["copies"]] == [c["notebook"] for c in before["copies"]]
