"""What is due about a case and by when: clocks in working days, reviews, birthdays, releases, ends of orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from csp_toolkit.cases.case_policy import CasePolicy, Review
from csp_toolkit.cases.decided import list_decided
from csp_toolkit.cases.meeting_days import WorkingDays, find_review, list_meeting_days, read_working_days
from csp_toolkit.cases.transitions import ASSESSMENT, CHECKS, CLOSED, COMPLETE, PROVISIONAL, REFERRED, SCREENING, WORKED
from csp_toolkit.tables.deciding.case_rules import CASE
from csp_toolkit.tables.view import View

CASE_MANAGEMENT = "CASE_MANAGEMENT"
DUE_COLUMNS = ("case_ref", "person_id", "clock", "due_on", "is_late", "n_late", "words")
CLOCKS = {
    "SCREENING": "screening", "CHECKS": "agency checks", "ASSESSMENT": "assessment", "REVIEW": "review",
    "LOOK_BACK": "look back after closure", "BIRTHDAY": "18th birthday", "RELEASE": "release",
    "LICENCE": "end of licence", "ORDER": "end of an order",
}  # fmt: skip
# These ask for something by a day, and are late after it; the others simply come.
ASKED = ("SCREENING", "CHECKS", "ASSESSMENT", "REVIEW", "LOOK_BACK")
ORDER_WORDS = {
    "CBO": "criminal behaviour order", "GANG_INJUNCTION": "injunction", "CPW": "community protection warning",
    "CPN": "community protection notice", "CLOSURE_PARTIAL": "partial closure", "CLOSURE_FULL": "closure",
    "BAIL_CONDITIONS": "bail conditions",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Calendar:
    """The days of the meeting.

    Attributes
    ----------
    meetings : the days on which it sat or ought to have, and those to come. missed : past days without a record of it.
    discussions : case_ref and meeting_on: which case was before which meeting.
    """

    days: WorkingDays
    meetings: tuple[date, ...]
    missed: tuple[date, ...]
    discussions: pd.DataFrame
    this: date

    @property
    def next_meeting(self) -> date:
        """Return the day of the meeting after this one."""
        return next(day for day in self.meetings if day > self.this)

    def review_after(self, last_on: date, review: Review) -> date | None:
        """Find the day by which a case last looked at on `last_on` is due again."""
        return find_review(last_on, review, self.meetings, self.days)


def open_calendar(view: View, policy: CasePolicy) -> Calendar:
    """Read which meetings were held, which were missed, and which are to come."""
    attended = view["attendance"].loc[view["attendance"]["meeting_type"] == CASE_MANAGEMENT, "meeting_on"]
    talked = view["panel_decisions"]
    talked = talked.loc[talked["meeting_type"] == CASE_MANAGEMENT, ["case_ref", "meeting_on"]]
    decided = list_decided(view.decisions, CASE)[["case_ref", "meeting_on"]]
    discussions = pd.concat([talked, decided], ignore_index=True).drop_duplicates()
    discussions = discussions[discussions["meeting_on"] < pd.Timestamp(view.as_of)].reset_index(drop=True)
    held = {stamp.date() for stamp in pd.concat([attended, discussions["meeting_on"]]).dropna()}
    held = {day for day in held if day < view.as_of}
    first = min(held, default=view.as_of)
    until = view.as_of + timedelta(days=200)
    days = read_working_days(policy.bank_holidays, first=first, last=until)
    meetings = list_meeting_days(held, this=view.as_of, every_days=policy.meetings.every_days, until=until, days=days)
    missed = tuple(day for day in meetings if day < view.as_of and day not in held)
    return Calendar(days, meetings, missed, discussions, view.as_of)


def list_due(
    cases: pd.DataFrame, view: View, policy: CasePolicy, calendar: Calendar, *, assessed: pd.DataFrame | None
) -> pd.DataFrame:
    """List what is due about each case.

    Parameters
    ----------
    cases : every case, described. assessed : the newest assessments; None where none were worked out.

    Returns
    -------
    Rows of `DUE_COLUMNS`, by case and day: `n_late` counts working days after the due day, 0 where it is not late;
    what simply comes (a birthday, a release) is never late.
    """
    done = _assessed_on(assessed)
    rows = [found for case in cases.to_dict("records") for found in _of_case(case, policy, calendar, done)]
    rows += [found for case in view["referrals"].to_dict("records") for found in _of_referral(case, policy, calendar)]
    table = pd.DataFrame(rows, columns=["case_ref", "person_id", "clock", "due_on", "words"])
    table = pd.concat([table, _ahead(cases, view, policy)], ignore_index=True)
    table["due_on"] = pd.to_datetime(table["due_on"]).astype("datetime64[us]")
    late = [
        calendar.days.count_late(day.date(), view.as_of) if clock in ASKED and day.date() < view.as_of else 0
        for clock, day in zip(table["clock"], table["due_on"], strict=True)
    ]
    # Overdue on a weekend is overdue all the same, though no working day has passed.
    over = table["clock"].isin(ASKED) & (table["due_on"] < pd.Timestamp(view.as_of))
    table = table.assign(n_late=pd.array(late, dtype="Int64"), is_late=over)
    texts = dict.fromkeys(("case_ref", "person_id", "clock", "words"), "str")
    table = table.astype(texts).sort_values(["case_ref", "due_on", "clock", "words"], ignore_index=True)
    return table[list(DUE_COLUMNS)]


def _of_case(
    case: dict[Any, Any], policy: CasePolicy, calendar: Calendar, done: pd.Series
) -> Iterator[tuple[str, str, str, date, str]]:
    ref, person = case["case_ref"], case["person_id"]
    accepted = case["accepted_on"]
    if case["status"] == CHECKS and pd.notna(accepted):
        due = calendar.days.add(accepted.date(), policy.clocks.agency_checks)
        yield ref, person, "CHECKS", due, "each core agency's reply or nil return"
    if case["status"] in (CHECKS, ASSESSMENT) and pd.notna(accepted) and ref not in done.index:
        yield ref, person, "ASSESSMENT", _assessment_due(accepted.date(), policy, calendar), "a first assessment"
    if case["status"] in WORKED and (found := _review_due(case, policy, calendar)) is not None:
        yield ref, person, "REVIEW", *found
    if case["status"] == CLOSED and pd.notna(case["closed_on"]):
        back = case["closed_on"].date() + timedelta(days=policy.closure.look_back_days)
        if calendar.this - timedelta(days=policy.meetings.every_days) < back <= calendar.next_meeting:
            yield ref, person, "LOOK_BACK", back, f"{policy.closure.look_back_days} days after closure"


def _assessment_due(accepted: date, policy: CasePolicy, calendar: Calendar) -> date:
    """Return the earlier of so many working days and the second meeting after acceptance."""
    due = calendar.days.add(accepted, policy.clocks.assessment)
    later = [day for day in calendar.meetings if day > accepted]
    return min(due, later[1]) if len(later) > 1 else due


def _review_due(case: dict[Any, Any], policy: CasePolicy, calendar: Calendar) -> tuple[date, str] | None:
    """Return the day the panel set, where it set one after it last looked; else the day the tier asks for."""
    last = case["last_discussed_on"] if pd.notna(case["last_discussed_on"]) else case["accepted_on"]
    given = case["next_review_on"]
    if pd.notna(given) and not given <= last:
        return calendar.days.on_or_before(given.date()), "set by the panel"
    tier = case["tier"]
    if pd.isna(tier) or pd.isna(last):
        return None
    due = calendar.review_after(last.date(), policy.reviews[tier])
    return None if due is None else (due, f"by its tier, from {last.date().isoformat()}")


def _of_referral(
    referral: dict[Any, Any], policy: CasePolicy, calendar: Calendar
) -> Iterator[tuple[str, str, str, date, str]]:
    if pd.notna(referral["decided_on"]) or pd.notna(referral["screening"]):
        return
    received = referral["received_on"].date()
    if referral["is_immediate"] == "Y":
        due = received + timedelta(days=policy.clocks.screening_immediate)
    else:
        due = calendar.days.add(received, policy.clocks.screening + policy.clocks.decision)
    yield referral["referral_ref"], referral["person_id"], "SCREENING", due, "a decision on the referral"


def _ahead(cases: pd.DataFrame, view: View, policy: CasePolicy) -> pd.DataFrame:
    """List what comes to the people of open cases: birthdays, releases, ends of licences and orders."""
    today = pd.Timestamp(view.as_of)
    worked = cases[cases["status"].isin((*WORKED, REFERRED, SCREENING, CHECKS))]
    own = worked[["case_ref", "person_id"]]

    def soon(frame: pd.DataFrame, on: str, within: int, clock: str, words: pd.Series | str) -> pd.DataFrame:
        near = frame[(frame[on] >= today) & (frame[on] <= today + timedelta(days=within))]
        said = words.reindex(near.index) if isinstance(words, pd.Series) else words
        return near.assign(clock=clock, due_on=near[on], words=said)[
            ["case_ref", "person_id", "clock", "due_on", "words"]
        ]

    stays, orders = own.merge(view["prison_stays"], on="person_id"), own.merge(view["orders"], on="person_id")
    inside = stays[stays["released_on"].isna()]
    named = orders["order_type"].map(ORDER_WORDS).fillna("order") + " ends"
    return pd.concat([
        soon(worked, "turns_18_on", policy.ahead.birthdays, "BIRTHDAY", "turns 18"),
        soon(inside, "release_due_on", policy.ahead.releases, "RELEASE", "release due"),
        soon(stays, "licence_ends_on", policy.ahead.orders, "LICENCE", "licence ends"),
        soon(orders, "expires_on", policy.ahead.orders, "ORDER", named),
    ], ignore_index=True)  # fmt: skip


def _assessed_on(assessed: pd.DataFrame | None) -> pd.Series:
    if assessed is None:
        return pd.Series(dtype="datetime64[us]")
    enough = assessed[assessed["status"].isin([COMPLETE, PROVISIONAL])]
    return enough.groupby("case_ref")["assessed_on"].min()
