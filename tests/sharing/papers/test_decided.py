"""A final copy stands on reasoned seats by a role; what it needs and lacks is said at once."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pytest

from csp_toolkit.errors import DecisionError
from csp_toolkit.sharing.papers.decided import is_decided, list_decided, list_led
from csp_toolkit.tables.deciding.decisions import Decision, list_decisions

MEETING = date(2026, 11, 26)
POLICE = pd.DataFrame({"person_id": ["A", "B"], "place": [1, 2]})
PEOPLE = pd.DataFrame({
    "person_id": ["A", "B", "C"], "name": ["WATSON, Alfie", "S. T.", "BATES, Kwame"], "reference": ["1", "2", "3"],
    "is_child": ["N", "Y", "N"], "rank": pd.array([1, None, 3], dtype="Int64"), "is_dual": [False, False, True],
})  # fmt: skip
SEAT = Decision("selection", MEETING, MEETING, "SYN Chair", "Chair", "SELECTED", "Two charges", person_ref="A")
LEFT = replace(SEAT, outcome="NOT_SELECTED", reason="Nothing new", person_ref="B")
LENS = replace(SEAT, kind="lens", outcome="HARM_SUFFERED", reason="Exploited since March", person_ref="C")
ACTION = replace(SEAT, kind="action", outcome="AGREED", reason="", details={
    "action_ref": "GIM-2026-11-26/01", "action_text": "Visit", "action_type": "SUPPORT", "action_owner": "SYN W",
    "agency": "YJS", "due_on": "2026-12-03"})  # fmt: skip


@dataclass
class View:
    as_of: date
    decisions: pd.DataFrame


def decide(*made: Decision, people: pd.DataFrame = PEOPLE) -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    table = list_decisions(made).assign(decision_id="D", recorded_on=pd.NaT)
    table = table.assign(person_id=table["person_ref"])
    return list_decided(View(MEETING, table), POLICE, people, prefix="GIM-")  # type: ignore[arg-type]


def test_each_seat_stands_with_its_reason_and_the_selected_first_in_the_polices_order() -> None:
    tables, facts = decide(
        LEFT, SEAT, ACTION, replace(ACTION, details={**ACTION.details, "action_ref": "CMM-2026-11-26/01"})
    )
    assert tables["decided"][["place", "outcome", "reason"]].values.tolist() == [
        [1, "selected", "Two charges"], [2, "not selected", "Nothing new"],
    ]  # fmt: skip
    assert tables["agreed"]["action_ref"].tolist() == ["GIM-2026-11-26/01"]  # another meeting's of the day is not ours
    assert (facts["selected_by"], facts["selected_role"], facts["selected_on"]) == ("SYN Chair", "Chair", "2026-11-26")
    assert facts["finding_decided"] == "The meeting selected one person and left one. One action was agreed."


def test_who_on_the_list_is_not_decided_stops_it_and_is_named_by_place() -> None:
    with pytest.raises(DecisionError, match=r"1 of 2 people on the police list .* \(places 2\)"):
        decide(SEAT)
    with pytest.raises(DecisionError, match=r"2 of 2 people on the police list"):
        decide(replace(SEAT, reason=""), replace(LEFT, role=""))


def test_more_adults_than_seats_are_refused_and_a_child_takes_none() -> None:
    ids = [f"X{n}" for n in range(10)]
    more = pd.DataFrame({"person_id": ids, "name": ids, "reference": ids, "is_child": "N", "rank": 5, "is_dual": False})
    people = pd.concat([PEOPLE, more])
    seats = [replace(SEAT, person_ref=ref) for ref in ids]
    with pytest.raises(DecisionError, match="11 adults are selected for 10 seats"):
        decide(SEAT, LEFT, *seats, people=people)
    tables, facts = decide(SEAT, replace(LEFT, outcome="SELECTED"), *seats[:9], people=people)
    assert len(tables["decided"]) == 11
    assert "one of those selected is a child, for whom safeguarding leads" in str(facts["finding_decided"])


def test_harm_on_both_sides_needs_a_decision_which_leads_before_a_seat() -> None:
    dual = replace(SEAT, person_ref="C")
    with pytest.raises(DecisionError, match=r"one person selected \(places not on the list\).*sheet Leading lens"):
        decide(SEAT, LEFT, dual)
    tables, _ = decide(SEAT, LEFT, dual, LENS)
    row = tables["decided"].set_index("person_id").loc["C"]
    assert (row["lens"], row["lens_reason"]) == ("harm suffered leads", "Exploited since March")
    before = replace(LENS, meeting_on=date(2026, 10, 29))  # decided a month ago: it stands
    assert (
        decide(SEAT, LEFT, dual, before)[0]["decided"].set_index("person_id").loc["C", "lens"] == "harm suffered leads"
    )


def test_who_is_led_by_a_lens_is_known_to_what_is_asked() -> None:
    table = list_decisions([LENS]).assign(person_id="C")
    assert list_led(View(MEETING, table)) == frozenset({"C"})  # type: ignore[arg-type]


def test_whether_the_meeting_has_decided_is_told_by_a_seat_of_this_meeting_alone() -> None:
    last = replace(SEAT, meeting_on=date(2026, 10, 29))
    for made, expected in (([SEAT], True), ([LEFT], False), ([last], False), ([], False)):
        assert is_decided(View(MEETING, list_decisions(made))) is expected  # type: ignore[arg-type]
