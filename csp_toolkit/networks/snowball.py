"""A network grown from a few people outwards, wave by wave, and what its edge cannot show.

Whoever stands in the last wave was reached and not asked about: their other ties are not in it. They look less
connected than they are, so they are marked, and a measure of them says little.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.networks.graph import take_people

if TYPE_CHECKING:
    import networkx as nx

WAVE_COLUMNS = ("person_id", "wave", "n_ties", "n_ties_seen", "is_under_observed")


@dataclass(frozen=True, eq=False)
class Snowball:
    """The network within some waves of its seeds.

    Attributes
    ----------
    table : one row a person (`WAVE_COLUMNS`), by wave; seeds are wave 0. `n_ties` counts those in the whole network,
        `n_ties_seen` those in this part of it; `is_under_observed` is Y for the last wave, where they can differ.
    graph : the people and the ties among them, each node with its wave.
    n_waves : how many waves were asked for.
    """

    table: pd.DataFrame
    graph: "nx.Graph"
    n_waves: int

    def __repr__(self) -> str:
        last = int((self.table["is_under_observed"] == "Y").sum())
        return f"Snowball(waves={self.n_waves}, people={len(self.table)}, under_observed={last})"

    def explain(self, person_id: str) -> str:
        """Say in one sentence how somebody came into it, and whether their ties are all here."""
        row = self.table[self.table["person_id"] == person_id]
        if row.empty:
            return f"Not within {self.n_waves} ties of a person it began with."
        one = row.iloc[0]
        if one["wave"] == 0:
            return "It began with them."
        seen = f"{one['n_ties_seen']} of their {one['n_ties']} ties are here"
        edge = ": the last wave, so this part shows them less connected than recorded" * (
            one["is_under_observed"] == "Y"
        )
        return f"Reached in wave {one['wave']}; {seen}{edge}."


def grow_snowball(graph: "nx.Graph", seeds: Iterable[str], *, waves: int = 2) -> Snowball:
    """Grow a network from its seeds: who is within so many ties of one of them.

    Raises
    ------
    TableError : there is no seed, or one is not in the graph.
    """
    begun = sorted(set(seeds))
    absent = sum(person not in graph for person in begun)
    if absent or not begun or waves < 1:
        what = f"{absent} of {len(begun)} people to begin with are in no tie" if absent else "nobody to begin with"
        raise TableError(f"A snowball needs people of the network and at least one wave: {what}.")
    wave = dict.fromkeys(begun, 0)
    edge = begun
    for n in range(1, waves + 1):
        edge = sorted({b for a in edge for b in graph[a]} - set(wave))
        wave |= dict.fromkeys(edge, n)
    part = take_people(graph, frozenset(wave))
    rows = [
        (person, n, graph.degree(person), part.degree(person), "NY"[n == waves])
        for person, n in sorted(wave.items(), key=lambda item: (item[1], item[0]))
    ]
    for person, n in wave.items():
        part.nodes[person]["wave"] = n
    return Snowball(pd.DataFrame(rows, columns=list(WAVE_COLUMNS)), part, waves)
