"""Links kept in the casebook: found once, the same in whatever order deliveries came, never of anonymous records."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import func, select

from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables import storage
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.known_records import read_usable
from csp_toolkit.tables.linking import kept as linking_store
from csp_toolkit.tables.linking.kept import (
    forget_links,
    gather_records,
    keep_links,
    link_casebook,
    read_links,
)
from csp_toolkit.tables.linking.links import Links, link_records, read_link_model
from tests.tables.deliveries import NOVEMBER, OCTOBER, agreements, checked, load, new_casebook, person

MODEL = read_link_model()
TOM = {"given_name": "Thomas", "dob": "2007-05-04", "home_address": "4 Elm Road", "sex": "M"}


def nominals(*refs: str) -> object:
    return checked("police_nominals", person_records=[person(ref, "Ravensworth", **TOM) for ref in refs])


def children(ref: str, given: str) -> object:
    row = person(ref, "Ravensworth", **(TOM | {"given_name": given, "dob": "2007-04-05"}))
    return checked("childrens_services", person_records=[row])


@pytest.fixture
def casebook(tmp_path: Path) -> Casebook:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), nominals("42SYN/1"), children("SYN-M1", "Tom"))
    load(casebook, NOVEMBER, nominals("42SYN/1", "42SYN/2"))
    return casebook


def links_at(casebook: Casebook, day: date) -> Links:
    """Return what linking finds for a day, whether or not anything is kept."""
    with storage.reading(casebook.engine) as connection:
        return link_records(gather_records(connection, read_usable(connection, day)), MODEL)


def kept_at(casebook: Casebook, day: date) -> Links:
    with storage.reading(casebook.engine) as connection:
        found = read_links(connection, day, MODEL)
    assert found is not None
    return found


def count_runs(casebook: Casebook) -> int:
    with storage.reading(casebook.engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(storage.LINK_RUNS)) or 0)


def test_a_nickname_and_an_exchanged_date_are_joined_across_agencies(casebook: Casebook) -> None:
    assert links_at(casebook, OCTOBER).sure.to_numpy().tolist() == [["children", "SYN-M1", "police", "42SYN/1"]]


def test_what_is_kept_is_what_would_be_found(casebook: Casebook) -> None:
    now = links_at(casebook, NOVEMBER)
    assert list(keep_links(casebook.engine, MODEL)) == [OCTOBER, NOVEMBER]
    kept = kept_at(casebook, NOVEMBER)
    assert_frame_equal(kept.pairs, now.pairs)
    assert (kept.n_records, kept.n_candidates) == (now.n_records, now.n_candidates)
    for pair in now.pairs.itertuples():
        assert kept.explain(pair.record_a, pair.record_b) == now.explain(pair.record_a, pair.record_b)


def test_it_is_linked_once_and_not_again(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_links(casebook.engine, MODEL)
    monkeypatch.setattr(linking_store, "link_records", lambda *a, **k: pytest.fail("linked again"))
    assert keep_links(casebook.engine, MODEL) == {}
    assert len(kept_at(casebook, NOVEMBER).pairs) and count_runs(casebook) == 2


def test_a_view_of_october_does_not_move_when_november_is_loaded(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), nominals("42SYN/1"), children("SYN-M1", "Tom"))
    before = links_at(casebook, OCTOBER)
    load(casebook, NOVEMBER, nominals("42SYN/1", "42SYN/2"))
    assert_frame_equal(links_at(casebook, OCTOBER).pairs, before.pairs)


def test_the_order_of_deliveries_and_of_files_does_not_matter(casebook: Casebook, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = new_casebook(tmp_path / "other")
    load(other, NOVEMBER, nominals("42SYN/1", "42SYN/2"))
    load(other, OCTOBER, children("SYN-M1", "Tom"), nominals("42SYN/1"), agreements())
    keep_links(casebook.engine, MODEL)
    keep_links(other.engine, MODEL)
    for day in (OCTOBER, NOVEMBER):
        assert_frame_equal(kept_at(casebook, day).pairs, kept_at(other, day).pairs)


def test_the_same_rows_sent_twice_change_no_link(casebook: Casebook) -> None:
    before = links_at(casebook, NOVEMBER)
    load(casebook, date(2026, 12, 18), nominals("42SYN/1", "42SYN/2"))
    assert_frame_equal(links_at(casebook, date(2026, 12, 18)).pairs, before.pairs)


def test_another_model_is_another_entry(casebook: Casebook) -> None:
    keep_links(casebook.engine, MODEL)
    keep_links(casebook.engine, MODEL.model_copy(update={"most_pairs": 500}))
    assert count_runs(casebook) == 4


def test_records_their_owner_merged_are_one(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    merged = [person("42SYN/1", "Ravensworth", **TOM), person("42SYN/2", "Ravensworth", merged_into="42SYN/1", **TOM)]
    load(casebook, OCTOBER, agreements(), checked("police_nominals", person_records=merged), children("SYN-M1", "Tom"))
    found = links_at(casebook, OCTOBER)
    assert found.possible.empty and len(found.sure) == 2


def test_without_the_extra_nothing_is_found_and_what_is_kept_is_read(
    casebook: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_links(casebook.engine, MODEL)
    other = new_casebook(tmp_path, "other.sqlite")
    load(other, OCTOBER, agreements(), nominals("42SYN/1"))
    monkeypatch.setattr(linking_store, "can_link", lambda: False)
    assert len(kept_at(casebook, NOVEMBER).pairs) == 3
    assert keep_links(other.engine, MODEL) == {} and not other.view(OCTOBER).is_linked
    assert "csp-toolkit[link]" in linking_store.WITHOUT_EXTRA


def test_a_load_says_in_one_line_what_linking_did(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    said = link_casebook(casebook.engine)
    assert said == (
        "People linked across agencies by csp_default_v1: 3 records, 3 pairs of references joined, 0 to look at."
    )
    assert "nothing new" in link_casebook(casebook.engine)
    few = MODEL.model_copy(update={"most_pairs": 1})
    monkeypatch.setattr(linking_store, "read_link_model", lambda **_: few)
    assert "allows 1." in link_casebook(casebook.engine)
    monkeypatch.setattr(linking_store, "can_link", lambda: False)
    assert "is not installed" in link_casebook(casebook.engine)


def test_what_is_kept_can_be_forgotten(casebook: Casebook) -> None:
    keep_links(casebook.engine, MODEL)
    with storage.writing(casebook.engine) as connection:
        forget_links(connection)
    assert count_runs(casebook) == 0


def test_a_casebook_of_before_linking_gets_its_tables_when_links_are_kept(casebook: Casebook) -> None:
    with storage.writing(casebook.engine) as connection:
        storage.LINK_PAIRS.drop(connection)
        storage.LINK_RUNS.drop(connection)
    assert not casebook.view(NOVEMBER).is_linked
    assert list(keep_links(casebook.engine, MODEL)) == [OCTOBER, NOVEMBER]
    assert len(kept_at(casebook, NOVEMBER).pairs) == 3


def test_nothing_kept_holds_a_name(casebook: Casebook) -> None:
    keep_links(casebook.engine, MODEL)
    with storage.reading(casebook.engine) as connection:
        said = str(connection.execute(select(storage.LINK_PAIRS)).all()).lower()
    assert "42syn/1" in said
    for value in ("ravensworth", "thomas", "2007", "elm road"):
        assert value not in said


def test_anonymous_tables_are_not_among_those_that_are_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "person_records" in linking_store.NAMED_TABLES
    for name in linking_store.NAMED_TABLES:
        assert not getattr(TABLES[name], "is_anonymous", False)
        assert "family_name" in TABLES[name].names and TABLES[name].person


def test_records_gathered_once_say_the_same_in_any_order(casebook: Casebook) -> None:
    with storage.reading(casebook.engine) as connection:
        usable = read_usable(connection, NOVEMBER)
        once, again = gather_records(connection, usable), gather_records(connection, usable[::-1])
    assert_frame_equal(once, again)
    assert once["record_id"].is_unique


def test_reading_what_is_kept_imports_neither_splink_nor_duckdb(casebook: Casebook, tmp_path: Path) -> None:
    keep_links(casebook.engine, MODEL)
    program = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from csp_toolkit.tables.casebook import Casebook\n"
        f"casebook = Casebook.open(Path({str(casebook.engine.url.database)!r}))\n"
        "assert casebook.view(date(2026, 11, 20)).is_linked and len(casebook.links(date(2026, 11, 20)).pairs) == 3\n"
        "assert not {'splink', 'duckdb', 'matplotlib'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]


def test_links_of_a_replaced_model_explain_themselves(casebook: Casebook) -> None:
    found = links_at(casebook, OCTOBER)
    pair = found.pairs.iloc[0]
    assert "short form" in replace(found, n_candidates=0).explain(pair["record_b"], pair["record_a"])
