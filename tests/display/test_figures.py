"""Row pictures: scale, order, what is unknown, and nothing that a strict page forbids."""

import re
import xml.etree.ElementTree as ET

import pytest

from csp_toolkit.display.figures import (
    MOVEMENT_PATHS,
    care_diamond,
    movement_icon,
    range_mark,
    share_bar,
    stacked_bar,
)
from csp_toolkit.errors import TableError

EVERY_PICTURE = [
    stacked_bar(36.8, 20.4, 6.8),
    stacked_bar(60, 30, 10),
    range_mark(1, 44, 9),
    range_mark(3, 7, 4, is_listed=False),
    care_diamond(),
    share_bar(0.42, 0.97),
    *[movement_icon(kind) for kind in MOVEMENT_PATHS],
]


def boxes(svg: str) -> list[tuple[float, float]]:
    """Read each box of a bar as (start, width) in per cent."""
    return [(float(r.get("x", "0").rstrip("%")), float(r.get("width").rstrip("%"))) for r in _all(svg, "rect")]


def _all(svg: str, tag: str) -> list[ET.Element]:
    return [e for e in ET.fromstring(svg).iter() if e.tag == tag]


def test_a_bar_is_to_scale_and_in_the_order_proved_alleged_intelligence():
    assert boxes(stacked_bar(35, 14, 7, scale=70)) == [(0.0, 50.0), (50.0, 20.0), (70.0, 10.0)]


def test_the_three_kinds_of_evidence_tell_apart_without_colour():
    proved, alleged, intelligence = _all(stacked_bar(20, 20, 20), "rect")
    slants = [line for line in _all(stacked_bar(20, 20, 20), "line") if line.get("stroke") == "#fff"]
    assert proved.get("stroke") is None and intelligence.get("fill") == "#fff" and intelligence.get("stroke")
    assert len(slants) == 11  # 28.57 per cent of alleged at a line each 2.6 per cent
    assert all(28.5 < float(line.get("x2").rstrip("%")) < 57.2 for line in slants)


def test_a_part_of_nought_leaves_no_box():
    assert boxes(stacked_bar(0, 14, 0)) == [(0.0, 20.0)]


def test_a_total_beyond_the_scale_stops_at_the_edge_and_says_so_with_a_point():
    svg = stacked_bar(60, 30, 10, scale=70)
    assert max(start + width for start, width in boxes(svg)) == pytest.approx(100, abs=0.02)
    assert 'x="100%"' in svg and 'x="100%"' not in stacked_bar(50, 10, 10, scale=70)


def test_no_score_draws_no_bar_rather_than_an_empty_one():
    assert stacked_bar(float("nan"), 1, 1) == ""


def test_points_below_nought_are_refused():
    with pytest.raises(TableError, match="0 or more"):
        stacked_bar(-1, 2, 3)


def test_a_range_runs_from_low_to_high_with_the_cut_after_tenth():
    svg = range_mark(4, 7, 5)
    cut, span = _all(svg, "line")
    assert cut.get("x1") == "33.33%" and cut.get("stroke-dasharray")
    assert (span.get("x1"), span.get("x2")) == ("11.67%", "21.67%")
    assert _all(svg, "circle")[0].get("cx") == "15.00%"


def test_a_dot_is_filled_for_the_listed_and_hollow_for_others():
    listed, other = (_all(range_mark(4, 7, 5, is_listed=on_list), "circle")[0] for on_list in (True, False))
    assert listed.get("fill") != "#fff" and other.get("fill") == "#fff" and other.get("stroke")


def test_a_range_beyond_the_longest_ends_in_a_point_at_the_edge():
    assert 'x="100%"' in range_mark(20, 44, 28) and 'x="100%"' not in range_mark(20, 29, 28)
    assert not _all(range_mark(31, 44, 35), "circle")


def test_a_rank_whose_range_was_not_assessed_is_a_dot_alone():
    svg = range_mark(None, None, 3)
    assert len(_all(svg, "line")) == 1 and len(_all(svg, "circle")) == 1


def test_an_unknown_movement_is_refused():
    with pytest.raises(TableError, match="one of"):
        movement_icon("SIDEWAYS")


@pytest.mark.parametrize("svg", EVERY_PICTURE)
def test_a_row_picture_is_hidden_from_readers_and_fits_a_strict_page(svg):
    root = ET.fromstring(svg)
    assert root.get("aria-hidden") == "true" and root.get("focusable") == "false"
    assert not re.search(r"style=|\bid=|url\(|var\(|<script|href|\son\w+=", svg)


@pytest.mark.parametrize("svg", EVERY_PICTURE[:4])
def test_a_row_picture_is_as_wide_as_its_cell_and_never_stretched(svg):
    root = ET.fromstring(svg)
    assert root.get("width") == "100%" and root.get("height") == "14" and root.get("viewBox") is None


def test_a_share_is_a_length_from_the_left_and_what_it_was_an_upright():
    assert boxes(share_bar(0.25)) == [(0.0, 25.0)]
    assert [line.get("x1") for line in _all(share_bar(0.25, 0.9), "line")][1:] == ["90.00%"]
    assert boxes(share_bar(0.0, 1.0)) == [(0.0, 0.0)]


def test_a_share_that_is_not_known_is_not_drawn():
    assert share_bar(None, 0.5) == share_bar(float("nan")) == ""
    assert len(_all(share_bar(0.5, float("nan")), "line")) == 1


@pytest.mark.parametrize(("share", "before"), [(1.01, None), (-0.1, None), (0.5, 2.0)])
def test_a_share_outside_nought_and_one_is_refused(share, before):
    with pytest.raises(TableError, match="0 to 1"):
        share_bar(share, before)
