"""What is said to be likely is true as often as that: on boroughs whose truth is known.

`make prove` runs two hundred boroughs and prints the figures that stand in docs/methods/certainty.md.
"""

import os

import pandas as pd
import pytest

from tests.scoring.simulated_boroughs import TRUSTING, cover, part_in_fifths, simulate

PROVE = os.environ.get("CSP_PROVE") == "1"
BOROUGHS = range(200) if PROVE else range(12)


def show(title: str, people: pd.DataFrame) -> None:
    print(f"\n{title}: {len(BOROUGHS)} boroughs, {len(people):,} people, ranges cover {100 * cover(people):.1f} in 100")
    for fifth in part_in_fifths(people):
        said = f"{100 * fifth.share:.1f} (2 s.e. {100 * fifth.error:.1f})" if fifth.n else "-"
        print(f"  {fifth.low:.1f} to {fifth.high:.1f}: {fifth.n:,} people, in the ten in truth {said} in 100")


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.concat([simulate(seed) for seed in BOROUGHS], ignore_index=True)


def test_of_those_given_a_chance_in_a_fifth_the_share_truly_in_the_ten_lies_in_it(people) -> None:
    show("As graded", people)
    fifths = part_in_fifths(people)
    assert min(fifth.n for fifth in fifths) >= (100 if PROVE else 5)
    assert all(fifth.is_calibrated for fifth in fifths)


def test_ranges_of_ninety_in_a_hundred_cover_the_true_rank_in_eighty_five_or_more(people) -> None:
    assert cover(people) >= 0.85


def test_with_grades_trusted_too_far_ranges_miss_the_true_rank_more_often(people) -> None:
    wrong = pd.concat([simulate(seed, TRUSTING) for seed in BOROUGHS], ignore_index=True)
    show("Grades trusted too far", wrong)
    assert cover(wrong) < cover(people)
