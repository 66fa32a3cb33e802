"""The append-only record of who did what with personal data, and when.

Each entry names one of the six acts that section 62 of the Data Protection Act 2018 asks to be logged, and is
chained to the one before by its hash. What identifies (references, purposes, recipients) lies in a side table under
a salt and can be erased; the chain holds only a salted commitment to it, so it still verifies afterwards. Length and
head of the chain stand in every manifest, by which a shortened log shows even if the store was rewritten.

No name stands in the log: an actor is a role or an account, details are references.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select

from csp_toolkit.errors import CheckFailed, ToolkitError
from csp_toolkit.tables.storage import LOG, LOG_DETAILS, LOG_HEAD, reading, writing

ACTIONS = ("collect", "alter", "consult", "disclose", "combine", "erase")
LOG_COLUMNS = ("number", "at", "action", "actor", "details", "is_erased")


@dataclass(frozen=True)
class Verdict:
    """Whether the log holds: its length and head, how many entries had their details erased, and what is wrong."""

    length: int
    head: str
    n_erased: int
    problems: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.problems

    def require(self) -> None:
        """Raise `CheckFailed` with everything that is wrong, if anything is."""
        if self.problems:
            raise CheckFailed(f"The log does not hold: {'; '.join(self.problems)}. Keep the file and tell the DPO.")


@dataclass(frozen=True, eq=False)
class Log:
    """The log of one casebook."""

    engine: Engine

    @property
    def length(self) -> int:
        """Count the entries."""
        return _read_head(self.engine)[0]

    @property
    def head(self) -> str:
        """Return the hash of the last entry; empty before the first."""
        return _read_head(self.engine)[1]

    def append(self, action: str, *, actor: str, at: datetime, details: Mapping[str, Any]) -> int:
        """Record one act and return its number. When this returns, the entry is on disk (control C42)."""
        with writing(self.engine) as connection:
            return append_entry(connection, action, actor=actor, at=at, details=details)

    def erase(self, numbers: Sequence[int], *, actor: str, at: datetime, reason: str) -> int:
        """Erase the details of some entries, record that it was done, and return how many were there to erase."""
        with writing(self.engine) as connection:
            there = LOG_DETAILS.c.number.in_(list(numbers))
            erased = connection.execute(LOG_DETAILS.delete().where(there)).rowcount
            details = {"entries": sorted(numbers), "reason": reason}
            append_entry(connection, "erase", actor=actor, at=at, details=details)
        return int(erased)

    def entries(self) -> pd.DataFrame:
        """Return the log (`LOG_COLUMNS`), oldest first; `details` is JSON, missing where erased."""
        with reading(self.engine) as connection:
            rows = connection.execute(_all_entries()).mappings().all()
        table = pd.DataFrame([dict(row) for row in rows], columns=["number", "at", "action", "actor", "details"])
        return table.assign(is_erased=table["details"].isna())[list(LOG_COLUMNS)]

    def verify(self, *, known_length: int | None = None, known_head: str | None = None) -> Verdict:
        """Check every entry against the chain, and the chain against what a manifest recorded of it.

        Parameters
        ----------
        known_length, known_head : as printed in a manifest; the log must still hold that entry at that place.
        """
        with reading(self.engine) as connection:
            rows = [dict(row) for row in connection.execute(_all_entries()).mappings()]
            head = connection.execute(select(LOG_HEAD.c.length, LOG_HEAD.c.head)).one_or_none()
        problems, previous, hashes = [], "", {0: ""}
        for place, row in enumerate(rows, start=1):
            if row["number"] != place:
                problems.append(f"entry {place} is not there")
                break
            if row["salt"] is not None and _commit(row["salt"], row["details"]) != row["commitment"]:
                problems.append(f"the details of entry {place} were changed")
            if row["previous"] != previous or _hash(row) != row["hash"]:
                problems.append(f"entry {place} was changed")
            previous = hashes[place] = row["hash"]
        if head is None or (head.length, head.head) != (len(rows), previous):
            problems.append("the chain does not end where the store says it does")
        if known_length is not None and hashes.get(known_length) != (known_head or ""):
            problems.append(f"entry {known_length} is not the one the manifest names")
        n_erased = sum(row["salt"] is None for row in rows)
        return Verdict(length=len(rows), head=previous, n_erased=n_erased, problems=tuple(problems))


def append_entry(connection: Connection, action: str, *, actor: str, at: datetime, details: Mapping[str, Any]) -> int:
    """Append one entry within a transaction that is open, so that an act and its record stand or fall together."""
    if action not in ACTIONS:
        raise ToolkitError(f"The log knows no act {action!r}. It is one of: {', '.join(ACTIONS)}.")
    if not actor.strip():
        raise ToolkitError("The log needs to know who acts. Give a role or an account, not a name.")
    if at.tzinfo is None:
        raise ToolkitError("The log needs a time with its zone. Give one in UTC.")
    length, head = connection.execute(select(LOG_HEAD.c.length, LOG_HEAD.c.head).with_for_update()).one()
    text = json.dumps(details, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    salt = secrets.token_bytes(16)
    entry: dict[str, Any] = {
        "number": length + 1, "at": at.astimezone(UTC).isoformat(timespec="seconds"), "action": action,
        "actor": actor.strip(), "commitment": _commit(salt, text), "previous": head,
    }  # fmt: skip
    entry["hash"] = _hash(entry)
    connection.execute(LOG.insert(), entry)
    connection.execute(LOG_DETAILS.insert(), {"number": entry["number"], "salt": salt, "details": text})
    connection.execute(LOG_HEAD.update(), {"length": entry["number"], "head": entry["hash"]})
    return int(entry["number"])


def _all_entries() -> Any:
    joined = LOG.outerjoin(LOG_DETAILS, LOG.c.number == LOG_DETAILS.c.number)
    return select(LOG, LOG_DETAILS.c.salt, LOG_DETAILS.c.details).select_from(joined).order_by(LOG.c.number)


def _read_head(engine: Engine) -> tuple[int, str]:
    with reading(engine) as connection:
        row = connection.execute(select(LOG_HEAD.c.length, LOG_HEAD.c.head)).one()
    return int(row.length), str(row.head)


def _commit(salt: bytes, details: str) -> str:
    return hashlib.sha256(bytes(salt) + details.encode()).hexdigest()


def _hash(entry: Mapping[str, Any]) -> str:
    parts = [entry[name] for name in ("number", "at", "action", "actor", "commitment", "previous")]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
