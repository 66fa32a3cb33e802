"""What a step of a case and an entry of its plan carry beside who decided it, when and why."""

import re
from collections.abc import Mapping

from csp_toolkit.records.vocabularies import VOCABULARIES

CASE, PLAN = "case", "plan"
CASE_DETAILS = (
    "case_ref", "tier", "route", "lead", "lead_agency", "next_review_on", "objective", "cause", "why",
    "duplicate_check", "feedback_on", "checks_done", "follow_on_owner", "follow_on_accepted_on", "closure_reason",
    "final_band", "outcome_note", "told_on", "look_back_on", "receiving_area", "acknowledged_on",
    "new_information", "voice", "may_be_told", "dissent",
)  # fmt: skip
PLAN_DETAILS = (
    "plan_ref", "case_ref", "objective", "intervention_code", "action_owner", "agency", "start_on", "end_on",
    "order_ref", "necessity", "child_impact", "review_on", "outcome_note",
)  # fmt: skip
PLAN_STATES = (
    "PROPOSED", "CONSIDERED_REJECTED", "APPLIED", "GRANTED", "ACTIVE", "COMPLETED", "BREACHED", "EXPIRED", "WITHDRAWN",
    "REFUSED",
)  # fmt: skip
CASE_STATES = (
    "SCREENING", "NOT_ACCEPTED", "AGENCY_CHECKS", "ASSESSMENT", "ACTIVE", "SUSPENDED", "STEP_DOWN_MONITOR",
    "TRANSFERRED_OUT", "CLOSED", "REOPENED",
)  # fmt: skip
# Fields of either whose text is a day, and those that take one of a few words.
DETAIL_DATES = (
    "next_review_on", "feedback_on", "follow_on_accepted_on", "told_on", "look_back_on", "acknowledged_on", "start_on",
    "end_on", "review_on",
)  # fmt: skip
DETAIL_WORDS: dict[str, tuple[str, ...]] = {
    "tier": VOCABULARIES["tier"], "route": VOCABULARIES["route"], "closure_reason": VOCABULARIES["closure_reason"],
    "child_impact": ("Y", "N", "NA"),
}  # fmt: skip


def check_details(details: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the fields of a step or an entry: a day that is none, a word not among its few."""
    wrong = [f"{name} is not a date" for name in DETAIL_DATES
             if details.get(name) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", details[name])]  # fmt: skip
    return wrong + [f"{name} is none of {', '.join(words)}" for name, words in DETAIL_WORDS.items()
                    if details.get(name) and details[name] not in words]  # fmt: skip
