"""Weekends, bank holidays, missed and early meetings: where the mistakes are made."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.cases.case_policy import Review, read_case_policy
from csp_toolkit.cases.meeting_days import WorkingDays, find_review, list_meeting_days, read_working_days

POLICY = read_case_policy()
DAYS = read_working_days(POLICY.bank_holidays, first=date(2025, 1, 1), last=date(2027, 12, 31))
SOME_DAY = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2026, 11, 26), 2, date(2026, 11, 30)),  # Thursday: Friday, Monday
        (date(2026, 11, 28), 2, date(2026, 12, 2)),  # received on a Saturday: day 0 is Monday
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas Day, Saturday, Sunday, Boxing Day's substitute
        (date(2026, 12, 25), 0, date(2026, 12, 29)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 5, 1), 1, date(2026, 5, 5)),  # early May
        (date(2026, 8, 28), 1, date(2026, 9, 1)),  # summer bank holiday: not that of Scotland
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 1)),  # St Andrew's Day is a working day in England
    ],
)
def test_a_clock_leaves_out_weekends_and_the_bank_holidays_of_england(start: date, n: int, due: date) -> None:
    assert DAYS.add(start, n) == due


def test_what_falls_on_a_day_off_is_done_before_it() -> None:
    assert DAYS.on_or_before(date(2026, 12, 28)) == date(2026, 12, 24)
    assert DAYS.on_or_before(date(2026, 11, 26)) == date(2026, 11, 26)


def test_nothing_is_late_on_its_day_nor_at_the_weekend_after() -> None:
    friday = date(2026, 11, 27)
    assert [DAYS.count_late(friday, friday + timedelta(days=n)) for n in (-3, 0, 1, 2, 3)] == [0, 0, 0, 0, 1]
    assert DAYS.count_late(date(2026, 12, 24), date(2026, 12, 29)) == 1


@given(SOME_DAY, st.integers(0, 60))
def test_so_many_working_days_on_are_so_many_late(start: date, n: int) -> None:
    day0 = DAYS.add(start, 0)
    due = DAYS.add(start, n)
    assert DAYS.is_working(due)
    assert DAYS.count_late(day0, due) == n
    assert sum(DAYS.is_working(day0 + timedelta(days=k)) for k in range(1, (due - day0).days + 1)) == n


def meetings(*held: date, this: date = date(2026, 11, 26), days: WorkingDays = DAYS) -> tuple[date, ...]:
    return list_meeting_days(held, this=this, every_days=14, until=this + timedelta(days=60), days=days)


def test_a_meeting_on_a_bank_holiday_is_held_the_working_day_before_and_the_next_keeps_its_day() -> None:
    ahead = meetings(this=date(2025, 12, 11))
    assert ahead[:3] == (date(2025, 12, 11), date(2025, 12, 24), date(2026, 1, 8))


def test_a_missed_meeting_has_its_day_all_the_same() -> None:
    days = meetings(date(2026, 10, 15), date(2026, 11, 12))
    assert date(2026, 10, 29) in days
    held_late = meetings(date(2026, 10, 29), date(2026, 11, 16))  # four days late is no second meeting
    assert held_late[:3] == (date(2026, 10, 29), date(2026, 11, 16), date(2026, 11, 26))


def test_a_review_due_at_a_missed_meeting_is_overdue_from_the_day_after() -> None:
    days = meetings(date(2026, 10, 15), date(2026, 11, 12))
    due = find_review(date(2026, 10, 15), Review(meetings=1), days, DAYS)
    assert due == date(2026, 10, 29)
    assert DAYS.count_late(due, date(2026, 11, 12)) == 10


def test_an_early_review_starts_the_count_anew() -> None:
    days = meetings(date(2026, 10, 29), date(2026, 11, 12))
    assert find_review(date(2026, 10, 29), Review(meetings=2), days, DAYS) == date(2026, 11, 26)
    assert find_review(date(2026, 11, 12), Review(meetings=2), days, DAYS) == date(2026, 12, 10)
    assert find_review(date(2026, 11, 20), Review(meetings=1), days, DAYS) == date(2026, 11, 26)


@given(SOME_DAY, st.integers(1, 120))
def test_a_review_by_days_never_slips_past_them(last: date, n: int) -> None:
    due = find_review(last, Review(days=n), (), DAYS)
    assert due is not None and due <= last + timedelta(days=n) and DAYS.is_working(due)
    following = [last + timedelta(days=k) for k in range((due - last).days + 1, n + 1)]
    assert not any(DAYS.is_working(day) for day in following)


@given(SOME_DAY)
def test_a_later_last_look_is_never_due_earlier(last: date) -> None:
    days = meetings(date(2026, 10, 29), date(2026, 11, 12))
    one, two = (find_review(day, Review(meetings=1), days, DAYS) for day in (last, last + timedelta(days=1)))
    assert one is None or two is None or one <= two
