"""Which open questions could change a band: exactly those that trying every answer finds."""

import os
from itertools import product

import numpy as np
import pandas as pd
import pytest

from csp_toolkit.risk.answers import weigh_answers
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.caps import UNKNOWN
from csp_toolkit.risk.facts import FACT_COLUMNS
from csp_toolkit.risk.levels import Facts, reckon
from csp_toolkit.risk.toolkit import Toolkit
from tests.risk.small_answers import AREAS, AS_OF, ON, RAT, as_rows, assessed

MOST_OPEN = 5
N_TRIED = 400 if os.environ.get("CSP_PROVE") else 40


def try_everything(
    row: np.ndarray, age: int, facts: dict[str, bool], toolkit: Toolkit
) -> dict[tuple[str, int], set[str]]:
    """Return how each open question can change the band of its axis, by reckoning every completion."""
    opened = np.nonzero(row == UNKNOWN)[0]
    completions = np.array(list(product(range(toolkit.unknown_high + 1), repeat=len(opened))), dtype="int8")

    def bands(grid: np.ndarray) -> dict[str, np.ndarray]:
        many = Facts(np.full(len(grid), float(age)), {f: np.full(len(grid), facts.get(f, False)) for f in FACT_COLUMNS})
        return reckon(grid, many, toolkit).bands

    found: dict[tuple[str, int], set[str]] = {}
    now = bands(row[None])
    for place in opened:
        filled = np.repeat(row[None], len(completions), axis=0)
        filled[:, opened] = completions
        ends = {}
        for answer in (0, toolkit.unknown_high, 3):
            filled[:, place] = answer
            ends[answer] = bands(filled)
        alone = np.repeat(row[None], 4, axis=0)
        alone[:, place] = range(4)
        by_itself = bands(alone)
        for axis in toolkit.axes:
            if place not in [toolkit.place[i.id] for d in axis.domains for i in d.indicators]:
                continue
            changes = by_itself[axis.id] != now[axis.id]
            if changes[: toolkit.unknown_high + 1].any():
                found[axis.id, int(place)] = {"alone"}
            elif (ends[0][axis.id] != ends[toolkit.unknown_high][axis.id]).any():
                found[axis.id, int(place)] = {"with others"}
            elif changes[3] or (ends[0][axis.id] != ends[3][axis.id]).any():
                found[axis.id, int(place)] = {"only if severe"}
    return found


@pytest.mark.parametrize("toolkit", [RAT, AREAS], ids=lambda t: t.name)
def test_they_are_exactly_those_that_trying_every_answer_finds(toolkit: Toolkit) -> None:
    rng = np.random.default_rng(20261126)
    hows: set[str] = set()
    for _ in range(N_TRIED):
        age = int(rng.choice([12, 15, 30]))
        n = len(toolkit.indicators)
        weights = [1 - (p := rng.random() * 0.25), p * 0.5, p * 0.3, p * 0.2]
        row = rng.choice(4, n, p=weights)
        # Open questions lie together, where they can bring a domain over the edge between them.
        first = rng.integers(0, n)
        near = (first + rng.integers(0, 9 if rng.random() < 0.5 else n, MOST_OPEN)) % n
        row[near] = UNKNOWN
        facts = {f: True for f in FACT_COLUMNS if rng.random() < 0.1}
        said = ["UNKNOWN" if v < 0 else v for v in row]
        rows = [{"assessment_ref": "C/1", "indicator": i.id, "answer": a, "note": "seen"}
                for a, i in zip(said, toolkit.indicators, strict=True)]  # fmt: skip
        whose = pd.DataFrame([{"assessment_ref": "C/1", "assessed_on": ON, "age_years": age, **facts}])
        answers = weigh_answers(as_rows(rows), whose, toolkit)
        listed = assess(answers, as_of=AS_OF).changing
        got = {
            (a, toolkit.place[i]): {how}
            for a, i, how in zip(listed["axis"], listed["indicator"], listed["how"], strict=True)
        }
        want = try_everything(answers.grid[0].astype("int64"), age, facts, toolkit)
        assert got == want
        hows |= {h for how in want.values() for h in how}
    assert hows == {"alone", "with others", "only if severe"}


def test_a_range_of_one_band_and_a_score_within_it_leave_nothing_to_ask() -> None:
    found = assessed({}, unknown=("V7.1",))
    assert found.changing["how"].tolist() == ["only if severe"], "a 3 would bring the floor of one domain at level 3"
    assert assessed({}).changing.empty


def test_a_question_whose_answer_brings_a_floor_is_named_with_what_it_would_do() -> None:
    row = assessed({}, unknown=("V8.7",)).changing.iloc[0]
    assert row[["indicator", "how", "band_now", "band_if_0", "band_if_2"]].tolist() == [
        "V8.7",
        "alone",
        "LOW",
        "LOW",
        "VERY_HIGH",
    ]
    assert row["agency"] == "Essex Police" and row["is_critical"]


def test_where_a_floor_holds_already_no_answer_below_it_matters() -> None:
    found = assessed({"V8.7": 2}, unknown=("V1.4", "V7.1", "V6.1"))
    assert found.table["v_band"].tolist() == ["VERY_HIGH"] and found.changing.empty


def test_two_questions_that_only_matter_together_say_so() -> None:
    given = {"V3.1": 2, "V3.2": 2, "V1.1": 1, "V2.1": 1, "V4.4": 1, "V6.1": 1}
    found = assessed(given, unknown=("V3.3", "V3.5"))
    assert found.table["v_band"].tolist() == ["LOW"]
    assert found.changing[["indicator", "how"]].values.tolist() == [["V3.3", "with others"], ["V3.5", "with others"]]


def test_an_assessment_that_is_not_the_newest_can_be_asked_for_by_name() -> None:
    found = assessed({}, unknown=("V8.7",))
    pd.testing.assert_frame_equal(found.find_changing("C/1"), found.changing)
