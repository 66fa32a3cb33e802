"""The heat table, the flow picture and the timeline: every number as text, nothing by colour alone."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.briefing.checking import check_fragment
from csp_toolkit.display.flow_picture import flow_svg, parts_bar
from csp_toolkit.display.heat_table import heat_table, step_of
from csp_toolkit.display.timeline import timeline_svg
from csp_toolkit.errors import TableError

HOSTILE = '<img src=x onerror="a()">'


def bands(*rows: tuple[str, float, bool]) -> pd.DataFrame:
    """Make bands of (place, n, is_known)."""
    return pd.DataFrame([(p, n, str(int(n)), k) for p, n, k in rows], columns=["place", "n", "words", "is_known"])


def draw(into: pd.DataFrame, out_of: pd.DataFrame) -> BeautifulSoup:
    """Draw flows and read the picture."""
    svg = flow_svg(into, out_of, here="Here", title="Flows", desc="In and out.")
    check_fragment(svg, "the picture")
    return BeautifulSoup(svg, "html.parser")


def test_every_cell_has_its_text_and_rows_apart_come_last_between_rules() -> None:
    counts = pd.DataFrame([[400, 1], [3, 0], [36, 0]], index=["A", "UNK", "B"], columns=["X", "Y"])
    shown = counts.astype(str).replace({"1": "1–2"})
    html = heat_table(counts, shown, table_id="h", caption="C.", row_title="Home", unit="people", apart=["UNK"])
    check_fragment(html, "the table")
    page = BeautifulSoup(html, "html.parser")
    assert [row.th.text for row in page.select("tbody tr")] == ["A", "B", "UNK"]
    assert page.select("tbody tr")[-1]["class"] == ["apart"]
    assert [cell.text for cell in page.select("tbody td")] == ["400", "1–2", "36", "0", "3", "0"]
    assert "t5" in page.select("tbody td")[0]["class"] and page.select("tbody td")[3]["class"] == ["num"]


def test_a_cell_may_have_words_and_then_no_shade_and_markup_is_text() -> None:
    counts = pd.DataFrame([[9]], index=[HOSTILE], columns=["X"])
    html = heat_table(counts, counts.astype(str), table_id="h", caption="C.", row_title="Home", unit="people",
                      notes={(HOSTILE, "X"): "not in scope"})  # fmt: skip
    check_fragment(html, "the table")
    cell = BeautifulSoup(html, "html.parser").select_one("tbody td")
    assert cell.text == "not in scope" and set(cell["class"]) == {"num", "quiet"}


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_larger_count_never_has_a_lighter_step_and_only_nought_has_none(a: int, b: int, largest: int) -> None:
    steps = [step_of(n, largest) for n in sorted((a, b))]
    assert steps == sorted(steps) and all(0 <= s <= 5 for s in steps)
    assert (step_of(a, largest) == 0) == (a == 0)


def test_texts_that_do_not_fit_the_counts_are_refused() -> None:
    with pytest.raises(TableError, match="a text for each"):
        heat_table(pd.DataFrame([[1]]), pd.DataFrame([["1", "2"]]), table_id="h", caption="", row_title="", unit="")


def test_a_band_is_as_wide_as_its_number_and_what_is_not_known_is_dashed() -> None:
    page = draw(bands(("A", 10, True), ("B", 5, True), ("Not known", 90, False)), bands(("A", 2, True)))
    widths = [float(path["stroke-width"]) for path in page.select("path")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.11) and widths[3] == pytest.approx(widths[0] / 5, abs=0.11)
    dashed = [path.get("stroke-dasharray") is not None for path in page.select("path")]
    assert dashed == [False, False, True, False] and widths[2] <= widths[0]
    said = page.text
    assert all(f"{place} {n}" in said for place, n in (("A", 10), ("B", 5), ("Not known", 90), ("A", 2)))


def test_a_picture_of_no_flows_still_stands_and_names_are_text() -> None:
    none = bands().astype({"n": "float64"})
    assert "Here" in draw(none, none).text
    assert HOSTILE in draw(bands((HOSTILE, 1, True)), none).text


def test_a_bar_of_parts_has_no_bar_for_nought_and_one_scale() -> None:
    widths = [r["width"] for r in BeautifulSoup(parts_bar([5, 0, 5], scale=20), "html.parser").select("rect")]
    assert widths == ["25.00%", "25.00%"]
    with pytest.raises(TableError):
        parts_bar([1, -1], scale=2)


def spans(*rows: tuple[str, str, str, bool, bool]) -> pd.DataFrame:
    """Make spans of (lane, from, to, is_open, is_main)."""
    table = pd.DataFrame(rows, columns=["lane", "from_on", "to_on", "is_open", "is_main"])
    return table.assign(
        words=table["lane"], from_on=pd.to_datetime(table["from_on"]), to_on=pd.to_datetime(table["to_on"])
    )


def test_a_span_lies_on_the_scale_of_days_and_an_open_one_ends_in_a_point() -> None:
    table = spans(("L", "2026-01-01", "2026-06-01", False, True), ("N", "2026-03-01", "2026-12-31", True, False))
    svg = timeline_svg(table, since=pd.Timestamp("2026-01-01"), until=pd.Timestamp("2026-12-31"), title="T", desc="D")
    check_fragment(svg, "the timeline")
    page = BeautifulSoup(svg, "html.parser")
    first, second = (float(r["x"]) for r in page.select("rect"))
    assert first == pytest.approx(150) and second == pytest.approx(150 + (720 - 150 - 12) * 59 / 364, abs=0.1)
    assert len(page.select("path")) == 1 and "Jan 2026" in page.text and page.select_one("desc").text == "D"


def test_a_span_outside_the_days_is_not_drawn_and_one_that_began_before_is_cut() -> None:
    table = spans(("L", "2024-01-01", "2024-06-01", False, True), ("M", "2025-01-01", "2026-03-01", False, True))
    svg = timeline_svg(table, since=pd.Timestamp("2026-01-01"), until=pd.Timestamp("2026-12-31"), title="T", desc="D")
    rects = BeautifulSoup(svg, "html.parser").select("rect")
    assert len(rects) == 1 and float(rects[0]["x"]) == pytest.approx(150)
