"""Ties of what people share over time, and the layers that are in no measure."""

import pytest

from csp_toolkit.networks.evidence.sources_shared import read_homes
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties, keep_between, keep_kinds
from tests.networks.small_views import crime, joined, make_view, report

POLICY = read_tie_policy()


def ties_of(*records: dict):
    return collect_ties(make_view(**joined(*records)), POLICY)


def suspects(*people: str) -> dict:
    """Name each as a suspect of a crime of their own, so that nothing ties them."""
    return joined(*(crime(f"C-{p}", p) for p in people))


def homes(*rows: tuple[str, str, str], **more) -> dict:
    return {
        "person_records": [
            {"source_ref": f"S-{p}", "person_id": p, "family_name": name, "home_address": home} | more
            for p, name, home in rows
        ]
    }


def test_two_suspects_at_one_home_are_tied_and_it_may_not_be_shared():
    ties = ties_of(
        suspects("A", "B"), homes(("A", "Ash", "4 Elm Row, Vange"), ("B", "Birch", "4 elm row  Vange, SS16 4QA"))
    )
    tie = ties.table.iloc[0]
    assert (tie["kinds"], tie["p_exists"], tie["handling"]) == ("shared address", POLICY.shared_address, "C")


def test_one_family_name_at_one_home_is_family_which_is_a_layer_of_its_own():
    ties = ties_of(suspects("A", "B"), homes(("A", "ASH", "4 Elm Row"), ("B", "Ash", "4 Elm Row")))
    assert ties.table.empty and ties.evidence["kind"].tolist() == ["family"]
    layer = keep_kinds(ties, "family").table
    assert layer["p_exists"].tolist() == [0.5] and layer["kinds"].tolist() == ["family"]  # no A, no B, no charge


@pytest.mark.parametrize("home", ["HMP Blackmere", "12 Elm Row (hostel)", "NFA"])
def test_a_communal_home_ties_nobody(home):
    assert ties_of(suspects("A", "B"), homes(("A", "Ash", home), ("B", "Birch", home))).evidence.empty


def test_a_home_of_many_ties_nobody_even_when_most_of_them_are_no_suspects():
    many = [(p, p * 3, "9 Long Lane") for p in "ABCDEFG"]
    assert len(many) > POLICY.largest_household_people
    assert ties_of(suspects("A", "B"), homes(*many)).evidence.empty


def test_people_whom_no_table_names_as_a_suspect_are_tied_by_no_home():
    assert ties_of(suspects("A"), homes(("A", "Ash", "4 Elm Row"), ("B", "Birch", "4 Elm Row"))).evidence.empty


def test_those_who_lived_there_at_different_times_are_not_tied():
    rows = joined(
        homes(("A", "Ash", "4 Elm Row"), address_from_on="2020-01-01", address_to_on="2021-01-01"),
        homes(("B", "Birch", "4 Elm Row"), address_from_on="2022-01-01"),
    )
    assert ties_of(suspects("A", "B"), rows).evidence.empty


def test_no_id_of_evidence_gives_an_address_away():
    ties = ties_of(suspects("A", "B"), homes(("A", "Ash", "4 Elm Row"), ("B", "Birch", "4 Elm Row")))
    assert not ties.evidence.astype("str").apply(lambda c: c.str.contains("elm", case=False)).any(axis=None)


def test_addresses_are_read_alike_with_and_without_a_postcode():
    import pandas as pd

    texts = pd.Series(["4 Elm Row, Vange, SS16 4QA", "4 ELM ROW Vange", "4, Elm Row,Vange SS164QA"])
    assert read_homes(texts).nunique() == 1


def two_lines(second: str = "0770", from_on: str = "2026-03-01") -> dict:
    people = (("L1", "A", "2026-01-01", "2026-03-31"), ("L2", "B", "2026-02-01", "2026-06-30"))
    return {
        "lines": [{"line_ref": line} for line in ("L1", "L2")],
        "line_people": [
            {"link_ref": f"K{p}", "line_ref": line, "person_ref": p, "role": "HOLDER", "from_on": a, "to_on": b,
             "grade": "1A", "handling": "P"}
            for line, p, a, b in people
        ],
        "line_phones": [
            {"phone_ref": "P1", "line_ref": "L1", "number": "0770", "from_on": "2026-01-01", "to_on": "2026-02-20"},
            {"phone_ref": "P2", "line_ref": "L2", "number": second, "from_on": from_on, "to_on": "2026-05-01"},
        ],
    }  # fmt: skip


def test_a_number_that_passed_from_one_line_to_another_ties_their_people():
    ties = ties_of(two_lines())
    assert ties.table["kinds"].tolist() == ["shared phone"]
    assert ties.table["p_exists"].tolist() == [POLICY.shared_phone]
    assert "0770" not in ties.evidence.to_csv()


def test_another_number_or_one_taken_up_long_after_ties_nobody():
    assert ties_of(two_lines("0771")).evidence.empty
    assert ties_of(two_lines(from_on="2026-05-01")).evidence.empty


def test_those_on_one_line_are_not_tied_again_by_its_phones():
    rows = two_lines()
    rows["line_people"][1] |= {"line_ref": "L1", "from_on": "2026-01-01"}
    assert ties_of(rows).table["kinds"].tolist() == ["shared line"]


def test_being_missing_together_is_kept_apart_and_never_leaves():
    rows = [
        {"missing_ref": p, "person_id": p, "reported_at": "2026-09-01 08:00", "found_at": at, "found_area": "Vange"}
        for p, at in (("A", "2026-09-02 10:15"), ("B", "2026-09-02 10:15"), ("C", "2026-09-02 10:16"))
    ]
    ties = ties_of({"missing_episodes": rows})
    assert ties.table.empty and ties.evidence["handling"].tolist() == ["C"]
    assert keep_kinds(ties, "missing together").table[["person_a", "person_b"]].values.tolist() == [["A", "B"]]


def test_memberships_are_a_layer_and_enter_no_measure():
    members = [
        {"group_ref": "G1", "person_ref": p, "role": role, "confidence": "CONFIRMED", "from_on": "2026-01-01"}
        for p, role in (("A", "MEMBER"), ("B", "ELDER"), ("C", "FORMER"), ("D", "EXPLOITED"))
    ]
    ties = ties_of({"group_members": members}, report("R1", "1A", "A", "E"))
    assert ties.table["person_b"].tolist() == ["E"]
    assert keep_kinds(ties, "shared group").table[["person_a", "person_b"]].values.tolist() == [["A", "B"]]


def test_time_slices_weigh_what_was_going_on_between_two_days():
    from datetime import date

    ties = ties_of(report("R1", "2A", "A", "B", on="2026-03-01"), report("R2", "2C", "A", "B", on="2026-09-01"))
    spring = keep_between(ties, date(2026, 3, 1), date(2026, 3, 31))
    assert spring.table["p_exists"].tolist() == [0.6]
    assert keep_between(ties, date(2026, 4, 1), date(2026, 8, 31)).table.empty


@pytest.mark.parametrize("nobody", ["NA", "", " ", "nan", None])
def test_what_programs_write_for_nobody_is_nobody(nobody):
    rows = joined(crime("C1", "A", "X"), crime("C2", "B", "Y"))
    for n in (1, 3):
        rows["crime_suspects"][n]["person_id"] = nobody
    assert ties_of(rows).evidence.empty
