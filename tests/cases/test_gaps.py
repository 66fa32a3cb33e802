"""What is missing from a plan, and only that."""

import pandas as pd
import pytest

from csp_toolkit.cases.case_plans import gather_plans
from csp_toolkit.cases.caseload import open_caseload
from csp_toolkit.cases.gaps import find_gaps
from tests.cases.small_cases import AS_OF, FOLLOW, MENU, POLICY, action, case, case_view, talk
from tests.scoring.small_views import ago

CHILD, ADULT = "2010-05-05", "1990-05-05"


def gaps(*cases: dict, **rows: object) -> list[tuple[str, str]]:
    view = case_view(*cases, **rows)  # type: ignore[arg-type]
    caseload = open_caseload(view, POLICY, FOLLOW)
    found = find_gaps(caseload, gather_plans(caseload, view, MENU), view).table
    return list(found[["case_ref", "gap"]].itertuples(index=False, name=None))


ENFORCED = action("E1", kind="ENFORCEMENT")


@pytest.mark.parametrize(
    ("dob", "actions", "expected"),
    [
        (CHILD, [ENFORCED], [("C1", "CHILD_WITHOUT_SUPPORT")]),
        (CHILD, [ENFORCED, action()], []),
        (ADULT, [ENFORCED], []),
        (None, [ENFORCED], [("C1", "CHILD_WITHOUT_SUPPORT"), ("C1", "AGE_NOT_KNOWN")]),
        (CHILD, [ENFORCED | {"status": "COMPLETE", "completed_on": ago(3)}], []),
    ],
)
def test_a_child_with_enforcement_and_no_support_is_a_gap(dob: str | None, actions: list, expected: list) -> None:
    assert gaps(case(), dob=dob, actions=actions) == expected


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({"completed_on": ago(84), "outcome": "ACHIEVED"}, True),
        ({"completed_on": ago(85), "outcome": "ACHIEVED"}, False),
        ({"completed_on": ago(3), "outcome": "REFUSED_BY_PERSON"}, False),
        ({"completed_on": ago(3)}, False),
    ],
)
def test_support_that_was_given_lately_and_took_is_still_support(more: dict, counts: bool) -> None:
    done = action(status="COMPLETE", **more)
    assert (gaps(case(), actions=[ENFORCED, done]) == []) is counts


@pytest.mark.parametrize(("tier", "is_gap"), [("T4", True), ("T3", True), ("T2", False), (None, False)])
def test_from_tier_3_no_support_is_a_gap(tier: str | None, is_gap: bool) -> None:
    assert (gaps(case(tier=tier), dob=ADULT) == [("C1", "NO_SUPPORT")]) is is_gap


def test_a_closed_case_has_no_gaps() -> None:
    assert gaps(case(status="CLOSED", tier="T4"), actions=[ENFORCED]) == []


@pytest.mark.parametrize(("days", "is_gap"), [(-1, False), (0, True), (28, True), (29, False)])
def test_an_order_about_to_end_is_a_gap(days: int, is_gap: bool) -> None:
    order = {"order_ref": "O1", "order_type": "CPN", "person_ref": "C1", "made_on": ago(30), "expires_on": ago(-days)}
    expected = [("C1", "ORDER_ENDING")] if is_gap else []
    assert gaps(case(), dob=ADULT, orders=[order]) == expected


def test_an_order_on_a_child_is_enforcement_and_a_warning_is_not() -> None:
    order = {"order_ref": "O1", "order_type": "CBO", "person_ref": "C1", "made_on": ago(30), "expires_on": ago(-200)}
    assert gaps(case(), orders=[order]) == [("C1", "CHILD_WITHOUT_SUPPORT")]
    assert gaps(case(), orders=[order | {"order_type": "CPW"}]) == []


@pytest.mark.parametrize(("made", "talked", "is_gap"), [(84, None, True), (83, None, False), (200, 14, False)])
def test_what_nobody_looked_at_for_84_days_is_a_gap(made: int, talked: int | None, is_gap: bool) -> None:
    order = {"order_ref": "O1", "order_type": "CPN", "person_ref": "C1", "made_on": ago(made), "expires_on": ago(-200)}
    talks = [] if talked is None else [talk(on=ago(talked))]
    expected = [("C1", "NOT_REVIEWED")] if is_gap else []
    assert gaps(case(), dob=ADULT, orders=[order], panel_decisions=talks) == expected


@pytest.mark.parametrize(
    ("dob", "answer", "actions", "is_gap"),
    [
        (ADULT, "2", [], True),
        (ADULT, "1", [], False),
        (ADULT, "UNKNOWN", [], False),
        (ADULT, "3", [action(kind="DISRUPTION")], False),
        (CHILD, "3", [], False),  # a child is never the exploiter of the rule
    ],
)
def test_an_adult_recorded_as_exploiting_others_and_left_alone_is_a_gap(
    dob: str, answer: str, actions: list, is_gap: bool
) -> None:
    newest = {"case_ref": "C1", "assessment_no": 2, "assessed_on": ago(9), "indicator": "H2.4", "answer": answer}
    older = newest | {"assessment_no": 1, "answer": "3", "assessed_on": ago(90)}
    found = gaps(case(), dob=dob, actions=actions, assessment_answers=[older, newest])
    assert (found == [("C1", "NO_DISRUPTION")]) is is_gap


@pytest.mark.parametrize(("times", "to"), [(1, None), (2, "chair"), (3, "delivery group"), (5, "delivery group")])
def test_two_carry_overs_go_to_the_chair_and_three_to_the_delivery_group(times: int, to: str | None) -> None:
    view = case_view(
        case(), actions=[action(n_carried_over=times), action("A2", n_carried_over=times, status="COMPLETE")]
    )
    plans = gather_plans(open_caseload(view, POLICY, FOLLOW), view, MENU).set_index("source_ref")["escalate"]
    assert (plans["A1"] if pd.notna(plans["A1"]) else None) == to
    assert pd.isna(plans["A2"])


def test_overdue_is_worked_out_and_a_done_action_is_never_overdue() -> None:
    late = action(due_on="2026-11-25")
    view = case_view(
        case(), actions=[late, late | {"action_ref": "A2", "status": "NOT_DONE"}, action("A3", due_on=str(AS_OF))]
    )
    plans = gather_plans(open_caseload(view, POLICY, FOLLOW), view, MENU).set_index("source_ref")["days_late"]
    assert plans.fillna(-1).to_dict() == {"A1": 1, "A2": -1, "A3": 0}


def test_every_entry_of_the_menu_says_its_law_its_age_its_owner_and_when_the_law_was_checked() -> None:
    assert len(MENU.interventions) == 69
    assert all(i.basis and i.owner and i.title and i.min_age >= 0 for i in MENU.interventions)
    assert {i.code for i in MENU.interventions if i.checked_on is None} <= {i.code for i in MENU.interventions}
