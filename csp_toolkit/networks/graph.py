"""Ties to a graph that analysts hold in networkx, and the parts of it they ask for.

An edge has a `strength` (the chance that the tie exists) and a `distance` (one over it). There is no `weight`: the
same word means strength to some measures and distance to others, and the wrong one is never noticed. Every function
returns a graph of its own; none changes the one it was given.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from csp_toolkit.errors import TableError
from csp_toolkit.networks.evidence.pairs import is_no_id, refuse
from csp_toolkit.networks.evidence.weighing import KINDS
from csp_toolkit.networks.ties import Ties, keep_between, keep_kinds

if TYPE_CHECKING:
    import networkx as nx


def build_graph(ties: Ties, *, people: frozenset[str] = frozenset()) -> "nx.Graph":
    """Build a graph with one edge a tie; `people` are in it even when nobody is tied to them.

    Nodes and edges are added in order of their ids, so that every measure sees the same order on every machine.
    """
    import networkx as nx

    table = ties.table.sort_values(["person_a", "person_b"], kind="stable")
    refuse(int((is_no_id(table["person_a"]) | is_no_id(table["person_b"])).sum()), "without an id")
    refuse(int((table["person_a"] == table["person_b"]).sum()), "of a person with themself")
    refuse(int(table.duplicated(["person_a", "person_b"]).sum()), "that stand twice")
    refuse(int((~table["p_exists"].between(0, 1, inclusive="right")).sum()), "without a chance above 0 and up to 1")

    graph = nx.Graph(as_of=ties.as_of.isoformat())
    graph.add_nodes_from(sorted({*table["person_a"].astype("str"), *table["person_b"].astype("str"), *people}))
    columns = ("person_a", "person_b", "p_exists", "n_items", "n_origins", "kinds", "is_tested")
    for a, b, p, items, origins, kinds, tested in zip(*(table[c].tolist() for c in columns), strict=True):
        graph.add_edge(
            a, b, strength=p, distance=1.0 / p, n_items=items, n_origins=origins, kinds=kinds, is_tested=tested
        )
    return graph


def split_layers(ties: Ties) -> "dict[str, nx.Graph]":
    """Split ties into one graph a kind of evidence, every graph with the people of all of them."""
    people = frozenset(ties.table["person_a"]) | frozenset(ties.table["person_b"])
    return {kind: build_graph(keep_kinds(ties, kind), people=people) for kind in KINDS}


def slice_time(ties: Ties, ends: Sequence[date], *, days: int) -> "dict[date, nx.Graph]":
    """Slice ties by time: for each day a graph of what was seen in the days up to it, all with the same people."""
    people = frozenset(ties.table["person_a"]) | frozenset(ties.table["person_b"])
    first = {end: end - timedelta(days=days - 1) for end in ends}
    return {end: build_graph(keep_between(ties, first[end], end), people=people) for end in ends}


def take_ego(graph: "nx.Graph", person_id: str, *, steps: int = 1) -> "nx.Graph":
    """Take a person, those within `steps` ties of them, and the ties among all these, in the graph's order."""
    import networkx as nx

    if person_id not in graph:
        raise TableError("This person is in no tie of the graph, and was not added to it.")
    near = nx.single_source_shortest_path_length(graph, person_id, cutoff=steps)
    return take_people(graph, frozenset(near))


def take_people(graph: "nx.Graph", people: frozenset[str]) -> "nx.Graph":
    """Take some people and the ties among them, as a graph of its own in the given graph's order."""
    import networkx as nx

    part = nx.Graph(**graph.graph)
    part.add_nodes_from((n, dict(d)) for n, d in graph.nodes(data=True) if n in people)
    part.add_edges_from((a, b, dict(d)) for a, b, d in graph.edges(data=True) if a in people and b in people)
    return part
