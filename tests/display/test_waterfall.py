"""A waterfall ends where its steps add up to, and reads without colour."""

import re

import pandas as pd

from csp_toolkit.display.waterfall import waterfall_row, waterfall_svg

STEPS = pd.DataFrame({"words": ["then", "decay", "new items"], "weight": [40.0, -10.0, 20.0]})


def bars(svg: str) -> list[tuple[float, float, bool]]:
    found = re.findall(r'<rect x="([\d.]+)%" y="\d+" width="([\d.]+)%" height="\d+" fill="(#\w+)"', svg)
    return [(float(x), float(width), fill != "#fff") for x, width, fill in found]


def test_a_small_one_begins_at_the_first_score_and_ends_at_the_last() -> None:
    assert bars(waterfall_row(STEPS, scale=100)) == [
        (0, 40, True), (30, 10, False), (30, 20, True), (0, 50, True),
    ]  # fmt: skip


def test_a_small_one_stops_at_its_scale_and_is_hidden_from_a_screen_reader() -> None:
    drawn = waterfall_row(STEPS, scale=45)
    assert max(x + width for x, width, _ in bars(drawn)) <= 100.01
    assert 'aria-hidden="true"' in drawn and "style=" not in drawn


def test_a_large_one_says_in_words_what_it_shows() -> None:
    drawn = waterfall_svg(STEPS, label="up <10>")
    assert 'aria-label="up &lt;10&gt;"' in drawn and "+20.0" in drawn and "+50.0" in drawn
