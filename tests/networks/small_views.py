"""A small casebook in literals: each argument is the rows of one canonical table."""

from datetime import date

import pandas as pd

from csp_toolkit.records.schema import TABLES
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


def make_view(*, as_of: date = AS_OF, ever: dict | None = None, removals: tuple = (), **rows: list[dict]) -> View:
    """Build a view; a row's missing columns are unknown, and its person_id defaults to its person reference."""
    removed = pd.DataFrame(
        [
            {"decision_id": str(n), "kind": "removal", "outcome": "REMOVE", "person_id": p, "decided_on": "2026-11-01"}
            for n, p in enumerate(removals)
        ],
        columns=list(DECISION_COLUMNS),
    ).astype("str")
    return View(
        as_of=as_of,
        known_at=as_of,
        tables={name: make_table(name, rows.get(name, [])) for name in TABLES},
        people=_none(PEOPLE_COLUMNS),
        person_keys=_none(PERSON_KEY_COLUMNS),
        possible_matches=_none(POSSIBLE_MATCH_COLUMNS),
        decisions=removed,
        coverage=_none(COVERAGE_COLUMNS),
        rejected=_none(REJECTED_COLUMNS),
        ever={name: make_table(name, of) for name, of in (ever or {}).items()},
    )


def make_table(name: str, rows: list[dict]) -> pd.DataFrame:
    """Build one canonical table from rows."""
    table = empty_table(name)
    person = TABLES[name].person
    filled = [({"person_id": row.get(person)} if person else {}) | row for row in rows]
    return pd.DataFrame(filled, columns=table.columns).astype(table.dtypes.to_dict())


def crime(ref: str, *people: str, status: str = "CHARGED", on: str = "2026-09-01", **more: object) -> dict:
    """Return the tables of one crime with these suspects."""
    return {
        "crimes": [{"crime_ref": ref, "offence": "Robbery", "from_on": on, **more}],
        "crime_suspects": [{"crime_ref": ref, "person_ref": p, "status": status} for p in people],
    }


def report(ref: str, grade: str | None, *people: str, on: str = "2026-09-01", **more: object) -> dict:
    """Return the tables of one live report on these people; its origin is its own unless given."""
    row = {"report_ref": ref, "grade": grade, "submitted_on": on, "handling": "P", "status": "LIVE", "marking": "O"}
    subjects = [{"report_ref": ref, "person_ref": p, "position": n} for n, p in enumerate(people, start=1)]
    return {"intel_reports": [row | {"origin_ref": f"OR-{ref}"} | more], "intel_subjects": subjects}


def joined(*parts: dict) -> dict:
    """Put the tables of several records together."""
    tables: dict[str, list] = {}
    for part in parts:
        for name, rows in part.items():
            tables[name] = tables.get(name, []) + rows
    return tables


def _none(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({c: pd.Series(dtype="str") for c in columns})
