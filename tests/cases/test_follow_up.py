"""What came of the actions: settled by log or meeting, late, carried over, and safeguarding counted for itself."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pytest

from csp_toolkit.cases.follow_up import FollowUp, FollowUpPolicy, follow_actions
from csp_toolkit.tables.deciding.decisions import AGREED_COLUMNS, Decision, list_decisions
from csp_toolkit.tables.view import DECISION_COLUMNS

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (date(2026, m, d) for m, d in ((9, 24), (10, 29), (11, 26), (12, 17)))
POLICY = FollowUpPolicy(
    prefix="GIM-", to_chair_after=2, to_group_after=3,
    safeguarding={"S06": "NRM_REFERRAL", "S10": "MOVED_TO_SUPPORT"},
)  # fmt: skip


@dataclass
class View:
    """As much of a view as following up reads."""

    as_of: date
    decisions: pd.DataFrame
    log: pd.DataFrame
    held: list[date] = field(default_factory=list)

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table == "attendance":
            days = pd.to_datetime(pd.Series(self.held, dtype="object")).astype("datetime64[us]")
            return pd.DataFrame({"meeting_on": days}).assign(meeting_type="INTELLIGENCE")
        return self.log


def agree(
    n: int, kind: str = "SUPPORT", due: str = "2026-11-12", on: date = OCTOBER, ref: str | None = None
) -> Decision:
    details = {"action_ref": ref or f"GIM-{on}/{n:02d}", "action_text": "Offer an appointment", "action_type": kind,
               "action_owner": "SYN Worker 2", "agency": "YJS", "due_on": due}  # fmt: skip
    return Decision("action", on, on, "SYN Chair", "Chair", "AGREED", person_ref="42SYN/1", details=details)


def tell(n: int, outcome: str, on: date = NOVEMBER, of: date = OCTOBER, **details: str) -> Decision:
    return Decision("outcome", on, on, "SYN Clerk", "Coordinator", outcome, "In words",
                    details={"action_ref": f"GIM-{of}/{n:02d}", **details})  # fmt: skip


DONE = {"result": "ACHIEVED", "completed_on": "2026-11-10"}


def logged(**cells: object) -> dict[str, object]:
    row: dict[str, object] = {
        "action_ref": "SYN-2026-10-29/07",
        "meeting_on": OCTOBER,
        "action_type": "SUPPORT",
        "intervention_code": "S06",
        "status": "OPEN",
        "n_carried_over": 0,
        "due_on": "2026-11-12",
    }
    return row | cells


def follow(
    *made: Decision, as_of: date = NOVEMBER, log: tuple[dict[str, object], ...] = (), since: date = OCTOBER,
    held: tuple[date, ...] = (SEPTEMBER, OCTOBER, NOVEMBER),
) -> FollowUp:  # fmt: skip
    decisions = list_decisions(made).assign(decision_id="D", recorded_on=pd.NaT, person_id="PER-1")
    frame = pd.DataFrame(list(log), columns=list(AGREED_COLUMNS))
    types = {c: "datetime64[us]" if c.endswith("_on") else "str" for c in AGREED_COLUMNS}
    frame = frame.astype(types | {"n_carried_over": "Int64"})
    view = View(as_of, decisions[list(DECISION_COLUMNS)], frame, list(held))
    return follow_actions(view, POLICY, since=since, held_as="INTELLIGENCE")  # type: ignore[arg-type]


def row(found: FollowUp, ref: str) -> pd.Series:
    return found.table.set_index("action_ref").loc[ref]


def test_an_agreed_action_is_open_until_its_day_and_late_the_day_after() -> None:
    assert row(follow(agree(1, due="2026-11-26")), "GIM-2026-10-29/01")["state"] == "open"
    late = row(follow(agree(1, due="2026-11-25")), "GIM-2026-10-29/01")
    assert (late["state"], late["days_late"]) == ("late", 1)


def test_done_in_time_and_done_late_are_both_done_and_told_apart() -> None:
    found = follow(
        agree(1), agree(2), tell(1, "COMPLETE", **DONE), tell(2, "COMPLETE", **DONE | {"completed_on": "2026-11-13"})
    )
    assert found.table["state"].tolist() == ["done", "done"]
    assert found.table["status"].tolist() == ["COMPLETE", "COMPLETE_LATE"]
    assert found.table["words"].tolist() == ["In words", "In words"]


@pytest.mark.parametrize("outcome", ["NOT_DONE", "CANCELLED", "SUPERSEDED"])
def test_what_was_not_done_is_dropped_not_done(outcome: str) -> None:
    found = follow(agree(1), tell(1, outcome))
    assert found.table["state"].tolist() == ["dropped"]
    assert found.by_kind.set_index("kind").loc["SUPPORT", ["n_agreed", "n_done", "n_dropped"]].tolist() == [1, 0, 1]


def test_a_new_date_is_a_carry_over_and_the_action_is_not_late_before_it() -> None:
    found = row(follow(agree(1), tell(1, "CARRIED_OVER", new_due_on="2026-12-10")), "GIM-2026-10-29/01")
    assert (found["state"], found["n_carried_over"], f"{found['due_on']:%Y-%m-%d}") == ("open", 1, "2026-12-10")


def test_a_meeting_that_finds_it_due_and_says_nothing_carries_it_over() -> None:
    made = agree(1, due="2026-11-12")
    assert row(follow(made), "GIM-2026-10-29/01")["n_carried_over"] == 0  # November's meeting is still to come
    held = (OCTOBER, NOVEMBER, DECEMBER)
    found = follow(made, as_of=DECEMBER, since=NOVEMBER, held=held)
    assert row(found, "GIM-2026-10-29/01")["n_carried_over"] == 1
    not_due = follow(agree(1, due="2026-12-01"), as_of=DECEMBER, since=NOVEMBER, held=held)
    assert row(not_due, "GIM-2026-10-29/01")["n_carried_over"] == 0


def test_two_carry_overs_go_to_the_chair_and_three_to_the_delivery_group() -> None:
    january, february = date(2027, 1, 28), date(2027, 2, 25)
    held = (OCTOBER, NOVEMBER, DECEMBER, january, february)
    made = agree(1, due="2026-11-12")
    for as_of, times, whom in ((DECEMBER, 1, None), (january, 2, "chair"), (february, 3, "delivery group")):
        found = row(follow(made, as_of=as_of, since=NOVEMBER, held=held), "GIM-2026-10-29/01")
        assert found["n_carried_over"] == times
        assert (found["escalate"] if pd.notna(found["escalate"]) else None) == whom


def test_a_settled_action_is_not_escalated_however_often_it_was_carried_over() -> None:
    found = follow(log=(logged(status="COMPLETE", n_carried_over=5, outcome="ACHIEVED"),))
    assert found.escalated.empty
    assert len(follow(log=(logged(n_carried_over=5),)).escalated) == 1


def test_a_safeguarding_outcome_counts_beside_the_result_whatever_the_kind_of_action() -> None:
    found = follow(agree(1, kind="ENFORCEMENT"), tell(1, "COMPLETE", safeguarding="REMOVED_FOR_SAFETY", **DONE))
    assert found.safeguarding.set_index("outcome")["n_actions"].to_dict() == {
        "REFERRAL_MADE": 0, "NRM_REFERRAL": 0, "MOVED_TO_SUPPORT": 0, "REMOVED_FOR_SAFETY": 1,
    }  # fmt: skip
    assert found.by_kind.set_index("kind").loc["ENFORCEMENT", "results"] == "ACHIEVED: 1"


@pytest.mark.parametrize(
    ("status", "outcome", "code", "counted"),
    [("COMPLETE", "ACHIEVED", "S06", "NRM_REFERRAL"), ("COMPLETE_LATE", "PARTLY", "S10", "MOVED_TO_SUPPORT"),
     ("COMPLETE", "REFUSED_BY_PERSON", "S06", None), ("OPEN", None, "S06", None),
     ("COMPLETE", "ACHIEVED", "E02", None)],
)  # fmt: skip
def test_the_logs_codes_stand_for_a_safeguarding_outcome_only_where_something_was_achieved(
    status: str, outcome: str | None, code: str, counted: str | None
) -> None:
    found = follow(log=(logged(status=status, outcome=outcome, intervention_code=code),)).table["safeguarding"]
    assert (found[0] if pd.notna(found[0]) else None) == counted


def test_the_log_has_the_last_word_where_it_is_settled_and_the_meeting_where_it_is_not() -> None:
    ref = "GIM-2026-10-29/01"
    settled = follow(agree(1), tell(1, "NOT_DONE"), log=(logged(action_ref=ref, status="COMPLETE", outcome="PARTLY"),))
    assert (row(settled, ref)["state"], row(settled, ref)["result"]) == ("done", "PARTLY")
    assert row(settled, ref)["person_id"] == "PER-1"  # who it is about only the meeting says
    open_there = follow(agree(1), tell(1, "COMPLETE", **DONE), log=(logged(action_ref=ref, n_carried_over=2),))
    assert row(open_there, ref)[["state", "n_carried_over"]].tolist() == ["done", 2]
    assert len(settled.table) == len(open_there.table) == 1


def test_the_last_meetings_actions_are_its_own_and_the_logs_about_no_case() -> None:
    case_meeting = agree(2, ref="CMM-2026-10-29/01")
    log = (logged(), logged(action_ref="SYN-2026-10-29/08", case_ref="SYN-C0001"),
           logged(action_ref="SYN-2026-10-15/01", meeting_on=date(2026, 10, 15)))  # fmt: skip
    found = follow(agree(1), case_meeting, agree(3, on=SEPTEMBER), log=log)
    assert set(found.last["action_ref"]) == {"GIM-2026-10-29/01", "SYN-2026-10-29/07"}
    assert len(found.table) == 6


def test_every_action_of_the_last_meeting_is_counted_once_by_kind_and_state() -> None:
    made = [agree(n, kind) for n, kind in enumerate(("SUPPORT", "SUPPORT", "DISRUPTION", "ENFORCEMENT", "INFORMATION"))]
    found = follow(*made, tell(0, "COMPLETE", **DONE), tell(2, "CANCELLED"))
    assert found.by_kind["n_agreed"].sum() == len(found.last) == 5
    states = found.by_kind[["n_done", "n_open", "n_late", "n_dropped"]].sum()
    assert states.tolist() == [1, 0, 3, 1]


def test_a_later_meetings_word_stands_over_an_earlier_ones() -> None:
    found = follow(
        agree(1), tell(1, "CARRIED_OVER", new_due_on="2026-12-10"), tell(1, "COMPLETE", on=DECEMBER, **DONE),
        as_of=DECEMBER, since=NOVEMBER, held=(OCTOBER, NOVEMBER, DECEMBER),
    )  # fmt: skip
    assert row(found, "GIM-2026-10-29/01")[["state", "n_carried_over"]].tolist() == ["done", 1]


def test_it_says_in_a_sentence_where_an_action_stands() -> None:
    found = follow(agree(1, due="2026-11-12"), agree(2), tell(2, "COMPLETE", **DONE))
    assert found.explain("GIM-2026-10-29/01") == "GIM-2026-10-29/01: late by 14 days."
    assert "Actions agreed on 2026-10-29, as at 2026-11-26" in found._repr_html_()


def test_without_an_earlier_meeting_nothing_is_its_action() -> None:
    found = follow(agree(1), since=None)  # type: ignore[arg-type]
    assert found.last.empty and found.by_kind["n_agreed"].sum() == 0
