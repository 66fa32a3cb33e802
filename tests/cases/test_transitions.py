"""A step without its evidence is refused, and told which evidence is missing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from csp_toolkit.cases.case_policy import read_case_policy
from csp_toolkit.cases.transitions import MAY_FOLLOW, OPEN, STATE_WORDS, Standing, list_missing, list_step_down
from csp_toolkit.records.vocabularies import VOCABULARIES

POLICY = read_case_policy()
ON = date(2026, 11, 26)
READY = Standing(
    status="ACTIVE", tier="T3", is_child=True, assessment="COMPLETE", n_falls_apart=2, last_trigger_on=None,
    n_late_critical=0, n_actions=1, protective=frozenset({"P1", "P3", "P6"}), monitored_since=None,
)  # fmt: skip
MONITORED = replace(READY, status="STEP_DOWN_MONITOR", tier="T1", monitored_since=ON - timedelta(days=28))
CLOSING = {
    "closure_reason": "RISK_REDUCED", "final_band": "LOW", "outcome_note": "back in school", "told_on": "2026-11-26",
    "look_back_on": "2027-02-24",
}  # fmt: skip
WHOLE = {
    ("REFERRED", "SCREENING"): {"duplicate_check": "none found; not with MACE, MAPPA, Channel"},
    ("SCREENING", "NOT_ACCEPTED"): {"why": "OTHER_FORUM", "feedback_on": "2026-11-26"},
    ("SCREENING", "AGENCY_CHECKS"): {"feedback_on": "2026-11-26"},
    ("AGENCY_CHECKS", "ASSESSMENT"): {"checks_done": "six replies, two nil returns"},
    ("ASSESSMENT", "ACTIVE"): {"lead": "SYN Lead 5", "route": "SUPPORT_LED", "tier": "T2", "objective": "in school"},
    ("ACTIVE", "SUSPENDED"): {"why": "CUSTODY"},
    ("ACTIVE", "STEP_DOWN_MONITOR"): {"follow_on_owner": "Early Help", "follow_on_accepted_on": "2026-11-24"},
    ("ACTIVE", "TRANSFERRED_OUT"): {"receiving_area": "Thurrock", "acknowledged_on": "2026-11-25"},
    ("STEP_DOWN_MONITOR", "CLOSED"): CLOSING,
    ("CLOSED", "REOPENED"): {"cause": "new referral of 20 November"},
}  # fmt: skip


def standing(status: str) -> Standing:
    return MONITORED if status == "STEP_DOWN_MONITOR" else replace(READY, status=status)


def missing(at: Standing, to: str, **given: object) -> list[str]:
    return list_missing(at, to, given, on=ON, policy=POLICY)


@pytest.mark.parametrize(("before", "after"), WHOLE)
def test_a_step_with_all_its_evidence_is_taken(before: str, after: str) -> None:
    assert missing(standing(before), after, **WHOLE[before, after]) == []


@pytest.mark.parametrize(
    ("before", "after", "name"), [(*step, name) for step, given in WHOLE.items() for name in given]
)
def test_each_piece_of_evidence_is_asked_for_by_itself(before: str, after: str, name: str) -> None:
    given = {key: value for key, value in WHOLE[before, after].items() if key != name}
    at = replace(standing(before), tier=None) if name == "tier" else standing(before)
    assert len(missing(at, after, **given)) == 1
    assert len(missing(at, after, **given, **{name: ""})) == 1


@pytest.mark.parametrize("before", MAY_FOLLOW)
def test_a_step_that_is_none_is_refused_and_told_where_it_may_go(before: str) -> None:
    for after in set(MAY_FOLLOW) - set(MAY_FOLLOW[before]):
        said, *more = missing(standing(before), after)
        assert "no step of a case" in said
        assert bool(more) is (after == "CLOSED")
        assert all(STATE_WORDS[state] in said for state in MAY_FOLLOW[before])


def test_every_state_of_the_case_list_is_one_of_these() -> None:
    assert set(MAY_FOLLOW) == {"NEW", *VOCABULARIES["case_status"]} == set(STATE_WORDS)
    assert {s for after in MAY_FOLLOW.values() for s in after} | {"NEW"} == set(MAY_FOLLOW)


@pytest.mark.parametrize(("days", "is_refused"), [(27, True), (28, False), (29, False)])
def test_a_case_is_monitored_for_28_days_before_it_is_closed(days: int, is_refused: bool) -> None:
    said = missing(replace(MONITORED, monitored_since=ON - timedelta(days=days)), "CLOSED", **CLOSING)
    assert bool(said) is is_refused
    assert not said or said == [f"28 days of monitoring: there are {days}"]


@pytest.mark.parametrize(("day", "is_refused"), [("2027-02-23", True), ("2027-02-24", False), ("2027-03-01", False)])
def test_the_look_back_is_90_days_on_or_later(day: str, is_refused: bool) -> None:
    said = missing(MONITORED, "CLOSED", **{**CLOSING, "look_back_on": day})
    assert bool(said) is is_refused


def test_when_it_went_into_monitoring_must_be_on_record() -> None:
    said = missing(replace(MONITORED, monitored_since=None), "CLOSED", **CLOSING)
    assert said == ["the day it went into monitoring"]


@pytest.mark.parametrize("assessment", ["INSUFFICIENT", None])
def test_what_is_insufficiently_known_is_neither_stepped_down_nor_closed(assessment: str | None) -> None:
    unknown = replace(READY, assessment=assessment)
    assert missing(unknown, "STEP_DOWN_MONITOR", **WHOLE["ACTIVE", "STEP_DOWN_MONITOR"])
    assert missing(replace(MONITORED, assessment=assessment), "CLOSED", **CLOSING)
    assert missing(unknown, "ACTIVE", tier="T2")


def test_only_some_closures_need_no_monitoring() -> None:
    for reason in VOCABULARIES["closure_reason"]:
        said = missing(READY, "CLOSED", closure_reason=reason, told_on="2026-11-26")
        assert (said == []) is (reason in POLICY.closure.without_monitor)


def test_a_tier_up_needs_its_cause_and_nothing_else() -> None:
    bare = replace(READY, assessment=None, protective=None)
    assert missing(bare, "ACTIVE", tier="T4") == ["the trigger or assessment that puts the tier up"]
    assert missing(bare, "ACTIVE", tier="T4", cause="missing 34 hours") == []


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ({}, None),
        ({"n_falls_apart": 1, "last_trigger_on": ON - timedelta(days=84)}, None),
        ({"n_falls_apart": 1, "last_trigger_on": ON - timedelta(days=83)}, "83 days old"),
        ({"n_falls_apart": 1, "last_trigger_on": None}, None),
        ({"assessment": "PROVISIONAL"}, "it is provisional"),
        ({"n_late_critical": 1}, "no overdue critical action"),
        ({"protective": None}, "none are recorded"),
        ({"protective": frozenset({"P3", "P6", "P7"})}, "one of them P1 or P2 or P5"),
        ({"protective": frozenset({"P1", "P6"})}, "there are 2"),
    ],
)
def test_a_tier_down_needs_its_grounds(at: dict[str, object], says: str | None) -> None:
    said = list_step_down(replace(READY, **at), on=ON, policy=POLICY)  # type: ignore[arg-type]
    assert said == missing(replace(READY, **at), "ACTIVE", tier="T2")  # type: ignore[arg-type]
    assert said == [] if says is None else (len(said) == 1 and says in said[0])


@pytest.mark.parametrize("is_child", [True, None])
def test_no_child_and_nobody_of_unknown_age_is_led_by_enforcement(is_child: bool | None) -> None:
    at = replace(READY, is_child=is_child)
    assert "not enforcement-led" in missing(at, "ACTIVE", route="ENFORCEMENT_LED")[0]
    assert missing(replace(at, is_child=False), "ACTIVE", route="ENFORCEMENT_LED") == []
    assert missing(at, "ACTIVE", route="SUPPORT_LED_WITH_DISRUPTION") == []


def test_a_case_becomes_active_on_a_provisional_assessment_but_not_on_less() -> None:
    given = WHOLE["ASSESSMENT", "ACTIVE"]
    assert missing(replace(READY, status="ASSESSMENT", assessment="PROVISIONAL"), "ACTIVE", **given) == []
    assert "60 in 100" in missing(replace(READY, status="ASSESSMENT", assessment="INSUFFICIENT"), "ACTIVE", **given)[0]
    assert "action" in missing(replace(READY, status="ASSESSMENT", n_actions=0), "ACTIVE", **given)[0]


def test_an_open_case_may_always_be_talked_of_without_a_change() -> None:
    for state in OPEN:
        if state != "REFERRED":
            assert missing(standing(state), state) == []
