"""A small casebook in literals: a person who passes every gate, and whatever a test adds to it."""

from datetime import date, timedelta
from functools import cache

import pandas as pd

from csp_toolkit.records.schema import TABLES
from csp_toolkit.scoring.matrix import read_matrix
from csp_toolkit.tables.view import (
    COVERAGE_COLUMNS,
    DECISION_COLUMNS,
    PEOPLE_COLUMNS,
    PERSON_KEY_COLUMNS,
    POSSIBLE_MATCH_COLUMNS,
    REJECTED_COLUMNS,
    View,
    empty_table,
)

AS_OF = date(2026, 11, 26)
MATRIX = read_matrix()


def ago(days: int, as_of: date = AS_OF) -> str:
    """Return the day so many days before the meeting."""
    return (as_of - timedelta(days=days)).isoformat()


def typed(name: str, rows: list[dict]) -> pd.DataFrame:
    if not rows:
        return no_rows(name)
    empty = no_rows(name)
    flags = {c.name: "U" for c in TABLES[name].columns if c.kind == "flag"}
    return pd.DataFrame([flags | row for row in rows], columns=list(empty.columns)).astype(empty.dtypes.to_dict())


@cache
def no_rows(name: str) -> pd.DataFrame:
    return empty_table(name)


def _framed(rows: list[dict], columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({name: "datetime64[us]" if name.endswith("_on") or name in ("dob", "valid_until") else "str"
                         for name in columns})  # fmt: skip


def small_view(
    *,
    as_of: date = AS_OF,
    matches: list[dict] | None = None,
    decisions: list[dict] | None = None,
    is_synthetic: bool = True,
    ever: dict[str, list[dict]] | None = None,
    **rows: list[dict],
) -> View:
    """Build a view from rows of canonical tables; a row's `person_id` is its person reference unless it says."""
    tables = {}
    for name, table in TABLES.items():
        filled = [{"person_id": row[table.person], **row} if table.person and row.get(table.person) else row
                  for row in rows.get(name, [])]  # fmt: skip
        tables[name] = typed(name, filled)
    people = [
        {"source_refs": row["source_ref"], "person_id": row["source_ref"], "dob_precision": "EXACT", **row}
        for row in rows.get("person_records", [])
    ]
    return View(
        as_of, as_of, tables, _framed(people, PEOPLE_COLUMNS).drop_duplicates("person_id"),
        _framed([], PERSON_KEY_COLUMNS), _framed(matches or [], POSSIBLE_MATCH_COLUMNS),
        _framed([{"decision_id": f"D{n}", **row} for n, row in enumerate(decisions or [])], DECISION_COLUMNS),
        _framed([], COVERAGE_COLUMNS).astype("str"), _framed([], REJECTED_COLUMNS),
        ever={name: typed(name, extra) for name, extra in (ever or {}).items()}, is_synthetic=is_synthetic,
    )  # fmt: skip


def record(ref: str = "P", dob: str | None = "1996-05-05", **more: object) -> dict:
    return {"source_ref": ref, "dob": dob, "dob_precision": "EXACT" if dob else "UNK", **more}


def on_register(ref: str = "P", **more: object) -> dict:
    return {
        "person_ref": ref, "categories": "Suspect", "included_on": "2026-01-05",
        "inclusion_reason": "Assessed as linked", "items_relied_on": "C1; R1", "review_owner": "Officer 1",
        "last_review_on": ago(10), "next_review_on": ago(-30), "status": "ACTIVE", **more,
    }  # fmt: skip


def crime(ref: str = "C1", **more: object) -> dict:
    return {"crime_ref": ref, "ho_code": "34B/1", "offence": "Robbery of personal property", "from_on": ago(40), **more}


def suspect(crime_ref: str = "C1", person: str = "P", **more: object) -> dict:
    return {"crime_ref": crime_ref, "person_ref": person, "status": "CHARGED", "part": "PRINCIPAL", **more}


def report(ref: str = "R1", **more: object) -> dict:
    return {
        "report_ref": ref, "submitted_on": ago(20), "event_on": ago(21), "grade": "1A", "grade_scheme": "3x5x2",
        "theme": "SUPPLY", "status": "LIVE", "marking": "OFFICIAL-SENSITIVE", "origin_ref": f"O-{ref}", **more,
    }  # fmt: skip


def subject(report_ref: str = "R1", person: str = "P", position: int = 1) -> dict:
    return {"report_ref": report_ref, "person_ref": person, "position": position}


def agreement(**more: object) -> dict:
    return {
        "agreement_ref": "SYN-ISA-1", "agency": "Essex Police", "feeds_covered": "police_*; csp_*",
        "signed_on": "2026-01-01", "expires_on": "2027-01-01", "dpia_ref": "SYN-DPIA-1",
        "dpia_expires_on": "2027-01-01", "eia_ref": "SYN-EIA-1", "status": "IN_FORCE", **more,
    }  # fmt: skip


def passing(**changed: list[dict]) -> dict[str, list[dict]]:
    """Return tables in which P passes every gate on a charged robbery and a 1A report."""
    return {
        "person_records": [record()], "reviews": [on_register()], "crimes": [crime(outcome_code="1")],
        "crime_suspects": [suspect()], "intel_reports": [report()], "intel_subjects": [subject()],
        "agreements": [agreement()], **changed,
    }  # fmt: skip
