"""The rows of the casebook that count: of each record the newest version, of each event what had happened.

A record stands or falls whole. When a crime is sent again without one of its suspects, that suspect is no longer one,
so what hangs on a crime or a report is taken from the delivery that holds its newest version.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection

from csp_toolkit.records.schema import TABLES, VOCABULARIES
from csp_toolkit.tables.keys import is_among
from csp_toolkit.tables.rows import read_rows, to_frame

# Tables whose rows hang on an event of another: they share its delivery and leave a view with it.
PARENTS = {
    name: parent.name
    for name, table in TABLES.items()
    for parent in TABLES.values()
    if parent.event_on and len(parent.key) == 1 and len(table.key) > 1 and table.key[0] == parent.key[0]
}
DATED = tuple(name for name, table in TABLES.items() if table.event_on)
WITHDRAWN = "WITHDRAWN"
_WITHDRAWABLE = [
    name for name, table in TABLES.items()
    if any(c.name == "status" and c.vocabulary and WITHDRAWN in VOCABULARIES[c.vocabulary] for c in table.columns)
]  # fmt: skip


def read_current(connection: Connection, name: str, batches: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Return the rows of table `name` that count, from the batches of one feed, with `batch_id` and `order`.

    Parameters
    ----------
    batches : batch_id of the feed's batches that count, in any order, with `order` (higher is newer).
    as_of : rows whose event is later are left out; so are rows a later version withdrew.
    """
    table = TABLES[name]
    values: list[object] = []
    used = ", ".join(f"({int(b)}, {int(o)})" for b, o in zip(batches["batch_id"], batches["order"], strict=True))
    wanted = ", ".join(f't."{column}"' for column in table.names)
    sql = f'WITH used(batch_id, ord) AS (VALUES {used}), rows_ AS (SELECT {wanted}, t.batch_id, u.ord, t."row" '  # noqa: S608
    sql += f'FROM "{name}" t JOIN used u ON u.batch_id = t.batch_id)'
    source = TABLES[PARENTS.get(name, name)]
    if len(batches) > 1 and len(source.key) == 1:
        key = source.key[0]
        sql += f', newest AS (SELECT p."{key}", MAX(u.ord) AS ord FROM "{source.name}" p '
        sql += f'JOIN used u ON u.batch_id = p.batch_id GROUP BY p."{key}") '
        sql += f'SELECT r.* FROM rows_ r JOIN newest n ON n."{key}" = r."{key}" AND n.ord = r.ord WHERE 1 = 1'
    else:
        sql += " SELECT r.* FROM rows_ r WHERE 1 = 1"
    if table.event_on:
        sql += f' AND (r."{table.event_on}" IS NULL OR r."{table.event_on}" < ?)'
        values.append((as_of + timedelta(days=1)).isoformat())
    if name in _WITHDRAWABLE:
        sql += f" AND (r.status IS NULL OR r.status <> '{WITHDRAWN}')"
    return _frame_of(name, read_rows(connection, sql, values))


def read_every(connection: Connection, name: str, batches: pd.DataFrame, *, until: date = date.max) -> pd.DataFrame:
    """Return every row of table `name` ever received in `batches`, withdrawn and superseded ones included.

    `received_on`, `delivery_id` and `source_system` say when and from where each row came; `until` leaves out
    events after that day.
    """
    table = TABLES[name]
    wanted = ", ".join(f'"{column}"' for column in table.names)
    used = ", ".join(str(int(batch)) for batch in batches["batch_id"]) or "NULL"
    sql = f'SELECT {wanted}, batch_id, 0, "row" FROM "{name}" WHERE batch_id IN ({used})'  # noqa: S608
    values: list[object] = []
    if table.event_on and until < date.max:
        sql += f' AND ("{table.event_on}" IS NULL OR "{table.event_on}" < ?)'
        values.append((until + timedelta(days=1)).isoformat())
    frame = _frame_of(name, read_rows(connection, sql, values)).drop(columns="order")
    said = batches[["batch_id", "received_on", "delivery_id", "person_system"]]
    frame = frame.merge(said.rename(columns={"person_system": "source_system"}), on="batch_id")
    return frame.sort_values(["received_on", "delivery_id", "batch_id", "row"], kind="stable", ignore_index=True)


def find_newest_events(connection: Connection, name: str, batches: pd.DataFrame, *, as_of: date) -> pd.Series:
    """Return the day of the newest event in each of `batches`, by batch_id; of what was withdrawn or is later, none."""
    used = ", ".join(str(int(batch)) for batch in batches["batch_id"])
    event_on = TABLES[name].event_on
    sql = f'SELECT batch_id, MAX("{event_on}") FROM "{name}" WHERE batch_id IN ({used}) AND "{event_on}" < ?'  # noqa: S608
    sql += f" AND (status IS NULL OR status <> '{WITHDRAWN}')" if name in _WITHDRAWABLE else ""
    rows = read_rows(connection, f"{sql} GROUP BY batch_id", [(as_of + timedelta(days=1)).isoformat()])
    return pd.Series({batch: pd.Timestamp(stamp).normalize() for batch, stamp in rows}, dtype="datetime64[us]")


def keep_newest(frame: pd.DataFrame, name: str, *, within: tuple[str, ...] = ()) -> pd.DataFrame:
    """Keep the newest version of each key, in order of the key; `within` adds columns that part keys."""
    key = [*within, *TABLES[name].key]
    frame = frame.sort_values([*key, "order", "row"], kind="stable")
    return frame.drop_duplicates(key, keep="last").reset_index(drop=True)


def keep_with_parent(frame: pd.DataFrame, name: str, get: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Keep the rows whose crime or report is itself in the view, whose tables `get` gives."""
    if name not in PARENTS or frame.empty:
        return frame
    key = TABLES[name].key[0]
    return frame[is_among(frame[key], get(PARENTS[name])[key])].reset_index(drop=True)


def no_rows(name: str) -> pd.DataFrame:
    """Return table `name` as `read_current` would with nothing to read."""
    return _frame_of(name, [])


def _frame_of(name: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    kinds = {column.name: column.kind for column in TABLES[name].columns}
    added = {"batch_id": "number", "order": "number", "row": "whole"}
    return to_frame(rows, [*TABLES[name].names, *added], kinds | added)
