"""Copies and their log: each copy has a number, an end, and an entry in the log before it exists as a folder.

The entry comes first. If it cannot be written nothing is released; if the folder cannot be put in place afterwards the
log says more than happened, which is the safe way round (C42).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy.exc import SQLAlchemyError

from csp_toolkit.errors import ReleaseError, ToolkitError, WorkspaceError
from csp_toolkit.tables.log import Log

DISCLOSE, CONSULT = "disclose", "consult"
DISCLOSED_COLUMNS = ("meeting", "as_of", "recipient", "agency", "agreement_ref", "copy", "destroy_by", "n_named")


@dataclass(frozen=True)
class Copy:
    """One numbered copy, as the log records it.

    `named` are the person_ids the copy names; they stand only in the part of the log that can be erased.
    """

    meeting: str
    as_of: date
    recipient: str
    agency: str
    purpose: str
    regime: str
    agreement_ref: str
    number: int
    n_copies: int
    destroy_by: str
    content_sha256: str
    run_id: str
    named: tuple[str, ...] = ()


def number_copies(log: Log, *, meeting: str, as_of: date, n_wanted: int) -> list[int]:
    """Return the next numbers for copies of one meeting; a number is never given twice.

    An entry whose details were erased may have been of this meeting and is counted as if it were.
    """
    entries = log.entries()
    of_meeting = 0
    for details in entries.loc[entries["action"] == DISCLOSE, "details"]:
        told = json.loads(details) if isinstance(details, str) else None
        of_meeting += told is None or (told.get("meeting"), told.get("as_of")) == (meeting, as_of.isoformat())
    return [of_meeting + n for n in range(1, n_wanted + 1)]


@dataclass(frozen=True, eq=False)
class Disclosed:
    """What the log tells of copies: one row each (`DISCLOSED_COLUMNS`), and of how many the details were erased."""

    table: pd.DataFrame
    n_erased: int


def list_disclosed(log: Log) -> Disclosed:
    """List the copies the log knows of, oldest first: for whom, under what, until when, and how many it names."""
    entries = log.entries()
    details = entries.loc[entries["action"] == DISCLOSE, "details"]
    told = [json.loads(text) for text in details if isinstance(text, str)]
    told = [one for one in told if one.get("meeting")]
    rows = [[*(one.get(name) for name in DISCLOSED_COLUMNS[:-1]), len(one.get("named", ()))] for one in told]
    table = pd.DataFrame(rows, columns=list(DISCLOSED_COLUMNS))
    days = {name: pd.to_datetime(table[name]).astype("datetime64[us]") for name in ("as_of", "destroy_by")}
    texts = dict.fromkeys(("meeting", "recipient", "agency", "agreement_ref"), "str")
    table = table.assign(**days).astype({**texts, "copy": "Int64", "n_named": "Int64"})
    return Disclosed(table, int(details.isna().sum()))


def log_consulted(log: Log, *, meeting: str, as_of: date, run_id: str, actor: str, at: datetime) -> int:
    """Record that a meeting's workings read the casebook, before they do; if it cannot be recorded, they may not."""
    try:
        details = {"meeting": meeting, "as_of": as_of.isoformat(), "run_id": run_id}
        return log.append(CONSULT, actor=actor, at=at, details=details)
    except (SQLAlchemyError, OSError) as error:
        raise WorkspaceError(
            f"The casebook's log cannot be written to ({type(error).__name__}), so nothing was read. "
            "Check its rights and the disk."
        ) from None


def log_copies(log: Log, copies: Sequence[Copy], *, actor: str, at: datetime) -> list[int]:
    """Record each copy as disclosed, and return the numbers of the entries; if it cannot be done, nothing may leave."""
    try:
        return [
            log.append(
                DISCLOSE, actor=actor, at=at,
                details={
                    "meeting": copy.meeting, "as_of": copy.as_of.isoformat(), "recipient": copy.recipient,
                    "agency": copy.agency, "purpose": copy.purpose, "regime": copy.regime,
                    "agreement_ref": copy.agreement_ref, "copy": copy.number, "n_copies": copy.n_copies,
                    "destroy_by": copy.destroy_by, "content_sha256": copy.content_sha256, "run_id": copy.run_id,
                    "named": sorted(copy.named),
                },
            )
            for copy in copies
        ]  # fmt: skip
    except (SQLAlchemyError, OSError, ToolkitError) as error:
        raise ReleaseError(
            f"The disclosure could not be logged ({type(error).__name__}), so nothing was released. "
            "Check that the casebook can be written to."
        ) from None
