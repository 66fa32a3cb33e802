"""Gate g3: what shows that a person belongs on the register, and what does not."""

import pytest

from csp_toolkit.scoring.gates import apply_gates
from tests.scoring.small_views import MATRIX, crime, on_register, passing, report, small_view, subject, suspect


def why(relied_on: str | None, **tables) -> str | None:
    """Return the reason g3 gives against P relying on these references, or None if it is content."""
    register = on_register(items_relied_on=relied_on, **tables.pop("register", {}))
    out = apply_gates(small_view(**passing(reviews=[register], **tables)), MATRIX).left_out
    if out.empty:
        return None
    assert out["gate"].tolist() == ["g3"]
    return out["reason"].iloc[0]


def reports(*grades: str, origins: tuple[str, ...] = ("O1", "O2", "O3"), **more) -> dict:
    pairs = enumerate(zip(grades, origins, strict=False), start=1)
    sent = [report(f"R{n}", grade=grade, origin_ref=origin, **more) for n, (grade, origin) in pairs]
    return {"intel_reports": sent, "intel_subjects": [subject(r["report_ref"]) for r in sent]}


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_written_reason_is_asked_for(reason) -> None:
    assert why("C1; R1", register={"inclusion_reason": reason}) == "no written reason for inclusion"


def test_something_must_be_cited() -> None:
    assert why(None) == "no items cited"


def test_two_items_of_two_origins_with_one_charge_or_good_grade_are_enough() -> None:
    assert why("C1; R1") is None
    assert why("R1; R2", **reports("2B", "2C", corroborated_by="R3")) is not None  # R3 was never received
    assert why("R1; R2", **reports("2A", "2C")) is None


def test_one_item_is_too_few_however_often_it_is_cited() -> None:
    assert why("C1; C1; C1") == "1 of 1 cited items can be relied on, 2 are needed"


def test_two_reports_of_one_origin_are_a_single_origin() -> None:
    assert why("R1; R2", **reports("1A", "1A", origins=("O1", "O1"))) == "what is cited comes from a single origin"


def test_a_report_that_repeats_another_is_of_its_origin() -> None:
    sent = [report("R1", origin_ref=None, derived_from="R2"), report("R2", origin_ref=None, derived_from="R1")]
    found = why("R1; R2", intel_reports=sent, intel_subjects=[subject("R1"), subject("R2")])
    assert found == "what is cited comes from a single origin"


@pytest.mark.parametrize("weak", ["2D", "3A", "3B", "3C", "3D", "3E", "1E", "2E"])
def test_unreliable_or_disbelieved_reports_are_not_relied_on(weak) -> None:
    assert why("R1; R2", **reports("1A", weak)) == "1 of 2 cited items can be relied on, 2 are needed"


@pytest.mark.parametrize("weak", ["1C", "2C", "1D"])
def test_weak_reports_count_but_do_not_carry_inclusion_alone(weak) -> None:
    found = why("R1; R2", **reports(weak, weak))
    assert found == "nothing cited is graded 1A to 2B, a charge or conviction, or an order"


def test_a_b_grade_counts_as_read_not_as_sent() -> None:
    assert why("R1; R2", **reports("1B", "2C")) is not None
    assert why("R1; R2", **reports("1B", "2C", corroborated_by="R2")) is None
    assert why("R1; R2", **reports("1B", "2C", grade_scheme="5x5x5")) is None


@pytest.mark.parametrize(("status", "code", "court", "strong"), [
    ("CHARGED", "1", None, True), ("CHARGED", "1", "CONVICTED", True), ("CHARGED", "1", "CONVICTED_LESSER", True),
    ("NAMED SUSPECT", "3", None, True), ("NAMED SUSPECT", "8", None, False), ("SUSPECT", None, None, False),
])  # fmt: skip
def test_a_charge_conviction_or_caution_carries_inclusion_whatever_the_offence(status, code, court, strong) -> None:
    found = why("C1; R1", crimes=[crime(ho_code="46/0", outcome_code=code, court_result=court)],
                crime_suspects=[suspect(status=status)], **reports("2C"))  # fmt: skip
    assert (found is None) is strong


@pytest.mark.parametrize("court", ["ACQUITTED", "DISCONTINUED"])
def test_what_was_acquitted_or_discontinued_shows_nothing(court) -> None:
    found = why("C1; R1", crimes=[crime(outcome_code="1", court_result=court)])
    assert found == "1 of 2 cited items can be relied on, 2 are needed"


def test_withdrawn_ungraded_and_unknown_references_show_nothing() -> None:
    assert why("C1; R1", intel_reports=[report(status="WITHDRAWN")]) is not None
    assert why("C1; R1", intel_reports=[report(grade=None, grade_scheme="none")]) is not None
    assert why("C1; LOST") == "1 of 2 cited items can be relied on, 2 are needed"


def test_a_crime_or_report_about_somebody_else_shows_nothing() -> None:
    assert why("C1; R1", crime_suspects=[suspect(person="Q")]) is not None
    assert why("C1; R1", intel_subjects=[subject(person="Q")]) is not None


def test_a_report_that_names_the_person_second_may_be_relied_on() -> None:
    assert why("C1; R1", intel_subjects=[subject(person="Q"), subject(position=2)]) is None


def test_an_order_carries_inclusion() -> None:
    order = {"order_ref": "ORD1", "order_type": "CPW", "person_ref": "P", "made_on": "2026-02-01", "status": "IN_FORCE"}
    assert why("ORD1; R1", orders=[order], **reports("2C")) is None
