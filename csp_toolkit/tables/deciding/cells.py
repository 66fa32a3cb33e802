"""One cell of the decisions workbook: what goes out stays text or a date, and no formula comes in."""

import re
from datetime import date, datetime
from typing import Any

import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from csp_toolkit.tables.deciding.case_rules import DETAIL_DATES

DATES = ("meeting_on", "decided_on", "valid_until", "due_on", "completed_on", "new_due_on", *DETAIL_DATES)
BETWEEN = " | "  # in a choice from a list: what it is called, then what is recorded
_PLACE = {"person_ref": -1, "case_ref": -1, "intervention_code": 0}  # which part of a choice is recorded


def put(sheet: Any, row: int, column: int, value: object) -> Any:
    """Write one cell: a date as a date, anything else as text, which stays text whatever it begins with."""
    cell = sheet.cell(row=row, column=column)
    if value is None or bool(pd.isna(value)):
        return cell
    if isinstance(value, (date, pd.Timestamp)):
        cell.value = value.date() if isinstance(value, datetime) else value
        cell.number_format = "yyyy-mm-dd"
        return cell
    if isinstance(value, (int, float)):
        cell.value = value
        return cell
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", str(value))
    cell.data_type = "s"
    if str(value)[:1] in ("=", "+", "-", "@", "'"):
        cell.quotePrefix = True
    return cell


def take(cell: Any, name: str) -> tuple[Any, str]:
    """Return what a cell holds and what is wrong with it."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, ""
    if cell.data_type in ("f", "e"):
        return None, "holds a formula or an error; type the words"
    if name in DATES:
        stamp = _as_date(value)
        return (stamp, "") if stamp is not None else (None, "is not a date")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return name_choice(name, str(value).strip()), ""


def name_choice(name: str, text: str) -> str:
    """Return what is recorded of a choice from a list: of a person the reference, of the menu the code.

    >>> name_choice("person_ref", "WATSON, Alfie | 42SYN/1"), name_choice("intervention_code", "D10 | Injunction")
    ('42SYN/1', 'D10')
    """
    return text.split(BETWEEN)[_PLACE[name]].strip() if name in _PLACE else text


def _as_date(value: object) -> pd.Timestamp | None:
    if isinstance(value, (date, datetime)):
        return pd.Timestamp(value).normalize()
    for pattern, form in ((r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"), (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y")):
        if re.fullmatch(pattern, str(value).strip()):
            stamp = pd.to_datetime(str(value).strip(), format=form, errors="coerce")
            return None if pd.isna(stamp) else stamp
    return None
