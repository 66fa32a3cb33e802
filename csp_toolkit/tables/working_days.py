"""Days on which people work: so many of them after a day, and the last of them on or before it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import Frozen

FIRST, LAST = date(2010, 1, 1), date(2040, 12, 31)


class BankHolidays(Frozen):
    """Whose bank holidays are no working days: a country and a part of it, by their ISO codes."""

    country: str
    part: str | None


ENGLAND = BankHolidays(country="GB", part="ENG")


@dataclass(frozen=True)
class Calendar:
    """The bank holidays of the years it covers; Saturdays and Sundays are no working days either."""

    covers_from: date
    covers_to: date
    holidays: tuple[date, ...]

    @cached_property
    def days_off(self) -> np.ndarray:
        """The bank holidays as numpy days."""
        return np.array(self.holidays, dtype="datetime64[D]")


@lru_cache
def read_calendar(whose: BankHolidays = ENGLAND, *, first: date = FIRST, last: date = LAST) -> Calendar:
    """Read the bank holidays of a part of a country from the library `holidays`, for whole years.

    Those of years to come are as the law sets them; one proclaimed later comes with a newer version of the library.
    """
    import holidays

    found = holidays.country_holidays(whose.country, subdiv=whose.part, years=range(first.year, last.year + 1))
    return Calendar(date(first.year, 1, 1), date(last.year, 12, 31), tuple(sorted(found)))


def add_working_days(days: pd.Series, n: int | pd.Series, calendar: Calendar) -> pd.Series:
    """Return the n-th working day after each day; missing stays missing.

    >>> good_friday_eve = pd.Series(pd.to_datetime(["2026-04-02"]))
    >>> add_working_days(good_friday_eve, 1, read_calendar()).dt.strftime("%a %d %b").tolist()
    ['Tue 07 Apr']
    """
    step = np.asarray(n) if np.ndim(n) == 0 else pd.Series(n)[days.notna()].to_numpy("int64")
    return _offset(days, step, "backward", calendar)


def last_working_day(days: pd.Series, calendar: Calendar) -> pd.Series:
    """Return the last working day on or before each day: a limit that falls on a day off is met before it.

    >>> saturday = pd.Series(pd.to_datetime(["2026-12-26"]))
    >>> last_working_day(saturday, read_calendar()).dt.strftime("%a %d %b").tolist()
    ['Thu 24 Dec']
    """
    return _offset(days, np.int64(0), "backward", calendar)


def count_working_days(from_days: pd.Series, to_days: pd.Series, calendar: Calendar) -> pd.Series:
    """Return how many working days lie after one day and up to another; missing where either is.

    >>> friday, tuesday = (pd.Series(pd.to_datetime([d])) for d in ("2026-11-20", "2026-11-24"))
    >>> count_working_days(friday, tuesday, read_calendar()).tolist()
    [2]
    """
    known = from_days.notna() & to_days.notna()
    ends = [_days(days[known], calendar) + 1 for days in (from_days, to_days)]
    counted = np.busday_count(ends[0], ends[1], holidays=calendar.days_off)
    return pd.Series(counted, index=from_days.index[known], dtype="Int64").reindex(from_days.index)


def _offset(days: pd.Series, n: np.ndarray | np.int64, roll: str, calendar: Calendar) -> pd.Series:
    known = days.notna()
    moved = np.busday_offset(_days(days[known], calendar), n, roll=roll, holidays=calendar.days_off)  # type: ignore[call-overload]
    late = int((moved > np.datetime64(calendar.covers_to)).sum())
    if late:
        raise ParamsError(
            f"{late} working days fall after {calendar.covers_to}, where the calendar ends. Check the dates."
        )
    return pd.Series(moved, index=days.index[known]).astype("datetime64[us]").reindex(days.index)


def _days(days: pd.Series, calendar: Calendar) -> np.ndarray:
    found = days.to_numpy("datetime64[D]")
    outside = int(((found < np.datetime64(calendar.covers_from)) | (found > np.datetime64(calendar.covers_to))).sum())
    if outside:
        raise ParamsError(
            f"{outside} days lie outside the calendar, {calendar.covers_from} to {calendar.covers_to}. Check the dates."
        )
    return found
