"""October decided and November opened on the real deliveries: what the meeting is shown, and what comes back."""

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.briefing.filled_in import Filled
from tests.briefing.test_cycle import select_all, text
from tests.real_data.whole_flow import LAST_RUN, RUN, Flow, brief, csp

OWNER = {"Owner": "SYN Officer 4", "Agency": "Essex Police"}


@pytest.fixture(scope="module")
def cycle(flow: Flow, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A copy of the briefed workspace in which October is decided, made final, and November run again."""
    root = tmp_path_factory.mktemp("decided")
    home = root / "ws"
    shutil.copytree(flow.home, home)
    exported = Path(csp("export", "gangs_intelligence", "--as-of", "2026-10-29", "--workspace", str(home))["folder"])
    book = Filled(exported / "decisions.xlsx")
    listed = [row["Name"] for row in book.rows("Selection") if row["(listed as)"] == "police list"]
    high = [row["(rank)"] for row in book.rows("Selection") if row["(listed as)"] == "high on the matrix"]
    book.who("SYN Chair", "Chair", date(2026, 10, 29))
    select_all(book)
    refs = [
        book.agree(0, listed[0], "Apply for an injunction", "DISRUPTION", "D10", date(2026, 11, 12), **OWNER),
        book.agree(1, listed[3], "Hold a strategy discussion", "SUPPORT", "S03", date(2026, 11, 5), **OWNER),
    ]
    decided = csp("decide", str(book.save(root / "october.xlsx")), "--recorded", "2026-10-29", "--workspace", str(home))
    brief(home, "2026-10-29", "--stage", "final", "--no-pdf")
    brief(home, "2026-11-26", "--no-pdf")
    return {"home": home, "listed": listed, "high": high, "refs": refs, "decided": decided}


def read_page(home: Path, run: str, recipient: str = "chair") -> BeautifulSoup:
    return BeautifulSoup((home / "released" / run / recipient / "briefing.html").read_text("utf-8"), "html.parser")


def test_the_workbook_lists_the_police_list_in_its_order_then_who_is_high(
    cycle: dict[str, Any], extracts: Path
) -> None:
    with (extracts / "2026-10" / "police_top10.csv").open(encoding="utf-8", newline="") as file:
        names = [row["Name"].split(",")[0].upper() for row in csv.DictReader(file)]
    assert [name.split(",")[0].upper() for name in cycle["listed"]] == names
    assert cycle["high"] and cycle["high"] == sorted(cycle["high"], key=int)
    assert cycle["decided"]["recorded"] >= 12


def test_octobers_final_copy_shows_its_seats_and_reasons(cycle: dict[str, Any]) -> None:
    page = read_page(cycle["home"], LAST_RUN)
    assert text(page.select_one(".state")) == "Final: selected by SYN Chair, Chair, 29 Oct 2026"
    assert text(page.select_one("#decided")).count("Charges since August") == 9


def test_november_opens_with_octobers_actions_and_they_are_late(cycle: dict[str, Any]) -> None:
    page = read_page(cycle["home"], RUN)
    assert text(page.select("section h2")[1]) == "2 What came of the last meeting’s actions"
    listed = text(page.select_one("#actions"))
    assert all(ref in listed for ref in cycle["refs"])
    assert "14 days late" in listed and "21 days late" in listed


def test_the_page_says_who_moved_and_why_what_seats_rest_on_and_what_to_ask(cycle: dict[str, Any]) -> None:
    page = read_page(cycle["home"], RUN)
    assert len(page.select("#ask tbody tr")) == 3
    assert "withheld" not in text(page.select_one("#ask"))
    rests = text(page.select_one("#rests"))
    assert rests.count("can be relied on") == 1  # said once, not in every row
    assert "returned to the list; was removed from the register on 3 Jul 2026" in text(page.select_one("#list"))
    assert len(page.select("#moves tbody tr")) > 3


def test_every_subject_has_a_page_and_none_of_a_child_shows_a_point(cycle: dict[str, Any]) -> None:
    subjects = read_page(cycle["home"], RUN).select(".subject")
    assert len(subjects) == 10
    children = [one for one in subjects if "Under 18" in text(one)]
    assert len(children) == 2
    assert not [tag for child in children for tag in child.select(".pt, .known, .rests")]
    for child in children:
        assert [len(column.select("li")) for column in child.select(".choice")][:2] == [0, 0]


def test_housing_reads_of_none_of_it(cycle: dict[str, Any]) -> None:
    assert not read_page(cycle["home"], RUN, "housing").select("#last, #decided, #subjects, #ask, .subject")
