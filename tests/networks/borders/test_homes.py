"""Home is where somebody lived on the day of the event, as last said; what was not said near enough is not known."""

import pandas as pd
import pytest

from csp_toolkit.networks.borders.homes import CONTRADICTED, NOBODY_SAID
from tests.networks.small_borders import FAR, HERE, NEAR, arrest, make_homes, registered
from tests.networks.small_views import make_view


def homes_on(homes: object, person: str, *days: str) -> list[str]:
    """Return a person's home on each day."""
    return homes.find(pd.Series([person] * len(days)), pd.Series(days))["home"].tolist()


def test_the_home_is_that_of_the_day_and_not_of_today() -> None:
    view = make_view(custody=[arrest("P", "2026-03-01", "Far")], person_records=[registered("P", "Here", "2026-09-01")])
    assert homes_on(make_homes(view), "P", "2026-03-01", "2026-08-31", "2026-09-01") == [FAR, FAR, HERE]


def test_the_register_says_nothing_of_before_it_was_updated_but_for_a_few_days() -> None:
    view = make_view(person_records=[registered("P", "Here", "2026-09-01")])
    homes = make_homes(view, home_days_after=31)
    assert homes_on(homes, "P", "2026-07-31", "2026-08-01", "2026-09-01") == ["UNK", HERE, HERE]
    assert homes.find(pd.Series(["P"]), pd.Series(["2026-07-31"]))["home_source"].tolist() == [NOBODY_SAID]


def test_what_was_said_before_an_event_outdoes_what_was_said_sooner_after_it() -> None:
    view = make_view(custody=[arrest("P", "2026-03-01", "Far"), arrest("P", "2026-06-02", "Near")])
    assert homes_on(make_homes(view), "P", "2026-06-01", "2026-06-02") == [FAR, NEAR]


def test_what_was_said_too_long_ago_is_not_known() -> None:
    view = make_view(custody=[arrest("P", "2025-03-01", "Far")])
    homes = make_homes(view, home_days_before=100)
    assert homes_on(homes, "P", "2025-06-09", "2025-06-10") == [FAR, "UNK"]


def test_a_tenancy_holds_from_its_first_day_to_its_last_however_long_ago_it_began() -> None:
    row = {"source_ref": "T", "person_id": "P", "address_from_on": "2020-01-01", "address_to_on": "2026-05-01"}
    homes = make_homes(make_view(person_records=[row]), home_days_before=100)
    assert homes_on(homes, "P", "2019-11-01", "2026-05-01", "2026-05-02") == ["UNK", HERE, "UNK"]


def test_two_areas_on_one_day_are_no_known_home() -> None:
    view = make_view(custody=[arrest("P", "2026-03-01", "Far")], person_records=[registered("P", "Near", "2026-03-01")])
    found = make_homes(view).find(pd.Series(["P"]), pd.Series(["2026-03-05"]))
    assert found[["home", "home_source"]].iloc[0].tolist() == ["UNK", CONTRADICTED]


def test_not_known_is_no_saying_and_no_fixed_abode_is_one() -> None:
    view = make_view(custody=[arrest("P", "2026-03-01", "Far"), arrest("P", "2026-04-01", "UNK"),
                              arrest("P", "2026-05-01", "NFA")])  # fmt: skip
    assert homes_on(make_homes(view), "P", "2026-04-15", "2026-05-15") == [FAR, "NFA"]


def test_a_postcode_places_a_home_whose_area_is_not_said_and_only_then() -> None:
    said = [registered(person, area, "2026-03-01", postcode=f"{outward} 1AA")
            for person, area, outward in (("P", "UNK", "ZZ1"), ("Q", "Far", "ZZ1"), ("R", "UNK", "YY1"))]  # fmt: skip
    homes = make_homes(make_view(person_records=said))
    assert [homes_on(homes, p, "2026-03-02")[0] for p in "PQR"] == [HERE, FAR, "UNK"]


def test_a_name_that_nobody_listed_is_counted_and_places_nobody() -> None:
    homes = make_homes(make_view(custody=[arrest("P", "2026-03-01", "Atlantis")]))
    assert homes.unread.to_dict() == {"Atlantis": 1} and homes.table.empty


def test_a_record_that_was_merged_away_says_nothing() -> None:
    rows = [registered("P", "Far", "2026-03-01", merged_into="Q"), registered("Q", "Here", "2026-01-01", person_id="P")]
    assert homes_on(make_homes(make_view(person_records=rows)), "P", "2026-04-01") == [HERE]


def test_somebody_of_no_record_and_a_day_that_is_missing_are_not_known() -> None:
    homes = make_homes(make_view(custody=[arrest("P", "2026-03-01", "Far")]))
    found = homes.find(
        pd.Series(["P", "X", None], index=[7, 8, 9]), pd.Series([None, "2026-03-01", "2026-03-01"], index=[7, 8, 9])
    )
    assert found["home"].tolist() == ["UNK"] * 3 and found.index.tolist() == [7, 8, 9]


@pytest.mark.parametrize("order", [1, -1])
def test_row_order_changes_nothing(order: int) -> None:
    rows = [arrest("P", "2026-03-01", "Far"), arrest("P", "2026-02-01", "Near"), arrest("Q", "2026-03-01", "Here")]
    homes = make_homes(make_view(custody=rows[::order]))
    assert homes_on(homes, "P", "2026-02-15", "2026-03-02") == [NEAR, FAR]


def test_it_says_where_and_by_whom() -> None:
    homes = make_homes(make_view(custody=[arrest("P", "2026-03-01", "Far")]))
    assert homes.explain("P", "2026-03-05") == "Home: Far, as said on 1 March 2026 (given at an arrest)."
    assert homes.explain("P", "2024-03-05") == "Home on 5 March 2024 not known: nothing said near the day."
