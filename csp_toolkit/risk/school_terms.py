"""School terms by the day they end: attendance carries a term's name and no date."""

from collections.abc import Mapping

import pandas as pd


def list_terms(rows: pd.DataFrame, ends: Mapping[str, str]) -> pd.DataFrame:
    """Return people's attendance by term: person_id, term, day (the term's last), sessions, plan and support.

    Two schools in one term are one term. A term whose name is none that is known is left out.

    Parameters
    ----------
    rows : rows of the table `attendance_terms`.
    ends : month and day on which a term ends, by the first letters of its name; the longest that fits is taken.
    """
    names = pd.Series(rows["term"].dropna().unique(), dtype="str")
    last_days = pd.Series({name: _last_day(name, ends) for name in names}, dtype="datetime64[us]")
    rows = rows.assign(day=last_days.reindex(rows["term"]).to_numpy("datetime64[us]"))
    rows = rows[rows["day"].notna() & rows["person_id"].notna() & rows["n_possible"].gt(0)]
    by = rows.groupby(["person_id", "term", "day"], sort=False)
    return by.agg(
        n_possible=("n_possible", "sum"), n_attended=("n_attended", "sum"), has_ehcp=("has_ehcp", "max"),
        sen=("sen", "min"),
    ).reset_index()  # fmt: skip


def _last_day(name: str, ends: Mapping[str, str]) -> pd.Timestamp | None:
    """Return the last day of a term such as ``2025/26 Summer``; a summer lies in the second year of the two."""
    years, _, term = name.partition(" ")
    fitting = [word for word in ends if term.startswith(word)]
    if not fitting or not years[:4].isdigit():
        return None
    month_day = ends[max(fitting, key=len)]
    year = int(years[:4]) + (month_day < "09-01")
    return pd.Timestamp(f"{year}-{month_day}")
