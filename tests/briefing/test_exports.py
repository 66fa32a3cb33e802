"""The decisions workbook: everyone who is to be decided on, the police list first, no child's score."""

from datetime import date

import openpyxl
import pandas as pd
import pytest

from csp_toolkit.briefing.exports import export_meeting
from csp_toolkit.briefing.meetings import brief
from csp_toolkit.errors import WorkspaceError
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.sheets import read_workbook
from tests.briefing.small_workspace import AS_OF, AT, MEETING, WORKINGS, ask, make_workspace

LIST = (
    "Meeting,Rank,URN,Name,DOB,Area,Group,Matrix Score,Last Month,Rationale,OIC,Custody Status\r\n"
    '26/11/2026,1,42SYN/000002/20,"NULL, Ann",03/11/1999,Basildon,,,,,,\r\n'
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("exports")
    home = make_workspace(tmp_path / "ws", workings=WORKINGS)
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "police_top10.csv").write_text(LIST)
    from csp_toolkit.briefing.intake import take_in

    take_in(home, tmp_path / "list", received_on=date(2026, 11, 21), actor="tests", at=AT)
    brief(home, ask(fresh_kernel=True), on_progress=lambda *_: None)
    keys = _view(home).person_keys.set_index("source_ref")["person_id"]
    candidates = pd.DataFrame(
        {
            "person_id": [keys["42SYN/000001/20"]], "police_rank": [""], "block": ["under_18"], "rank": ["3"],
            "score": ["41.0000"], "band": ["Amber"], "status": ["=1+1"], "next_review": [""],
        }
    )  # fmt: skip
    tables = home.runs / AS_OF.isoformat() / MEETING / "tables"
    candidates.to_csv(tables / "candidates.csv", index=False)
    return home


def _view(home):
    book = Casebook.open(home.casebook)
    try:
        return book.view(AS_OF)
    finally:
        book.close()


def export(home):
    return export_meeting(home, MEETING, as_of=AS_OF, known_at=AS_OF, actor="tests", at=AT)


def test_the_police_list_comes_first_scored_or_not_and_a_child_has_no_score(workspace):
    book = openpyxl.load_workbook(export(workspace) / "decisions.xlsx")
    heading, first, second = ([c.value for c in row] for row in book["Selection"].iter_rows(min_row=3, max_row=5))
    rows = [dict(zip(heading, row, strict=True)) for row in (first, second)]
    assert [(r["Reference"], r["Name"]) for r in rows] == [
        ("42SYN/000002/20", "NULL, Ann"), ("42SYN/000001/20", "QUILLFEATHER, Dane"),
    ]  # fmt: skip
    assert [r["(police rank)"] for r in rows] == ["1", None]
    assert not rows[1]["(score)"] and not rows[1]["(rank)"] and not rows[1]["(band)"]


def test_an_empty_workbook_decides_nothing(workspace):
    assert read_workbook(export(workspace) / "decisions.xlsx").empty


def test_the_tables_carry_their_marking_and_no_formula(workspace):
    book = openpyxl.load_workbook(export(workspace) / "tables.xlsx")
    sheet = book["candidates"]
    assert sheet["A1"].value == "OFFICIAL-SENSITIVE"
    cells = [cell for row in sheet.iter_rows(min_row=3) for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert "'=1+1" in [cell.value for cell in cells]


def test_that_it_was_written_is_in_the_log(workspace):
    export(workspace)
    book = Casebook.open(workspace.casebook)
    assert book.log.entries()["action"].tolist()[-1] == "consult"
    book.close()


def test_without_a_run_there_is_nothing_to_export(tmp_path):
    with pytest.raises(WorkspaceError, match="There is no run of small"):
        export(make_workspace(tmp_path / "ws"))
