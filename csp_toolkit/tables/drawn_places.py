"""Where people stood in a meeting's picture, kept in the casebook so that the next meeting's finds them there.

Only marks and their places are kept, no name and no tie. A meeting run again replaces what it kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, inspect, select

from csp_toolkit.tables import storage

PLACE_COLUMNS = ("node_id", "x", "y")


def read_places(casebook: str | Path, meeting: str, as_of: date) -> pd.DataFrame | None:
    """Return where everybody stood in the picture of a meeting held on a day; None where nothing is kept.

    Returns
    -------
    node_id, x, y (`PLACE_COLUMNS`), in units of the picture, sorted by node_id.
    """
    places = storage.PLACES.c
    asked = select(places.node_id, places.x, places.y).where(places.meeting == meeting, places.as_of == as_of)
    with _opened(casebook) as engine, storage.reading(engine) as connection:
        if not inspect(connection).has_table(storage.PLACES.name):
            return None
        rows = connection.execute(asked.order_by(places.node_id)).all()
    if not rows:
        return None
    frame = pd.DataFrame([tuple(row) for row in rows], columns=list(PLACE_COLUMNS))
    return frame.astype({"node_id": "str", "x": "float64", "y": "float64"})


def store_places(casebook: str | Path, meeting: str, as_of: date, nodes: pd.DataFrame) -> None:
    """Keep where everybody stands in the picture of a meeting, in the place of what was kept for that day."""
    columns = (nodes[name] for name in PLACE_COLUMNS)
    rows = [
        {"meeting": meeting, "as_of": as_of, "node_id": str(node), "x": float(x), "y": float(y)}
        for node, x, y in zip(*columns, strict=True)
    ]
    places = storage.PLACES
    with _opened(casebook) as engine, storage.writing(engine) as connection:
        storage.SCHEMA.create_all(connection, tables=[places])
        connection.execute(places.delete().where(places.c.meeting == meeting, places.c.as_of == as_of))
        if rows:
            connection.execute(places.insert(), rows)


def forget_places(connection: Connection) -> None:
    """Delete everything kept, as an erasure must: the next picture is then placed from the month before it."""
    if inspect(connection).has_table(storage.PLACES.name):
        connection.execute(storage.PLACES.delete())


@contextmanager
def _opened(casebook: str | Path) -> Iterator[Engine]:
    engine = storage.open_engine(casebook if "://" in str(casebook) else Path(casebook), create=False)
    try:
        yield engine
    finally:
        engine.dispose()
