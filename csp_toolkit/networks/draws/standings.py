"""Where people stand over many plausible networks: intervals of value and rank, and who is among the first.

People level with each other share their places by lot, a new lot in each draw: a rank that none of them can claim
would be false precision. The lot is drawn from their ids, so it is the same in any order of rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.networks import measuring
from csp_toolkit.networks.draws.plausible import Plausible
from csp_toolkit.networks.evidence.pairs import Pairs
from csp_toolkit.tables.draws import draw_uniforms, number_names

STANDING_COLUMNS = (
    "person_id", "measure", "value", "rank", "mid", "low", "high", "rank_low", "rank_high", "p_top",
)  # fmt: skip
LOWEST_FIRST = ("constraint",)  # who is least held by others stands first
SAME = 9  # decimals to which two values are level
DRAWN: dict[str, Callable[[Pairs, Any], np.ndarray]] = {
    "degree": lambda pairs, _: measuring.count_degree(pairs),
    "strength": lambda pairs, _: measuring.count_degree(pairs),  # in a draw a tie is there or not
    "betweenness": measuring.share_betweenness,
    "harmonic": measuring.sum_closeness,
    "pagerank": lambda pairs, _: measuring.rank_pages(pairs, weighted=False),
    "core": lambda pairs, _: measuring.count_core(pairs),
    "constraint": lambda pairs, _: measuring.sum_constraint(pairs, weighted=False),
    "effective_size": lambda pairs, _: measuring.count_effective_size(pairs),
    "is_cut": measuring.find_cut_people,
}
NEEDS_GRAPH = ("betweenness", "harmonic", "is_cut")


@dataclass(frozen=True, eq=False)
class Standings:
    """One row a person and measure (`STANDING_COLUMNS`), by measure then person_id.

    `low` and `high` are quantiles of the value over draws, `mid` its median, `rank_low` the better rank; `p_top` is the
    chance of being among the first; for `is_cut`, of being one.
    """

    table: pd.DataFrame

    @classmethod
    def none(cls) -> "Standings":
        """Return standings of nothing."""
        return cls(pd.DataFrame(columns=list(STANDING_COLUMNS)))

    def of(self, measure: str) -> pd.DataFrame | None:
        """Return the rows of one measure, in order of person_id."""
        rows = self.table[self.table["measure"] == measure]
        return rows if len(rows) else None


def stand_in_draws(plausible: Plausible, values: Mapping[str, np.ndarray], names: Sequence[str]) -> Standings:
    """Work out where people stand over the draws in each measure; people nobody recorded take places, not rows."""
    low, high = plausible.doubt.interval
    people = plausible.pairs.people
    drawn = measure_draws(plausible, names)
    lots = draw_lots(drawn[names[0]].shape[0], people, plausible)
    parts = []
    for name in names:
        found = drawn[name]
        score = -found if name in LOWEST_FIRST else found
        ranks = rank_by_lot(score, lots)[: len(people)]
        own = found[: len(people)]
        is_first = (ranks <= plausible.doubt.top) & (np.nan_to_num(np.abs(own)) > 0) if name != "is_cut" else own > 0
        base = -values[name] if name in LOWEST_FIRST else values[name]
        parts.append(pd.DataFrame({
            "person_id": people.astype("str"), "measure": name, "value": values[name],
            "rank": pd.Series(base).rank(method="min", ascending=False).astype("Int64").to_numpy(),
            "mid": _quantile(own, 0.5), "low": _quantile(own, low), "high": _quantile(own, high),
            "rank_low": _quantile(ranks, low).astype("int64"), "rank_high": _quantile(ranks, high).astype("int64"),
            "p_top": is_first.mean(axis=1),
        }))  # fmt: skip
    return Standings(pd.concat(parts, ignore_index=True)[list(STANDING_COLUMNS)])


def measure_draws(plausible: Plausible, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Measure every network drawn: for each measure an array of people by draws."""
    n, wanted = plausible.pairs.n + plausible.n_hidden, [name for name in names if name not in plausible.measured]
    found = {name: np.empty((n, plausible.n_draws)) for name in wanted}
    for k in range(plausible.n_draws if wanted else 0):
        pairs = plausible.draw(k)
        graph = pairs.graph() if set(wanted) & set(NEEDS_GRAPH) else None
        for name in wanted:
            found[name][:, k] = DRAWN[name](pairs, graph)
    plausible.measured.update({name: np.round(values, SAME) for name, values in found.items()})
    return {name: plausible.measured[name] for name in names}


def draw_lots(n: int, people: np.ndarray, plausible: Plausible) -> np.ndarray:
    """Draw a number for each person and draw by which those who are level take their places."""
    names = [*people, *(f"unrecorded {k}" for k in range(n - len(people)))]
    return draw_uniforms(number_names("place", names, seed=plausible.seed), range(plausible.n_draws))


def rank_by_lot(values: np.ndarray, lots: np.ndarray) -> np.ndarray:
    """Rank people (rows) in each draw (columns) from 1, highest first; who has no value comes last."""
    order = np.lexsort((lots, -np.nan_to_num(values, nan=-np.inf)), axis=0)
    ranks = np.empty(values.shape, dtype="int64")
    np.put_along_axis(ranks, order, np.arange(1, len(values) + 1)[:, None], axis=0)
    return ranks


def _quantile(values: np.ndarray, share: float) -> np.ndarray:
    """Return a value that was drawn, not one between two; who has none in most draws has none."""
    ordered = np.sort(values, axis=1)
    place = int(np.ceil(share * values.shape[1])) - 1
    return np.asarray(ordered[:, max(place, 0)])
