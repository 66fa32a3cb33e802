"""The same casebook on PostgreSQL: the address in CSP_TEST_POSTGRES names a database it may fill and empty."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from csp_toolkit.errors import WorkspaceError
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.decisions import Decision
from tests.tables.deliveries import NOON, OCTOBER, agreements, checked, crime, load, new_casebook, person
from tests.tables.test_casebook import AS_OF_NOVEMBER, AS_OF_OCTOBER, _deliveries, assert_same_view

ADDRESS = os.environ.get("CSP_TEST_POSTGRES", "")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not ADDRESS, reason="no PostgreSQL here: set CSP_TEST_POSTGRES to the URL of a test database"),
]


@pytest.fixture
def location() -> Iterator[str]:
    """The address of an empty schema of its own."""
    url = make_url(ADDRESS).set(drivername="postgresql+psycopg")
    name = f"csp_test_{uuid4().hex[:12]}"
    server = create_engine(url)
    with server.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    yield url.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
    with server.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    server.dispose()


def test_both_stores_give_the_same_views(location: str, tmp_path: Path) -> None:
    decided = Decision(kind="removal", meeting_on=date(2026, 11, 26), decided_on=OCTOBER, decided_by="SYN Chair",
                       role="Chair", outcome="REMOVE", reason="Moved away", person_ref="42SYN/2")  # fmt: skip
    views = []
    for casebook in (new_casebook(tmp_path), Casebook.open(location, create=True)):
        for day, files in _deliveries():
            load(casebook, day, *files)
        assert casebook.decide([decided], recorded_on=OCTOBER, actor="analyst", at=NOON).n_recorded == 1
        assert casebook.decide([decided], recorded_on=OCTOBER, actor="analyst", at=NOON).n_unchanged == 1
        assert casebook.log.verify().is_sound
        views.append([casebook.view(AS_OF_OCTOBER), casebook.view(AS_OF_NOVEMBER)])
    for one, other in zip(*views, strict=True):
        assert_same_view(one, other)
    again = Casebook.open(location)
    assert load(again, _deliveries()[0][0], *_deliveries()[0][1]).changed_nothing
    again.close()


def test_a_load_that_fails_leaves_postgresql_as_it_was(location: str) -> None:
    casebook = Casebook.open(location, create=True)
    load(casebook, OCTOBER, agreements(), checked("police_crimes", crimes=[crime("SYN/1")]))
    broken = checked("police_nominals", person_records=[person("42SYN/1", family_name="a\x00b")])
    with pytest.raises(Exception, match="NUL"):
        load(casebook, OCTOBER, checked("police_crimes", crimes=[crime("SYN/2")]), broken)
    assert casebook.view(AS_OF_OCTOBER)["crimes"]["crime_ref"].tolist() == ["SYN/1"]
    assert casebook.log.length == 1
    casebook.close()


def test_postgresql_refuses_to_change_what_was_logged(location: str) -> None:
    casebook = Casebook.open(location, create=True)
    casebook.log.append("consult", actor="analyst", at=NOON, details={})
    with pytest.raises(DBAPIError, match="append only"), casebook.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM log")
    casebook.close()


def test_an_empty_schema_is_no_casebook(location: str) -> None:
    with pytest.raises(WorkspaceError, match="not a casebook"):
        Casebook.open(location)
