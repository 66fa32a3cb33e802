"""Answers with their evidence: four states, caps with the value kept, and what is left out and why."""

from datetime import date, timedelta

import pandas as pd
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.risk.answers import weigh_answers
from csp_toolkit.risk.facts import age_years_on
from tests.risk.random_answers import make, weigh
from tests.risk.small_answers import ON, RAT, as_rows, assessed, one


def counts(indicator: str, *rows: dict, **options: object) -> object:
    """Return what a question counts: a number, or nothing."""
    answers = one({indicator: [*rows]}, **options)  # type: ignore[arg-type]
    value = answers.grid[0, RAT.place[indicator]]
    return None if value < 0 else int(value)


def seen(days: int) -> date:
    return ON - timedelta(days=days)


@pytest.mark.parametrize(("days", "counted"), [(0, 3), (183, 3), (184, 1), (365, 1), (366, 0), (None, 3)])
def test_an_old_answer_counts_less_from_the_day_after_its_window(days: int | None, counted: int) -> None:
    assert counts("V4.3", {"answer": 3, "last_seen_on": None if days is None else seen(days)}) == counted


def test_what_is_true_for_life_does_not_grow_old() -> None:
    assert counts("V8.1", {"answer": 2, "last_seen_on": seen(2000)}) == 2


GRADES = [("1A", 3), ("2B", 3), ("1C", 1), ("2C", 1), ("1D", 1), ("3A", 1), ("3B", 1), ("1E", None), (None, 3)]


@pytest.mark.parametrize(("grade", "counted"), GRADES)
def test_a_grade_caps_what_an_answer_counts(grade: str | None, counted: int | None) -> None:
    assert counts("V4.3", {"answer": 3, "grade": grade, "source_agency": "POL"}) == counted


def test_information_known_indirectly_counts_in_full_where_two_agencies_report_it() -> None:
    two = [{"answer": 2, "grade": "2C", "source_agency": a} for a in ("POL", "CSC")]
    assert counts("V4.3", *two) == 2
    assert counts("V4.3", two[0], two[1] | {"source_agency": "POL"}) == 1
    assert counts("V4.3", two[0], two[1] | {"source_agency": None}) == 1, "an agency nobody named is no second source"
    assert counts("V4.3", two[0], two[1] | {"grade": "1E"}) == 1, "nor is what is suspected false"


def test_an_answer_that_rests_on_nothing_counts_as_a_concern() -> None:
    assert counts("V4.3", {"answer": 3, "note": None}) == 1
    assert counts("V4.3", {"answer": 1, "note": None}) == 1


def test_what_cannot_have_been_seen_is_not_counted_and_not_nought() -> None:
    assert counts("V4.3", {"answer": 2, "last_seen_on": ON + timedelta(days=1)}) is None
    answers = one({"V4.3": [{"answer": 2, "last_seen_on": ON + timedelta(days=1)}]})
    row = answers.list_unanswered().iloc[0]
    assert (row["indicator"], row["state"], row["reason"]) == ("V4.3", "unknown", "CONFLICT")


def test_the_value_as_given_is_kept_beside_what_it_counts() -> None:
    answers = one({"V4.3": [{"answer": 3, "last_seen_on": seen(200), "source_agency": "CSC"}]})
    row = answers.table[answers.table["indicator"].eq("V4.3")].iloc[0]
    assert (row["value"], row["counted"], row["cap"]) == (3, 1, "last seen more than 183 days before")
    assert (
        answers.explain("C/1", "V4.3")
        == "V4.3: 3, children's social care, counts 1: last seen more than 183 days before."
    )


def test_caps_never_raise_an_answer() -> None:
    table = weigh(make(300, RAT, seed=3), RAT).table
    both = table.dropna(subset=["value", "counted"])
    assert len(both) > 5_000 and (both["counted"] <= both["value"]).all() and (both["counted"] < both["value"]).any()


@pytest.mark.parametrize(("given", "level"), [
    ({"V6.6": 3}, 1), ({"V6.6": 3, "V6.1": 1}, 1), ({"V6.6": 3, "V6.1": 2}, 2), ({"V6.1": 2}, 2),
    ({"V6.6": 2, "V6.1": 2, "V6.2": 2, "V6.3": 2}, 3), ({"V6.6": 3, "V6.1": 3}, 3),
])  # fmt: skip
def test_what_is_never_enough_alone_raises_a_domain_to_1_alone_and_can_support_others(given: dict, level: int) -> None:
    levels = assessed(given).levels
    assert levels.loc[levels["domain"].eq("V6"), "level"].tolist() == [level]


@pytest.mark.parametrize("indicator", ["H3.4", "H3.6", "V3.4", "V6.6"])
def test_no_question_of_the_never_alone_list_can_lift_anybody_out_of_low(indicator: str) -> None:
    row = assessed({indicator: 3}).table.iloc[0]
    assert (row["v_band"], row["h_band"]) == ("LOW", "LOW")


def test_the_four_states_are_told_apart() -> None:
    answers = weigh_answers(
        as_rows([
            {"assessment_ref": "C/1", "indicator": "V1.1", "answer": "0"},
            {"assessment_ref": "C/1", "indicator": "V1.2", "answer": "UNKNOWN", "reason": "DECLINED"},
            {"assessment_ref": "C/1", "indicator": "V1.4", "answer": "NOT_APPLICABLE"},
        ]),
        pd.DataFrame([{"assessment_ref": "C/1", "assessed_on": ON, "age_years": 15}]), RAT,
    )  # fmt: skip
    assert answers.table["state"].tolist() == ["value", "unknown", "not applicable"]
    unanswered = answers.list_unanswered().set_index("indicator")
    assert unanswered.loc["V1.2", ["state", "reason"]].tolist() == ["unknown", "DECLINED"]
    assert unanswered.loc["V1.3", ["state", "reason"]].tolist() == ["not asked", "NOT_ASKED"]
    assert not {"V1.1", "V1.4"} & set(unanswered.index)
    assert answers.explain("C/1", "V1.2") == "V1.2: unknown (the person declined to say)."
    assert answers.explain("C/1", "V1.3") == "V1.3: nobody has asked."


def test_of_two_agencies_the_higher_counts_and_both_are_kept() -> None:
    answers = one({"V5.2": [{"answer": 0, "source_agency": "POL"}, {"answer": 2, "source_agency": "CSC"}]})
    assert answers.grid[0, RAT.place["V5.2"]] == 2
    assert len(answers.table[answers.table["indicator"].eq("V5.2")]) == 2
    assert counts("V5.2", {"answer": "UNKNOWN"}, {"answer": 2}) == 2
    assert counts("V5.2", {"answer": "NOT_APPLICABLE"}, {"answer": "UNKNOWN"}) is None


def test_a_question_of_the_other_age_does_not_count_whatever_was_answered() -> None:
    assert counts("V2.1", {"answer": 3}, age=18) is None
    assert counts("V9.1", {"answer": 3}, age=17) is None
    assert counts("V9.1", {"answer": 3}, age=None) is None, "of unknown age a child is assumed"


@pytest.mark.parametrize(("born", "day", "age"), [
    (date(2008, 2, 29), date(2026, 2, 28), 17), (date(2008, 2, 29), date(2026, 3, 1), 18),
    (date(2008, 2, 29), date(2028, 2, 29), 20), (date(2008, 11, 26), date(2026, 11, 25), 17),
    (date(2008, 11, 26), date(2026, 11, 26), 18), (date(2013, 12, 31), date(2026, 12, 30), 12),
])  # fmt: skip
def test_a_birthday_is_reached_on_its_day(born: date, day: date, age: int) -> None:
    days = [pd.Series(pd.to_datetime([d])) for d in (born, day)]
    assert age_years_on(*days).tolist() == [age]


def test_questions_nobody_knows_are_counted_and_left_out() -> None:
    rows = as_rows([{"assessment_ref": "C/1", "indicator": i, "answer": "2"} for i in ("V1.1", "X9.9", "X9.8")])
    answers = weigh_answers(rows, pd.DataFrame([{"assessment_ref": "C/1", "assessed_on": ON}]), RAT)
    assert answers.left_out.values.tolist() == [["C/1", "no question of this toolkit", 2]]


def test_protective_factors_are_kept_beside_and_change_no_band() -> None:
    rows = as_rows(
        [
            {"assessment_ref": "C/1", "indicator": "P1", "answer": "2"},
            {"assessment_ref": "C/1", "indicator": "P2", "answer": "UNKNOWN"},
        ]
    )
    answers = weigh_answers(rows, pd.DataFrame([{"assessment_ref": "C/1", "assessed_on": ON}]), RAT)
    assert answers.beside.values.tolist() == [["C/1", "P1", "present"], ["C/1", "P2", "unknown"]]
    assert (answers.grid == one({}, unknown=tuple(RAT.by_id)).grid).all()


def test_a_frame_that_cannot_be_weighed_is_refused_in_one_line() -> None:
    rows = as_rows([{"assessment_ref": "C/2", "indicator": "V1.1", "answer": "2"}])
    with pytest.raises(TableError, match="1 of 1 are of no assessment"):
        weigh_answers(rows, pd.DataFrame([{"assessment_ref": "C/1", "assessed_on": ON}]), RAT)
    with pytest.raises(TableError, match="assessed_on is missing"):
        weigh_answers(rows, pd.DataFrame([{"assessment_ref": "C/1"}]), RAT)
    with pytest.raises(TableError, match="1 of 2 stand twice"):
        weigh_answers(rows, pd.DataFrame([{"assessment_ref": "C/2", "assessed_on": ON}] * 2), RAT)
