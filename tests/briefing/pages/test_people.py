"""The three blocks, who was left out, and the people a partner is asked about."""

import pytest
from bs4 import BeautifulSoup

from csp_toolkit.briefing.pages.monthly import Page
from tests.briefing.bundle import chairs_copy, housing_copy


def section(copy: object, name: str) -> BeautifulSoup:
    return BeautifulSoup(getattr(Page(copy), name)().html, "html.parser")


def text(tag: object) -> str:
    return " ".join(tag.get_text(" ").split())  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def blocks() -> BeautifulSoup:
    return section(chairs_copy(), "blocks")


def test_the_three_blocks_stand_apart_with_headings_of_their_own(blocks: BeautifulSoup) -> None:
    assert [h.text for h in blocks.find_all("h3")] == ["In custody", "Returning to the area", "Under 18"]


def test_an_empty_block_says_that_nobody_is_in_it(blocks: BeautifulSoup) -> None:
    assert "Nobody is due back, as far as recorded." in text(blocks)


def test_an_unknown_prison_or_release_date_is_a_word(blocks: BeautifulSoup) -> None:
    row = blocks.select("#custody-caption")[0].find_parent("table").select("tbody tr")[1]
    assert [text(cell) for cell in row.select("td")] == [
        "SYN/2", "not known", "In custody, on remand", "not known", "22.5", "2"
    ]  # fmt: skip


def test_children_stand_without_a_score_safeguarding_before_all_else(blocks: BeautifulSoup) -> None:
    table = blocks.select_one("#under-18-caption").find_parent("table")
    headers = [text(th) for th in table.select("thead th")]
    assert headers[:4] == ["Child", "Reference", "Age years", "Safeguarding reference"]
    assert not any("core" in header for header in headers)
    assert text(table.select("tbody tr")[1]).endswith("not on it")


def test_left_out_is_counted_by_rule_and_adds_up() -> None:
    left = section(chairs_copy(), "left_out")
    assert "106 on the register = 31 ranked + 2 in custody + 37 under 18 + 36 left out" in text(left)
    assert text(left.tfoot) == "All left out 36 –"
    people = [int(row.select_one(".num").text) for row in left.select("tbody tr")]
    assert sum(people) == 36


def test_left_out_names_only_those_on_the_police_list() -> None:
    left = section(chairs_copy(), "left_out")
    assert "WRIGHT, Ben (police place 8)" in text(left)
    assert "OTHER, Person" not in text(left)


def test_a_partner_sees_a_band_in_words_a_question_and_a_date_and_no_score() -> None:
    people = section(housing_copy(), "people_asked")
    row = [text(cell) for cell in people.select("tbody tr")[0].find_all(["th", "td"])]
    assert row == ["WILKINSON, Tyler H-07 · aged 25", "Amber", "Who lives there now?", "4 Dec 2026",
                   "Recorded: reported threats, July 2026"]  # fmt: skip
    assert "Score" not in text(people.thead) and "Rank" not in text(people.thead)


def test_harm_is_left_out_of_a_copy_that_did_not_get_it() -> None:
    copy = housing_copy()
    asked = copy.tables["people_asked"].drop(columns=["harm_state", "harm_text"])
    people = section(copy.with_table("people_asked", asked), "people_asked")
    assert people.select_one(".care") is None


def test_a_partner_asked_about_nobody_is_told_so() -> None:
    copy = housing_copy()
    people = section(copy.with_table("people_asked", copy.tables["people_asked"].head(0)), "people_asked")
    assert "You are asked about nobody this month." in text(people)


def test_what_was_asked_in_anybodys_own_words_is_quoted_and_stops_no_page() -> None:
    copy = housing_copy()
    asked = copy.tables["people_asked"].assign(question="Offer target hardening, <b>now</b>")
    page = BeautifulSoup(Page(copy.with_table("people_asked", asked)).people_asked().html, "html.parser")
    assert "Offer target hardening, <b>now</b>" in page.get_text()
