"""Frames into the store and back: whatever the number of rows, the same as row by row."""

from datetime import datetime

import pandas as pd
import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, create_engine

from csp_toolkit.tables import rows
from csp_toolkit.tables.rows import append_rows, read_rows

THINGS = Table("things", MetaData(), Column("batch_id", BigInteger), Column("name", Text), Column("at", Text),
               Column("on", Text), Column("n", BigInteger))  # fmt: skip


def frame_of(n_rows: int) -> pd.DataFrame:
    """Return rows with texts that recur, a time whose only hour stands in the last row, a day, and missing ones."""
    numbers = range(n_rows)
    at = [datetime(2026, 1, 1 + n % 3, 7 if n == n_rows - 1 else 0) if n % 4 else None for n in numbers]
    return pd.DataFrame({
        "name": pd.array([f"thing {n % 5}" if n % 7 else None for n in numbers], dtype="str"),
        "at": pd.array(at, dtype="datetime64[us]"),
        "on": pd.array([datetime(2026, 2, 1 + n % 9) for n in numbers], dtype="datetime64[us]"),
        "n": pd.array([n if n % 6 else None for n in numbers], dtype="Int64"),
    })  # fmt: skip


def stored(frame: pd.DataFrame, told: list[int]) -> list[tuple[object, ...]]:
    with create_engine("sqlite://").begin() as connection:
        THINGS.create(connection)
        append_rows(connection, THINGS, frame, on_rows=told.append, batch_id=3)
        return read_rows(connection, "SELECT * FROM things ORDER BY rowid")


@pytest.mark.parametrize("n_rows", [1, 2, 79, 80, 81, 161, 500])
@pytest.mark.parametrize("batch", [1, 7, 160, 20_000])
def test_rows_stored_in_batches_are_those_of_the_frame(
    monkeypatch: pytest.MonkeyPatch, n_rows: int, batch: int
) -> None:
    monkeypatch.setattr(rows, "_BATCH", batch)
    frame = frame_of(n_rows)
    has_hour = bool((n_rows - 1) % 4)
    written = "%Y-%m-%d %H:%M:%S" if has_hour else "%Y-%m-%d"
    expected = [
        (3, None if pd.isna(name) else name, None if pd.isna(at) else at.strftime(written), on.strftime("%Y-%m-%d"),
         None if pd.isna(n) else n)
        for name, at, on, n in frame.itertuples(index=False)
    ]  # fmt: skip
    told: list[int] = []
    assert stored(frame, told) == expected
    assert sum(told) == n_rows and max(told) <= batch


def test_no_rows_are_no_rows() -> None:
    assert stored(frame_of(0), []) == []
