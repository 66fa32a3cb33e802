"""How old someone is on a day, and on which day they reach an age.

Someone born on 29 February has their birthday on 1 March in a year without one. Of a person whose year of birth
alone is known, the youngest they can be is taken: a child is never treated as an adult for want of a day.
"""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from csp_toolkit.tables.view import View

ADULT_YEARS = 18


def list_under_18(view: "View") -> list[str]:
    """List everybody under eighteen as at the view's date, and everybody whose birth nobody recorded, by person_id.

    For want of a date nobody is taken for an adult.
    """
    people = view.people
    ages = age_years(youngest_birth(people), view.as_of)
    return sorted(people.loc[~(ages >= ADULT_YEARS).fillna(False), "person_id"])


def youngest_birth(people: pd.DataFrame) -> pd.Series:
    """Return the latest day each person can have been born: 31 December where only the year is known."""
    is_year = people["dob_precision"].eq("YEAR") & people["dob"].notna()
    year_end = pd.to_datetime(
        people["dob"].dt.year.where(is_year).astype("Int64").astype("str") + "-12-31", errors="coerce"
    )
    return people["dob"].where(~is_year, year_end.astype("datetime64[us]"))


def birthday(born: pd.Series, years: int) -> pd.Series:
    """Return the day on which each person is `years` old.

    >>> birthday(pd.Series(pd.to_datetime(["2008-02-29"])), 18).dt.strftime("%d %B %Y").tolist()
    ['01 March 2026']
    """
    year = born.dt.year + years
    is_leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    moves = (born.dt.month == 2) & (born.dt.day == 29) & ~is_leap
    parts = {"year": year, "month": born.dt.month.where(~moves, 3), "day": born.dt.day.where(~moves, 1)}
    known = born.notna()
    days = pd.to_datetime(pd.DataFrame(parts)[known].astype("int64"))
    return days.reindex(born.index).astype("datetime64[us]")


def age_years(born: pd.Series, on: date) -> pd.Series:
    """Return whole years of age on a day; missing where the birth is not known.

    >>> age_years(pd.Series(pd.to_datetime(["2008-11-26", "2008-11-27"])), date(2026, 11, 26)).tolist()
    [18, 17]
    """
    before_birthday = (born.dt.month > on.month) | ((born.dt.month == on.month) & (born.dt.day > on.day))
    return (on.year - born.dt.year - before_birthday.astype("Int64")).astype("Int64").where(born.notna())
