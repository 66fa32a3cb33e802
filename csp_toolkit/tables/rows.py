"""Whole frames into the store and out of it: no object is made per row."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Table


def append_rows(connection: Connection, table: Table, frame: pd.DataFrame, **constants: object) -> int:
    """Append the rows of `frame` to `table`, column by column; `constants` stand in every row. Return how many."""
    names = [*constants, *frame.columns]
    columns = [[value] * len(frame) for value in constants.values()]
    columns += [_to_stored(frame[name]) for name in frame.columns]
    quoted = ", ".join(f'"{name}"' for name in names)
    raw = connection.connection.cursor()
    try:
        if connection.dialect.name == "postgresql":
            with raw.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as copy:
                for values in zip(*columns, strict=True):
                    copy.write_row(values)
        else:
            marks = ", ".join("?" * len(names))
            values_of_rows: Any = zip(*columns, strict=True)
            raw.executemany(f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})', values_of_rows)
    finally:
        raw.close()
    return len(frame)


def _to_stored(values: pd.Series) -> list[Any]:
    """Turn a column into what the store keeps: ISO text, whole numbers, nothing for missing."""
    if pd.api.types.is_datetime64_any_dtype(values):
        # Few dates are distinct, so each is written out once and shared.
        codes, stamps = pd.factorize(values)
        is_date = bool((stamps == stamps.normalize()).all())
        texts = np.datetime_as_string(stamps.to_numpy(), unit="D" if is_date else "s").tolist()
        known = [text.replace("T", " ") for text in texts]
        # A missing stamp has the code -1, which is the last place.
        return list(np.array([*known, None], dtype=object)[codes])
    return list(values.astype(object).where(values.notna(), None).to_numpy())


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
