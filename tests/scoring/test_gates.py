"""Each gate at its limit, the day before and the day after; the first that fails is the reason."""

import pandas as pd
import pytest

from csp_toolkit.scoring.gates import Gated, apply_gates
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


def gated(**changed) -> Gated:
    return apply_gates(small_view(**passing(**changed)), MATRIX)


def verdict(**changed) -> tuple[str, str] | None:
    """Return gate and reason for P, or None if P passes."""
    out = gated(**changed).left_out
    return None if out.empty else (out["gate"].iloc[0], out["reason"].iloc[0])


def register(**changed) -> dict[str, list[dict]]:
    return {"reviews": [on_register(**changed)]}


CHILD = {"authoriser": "Inspector 1", "safeguarding_ref": "SG1", "last_review_on": ago(28)}


def test_a_person_who_meets_every_rule_is_left_out_by_none() -> None:
    assert verdict() is None
    assert gated().eligible["person_id"].tolist() == ["P"]


def test_only_the_register_is_in_the_pool() -> None:
    more = gated(person_records=[record(), record("Q")], crime_suspects=[suspect(), suspect(person="Q")])
    assert set(more.eligible["person_id"]) | set(more.left_out["person_id"]) == {"P"}


@pytest.mark.parametrize(("died", "left"), [(AS_OF.isoformat(), True), (ago(-1), False), (None, True)])
def test_g10_leaves_out_who_has_died_by_the_day(died, left) -> None:
    found = verdict(person_records=[record(is_deceased="Y", deceased_on=died)])
    assert (found == ("g10", "recorded as deceased")) is left


def test_g10_leaves_out_a_record_that_was_merged_unless_the_survivor_is_on_the_register() -> None:
    records = [record(merged_into="P2"), record("P2", person_id="P")]
    assert verdict(person_records=records)[0] == "g10"
    both = [on_register(), on_register("P2", person_id="P")]
    assert verdict(person_records=records, reviews=both) is None


def test_a_removal_comes_before_everything_but_death_and_says_its_date() -> None:
    removed = {"status": "REMOVED", "removed_on": "2026-07-03", "review_owner": None, "next_review_on": None}
    assert verdict(**register(**removed)) == ("g4", "removed on review on 3 July 2026")


@pytest.mark.parametrize(("decided_on", "gate"), [(AS_OF.isoformat(), "g4"), ("2026-01-05", "g4")])
def test_a_recorded_removal_counts_at_once_whatever_the_register_says(decided_on, gate) -> None:
    made = {"kind": "removal", "person_id": "P", "outcome": "REMOVE", "decided_on": decided_on}
    assert verdict(decisions=[made])[0] == gate


@pytest.mark.parametrize(("removed", "included", "gate"), [(41, 39, None), (40, 39, "g3"), (38, 39, "g4")])
def test_someone_removed_comes_back_only_anew_and_with_something_dated_since(removed, included, gate) -> None:
    made = {"kind": "removal", "person_id": "P", "outcome": "REMOVE", "decided_on": ago(removed)}
    again = on_register(included_on=ago(included), items_relied_on="C1; C2")
    found = verdict(decisions=[made], reviews=[again], crimes=[crime(from_on=ago(50)), crime("C2", from_on=ago(40))],
                    crime_suspects=[suspect(), suspect("C2")])  # fmt: skip
    assert (found[0] if found else None) == gate


def test_g1_asks_for_a_record_and_a_birth_known_or_stated_as_unknown() -> None:
    assert verdict(person_records=[])[0] == "g1"
    assert verdict(person_records=[record(dob=None, dob_precision=None)])[0] == "g1"
    unknown = verdict(person_records=[record(dob=None, dob_precision="UNK")])
    assert unknown[0] == "g5"
    assert "age not known" in unknown[1]


@pytest.mark.parametrize(("categories", "passes"), [("Suspect; Victim", True), ("CONVICTED", True), ("Victim", False),
                                                   ("Witness", False), ("Non-suspect", False)])  # fmt: skip
def test_g2_asks_for_suspect_or_convicted(categories, passes) -> None:
    found = verdict(**register(categories=categories))
    assert (found is None) is passes
    assert passes or found[0] == "g2"


def test_g2_asks_for_a_date() -> None:
    assert verdict(**register(included_on=None))[0] == "g2"


@pytest.mark.parametrize(
    ("dob", "changed", "gate"),
    [
        ("2008-11-26", {}, None),  # 18 today
        ("2008-11-27", {}, "g5"),  # 18 tomorrow
        ("2008-11-27", CHILD, None),
        ("2008-11-27", CHILD | {"authoriser": None}, "g5"),
        ("2008-11-27", CHILD | {"safeguarding_ref": None}, "g5"),
        ("2012-11-26", CHILD, None),  # 14 today
        ("2012-11-27", CHILD, "g5"),  # 14 tomorrow
        ("2016-11-27", CHILD, "g5"),  # 10 tomorrow
    ],
)
def test_g5_at_the_birthdays(dob, changed, gate) -> None:
    found = verdict(person_records=[record(dob=dob)], **register(**changed))
    assert (found[0] if found else None) == gate


@pytest.mark.parametrize(("as_of", "gate"), [("2026-02-28", "g5"), ("2026-03-01", None)])
def test_g5_for_someone_born_on_29_february(as_of, gate) -> None:
    day = pd.Timestamp(as_of).date()
    rows = register(last_review_on=as_of, next_review_on=as_of)
    tables = passing(person_records=[record(dob="2008-02-29")], **rows)
    out = apply_gates(small_view(as_of=day, **tables), MATRIX).left_out
    assert (out["gate"].iloc[0] if len(out) else None) == gate


def test_g5_takes_the_youngest_age_where_only_the_year_is_known() -> None:
    assert verdict(person_records=[record(dob="2008-01-01", dob_precision="YEAR")])[0] == "g5"
    assert verdict(person_records=[record(dob="2007-01-01", dob_precision="YEAR")]) is None


@pytest.mark.parametrize(("nrm", "left"), [("REFERRED", True), ("RG_POSITIVE", True), ("RG_NEGATIVE", False),
                                          (None, False)])  # fmt: skip
@pytest.mark.parametrize("who", ["own", "alike"])
def test_g7_sees_a_referral_that_stands_on_a_case(nrm, left, who) -> None:
    case = {"case_ref": "C1", "status": "CLOSED", "nrm": nrm, "person_id": "P" if who == "own" else "X"}
    matches = [{"match_id": "M", "person_id": p} for p in ("P", "X") if who == "alike"]
    found = verdict(cases=[case], matches=matches)
    assert found[0] == "g7" if left else found is None


@pytest.mark.parametrize(("nrm", "left"), [("REFERRED", True), ("RG_POSITIVE", True), ("CG_POSITIVE", True),
                                          ("RG_NEGATIVE", False), ("CG_NEGATIVE", False), ("NONE", False)])  # fmt: skip
@pytest.mark.parametrize("who", ["own", "possible match", "stranger"])
def test_g7_sees_the_referral_on_the_own_record_and_on_one_that_may_be_the_same(nrm, left, who) -> None:
    child = {"source_ref": "M1", "nrm": nrm, "person_id": "P" if who == "own" else "X"}
    matches = [{"match_id": "M", "person_id": p} for p in ("P", "X") if who == "possible match"]
    found = verdict(child_records=[child], matches=matches)
    assert (found is not None and found[0] == "g7") is (left and who != "stranger")


def test_g7_does_not_see_through_two_matches() -> None:
    child = {"source_ref": "M1", "nrm": "REFERRED", "person_id": "Y"}
    matches = [{"match_id": m, "person_id": p} for m, p in (("A", "P"), ("A", "X"), ("B", "X"), ("B", "Y"))]
    assert verdict(child_records=[child], matches=matches) is None


@pytest.mark.parametrize(("markers", "left"), [("NRM", True), ("GANG; NRM", True), ("GANG", False), ("NRMX", False)])
def test_g7_sees_the_police_marker(markers, left) -> None:
    found = verdict(person_records=[record(markers=markers)])
    assert (found is not None and found[0] == "g7") is left


@pytest.mark.parametrize(
    ("made", "gate"),
    [
        ([("SCORE", 5, "Chair", None)], None),
        ([("SCORE", 5, "Analyst", None)], "g7"),
        ([("DO_NOT_SCORE", 5, "Chair", None)], "g7"),
        ([("DO_NOT_SCORE", 5, "Chair", None), ("SCORE", 1, "Chair", None)], None),
        ([("SCORE", 5, "Chair", None), ("DO_NOT_SCORE", 1, "Chair", None)], "g7"),
        ([("SCORE", 5, "Chair", AS_OF.isoformat())], None),
        ([("SCORE", 5, "Chair", ago(1))], "g7"),
    ],
)
def test_g7_is_opened_by_a_decision_of_the_chair_that_still_stands(made, gate) -> None:
    decisions = [
        {"kind": "exploitation", "person_id": "P", "outcome": outcome, "decided_on": ago(days), "role": role,
         "valid_until": until} for outcome, days, role, until in made
    ]  # fmt: skip
    found = verdict(person_records=[record(markers="NRM")], decisions=decisions)
    assert (found[0] if found else None) == gate


def test_g7_keeps_out_whom_the_chair_decided_not_to_score_even_without_a_referral() -> None:
    made = {"kind": "exploitation", "person_id": "P", "outcome": "DO_NOT_SCORE", "decided_on": ago(5), "role": "chair"}
    assert verdict(decisions=[made])[0] == "g7"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"last_review_on": ago(92)}, None),
        ({"last_review_on": ago(93)}, "last review 93 days ago, 92 allowed"),
        ({"last_review_on": None}, "no review recorded"),
        ({"next_review_on": AS_OF.isoformat()}, None),
        ({"next_review_on": ago(1)}, "review was due on 25 November 2026"),
        ({"next_review_on": None}, "no next review set"),
        ({"review_owner": None}, "no owner"),
    ],
)
def test_g4_at_the_review_dates(changed, reason) -> None:
    assert verdict(**register(**changed)) == (None if reason is None else ("g4", reason))


@pytest.mark.parametrize(("days", "gate"), [(28, None), (29, "g4")])
def test_g4_reviews_a_child_within_28_days(days, gate) -> None:
    changed = CHILD | {"last_review_on": ago(days)}
    found = verdict(person_records=[record(dob="2010-01-01")], **register(**changed))
    assert (found[0] if found else None) == gate


def test_g4_is_opened_by_a_recorded_review_and_only_until_the_day_it_names() -> None:
    def kept(until: str) -> dict:
        return {"kind": "review", "person_id": "P", "outcome": "KEEP", "decided_on": ago(2), "valid_until": until}

    overdue = register(last_review_on=ago(200), next_review_on=ago(100))
    assert verdict(decisions=[kept(AS_OF.isoformat())], **overdue) is None
    assert verdict(decisions=[kept(ago(1))], **overdue)[0] == "g4"


def test_the_first_gate_in_order_is_the_reason_and_the_others_stand_in_its_text() -> None:
    gate, reason = verdict(person_records=[record(dob="2014-01-01", markers="NRM")], **register(inclusion_reason=None))
    assert gate == "g5"
    assert [part in reason for part in ("under 14", "g7:", "g3:", "g4:")] == [True, True, True, False]


@pytest.mark.parametrize("gate", ["g7", "g3"])
def test_a_victim_only_person_is_left_out_by_category_first(gate) -> None:
    found = verdict(person_records=[record(markers="NRM")], **register(categories="Victim", inclusion_reason=""))
    assert found[0] == "g2"
    assert f"{gate}:" in found[1]


def test_what_was_read_otherwise_than_sent_is_flagged_and_changes_nothing() -> None:
    found = gated(
        intel_reports=[report(), report("R2", grade="1B")], intel_subjects=[subject(), subject("R2")],
        reviews=[on_register(items_relied_on="C1; R1; LOST")], crimes=[crime(), crime("C2", from_on=ago(91))],
        crime_suspects=[suspect(), suspect("C2", status="SUSPECT")],
        matches=[{"match_id": "M", "person_id": "P"}, {"match_id": "M", "person_id": "X"}],
    )  # fmt: skip
    assert list(found.flags[["flag", "ref"]].itertuples(index=False, name=None)) == [
        ("cited item not found", "LOST"), ("grade read lower", "R2"), ("outcome not refreshed", "C2"),
        ("possible match", "M"),
    ]  # fmt: skip
    assert found.left_out.empty
