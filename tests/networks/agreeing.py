"""Every measure held to networkx and to igraph, to 1e-9.

igraph is under the GPL: it is in the dev extra, measured against here and in benchmarks, and nothing that ships
imports it.
"""

import networkx as nx
import numpy as np
import pytest

from csp_toolkit.networks import measuring
from csp_toolkit.networks.evidence.pairs import Pairs, pairs_of_graph

CLOSE = 1e-9
WITHOUT_IGRAPH = "igraph is in the dev extra: it is measured against, not shipped"


def agree_with_networkx(graph: nx.Graph) -> None:
    """Fail where a measure of a graph with `strength` on its ties is not what networkx says of it."""
    pairs = pairs_of_graph(graph)

    def same(ours: np.ndarray, theirs: dict) -> None:
        wanted = np.array([theirs[person] for person in pairs.people], dtype="float64")
        np.testing.assert_allclose(ours, wanted, atol=CLOSE, rtol=0, equal_nan=True)

    same(measuring.count_degree(pairs), dict(graph.degree()))
    same(measuring.sum_strength(pairs), dict(graph.degree(weight="strength")))
    same(measuring.share_betweenness(pairs), nx.betweenness_centrality(graph))
    same(measuring.sum_closeness(pairs), nx.harmonic_centrality(graph))
    same(measuring.rank_pages(pairs), nx.pagerank(graph, weight="strength", tol=1e-14, max_iter=2000))
    same(measuring.count_core(pairs), nx.core_number(graph))
    same(measuring.sum_constraint(pairs), nx.constraint(graph, weight="strength"))
    same(measuring.sum_constraint(pairs, weighted=False), nx.constraint(graph))
    same(measuring.count_effective_size(pairs), nx.effective_size(graph))
    cut = set(nx.articulation_points(graph))
    same(measuring.find_cut_people(pairs), {p: float(p in cut) for p in graph})


def agree_with_igraph(pairs: Pairs) -> None:
    """Fail where a measure of pairs is not what igraph says of them; skip where igraph is not installed."""
    igraph = pytest.importorskip("igraph", reason=WITHOUT_IGRAPH)
    ends = list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    other, n, strength = igraph.Graph(n=pairs.n, edges=ends), pairs.n, pairs.strength.tolist()

    def same(ours: np.ndarray, theirs: object) -> None:
        wanted = np.array(theirs, dtype="float64")
        np.testing.assert_allclose(ours, wanted, atol=CLOSE, rtol=0, equal_nan=True)

    possible = (n - 1) * (n - 2) / 2
    same(measuring.count_degree(pairs), other.degree())
    same(measuring.sum_strength(pairs), other.strength(weights=strength) if strength else np.zeros(n))
    same(measuring.share_betweenness(pairs), np.array(other.betweenness()) / possible if n > 2 else np.zeros(n))
    same(measuring.sum_closeness(pairs), np.nan_to_num(np.array(other.harmonic_centrality()) * (n - 1)))
    same(measuring.rank_pages(pairs), other.pagerank(weights=strength or None))
    same(measuring.count_core(pairs), other.coreness())
    same(measuring.sum_constraint(pairs), other.constraint(weights=strength or None))
    same(measuring.sum_constraint(pairs, weighted=False), other.constraint())
    cut = np.zeros(n)
    cut[other.articulation_points()] = 1.0
    same(measuring.find_cut_people(pairs), cut)
