"""Past lists against what was recorded later: a small pool counted by hand, and the real deliveries."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.scoring.review.later_facts import list_facts
from csp_toolkit.scoring.review.past_meetings import PastMeeting, list_past_meetings, look_back, turn_back
from csp_toolkit.scoring.review.policy import read_validity_policy
from csp_toolkit.scoring.review.validity import back_test
from tests.scoring.real_casebook import _loaded, real_view
from tests.scoring.small_pasts import NOW, meetings, pool
from tests.scoring.small_views import MATRIX, on_register, small_view

T = date(2026, 1, 22)
POLICY = read_validity_policy().model_copy(update={"first": 3, "next": 3, "resamples": 200})
SOON, LATE = T + timedelta(days=90), T + timedelta(days=91)
LATER = {0: (SOON, "REPORTED"), 1: (T, "REPORTED"), 4: (LATE, "PROACTIVE"), 5: (T + timedelta(days=1), "PROACTIVE")}


@pytest.fixture(scope="module")
def found():
    return back_test(meetings([T], 8, later=LATER), pool(NOW, 8, LATER), MATRIX, POLICY, seed=1)


def count(found, group: str, days: int, outcome: str = "any") -> tuple[int, int]:
    rows = found.table[found.table["group"].eq(group) & found.table["horizon_days"].eq(days)
                       & found.table["outcome"].eq(outcome)]  # fmt: skip
    return int(rows["n_new"].iloc[0]), int(rows["n_people"].iloc[0])


def test_the_last_day_counts_the_day_of_the_meeting_and_the_day_after_the_last_do_not(found) -> None:
    assert count(found, "first", 90) == (1, 3)  # P00 on day 90; P01's was on the meeting's own day
    assert count(found, "next", 90) == (1, 3)  # P05; P04's came on day 91
    assert count(found, "next", 180) == (2, 3)
    assert count(found, "all ranked", 90) == (2, 8)


def test_what_police_work_brought_to_light_is_left_out_of_what_was_reported(found) -> None:
    assert count(found, "next", 180, "reported") == (0, 3)
    assert count(found, "first", 180, "reported") == (1, 3)


def test_the_baseline_is_whoever_had_most_events_and_owes_nothing_to_the_matrix(found) -> None:
    """P01 has as many as P00 by the meeting's day, and newer; the matrix would not change that."""
    assert count(found, "baseline", 90) == (1, 3)
    other = MATRIX.model_copy(update={"intelligence_cap": 1.0})
    again = back_test(meetings([T], 8, later=LATER), pool(NOW, 8, LATER), other, POLICY, seed=1)
    assert count(again, "baseline", 90) == (1, 3)


def test_days_that_have_not_passed_are_not_yet_known_and_never_nought() -> None:
    day = NOW - timedelta(days=100)
    past = meetings([day], 8)
    found = back_test(past, pool(NOW, 8), MATRIX, POLICY, seed=1)
    open_rows = found.table[found.table["horizon_days"].eq(180)]
    assert set(open_rows["state"]) == {"not yet known"} and open_rows["n_new"].isna().all()
    assert set(found.table.loc[found.table["horizon_days"].eq(90), "state"]) == {"known"}
    assert 180 not in set(found.pooled["horizon_days"])
    assert "not yet known" in found.explain("first", horizon_days=180)
    assert any("180 days: not yet known" in sentence for sentence in found.sentences)


def test_who_is_in_custody_stands_apart_and_who_comes_into_it_is_counted() -> None:
    inside = {"source_ref": "P00", "person_id": "P00", "status": "SENTENCED", "received_on": "2026-01-02"}
    later = {"source_ref": "P01", "person_id": "P01", "status": "REMAND", "received_on": "2026-02-01"}
    past = (PastMeeting(pool(T, 8, LATER, stays=[inside], listed=[0, 1]), is_hindsight=False),)
    found = back_test(past, pool(NOW, 8, LATER, stays=[inside, later]), MATRIX, POLICY, seed=1)
    assert count(found, "in custody", 90) == (1, 1)
    assert count(found, "police list", 90) == (0, 1)  # P01 alone: P00 is listed and inside
    rows = found.table[found.table["group"].eq("first") & found.table["horizon_days"].eq(90)]
    assert rows["n_held"].tolist() == [1, 1]


def test_a_share_of_nought_is_never_called_sure() -> None:
    found = back_test(meetings([T, T + timedelta(days=28)], 8), pool(NOW, 8), MATRIX, POLICY, seed=1)
    row = found.pooled[found.pooled["group"].eq("first")].iloc[0]
    assert (row["share"], row["low"]) == (0, 0)
    assert row["high"] == pytest.approx(1 - 0.025 ** (1 / 3))  # three people, however many meetings


def test_the_ordering_is_one_where_everybody_with_a_new_event_stood_highest_and_a_half_where_it_is_chance() -> None:
    later = {0: (SOON, "REPORTED"), 1: (SOON, "REPORTED")}
    found = back_test(meetings([T], 8, later=later), pool(NOW, 8, later), MATRIX, POLICY, seed=1)
    assert (found.ordering.iloc[0]["share"], found.ordering.iloc[0]["n_pairs"]) == (1.0, 12)
    even = {0: (SOON, "REPORTED"), 7: (SOON, "REPORTED")}
    found = back_test(meetings([T], 8, later=even), pool(NOW, 8, even), MATRIX, POLICY, seed=1)
    assert found.ordering.iloc[0]["share"] == 0.5


def test_no_person_stands_in_any_result_and_the_order_of_rows_changes_nothing(found) -> None:
    for table in (found.table, found.pooled, found.differences, found.ordering):
        assert "person_id" not in table and not table.astype("str").isin([f"P{n:02}" for n in range(8)]).any(axis=None)
    assert "says nothing about any person" in found._repr_html_()
    again = back_test(meetings([T], 8, later=LATER), pool(NOW, 8, LATER), MATRIX, POLICY, seed=1)
    pd.testing.assert_frame_equal(found.pooled, again.pooled)


def test_a_register_of_today_is_turned_back_to_who_was_on_it() -> None:
    rows = [
        on_register("A", included_on="2025-12-01"), on_register("B", included_on="2026-03-01"),
        on_register("C", included_on="2025-12-01", status="REMOVED", removed_on="2026-05-01", removal_reason="x"),
        on_register("D", included_on="2025-12-01", status="REMOVED", removed_on="2026-01-01"),
    ]  # fmt: skip
    back = turn_back(small_view(as_of=T, reviews=rows))["reviews"].set_index("person_ref")
    assert back["status"].to_dict() == {"A": "ACTIVE", "C": "ACTIVE", "D": "REMOVED"}
    assert back.loc["C", ["removed_on", "removal_reason"]].isna().all()


def test_the_last_recorded_meeting_of_each_month_is_looked_back_on_else_the_usual_day() -> None:
    held = [{"meeting_type": "INTELLIGENCE", "meeting_on": day, "meeting_ref": day} for day in
            ("2026-10-08", "2026-10-29", "2026-08-27", "2026-11-26")]  # fmt: skip
    held.append({"meeting_type": "CASE", "meeting_on": "2026-09-20", "meeting_ref": "x"})
    view = small_view(as_of=NOW, attendance=held)
    assert list_past_meetings(view, 3) == [date(2026, 8, 27), date(2026, 9, 26), date(2026, 10, 29)]


def test_without_a_past_meeting_there_is_nothing_to_test() -> None:
    with pytest.raises(TableError, match="No past meeting"):
        back_test((), pool(NOW, 3), MATRIX, POLICY, seed=1)


def test_facts_count_a_named_suspect_of_supply_and_never_a_report_or_an_acquittal() -> None:
    view = pool(T, 1)
    facts = list_facts(view, MATRIX, ("violence", "drugs"))
    assert set(facts["criterion"]) == {"V3", "V5"}  # the robbery and the weapon; the 1A report on supply is none
    assert list_facts(view, MATRIX, ("drugs",)).empty


@pytest.mark.real_data
def test_the_real_deliveries_give_one_meeting_as_known_then_and_shares_counted_again_from_plain_rows() -> None:
    view = real_view("2026-11")
    policy = read_validity_policy().model_copy(update={"resamples": 200, "horizons_days": (90,)})
    past = look_back(_loaded(), view, months=4)
    assert [meeting.is_hindsight for meeting in past] == [True, True, True, False]
    found = back_test(past, view, MATRIX, policy, seed=1)
    meeting = past[0]  # 23 July: its ninety days have passed
    from csp_toolkit.scoring.assessment import reckon

    first = reckon(meeting.view, MATRIX).list_ranked()[:10]
    crimes = view["crimes"].set_index("crime_ref")
    new = set()
    for row in view["crime_suspects"].dropna(subset=["person_id"]).itertuples():
        if row.person_id not in first or row.crime_ref not in crimes.index:
            continue
        one = crimes.loc[row.crime_ref]
        day = max(d for d in (one["from_on"], one["to_on"]) if pd.notna(d))
        is_ours = {o.ho_code: (o.criterion, o.if_flagged, o.otherwise) for o in MATRIX.offences}.get(one["ho_code"])
        if is_ours is None:
            continue
        flags = {"knife": one["has_knife"], "firearm": one["has_firearm"], "gang": one["is_gang"]}
        criterion = is_ours[0] if not is_ours[1] or any(flags[f] == "Y" for f in is_ours[1]) else is_ours[2]
        cleared = one["court_result"] in ("ACQUITTED", "DISCONTINUED") if row.status == "CHARGED" else (
            one["outcome_code"] in ("11", "12", "13", "14", "18"))  # fmt: skip
        if criterion and not cleared and 0 < (day - pd.Timestamp(meeting.on)).days <= 90:
            new.add(row.person_id)
    rows = found.table[found.table["meeting_on"].eq(pd.Timestamp(meeting.on)) & found.table["group"].eq("first")]
    assert rows.loc[rows["outcome"].eq("any"), "n_new"].tolist() == [len(new)]
    assert len(new) > 0 and np.isfinite(found.pooled["share"]).all()
