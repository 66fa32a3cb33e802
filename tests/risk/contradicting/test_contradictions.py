"""Answers against records and against each other: each check at its edges, each contradiction once, none invented."""

from datetime import date

import pandas as pd
import pytest

from csp_toolkit.risk.answers import collect_answers
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.contradicting.contradictions import CONTRADICTION_COLUMNS, Contradictions, find_contradictions
from csp_toolkit.tables.view import View
from tests.risk.small_answers import AS_OF, RAT
from tests.risk.small_harm import harm_view

CHILD, ADULT = "2011-05-01", "1990-05-01"


def answer(indicator: str, value: str, **more: object) -> dict:
    return {"case_ref": "C1", "assessment_no": 1, "assessed_on": "2026-11-02", "indicator": indicator, "answer": value,
            "source_agency": "POL", "note": "seen", "person_id": "P"} | more  # fmt: skip


def view_of(*answers: dict, born: str = CHILD, status: str = "ACTIVE", **rows: list[dict]) -> View:
    records = rows.pop("person_records", [])
    own = {"source_ref": "C1", "person_id": "P", "dob": born, "dob_precision": "EXACT"}
    return harm_view(
        assessment_answers=list(answers), cases=[{"case_ref": "C1", "status": status, "person_id": "P"}],
        person_records=[own, *records], **rows,
    )  # fmt: skip


def check(view: View, *, ties: pd.DataFrame | None = None, only: str = "") -> tuple[Assessments, Contradictions]:
    keys = view["person_records"][["person_id", "source_ref"]]
    system = keys["source_ref"].map(lambda ref: {"C": "partnership", "U": "police", "M": "children"}.get(ref[0], "x"))
    object.__setattr__(view, "person_keys", keys.assign(source_system=system))
    assessments = assess(collect_answers(view, RAT), as_of=AS_OF)
    return assessments, find_contradictions(view, assessments, ties=ties, codes=only.split() or None)


def codes(only: str, view: View, **options: pd.DataFrame) -> list[str]:
    return check(view, only=only, **options)[1].table["code"].tolist()


@pytest.mark.parametrize(
    ("reported", "found"),
    [("2026-11-02 23:30", True), ("2026-05-03", True), ("2026-05-02", False), ("2026-11-03", False)],
)
def test_x01_an_episode_to_the_last_day_of_the_window(reported: str, found: bool) -> None:
    episode = {"missing_ref": "M1", "person_id": "P", "reported_at": reported}
    assert codes("X01", view_of(answer("V1.1", "0"), missing_episodes=[episode])) == ["X01"] * found
    assert codes("X01", view_of(answer("V1.1", "1"), missing_episodes=[episode])) == []
    assert codes("X01", view_of(answer("V1.1", "UNKNOWN"), missing_episodes=[episode])) == [], "unknown is not nought"


def test_x01_counts_episodes_and_lists_the_contradiction_once() -> None:
    episodes = [{"missing_ref": f"M{n}", "person_id": "P", "reported_at": f"2026-10-0{n}"} for n in (1, 2, 3)]
    _, found = check(view_of(answer("V1.1", "0"), missing_episodes=episodes))
    assert found.table[["code", "n_items"]].values.tolist() == [["X01", 3]] and len(found.items) == 3
    assert (
        found.table["sentence"][0] == "V1.1 is answered 0; missing 3 times in the 183 days before, last on 3 Oct 2026."
    )


def term(name: str, attended: int, **more: object) -> dict:
    return {"source_ref": "S1", "person_id": "P", "term": name, "n_possible": 100, "n_attended": attended, **more}


@pytest.mark.parametrize(("terms", "found"), [
    ([term("2026/27 Autumn 1", 89)], True), ([term("2026/27 Autumn 1", 90)], False),
    ([term("2026/27 Autumn 1", 95), term("2025/26 Summer", 40)], False),
    ([term("2025/26 Summer", 40)], True), ([term("2025/26 Spring", 40)], False),
    ([term("2026/27 Autumn 2", 40)], False), ([term("Michaelmas", 40)], False),
])  # fmt: skip
def test_x02_goes_by_the_latest_term_that_had_ended(terms: list[dict], found: bool) -> None:
    assert codes("X02", view_of(answer("V2.1", "0"), attendance_terms=terms)) == ["X02"] * found


def armed(on: str, *, court: str | None = None, knife: str = "Y") -> dict[str, list[dict]]:
    crime = {
        "crime_ref": "K1",
        "from_on": on,
        "has_knife": knife,
        "has_firearm": "N",
        "offence": "Robbery",
        "court_result": court,
    }
    return {"crimes": [crime], "crime_suspects": [{"crime_ref": "K1", "person_id": "P", "status": "SUSPECT"}]}


def test_x03_a_suspect_with_a_weapon_whom_no_court_has_cleared() -> None:
    nought = answer("H1.1", "0")
    assert codes("X03", view_of(nought, **armed("2026-09-01"))) == ["X03"]
    assert codes("X03", view_of(nought, **armed("2026-04-01"))) == []
    assert codes("X03", view_of(nought, **armed("2026-09-01", court="ACQUITTED"))) == []
    assert codes("X03", view_of(nought, **armed("2026-09-01", knife="U"))) == []
    victim = {"crimes": armed("2026-09-01")["crimes"], "crime_victims": [{"crime_ref": "K1", "person_id": "P"}]}
    assert codes("X03", view_of(nought, **victim)) == [], "to be hurt with a weapon contradicts nothing"


def test_x03_the_first_of_the_two_questions_that_is_answered_decides() -> None:
    weapon = armed("2026-09-01")
    assert codes("X03", view_of(answer("H1.1", "2"), answer("H1.4", "0"), **weapon)) == []
    assert codes("X03", view_of(answer("H1.1", "0"), answer("H1.4", "2"), **weapon)) == ["X03"]
    assert codes("X03", view_of(answer("H1.1", "UNKNOWN"), answer("H1.4", "0"), **weapon)) == ["X03"]


@pytest.mark.parametrize(("p", "seen", "status", "found"), [
    (0.9, "2026-10-01", "ACTIVE", True), (0.89, "2026-10-01", "ACTIVE", False), (0.95, "2026-11-03", "ACTIVE", False),
    (0.95, "2026-10-01", "REMOVED", False),
])  # fmt: skip
def test_x04_a_tie_as_good_as_sure_to_somebody_active(p: float, seen: str, status: str, found: bool) -> None:
    ties = pd.DataFrame({"person_a": ["N"], "person_b": ["P"], "p_exists": [p], "first_seen": pd.to_datetime([seen])})
    register = [{"person_ref": "N", "person_id": "N", "status": status, "categories": "SUSPECT"}]
    view = view_of(answer("V4.1", "0"), reviews=register)
    assert codes("X04", view, ties=ties) == ["X04"] * found


def test_x04_without_ties_is_not_assessed_and_says_so() -> None:
    _, found = check(view_of(answer("V4.1", "0")))
    row = found.checked.set_index("code").loc["X04"]
    assert (row["state"], row["why"]) == ("not assessed", "no ties were handed in")
    assert "Not assessed: X04" in found.explain("C1/1")


@pytest.mark.parametrize(("state", "ended", "found"), [
    ("CONFIRMED", None, True), ("CLEARED", None, False), ("SUSPECTED", "2026-10-30", False),
    ("VISITED", "2026-11-02", True),
])  # fmt: skip
def test_x05_a_home_taken_over_and_not_cleared(state: str, ended: str | None, found: bool) -> None:
    home = {"source_ref": "T1", "person_id": "P", "uprn": "999"}
    line = {"link_ref": "L1", "line_ref": "L", "uprn": "999", "use": "CUCKOOED", "state": state}
    held = {"person_records": [home], "line_addresses": [line | {"from_on": "2026-08-01", "to_on": ended}]}
    answers = [answer("V9.1", "0"), answer("V9.3", "UNKNOWN")]
    assert codes("X05", view_of(*answers, born=ADULT, **held)) == ["X05"] * found
    callers = view_of(answer("V9.1", "0"), answer("V9.3", "2"), born=ADULT, **held)
    assert codes("X05", callers) == [], "not every question of the domain is answered 0"
    assert codes("X05", view_of(*answers, born=CHILD, **held)) == []


def test_x06_two_agencies_that_differ_are_both_kept() -> None:
    _, found = check(view_of(answer("V5.2", "0"), answer("V5.2", "2", source_agency="CSC")))
    assert found.table["sentence"].tolist() == ["V5.2: children's social care 2, Essex Police 0. The higher counts."]
    assert codes("X06", view_of(answer("V5.2", "2"), answer("V5.2", "2", source_agency="CSC"))) == []
    assert codes("X06", view_of(answer("V5.2", "2"), answer("V5.2", "UNKNOWN", source_agency="CSC"))) == []


def test_x07_and_x08_name_what_does_not_count() -> None:
    assert codes("X07 X08", view_of(answer("V5.1", "3", note=None))) == ["X07"]
    assert codes("X07 X08", view_of(answer("V5.1", "1", note=None))) == []
    assert codes("X07 X08", view_of(answer("V5.1", "2", last_seen_on="2026-11-03"))) == ["X08"]
    assert codes("X07 X08", view_of(answer("V5.1", "2", last_seen_on="2026-11-02"))) == []
    assert codes("X07 X08", view_of(answer("V5.1", "2", last_seen_on="2011-04-30"))) == ["X08"]


def test_x09_words_carried_forward_under_a_newer_date() -> None:
    first = answer("V4.5", "2", note="Seen in a grey car", last_seen_on="2026-07-07", assessed_on="2026-07-18")
    second = {"assessment_no": 2, "assessed_on": "2026-09-25"}
    again = first | second | {"note": "seen in a  grey car", "last_seen_on": "2026-09-21"}
    assert codes("X09", view_of(first, again)) == ["X09"]
    assert codes("X09", view_of(first, first | second)) == [], "the same sighting under its own date is no copy"
    assert codes("X09", view_of(first, again | {"note": "Seen in a red car"})) == []


def test_x10_a_need_that_school_has_a_plan_for() -> None:
    nought = answer("V8.1", "0")
    assert codes("X10", view_of(nought, attendance_terms=[term("2025/26 Summer", 99, has_ehcp="Y")])) == ["X10"]
    assert codes("X10", view_of(nought, attendance_terms=[term("2025/26 Summer", 99, has_ehcp="N", sen="NONE")])) == []
    _, found = check(view_of(nought, attendance_terms=[term("2025/26 Summer", 99, sen="SUPPORT")]))
    assert found.table["sentence"].tolist() == ["V8.1 is answered 0; school records support for special needs."]


def named(position: int = 1, theme: str = "CCE", on: str = "2026-08-22") -> dict[str, list[dict]]:
    report = {"report_ref": "R1", "submitted_on": "2026-08-23", "event_on": on, "theme": theme, "status": "LIVE"}
    return {"intel_reports": [report], "intel_subjects": [{"report_ref": "R1", "person_id": "P", "position": position}]}


def test_x11_exploited_and_exploiting_in_one_incident() -> None:
    exploits = answer("H2.4", "2", last_seen_on="2026-08-22")
    assert codes("X11", view_of(exploits, **named())) == ["X11"]
    for other in (named(position=2), named(theme="SUPPLY"), named(on="2026-08-21")):
        assert codes("X11", view_of(exploits, **other)) == []
    assert codes("X11", view_of(answer("H2.4", "1", last_seen_on="2026-08-22"), **named())) == []


def filled(no: int, on: str, **values: str) -> list[dict]:
    said = {i.id: "0" for i in RAT.indicators if i.applies != "adult"} | values
    return [answer(i, v, assessment_no=no, assessed_on=on, note=f"seen {no}") for i, v in said.items()]


def test_x12_two_bands_in_one_step_and_not_one() -> None:
    high = filled(1, "2026-09-01", **{"V5.1": "2"})
    _, found = check(view_of(*high, *filled(2, "2026-11-02")))
    assert found.table["sentence"].tolist() == ["Vulnerability and exploitation fell from HIGH to LOW in one step."]
    medium = filled(1, "2026-09-01", **{"V7.1": "3"})
    assert codes("X12", view_of(*medium, *filled(2, "2026-11-02"))) == []
    assert codes("X12", view_of(*filled(1, "2026-09-01"), *filled(2, "2026-11-02", **{"V5.1": "2"}))) == []
    assert codes("X12", view_of(*high, answer("V1.1", "0", assessment_no=2))) == [], (
        "what is insufficient cannot be compared"
    )


@pytest.mark.parametrize(("born", "found"), [("2008-11-02", True), ("2008-11-03", False), ("2004-02-29", True)])
def test_x13_a_childs_question_answered_on_or_after_the_18th_birthday(born: str, found: bool) -> None:
    view = view_of(answer("V2.1", "2"), answer("V4.2", "1"), answer("V1.1", "0"), born=born, status="CLOSED")
    _, contradictions = check(view)
    assert (
        contradictions.table["sentence"].tolist() == ["V2.1, V4.2 answered, which are not asked at that age."] * found
    )


@pytest.mark.parametrize(("born", "status", "found"), [
    ("2008-11-26", "ACTIVE", True), ("2008-11-27", "ACTIVE", False), ("2008-11-10", "CLOSED", False),
    ("2008-02-29", "ACTIVE", False),
])  # fmt: skip
def test_x13_says_when_somebody_has_turned_18_since(born: str, status: str, found: bool) -> None:
    assert codes("X13", view_of(answer("V1.1", "1"), born=born, status=status)) == ["X13"] * found


def home(ref: str, address: str, updated: str | None = None) -> dict:
    return {"source_ref": ref, "person_id": "P", "home_address": address, "updated_on": updated}


def test_x14_addresses_that_agencies_state_now_and_differ() -> None:
    one, same, other = (
        "10 Quillmere Mews, Nethermayne, SS99 8WA",
        "10 QUILLMERE MEWS, Nethermayne",
        "13 Pargeter Way, Thurrock",
    )
    nought = answer("V1.1", "1")
    assert codes("X14", view_of(nought, person_records=[home("U1", one, "2026-11-01"), home("M1", other)])) == ["X14"]
    assert codes("X14", view_of(nought, person_records=[home("U1", one, "2026-11-01"), home("M1", same)])) == []
    assert codes("X14", view_of(nought, person_records=[home("U1", one, "2026-08-27"), home("M1", other)])) == [], (
        "91 days old"
    )
    assert codes("X14", view_of(nought, person_records=[home("U1", one, "2026-08-28"), home("M1", other)])) == ["X14"]


@pytest.mark.parametrize(
    ("born", "found"), [("2011-06-01", False), ("2011-06-02", True), ("2011-03-31", False), ("2011-03-30", True)]
)
def test_x15_births_more_than_31_days_apart(born: str, found: bool) -> None:
    other = {"source_ref": "U1", "person_id": "P", "dob": born, "dob_precision": "EXACT"}
    assert codes("X15", view_of(answer("V1.1", "1"), person_records=[other])) == ["X15"] * found


def test_x15_somebody_recorded_as_dead() -> None:
    dead = {"source_ref": "U1", "person_id": "P", "is_deceased": "Y"}
    _, found = check(view_of(answer("V1.1", "1"), person_records=[dead]))
    assert found.table["sentence"].tolist() == ["Recorded as dead by the police."]


def test_a_check_whose_feed_never_came_is_not_assessed_rather_than_clear() -> None:
    view = view_of(answer("V1.1", "0"))
    object.__setattr__(view, "coverage", pd.DataFrame({"feed": ["police_missing"], "state": ["missing"]}))
    _, found = check(view)
    assert found.checked.set_index("code").loc["X01", ["state", "why"]].tolist() == [
        "not assessed",
        "no return of police_missing",
    ]


def test_what_blocks_keeps_an_assessment_from_being_called_complete_and_says_which() -> None:
    episode = {"missing_ref": "M1", "person_id": "P", "reported_at": "2026-10-20"}
    assessments, found = check(view_of(*filled(1, "2026-11-02"), missing_episodes=[episode]))
    held = found.hold_back(assessments)
    assert (assessments.table["status"][0], held.table["status"][0], held.table["held_back"][0]) == (
        "COMPLETE",
        "PROVISIONAL",
        "X01",
    )
    assert held.table["v_band"][0] == assessments.table["v_band"][0]
    assert assessments.table["held_back"][0] == "", "the first is unchanged"


def test_nothing_to_say_is_an_empty_table_with_its_columns() -> None:
    _, found = check(view_of(answer("V1.1", "1")))
    assert list(found.table.columns) == list(CONTRADICTION_COLUMNS) and found.table.empty
    assert "0 contradictions" in found._repr_html_()


def test_somebody_whom_any_record_makes_a_child_is_not_enforcement_led() -> None:
    other = {"source_ref": "U1", "person_id": "P", "dob": "2008-12-01", "dob_precision": "EXACT"}
    grave = [a | {"answer": "3"} if a["indicator"] in ("H1.1", "H2.1", "H3.1") else a for a in filled(1, "2026-11-02")]
    grave += [answer(i.id, "0") for i in RAT.indicators if i.applies == "adult"]
    alone, _ = check(view_of(*grave, born="2008-10-01"))
    assert alone.table["route"].tolist() == ["ENFORCEMENT_LED"]
    doubted, _ = check(view_of(*grave, born="2008-10-01", person_records=[other]))
    assert doubted.table["route"].tolist() == ["SUPPORT_LED_WITH_DISRUPTION"]
    assert doubted.answers.assessments["born_on"].tolist() == [pd.Timestamp(date(2008, 10, 1))]
