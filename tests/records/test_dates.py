"""Dates as agencies write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.records.dates import read_birth, read_date

DAY_FIRST = ("%d/%m/%Y",)


@pytest.mark.parametrize(
    ("text", "form", "at"),
    [
        ("29/10/2026", "%d/%m/%Y", datetime(2026, 10, 29)),
        ("1/2/2026", "%d/%m/%Y", datetime(2026, 2, 1)),
        ("02-Dec-04", "%d-%b-%y", datetime(2004, 12, 2)),
        ("02-December-2004", "%d-%b-%Y", datetime(2004, 12, 2)),
        ("29-Oct-2024 08:41", "%d-%b-%Y %H:%M", datetime(2024, 10, 29, 8, 41)),
        ("29.10.2026", "%d.%m.%Y", datetime(2026, 10, 29)),
        ("2024-10-29 20:26", "%Y-%m-%d %H:%M", datetime(2024, 10, 29, 20, 26)),
    ],
)
def test_declared_formats_are_no_repair(text: str, form: str, at: datetime) -> None:
    assert read_date(text, (form,)) == (at, None)


@pytest.mark.parametrize(
    "text", ["31/02/2026", "13/13/2026", "next meeting", "29-10-2026", "2026-02-30", "0/0/0000", "4559"]
)
def test_what_is_no_date_is_missing_and_said(text: str) -> None:
    assert read_date(text, DAY_FIRST) == (None, "unreadable_date")


def test_a_month_is_never_swapped_into_a_day() -> None:
    assert read_date("10/29/2026", DAY_FIRST) == (None, "unreadable_date")


def test_excel_serials_and_short_years_are_repaired_and_said() -> None:
    assert read_date("45597", DAY_FIRST) == (datetime(2024, 11, 1), "excel_serial_date")
    assert read_date("45597.25", DAY_FIRST) == (datetime(2024, 11, 1, 6), "excel_serial_date")
    assert read_date("19/01/25", DAY_FIRST) == (datetime(2025, 1, 19), "two_digit_year")


def test_iso_is_understood_everywhere_and_an_offset_becomes_london_time() -> None:
    assert read_date("2026-10-29", DAY_FIRST) == (datetime(2026, 10, 29), None)
    assert read_date("2026-07-01T23:30:00Z", DAY_FIRST) == (datetime(2026, 7, 2, 0, 30), None)
    assert read_date("2026-12-01T23:30:00+00:00", DAY_FIRST) == (datetime(2026, 12, 1, 23, 30), None)
    assert read_date("2026-07-01T12:00:00+01:00", DAY_FIRST) == (datetime(2026, 7, 1, 12), None)


def test_a_short_year_of_birth_means_the_last_century_unless_it_is_a_child() -> None:
    for text, year in (("01/07/84", 1984), ("16/06/13", 2013), ("05/10/00", 2000), ("05/10/30", 1930)):
        dated = read_birth(text, DAY_FIRST, (), 29)
        assert dated.at is not None and dated.at.year == year and dated.rule == "two_digit_year"


def test_a_short_year_of_anything_else_is_this_century() -> None:
    assert read_date("12-Feb-41", ("%d-%b-%y",)).at == datetime(2041, 2, 12)


def test_the_senders_stand_in_for_not_known_is_unknown() -> None:
    assert read_birth("01/01/1900", DAY_FIRST, (date(1900, 1, 1),), 29) == (None, "default_birth_date")


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d-%b-%Y", "%Y-%m-%d"]))
def test_every_date_comes_back_from_the_form_it_was_written_in(day: date, form: str) -> None:
    assert read_date(day.strftime(form), (form,)) == (datetime(day.year, day.month, day.day), None)


@given(st.text(max_size=20))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    dated = read_date(text, ("%d/%m/%Y", "%d-%b-%y"))
    assert (dated.at is None) == (dated.rule == "unreadable_date")
