"""Data notes, method, this copy's particulars, what is withheld, and who is connected."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from csp_toolkit.briefing.pages.monthly import Page
from csp_toolkit.errors import CheckFailed
from tests.briefing.bundle import chairs_copy, housing_copy
from tests.briefing.bundle_tables import network


def section(copy: object, name: str) -> BeautifulSoup:
    return BeautifulSoup(getattr(Page(copy), name)().html, "html.parser")


def text(tag: object) -> str:
    return " ".join(tag.get_text(" ").split())  # type: ignore[attr-defined]


def test_rows_in_are_rows_accounted_for_in_one_line() -> None:
    notes = section(chairs_copy(), "data_notes")
    assert text(notes.select_one(".adds-up")) == (
        "2,100 rows in = 2,030 accepted as sent + 25 repaired + 40 rejected + 5 withdrawn"
    )
    assert text(notes.tfoot) == "All feeds 2,100 2,030 25 40 5"


def test_a_feed_the_meeting_does_not_use_is_named_and_dated_in_the_account_too() -> None:
    copy = chairs_copy()
    accounts = copy.tables["accounts"]
    day = pd.Timestamp("2026-11-20")
    more = accounts.head(1).assign(feed="education_attendance", title="School attendance", received_on=day)
    notes = section(copy.with_table("accounts", pd.concat([accounts, more])), "data_notes")
    rows = [text(row) for row in notes.select_one("#accounts-caption").find_parent("table").select("tbody tr")]
    assert rows[-1].startswith("School attendance 20 Nov 2026")
    assert not any("not known" in row for row in rows)


def test_an_account_that_does_not_add_up_stops_the_page() -> None:
    copy = chairs_copy()
    wrong = copy.tables["accounts"].assign(rejected=[31, 10])
    with pytest.raises(CheckFailed, match="police_crimes"):
        Page(copy.with_table("accounts", wrong)).data_notes()


QUALITY = pd.DataFrame({
    "n": [1, 2], "feed": ["police_crimes", "police_intel"], "kind": ["did not come", "thin column"],
    "sentence": ["Crimes: did not come.", "Intelligence: the column “Grade” is filled in 40% of rows."],
})  # fmt: skip


def test_what_to_know_of_the_data_stands_first_in_its_order() -> None:
    notes = section(chairs_copy().with_table("quality", QUALITY), "data_notes")
    captions = [text(caption) for caption in notes.find_all("caption")]
    assert captions[0].startswith("What to know about the data.")
    rows = [text(row) for row in notes.select_one("#quality-caption").find_parent("table").select("tbody tr")]
    assert rows == ["Crimes: did not come. did not come",
                    "Intelligence: the column “Grade” is filled in 40% of rows. thin column"]  # fmt: skip


def test_a_copy_without_accounts_still_says_what_to_know_of_its_own_feeds() -> None:
    copy = housing_copy()
    assert section(copy, "data_notes").find("section") is None
    own = QUALITY[["kind", "sentence"]].head(1)
    notes = section(copy.with_table("quality", own), "data_notes")
    assert "Crimes: did not come." in text(notes)
    assert "Rows in are" not in text(notes)
    assert "Nothing was found to ask about." in text(section(copy.with_table("quality", own.head(0)), "data_notes"))


def test_one_rule_is_one_line_with_every_feed_it_fired_in() -> None:
    notes = section(chairs_copy(), "data_notes")
    rows = [text(row) for row in notes.select_one("#rules-caption").find_parent("table").select("tbody tr")]
    assert rows == ["the date could not be read rejected 34 Crimes; Intelligence",
                    "marked above OFFICIAL-SENSITIVE rejected 4 Intelligence"]  # fmt: skip


def test_method_limits_and_the_particulars_of_the_copy_are_there() -> None:
    method = section(chairs_copy(), "method")
    assert [h.text for h in method.find_all("h3")] == [
        "How the numbers are made",
        "What they cannot tell you",
        "Check this copy",
    ]
    assert "csp verify --copy 1" in text(method.dl)
    assert "26 December 2026" in text(method.select(".note")[-1])


def test_withheld_sets_the_chairs_copy_beside_yours_with_a_reason() -> None:
    withheld = section(housing_copy(), "withheld")
    assert [text(th) for th in withheld.select("thead th")] == ["What", "In the chair’s copy", "In this copy", "Why"]
    assert text(withheld.select_one(".adds-up")) == "106 people in the meeting’s papers = 3 named here + 103 withheld"


def test_the_chairs_own_copy_says_what_it_leaves_out_too() -> None:
    copy = chairs_copy()
    left = pd.DataFrame(
        {"what": ["Children’s names"], "in_chairs_copy": ["Initials"], "in_yours": ["Initials"], "why": ["x"]}
    )
    from dataclasses import replace

    withheld = section(replace(copy, withheld=left), "withheld")
    assert [text(th) for th in withheld.select("thead th")] == ["What", "In this copy", "Why"]
    assert "The chair’s copy has more" not in text(withheld)


def test_the_picture_stands_between_the_sentence_and_the_numbers() -> None:
    page = section(chairs_copy(), "network")
    order = [tag.name for tag in page.section.find_all(["p", "svg", "table"]) if tag.get("class") != ["legend"]]
    assert order.index("p") < order.index("svg") < order.index("table")
    picture = page.select_one("svg.network")
    assert picture["role"] == "img" and picture.title.text == "Four ties between four people and one line"
    assert picture.desc.text.endswith("a tie that rests on one untested report.")
    assert "Distance on the page means nothing" in text(page.figcaption) and "copy 1" in text(page.figcaption)


def test_the_least_sure_tie_stands_first_with_its_chance_in_100() -> None:
    rows = section(chairs_copy(), "network").select("tbody tr")
    assert text(rows[0]) == "BATES, Kwame – READ, Brandon 1 report, 2B 1 untested 30 3 Nov 2026 3 Nov 2026"
    assert [text(row.select("td")[3]) for row in rows] == ["30", "50", "97", "100"]


def test_ties_without_a_picture_are_still_a_table() -> None:
    page = section(chairs_copy().without("nodes"), "network")
    assert page.svg is None and len(page.select("tbody tr")) == 4


def test_more_than_forty_nodes_are_not_drawn_but_counted() -> None:
    nodes, ties = network()
    many = pd.concat([nodes] + [nodes.assign(node_id=nodes["node_id"] + str(n)) for n in range(9)], ignore_index=True)
    page = section(chairs_copy().with_table("nodes", many), "network")
    assert page.select_one("svg.network") is None and len(ties) == 4
