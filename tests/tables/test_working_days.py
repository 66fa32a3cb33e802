"""Working days: weekends, bank holidays, and years nobody has entered yet."""

from datetime import date

import pandas as pd
import pytest

from csp_toolkit.errors import ParamsError
from csp_toolkit.tables.working_days import add_working_days, count_working_days, last_working_day, read_calendar

CALENDAR = read_calendar()


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts))).astype("datetime64[us]")


@pytest.mark.parametrize(("start", "n", "due"), [
    ("2026-11-23", 5, "2026-11-30"), ("2026-11-20", 1, "2026-11-23"), ("2026-11-21", 1, "2026-11-23"),
    ("2026-12-24", 1, "2026-12-29"), ("2026-12-18", 5, "2026-12-29"), ("2026-04-02", 1, "2026-04-07"),
    ("2027-12-24", 1, "2027-12-29"), ("2026-11-21", 0, "2026-11-20"),
])  # fmt: skip
def test_working_days_pass_over_weekends_and_bank_holidays(start: str, n: int, due: str) -> None:
    assert add_working_days(days(start), n, CALENDAR).tolist() == [pd.Timestamp(due)]


def test_a_limit_on_a_day_off_is_met_on_the_working_day_before() -> None:
    assert last_working_day(days("2026-12-28", "2026-11-22", "2026-11-20"), CALENDAR).dt.day.tolist() == [24, 20, 20]


def test_what_is_missing_stays_missing() -> None:
    assert add_working_days(days(None, "2026-11-23"), 1, CALENDAR).isna().tolist() == [True, False]
    assert count_working_days(days(None), days("2026-11-23"), CALENDAR).isna().tolist() == [True]


@pytest.mark.parametrize(("start", "end", "n"), [
    ("2026-11-23", "2026-11-23", 0), ("2026-11-20", "2026-11-23", 1), ("2026-11-21", "2026-11-23", 1),
    ("2026-12-24", "2026-12-29", 1),
])  # fmt: skip
def test_days_are_counted_as_they_are_added(start: str, end: str, n: int) -> None:
    assert count_working_days(days(start), days(end), CALENDAR).tolist() == [n]


def test_a_day_outside_the_calendar_is_refused_and_not_guessed() -> None:
    ends = read_calendar(first=date(2026, 1, 1), last=date(2028, 1, 1))
    with pytest.raises(ParamsError, match="1 days lie outside"):
        last_working_day(days("2031-01-02"), ends)
    with pytest.raises(ParamsError, match="where the calendar ends"):
        add_working_days(days("2028-12-29"), 1, ends)


def test_eight_weekdays_a_year_are_bank_holidays_and_nine_in_the_year_of_the_coronation() -> None:
    full = [day for day in CALENDAR.holidays if 2023 <= day.year <= 2028 and day.weekday() < 5]
    by_year = pd.Series([day.year for day in full]).value_counts()
    assert by_year.drop(2023).eq(8).all() and by_year[2023] == 9  # the coronation
    assert date(2026, 12, 28) in CALENDAR.holidays
