"""What a place rests on and what to ask, in words: kind, grade or outcome and month, never a reference."""

from dataclasses import replace

import pandas as pd

from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.evidence.item_words import describe_records
from csp_toolkit.scoring.what_if.fragility import find_fragility
from csp_toolkit.scoring.what_if.requirements import read_requirements, weigh_questions
from csp_toolkit.sharing.papers.evidence import say_questions, say_rests_on
from tests.scoring.small_views import crime, report, subject, suspect
from tests.scoring.what_if.test_fragility import register, with_places

PEOPLE = pd.DataFrame({"person_id": ["P", "Q"], "name": ["WATSON, Alf", "BATES, Ben"], "is_child": ["N", "N"],
                       "block": ["ranked", "ranked"], "rank": [1, 2]})  # fmt: skip
CONDITIONS = "No action without reference"


def small(**of_report: object):  # noqa: ANN201
    """P rests on one firearm report; Q has a robbery charged."""
    view = register(
        "P", "Q", crimes=[crime("CQ"), crime("C2", ho_code="10D/1", offence="Possession of a blade")],
        crime_suspects=[suspect("CQ", "Q"), suspect("C2")],
        intel_reports=[report("R1", theme="FIREARM", grade="2A", event_on="2026-11-05", **of_report)],
        intel_subjects=[subject()],
    )  # fmt: skip
    return view, score(view, with_places(1))


def test_a_place_is_said_by_kind_grade_and_month() -> None:
    view, scores = small(handling="P")
    (row,) = say_rests_on(find_fragility(scores), scores, view, PEOPLE).to_dict("records")
    assert row["sentence"].startswith(
        "One record. Without the 2A report of November 2026 the score is 6.4 and the rank 2nd. One other record would"
    )
    assert row["n_cited"] == 2  # inclusion needs both: said once under the table, not in each row
    assert row["handling"] == "P" and "R1" not in row["sentence"] and "O-R1" not in row["sentence"]


def test_a_row_carries_the_conditions_of_the_report_it_speaks_of() -> None:
    view, scores = small(handling="C", handling_conditions=CONDITIONS)
    (row,) = say_rests_on(find_fragility(scores), scores, view, PEOPLE).to_dict("records")
    assert (row["handling"], row["handling_conditions"]) == ("C", CONDITIONS)
    questions = weigh_questions(scores, view, read_requirements())
    asked = say_questions(questions, read_requirements(), PEOPLE)
    about = asked[asked["question"].str.contains("2A report")]
    assert len(about) == 1 and about["handling_conditions"].item() == CONDITIONS


def test_a_question_names_a_person_an_owner_and_what_it_decides_and_no_record_twice() -> None:
    view, scores = small(handling="P")
    questions = weigh_questions(scores, view, read_requirements())
    asked = say_questions(questions, read_requirements(), PEOPLE)
    assert len(asked) == 3 and asked["owner"].str.contains("Essex Police").all()
    assert asked["question"].str.match("(Watson|Bates): ").all()
    about = asked[asked["question"].str.contains("2A report")].iloc[0]
    assert about["decides"] == "a place among the ten: Watson could leave; Bates could come in"
    assert about["effect"] == "changes 0 to 1 names of ten; no chance is stated"
    assert not asked["question"].str.contains("R1|C2|CQ").any()


def test_a_question_of_identity_reads_as_a_question_and_names_no_match() -> None:
    """Two of the ranked who are one: the second is out and nobody comes in."""
    view, scores = small()
    ends = [{"match_id": "M1", "person_id": who, "source_system": "police", "source_ref": who, "p_same": 0.3}
            for who in ("P", "Q")]  # fmt: skip
    keys = pd.DataFrame({"person_id": ["P", "Q"], "source_system": "police", "source_ref": ["P", "Q"]})
    view = replace(view, possible_matches=pd.DataFrame(ends), person_keys=keys)
    questions = weigh_questions(scores, view, read_requirements())
    alone = replace(questions, table=questions.table[questions.table["kind"].eq("identity")])
    (row,) = say_questions(alone, read_requirements(), PEOPLE).to_dict("records")
    assert row["question"] == "Watson: are the records of this possible match one person's?"
    assert row["owner"] == "partnership analyst" and "M1" not in str(row["decides"])
    assert row["effect"] == "changes 0.0 names of ten on average" and row["decides"] == "the order among the ranked"


def test_whoever_no_copy_shows_is_counted_and_not_named() -> None:
    view, scores = small(handling="P")
    further = PEOPLE.assign(rank=[1, 16])
    asked = say_questions(weigh_questions(scores, view, read_requirements()), read_requirements(), further)
    about = asked[asked["question"].str.contains("2A report")].iloc[0]
    assert about["decides"] == "a place among the ten: Watson could leave; one person further down could come in"


def test_every_kind_of_record_has_words() -> None:
    view, scores = small()
    words = describe_records(["R1", "C2", "X1", "unheard"], view, scores)["words"]
    assert words["R1"] == "2A report of November 2026"
    assert words["C2"] == "possession of a blade of October 2026 (charged, awaiting trial)"
    assert words["unheard"] == "record" and words["X1"].startswith("robbery of personal property of ")
