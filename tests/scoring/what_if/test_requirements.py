"""What an answer would change is what it does change once the records say so."""

import pandas as pd
import pytest

from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.what_if.requirements import Questions, read_requirements, weigh_questions
from csp_toolkit.scoring.what_if.what_ifs import FALLS, trace_records
from csp_toolkit.tables.view import View
from tests.scoring.small_views import MATRIX, crime, report, subject, suspect
from tests.scoring.what_if.test_fragility import mixed_view, register, with_places, without

POLICY = read_requirements()


def asked(view: View, places: int = 1) -> Questions:
    return weigh_questions(score(view, with_places(places)), view, POLICY)


def row_of(questions: Questions, kind: str, ref: str) -> pd.Series:
    table = questions.table
    (row,) = table[table["kind"].eq(kind) & table["ref"].eq(ref)].to_dict("records")
    return row


def ranks(view: View) -> dict[str, int]:
    table = score(view, MATRIX).table
    ranked = table[table["block"].eq("ranked")]
    return dict(zip(ranked["person_id"], ranked["rank"], strict=True))


def two_people(**more: list[dict]) -> View:
    """P with what a test gives; Q with a robbery charged last month, 9.6 points."""
    return register("P", "Q", crimes=[crime("CQ"), *more.pop("crimes", [])],
                    crime_suspects=[suspect("CQ", "Q"), *more.pop("crime_suspects", [])], **more)  # fmt: skip


@pytest.mark.parametrize("seed", [2, 5])
def test_a_record_that_falls_moves_those_whom_the_scorer_moves(seed: int) -> None:
    view = mixed_view(seed)
    traced = trace_records(score(view, MATRIX))
    falls = traced[traced["change"].eq(FALLS)]
    before = ranks(view)
    for ref in sorted({*falls["ref"], "C0", "R0", "X1"}):
        after = ranks(without(view, frozenset({ref})))
        own = falls[falls["ref"].eq(ref)]
        expected = {who: after.get(who, 0) for who, rank in before.items() if after.get(who, 0) != rank}
        assert dict(zip(own["person_id"], own["rank_after"].fillna(0), strict=True)) == expected


def test_a_report_graded_otherwise_moves_those_whom_the_scorer_moves() -> None:
    reports = [report("R1", theme="FIREARM", grade="1A"), report("R2", theme="MEMBERSHIP", grade="2A")]
    more = {"crimes": [crime("C2", ho_code="105A/1")], "crime_suspects": [suspect("C2")]}
    view = two_people(intel_reports=reports, intel_subjects=[subject("R1"), subject("R2")], **more)
    traced = trace_records(score(view, MATRIX))
    for grade in ("1B", "2A", "1C", "3C"):
        regraded = [{**reports[0], "grade": grade, "corroborated_by": "R2"}, reports[1]]
        after = ranks(two_people(intel_reports=regraded, intel_subjects=[subject("R1"), subject("R2")],
                                 crimes=[crime("C2", ho_code="105A/1")], crime_suspects=[suspect("C2")]))  # fmt: skip
        own = traced[traced["ref"].eq("R1") & traced["change"].eq(grade)]
        expected = {who: rank for who, rank in ranks(view).items() if after[who] != rank}
        assert dict(zip(own["person_id"], own["rank_before"], strict=True)) == expected


def test_the_outcome_of_a_charge_has_no_chance_and_a_range() -> None:
    view = two_people(crimes=[crime("C1", ho_code="1/1"), crime("C2", ho_code="105A/1")],
                      crime_suspects=[suspect("C1"), suspect("C2")])  # fmt: skip
    found = asked(view)
    row = row_of(found, "outcome", "C1")
    assert not row["has_chance"] and (row["names_low"], row["names_high"]) == (0, 1)
    told = found.answers[found.answers["n"].eq(row["n"])].set_index("answer")
    assert told.loc["acquitted or discontinued", "leaves"] == "P"
    assert told.loc["acquitted or discontinued", "enters"] == "Q"
    assert told.loc["convicted", "n_moved"] == 0
    assert "will" not in row["question"] and "C1" not in row["question"]


def test_a_lone_report_is_true_with_the_chance_its_grade_stands_for() -> None:
    """8 x .6 + 2.4 = 7.2 below 9.6; in full 10.4 above it."""
    view = two_people(crimes=[crime("C2", ho_code="105A/1")], crime_suspects=[suspect("C2")],
                      intel_reports=[report("R1", theme="FIREARM", grade="2A")], intel_subjects=[subject()],
    )  # fmt: skip
    found = asked(view)
    row = row_of(found, "corroboration", "R1")
    assert row["has_chance"] and row["names_mean"] == pytest.approx(0.6)
    told = found.answers[found.answers["n"].eq(row["n"])]
    assert told["chance"].tolist() == pytest.approx([0.6, 0.4]) and told["n_left"].tolist() == [1, 0]


def test_a_lone_report_of_membership_counts_once_it_is_borne_out() -> None:
    view = two_people(crimes=[crime("C2", ho_code="10D/1")], crime_suspects=[suspect("C2")],
                      intel_reports=[report("R1", theme="MEMBERSHIP", grade="2A")], intel_subjects=[subject()],
    )  # fmt: skip
    assert row_of(asked(view), "corroboration", "R1")["names_high"] == 1


def test_a_report_of_two_origins_and_a_proved_crime_raise_no_question() -> None:
    view = two_people(
        crimes=[crime("C1", court_result="CONVICTED")], crime_suspects=[suspect("C1")],
        intel_reports=[report("R1", theme="FIREARM"), report("R2", theme="WEAPON")],
        intel_subjects=[subject("R1"), subject("R2")],
    )  # fmt: skip
    found = asked(view)
    assert not found.table["ref"].isin(["C1", "R1", "R2"]).any()


def test_a_report_without_the_day_of_its_event_is_asked_about() -> None:
    view = two_people(crimes=[crime("C2", ho_code="105A/1")], crime_suspects=[suspect("C2")],
                      intel_reports=[report("R1", theme="FIREARM", event_on=None)], intel_subjects=[subject()],
    )  # fmt: skip
    row = row_of(asked(view), "date", "R1")
    assert not row["has_chance"] and row["names_high"] == 1


def test_questions_come_by_what_they_could_change_and_answers_average_to_the_mean() -> None:
    found = asked(mixed_view(2), places=2)
    means = found.table["names_mean"].tolist()
    assert means == sorted(means, reverse=True) and found.table["n"].tolist() == list(range(1, len(means) + 1))
    for row in found.table[found.table["has_chance"]].to_dict("records"):
        own = found.answers[found.answers["n"].eq(row["n"])]
        names = own[["n_left", "n_entered"]].max(axis="columns")
        assert (own["chance"] * names).sum() == pytest.approx(row["names_mean"])
    assert "questions" in found._repr_html_() and "PER" not in repr(found)
