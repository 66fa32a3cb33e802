"""Put a view together: the rows that count, who they are about, and what the reader must know about the feeds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date

import pandas as pd
from sqlalchemy import Connection, select

from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables import current, decisions, identity, judgements, possible_matches, storage
from csp_toolkit.tables.coverage import describe_coverage
from csp_toolkit.tables.known_records import query, read_arrivals, read_batches, read_keys, read_newest_records
from csp_toolkit.tables.view import REJECTED_COLUMNS, View, list_columns

EVER_TABLES = ("intel_reports", "crimes", "crime_suspects")
# Where names of people stand, most trustworthy first, and what a record has beside a name.
NAMED_TABLES = ("person_records", "crime_suspects", "crime_victims", "missing_episodes", "intel_subjects")
_ABOUT_PERSON = ("family_name", "given_name", "dob", "dob_precision", "home_area", "is_deceased", "merged_into",
                 "markers")  # fmt: skip

Reader = Callable[[], AbstractContextManager[Connection]]


def assemble_view(connection: Connection, *, as_of: date, known_at: date, read_later: Reader) -> View:
    """Make the view as at `as_of`, as known at `known_at`, from one open transaction.

    `read_later` opens another when one of the tables `ever` received is asked for, which few rules do.
    """
    batches = read_batches(connection, known_at)
    fills = query(connection, select(storage.BATCH_TABLES.c.batch_id, storage.BATCH_TABLES.c.table_name))
    usable = batches[batches["is_usable"]]

    keys = read_keys(connection, usable)
    recorded = decisions.read_recorded(connection, known_at)
    judged = judgements.stand(recorded, keys, as_of=as_of)
    resolved = identity.resolve_people(keys, read_newest_records(connection, usable), judged)
    person_keys = resolved.person_keys
    tables = _read_tables(connection, batches.merge(fills, on="batch_id"), as_of)
    tables = {name: with_person(frame, name, person_keys) for name, frame in tables.items()}
    named = gather_names(tables)
    return View(
        as_of=as_of,
        known_at=known_at,
        tables={name: frame[list_columns(name)] for name, frame in tables.items()},
        people=identity.describe_people(named, person_keys),
        person_keys=person_keys,
        possible_matches=possible_matches.list_open_matches(named, resolved, judged),
        decisions=decisions.replay(recorded, person_keys, as_of=as_of),
        coverage=describe_coverage(
            batches, read_arrivals(connection, known_at), _find_newest_events(tables, batches), as_of=as_of
        ),
        rejected=_read_rejected(connection, batches),
        judgements=judged,
        person_links=resolved.links,
        contradictions=resolved.contradictions,
        ever=Ever(lambda name: _read_ever(read_later, name, usable, person_keys, as_of)),
        is_synthetic=bool(batches["n_synthetic_refs"].any() and not batches["n_live_refs"].any()),
    )


class Ever(Mapping[str, pd.DataFrame]):
    """Tables as ever received, each read when it is first asked for and kept."""

    def __init__(self, read: Callable[[str], pd.DataFrame]) -> None:
        self._read = read
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in EVER_TABLES:
            raise KeyError(name)
        if name not in self._frames:
            self._frames[name] = self._read(name)
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(EVER_TABLES)

    def __len__(self) -> int:
        return len(EVER_TABLES)


def with_person(frame: pd.DataFrame, name: str, person_keys: pd.DataFrame) -> pd.DataFrame:
    """Add `person_id` to rows of table `name` by the reference they carry and the `source_system` it belongs to."""
    person = TABLES[name].person
    if not person:
        return frame
    keys = person_keys.rename(columns={"source_ref": person})
    known = frame[["source_system", person]].merge(keys, on=["source_system", person], how="left")
    return frame.assign(person_id=known["person_id"].astype("str").array)


def _read_tables(connection: Connection, batches: pd.DataFrame, as_of: date) -> dict[str, pd.DataFrame]:
    """Return the rows of every canonical table that count, with `source_system` and `batch_id`."""
    counted = batches[batches["is_current"]]
    systems = batches.groupby("batch_id")["person_system"].first()
    tables: dict[str, pd.DataFrame] = {}
    for name in sorted(TABLES, key=lambda name: name in current.PARENTS):
        feeds = counted[counted["table_name"] == name].groupby("feed")
        parts = [current.read_current(connection, name, group, as_of=as_of) for _, group in feeds]
        frame = pd.concat(parts or [current.no_rows(name)], ignore_index=True)
        codes, used = pd.factorize(frame["batch_id"])
        frame["source_system"] = systems.reindex(used).astype("str").take(codes).array
        frame = current.keep_newest(frame, name, within=("source_system",))
        tables[name] = current.keep_with_parent(frame, name, tables)
    return tables


def gather_names(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
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


def _find_newest_events(tables: dict[str, pd.DataFrame], batches: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Return the newest event of each feed's used delivery."""
    used = batches[batches["is_newest_used"]].set_index("batch_id")["feed"]
    found = []
    for name, frame in tables.items():
        if (event_on := TABLES[name].event_on) and len(frame):
            found.append(frame.groupby(frame["batch_id"].map(used))[event_on].max().dt.normalize())
    newest = pd.concat(found).groupby(level=0).max().dropna() if found else pd.Series(dtype="datetime64[us]")
    return {str(feed): stamp for feed, stamp in newest.items()}


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
