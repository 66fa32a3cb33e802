"""What people decided: recorded once, replayed as known, and round the workbook without loss."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csp_toolkit.errors import DecisionError
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.decisions import Decision, list_agreed_actions, read_workbook, write_workbook
from csp_toolkit.tables.view import DECISION_COLUMNS
from tests.tables.deliveries import NOON, NOVEMBER, OCTOBER, agreements, checked, load, new_casebook, person

MEETING = date(2026, 11, 26)
DAY_AFTER = date(2026, 11, 27)
PEOPLE = pd.DataFrame({"person_ref": ["42SYN/1", "42SYN/2"], "name": ["WATSON, Alfie", "NULL, Na"], "rank": [1, 2]})
SELECTED = Decision(kind="selection", meeting_on=MEETING, decided_on=MEETING, decided_by="SYN Chair", role="Chair",
                    outcome="SELECTED", reason="Two robberies since October", person_ref="42SYN/1")  # fmt: skip
KEPT = replace(SELECTED, kind="review", outcome="KEEP", valid_until=date(2027, 2, 25))
REMOVED = replace(SELECTED, kind="removal", outcome="REMOVE")
SCORED = replace(SELECTED, kind="exploitation", outcome="DO_NOT_SCORE")
AGREED = replace(
    SELECTED, kind="action", outcome="AGREED", reason="",
    details={"action_ref": "2026-11-26/01", "action_text": "Serve the notice", "action_type": "ENFORCEMENT",
             "action_owner": "SYN Sgt 4", "agency": "Essex Police", "due_on": "2026-12-03"},
)  # fmt: skip


@pytest.fixture
def casebook(tmp_path: Path) -> Casebook:
    """A casebook with two people."""
    made = new_casebook(tmp_path)
    people = [person("42SYN/1"), person("42SYN/2", "NULL", "Na")]
    load(made, OCTOBER, agreements(), checked("police_nominals", person_records=people))
    return made


def decide(casebook: Casebook, *made: Decision, on: date = DAY_AFTER) -> tuple[int, int]:
    report = casebook.decide(made, recorded_on=on, actor="analyst", at=NOON)
    return report.n_recorded, report.n_unchanged


def standing(casebook: Casebook, known_at: date = DAY_AFTER, as_of: date = MEETING) -> pd.DataFrame:
    return casebook.view(as_of, known_at).decisions


def test_a_decision_is_in_the_view_from_the_day_it_is_recorded(casebook: Casebook) -> None:
    assert decide(casebook, SELECTED, KEPT, SCORED, AGREED) == (4, 0)
    assert standing(casebook, MEETING).empty
    found = standing(casebook)
    assert tuple(found.columns) == DECISION_COLUMNS
    assert found["kind"].tolist() == ["action", "exploitation", "review", "selection"]
    person_id = casebook.view(MEETING).people.set_index("source_refs")["person_id"]["42SYN/1"]
    assert set(found["person_id"]) == {person_id}
    assert found.set_index("kind")["valid_until"]["review"] == pd.Timestamp("2027-02-25")
    assert casebook.log.entries()["action"].tolist() == ["collect", "alter"]
    assert casebook.log.verify().is_sound


def test_a_view_without_decisions_has_their_columns(casebook: Casebook) -> None:
    decide(casebook, SELECTED)
    assert standing(casebook, MEETING).dtypes.to_dict() == standing(casebook).dtypes.to_dict()


def test_a_later_word_stands_and_the_earlier_is_kept(casebook: Casebook) -> None:
    decide(casebook, SELECTED)
    changed = replace(SELECTED, outcome="NOT_SELECTED", reason="In custody since Friday")
    assert decide(casebook, changed, on=date(2026, 11, 30)) == (1, 0)
    assert standing(casebook)["outcome"].tolist() == ["SELECTED"]
    assert standing(casebook, date(2026, 11, 30))["outcome"].tolist() == ["NOT_SELECTED"]


def test_another_reason_for_the_same_outcome_is_a_decision(casebook: Casebook) -> None:
    decide(casebook, SELECTED)
    assert decide(casebook, replace(SELECTED, reason="A third robbery")) == (1, 0)
    assert standing(casebook)["reason"].tolist() == ["A third robbery"]


def test_decisions_on_people_not_known_yet_stand_side_by_side(casebook: Casebook) -> None:
    early = date(2026, 10, 1)
    first = replace(REMOVED, decided_on=early, meeting_on=early)
    decide(casebook, first, replace(first, person_ref="42SYN/2"), on=early)
    assert standing(casebook, early, early)["person_ref"].tolist() == ["42SYN/1", "42SYN/2"]
    assert standing(casebook, early, early)["person_id"].isna().all()


def test_to_go_back_to_the_first_word_is_a_decision_again(casebook: Casebook) -> None:
    changed = replace(SELECTED, outcome="NOT_SELECTED")
    for made in (SELECTED, changed, SELECTED):
        assert decide(casebook, made) == (1, 0)
    assert decide(casebook, SELECTED) == (0, 1)
    assert standing(casebook)["outcome"].tolist() == ["SELECTED"]


def test_a_decision_for_another_meeting_does_not_take_its_place(casebook: Casebook) -> None:
    decide(casebook, SELECTED)
    decide(casebook, replace(SELECTED, meeting_on=date(2026, 10, 29), outcome="NOT_SELECTED"))
    assert standing(casebook)["outcome"].tolist() == ["NOT_SELECTED", "SELECTED"]


def test_a_decision_on_a_record_merged_later_is_on_the_person(casebook: Casebook) -> None:
    decide(casebook, SELECTED, replace(SELECTED, person_ref="42SYN/2", outcome="NOT_SELECTED"), on=MEETING)
    load(casebook, DAY_AFTER, checked(
        "police_nominals", person_records=[person("42SYN/1", merged_into="42SYN/2"), person("42SYN/2")]))  # fmt: skip
    assert len(standing(casebook, MEETING)) == 2
    assert standing(casebook, DAY_AFTER)["outcome"].tolist() == ["NOT_SELECTED"]


def test_a_removal_between_meetings_counts_at_once_and_not_before(casebook: Casebook) -> None:
    decide(casebook, replace(REMOVED, decided_on=date(2026, 11, 20)), on=date(2026, 11, 21))
    assert len(standing(casebook, date(2026, 11, 21), date(2026, 11, 21))) == 1
    assert standing(casebook, DAY_AFTER, date(2026, 11, 19)).empty


def test_actions_of_one_person_stand_side_by_side(casebook: Casebook) -> None:
    other = replace(AGREED, details={**AGREED.details, "action_ref": "2026-11-26/02", "action_text": "Visit"})
    nobody = replace(AGREED, person_ref=None, details={**AGREED.details, "action_ref": "2026-11-26/03"})
    assert decide(casebook, AGREED, other, nobody) == (3, 0)
    actions = list_agreed_actions(standing(casebook))
    assert actions["action_ref"].tolist() == ["2026-11-26/01", "2026-11-26/02", "2026-11-26/03"]
    assert actions["due_on"].tolist() == [pd.Timestamp("2026-12-03")] * 3
    assert actions["person_id"].isna().tolist() == [False, False, True]
    later = replace(AGREED, details={**AGREED.details, "due_on": "2026-12-10"})
    assert decide(casebook, later) == (1, 0)
    assert list_agreed_actions(standing(casebook))["due_on"].iloc[0] == pd.Timestamp("2026-12-10")
    assert len(standing(casebook)) == 3


def test_no_agreed_actions_have_their_columns_and_types(casebook: Casebook) -> None:
    none = list_agreed_actions(standing(casebook))
    decide(casebook, AGREED)
    assert none.dtypes.to_dict() == list_agreed_actions(standing(casebook)).dtypes.to_dict()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (replace(SELECTED, reason=" "), "reason is empty"),
        (replace(SELECTED, role=""), "role is empty"),
        (replace(SELECTED, decided_by=""), "decided_by is empty"),
        (replace(SELECTED, outcome="MAYBE"), "outcome is none of SELECTED, NOT_SELECTED"),
        (replace(SELECTED, person_ref=None), "person_ref is empty"),
        (replace(SELECTED, person_ref="42SYN/77"), "no such person reference"),
        (replace(SELECTED, kind="verdict"), "kind is none of"),
        (replace(SELECTED, decided_on=date(2026, 11, 28)), "decided after the day it is recorded"),
        (replace(KEPT, valid_until=None), "valid_until is empty"),
        (replace(KEPT, valid_until=MEETING), "valid_until is not after decided_on"),
        (replace(SCORED, role="Analyst"), "role is not the chair's"),
        (replace(AGREED, details={**AGREED.details, "action_owner": ""}), "action_owner is empty"),
        (replace(AGREED, details={**AGREED.details, "action_owner": "SYN Sgt 4; SYN PC 2"}), "not one owner"),
        (replace(AGREED, details={**AGREED.details, "action_owner": "Police"}), "not one owner"),
        (replace(AGREED, details={**AGREED.details, "agency": ""}), "agency is empty"),
        (replace(AGREED, details={**AGREED.details, "action_type": "PUNISH"}), "action_type is none of"),
        (replace(AGREED, details={**AGREED.details, "due_on": ""}), "due_on is empty"),
        (replace(AGREED, details={**AGREED.details, "due_on": "soon"}), "due_on is not a date"),
        (replace(AGREED, details={**AGREED.details, "due_on": "2026-11-25"}), "due_on is before decided_on"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(casebook: Casebook, made: Decision, says: str) -> None:
    length = casebook.log.length
    with pytest.raises(DecisionError, match=says) as caught:
        decide(casebook, replace(SELECTED, person_ref="42SYN/2"), made)
    assert "list row 2" in str(caught.value)
    assert "MAYBE" not in str(caught.value) and "42SYN/77" not in str(caught.value)
    assert standing(casebook).empty
    assert casebook.log.length == length


@pytest.mark.parametrize("other", [SELECTED, KEPT])
def test_a_person_is_not_kept_and_removed_at_one_meeting(casebook: Casebook, other: Decision) -> None:
    with pytest.raises(DecisionError, match="here and removed on another sheet"):
        decide(casebook, other, REMOVED)
    decide(casebook, replace(SELECTED, outcome="NOT_SELECTED"), REMOVED)


def test_one_thing_decided_twice_in_one_go_is_refused(casebook: Casebook) -> None:
    with pytest.raises(DecisionError, match="list row 1: decided twice; list row 2: decided twice"):
        decide(casebook, SELECTED, replace(SELECTED, reason="Other"))


# The workbook


def fill(path: Path, sheet: str, row: int, **cells: object) -> None:
    """Fill cells of a sheet, found by their heading, as a person would."""
    book = openpyxl.load_workbook(path)
    headings = {str(cell.value): cell.column for cell in book[sheet][3]}
    for heading, value in cells.items():
        book[sheet].cell(row=row, column=headings[heading.replace("_", " ")]).value = value  # type: ignore[assignment]
    book.save(path)


FORM = {
    "Outcome": "SELECTED",
    "Reason": "Two robberies",
    "Decided_by": "SYN Chair",
    "Role": "Chair",
    "Decided_on": MEETING,
}


def test_an_untouched_workbook_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE)
    assert openpyxl.load_workbook(path).sheetnames == [
        "Meeting",
        "Selection",
        "Reviews",
        "Removals",
        "Exploitation",
        "Leading lens",
        "Actions",
        "Outcomes",
        "Identity",
        "Origins",
        "Lists",
    ]
    assert read_workbook(path).empty
    assert [p.name for p in tmp_path.iterdir()] == ["decisions.xlsx"]


def test_a_filled_workbook_goes_in_and_comes_out_again_whole(casebook: Casebook, tmp_path: Path) -> None:
    path, again = tmp_path / "decisions.xlsx", tmp_path / "again.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE)
    fill(path, "Selection", 4, **FORM)
    fill(path, "Reviews", 5, **FORM | {"Outcome": "KEEP", "Valid_until": "25/02/2027"})
    fill(path, "Removals", 4, **FORM | {"Outcome": "REMOVE"})
    fill(path, "Selection", 4, Outcome="NOT_SELECTED")
    fill(path, "Exploitation", 5, **FORM | {"Outcome": "SCORE", "Decided_on": "2026-11-26"})
    visit = {"Action": "Visit", "Type": "SUPPORT", "Code": "S01", "Owner": "SYN Worker 2", "Agency": "YJS"}
    agreed = {"Reference": "42SYN/2", "Outcome": "AGREED", "Due": date(2026, 12, 4)}
    fill(path, "Actions", 6, **FORM | visit | agreed)
    fill(path, "Actions", 4, **FORM | {"Outcome": "AGREED", "Action": "=1+1 first", "Type": "ADMIN", "Reason": None,
                                       "Owner": "SYN Clerk", "Agency": "CSP", "Due": "04/12/2026"})  # fmt: skip
    made = casebook.decide
    with pytest.raises(DecisionError, match="Actions row 4: Action holds a formula"):
        read_workbook(path)
    fill(path, "Actions", 4, Action="Book the room")
    report = made(read_workbook(path), recorded_on=DAY_AFTER, actor="analyst", at=NOON)
    assert (report.n_recorded, report.n_unchanged) == (6, 0)
    report = made(read_workbook(path), recorded_on=DAY_AFTER, actor="analyst", at=NOON)
    assert (report.n_recorded, report.n_unchanged) == (0, 6)

    write_workbook(again, meeting_on=MEETING, people=PEOPLE.iloc[:0], decisions=standing(casebook))
    report = made(read_workbook(again), recorded_on=DAY_AFTER, actor="analyst", at=NOON)
    assert (report.n_recorded, report.n_unchanged) == (0, 6)
    write_workbook(again, meeting_on=MEETING, people=PEOPLE, decisions=standing(casebook))
    listed = [cell.value for cell in openpyxl.load_workbook(again)["Selection"]["B"][3:]]
    assert listed == ["42SYN/1", "42SYN/2"]
    key = ["kind", "person_ref", "details"]
    columns = [c for c in read_workbook(path).columns if c != "row"]
    pd.testing.assert_frame_equal(
        read_workbook(path)[columns].sort_values(key, ignore_index=True),
        read_workbook(again)[columns].sort_values(key, ignore_index=True),
    )
    actions = list_agreed_actions(standing(casebook))
    assert actions["action_ref"].tolist() == ["2026-11-26/03", "2026-11-26/01"]
    assert actions["intervention_code"].tolist()[0] == "S01"


def test_only_this_meetings_decisions_are_filled_in(casebook: Casebook, tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    decide(casebook, SELECTED, replace(SELECTED, meeting_on=date(2026, 10, 29), person_ref="42SYN/2"))
    write_workbook(path, meeting_on=MEETING, people=PEOPLE, decisions=standing(casebook))
    assert read_workbook(path)[["person_ref", "meeting_on"]].values.tolist() == [["42SYN/1", pd.Timestamp(MEETING)]]


def test_half_filled_rows_are_refused_all_at_once_by_sheet_and_row(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE)
    fill(path, "Selection", 4, Outcome="SELECTED", Reason="Secret words")
    fill(path, "Removals", 5, Reason="Secret words")
    fill(path, "Actions", 9, Reference="42SYN/1")
    fill(path, "Reviews", 4, **FORM | {"Outcome": "KEEP", "Valid_until": "someday"})
    with pytest.raises(DecisionError) as caught:
        read_workbook(path)
    says = str(caught.value)
    assert says.startswith("decisions.xlsx: 4 to mend: ")
    assert "Selection row 4: decided_on is empty, decided_by is empty, role is empty" in says
    assert "Removals row 5: " in says and "Actions row 9: " in says
    assert "Reviews row 4: Valid until is not a date" in says
    assert "Secret" not in says and "someday" not in says


def test_a_row_whose_meeting_or_reference_was_rubbed_out_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE)
    fill(path, "Selection", 4, **FORM | {"Meeting": None, "Reference": None})
    with pytest.raises(DecisionError, match="Selection row 4: person_ref is empty, meeting_on is empty"):
        read_workbook(path)


def test_a_hostile_cell_stays_text_on_the_way_out_and_in(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    hostile = ['=HYPERLINK("http://x")', "+1+1", "@SUM(A1)", "-2", "'=1", "a\x00b"]
    people = pd.DataFrame({"person_ref": [f"42SYN/{n}" for n in range(6)], "name": hostile, "note": hostile})
    write_workbook(path, meeting_on=MEETING, people=people)
    book = openpyxl.load_workbook(path)
    cells = [book["Selection"].cell(row=row, column=column) for row in range(4, 10) for column in (3, 4)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[::2]] == [*hostile[:5], "a\N{REPLACEMENT CHARACTER}b"]
    assert read_workbook(path).empty


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_workbook_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "decisions.xlsx"
    path.write_bytes(content)
    with pytest.raises(DecisionError, match="^decisions.xlsx: not an Excel workbook"):
        read_workbook(path)
    with pytest.raises(DecisionError, match=r"absent.xlsx: not an Excel workbook"):
        read_workbook(tmp_path / "absent.xlsx")


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE)
    book = openpyxl.load_workbook(path)
    book["Removals"].delete_rows(3)
    book.save(path)
    with pytest.raises(DecisionError, match="sheet Removals has no row of headings"):
        read_workbook(path)
    del book["Actions"]
    book.save(path)
    with pytest.raises(DecisionError, match="no sheet Actions"):
        read_workbook(path)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).map(str.strip)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reason=WORDS.filter(bool), name=WORDS.filter(bool))
def test_any_words_survive_the_way_out_and_in(tmp_path: Path, reason: str, name: str) -> None:
    path = tmp_path / "decisions.xlsx"
    decided = pd.DataFrame([{
        "kind": "selection", "person_ref": "42SYN/1", "meeting_on": pd.Timestamp(MEETING), "outcome": "SELECTED",
        "decided_on": pd.Timestamp(NOVEMBER), "decided_by": name, "role": "Chair", "reason": reason,
        "valid_until": pd.NaT, "details": "{}",
    }])  # fmt: skip
    write_workbook(path, meeting_on=MEETING, people=PEOPLE, decisions=decided)
    found = read_workbook(path)
    assert found["reason"].tolist() == [reason]
    assert found["decided_by"].tolist() == [name]
    assert found["decided_on"].tolist() == [pd.Timestamp(NOVEMBER)]
