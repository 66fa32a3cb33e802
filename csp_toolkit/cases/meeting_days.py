"""Working days and meeting days: weekends and bank holidays left out, and reviews that never slip because of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from csp_toolkit.cases.case_policy import Review
from csp_toolkit.tables.working_days import BankHolidays, read_calendar

LONG_ENOUGH = 400  # days on either side of what is asked, so that no clock runs off the calendar


@dataclass(frozen=True)
class WorkingDays:
    """A calendar of working days; see `read_working_days`.

    Attributes
    ----------
    bank_holidays : the days off beside weekends, in order.
    """

    bank_holidays: tuple[date, ...]

    def is_working(self, day: date) -> bool:
        """Say whether a day is a working day."""
        return bool(np.is_busday(np.datetime64(day, "D"), holidays=self._off))

    def add(self, day: date, n: int) -> date:
        """Return the day `n` working days after day 0, which is `day` or, where that is none, the next working day."""
        found = np.busday_offset(np.datetime64(day, "D"), n, roll="forward", holidays=self._off)
        return pd.Timestamp(found).date()

    def on_or_before(self, day: date) -> date:
        """Return the last working day not after `day`: what falls on a day off is done before it, never after."""
        found = np.busday_offset(np.datetime64(day, "D"), 0, roll="backward", holidays=self._off)
        return pd.Timestamp(found).date()

    def count_late(self, due: date, on: date) -> int:
        """Count the working days after `due` up to and with `on`: 0 on the day itself and before it."""
        one = timedelta(days=1)
        first, last = np.datetime64(due + one, "D"), np.datetime64(on + one, "D")
        return max(0, int(np.busday_count(first, last, holidays=self._off)))

    @property
    def _off(self) -> list[np.datetime64]:
        return [np.datetime64(day, "D") for day in self.bank_holidays]


def read_working_days(whose: BankHolidays, *, first: date, last: date) -> WorkingDays:
    """Read the bank holidays of a part of the country around a stretch of time.

    Examples
    --------
    >>> days = read_working_days(BankHolidays(country="GB", part="ENG"), first=date(2026, 12, 1), last=date(2027, 1, 5))
    >>> days.add(date(2026, 12, 24), 1)  # Christmas on a Friday, Boxing Day's substitute on the Monday
    datetime.date(2026, 12, 29)
    """
    margin = timedelta(days=LONG_ENOUGH)
    return WorkingDays(read_calendar(whose, first=first - margin, last=last + margin).holidays)


def list_meeting_days(
    held: Iterable[date], *, this: date, every_days: int, until: date, days: WorkingDays
) -> tuple[date, ...]:
    """List the days on which the meeting sat or ought to have sat, and those to come, in order.

    Parameters
    ----------
    held : the meetings on record. this : the meeting the papers are for; it and `held` count as they are.
    every_days : where two meetings on record lie further apart, one between them was missed and has its day all the
        same.
    until : the list goes on at least one meeting past this day. A meeting to come that would fall on a day off is
        held on the working day before; the one after it keeps its own day.
    """
    known = sorted({*(day for day in held if day < this), this})
    listed = list(known)
    for earlier, later in zip(known, known[1:], strict=False):
        listed += [days.on_or_before(day) for day in _between(earlier, later, every_days)]
    day = this
    while day <= until:
        day += timedelta(days=every_days)
        listed.append(days.on_or_before(day))
    return tuple(sorted(set(listed)))


def _between(earlier: date, later: date, every_days: int) -> list[date]:
    """Return the days of a rhythm between two meetings, leaving out one that `later` itself may have stood in for."""
    step = timedelta(days=every_days)
    last = later - timedelta(days=every_days // 2 + 1)
    return [earlier + n * step for n in range(1, (later - earlier) // step + 1) if earlier + n * step <= last]


def find_review(last_on: date, review: Review, meetings: tuple[date, ...], days: WorkingDays) -> date | None:
    """Find the day by which a case is looked at again, counted from the day it was last looked at.

    An early review starts the count anew. Where the meeting it was due at did not sit, the date stays: it is overdue
    from the day after.

    Returns
    -------
    The meeting so many meetings on; or the last working day within so many days; None where neither is set.
    """
    if review.meetings is not None:
        later = [day for day in meetings if day > last_on]
        return later[review.meetings - 1] if len(later) >= review.meetings else None
    if review.days is not None:
        return days.on_or_before(last_on + timedelta(days=review.days))
    return None
