"""A casebook of the two real deliveries, loaded once a test session, and one with scrambled columns."""

import csv
import io
import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from csp_toolkit.params import packaged
from csp_toolkit.records.feeds import map_file, match_feeds, read_feeds
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.validation import validate
from csp_toolkit.tables.view import View
from tests.real_data_home import extracts

DELIVERIES = {"2026-10": date(2026, 10, 23), "2026-11": date(2026, 11, 20)}
MEETINGS = {"2026-10": date(2026, 10, 29), "2026-11": date(2026, 11, 26)}


def load_deliveries(folder: Path, at: Path) -> Casebook:
    """Load both deliveries found under `folder` into a new casebook at `at`."""
    feeds = read_feeds(packaged("params"))
    casebook = Casebook.open(at, create=True)
    for name, received_on in DELIVERIES.items():
        files = [(path, feed) for path in sorted((folder / name).iterdir()) for feed in match_feeds(path, feeds)]
        checked = [validate(map_file(path, feed), received_on=received_on) for path, feed in files]
        when = datetime(received_on.year, received_on.month, received_on.day, 9, tzinfo=UTC)
        casebook.load(checked, received_on=received_on, actor="test", at=when)
    return casebook


@cache
def _loaded() -> Casebook:
    return load_deliveries(extracts(), Path(mkdtemp()) / "casebook.sqlite")


def copy_loaded(at: Path) -> Casebook:
    """Copy the casebook of both deliveries to `at`, for a test that writes into it: a load takes seconds."""
    extracts()
    with closing(sqlite3.connect(str(_loaded().engine.url.database))) as whole, closing(sqlite3.connect(at)) as copy:
        whole.backup(copy)
    return Casebook.open(at)


@cache
def real_view(month: str) -> View:
    """Return the view of a month's meeting, or skip the test."""
    extracts()
    return _loaded().view(MEETINGS[month])


def shuffle_columns(folder: Path, columns: Mapping[str, list[str]], *, seed: int) -> Path:
    """Copy the deliveries into `folder`; each named column of each named file goes to other rows at random.

    The columns of a file move apart from each other; a row of the wrong length keeps what it has.
    """
    rng = random.Random(seed)
    for name in DELIVERIES:
        (folder / name).mkdir(parents=True)
        for path in sorted((extracts() / name).iterdir()):
            content = path.read_bytes()
            if path.name in columns:
                head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
                whole = [row for row in rows if len(row) == len(head)]
                for column in columns[path.name]:
                    place = head.index(column)
                    values = [row[place] for row in whole]
                    rng.shuffle(values)
                    for row, value in zip(whole, values, strict=True):
                        row[place] = value
                buffer = io.StringIO(newline="")
                csv.writer(buffer, lineterminator="\r\n").writerows([head, *rows])
                content = buffer.getvalue().encode("utf-8")
            (folder / name / path.name).write_bytes(content)
    return folder
