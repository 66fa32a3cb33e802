"""What is known of whom: the references that stand for people, and the newest record of each, by a date."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select
from sqlalchemy.sql import Select

from csp_toolkit.tables import current, storage
from csp_toolkit.tables.coverage import AGREEMENTS_FEED, choose_batches
from csp_toolkit.tables.rows import read_rows, to_frame


def query(connection: Connection, wanted: Select[Any]) -> pd.DataFrame:
    """Return what a query finds as a frame, `received_on` as dates."""
    result = connection.execute(wanted)
    names = list(result.keys())
    table = pd.DataFrame(result.all(), columns=names)
    return table.assign(**{name: table[name].astype("datetime64[us]") for name in names if name == "received_on"})


def read_batches(connection: Connection, known_at: date) -> pd.DataFrame:
    """Return the batches received by a date, and which of them may be used (see `choose_batches`)."""
    batches = query(connection, select(storage.BATCHES).where(storage.BATCHES.c.received_on <= known_at))
    agreements = current.read_every(connection, "agreements", batches[batches["feed"] == AGREEMENTS_FEED])
    return choose_batches(batches, agreements)


def read_usable(connection: Connection, known_at: date) -> pd.DataFrame:
    """Return the batches received by a date that an agreement allows to be used."""
    batches = read_batches(connection, known_at)
    return batches[batches["is_usable"]]


def read_arrivals(connection: Connection, known_at: date) -> pd.DataFrame:
    """Return what was expected and did not come, and what came and no mapping knows, by delivery."""
    arrivals, deliveries = storage.ARRIVALS, storage.DELIVERIES
    wanted = select(arrivals, deliveries.c.received_on).where(deliveries.c.received_on <= known_at)
    return query(connection, wanted.join(deliveries, arrivals.c.delivery_id == deliveries.c.delivery_id))


def read_keys(connection: Connection, usable: pd.DataFrame) -> pd.DataFrame:
    """Return every reference to a person in usable batches, with the day it was first received."""
    used = ", ".join(str(int(batch)) for batch in usable["batch_id"]) or "NULL"
    rows = read_rows(
        connection,
        "SELECT k.source_system, k.source_ref, MIN(b.received_on) FROM person_keys k "
        f"JOIN batches b ON b.batch_id = k.batch_id WHERE k.batch_id IN ({used}) "  # noqa: S608
        "GROUP BY k.source_system, k.source_ref",
    )
    return to_frame(rows, ["source_system", "source_ref", "first_received_on"], {"first_received_on": "date"})


def read_newest_records(connection: Connection, usable: pd.DataFrame) -> pd.DataFrame:
    """Return the newest version of every agency's record of a person, whether or not it is still sent.

    A register that no longer sends someone does not say that the link it once stated was wrong.
    """
    records = current.read_every(connection, "person_records", usable)
    return records.drop_duplicates(["source_system", "source_ref"], keep="last").reset_index(drop=True)
