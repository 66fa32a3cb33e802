"""A small casebook in literals for harm: tables, people, matches and coverage."""

from datetime import date

import pandas as pd

from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.view import DECISION_COLUMNS, PEOPLE_COLUMNS, PERSON_KEY_COLUMNS, View, empty_table

AS_OF = date(2026, 11, 26)
EMPTY = {name: empty_table(name) for name in TABLES}


def harm_view(
    *,
    people: list[dict] | None = None,
    matches: list[tuple[str, str]] | None = None,
    states: dict[str, str] | None = None,
    **rows: list[dict],
) -> View:
    """Build a view as at 26 November 2026; `matches` are match_id and person_id, `states` a feed's state."""
    tables = {**EMPTY}
    for name, filled in rows.items():
        tables[name] = pd.DataFrame(filled, columns=EMPTY[name].columns).astype(EMPTY[name].dtypes.to_dict())
    known = pd.DataFrame(people or [], columns=list(PEOPLE_COLUMNS))
    known = known.astype({"person_id": "str", "markers": "str", "dob_precision": "str", "dob": "datetime64[us]"})
    held = pd.DataFrame(matches or [], columns=["match_id", "person_id"], dtype="str")
    coverage = pd.DataFrame(list((states or {}).items()), columns=["feed", "state"], dtype="str")
    nothing, decided = pd.DataFrame(), pd.DataFrame(columns=list(DECISION_COLUMNS), dtype="str")
    keys = pd.DataFrame(columns=list(PERSON_KEY_COLUMNS), dtype="str")
    return View(AS_OF, AS_OF, tables, known, keys, held, decided, coverage, nothing)
