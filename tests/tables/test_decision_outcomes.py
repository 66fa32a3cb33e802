"""What came of actions, who decides said once, choices from a list, and the whole round of the workbook."""

from collections.abc import Sequence
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
from csp_toolkit.tables.deciding.decisions import Decision, list_decisions, list_outcomes, read_workbook, write_workbook
from tests.tables.deciding.test_decisions import (  # noqa: F401  (the fixture)
    AGREED,
    DAY_AFTER,
    FORM,
    MEETING,
    PEOPLE,
    REMOVED,
    SELECTED,
    casebook,
    decide,
    fill,
    standing,
)
from tests.tables.deliveries import NOON

OCTOBER = date(2026, 10, 29)
EARLIER = replace(AGREED, meeting_on=OCTOBER, decided_on=OCTOBER,
                  details={**AGREED.details, "action_ref": "GIM-2026-10-29/01", "due_on": "2026-11-12"})  # fmt: skip
TOLD = replace(
    SELECTED, kind="outcome", outcome="COMPLETE", person_ref=None, reason="Moved in with an aunt",
    details={"action_ref": "GIM-2026-10-29/01", "result": "ACHIEVED", "safeguarding": "MOVED_TO_SUPPORT",
             "completed_on": "2026-11-20"},
)  # fmt: skip


def without(decision: Decision, *names: str, **others: str) -> Decision:
    kept = {name: value for name, value in decision.details.items() if name not in names}
    return replace(decision, details={**kept, **others})


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (without(TOLD, "result"), "result is empty"),
        (without(TOLD, "completed_on"), "completed_on is empty"),
        (without(TOLD, result="BRILLIANT"), "result is none of ACHIEVED"),
        (without(TOLD, safeguarding="SAFE"), "safeguarding is none of REFERRAL_MADE"),
        (without(TOLD, completed_on="2026-12-24"), "completed_on is after decided_on"),
        (without(TOLD, new_due_on="2026-12-24"), "new_due_on is for an action that is carried over"),
        (replace(TOLD, reason=""), "reason is empty"),
        (replace(TOLD, outcome="CARRIED_OVER", details={"action_ref": "GIM-2026-10-29/01"}), "new_due_on is empty"),
        (without(replace(TOLD, outcome="CARRIED_OVER"), "result", "completed_on", new_due_on="2026-11-26"),
         "new_due_on is not after decided_on"),
        (without(TOLD, action_ref="GIM-2026-10-29/99"), "no such action was agreed"),
        (replace(TOLD, meeting_on=date(2026, 9, 24)), "agreed at a later meeting"),
        (replace(AGREED, details={**AGREED.details, "action_owner": "Police"}), "action_owner is not one owner"),
        (replace(AGREED, details={**AGREED.details, "action_owner": "SYN DC 1 and SYN DC 2"}), "is not one owner"),
    ],
)  # fmt: skip
def test_an_outcome_that_lacks_something_is_refused(casebook: Casebook, told: Decision, says: str) -> None:  # noqa: F811
    decide(casebook, EARLIER, on=OCTOBER)
    with pytest.raises(DecisionError, match=says):
        decide(casebook, told)
    assert list_outcomes(standing(casebook)).empty


def test_an_outcome_is_in_the_view_from_the_day_it_is_recorded(casebook: Casebook) -> None:  # noqa: F811
    decide(casebook, EARLIER, on=OCTOBER)
    decide(casebook, TOLD)
    assert list_outcomes(standing(casebook, MEETING)).empty
    found = list_outcomes(standing(casebook))
    assert found[["action_ref", "status", "safeguarding", "words"]].values.tolist() == [
        ["GIM-2026-10-29/01", "COMPLETE", "MOVED_TO_SUPPORT", "Moved in with an aunt"]
    ]


def test_what_is_recorded_already_is_not_contradicted_by_another_workbook(casebook: Casebook) -> None:  # noqa: F811
    decide(casebook, REMOVED)
    with pytest.raises(DecisionError, match="list row 1: contradicts what is recorded"):
        decide(casebook, SELECTED)
    assert decide(casebook, replace(REMOVED, outcome="WITHDRAWN"), SELECTED) == (2, 0)
    with pytest.raises(DecisionError, match="contradicts what is recorded"):
        decide(casebook, REMOVED)


def test_who_decides_is_said_once_and_a_row_may_say_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE)
    book = openpyxl.load_workbook(path)
    for place, value in enumerate(("SYN Chair", "Chair", MEETING), start=2):
        book["Meeting"].cell(row=4, column=place).value = value  # type: ignore[assignment]
    book.save(path)
    assert read_workbook(path).empty  # who decides is no decision
    fill(path, "Selection", 4, Outcome="SELECTED", Reason="Two robberies")
    fill(path, "Selection", 5, Outcome="NOT_SELECTED", Reason="Nothing new", Decided_by="SYN Deputy")
    made = read_workbook(path)
    assert made["decided_by"].tolist() == ["SYN Chair", "SYN Deputy"]
    assert made["decided_on"].tolist() == [pd.Timestamp(MEETING)] * 2


def test_a_date_on_the_first_sheet_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE)
    fill(path, "Meeting", 4, Decided_on="someday")
    with pytest.raises(DecisionError, match="Meeting row 4: Decided on is not a date"):
        read_workbook(path)


CHOICES = {
    "person_ref": ["WATSON, Alfie | 42SYN/1", "NULL, Na (under 18) | 42SYN/2"],
    "intervention_code": ["S10 | Substance-misuse treatment (support)", "D10 | Gang injunction (disruption)"],
    "agency": ["Essex Police", "=Hostile()"],
}


def test_a_choice_from_a_list_is_recorded_as_its_reference_or_code_and_comes_out_as_the_choice(
    casebook: Casebook,  # noqa: F811
    tmp_path: Path,
) -> None:
    path, again = tmp_path / "decisions.xlsx", tmp_path / "again.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE, prefix="GIM-", choices=CHOICES)
    book = openpyxl.load_workbook(path)
    assert book["Lists"].sheet_state == "hidden"
    assert {cell.data_type for row in book["Lists"].iter_rows() for cell in row if cell.value} == {"s"}
    lists = {str(v.sqref): v.formula1 for v in book["Actions"].data_validations.dataValidation}
    assert sum(formula.startswith("Lists!") for formula in lists.values()) == 3
    fill(path, "Actions", 4, **FORM | {"Outcome": "AGREED", "Action": "Offer", "Type": "SUPPORT", "Owner": "SYN W 1",
         "Reference": CHOICES["person_ref"][1], "Code": CHOICES["intervention_code"][0], "Agency": "Essex Police",
         "Due": date(2026, 12, 4), "Reason": None})  # fmt: skip
    made = read_workbook(path)
    assert made["person_ref"].tolist() == ["42SYN/2"]
    assert (
        '"action_ref":"GIM-2026-11-26/01"' in made["details"][0] and '"intervention_code":"S10"' in made["details"][0]
    )
    casebook.decide(made, recorded_on=DAY_AFTER, actor="analyst", at=NOON)
    write_workbook(
        again, meeting_on=MEETING, people=PEOPLE, prefix="GIM-", choices=CHOICES, decisions=standing(casebook)
    )
    row = next(openpyxl.load_workbook(again)["Actions"].iter_rows(min_row=4, max_row=4, values_only=True))
    assert {CHOICES["person_ref"][1], CHOICES["intervention_code"][0]} <= set(row)
    assert read_workbook(again)["details"].tolist() == made["details"].tolist()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).map(str.strip)
PLAIN = WORDS.filter(lambda text: bool(text) and "|" not in text)
REFS = st.sampled_from(["42SYN/1", "42SYN/2"])


@st.composite
def decisions(draw: st.DrawFn) -> list[Decision]:
    """Anything a meeting may decide, each slot once and nothing against anything else."""
    who = {"decided_by": draw(PLAIN), "role": "Chair"}
    base = replace(SELECTED, **who)
    made = []
    for ref in draw(st.lists(REFS, unique=True)):
        kind, outcomes = draw(st.sampled_from([("selection", ["SELECTED", "NOT_SELECTED"]), ("review", ["KEEP"]),
                                               ("lens", ["HARM_CAUSED", "HARM_SUFFERED"]),
                                               ("exploitation", ["SCORE", "DO_NOT_SCORE"])]))  # fmt: skip
        until = date(2027, 2, 25) if kind == "review" or draw(st.booleans()) else None
        made.append(replace(base, kind=kind, outcome=draw(st.sampled_from(outcomes)), person_ref=ref,
                            reason=draw(PLAIN), valid_until=until))  # fmt: skip
    for n in range(draw(st.integers(0, 3))):
        details = {**AGREED.details, "action_ref": f"GIM-2026-11-26/{n + 1:02d}", "action_text": draw(PLAIN),
                   "agency": draw(PLAIN)}  # fmt: skip
        made.append(replace(AGREED, **who, person_ref=draw(st.none() | REFS), reason=draw(st.just("") | PLAIN),
                            details=details))  # fmt: skip
    if draw(st.booleans()):
        made.append(replace(TOLD, **who, reason=draw(PLAIN)))
    return made


def as_sent(made: pd.DataFrame) -> list[tuple[object, ...]]:
    columns = [c for c in made.columns if c not in ("sheet", "row")]
    return sorted((tuple(str(value) for value in row) for row in made[columns].itertuples(index=False)), key=str)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=decisions())
def test_nothing_is_lost_on_the_way_out_and_in_again(
    casebook: Casebook,  # noqa: F811
    tmp_path: Path,
    made: Sequence[Decision],
) -> None:
    decided = list_decisions(made).assign(decision_id="D", recorded_on=pd.NaT, person_id="PER-1")
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE.iloc[:1], decisions=decided, choices=CHOICES, prefix="GIM-")
    assert as_sent(read_workbook(path)) == as_sent(list_decisions(made))
