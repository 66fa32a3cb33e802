"""A graph to one row a person: where they stand in what is recorded, and how far that may be off.

A measure describes the record, not the person: who is looked at more has more ties. Central is not the same as leader,
and no measure enters a score (control C26). An interval says where the value would lie if doubtful ties are false and
unrecorded ones exist, at the policy's rates.

    measures = csp.measure(csp.build_graph(ties), csp.vary_ties(ties, seed=1))
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.errors import TableError
from csp_toolkit.networks import measuring
from csp_toolkit.networks.draws.plausible import Plausible
from csp_toolkit.networks.draws.sampling import MOST_EXACT, estimate_betweenness
from csp_toolkit.networks.draws.standings import Standings, stand_in_draws
from csp_toolkit.networks.evidence.pairs import Pairs, pairs_of_graph

if TYPE_CHECKING:
    import networkx as nx

NOT_A_LEADER = "Central is not the same as leader."
TITLES = {
    "degree": "ties", "strength": "ties to expect", "betweenness": "share of shortest paths through them",
    "harmonic": "closeness to all", "pagerank": "PageRank", "core": "core", "constraint": "constraint",
    "effective_size": "ties not tied to each other", "is_cut": "holds a part on",
}  # fmt: skip
VALUES: dict[str, Callable[[Pairs], np.ndarray]] = {
    "degree": measuring.count_degree, "strength": measuring.sum_strength,
    "betweenness": measuring.share_betweenness, "harmonic": measuring.sum_closeness,
    "pagerank": measuring.rank_pages, "core": measuring.count_core, "constraint": measuring.sum_constraint,
    "effective_size": measuring.count_effective_size, "is_cut": measuring.find_cut_people,
}  # fmt: skip
ALL = tuple(VALUES)
SUFFIXES = ("low", "high", "p_top")
MEASURE_COLUMNS = (
    "person_id", "component", "n_in_component", *(f"{m}{s}" for m in ALL for s in ("", "_low", "_high", "_p_top")),
)  # fmt: skip
WHOLE = ("degree", "core", "is_cut")
DECIMALS = 6


@dataclass(frozen=True, eq=False)
class Measures:
    """Where each person stands, and how far that may be off.

    Attributes
    ----------
    table : one row a person (`MEASURE_COLUMNS`), sorted by person_id. `component` 1 is the largest (equal sizes by
        smallest id). `degree` counts recorded ties; `strength` sums the chances that they exist; `betweenness` is the
        share of shortest paths between two others through the person, and `harmonic` one over the steps to everybody,
        summed, each tie one step; `pagerank` and `constraint` take strengths; `core`, `effective_size` and `is_cut` (1:
        without them their part falls apart) count ties. `_low` and `_high` hold the value in nine draws of ten (by the
        policy), `_p_top` is the chance of standing among the first five; for `is_cut`, of holding a part on. The
        interval of `strength` is that of the number of ties. What was not varied says "not assessed".
    standings : one row a person and measure varied, with ranks (`STANDING_COLUMNS`); empty if none was.
    n_ties : ties in the graph. n_draws, missing_ties : how it was varied.
    betweenness_error : the largest standard error of a betweenness; nought where it was worked out exactly, which it is
        up to 20,000 people.
    """

    table: pd.DataFrame
    standings: pd.DataFrame
    n_ties: int
    n_draws: int = 0
    missing_ties: float = 0.0
    top: int = 5
    betweenness_error: float = 0.0

    def __repr__(self) -> str:
        return f"Measures(people={len(self.table)}, ties={self.n_ties}, draws={self.n_draws})"

    def explain(self, person_id: str, measure: str = "betweenness") -> str:
        """Say in one sentence where somebody stands in a measure, and how sure that is."""
        found = self.table[self.table["person_id"] == person_id]
        if found.empty:
            return "No tie of theirs is in the network, and they were not added to it."
        own = self.standings[(self.standings["person_id"] == person_id) & (self.standings["measure"] == measure)]
        value = f"{TITLES[measure].capitalize()}: {found.iloc[0][measure]:g}"
        if own.empty:
            return f"{value}; how sure that is was {NOT_ASSESSED}. {NOT_A_LEADER}"
        row = own.iloc[0]
        return (
            f"{value}, rank {row['rank']} on the record; between {row['low']:g} and {row['high']:g}, rank "
            f"{row['rank_low']} to {row['rank_high']}, in nine of ten of {self.n_draws} networks that could be the "
            f"true one; among the first {self.top} in {100 * row['p_top']:.0f} of 100. {NOT_A_LEADER}"
        )

    def list_first(self, measure: str = "betweenness", n: int = 10) -> pd.DataFrame:
        """List who is likeliest to stand among the first in a measure, likeliest first."""
        own = self.standings[self.standings["measure"] == measure]
        own = own.sort_values(["p_top", "value", "person_id"], ascending=[False, False, True], kind="stable")
        return own.head(n).reset_index(drop=True)

    def _repr_html_(self) -> str:
        headings = (
            Heading("person_id", "Person", is_row_header=True),
            Heading("value", "On the record", kind="number", write=_brief),
            Heading("low", "Low", kind="number", write=_brief), Heading("high", "High", kind="number", write=_brief),
            Heading("in_100", f"Among the first {self.top}", "in 100", kind="whole"),
        )  # fmt: skip
        first = self.list_first()
        first = first.assign(in_100=(100 * first["p_top"]).round().astype("Int64"))
        note = f"{self.n_draws} draws; {100 * self.missing_ties:.0f} in 100 ties taken as unrecorded. {NOT_A_LEADER}"
        return str(
            format_table(first, headings, table_id="measures", caption="Most paths through them.", caption_note=note)
        )


def measure(graph: "nx.Graph", plausible: Plausible | None = None, *, varied: Collection[str] = ALL) -> Measures:
    """Measure every person in a graph made by `build_graph`.

    Parameters
    ----------
    plausible : what `vary_ties` returned for the same ties and people; without it no interval is assessed.
    varied : the measures whose intervals are worked out, which takes most of the time; all of them by default.

    Raises
    ------
    TableError : a tie lacks strength or distance, a measure is unknown, or the draws are of other people.
    """
    unknown = sorted(set(varied) - set(ALL))
    if unknown:
        raise TableError(f"No measure is called {', '.join(unknown)}. There are: {', '.join(ALL)}.")
    bare = [pair for *pair, d in graph.edges(data=True) if not {"strength", "distance"} <= set(d)]
    if bare:
        raise TableError(f"{len(bare)} ties have no strength or distance and would count as 1. Use build_graph.")
    pairs = pairs_of_graph(graph)
    if plausible is not None and not np.array_equal(plausible.pairs.people, pairs.people):
        raise TableError("The draws are of other people than the graph. Pass both the same ties and people.")
    return measure_pairs(pairs, plausible, varied=varied)


def measure_pairs(pairs: Pairs, plausible: Plausible | None = None, *, varied: Collection[str] = ALL) -> Measures:
    """Measure every person of a network held as pairs; see `measure`."""
    values = {name: work(pairs) for name, work in VALUES.items() if name != "betweenness" or pairs.n <= MOST_EXACT}
    error = 0.0
    if pairs.n > MOST_EXACT:
        estimate = estimate_betweenness(pairs, seed=plausible.seed if plausible else 1)
        values["betweenness"], error = estimate.value, float(estimate.error.max())
    values = {name: _settle(name, values[name]) for name in ALL}
    varied = {*varied, "strength"} if "degree" in varied else varied  # in a draw they are the same count
    names = [name for name in ALL if name in varied] if plausible is not None and pairs.n else []
    standings = stand_in_draws(plausible, values, names) if plausible is not None and names else Standings.none()
    columns: dict[str, object] = {"person_id": pairs.people.astype("str"), **_number_components(pairs)}
    for name in ALL:
        columns[name] = values[name].astype("int64") if name in WHOLE else values[name]
        found = standings.of(name)
        for suffix in SUFFIXES:
            columns[f"{name}_{suffix}"] = NOT_ASSESSED if found is None else found[suffix].to_numpy()
    table = pd.DataFrame(columns)[list(MEASURE_COLUMNS)] if pairs.n else pd.DataFrame(columns=list(MEASURE_COLUMNS))
    if plausible is None:
        return Measures(table, standings.table, pairs.n_ties, betweenness_error=error)
    doubt = plausible.doubt
    return Measures(table, standings.table, pairs.n_ties, plausible.n_draws, doubt.missing_ties, doubt.top, error)


def _settle(name: str, values: np.ndarray) -> np.ndarray:
    """Round once, so that sums in another order are the same figure."""
    return np.round(values, DECIMALS) + 0.0


def _number_components(pairs: Pairs) -> dict[str, np.ndarray]:
    """Number the separate parts from 1, largest first, equal ones by their smallest id."""
    part = pairs.components() if pairs.n else np.empty(0, dtype="int64")
    sizes = np.bincount(part)
    _, first = np.unique(part, return_index=True)
    order = np.lexsort((first, -sizes))
    number = np.empty(len(sizes), dtype="int64")
    number[order] = np.arange(1, len(sizes) + 1)
    return {"component": number[part], "n_in_component": sizes[part]}


def _brief(value: object) -> str:
    return f"{float(value):.3g}"  # type: ignore[arg-type]
