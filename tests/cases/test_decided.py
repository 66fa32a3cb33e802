"""What a meeting decided is in the next pack, until a newer case list says otherwise."""

import json
from dataclasses import replace
from datetime import date

import pandas as pd

from csp_toolkit.cases.case_plans import gather_plans
from csp_toolkit.cases.caseload import open_caseload
from csp_toolkit.cases.decided import stand_cases
from csp_toolkit.tables.view import COVERAGE_COLUMNS, View
from tests.cases.small_cases import FOLLOW, MENU, POLICY, case, case_view

WHO = {"decided_by": "SYN Chair", "role": "chair", "reason": "because"}


def step(outcome: str, on: str, **details: str) -> dict:
    held = {"slot": "C1", "case_ref": "C1", **details}
    return {"kind": "case", "person_id": "C1", "person_ref": "C1", "meeting_on": on, "decided_on": on,
            "outcome": outcome, "details": json.dumps(held), "recorded_on": on, **WHO}  # fmt: skip


def entry(outcome: str, on: str, **details: str) -> dict:
    held = {"slot": "P1", "plan_ref": "P1", "case_ref": "C1", **details}
    return step(outcome, on) | {"kind": "plan", "details": json.dumps(held)}


def received(view: View, on: str) -> View:
    row = dict.fromkeys(COVERAGE_COLUMNS) | {"feed": "csp_cases", "used_received_on": pd.Timestamp(on)}
    return replace(view, coverage=pd.DataFrame([row]))


def test_a_later_meeting_is_the_later_word_and_an_earlier_one_is_in_the_list_already() -> None:
    early = step("ACTIVE", "2026-10-29", tier="T4")
    later = step("ACTIVE", "2026-11-12", tier="T3", next_review_on="2026-12-01")
    view = case_view(case(tier="T2"), decisions=[early, later])
    late = stand_cases(received(view, "2026-11-01")).iloc[0]
    assert (late["tier"], late["next_review_on"]) == ("T3", pd.Timestamp("2026-12-01"))
    assert late["stands_by"] == "D1"
    assert stand_cases(received(view, "2026-11-12")).iloc[0]["tier"] == "T2"


def test_a_case_closed_by_the_meeting_is_out_of_the_next_pack_and_looked_back_at() -> None:
    steps = [step("STEP_DOWN_MONITOR", "2026-10-15"), step("STEP_DOWN_MONITOR", "2026-10-29"),
             step("CLOSED", "2026-11-12", closure_reason="RISK_REDUCED")]  # fmt: skip
    monitored = open_caseload(case_view(case(), decisions=steps[:2]), POLICY, FOLLOW)
    assert monitored.standings["C1"].monitored_since == date(2026, 10, 15)
    assert monitored.table["listed_as"].tolist() == ["CLOSURE"]
    before = case_view(case(), decisions=steps[:2], as_of=date(2026, 11, 12))
    closed = open_caseload(case_view(case(), decisions=steps), POLICY, FOLLOW, last_view=before)
    assert closed.table.empty
    assert closed.movement.to_numpy().tolist() == [["C1", "OUT", "closed: risk reduced"]]


def test_an_entry_of_a_plan_keeps_what_was_not_filled_in_again() -> None:
    filled = {"intervention_code": "S08", "action_owner": "Worker 1", "objective": "somebody to talk to"}
    made = [entry("PROPOSED", "2026-10-29", **filled), entry("ACTIVE", "2026-11-12", review_on="2026-12-10")]
    view = case_view(case(), decisions=made)
    plan = gather_plans(open_caseload(view, POLICY, FOLLOW), view, MENU).iloc[0]
    assert (plan["status"], plan["code"], plan["owner"], plan["kind"]) == ("ACTIVE", "S08", "Worker 1", "SUPPORT")
    assert plan["objective"] == "somebody to talk to" and plan["is_active"]
    assert plan["due_on"] == pd.Timestamp("2026-12-10")


def test_an_action_agreed_under_a_case_is_the_cases_and_counts_for_its_next_step() -> None:
    held = {"action_ref": "CMM-2026-11-12/01", "action_text": "Submit the referral", "action_type": "SUPPORT",
            "action_owner": "Worker 1", "agency": "Council", "due_on": "2026-11-20"}  # fmt: skip
    agreed = step("AGREED", "2026-11-12") | {"kind": "action", "details": json.dumps(held)}
    caseload = open_caseload(case_view(case(), decisions=[agreed]), POLICY, FOLLOW)
    own = caseload.actions.iloc[0]
    assert (own["case_ref"], own["days_late"], own["state"]) == ("C1", 6, "late")
    assert caseload.standings["C1"].n_actions == 1
