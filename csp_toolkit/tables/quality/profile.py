"""What each delivery held, counted where it lies: rows, filled cells, codes, rules, newest record. Never a value."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, func, select

from csp_toolkit.records.columns import Column
from csp_toolkit.records.recipes import GRADE_COLUMNS, Feed
from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.rows import read_rows
from csp_toolkit.tables.storage import BATCH_TABLES, FINDINGS

COLUMN_COLUMNS = ("batch_id", "table", "column", "heading", "n_rows", "n_filled")
CODE_COLUMNS = ("batch_id", "table", "column", "heading", "code", "n_rows")
RULE_COLUMNS = ("batch_id", "rule", "action", "n_rows")
NOT_STATED = "U"


@dataclass(frozen=True, eq=False)
class Profile:
    """Counts of what deliveries held.

    Attributes
    ----------
    columns : filled cells by batch, table and column (`COLUMN_COLUMNS`); of a flag, cells that say yes or no.
    codes : rows by batch, coded column and code (`CODE_COLUMNS`).
    rules : rows of the file by batch, rule and what was done (`RULE_COLUMNS`).
    newest_on : by batch, the day of its newest event; a register has none.
    """

    columns: pd.DataFrame
    codes: pd.DataFrame
    rules: pd.DataFrame
    newest_on: pd.Series


def profile_deliveries(connection: Connection, batches: pd.DataFrame, feeds: Mapping[str, Feed]) -> Profile:
    """Count what the batches held.

    Parameters
    ----------
    batches : batch_id and feed; `is_compared` says which of them are counted column by column (of the others only
        the newest event is read).
    feeds : the mappings, which say which columns a feed fills and under which heading. Of a feed whose mapping is
        gone no column is counted.
    """
    wanted = select(BATCH_TABLES.c.batch_id, BATCH_TABLES.c.table_name)
    filled = pd.DataFrame(connection.execute(wanted).all(), columns=["batch_id", "table"])
    filled = filled.merge(batches[["batch_id", "feed", "is_compared"]], on="batch_id")
    columns: list[tuple[object, ...]] = []
    codes: list[tuple[object, ...]] = []
    for (table, feed), group in filled[filled["is_compared"]].groupby(["table", "feed"]):
        headings = _headings(str(table), feeds.get(str(feed)))
        if headings:
            columns += _count_filled(connection, str(table), headings, group["batch_id"].tolist())
            codes += _count_codes(connection, str(table), headings, group["batch_id"].tolist())
    return Profile(
        columns=pd.DataFrame(columns, columns=list(COLUMN_COLUMNS)),
        codes=pd.DataFrame(codes, columns=list(CODE_COLUMNS)),
        rules=_count_rules(connection, batches.loc[batches["is_compared"], "batch_id"].tolist()),
        newest_on=_find_newest(connection, filled),
    )


def _headings(table: str, feed: Feed | None) -> dict[str, str]:
    """Return the columns of a table that a feed fills from what was sent, with the sender's heading of each."""
    recipe = feed.tables.get(table) if feed else None
    if recipe is None:
        return {}
    found = {name: recipe.grade for name in GRADE_COLUMNS if recipe.grade and name in TABLES[table].names}
    for name, cell in recipe.columns.items():
        exploded = recipe.explode.column if recipe.explode and cell.part else None
        if heading := cell.column or exploded:
            found[name] = heading
    return {column.name: found[column.name] for column in TABLES[table].columns if column.name in found}


def _is_filled(column: Column) -> str:
    if column.kind == "flag":
        return f"COUNT(CASE WHEN \"{column.name}\" <> '{NOT_STATED}' THEN 1 END)"
    return f'COUNT("{column.name}")'


def _in(batches: list[int]) -> str:
    return ", ".join(str(int(batch)) for batch in batches)


def _count_filled(
    connection: Connection, table: str, headings: Mapping[str, str], batches: list[int]
) -> list[tuple[object, ...]]:
    counts = ", ".join(_is_filled(TABLES[table].column(name)) for name in headings)
    sql = f'SELECT batch_id, COUNT(*), {counts} FROM "{table}" WHERE batch_id IN ({_in(batches)}) GROUP BY batch_id'  # noqa: S608
    return [
        (batch, table, name, heading, n_rows, n)
        for batch, n_rows, *filled in sorted(read_rows(connection, sql))
        for (name, heading), n in zip(headings.items(), filled, strict=True)
    ]


def _count_codes(
    connection: Connection, table: str, headings: Mapping[str, str], batches: list[int]
) -> list[tuple[object, ...]]:
    coded = [name for name in headings if TABLES[table].column(name).kind in ("code", "flag")]
    if not coded:
        return []
    columns = ", ".join(f'"{name}"' for name in ("batch_id", *coded))
    sql = f'SELECT {columns}, COUNT(*) FROM "{table}" WHERE batch_id IN ({_in(batches)}) GROUP BY {columns}'  # noqa: S608
    counts = Counter[tuple[int, int, str]]()
    for batch, *codes, n in read_rows(connection, sql):  # rows that are coded alike throughout, in one pass
        for place, code in enumerate(codes):
            if code is not None:
                counts[place, batch, code] += n
    return [
        (batch, table, coded[place], headings[coded[place]], code, n)
        for (place, batch, code), n in sorted(counts.items())
    ]


def _count_rules(connection: Connection, batches: list[int]) -> pd.DataFrame:
    one = FINDINGS.c
    rows = select(one.batch_id, one.rule, one.action, func.count(one.row.distinct()))
    rows = rows.where(one.batch_id.in_(batches)).group_by(one.batch_id, one.rule, one.action)
    counted = sorted(tuple(row) for row in connection.execute(rows))
    return pd.DataFrame(counted, columns=list(RULE_COLUMNS))


def _find_newest(connection: Connection, filled: pd.DataFrame) -> pd.Series:
    newest: dict[int, pd.Timestamp] = {}
    for table, group in filled.groupby("table"):
        event_on = TABLES[str(table)].event_on
        if event_on:
            sql = f'SELECT batch_id, MAX("{event_on}") FROM "{table}" '  # noqa: S608
            sql += f"WHERE batch_id IN ({_in(group['batch_id'].tolist())}) GROUP BY batch_id"
            for batch, day in read_rows(connection, sql):
                if day is not None:
                    newest[batch] = max(pd.Timestamp(day).normalize(), newest.get(batch, pd.Timestamp.min))
    return pd.Series(newest, dtype="datetime64[us]")
