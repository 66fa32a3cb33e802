"""Copies: a number is never given twice, and what the log does not hold may not leave."""

import json
import sqlite3
from datetime import UTC, date, datetime

import pytest

from csp_toolkit.errors import ReleaseError
from csp_toolkit.sharing.disclosure import Copy, log_copies, number_copies
from csp_toolkit.tables.casebook import Casebook

AT, DAY = datetime(2026, 11, 24, 9, tzinfo=UTC), date(2026, 11, 26)


def copy(number: int, meeting: str = "monthly") -> Copy:
    return Copy(
        meeting=meeting, as_of=DAY, recipient="housing", agency="Council Housing", purpose="tenancies",
        regime="UK GDPR", agreement_ref="SYN-ISA-007", number=number, n_copies=2, destroy_by="2026-12-26",
        content_sha256="0" * 64, run_id="abc", named=("PER-B", "PER-A"),
    )  # fmt: skip


@pytest.fixture
def log(tmp_path):
    book = Casebook.open(tmp_path / "casebook.sqlite", create=True)
    yield book.log
    book.close()


def numbers(log, meeting: str = "monthly") -> list[int]:
    return number_copies(log, meeting=meeting, as_of=DAY, n_wanted=2)


def test_numbers_run_on_within_a_meeting_and_start_afresh_for_another(log):
    assert numbers(log) == [1, 2]
    log_copies(log, [copy(1), copy(2)], actor="tests", at=AT)
    assert numbers(log) == [3, 4]
    assert numbers(log, "fortnightly") == [1, 2]


def test_an_entry_whose_details_were_erased_still_holds_its_number(log):
    log_copies(log, [copy(1)], actor="tests", at=AT)
    log.erase([1], actor="tests", at=AT, reason="subject request")
    assert numbers(log) == [2, 3]


def test_a_disclosure_says_to_whom_under_what_and_about_whom(log):
    log_copies(log, [copy(1)], actor="tests", at=AT)
    told = json.loads(log.entries()["details"][0])
    assert (told["recipient"], told["agreement_ref"], told["copy"], told["named"]) == (
        "housing", "SYN-ISA-007", 1, ["PER-A", "PER-B"],
    )  # fmt: skip
    assert log.verify().is_sound


def test_a_log_that_cannot_be_written_to_stops_the_release(log):
    raw = sqlite3.connect(log.engine.url.database)
    raw.execute("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'no'); END")
    raw.commit()
    raw.close()
    with pytest.raises(ReleaseError, match="nothing was released"):
        log_copies(log, [copy(1)], actor="tests", at=AT)
