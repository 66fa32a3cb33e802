"""What a feed's YAML may say, and that a slip in it is a message."""

from pathlib import Path

import pytest

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import read_policy
from csp_toolkit.records.recipes import Feed, spelling

GOOD = """
name: visits
version: "1"
owner: tester
approved_on:
why: a test
title: Visits
agency: Someone
handling: P
pattern: visits*
delivery: events
headings: {Ref: [Visit Ref], Arrival: [], URN: []}
not_kept: {Mood: not needed}
tables:
  custody:
    columns: {custody_ref: Ref, person_ref: URN, arrived_at: Arrival}
"""


def read(folder: Path, text: str) -> Feed:
    path = folder / "visits.yaml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path, Feed)


def test_a_feed_is_read_and_cannot_be_changed(tmp_path: Path) -> None:
    feed = read(tmp_path, GOOD)
    assert feed.needed == ("Ref", "URN", "Arrival")
    with pytest.raises(ValueError, match="frozen"):
        feed.agency = "Another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("custody:", "detentions:", "no table 'detentions'"),
        ("custody_ref: Ref", "custody_reff: Ref", "no column 'custody_reff'"),
        ("custody_ref: Ref, ", "", "custody_ref is required"),
        ("arrived_at: Arrival", "arrived_at: Arrivall", "'Arrivall' is read and not listed"),
        ("URN: []}", "URN: [], Spare: []}", "'Spare' is listed and not read"),
        ("{Mood:", "{URN:", "'urn' stands twice"),
        ("arrived_at: Arrival", "arrived_at: {column: Arrival, read: tme}", "no reader is called 'tme'"),
        ("arrived_at: Arrival", "arrived_at: {column: Arrival, constant: x}", "exactly one of column, part, constant"),
        ("arrived_at: Arrival", "arrived_at: {part: at}", "no part 'at'"),
        ("arrived_at: Arrival", "arrived_at: Arrival, disposal: {column: Ref, values: {x: GONE}}", "'GONE' is not in"),
        ("delivery: events", "delivery: sometimes", "delivery"),
        ("title: Visits", "titel: Visits", "titel"),
        ("handling: P", "handling: X", "handling"),
    ],
)
def test_a_slip_in_a_feed_is_said(tmp_path: Path, was: str, becomes: str, says: str) -> None:
    assert was in GOOD
    with pytest.raises(ParamsError) as caught:
        read(tmp_path, GOOD.replace(was, becomes))
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_headings_are_compared_without_case_blanks_and_points() -> None:
    assert len({spelling(h) for h in ("Crime Ref", "CRIME_REF", "crime  ref.", "CrimeRef")}) == 1
