"""Why a case is before the meeting: what happened, what is due, what its state or tier asks for."""

from datetime import date
from typing import Any

import pandas as pd

from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.clocks import Calendar
from csp_toolkit.cases.transitions import ASSESSMENT, CHECKS, IN, MONITOR, REFERRED, SCREENING
from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import count_in_words

NEW, URGENT, REVIEW, STEP_DOWN, CLOSURE, CHECK = "NEW", "URGENT", "REVIEW", "STEP_DOWN", "CLOSURE", "CHECK"
_EARLY = {
    REFERRED: "referred, not screened yet", SCREENING: "in screening", CHECKS: "at agency checks",
    ASSESSMENT: "at assessment", IN: "transferred in",
}  # fmt: skip


def list_cases(
    table: pd.DataFrame, due: pd.DataFrame, triggers: pd.DataFrame, monitored: dict[str, date], policy: CasePolicy,
    calendar: Calendar,
) -> pd.DataFrame:  # fmt: skip
    """Say of each open case whether it is before this meeting, as what, why, and for how many minutes.

    Parameters
    ----------
    table : the open cases. due, triggers : theirs. monitored : by case_ref, the day each went into monitoring.

    Returns
    -------
    The table with `listed_as`, `why`, `minutes` and `has_page`; the first three missing where a case is not listed.
    """
    new = triggers[triggers["is_new"]].groupby("case_ref").agg(list)
    late = due[due["is_late"]].groupby("case_ref").agg(list)
    rows = [_list(case, new, late, monitored, policy, calendar) for case in table.to_dict("records")]
    listed = pd.DataFrame(rows, columns=["listed_as", "why"], index=table.index).astype("str")
    minutes = listed["listed_as"].map(policy.minutes).astype("Int64")
    page = listed["listed_as"].notna() & (listed["listed_as"].ne(CHECK) | table["tier"].isin(policy.always_a_page))
    return table.assign(**listed, minutes=minutes, has_page=page.astype("bool"))


def _list(
    case: dict[Any, Any], new: pd.DataFrame, late: pd.DataFrame, monitored: dict[str, date], policy: CasePolicy,
    calendar: Calendar,
) -> tuple[str | None, str | None]:  # fmt: skip
    ref, reasons = case["case_ref"], []
    if ref in new.index:
        found = new.loc[ref]
        reasons += [f"{words}, {show_date(on)}" for words, on in zip(found["words"], found["on"], strict=True)]
    if ref in late.index:
        reasons += [
            f"{words}: {count_in_words(int(n), 'working day', 'working days') if n else 'a weekend'} late"
            for clock, words, n in zip(*(late.loc[ref, c] for c in ("clock", "words", "n_late")), strict=True)
            if clock != "REVIEW"
        ]
    is_due = pd.notna(case["review_due_on"]) and case["review_due_on"].date() < calendar.next_meeting
    if is_due:
        reasons.append(_say_review(case["review_due_on"].date(), calendar))
    status = case["status"]
    is_early = status in _EARLY or case["n_discussions"] == 0
    if is_early:
        reasons.append(_EARLY.get(status, "not before a meeting yet"))
    kind: str | None = None
    if ref in new.index:
        kind = URGENT
    elif is_early:
        kind = NEW
    elif status == MONITOR:
        since = monitored.get(ref)
        days = None if since is None else (calendar.this - since).days
        kind = CLOSURE if days is not None and days >= policy.closure.monitor_days else STEP_DOWN
        reasons.append("monitored, since when is not on record" if days is None else f"monitored for {days} days")
    elif is_due:
        kind = REVIEW
    elif pd.notna(case["tier"]) and policy.reviews[case["tier"]].meetings == 1:
        kind, reasons = CHECK, [f"tier {case['tier']} is before every meeting"]
    return kind, "; ".join(reasons) if kind else None


def _say_review(due: date, calendar: Calendar) -> str:
    if due < calendar.this:
        n = calendar.days.count_late(due, calendar.this)
        return f"review overdue since {show_date(due)}" + (f", {count_in_words(n, 'working day')}" if n else "")
    when = "today" if due == calendar.this else f"by {show_date(due)}, before the next meeting"
    return f"review due {when}"
