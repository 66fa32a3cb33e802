"""Fill a canonical column from a feed's column, noting what was mended or could not be read."""

from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.records.cells import READERS, UNKNOWN_AREA
from csp_toolkit.records.grading import POLICE_ONLY, Grade
from csp_toolkit.records.plain_texts import read_distinct
from csp_toolkit.records.readings import Manner
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
        return _lay([blank if value is None else value], column.kind, np.zeros(len(sheet), dtype="int64"))
    manner = Manner(
        formats=cell.formats or feed.dates, values=cell.values,
        vocabulary=VOCABULARIES[column.vocabulary] if column.vocabulary else (), separators=cell.separators,
        default_births=feed.default_births, births_to=feed.births_to, pattern=cell.pattern,
    )  # fmt: skip
    values = _read(sheet, texts, cell.reader_for(column), manner, column.kind, blank,
                   heading=sheet.exploded if cell.part else heading or "")  # fmt: skip
    return pd.Series(values.take(texts.codes))


def _read(
    sheet: Sheet, texts: Texts, reader: str, manner: Manner, kind: str, blank: object, *, heading: str
) -> Any:  # an array of any type pandas has
    """Read a column's distinct texts, once for all tables that take them in one manner, and note what was found."""
    how = (reader, kind, blank, manner._replace(values=None), tuple((manner.values or {}).items()))
    if how not in texts.read:
        values, rules = read_distinct(reader, texts.distinct, manner, blank=blank)
        texts.read[how] = (_typed(values, kind), rules)
    values, rules = texts.read[how]
    for rule, places in rules.items():
        _note(sheet, heading, texts, rule, places)
    return values


def fill_grades(sheet: Sheet, heading: str, columns: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """Fill the grade columns among `columns` from the heading that holds the grade."""
    texts = sheet.columns.get(heading) or Texts(np.zeros(len(sheet), dtype="int64"), [""])
    read = [READERS["grade"](text, Manner()) for text in texts.distinct]
    for rule in sorted({reading.rule for reading in read if reading.rule}):
        _note(sheet, heading, texts, rule, np.flatnonzero([reading.rule == rule for reading in read]))
    grades = [reading.value if isinstance(reading.value, Grade) else None for reading in read]
    filled: dict[str, list[object]] = {
        "grade": [g.code if g else None for g in grades],
        "grade_original": [text or None for text in texts.distinct],
        "grade_scheme": [g.scheme if g else "none" for g in grades],
        "handling": [g.handling if g else None for g in grades],
    }
    series = {name: _lay(values, "text", texts.codes) for name, values in filled.items() if name in columns}
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


def _typed(values: list[object], kind: str) -> Any:
    if kind in ("date", "time"):
        return np.array(values, dtype="datetime64[us]")
    return pd.array(values, dtype=TYPES.get(kind, "str"))


def _lay(values: list[object], kind: str, codes: np.ndarray) -> pd.Series:
    return pd.Series(_typed(values, kind).take(codes))


def _note(sheet: Sheet, heading: str, texts: Texts, rule: str, places: np.ndarray) -> None:
    is_hit = np.zeros(len(texts.distinct), dtype=bool)
    is_hit[places] = True
    sheet.findings.add(heading, rule, sheet.rows[is_hit[texts.codes]])
