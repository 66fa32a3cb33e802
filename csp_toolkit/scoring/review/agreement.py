"""How far raters agree: weighted kappa of two, Fleiss' kappa of several, and the six intraclass correlations.

Kappa is for bands and grades, the intraclass correlation for points. Agreement is of the raters' use of the matrix; it
says nothing of whether the matrix is right.

Cohen (1960, 1968) by scikit-learn's `cohen_kappa_score`, with the interval of subjects drawn again (bootstrap,
percentiles); Fleiss (1971) with the standard error of Fleiss, Nee and Landis (1979); Shrout and Fleiss (1979) with
their exact F intervals.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.tables.intervals import NOTHING, Interval, bound

Weights = Literal["linear", "quadratic"]
ICC_NAMES = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")


def weigh_kappa(
    first: Sequence[str], second: Sequence[str], *, order: Sequence[str], weights: Weights | None = "linear",
    confidence: float = 0.95, resamples: int = 2000, seed: int,
) -> Interval:  # fmt: skip
    """Return Cohen's kappa of two raters over the same people, weighted by how far apart they are.

    Parameters
    ----------
    order : every category from least to most; the distance of two is the number of steps between them.
    weights : ``linear`` or ``quadratic``; without, every disagreement counts alike.
    seed : people are drawn again for the interval.

    Notes
    -----
    Where both gave everybody the same one category nothing can be told from chance, and the figure is missing.
    """
    place = {name: n for n, name in enumerate(order)}
    unknown = sum(name not in place for name in (*first, *second))
    if unknown or len(first) != len(second):
        raise TableError(f"ratings: {unknown} categories not among {len(order)}, or not one of each rater for each.")
    pairs = np.array([[place[a], place[b]] for a, b in zip(first, second, strict=True)], dtype="int64").reshape(-1, 2)
    value = _kappa(pairs, len(order), weights)
    if np.isnan(value):
        return NOTHING
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(pairs), size=(resamples, len(pairs)))
    counts = np.zeros((resamples, len(order), len(order)))
    np.add.at(counts, (np.arange(resamples)[:, None], pairs[drawn, 0], pairs[drawn, 1]), 1)
    return Interval(value, *bound(_kappa_of_tables(counts, weights), confidence))


def _kappa(pairs: np.ndarray, n_categories: int, weights: Weights | None) -> float:
    from sklearn.metrics import cohen_kappa_score

    if not len(pairs) or len(np.unique(pairs)) < 2:
        return float("nan")
    return float(cohen_kappa_score(pairs[:, 0], pairs[:, 1], labels=list(range(n_categories)), weights=weights))


def _kappa_of_tables(counts: np.ndarray, weights: Weights | None) -> np.ndarray:
    """Return the kappa of many tables of counts at once, as `cohen_kappa_score` would one by one."""
    steps = np.abs(np.subtract.outer(np.arange(counts.shape[1]), np.arange(counts.shape[1])))
    cost = {"linear": steps, "quadratic": steps**2, None: (steps > 0).astype("int64")}[weights]
    total = counts.sum(axis=(1, 2))
    expected = counts.sum(axis=2)[:, :, None] * counts.sum(axis=1)[:, None, :] / total[:, None, None]
    found, by_chance = (counts * cost).sum(axis=(1, 2)), (expected * cost).sum(axis=(1, 2))
    return 1 - np.divide(found, by_chance, out=np.full(len(counts), np.nan), where=by_chance > 0)


def fleiss_kappa(counts: np.ndarray, *, confidence: float = 0.95) -> Interval:
    """Return Fleiss' kappa of several raters.

    Parameters
    ----------
    counts : (people, categories): how many raters put each person into each category; as many for everybody.

    Notes
    -----
    The standard error is that of Fleiss, Nee and Landis (1979, equation 12), which holds where nobody agrees beyond
    chance: the interval answers whether there is any agreement, and is rough where there is much.
    """
    from scipy.stats import norm

    counts = np.asarray(counts, dtype="float64")
    raters = counts.sum(axis=1)
    if not len(counts) or len(np.unique(raters)) != 1 or raters[0] < 2:
        raise TableError("ratings: Fleiss' kappa asks for the same two or more raters of everybody.")
    n_people, n = len(counts), raters[0]
    share = counts.sum(axis=0) / (n_people * n)
    agreed = ((counts**2).sum() - n_people * n) / (n_people * n * (n - 1))
    by_chance = float((share**2).sum())
    if by_chance == 1:
        return NOTHING
    kappa = (agreed - by_chance) / (1 - by_chance)
    rest = share * (1 - share)
    variance = 2 / (n_people * n * (n - 1) * rest.sum() ** 2) * (rest.sum() ** 2 - (rest * (1 - 2 * share)).sum())
    half = float(norm.ppf((1 + confidence) / 2) * np.sqrt(variance))
    return Interval(float(kappa), float(max(kappa - half, -1)), float(min(kappa + half, 1)))


def correlate_raters(points: np.ndarray, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the six intraclass correlations of Shrout and Fleiss (1979) with their intervals.

    Parameters
    ----------
    points : (people, raters), every cell filled.

    Returns
    -------
    One row each (`ICC_NAMES`): value, low, high. ``1``: each person has raters of their own; ``2``: the same raters,
    who stand for others; ``3``: the same raters and no others. ``k``: of the mean of all raters. Missing where nobody
    differs from anybody.
    """
    points = np.asarray(points, dtype="float64")
    if points.ndim != 2 or min(points.shape) < 2 or not np.isfinite(points).all():
        raise TableError("ratings: an intraclass correlation asks for two or more people, each rated by everyone.")
    n, k = points.shape
    squares = _mean_squares(points)
    rows = [*_one_way(squares, n, k, confidence), _two_way(squares, n, k, confidence),
            *_fixed(squares, n, k, confidence)]  # fmt: skip
    one, of_one, two, three, of_three = rows
    found = (one, two, three, of_one, _lift(two, k), of_three)
    table = pd.DataFrame([(i.value, i.low, i.high) for i in found], columns=["value", "low", "high"])
    return table.set_index(pd.Index(ICC_NAMES, name="figure"))


def _mean_squares(points: np.ndarray) -> tuple[float, float, float, float]:
    """Return the mean squares between people, within them, between raters, and what is left."""
    n, k = points.shape
    grand, people, raters = points.mean(), points.mean(axis=1), points.mean(axis=0)
    between = k * ((people - grand) ** 2).sum()
    within = ((points - people[:, None]) ** 2).sum()
    judges = n * ((raters - grand) ** 2).sum()
    rest = max(within - judges, 0.0)
    return between / (n - 1), within / (n * (k - 1)), judges / (k - 1), rest / ((n - 1) * (k - 1))


def _ratio_ends(ratio: float, df: tuple[float, float], confidence: float) -> tuple[float, float]:
    from scipy.stats import f

    tail = (1 + confidence) / 2
    return ratio / f.ppf(tail, df[0], df[1]), ratio * f.ppf(tail, df[1], df[0])


def _from_ratio(ratio: float, df: tuple[int, int], k: int, confidence: float) -> list[Interval]:
    """Return the correlation of one rating and of the mean of k, from the ratio of two mean squares."""
    if np.isnan(ratio):
        return [NOTHING, NOTHING]
    if np.isinf(ratio):
        return [Interval(1.0, 1.0, 1.0)] * 2
    three = [ratio, *_ratio_ends(ratio, df, confidence)]
    single = Interval(*((x - 1) / (x + k - 1) for x in three))
    return [single, Interval(*(1 - 1 / x if x else -np.inf for x in three))]


def _divide(above: float, below: float) -> float:
    return above / below if below > 1e-12 * max(above, 1.0) else (float("inf") if above > 0 else float("nan"))


def _one_way(squares: tuple[float, float, float, float], n: int, k: int, confidence: float) -> list[Interval]:
    return _from_ratio(_divide(squares[0], squares[1]), (n - 1, n * (k - 1)), k, confidence)


def _fixed(squares: tuple[float, float, float, float], n: int, k: int, confidence: float) -> list[Interval]:
    return _from_ratio(_divide(squares[0], squares[3]), (n - 1, (n - 1) * (k - 1)), k, confidence)


def _two_way(squares: tuple[float, float, float, float], n: int, k: int, confidence: float) -> Interval:
    """Return ICC(2,1) with Satterthwaite's degrees of freedom, as Shrout and Fleiss give it."""
    from scipy.stats import f

    people, _, judges, rest = squares
    below = people + (k - 1) * rest + k * (judges - rest) / n
    if below <= 0:
        return NOTHING
    value = (people - rest) / below
    if rest <= 1e-12 * max(people, 1.0):
        return Interval(value, float("nan"), float("nan")) if judges > 0 else Interval(1.0, 1.0, 1.0)
    ratio = judges / rest
    part = n * (1 + (k - 1) * value) - k * value
    freedom = (k - 1) * (n - 1) * (k * value * ratio + part) ** 2
    freedom /= (n - 1) * k**2 * value**2 * ratio**2 + part**2
    tail = (1 + confidence) / 2
    upper, lower = f.ppf(tail, n - 1, freedom), f.ppf(tail, freedom, n - 1)
    extra = k * judges + (k * n - k - n) * rest
    low = n * (people - upper * rest) / (upper * extra + n * people)
    high = n * (lower * people - rest) / (extra + n * lower * people)
    return Interval(value, float(low), float(high))


def _lift(single: Interval, k: int) -> Interval:
    """Return the correlation of the mean of k raters, by the formula of Spearman and Brown."""
    return Interval(*(k * x / (1 + (k - 1) * x) for x in (single.value, single.low, single.high)))
