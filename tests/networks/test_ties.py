"""Ties: what makes one, what never does, and how sure it is."""

import pandas as pd
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.networks.evidence.weighing import EVIDENCE_COLUMNS
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import (
    TIE_COLUMNS,
    collect_ties,
    keep_handling,
    keep_kinds,
    keep_recent,
)
from tests.networks.small_views import crime, joined, make_view, report

POLICY = read_tie_policy()


def ties_of(*records: dict, **more):
    return collect_ties(make_view(**joined(*records), **more), POLICY)


def chance(ties, a="A", b="B") -> float:
    row = ties.table[(ties.table["person_a"] == a) & (ties.table["person_b"] == b)]
    return float(row["p_exists"].iloc[0]) if len(row) else 0.0


def test_nobody_recorded_means_no_ties_and_the_same_columns():
    ties = ties_of()
    assert list(ties.table) == list(TIE_COLUMNS) and list(ties.evidence) == list(EVIDENCE_COLUMNS)
    assert ties.table.empty and ties.line_links.empty


def test_two_people_charged_with_one_crime_are_tied_and_tested():
    tie = ties_of(crime("C1", "B", "A")).table.iloc[0]
    assert (tie["person_a"], tie["person_b"], tie["kinds"]) == ("A", "B", "charged together")
    assert (tie["p_exists"], tie["is_tested"], tie["n_origins"]) == (0.95, "Y", 1)


def test_suspects_of_one_crime_are_named_together_and_weaker():
    live = ties_of(crime("C1", "A", "B", status="NAMED SUSPECT"))
    assert live.table["kinds"].tolist() == ["named together"] and chance(live) == 0.4
    assert chance(ties_of(crime("C1", "A", "B", status="SUSPECT", outcome_code="16"))) == 0.25


def test_one_charged_and_one_suspected_are_only_named_together():
    rows = crime("C1", "A")
    rows["crime_suspects"].append({"crime_ref": "C1", "person_ref": "B", "status": "SUSPECT"})
    assert ties_of(rows).table["kinds"].tolist() == ["named together"]


def test_a_caution_counts_as_a_charge():
    cautioned = ties_of(crime("C1", "A", "B", status="NAMED SUSPECT", outcome_code="3"))
    assert cautioned.table["kinds"].tolist() == ["charged together"]


@pytest.mark.parametrize("result", ["ACQUITTED", "DISCONTINUED"])
def test_a_crime_the_court_threw_out_says_nothing_of_anyone(result):
    arrests = [
        {"custody_ref": p, "person_ref": p, "arrived_at": "2026-09-01 10:00", "crime_ref": "C1", "disposal": "CHARGED"}
        for p in "AB"
    ]
    assert ties_of(crime("C1", "A", "B", court_result=result), {"custody": arrests}).evidence.empty


def test_an_arrest_and_a_charge_for_one_crime_are_one_origin():
    arrests = [
        {"custody_ref": f"K{p}", "person_ref": p, "arrived_at": "2026-09-02 10:00", "crime_ref": "C1"} for p in "AB"
    ]
    tie = ties_of(crime("C1", "A", "B"), {"custody": arrests}).table.iloc[0]
    assert tie["kinds"] == "charged together; arrested together"
    assert (tie["n_items"], tie["n_origins"], tie["p_exists"]) == (2, 1, 0.95)


def test_arrests_that_ended_in_no_further_action_are_listed_but_in_no_measure():
    arrests = [
        {"custody_ref": p, "person_ref": p, "arrived_at": "2026-09-02 10:00", "crime_ref": "C1", "disposal": d}
        for p, d in (("A", "CHARGED"), ("B", "NFA"))
    ]
    ties = ties_of({"custody": arrests})
    assert ties.evidence["is_in_measures"].tolist() == ["N"] and ties.table.empty


def stops(outcome: str, place: str | None = "51.5,0.4", second: str = "2026-09-01 22:10") -> dict:
    at_place = dict(zip(("latitude", "longitude"), place.split(","), strict=True)) if place else {}
    return {
        "stops": [
            {"stop_ref": p, "person_ref": p, "stopped_at": at, **at_place, "outcome": outcome}
            for p, at in (("A", "2026-09-01 22:10"), ("B", second))
        ]
    }


def test_a_stop_with_nothing_found_is_listed_but_in_no_measure():
    ties = ties_of(stops("NFA"))
    assert ties.evidence["kind"].tolist() == ["stopped together"]
    assert ties.evidence["is_in_measures"].tolist() == ["N"] and ties.table.empty


def test_a_stop_with_something_found_ties_only_those_at_the_same_time_and_place():
    assert chance(ties_of(stops("ARREST"))) == 0.3
    assert ties_of(stops("ARREST", second="2026-09-01 22:11")).evidence.empty
    assert ties_of(stops("ARREST", place=None)).evidence.empty


@pytest.mark.parametrize(
    ("grade", "p"), [("1A", 1.0), ("2A", 0.6), ("1C", 0.5), ("2C", 0.25), ("2D", 0.1), ("3C", 0.05)]
)
def test_a_report_ties_its_subjects_as_surely_as_its_grade(grade, p):
    assert chance(ties_of(report("R1", grade, "A", "B"))) == p


@pytest.mark.parametrize("grade", ["1E", "3E", None])
def test_ungraded_and_e_graded_reports_never_tie_anyone(grade):
    assert ties_of(report("R1", grade, "A", "B")).evidence.empty


def test_a_withdrawn_report_ties_nobody():
    assert ties_of(report("R1", "1A", "A", "B", status="WITHDRAWN")).evidence.empty


def test_grade_b_stands_only_with_a_corroborating_report_that_was_ever_held():
    with_none, unknown = report("R1", "1B", "A", "B"), report("R1", "1B", "A", "B", corroborated_by="R9")
    assert chance(ties_of(with_none)) == chance(ties_of(unknown)) == 0.5
    assert ties_of(with_none).evidence["grade"].tolist() == ["1C"]
    held = ties_of(unknown, ever=joined(unknown, report("R9", "1A"))).evidence
    assert held["grade"].tolist() == ["1B"] and held["p_true"].tolist() == [0.85]


def test_a_report_repeated_from_one_origin_makes_no_tie_surer():
    once = ties_of(report("R1", "2A", "A", "B", origin_ref="OR"))
    twice = ties_of(report("R1", "2A", "A", "B", origin_ref="OR"), report("R2", "2C", "A", "B", origin_ref="OR"))
    repeat = ties_of(report("R1", "2A", "A", "B"), report("R2", "2A", "A", "B", origin_ref=None, derived_from="R1"))
    assert chance(once) == chance(twice) == chance(repeat) == 0.6
    assert twice.table["n_items"].tolist() == [2] and twice.table["n_origins"].tolist() == [1]


def test_two_reports_that_repeat_each_other_are_one_origin():
    ring = [report(r, "2A", "A", "B", origin_ref=None, derived_from=d) for r, d in (("R1", "R2"), ("R2", "R1"))]
    assert ties_of(*ring).table["n_origins"].tolist() == [1]


def test_independent_origins_add_up_as_chances_do():
    both = ties_of(report("R1", "2A", "A", "B"), report("R2", "1A", "A", "C"), report("R3", "2C", "A", "B"))
    assert chance(both) == pytest.approx(1 - 0.4 * 0.75)


def test_weak_reports_alone_never_pass_a_half_however_many():
    weak = [report(f"R{n}", "2C", "A", "B") for n in range(20)]
    assert chance(ties_of(*weak)) == 0.5
    assert chance(ties_of(*weak, report("R99", "3A", "A", "B"))) > 0.99


def test_a_crowd_makes_no_clique():
    people = [f"P{n:02d}" for n in range(11)]
    ties = ties_of(report("R1", "1A", *people))
    assert len(ties.table) == 55 and ties.table["p_exists"].tolist() == [0.1] * 55
    assert ties_of(report("R1", "1A", *[f"P{n:02d}" for n in range(31)])).evidence.empty


def line(*links: tuple, **more) -> dict:
    rows = [
        {"link_ref": f"K{n}", "line_ref": "L1", "person_ref": p, "role": role, "from_on": start, "to_on": end,
         "grade": "2A", "handling": "P"}
        for n, (p, role, start, end) in enumerate(links)
    ]  # fmt: skip
    return {"lines": [{"line_ref": "L1", "last_active_on": "2026-10-01"} | more], "line_people": rows}


def test_a_shared_line_ties_suspects_at_overlapping_dates_if_both_links_are_true():
    ties = ties_of(line(("A", "HOLDER", "2026-03-01", "2026-06-01"), ("B", "RUNNER", "2026-05-01", None)))
    row = ties.table.iloc[0]
    assert row["kinds"] == "shared line" and row["p_exists"] == pytest.approx(0.36)
    assert [str(row[c].date()) for c in ("first_seen", "last_seen")] == ["2026-05-01", "2026-06-01"]
    apart = ties_of(line(("A", "HOLDER", "2026-03-01", "2026-04-01"), ("B", "RUNNER", "2026-05-01", None)))
    assert apart.table.empty and len(apart.line_links) == 2


@pytest.mark.parametrize("role", ["HOUSEHOLDER_CUCKOOED", "USER"])
def test_a_cuckooed_householder_or_a_user_is_nobodys_associate(role):
    ties = ties_of(line(("A", "HOLDER", "2026-03-01", None), ("B", role, "2026-03-01", None)))
    assert ties.evidence.empty and ties.line_links["person_id"].tolist() == ["A"]


def test_an_unknown_person_ties_nobody_to_anybody():
    rows = joined(crime("C1", "A", "B"), crime("C2", "C", "D"))
    for n in (0, 2):
        rows["crime_suspects"].append({"crime_ref": f"C{n // 2 + 1}", "person_ref": "X", "person_id": None})
    ties = ties_of(rows)
    assert list(zip(ties.table["person_a"], ties.table["person_b"], strict=True)) == [("A", "B"), ("C", "D")]
    assert chance(ties) == 0.95


def test_two_records_of_one_person_make_no_tie_with_themself():
    rows = crime("C1", "A1", "A2")
    for row in rows["crime_suspects"]:
        row["person_id"] = "A"
    assert ties_of(rows).evidence.empty


def test_removed_people_and_victims_on_the_register_stand_in_no_tie():
    reviews = [
        {"person_ref": "A", "categories": "Suspect", "status": "REMOVED"},
        {"person_ref": "C", "categories": "Victim; Witness", "status": "ACTIVE"},
    ]
    records = crime("C1", "A", "B", "C", "D", "E") | {"reviews": reviews}
    ties = ties_of(records, removals=("E",))
    assert ties.evidence[["person_a", "person_b"]].values.tolist() == [["B", "D"]]


def test_only_tables_of_suspects_are_read():
    victims = {"crime_victims": [{"crime_ref": "C1", "person_ref": "B"}]}
    cuckooed = {"line_cuckooed": [{"link_ref": "K1", "line_ref": "L1", "person_ref": "B"}]}
    assert ties_of(crime("C1", "A"), victims, cuckooed).evidence.empty


def test_evidence_carries_its_handling_and_withheld_evidence_counts_for_nothing():
    ties = ties_of(report("R1", "2A", "A", "B", handling="C"), report("R2", "2C", "A", "B"))
    assert ties.table["handling"].tolist() == ["C"] and chance(ties) == pytest.approx(0.7)
    shown = keep_handling(ties, "P")
    assert chance(shown) == 0.25 and shown.table["handling"].tolist() == ["P"]
    assert chance(ties) == pytest.approx(0.7)


def test_a_missing_handling_code_is_read_as_the_stricter():
    assert ties_of(report("R1", "2A", "A", "B", handling=None)).evidence["handling"].tolist() == ["C"]


def test_a_layer_weighs_its_own_evidence_alone():
    ties = ties_of(crime("C1", "A", "B"), report("R1", "2C", "A", "B"))
    assert chance(keep_kinds(ties, "stated association")) == 0.25
    with pytest.raises(TableError, match="No kind of tie"):
        keep_kinds(ties, "friends")


def test_the_picture_keeps_ties_seen_within_its_window_to_the_day():
    edge, gone = crime("C1", "A", "B", on="2025-11-26"), crime("C2", "C", "D", on="2025-11-25")
    assert keep_recent(ties_of(edge, gone)).table["person_a"].tolist() == ["A"]
    assert len(ties_of(edge, gone).table) == 2


def test_a_tie_is_explained_in_one_sentence_without_names():
    said = ties_of(crime("C1", "A", "B")).explain("B", "A")
    assert said.startswith("Exists with a chance of 95 in 100: 1 items from 1 independent origins, tested")
    assert ties_of(crime("C1", "A", "B")).explain("A", "Z") == "No tie rests on evidence that counts."


def test_the_view_is_left_as_it_was():
    view = make_view(
        **joined(crime("C1", "A", "B"), report("R1", "2A", "A", "B"), line(("A", "HOLDER", "2026-03-01", None)))
    )
    before = {name: table.copy(deep=True) for name, table in view.tables.items()}
    collect_ties(view, POLICY)
    for name, table in before.items():
        pd.testing.assert_frame_equal(view[name], table)


def test_people_kept_out_stay_kept_out_however_the_evidence_is_cut():
    removed = {"reviews": [{"person_ref": "E", "categories": "Suspect", "status": "REMOVED"}]}
    ties = ties_of(crime("C1", "A", "B"), report("R1", "2C", "A", "B"), removed)
    for part in (ties, keep_kinds(ties, "charged together"), keep_handling(ties, "P"), keep_recent(ties)):
        assert part.kept_out == frozenset("E")


def test_who_was_included_anew_after_a_removal_is_back():
    included = {
        "reviews": [{"person_ref": "A", "categories": "Suspect", "status": "ACTIVE", "included_on": "2026-11-02"}]
    }
    assert len(ties_of(crime("C1", "A", "B"), included, removals=("A",)).table) == 1
    before = {
        "reviews": [{"person_ref": "A", "categories": "Suspect", "status": "ACTIVE", "included_on": "2026-10-02"}]
    }
    assert ties_of(crime("C1", "A", "B"), before, removals=("A",)).table.empty


def test_the_record_others_were_merged_into_says_who_is_removed():
    rows = [
        {"person_ref": ref, "person_id": "A", "categories": "Suspect", "status": status}
        for ref, status in (("A1", "REMOVED"), ("A2", "ACTIVE"))
    ]
    records = {"reviews": rows, "person_records": [{"source_ref": "A1", "merged_into": "A2"}]}
    assert len(ties_of(crime("C1", "A", "B"), records).table) == 1
