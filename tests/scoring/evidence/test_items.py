"""What becomes an item, for whom, of which weight and date."""

import pandas as pd
import pytest

from csp_toolkit.scoring.evidence.items import collect_items
from csp_toolkit.scoring.points import ITEM_COLUMNS, award_points
from tests.scoring.small_views import (
    AS_OF,
    MATRIX,
    ago,
    crime,
    on_register,
    record,
    report,
    small_view,
    subject,
    suspect,
)


def items(**tables: list[dict]) -> pd.DataFrame:
    tables.setdefault("person_records", [record()])
    decisions, matches, ever = tables.pop("decisions", None), tables.pop("matches", None), tables.pop("ever", None)
    return collect_items(small_view(decisions=decisions, matches=matches, ever=ever, **tables), MATRIX)


def evidence(**tables: list[dict]) -> list[tuple[str, str]]:
    return list(items(**tables)[["criterion", "evidence"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("status", "code", "court", "expected"),
    [
        ("CHARGED", "1", "CONVICTED", ("convicted", "proved")),
        ("CHARGED", "1", "CONVICTED_LESSER", ("convicted_lesser", "proved")),
        ("CHARGED", "1", "AWAITING", ("charged", "alleged")),
        ("CHARGED", "1", None, ("charged", "alleged")),
        ("CHARGED", "1", "ACQUITTED", None),
        ("CHARGED", "1", "DISCONTINUED", None),
        ("NAMED SUSPECT", "2", None, ("caution", "proved")),
        ("NAMED SUSPECT", "3", None, ("caution", "proved")),
        ("NAMED SUSPECT", "8", None, ("resolution", "alleged")),
        ("NAMED SUSPECT", "22", None, ("resolution", "alleged")),
        ("NAMED SUSPECT", "15", None, ("difficulties", "alleged")),
        ("NAMED SUSPECT", "16", None, ("difficulties", "alleged")),
        *(("NAMED SUSPECT", code, None, ("not_pursued", "alleged")) for code in ("9", "10", "17", "21")),
        *(("NAMED SUSPECT", code, None, ("no_suspect", "alleged")) for code in ("11", "12", "13", "14", "18")),
        ("SUSPECT", None, None, ("named", "alleged")),
        ("NAMED SUSPECT", "1", "CONVICTED", ("named", "alleged")),
        ("NAMED SUSPECT", "99", None, None),
    ],
)
def test_each_outcome_is_read_as_the_matrix_says(status, code, court, expected) -> None:
    found = items(crimes=[crime(outcome_code=code, court_result=court)], crime_suspects=[suspect(status=status)])
    assert list(found[["evidence", "basis"]].itertuples(index=False, name=None)) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("ho_code", "flags", "criterion"),
    [
        ("1/1", {}, "V1"), ("2/0", {}, "V1"), ("5D/1", {}, "V2"), ("36/1", {}, "V2"),
        ("8N/1", {}, "V6"), ("8N/1", {"has_knife": "Y"}, "V2"), ("8N/6", {"has_firearm": "Y"}, "V2"),
        ("8N/6", {"has_knife": "N"}, "V6"), ("8N/6", {"has_knife": "U", "is_gang": "Y"}, "V6"),
        ("29/1", {}, "V3"), ("34A/1", {}, "V3"), ("34B/1", {}, "V3"), ("64/1", {}, "V3"), ("3B/1", {}, "V3"),
        ("56A/1", {}, "V3"), ("10A/1", {}, "V4"), ("81/3", {}, "V4"), ("10C/1", {}, "V5"), ("10D/1", {}, "V5"),
        ("105A/1", {}, "V6"), ("66/1", {}, None), ("66/1", {"is_gang": "Y"}, "V6"), ("66/1", {"has_knife": "Y"}, None),
        ("92A/21", {}, "D1"), ("92A/31", {}, "D1"), ("92A/32", {}, "D2"), ("92A/5", {}, "D2"), ("106/2", {}, "D3"),
        ("92E/1", {}, None), ("8L/2", {"is_gang": "Y"}, None), ("39/1", {}, None), ("56B/1", {}, None),
    ],
)  # fmt: skip
def test_each_offence_is_evidence_for_its_criterion_or_for_nothing(ho_code, flags, criterion) -> None:
    found = items(crimes=[crime(ho_code=ho_code, offence="as sent", **flags)], crime_suspects=[suspect()])
    assert found["criterion"].tolist() == ([criterion] if criterion else [])


@pytest.mark.parametrize("ho_code", ["92A/21", "92A/32", "106/2"])
@pytest.mark.parametrize(("status", "code", "counts"), [("NAMED SUSPECT", "16", 0), ("SUSPECT", None, 0),
                                                       ("NAMED SUSPECT", "3", 1), ("CHARGED", "1", 1)])  # fmt: skip
def test_supply_and_exploitation_need_a_charge_conviction_or_caution(ho_code, status, code, counts) -> None:
    found = items(crimes=[crime(ho_code=ho_code, outcome_code=code)], crime_suspects=[suspect(status=status)])
    assert len(found) == counts


def test_an_offence_without_a_code_goes_by_its_title() -> None:
    assert evidence(crimes=[crime(ho_code=None, offence="attempted murder ")], crime_suspects=[suspect()]) == [
        ("V1", "charged")
    ]


def test_a_range_of_dates_counts_from_its_end_but_never_from_the_future() -> None:
    ended = items(crimes=[crime(from_on=ago(50), to_on=ago(10))], crime_suspects=[suspect()])
    going_on = items(crimes=[crime(from_on=ago(50), to_on=ago(-5))], crime_suspects=[suspect()])
    assert ended["event_on"].tolist() == [pd.Timestamp(ago(10))]
    assert going_on["event_on"].tolist() == [pd.Timestamp(AS_OF)]


def test_someone_under_two_references_in_one_crime_counts_once_and_by_the_weightier() -> None:
    both = [suspect(part="SECONDARY"), suspect(person_id="P", person="P2", part="PRINCIPAL")]
    found = items(crimes=[crime()], crime_suspects=both)
    assert found["role"].tolist() == ["principal"]


@pytest.mark.parametrize(
    ("disposal", "offence", "expected"),
    [
        ("CHARGED", "Possession of a controlled drug with intent to supply - Class A", [("D1", "charged")]),
        ("BAILED", "Possession of a controlled drug with intent to supply - Class A", []),
        ("BAILED", "Possession of article with blade or point", [("V5", "bail")]),
        ("RUI", "Possession of article with blade or point", [("V5", "bail")]),
        ("NFA", "Possession of article with blade or point", []),
        ("TO_COURT", "Possession of article with blade or point", []),
        ("CHARGED", "Possession of controlled drugs (cannabis)", []),
        ("CHARGED", "Assault occasioning ABH", [("V6", "charged")]),
        ("CHARGED", "Affray", []),
    ],
)
def test_detention_elsewhere_counts_by_its_disposal(disposal, offence, expected) -> None:
    row = {"custody_ref": "K1", "person_ref": "P", "arrived_at": ago(5) + " 23:59", "force": "Kent",
           "offence": offence, "disposal": disposal}  # fmt: skip
    found = items(custody=[row])
    assert list(found[["criterion", "evidence"]].itertuples(index=False, name=None)) == expected
    assert found["event_on"].tolist() == [pd.Timestamp(ago(5))] * len(expected)


@pytest.mark.parametrize("changed", [{"force": "Essex"}, {"crime_ref": "C9"}, {"force": None}])
def test_detention_at_home_or_with_a_crime_here_is_no_item_of_its_own(changed) -> None:
    row = {"custody_ref": "K1", "person_ref": "P", "arrived_at": ago(5), "force": "Kent",
           "offence": "Attempted murder", "disposal": "CHARGED"}  # fmt: skip
    assert items(custody=[row | changed]).empty


@pytest.mark.parametrize(
    ("theme", "expected"),
    [
        ("FIREARM", ("V7", 80_000)), ("WEAPON", ("V7", 50_000)), ("CONFLICT", ("V7", 30_000)),
        ("SUPPLY", ("D5", 30_000)), ("LINE", ("D5", 30_000)), ("CUCKOO", ("D5", 30_000)),
        ("MEMBERSHIP", ("G4", 50_000)), ("DEBT", None), ("TRAVEL", None), ("CCE", None), ("LIFESTYLE", None),
    ],
)  # fmt: skip
def test_each_theme_is_evidence_for_its_criterion_or_for_nothing(theme, expected) -> None:
    found = items(intel_reports=[report(theme=theme)], intel_subjects=[subject()])
    assert list(found[["criterion", "base"]].itertuples(index=False, name=None)) == ([expected] if expected else [])


@pytest.mark.parametrize("changed", [{"status": "WITHDRAWN"}, {"grade": None, "grade_scheme": "none"}])
def test_a_withdrawn_or_ungraded_report_is_no_item(changed) -> None:
    assert items(intel_reports=[report(**changed)], intel_subjects=[subject()]).empty


def test_only_the_person_named_first_gets_an_item() -> None:
    named = [subject(person="Q", position=1), subject(person="P", position=2)]
    assert items(intel_reports=[report()], intel_subjects=named)["person_id"].tolist() == ["Q"]


def test_a_report_is_dated_by_its_event_else_by_the_day_it_was_submitted() -> None:
    named = [subject("R1"), subject("R2")]
    found = items(intel_reports=[report("R1"), report("R2", event_on=None)], intel_subjects=named)
    assert found["event_on"].tolist() == [pd.Timestamp(ago(21)), pd.Timestamp(ago(20))]


@pytest.mark.parametrize(
    ("grade", "scheme", "by", "read"),
    [("1B", "3x5x2", None, "1C"), ("2B", "3x5x2", "GONE", "2C"), ("1B", "3x5x2", "R1", "1C"),
     ("1B", "3x5x2", "R2", "1B"), ("1B", "3x5x2", "OLD", "1B"), ("1B", "5x5x5", None, "1B"),
     ("2A", "3x5x2", None, "2A")],
)  # fmt: skip
def test_a_b_grade_stands_only_on_a_report_that_was_ever_received(grade, scheme, by, read) -> None:
    sent = [report(grade=grade, grade_scheme=scheme, corroborated_by=by), report("R2")]
    old = report("OLD", status="WITHDRAWN")
    found = items(intel_reports=sent, intel_subjects=[subject()], ever={"intel_reports": [*sent, old]})
    assert found["evidence"].tolist() == [read]


@pytest.mark.parametrize(("span", "n"), [((ago(30), ago(21)), 0), ((ago(21), None), 0), ((None, None), 0),
                                        ((ago(30), ago(22)), 1), ((ago(20), None), 1)])  # fmt: skip
@pytest.mark.parametrize("theme", ["SUPPLY", "LINE", "CUCKOO", "WEAPON"])
def test_the_cuckooed_householder_of_that_time_is_no_supplier(span, n, theme) -> None:
    home = {"link_ref": "L1", "line_ref": "L", "person_ref": "P", "from_on": span[0], "to_on": span[1]}
    found = items(intel_reports=[report(theme=theme)], intel_subjects=[subject()], line_cuckooed=[home])
    assert len(found) == (1 if theme == "WEAPON" else n)


def test_a_recorded_directing_role_adds_to_membership_and_to_nothing_else() -> None:
    member = {"group_ref": "G", "person_ref": "P", "role": "DIRECTS", "from_on": ago(400)}
    sent = dict(intel_reports=[report("R1", theme="MEMBERSHIP"), report("R2")],
                intel_subjects=[subject("R1"), subject("R2")])  # fmt: skip
    now = items(group_members=[member], **sent).set_index("criterion")["base"]
    past = items(group_members=[member | {"to_on": ago(1)}], **sent).set_index("criterion")["base"]
    assert (now["G4"], now["D5"], past["G4"]) == (80_000, 30_000, 50_000)


@pytest.mark.parametrize(
    ("role", "to_on", "last_active", "expected"),
    [("CONTROLLER", ago(9), ago(3), ago(9)), ("HOLDER", None, ago(3), ago(3)), ("HOLDER", None, None, ago(200)),
     ("CONTROLLER", ago(-9), ago(3), AS_OF.isoformat()), ("RUNNER", None, ago(3), None), ("DEALER", None, ago(3), None),
     ("USER", None, ago(3), None)],
)  # fmt: skip
def test_only_who_controls_or_holds_a_line_has_an_item_dated_by_its_end(role, to_on, last_active, expected) -> None:
    link = {"link_ref": "L1", "line_ref": "L", "person_ref": "P", "role": role, "from_on": ago(200), "to_on": to_on,
            "grade": "2C"}  # fmt: skip
    found = items(line_people=[link], lines=[{"line_ref": "L", "last_active_on": last_active}])
    rows = list(found[["criterion", "basis", "role", "event_on"]].itertuples(index=False, name=None))
    assert rows == ([("D5", "intelligence", "directs", pd.Timestamp(expected))] if expected else [])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({}, AS_OF.isoformat()), ({"expires_on": AS_OF.isoformat()}, AS_OF.isoformat()), ({"expires_on": ago(1)}, ago(1)),
     ({"expires_on": None}, AS_OF.isoformat()), ({"status": "EXPIRED", "expires_on": ago(9)}, ago(9)),
     ({"status": "EXPIRED"}, ago(300)), ({"made_on": ago(-1)}, None), ({"order_type": "CPW"}, None),
     ({"order_type": "CBO"}, None), ({"order_type": "CBO", "conditions": "gang"}, None),
     ({"order_type": "CBO", "basis": "gang-related"}, AS_OF.isoformat())],
)  # fmt: skip
def test_a_gang_order_counts_in_force_then_from_its_end(changed, expected) -> None:
    order = {"order_ref": "O1", "order_type": "GANG_INJUNCTION", "person_ref": "P", "made_on": ago(300),
             "expires_on": ago(-300), "status": "IN_FORCE"}  # fmt: skip
    found = items(orders=[order | changed])
    rows = list(found[["criterion", "basis", "event_on"]].itertuples(index=False, name=None))
    assert rows == ([("G1", "proved", pd.Timestamp(expected))] if expected else [])


def together(other: str = "CHARGED", status: str = "ACTIVE", ho_code: str = "34B/1", **more) -> list[str]:
    return items(
        person_records=[record(), record("Q")], reviews=[on_register("Q", status=status, last_review_on=ago(900))],
        crimes=[crime(ho_code=ho_code, outcome_code="1", **more)],
        crime_suspects=[suspect(), suspect(person="Q", status=other)],
    ).query("person_id == 'P'")["criterion"].tolist()  # fmt: skip


def test_co_offending_asks_for_another_active_nominal_charged_in_the_same_crime() -> None:
    assert together() == ["G2", "V3"]  # even one whose review is long overdue
    assert together(other="NAMED SUSPECT") == ["V3"]
    assert together(status="REMOVED") == ["V3"]
    assert together(ho_code="46/0") == []  # theft together is neither violence nor drugs
    assert together(court_result="ACQUITTED") == []


def test_nobody_offends_together_with_themselves() -> None:
    twice = [suspect(), suspect(person="P2", person_id="P")]
    found = items(reviews=[on_register()], crimes=[crime()], crime_suspects=twice)
    assert found["criterion"].tolist() == ["V3"]


def test_a_recorded_removal_ends_being_a_nominal_others_offend_with() -> None:
    removal = {"kind": "removal", "person_id": "Q", "outcome": "REMOVE", "decided_on": ago(3)}
    found = items(
        person_records=[record(), record("Q")], reviews=[on_register("Q")], decisions=[removal],
        crimes=[crime()], crime_suspects=[suspect(), suspect(person="Q")],
    )  # fmt: skip
    assert "G2" not in found["criterion"].tolist()


@pytest.mark.parametrize(("dob", "kept"), [("2008-11-26", ["V3"]), ("2008-11-27", ["D5", "V3", "V5"]),
                                          ("1996-05-05", ["D5", "V3", "V5"])])  # fmt: skip
def test_at_eighteen_only_what_has_an_outcome_carries_over(dob, kept) -> None:
    found = items(
        person_records=[record(dob=dob)], crimes=[crime("C1"), crime("C2", ho_code="10D/1")],
        crime_suspects=[suspect("C1"), suspect("C2", status="SUSPECT")],
        intel_reports=[report()], intel_subjects=[subject()],
    )  # fmt: skip
    assert found["criterion"].tolist() == kept


@pytest.mark.parametrize(("event_on", "n"), [("2026-03-01", 1), ("2026-02-28", 0)])
def test_born_on_29_february_one_is_eighteen_on_1_march(event_on, n) -> None:
    found = items(
        person_records=[record(dob="2008-02-29")], intel_reports=[report(event_on=event_on)], intel_subjects=[subject()]
    )
    assert len(found) == n


def test_items_are_unique_and_have_the_columns_that_points_ask_for() -> None:
    found = items(crimes=[crime()], crime_suspects=[suspect()], intel_reports=[report()], intel_subjects=[subject()])
    assert list(found.columns) == list(ITEM_COLUMNS)
    assert not found.duplicated(["person_id", "criterion", "item_id"]).any()
    assert len(award_points(found, MATRIX, as_of=AS_OF)) == 2


def test_nothing_at_all_gives_no_items_and_no_ledger() -> None:
    found = items()
    assert found.empty
    assert award_points(found, MATRIX, as_of=AS_OF).empty


def test_the_outcome_clock_is_off_and_moves_only_what_is_proved_when_on() -> None:
    tables = dict(
        person_records=[record()], crimes=[crime(outcome_code="1", court_result="CONVICTED", court_on=ago(2)),
                                           crime("C2", outcome_code="1", outcome_on=ago(2))],
        crime_suspects=[suspect(), suspect("C2")],
    )  # fmt: skip
    other = MATRIX.model_copy(update={"clock": "outcome"})
    by_event = collect_items(small_view(**tables), MATRIX)["event_on"].tolist()
    by_outcome = collect_items(small_view(**tables), other)["event_on"].tolist()
    assert by_event == [pd.Timestamp(ago(40))] * 2
    assert by_outcome == [pd.Timestamp(ago(2)), pd.Timestamp(ago(40))]


def test_a_stale_suspicion_weighs_less_only_if_the_matrix_says_so() -> None:
    tables = dict(person_records=[record()], crimes=[crime(from_on=ago(91)), crime("C2", from_on=ago(90))],
                  crime_suspects=[suspect(status="SUSPECT"), suspect("C2", status="SUSPECT")])  # fmt: skip
    stale = MATRIX.stale.model_copy(update={"is_down_weighted": True})
    assert collect_items(small_view(**tables), MATRIX)["evidence"].tolist() == ["named", "named"]
    other = collect_items(small_view(**tables), MATRIX.model_copy(update={"stale": stale}))
    assert other["evidence"].tolist() == ["stale", "named"]
