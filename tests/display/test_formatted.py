"""Formatted tables and fragments."""

import pandas as pd
from bs4 import BeautifulSoup
from markupsafe import Markup

from csp_toolkit.display.formatted import Fragment, Heading, format_table, mark_yardstick
from csp_toolkit.display.text_twin import read_as_text

HEADINGS = (
    Heading("name", "Person", is_row_header=True),
    Heading("score", "Score", "points", kind="number"),
    Heading("seen", "Last seen", kind="date"),
    Heading("note", "Note"),
)
PEOPLE = pd.DataFrame({"name": ["WATSON", "<b>BATES</b>"], "score": [64.04, None], "seen": ["2026-11-05", None]})


def table_of(rows: object, **given: object) -> BeautifulSoup:
    return BeautifulSoup(format_table(rows, HEADINGS, table_id="t", caption="People.", **given), "html.parser")  # type: ignore[arg-type]


def test_a_table_has_a_caption_and_every_header_a_scope() -> None:
    table = table_of(PEOPLE)
    assert table.caption is not None and table.caption.text.strip() == "People."
    assert {th["scope"] for th in table.find_all("th")} == {"col", "row"}
    assert table.div is not None and table.div["aria-labelledby"] == table.caption["id"]


def test_no_cell_is_empty() -> None:
    cells = table_of(PEOPLE).select("tbody td")
    assert [cell.text for cell in cells] == ["64.0", "5 Nov 2026", "not known", "not known"]


def test_a_column_that_was_not_released_is_left_out() -> None:
    assert "Note" not in table_of(PEOPLE).text


def test_text_from_a_frame_is_never_markup() -> None:
    assert table_of(PEOPLE).b is None
    assert table_of(PEOPLE.assign(note=Markup("<i>x</i>"))).i is None


def test_records_may_hold_our_own_markup() -> None:
    rows = [{"name": "A", "note": Markup("<i>x</i>")}]
    headings = (HEADINGS[0], Heading("note", "Note", kind="markup"))
    assert "<i>x</i>" in format_table(rows, headings, table_id="t", caption="c")


def test_totals_stand_under_their_columns() -> None:
    foot = table_of(PEOPLE, totals={"name": "All", "score": "64.0"}).tfoot
    assert foot is not None
    assert [cell.text for cell in foot.find_all(["th", "td"])] == ["All", "64.0", "–"]


def test_yardstick_words_are_set_apart_longest_first() -> None:
    assert mark_yardstick("It is highly likely & so.") == 'It is <b class="yard">highly likely</b> &amp; so.'


def test_the_text_twin_reads_as_a_table() -> None:
    lines = read_as_text(str(format_table(PEOPLE, HEADINGS, table_id="t", caption="People."))).splitlines()
    assert lines[0] == "People."
    assert lines[2].split(" | ") == ["WATSON      ", "64.0         ", "5 Nov 2026"]
    assert lines[3].startswith("<b>BATES</b>")


def test_the_text_twin_keeps_two_line_rows_under_their_columns() -> None:
    html = "<table><tr><th rowspan=2>WATSON</th><td>64.0</td></tr><tr><td>36.8 · 20.4</td></tr></table>"
    assert read_as_text(html).splitlines() == ["WATSON | 64.0", "       | 36.8 · 20.4"]


def test_the_text_twin_reads_a_described_picture_and_skips_a_hidden_one() -> None:
    html = "<svg><title>Ties</title><desc>Two clusters</desc><text>WATSON</text></svg><svg><path/></svg><p>End</p>"
    assert read_as_text(html) == "Ties. Two clusters. End" or read_as_text(html).splitlines() == [
        "Ties. Two clusters.",
        "End",
    ]


def test_an_empty_fragment_shows_no_html_and_says_so_in_text() -> None:
    nothing = Fragment("", "Not in this copy.")
    assert nothing._repr_html_() is None and repr(nothing) == "Not in this copy." and not nothing
