"""Measures, key players and draws of networks like co-offending ones, as ratios to the libraries called directly.

Everything starts from the table of pairs, ids as text, and includes the conversion. Each library is timed on the
measures it has, and so are we, on the same. `CSP_BENCH_PEOPLE` sets the sizes.
Threads: one (`OMP_NUM_THREADS=1`). CPU time, the least of a few runs.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import igraph
import networkit
import networkx as nx
import numpy as np
import pandas as pd
import rustworkx as rx
import sknetwork.ranking
import sknetwork.topology

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.made_networks import make_pairs
from csp_toolkit.networks import measuring
from csp_toolkit.networks.draws.plausible import vary_pairs
from csp_toolkit.networks.draws.sampling import MOST_EXACT, estimate_betweenness
from csp_toolkit.networks.draws.standings import DRAWN, measure_draws
from csp_toolkit.networks.evidence.pairs import Pairs, pairs_of_table
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.what_if.cutting import find_key_players

SIZES = [int(n) for n in os.environ.get("CSP_BENCH_PEOPLE", "5000,50000,200000").split(",")]
NEAR_LINEAR = ("degree", "components", "core", "pagerank", "cut people")
OURS: dict[str, Callable[[Pairs], Any]] = {
    "degree": measuring.count_degree, "components": Pairs.components, "core": measuring.count_core,
    "pagerank": measuring.rank_pages, "cut people": measuring.find_cut_people,
}  # fmt: skip


def timed(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    best, made = float("inf"), None
    for _ in range(times):
        began = time.process_time()
        made = work()
        best = min(best, time.process_time() - began)
    return best, made


def coded(table: pd.DataFrame) -> tuple[int, np.ndarray, np.ndarray]:
    codes, known = pd.factorize(pd.concat([table["person_a"], table["person_b"]]))
    return len(known), codes[: len(table)], codes[len(table) :]


def by_us(table: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Any]:
    pairs = pairs_of_table(table)
    return {name: OURS[name](pairs) for name in names}


def by_networkx(table: pd.DataFrame) -> None:
    graph = nx.from_pandas_edgelist(table, "person_a", "person_b", "p_exists")
    dict(graph.degree())
    list(nx.connected_components(graph))
    nx.core_number(graph)
    nx.pagerank(graph, weight="p_exists")
    list(nx.articulation_points(graph))


def by_igraph(table: pd.DataFrame) -> None:
    n, a, b = coded(table)
    graph = igraph.Graph(n=n, edges=np.stack([a, b], axis=1))
    graph.degree()
    list(graph.connected_components().membership)
    graph.coreness()
    graph.pagerank(weights=table["p_exists"].tolist())
    graph.articulation_points()


def by_rustworkx(table: pd.DataFrame) -> None:
    n, a, b = coded(table)
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    graph.add_edges_from_no_data(list(zip(a.tolist(), b.tolist(), strict=True)))
    [graph.degree(k) for k in range(n)]
    rx.connected_components(graph)
    rx.core_number(graph)
    rx.articulation_points(graph)


def by_networkit(table: pd.DataFrame) -> None:
    n, a, b = coded(table)
    graph = networkit.GraphFromCoo((table["p_exists"].to_numpy(), (a, b)), n=n, weighted=True, directed=False)
    [graph.degree(k) for k in range(n)]
    networkit.components.ConnectedComponents(graph).run().getComponents()
    networkit.centrality.CoreDecomposition(graph).run().scores()
    networkit.centrality.PageRank(graph, tol=1e-12).run().scores()


def by_sknetwork(table: pd.DataFrame) -> None:
    from scipy.sparse import csr_matrix

    n, a, b = coded(table)
    rows, columns = np.concatenate([a, b]).astype("int32"), np.concatenate([b, a]).astype("int32")
    values = np.concatenate([table["p_exists"], table["p_exists"]])
    ties = csr_matrix((values, (rows, columns)), shape=(n, n))
    np.diff(ties.indptr)
    sknetwork.topology.get_connected_components(ties)
    sknetwork.topology.get_core_decomposition(ties)
    sknetwork.ranking.PageRank(solver="piteration", n_iter=200, tol=1e-12).fit_predict(ties)


OTHERS: dict[str, tuple[Callable[[pd.DataFrame], None], tuple[str, ...]]] = {
    "igraph": (by_igraph, NEAR_LINEAR),
    "rustworkx": (by_rustworkx, ("degree", "components", "core", "cut people")),
    "NetworKit": (by_networkit, ("degree", "components", "core", "pagerank")),
    "scikit-network": (by_sknetwork, ("degree", "components", "core", "pagerank")),
}


def compare_near_linear(table: pd.DataFrame, n: int) -> None:
    """Print ratios for the measures that take time in proportion to the ties."""
    ours, _ = timed(lambda: by_us(table, NEAR_LINEAR))
    print(f"{n:,} people, {len(table):,} ties: degree, components, core, PageRank and cut people in {ours:.2f} s")
    first, _ = timed(lambda: by_networkx(table), 1)
    theirs = min(first, timed(lambda: by_networkx(table), 3 if n <= 50_000 else 1)[0])
    print(f"  1/{theirs / ours:.0f} of networkx at its best of a few, 1/{first / ours:.0f} of its first (aim 1/20)")
    for name, (work, names) in OTHERS.items():
        own, _ = timed(lambda names=names: by_us(table, names))
        theirs, _ = timed(lambda work=work: work(table))
        print(f"  {own / theirs:.2f} x {name} called directly, on {', '.join(names)} (aim 1.3 x the fastest)")


def compare_betweenness(table: pd.DataFrame, n: int) -> None:
    """Print ratios for exact betweenness."""
    pairs = pairs_of_table(table)
    ours, found = timed(lambda: measuring.share_betweenness(pairs), 2)
    graph = nx.from_pandas_edgelist(table, "person_a", "person_b")
    theirs, wanted = timed(lambda: nx.betweenness_centrality(graph), 1)
    same = np.abs(found - np.array([wanted[p] for p in pairs.people])).max()
    other = igraph.Graph(n=pairs.n, edges=np.stack([pairs.first, pairs.second], axis=1))
    beside, _ = timed(lambda: other.betweenness(), 2)
    print(
        f"exact betweenness of {n:,}: 1/{theirs / ours:.0f} of networkx (aim 1/30), {ours / beside:.2f} x igraph, ",
        end="",
    )
    print(f"the same to {same:.0e}")


def compare_key_players(table: pd.DataFrame, n: int, k: int = 5) -> None:
    """Print the ratio to taking everybody out in turn and counting again, timed on a few and taken for all."""
    pairs = pairs_of_table(table)
    ours, _ = timed(lambda: find_key_players(pairs, k))
    graph = nx.from_pandas_edgelist(table, "person_a", "person_b")
    some = list(graph)[:40]

    def recount() -> None:
        for person in some:
            rest = nx.restricted_view(graph, [person], [])
            sum(len(part) * (len(part) - 1) for part in nx.connected_components(rest))

    theirs, _ = timed(recount, 1)
    print(
        f"key players of {n:,}, k = {k}: 1/{k * theirs * n / len(some) / ours:,.0f} of delete-and-recount (aim 1/1,000)"
    )


def compare_draws(n: int = 500, draws: int = 1_000) -> None:
    """Print the ratio of all measures of all draws to as many runs of betweenness alone."""
    pairs = pairs_of_table(make_pairs(n, seed=3))
    plausible = vary_pairs(pairs, read_tie_policy().doubt, seed=1, draws=draws)
    ours, _ = timed(lambda: measure_draws(plausible, list(DRAWN)), 1)
    graphs = [plausible.draw(k).graph() for k in range(draws)]
    bare, _ = timed(lambda: [rx.betweenness_centrality(g, parallel_threshold=n + 1) for g in graphs], 1)
    print(f"{draws:,} draws of {n} people, all {len(DRAWN)} measures: {ours / bare:.1f} x betweenness alone (aim 5)")


def say_sampled(table: pd.DataFrame, n: int) -> None:
    """Print how long the estimate of betweenness takes, and how far off it may be."""
    pairs = pairs_of_table(table)
    took, found = timed(lambda: estimate_betweenness(pairs, seed=1), 1)
    first = int(np.argmax(found.value))
    said = f"{found.value[first]:.4f}, standard error {found.error[first]:.4f}"
    print(f"betweenness of {n:,} from {found.n_beginnings} beginnings: {took:.0f} s; the highest {said}")


def compare_page(n: int = 1_000) -> None:
    """Print the ratio of the page, placed and drawn, to pyvis made of a networkx graph."""
    from pyvis.network import Network

    from csp_toolkit.display.network_view import view_network
    from csp_toolkit.networks.layout import lay_out

    table = make_pairs(n, seed=2)
    ends = pd.concat([table["person_a"], table["person_b"]]).value_counts()
    most = read_tie_policy().most_nodes_on_screen
    drawn = sorted(ends.index[:most])
    ties = table[table["person_a"].isin(drawn) & table["person_b"].isin(drawn)]
    ties = ties.assign(n_origins=1, is_tested="N", kinds="stated association").reset_index(drop=True)
    nodes = pd.DataFrame({"node_id": drawn, "label": drawn, "kind": "scored", "is_harmed": "N"}, dtype="str")
    ours, made = timed(lambda: view_network(lay_out(nodes, ties), ties, title="Who is connected", alt="A network."))
    graph = nx.from_pandas_edgelist(table, "person_a", "person_b")

    def by_pyvis() -> str:
        network = Network(cdn_resources="in_line")
        network.from_nx(graph)
        return str(network.generate_html())

    theirs, page = timed(by_pyvis, 1)
    print(f"the page of {most} of {n:,} people: 1/{theirs / ours:.1f} of pyvis from_nx (aim 1/5), ", end="")
    print(f"{len(made.html) // 1000} KB (pyvis {len(page) // 1000} KB; aim 700)")


if __name__ == "__main__":
    networkit.setNumberOfThreads(1)
    for size in SIZES:
        made = make_pairs(size)
        compare_near_linear(made, size)
        if size <= 5_000:
            compare_betweenness(made, size)
            compare_key_players(made, size)
        if size > MOST_EXACT:
            say_sampled(made, size)
    compare_draws()
    compare_page()
