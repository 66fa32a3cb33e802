"""The page as a whole: what is there, what is absent, what it may say."""

from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from csp_toolkit.briefing.pages.monthly import PLANS, Page
from csp_toolkit.display.wording import find_banned
from csp_toolkit.errors import CheckFailed
from tests.briefing.bundle import chairs_copy, housing_copy
from tests.briefing.bundle_people import HOSTILE_FORMULA, HOSTILE_HTML, LONG_NAME, LRI, RLO
from tests.briefing.bundle_tables import sentences
from tests.briefing.notebook_run import CELLS, page_of, run_sections


@pytest.fixture(scope="module")
def chair() -> BeautifulSoup:
    return BeautifulSoup(page_of(chairs_copy()), "html.parser")


@pytest.fixture(scope="module")
def housing() -> BeautifulSoup:
    return BeautifulSoup(page_of(housing_copy()), "html.parser")


def test_the_police_list_comes_before_the_matrix_and_the_cut(chair: BeautifulSoup) -> None:
    order = [section["id"] for section in chair.find_all("section")]
    assert order.index("list") < order.index("high") < order.index("cut")
    assert order == [plan.anchor for plan in PLANS if plan.anchor in order]


def test_sections_are_numbered_without_a_gap_and_the_contents_agree(
    chair: BeautifulSoup, housing: BeautifulSoup
) -> None:
    for page in (chair, housing):
        numbers = [int(n.text) for n in page.select("section h2 .n")]
        assert numbers == list(range(1, len(numbers) + 1))
        assert [a["href"][1:] for a in page.select("nav a")] == [s["id"] for s in page.find_all("section")]


def test_the_state_is_said_on_the_page(chair: BeautifulSoup) -> None:
    assert chair.select_one(".state").text == "Candidates, not decisions: nobody has been selected"


def test_the_final_stage_says_who_selected_in_which_role_and_when() -> None:
    copy = chairs_copy()
    final = {
        "stage": "final",
        "selected_by": "SYN Chair 1",
        "selected_role": "panel chair",
        "selected_on": "2026-11-26",
    }
    page = BeautifulSoup(page_of(replace(copy, facts=copy.facts | final)), "html.parser")
    assert page.select_one(".state").text == "Final: selected by SYN Chair 1, panel chair, 26 Nov 2026"


@pytest.mark.parametrize("name", sorted(chairs_copy().tables))
def test_a_copy_without_any_one_table_still_makes_a_page(name: str) -> None:
    run_sections(chairs_copy().without(name))


@pytest.mark.parametrize("name", sorted(chairs_copy().tables))
def test_a_copy_with_any_one_table_empty_still_makes_a_page(name: str) -> None:
    copy = chairs_copy()
    page_of(copy.with_table(name, copy.tables[name].head(0)))


@pytest.mark.parametrize(
    "name",
    [
        "police_list",
        "high_not_listed",
        "cut",
        "under_18",
        "custody",
        "people_asked",
        "actions",
        "left_out",
        "options",
        "coverage",
        "ties",
    ],
)
def test_a_copy_without_any_one_column_still_makes_a_page_that_says_so(name: str) -> None:
    copy = housing_copy() if name == "people_asked" else chairs_copy()
    needed = {
        "ties": {"person_a", "person_b", "n_origins", "is_tested"},
        "left_out": {"n_people", "title", "gate"},
        "coverage": {"state"},
    }.get(name, set())
    for column in set(copy.tables[name].columns) - needed:
        run_sections(copy.with_table(name, copy.tables[name].drop(columns=column)))


def test_what_a_recipient_does_not_get_is_absent_and_stands_in_the_withheld_table(housing: BeautifulSoup) -> None:
    ids = {section["id"] for section in housing.find_all("section")}
    assert ids == {"so", "people", "actions", "withheld", "method"}
    assert "The police list" in housing.select_one("#withheld").text
    assert "SYN/00" not in housing.text


def test_a_redacted_copy_says_what_may_not_be_done_with_it_in_its_first_section(housing: BeautifulSoup) -> None:
    first = housing.section.text
    assert "What you may not do with this" in first
    assert "No housing, education, benefit or employment decision may rest on it." in first
    assert "Nothing here is evidence" in first


def test_a_redacted_copy_makes_its_own_summary(housing: BeautifulSoup) -> None:
    lines = [line.text for line in housing.select(".sowhat li")]
    assert lines[0] == "You are asked about three people; the first answer is due on 4 Dec 2026."
    assert lines[1] == "One action of yours is open, nine days late."
    assert "106 people in the meeting’s papers = 3 named here + 103 withheld" in housing.text


def test_hostile_text_stays_text(chair: BeautifulSoup) -> None:
    assert chair.find("script") is None and chair.find("img") is None
    assert HOSTILE_HTML in chair.text and HOSTILE_FORMULA in chair.text and LONG_NAME in chair.text
    assert RLO not in chair.text and LRI not in chair.text and "[U+202E]" in chair.text


def test_every_fragment_has_a_text_twin_with_the_same_numbers() -> None:
    page = Page(chairs_copy())
    for name in CELLS:
        fragment = getattr(page, name)()
        if fragment:
            cells = BeautifulSoup(fragment.html, "html.parser").select("td.num")
            assert all(word in repr(fragment) for cell in cells for word in cell.get_text(" ").split())


def test_a_section_that_is_not_in_the_copy_says_so_and_shows_no_html() -> None:
    missing = Page(housing_copy()).police_list()
    assert repr(missing) == "Not in this copy." and missing._repr_html_() is None


def test_a_banned_word_in_a_generated_sentence_stops_the_page() -> None:
    with pytest.raises(CheckFailed, match="dangerous"):
        page_of(chairs_copy().with_table("sowhat", sentences("Watson is dangerous.")))


def test_our_own_words_pass_the_wording_check(chair: BeautifulSoup, housing: BeautifulSoup) -> None:
    for page in (chair, housing):
        assert find_banned(page.main.text) == []


def test_no_table_cell_is_empty_but_a_picture(chair: BeautifulSoup, housing: BeautifulSoup) -> None:
    for page in (chair, housing):
        empty = [
            cell for cell in page.select("td, th") if not cell.text.strip() and "picture" not in cell.get("class", [])
        ]
        assert empty == []


def test_coverage_puts_the_exceptions_last_and_names_what_was_not_read(chair: BeautifulSoup) -> None:
    states = [cell["class"][0] for cell in chair.select(".coverage li")]
    assert states == ["arrived"] * 3 + ["stale", "missing", "held"]
    assert "Housing nuisance" in chair.select_one("#so .note").text


def test_a_date_column_may_hold_timestamps_or_text() -> None:
    copy = chairs_copy()
    dated = copy.tables["police_list"].assign(last_event_on=pd.Timestamp("2026-11-15"))
    assert "Last event 15 Nov 2026" in BeautifulSoup(page_of(copy.with_table("police_list", dated)), "html.parser").text
