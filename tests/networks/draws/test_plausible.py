"""Networks as they may be: worlds shared with the matrix, chances kept, and intervals that mean what they say."""

import numpy as np
import pytest

from csp_toolkit.networks.draws.plausible import vary_pairs, vary_ties
from csp_toolkit.networks.draws.unseen import check_unseen
from csp_toolkit.networks.graph import build_graph
from csp_toolkit.networks.measures import measure, measure_pairs
from csp_toolkit.networks.policy import Doubt, read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from csp_toolkit.tables.draws import ORIGIN, draw_truths, number_names
from tests.networks.made_networks import pairs_of, random_pairs
from tests.networks.small_views import crime, joined, make_view, report

POLICY = read_tie_policy()
DOUBT = POLICY.doubt
SURE = DOUBT.model_copy(update={"missing_ties": 0.0})
MANY = 4_000
RECORDS = joined(
    report("R1", "2A", "A", "B"), report("R2", "2C", "A", "B"), report("R3", "2B", "C", "D", "E", origin_ref="OR-R1"),
    *(report(f"W{n}", "2C", "A", "F") for n in range(6)), crime("C1", "F", "G", "H"),
)  # fmt: skip


def ties_of(records: dict = RECORDS):
    return collect_ties(make_view(**records), POLICY)


def test_each_tie_exists_in_as_many_draws_as_its_chance_says():
    ties = ties_of()
    found = vary_ties(ties, seed=1, draws=MANY).exists.mean(axis=1)
    chances = ties.table["p_exists"].to_numpy()
    assert np.abs(found - chances).max() < 4 * np.sqrt(0.25 / MANY)
    assert ties.table.set_index(["person_a", "person_b"]).loc[("A", "F"), "p_exists"] == 0.5  # the cap holds in draws


def test_a_report_is_true_in_the_draws_in_which_the_matrix_has_it_true():
    ties = ties_of(report("R1", "2C", "A", "B", origin_ref="OR-7"))
    exists = vary_ties(ties, seed=3, draws=500).exists[0]
    matrix = draw_truths(number_names(ORIGIN, ["OR-7"], seed=3), np.array([POLICY.grade_factors["2C"]]), range(500))[0]
    assert (exists == matrix).all() and 0 < exists.sum() < 500


def test_two_ties_of_one_origin_stand_or_fall_together_as_far_as_their_crowds_allow():
    ties = ties_of(joined(report("R1", "2C", "A", "B", origin_ref="O"), report("R2", "2C", "C", "D", origin_ref="O")))
    one, two = vary_ties(ties, seed=1, draws=300).exists
    assert (one == two).all()


def test_the_pairs_of_a_crowd_do_not_all_exist_at_once():
    exists = vary_ties(ties_of(report("R1", "1A", *"ABCDEFGHIJK")), seed=1, draws=400).exists
    assert exists.sum(axis=0).max() < 25 and exists.mean() == pytest.approx(0.1, abs=0.02)


def test_draws_do_not_depend_on_the_order_of_rows_or_on_who_else_is_there():
    from dataclasses import replace

    ties = ties_of()
    turned = replace(ties, table=ties.table[::-1], evidence=ties.evidence[::-1])
    assert (vary_ties(ties, seed=1).exists == vary_ties(turned, seed=1).exists).all()
    more = ties_of(joined(RECORDS, report("Z1", "1A", "X", "Y")))
    assert (vary_ties(more, seed=1).exists[: len(ties.table)] == vary_ties(ties, seed=1).exists).all()


def test_fewer_draws_are_the_first_of_more():
    pairs = random_pairs(3)
    few, more = (vary_pairs(pairs, DOUBT, seed=1, draws=n) for n in (40, 80))
    for k in (0, 17, 39):
        assert few.draw(k).first.tolist() == more.draw(k).first.tolist()


def test_unrecorded_ties_come_at_the_stated_rate_and_are_new_pairs():
    pairs = random_pairs(61)
    plausible = vary_pairs(pairs, DOUBT.model_copy(update={"missing_ties": 0.2}), seed=1, draws=400)
    known = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    drawn = list(zip(plausible.missing.first.tolist(), plausible.missing.second.tolist(), strict=True))
    assert not known & set(drawn) and all(a < b for a, b in drawn)
    expected = pairs.strength.sum() * 0.2 / 0.8
    assert len(drawn) / 400 == pytest.approx(expected, rel=0.15)
    assert len({(k, *pair) for k, pair in zip(plausible.missing.draw.tolist(), drawn, strict=True)}) == len(drawn)


def test_unrecorded_ties_go_to_those_who_have_many_and_stay_within_groups():
    clique = [f"{a}{b}" for n, a in enumerate("ABCDEFG") for b in "ABCDEFG"[n + 1 :]][:-6]
    pairs = pairs_of(*clique, "PQ", "QR", "RS")
    plausible = vary_pairs(pairs, DOUBT.model_copy(update={"missing_ties": 0.2}), seed=1, draws=300)
    ends = np.concatenate([plausible.missing.first, plausible.missing.second])
    assert (ends < 7).mean() > 0.7


def test_with_nothing_in_doubt_every_interval_is_the_value():
    pairs = random_pairs(2)
    sure = vary_pairs(pairs.with_ties(pairs.first, pairs.second), SURE, seed=1, draws=20)
    table = measure_pairs(sure.pairs, sure).table
    for name in ("degree", "betweenness", "harmonic", "core"):
        np.testing.assert_allclose(table[f"{name}_low"].astype(float), table[name], atol=1e-6)
        np.testing.assert_allclose(table[f"{name}_high"].astype(float), table[name], atol=1e-6)


def test_an_interval_holds_the_ends_and_the_chances_of_a_place_come_to_the_places():
    pairs = random_pairs(21)
    measures = measure_pairs(pairs, vary_pairs(pairs, DOUBT, seed=1))
    rows = measures.standings[measures.standings["measure"] != "is_cut"].dropna()
    assert (rows["low"] <= rows["high"]).all() and (rows["rank_low"] <= rows["rank_high"]).all()
    degree = measures.standings[measures.standings["measure"] == "degree"]
    assert degree["p_top"].sum() == pytest.approx(DOUBT.top, abs=0.05)


def test_a_doubtful_bridge_makes_the_place_of_its_ends_doubtful():
    ties = ties_of(joined(*(report(f"R{n}", "1A", *p) for n, p in enumerate(("AB", "BC", "CA", "XY", "YZ", "ZX"))),
                          report("B1", "2D", "C", "X")))  # fmt: skip
    graph = build_graph(ties)
    measures = measure(graph, vary_ties(ties, seed=1))
    assert "rank 1 on the record" in measures.explain("C") and "not the same as leader" in measures.explain("C")
    row = measures.table.set_index("person_id").loc["C"]
    assert row["betweenness"] > 0.5 and row["betweenness_low"] == 0 and row["is_cut"] == 1 and row["is_cut_p_top"] < 0.4


def test_draws_of_other_people_and_unknown_measures_are_refused():
    from csp_toolkit.errors import TableError

    graph = build_graph(ties_of())
    with pytest.raises(TableError, match="other people"):
        measure(graph, vary_ties(ties_of(report("R1", "1A", "A", "B")), seed=1))
    with pytest.raises(TableError, match="No measure is called eigenvector"):
        measure(graph, varied=["eigenvector"])


def test_measures_that_were_not_varied_say_so():
    ties = ties_of()
    table = measure(build_graph(ties), vary_ties(ties, seed=1, draws=20), varied=["degree"]).table
    assert (table["betweenness_low"] == "not assessed").all() and (table["degree_low"] != "not assessed").all()


def test_unrecorded_people_are_warned_of_where_they_would_change_the_finding():
    star = pairs_of(*(f"A{c}" for c in "BCDEFGHIJKLMNOPQRSTUVW"))
    doubt = Doubt.model_validate(SURE.model_dump() | {"top": 1, "missing_people": 0.05})
    calm = check_unseen(vary_pairs(star, doubt, seed=1))
    assert not calm.would_change and "much the same" in calm.say()
    ring = pairs_of(*("ABCDEFGHIJKLMNOPQRST"[n] + "BCDEFGHIJKLMNOPQRSTA"[n] for n in range(20)))
    shaky = check_unseen(vary_pairs(ring, doubt, seed=1))
    assert shaky.would_change and shaky.say().startswith("Warning: if 5 in 100 of the people are on no record")
    assert calm.table["person_id"].iloc[0] == "A"


def test_people_without_a_tie_can_have_one_that_nobody_recorded():
    plausible = vary_pairs(pairs_of("AB", "BC", people="Z"), DOUBT, seed=1, draws=400)
    tied = [3 in (*plausible.draw(k).first, *plausible.draw(k).second) for k in range(400)]
    assert 0.4 < np.mean(tied) < 0.7
