"""Opening, loading and viewing the casebook."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from csp_toolkit.errors import CheckFailed, DeliveryError, WorkspaceError
from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.storage import SCHEMA_VERSION
from csp_toolkit.tables.view import View, empty_table
from tests.tables.deliveries import (
    NOON,
    NOVEMBER,
    OCTOBER,
    agreements,
    checked,
    crime,
    load,
    new_casebook,
    person,
    report,
    suspect,
)

AS_OF_OCTOBER = date(2026, 10, 29)
AS_OF_NOVEMBER = date(2026, 11, 26)


def assert_same_view(one: View, other: View) -> None:
    """Compare all that a view holds."""
    for name in TABLES:
        assert_frame_equal(one[name], other[name], obj=name)
    for part in (
        "people",
        "person_keys",
        "possible_matches",
        "decisions",
        "coverage",
        "rejected",
        "judgements",
        "person_links",
        "contradictions",
    ):
        assert_frame_equal(getattr(one, part), getattr(other, part), obj=part)
    for name in one.ever:
        assert_frame_equal(one.ever[name], other.ever[name], obj=f"ever {name}")
    assert one.is_synthetic == other.is_synthetic


def dump(path: Path) -> str:
    """Return all that a casebook says, as SQL."""
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump())


# Opening


def test_a_missing_casebook_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"^casebook.sqlite: no casebook is there\..*csp init") as caught:
        Casebook.open(tmp_path / "casebook.sqlite")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "casebook.sqlite").exists()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, b"PK\x03\x04"])
def test_a_file_that_is_no_casebook_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "casebook.sqlite"
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="not a casebook"):
        Casebook.open(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_not_made_into_a_casebook(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE invoices (n)")
    with pytest.raises(WorkspaceError, match="not a casebook"):
        Casebook.open(path, create=True)


def test_an_older_casebook_is_given_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    made = new_casebook(tmp_path)
    nominals = checked("police_nominals", person_records=[{"source_ref": "42SYN/1", "family_name": "Lee"}])
    load(made, OCTOBER, agreements(), nominals)
    made.close()
    with sqlite3.connect(tmp_path / "casebook.sqlite") as older:
        older.execute('DROP TABLE "hospital_assaults"')
        older.execute('ALTER TABLE "person_records" DROP COLUMN "urn"')
        older.execute("UPDATE casebook SET value = '1'")
    again = Casebook.open(tmp_path / "casebook.sqlite")
    view = again.view(AS_OF_OCTOBER)
    assert view["person_records"]["family_name"].tolist() == ["Lee"] and view["person_records"]["urn"].isna().all()
    assert view["hospital_assaults"].empty
    again.close()
    with sqlite3.connect(tmp_path / "casebook.sqlite") as connection:
        assert connection.execute("SELECT value FROM casebook").fetchone() == (str(SCHEMA_VERSION),)


def test_a_casebook_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    new_casebook(tmp_path).close()
    with sqlite3.connect(tmp_path / "casebook.sqlite") as connection:
        connection.execute("UPDATE casebook SET value = ?", (str(SCHEMA_VERSION + 1),))
    with pytest.raises(WorkspaceError, match="newer version of the toolkit"):
        Casebook.open(tmp_path / "casebook.sqlite")


def test_an_address_shows_no_password(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        Casebook.open("postgresql://someone:hunter2@127.0.0.1:1/books")
    assert "hunter2" not in str(caught.value)
    assert "someone" not in str(caught.value)


def test_deleted_text_is_overwritten_and_the_rules_of_the_store_are_on(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    with casebook.engine.connect() as connection:
        read = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                ("secure_delete", "foreign_keys", "journal_mode", "synchronous")}  # fmt: skip
    assert read == {"secure_delete": 1, "foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}


# Loading


def test_rows_come_back_as_they_went_in(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    stop = {"stop_ref": "SYN-SS1", "stopped_at": "2026-09-01 23:59:58", "outcome": "NFA", "person_ref": None}
    seat = {"meeting_on": "2026-10-29", "place": 3, "person_ref": "42SYN/1", "last_place": None}
    crimes = [crime("SYN/1", ward="St Martin's", has_knife="Y", to_on="2026-09-02"), crime("SYN/2")]
    sent = checked("police_crimes", crimes=crimes, stops=[stop], police_list=[seat])
    load(casebook, OCTOBER, agreements(), sent)
    view = casebook.view(AS_OF_OCTOBER)
    for name, frame in sent.tables.items():
        columns = list(TABLES[name].names)
        assert_frame_equal(view[name][columns], frame[columns])


def test_every_table_of_a_view_has_its_columns_and_types_even_when_empty(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    empty = casebook.view(AS_OF_OCTOBER)
    load(casebook, OCTOBER, agreements(), checked("police_crimes", crimes=[crime("SYN/1")]))
    for view in (empty, casebook.view(AS_OF_OCTOBER)):
        for name in TABLES:
            assert view[name].dtypes.to_dict() == empty_table(name).dtypes.to_dict(), name
    assert empty.people.empty
    assert not empty.is_synthetic


def test_the_same_file_twice_changes_nothing_and_is_said(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    files = agreements(), checked("police_crimes", crimes=[crime("SYN/1")])
    first = load(casebook, OCTOBER, *files)
    before = dump(tmp_path / "casebook.sqlite")
    again = load(casebook, OCTOBER, *files)
    assert first.n_loaded == 2
    assert again.changed_nothing
    assert set(again.table["state"]) == {"already loaded"}
    assert dump(tmp_path / "casebook.sqlite") == before


def test_the_same_content_sent_again_next_month_has_arrived(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    files = agreements(), checked("police_crimes", crimes=[crime("SYN/1")])
    load(casebook, OCTOBER, *files)
    again = load(casebook, NOVEMBER, *files)
    assert list(again.table["note"]) == ["the same content as the delivery received on 2026-10-23"] * 2
    view = casebook.view(AS_OF_NOVEMBER)
    assert set(view.coverage["state"]) == {"arrived"}
    assert len(view["crimes"]) == 1
    assert view.ever["crimes"]["received_on"].tolist() == [pd.Timestamp(OCTOBER)]


def test_a_file_read_by_a_newer_mapping_is_loaded_again(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_crimes", crimes=[crime("SYN/1", area="Essex")]))
    better = checked("police_crimes", version="2", crimes=[crime("SYN/1", area="Basildon")])
    object.__setattr__(better, "sha256", checked("police_crimes", crimes=[crime("SYN/1", area="Essex")]).sha256)
    assert load(casebook, OCTOBER, better).n_loaded == 1
    assert load(casebook, OCTOBER, better).changed_nothing
    assert casebook.view(AS_OF_OCTOBER)["crimes"]["area"].tolist() == ["Basildon"]


def test_live_and_synthetic_people_do_not_share_a_casebook(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    live = checked("police_nominals", person_records=[person("42/001/24")])
    load(casebook, OCTOBER, agreements(), checked("police_nominals", person_records=[person("42SYN/001/24")]))
    before = dump(tmp_path / "casebook.sqlite")
    with pytest.raises(DeliveryError, match="may not share a casebook") as caught:
        load(casebook, NOVEMBER, live)
    assert "42/001/24" not in str(caught.value)
    assert dump(tmp_path / "casebook.sqlite") == before
    both = checked("police_nominals", person_records=[person("42SYN/001/24"), person("42/001/24")])
    with pytest.raises(DeliveryError, match=r"police_nominals.csv \(1 live, 1 synthetic\)"):
        load(new_casebook(tmp_path, "other.sqlite"), OCTOBER, both)


def test_a_casebook_of_live_people_is_not_called_synthetic(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_nominals", person_records=[person("42/001/24")]))
    assert not casebook.view(AS_OF_OCTOBER).is_synthetic
    with pytest.raises(DeliveryError, match="In it already: 1 live, 0 synthetic"):
        load(casebook, NOVEMBER, checked("police_nominals", person_records=[person("42SYN/001/24")]))


def test_a_file_whose_rows_do_not_add_up_is_refused(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    short = checked("police_crimes", crimes=[crime("SYN/1")])
    object.__setattr__(short, "rows_in", 2)
    with pytest.raises(CheckFailed, match="police_crimes.csv: rows in are not the sum"):
        load(casebook, OCTOBER, short)


_KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from csp_toolkit.tables import loading, rows
from csp_toolkit.tables.casebook import Casebook
from tests.tables.deliveries import NOVEMBER, agreements, checked, crime, load, person, suspect

dies_at = int(sys.argv[2])
calls = 0

def counted(original):
    def call(*args, **options):
        global calls
        calls += 1
        if calls == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **options)
    return call

rows.append_rows = counted(rows.append_rows)
loading.append_entry = counted(loading.append_entry)
loading.LoadReport = counted(loading.LoadReport)
casebook = Casebook.open(Path(sys.argv[1]))
many = [crime(f"SYN/N{n}") for n in range(20_000)]
load(casebook, NOVEMBER, agreements(),
     checked("police_crimes", crimes=many, crime_suspects=[suspect("SYN/N1", "42SYN/2")]),
     checked("police_nominals", person_records=[person("42SYN/2")]))
print("calls", calls)
"""


@pytest.mark.parametrize("dies_at", [1, 4, 5, 8, 11, 12])
def test_a_kill_during_a_load_leaves_the_casebook_as_it_was(tmp_path: Path, dies_at: int) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_crimes", crimes=[crime("SYN/1")]))
    casebook.close()
    before = dump(tmp_path / "casebook.sqlite")
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_KILLED), str(tmp_path / "casebook.sqlite"), str(dies_at)],
        cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr + killed.stdout
    assert dump(tmp_path / "casebook.sqlite") == before
    again = Casebook.open(tmp_path / "casebook.sqlite")
    assert again.log.verify().is_sound
    assert len(again.view(AS_OF_NOVEMBER)["crimes"]) == 1


# Views


def test_of_a_register_only_the_newest_delivery_counts(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(
        casebook,
        OCTOBER,
        agreements(),
        checked("police_nominals", person_records=[person("42SYN/1"), person("42SYN/2")]),
    )
    load(casebook, NOVEMBER, checked("police_nominals", person_records=[person("42SYN/2", given="Alfred")]))
    assert casebook.view(AS_OF_NOVEMBER)["person_records"]["given_name"].tolist() == ["Alfred"]
    assert casebook.view(AS_OF_OCTOBER)["person_records"]["source_ref"].tolist() == ["42SYN/1", "42SYN/2"]


def test_an_event_that_left_the_period_stays_and_a_corrected_one_is_replaced(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_crimes", crimes=[crime("SYN/1"), crime("SYN/2")]))
    load(casebook, NOVEMBER, checked("police_crimes", crimes=[crime("SYN/2", offence="Theft"), crime("SYN/3")]))
    crimes = casebook.view(AS_OF_NOVEMBER)["crimes"]
    assert crimes["crime_ref"].tolist() == ["SYN/1", "SYN/2", "SYN/3"]
    assert crimes["offence"].tolist() == ["Robbery", "Theft", "Robbery"]
    assert casebook.view(AS_OF_NOVEMBER).ever["crimes"]["offence"].tolist() == [
        "Robbery",
        "Robbery",
        "Theft",
        "Robbery",
    ]


def test_a_corrected_list_replaces_place_by_place_and_last_months_list_stays(tmp_path: Path) -> None:
    def seat(meeting_on: str, place: int, ref: str) -> dict[str, object]:
        return {"meeting_on": meeting_on, "place": place, "person_ref": ref}

    casebook = new_casebook(tmp_path)
    first = [seat("2026-10-29", 1, "42SYN/1"), seat("2026-10-29", 2, "42SYN/2")]
    load(casebook, OCTOBER, agreements(), checked("police_crimes", police_list=first))
    load(casebook, NOVEMBER, checked("police_crimes", police_list=[seat("2026-11-26", 1, "42SYN/2")]))
    load(casebook, NOVEMBER, checked("police_crimes", police_list=[seat("2026-11-26", 1, "42SYN/3")]))
    assert casebook.view(AS_OF_NOVEMBER)["police_list"]["person_ref"].tolist() == ["42SYN/1", "42SYN/2", "42SYN/3"]


def test_a_suspect_left_out_of_the_corrected_crime_is_no_longer_one(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked(
        "police_crimes", crimes=[crime("SYN/1"), crime("SYN/2")],
        crime_suspects=[suspect("SYN/1", "42SYN/1"), suspect("SYN/2", "42SYN/1")]))  # fmt: skip
    load(casebook, NOVEMBER, checked("police_crimes", crimes=[crime("SYN/1", offence="Theft")], crime_suspects=[]))
    view = casebook.view(AS_OF_NOVEMBER)
    assert view["crime_suspects"]["crime_ref"].tolist() == ["SYN/2"]
    assert view.ever["crime_suspects"]["crime_ref"].tolist() == ["SYN/1", "SYN/2"]


def test_a_withdrawn_report_and_who_it_names_leave_the_view_but_not_the_memory(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    subjects = [{"report_ref": "SYN-R1", "person_ref": "42SYN/1", "position": 1}]
    load(
        casebook,
        OCTOBER,
        agreements(),
        checked("police_intel", intel_reports=[report("SYN-R1")], intel_subjects=subjects),
    )
    load(
        casebook,
        NOVEMBER,
        checked("police_intel", intel_reports=[report("SYN-R1", status="WITHDRAWN")], intel_subjects=subjects),
    )
    view = casebook.view(AS_OF_NOVEMBER)
    assert view["intel_reports"].empty
    assert view["intel_subjects"].empty
    assert view.ever["intel_reports"]["status"].tolist() == ["LIVE", "WITHDRAWN"]
    assert len(casebook.view(AS_OF_OCTOBER)["intel_subjects"]) == 1


def test_what_happens_on_the_day_is_in_the_view_and_the_day_after_is_not(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    stops = [{"stop_ref": f"SYN-SS{n}", "stopped_at": at} for n, at in
             enumerate(("2026-10-29 00:00:00", "2026-10-29 23:59:59", "2026-10-30 00:00:00"))]  # fmt: skip
    crimes = [crime("SYN/1", "2026-10-29"), crime("SYN/2", "2026-10-30")]
    suspects = [suspect("SYN/1", "42SYN/1"), suspect("SYN/2", "42SYN/1")]
    load(casebook, OCTOBER, agreements(), checked("police_crimes", stops=stops, crimes=crimes, crime_suspects=suspects))
    view = casebook.view(AS_OF_OCTOBER)
    assert view["stops"]["stop_ref"].tolist() == ["SYN-SS0", "SYN-SS1"]
    assert view["crimes"]["crime_ref"].tolist() == view["crime_suspects"]["crime_ref"].tolist() == ["SYN/1"]
    assert view.ever["crimes"]["crime_ref"].tolist() == ["SYN/1"]


def test_known_at_is_when_it_was_received_and_as_of_is_when_it_happened(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements())
    load(
        casebook,
        NOVEMBER,
        checked("police_crimes", crimes=[crime("SYN/1", "2026-10-01"), crime("SYN/2", "2026-11-01")]),
    )
    assert casebook.view(AS_OF_OCTOBER)["crimes"].empty
    assert casebook.view(AS_OF_OCTOBER, AS_OF_NOVEMBER)["crimes"]["crime_ref"].tolist() == ["SYN/1"]


def test_rejected_rows_are_those_of_the_deliveries_in_use_and_add_up_with_coverage(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_crimes", rejected=5, crimes=[crime("SYN/1")]))
    load(casebook, NOVEMBER, checked("police_crimes", rejected=3, crimes=[crime("SYN/1"), crime("SYN/2")]))
    view = casebook.view(AS_OF_NOVEMBER)
    row = view.coverage.set_index("feed").loc["police_crimes"]
    assert (row["rows_in"], row["accepted"], row["rejected"]) == (5, 2, 3)
    assert view.rejected["row"].tolist() == [900, 901, 902]
    assert set(view.rejected["file"]) == {"police_crimes.csv"}


def _deliveries() -> list[tuple[date, list[object]]]:
    """Return four deliveries that correct, merge, withdraw and forget."""
    days = [OCTOBER, OCTOBER + timedelta(7), NOVEMBER, NOVEMBER + timedelta(3)]
    return [
        (days[0], [agreements(), checked("police_crimes", crimes=[crime("SYN/1"), crime("SYN/2")],
                                         crime_suspects=[suspect("SYN/1", "42SYN/1")]),
                   checked("police_nominals", person_records=[person("42SYN/1"), person("42SYN/2")])]),
        (days[1], [checked("prison_status", person_records=[person("SYNA1", pnc="SYN1/1")],
                           prison_stays=[{"source_ref": "SYNA1", "status": "REMAND"}]),
                   checked("police_intel", intel_reports=[report("SYN-R1")])]),
        (days[2], [agreements(prison_until="2027-11-15"),
                   checked("police_nominals", person_records=[person("42SYN/1", pnc="SYN1/1"),
                                                              person("42SYN/2", merged_into="42SYN/1")]),
                   checked("police_crimes", crimes=[crime("SYN/1", offence="Theft")], crime_suspects=[])]),
        (days[3], [checked("police_intel", intel_reports=[report("SYN-R1", status="WITHDRAWN")]),
                   checked("police_missing", missing_episodes=[
                       {"missing_ref": "SYN-M1", "family_name": "Watson", "given_name": "ALFIE", "dob": "1998-05-06",
                        "dob_precision": "EXACT", "reported_at": "2026-09-09 10:00:00"}])]),
    ]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4)))[3::4])
def test_the_order_of_loading_does_not_matter(order: tuple[int, ...], tmp_path: Path) -> None:
    views = []
    for places in (range(4), order):
        casebook = new_casebook(tmp_path, f"{len(views)}.sqlite")
        for place in places:
            day, files = _deliveries()[place]
            load(casebook, day, *files)
        views.append([casebook.view(day) for day in (AS_OF_OCTOBER, NOVEMBER, AS_OF_NOVEMBER)])
        casebook.close()
    for one, other in zip(*views, strict=True):
        assert_same_view(one, other)


def test_november_does_not_move_the_view_of_october(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    for day, files in _deliveries()[:2]:
        load(casebook, day, *files)
    before = casebook.view(AS_OF_OCTOBER)
    ever = {name: before.ever[name] for name in before.ever}
    for day, files in _deliveries()[2:]:
        load(casebook, day, *files)
    after = casebook.view(AS_OF_OCTOBER)
    assert_same_view(before, after)
    for name, frame in ever.items():
        assert_frame_equal(frame, after.ever[name])


def test_a_view_keeps_what_it_said_when_more_is_loaded(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_intel", intel_reports=[report("SYN-R1")]))
    view = casebook.view(AS_OF_NOVEMBER)
    load(casebook, NOVEMBER, checked("police_intel", intel_reports=[report("SYN-R1", status="WITHDRAWN")]))
    assert view.ever["intel_reports"]["status"].tolist() == ["LIVE"]
    assert set(view.ever) == {"intel_reports", "crimes", "crime_suspects"}
    with pytest.raises(KeyError):
        view.ever["orders"]


def test_a_load_is_logged_without_names(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_nominals", person_records=[person("42SYN/1")]))
    entries = casebook.log.entries()
    assert entries["action"].tolist() == ["collect"]
    assert "WATSON" not in entries.to_csv().upper()
    assert entries["at"].tolist() == [NOON.isoformat(timespec="seconds")]
