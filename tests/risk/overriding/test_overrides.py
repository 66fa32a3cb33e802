"""Professional judgement over a computed band: the rules it must keep, what becomes of it, how often it happens."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.errors import DecisionError
from csp_toolkit.risk.answers import weigh_answers
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.overriding.overrides import Overrides, settle_overrides
from csp_toolkit.tables.deciding.decisions import Decision, list_decisions
from csp_toolkit.tables.view import DECISION_COLUMNS
from tests.risk.random_answers import make, weigh
from tests.risk.small_answers import AS_OF, RAT, assessed
from tests.risk.small_harm import harm_view
from tests.tables.deliveries import OCTOBER, agreements, checked, load, new_casebook, person

REASON = "Her social worker has known her for two years and sees her every week at home."
BOTH = "SYN Chair, chair; SYN Lead, safeguarding lead"


def made(assessment: str = "C/1", axis: str = "V", **changes: object) -> Decision:
    said: dict[str, object] = {"outcome": "UP", "reason": REASON, "valid_until": date(2026, 12, 20), "band": "HIGH",
                               "evidence": "visit of 20 November", "agency": "CSC", "countersigned_by": ""}  # fmt: skip
    said |= changes
    details = {name: str(said[name]) for name in ("band", "evidence", "agency", "countersigned_by")}
    return Decision(
        kind="override", meeting_on=AS_OF, decided_on=date(2026, 11, 24), decided_by="SYN Assessor", role="assessor",
        outcome=str(said["outcome"]), reason=str(said["reason"]), person_ref="C/1",
        valid_until=said["valid_until"],  # type: ignore[arg-type]
        details={"slot": f"{assessment} {axis}", "assessment_ref": assessment, "axis": axis} | details,
    )  # fmt: skip


def settle(assessments: Assessments, *decisions: Decision, cases: list[dict] | None = None) -> Overrides:
    view = harm_view(cases=cases or [{"case_ref": "C/1", "lead_agency": "Council"}])
    rows = list_decisions(decisions).assign(decision_id="D", person_id="P", recorded_on=pd.Timestamp(AS_OF))
    object.__setattr__(view, "decisions", rows[list(DECISION_COLUMNS)])
    return settle_overrides(assessments, view)


MEDIUM = {"V3.1": 2, "V3.2": 2, "V3.3": 2, "V3.5": 2}  # a domain at level 3: the score is LOW, floor F3 makes it MEDIUM
PLAIN = {i: 2 for i in ("V1.1", "V2.1", "V3.1", "V4.3", "V6.1")}  # MEDIUM by its score, with no floor in force


def test_one_band_up_with_reason_evidence_and_end_is_in_force_beside_the_computed_band() -> None:
    found = settle(assessed(PLAIN), made())
    row = found.assessments.table.iloc[0]
    assert (row["v_band"], row["v_final_band"], row["h_final_band"]) == ("MEDIUM", "HIGH", "LOW")
    assert (row["tier"], row["final_tier"]) == ("T1", "T2") and row["final_route"] == "SUPPORT_LED"
    assert found.table[["state", "direction", "n_bands"]].values.tolist() == [["in force", "up", 1]]
    assert "V MEDIUM computed, HIGH by judgement by assessor" in found.explain("C/1")


REFUSED = {
    "fewer than 40 characters": {"reason": "She is worse."},
    "no evidence is named": {"evidence": ""},
    "not in the direction given": {"outcome": "DOWN"},
    "the band is none of": {"band": "EXTREME"},
    "2 bands, and not countersigned by the chair and the safeguarding lead": {"band": "VERY_HIGH"},
    "it ends after the next review, 2027-02-16": {"valid_until": date(2027, 2, 17)},
}


@pytest.mark.parametrize("why", REFUSED)
def test_one_that_does_not_keep_a_rule_stands_on_record_and_does_not_count(why: str) -> None:
    found = settle(assessed(PLAIN), made(**REFUSED[why]))
    assert found.table["state"].tolist() == ["does not count"] and why in found.table["why_not"][0]
    assert found.assessments.table["v_final_band"].tolist() == ["MEDIUM"]


@pytest.mark.parametrize(("signed", "lacking"), [
    (BOTH, ""), ("SYN Chair, chair", "the safeguarding lead"),
    ("SYN Assessor, chair; SYN Lead, safeguarding lead", "the chair"),
    ("SYN Chair, chair; SYN Chair, safeguarding lead", "the safeguarding lead"),
    ("", "the chair and the safeguarding lead"),
])  # fmt: skip
def test_two_bands_need_two_others_each_in_their_own_role(signed: str, lacking: str) -> None:
    found = settle(assessed(PLAIN), made(band="VERY_HIGH", countersigned_by=signed))
    assert found.table["state"].tolist() == ["in force" if not lacking else "does not count"]
    assert lacking in found.table["why_not"][0]


def test_one_band_down_needs_no_other_unless_it_goes_below_a_floor() -> None:
    down = made(outcome="DOWN", band="LOW")
    assert settle(assessed(PLAIN), down).table["state"].tolist() == ["in force"]
    below = settle(assessed(MEDIUM), down)
    assert below.table[["state", "is_below_floor"]].values.tolist() == [["does not count", True]]
    assert "below a floor, and not countersigned" in below.table["why_not"][0]
    agreed = settle(assessed(MEDIUM), made(outcome="DOWN", band="LOW", countersigned_by=BOTH))
    assert agreed.assessments.table["v_final_band"].tolist() == ["LOW"]


def test_nothing_goes_down_while_the_assessment_is_provisional_and_up_it_may() -> None:
    provisional = assessed(PLAIN, unknown=("V5.1",))
    assert (
        "while the assessment is provisional"
        in settle(provisional, made(outcome="DOWN", band="LOW")).table["why_not"][0]
    )
    assert settle(provisional, made()).table["state"].tolist() == ["in force"]


def test_a_threat_to_life_stays_at_every_meeting_under_any_override() -> None:
    found = settle(assessed({"V8.7": 2}), made(outcome="DOWN", band="MEDIUM", countersigned_by=BOTH,
                                                valid_until=date(2026, 12, 8)))  # fmt: skip
    assert found.table["state"].tolist() == ["in force"]
    assert found.assessments.table[["v_final_band", "final_tier"]].values.tolist() == [["MEDIUM", "T4"]]


def test_a_judgement_may_raise_the_tier_of_what_is_insufficient_and_not_lower_it() -> None:
    little = assessed({"V5.1": 2}, unknown=tuple(i for i in RAT.by_id if i != "V5.1"))
    assert little.table[["status", "tier"]].values.tolist() == [["INSUFFICIENT", "T2"]]
    raised = settle(little, made(band="VERY_HIGH", valid_until=date(2026, 12, 8))).assessments.table
    assert raised[["v_final_band", "final_tier"]].values.tolist() == [["VERY_HIGH", "T3"]]
    assert raised["final_route"].isna().all()


@pytest.mark.parametrize(("until", "state"), [(date(2026, 11, 25), "expired"), (AS_OF, "in force")])
def test_it_ends_after_its_last_day_even_if_the_meeting_is_missed(until: date, state: str) -> None:
    assert settle(assessed(PLAIN), made(valid_until=until)).table["state"].tolist() == [state]


def test_one_can_be_taken_back_and_the_last_word_counts() -> None:
    found = settle(assessed(PLAIN), made(), made(outcome="WITHDRAWN"))
    assert found.table["state"].tolist() == ["taken back"] and found.assessments.table["v_final_band"].tolist() == [
        "MEDIUM"
    ]


def test_an_override_of_an_assessment_nobody_knows_does_not_count() -> None:
    assert "no such assessment" in settle(assessed(PLAIN), made("C/9")).table["why_not"][0]
    assert "no such assessment or axis" in settle(assessed(PLAIN), made(axis="W")).table["why_not"][0]


def test_a_child_is_not_led_into_enforcement_by_an_override() -> None:
    found = settle(assessed({}), made(axis="H", band="MEDIUM"))
    assert found.assessments.table["final_route"].tolist() == ["SUPPORT_LED_WITH_DISRUPTION"]
    adult = settle(assessed({}, age=30), made(axis="H", band="MEDIUM"))
    assert adult.assessments.table["final_route"].tolist() == ["ENFORCEMENT_LED"]


def test_rates_count_direction_and_agency_and_give_a_percentage_only_over_enough() -> None:
    answers = weigh(make(40, RAT, seed=5), RAT)
    many = assess(weigh_answers(answers.table.iloc[:0].assign(answer=""), answers.assessments, RAT), as_of=AS_OF)
    refs = many.table["assessment_ref"].tolist()
    cases = [{"case_ref": ref, "lead_agency": "Council" if n < 30 else "YJS"} for n, ref in enumerate(refs)]
    ups = [made(ref, band="MEDIUM") for ref in refs[:3]] + [
        made(refs[35], band="MEDIUM"),
        made(refs[36], reason="short"),
    ]
    rates = settle(many, *ups, cases=cases).rates.set_index("agency")
    assert rates.loc["all", ["n_assessments", "n_overridden", "n_up", "n_down", "percent"]].tolist() == [
        40,
        4,
        4,
        0,
        10,
    ]
    assert rates.loc["Council", "percent"] == 10 and pd.isna(rates.loc["YJS", "percent"])
    assert rates.loc["YJS", "words"] == "1 of 10 overridden, 1 up and 0 down"
    none = settle(many, cases=cases).rates.set_index("agency")
    assert "without thought" in none.loc["all", "words"]


def test_it_goes_the_way_of_every_decision_and_into_the_log(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_nominals", person_records=[person("C/1")]))
    said = {"recorded_on": AS_OF, "actor": "SYN Assessor", "at": datetime(2026, 11, 26, 12, 0, tzinfo=UTC)}
    assert casebook.decide([made(), made(axis="H", band="MEDIUM")], **said).n_recorded == 2
    assert casebook.decide([made()], **said).n_unchanged == 1
    view = casebook.view(AS_OF)
    assert settle_overrides(assessed(PLAIN), view).table["axis"].tolist() == ["H", "V"]
    assert casebook.log.verify().is_sound and REASON not in casebook.log.entries().to_csv()
    with pytest.raises(DecisionError, match="evidence is empty"):
        casebook.decide([made(evidence="")], **said)
