"""Which way a case may go, and what each step must rest on: a step without its evidence is refused, and told why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from csp_toolkit.cases.case_policy import CasePolicy

NEW = "NEW"
REFERRED, SCREENING, NOT_ACCEPTED, CHECKS, ASSESSMENT = (
    "REFERRED", "SCREENING", "NOT_ACCEPTED", "AGENCY_CHECKS", "ASSESSMENT",
)  # fmt: skip
ACTIVE, SUSPENDED, MONITOR = "ACTIVE", "SUSPENDED", "STEP_DOWN_MONITOR"
OUT, IN, CLOSED, REOPENED = "TRANSFERRED_OUT", "TRANSFERRED_IN", "CLOSED", "REOPENED"

# From each state the states that may follow; a state that follows itself is a discussion without a change of state.
MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    NEW: (REFERRED, IN),
    REFERRED: (SCREENING,),
    SCREENING: (SCREENING, NOT_ACCEPTED, CHECKS),
    NOT_ACCEPTED: (REFERRED,),
    CHECKS: (CHECKS, ASSESSMENT),
    ASSESSMENT: (ASSESSMENT, ACTIVE),
    ACTIVE: (ACTIVE, SUSPENDED, MONITOR, OUT),
    SUSPENDED: (SUSPENDED, ACTIVE, OUT),
    MONITOR: (MONITOR, ACTIVE, CLOSED, OUT),
    OUT: (REOPENED,),
    IN: (IN, ASSESSMENT),
    CLOSED: (REOPENED,),
    REOPENED: (REOPENED, ASSESSMENT),
}
OPEN = (REFERRED, SCREENING, CHECKS, ASSESSMENT, ACTIVE, SUSPENDED, MONITOR, IN, REOPENED)
# States that carry a tier: cases the panel works.
WORKED = (ACTIVE, SUSPENDED, MONITOR, IN, REOPENED, ASSESSMENT)
NO_STEP = "is no step of a case"
WHY_NOT_ACCEPTED = ("NFA", "SIGNPOSTED", "OTHER_FORUM", "INSUFFICIENT_INFO")
WHY_SUSPENDED = ("CUSTODY", "HOSPITAL", "OUT_OF_AREA", "NOT_LOCATED")
ENFORCEMENT_LED = "ENFORCEMENT_LED"
COMPLETE, PROVISIONAL, INSUFFICIENT = "COMPLETE", "PROVISIONAL", "INSUFFICIENT"
STATE_WORDS = {
    NEW: "not a case yet", REFERRED: "referred", SCREENING: "in screening", NOT_ACCEPTED: "not accepted",
    CHECKS: "agency checks", ASSESSMENT: "assessment", ACTIVE: "active", SUSPENDED: "suspended",
    MONITOR: "monitored after a step down", OUT: "transferred out", IN: "transferred in", CLOSED: "closed",
    REOPENED: "reopened",
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What is on record of one case, as far as its next step rests on it. What nobody knows is None, never nought.

    Attributes
    ----------
    status, tier : as they stand; ``NEW`` where there is no case yet. is_child : None where the age is not known.
    assessment : ``COMPLETE``, ``PROVISIONAL`` or ``INSUFFICIENT``; None where it was not assessed.
    n_falls_apart : how many of the newest assessments in a row each fell, so many days apart or more.
    last_trigger_on : the newest trigger event on record.
    n_late_critical : overdue actions marked critical. n_actions : open actions with one owner and a due date.
    protective : the protective factors found present; None where nobody has recorded any.
    monitored_since : the day the case went into monitoring.
    """

    status: str
    tier: str | None = None
    is_child: bool | None = None
    assessment: str | None = None
    n_falls_apart: int | None = None
    last_trigger_on: date | None = None
    n_late_critical: int = 0
    n_actions: int = 0
    protective: frozenset[str] | None = None
    monitored_since: date | None = None


def list_missing(standing: Standing, to: str, given: Mapping[str, Any], *, on: date, policy: CasePolicy) -> list[str]:
    """List what a step lacks, in words; empty where it may be taken.

    Parameters
    ----------
    standing : what is on record of the case.
    to : the state after. A step to the same state may change the tier.
    given : what was filled in for the step, by the names of the decision's fields; dates as dates or ISO text.
    on : the day of the decision.
    """
    if to not in MAY_FOLLOW.get(standing.status, ()) and not _may_close(standing, to, given, policy):
        may = ", ".join(STATE_WORDS[s] for s in MAY_FOLLOW.get(standing.status, ()))
        words = f"{STATE_WORDS[standing.status]} to {STATE_WORDS.get(to, 'an unknown state')} {NO_STEP}"
        # Whoever would close a case is told all that a closure rests on, also where the case is not that far.
        return [
            f"{words}; from there it goes to: {may}",
            *(_of_closure(standing, given, on, policy) if to == CLOSED else ()),
        ]
    rest = _OF_STATE.get(to, _nothing)(standing, given, on, policy)
    if given.get("route") == ENFORCEMENT_LED and standing.is_child is not False:
        rest.append("a route that is not enforcement-led: only an adult's may be")
    return rest + _of_tier(standing, to, given, on, policy)


def _may_close(standing: Standing, to: str, given: Mapping[str, Any], policy: CasePolicy) -> bool:
    needs_no_watch = given.get("closure_reason") in policy.closure.without_monitor
    return to == CLOSED and standing.status in OPEN and needs_no_watch


def _nothing(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    return []


def _of_screening(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    return [] if standing.status == SCREENING else _unless(given, duplicate_check="the check for duplicates")


def _of_refusal(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    missing = _unless(given, feedback_on="the day the referrer was told")
    if given.get("why") not in WHY_NOT_ACCEPTED:
        missing.append(f"why it is not accepted ({', '.join(WHY_NOT_ACCEPTED)})")
    return missing


def _of_checks(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    return [] if standing.status == CHECKS else _unless(given, feedback_on="the day the referrer was told")


def _of_assessment(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    if standing.status != CHECKS:
        return []
    return _unless(given, checks_done="each core agency's reply or nil return")


def _of_activation(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    if standing.status == ACTIVE:
        return []
    missing = []
    if standing.status == ASSESSMENT:
        if standing.assessment not in (COMPLETE, PROVISIONAL):
            missing.append(f"an assessment with at least {_pct(policy.completeness.provisional)} of its answers known")
        missing += _unless(given, objective="at least one objective")
        if not standing.n_actions:
            missing.append("at least one open action with one owner and a due date")
    missing += _unless(given, lead="a named lead professional", route="a route")
    if not given.get("tier") and not standing.tier:
        missing.append("a tier")
    return missing


def _of_suspension(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    if standing.status == SUSPENDED or given.get("why") in WHY_SUSPENDED:
        return []
    return [f"why it is suspended ({', '.join(WHY_SUSPENDED)})"]


def _of_monitoring(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    if standing.status == MONITOR:
        return []
    missing = _unless(
        given, follow_on_owner="the one agency that carries on", follow_on_accepted_on="the day it accepted in writing"
    )
    return missing + _not_insufficient(standing)


def _of_closure(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    reason = given.get("closure_reason")
    missing = _unless(given, closure_reason="a closure reason", told_on="the day the referrer was told")
    if reason in policy.closure.without_monitor:
        return missing
    missing += _unless(given, final_band="the final band", outcome_note="what came of it")
    look_back = _day(given.get("look_back_on"))
    if look_back is None or (look_back - on).days < policy.closure.look_back_days:
        missing.append(f"a look-back date, {policy.closure.look_back_days} days on or later")
    since = standing.monitored_since
    if since is None:
        missing.append("the day it went into monitoring")
    elif (on - since).days < policy.closure.monitor_days:
        days = (on - since).days
        missing.append(f"{policy.closure.monitor_days} days of monitoring: there are {days}")
    return missing + _not_insufficient(standing)


def _of_transfer(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    return _unless(given, receiving_area="the receiving area", acknowledged_on="the day it acknowledged")


def _of_reopening(standing: Standing, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    return [] if standing.status == REOPENED else _unless(given, cause="the new referral or trigger")


_OF_STATE = {
    SCREENING: _of_screening, NOT_ACCEPTED: _of_refusal, CHECKS: _of_checks, ASSESSMENT: _of_assessment,
    ACTIVE: _of_activation, SUSPENDED: _of_suspension, MONITOR: _of_monitoring, CLOSED: _of_closure,
    OUT: _of_transfer, REOPENED: _of_reopening,
}  # fmt: skip


def _of_tier(standing: Standing, to: str, given: Mapping[str, Any], on: date, policy: CasePolicy) -> list[str]:
    """Say what a change of tier lacks. Up is quick and needs its cause; down is slow and needs its grounds."""
    before, after = standing.tier, given.get("tier")
    if not before or not after or before == after or standing.status not in (ACTIVE, SUSPENDED, MONITOR):
        return []  # before a case is active its tier is a first guess
    if after > before:
        return _unless(given, cause="the trigger or assessment that puts the tier up")
    return list_step_down(standing, on=on, policy=policy)


def list_step_down(standing: Standing, *, on: date, policy: CasePolicy) -> list[str]:
    """List what a tier down still lacks, in words; empty where the panel may put it down."""
    rules, missing = policy.step_down, []
    fell = standing.n_falls_apart is not None and standing.n_falls_apart >= 2
    last = standing.last_trigger_on
    if not fell and last is not None and (on - last).days < rules.quiet_days:
        missing.append(
            f"two falls {rules.falls_apart_days} days apart, or {rules.quiet_days} days without a trigger: "
            f"the last is {(on - last).days} days old"
        )
    if standing.assessment != COMPLETE:
        state = "not assessed" if standing.assessment is None else standing.assessment.lower()
        missing.append(f"a complete assessment ({_pct(policy.completeness.complete)} known): it is {state}")
    if standing.n_late_critical:
        missing.append(f"no overdue critical action: there are {standing.n_late_critical}")
    found = standing.protective
    if found is None:
        missing.append("the protective factors: none are recorded")
    elif len(found) < rules.protective_present or not found & set(rules.one_of):
        missing.append(
            f"{rules.protective_present} protective factors present, one of them {' or '.join(rules.one_of)}: "
            f"there are {len(found)}"
        )
    return missing


def _not_insufficient(standing: Standing) -> list[str]:
    if standing.assessment in (COMPLETE, PROVISIONAL):
        return []
    state = "not assessed" if standing.assessment is None else "insufficient"
    return [f"an assessment that is not insufficient: it is {state}"]


def _unless(given: Mapping[str, Any], **words: str) -> list[str]:
    return [said for name, said in words.items() if _is_empty(given.get(name))]


def _is_empty(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))


def _day(value: object) -> date | None:
    stamp = pd.to_datetime(value, errors="coerce") if not _is_empty(value) else pd.NaT
    return None if pd.isna(stamp) else stamp.date()


def _pct(share: float) -> str:
    return f"{100 * share:.0f} in 100"
