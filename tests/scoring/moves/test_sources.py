"""What changed in the records is given its right name: one change at a time, made in a small casebook."""

from dataclasses import replace

import pandas as pd
import pytest

from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.moves.movement import Movement, compare
from csp_toolkit.tables.view import PERSON_KEY_COLUMNS, View
from tests.scoring.small_views import (
    AS_OF,
    MATRIX,
    ago,
    crime,
    on_register,
    passing,
    record,
    report,
    small_view,
    subject,
    suspect,
)

# Between the two meetings nothing of these passes a step of recency, so only what is named changes.
LAST = AS_OF.replace(month=10, day=29)
OLD = {"submitted_on": ago(50), "event_on": ago(50)}


def robbery(**more: object) -> dict:
    return crime(from_on=ago(50), **more)


def supply(**more: object) -> dict:
    return crime("C2", ho_code="92A/21", from_on=ago(50), **more)


def reports(**of_second: object) -> list[dict]:
    """Return what the register relies on, and a second report about a weapon."""
    return [
        report(**OLD),
        report("R3", theme="LIFESTYLE", **OLD),
        report("R2", **{"theme": "WEAPON", **OLD, **of_second}),
    ]


def month(**changed: list[dict]) -> dict[str, list[dict]]:
    steady = {
        "reviews": [on_register(last_review_on=ago(40), items_relied_on="R1; R3")], "crimes": [robbery()],
        "intel_reports": reports(), "intel_subjects": [subject(ref) for ref in ("R1", "R2", "R3")],
    }  # fmt: skip
    return passing(**(steady | changed))


def holder(**more: object) -> dict[str, list[dict]]:
    link = {"link_ref": "K1", "line_ref": "L1", "person_ref": "P", "role": "HOLDER", "grade": "1A"}
    return month(line_people=[{**link, **more}], lines=[{"line_ref": "L1", "last_active_on": ago(50)}])


def compared(last_view: View, view: View) -> Movement:
    return compare(score(view, MATRIX), score(last_view, MATRIX), view=view, last_view=last_view)


def causes(before: dict, now: dict) -> list[str]:
    found = compared(small_view(as_of=LAST, **before), small_view(**now)).causes
    return found.loc[found["person_id"].eq("P"), "cause"].tolist()


TWO = {"crimes": [robbery(), supply()]}
WITH_Q = {"crime_suspects": [suspect(), suspect("C1", "Q")], "person_records": [record("P"), record("Q")]}
CHANGES = {
    "nothing": (month(), month(), ["no change"]),
    "a named suspect is charged": (month(crime_suspects=[suspect(status="NAMED")]), month(), ["outcome"]),
    "a charge becomes a conviction": (month(), month(crimes=[robbery(court_result="CONVICTED")]), ["outcome"]),
    "a charge is discontinued and leaves no item": (
        month(), month(crimes=[robbery(court_result="DISCONTINUED")]), ["outcome"]),
    "a drugs suspect is charged and has an item for the first time": (
        month(**TWO, crime_suspects=[suspect(), suspect("C2", status="NAMED")]),
        month(**TWO, crime_suspects=[suspect(), suspect("C2")]), ["outcome"]),
    "the offence is recorded as another": (month(), month(crimes=[robbery(ho_code="10D/1")]), ["outcome"]),
    "a report is graded lower": (month(), month(intel_reports=reports(grade="2C")), ["regrade"]),
    "a report is on another theme that scores": (month(), month(intel_reports=reports(theme="CUCKOO")), ["regrade"]),
    "a report is on a theme that scores nothing": (month(), month(intel_reports=reports(theme="DEBT")), ["regrade"]),
    "two reports turn out to have one origin": (
        month(), month(intel_reports=reports(origin_ref="O-R1")), ["regrade"]),
    "a report is withdrawn": (month(), month(intel_reports=reports(status="WITHDRAWN")), ["withdrawn"]),
    "a report is no longer sent": (
        month(), month(intel_reports=reports()[:2], intel_subjects=[subject(), subject("R3")]), ["withdrawn"]),
    "a person is no suspect any more": (
        month(**TWO, crime_suspects=[suspect(), suspect("C2")]), month(**TWO), ["withdrawn"]),
    "the other one charged leaves the register": (
        month(**WITH_Q, reviews=[*month()["reviews"], on_register("Q")]),
        month(**WITH_Q, reviews=[*month()["reviews"], on_register("Q", status="REMOVED")]), ["withdrawn"]),
    "the part in a crime is smaller": (month(), month(crime_suspects=[suspect(part="SECONDARY")]), ["role"]),
    "a report names them second": (
        month(), month(intel_subjects=[subject(), subject("R3"), subject("R2", position=2)]), ["role"]),
    "a line's holder is its runner": (holder(), holder(role="RUNNER"), ["role"]),
    "a line link's grade falls": (holder(), holder(grade="2C"), ["regrade"]),
    "a new crime": (
        month(), month(crimes=[robbery(), crime("C2", from_on=ago(9))], crime_suspects=[suspect(), suspect("C2")]),
        ["new items"]),
    "an old crime recorded only now": (
        month(), month(crimes=[robbery(), crime("C2", from_on=ago(90))], crime_suspects=[suspect(), suspect("C2")]),
        ["new items"]),
    "a corrected date": (month(), month(crimes=[crime(from_on=ago(300))]), ["decay"]),
    "a review that was not held": (
        month(), month(reviews=[on_register(next_review_on=ago(3), items_relied_on="R1; R3")]), ["gate"]),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_one_change_of_the_records_is_the_only_cause(what: str) -> None:
    before, now, expected = CHANGES[what]
    assert causes(before, now) == expected


def test_several_changes_are_named_in_the_printed_order() -> None:
    before = month(crime_suspects=[suspect(status="NAMED")])
    now = month(
        crimes=[robbery(), crime("C2", from_on=ago(9))], crime_suspects=[suspect(part="SECONDARY"), suspect("C2")],
        intel_reports=reports(grade="2C"),
    )  # fmt: skip
    assert causes(before, now) == ["outcome", "regrade", "role", "new items"]


def test_turning_18_is_time_and_no_withdrawal() -> None:
    births = {"person_records": [record(dob=ago(18 * 365 + 5 + 10))]}
    child = on_register(last_review_on=ago(15), authoriser="A", safeguarding_ref="S", items_relied_on="R1; R3")
    months = month(reviews=[child], **births), month(reviews=[child], **births)
    months[0]["reviews"][0] = child | {"last_review_on": ago(40)}
    found = compared(small_view(as_of=LAST, **months[0]), small_view(**months[1]))
    assert found.causes["cause"].tolist() == ["decay"]
    assert set(found.items["item_id"]) == {"R1", "R2"}  # what was only reported, dated before the birthday


def test_an_order_that_runs_out_between_the_meetings_ages() -> None:
    injunction = {"order_ref": "G1", "person_ref": "P", "order_type": "GANG_INJUNCTION", "made_on": ago(500),
                  "expires_on": ago(5), "status": "IN_FORCE"}  # fmt: skip
    assert causes(month(orders=[injunction]), month(orders=[injunction])) == ["no change"]
    long_ago = injunction | {"expires_on": ago(100)}
    assert causes(month(orders=[injunction]), month(orders=[long_ago])) == ["decay"]


def keyed(view: View, **people: str) -> View:
    """Return a view in which each reference stands for the person given, in its tables as well as in its keys."""
    keys = pd.DataFrame([("police", ref, who) for ref, who in people.items()],
                        columns=["source_system", "source_ref", "person_id"])  # fmt: skip
    tables = {
        name: frame.assign(person_id=frame["person_id"].map(lambda who: people.get(who, who)).astype("str"))
        if "person_id" in frame else frame
        for name, frame in view.tables.items()
    }  # fmt: skip
    held = view.people.assign(person_id=view.people["person_id"].map(people)).drop_duplicates("person_id")
    return replace(view, tables=tables, people=held, person_keys=keys[list(PERSON_KEY_COLUMNS)].astype("str"))


SHARED = month(
    person_records=[record("P"), record("Q")], crimes=[robbery(), crime("C2", from_on=ago(60))],
    crime_suspects=[suspect(), suspect("C2", "Q")],
)  # fmt: skip
BOTH = SHARED | {
    "reviews": [*SHARED["reviews"], on_register("Q", last_review_on=ago(40), items_relied_on="C2; R4")],
    "intel_reports": [*SHARED["intel_reports"], report("R4", theme="LIFESTYLE", **OLD)],
    "intel_subjects": [*SHARED["intel_subjects"], subject("R4", "Q")],
}


def apart(tables: dict) -> View:
    return keyed(small_view(as_of=LAST, **tables), P="P", Q="Q")


def test_records_that_turn_out_to_be_theirs_are_identity() -> None:
    found = compared(apart(SHARED), keyed(small_view(**SHARED), P="P", Q="P"))
    assert found.causes[["person_id", "cause", "points"]].values.tolist() == [["P", "identity", 96_000]]


def test_of_two_people_who_are_one_the_score_goes_to_the_one_who_stays() -> None:
    found = compared(apart(BOTH), keyed(small_view(**BOTH), P="P", Q="P"))
    assert found.causes[["person_id", "movement", "cause", "points"]].values.tolist() == [
        ["P", "UP", "identity", 96_000], ["Q", "OUT", "identity", -96_000],
    ]  # fmt: skip
    assert found.explain("Q") == "out, was 9.6; the records are another person's now, joined since"


def test_a_person_who_goes_by_another_name_now_is_the_same_person() -> None:
    found = compared(apart(SHARED), keyed(small_view(**SHARED), P="A", Q="A"))
    assert found.causes[["person_id", "cause", "points"]].values.tolist() == [["A", "identity", 96_000]]
    assert found.table["movement"].tolist() == ["UP"]


def test_records_that_turn_out_to_be_somebody_elses_are_identity() -> None:
    joined = keyed(small_view(as_of=LAST, **BOTH), P="P", Q="P")
    found = compared(joined, keyed(small_view(**BOTH), P="P", Q="Q"))
    assert found.causes[["person_id", "movement", "cause", "points"]].values.tolist() == [
        ["P", "DOWN", "identity", -96_000], ["Q", "NEW_IN", "identity", 96_000],
    ]  # fmt: skip
    assert found.explain("Q") == "new in at 9.6; at the last meeting under another person's records"
