"""Two people filled in the same row differently: shown side by side, and neither put in the place of the other."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from csp_toolkit.tables.deciding.rules import name_action

COMPARED = ("outcome", "reason", "decided_by", "role", "decided_on")
CONFLICT_COLUMNS = ("sheet", "row", "field", "typed", "recorded", "recorded_by_role", "recorded_on")
_ASIDE = ("slot",)


def find_conflicts(made: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """Find rows of a workbook that would overwrite what was recorded after it was written.

    Parameters
    ----------
    made : the workbook's rows; `stands` says what each row stood as when the workbook was written: a decision's id, or
        ``not yet``. A row without it (a workbook of another kind, a form) is not looked at.
    standing : a view's decisions as they stand now.

    Returns
    -------
    One row a field that differs (`CONFLICT_COLUMNS`). A row that says the same as what stands is no conflict.
    """
    rows = made[made["stands"].notna()] if "stands" in made else made.iloc[:0]
    now = {_key(row): row for row in standing.to_dict("records")}
    found = []
    for row in rows.to_dict("records"):
        there = now.get(_key(row))
        if there is None or there["decision_id"] == row["stands"]:
            continue
        mine, theirs = _fields(row), _fields(there)
        for name in sorted(set(mine) | set(theirs)):
            if mine.get(name, "") != theirs.get(name, ""):
                found.append((row["sheet"], row["row"], name, mine.get(name, ""), theirs.get(name, ""),
                              str(there["role"]), f"{there['recorded_on']:%Y-%m-%d}"))  # fmt: skip
    return pd.DataFrame(found, columns=list(CONFLICT_COLUMNS))


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    about = name_action(row["details"]) or str(row["person_ref"])
    return str(row["kind"]), about, f"{pd.Timestamp(row['meeting_on']):%Y-%m-%d}"


def _fields(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what a row says, field by field, as text; nothing for what is empty."""
    held = json.loads(row["details"]) if isinstance(row["details"], str) else {}
    said = {name: _text(row[name]) for name in COMPARED} | {k: _text(v) for k, v in held.items() if k not in _ASIDE}
    return {name: text for name, text in said.items() if text}


def _text(value: object) -> str:
    if value is None or bool(pd.isna(value)):
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
