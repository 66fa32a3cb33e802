"""Intervals against published figures."""

import numpy as np
import pytest

from csp_toolkit.tables.intervals import (
    bound,
    compare_two_shares,
    odds_exactly,
    resample_people,
    share_exactly,
    share_wilson,
)


def test_the_exact_interval_of_nought_of_ten_is_clopper_and_pearsons() -> None:
    found = share_exactly(0, 10)
    assert (found.low, round(found.high, 4)) == (0.0, 0.3085)  # 1 - .025 ** (1 / 10)
    assert round(share_exactly(5, 10).low, 4) == 0.1871


def test_wilsons_interval_and_the_difference_are_newcombes_own() -> None:
    """Newcombe 1998: 81 of 263 by the score method; 56 of 70 less 48 of 80 by method 10."""
    found = share_wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    gap = compare_two_shares(56, 70, 48, 80)
    assert (round(gap.value, 4), round(gap.low, 4), round(gap.high, 4)) == (0.2000, 0.0524, 0.3339)


def test_the_odds_of_the_lady_tasting_tea_are_fishers() -> None:
    """R: fisher.test(matrix(c(3, 1, 1, 3), 2)) gives 6.408 (0.31 one-sided; .2117 to 621.93 two-sided)."""
    found = odds_exactly(3, 1, 1, 3)
    assert found.value == pytest.approx(6.408, abs=1e-3) and found.low == pytest.approx(0.2117, abs=1e-3)


@pytest.mark.parametrize("empty", [(0, 0, 1, 2), (1, 2, 0, 0), (0, 3, 0, 4), (3, 0, 4, 0)])
def test_nothing_is_said_where_a_margin_is_empty(empty) -> None:
    assert np.isnan(odds_exactly(*empty).value)
    assert np.isnan(share_exactly(0, 0).value) and np.isnan(compare_two_shares(0, 0, 1, 2).value)


def test_all_the_rows_of_one_person_are_drawn_together() -> None:
    people = np.array([0, 1, 1, 2])
    counts = resample_people(people, n=200, rng=np.random.default_rng(1))
    assert (counts[:, 1] == counts[:, 2]).all()
    assert (counts[:, [0, 1, 3]].sum(axis=1) == 3).all() and counts[:, 0].std() > 0


def test_what_could_not_be_worked_out_is_left_out_of_the_bounds() -> None:
    assert bound(np.array([np.nan, 1.0, 1.0]), 0.95) == (1.0, 1.0)
    assert np.isnan(bound(np.array([np.nan]), 0.95)).all()
