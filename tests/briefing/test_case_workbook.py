"""The workbook of the case meeting: what is typed comes back, no step without evidence passes, nobody overwrites."""

from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from csp_toolkit.cases.case_checks import check_case_decisions
from csp_toolkit.cases.caseload import Caseload, open_caseload
from csp_toolkit.errors import DecisionError
from csp_toolkit.tables.deciding.case_rules import CASE, CASE_DETAILS, PLAN, PLAN_DETAILS
from csp_toolkit.tables.deciding.decisions import DECISION_COLUMNS
from csp_toolkit.tables.deciding.forms import HEADINGS, NOT_YET
from csp_toolkit.tables.deciding.rules import ACTION, KINDS, OUTCOME
from csp_toolkit.tables.deciding.sheets import read_workbook, write_workbook
from csp_toolkit.tables.deciding.standing_edits import find_conflicts
from csp_toolkit.tables.view import View
from tests.cases.small_cases import AS_OF, FOLLOW, MENU, POLICY, case, case_view, talk

HOSTILE = "=HYPERLINK(\"x\")+cmd|' /C calc'!A0 <b>"
KINDS_HERE = (CASE, PLAN, ACTION, OUTCOME)
WHO = {"Decided by": "SYN Chair", "Role": "chair", "Decided on": AS_OF}
NOBODY = pd.DataFrame({"person_ref": [], "name": []}, dtype="str")
LISTED = pd.DataFrame({"case_ref": ["C1", "C2"], "name": ["A", "B"], "listed_because": ["due", "new"]}, dtype="str")
RUNNING = pd.DataFrame({"plan_ref": ["CMM-P1"], "case_ref": ["C1"], "stood_as": ["ACTIVE"]}, dtype="str")


def book(path: Path, decisions: pd.DataFrame | None = None) -> Path:
    write_workbook(path, meeting_on=AS_OF, people=NOBODY, sheets={CASE: LISTED, PLAN: RUNNING}, decisions=decisions,
                   prefix="CMM-", kinds=KINDS_HERE)  # fmt: skip
    return path


def fill(path: Path, sheet: str, row: int, **cells: object) -> None:
    opened = openpyxl.load_workbook(path)
    if sheet == "Meeting":
        row = 4
    place = {str(cell.value): cell.column for cell in opened[sheet][3]}
    for name, value in cells.items():
        cell = opened[sheet].cell(row=row, column=place[HEADINGS.get(name, name)])
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    opened.save(path)


def sign(path: Path) -> None:
    fill(path, "Meeting", 4, **WHO)


def as_decided(made: pd.DataFrame, *, name: str = "DEC-1") -> pd.DataFrame:
    return made.assign(decision_id=name, person_id=made["person_ref"], recorded_on=pd.Timestamp(AS_OF))[
        list(DECISION_COLUMNS)
    ]


def test_every_field_of_a_case_and_of_a_plan_comes_back_and_goes_out_again(tmp_path: Path) -> None:
    days = {n for n in (*CASE_DETAILS, *PLAN_DETAILS) if n.endswith("_on")}
    words = {"tier": "T3", "route": "DUAL", "closure_reason": "RISK_REDUCED", "child_impact": "NA"}
    of_case = {n: "2027-03-01" if n in days else words.get(n, f"{n} said") for n in CASE_DETAILS if n != "case_ref"}
    of_plan = {n: "2027-03-01" if n in days else words.get(n, f"{n} said") for n in PLAN_DETAILS if n != "plan_ref"}
    path = book(tmp_path / "d.xlsx")
    sign(path)
    fill(path, "Cases", 4, outcome="ACTIVE", reason=HOSTILE, **of_case)
    fill(path, "Plans", 5, outcome="PROPOSED", **(of_plan | {"case_ref": "C2"}))
    made = read_workbook(path)
    assert made["kind"].tolist() == [CASE, PLAN]
    assert made["reason"].iloc[0] == HOSTILE
    assert made["person_ref"].tolist() == ["C1", "C2"]
    again = openpyxl.load_workbook(book(tmp_path / "again.xlsx", as_decided(made)))
    for sheet, row, typed in (("Cases", 4, of_case | {"reason": HOSTILE}), ("Plans", 5, of_plan | {"case_ref": "C2"})):
        place = {str(cell.value): cell.column for cell in again[sheet][3]}
        shown = {n: str(again[sheet].cell(row=row, column=place[HEADINGS[n]]).value)[:10] for n in typed}
        assert shown == {n: value[:10] for n, value in typed.items()}
    cell = again["Cases"].cell(row=4, column={str(c.value): c.column for c in again["Cases"][3]}["Reason"])
    assert cell.data_type == "s" and cell.quotePrefix


def test_an_untouched_workbook_decides_nothing_and_a_sheet_taken_away_is_missed(tmp_path: Path) -> None:
    path = book(tmp_path / "d.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == ["Meeting", "Actions", "Outcomes", "Cases", "Plans", "Lists"]
    assert read_workbook(path).empty
    opened = openpyxl.load_workbook(path)
    del opened["Plans"]
    opened.save(path)
    with pytest.raises(DecisionError, match="no sheet Plans"):
        read_workbook(path)


def test_a_formula_and_a_word_that_is_none_of_its_few_are_refused_by_place_and_never_by_value(tmp_path: Path) -> None:
    path = book(tmp_path / "d.xlsx")
    sign(path)
    fill(path, "Cases", 4, outcome="ACTIVE", reason="x", tier="T9", next_review_on="soon")
    opened = openpyxl.load_workbook(path)
    opened["Cases"].cell(row=5, column={str(c.value): c.column for c in opened["Cases"][3]}["Reason"]).value = "=1+1"
    opened.save(path)
    with pytest.raises(DecisionError) as refused:
        read_workbook(path)
    assert "Cases row 4" in str(refused.value) and "Cases row 5: Reason holds a formula" in str(refused.value)
    assert "T9" not in str(refused.value) and "soon" not in str(refused.value)


def decided(tmp_path: Path, name: str, **cells: object) -> pd.DataFrame:
    path = book(tmp_path / name)
    sign(path)
    fill(path, "Cases", 4, **cells)
    return read_workbook(path)


def test_a_row_recorded_otherwise_meanwhile_is_shown_field_by_field_and_one_that_says_the_same_is_not(
    tmp_path: Path,
) -> None:
    first = decided(tmp_path, "a.xlsx", outcome="ACTIVE", reason="one", tier="T3")
    assert first["stands"].tolist() == [NOT_YET]
    assert find_conflicts(first, as_decided(first.iloc[:0])).empty
    stands = as_decided(first)
    other = decided(tmp_path, "b.xlsx", outcome="ACTIVE", reason="two", tier="T3")
    found = find_conflicts(other, stands)
    assert found[["sheet", "row", "field", "typed", "recorded", "recorded_by_role"]].to_numpy().tolist() == [
        ["Cases", 4, "reason", "two", "one", "chair"]
    ]
    assert find_conflicts(first, stands).empty
    later = book(tmp_path / "c.xlsx", stands)  # written after: it knows what stands, and may change it
    fill(later, "Cases", 4, reason="two")
    assert find_conflicts(read_workbook(later), stands).empty


def standing(**more: object) -> tuple[Caseload, View]:
    view = case_view(
        case("C1", tier="T3"), case("C2", tier="T2"), dob="2014-05-05", panel_decisions=[talk("C1"), talk("C2")]
    )
    return open_caseload(view, POLICY, FOLLOW), view


def row(kind: str, outcome: str, *, sheet: str = "Cases", **details: str) -> pd.DataFrame:
    import json

    return pd.DataFrame({"sheet": [sheet], "row": [4], "kind": [kind], "person_ref": [details.get("case_ref")],
                         "outcome": [outcome], "decided_on": [pd.Timestamp(AS_OF)], "reason": [""],
                         "details": [json.dumps(details)]})  # fmt: skip


def check(made: pd.DataFrame) -> list[str]:
    return check_case_decisions(made, *standing(), MENU)


def test_a_closure_against_the_rules_is_refused_with_all_that_is_missing() -> None:
    (said,) = check(row(CASE, "CLOSED", case_ref="C1", closure_reason="RISK_REDUCED"))
    assert said.startswith("Cases row 4: active to closed is no step of a case")
    for missing in ("referrer was told", "final band", "look-back", "monitoring", "insufficient"):
        assert missing in said


@pytest.mark.parametrize(
    ("outcome", "details", "says"),
    [
        ("ACTIVE", {"case_ref": "C1"}, None),
        ("ACTIVE", {"case_ref": "C1", "tier": "T4"}, "puts the tier up"),
        ("ACTIVE", {"case_ref": "C1", "tier": "T4", "cause": "missing"}, None),
        ("ACTIVE", {"case_ref": "C1", "tier": "T1"}, "complete assessment"),
        ("ACTIVE", {"case_ref": "C1", "route": "ENFORCEMENT_LED"}, "only an adult's"),
        ("ACTIVE", {"case_ref": "C9"}, "no step of a case"),
    ],
)
def test_a_step_passes_with_its_evidence_alone(outcome: str, details: dict[str, str], says: str | None) -> None:
    said = check(row(CASE, outcome, **details))
    assert said == [] if says is None else says in said[0]


@pytest.mark.parametrize(
    ("details", "says"),
    [
        ({"intervention_code": "S08", "action_owner": "Worker 1"}, None),
        ({"intervention_code": "X99", "action_owner": "Worker 1"}, "not on the menu"),
        ({"intervention_code": "S08"}, "action owner is empty"),
        ({"intervention_code": "E09", "action_owner": "Worker 1", "necessity": "n", "child_impact": "Y"}, None),
        ({"intervention_code": "E09", "action_owner": "Worker 1", "child_impact": "Y"}, "necessity is empty"),
        ({"intervention_code": "E09", "action_owner": "W", "necessity": "n"}, "what it does to the child"),
        ({"intervention_code": "D10", "action_owner": "W", "necessity": "n", "child_impact": "Y"}, "from 14 years"),
        ({"intervention_code": "D16", "action_owner": "W", "necessity": "aims at the line"}, None),
    ],
)
def test_an_entry_of_a_plan_keeps_to_the_law_and_to_the_child(details: dict[str, str], says: str | None) -> None:
    said = check(row(PLAN, "PROPOSED", sheet="Plans", plan_ref="P1", case_ref="C1", **details))
    assert said == [] if says is None else says in said[0]


@pytest.mark.parametrize(
    ("text", "due", "reason", "says"),
    [
        ("Submit the referral", "2026-12-10", "", None),
        ("Submit the referral", "2026-12-11", "", "after the next meeting"),
        ("Submit the referral", "2026-12-11", "the court sits on the 11th", None),
        ("Consider a referral", "2026-12-01", "", "cannot be tested"),
    ],
)
def test_an_action_can_be_tested_and_is_due_by_the_next_meeting(
    text: str, due: str, reason: str, says: str | None
) -> None:
    made = row(ACTION, "AGREED", sheet="Actions", action_text=text, due_on=due).assign(person_ref="C1", reason=reason)
    said = check(made)
    assert said == [] if says is None else says in said[0]


def test_both_kinds_are_known_and_stand_in_no_workbook_of_the_monthly_meeting() -> None:
    assert not KINDS[CASE].in_workbook and not KINDS[PLAN].in_workbook
    assert date.fromisoformat("2026-12-10") == standing()[0].calendar.next_meeting
