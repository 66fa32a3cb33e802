"""Apply a feed's mapping to a file: partner columns to canonical columns, and what was mended on the way.

A cell's text is read once for each distinct text in its column, and the result is laid over the rows by number, so
the work grows with the variety of a file and not with its length.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from csp_toolkit.records.files import RawFile, read_file
from csp_toolkit.records.filling import fill_column, fill_grades
from csp_toolkit.records.readings import plain
from csp_toolkit.records.recipes import Cell, Feed, TableRecipe, spelling
from csp_toolkit.records.schema import TABLES, Column, Table
from csp_toolkit.records.texts import Findings, Sheet

_TOTAL = re.compile(r"(grand |sub-? ?)?totals?\b.*|end of (report|extract|file|list)\b.*|\*+ ?end.*", re.IGNORECASE)
NO_ROWS = "no row stands below the headings"
NO_ROWS_REGISTER = ", and a register counts as a whole: until the next one nobody and nothing is on it"
FINDING_COLUMNS = ("row", "column", "rule", "action")
_TOTAL_BEGINS = frozenset("gGsSſtTeE*")  # what the first letter of the above may be
CHECK_COLUMNS = (
    "row", "is_whole", "is_heading", "is_total", "is_repeat", "born_on", "age_text", "marking", "is_consented",
    "is_withdrawn", "is_mapped",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Mapped:
    """A file in canonical columns, not yet judged.

    Attributes
    ----------
    tables : canonical frames, each with `row`, the row of the file it comes from.
    findings : what was mended or could not be read: row, column (the feed's heading), rule, action. Never a value.
    checks : one row per row of the file (`CHECK_COLUMNS`): what validation judges it by. `is_whole`: it has as many
        cells as there are headings; `is_heading`: it repeats them; `is_total`: it is a total or a footer; `is_repeat`:
        it is identical to an earlier row; `is_consented`: it may be used; `is_mapped`: some table takes it.
    notes : about the file as a whole.
    """

    feed: Feed
    file: str
    sha256: str
    rows_in: int
    tables: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    checks: pd.DataFrame
    notes: tuple[str, ...] = ()


def map_file(path: Path, feed: Feed, *, on_step: Callable[[int, int], None] = lambda done, of: None) -> Mapped:
    """Read a file and map it to the canonical tables of its feed.

    Parameters
    ----------
    on_step : called with how many steps of this file are done, and how many there are: reading it, taking its columns
        apart, each of its tables, and what its rows are judged by.
    """
    n_steps = len(feed.tables) + 3
    on_step(0, n_steps)
    needed = [{spelling(s) for s in (h, *feed.headings[h])} for h in feed.needed]

    def is_header(cells: list[str]) -> bool:
        spellings = {spelling(cell) for cell in cells}
        return all(spellings & names for names in needed)

    raw = read_file(path, sheet=feed.sheet, header_row=feed.header_row, is_header=is_header)
    on_step(1, n_steps)
    return map_raw(raw, feed, on_step=on_step)


def map_raw(raw: RawFile, feed: Feed, *, on_step: Callable[[int, int], None] = lambda done, of: None) -> Mapped:
    """Map a file that has been read to the canonical tables of its feed."""
    sent_as, notes = match_headings(raw.headings, feed)
    findings = Findings()
    sheet = Sheet.read(raw, sent_as, findings)
    tables: dict[str, pd.DataFrame] = {}
    is_mapped = np.zeros(len(raw.rows), dtype=bool)
    n_steps = len(feed.tables) + 3
    for done, (name, recipe) in enumerate(feed.tables.items(), start=2):
        on_step(done, n_steps)
        chosen = _chosen(sheet, recipe)
        is_mapped |= chosen
        part = sheet.take(np.flatnonzero(chosen))
        if recipe.explode is not None:
            part = part.explode(recipe.explode)
        elif recipe.spread is not None:
            part = part.spread(recipe.spread)
        tables[name] = _fill_table(part, TABLES[name], recipe, feed)
    on_step(n_steps - 1, n_steps)
    checks = _check_rows(sheet, raw, feed, is_mapped)
    if checks.empty:
        notes.append(NO_ROWS + (NO_ROWS_REGISTER if feed.delivery == "register" else ""))
    on_step(n_steps, n_steps)
    return Mapped(
        feed=feed, file=raw.file, sha256=raw.sha256, rows_in=len(checks), tables=tables, findings=findings.frame(),
        checks=checks, notes=(*raw.notes, *notes),
    )  # fmt: skip


def match_headings(sent: tuple[str, ...], feed: Feed) -> tuple[dict[str, str], list[str]]:
    """Find each of the feed's headings among those sent, and say which are missing or unknown."""
    by_spelling = {spelling(heading): heading for heading in reversed(sent)}
    found: dict[str, str] = {}
    notes: list[str] = []
    for heading, synonyms in feed.headings.items():
        sent_as = next((by_spelling[s] for s in map(spelling, (heading, *synonyms)) if s in by_spelling), None)
        if sent_as is None:
            notes.append(f"column {heading} was not sent; what it says is not stated")
        else:
            found[heading] = sent_as
    found |= {heading: heading for heading in sent if feed.is_spread(heading)}
    known = {spelling(h) for h in (*found.values(), *feed.not_kept)}
    unknown = [heading for heading in sent if spelling(heading) not in known]
    notes += [f"column {heading[:40]} is not known to the feed and was not kept" for heading in unknown]
    return found, notes


def _chosen(sheet: Sheet, recipe: TableRecipe) -> np.ndarray:
    chosen = np.ones(len(sheet), dtype=bool)
    for heading, words in recipe.where.items():
        chosen &= sheet.is_any(heading, {plain(word) for word in words})
    for heading, words in recipe.unless.items():
        chosen &= ~sheet.is_any(heading, {plain(word) for word in words})
    return chosen


def _fill_table(sheet: Sheet, table: Table, recipe: TableRecipe, feed: Feed) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        cell = recipe.columns.get(column.name)
        if cell is None and column.name == "dob_precision" and "dob" in recipe.columns:
            cell = recipe.columns["dob"].model_copy(update={"read": "precision"})
        columns[column.name] = fill_column(sheet, column, cell, feed)
    if recipe.grade is not None:
        columns |= fill_grades(sheet, recipe.grade, columns)
    return pd.DataFrame({"row": pd.Series(sheet.rows, dtype="Int64"), **columns})[["row", *table.names]]


def _check_rows(sheet: Sheet, raw: RawFile, feed: Feed, is_mapped: np.ndarray) -> pd.DataFrame:
    checks = feed.checks
    marking = Cell(column=checks.marking, read="marking") if checks.marking else Cell(constant="")
    consent, withdrawn = checks.consent, checks.withdrawn
    read = pd.DataFrame(
        {
            "row": sheet.rows,
            "is_whole": True,
            "is_heading": _headings_again(raw),
            "is_total": _totals(raw.cells),
            "is_repeat": _repeats(raw.cells),
            "born_on": fill_column(sheet, Column("dob", "date"), checks.born or Cell(constant=""), feed),
            "age_text": sheet.text(checks.age or ""),
            "marking": fill_column(sheet, Column("marking"), marking, feed),
            "is_consented": sheet.is_any(consent.column, set(map(plain, consent.values))) if consent else True,
            "is_withdrawn": sheet.is_any(withdrawn.column, set(map(plain, withdrawn.values))) if withdrawn else False,
            "is_mapped": is_mapped,
        }
    )
    flags = [name for name in CHECK_COLUMNS if name.startswith("is_")]
    unread = {"age_text": "", **dict.fromkeys(flags, False)}
    broken = pd.DataFrame({"row": raw.broken["row"], "born_on": pd.NaT, "marking": np.nan}).assign(**unread)
    both = pd.concat([read, broken[read.columns].astype(read.dtypes)], ignore_index=True)
    return both.sort_values("row", kind="stable", ignore_index=True)[list(CHECK_COLUMNS)]


def _headings_again(raw: RawFile) -> np.ndarray:
    """Mark the rows that say the headings once more, as where two extracts were pasted into one file."""
    again = np.ones(len(raw.cells), dtype=bool)
    for heading in raw.headings:
        said = raw.cells.loc[again, heading].str.lstrip("\ufeff").str.strip()  # a pasted file brings its mark along
        again[again] = said.str.casefold() == heading.casefold()
    return again


def _totals(cells: pd.DataFrame) -> np.ndarray:
    """Mark the rows that begin like a total or a footer and are empty for the most part."""
    if cells.empty or not len(cells.columns):
        return np.zeros(len(cells), dtype=bool)
    found = cells.iloc[:, 0].str.lstrip().str[:1].isin(_TOTAL_BEGINS).to_numpy(dtype=bool, copy=True)
    found[found] = cells.iloc[:, 0][found].str.strip().str.fullmatch(_TOTAL).to_numpy(dtype=bool)
    found[found] = (cells[found] == "").sum(axis="columns").to_numpy() * 2 >= len(cells.columns)
    return found


def _repeats(cells: pd.DataFrame) -> np.ndarray:
    """Mark the rows that are identical in every cell to an earlier one.

    Column by column, and each time only the rows that are alike in all columns before: few after a varied one.
    """
    places, group = np.arange(len(cells)), np.zeros(len(cells), dtype="int64")
    for column in cells.columns:
        codes, distinct = pd.factorize(cells[column].iloc[places])
        group, _ = pd.factorize(group * len(distinct) + codes)
        is_alike = np.bincount(group)[group] > 1
        places, group = places[is_alike], group[is_alike]
        if not len(places):
            break
    repeats = np.zeros(len(cells), dtype=bool)
    repeats[places] = pd.Series(group).duplicated(keep="first")
    return repeats
