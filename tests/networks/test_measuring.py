"""Each measure against networkx and igraph, to 1e-9, on random networks; `CSP_PROVE=1` runs all two hundred."""

import os

import networkx as nx
import numpy as np
import pytest

from csp_toolkit.networks import measuring
from csp_toolkit.networks.evidence.pairs import pairs_of_graph
from tests.networks.made_networks import pairs_of, random_graph, random_pairs

SEEDS = range(200) if os.environ.get("CSP_PROVE") else range(0, 200, 17)
CLOSE = 1e-9


def agrees(ours: np.ndarray, theirs: dict, pairs) -> None:
    wanted = np.array([theirs[person] for person in pairs.people], dtype="float64")
    np.testing.assert_allclose(ours, wanted, atol=CLOSE, rtol=0, equal_nan=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_measure_agrees_with_networkx(seed):
    graph = random_graph(seed)
    pairs = pairs_of_graph(graph)
    agrees(measuring.count_degree(pairs), dict(graph.degree()), pairs)
    agrees(measuring.sum_strength(pairs), dict(graph.degree(weight="strength")), pairs)
    agrees(measuring.share_betweenness(pairs), nx.betweenness_centrality(graph), pairs)
    agrees(measuring.sum_closeness(pairs), nx.harmonic_centrality(graph), pairs)
    exact = nx.pagerank(graph, weight="strength", tol=1e-14, max_iter=2000)
    agrees(measuring.rank_pages(pairs), exact, pairs)
    agrees(measuring.count_core(pairs), nx.core_number(graph), pairs)
    agrees(measuring.sum_constraint(pairs), nx.constraint(graph, weight="strength"), pairs)
    agrees(measuring.sum_constraint(pairs, weighted=False), nx.constraint(graph), pairs)
    agrees(measuring.count_effective_size(pairs), nx.effective_size(graph), pairs)
    cut = set(nx.articulation_points(graph))
    agrees(measuring.find_cut_people(pairs), {p: float(p in cut) for p in graph}, pairs)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_measure_agrees_with_igraph(seed):
    igraph = pytest.importorskip("igraph", reason="igraph is in the dev extra: it is measured against, not shipped")
    pairs = random_pairs(seed)
    other = igraph.Graph(n=pairs.n, edges=list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)))
    n = pairs.n
    possible = (n - 1) * (n - 2) / 2
    np.testing.assert_allclose(measuring.count_degree(pairs), other.degree(), atol=CLOSE)
    between = np.array(other.betweenness()) / possible if n > 2 else np.zeros(n)
    np.testing.assert_allclose(measuring.share_betweenness(pairs), between, atol=CLOSE)
    close = np.nan_to_num(np.array(other.harmonic_centrality()) * (n - 1))
    np.testing.assert_allclose(measuring.sum_closeness(pairs), close, atol=CLOSE)
    pages = other.pagerank(weights=pairs.strength.tolist() or None)
    np.testing.assert_allclose(measuring.rank_pages(pairs), pages, atol=CLOSE)
    np.testing.assert_allclose(measuring.count_core(pairs), other.coreness(), atol=CLOSE)
    constraint = np.array(other.constraint(), dtype="float64")
    np.testing.assert_allclose(measuring.sum_constraint(pairs, weighted=False), constraint, atol=CLOSE, equal_nan=True)
    assert np.flatnonzero(measuring.find_cut_people(pairs)).tolist() == sorted(other.articulation_points())


def test_strength_is_taken_as_strength_and_never_as_distance():
    """A pair tied strongly by way of B: with strength read as distance B would stand between nobody (PITFALLS n1)."""
    pairs = pairs_of("AB", "BC")
    stronger = pairs_of("AB", "BC", p=0.1)
    assert measuring.share_betweenness(pairs).tolist() == measuring.share_betweenness(stronger).tolist() == [0, 1, 0]
    assert measuring.sum_strength(stronger)[1] == pytest.approx(0.2)


def test_a_network_of_nobody_or_without_ties_is_measured():
    for pairs in (pairs_of(), pairs_of(people="AB")):
        for name in ("count_degree", "sum_strength", "rank_pages", "count_core", "find_cut_people"):
            assert len(getattr(measuring, name)(pairs)) == pairs.n
    alone = pairs_of(people="AB")
    assert measuring.rank_pages(alone).tolist() == [0.5, 0.5]
    assert np.isnan(measuring.sum_constraint(alone)).all() and np.isnan(measuring.count_effective_size(alone)).all()
