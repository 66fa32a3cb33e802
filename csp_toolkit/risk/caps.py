"""What each answer counts, beside what was answered: caps by date, by grade and for want of any support."""

import numpy as np
import pandas as pd

from csp_toolkit.risk.toolkit import Toolkit

UNKNOWN, NOT_APPLICABLE = -1, -2
LATE, EARLY, FALSE = "seen after the assessment", "seen before birth", "suspected false"


def cap_answers(rows: pd.DataFrame, toolkit: Toolkit) -> pd.DataFrame:
    """Say of each answer what it counts and why.

    Parameters
    ----------
    rows : slot (which question of which assessment), place (of the question in the form), value (0 to 3, `UNKNOWN` or
        `NOT_APPLICABLE`), seen_days (from last seen to the assessment; missing where not dated), is_before_birth,
        grade, has_note.

    Returns
    -------
    `counted` (never above the value; unknown where an answer may not be counted) and `cap`, in words.
    """
    value = rows["value"].to_numpy("int64")
    days = rows["seen_days"].to_numpy("float64")
    has_value = value >= 0
    left_out = {FALSE: _letters(rows["grade"], 1).isin(list(toolkit.caps.ignored_information)).to_numpy(),
                EARLY: rows["is_before_birth"].to_numpy("bool"), LATE: days < 0}  # fmt: skip
    stands = has_value & ~np.logical_or.reduce([*left_out.values()])
    counted, cap = value.copy(), np.full(len(rows), "", dtype=object)

    for limit, words in (_by_date(rows, days, toolkit), _by_grade(rows, stands, toolkit), _by_note(rows, toolkit)):
        lower = has_value & (limit < counted)
        counted[lower] = limit[lower]
        cap[lower] = words[lower]

    for why, hit in left_out.items():
        counted[has_value & hit] = UNKNOWN
        cap[has_value & hit] = why
    return pd.DataFrame({"counted": counted, "cap": pd.Series(cap, index=rows.index, dtype="str")}, index=rows.index)


def _by_date(rows: pd.DataFrame, days: np.ndarray, toolkit: Toolkit) -> tuple[np.ndarray, np.ndarray]:
    """An answer not dated counts as entered: to say that it is old would be to make something up."""
    steps = toolkit.caps.recency
    limits = np.array([*(step.at_most for step in steps), toolkit.caps.older_at_most])
    words = np.array([*(f"last seen more than {n} days before" for n in [0, *(s.days for s in steps)])], dtype=object)
    step = np.searchsorted([s.days for s in steps], np.where(np.isnan(days), 0, days))
    lifetime = np.array([i.lifetime for i in toolkit.indicators])[rows["place"].to_numpy()]
    step = np.where(lifetime, 0, step)
    return limits[step], words[step]


def _by_grade(rows: pd.DataFrame, stands: np.ndarray, toolkit: Toolkit) -> tuple[np.ndarray, np.ndarray]:
    """Only an answer that stands, of an agency that is named, makes a second source."""
    caps = toolkit.caps
    limit, words = np.full(len(rows), 3), np.full(len(rows), "", dtype=object)
    source, letter = _letters(rows["grade"], 0), _letters(rows["grade"], 1)
    if source.isna().all():
        return limit, words
    agencies = pd.DataFrame({"slot": rows["slot"], "agency": rows["source_agency"]})[
        stands & rows["value"].ge(1).to_numpy() & rows["source_agency"].notna().to_numpy()
    ].drop_duplicates()
    alone = rows["slot"].map(agencies.groupby("slot").size()).fillna(0).le(1)
    rules = (
        (source, caps.capped_sources, True, "source {}, not reliable"),
        (letter, caps.capped_information, True, "information {}, not known"),
        (letter, caps.single_source, alone, "information {} from one agency alone"),
    )
    for graded, table, where, said in rules:
        for code, most in table.items():
            hit = (graded.eq(code) & where & (limit > most)).to_numpy("bool")
            limit[hit], words[hit] = most, said.format(code)
    return limit, words


def _by_note(rows: pd.DataFrame, toolkit: Toolkit) -> tuple[np.ndarray, np.ndarray]:
    """Cap what rests on nothing: neither a note nor a record that anybody could look up."""
    caps = toolkit.caps
    bare = (rows["value"].ge(caps.unsupported_from) & ~rows["has_note"]).to_numpy("bool")
    return np.where(bare, caps.unsupported_at_most, 3), np.full(len(rows), "no note and no record", dtype=object)


def _letters(grades: pd.Series, at: int) -> pd.Series:
    distinct = pd.Series(grades.dropna().unique(), dtype="str")
    return grades.map(dict(zip(distinct, distinct.str[at], strict=True)))
