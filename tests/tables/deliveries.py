"""Checked files for the casebook's tests, made from literals."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.loading import LoadReport
from csp_toolkit.tables.validation import Validated
from csp_toolkit.tables.view import empty_table

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
OCTOBER = date(2026, 10, 23)
NOVEMBER = date(2026, 11, 20)
Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class SomeFeed:
    """What the casebook needs to know of a feed."""

    name: str
    delivery: str = "events"
    person_system: str | None = "police"
    agency: str = "Essex Police"
    version: str = "1"


FEEDS = {
    feed.name: feed
    for feed in (
        SomeFeed("csp_sharing_agreements", "register", None, "Partnership"),
        SomeFeed("csp_reviews", "register", "police", "Partnership"),
        SomeFeed("police_nominals", "register"),
        SomeFeed("police_crimes"),
        SomeFeed("police_intel"),
        SomeFeed("police_lines", "register", None),
        SomeFeed("police_missing", person_system="missing"),
        SomeFeed("prison_status", "register", "prison", "HMPPS Prisons"),
        SomeFeed("childrens_services", "register", "children", "ECC Children & Families"),
    )
}


def rows_of(name: str, rows: Rows) -> pd.DataFrame:
    """Return canonical rows of table `name`, typed, with the row of the file they come from."""
    empty = empty_table(name)[list(TABLES[name].names)]
    frame = pd.DataFrame([dict(row) for row in rows]).reindex(columns=list(empty.columns)).astype(empty.dtypes)
    return frame.assign(row=pd.array(range(2, len(frame) + 2), dtype="Int64"))


def checked(feed: str, *, rejected: int = 0, version: str = "1", **tables: Rows) -> Validated:
    """Return one checked file; `rejected` rows of it were rejected as broken."""
    frames = {name: rows_of(name, rows) for name, rows in tables.items()}
    text = "".join(frame.to_csv() for frame in frames.values()) + f"{feed} {rejected}"
    accepted = max((len(frame) for frame in frames.values()), default=0)
    findings = pd.DataFrame({
        "row": pd.array(range(900, 900 + rejected), dtype="Int64"), "column": None, "rule": "row_length",
        "action": "rejected",
    }).astype({"column": "str", "rule": "str", "action": "str"})  # fmt: skip
    known = FEEDS[feed]
    return Validated(
        feed=SomeFeed(feed, known.delivery, known.person_system, known.agency, version),  # type: ignore[arg-type]
        file=f"{feed}.csv", sha256=hashlib.sha256(text.encode()).hexdigest(), rows_in=accepted + rejected,
        tables=frames, findings=findings, accepted=accepted, repaired=0, rejected=rejected, withdrawn=0,
    )  # fmt: skip


def agreements(*, prison_until: str = "2026-11-15", signed_on: str = "2025-11-15", more: Rows = ()) -> Validated:
    """Return the list of sharing agreements: police and partnership for the year, prisons until a day."""
    police = {"agreement_ref": "SYN-ISA-1", "feeds_covered": "police_*; csp_*; childrens_services",
              "signed_on": "2026-02-01", "expires_on": "2027-01-31", "status": "IN_FORCE"}  # fmt: skip
    prison = {"agreement_ref": "SYN-ISA-2", "feeds_covered": "prison_status", "signed_on": signed_on,
              "expires_on": prison_until, "status": "IN_FORCE"}  # fmt: skip
    return checked("csp_sharing_agreements", agreements=[police, prison, *more])


def crime(ref: str, on: str = "2026-09-01", **more: object) -> dict[str, object]:
    """Return one crime."""
    return {"crime_ref": ref, "offence": "Robbery", "from_on": on, **more}


def suspect(crime_ref: str, person_ref: str, **more: object) -> dict[str, object]:
    """Return one suspect of a crime."""
    return {"crime_ref": crime_ref, "person_ref": person_ref, "status": "SUSPECT", **more}


def person(
    ref: str, family: str = "WATSON", given: str = "Alfie", dob: str = "1998-05-06", **more: object
) -> dict[str, object]:
    """Return one agency's record of a person."""
    return {"source_ref": ref, "family_name": family, "given_name": given, "dob": dob, "dob_precision": "EXACT", **more}


def report(ref: str, on: str = "2026-09-01", *, status: str = "LIVE", **more: object) -> dict[str, object]:
    """Return one intelligence report."""
    return {"report_ref": ref, "submitted_on": on, "marking": "OFFICIAL-SENSITIVE", "status": status, **more}


def new_casebook(folder: Path, name: str = "casebook.sqlite") -> Casebook:
    """Make an empty casebook."""
    return Casebook.open(folder / name, create=True)


def load(casebook: Casebook, received_on: date, *files: Validated, **more: object) -> LoadReport:
    """Load files as one delivery."""
    return casebook.load(files, received_on=received_on, actor="analyst", at=NOON, **more)  # type: ignore[arg-type]
