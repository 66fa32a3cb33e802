"""Why scores moved, for the people the papers put first; of a child no points, whatever moved."""

from datetime import date

import pandas as pd

from csp_toolkit.scoring.moves.movement import Movement
from csp_toolkit.scoring.moves.sunset import EVENT_COLUMNS, FALLS, REVIEW, Outlook
from csp_toolkit.sharing.papers.moves import (
    add_changes,
    finding_moves,
    list_ahead,
    list_moves,
    reconcile_points,
    say_change,
    shorten_ahead,
)

PEOPLE = pd.DataFrame(
    {"person_id": list("ABC"), "name": ["ASH, A", "BELL, B", "C. C."], "is_child": ["N", "N", "Y"], "place": [1, 2, 3],
     "score": [12.0, None, None], "movement": ["NO_CHANGE", "UP", "DOWN"],
     "movement_text": ["same place as last month", "up 1 from place 3", "down 1 from place 2"]}
)  # fmt: skip


def make_movement(last_on: date | None = date(2026, 10, 29)) -> Movement:
    rows = [("A", "UP", 100_000, 120_000, "up 2.0: decay −1.0, 1 new item +3.0"),
            ("B", "OUT", 50_000, pd.NA, "out, was 5.0; g4: no owner"),
            ("C", "UP", 100_000, 130_000, "up 3.0: 1 new item +3.0")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["person_id", "movement", "before", "after", "sentence"])
    table = table.astype({"before": "Int64", "after": "Int64"})
    table["points"] = table["after"].fillna(0) - table["before"].fillna(0)
    causes = pd.DataFrame(
        [("A", "UP", "decay", -10_000, 2), ("A", "UP", "new items", 30_000, 1), ("B", "OUT", "gate", -50_000, 0),
         ("C", "UP", "new items", 30_000, 1)], columns=["person_id", "movement", "cause", "points", "n_items"],
    ).astype({"points": "Int64"})  # fmt: skip
    return Movement(table, causes, causes.head(0), date(2026, 11, 26), last_on)


def test_moves_are_of_adults_in_the_order_of_the_list_with_steps_that_add_up() -> None:
    moves, steps = list_moves(make_movement(), PEOPLE, PEOPLE.head(0))
    assert moves[["person_id", "before"]].values.tolist() == [["A", 10.0], ["B", 5.0]]
    assert moves["after"].tolist() == [12.0, pd.NA]
    by_person = steps.groupby("person_id")["weight"].sum().round(1).to_dict()
    assert by_person == {"A": 12.0, "B": 0.0}
    assert steps.loc[steps["person_id"].eq("A"), "words"].tolist()[1:] == ["decay", "1 new item"]


def test_a_row_of_the_list_parts_the_place_from_the_score_and_says_of_a_child_no_points() -> None:
    said = add_changes(PEOPLE, make_movement())["movement_text"].tolist()
    assert said == [
        "no change of place; score +2.0 (most: 1 new item +3.0)",
        "up 1 from place 3",
        "down 1 from place 2",
    ]


def test_a_change_of_one_cause_says_its_points_once_and_none_says_so() -> None:
    steps = pd.DataFrame({"words": ["then", "decay", "1 new item"], "weight": [71.6, -4.8, 0.0]})
    assert say_change(steps) == "score −4.8 (decay)"
    assert say_change(steps.head(1)) == "score as it was"


def test_no_code_of_a_gate_is_shown_and_nothing_is_said_twice() -> None:
    moves, _ = list_moves(make_movement(), PEOPLE, PEOPLE.head(0))
    assert moves["sentence"].tolist()[1] == "out, was 5.0; no owner"
    assert shorten_ahead(["If nothing new comes, from 1 Nov to 1 Dec nothing changes."]) == [
        "From 1 Nov to 1 Dec nothing changes."
    ]


def test_everybodys_points_add_up_in_words_a_chair_reads() -> None:
    assert reconcile_points(make_movement()) == (
        "25.0 points then; people let in or left out by a rule −5.0, decay −1.0 and new items +6.0; 25.0 points now. "
        "Of the 3 people scored at either meeting nobody has a change left unexplained."
    )
    assert reconcile_points(make_movement(None)) == "No meeting before to compare with."


def test_at_a_first_meeting_the_list_says_what_it_said() -> None:
    said = add_changes(PEOPLE, make_movement(None))["movement_text"].tolist()
    assert said == PEOPLE["movement_text"].tolist()


def test_what_most_came_of_is_said_in_a_sentence() -> None:
    moves, _ = list_moves(make_movement(), PEOPLE, PEOPLE.head(0))
    assert finding_moves(make_movement(), moves) == (
        "Of the people on the police list or high beside it, one has more points than at the last meeting and one "
        "fewer. Over everybody scored most of the change came of new items (+6.0 points) and people let in "
        "or left out by a rule (−5.0 points)."
    )
    assert "no meeting before" in finding_moves(make_movement(None), moves)


def test_of_a_child_only_a_review_and_a_birthday_are_foreseen() -> None:
    on = pd.Timestamp("2026-12-26")
    events = pd.DataFrame(
        [("C", FALLS, on, 1, "falls below the cut"), ("C", REVIEW, on, 1, "review due on 26 Dec 2026"),
         ("A", FALLS, on, 1, "falls below the cut by 26 Dec 2026: 14th, from 9th"),
         ("D", REVIEW, on, 1, "review due")], columns=list(EVENT_COLUMNS),
    )  # fmt: skip
    others = pd.DataFrame({"person_id": ["D"], "name": ["DAY, D"], "is_child": ["N"]})
    people = pd.concat([PEOPLE, others], ignore_index=True)
    outlook = Outlook(pd.DataFrame(), events, date(2026, 11, 26), (date(2026, 12, 26),), 10)
    found = list_ahead(outlook, people, PEOPLE, people[people["person_id"].eq("D")])
    assert found[["person_id", "kind"]].values.tolist() == [["C", REVIEW], ["A", FALLS]]
    assert found["words"].tolist() == ["review due", "falls below the cut: 14th, from 9th"]  # the day has a column
