"""Where people stood in a meeting's picture: kept, replaced by a run of the same day, and forgotten."""

from datetime import date

import pandas as pd

from csp_toolkit.tables import storage
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.drawn_places import forget_places, read_places, store_places

OCTOBER, NOVEMBER = date(2026, 10, 29), date(2026, 11, 26)
MEETING = "gangs_intelligence"


def nodes(**places: tuple[float, float]) -> pd.DataFrame:
    rows = [(i, "a label", x, y) for i, (x, y) in places.items()]
    return pd.DataFrame(rows, columns=["node_id", "label", "x", "y"])


def at(path, day=OCTOBER, meeting=MEETING) -> dict | None:
    read = read_places(path, meeting, day)
    return None if read is None else {i: (x, y) for i, x, y in read.itertuples(index=False)}


def test_a_meetings_places_are_read_as_they_were_kept(tmp_path):
    path = tmp_path / "book.sqlite"
    Casebook.open(path, create=True).close()
    store_places(path, MEETING, OCTOBER, nodes(B=(460.1, 30.0), A=(46.0, 99.9)))
    assert at(path) == {"A": (46.0, 99.9), "B": (460.1, 30.0)}
    assert list(read_places(str(path), MEETING, OCTOBER)) == ["node_id", "x", "y"]


def test_another_day_and_another_meeting_keep_their_own(tmp_path):
    path = tmp_path / "book.sqlite"
    Casebook.open(path, create=True).close()
    store_places(path, MEETING, OCTOBER, nodes(A=(1.0, 1.0)))
    store_places(path, MEETING, NOVEMBER, nodes(A=(2.0, 2.0)))
    assert at(path) == {"A": (1.0, 1.0)} and at(path, NOVEMBER) == {"A": (2.0, 2.0)}
    assert at(path, meeting="case_management") is None


def test_a_meeting_run_again_replaces_what_it_kept(tmp_path):
    path = tmp_path / "book.sqlite"
    Casebook.open(path, create=True).close()
    store_places(path, MEETING, OCTOBER, nodes(A=(1.0, 1.0), B=(2.0, 2.0)))
    store_places(path, MEETING, OCTOBER, nodes(B=(3.0, 3.0)))
    assert at(path) == {"B": (3.0, 3.0)}
    store_places(path, MEETING, OCTOBER, nodes())
    assert at(path) is None


def test_a_casebook_of_before_has_no_places_and_takes_some(tmp_path):
    path = tmp_path / "book.sqlite"
    book = Casebook.open(path, create=True)
    with storage.writing(book.engine) as connection:
        storage.PLACES.drop(connection)
    assert at(path) is None
    store_places(path, MEETING, OCTOBER, nodes(A=(1.0, 1.0)))
    assert at(path) == {"A": (1.0, 1.0)}


def test_an_erasure_leaves_none(tmp_path):
    path = tmp_path / "book.sqlite"
    book = Casebook.open(path, create=True)
    store_places(path, MEETING, OCTOBER, nodes(A=(1.0, 1.0)))
    with storage.writing(book.engine) as connection:
        forget_places(connection)
    assert at(path) is None
