"""Options to fill in, and actions outstanding."""

import pytest
from bs4 import BeautifulSoup

from csp_toolkit.briefing.pages.monthly import Page
from tests.briefing.bundle import chairs_copy, housing_copy


def text(tag: object) -> str:
    return " ".join(tag.get_text(" ").split())  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def options() -> BeautifulSoup:
    return BeautifulSoup(Page(chairs_copy()).options().html, "html.parser")


@pytest.fixture(scope="module")
def actions() -> BeautifulSoup:
    return BeautifulSoup(Page(chairs_copy()).actions().html, "html.parser")


def test_each_person_has_three_columns_in_the_same_order(options: BeautifulSoup) -> None:
    for person in options.select(".choices"):
        assert [h.text for h in person.find_all("h4")] == ["Disruption", "Enforcement", "Support"]


def test_people_stand_in_the_polices_order(options: BeautifulSoup) -> None:
    places = [text(h).rsplit(" ", 1)[1] for h in options.find_all("h3")]
    assert places == [str(n) for n in range(1, 11)]


def test_every_option_has_owner_due_and_an_answer_to_fill_in_and_nothing_is_ticked(options: BeautifulSoup) -> None:
    for option in options.select(".choice li"):
        assert "Owner" in text(option) and "Due" in text(option)
        assert "Agreed" in text(option) and "Not agreed, because" in text(option)
        assert [box.text for box in option.select(".box")] == ["", ""]


def test_a_child_is_offered_support_only(options: BeautifulSoup) -> None:
    child = options.select(".choices")[3]
    assert [len(c.select("li")) for c in child.select(".choice")] == [0, 0, 2]
    assert text(child).count("Under 18: support only.") == 2


def test_a_child_is_offered_support_only_even_if_the_bundle_holds_more() -> None:
    copy = chairs_copy()
    adult = copy.tables["options"].query("name == 'WATSON, Alfie'")
    wrong = adult.assign(person_id="PER-000000000004", name="S. T.")
    page = BeautifulSoup(Page(copy.with_table("options", wrong)).options().html, "html.parser")
    assert "Bail conditions" not in text(page) and "Civil injunction" not in text(page)


def test_late_is_a_word_beside_the_number(actions: BeautifulSoup) -> None:
    late = [text(tag) for tag in actions.select(".late")]
    assert late and all(said.endswith("late") for said in late)


def test_the_latest_action_stands_first_and_one_without_a_date_last(actions: BeautifulSoup) -> None:
    rows = actions.select_one("#open-actions-caption").find_parent("table").select("tbody tr")
    assert [row.th.text for row in rows] == ["2026-10-29/04", "2026-10-29/07", "2026-10-29/12"]
    assert "no date set" in text(rows[2]) and "not known" in text(rows[2])
    assert "in progress; carried over 2 times" in text(rows[0])


def test_agencies_add_up(actions: BeautifulSoup) -> None:
    table = actions.select_one("#by-agency-caption").find_parent("table")
    assert [text(cell) for cell in table.tfoot.find_all(["th", "td"])] == ["All", "3", "2 late", "–", "–"]


def test_what_a_partner_typed_in_an_action_stays_text(actions: BeautifulSoup) -> None:
    assert "Regrade the two March reports <b>now</b>" in text(actions)


def test_a_long_list_of_actions_says_how_many_are_not_shown() -> None:
    import pandas as pd

    copy = chairs_copy()
    many = pd.concat([copy.tables["actions"]] * 10, ignore_index=True)
    page = BeautifulSoup(Page(copy.with_table("actions", many)).actions().html, "html.parser")
    assert "20 of 30 shown" in text(page.select_one("#open-actions-caption"))


@pytest.mark.parametrize(
    ("days_late", "said"),
    [
        ([0, 0], "Two actions of yours are open; none is late."),
        ([9, 0], "Two actions of yours are open; one is late, by up to nine days."),
        ([9, 14], "Two actions of yours are open; all are late, by up to 14 days."),
        ([1], "One action of yours is open, one day late."),
        ([], "None of your actions is open."),
    ],
)
def test_a_partner_is_told_what_they_owe(days_late: list[int], said: str) -> None:
    copy = housing_copy()
    actions = chairs_copy().tables["actions"].head(len(days_late)).assign(days_late=days_late)
    assert said in repr(Page(copy.with_table("actions", actions)).so_what())


def test_an_answer_that_is_overdue_was_due() -> None:
    copy = housing_copy()
    asked = copy.tables["people_asked"].assign(answer_by="2026-11-12")
    assert "the first answer was due on 12 Nov 2026" in repr(Page(copy.with_table("people_asked", asked)).so_what())
