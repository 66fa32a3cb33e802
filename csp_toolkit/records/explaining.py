"""Say what a feed's mapping does with each column: what it becomes, how it is read, or why it is not kept."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from csp_toolkit.errors import DeliveryError, ParamsError
from csp_toolkit.records.feeds import match_feeds
from csp_toolkit.records.mapping import map_file
from csp_toolkit.records.recipes import GRADE_COLUMNS, Cell, Feed, TableRecipe
from csp_toolkit.records.schema import TABLES

EXPLAINED_COLUMNS = ("column", "also_called", "becomes", "read_as", "vocabulary", "sensitivity", "note")
NOT_KEPT = "not kept"


def explain_feed(name: str, feeds: Mapping[str, Feed]) -> pd.DataFrame:
    """Return one row for each use of each column of a feed, in the order of its mapping (`EXPLAINED_COLUMNS`).

    Raises
    ------
    ParamsError : there is no such feed.
    """
    if name not in feeds:
        raise ParamsError(f"There is no feed {name!r}. There are {', '.join(sorted(feeds))}.")
    feed = feeds[name]
    uses = [*_list_uses(feed), *_list_checks(feed)]
    rows = [
        {"column": heading, "also_called": "; ".join(feed.headings.get(heading, ()))} | use
        for heading in dict.fromkeys([*feed.headings, *(heading for heading, _ in uses)])
        for other, use in uses
        if other == heading
    ]
    rows += [{"column": heading, "becomes": NOT_KEPT, "note": reason} for heading, reason in feed.not_kept.items()]
    return pd.DataFrame(rows, columns=list(EXPLAINED_COLUMNS)).fillna("").astype("str")


def explain_files(name: str, feeds: Mapping[str, Feed], delivery: Path) -> list[dict[str, Any]]:
    """Say which files of a delivery are the feed's, and what was noticed about their columns: file and notes."""
    if not delivery.is_dir():
        raise DeliveryError(f"{delivery}: no such folder. Give the folder that holds the delivery's files.")
    paths = [path for path in sorted(delivery.iterdir()) if any(f.name == name for f in match_feeds(path, feeds))]
    return [{"file": path.name, "notes": list(map_file(path, feeds[name]).notes)} for path in paths]


def _list_uses(feed: Feed) -> Iterator[tuple[str, dict[str, str]]]:
    for name, recipe in feed.tables.items():
        which = _which_rows(recipe)
        for column, cell in recipe.columns.items():
            for heading in _headings_of(cell, recipe):
                yield heading, _describe(name, column, cell, which)
        if recipe.grade is not None:
            filled = [f"{name}.{c}" for c in GRADE_COLUMNS if c in TABLES[name].names]
            yield recipe.grade, {"becomes": ", ".join(filled), "read_as": "grade", "note": which}
        for heading, words in recipe.where.items():
            yield heading, {"becomes": name, "note": f"only rows that say {' or '.join(words)}"}
        for heading, words in recipe.unless.items():
            yield heading, {"becomes": name, "note": f"not rows that say {' or '.join(w or 'nothing' for w in words)}"}


def _headings_of(cell: Cell, recipe: TableRecipe) -> tuple[str, ...]:
    if cell.column is not None:
        return (cell.column, *cell.also)
    if cell.part is not None and recipe.explode is not None:
        return (recipe.explode.column,)
    if cell.part is not None and recipe.spread is not None:
        return recipe.spread.headings
    return ()


def _describe(name: str, column: str, cell: Cell, which: str) -> dict[str, str]:
    kept = TABLES[name].column(column)
    renamed = "; ".join(f"{sent} = {code or 'nothing'}" for sent, code in cell.values.items())
    notes = [f"part {cell.part}" if cell.part else "", renamed, which]
    return {
        "becomes": f"{name}.{column}", "read_as": cell.reader_for(kept), "vocabulary": kept.vocabulary or "",
        "sensitivity": kept.sensitivity, "note": "; ".join(note for note in notes if note),
    }  # fmt: skip


def _which_rows(recipe: TableRecipe) -> str:
    if recipe.explode is not None:
        return "one row for each person named"
    return "one row for each such column that is filled in" if recipe.spread is not None else ""


def _list_checks(feed: Feed) -> Iterator[tuple[str, dict[str, str]]]:
    checks = feed.checks
    if checks.born is not None and checks.born.column is not None:
        yield checks.born.column, {"becomes": "check", "note": "a row about a child under ten is refused"}
    if checks.age is not None:
        yield checks.age, {"becomes": "check", "note": "an age or a band under ten is refused"}
    if checks.marking is not None:
        yield checks.marking, {"becomes": "check", "note": "a row above OFFICIAL-SENSITIVE, or not marked, is refused"}
    if checks.consent is not None:
        said = " or ".join(checks.consent.values)
        yield checks.consent.column, {"becomes": "check", "note": f"a row that does not say {said} is refused"}
    if checks.withdrawn is not None:
        said = " or ".join(checks.withdrawn.values)
        yield checks.withdrawn.column, {"becomes": "check", "note": f"a row that says {said} is withdrawn"}
