"""Cut people, bridges and pieces, against taking each person out and counting again."""

import networkx as nx
import numpy as np
import pytest

from csp_toolkit.networks.what_if.cutting import find_key_players, search_cuts
from tests.networks.made_networks import pairs_of, random_pairs


def graph_of(pairs) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(pairs.n))
    graph.add_edges_from(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    return graph


def pairs_left(graph: nx.Graph) -> int:
    return sum(len(part) * (len(part) - 1) // 2 for part in nx.connected_components(graph))


@pytest.mark.parametrize("seed", range(0, 200, 13))
def test_one_search_finds_what_taking_everybody_out_in_turn_finds(seed):
    pairs = random_pairs(seed)
    graph, cuts = graph_of(pairs), search_cuts(pairs)
    assert np.flatnonzero(cuts.list_cut_people(pairs.n)).tolist() == sorted(nx.articulation_points(graph))
    near, far, n_near, n_far = cuts.list_bridges()
    found = {frozenset(pair) for pair in zip(near.tolist(), far.tolist(), strict=True)}
    assert found == {frozenset(pair) for pair in nx.bridges(graph)}
    for a, b, of_a, of_b in zip(near, far, n_near, n_far, strict=True):
        cut = graph.copy()
        cut.remove_edge(a, b)
        assert (len(nx.node_connected_component(cut, a)), len(nx.node_connected_component(cut, b))) == (of_a, of_b)
    left = cuts.count_pairs_left(pairs.n)
    for person in graph:
        rest = graph.copy()
        rest.remove_node(person)
        assert left[person] == pairs_left(rest)


@pytest.mark.parametrize("seed", range(5, 200, 39))
def test_key_players_are_those_that_taking_each_out_and_counting_finds(seed):
    pairs = random_pairs(seed)
    graph = graph_of(pairs)
    for person, left in find_key_players(pairs, 3):
        after = {v: pairs_left(graph.subgraph(set(graph) - {v})) for v in graph}
        assert left == min(after.values()) and person == min(v for v in after if after[v] == left)
        graph = nx.Graph(graph.subgraph(set(graph) - {person}))


def test_who_is_barred_is_never_chosen_and_nobody_is_chosen_twice():
    star = pairs_of(*(f"A{c}" for c in "BCDE"))
    assert [p for p, _ in find_key_players(star, 2, left_out=np.array([0]))] == [1, 2]
    assert len({p for p, _ in find_key_players(star, 9)}) == 5


def test_a_network_of_nobody_or_of_one_is_searched():
    for people in ("", "A"):
        cuts = search_cuts(pairs_of(people=people))
        assert len(cuts.list_cut_people(len(people))) == len(people) and len(cuts.list_bridges()[0]) == 0
