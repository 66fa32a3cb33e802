"""What each answer counts, beside what was answered: caps by date, by grade and for want of any support."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.risk.toolkit import Toolkit

UNKNOWN, NOT_APPLICABLE = -1, -2
LATE, EARLY, FALSE = "seen after the assessment", "seen before birth", "suspected false"
NO_DAY = np.iinfo("int64").min


@dataclass(frozen=True, eq=False)
class Capped:
    """What each answer counts (never above its value; unknown where it may not count), and why, as a code of words."""

    counted: np.ndarray
    cap: np.ndarray
    words: tuple[str, ...]


def cap_answers(
    value: np.ndarray, slot: np.ndarray, place: np.ndarray, days: np.ndarray, is_early: np.ndarray, rows: pd.DataFrame,
    toolkit: Toolkit,
) -> Capped:  # fmt: skip
    """Say of each answer what it counts and why.

    Parameters
    ----------
    value : 0 to 3, `UNKNOWN` or `NOT_APPLICABLE`.
    slot, place : which question of which assessment, and which question of the form.
    days : from last seen to the assessment; `NO_DAY` where it is not dated.
    is_early : seen before birth.
    rows : grade, source_agency and note.
    """
    words, counted, cap = [""], value.copy(), np.zeros(len(value), dtype="int8")

    def lower(limit: np.ndarray, code: np.ndarray | int) -> None:
        hit = counted > limit
        counted[hit] = limit[hit]
        cap[hit] = code[hit] if isinstance(code, np.ndarray) else code

    graded, grades = pd.factorize(rows["grade"])
    letters = np.array([*(str(g)[1:2] in toolkit.caps.ignored_information for g in grades), False])
    left_out = {FALSE: letters[graded], EARLY: is_early, LATE: (days < 0) & (days != NO_DAY)}
    stands = (value >= 0) & ~(left_out[FALSE] | left_out[EARLY] | left_out[LATE])

    limit, step = _by_date(place, days, toolkit)
    words += [f"last seen more than {s.days} days before" for s in toolkit.caps.recency]
    lower(limit, step)
    for limit, said in _by_grade(value, slot, stands, graded, grades, rows, toolkit):
        words.append(said)
        lower(limit, len(words) - 1)
    bare = (value >= toolkit.caps.unsupported_from) & rows["note"].isna().to_numpy("bool")
    words.append("no note and no record")
    lower(np.where(bare, np.int8(toolkit.caps.unsupported_at_most), np.int8(3)), len(words) - 1)
    for why, hit in left_out.items():
        words.append(why)
        gone = hit & (value >= 0)
        counted[gone], cap[gone] = UNKNOWN, len(words) - 1
    return Capped(counted, cap, tuple(words))


def _by_date(place: np.ndarray, days: np.ndarray, toolkit: Toolkit) -> tuple[np.ndarray, np.ndarray]:
    """An answer not dated counts as entered: to say that it is old would be to make something up."""
    steps = toolkit.caps.recency
    limits = np.array([*(step.at_most for step in steps), toolkit.caps.older_at_most], dtype="int8")
    lifetime = np.array([i.lifetime for i in toolkit.indicators])[place]
    step = np.zeros(len(days), dtype="int8")
    for one in steps:
        step += days > one.days
    step[lifetime] = 0
    return limits[step], step


def _by_grade(
    value: np.ndarray, slot: np.ndarray, stands: np.ndarray, graded: np.ndarray, grades: pd.Index, rows: pd.DataFrame,
    toolkit: Toolkit,
) -> list[tuple[np.ndarray, str]]:  # fmt: skip
    """Return the limits a grade sets. Only an answer that stands, of an agency that is named, is a second source."""
    caps, found = toolkit.caps, []
    for code, most in caps.capped_sources.items():
        hit = np.array([*(str(g)[:1] == code for g in grades), False])[graded]
        found.append((np.where(hit, np.int8(most), np.int8(3)), f"source {code}, not reliable"))
    for code, most in caps.capped_information.items():
        hit = np.array([*(str(g)[1:2] == code for g in grades), False])[graded]
        found.append((np.where(hit, np.int8(most), np.int8(3)), f"information {code}, not known"))
    for code, most in caps.single_source.items():
        hit = np.array([*(str(g)[1:2] == code for g in grades), False])[graded] & (value > most)
        hit[hit] = _count_sources(slot, slot[hit], stands & (value >= 1), rows["source_agency"]) <= 1
        found.append((np.where(hit, np.int8(most), np.int8(3)), f"information {code} from one agency alone"))
    return found


def _count_sources(slot: np.ndarray, asked: np.ndarray, counts: np.ndarray, agencies: pd.Series) -> np.ndarray:
    """Return how many agencies report what is asked for."""
    if not len(asked):
        return np.zeros(0, dtype=int)
    wanted = np.zeros(int(slot.max()) + 1, dtype=bool)
    wanted[asked] = True
    mine = np.nonzero(wanted[slot] & counts)[0]
    codes, names = pd.factorize(agencies.iloc[mine])
    named = codes >= 0
    pairs = np.unique(slot[mine][named] * max(len(names), 1) + codes[named])
    of_slot, n = np.unique(pairs // max(len(names), 1), return_counts=True)
    if not len(of_slot):
        return np.zeros(len(asked), dtype=int)
    at = np.minimum(np.searchsorted(of_slot, asked), len(of_slot) - 1)
    return np.where(of_slot[at] == asked, n[at], 0)
