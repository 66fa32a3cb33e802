"""The rules the case meeting keeps itself to, as a policy: clocks, reviews, triggers, step-down, closure, gaps."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from csp_toolkit.params import Frozen, Policy, read_named
from csp_toolkit.tables.working_days import BankHolidays

Days = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Tier = Literal["T1", "T2", "T3", "T4"]
Listing = Literal["NEW", "URGENT", "REVIEW", "STEP_DOWN", "CLOSURE", "CHECK"]


class Meetings(Frozen):
    """How often the meeting sits, and for how long."""

    every_days: Annotated[int, Field(gt=0)]
    minutes: Annotated[int, Field(gt=0)]


class Clocks(Frozen):
    """How many working days each step may take."""

    screening: Days
    screening_immediate: Days
    decision: Days
    agency_checks: Days
    assessment: Days
    critical_action: Days


class Review(Frozen):
    """When a case of one tier is looked at again: after so many meetings, or within so many days."""

    meetings: Annotated[int, Field(gt=0)] | None = None
    days: Annotated[int, Field(gt=0)] | None = None


class Completeness(Frozen):
    """From which share of answers known an assessment is provisional, and from which it is complete."""

    provisional: Share
    complete: Share


class StepDown(Frozen):
    """What a tier down rests on: two falls so many days apart, or so many quiet days, and what protects."""

    falls_apart_days: Days
    quiet_days: Days
    protective_present: Days
    one_of: tuple[str, ...]


class Closure(Frozen):
    """How long a case is monitored before it is closed, when one looks back, and which closures need no monitoring."""

    monitor_days: Days
    look_back_days: Days
    without_monitor: tuple[str, ...]


class Ahead(Frozen):
    """How many days ahead the summary looks."""

    birthdays: Days
    releases: Days
    orders: Days


class Triggers(Frozen):
    """How the events that force a look between meetings are recognised."""

    known_late_days: Days
    missing_hours: Days
    stabbing_ho_codes: tuple[str, ...]
    weapon_ho_codes: tuple[str, ...]
    drugs_words: tuple[str, ...]
    breach_words: tuple[str, ...]
    home_forces: tuple[str, ...]


class Exploiter(Frozen):
    """From which answer to which indicator of the toolkit an adult counts as recorded exploiting others."""

    indicator: str
    from_answer: Annotated[int, Field(ge=1, le=3)]


class GapRules(Frozen):
    """What makes a gap in a plan."""

    support_counts_days: Days
    support_results: tuple[str, ...]
    order_days: Days
    unreviewed_days: Days
    support_from_tier: Tier
    exploiter: Exploiter
    order_kinds: dict[str, Literal["SUPPORT", "DISRUPTION", "ENFORCEMENT"]]


class Quorum(Frozen):
    """Who must be there: what they are called, and the pattern of their agency's name."""

    always: dict[str, str]
    with_children: dict[str, str]
    one_of: tuple[str, ...]


class CasePolicy(Policy):
    """Everything a practitioner could dispute in how cases are run; `toolkit` names the risk toolkit in use.

    The delivery group is told of the actions of `delivery_days`, under `delivery_priority` of its plan, in percent only
    where they are `delivery_least_for_percent` or more.
    """

    toolkit: str
    delivery_priority: str
    delivery_days: Annotated[int, Field(gt=0)]
    delivery_least_for_percent: Annotated[int, Field(gt=0)]
    bank_holidays: BankHolidays
    meetings: Meetings
    minutes: dict[Listing, Days]
    clocks: Clocks
    reviews: dict[Tier, Review]
    always_a_page: tuple[Tier, ...]
    completeness: Completeness
    step_down: StepDown
    closure: Closure
    referred_again_days: Days
    ahead: Ahead
    triggers: Triggers
    gaps: GapRules
    quorum: Quorum


def read_case_policy(name: str = "csp_example_v1", folder: Path | None = None) -> CasePolicy:
    """Read the case policy called `name`, from a workspace's `params` folder or the package."""
    return read_named("cases", name, CasePolicy, folder)
