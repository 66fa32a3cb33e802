"""Where the casebook's rows lie: one SQL table per canonical table, and the tables that account for them.

SQLite by default, PostgreSQL by URL; the SQL is the part both speak. Dates and times stand as ISO text, so that a
row reads the same in any tool and sorts by time.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    inspect,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from csp_toolkit.errors import WorkspaceError
from csp_toolkit.records.schema import TABLES

SCHEMA_VERSION = 3
DAMAGED = "The casebook's file is damaged."
SCHEMA = MetaData()


def _whole(name: str, **options: Any) -> Column[int]:
    return Column(name, Integer, nullable=False, **options)


def _text(name: str, *, required: bool = True) -> Column[str]:
    return Column(name, Text, nullable=not required)


ABOUT = Table("casebook", SCHEMA, Column("name", Text, primary_key=True), _text("value"))

DELIVERIES = Table(
    "deliveries", SCHEMA,
    Column("delivery_id", Integer, primary_key=True), Column("received_on", Date, nullable=False),
)  # fmt: skip

# Every feed the mappings know, and every file no mapping knows: what a view needs to say what did not come.
ARRIVALS = Table(
    "arrivals", SCHEMA,
    Column("delivery_id", Integer, ForeignKey("deliveries.delivery_id"), nullable=False),
    _text("feed"), _text("agency", required=False), _text("state"),
)  # fmt: skip

BATCHES = Table(
    "batches", SCHEMA,
    Column("batch_id", Integer, primary_key=True),
    Column("delivery_id", Integer, ForeignKey("deliveries.delivery_id"), nullable=False),
    _text("feed"), _text("mapping_version"), _text("agency"), _text("kind"), _text("person_system", required=False),
    _text("file"), _text("sha256"), Column("received_on", Date, nullable=False),
    _whole("rows_in"), _whole("accepted"), _whole("repaired"), _whole("rejected"), _whole("withdrawn"),
    _whole("n_live_refs"), _whole("n_synthetic_refs"),
    UniqueConstraint("feed", "mapping_version", "sha256", "received_on"),
)  # fmt: skip

BATCH_TABLES = Table(
    "batch_tables", SCHEMA,
    Column("batch_id", Integer, ForeignKey("batches.batch_id"), primary_key=True),
    Column("table_name", Text, primary_key=True), _whole("n_rows"),
)  # fmt: skip

FINDINGS = Table(
    "findings", SCHEMA,
    Column("batch_id", Integer, ForeignKey("batches.batch_id"), nullable=False),
    Column("row", BigInteger), _text("column", required=False), _text("rule"), _text("action"),
    Index("findings_batch", "batch_id"),
)  # fmt: skip

PERSON_KEYS = Table(
    "person_keys", SCHEMA,
    Column("batch_id", Integer, ForeignKey("batches.batch_id"), nullable=False),
    _text("source_system"), _text("source_ref"),
    Index("person_keys_batch", "batch_id"),
)  # fmt: skip

DECISIONS = Table(
    "decisions", SCHEMA,
    Column("number", Integer, primary_key=True), Column("decision_id", Text, nullable=False, unique=True),
    _text("kind"), _text("person_ref", required=False), Column("meeting_on", Date, nullable=False),
    Column("decided_on", Date, nullable=False), _text("decided_by"), _text("role"), _text("outcome"), _text("reason"),
    Column("valid_until", Date), _text("details"), Column("recorded_on", Date, nullable=False),
)  # fmt: skip

# What linking found, kept because it takes seconds; it can be worked out again from what was received.
LINK_RUNS = Table(
    "link_runs", SCHEMA,
    Column("fingerprint", Text, primary_key=True), _text("model"), _whole("n_records"), _whole("n_candidates"),
)  # fmt: skip
LINK_PAIRS = Table(
    "link_pairs", SCHEMA,
    Column("fingerprint", Text, ForeignKey("link_runs.fingerprint"), nullable=False),
    _text("record_a"), _text("record_b"), _text("system_a"), _text("ref_a"), _text("system_b"), _text("ref_b"),
    Column("match_weight", Float, nullable=False), Column("p_same", Float, nullable=False),
    _text("verdict"), _text("held_by"), _text("reason"), _text("details"),
    Index("link_pairs_run", "fingerprint"),
)  # fmt: skip

# Where people stood in a meeting's picture, kept so that the next one finds them there.
PLACES = Table(
    "drawn_places", SCHEMA,
    Column("meeting", Text, primary_key=True), Column("as_of", Date, primary_key=True),
    Column("node_id", Text, primary_key=True), Column("x", Float, nullable=False), Column("y", Float, nullable=False),
)  # fmt: skip

LOG = Table(
    "log", SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("at"), _text("action"), _text("actor"), _text("commitment"), _text("previous"), _text("hash"),
)  # fmt: skip
LOG_HEAD = Table(
    "log_head", SCHEMA, Column("one", Integer, primary_key=True, autoincrement=False), _whole("length"), _text("head"),
)  # fmt: skip
LOG_DETAILS = Table(
    "log_details", SCHEMA,
    Column("number", Integer, ForeignKey("log.number"), primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False), _text("details"),
)  # fmt: skip

RECORDS: Mapping[str, Table] = {
    name: Table(
        name, SCHEMA,
        Column("batch_id", Integer, ForeignKey("batches.batch_id"), nullable=False),
        Column("row", BigInteger),
        *(Column(column.name, BigInteger if column.kind == "whole" else Text) for column in table.columns),
        Index(f"{name}_batch", "batch_id"),
    )
    for name, table in TABLES.items()
}  # fmt: skip


def open_engine(location: Path | str, *, create: bool) -> Engine:
    """Open the store at a file or an SQLAlchemy URL; raise `WorkspaceError` when there is no casebook there."""
    url, where = _locate(location)
    path = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    if path is not None and not path.exists():
        if not create:
            raise WorkspaceError(f"{where}: no casebook is there. Make one with `csp init`, or say where it is.")
        if not path.parent.is_dir():
            raise WorkspaceError(f"{where}: its folder does not exist. Make the folder first.")
    elif path is not None and not create and not _is_sqlite(path):
        raise WorkspaceError(f"{where}: not a casebook. Make one with `csp init`, or say where it is.")
    try:
        engine = create_engine(url)
    except (SQLAlchemyError, ImportError):
        raise WorkspaceError(f"{where}: no driver for this kind of store. Use SQLite or PostgreSQL.") from None
    if path is not None:
        _prepare_sqlite(engine)
    try:
        _check_or_create(engine, where, create=create)
    except DBAPIError:
        engine.dispose()
        raise WorkspaceError(f"{where}: not a casebook, or it cannot be opened. Check it and its rights.") from None
    except WorkspaceError:
        engine.dispose()
        raise
    return engine


def _is_sqlite(path: Path) -> bool:
    """Say whether a file begins as SQLite's do, without opening it in a way that would change it."""
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _locate(location: Path | str) -> tuple[URL, str]:
    """Return the URL, and what a message may call it: the file's name, or the database without user and password."""
    text = str(location)
    if isinstance(location, Path) or "://" not in text:
        return URL.create("sqlite", database=text), Path(text).name
    try:
        url = make_url(text)
    except (SQLAlchemyError, ValueError):
        raise WorkspaceError("The casebook's address is not one SQLAlchemy can read. Check it.") from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return url, f"{url.get_backend_name()} casebook {Path(url.database or '').name}"


def _prepare_sqlite(engine: Engine) -> None:
    """Make SQLite safe: deleted text is overwritten, references hold, transactions are explicit."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("busy_timeout = 10000", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_or_create(engine: Engine, where: str, *, create: bool) -> None:
    there = inspect(engine).get_table_names()
    if ABOUT.name not in there:
        if there or not create:
            raise WorkspaceError(f"{where}: not a casebook. Make one with `csp init`, or say where it is.")
        if engine.dialect.name == "sqlite":
            # Readers and a writer do not block each other; the file remembers it, and no other program's file is asked.
            with closing(engine.raw_connection()) as raw:
                raw.driver_connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[union-attr]
        with writing(engine) as connection:
            SCHEMA.create_all(connection)
            connection.execute(ABOUT.insert(), {"name": "schema_version", "value": str(SCHEMA_VERSION)})
            connection.execute(LOG_HEAD.insert(), {"one": 1, "length": 0, "head": ""})
            for statement in _append_only(engine.dialect.name):
                connection.exec_driver_sql(statement)
        return
    with reading(engine) as connection:
        version = connection.scalar(select(ABOUT.c.value).where(ABOUT.c.name == "schema_version"))
    if version is None or not version.isdigit() or int(version) > SCHEMA_VERSION:
        raise WorkspaceError(f"{where}: written by a newer version of the toolkit. Install that version.")
    if int(version) < SCHEMA_VERSION:
        _bring_up_to_date(engine)


def _bring_up_to_date(engine: Engine) -> None:
    """Add the tables and columns an older casebook lacks; nothing that is in it is changed."""
    with writing(engine) as connection:
        SCHEMA.create_all(connection)
        inspector = inspect(connection)
        for table in SCHEMA.sorted_tables:
            there = {column["name"] for column in inspector.get_columns(table.name)}
            for column in table.columns:
                if column.name not in there:
                    kind = column.type.compile(engine.dialect)
                    connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {kind}')
        connection.execute(ABOUT.update().where(ABOUT.c.name == "schema_version"), {"value": str(SCHEMA_VERSION)})


def _append_only(dialect: str) -> list[str]:
    """Return the statements by which the store itself refuses to change or delete what was logged or decided."""
    statements = []
    if dialect == "postgresql":
        statements.append(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append only'; END $$"
        )
    for table in ("log", "decisions"):
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            does = "EXECUTE FUNCTION refuse_change()"
            if dialect == "sqlite":
                does = "BEGIN SELECT RAISE(ABORT, 'append only'); END"
            statements.append(f'CREATE TRIGGER {name} BEFORE {verb} ON "{table}" FOR EACH ROW {does}')
    return statements


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open the one transaction of a change: all of it is kept, or none."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of the store from its first read to its last.

    Raises
    ------
    WorkspaceError : the file is damaged, and what was asked for cannot be read.
    """
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    try:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection
    except (DBAPIError, sqlite3.DatabaseError) as error:
        if "malformed" not in str(error):
            raise
        raise WorkspaceError(f"{DAMAGED} Put back a copy from before.") from None
