"""The chained log: what was done stays done, and what identifies can go."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from csp_toolkit.errors import CheckFailed, ToolkitError
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.log import ACTIONS, LOG_COLUMNS, _hash, append_entry
from csp_toolkit.tables.storage import writing
from tests.tables.deliveries import NOON, new_casebook

N_ENTRIES = 5


@pytest.fixture
def casebook(tmp_path: Path) -> Casebook:
    """A casebook whose log has five entries."""
    made = new_casebook(tmp_path)
    for n in range(N_ENTRIES):
        made.log.append(ACTIONS[n], actor="analyst", at=NOON, details={"refs": [f"42SYN/00{n}"], "n": n})
    return made


def tamper(casebook: Casebook, *statements: str) -> None:
    """Change the store as somebody with the file in their hands could."""
    with casebook.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS log_no_update")
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS log_no_delete")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_the_log_says_who_did_what_and_its_chain_holds(casebook: Casebook) -> None:
    entries = casebook.log.entries()
    assert tuple(entries.columns) == LOG_COLUMNS
    assert entries["number"].tolist() == [1, 2, 3, 4, 5]
    assert entries["action"].tolist() == list(ACTIONS[:5])
    assert entries["details"].iloc[0] == '{"n":0,"refs":["42SYN/000"]}'
    verdict = casebook.log.verify()
    assert verdict.is_sound
    assert (verdict.length, verdict.head) == (casebook.log.length, casebook.log.head) == (5, casebook.log.head)
    verdict.require()


def test_an_empty_log_holds(tmp_path: Path) -> None:
    log = new_casebook(tmp_path).log
    assert (log.length, log.head, log.verify().is_sound) == (0, "", True)
    assert log.entries().empty
    assert log.verify(known_length=0, known_head="").is_sound


def _flipped(text: str, place: int) -> str:
    return text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]


@pytest.mark.parametrize("number", range(1, N_ENTRIES + 1))
@pytest.mark.parametrize("column", ["at", "action", "actor", "commitment", "previous", "hash"])
def test_a_flipped_byte_anywhere_in_an_entry_shows(casebook: Casebook, number: int, column: str) -> None:
    with casebook.engine.connect() as connection:
        text = connection.exec_driver_sql(f'SELECT "{column}" FROM log WHERE number = {number}').scalar_one()
    if not text:
        text = " "  # The first entry has nothing before it; give it something.
    for place in {0, len(text) // 2, len(text) - 1}:
        tamper(casebook, f"UPDATE log SET \"{column}\" = '{_flipped(text, place)}' WHERE number = {number}")
        assert not casebook.log.verify().is_sound, (column, number, place)
        tamper(casebook, f"UPDATE log SET \"{column}\" = '{text.strip()}' WHERE number = {number}")
    assert casebook.log.verify().is_sound


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_details SET details = replace(details, '42SYN/001', '42SYN/009') WHERE number = 2",
        "UPDATE log_details SET salt = randomblob(16) WHERE number = 2",
        "UPDATE log_head SET head = replace(head, substr(head, 1, 1), 'z')",
        "UPDATE log_head SET length = 6",
        "DELETE FROM log_head",
    ],
)
def test_a_change_beside_the_entries_shows(casebook: Casebook, change: str) -> None:
    tamper(casebook, change)
    assert not casebook.log.verify().is_sound


@pytest.mark.parametrize(
    "change",
    [
        ("DELETE FROM log_details WHERE number = 5", "DELETE FROM log WHERE number = 5"),
        ("DELETE FROM log_details WHERE number = 3", "DELETE FROM log WHERE number = 3"),
        ("DELETE FROM log_details", "DELETE FROM log"),
    ],
)
def test_a_dropped_entry_shows(casebook: Casebook, change: tuple[str, ...]) -> None:
    tamper(casebook, *change)
    verdict = casebook.log.verify()
    assert not verdict.is_sound
    with pytest.raises(CheckFailed, match="The log does not hold"):
        verdict.require()


def test_an_entry_rewritten_with_a_hash_that_fits_it_does_not_fit_the_next(casebook: Casebook) -> None:
    with casebook.engine.connect() as connection:
        row = dict(connection.exec_driver_sql("SELECT * FROM log WHERE number = 2").mappings().one())
    forged = _hash(row | {"actor": "nobody"})
    tamper(casebook, f"UPDATE log SET actor = 'nobody', hash = '{forged}' WHERE number = 2")
    assert casebook.log.verify().problems == ("entry 3 was changed",)


def test_two_at_once_wait_for_each_other(casebook: Casebook) -> None:
    def append_some() -> None:
        for _ in range(10):
            casebook.log.append("consult", actor="analyst", at=NOON, details={})

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(append_some) for _ in range(4)]:
            done.result()
    assert casebook.log.length == N_ENTRIES + 40
    assert casebook.log.verify().is_sound


def test_two_entries_swapped_show(casebook: Casebook) -> None:
    tamper(casebook, "DELETE FROM log_details", "UPDATE log SET number = 99 WHERE number = 2",
           "UPDATE log SET number = 2 WHERE number = 3", "UPDATE log SET number = 3 WHERE number = 99")  # fmt: skip
    assert not casebook.log.verify().is_sound


def test_a_log_rewritten_shorter_shows_against_a_manifest(casebook: Casebook) -> None:
    length, head = casebook.log.length, casebook.log.head
    with casebook.engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT hash FROM log WHERE number = 4").scalar_one()
    tamper(casebook, "DELETE FROM log_details WHERE number = 5", "DELETE FROM log WHERE number = 5",
           f"UPDATE log_head SET length = 4, head = '{before}'")  # fmt: skip
    assert casebook.log.verify().is_sound
    verdict = casebook.log.verify(known_length=length, known_head=head)
    assert verdict.problems == ("entry 5 is not the one the manifest names",)
    assert casebook.log.verify(known_length=4, known_head=before).is_sound
    assert not casebook.log.verify(known_length=4, known_head=head).is_sound


def test_an_erased_detail_is_gone_and_the_chain_still_holds(casebook: Casebook, tmp_path: Path) -> None:
    head = casebook.log.head
    assert casebook.log.erase([2], actor="dpo", at=NOON, reason="request 7") == 1
    entries = casebook.log.entries()
    assert entries["is_erased"].tolist() == [False, True, False, False, False, False]
    assert entries["action"].iloc[-1] == "erase"
    verdict = casebook.log.verify(known_length=5, known_head=head)
    assert verdict.is_sound
    assert verdict.n_erased == 1
    with casebook.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"42SYN/001" not in (tmp_path / "casebook.sqlite").read_bytes()
    assert b"42SYN/002" in (tmp_path / "casebook.sqlite").read_bytes()


def test_what_was_erased_cannot_be_guessed_from_the_chain(tmp_path: Path) -> None:
    log = new_casebook(tmp_path).log
    for _ in range(2):
        log.append("consult", actor="analyst", at=NOON, details={"refs": ["42SYN/001"]})
    with log.engine.connect() as connection:
        commitments = connection.exec_driver_sql("SELECT commitment FROM log").scalars().all()
    assert len(set(commitments)) == 2


@pytest.mark.parametrize("statement", ["UPDATE log SET actor = 'x'", "DELETE FROM log", "DELETE FROM decisions"])
def test_the_store_itself_refuses_to_change_what_was_logged(casebook: Casebook, statement: str) -> None:
    with casebook.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO decisions VALUES (1, 'D', 'review', 'x', '2026-01-01', '2026-01-01', 'a', 'b', 'KEEP', 'r', "
            "NULL, '{}', '2026-01-01')"
        )
    with pytest.raises(DatabaseError, match="append only"), casebook.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"action": "look"}, "no act 'look'"),
        ({"actor": "  "}, "who acts"),
        ({"at": datetime(2026, 12, 1)}, "time with its zone"),
    ],
)
def test_an_entry_must_say_what_who_and_when(casebook: Casebook, wrong: dict[str, object], says: str) -> None:
    entry = {"action": "consult", "actor": "analyst", "at": NOON, "details": {}} | wrong
    with pytest.raises(ToolkitError, match=says):
        casebook.log.append(entry.pop("action"), **entry)  # type: ignore[arg-type]
    assert casebook.log.length == N_ENTRIES


def test_an_act_that_fails_leaves_no_entry(casebook: Casebook) -> None:
    def act() -> None:
        with writing(casebook.engine) as connection:
            append_entry(connection, "alter", actor="analyst", at=NOON, details={})
            raise RuntimeError

    _raises(act)
    assert casebook.log.length == N_ENTRIES
    assert casebook.log.verify().is_sound


def _raises(act: Callable[[], None]) -> None:
    with pytest.raises(RuntimeError):
        act()
