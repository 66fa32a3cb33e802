"""What-ifs, who takes over as a question, and who carries a message."""

import itertools

import networkx as nx
import numpy as np
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.networks.draws.plausible import vary_pairs
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from csp_toolkit.networks.what_if.dismantling import dismantle
from csp_toolkit.networks.what_if.disruption import (
    EFFICIENCY,
    FLOW,
    LARGEST,
    divert_people,
    remove_people,
    suggest_people,
)
from csp_toolkit.networks.what_if.outreach import find_messengers, follow_message
from csp_toolkit.networks.what_if.recovery import ask_recovery
from tests.networks.made_networks import pairs_of, random_pairs
from tests.networks.small_views import joined, make_view, report

POLICY = read_tie_policy()
DOUBT = POLICY.doubt
SURE = DOUBT.model_copy(update={"missing_ties": 0.0})
STAR = [f"A{c}" for c in "BCDEFGHIJ"]
RING = [a + b for a, b in itertools.pairwise("ABCDEFGHIJA")]


def drawn(*pairs: str, doubt=SURE):
    return vary_pairs(pairs_of(*pairs), doubt, seed=1, draws=60)


def effect(what_if, name: str):
    return what_if.table.set_index("effect").loc[name]


def test_without_its_middle_a_star_falls_apart_and_chance_does_not_do_that():
    gone = remove_people(drawn(*STAR), ["A"], under_18=[])
    row = effect(gone, LARGEST)
    assert (row["before"], row["after"], row["at_random"]) == (10, 1, 9)
    assert gone.is_better_than_chance and "more than chance" in gone.explain()
    assert "may be replaced" in gone.explain()


def test_somebody_like_everybody_else_is_no_better_than_chance():
    gone = remove_people(drawn(*RING), ["C"], under_18=[])
    assert not gone.is_better_than_chance and "no better than chance" in gone.explain()
    assert effect(gone, LARGEST)["after"] == 9


def test_people_taken_at_random_are_connected_ones():
    """Against people whom nobody is tied to, anything would look better than chance."""
    alone = vary_pairs(pairs_of(*RING, people="klmnopqrstuvwxyz"), SURE, seed=1, draws=40)
    assert effect(remove_people(alone, ["C"], under_18=[]), LARGEST)["random_high"] == 9


def test_efficiency_is_that_of_networkx():
    pairs = random_pairs(9)
    graph = nx.Graph()
    graph.add_nodes_from(pairs.people)
    graph.add_edges_from(zip(pairs.people[pairs.first], pairs.people[pairs.second], strict=True))
    sure = vary_pairs(pairs.with_ties(pairs.first, pairs.second), SURE, seed=1, draws=20)
    one = str(pairs.people[0])
    row = effect(remove_people(sure, [one], under_18=[]), EFFICIENCY)
    assert row["before"] == pytest.approx(nx.global_efficiency(graph))
    graph.remove_node(one)
    assert row["after"] == pytest.approx(nx.global_efficiency(graph))


def test_ways_between_groups_are_those_that_share_no_tie():
    pairs = pairs_of("AX", "XY", "BY", "CZ", "YW", "ZW", "AB", "BC")
    groups = dict.fromkeys("ABC", "one") | dict.fromkeys("W", "two")
    before = effect(remove_people(vary_pairs(pairs, SURE, seed=1, draws=20), ["X"], under_18=[], groups=groups,
                                  between=("one", "two")), FLOW)  # fmt: skip
    assert before["before"] == 2 and before["after"] == 2
    gone = remove_people(vary_pairs(pairs, SURE, seed=1, draws=20), ["Z"], under_18=[], groups=groups,
                         between=("one", "two"))  # fmt: skip
    assert effect(gone, FLOW)["after"] == 1


def test_diverting_ends_about_half_of_somebodys_ties():
    plausible = drawn(*STAR)
    row = effect(divert_people(plausible, ["A"], under_18=[]), LARGEST)
    assert 4 < row["after"] < 7.5
    assert row["after"] > effect(remove_people(plausible, ["A"], under_18=[]), LARGEST)["after"]


@pytest.mark.parametrize("work", [remove_people, divert_people])
def test_under_18s_are_never_removed_or_diverted(work):
    with pytest.raises(TableError, match="1 of 2 people are under 18: they are proposed for support only"):
        work(drawn(*STAR), ["A", "B"], under_18=["B"])
    assert "A" not in suggest_people(drawn(*STAR), 2, under_18=["A"])["person_id"].tolist()


def test_nobody_and_strangers_are_refused():
    for people in ([], ["Q"]):
        with pytest.raises(TableError):
            remove_people(drawn(*STAR), people, under_18=[])


def test_who_is_suggested_is_chosen_in_every_network_where_nothing_is_in_doubt():
    table = suggest_people(drawn(*STAR, "BX", "BY", "BZ"), 2, under_18=[])
    assert table.head(2).values.tolist() == [["A", 1.0], ["B", 1.0]]


def test_taking_people_out_one_by_one_starts_whole_and_ends_with_nobody():
    steps = dismantle(random_pairs(21), "degree")
    assert steps["share_largest"].is_monotonic_decreasing and steps["share_largest"].iloc[-1] == 0
    with pytest.raises(TableError, match="Nobody can be taken by luck"):
        dismantle(random_pairs(21), "luck")


@pytest.mark.parametrize("seed", [4, 8, 40])
def test_the_fewest_messengers_reach_everybody_and_fewer_cannot(seed):
    pairs = random_pairs(seed)
    found = find_messengers(pairs)
    assert found.n_reached == pairs.n and found.n_out_of_reach == 0
    fewer = len(found.messengers) - 1
    if pairs.n <= 16:
        people = pairs.people.tolist()
        assert all(follow_message(pairs, some).n_reached < pairs.n for some in itertools.combinations(people, fewer))


def test_only_those_a_partner_can_engage_carry_a_message_and_who_is_out_of_reach_is_counted():
    found = find_messengers(pairs_of("AB", "BC", "CD", "XY"), engageable=["A", "D"])
    assert found.messengers == ("A", "D") and found.n_out_of_reach == 2 and found.n_reached == 4
    assert "two" in found.explain() or "2" in found.explain()
    with pytest.raises(TableError, match="Nobody in the network can be engaged"):
        find_messengers(pairs_of("AB"), engageable=["Q"])


def test_a_doubtful_tie_may_not_carry_a_message():
    pairs = pairs_of("AB", p=0.25)
    plausible = vary_pairs(pairs, SURE, seed=1, draws=400)
    followed = follow_message(pairs, ["A"], plausible=plausible)
    assert "and to 1 where doubtful ties may not be there" in followed.explain()
    assert "doubtful" not in follow_message(pairs, ["A"]).explain()
    reached = followed.table.set_index("person_id")["p_reached"]
    assert reached["A"] == 1 and reached["B"] == pytest.approx(0.25, abs=0.08)


def test_what_comes_after_is_asked_and_never_scored_and_not_of_the_young():
    records = [report(f"R{n}", "2C", *p) for n, p in enumerate(("AB", "AC", "AD", "EB", "EC", "ED", "FB", "FC"))]
    ties = collect_ties(make_view(**joined(*records)), POLICY)
    asked = ask_recovery(ties, ["A"], under_18=["F"])
    assert asked["asked_of"].tolist() == ["E"] and asked["n_shared"].tolist() == [3]
    assert asked["question"].iloc[0] == (
        "If A is away, what is E doing? They share 3 of 3 contacts on record, three ties of these untested. A question "
        "to ask, not a finding."
    )
    assert not {"score", "rank", "p"} & set(asked.columns)
    assert np.issubdtype(asked["n_untested"].dtype, np.integer)
