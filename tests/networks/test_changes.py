"""Two months side by side: every change has its cause, and the ties come out."""

import pytest

from csp_toolkit.networks.bridges import find_bridges
from csp_toolkit.networks.changes import compare_networks, say_new_bridges
from csp_toolkit.networks.communities import find_groups
from csp_toolkit.networks.draws.plausible import vary_ties
from csp_toolkit.networks.group_changes import compare_found
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from tests.networks.small_views import crime, joined, make_view, report

POLICY = read_tie_policy()


def ties_of(*records: dict, **more):
    return collect_ties(make_view(**joined(*records), **more), POLICY)


def changed(now, before) -> dict:
    table = compare_networks(now, before).ties
    keys = zip(table["person_a"], table["person_b"], strict=True)
    return dict(zip(keys, zip(table["change"], table["cause"], strict=True), strict=True))


BASE = (report("R1", "2C", "A", "B"), crime("C1", "C", "D"))


def test_nothing_new_is_no_change():
    change = compare_networks(ties_of(*BASE), ties_of(*BASE))
    assert change.ties.empty and change.explain("A", "B") == "As sure as it was, or as absent."


def test_a_new_report_is_a_new_tie_or_a_surer_one():
    now = ties_of(*BASE, report("R2", "2A", "A", "B"), report("R3", "2A", "E", "F"))
    assert changed(now, ties_of(*BASE)) == {("E", "F"): ("new", "new record"), ("A", "B"): ("surer", "new record")}


def test_a_record_taken_back_is_a_tie_gone():
    assert changed(ties_of(BASE[1]), ties_of(*BASE)) == {("A", "B"): ("gone", "a record no longer held")}


def test_a_grade_that_changed_is_the_cause():
    now = ties_of(report("R1", "1A", "A", "B"), BASE[1])
    assert changed(now, ties_of(*BASE)) == {("A", "B"): ("surer", "regraded")}


def test_an_outcome_of_no_further_action_is_the_cause():
    def arrests(disposal):
        rows = [
            {
                "custody_ref": p,
                "person_ref": p,
                "arrived_at": "2026-09-02 10:00",
                "crime_ref": "C9",
                "disposal": disposal,
            }
            for p in "GH"
        ]
        return {"custody": rows}

    was, now = ties_of(*BASE, arrests("BAILED")), ties_of(*BASE, arrests("NFA"))
    assert changed(now, was) == {("G", "H"): ("gone", "an outcome came")}


def test_who_was_taken_off_the_register_is_the_cause():
    reviews = {"reviews": [{"person_ref": "A", "categories": "Suspect", "status": "REMOVED"}]}
    assert changed(ties_of(*BASE, reviews), ties_of(*BASE)) == {
        ("A", "B"): ("gone", "taken off the register or there as a victim")
    }


def test_ties_of_the_month_before_new_and_gone_come_to_those_of_this_one():
    was, now = ties_of(*BASE, report("X", "1A", *"QRS")), ties_of(*BASE, report("Y", "1A", *"STUV"))
    change = compare_networks(now, was)
    assert change.n_before + change.count("new") - change.count("gone") == change.n_now == len(now.table)
    assert change.say().startswith(
        f"{change.n_before} ties at the meeting before, 6 new and 3 gone, make {change.n_now} now"
    )
    assert "bridge" not in change.say()  # none were compared


CLIQUES = ("AB", "AC", "AD", "BC", "BD", "CD", "WX", "WY", "WZ", "XY", "XZ", "YZ")


def clique_ties(*pairs: str):
    return ties_of(*(report(f"R-{p}", "1A", *p) for p in pairs))


def test_a_new_bridge_is_said_in_words():
    was, now = clique_ties(*CLIQUES), clique_ties(*CLIQUES, "AZ")
    bridges = find_bridges(now), find_bridges(was)
    change = compare_networks(now, was, bridges=bridges)
    (said,) = say_new_bridges(change, bridges[0], {"A": "Person 1"})
    assert said.startswith(
        "Person 1 – Z is the only known tie between Person 1 with three others and Z with three others"
    )
    assert "one bridge new" in change.say()


def test_somebody_who_changed_group_is_named_with_the_cause():
    was = clique_ties(*CLIQUES, "AE", "BE", "CE")
    now = clique_ties(*CLIQUES, "WE", "XE", "YE", "ZE")
    found = [find_groups(vary_ties(t, seed=1, draws=60)) for t in (now, was)]
    groups = compare_found(*found, compare_networks(now, was))
    assert groups.movers["person_id"].tolist() == ["E"]
    assert "new record" in groups.movers["cause"].iloc[0] and "From found group" in groups.explain("E")
    assert groups.flows["n_people"].sum() == 9


@pytest.mark.parametrize("turn", [False, True])
def test_two_groups_that_become_one_have_merged_and_the_other_way_round_split(turn):
    apart, one = clique_ties(*CLIQUES), clique_ties(*CLIQUES, *(a + b for a in "ABCD" for b in "WXYZ"))
    now, was = (apart, one) if turn else (one, apart)
    found = [find_groups(vary_ties(t, seed=1, draws=60)) for t in (now, was)]
    groups = compare_found(*found, compare_networks(now, was))
    assert groups.fates["what"].tolist() == ["split" if turn else "merged"]
    assert ("one group split" if turn else "one group merged") in groups.say()
