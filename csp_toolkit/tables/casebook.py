"""The store of all that was received, and views of it as at one date and as known at another.

Nothing in it is overwritten. A delivery is added; which of its rows count is decided when a view is made, from the
day each was received and the agreements in force then. So a delivery loaded late gives the view it would have given
in time, and a view of October does not move when November is loaded.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from csp_toolkit.errors import CheckFailed, WorkspaceError
from csp_toolkit.tables import storage
from csp_toolkit.tables.assembly import assemble_view, read_tables
from csp_toolkit.tables.deciding import decisions
from csp_toolkit.tables.linking.kept import link_casebook, read_links
from csp_toolkit.tables.linking.links import Links, no_links
from csp_toolkit.tables.linking.policy import read_link_model
from csp_toolkit.tables.loading import CheckedFile, LoadReport, load_files
from csp_toolkit.tables.log import Log
from csp_toolkit.tables.view import View


@dataclass(frozen=True, eq=False)
class Casebook:
    """One partnership's casebook; see `Casebook.open`."""

    engine: Engine
    params: Path | None = None

    @classmethod
    def open(cls, location: Path | str, *, create: bool = False, params: Path | str | None = None) -> "Casebook":
        """Open the casebook at a file or an SQLAlchemy URL.

        Parameters
        ----------
        create : make an empty casebook where there is none.
        params : the workspace's `params` folder, whose linking model says which of the kept links a view reads; the
            packaged model where there is none.

        Raises
        ------
        WorkspaceError : nothing is there, what is there is no casebook, or a newer version wrote it.
        """
        return cls(storage.open_engine(location, create=create), None if params is None else Path(params))

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()

    @cached_property
    def log(self) -> Log:
        """The record of who did what with this casebook."""
        return Log(self.engine)

    def check(self) -> None:
        """Read every page of an SQLite file; raise `CheckFailed` where it is damaged. A server looks after its own."""
        if self.engine.dialect.name != "sqlite":
            return
        try:
            with storage.reading(self.engine) as connection:
                is_whole = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
        except (DBAPIError, WorkspaceError):
            is_whole = False
        if not is_whole:
            raise CheckFailed(f"{storage.DAMAGED} Put back a copy from before.")

    def load(
        self, validated: Sequence[CheckedFile], *, received_on: date, actor: str, at: datetime,
        expected: Mapping[str, str] | None = None, unmapped: Sequence[str] = (), link: bool = False,
        on_rows: Callable[[int, int], None] = lambda done, of: None,
        on_day: Callable[[int, int], None] = lambda done, of: None,
    ) -> LoadReport:  # fmt: skip
        """Take in one delivery, all of it or nothing.

        Parameters
        ----------
        validated : the checked files of the delivery.
        received_on : the day it was received, which alone decides what a view knows when.
        actor, at : who loads and when, for the log.
        expected : agency by name of every feed that has a mapping, so that a view can say which did not come.
        unmapped : names of files that no mapping knows.
        link : link people across agencies too. Without their links a delivery gives another view, so they are kept in
            the same transaction.
        on_rows, on_day : called with how many rows are stored, and how many days' people are linked, and of how many.

        Returns
        -------
        What was done with each file. The same file received on the same day and read by the same mapping is not
        loaded again; received on another day it is, for that it says the same is news.
        """
        with storage.writing(self.engine) as connection:
            report = load_files(
                connection, validated, received_on=received_on, actor=actor, at=at,
                expected=expected or {}, unmapped=unmapped, on_rows=on_rows,
            )  # fmt: skip
            return (
                replace(report, linking=link_casebook(connection, params=self.params, on_day=on_day))
                if link
                else report
            )

    def decide(
        self, made: pd.DataFrame, *, recorded_on: date, actor: str, at: datetime, problems: Sequence[str] = ()
    ) -> decisions.DecideReport:
        """Record what people decided; what stands already is left as it is. See `tables.decisions`."""
        with storage.writing(self.engine) as connection:
            return decisions.record(connection, made, recorded_on=recorded_on, actor=actor, at=at, problems=problems)

    def view(self, as_of: date, known_at: date | None = None) -> View:
        """Show the casebook as at `as_of`, from what had been received by `known_at` (the same day by default)."""
        known_at = known_at or as_of
        with storage.reading(self.engine) as connection:
            return assemble_view(connection, as_of=as_of, known_at=known_at, read_later=self._read, params=self.params)

    def read(self, names: Sequence[str], as_of: date, known_at: date | None = None) -> dict[str, pd.DataFrame]:
        """Read the rows of some tables that count as at `as_of`, as a view does, without asking whom they are about."""
        with storage.reading(self.engine) as connection:
            return read_tables(connection, names, as_of=as_of, known_at=known_at or as_of)

    def links(self, known_at: date) -> Links:
        """Return the links kept for what had been received by a day, each with its reasons; none where none are."""
        model = read_link_model(folder=self.params)
        with storage.reading(self.engine) as connection:
            kept = read_links(connection, known_at, model, params=self.params)
        return kept or no_links(model)

    def _read(self) -> AbstractContextManager[Connection]:
        return storage.reading(self.engine)
