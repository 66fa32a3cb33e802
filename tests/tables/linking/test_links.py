"""Linking: who is joined, who is kept apart, who waits for a person, and why."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from bench.made_people import make_people
from csp_toolkit.errors import ParamsError, TableError
from csp_toolkit.records import schema
from csp_toolkit.tables.linking import prepared as linking_records
from csp_toolkit.tables.linking import scorer as linking_scoring
from csp_toolkit.tables.linking.levels import UNKNOWN
from csp_toolkit.tables.linking.links import APART, LINKED, POSSIBLE, Links, link_records, read_link_model
from tests.tables.people_to_link import people

MODEL = read_link_model()


def verdict(first: Mapping[str, object], second: Mapping[str, object]) -> str:
    """Return what becomes of two records; a pair that is plainly two people is not listed, and is apart."""
    pairs = link_records(people(first, second), MODEL).pairs
    return str(pairs["verdict"].iloc[0]) if len(pairs) else APART


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("nickname", {"given_name": "William"}, {"given_name": "Billy"}),
        ("spelling from another script", {"given_name": "Mohammed"}, {"given_name": "Muhammad"}),
        ("letters of another alphabet", {"family_name": "Łukasiński"}, {"family_name": "Lukasinski"}),
        ("Romanian letters", {"family_name": "Ștefănescu"}, {"family_name": "STEFANESCU"}),
        ("ending of a family name", {"family_name": "Kowalska"}, {"family_name": "Kowalski"}),
        ("day and month exchanged", {}, {"dob": "2004-02-12"}),
        ("one digit of the year", {}, {"dob": "2005-12-02"}),
        ("two digits exchanged", {"dob": "2004-12-21"}, {"dob": "2004-12-12"}),
        ("names in the other order", {}, {"family_name": "Brandon", "given_name": "Ravensworth"}),
        ("misspelt family name", {}, {"family_name": "Ravensworht"}),
        ("misspelt given name", {}, {"given_name": "Brandno"}),
        ("an initial", {}, {"given_name": "B"}),
        ("the beginning of a name", {"given_name": "Bernard"}, {"given_name": "Ber"}),
        ("a title-case and a capital record", {}, {"family_name": "RAVENSWORTH", "given_name": "BRANDON"}),
        ("no address, the same day", {}, {"home_address": None, "postcode": None}),
        ("another address, the same day", {}, {"home_address": "3 Elm Road", "postcode": "SS90 1AA"}),
        ("a double-barrelled name", {}, {"family_name": "Ravensworth-Moss"}),
        ("address written otherwise", {}, {"home_address": "82 COPPERBECK MEWS SS99 9EQ", "postcode": None}),
    ],
)  # fmt: skip
def test_records_of_one_person_are_joined(why: str, first: dict[str, object], second: dict[str, object]) -> None:
    assert verdict(first, second) == LINKED


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("brothers at one address", {}, {"given_name": "Kyle", "dob": "2006-03-09"}),
        ("brothers a year apart to the day", {}, {"given_name": "Kyle", "dob": "2005-12-02"}),
        ("twins", {}, {"given_name": "Kyle"}),
        ("a brother and a sister, twins", {}, {"given_name": "Chloe", "sex": "F"}),
        ("namesakes", {}, {"dob": "1999-05-17", "home_address": "3 Elm Road", "postcode": "SS90 1AA"}),
        ("namesakes at one address", {}, {"dob": "2006-05-17"}),
        ("father and son", {}, {"dob": "1978-04-25"}),
        ("father and son born on one day of the year", {}, {"dob": "1978-12-02"}),
        ("twins with a short name each, and a number each",
         {"given_name": "Leo", "pnc": "SYN20/1A"}, {"given_name": "Leon", "pnc": "SYN20/2B"}),
        ("neighbours", {}, {"family_name": "Moss", "given_name": "Tariq", "dob": "1990-01-31"}),
    ],
)  # fmt: skip
def test_records_of_two_people_stay_apart(why: str, first: dict[str, object], second: dict[str, object]) -> None:
    assert verdict(first, second) == APART


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("two PNC numbers", {"pnc": "SYN20/1A"}, {"pnc": "SYN20/2B"}),
        ("two pupil numbers", {"upn": "SYNU1"}, {"upn": "SYNU2"}),
        ("twins with names a letter apart", {"given_name": "Jayden"}, {"given_name": "Hayden"}),
        ("one agency's two records, without an address",
         {"source_system": "police", "dob": None}, {"source_system": "police", "home_address": None, "postcode": None}),
        ("same name, no birth, another address",
         {"dob": None}, {"dob": None, "home_address": "3 Elm Road", "postcode": "SS90 1AA"}),
    ],
)  # fmt: skip
def test_what_is_in_doubt_waits_for_a_person(why: str, first: dict[str, object], second: dict[str, object]) -> None:
    assert verdict(first, second) == POSSIBLE


def test_an_agency_that_keeps_two_records_makes_it_less_likely_but_not_impossible() -> None:
    police = {"source_system": "police"}
    found = link_records(people(police, police, {}), MODEL).pairs.set_index(["ref_a", "ref_b"])
    assert found.loc[("0", "1"), "match_weight"] == pytest.approx(found.loc[("0", "2"), "match_weight"] - 5)
    assert "one agency keeps them as two" in found.loc[("0", "1"), "reason"]
    assert found["verdict"].eq(LINKED).all()


def test_one_pnc_number_joins_whatever_the_names_say() -> None:
    assert verdict({"pnc": "SYN20/1A"}, {"pnc": "syn20/1a", "given_name": "Kyle", "dob": "2004-12-02"}) == LINKED


def test_a_record_that_fits_father_and_son_waits_with_both() -> None:
    pairs = link_records(people({}, {"dob": "1978-04-25"}, {"dob": None}), MODEL).pairs.set_index(["ref_a", "ref_b"])
    assert pairs["verdict"].to_dict() == {("0", "1"): APART, ("0", "2"): POSSIBLE, ("1", "2"): POSSIBLE}


def test_a_record_that_fits_one_clearly_better_is_joined_to_that_one() -> None:
    found = link_records(people({}, {"dob": "1978-04-25"}, {"given_name": "Brand"}), MODEL)
    assert found.sure[["ref_a", "ref_b"]].to_numpy().tolist() == [["0", "2"]]


def test_an_initial_does_not_join_twins_to_each_other() -> None:
    found = link_records(people({"given_name": "John"}, {"given_name": "Jordan"}, {"given_name": "J"}), MODEL)
    assert found.sure.empty
    assert set(found.possible["held_by"]) == {"it fits two people who cannot be one"}


def test_links_do_not_chain_two_pnc_numbers_together() -> None:
    found = link_records(people({"pnc": "SYN20/1A"}, {}, {"pnc": "SYN20/2B"}), MODEL)
    assert found.sure.empty and len(found.possible) == 3


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    crowd = [{"family_name": "Smith", "given_name": f"X{n}", "dob": None, "home_address": None} for n in range(150)]
    pairs = link_records(people({}, {}, {"family_name": "Smith"}, {"family_name": "Smith"}, *crowd), MODEL).pairs
    weights = pairs.set_index(["ref_a", "ref_b"])["weight_family"]
    assert weights["0", "1"] > weights["2", "3"] + 2


def test_records_known_to_be_one_person_are_not_compared_with_each_other() -> None:
    same = people({}, {}).assign(person_id="PER-1")
    assert link_records(same, MODEL).pairs.empty


def test_two_events_no_register_knows_are_not_queued() -> None:
    bare = {"dob": None, "home_address": None, "postcode": None, "is_register": False}
    assert verdict(bare, bare) == APART
    assert verdict(bare, bare | {"is_register": True}) == POSSIBLE


# Reasons


@pytest.fixture(scope="module")
def found() -> Links:
    return link_records(make_people(1200, seed=3).drop(columns="truth"), MODEL)


def test_the_steps_of_every_pair_add_up_to_its_weight(found: Links) -> None:
    assert len(found.pairs) > 300
    sums = found.pairs[[c for c in found.pairs if c.startswith("weight_")]].sum(axis=1) + found.start_weight
    assert (sums - found.pairs["match_weight"]).abs().max() < 0.001
    for pair in found.pairs.head(20).itertuples():
        assert abs(found.steps(pair.record_a, pair.record_b)["weight"].sum() - pair.match_weight) < 0.001


def test_the_chance_is_the_weight_told_as_a_probability(found: Links) -> None:
    expected = 1 / (1 + 2.0 ** -found.pairs["match_weight"])
    assert (expected - found.pairs["p_same"]).abs().max() < 1e-4


def test_every_verdict_follows_from_the_costs_or_names_the_rule_that_overrode_them(found: Links) -> None:
    free = found.pairs[found.pairs["held_by"].eq("")]
    assert free["verdict"].eq(LINKED).equals(free["p_same"].ge(0.99))
    assert free["p_same"].ge(0.05).all() and not free["verdict"].eq(APART).any()
    assert MODEL.costs.linked_from == pytest.approx(0.99) and MODEL.costs.possible_from == pytest.approx(0.05)


def test_an_unknown_comparison_adds_nothing(found: Links) -> None:
    for comparison in MODEL.comparisons:
        unknown = found.pairs[f"level_{comparison.name}"].eq(UNKNOWN)
        assert found.pairs.loc[unknown, f"weight_{comparison.name}"].eq(0).all()


def test_a_pair_is_explained_in_words_and_drawn_with_the_same_words() -> None:
    found = link_records(people({"given_name": "William"}, {"given_name": "Bill", "dob": "2004-02-12"}), MODEL)
    said = found.explain("r1", "r0")
    assert said.startswith("Linked, p = ") and "short form" in said and "day and month of birth change places" in said
    picture = found.show("r0", "r1")
    assert 'role="img"' in picture.html and "short form" in picture.html and "style=" not in picture.html
    assert picture.text == said
    assert found.list_nearest() == [("r0", "r1")]


def test_a_twin_is_explained_with_the_rule_that_keeps_them_apart() -> None:
    said = link_records(people({}, {"given_name": "Kyle"}), MODEL).explain("r0", "r1")
    assert said.startswith("Apart") and "Kept apart whatever the chance: different given names." in said


def test_no_word_of_an_explanation_or_an_error_holds_a_value() -> None:
    found = link_records(people({}, {"given_name": "Kyle"}), MODEL)
    told = found.explain("r0", "r1") + found._repr_html_() + " ".join(found.pairs["reason"])
    with pytest.raises(TableError) as refused:
        found.explain("r0", "nobody")
    for value in ("Ravensworth", "RAVENSWORTH", "Brandon", "Kyle", "2004", "Copperbeck", "SS99", "nobody"):
        assert value not in told.replace(str(MODEL.trained.trained_on), "") + str(refused.value)


# The same answer, whatever the order


def test_neither_rows_nor_columns_nor_a_second_run_change_anything() -> None:
    records = make_people(1500, seed=5).drop(columns="truth")
    once = link_records(records, MODEL).pairs
    shuffled = records.sample(frac=1, random_state=2)[list(records.columns[::-1])]
    assert_frame_equal(link_records(shuffled, MODEL).pairs, once)


# Guards


def test_a_record_of_an_anonymous_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    table = schema.TABLES["person_records"]
    hidden = type("Anonymous", (), {"is_anonymous": True, "name": "injuries"})()
    monkeypatch.setattr(linking_records, "TABLES", {"person_records": table, "injuries": hidden})
    records = people({}, {}, {}).assign(table_name=["person_records", "injuries", "person_records"])
    with pytest.raises(TableError, match=r"injuries: 1 of 3 records come from an anonymous table"):
        link_records(records, MODEL)
    assert len(link_records(records[records["table_name"] != "injuries"], MODEL).sure) == 1


def test_too_many_candidate_pairs_are_refused_before_any_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    records = people(*({"dob": None, "source_ref": f"{n}"} for n in range(60)))
    few = MODEL.model_copy(update={"most_pairs": 1000})
    monkeypatch.setattr(linking_scoring, "make_linker", lambda *a, **k: pytest.fail("Splink was asked to score"))
    with pytest.raises(
        TableError, match=r"allows 1,000.*come from the block .* \(largest: 60 records\)\. Make"
    ) as refused:
        link_records(records, few)
    assert re.search(r"up to 3,540 pairs", str(refused.value))


def test_a_missing_column_and_a_repeated_id_are_said() -> None:
    with pytest.raises(TableError, match="lack dob"):
        link_records(people({}, {}).drop(columns="dob"), MODEL)
    with pytest.raises(TableError, match="1 of 2 records"):
        link_records(people({"record_id": "x"}, {"record_id": "x"}), MODEL)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking_scoring, "can_link", lambda: False)
    with pytest.raises(ParamsError, match=r"pip install 'csp-toolkit\[link\]'"):
        link_records(people({}, {}), MODEL)


def test_no_record_and_one_record_give_no_pair() -> None:
    assert link_records(people({}), MODEL).pairs.empty
    assert link_records(people({}, {}).head(0), MODEL).pairs.empty


def test_nobody_is_linked_by_names_that_say_unknown() -> None:
    unknown = {"given_name": "Unknown", "family_name": "N/K", "dob": None}
    assert verdict(unknown, unknown) == APART


def test_links_are_frozen(found: Links) -> None:
    with pytest.raises(AttributeError):
        found.n_records = 3  # type: ignore[misc]
    assert replace(found, n_records=3).n_records == 3 and found.n_records == 1200


def test_an_agency_may_write_dates_it_does_not_know_as_years() -> None:
    year = {"dob": pd.Timestamp("2004-01-01"), "dob_precision": "YEAR"}
    assert verdict({}, year) in (LINKED, POSSIBLE)
    assert verdict({}, year | {"dob": pd.Timestamp("1980-01-01")}) == APART
