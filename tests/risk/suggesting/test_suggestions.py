"""What the records suggest: in a sentence, within its window, for somebody to accept."""

import pandas as pd
import pytest

from csp_toolkit.risk.answers import collect_answers
from csp_toolkit.risk.suggesting.suggestions import Suggestions, suggest_answers
from csp_toolkit.risk.toolkit import read_toolkit
from tests.risk.small_harm import harm_view

RAT, AREAS = read_toolkit(), read_toolkit("eight_areas_v1")
CHILD = [{"person_id": "P", "dob": "2011-05-01", "dob_precision": "EXACT", "home_area": "Saltmere"}]
ADULT = [CHILD[0] | {"dob": "1990-05-01"}]


def suggest(people: list[dict] | None = None, ties: pd.DataFrame | None = None, **rows: list[dict]) -> Suggestions:
    cases = rows.pop("cases", [{"case_ref": "C1", "person_id": "P", "status": "ACTIVE"}])
    return suggest_answers(harm_view(people=people or CHILD, cases=cases, **rows), RAT, ties=ties)


def said(found: Suggestions) -> dict[str, tuple[int, str]]:
    return {r.indicator: (r.answer, r.sentence) for r in found.table.itertuples()}


def episode(n: int, day: str, found: str, **more: str) -> dict:
    return {"missing_ref": f"M{n}", "person_id": "P", "last_seen_at": f"{day} 10:00", "reported_at": f"{day} 12:00",
            "found_at": found, "found_area": "Saltmere"} | more  # fmt: skip


def test_three_missing_episodes_one_over_24_hours() -> None:
    rows = [episode(1, "2026-10-01", "2026-10-01 20:00"), episode(2, "2026-10-05", "2026-10-06 11:00"),
            episode(3, "2026-10-09", "2026-10-09 23:00", found_area="Farhaven")]  # fmt: skip
    found = said(suggest(missing_episodes=rows))
    assert found["V1.1"] == (3, "three missing episodes in 183 days, one over 24 hours")
    assert found["V1.5"] == (2, "missing overnight or longer, once")
    assert found["V1.3"] == (2, "found outside the home district, once")
    assert said(suggest(ADULT, missing_episodes=rows))["V1.1"][0] == 2, "long is severe for a child"


@pytest.mark.parametrize(("n", "answer"), [(1, 1), (2, 2), (3, 2), (4, 3)])
def test_how_often_missing_makes_the_answer(n: int, answer: int) -> None:
    rows = [episode(k, f"2026-10-{k + 10}", f"2026-10-{k + 10} 13:00") for k in range(n)]
    assert said(suggest(missing_episodes=rows))["V1.1"][0] == answer
    old = [row | {"reported_at": "2026-05-26 12:00"} for row in rows]
    assert "V1.1" not in said(suggest(missing_episodes=old)), "184 days before is outside the window"


@pytest.mark.parametrize(("attended", "answer"), [(90, 0), (89, 2), (50, 2), (49, 3)])
def test_attendance_of_the_latest_term_that_had_ended(attended: int, answer: int) -> None:
    terms = [
        {"source_ref": "S", "person_id": "P", "term": "2026/27 Autumn 1", "n_possible": 100, "n_attended": attended}
    ]
    assert said(suggest(attendance_terms=terms))["V2.1"] == (answer, f"attendance {attended}% in 2026/27 Autumn 1")
    assert "V2.1" not in said(suggest(ADULT, attendance_terms=terms)), "not asked of an adult"


def test_a_suspicion_is_a_concern_a_charge_is_present_and_what_a_court_cleared_is_nothing() -> None:
    def armed(status: str, court: str | None) -> dict[str, list[dict]]:
        crime = {
            "crime_ref": "K",
            "from_on": "2026-10-01",
            "has_knife": "Y",
            "has_firearm": "N",
            "ho_code": "10D/1",
            "court_result": court,
        }
        return {"crimes": [crime], "crime_suspects": [{"crime_ref": "K", "person_id": "P", "status": status}]}

    assert said(suggest(**armed("SUSPECT", None)))["H1.1"] == (1, "suspected of one crime with a weapon in 183 days")
    assert said(suggest(**armed("CHARGED", None)))["H1.1"][0] == 2
    assert said(suggest(**armed("CHARGED", "ACQUITTED"))) == {}
    hurt = armed("SUSPECT", None) | {"crime_suspects": [], "crime_victims": [{"crime_ref": "K", "person_id": "P"}]}
    assert said(suggest(**hurt)) == {"V8.4": (2, "victim of one crime with a weapon in 12 months")}


def test_a_users_part_in_a_line_suggests_nothing() -> None:
    link = {"link_ref": "L1", "line_ref": "L", "person_id": "P", "role": "USER", "from_on": "2026-09-01"}
    assert said(suggest(line_people=[link])) == {}
    runner = said(suggest(line_people=[link | {"role": "RUNNER"}]))
    assert runner == {"V10.2": (2, "linked to one deal line, not as a user")}


def test_ties_are_handed_in_or_nothing_is_said_of_associates() -> None:
    register = [{"person_ref": "N", "person_id": "N", "status": "ACTIVE", "categories": "SUSPECT"}]
    ties = pd.DataFrame(
        {"person_a": ["N"], "person_b": ["P"], "p_exists": [0.6], "last_seen": pd.to_datetime(["2026-10-01"])}
    )
    assert said(suggest(reviews=register)) == {}
    assert said(suggest(reviews=register, ties=ties))["V4.1"] == (
        1,
        "tied perhaps to one person active on the register",
    )
    sure = said(suggest(reviews=register, ties=ties.assign(p_exists=0.9)))
    assert sure["V4.1"][0] == 2


def test_every_rule_of_both_toolkits_runs_on_nothing_and_suggests_nothing() -> None:
    assert suggest().table.empty
    assert suggest_answers(harm_view(people=CHILD, cases=[{"case_ref": "C1", "person_id": "P"}]), AREAS).table.empty
    assert "not to say that nothing is there" in suggest().explain("C1")


def test_nothing_is_filled_in_by_suggesting() -> None:
    rows = [episode(1, "2026-10-01", "2026-10-03 20:00")]
    view = harm_view(people=CHILD, cases=[{"case_ref": "C1", "person_id": "P"}], missing_episodes=rows)
    assert not suggest_answers(view, RAT).table.empty and collect_answers(view, RAT).table.empty


def test_each_suggestion_names_its_records() -> None:
    rows = [episode(1, "2026-10-01", "2026-10-01 20:00"), episode(2, "2026-10-05", "2026-10-05 20:00")]
    found = suggest(missing_episodes=rows)
    assert found.items.loc[found.items["indicator"].eq("V1.1"), "item_ref"].tolist() == ["M1", "M2"]
    assert found.table["n_items"].tolist() == [2]
