"""A graph to one row a person: where they stand in the picture of what is recorded.

A measure describes the record, not the person: who is looked at more has more ties. None enters a score (control
C26). Intervals come with draws over uncertain ties; until then the columns say so.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.errors import TableError

if TYPE_CHECKING:
    import networkx as nx

MEASURE_COLUMNS = (
    "person_id", "component", "n_in_component", "degree", "degree_low", "degree_high", "strength", "strength_low",
    "strength_high", "betweenness", "betweenness_low", "betweenness_high",
)  # fmt: skip
DECIMALS = 6


@dataclass(frozen=True, eq=False)
class Measures:
    """One row a person (`MEASURE_COLUMNS`), sorted by person_id.

    Attributes
    ----------
    table : `component` 1 is the largest (equal sizes by smallest id); `degree` counts ties; `strength` sums the
        chances that they exist, the number of ties to expect; `betweenness` is the share of shortest paths between
        two others that pass through the person, each tie one step, 0 to 1. The intervals say "not assessed".
    n_ties : ties in the graph.
    """

    table: pd.DataFrame
    n_ties: int

    def __repr__(self) -> str:
        return f"Measures(people={len(self.table)}, ties={self.n_ties})"


def measure(graph: "nx.Graph") -> Measures:
    """Measure every person in a graph made by `build_graph`."""
    import networkx as nx

    bare = [pair for *pair, d in graph.edges(data=True) if not {"strength", "distance"} <= set(d)]
    if bare:
        raise TableError(f"{len(bare)} ties have no strength or distance and would count as 1. Use build_graph.")
    components = sorted((sorted(c) for c in nx.connected_components(graph)), key=lambda c: (-len(c), c[0]))
    place = {person: (n, len(c)) for n, c in enumerate(components, start=1) for person in c}
    between = _betweenness(graph)
    rows = [
        (
            person, *place[person], int(graph.degree(person)), *(NOT_ASSESSED,) * 2,
            round(sum(sorted(d["strength"] for d in graph[person].values())), DECIMALS), *(NOT_ASSESSED,) * 2,
            between[person], *(NOT_ASSESSED,) * 2,
        )
        for person in sorted(graph)
    ]  # fmt: skip
    return Measures(pd.DataFrame(rows, columns=list(MEASURE_COLUMNS)), graph.number_of_edges())


def _betweenness(graph: "nx.Graph") -> dict[str, float]:
    """Compute betweenness in rustworkx, on one thread: sums in another order would differ in the last digit."""
    import rustworkx as rx

    people = sorted(graph)
    at = {person: n for n, person in enumerate(people)}
    compiled = rx.PyGraph(multigraph=False)
    compiled.add_nodes_from(people)
    compiled.add_edges_from_no_data(sorted((min(at[a], at[b]), max(at[a], at[b])) for a, b in graph.edges))
    values = rx.betweenness_centrality(compiled, normalized=True, parallel_threshold=len(people) + 1)
    return {person: round(values[n], DECIMALS) + 0.0 for person, n in at.items()}
