"""Areas are dated data: names, neighbours, distances, and a merger that needs no code."""

from datetime import date
from math import asin, cos, radians, sin, sqrt

import pandas as pd
import pytest
from pydantic import ValidationError

from csp_toolkit.errors import TableError
from csp_toolkit.networks.borders.areas import Area, read_areas
from tests.networks.small_borders import FAR, HERE, NEAR, OURS, make_areas

MERGED = "E00000009"
LAST, FIRST = date(2028, 3, 31), date(2028, 4, 1)


def merge() -> object:
    """Merge Here and Near into one area on 1 April 2028."""
    areas = make_areas()
    old = [a.model_copy(update={"valid_to": LAST, "became": MERGED}) if a.code != FAR else a for a in areas.areas]
    new = Area(code=MERGED, name="Both", also=("Here", "Near", "Nearby"), kind="unitary", force=OURS, valid_from=FIRST)
    return make_areas(areas=(*old, new), here=MERGED)


def test_a_name_stands_for_the_area_of_its_day() -> None:
    areas = merge()
    assert [areas.find_code(" here ", day) for day in (LAST, FIRST)] == [HERE, MERGED]
    placed = areas.place(
        pd.Series(["Here", "Near", "Far", None]), pd.Series(["2028-03-31", "2028-04-01", None, "2028-04-01"])
    )
    assert placed.tolist() == [HERE, MERGED, "UNK", "UNK"]


def test_unknown_none_and_abroad_are_no_area_and_never_lost() -> None:
    areas = make_areas()
    day = date(2026, 1, 1)
    assert [areas.find_code(n, day) for n in ("UNK", None, "", "NFA", "out")] == ["UNK", "UNK", "UNK", "NFA", "OUT"]
    assert areas.find_code("Atlantis", day) is None
    assert areas.list_unread(pd.Series(["Atlantis", "Here", "UNK", None])) == ["Atlantis"]


def test_an_area_that_ended_is_bridged_to_what_it_became_and_never_taken_apart() -> None:
    areas = merge()
    assert areas.bridge([HERE, NEAR, FAR, "UNK"], FIRST) == {HERE: MERGED, NEAR: MERGED, FAR: FAR, "UNK": "UNK"}
    with pytest.raises(TableError, match="1 areas"):
        areas.bridge([MERGED], LAST)


def test_an_end_without_a_successor_cannot_be_bridged() -> None:
    ended = make_areas().areas[1].model_copy(update={"valid_to": LAST})
    areas = make_areas(areas=(make_areas().areas[0], ended, make_areas().areas[2]))
    with pytest.raises(TableError, match="became"):
        areas.bridge([NEAR], FIRST)


def test_neighbours_are_those_that_are_areas_on_the_day() -> None:
    areas = merge()
    assert areas.neighbours_on(HERE, LAST) == (NEAR,)
    assert areas.neighbours_on(HERE, FIRST) == ()


def test_distance_is_that_of_the_great_circle() -> None:
    areas = make_areas()
    assert areas.measure_km(HERE, NEAR) == pytest.approx(6371 * radians(0.5))  # due north: half a degree of arc
    half = cos(radians(51.5)) ** 2 * sin(radians(0.5)) ** 2
    assert areas.measure_km(HERE, FAR) == pytest.approx(2 * 6371 * asin(sqrt(half)))
    assert areas.measure_km(HERE, "UNK") is None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"here": "E99999999"}, "E99999999 is named and not listed"),
        ({"stations": {"X": "E99999999"}}, "E99999999"),
        ({"force": "E23000099"}, "force E23000099"),
    ],
)
def test_a_code_that_stands_for_nothing_is_refused(change: dict, what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        make_areas(**change)


def test_one_name_for_two_areas_at_once_is_refused() -> None:
    twin = Area(code="E00000008", name="Near", kind="district", force=OURS)
    with pytest.raises(ValidationError, match="one name stands for 2 areas"):
        make_areas(twin)


def test_an_area_that_becomes_another_has_a_last_day() -> None:
    with pytest.raises(ValidationError, match="no valid_to"):
        Area(code=HERE, name="Here", kind="district", force=OURS, became=NEAR)


def test_the_shipped_areas_hold_the_fourteen_essex_authorities_and_border_each_other_both_ways() -> None:
    areas = read_areas()
    essex = [a for a in areas.areas if not areas.is_abroad(a.code)]
    assert len(essex) == 14 and areas.name_of(areas.here) == "Basildon"
    assert {c for a in areas.areas for c in a.neighbours if a.code not in areas.by_code[c].neighbours} == set()
    today = date(2026, 11, 26)
    named = {areas.name_of(code) for code in areas.neighbours_on(areas.here, today)}
    assert named == {"Brentwood", "Chelmsford", "Rochford", "Castle Point", "Thurrock"}
    assert areas.measure_km(areas.find_code("Basildon", today), areas.find_code("Thurrock", today)) == pytest.approx(
        14, abs=3
    )
