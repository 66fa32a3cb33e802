"""The sentences say what their tables say, count what they count, and use no banned word."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from csp_toolkit.display.wording import find_banned
from csp_toolkit.scoring.certainty.places import Certainty
from csp_toolkit.scoring.certainty.policy import read_certainty_policy
from csp_toolkit.sharing.papers.words import (
    finding_actions,
    finding_coverage,
    finding_cut,
    finding_high,
    finding_list,
    list_names,
    say_contest,
    say_number,
    say_ordinal,
    surname,
    write_asked,
    write_so_what,
)


def police(*rows: tuple[int, str, object, str, float | None, str, str | None]) -> pd.DataFrame:
    columns = ["place", "name", "rank", "block", "score", "is_child", "no_score_reason"]
    table = pd.DataFrame(rows, columns=columns).astype({"rank": "Int64"})
    return table.assign(person_id=table["name"], p_top10=[0.98, 0.17, None, None][: len(table)])


def sure(**places: str) -> Certainty:
    """Return how sure a list is in which the places of these people are as said."""
    table = pd.DataFrame({"person_id": list(places), "place": list(places.values())}).replace({"_": " "}, regex=True)
    no_shares, policy = pd.DataFrame({"total": []}), read_certainty_policy()
    return Certainty(table, no_shares, np.array([8.5]), 10, 10, (), 0, 0, policy, 1, date(2026, 11, 26))


LIST = police(
    (1, "SYNE, Ann", 1, "ranked", 60.0, "N", None),
    (2, "SYNF, Ben", 14, "ranked", 20.0, "N", None),
    (3, "S. G.", None, "under_18", None, "Y", "Under 18: no score on this page."),
    (4, "SYNH, Cal", None, None, None, "N", "No score: removed on review on 3 July 2026."),
)
COVERAGE = pd.DataFrame(
    {
        "title": ["Recorded crime", "Prison status", "Intelligence"],
        "state": ["arrived", "held", "arrived"],
        "agency": ["Police", "Prisons", "Police"],
        "used_received_on": pd.to_datetime(["2026-11-20", "2026-10-23", "2026-11-20"]),
    }
)
NOBODY = LIST.iloc[:0]
SURE = sure(**{"SYNE, Ann": "robust core", "SYNF, Ben": "outside", "SYNX": "contest zone", "SYNY": "contest zone"})


@pytest.mark.parametrize(("n", "word"), [(0, "none"), (1, "one"), (12, "twelve"), (13, "13"), (1234, "1,234")])
def test_small_numbers_are_words(n: int, word: str) -> None:
    assert say_number(n) == word


@pytest.mark.parametrize(
    ("n", "word"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st")],
)
def test_places_have_their_endings(n: int, word: str) -> None:
    assert say_ordinal(n) == word


def test_the_list_is_counted_as_it_stands() -> None:
    assert finding_list(LIST, SURE) == (
        "Of the four, two have a matrix rank: one firm in its ten, none in the contest zone, and Synf outside it. Two "
        "have none; the reason is in the row."
    )


def test_the_contest_is_counted_in_places_and_people() -> None:
    assert say_contest(SURE) == "one place of the ten is firm and two people contest the other nine"
    assert finding_cut(1.25, SURE).endswith("contest the other nine. 1.2 points of 100 separate 10th from 11th.")
    assert say_contest(sure(A="robust core")) == "one place of the ten is firm and nobody contests the rest"


def test_the_so_what_is_five_lines_and_names_what_stands_out() -> None:
    lines = write_so_what(LIST, LIST.iloc[:1], 0.5, COVERAGE, SURE)
    assert len(lines) == 5
    assert "one place of the ten is firm" in lines[0]
    far = "Synf is 2nd on the police list and 14th on the matrix: highly unlikely (17 in 100) to come onto the matrix's"
    assert lines[1].startswith(far)
    assert "S. G. is a child" in lines[2] and "Synh (removed on review on 3 July 2026)" in lines[2]
    assert "0.5 points separate 10th from 11th" in lines[3]


def test_nobody_high_is_said_and_not_left_blank() -> None:
    assert finding_high(NOBODY).startswith("Nobody ranks 11th or better")
    assert finding_cut(None, SURE).startswith("Fewer than eleven")
    assert finding_actions(0, 0, pd.DataFrame()) == "No action is recorded as open."


def test_a_held_feed_is_named_with_what_stands_in() -> None:
    assert finding_coverage(COVERAGE) == (
        "Two of three feeds this meeting uses arrived and were used; prison status is held because its agreement had "
        "expired, and that of 23 Oct 2026 stands in."
    )


def test_what_is_asked_follows_from_the_tables() -> None:
    left_out = pd.DataFrame({"gate": ["g7", "g3"], "reason": ["sign of exploitation", "no link shown"]})
    people = pd.DataFrame({"person_id": ["E", "F"], "name": ["SYNE, Ann", "SYNF, Ben"], "is_dual": [True, False]})
    asked = write_asked(LIST, left_out, people, COVERAGE)
    assert [line.split()[0].rstrip(":") for line in asked] == ["Select,", "Synh", "Syne", "Exploitation", "Ask"]


def test_what_is_decided_is_asked_no_more() -> None:
    left_out = pd.DataFrame({"gate": ["g7"], "reason": ["the chair decided not to score (exploitation)"]})
    people = pd.DataFrame({"person_id": ["E"], "name": ["SYNE, Ann"], "is_dual": [True]})
    asked = write_asked(LIST, left_out, people, COVERAGE, led=frozenset({"E"}), is_final=True)
    assert [line.split()[0].rstrip(":") for line in asked] == ["Synh", "Ask"]


def test_no_sentence_uses_a_banned_phrase() -> None:
    left_out = pd.DataFrame({"gate": ["g7"], "reason": ["sign of exploitation"]})
    people = pd.DataFrame({"person_id": ["E"], "name": ["SYNE, Ann"], "is_dual": [True]})
    sentences = [*write_so_what(LIST, LIST, 0.5, COVERAGE, SURE), *write_asked(LIST, left_out, people, COVERAGE)]
    assert [found for sentence in sentences for found in find_banned(sentence)] == []


def test_names_are_listed_as_a_sentence_does_and_more_are_counted() -> None:
    assert list_names(["SYNA, A", "SYNB, B", "SYNC, C"], most=2) == "Syna, Synb and one more"
    assert surname("O'SYN, A") == "O'Syn"
