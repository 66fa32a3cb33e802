"""What is open, what is late, and what is not known."""

from datetime import date

import pandas as pd
import pytest

from csp_toolkit.cases.actions import list_outstanding

AS_OF = date(2026, 11, 26)
NO_DECISIONS = pd.DataFrame()


def actions(*rows: tuple[str, str, str | None, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["action_ref", "status", "due_on", "agency"])
    return frame.assign(due_on=pd.to_datetime(frame["due_on"]).astype("datetime64[us]"))


def test_an_action_due_today_is_not_late_and_one_due_yesterday_is() -> None:
    log = actions(("A1", "OPEN", "2026-11-26", "Police"), ("A2", "IN_PROGRESS", "2026-11-25", "Police"))
    late = list_outstanding(log, NO_DECISIONS, as_of=AS_OF).table.set_index("action_ref")["days_late"]
    assert late.to_dict() == {"A2": 1, "A1": 0}


@pytest.mark.parametrize("status", ["COMPLETE", "COMPLETE_LATE", "NOT_DONE", "CANCELLED", "SUPERSEDED"])
def test_a_settled_action_is_not_outstanding_however_old(status: str) -> None:
    assert list_outstanding(actions(("A1", status, "2020-01-01", "Police")), NO_DECISIONS, as_of=AS_OF).table.empty


def test_an_unknown_due_date_is_unknown_not_on_time() -> None:
    found = list_outstanding(actions(("A1", "OPEN", None, "Police")), NO_DECISIONS, as_of=AS_OF)
    assert found.table["days_late"].isna().all()
    assert found.by_agency.loc[0, "n_no_date"] == 1
    assert found.n_late == 0


def test_an_agreed_action_counts_until_the_log_carries_it() -> None:
    agreed = actions(("B1", "OPEN", "2026-11-20", "Housing"))
    assert list_outstanding(actions(), agreed, as_of=AS_OF).n_late == 1
    done = actions(("B1", "COMPLETE", "2026-11-20", "Housing"))
    assert list_outstanding(done, agreed, as_of=AS_OF).table.empty


def test_agencies_add_up_to_the_table() -> None:
    log = actions(
        ("A1", "OPEN", "2026-11-01", "Police"),
        ("A2", "OPEN", "2026-12-01", "Police"),
        ("A3", "OPEN", "2026-11-20", "Housing"),
    )
    found = list_outstanding(log, NO_DECISIONS, as_of=AS_OF)
    assert found.by_agency["n_open"].sum() == len(found.table) == 3
    assert found.by_agency["n_late"].sum() == found.n_late == 2
    assert found.by_agency.set_index("agency")["most_days_late"].to_dict() == {"Police": 25, "Housing": 6}
