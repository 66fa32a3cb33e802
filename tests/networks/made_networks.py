"""Networks for tests: random ones, and pairs from literals."""

import networkx as nx
import numpy as np
import pandas as pd

from csp_toolkit.networks.evidence.pairs import Pairs, pairs_of_graph, pairs_of_table


def pairs_of(*pairs: str, p: float = 1.0, people: str = "") -> Pairs:
    """Make pairs of two-letter words, a person a letter."""
    table = pd.DataFrame([tuple(pair) for pair in pairs], columns=["person_a", "person_b"], dtype="str")
    return pairs_of_table(table.assign(p_exists=p), people=people)


def random_graph(seed: int) -> nx.Graph:
    """Make a random graph of one of several kinds, sparse to dense, with a strength on each tie."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 60))
    kinds = (
        lambda: nx.gnp_random_graph(n, float(rng.random() * 0.3), seed=seed),
        lambda: nx.barabasi_albert_graph(max(n, 4), int(rng.integers(1, 4)), seed=seed),
        lambda: nx.random_labeled_tree(n, seed=seed),
        lambda: nx.relaxed_caveman_graph(int(rng.integers(1, 8)), int(rng.integers(2, 8)), 0.2, seed=seed),
    )
    graph = nx.relabel_nodes(nx.Graph(kinds[seed % 4]()), {i: f"P{i:03d}" for i in range(100)})
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    for a, b in graph.edges:
        p = float(rng.uniform(0.05, 1.0))
        graph[a][b].update(strength=p, distance=1 / p)
    return graph


def random_pairs(seed: int) -> Pairs:
    """Make the pairs of a random graph."""
    return pairs_of_graph(random_graph(seed))
