"""The demo partnership: the same each time, mapped by the shipped feeds, and nobody in it is real."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.records.demo.faults import BROKEN_LINE, FAULTS
from csp_toolkit.records.feeds import map_file, match_feeds, read_feeds
from csp_toolkit.records.synthetic import (
    DELIVERIES,
    MEETINGS,
    OUTCOMES_ON,
    demo_decisions,
    demo_outcomes,
    make_world,
    planted_stories,
    write_demo,
)
from csp_toolkit.tables.deciding.rules import check_decisions
from csp_toolkit.tables.validation import validate
from tests.real_data_home import extracts

RULES = {
    "police_nominals": {
        "html_in_cell", "formula_in_cell", "under_ten", "default_birth_date", "unreadable_reference", "duplicate_row",
    },
    "police_crimes": {
        "excel_serial_date", "part_under_ten", "html_in_cell", "future_date", "duplicate_row", "row_length",
    },
    "police_intel": {"grade_converted", "marking_above", "grade_unreadable", "grade_form", "html_in_cell"},
    "police_custody": {"duplicate_row"},
    "csp_reviews": {"duplicate_row"},
    "prison_status": {"duplicate_row"},
    "police_top10": {"spaces_trimmed"},
    "police_stop_search": {"row_length"},
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    return folder


def test_the_same_seed_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path)
    ours, theirs = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in (demo, tmp_path))
    assert ours == theirs


def test_another_seed_gives_another_partnership(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path, seed=7)
    assert (tmp_path / "2026-10/police_crimes.csv").read_bytes() != (demo / "2026-10/police_crimes.csv").read_bytes()


def test_two_deliveries_are_small_and_one_feed_is_missing_in_november(demo: Path) -> None:
    names = {month: {p.name for p in (demo / month).iterdir()} for month in DELIVERIES}
    assert names["2026-10"] - names["2026-11"] == {"police_stop_search.csv"}
    assert names["2026-11"] <= names["2026-10"]
    assert sum(p.stat().st_size for p in demo.rglob("*") if p.is_file()) < 1_500_000


def test_every_file_is_mapped_by_the_shipped_feeds_and_every_row_is_accounted_for(demo: Path) -> None:
    feeds = read_feeds()
    unmapped = set()
    for month, received_on in DELIVERIES.items():
        for path in (demo / month).iterdir():
            matched = match_feeds(path, feeds)
            unmapped |= set() if matched else {path.name}
            for feed in matched:
                found = validate(map_file(path, feed), received_on=received_on)
                assert found.accepted + found.repaired + found.rejected + found.withdrawn == found.rows_in, feed.name
                assert found.accepted > 0.7 * found.rows_in, feed.name
    assert unmapped == {"README.txt", "ambulance.csv"}


@pytest.mark.parametrize("feed", sorted({*FAULTS, *BROKEN_LINE}))
def test_each_planted_fault_is_found_under_its_rule(demo: Path, feed: str) -> None:
    found = validate(map_file(demo / f"2026-10/{feed}.csv", read_feeds()[feed]), received_on=DELIVERIES["2026-10"])
    assert set(found.findings["rule"]) == RULES[feed]


def test_a_report_is_withdrawn_in_november_only(demo: Path) -> None:
    feed = read_feeds()["police_intel"]
    withdrawn = [
        validate(map_file(demo / f"{m}/police_intel.csv", feed), received_on=d).withdrawn for m, d in DELIVERIES.items()
    ]
    assert withdrawn == [0, 1]


def test_everything_in_it_is_invented(demo: Path) -> None:
    text = b"\n".join(p.read_bytes() for p in demo.rglob("*.csv")).decode("utf-8", "replace")
    assert set(re.findall(r"\b42([A-Z]*)/", text)) == {"SYND"}
    phones = re.findall(r"(?:07|\+44 7)\d{3} ?\d{6}", text)
    assert phones and all(
        re.sub(r"\D", "", p).removeprefix("44").removeprefix("0").startswith("7700900") for p in phones
    )
    assert {postcode[:2] for postcode in re.findall(r"\b[A-Z]{2}\d \d[A-Z]{2}\b", text)} == {"XZ"}


@pytest.mark.real_data
def test_no_person_and_no_reference_is_taken_from_the_extracts(demo: Path) -> None:
    theirs = {p.name: p.read_text(encoding="utf-8", errors="replace") for p in extracts().rglob("police_nominals.csv")}
    rows = pd.read_csv(demo / "2026-10/police_nominals.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    for text in theirs.values():
        assert not [ref for ref in rows["NOMINAL URN"] if f"{ref}," in text]
        assert not [n for n in rows["SURNAME"] + "," + rows["FORENAME 1"] if n in text]


def test_ethnic_codes_come_from_a_stream_nothing_else_sees() -> None:
    codes = [person.ethnicity for person in make_world().people.values()]
    again = [person.ethnicity for person in make_world(seed=3).people.values()]
    assert len(set(codes)) > 5
    assert codes != again


def test_every_story_names_someone_who_is_in_the_files(demo: Path) -> None:
    stories = planted_stories()
    rows = pd.read_csv(demo / "2026-11/police_nominals.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    assert stories["story"].nunique() >= 24
    found = dict(zip(rows["NOMINAL URN"], rows["SURNAME"] + ", " + rows["FORENAME 1"], strict=True))
    assert [found[ref] for ref in stories["person_ref"]] == list(stories["name"])


def test_decisions_name_people_of_the_demo_and_housing_owns_two_actions_about_adults() -> None:
    made, stories = demo_decisions(), planted_stories().set_index("person_ref")
    assert set(made["person_ref"]) <= set(stories.index)
    assert made["kind"].value_counts().to_dict() == {
        "selection": 11,
        "action": 6,
        "review": 1,
        "removal": 1,
        "exploitation": 1,
    }
    housing = made[made["details"].str.contains("Council Housing/ASB", na=False)]
    people = {p.ref: p for p in make_world().people.values()}
    assert [people[ref].age_on(MEETINGS[0]) >= 18 for ref in housing["person_ref"]] == [True, True]


def test_outcomes_name_octobers_actions_and_leave_one_late_and_say_two_made_somebody_safer() -> None:
    agreed, told = demo_decisions(), demo_outcomes()
    refs = {json.loads(text)["action_ref"] for text in agreed["details"].dropna() if "action_ref" in text}
    outcomes = [json.loads(text) for text in told["details"]]
    assert {one["action_ref"] for one in outcomes} < refs and len(refs) - len(outcomes) == 1
    assert sum("safeguarding" in one for one in outcomes) == 2
    assert set(told["decided_on"]) == {pd.Timestamp(OUTCOMES_ON)} and set(told["meeting_on"]) == {
        pd.Timestamp(MEETINGS[1])
    }
    assert check_decisions(told.assign(outcome=told["outcome"].astype("str"))) == []
