"""Graph and measures: answers worked out by hand, and the traps of graph libraries."""

import networkx as nx
import pandas as pd
import pytest

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.errors import TableError
from csp_toolkit.networks.evidence.weighing import KINDS
from csp_toolkit.networks.graph import build_graph, split_layers, take_ego, take_people
from csp_toolkit.networks.groups import compare_groups
from csp_toolkit.networks.measures import measure
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from tests.networks.small_views import crime, joined, make_view, report

POLICY = read_tie_policy()
KITE = ("AB", "AC", "BC", "CD", "DE")


def ties_between(*pairs: str, grade: str = "1A"):
    return collect_ties(make_view(**joined(*(report(f"R{n}", grade, *p) for n, p in enumerate(pairs)))), POLICY)


def graph_of(*pairs: str) -> nx.Graph:
    return build_graph(ties_between(*pairs))


def column(graph: nx.Graph, name: str) -> dict:
    return measure(graph).table.set_index("person_id")[name].to_dict()


def test_a_path_of_five_has_the_betweenness_worked_out_by_hand():
    between = column(graph_of("AB", "BC", "CD", "DE"), "betweenness")
    assert between == pytest.approx({"A": 0, "B": 3 / 6, "C": 4 / 6, "D": 3 / 6, "E": 0}, abs=1e-6)


def test_betweenness_agrees_with_networkx():
    graph = graph_of(*KITE, "EF", "FG", "GD", "XY")
    assert column(graph, "betweenness") == pytest.approx(nx.betweenness_centrality(graph, weight=None), abs=1e-6)


def test_components_are_numbered_by_size_then_by_id():
    table = measure(graph_of("XY", "MN", "AB", "BC")).table.set_index("person_id")
    assert table["component"].to_dict() == {"A": 1, "B": 1, "C": 1, "M": 2, "N": 2, "X": 3, "Y": 3}
    assert table["n_in_component"].to_dict()["A"] == 3


def test_strength_is_the_number_of_ties_to_expect():
    ties = collect_ties(make_view(**joined(report("R1", "2A", "A", "B"), report("R2", "1C", "A", "C"))), POLICY)
    assert column(build_graph(ties), "strength") == pytest.approx({"A": 1.1, "B": 0.6, "C": 0.5})
    assert column(build_graph(ties), "degree") == {"A": 2, "B": 1, "C": 1}


def test_strength_and_distance_are_kept_apart_and_never_called_weight():
    ties = collect_ties(make_view(**report("R1", "2A", "A", "B")), POLICY)
    (data,) = [d for _, _, d in build_graph(ties).edges(data=True)]
    assert data["strength"] == 0.6 and data["distance"] == pytest.approx(1 / 0.6) and "weight" not in data


def test_a_tie_without_strength_is_refused_rather_than_counted_as_one():
    graph = graph_of("AB")
    graph.add_edge("A", "C")
    with pytest.raises(TableError, match="1 ties have no strength"):
        measure(graph)


def test_several_rows_of_one_pair_become_one_tie_that_keeps_them_all():
    ties = collect_ties(make_view(**joined(report("R1", "2A", "A", "B"), report("R2", "2C", "A", "B"))), POLICY)
    graph = build_graph(ties)
    assert graph.number_of_edges() == 1 and graph["A"]["B"]["n_items"] == 2


def test_missing_ids_self_ties_and_repeated_pairs_are_refused():
    from dataclasses import replace

    ties = ties_between("AB")
    for a, b in ((None, "B"), ("A", "A")):
        with pytest.raises(TableError, match="1 rows"):
            build_graph(replace(ties, table=ties.table.assign(person_a=a, person_b=b)))
    with pytest.raises(TableError, match="stand twice"):
        build_graph(replace(ties, table=pd.concat([ties.table, ties.table])))


def test_nodes_and_edges_are_in_order_whatever_the_order_of_the_rows():
    one, two = graph_of("AB", "CD", "BC"), graph_of("BC", "CD", "AB")
    assert list(one.nodes) == list(two.nodes) == ["A", "B", "C", "D"]
    assert list(one.edges) == list(two.edges)


def test_measuring_and_taking_parts_leave_the_graph_as_it_was():
    graph = graph_of(*KITE)
    before = nx.node_link_data(graph)
    measure(graph)
    ego = take_ego(graph, "D")
    take_people(graph, frozenset("AB")).add_edge("A", "Z")
    ego["C"]["D"]["strength"] = 0
    assert nx.node_link_data(graph) == before


def test_an_ego_network_holds_who_is_near_and_their_ties_among_each_other():
    ego = take_ego(graph_of(*KITE), "A")
    assert sorted(ego) == ["A", "B", "C"] and ego.number_of_edges() == 3
    assert sorted(take_ego(graph_of(*KITE), "A", steps=2)) == ["A", "B", "C", "D"]
    with pytest.raises(TableError, match="in no tie"):
        take_ego(graph_of("AB"), "Q")


def test_layers_have_the_same_people_and_only_their_own_ties():
    layers = split_layers(
        collect_ties(make_view(**joined(crime("C1", "A", "B"), report("R1", "1A", "B", "C"))), POLICY)
    )
    assert set(layers) == set(KINDS)
    assert all(sorted(layer) == ["A", "B", "C"] for layer in layers.values())
    assert list(layers["charged together"].edges) == [("A", "B")]


def test_a_person_without_a_tie_is_measured_as_alone():
    alone = measure(build_graph(ties_between("AB"), people=frozenset("Z"))).table.set_index("person_id").loc["Z"]
    assert (alone["degree"], alone["n_in_component"], alone["betweenness"]) == (0, 1, 0)


def test_intervals_say_that_they_were_not_assessed():
    table = measure(graph_of("AB")).table
    assert (table.filter(regex="_(low|high)$") == NOT_ASSESSED).all(axis=None)


def test_no_ties_are_measured_as_no_rows():
    assert measure(build_graph(ties_between())).table.empty


def test_relabelling_permutes_every_measure():
    new = dict(zip("ABCDE", "QWMKX", strict=True))
    one = measure(graph_of(*KITE)).table.set_index("person_id")
    two = measure(graph_of(*("".join(new[c] for c in pair) for pair in KITE))).table.set_index("person_id")
    for name in ("degree", "strength", "betweenness", "n_in_component"):
        assert {new[p]: v for p, v in one[name].items()} == pytest.approx(two[name].to_dict())


def test_a_group_on_record_is_compared_with_the_ties_of_its_people():
    members = [
        {"group_ref": "G1", "person_ref": p, "role": r, "from_on": "2026-01-01", "to_on": to}
        for p, r, to in (
            ("A", "MEMBER", None), ("B", "ELDER", None), ("D", "MEMBER", None), ("Z", "MEMBER", None),
            ("C", "FORMER", None), ("E", "MEMBER", "2026-03-01"), ("F", "EXPLOITED", None),
        )
    ]  # fmt: skip
    view = make_view(
        groups=[{"group_ref": "G1", "group_name": "Nine"}],
        group_members=members,
        **joined(report("R1", "1A", "A", "B"), report("R2", "1A", "B", "C"), report("R3", "1A", "D", "E")),
    )
    ties = collect_ties(view, POLICY)
    row = compare_groups(view, ties, measure(build_graph(ties))).iloc[0]
    assert (row["n_on_record"], row["n_in_network"], row["n_components"], row["n_in_largest_part"]) == (4, 3, 2, 2)
    assert (row["n_ties_within"], row["n_ties_outside"], row["stability"]) == (1, 2, NOT_ASSESSED)
