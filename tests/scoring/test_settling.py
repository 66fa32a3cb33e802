"""A settled step: the same rows, worked out once, and nothing left of how they came about."""

import duckdb
import narwhals as nw
import polars as pl

from csp_toolkit.scoring.settling import settle


def test_a_settled_duckdb_step_has_its_rows_and_carries_nothing_of_what_it_was_made_of() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE items AS SELECT * FROM range(5) AS made(points)")
    frame = nw.from_native(connection.table("items")).filter(nw.col("points") > 1)
    settled = settle(frame)
    again = settle(settled.with_columns(twice=nw.col("points") * 2))
    connection.execute("DELETE FROM items")
    assert sorted(settled.to_native().fetchall()) == [(2,), (3,), (4,)]
    assert sorted(again.to_native().fetchall()) == [(2, 4), (3, 6), (4, 8)]
    assert "items" not in settled.to_native().sql_query()
    assert "items" not in again.to_native().sql_query()
    both = nw.concat([settled, again.select("points")]).to_native()
    assert len(both.fetchall()) == 6


def test_a_frame_in_memory_is_settled_already_and_a_lazy_one_is_collected() -> None:
    table = nw.from_native(pl.DataFrame({"points": [1, 2]}))
    assert settle(table) is table
    assert isinstance(settle(table.lazy()), nw.DataFrame)
