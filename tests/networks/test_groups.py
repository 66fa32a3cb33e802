"""Groups that hold, groups on record beside them, and what alone joins two of them."""

import os
import subprocess
import sys

import numpy as np
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.networks.bridges import find_bridges
from csp_toolkit.networks.communities import find_groups
from csp_toolkit.networks.draws.plausible import vary_pairs, vary_ties
from csp_toolkit.networks.graph import build_graph
from csp_toolkit.networks.groups import compare_groups, name_groups
from csp_toolkit.networks.measures import measure
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from tests.networks.made_networks import pairs_of, random_pairs
from tests.networks.small_views import joined, make_view, report

POLICY = read_tie_policy()
DOUBT = POLICY.doubt
SURE = DOUBT.model_copy(update={"missing_ties": 0.0})
TWO_CLIQUES = ["AB", "AC", "AD", "BC", "BD", "CD", "WX", "WY", "WZ", "XY", "XZ", "YZ"]
HASH_SEEDS = range(20) if os.environ.get("CSP_PROVE") else (1, 77)


def view_of(weak: str = "2D", **more):
    records = [report(f"R{n}", "1A", *p) for n, p in enumerate(TWO_CLIQUES)]
    return make_view(
        groups=[{"group_ref": "G1", "group_name": "Elm Row"}, {"group_ref": "G2", "group_name": "Long Lane"}],
        group_members=[
            {"group_ref": ref, "person_ref": p, "role": "MEMBER", "from_on": "2026-01-01"}
            for ref, people in (("G1", "ABCD"), ("G2", "WXYZ")) for p in people
        ],
        **joined(*records, report("B1", weak, "A", "Z", on="2026-03-10"), more),
    )  # fmt: skip


def test_two_cliques_are_two_groups_however_the_search_runs():
    found = find_groups(vary_pairs(pairs_of(*TWO_CLIQUES, "AW"), SURE, seed=1, draws=40))
    assert found.table["n_people"].tolist() == [4, 4]
    assert found.members.set_index("person_id")["found_group"].to_dict() == dict.fromkeys("ABCD", 1) | dict.fromkeys(
        "WXYZ", 2
    )
    assert found.members["p_together"].min() > 0.9 and found.members["p_apart"].max() < 0.2
    assert "3 others of found group 1" in found.explain("A")


def test_co_membership_is_a_chance_and_the_same_both_ways():
    found = find_groups(vary_pairs(random_pairs(33), DOUBT, seed=1, draws=30))
    assert ((found.together >= 0) & (found.together <= 1)).all() and (found.together == found.together.T).all()
    assert found.members["n_in_group"].min() >= 1
    sizes = found.members[found.members["found_group"] > 0].groupby("found_group").size()
    assert sizes.tolist() == found.table["n_people"].tolist()


def test_nobody_is_in_a_group_with_people_they_do_not_usually_come_out_with():
    found = find_groups(vary_pairs(random_pairs(7), DOUBT, seed=1, draws=60))
    for _, own in found.members[found.members["found_group"] > 0].groupby("found_group"):
        assert found.share_together(own["person_id"].tolist()) >= 0.5


def test_somebody_tied_to_nobody_is_in_no_group():
    found = find_groups(vary_pairs(pairs_of("AB", "BC", people="Z"), SURE, seed=1, draws=20))
    assert found.members.set_index("person_id").loc["Z", "found_group"] == 0
    assert "nobody more often than not" in found.explain("Z")


PROGRAM = """
import hashlib
from csp_toolkit.networks.communities import find_groups
from csp_toolkit.networks.draws.plausible import vary_pairs
from csp_toolkit.networks.policy import read_tie_policy
from tests.networks.made_networks import random_pairs
found = find_groups(vary_pairs(random_pairs(33), read_tie_policy().doubt, seed=1, draws=30))
print(hashlib.sha256(found.members.to_csv().encode() + found.together.tobytes()).hexdigest())
"""


def test_groups_are_the_same_under_every_hash_seed():
    seen = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env=os.environ | {"PYTHONHASHSEED": str(n)}, capture_output=True,
            text=True, check=True,
        ).stdout
        for n in HASH_SEEDS
    }  # fmt: skip
    assert len(seen) == 1


def test_too_many_people_to_hold_everybody_with_everybody_are_refused(monkeypatch):
    monkeypatch.setattr("csp_toolkit.networks.communities.MOST_PEOPLE", 5)
    with pytest.raises(TableError, match="too many to group"):
        find_groups(vary_pairs(pairs_of(*TWO_CLIQUES), SURE, seed=1, draws=20))


def test_a_group_on_record_is_held_against_the_group_its_people_come_out_with():
    view = view_of()
    ties = collect_ties(view, POLICY)
    found = find_groups(vary_ties(ties, seed=1, draws=40))
    table = compare_groups(view, ties, measure(build_graph(ties)), found)
    assert (table["n_in_found_group"] == 4).all() and (table["n_others_in_found_group"] == 0).all()
    assert table["stability"].min() > 0.9 and sorted(table["found_group"]) == [1, 2]


def test_a_bridge_that_rests_on_one_low_graded_report_is_described_as_such():
    ties = collect_ties(view_of(), POLICY)
    bridges = find_bridges(ties, vary_ties(ties, seed=1), groups=name_groups(view_of()))
    tie, person = bridges.say({"A": "Person 1", "Z": "Person 2"})
    assert tie == (
        "Person 1 – Person 2 is the only known tie between Person 1 with three others and Person 2 with three others; "
        "it rests on one 2D report of March 2026, from one untested origin, with a chance of 10 in 100 that it is "
        "there."
    )
    assert person.startswith("Person 1 is the only known link between Elm Row and Long Lane; it rests on one 2D report")
    assert bridges.table["p_bridge"].max() < 0.25


def test_a_bridge_between_a_few_and_the_rest_is_none():
    ties = collect_ties(make_view(**joined(report("R1", "1A", "A", "B"), report("R2", "1A", "B", "C"))), POLICY)
    assert find_bridges(ties).table.empty and find_bridges(ties).say() == []


def test_two_people_between_two_groups_are_no_only_link():
    view = view_of("1A", **report("B2", "1A", "B", "Y"))
    bridges = find_bridges(collect_ties(view, POLICY), groups=name_groups(view))
    assert bridges.table.empty and "alone joins" in bridges.explain("A")


def test_one_person_in_every_tie_between_two_groups_is_their_only_link():
    view = view_of("1A", **report("B2", "1A", "A", "Y"))
    table = find_bridges(collect_ties(view, POLICY), groups=name_groups(view)).table
    assert table["kind"].tolist() == ["only person"] and table["person_id"].tolist() == ["A"]
    assert table["n_ties"].tolist() == [2] and np.isnan(table["p_bridge"]).all()
