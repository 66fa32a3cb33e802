"""Intervals for shares, for the difference of two, and for odds: exact where an exact one exists.

Clopper and Pearson (1934) for a share; Newcombe (1998, method 10) for a difference of two; Fisher's conditional odds
ratio with the exact interval of its distribution. Where the same people are counted in several months they are drawn
again person by person (Efron and Tibshirani 1993), for months of one person are not separate trials.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Interval:
    """A figure with what it may be; missing (NaN) where nothing can be said."""

    value: float
    low: float
    high: float


NOTHING = Interval(float("nan"), float("nan"), float("nan"))


def share_exactly(n: int, of: int, *, confidence: float = 0.95) -> Interval:
    """Return a share with Clopper and Pearson's exact interval; nothing of nobody.

    >>> round(share_exactly(0, 10).high, 4)
    0.3085
    """
    from scipy.stats import binomtest

    if of == 0:
        return NOTHING
    found = binomtest(n, of).proportion_ci(confidence_level=confidence, method="exact")
    return Interval(n / of, float(found.low), float(found.high))


def share_wilson(n: int, of: int, *, confidence: float = 0.95) -> Interval:
    """Return a share with Wilson's interval, which Newcombe's is made from."""
    from scipy.stats import binomtest

    if of == 0:
        return NOTHING
    found = binomtest(n, of).proportion_ci(confidence_level=confidence, method="wilson")
    return Interval(n / of, float(found.low), float(found.high))


def compare_two_shares(n: int, of: int, n_other: int, of_other: int, *, confidence: float = 0.95) -> Interval:
    """Return one share less another with Newcombe's hybrid interval (method 10).

    Notes
    -----
    For shares of different people. Newcombe's own example: 56 of 70 against 48 of 80, .20 (.0524 to .3339).
    """
    if not of or not of_other:
        return NOTHING
    one, two = (share_wilson(*pair, confidence=confidence) for pair in ((n, of), (n_other, of_other)))
    below = np.hypot(one.value - one.low, two.high - two.value)
    above = np.hypot(one.high - one.value, two.value - two.low)
    value = one.value - two.value
    return Interval(value, float(value - below), float(value + above))


def odds_exactly(in_group: int, in_others: int, out_group: int, out_others: int, *, confidence: float = 0.95,
                 ) -> Interval:  # fmt: skip
    """Return the odds ratio of a table of four with Fisher's exact interval; nothing where a margin is empty.

    Parameters
    ----------
    in_group, in_others : of those on a list, how many are of the group and how many are not.
    out_group, out_others : the same of those who are not on it.
    """
    from scipy.stats.contingency import odds_ratio

    table = [[in_group, in_others], [out_group, out_others]]
    if not all(sum(row) for row in table) or not all(map(sum, zip(*table, strict=True))):
        return NOTHING
    found = odds_ratio(table, kind="conditional")
    ends = found.confidence_interval(confidence_level=confidence)
    return Interval(float(found.statistic), float(ends.low), float(ends.high))


def resample_people(people: np.ndarray, *, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw people again, with replacement, `n` times.

    Parameters
    ----------
    people : each row's person, by number from 0.

    Returns
    -------
    How often each row counts, (draws, rows): all the rows of one person the same.
    """
    n_people = int(people.max()) + 1 if len(people) else 0
    drawn = rng.integers(0, n_people, size=(n, n_people)) if n_people else np.empty((n, 0), dtype="int64")
    counts = np.zeros((n, n_people), dtype="int64")
    np.add.at(counts, (np.arange(n)[:, None], drawn), 1)
    return counts[:, people]


def bound(values: np.ndarray, confidence: float) -> tuple[float, float]:
    """Return the middle part of resampled values, by their quantiles; nothing where none could be worked out."""
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
