"""The feeds that come with the package, and which file belongs to which."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

from csp_toolkit.errors import ParamsError
from csp_toolkit.records.feeds import match_feeds, read_feeds
from csp_toolkit.records.schema import TABLES

FEEDS = read_feeds()


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".CSV", " (1).csv", "_2026-11.csv"])
@pytest.mark.parametrize("name", sorted(FEEDS))
def test_each_feed_knows_its_own_files(name: str, ending: str) -> None:
    matched = match_feeds(Path(f"/delivery/{name}{ending}"), FEEDS)
    same_file = {feed.name for feed in FEEDS.values() if feed.pattern == FEEDS[name].pattern}
    assert {feed.name for feed in matched} == (same_file if ending.startswith(".xlsx") else {name})


@pytest.mark.parametrize("file", ["README.txt", "police_crimes.pdf", "ambulance.csv", "notes on police_crimes.csv"])
def test_a_file_without_a_mapping_has_none(file: str) -> None:
    assert match_feeds(Path(file), FEEDS) == ()


def test_every_canonical_table_is_filled_by_some_feed() -> None:
    assert {table for feed in FEEDS.values() for table in feed.tables} == set(TABLES)


def test_a_table_of_people_says_whose_numbers_they_have() -> None:
    for feed in FEEDS.values():
        names_people = any(TABLES[table].person for table in feed.tables)
        assert (feed.person_system is not None) == names_people, feed.name


def test_ethnicity_is_kept_by_no_feed() -> None:
    for feed in FEEDS.values():
        read = [h for heading, more in feed.headings.items() for h in (heading, *more)]
        assert not [h for h in read if fnmatch(h.lower(), "*eth*def*") or "ethnic" in h.lower()], feed.name


def test_every_column_that_is_not_kept_has_a_reason() -> None:
    assert all(len(reason) > 5 for feed in FEEDS.values() for reason in feed.not_kept.values())


def test_a_feed_and_its_file_have_one_name(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    source = Path(__file__).parents[2] / "params" / "feeds" / "prison_status.yaml"
    (tmp_path / "feeds" / "prisons.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ParamsError, match="Give file and feed one name"):
        read_feeds(tmp_path)
