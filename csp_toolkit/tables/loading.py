"""Take checked files into the casebook, all of a delivery or none of it.

What was loaded before is not loaded again, and the report says so. Records of real people and invented ones never
share a casebook (control C67).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import pandas as pd
from sqlalchemy import Connection, Table, func, select

from csp_toolkit.errors import CheckFailed, DeliveryError
from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables import rows, storage
from csp_toolkit.tables.coverage import EXPECTED, NO_MAPPING
from csp_toolkit.tables.log import append_entry

LOADED = "loaded"
ALREADY = "already loaded"
REPORT_COLUMNS = (
    "feed", "file", "state", "rows_in", "accepted", "repaired", "rejected", "withdrawn", "note",
)  # fmt: skip
SYNTHETIC = "SYN"


class KnownFeed(Protocol):
    """What a load needs to know of a feed's mapping."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def agency(self) -> str: ...  # noqa: D102
    @property
    def delivery(self) -> str: ...  # noqa: D102
    @property
    def person_system(self) -> str | None: ...  # noqa: D102


class CheckedFile(Protocol):
    """One file of a delivery, mapped and validated."""

    @property
    def feed(self) -> KnownFeed: ...  # noqa: D102
    @property
    def file(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def rows_in(self) -> int: ...  # noqa: D102
    @property
    def tables(self) -> Mapping[str, pd.DataFrame]: ...  # noqa: D102
    @property
    def findings(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def accepted(self) -> int: ...  # noqa: D102
    @property
    def repaired(self) -> int: ...  # noqa: D102
    @property
    def rejected(self) -> int: ...  # noqa: D102
    @property
    def withdrawn(self) -> int: ...  # noqa: D102
    @property
    def notes(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class LoadReport:
    """What a load did with each file.

    Attributes
    ----------
    table : one row per file (`REPORT_COLUMNS`), `state` being ``loaded``, ``already loaded`` or ``no mapping yet``.
    received_on : the day the delivery was received.
    linking : what came of linking people across agencies, in one line; empty where it was not asked for.
    """

    table: pd.DataFrame
    received_on: date
    linking: str = ""

    @property
    def n_loaded(self) -> int:
        """Count the files that were taken in."""
        return int(self.table["state"].eq(LOADED).sum())

    @property
    def changed_nothing(self) -> bool:
        """Say whether the casebook is as it was."""
        return self.n_loaded == 0


def load_files(
    connection: Connection, files: Sequence[CheckedFile], *, received_on: date, actor: str, at: datetime,
    expected: Mapping[str, str], unmapped: Sequence[str], on_rows: Callable[[int, int], None] = lambda done, of: None,
) -> LoadReport:  # fmt: skip
    """Load checked files within an open transaction; see `Casebook.load`."""
    _check_counts(files)
    earlier = pd.DataFrame(
        connection.execute(select(storage.BATCHES)).mappings().all(),
        columns=[column.name for column in storage.BATCHES.columns],
    )
    fresh: list[CheckedFile] = []
    said = []
    for file in files:
        same = earlier[(earlier["feed"] == file.feed.name) & (earlier["sha256"] == file.sha256)]
        is_there = (same["received_on"].eq(received_on) & same["mapping_version"].eq(file.feed.version)).any()
        is_twice = any((f.feed.name, f.sha256) == (file.feed.name, file.sha256) for f in fresh)
        state, note = (ALREADY, "the same file was loaded before") if is_there or is_twice else (LOADED, "")
        if state == LOADED and len(same):
            note = f"the same content as the delivery received on {same['received_on'].max():%Y-%m-%d}"
        if state == LOADED:
            fresh.append(file)
        said.append(_report_row(file, state, "; ".join(part for part in (note, *file.notes) if part)))
    said += [{"feed": "", "file": name, "state": NO_MAPPING, "note": "not read"} for name in unmapped]
    report = pd.DataFrame(said, columns=list(REPORT_COLUMNS)).astype(
        {name: "str" for name in ("feed", "file", "state", "note")}
        | {name: "Int64" for name in ("rows_in", "accepted", "repaired", "rejected", "withdrawn")}
    )
    if fresh:
        _store(connection, fresh, earlier, received_on, dict(expected), list(unmapped), on_rows)
        rows_of: dict[str, int] = {}
        for f in fresh:  # the sheets of one file have one hash
            rows_of[f.sha256] = rows_of.get(f.sha256, 0) + f.rows_in
        details = {"received_on": received_on.isoformat(), "files": rows_of}
        append_entry(connection, "collect", actor=actor, at=at, details=details)
    return LoadReport(table=report, received_on=received_on)


def _check_counts(files: Sequence[CheckedFile]) -> None:
    """Refuse a file whose rows do not add up: nothing is lost silently."""
    wrong = [f.file for f in files if f.rows_in != f.accepted + f.repaired + f.rejected + f.withdrawn]
    if wrong:
        raise CheckFailed(
            f"{', '.join(wrong)}: rows in are not the sum of accepted, repaired, rejected and withdrawn. "
            "Nothing was loaded; tell the developers."
        )


def _store(
    connection: Connection, files: Sequence[CheckedFile], earlier: pd.DataFrame, received_on: date,
    expected: dict[str, str], unmapped: list[str], on_rows: Callable[[int, int], None],
) -> None:  # fmt: skip
    keys = [_person_refs(file) for file in files]
    n_rows = sum(map(len, keys)) + sum(len(frame) for f in files for frame in (f.findings, *f.tables.values()))
    n_stored = 0

    def append(table: Table, frame: pd.DataFrame, **constants: object) -> None:
        def tell(n_more: int) -> None:
            nonlocal n_stored
            n_stored += n_more
            on_rows(n_stored, n_rows)

        rows.append_rows(connection, table, frame, on_rows=tell, **constants)

    on_rows(0, n_rows)
    counts = [_count_synthetic(refs) for refs in keys]
    _refuse_mixture(files, counts, earlier)

    delivery_id = 1 + (connection.scalar(select(func.max(storage.DELIVERIES.c.delivery_id))) or 0)
    connection.execute(storage.DELIVERIES.insert(), {"delivery_id": delivery_id, "received_on": received_on})
    came = {file.feed.name for file in files}
    arrivals: list[dict[str, object]] = [
        {"feed": name, "agency": agency, "state": EXPECTED}
        for name, agency in sorted(expected.items())
        if name not in came
    ]
    arrivals += [{"feed": Path(name).stem, "agency": None, "state": NO_MAPPING} for name in sorted(unmapped)]
    if arrivals:
        connection.execute(storage.ARRIVALS.insert(), [{"delivery_id": delivery_id} | row for row in arrivals])
    for file, refs, (n_live, n_synthetic) in zip(files, keys, counts, strict=True):
        batch_id = 1 + (connection.scalar(select(func.max(storage.BATCHES.c.batch_id))) or 0)
        connection.execute(storage.BATCHES.insert(), {
            "batch_id": batch_id, "delivery_id": delivery_id, "received_on": received_on,
            "feed": file.feed.name, "mapping_version": file.feed.version, "agency": file.feed.agency,
            "kind": file.feed.delivery, "person_system": file.feed.person_system,
            "file": file.file, "sha256": file.sha256, "rows_in": file.rows_in, "accepted": file.accepted,
            "repaired": file.repaired, "rejected": file.rejected, "withdrawn": file.withdrawn,
            "n_live_refs": n_live, "n_synthetic_refs": n_synthetic,
        })  # fmt: skip
        for name, frame in sorted(file.tables.items()):
            columns = [*TABLES[name].names, "row"]
            append(storage.RECORDS[name], frame[columns], batch_id=batch_id)
            connection.execute(
                storage.BATCH_TABLES.insert(), {"batch_id": batch_id, "table_name": name, "n_rows": len(frame)}
            )
        findings = file.findings[["row", "column", "rule", "action"]]
        append(storage.FINDINGS, findings, batch_id=batch_id)
        people = pd.DataFrame({"source_ref": refs}, dtype="str")
        system = file.feed.person_system or ""
        append(storage.PERSON_KEYS, people, batch_id=batch_id, source_system=system)
    _refresh_statistics(connection, sorted({name for file in files for name in file.tables}))


def _refresh_statistics(connection: Connection, tables: Sequence[str]) -> None:
    """Let PostgreSQL know how much there is now: without it, the first view after a load takes minutes."""
    if connection.dialect.name == "postgresql":
        for name in (*tables, storage.PERSON_KEYS.name, storage.BATCHES.name):
            connection.exec_driver_sql(f'ANALYZE "{name}"')


def _person_refs(file: CheckedFile) -> list[str]:
    """Return every reference in a file that stands for a person, each once, sorted."""
    refs: set[str] = set()
    for name, frame in file.tables.items():
        columns = [c for c in (TABLES[name].person, "merged_into") if c and c in TABLES[name].names]
        for column in columns:
            refs.update(frame[column].dropna().unique())
    if refs and not file.feed.person_system:
        raise DeliveryError(f"{file.file}: its rows refer to people, but its mapping names no person_system. Add it.")
    return sorted(refs)


def _count_synthetic(refs: Sequence[str]) -> tuple[int, int]:
    n_synthetic = sum(SYNTHETIC in ref for ref in refs)
    return len(refs) - n_synthetic, n_synthetic


def _refuse_mixture(files: Sequence[CheckedFile], counts: list[tuple[int, int]], earlier: pd.DataFrame) -> None:
    n_live = int(earlier["n_live_refs"].sum()) + sum(live for live, _ in counts)
    n_synthetic = int(earlier["n_synthetic_refs"].sum()) + sum(synthetic for _, synthetic in counts)
    if n_live and n_synthetic:
        where = [f"{f.file} ({live} live, {syn} synthetic)" for f, (live, syn) in zip(files, counts, strict=True)]
        there = f"{int(earlier['n_live_refs'].sum())} live, {int(earlier['n_synthetic_refs'].sum())} synthetic"
        raise DeliveryError(
            f"Synthetic and live person references may not share a casebook. In it already: {there}; "
            f"in this delivery: {', '.join(where)}. Nothing was loaded; use a casebook each."
        )


def _report_row(file: CheckedFile, state: str, note: str) -> dict[str, object]:
    return {
        "feed": file.feed.name, "file": file.file, "state": state, "rows_in": file.rows_in,
        "accepted": file.accepted, "repaired": file.repaired, "rejected": file.rejected,
        "withdrawn": file.withdrawn, "note": note,
    }  # fmt: skip
