"""The cross-border page: what is there, what is absent, and that a copy without any one table still makes a page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup

from csp_toolkit.briefing.pages.borders import BORDER_PLANS, BorderPage
from csp_toolkit.briefing.render import render_page
from csp_toolkit.briefing.runner import run_notebook
from csp_toolkit.sharing.released import Released
from tests.networks.small_views import make_view
from tests.sharing.border_partnership import AGREEMENTS, border_view, copy_for

CELLS = ("masthead", "so_what", "asks", "flows", "lines", "handovers", "found", "stronger", "people", "measures",
         "withheld", "data_notes", "method")  # fmt: skip
COUNTY = copy_for("county_police").with_copy(number=1, n_copies=2)
NEIGHBOUR = copy_for("neighbour_thurrock").with_copy(number=2, n_copies=2)


def page_of(copy: Any) -> str:
    """Run each section as a notebook would, and render the page."""
    page, cells = BorderPage(copy), []
    for name in CELLS:
        fragment = getattr(page, name)()
        data = {"text/plain": repr(fragment)}
        if fragment._repr_html_():
            data["text/html"] = fragment._repr_html_()
        output = nbformat.v4.new_output("display_data", data=data)
        cells.append(nbformat.v4.new_code_cell(f"page.{name}()", outputs=[output], execution_count=1))
    return render_page(nbformat.v4.new_notebook(cells=cells), recipient=copy.recipient, facts=copy.facts)


@pytest.fixture(scope="module")
def county() -> BeautifulSoup:
    """Read the county's page."""
    return BeautifulSoup(page_of(COUNTY), "html.parser")


@pytest.fixture(scope="module")
def neighbour() -> BeautifulSoup:
    """Read the neighbour's page."""
    return BeautifulSoup(page_of(NEIGHBOUR), "html.parser")


def test_sections_stand_in_their_order_and_are_numbered_without_a_gap(county: Any, neighbour: Any) -> None:
    for page in (county, neighbour):
        order = [section["id"] for section in page.find_all("section")]
        assert order == [plan.anchor for plan in BORDER_PLANS if plan.anchor in order]
        assert [int(n.text) for n in page.select("section h2 .n")] == list(range(1, len(order) + 1))
    assert [s["id"] for s in neighbour.find_all("section")] == ["so", "ask", "flows", "found", "withheld", "method"]


def test_the_page_says_which_briefing_it_is_and_never_another(county: Any, neighbour: Any) -> None:
    for page in (county, neighbour):
        assert "Cross-border briefing, 26 November 2026" in page.text and "cross-border briefing" in page.text
        assert "Gangs Intelligence Meeting" not in page.text and "chair" not in page.text
        assert page.select_one(".state").text == "Counts and questions: no list, no score, no selection"


def test_the_unknown_stands_beside_every_flow(county: Any) -> None:
    flows = county.find(id="flows")
    assert flows.select("tr.apart th")[-1].text == "Not known"
    assert "Home not known" in flows.find(id="months-caption").find_parent("table").text
    assert "it is not known" in flows.select_one(".finding").text


def test_the_suggestion_has_its_signs_its_picture_and_the_other_reading(county: Any) -> None:
    lines = county.find(id="lines")
    assert "B2: B1 under a new name?" in lines.text and "Another network may have taken the vacancy" in lines.text
    assert lines.select_one("svg.timeline desc").text.startswith("B1 from 1 Jan 2025")
    signs = lines.find(id="signs-1-caption").find_parent("table")
    assert len(signs.select("tbody tr")) == len(COUNTY["rebrand_signs"])


def test_each_area_is_asked_one_question_first(county: Any, neighbour: Any) -> None:
    first = county.find(id="asks-caption").find_parent("table").select("tbody th")
    assert sorted(cell.text for cell in first) == ["Ask Far (Their Police)", "Ask Near", "Ask Thurrock"]
    assert neighbour.find(id="ask").h2.text.endswith("What we ask you")


def test_children_are_counted_and_no_child_is_listed_among_those_who_cross(county: Any) -> None:
    people = county.find(id="people")
    assert "One child is recorded across the border" in people.text and "R. F." not in people.text
    wanting = county.find(id="wanting-caption").find_parent("table")
    assert "a child: safeguarding leads first" in wanting.text


@pytest.mark.parametrize("name", sorted(COUNTY.tables))
def test_a_copy_without_any_one_table_or_with_it_empty_still_makes_a_page(name: str) -> None:
    page_of(replace(COUNTY, tables={k: v for k, v in COUNTY.tables.items() if k != name}))
    page_of(replace(COUNTY, tables={**COUNTY.tables, name: COUNTY.tables[name].head(0)}))


@pytest.mark.parametrize("name", sorted(NEIGHBOUR.tables))
def test_a_neighbours_copy_without_any_one_table_still_makes_a_page(name: str) -> None:
    page_of(replace(NEIGHBOUR, tables={k: v for k, v in NEIGHBOUR.tables.items() if k != name}))
    page_of(replace(NEIGHBOUR, tables={**NEIGHBOUR.tables, name: NEIGHBOUR.tables[name].head(0)}))


def test_the_same_copy_makes_the_same_page() -> None:
    assert page_of(COUNTY) == page_of(
        Released(COUNTY.recipient, dict(COUNTY.facts), dict(COUNTY.tables), COUNTY.withheld)
    )


@pytest.mark.parametrize("copy", [COUNTY, NEIGHBOUR], ids=["county", "neighbour"])
def test_the_notebook_runs_on_a_bundle_alone_and_makes_the_page(tmp_path: Path, copy: Released) -> None:
    copy.write(tmp_path / "bundle.json")
    notebook = Path(__file__).parents[3] / "notebooks" / "briefings" / "cross_border.ipynb"
    executed = run_notebook(notebook, tmp_path / "out.ipynb", {"bundle": "bundle.json"}, cwd=tmp_path, in_process=True)
    soup = BeautifulSoup(render_page(executed, recipient=copy.recipient, facts=copy.facts), "html.parser")
    assert [s["id"] for s in soup.find_all("section")] == [a["href"][1:] for a in soup.select("nav a")]


def test_papers_of_a_meeting_with_nothing_on_record_still_make_a_page() -> None:
    full = border_view()
    nothing = replace(make_view(agreements=AGREEMENTS), coverage=full.coverage, is_synthetic=True,
                      people=full.people.head(0), person_keys=full.person_keys.head(0))  # fmt: skip
    page = page_of(copy_for("county_police", nothing).with_copy(number=1, n_copies=1))
    assert "Lines, and one under a new name" not in page
    assert "There is nothing to ask of any other area." in page and "not assessed" in page
