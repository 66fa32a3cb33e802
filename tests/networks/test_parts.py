"""Parts of a network: slices, snowballs, and the forms other programs read."""

import io
from datetime import date

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.networks.evidence.pairs import pairs_of_graph, pairs_of_table
from csp_toolkit.networks.exchange import ENTITY_COLUMNS, LINK_COLUMNS, list_for_i2, write_graphml
from csp_toolkit.networks.graph import build_graph, slice_time
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.snowball import grow_snowball
from csp_toolkit.networks.ties import collect_ties
from tests.networks.small_views import joined, make_view, report

POLICY = read_tie_policy()


def ties_between(*pairs: str, on: str = "2026-09-01"):
    records = (report(f"R{n}", "1A", *p, on=on) for n, p in enumerate(pairs))
    return collect_ties(make_view(**joined(*records)), POLICY)


def table(*pairs: tuple, p: float = 1.0) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["person_a", "person_b"]).assign(p_exists=p)


def test_pairs_do_not_depend_on_the_order_of_rows_or_ends():
    one = pairs_of_table(table(("A", "B"), ("B", "C")), people=["Z"])
    two = pairs_of_table(table(("C", "B"), ("B", "A")), people=["Z"])
    assert one.people.tolist() == two.people.tolist() == ["A", "B", "C", "Z"]
    assert one.first.tolist() == two.first.tolist() == [0, 1] and one.second.tolist() == two.second.tolist()


@pytest.mark.parametrize("nobody", [None, np.nan, "", "NA", "nan", "<NA>"])
def test_nobody_does_not_become_somebody_whom_everybody_knows(nobody):
    with pytest.raises(TableError, match="1 rows without an id"):
        pairs_of_table(table(("A", nobody), ("B", "C")))


def test_ids_that_are_numbers_are_the_same_people_whatever_their_type():
    for kind in ("int64", "float64", "Int64"):
        made = pairs_of_table(table((1, 2), (2, 10)).astype({"person_a": kind, "person_b": kind}))
        assert made.people.tolist() == ["1", "10", "2"]
    with pytest.raises(TableError, match="fraction"):
        pairs_of_table(table((1.5, 2.0)))


def test_a_pair_with_itself_or_written_twice_is_refused():
    with pytest.raises(TableError, match="themself"):
        pairs_of_table(table(("A", "A")))
    with pytest.raises(TableError, match="stand twice"):
        pairs_of_table(table(("A", "B"), ("B", "A")))


def test_a_graph_and_its_table_are_the_same_pairs():
    ties = ties_between("AB", "BC", "CD")
    one, two = pairs_of_table(ties.table), pairs_of_graph(build_graph(ties))
    assert one.people.tolist() == two.people.tolist() and one.strength.tolist() == two.strength.tolist()
    assert one.first.tolist() == two.first.tolist() and one.second.tolist() == two.second.tolist()


def test_slices_have_the_same_people_and_only_what_was_seen_then():
    ties = collect_ties(
        make_view(
            **joined(report("R1", "1A", "A", "B", on="2026-03-05"), report("R2", "1A", "B", "C", on="2026-09-05"))
        ),
        POLICY,
    )
    slices = slice_time(ties, [date(2026, 3, 31), date(2026, 9, 30)], days=31)
    assert [list(g.edges) for g in slices.values()] == [[("A", "B")], [("B", "C")]]
    assert all(sorted(g) == ["A", "B", "C"] for g in slices.values())


def test_a_snowball_knows_each_wave_and_marks_the_last_as_under_observed():
    ball = grow_snowball(build_graph(ties_between("AB", "BC", "CD", "DE")), ["A"], waves=2)
    rows = ball.table.set_index("person_id")
    assert rows["wave"].to_dict() == {"A": 0, "B": 1, "C": 2}
    assert rows["is_under_observed"].to_dict() == {"A": "N", "B": "N", "C": "Y"}
    assert (rows.loc["C", "n_ties"], rows.loc["C", "n_ties_seen"]) == (2, 1)
    assert "last wave" in ball.explain("C") and "began" in ball.explain("A")
    assert ball.graph.nodes["C"]["wave"] == 2 and sorted(ball.graph.edges) == [("A", "B"), ("B", "C")]


def test_a_snowball_needs_somebody_to_begin_with():
    graph = build_graph(ties_between("AB"))
    for seeds in ([], ["Q"]):
        with pytest.raises(TableError, match="snowball"):
            grow_snowball(graph, seeds)


def test_graphml_comes_back_as_it_went_though_it_knows_no_dates_or_lists():
    graph = build_graph(ties_between("AB", "BC"))
    graph.nodes["A"].update(
        seen=pd.Timestamp("2026-09-01"), tags=["x"], size=np.int64(3), unknown=None, gap=float("nan")
    )
    back = nx.read_graphml(io.StringIO(write_graphml(graph)))
    assert sorted(back.edges) == sorted(graph.edges)
    assert back["A"]["B"]["strength"] == graph["A"]["B"]["strength"]
    assert back.nodes["A"]["size"] == 3 and "unknown" not in back.nodes["A"] and "gap" not in back.nodes["A"]
    assert graph.nodes["A"]["unknown"] is None  # left as it was


def test_links_for_i2_carry_chance_grades_and_dates():
    ties = collect_ties(make_view(**joined(report("R1", "2C", "A", "B"), report("R2", "1A", "B", "C"))), POLICY)
    made = list_for_i2(ties, {"A": "<Ash>"})
    assert list(made["entities"]) == list(ENTITY_COLUMNS) and list(made["links"]) == list(LINK_COLUMNS)
    assert made["entities"]["label"].tolist() == ["<Ash>", "B", "C"]
    first = made["links"].iloc[0]
    assert (first["strength"], first["chance_in_100"], first["grades"]) == ("Tentative", 25, "2C")
    assert made["links"]["strength"].tolist()[1] == "Confirmed"
    assert set(made["links"]["from_id"]) | set(made["links"]["to_id"]) == set(made["entities"]["entity_id"])
