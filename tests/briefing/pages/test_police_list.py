"""The police list, high on the matrix, and the cut."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup, Tag

from tests.briefing.bundle import chairs_copy
from tests.briefing.bundle_people import cut, high, person, police_list, with_ranges
from tests.briefing.notebook_run import page_of


def soup_of(**tables: object) -> BeautifulSoup:
    copy = chairs_copy()
    return BeautifulSoup(page_of(replace(copy, tables=copy.tables | tables)), "html.parser")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    return soup_of()


@pytest.fixture(scope="module")
def ranged() -> BeautifulSoup:
    return soup_of(police_list=with_ranges(police_list()), high_not_listed=with_ranges(high()), cut=with_ranges(cut()))


def people(page: BeautifulSoup) -> list[Tag]:
    return page.select("#list tbody.person")


def text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def test_the_list_stands_in_the_polices_order_and_everyone_keeps_their_row(page: BeautifulSoup) -> None:
    assert [text(p.select_one(".place")) for p in people(page)] == [str(n) for n in range(1, 11)]


def test_a_score_is_printed_with_its_split_and_its_bar(page: BeautifulSoup) -> None:
    first = people(page)[0]
    assert text(first.select_one(".score")) == "60.0"
    assert text(first.select_one(".split")) == "34.8 · 15.0 · 10.2"
    assert first.select_one("svg.bar") is not None


def test_a_band_is_a_word_and_never_a_class_or_colour(page: BeautifulSoup) -> None:
    assert "Red" in text(people(page)[0])
    assert not {"red", "amber", "green"} & {name.lower() for tag in page.find_all(class_=True) for name in tag["class"]}


def test_a_child_has_no_score_here_whatever_the_bundle_holds(page: BeautifulSoup) -> None:
    child = people(page)[3]
    assert child.select_one(".why-not b").text == "Under 18: no score on this page."
    assert "55.5" not in page.text and "77" not in text(child)
    assert child.select_one(".score") is None and child.svg.get("class") != ["bar"]
    assert "police score on own sheet" in text(child)


def test_a_child_without_a_reason_in_the_bundle_still_gets_the_sentence() -> None:
    table = police_list().assign(no_score_reason=None)
    child = people(soup_of(police_list=table))[3]
    assert text(child.select_one(".why-not")).startswith("Under 18: no score on this page. Safeguarding leads.")


def test_whoever_a_gate_left_out_has_a_sentence_and_no_nought(page: BeautifulSoup) -> None:
    removed = people(page)[7]
    assert removed.select_one(".why-not b").text == "No score: removed from the review register on 3 July 2026."
    assert removed.select_one(".score") is None and "0.0" not in text(removed)


def test_a_true_nought_is_printed_as_nought(page: BeautifulSoup) -> None:
    assert text(people(page)[2].select_one(".score")) == "0.0"


def test_harm_is_in_three_states_by_name_behind_the_care_rule(page: BeautifulSoup) -> None:
    said = [text(p.select_one("td.care")) for p in people(page)]
    assert said[0] == "None recorded"
    assert said[1] == "Recorded: knife injury, Mar 2026"
    assert said[5] == "Not known: health not asked"
    assert people(page)[1].select_one("td.care svg") is not None


def test_unknowns_are_words(page: BeautifulSoup) -> None:
    assert "police score not given" in text(people(page)[4])
    assert "Last event not known" in text(people(page)[8])
    assert "age not known" in text(people(page)[9])


def test_ties_share_a_rank(page: BeautifulSoup) -> None:
    ranks = [text(p.select_one(".strong")) for p in people(page) if p.select_one(".strong")]
    assert ranks.count("7") == 2


def test_a_stage_that_is_not_built_says_not_assessed_once_a_table_and_never_in_a_row(page: BeautifulSoup) -> None:
    assert page.select_one("#list caption").text.count("not assessed") == 1
    assert page.select_one("#cut caption").text.count("not assessed") == 1
    assert all("not assessed" not in text(p) for p in people(page))


def test_a_person_whose_range_alone_is_missing_says_not_assessed_in_the_row() -> None:
    table = with_ranges(police_list())
    table = table.assign(
        rank_low=table["rank_low"].where(table["place"] != 1), p_top10=table["p_top10"].where(table["place"] != 1)
    )
    first = people(soup_of(police_list=table))[0]
    assert text(first).count("not assessed") >= 1 or "not known" in text(first)
    assert first.select_one("svg.range") is None


def test_ranges_print_low_high_and_the_yardstick_word(ranged: BeautifulSoup) -> None:
    row = people(ranged)[4]
    assert "3–9" in text(row) and "likely 67 in 100" in text(row) and "contest zone" in text(row)
    assert row.select_one("svg.range") is not None
    assert "not a chance that anyone" in ranged.select_one("#list .source").text


def test_headers_attributes_name_headers_that_exist(page: BeautifulSoup, ranged: BeautifulSoup) -> None:
    for soup in (page, ranged):
        ids = {tag["id"] for tag in soup.find_all(id=True)}
        named = [name for cell in soup.select("#list [headers]") for name in cell["headers"]]
        assert named and set(named) <= ids


def test_every_row_of_the_list_fills_every_column(page: BeautifulSoup, ranged: BeautifulSoup) -> None:
    for soup in (page, ranged):
        n_columns = len(soup.select("#list col"))
        for body in [soup.select_one("#list thead"), *people(soup)]:
            grid = sum(int(c.get("colspan", 1)) * int(c.get("rowspan", 1)) for c in body.select("td, th"))
            assert grid == n_columns * len(body.select("tr"))


def test_movement_has_an_icon_and_a_word(page: BeautifulSoup) -> None:
    moved = [p.select_one(".moved") for p in people(page) if p.select_one(".moved")]
    assert all(m.svg is not None for m in moved)
    assert text(moved[1]) == "up; charged with wounding in November"


def test_the_line_that_adds_up_and_who_went_stand_under_the_list(page: BeautifulSoup) -> None:
    source = text(page.select_one("#list .source"))
    assert "opening 10 + new 1 + returned 1 − out 2 = closing 10" in source
    assert "KELLY, Omar , place 5 before" in source


def test_the_cut_stands_between_tenth_and_eleventh_with_its_gap(page: BeautifulSoup) -> None:
    rows = [text(row) for row in page.select("#cut tbody tr")]
    line = next(n for n, row in enumerate(rows) if row.startswith("The cut"))
    assert rows[line - 1].startswith("10") and rows[line + 1].startswith("11")
    assert "0.5 points" in rows[line]


def test_people_tied_at_the_tenth_rank_stand_on_the_same_side_of_the_cut() -> None:
    table = cut().assign(rank=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 12, 13, 14, 15])
    rows = [text(row) for row in soup_of(cut=table).select("#cut tbody tr")]
    line = next(n for n, row in enumerate(rows) if row.startswith("The cut"))
    assert rows[line - 1].startswith("10 READ, Brandon") and rows[line + 1].startswith("12")


def test_the_contest_zone_is_a_row_group_with_words_not_only_a_wash(ranged: BeautifulSoup) -> None:
    groups = [text(g) for g in ranged.select("#cut tr.group")]
    assert groups == ["Firm: in the ten in 90 of 100 re-runs or more", "Contest zone: twelve people for nine places",
                      "In the ten in 10 of 100 re-runs or fewer"]  # fmt: skip


def test_one_scale_for_every_bar_on_the_page() -> None:
    tall = police_list()
    tall.loc[0, ["score", "proved", "alleged", "intelligence"]] = [84.0, 50.0, 24.0, 10.0]
    page = soup_of(police_list=tall)
    assert "to 100 points" in page.select_one("#list thead").text
    assert "bars end at 100 points" in page.select_one("#high caption").text


def test_a_list_without_scores_shows_band_and_status_only() -> None:
    bare = police_list()[["place", "name", "reference", "band", "status_text", "is_child", "no_score_reason"]]
    page = soup_of(police_list=bare)
    assert "Matrix band" in page.select_one("#list thead").text
    assert page.select_one("#list svg") is None and "60.0" not in page.select_one("#list").text


def test_thirty_people_are_thirty_rows() -> None:
    import pandas as pd

    table = pd.DataFrame([person(n, f"PERSON, {n}", score=5.0, proved=5.0, alleged=0.0, intelligence=0.0, violence=5.0,
                                 drugs=0.0, gang_link=0.0) for n in range(1, 31)])  # fmt: skip
    assert len(people(soup_of(police_list=table))) == 30
