"""The delivery group sees counts that add up, and nobody in them."""

from datetime import date

import pytest

from csp_toolkit.cases.caseload import open_caseload
from csp_toolkit.cases.delivery import count_delivery
from tests.cases.small_cases import FOLLOW, POLICY, action, case, case_view
from tests.real_data_home import extracts

SINCE = date(2026, 11, 1)


def figures(*actions: dict, **rows: list[dict]):  # type: ignore[no-untyped-def]
    view = case_view(case(), actions=list(actions), **rows)
    return count_delivery(open_caseload(view, POLICY, FOLLOW), view, since=SINCE)


def test_each_action_is_counted_once_by_what_became_of_it() -> None:
    plan = {
        "plan_ref": "GD-1",
        "priority": "Gangs and drug-related crime",
        "status": "IN_PROGRESS",
        "due_on": "2026-11-01",
    }
    found = figures(
        action("A1"), action("A2", due_on="2026-11-20"), action("A3", status="COMPLETE"),
        action("A4", status="COMPLETE_LATE"), action("A5", status="NOT_DONE"), action("A6", kind="ENFORCEMENT"),
        action("A7", set_on="2026-10-31"), delivery_actions=[plan],
    ).table  # fmt: skip
    assert found[["source", "kind", "n_actions"]].to_numpy().tolist() == [
        ["case meeting", "ENFORCEMENT", 1], ["case meeting", "SUPPORT", 5], ["delivery plan", "PLAN", 1],
    ]  # fmt: skip
    support = found[found["kind"] == "SUPPORT"].iloc[0]
    assert support[["n_done", "n_done_late", "n_open", "n_late", "n_dropped"]].tolist() == [1] * 5
    assert found.loc[found["source"] == "delivery plan", "n_late"].tolist() == [1]
    assert set(found["priority"]) == {"Gangs and drug-related crime"}


def test_nothing_in_it_refers_to_anybody() -> None:
    found = figures(action("A1", action_owner="SYN Owner 9", action_text="Visit the family"))
    text = found.table.to_csv() + found._repr_html_()
    assert not any(word in text for word in ("C1", "A1", "Owner 9", "Visit"))


def test_a_share_is_said_of_twenty_or_more_only() -> None:
    assert figures(action("A1"), action("A2", kind="ENFORCEMENT")).say_split() == (
        "Of 2 actions of the case meeting: support 1 of 2, disruption 0 of 2, enforcement 1 of 2."
    )
    many = [action(f"A{n}", kind="SUPPORT" if n % 4 else "ENFORCEMENT") for n in range(20)]
    assert "support 15 (75%)" in figures(*many).say_split()


@pytest.mark.real_data
def test_the_figures_of_the_extracts_add_up_to_the_action_log() -> None:
    from tests.scoring.real_casebook import real_view

    extracts()
    view = real_view("2026-11")
    found = count_delivery(open_caseload(view, POLICY, FOLLOW), view, since=date(2024, 10, 1)).table
    own = found[found["source"] == "case meeting"]
    assert own["n_actions"].sum() == len(view["actions"])
    assert own["n_late"].sum() == 12
    parts = ["n_done", "n_done_late", "n_open", "n_late", "n_dropped"]
    assert (found[parts].sum(axis="columns") == found["n_actions"]).all()
