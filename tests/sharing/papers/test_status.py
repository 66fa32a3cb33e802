"""Custody, licence and bail in words: only what is recorded."""

from datetime import date

import pandas as pd
import pytest

from csp_toolkit.sharing.papers.status import describe_status
from csp_toolkit.tables.view import View, empty_table

AS_OF = date(2026, 11, 26)


def view(stay: dict[str, object] | None = None, order: dict[str, object] | None = None) -> View:
    def one(table: str, row: dict[str, object] | None) -> pd.DataFrame:
        empty = empty_table(table)
        if row is None:
            return empty
        return pd.DataFrame([{"person_id": "P", **row}]).reindex(columns=empty.columns).astype(empty.dtypes.to_dict())

    tables = {"prison_stays": one("prison_stays", stay), "orders": one("orders", order)}
    nothing = pd.DataFrame()
    return View(AS_OF, AS_OF, tables, nothing, nothing, nothing, nothing, nothing, nothing)


@pytest.mark.parametrize(
    ("stay", "words"),
    [
        ({"status": "REMAND", "received_on": "2026-11-10"}, "In custody, on remand; release date not recorded"),
        (
            {"status": "SENTENCED", "received_on": "2025-09-10", "release_due_on": "2026-12-09"},
            "In custody, sentenced; release due 9 Dec 2026",
        ),
        ({"status": "RELEASED_ON_LICENCE", "released_on": "2026-11-01", "licence_ends_on": "2026-11-26"},
         "Licence to 26 Nov 2026"),
        ({"status": "RELEASED_ON_LICENCE", "released_on": "2026-11-01", "licence_ends_on": "2026-11-25"},
         "At liberty, as far as recorded"),
        ({"status": "RECALL", "received_on": "2026-11-01", "released_on": "2026-11-27"},
         "In custody, recalled; release date not recorded"),
    ],
)  # fmt: skip
def test_a_stay_is_put_in_words(stay: dict[str, object], words: str) -> None:
    assert describe_status(view({"source_ref": "SYNA1", **stay})).loc[0, "status_text"] == words


def test_a_stay_that_begins_after_the_day_is_not_known_of() -> None:
    assert describe_status(view({"source_ref": "SYNA1", "status": "REMAND", "received_on": "2026-11-27"})).empty


def test_bail_on_its_last_day_still_stands_and_the_day_after_does_not() -> None:
    order = {"order_ref": "O1", "order_type": "BAIL_CONDITIONS", "made_on": "2026-11-01"}
    found = describe_status(view(order={**order, "expires_on": "2026-11-26"}))
    assert found["status_text"].tolist() == ["Bail to 26 Nov 2026"]
    assert describe_status(view(order={**order, "expires_on": "2026-11-25"})).empty
