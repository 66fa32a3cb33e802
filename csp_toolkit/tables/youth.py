"""Who is under ten, and so may not be recorded here at all.

A child under ten cannot have committed an offence, and nothing about one is kept. A row says so itself, by its date
of birth or an age band; another file of the same delivery may say so of a person a row only names.
"""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date

import pandas as pd

from csp_toolkit.records.mapping import Mapped
from csp_toolkit.records.schema import TABLES

YOUNGEST = 10

_BAND = re.compile(r"(under|below|less than|<)\s*10|0?\d\s*(-|to)\s*0?9", re.IGNORECASE)


def tenth_birthday_limit(received_on: date) -> pd.Timestamp:
    """Return the day such that whoever was born after it is under ten on `received_on`.

    >>> tenth_birthday_limit(date(2026, 11, 20))
    Timestamp('2016-11-20 00:00:00')
    """
    return pd.Timestamp(received_on) - pd.DateOffset(years=YOUNGEST)


def find_under_ten(delivery: Iterable[Mapped], *, received_on: date) -> frozenset[tuple[str, str]]:
    """Return whom the files of a delivery show by a date of birth to be under ten: (person system, reference).

    For the moment of loading only: what it returns is kept nowhere.
    """
    found: set[tuple[str, str]] = set()
    limit = tenth_birthday_limit(received_on)
    for mapped in delivery:
        young = set(mapped.checks.loc[mapped.checks["born_on"] > limit, "row"])
        for name, table in mapped.tables.items():
            person = TABLES[name].person
            if person is None or mapped.feed.person_system is None:
                continue
            if mapped.feed.tables[name].explode is None:
                is_young = table["row"].isin(young)
            else:
                is_young = table["dob"] > limit if "dob" in table else pd.Series(False, index=table.index)
            found |= {(mapped.feed.person_system, ref) for ref in table.loc[is_young, person].dropna()}
    return frozenset(found)


def rows_under_ten(mapped: Mapped, received_on: date, known: AbstractSet[tuple[str, str]]) -> pd.Series:
    """Say for each row of a file whether it is about a child under ten.

    A stated age counts by itself where it is a band, and as a plain number only where no date of birth was sent.
    """
    checks = mapped.checks
    born, ages = checks["born_on"], checks["age_text"].fillna("")
    bands = [age for age in ages.unique() if _BAND.fullmatch(age)]
    figures = [age for age in ages.unique() if re.fullmatch(r"\d", age)]
    by_birth = (born > tenth_birthday_limit(received_on)) & (born <= pd.Timestamp(received_on))
    named: set[int] = set()
    for name, table in mapped.tables.items():
        if mapped.feed.tables[name].explode is None:
            named |= set(table.loc[_is_known(mapped, name, table, known), "row"])
    return by_birth | ages.isin(bands) | (ages.isin(figures) & born.isna()) | checks["row"].isin(named)


def parts_under_ten(
    mapped: Mapped, name: str, table: pd.DataFrame, received_on: date, known: AbstractSet[tuple[str, str]]
) -> pd.Series:
    """Say for each person named in an exploded table whether they are under ten."""
    born = table["dob"] if "dob" in table else pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]")
    return (born > tenth_birthday_limit(received_on)) | _is_known(mapped, name, table, known)


def _is_known(mapped: Mapped, name: str, table: pd.DataFrame, known: AbstractSet[tuple[str, str]]) -> pd.Series:
    person = TABLES[name].person
    refs = {ref for system, ref in known if system == mapped.feed.person_system}
    return table[person].isin(refs) if person else pd.Series(False, index=table.index)
