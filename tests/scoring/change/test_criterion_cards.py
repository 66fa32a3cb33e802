"""Cards say what the scorer does: the words are the file's and every example's sum is counted by the scorer."""

import re
from decimal import Decimal

import pytest

from csp_toolkit.briefing.checking import check_fragment
from csp_toolkit.params import packaged
from csp_toolkit.scoring.change.criterion_cards import make_cards
from csp_toolkit.scoring.matrix import Matrix
from tests.scoring.small_views import MATRIX

# What a careful person gets with a pencil, in points.
BY_HAND = {"V1": "24", "V2": "4.8", "V3": "3.6", "V4": "11.52", "V5": "8", "V6": "1.2", "V7": "6.8", "D1": "11.2",
           "D2": "3", "D3": "11.2", "D5": "0.9375", "G1": "10", "G2": "4", "G4": "7"}  # fmt: skip


def test_every_example_comes_to_what_a_pencil_gives() -> None:
    table = make_cards(MATRIX).table.set_index("criterion")["example_points"].dropna()
    assert {name: Decimal(int(points)) / 10_000 for name, points in table.items()} == {
        name: Decimal(points) for name, points in BY_HAND.items()}  # fmt: skip


def test_items_add_up_to_the_examples_points() -> None:
    cards = make_cards(MATRIX)
    sums = cards.items.groupby("criterion")["points"].sum()
    known = cards.table.set_index("criterion")["example_points"].dropna()
    assert sums.reindex(known.index).tolist() == known.tolist()


def test_a_changed_weight_changes_the_card_and_no_sum_is_typed() -> None:
    criteria = tuple(c.model_copy(update={"base": 40.0}) if c.id == "V1" else c for c in MATRIX.criteria)
    cards = make_cards(MATRIX.model_copy(update={"criteria": criteria}))
    assert "40 \N{MULTIPLICATION SIGN} 0.8 \N{MULTIPLICATION SIGN} 1 = 32 points." in cards.explain("V1")
    text = (packaged("params") / "matrices" / "csp_example_v1.yaml").read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if "example:" in line and re.search(r"\d\s*points", line)]


def test_a_cap_and_a_shared_origin_show_in_the_sum() -> None:
    capped = tuple(c.model_copy(update={"cap": 20.0}) if c.id == "V1" else c for c in MATRIX.criteria)
    assert "less 4 (criterion cap) = 20 points" in make_cards(MATRIX.model_copy(update={"criteria": capped})).explain(
        "V1"
    )
    one = [item.model_copy(update={"origin": 1}) for item in MATRIX.by_id["G4"].worked]
    alone = tuple(c.model_copy(update={"worked": tuple(one)}) if c.id == "G4" else c for c in MATRIX.criteria)
    assert "nothing (same origin)" in make_cards(MATRIX.model_copy(update={"criteria": alone})).explain("G4")


def test_every_word_of_every_card_is_the_files_own() -> None:
    cards = make_cards(MATRIX)
    for one in MATRIX.criteria:
        assert all(words in cards.explain(one.id) for words in (one.counts, one.does_not_count, one.example))
        assert f"### {one.id}. {one.title}" in cards.markdown
    assert "not Essex Police" in cards._repr_html_()


def test_the_cards_are_markup_a_page_may_hold() -> None:
    check_fragment(make_cards(MATRIX)._repr_html_(), "the cards")


def test_an_example_outside_its_window_says_nothing_counts() -> None:
    late = tuple(
        c.model_copy(update={"worked": (c.worked[0].model_copy(update={"age_days": 4000}),)}) if c.id == "V1" else c
        for c in MATRIX.criteria
    )
    assert "Nothing: outside its window" in make_cards(MATRIX.model_copy(update={"criteria": late})).explain("V1")


def test_a_worked_example_of_an_unknown_outcome_is_refused() -> None:
    content = MATRIX.model_dump(mode="json")
    content["criteria"][0]["worked"][0]["evidence"] = "boasted"
    with pytest.raises(ValueError, match="no evidence is called 'boasted'"):
        Matrix.model_validate(content)
