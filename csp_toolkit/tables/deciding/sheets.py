"""The workbook in which people write down what they decided, out and in.

One sheet per kind of decision, one row per person (for actions, per action; for judgements, per pair), the meeting
and references filled in and the rest to fill. A row nobody touched is no decision; a row half filled is refused, with
all others like it.
Whatever a cell holds is text or a date: no formula goes out and none comes in.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from csp_toolkit.errors import DecisionError
from csp_toolkit.tables.deciding.case_rules import CASE, PLAN
from csp_toolkit.tables.deciding.cells import DATES, put, take
from csp_toolkit.tables.deciding.forms import (
    HEADINGS,
    NOT_YET,
    NOTES,
    WHO,
    Form,
    list_choices,
    list_columns,
    list_given,
    list_rows,
)
from csp_toolkit.tables.deciding.rules import (
    KINDS,
    MADE_COLUMNS,
    Kind,
    check_decisions,
    refuse_problems,
    shape_decisions,
)

MAX_ROWS = 5_000
MEETING_SHEET, LISTS_SHEET = "Meeting", "Lists"
KINDS_MARK = "sheets: "
_FIRST = 4  # the first row to fill in, under the line of headings
_WIDTHS = {"reason": 40, "action_text": 40, "person_ref": 24, "name": 24, "intervention_code": 24, "action": 40,
           "in_words": 48, "why": 32, "listed_as": 20}  # fmt: skip
_GREY = PatternFill("solid", fgColor="EEEEEE")


def write_workbook(
    path: Path, *, meeting_on: date, people: pd.DataFrame, sheets: Mapping[str, pd.DataFrame] | None = None,
    decisions: pd.DataFrame | None = None, judgements: pd.DataFrame | None = None,
    notes: Mapping[str, str] | None = None, marking: str = "OFFICIAL-SENSITIVE", prefix: str = "",
    choices: Mapping[str, Sequence[str]] | None = None, kinds: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write the workbook for a meeting.

    Parameters
    ----------
    people : person_ref, name and any columns that help to decide, which are shown and not read back.
    sheets : other people for some kinds of decision (``selection``, ``review``, ``removal``, ``exploitation``,
        ``lens``); a kind that is not in it lists `people`. For outcomes (``outcome``) the actions of earlier meetings:
        action_ref and what helps to remember them. For judgements (``identity``, ``origin``) the pairs to judge:
        system_a, ref_a, system_b, ref_b, or report_a, report_b, and what helps to judge.
    decisions : a view's decisions; those of this meeting are filled in, so that nothing need be typed twice.
    judgements : a view's judgements; all that stand are filled in.
    notes : what to say above the sheet of a kind, instead of the usual.
    prefix : what the references of this meeting's actions begin with.
    choices : for actions what may be chosen from a list: person_ref (``NAME | reference``), intervention_code
        (``code | title``), agency, action_owner.
    kinds : the kinds of decision to write a sheet for; without any, those of the intelligence meeting. The workbook
        says of itself which they are, so that a sheet taken away is missed.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = datetime(meeting_on.year, meeting_on.month, meeting_on.day)
    made, form = _of_meeting(decisions, meeting_on), Form(meeting_on, prefix, choices or {})
    _write_meeting(book.create_sheet(MEETING_SHEET), made, meeting_on, marking)
    lists = book.create_sheet(LISTS_SHEET)
    nobody = people.iloc[:0, :0]
    book.properties.keywords = KINDS_MARK + ", ".join(kinds) if kinds else None
    for kind in _in_workbook(kinds):
        listed = (sheets or {}).get(kind.name, people if "person_ref" in kind.required else nobody)
        done = _judged(judgements, kind) if kind.pair else made[made["kind"] == kind.name]
        head = f"{marking}. {kind.sheet} for the meeting of {meeting_on:%Y-%m-%d}. A row left empty decides nothing."
        head = f"{head} {(notes or {}).get(kind.name, NOTES.get(kind.name, ''))}".strip()
        _write_sheet(book.create_sheet(kind.sheet), lists, kind, form, listed, done, head, guards=bool(kinds))
    lists.sheet_state = "hidden"
    book.move_sheet(lists, len(book.sheetnames))
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
        kinds = _read_kinds(book)
        absent = [kind.sheet for kind in _in_workbook(kinds) if kind.sheet not in book.sheetnames]
        if absent:
            raise DecisionError(f"{path.name}: no sheet {', '.join(absent)}. Use the workbook the toolkit wrote.")
        who, problems = _read_meeting(book)
        rows: list[dict[str, Any]] = []
        for kind in _in_workbook(kinds):
            for row in _read_sheet(book[kind.sheet], kind, who, path.name):
                problems += [f"{kind.sheet} row {row['row']}: {problem}" for problem in row.pop("problems")]
                rows.append(row)
    finally:
        book.close()
    made = shape_decisions(pd.DataFrame(rows, columns=list(MADE_COLUMNS)))
    named = {problem.split(":")[0] for problem in problems}
    problems += [problem for problem in check_decisions(made) if problem.split(":")[0] not in named]
    refuse_problems(problems, path.name)
    return made


def _in_workbook(names: Sequence[str] = ()) -> Iterator[Kind]:
    return (kind for kind in KINDS.values() if (kind.name in names if names else kind.in_workbook))


def _read_kinds(book: Any) -> list[str]:
    """Read which sheets a workbook was written with; none where it does not say, as the intelligence meeting's."""
    said = str(book.properties.keywords or "")
    return said.removeprefix(KINDS_MARK).split(", ") if said.startswith(KINDS_MARK) else []


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


def _write_meeting(sheet: Any, made: pd.DataFrame, meeting_on: date, marking: str) -> None:
    """Write the sheet that says once who decides: what a row leaves empty of it is taken from here."""
    put(
        sheet,
        1,
        1,
        f"{marking}. Who decided, in what role and when: said once here, and in a row only where it differs.",
    )
    known = {name: set(made[name].dropna()) if name in made else set() for name in WHO}
    values = {name: next(iter(found)) if len(found) == 1 else None for name, found in known.items()}
    for place, name in enumerate(("meeting_on", *WHO), start=1):
        put(sheet, 3, place, HEADINGS[name]).font = Font(bold=True)
        cell = put(sheet, _FIRST, place, meeting_on if name == "meeting_on" else values[name])
        if name == "meeting_on":
            cell.fill = _GREY
        sheet.column_dimensions[get_column_letter(place)].width = 24


def _write_sheet(
    sheet: Any, lists: Any, kind: Kind, form: Form, listed: pd.DataFrame, made: pd.DataFrame, head: str, *,
    guards: bool,
) -> None:  # fmt: skip
    own = ("person_ref", "name", "person_id", *list_columns(kind, may_end=True))
    shown = [c for c in listed.columns if c not in own]
    is_ended = kind.may_end or bool("valid_until" in made and made["valid_until"].notna().any())
    columns = list_columns(kind, shown, may_end=is_ended, guards=guards)
    given = {"name", "stands", *list_given(kind), *shown}
    put(sheet, 1, 1, head)
    for place, name in enumerate(columns, start=1):
        heading = HEADINGS.get(name) if name not in shown else f"({name.replace('_', ' ')})"
        put(sheet, 3, place, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, 16)
    for row, values in enumerate(list_rows(kind, form, listed, made), start=_FIRST):
        for place, name in enumerate(columns, start=1):
            cell = put(sheet, row, place, values.get(name))
            if name in given:
                cell.fill = _GREY
            if _WIDTHS.get(name, 0) >= 32:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = f"{get_column_letter(1 + min(3, len(given)))}{_FIRST}"
    for name, words, is_strict in list_choices(kind, form):
        letter = get_column_letter(columns.index(name) + 1)
        formula = f'"{",".join(words)}"' if is_strict else _list_aside(lists, name, words)
        choice = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=is_strict)
        choice.error, choice.errorTitle = "Choose one of the list.", HEADINGS[name]
        choice.add(f"{letter}{_FIRST}:{letter}{MAX_ROWS}")
        sheet.add_data_validation(choice)


def _list_aside(lists: Any, name: str, words: Sequence[str]) -> str:
    """Write a long list on the sheet of lists, and return where it stands."""
    place = lists.max_column + (lists.cell(row=1, column=1).value is not None)
    put(lists, 1, place, HEADINGS[name])
    for row, word in enumerate(words, start=2):
        put(lists, row, place, word)
    letter = get_column_letter(place)
    return f"{LISTS_SHEET}!${letter}$2:${letter}${len(words) + 1}"


def _read_meeting(book: Any) -> tuple[dict[str, Any], list[str]]:
    """Read who decides unless a row says otherwise; a workbook without that sheet says it in its rows."""
    if MEETING_SHEET not in book.sheetnames:
        return {}, []
    rows = list(book[MEETING_SHEET].iter_rows(min_row=3, max_row=_FIRST))
    headings = {str(cell.value): place for place, cell in enumerate(rows[0])} if rows else {}
    read = {
        name: take(rows[1][headings[HEADINGS[name]]], name)
        for name in WHO
        if len(rows) > 1 and headings.get(HEADINGS[name], len(rows[1])) < len(rows[1])
    }
    wrong = [f"{MEETING_SHEET} row {_FIRST}: {HEADINGS[name]} {wrong}" for name, (_, wrong) in read.items() if wrong]
    return {name: value for name, (value, _) in read.items() if value is not None}, wrong


def _read_sheet(sheet: Any, kind: Kind, who: Mapping[str, Any], file: str) -> Iterator[dict[str, Any]]:
    # Two columns are headed "Reference": one of people, one of records, never on one sheet.
    wanted = list_columns(kind, may_end=True, guards=True)
    names = {HEADINGS[name]: name for name in (*wanted, "name")}
    shown = ("name", "stands", *(("case_ref",) if kind.name == PLAN else ()))
    to_fill = [name for name in wanted if name not in (*list_given(kind), *shown)]
    columns: dict[int, str] = {}
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS), start=1):
        if not columns:
            found = {place: names[str(cell.value)] for place, cell in enumerate(cells) if str(cell.value) in names}
            columns = found if {"outcome", *list_given(kind)} <= set(found.values()) else {}
            continue
        read = {name: take(cells[place], name) for place, name in columns.items() if place < len(cells)}
        values = {name: value for name, (value, _) in read.items()}
        wrong = [f"{HEADINGS[name]} {problem}" for name, (_, problem) in read.items() if problem]
        if wrong or any(values.get(name) is not None for name in to_fill):
            values |= {name: value for name, value in who.items() if values.get(name) is None}
            details = {name: values[name] for name in kind.details if values.get(name) is not None}
            details |= {name: f"{details[name]:%Y-%m-%d}" for name in DATES if name in details}
            if kind.name in (CASE, PLAN):
                slot = details.get("case_ref" if kind.name == CASE else "plan_ref")
                details |= {"slot": slot} if slot else {}
                values |= {"person_ref": details.get("case_ref")}
            if "stands" in columns.values():
                values |= {"stands": values.get("stands") or NOT_YET}
            text = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            yield values | {"sheet": kind.sheet, "row": number, "kind": kind.name, "details": text, "problems": wrong}
    if not columns:
        raise DecisionError(f"{file}: sheet {kind.sheet} has no row of headings. Use the workbook the toolkit wrote.")
