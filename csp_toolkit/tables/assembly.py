"""Put a view together: the rows that count, who they are about, and what the reader must know about the feeds."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, select

from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables import current, identity, possible_matches, storage
from csp_toolkit.tables.coverage import describe_coverage
from csp_toolkit.tables.deciding import decisions, judgements
from csp_toolkit.tables.known_records import query, read_arrivals, read_batches, read_keys, read_newest_records
from csp_toolkit.tables.linking import kept as linking_store
from csp_toolkit.tables.on_demand import Frames
from csp_toolkit.tables.view import REJECTED_COLUMNS, View, list_columns

EVER_TABLES = ("intel_reports", "crimes", "crime_suspects")
# Where names of people stand, most trustworthy first, and what a record has beside a name.
NAMED_TABLES = ("person_records", "crime_suspects", "crime_victims", "missing_episodes", "intel_subjects")
_ABOUT_PERSON = ("family_name", "given_name", "dob", "dob_precision", "home_area", "is_deceased", "merged_into",
                 "markers")  # fmt: skip

Reader = Callable[[], AbstractContextManager[Connection]]


def assemble_view(
    connection: Connection, *, as_of: date, known_at: date, read_later: Reader, params: Path | None = None
) -> View:
    """Make the view as at `as_of`, as known at `known_at`, from one open transaction.

    `read_later` opens another for each table when it is first asked for: the rows of a batch never change, so it finds
    what this one would. `params` is the workspace's folder, for its linking model.
    """
    batches = read_batches(connection, known_at)
    usable = batches[batches["is_usable"]]

    keys = read_keys(connection, usable)
    recorded = decisions.read_recorded(connection, known_at)
    judged = judgements.stand(recorded, keys, as_of=as_of)
    links = linking_store.read_pairs(connection, usable, params=params)
    resolved = identity.resolve_people(keys, read_newest_records(connection, usable), judged, links)
    person_keys = resolved.person_keys
    filling = _list_filling(connection, batches)

    def read(name: str) -> pd.DataFrame:
        with read_later() as later:
            frame = _read_table(later, name, filling, as_of, whole.__getitem__)
        return with_person(frame, name, person_keys)

    whole = Frames(sorted(TABLES), read)
    named = gather_names(whole)
    return View(
        as_of=as_of,
        known_at=known_at,
        tables=Frames(whole, lambda name: whole[name][list_columns(name)]),
        people=identity.describe_people(named, person_keys),
        person_keys=person_keys,
        possible_matches=possible_matches.list_open_matches(named, resolved, judged, links),
        decisions=decisions.replay(recorded, person_keys, as_of=as_of),
        coverage=describe_coverage(
            batches, read_arrivals(connection, known_at), _find_newest_events(connection, filling, as_of), as_of=as_of
        ),
        rejected=_read_rejected(connection, batches),
        judgements=judged,
        person_links=resolved.links,
        is_linked=links is not None,
        contradictions=resolved.contradictions,
        ever=Frames(EVER_TABLES, lambda name: _read_ever(read_later, name, usable, person_keys, as_of)),
        is_synthetic=bool(batches["n_synthetic_refs"].any() and not batches["n_live_refs"].any()),
    )


def read_tables(
    connection: Connection, names: Sequence[str], *, as_of: date, known_at: date
) -> dict[str, pd.DataFrame]:
    """Read the rows of some tables that count in a view, without saying whom they are about."""
    filling = _list_filling(connection, read_batches(connection, known_at))
    whole = Frames(TABLES, lambda name: _read_table(connection, name, filling, as_of, whole.__getitem__))
    return {name: whole[name][list(TABLES[name].names)] for name in names}


def _list_filling(connection: Connection, batches: pd.DataFrame) -> pd.DataFrame:
    """Return the batches with each table that one fills, row by row."""
    fills = query(connection, select(storage.BATCH_TABLES.c.batch_id, storage.BATCH_TABLES.c.table_name))
    return batches.merge(fills, on="batch_id")


def with_person(frame: pd.DataFrame, name: str, person_keys: pd.DataFrame) -> pd.DataFrame:
    """Add `person_id` to rows of table `name` by the reference they carry and the `source_system` it belongs to."""
    person = TABLES[name].person
    if not person:
        return frame
    keys = person_keys.rename(columns={"source_ref": person})
    known = frame[["source_system", person]].merge(keys, on=["source_system", person], how="left")
    return frame.assign(person_id=known["person_id"].astype("str").array)


def _read_table(
    connection: Connection, name: str, batches: pd.DataFrame, as_of: date, get: Callable[[str], pd.DataFrame]
) -> pd.DataFrame:
    """Return the rows of a canonical table that count, with `source_system` and `batch_id`; `get` reads another."""
    counted = batches[batches["is_current"] & batches["table_name"].eq(name)]
    systems = batches.groupby("batch_id")["person_system"].first()
    parts = [current.read_current(connection, name, group, as_of=as_of) for _, group in counted.groupby("feed")]
    frame = pd.concat(parts or [current.no_rows(name)], ignore_index=True)
    codes, used = pd.factorize(frame["batch_id"])
    frame["source_system"] = systems.reindex(used).astype("str").take(codes).array
    frame = current.keep_newest(frame, name, within=("source_system",))
    return current.keep_with_parent(frame, name, get)


def gather_names(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every current record that names a person, in one frame."""
    parts = []
    for place, name in enumerate(NAMED_TABLES):
        frame = tables[name].rename(columns={TABLES[name].person: "source_ref"})
        if "dob_precision" not in frame and "dob" in frame:
            frame = frame.assign(dob_precision=frame["dob"].notna().map({True: "EXACT", False: "UNK"}))
        keep = [c for c in ("person_id", "source_system", "source_ref", *_ABOUT_PERSON) if c in frame]
        parts.append(frame[keep].assign(place=place))
    names = pd.concat(parts, ignore_index=True)
    names["dob_precision"] = names["dob_precision"].fillna("UNK")
    facts = [column for column in names.columns if column != "place"]
    return names.drop_duplicates(facts).reset_index(drop=True)


def _find_newest_events(connection: Connection, batches: pd.DataFrame, as_of: date) -> dict[str, pd.Timestamp]:
    """Return the newest event of each feed's used delivery."""
    used = batches[batches["is_newest_used"] & batches["table_name"].isin(current.DATED)]
    found: dict[str, pd.Timestamp] = {}
    for name, group in used.groupby("table_name"):
        newest = current.find_newest_events(connection, str(name), group, as_of=as_of)
        for feed, stamp in newest.groupby(newest.index.map(group.set_index("batch_id")["feed"])).max().items():
            found[str(feed)] = max(stamp, found.get(str(feed), stamp))
    return found


def _read_rejected(connection: Connection, batches: pd.DataFrame) -> pd.DataFrame:
    """Return what validation found in the deliveries in use, by feed, file and row."""
    used = batches[batches["is_newest_used"]]
    findings = storage.FINDINGS.c
    wanted = select(findings.batch_id, findings.row, findings.rule, findings.action)
    found = query(connection, wanted.where(findings.batch_id.in_(used["batch_id"].tolist())))
    found = found.merge(used[["batch_id", "feed", "file"]], on="batch_id")[list(REJECTED_COLUMNS)]
    found = found.astype({name: "str" for name in REJECTED_COLUMNS if name != "row"} | {"row": "Int64"})
    return found.sort_values(list(REJECTED_COLUMNS), kind="stable").drop_duplicates(ignore_index=True)


def _read_ever(
    read_later: Reader, name: str, usable: pd.DataFrame, person_keys: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """Return each version of a table ever received once, with the day it first came as `received_on`."""
    with read_later() as connection:
        frame = current.read_every(connection, name, usable, until=as_of)
    frame = frame.drop_duplicates(list(TABLES[name].names))
    frame = with_person(frame, name, person_keys)
    frame = frame.sort_values([*TABLES[name].key, "received_on"], kind="stable", ignore_index=True)
    return frame[[*list_columns(name), "received_on"]]
