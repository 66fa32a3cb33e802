"""The menu offers; it never recommends, and to a child it offers support only."""

import pandas as pd
import pytest

from csp_toolkit.cases.plans import KINDS, Menu, offer_options
from csp_toolkit.params import read_named

MENU = read_named("interventions", "csp_menu_v1", Menu)
EVERYTHING = frozenset(c for i in MENU.interventions for c in i.suits if c != "none")


def people(age: int | None) -> pd.DataFrame:
    return pd.DataFrame({"person_id": ["P"], "age_years": pd.array([age], dtype="Int64")})


def test_the_menu_holds_the_whole_taxonomy_once() -> None:
    codes = [i.code for i in MENU.interventions]
    assert len(codes) == len(set(codes)) == 69
    assert pd.Series([i.kind for i in MENU.interventions]).value_counts().to_dict() == {
        "DISRUPTION": 28, "SUPPORT": 25, "ENFORCEMENT": 16,
    }  # fmt: skip


@pytest.mark.parametrize("age", [10, 14, 17, None])
def test_a_child_or_someone_of_unknown_age_is_offered_support_only(age: int | None) -> None:
    options = offer_options(people(age), {"P": EVERYTHING}, MENU)
    assert set(options["kind"]) == {"SUPPORT"}


@pytest.mark.parametrize("age", range(10, 60))
def test_nobody_is_offered_what_their_age_does_not_allow(age: int) -> None:
    options = offer_options(people(age), {"P": EVERYTHING}, MENU)
    assert (options["min_age"] <= age).all()


def test_each_kind_is_offered_in_code_order_and_no_more_than_the_menu_says() -> None:
    options = offer_options(people(30), {"P": EVERYTHING}, MENU)
    assert list(dict.fromkeys(options["kind"])) == list(KINDS)
    for _, offered in options.groupby("kind"):
        assert offered["code"].is_monotonic_increasing
        assert 1 <= len(offered) <= MENU.shown_per_kind


def test_what_is_recorded_comes_before_what_suits_anyone() -> None:
    options = offer_options(people(30), {"P": frozenset({"line"})}, MENU)
    by_line = {i.code for i in MENU.interventions if "line" in i.suits}
    assert set(options.loc[options["kind"].eq("DISRUPTION"), "code"]) <= by_line
    nothing = offer_options(people(30), {}, MENU)
    assert set(nothing["kind"]) == {"DISRUPTION", "SUPPORT"}  # enforcement never suits just anyone


def test_what_the_law_keeps_for_children_is_offered_to_no_adult() -> None:
    one = next(i for i in MENU.interventions if i.code == "S03")
    assert one.allows(17) and one.allows(None) and not one.allows(18)
    options = offer_options(people(30), {"P": frozenset({"harmed"})}, MENU)
    assert "S03" not in set(options["code"])


def test_an_adult_of_whom_nothing_is_recorded_is_offered_support_that_needs_only_their_yes() -> None:
    nothing = offer_options(people(30), {}, MENU)
    assert nothing.loc[nothing["kind"].eq("SUPPORT"), "code"].tolist() == ["S22", "S25"]
    of_unknown_age = offer_options(people(None), {}, MENU)
    assert of_unknown_age["code"].tolist() == ["S25"]  # it alone has no lower age


def test_what_suits_a_record_stays_before_what_suits_anyone_and_in_its_old_order() -> None:
    by_supply = offer_options(people(30), {"P": frozenset({"supply"})}, MENU)
    assert by_supply.loc[by_supply["kind"].eq("SUPPORT"), "code"].tolist() == ["S10", "S22"]
    by_harm = offer_options(people(30), {"P": frozenset({"harmed"})}, MENU)
    assert "S22" not in by_harm["code"].tolist()
