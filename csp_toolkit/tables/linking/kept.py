"""The casebook's records linked once and kept: linking takes seconds, and a view must not.

What was found is kept under a fingerprint of its input: the files that may be used by a date, and the model. So it is
the same whatever the order in which deliveries came, a view of October does not move when November is loaded, and a
new model or list of names is a new entry. Where the extra `link` is not installed and nothing is kept, nothing is
found, and records that share a name and a date of birth stay possible matches as they were.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, inspect, select

from csp_toolkit.errors import TableError
from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables import current, storage
from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.known_records import read_usable
from csp_toolkit.tables.linking.levels import REGISTER, UNKNOWN
from csp_toolkit.tables.linking.links import (
    END_COLUMNS,
    LINKED,
    PAIR_COLUMNS,
    POSSIBLE,
    Links,
    can_link,
    link_records,
)
from csp_toolkit.tables.linking.policy import LinkModel, read_link_model, read_names
from csp_toolkit.tables.rows import append_rows, read_rows

# Raised whenever the code would find other links in the same records.
METHOD = "2"
REGISTERS = ("person_records",)
ABOUT_PERSON = ("family_name", "given_name", "other_names", "aliases", "dob", "dob_precision", "sex", "home_address",
                "postcode", "pnc", "upn", "address_from_on", "address_to_on", "merged_into")  # fmt: skip
# Tables that name people and may be linked: an anonymous one is none of them, whatever columns it may hold.
NAMED_TABLES = tuple(
    name for name, table in TABLES.items()
    if table.person and "family_name" in table.names and not getattr(table, "is_anonymous", False)
)  # fmt: skip
WITHOUT_EXTRA = (
    "People were not linked across agencies: the extra `link` is not installed. Records with one name and date of "
    "birth are listed as possible matches. Install it: pip install 'csp-toolkit[link]'."
)


def read_links(connection: Connection, known_at: date, model: LinkModel, *, params: Path | None = None) -> Links | None:
    """Return the links kept for what had been received by a date, or None where none are."""
    usable = read_usable(connection, known_at)
    return _read_kept(connection, _fingerprint(usable, model, params), model)


def read_pairs(connection: Connection, usable: pd.DataFrame, *, params: Path | None = None) -> pd.DataFrame | None:
    """Return the pairs of references a view goes by: `END_COLUMNS`, verdict, reason, p_same; None where none are kept.

    Parameters
    ----------
    usable : the batches whose records the view may use.
    params : a workspace's folder, whose linking model is the one that counts.

    Notes
    -----
    One row per pair and verdict, with the highest chance of the records that make it. What is joined needs no reason.
    """
    name = _fingerprint(usable, read_link_model(folder=params), params)
    if not _is_kept(connection, name):
        return None
    ends, kept = ", ".join(END_COLUMNS), storage.LINK_PAIRS.name
    of = f"FROM {kept} WHERE fingerprint = ? AND verdict"
    joined = f"SELECT {ends}, '', MAX(p_same) {of} = '{LINKED}' GROUP BY {ends}"  # noqa: S608
    waiting = f"SELECT {ends}, reason, p_same {of} = '{POSSIBLE}'"  # noqa: S608
    columns = [*END_COLUMNS, "reason", "p_same"]
    found = [
        pd.DataFrame(read_rows(connection, sql, [name]), columns=columns).assign(verdict=verdict)
        for sql, verdict in ((joined, LINKED), (waiting, POSSIBLE))
    ]
    pairs = pd.concat(found, ignore_index=True).astype({n: "str" for n in (*END_COLUMNS, "reason", "verdict")})
    pairs = pairs.astype({"p_same": "float64"}).sort_values(["verdict", *END_COLUMNS, "p_same", "reason"])
    return pairs.drop_duplicates([*END_COLUMNS, "verdict"], keep="last", ignore_index=True)


def link_casebook(
    store: Engine | Connection,
    *,
    params: Path | None = None,
    on_day: Callable[[int, int], None] = lambda done, of: None,
) -> str:
    """Keep the links of every delivery's day, and say in one line what came of it; a load ends with this.

    Parameters
    ----------
    on_day : called with how many days are linked, and how many there are.
    """
    if not can_link():
        return WITHOUT_EXTRA
    model = read_link_model(folder=params)
    try:
        done = keep_links(store, model, params=params, on_day=on_day)
    except TableError as error:
        return f"People were not linked across agencies. {error}"
    if not done:
        return "People were linked before; nothing new was received."
    links = done[max(done)]
    return (
        f"People linked across agencies by {model.name}: {links.n_records:,} records, {len(links.sure):,} pairs of "
        f"references joined, {len(links.possible):,} to look at."
    )


def keep_links(
    store: Engine | Connection, model: LinkModel, *, params: Path | None = None,
    on_day: Callable[[int, int], None] = lambda done, of: None,
) -> dict[date, Links]:  # fmt: skip
    """Link what was received by each day of a delivery, and keep what is not kept yet.

    A delivery that comes late changes what was known on later days too, and a changed policy what is known of all.
    `store` is the casebook's, or its transaction that is open, so that a delivery and its links stand or fall together.
    Returns what was found, by the day; nothing where the extra is not installed.
    """
    if not can_link():
        return {}
    if isinstance(store, Connection):
        return _keep_links(store, model, params, on_day)
    with storage.writing(store) as connection:
        return _keep_links(connection, model, params, on_day)


def _keep_links(
    connection: Connection, model: LinkModel, params: Path | None, on_day: Callable[[int, int], None]
) -> dict[date, Links]:  # fmt: skip
    storage.SCHEMA.create_all(connection, tables=[storage.LINK_RUNS, storage.LINK_PAIRS])
    done = {}
    days = sorted(set(connection.scalars(select(storage.DELIVERIES.c.received_on))))
    for n, day in enumerate(days):
        on_day(n, len(days))
        usable = read_usable(connection, day)
        name = _fingerprint(usable, model, params)
        if not _is_kept(connection, name):
            done[day] = link_records(gather_records(connection, usable), model, params=params)
            _write(connection, name, done[day])
    on_day(len(days), len(days))
    return done


def forget_links(connection: Connection) -> None:
    """Delete everything kept, as an erasure must: it is worked out again from what is left."""
    if _has_tables(connection):
        connection.execute(storage.LINK_PAIRS.delete())
        connection.execute(storage.LINK_RUNS.delete())


def gather_records(connection: Connection, usable: pd.DataFrame) -> pd.DataFrame:
    """Return every record that names a person in usable batches, each content once, as `link_records` takes them.

    A record's id is a hash of what it says, so it does not depend on when or how often it was sent. Records that an
    agency merged are known to be one person.
    """
    parts = []
    for name in NAMED_TABLES:
        frame = current.read_every(connection, name, usable).rename(columns={TABLES[name].person: "source_ref"})
        columns = ["source_system", "source_ref", *(c for c in ABOUT_PERSON if c in frame)]
        parts.append(frame[columns].drop_duplicates().assign(table_name=name, is_register=name in REGISTERS))
    records = pd.concat(parts, ignore_index=True).reindex(
        columns=["source_system", "source_ref", *ABOUT_PERSON, "table_name", "is_register"]
    )
    records = records[records["source_ref"].notna() & (records["family_name"].notna() | records["given_name"].notna())]
    records["dob_precision"] = records["dob_precision"].fillna(
        records["dob"].notna().map({True: "EXACT", False: "UNK"}).astype("str")
    )
    records = records.reset_index(drop=True)
    columns = [records[name].astype("str").fillna("").to_list() for name in records.columns]
    said = ("\x1f".join(cells) for cells in zip(*columns, strict=True))
    records["record_id"] = [hashlib.sha256(text.encode()).hexdigest()[:20] for text in said]
    records["person_id"] = _join_merged(records)
    return records.drop_duplicates("record_id").sort_values("record_id", ignore_index=True)


def _join_merged(records: pd.DataFrame) -> pd.Series:
    """Return one text for all records of one reference, and of references its owner merged."""
    refs = records["source_system"] + "\x1f" + records["source_ref"]
    targets = (records["source_system"] + "\x1f" + records["merged_into"]).where(records["merged_into"].notna(), refs)
    names = np.unique(np.concatenate([refs.to_numpy(dtype=object), targets.to_numpy(dtype=object)]).astype("str"))
    left, right = np.searchsorted(names, refs.astype("str")), np.searchsorted(names, targets.astype("str"))
    return pd.Series(names[join_smallest(len(names), left, right)[left]], index=records.index, dtype="str")


def _fingerprint(usable: pd.DataFrame, model: LinkModel, params: Path | None) -> str:
    said = usable[["feed", "mapping_version", "sha256"]].astype("str").agg(" ".join, axis="columns")
    names = read_names(model.names, params).model_dump_json()
    text = "\n".join([METHOD, model.fingerprint, names, *sorted(set(said))])
    return hashlib.sha256(text.encode()).hexdigest()


def _has_tables(connection: Connection) -> bool:
    return inspect(connection).has_table(storage.LINK_RUNS.name)


def _is_kept(connection: Connection, fingerprint: str) -> bool:
    if not _has_tables(connection):
        return False
    runs = storage.LINK_RUNS.c
    return connection.scalar(select(runs.n_records).where(runs.fingerprint == fingerprint)) is not None


def _write(connection: Connection, fingerprint: str, links: Links) -> None:
    connection.execute(storage.LINK_RUNS.insert(), {
        "fingerprint": fingerprint, "model": links.model.name, "n_records": links.n_records,
        "n_candidates": links.n_candidates,
    })  # fmt: skip
    said = _pack(links.pairs, _steps(links.model))
    append_rows(connection, storage.LINK_PAIRS, said, fingerprint=fingerprint)


def _steps(model: LinkModel) -> list[str]:
    return [*(comparison.name for comparison in model.comparisons), REGISTER]


def _pack(pairs: pd.DataFrame, comparisons: Iterable[str]) -> pd.DataFrame:
    """Put the level and weight of each comparison into one text."""
    names = list(comparisons)
    levels, weights = pairs[[f"level_{n}" for n in names]], pairs[[f"weight_{n}" for n in names]]
    details = [
        json.dumps(
            {n: [str(level), float(w)] for n, level, w in zip(names, row, weight, strict=True) if level != UNKNOWN}
        )
        for row, weight in zip(levels.itertuples(index=False), weights.itertuples(index=False), strict=True)
    ]
    return pairs[list(PAIR_COLUMNS)].assign(details=pd.Series(details, index=pairs.index, dtype="str"))


def _read_kept(connection: Connection, fingerprint: str, model: LinkModel) -> Links | None:
    if not _is_kept(connection, fingerprint):
        return None
    runs, pairs = storage.LINK_RUNS.c, storage.LINK_PAIRS.c
    run = connection.execute(select(runs.n_records, runs.n_candidates).where(runs.fingerprint == fingerprint)).one()
    columns = [*PAIR_COLUMNS, "details"]
    sql = f"SELECT {', '.join(columns)} FROM {pairs.fingerprint.table.name} WHERE fingerprint = ?"  # noqa: S608
    frame = pd.DataFrame(read_rows(connection, sql, [fingerprint]), columns=columns)
    frame = frame.astype({n: "float64" if n in ("match_weight", "p_same") else "str" for n in columns})
    said = [json.loads(text) for text in frame["details"]]
    for comparison in _steps(model):
        met = [one.get(comparison, (UNKNOWN, 0.0)) for one in said]
        frame[f"level_{comparison}"] = pd.Series([m[0] for m in met], dtype="str")
        frame[f"weight_{comparison}"] = pd.Series([m[1] for m in met], dtype="float64")
    kept = frame.drop(columns="details").sort_values(["record_a", "record_b"], ignore_index=True)
    return Links(kept, model, int(run.n_records), int(run.n_candidates))
