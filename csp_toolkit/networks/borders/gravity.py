"""Which areas send or draw more people than their size and distance would lead one to expect (XB7).

The model is the gravity model of spatial interaction: people from area i recorded in area j are expected to be
k · pop_i^α · pop_j^β · dist_ij^-γ. Of the pairs that touch the home district alone the record is meant to be whole, so
only these are fitted, in-flow and out-flow apart: there the home district's own population is one number and stands
in k. The fit is Poisson regression on the logarithms of population and distance, areas with nobody included.

A residual says that a link is stronger than size and distance make it, in the records. More looking does that as well.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.networks.borders.areas import Areas
from csp_toolkit.networks.borders.flows import Flows
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.networks.borders.small_counts import Z_95, poisson_interval

PAIR_COLUMNS = ("direction", "area", "distance_km", "population", "n_people", "expected", "ratio", "ratio_low",
                "ratio_high", "reading")  # fmt: skip
IN, OUT = "in", "out"
MOST_STEPS, CLOSE_ENOUGH = 100, 1e-10


@dataclass(frozen=True, eq=False)
class Gravity:
    """Flows against what population and distance would lead one to expect.

    Attributes
    ----------
    table : one row a direction and area (`PAIR_COLUMNS`). `ratio` is people over expected, with the exact Poisson
        interval of the count. It is read only from the policy's least count on, and as more or less than expected only
        where neither chance nor the scatter of the whole model reaches it.
    exponents : by direction, the population's exponent, the distance's (as γ), how many pairs, how many with anybody,
        and the dispersion (1 where the scatter is Poisson's, above it where it is wider). Missing where not assessed.
    """

    table: pd.DataFrame
    exponents: pd.DataFrame


def fit_gravity(flows: Flows, areas: Areas, policy: BorderPolicy) -> Gravity:
    """Fit the gravity model to the flows into and out of the home district."""
    today = flows.until.date()
    counts = flows.table.set_index(["home", "area"])["n_people"]
    listed = [a for a in areas.areas if a.code != areas.here and a.holds_on(today) and a.population]
    rows, fits = [], []
    for direction in (IN, OUT):
        pairs = [
            (area.code, areas.measure_km(area.code, areas.here), area.population,
             int(counts.get((area.code, areas.here) if direction == IN else (areas.here, area.code), 0)))
            for area in listed if direction == IN or not areas.is_abroad(area.code)
        ]  # fmt: skip
        placed = pd.DataFrame(pairs, columns=["area", "distance_km", "population", "n_people"])
        placed = placed.dropna().reset_index(drop=True)
        n_with = int((placed["n_people"] > 0).sum())
        if n_with < policy.gravity_at_least_pairs:
            fits.append((direction, np.nan, np.nan, len(placed), n_with, np.nan))
            rows.append(placed.assign(direction=direction, expected=np.nan, dispersion=np.nan))
            continue
        design = np.column_stack(
            [np.ones(len(placed)), np.log(placed["population"].astype(float)), np.log(placed["distance_km"])]
        )
        expected, slopes = fit_poisson(design, placed["n_people"].to_numpy(dtype=float))
        scatter = float((((placed["n_people"] - expected) ** 2) / expected).sum() / max(len(placed) - 3, 1))
        fits.append((direction, slopes[1], -slopes[2], len(placed), n_with, scatter))
        rows.append(placed.assign(direction=direction, expected=expected, dispersion=scatter))
    table = _read_residuals(pd.concat(rows, ignore_index=True), policy)
    names = ["direction", "population_exponent", "distance_exponent", "n_pairs", "n_pairs_with_people", "dispersion"]
    return Gravity(table, pd.DataFrame(fits, columns=names))


def fit_poisson(design: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit log-linear Poisson regression by iteratively reweighted least squares: the means expected, and the slopes.

    With an intercept in the design the means add up to the counts (McCullagh and Nelder 1989, 2.5).
    """
    means = counts + 0.5
    slopes = np.zeros(design.shape[1])
    for _ in range(MOST_STEPS):
        linear = np.log(means)
        working = linear + (counts - means) / means
        root = np.sqrt(means)
        found = np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        means = np.exp(np.clip(design @ found, -30, 30))
        if np.abs(found - slopes).max() < CLOSE_ENOUGH:
            break
        slopes = found
    return means, found


def _read_residuals(pairs: pd.DataFrame, policy: BorderPolicy) -> pd.DataFrame:
    ends = [poisson_interval(n) for n in pairs["n_people"]]
    low, high = (np.array([end[side] for end in ends]) / pairs["expected"] for side in (0, 1))
    table = pairs.assign(ratio=pairs["n_people"] / pairs["expected"], ratio_low=low, ratio_high=high)
    table["reading"] = [
        _read_one(int(row.n_people), row.expected, row.ratio_low, row.ratio_high, row.dispersion, policy)
        for row in table.itertuples(index=False)
    ]
    order = table.assign(first=table["reading"].eq("too few")).sort_values(
        ["direction", "first", "ratio", "area"], ascending=[True, True, False, True], kind="stable"
    )
    return order[list(PAIR_COLUMNS)].reset_index(drop=True)


def _read_one(n: int, expected: float, low: float, high: float, dispersion: float, policy: BorderPolicy) -> str:
    """Read a residual: chance alone may not reach it, nor may the width at which the whole model scatters."""
    if pd.isna(expected):
        return NOT_ASSESSED
    if n < policy.gravity_at_least_people:
        return "too few"
    if low <= 1 <= high:
        return "as expected, within chance"
    if abs(n - expected) < Z_95 * sqrt(max(dispersion, 1.0) * expected):
        return "within the scatter of the model"
    return "more than expected" if low > 1 else "less than expected"
