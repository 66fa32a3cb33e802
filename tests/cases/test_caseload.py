"""Where each case stands, what is due, and why it is before the meeting."""

from datetime import date
from unittest.mock import patch

import pandas as pd
import pytest

from csp_toolkit.cases.actions import list_outstanding
from csp_toolkit.cases.caseload import Caseload, open_caseload
from csp_toolkit.cases.transitions import list_missing
from tests.cases.small_cases import AS_OF, FOLLOW, POLICY, action, case, case_view, talk
from tests.real_data_home import extracts
from tests.scoring.small_views import record, small_view


def one(caseload: Caseload, ref: str = "C1") -> pd.Series:
    return caseload.table.set_index("case_ref").loc[ref]


def open_(*cases: dict, last: object = None, assessed: pd.DataFrame | None = None, **rows: object) -> Caseload:
    view, found = case_view(*cases, **rows), None if assessed is None else object()  # type: ignore[arg-type]
    with patch("csp_toolkit.cases.caseload.list_assessed", return_value=assessed):
        return open_caseload(view, POLICY, FOLLOW, last_view=last, assessments=found)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("born", "on"),
    [
        ("2008-11-25", None),  # 18 since yesterday
        ("2008-11-26", "2026-11-26"),
        ("2008-11-27", "2026-11-27"),
        ("2009-02-24", "2027-02-24"),  # the ninetieth day
        ("2009-02-25", None),
        ("2009-02-28", None),
    ],
)
def test_an_18th_birthday_is_announced_for_90_days(born: str, on: str | None) -> None:
    due = open_(case(), dob=born).due
    found = due.loc[due["clock"] == "BIRTHDAY", "due_on"].dt.strftime("%Y-%m-%d").tolist()
    assert found == ([] if on is None else [on])
    assert not due.loc[due["clock"] == "BIRTHDAY", "is_late"].any()


def test_someone_born_on_29_february_turns_18_on_1_march() -> None:
    due = open_(case(), dob="2008-02-29", as_of=date(2026, 2, 10)).due
    assert due.loc[due["clock"] == "BIRTHDAY", "due_on"].tolist() == [pd.Timestamp("2026-03-01")]
    assert one(open_(case(), dob="2008-02-29", as_of=date(2026, 2, 28)))["is_child"] == "Y"
    assert one(open_(case(), dob="2008-02-29", as_of=date(2026, 3, 1)))["is_child"] == "N"


def test_a_child_of_whom_only_the_year_is_known_is_a_child_until_the_year_is_out() -> None:
    year = record("C1", "2008-01-01", dob_precision="YEAR")
    assert one(open_(case(), person_records=[year]))["is_child"] == "Y"


def test_an_unknown_age_is_unknown() -> None:
    found = one(open_(case(), dob=None))
    assert pd.isna(found["age_years"]) and pd.isna(found["is_child"])


@pytest.mark.parametrize(
    ("tier", "last", "due"),
    [
        ("T4", "2026-11-12", "2026-11-26"),
        ("T3", "2026-10-29", "2026-11-12"),
        ("T2", "2026-11-12", "2026-12-10"),
        ("T2", "2026-10-29", "2026-11-26"),
        ("T1", "2026-10-01", "2026-12-24"),  # 84 days
        ("T1", "2026-10-02", "2026-12-24"),  # 84 days end on Christmas Day: before it
    ],
)
def test_a_review_is_due_by_its_tier_from_the_last_look(tier: str, last: str, due: str) -> None:
    found = one(open_(case(tier=tier), panel_decisions=[talk(on=last)]))
    assert found["review_due_on"] == pd.Timestamp(due)


def test_the_panels_own_date_holds_until_it_has_looked_again() -> None:
    set_ = case(tier="T2", next_review_on="2026-12-05")  # a Saturday: the working day before
    assert one(open_(set_, panel_decisions=[talk()]))["review_due_on"] == pd.Timestamp("2026-12-04")
    stale = case(tier="T2", next_review_on="2026-11-12")
    assert one(open_(stale, panel_decisions=[talk()]))["review_due_on"] == pd.Timestamp("2026-12-10")


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        ("2026-11-25", "REVIEW"),  # overdue
        ("2026-11-26", "REVIEW"),  # today
        ("2026-12-09", "REVIEW"),  # before the next meeting, so at this one
        ("2026-12-10", None),  # at the next
    ],
)
def test_a_review_is_held_at_the_last_meeting_before_it_is_due(given: str, listed: str | None) -> None:
    found = one(open_(case(next_review_on=given), panel_decisions=[talk(on="2026-10-15")]))
    assert (found["listed_as"] if pd.notna(found["listed_as"]) else None) == listed
    assert bool(found["has_page"]) is (listed is not None)


def test_a_closed_case_has_no_review_and_is_looked_back_at_after_90_days() -> None:
    closed = case(status="CLOSED", closed_on="2026-09-04", next_review_on="2026-09-01")
    found = open_(closed)
    assert found.table.empty
    assert found.due[["clock", "due_on"]].to_numpy().tolist() == [["LOOK_BACK", pd.Timestamp("2026-12-03")]]


def test_every_meeting_sees_a_high_tier_though_nothing_is_due_and_only_the_highest_has_a_page() -> None:
    later = {"next_review_on": "2027-01-20"}
    found = open_(case("C3", tier="T3", **later), case("C4", tier="T4", **later), case("C2", **later),
                  panel_decisions=[talk("C3"), talk("C4"), talk("C2")]).table.set_index("case_ref")  # fmt: skip
    assert found["listed_as"].fillna("no").to_dict() == {"C2": "no", "C3": "CHECK", "C4": "CHECK"}
    assert found["has_page"].to_dict() == {"C2": False, "C3": False, "C4": True}


def test_an_early_case_is_new_and_its_first_assessment_has_ten_working_days() -> None:
    early = case(status="ASSESSMENT", tier=None, opened_on="2026-11-05")
    referral = {"referral_ref": "R1", "received_on": "2026-11-03", "screening": "ACCEPTED", "decided_on": "2026-11-05",
                "case_ref": "C1"}  # fmt: skip
    found = open_(early, referrals=[referral])
    assert one(found)["listed_as"] == "NEW"
    due = found.due.set_index("clock").loc["ASSESSMENT"]
    assert due["due_on"] == pd.Timestamp("2026-11-19")
    assert (due["is_late"], due["n_late"]) == (True, 5)
    done = pd.DataFrame({"case_ref": ["C1"], "assessment_no": [1], "assessed_on": pd.to_datetime(["2026-11-20"]),
                         "status": ["PROVISIONAL"], "v_score": [3.0], "protective": [None]})  # fmt: skip
    assert "ASSESSMENT" not in set(open_(early, referrals=[referral], assessed=done).due["clock"])


def test_a_referral_nobody_decided_runs_a_clock_and_immediate_risk_does_not_wait_for_monday() -> None:
    waits = {"referral_ref": "R1", "received_on": "2026-11-21", "is_immediate": "N"}  # a Saturday
    now = {"referral_ref": "R2", "received_on": "2026-11-21", "is_immediate": "Y"}
    due = open_caseload(small_view(referrals=[waits, now]), POLICY, FOLLOW)
    assert due.table.empty
    found = open_(case(), referrals=[waits, now]).due
    assert found.empty or set(found["clock"]) <= {"REVIEW"}  # referrals that are no case yet stand apart
    assert due.waiting.set_index("case_ref")["due_on"].to_dict() == {
        "R1": pd.Timestamp("2026-11-27"), "R2": pd.Timestamp("2026-11-21"),
    }  # fmt: skip
    assert due.waiting["is_late"].tolist() == [False, True]


def test_a_trigger_the_last_meeting_could_not_know_makes_a_case_urgent_and_an_older_one_does_not() -> None:
    episode = {"missing_ref": "MP1", "person_id": "C1", "last_seen_at": "2026-11-13 08:00",
               "reported_at": "2026-11-13 09:00", "found_at": "2026-11-14 09:00", "found_area": "Newham"}  # fmt: skip
    later = case(next_review_on="2027-01-20")
    before = case_view(later, panel_decisions=[talk()], as_of=date(2026, 11, 12))
    found = open_(later, panel_decisions=[talk()], missing_episodes=[episode], last=before)
    assert one(found)["listed_as"] == "URGENT"
    assert one(found)["why"] == "missing 25 hours, found in Newham, 13 Nov 2026"
    known = case_view(later, panel_decisions=[talk()], missing_episodes=[episode], as_of=date(2026, 11, 14))
    assert pd.isna(one(open_(later, panel_decisions=[talk()], missing_episodes=[episode], last=known))["listed_as"])


def test_the_caseload_adds_up_from_one_meeting_to_the_next() -> None:
    before = case_view(case("C1"), case("C2"), case("C3", status="CLOSED"), as_of=date(2026, 11, 12))
    now = open_(case("C1", tier="T3"), case("C2", status="CLOSED", closure_reason="RISK_REDUCED"),
                case("C3", status="REOPENED"), case("C4"), last=before)  # fmt: skip
    assert now.movement.set_index("case_ref")["movement"].to_dict() == {
        "C1": "UP", "C2": "OUT", "C3": "RETURNED", "C4": "NEW_IN",
    }  # fmt: skip
    assert now.reconciliation == "Opening 2 + new 1 + returned 1 − out 1 = closing 3."
    gone = open_(case("C1"), last=before)
    assert gone.movement.set_index("case_ref").loc["C2", "why"] == "no longer in the case list"


def test_the_order_of_rows_changes_nothing() -> None:
    cases = [case(f"C{n}", tier="T3") for n in range(6)]
    talks = [talk(f"C{n}", on="2026-10-29") for n in range(6)]
    one_way, other = open_(*cases, panel_decisions=talks), open_(*cases[::-1], panel_decisions=talks[::-1])
    pd.testing.assert_frame_equal(one_way.table, other.table)
    pd.testing.assert_frame_equal(one_way.due, other.due)


def test_a_case_says_why_it_is_listed_or_that_it_is_not() -> None:
    found = open_(case(next_review_on="2026-11-20"), case("C2", next_review_on="2027-01-20"), panel_decisions=[
        talk(on="2026-10-15"), talk("C2")])  # fmt: skip
    assert found.explain("C1") == (
        "C1: active, tier T2; listed because review overdue since 20 Nov 2026, four working days."
    )
    assert found.explain("C2") == "C2: active, tier T2; not listed: nothing due, nothing new."
    assert "1 listed" in found._repr_html_()


def test_late_critical_actions_and_actions_with_an_owner_are_counted() -> None:
    late = action("A1", priority="CRITICAL", due_on="2026-11-25")
    found = open_(case(), actions=[late, action("A2", due_on=None), action("A3")])
    assert (found.standings["C1"].n_late_critical, found.standings["C1"].n_actions) == (1, 2)


def test_two_falls_so_many_days_apart_are_counted_back_from_the_newest() -> None:
    tests = pd.DataFrame({
        "case_ref": ["C1"] * 4, "assessment_no": [1, 2, 3, 4], "v_score": [60.0, 50.0, 49.0, 40.0],
        "assessed_on": pd.to_datetime(["2026-08-01", "2026-09-01", "2026-09-10", "2026-10-10"]),
        "status": ["COMPLETE"] * 4, "protective": [None] * 4,
    })  # fmt: skip
    assert open_(case(), assessed=tests).standings["C1"].n_falls_apart == 2
    assert open_(case(), assessed=tests.assign(v_score=[60.0, 50.0, 49.0, 49.0])).standings["C1"].n_falls_apart == 0
    assert open_(case(), assessed=tests.assign(v_score=[49.0, 50.0, 49.0, 40.0])).standings["C1"].n_falls_apart == 1


@pytest.mark.real_data
def test_overdue_actions_of_the_extracts_match_a_hand_count() -> None:
    import openpyxl

    from tests.scoring.real_casebook import real_view

    rows = list(openpyxl.load_workbook(extracts() / "2026-11" / "csp_actions.xlsx")["Actions"].values)
    head = {name: n for n, name in enumerate(rows[3])}
    by_hand = 0
    for row in rows[4:]:
        due = row[head["Due"]]
        if row[head["Status"]] in ("OPEN", "IN_PROGRESS") and due is not None:
            day = due.date() if hasattr(due, "date") else pd.to_datetime(due, dayfirst=True).date()
            by_hand += day < AS_OF
    view = real_view("2026-11")
    assert list_outstanding(view["actions"], pd.DataFrame(), as_of=AS_OF).n_late == by_hand == 12


@pytest.mark.real_data
def test_closing_a_case_of_the_extracts_against_the_rules_is_refused_by_name() -> None:
    from tests.scoring.real_casebook import real_view

    found = open_caseload(real_view("2026-11"), POLICY, FOLLOW)
    said = list_missing(
        found.standings["SYN-C0058"], "CLOSED", {"closure_reason": "RISK_REDUCED"}, on=AS_OF, policy=POLICY
    )
    assert said == [
        "active to closed is no step of a case; from there it goes to: "
        "active, suspended, monitored after a step down, transferred out",
        "the day the referrer was told",
        "the final band",
        "what came of it",
        "a look-back date, 90 days on or later",
        "the day it went into monitoring",
        "an assessment that is not insufficient: it is not assessed",
    ]
    assert len(found.table) == 36
    assert found.table["why"].notna().equals(found.table["listed_as"].notna())
    assert found.table.loc[found.table["tier"].isin(["T3", "T4"]), "listed_as"].notna().all()
