"""The list as time alone would leave it: the same records on a later day, and nothing that is not in them."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from csp_toolkit.scoring.assessment import reckon, reckon_each, score
from csp_toolkit.scoring.moves.sunset import ADULT, BAND, ENTERS, FALLS, OUT, RELEASE, REVIEW, Outlook, look_ahead
from tests.scoring.real_casebook import MEETINGS, real_view
from tests.scoring.small_views import (
    AS_OF,
    MATRIX,
    ago,
    agreement,
    crime,
    on_register,
    passing,
    record,
    report,
    small_view,
    subject,
    suspect,
)  # fmt: skip

ONE_SEAT = MATRIX.model_copy(update={"movement": MATRIX.movement.model_copy(update={"top": 1})})


def ahead(matrix=MATRIX, months=(1, 2, 3), **tables: list[dict]) -> Outlook:
    view = small_view(**passing(**tables))
    return look_ahead(view, score(view, matrix), months=months)


def events(found: Outlook, person: str = "P") -> list[tuple[str, str]]:
    own = found.events[found.events["person_id"].eq(person)]
    return list(zip(own["kind"], own["on"].dt.strftime("%Y-%m-%d"), strict=True))


def test_months_are_of_the_calendar_and_end_where_the_month_does() -> None:
    view = small_view(as_of=date(2026, 11, 30), **passing(reviews=[on_register(next_review_on="2027-05-01")]))
    assert look_ahead(view, score(view, MATRIX), months=(1, 2, 3)).days == (
        date(2026, 12, 30), date(2027, 1, 30), date(2027, 2, 28),
    )  # fmt: skip


def test_a_review_falls_due_on_its_day_or_on_the_last_its_limit_allows() -> None:
    assert (REVIEW, ago(-30)) in events(ahead(reviews=[on_register(next_review_on=ago(-30))]))
    late = [on_register(next_review_on=ago(-300), last_review_on=ago(50))]
    assert (REVIEW, ago(-(MATRIX.gates.review_days - 50))) in events(ahead(reviews=late))


def test_who_fades_falls_below_another_who_does_not() -> None:
    both = {
        "person_records": [record("P"), record("Q")],
        "reviews": [on_register("P"), on_register("Q", items_relied_on="C2; R2")],
        "crimes": [crime("C1", from_on=ago(170)), crime("C2", from_on=ago(92))],
        "crime_suspects": [suspect("C1", "P", part="DIRECTS"), suspect("C2", "Q")],
        "intel_reports": [report("R1", theme="LIFESTYLE"), report("R2", theme="LIFESTYLE")],
        "intel_subjects": [subject("R1", "P"), subject("R2", "Q")],
    }  # fmt: skip
    found = ahead(ONE_SEAT, **both)
    day = (pd.Timestamp(AS_OF) + pd.DateOffset(months=1)).strftime("%Y-%m-%d")
    kinds = [event for event in events(found) if event[0] != REVIEW]
    assert kinds[0] == (FALLS, day)
    assert (ENTERS, day) in events(found, "Q")
    assert "falls below the cut by 26 Dec 2026: 2nd, from 1st" in found.explain("P")
    assert found.sentences[0] == (
        "If nothing new comes, from 26 Nov 2026 to 26 Dec 2026 one person falls below the cut, one comes within it and "
        "two reviews fall due."
    )
    assert "Candidates" not in found._repr_html_() and "nothing new comes" in found._repr_html_()


def test_whose_last_item_leaves_its_window_is_out_by_g6() -> None:
    old = {"crimes": [crime(from_on=ago(700))], "intel_reports": [report(theme="LIFESTYLE")]}
    found = ahead(**old)
    assert [kind for kind, _ in events(found) if kind != REVIEW] == [OUT]
    assert found.table["gate"].dropna().tolist() == ["g6", "g6"]
    assert "left out by 26 Jan 2027 (g6: removal candidate" in found.explain("P")


def test_a_band_that_fades_is_said() -> None:
    rich = {"crimes": [crime(from_on=ago(85), ho_code="1/1", court_result="CONVICTED")]}
    found = ahead(**rich)
    assert (BAND, "2026-12-26") in events(found) or found.table["band"].nunique() == 1


def test_release_and_eighteenth_birthday_have_their_days() -> None:
    stay = {
        "source_ref": "P",
        "person_ref": "P",
        "status": "SENTENCED",
        "received_on": ago(100),
        "release_due_on": ago(-40),
    }
    found = ahead(prison_stays=[stay])
    assert (RELEASE, ago(-40)) in events(found)
    child = {
        "person_records": [record(dob=(AS_OF + timedelta(days=20)).replace(year=AS_OF.year - 18).isoformat())],
        "reviews": [on_register(authoriser="A", safeguarding_ref="S")],
    }
    assert (ADULT, ago(-20)) in events(ahead(**child))
    assert all(day > ago(0) for _, day in events(ahead(**child)))


def test_what_it_says_of_a_day_is_what_the_scorer_says_on_it_with_the_reviews_held() -> None:
    until = {"expires_on": "2028-01-01", "dpia_expires_on": "2028-01-01"}
    tables = passing(crimes=[crime(from_on=ago(85)), crime("C2", from_on=ago(350))],
                     crime_suspects=[suspect(), suspect("C2", status="NAMED")],
                     agreements=[agreement(**until)])  # fmt: skip
    view = small_view(**tables)
    found = look_ahead(view, score(view, MATRIX), months=(1, 2, 3))
    for day in found.days:
        held = tables | {"reviews": [on_register(last_review_on=day.isoformat(), next_review_on=day.isoformat())]}
        later = score(small_view(as_of=day, **held), MATRIX).table
        own = found.table[found.table["on"].eq(pd.Timestamp(day))]
        assert own["score"].tolist() == later["score"].tolist() and later["score"].gt(0).all()
        assert own["band"].tolist() == later["band"].tolist()


def test_no_month_ahead_is_no_outlook() -> None:
    found = ahead(months=())
    assert found.sentences == [] and found.events.empty


@pytest.mark.real_data
def test_of_the_real_delivery_several_days_at_once_are_each_day_by_itself() -> None:
    view = real_view("2026-11")
    views = [replace(view, as_of=day) for day in (AS_OF, AS_OF + timedelta(days=61))]
    for together, alone in zip(reckon_each(views, MATRIX), (reckon(each, MATRIX) for each in views), strict=True):
        for name in ("table", "ledger", "left_out", "flags"):
            assert_frame_equal(getattr(together, name), getattr(alone, name))


@pytest.mark.real_data
def test_of_the_real_delivery_who_holds_a_seat_and_loses_it_is_said_and_seats_stay_full() -> None:
    view = real_view("2026-11")
    scores = score(view, MATRIX)
    found = look_ahead(view, scores, months=(1, 2, 3))
    seated = scores.table["block"].eq("ranked") & scores.table["rank"].le(10)
    was = set(scores.table.loc[seated, "person_id"])
    for day in found.days:
        own = found.table[found.table["on"].eq(pd.Timestamp(day))]
        now = set(own.loc[own["block"].eq("ranked") & own["rank"].le(10), "person_id"])
        gone = found.events[found.events["kind"].isin([FALLS, OUT]) & found.events["on"].le(pd.Timestamp(day))]
        assert was - now <= set(gone["person_id"])
        assert len(now) >= 9
    assert {REVIEW, RELEASE, ADULT} <= set(found.events["kind"])
    assert MEETINGS["2026-11"] == found.as_of
