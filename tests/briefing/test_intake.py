"""A delivery, its links and its findings stand or fall together; what the workspace holds is checked as a whole."""

import errno
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from csp_toolkit.briefing import intake
from csp_toolkit.briefing.doctor import examine
from csp_toolkit.briefing.intake import take_in, verify_workspace
from csp_toolkit.briefing.workspace import Workspace
from csp_toolkit.errors import CheckFailed, WorkspaceError
from csp_toolkit.tables import storage
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.linking import kept
from tests.briefing.small_workspace import AT, NOMINALS, RECEIVED, make_workspace, tree

LATER = date(2026, 12, 18)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("intake") / "ws"
    make_workspace(root)
    return root


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(Path(shutil.copytree(made, tmp_path / "ws")))


def take(workspace: Workspace, received_on: date = LATER) -> intake.Taken:
    return take_in(workspace, workspace.root / "delivery", received_on=received_on, actor="tests", at=AT)


def count(workspace: Workspace) -> list[int]:
    casebook = Casebook.open(workspace.casebook)
    try:
        with storage.reading(casebook.engine) as connection:
            tables = (storage.BATCHES, storage.DELIVERIES, storage.LOG, storage.LINK_RUNS)
            return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    finally:
        casebook.close()


def test_a_load_stopped_while_people_are_linked_is_no_load(workspace, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = count(workspace)
    monkeypatch.setattr(kept, "link_records", stop)
    monkeypatch.setattr(kept, "_is_kept", lambda *_: False)  # as if what is received were new
    with pytest.raises(KeyboardInterrupt):
        take(workspace)
    assert count(workspace) == before
    assert "_deliveries/2026-12-18" not in {str(Path(name).parent) for name in tree(workspace.runs)}


def test_a_disk_too_full_for_the_findings_loads_nothing(workspace, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = count(workspace)
    monkeypatch.setattr(intake, "write_table", full)
    with pytest.raises(OSError, match="No space"):
        take(workspace)
    assert count(workspace) == before


def test_a_load_brings_its_links_and_its_findings(workspace):
    taken = take(workspace)
    assert count(workspace)[1] == 2 and taken.findings.exists()
    assert "linked" in taken.linking
    assert not (workspace.runs / ".staging").exists()
    assert take(workspace, RECEIVED).files[0]["state"] == "already loaded"


def test_a_day_that_lies_ahead_is_said_to(workspace):
    assert take(workspace).note.startswith("2026-12-18 is still to come")
    assert take(workspace, RECEIVED).note == ""


def damage(path: Path, table: str = "person_records") -> None:
    """Write over the first page of one table, and leave the rest of the file as it was."""
    with closing(sqlite3.connect(path)) as book:
        (page,) = book.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
        (size,) = book.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xde\xad\xbe\xef" * (size // 4))


def test_a_damaged_casebook_is_told_and_nothing_is_added_to_it(workspace):
    damage(Path(workspace.casebook))
    before = Path(workspace.casebook).read_bytes()
    for work in (take, verify_workspace):
        with pytest.raises(CheckFailed, match=r"^The casebook's file is damaged\. Put back a copy from before\.$"):
            work(workspace)
    assert Path(workspace.casebook).read_bytes() == before
    assert {f.what: f.state for f in examine(workspace.root)}["casebook"] == "bad"


def test_a_view_of_a_damaged_casebook_says_so(workspace):
    damage(Path(workspace.casebook))
    casebook = Casebook.open(workspace.casebook)
    try:
        with pytest.raises(WorkspaceError, match="is damaged"):
            casebook.view(LATER)["person_records"]
    finally:
        casebook.close()


def test_how_far_a_load_is_only_grows_and_ends_with_all_of_it(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "ws")
    (tmp_path / "second").mkdir()
    people = [f"42SYN/{n:06d}/20,QUILLFEATHER,Dane{',' * 14}12/06/2025" for n in range(50)]
    (tmp_path / "second" / "police_nominals.csv").write_text(NOMINALS.splitlines()[0] + "\n" + "\n".join(people))
    told: dict[str, list[tuple[int, int]]] = {}

    def tell(what: str, done: int, of: int) -> None:
        told.setdefault(what, []).append((done, of))

    take_in(workspace, tmp_path / "second", received_on=LATER, actor="tests", at=AT, on_progress=tell)
    assert list(told) == ["files read", "steps of this file", "files judged", "rows written", "days linked"]
    for steps in told.values():
        assert steps == sorted(steps) and len({of for _, of in steps}) == 1
        assert steps[0][0] == 0 and steps[-1][0] == steps[-1][1]
    book = Casebook.open(workspace.casebook)
    assert len(book.view(LATER)["person_records"]) == 50
    assert told["rows written"][-1][1] == 50 + 50  # the records, and the reference of each
    book.close()
