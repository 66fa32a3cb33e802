"""Fill a canonical column from a feed's column, noting what was mended or could not be read."""

import numpy as np
import pandas as pd

from csp_toolkit.records.cells import READERS, UNKNOWN_AREA
from csp_toolkit.records.grading import POLICE_ONLY, Grade
from csp_toolkit.records.readings import Manner, Reading
from csp_toolkit.records.recipes import Cell, Feed
from csp_toolkit.records.schema import VOCABULARIES, Column
from csp_toolkit.records.texts import Sheet, Texts, part_heading

TYPES = {"date": "datetime64[us]", "time": "datetime64[us]", "whole": "Int64"}


def fill_column(sheet: Sheet, column: Column, cell: Cell | None, feed: Feed) -> pd.Series:
    """Fill one canonical column; where nothing was sent it is missing, or says that it is not known."""
    blank = _blank(column, cell)
    heading = (part_heading(cell.part) if cell.part else cell.column) if cell else None
    texts = sheet.columns.get(heading) if heading else None
    if cell is not None and cell.also:
        texts = sheet.joined((cell.column or "", *cell.also), cell.separators[:1])
    if cell is None or texts is None:
        value = (cell.constant or None) if cell else None
        return _typed([blank if value is None else value], column.kind, np.zeros(len(sheet), dtype="int64"))
    manner = Manner(
        formats=cell.formats or feed.dates, values=cell.values,
        vocabulary=VOCABULARIES[column.vocabulary] if column.vocabulary else (), separators=cell.separators,
        default_births=feed.default_births, births_to=feed.births_to, pattern=cell.pattern,
    )  # fmt: skip
    reader = READERS[cell.reader_for(column)]
    readings = [reader(text, manner) if text else Reading(blank) for text in texts.distinct]
    _note(sheet, sheet.exploded if cell.part else heading or "", texts, readings)
    return _typed([blank if r.value is None else r.value for r in readings], column.kind, texts.codes)


def fill_grades(sheet: Sheet, heading: str, columns: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """Fill the grade columns among `columns` from the heading that holds the grade."""
    texts = sheet.columns.get(heading) or Texts(np.zeros(len(sheet), dtype="int64"), [""])
    readings = [READERS["grade"](text, Manner()) for text in texts.distinct]
    _note(sheet, heading, texts, readings)
    grades = [reading.value if isinstance(reading.value, Grade) else None for reading in readings]
    filled: dict[str, list[object]] = {
        "grade": [g.code if g else None for g in grades],
        "grade_original": [text or None for text in texts.distinct],
        "grade_scheme": [g.scheme if g else "none" for g in grades],
        "handling": [g.handling if g else None for g in grades],
    }
    series = {name: _typed(values, "text", texts.codes) for name, values in filled.items() if name in columns}
    if "handling_conditions" in columns:
        police_only = np.array([g is not None and g.is_police_only for g in grades], dtype=bool)[texts.codes]
        said = columns["handling_conditions"]
        series["handling_conditions"] = said.where(
            ~police_only, (said.fillna("") + "; " + POLICE_ONLY).str.removeprefix("; ")
        )
    return series


def _blank(column: Column, cell: Cell | None) -> object:
    if column.kind == "flag":
        return "U"
    if column.vocabulary == "dob_precision":
        return "UNK"
    return UNKNOWN_AREA if cell is not None and cell.read == "area" else None


def _typed(values: list[object], kind: str, codes: np.ndarray) -> pd.Series:
    if kind in ("date", "time"):
        return pd.Series(np.array(values, dtype="datetime64[us]")[codes])
    return pd.Series(pd.array(values, dtype=TYPES.get(kind, "str")).take(codes))


def _note(sheet: Sheet, heading: str, texts: Texts, readings: list[Reading]) -> None:
    for rule in sorted({reading.rule for reading in readings if reading.rule}):
        hit = np.array([reading.rule == rule for reading in readings], dtype=bool)
        sheet.findings.add(heading, rule, sheet.rows[hit[texts.codes]])
