"""The workbook in which people write down what they decided, out and in.

One sheet per kind of decision, one row per person (for actions, per action; for judgements, per pair), the meeting
and references filled in and the rest to fill. A row nobody touched is no decision; a row half filled is refused, with
all others like it.
Whatever a cell holds is text or a date: no formula goes out and none comes in.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from csp_toolkit.errors import DecisionError
from csp_toolkit.records.schema import VOCABULARIES
from csp_toolkit.tables.decision_rules import (
    ACTION_DETAILS,
    KINDS,
    MADE_COLUMNS,
    Kind,
    check_decisions,
    refuse_problems,
    shape_decisions,
)

N_ACTION_ROWS = 40
MAX_ROWS = 5_000
_DATES = ("meeting_on", "decided_on", "valid_until", "due_on")
_HEADINGS = {
    "meeting_on": "Meeting", "person_ref": "Reference", "name": "Name", "outcome": "Outcome", "reason": "Reason",
    "decided_by": "Decided by", "role": "Role", "decided_on": "Decided on", "valid_until": "Valid until",
    "action_ref": "Action reference", "action_text": "Action", "action_type": "Type", "intervention_code": "Code",
    "action_owner": "Owner", "agency": "Agency", "due_on": "Due", "system_a": "Records of", "ref_a": "Reference",
    "system_b": "Other records of", "ref_b": "Other reference", "report_a": "Report", "report_b": "Other report",
}  # fmt: skip
_FORM_COLUMNS = ("outcome", "reason", "valid_until", "decided_by", "role", "decided_on")
_GREY = PatternFill("solid", fgColor="EEEEEE")


def write_workbook(
    path: Path, *, meeting_on: date, people: pd.DataFrame, sheets: Mapping[str, pd.DataFrame] | None = None,
    decisions: pd.DataFrame | None = None, judgements: pd.DataFrame | None = None,
    notes: Mapping[str, str] | None = None, marking: str = "OFFICIAL-SENSITIVE",
) -> None:  # fmt: skip
    """Write the workbook for a meeting.

    Parameters
    ----------
    people : person_ref, name and any columns that help to decide, which are shown and not read back.
    sheets : other people for some kinds of decision (``selection``, ``review``, ``removal``, ``exploitation``);
        a kind that is not in it lists `people`. For judgements (``identity``, ``origin``) the pairs to judge:
        system_a, ref_a, system_b, ref_b, or report_a, report_b, and what helps to judge.
    decisions : a view's decisions; those of this meeting are filled in, so that nothing need be typed twice.
    judgements : a view's judgements; all that stand are filled in.
    notes : what to say above the sheet of a kind.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = datetime(meeting_on.year, meeting_on.month, meeting_on.day)
    made = _of_meeting(decisions, meeting_on)
    for kind in KINDS.values():
        nobody = people.iloc[:0, :0]
        listed = nobody if kind.name == "action" else (sheets or {}).get(kind.name, nobody if kind.pair else people)
        done = _judged(judgements, kind) if kind.pair else made[made["kind"] == kind.name]
        head = f"{marking}. {kind.sheet} for the meeting of {meeting_on:%Y-%m-%d}. A row left empty decides nothing."
        head = f"{head} {(notes or {}).get(kind.name, '')}".strip()
        _write_sheet(book.create_sheet(kind.sheet), kind, meeting_on, listed, done, head)
    aside = path.with_name(f".{path.name}.part")
    book.save(aside)
    aside.replace(path)


def read_workbook(path: Path) -> pd.DataFrame:
    """Read the decisions people filled in (`MADE_COLUMNS`), with the sheet and row each stands in.

    Raises
    ------
    DecisionError : the file is no such workbook, or rows are half filled or wrong; all of them are named at once.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    except (OSError, BadZipFile, KeyError, ValueError, openpyxl.utils.exceptions.InvalidFileException):
        raise DecisionError(f"{path.name}: not an Excel workbook, or it cannot be opened. Check the file.") from None
    try:
        absent = [kind.sheet for kind in KINDS.values() if kind.sheet not in book.sheetnames]
        if absent:
            raise DecisionError(f"{path.name}: no sheet {', '.join(absent)}. Use the workbook the toolkit wrote.")
        rows: list[dict[str, Any]] = []
        problems: list[str] = []
        for kind in KINDS.values():
            for row in _read_sheet(book[kind.sheet], kind, path.name):
                problems += [f"{kind.sheet} row {row['row']}: {problem}" for problem in row.pop("problems")]
                rows.append(row)
    finally:
        book.close()
    made = shape_decisions(pd.DataFrame(rows, columns=list(MADE_COLUMNS)))
    named = {problem.split(":")[0] for problem in problems}
    problems += [problem for problem in check_decisions(made) if problem.split(":")[0] not in named]
    refuse_problems(problems, path.name)
    return made


def _of_meeting(decisions: pd.DataFrame | None, meeting_on: date) -> pd.DataFrame:
    if decisions is None:
        return pd.DataFrame({"kind": pd.Series(dtype="str")})
    return decisions[decisions["meeting_on"] == pd.Timestamp(meeting_on)]


def _judged(judgements: pd.DataFrame | None, kind: Kind) -> pd.DataFrame:
    """Return the judgements of a kind that stand, by the names their sheet gives to the ends of a pair."""
    if judgements is None:
        return pd.DataFrame({"kind": pd.Series(dtype="str")})
    ends = ("ref_a", "ref_b") if len(kind.pair) == 2 else kind.pair
    made = judgements[judgements["kind"] == kind.name]
    return made.rename(columns={"verdict": "outcome", **dict(zip(ends, kind.pair, strict=True))})


def _columns(kind: Kind, shown: list[str]) -> list[str]:
    """Return the columns of a sheet: what says whom it is about, what is shown, what is to fill."""
    if kind.pair:
        return ["meeting_on", *kind.pair, *shown, *_FORM_COLUMNS]
    if kind.name == "action":
        return ["meeting_on", "action_ref", "person_ref", *(c for c in ACTION_DETAILS if c != "action_ref"),
                *(c for c in _FORM_COLUMNS if c != "valid_until")]  # fmt: skip
    return ["meeting_on", "person_ref", "name", *shown, *_FORM_COLUMNS]


def _given(kind: Kind) -> tuple[str, ...]:
    """Return the columns that are filled in beforehand and by themselves are no decision."""
    return ("meeting_on", *(kind.pair or ("action_ref" if kind.name == "action" else "person_ref",)))


def _write_sheet(sheet: Any, kind: Kind, meeting_on: date, listed: pd.DataFrame, made: pd.DataFrame, head: str) -> None:
    shown = [c for c in listed.columns if c not in ("person_ref", "name", "person_id", *kind.pair)]
    columns = _columns(kind, shown)
    given = len(columns) - (len(columns) - 2 if kind.name == "action" else len(_FORM_COLUMNS))
    _put(sheet, 1, 1, head)
    for place, name in enumerate(columns, start=1):
        heading = _HEADINGS.get(name) if name not in shown else f"({name.replace('_', ' ')})"
        _put(sheet, 3, place, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 40 if name in ("reason", "action_text") else 16
    for row, values in enumerate(_rows_of(kind, meeting_on, listed, made), start=4):
        for place, name in enumerate(columns, start=1):
            cell = _put(sheet, row, place, values.get(name))
            if place <= given:
                cell.fill = _GREY
    sheet.freeze_panes = "A4"
    for name, words in (("outcome", kind.outcomes), ("action_type", VOCABULARIES["action_type"])):
        if name in columns:
            letter = get_column_letter(columns.index(name) + 1)
            choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
            choice.add(f"{letter}4:{letter}{MAX_ROWS}")
            sheet.add_data_validation(choice)


def _rows_of(kind: Kind, meeting_on: date, listed: pd.DataFrame, made: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Give what stands in each row before anybody fills it in: whom or what is listed, then what else was decided."""
    key = kind.pair or ("person_ref",)
    if kind.name == "action":
        actions = [row | json.loads(row["details"]) for row in made.to_dict("records")]
        yield from sorted(actions, key=lambda row: row["action_ref"])
        taken = {row["action_ref"] for row in actions}
        refs = (f"{meeting_on:%Y-%m-%d}/{n:02d}" for n in range(1, len(taken) + N_ACTION_ROWS + 1))
        yield from ({"meeting_on": meeting_on, "action_ref": ref} for ref in refs if ref not in taken)
        return
    done = {tuple(row[name] for name in key): row for row in made.to_dict("records")}
    for row in listed.to_dict("records"):
        yield row | {"meeting_on": meeting_on} | done.pop(tuple(row[name] for name in key), {})
    yield from ({"meeting_on": meeting_on} | row for row in done.values())


def _put(sheet: Any, row: int, column: int, value: object) -> Any:
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


def _read_sheet(sheet: Any, kind: Kind, file: str) -> Iterator[dict[str, Any]]:
    # Two columns are headed "Reference": one of people, one of records, never on one sheet.
    names = {_HEADINGS[name]: name for name in (*_columns(kind, []), "name")}
    columns: dict[int, str] = {}
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS), start=1):
        if not columns:
            found = {place: names[str(cell.value)] for place, cell in enumerate(cells) if str(cell.value) in names}
            columns = found if {"outcome", *_given(kind)} <= set(found.values()) else {}
            continue
        read = {name: _take(cells[place], name) for place, name in columns.items() if place < len(cells)}
        values = {name: value for name, (value, _) in read.items()}
        wrong = [f"{_HEADINGS[name]} {problem}" for name, (_, problem) in read.items() if problem]
        to_fill = [n for n in _columns(kind, []) if n not in (*_given(kind), "name")]
        if wrong or any(values.get(name) is not None for name in to_fill):
            details = {name: values[name] for name in kind.details if values.get(name) is not None}
            if isinstance(details.get("due_on"), pd.Timestamp):
                details["due_on"] = f"{details['due_on']:%Y-%m-%d}"
            text = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            yield values | {"sheet": kind.sheet, "row": number, "kind": kind.name, "details": text, "problems": wrong}
    if not columns:
        raise DecisionError(f"{file}: sheet {kind.sheet} has no row of headings. Use the workbook the toolkit wrote.")


def _take(cell: Any, name: str) -> tuple[Any, str]:
    """Return what a cell holds and what is wrong with it."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, ""
    if cell.data_type in ("f", "e"):
        return None, "holds a formula or an error; type the words"
    if name in _DATES:
        stamp = _as_date(value)
        return (stamp, "") if stamp is not None else (None, "is not a date")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip(), ""


def _as_date(value: object) -> pd.Timestamp | None:
    if isinstance(value, (date, datetime)):
        return pd.Timestamp(value).normalize()
    for pattern, form in ((r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"), (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y")):
        if re.fullmatch(pattern, str(value).strip()):
            stamp = pd.to_datetime(str(value).strip(), format=form, errors="coerce")
            return None if pd.isna(stamp) else stamp
    return None
