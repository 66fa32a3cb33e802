"""Whole frames into the store and out of it, column by column and some thousands of rows at a time."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Table

Unit = Literal["D", "s"]
_BATCH = 20_000  # rows whose cells stand in memory as objects at one time
_A_STATEMENT = 400  # values bound to one statement: SQLite takes many rows in one quicker than one by one


def append_rows(
    connection: Connection, table: Table, frame: pd.DataFrame, *, on_rows: Callable[[int], None] | None = None,
    **constants: object,
) -> None:  # fmt: skip
    """Append the rows of `frame` to `table`.

    Parameters
    ----------
    on_rows : called with how many more rows were handed over, batch by batch.
    constants : what stands in every row.
    """
    names = [*constants, *frame.columns]
    units = {name: _unit_of(frame[name]) for name in frame.columns}
    quoted = ", ".join(f'"{name}"' for name in names)
    raw = connection.connection.cursor()
    try:
        for start in range(0, len(frame), _BATCH):
            part = frame.iloc[start : start + _BATCH]
            columns = [[value] * len(part) for value in constants.values()]
            columns += [_to_stored(part[name], units[name]) for name in frame.columns]
            if connection.dialect.name == "postgresql":
                with raw.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as copy:
                    for values in zip(*columns, strict=True):
                        copy.write_row(values)
            else:
                _insert(raw, f'INSERT INTO "{table.name}" ({quoted}) VALUES ', columns)
            if on_rows is not None:
                on_rows(len(part))
    finally:
        raw.close()


def _insert(raw: Any, sql: str, columns: Sequence[list[Any]]) -> None:
    marks, n_rows = f"({', '.join('?' * len(columns))})", len(columns[0])
    at_once = max(1, _A_STATEMENT // len(columns))
    rows = zip(*columns, strict=True)
    cells = chain.from_iterable(islice(rows, n_rows // at_once * at_once))
    groups: Any = zip(*[cells] * (at_once * len(columns)), strict=True)  # one iterator: each takes the next cell
    raw.executemany(sql + ", ".join([marks] * at_once), groups)
    raw.executemany(sql + marks, rows)


def _unit_of(values: pd.Series) -> Unit | None:
    """Say how finely the times of a whole column are written: to the day where none has an hour."""
    if not pd.api.types.is_datetime64_any_dtype(values):
        return None
    known = values.dropna()
    return "D" if (known == known.dt.normalize()).all() else "s"


def _to_stored(values: pd.Series, unit: Unit | None) -> list[Any]:
    """Turn a column into what the store keeps: ISO text, whole numbers, nothing for missing."""
    if unit is None and not pd.api.types.is_string_dtype(values):
        return list(values.astype(object).where(values.notna(), None).to_numpy())
    # Few texts and dates are distinct, so each is made once and shared; a missing one has the code -1, the last place.
    codes, distinct = pd.factorize(values)
    if unit is None:
        known = distinct.tolist()
    else:
        known = [text.replace("T", " ") for text in np.datetime_as_string(distinct.to_numpy(), unit=unit).tolist()]
    return list(np.array([*known, None], dtype=object)[codes])


def read_rows(connection: Connection, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a query as it stands (`?` for each value) and return its rows as the driver gives them."""
    if connection.dialect.name == "postgresql":
        sql = sql.replace("?", "%s")
    raw = connection.connection.cursor()
    try:
        raw.execute(sql, tuple(values))
        return list(raw.fetchall())
    finally:
        raw.close()


def to_frame(rows: Sequence[tuple[Any, ...]], names: Sequence[str], kinds: Mapping[str, str]) -> pd.DataFrame:
    """Turn stored rows into a frame; `kinds` names dates, times and whole numbers (`number` where none is missing)."""
    cells = np.fromiter(chain.from_iterable(rows), dtype=object, count=len(rows) * len(names))
    columns = cells.reshape(len(rows), len(names)).T
    return pd.DataFrame(
        {name: _from_stored(values, kinds.get(name, "text")) for name, values in zip(names, columns, strict=True)}
    )


def _from_stored(values: np.ndarray, kind: str) -> pd.Series:
    if kind in ("date", "time"):
        # Few dates are distinct, so each is read once; a missing one has the code -1, which is the last place.
        codes, texts = pd.factorize(values)
        return pd.Series(np.array([*texts, None], dtype="datetime64[us]")[codes])
    if kind in ("whole", "number"):
        return pd.Series(values, dtype="Int64" if kind == "whole" else "int64")
    return pd.Series(pd.array(pa.array(values, type=pa.large_string()), dtype="str"))
