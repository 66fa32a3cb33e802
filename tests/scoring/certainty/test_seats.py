"""Seats go to the highest, ties share, nobody without points takes one, and the sums come out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.scoring.certainty.seats import Places, rank_each, share_seats

DRAWN = st.lists(st.integers(0, 6), min_size=1, max_size=14)


def by_hand(points: list[int], seats: int) -> list[float]:
    shares = [0.0] * len(points)
    left = seats
    for level in sorted({p for p in points if p > 0}, reverse=True):
        who = [n for n, p in enumerate(points) if p == level]
        for n in who:
            shares[n] = min(1.0, left / len(who))
        left = max(left - len(who), 0)
    return shares


@given(DRAWN, st.integers(1, 10))
def test_shares_are_those_dealt_by_hand(points, seats) -> None:
    found = share_seats(np.array([points]), seats=seats)[0]
    assert np.allclose(found, by_hand(points, seats), atol=1e-12)
    assert abs(found.sum() - min(seats, sum(p > 0 for p in points))) < 1e-9


@given(st.lists(DRAWN.filter(lambda p: len(p) == 5) | st.lists(st.integers(0, 6), min_size=5, max_size=5), min_size=1))
def test_a_rank_is_one_and_the_number_above_and_ties_share_it(draws) -> None:
    scores = np.array(draws)
    above = (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    assert (rank_each(scores) == above + 1).all()


def test_nobody_and_nothing_are_no_trouble() -> None:
    assert share_seats(np.zeros((3, 0), dtype="int64")).shape == (3, 0)
    assert rank_each(np.zeros((3, 0), dtype="int64")).shape == (3, 0)
    assert share_seats(np.zeros((2, 12), dtype="int64")).sum() == 0


def test_the_rank_at_a_share_is_reached_in_at_least_that_share_of_the_draws() -> None:
    ranks = np.array([[3, 1, 2, 5, 4, 6, 7, 8, 9, 10] * 2])
    nothing = np.zeros(1)
    places = Places(nothing, ranks, np.zeros(20), nothing, nothing)
    assert [int(places.rank_at(share)[0]) for share in (0.05, 0.1, 0.5, 0.51, 0.95, 1.0)] == [1, 1, 5, 6, 10, 10]
