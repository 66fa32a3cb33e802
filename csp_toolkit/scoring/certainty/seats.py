"""Scores in many draws to seats and ranks: who is in the ten, in what share of the draws, and between which places.

A seat goes to each of the highest; whoever ties across the cut shares what is left of it; nobody without points takes
one. So in every draw the shares add up to the seats filled, and over all draws so do the chances.
"""

from dataclasses import dataclass

import numpy as np

SEATS = 10  # the ten of the monthly meeting, after which `p_top10` is named


def share_seats(scores: np.ndarray, *, seats: int = SEATS) -> np.ndarray:
    """Share the seats of each draw among the highest.

    Parameters
    ----------
    scores : draws by people, whole numbers; a score of nought is no score.

    Returns
    -------
    Draws by people, each from 0 to 1: one for a seat, a part of one for a tie across the cut.

    >>> share_seats(np.array([[5, 3, 3, 0]]), seats=2).tolist()
    [[1.0, 0.5, 0.5, 0.0]]
    """
    n_people = scores.shape[1]
    if n_people <= seats:
        return (scores > 0).astype("float64")
    last = np.partition(scores, n_people - seats, axis=1)[:, n_people - seats, None]
    above, level = scores > last, (scores == last) & (last > 0)
    left = seats - above.sum(axis=1)
    n_level = level.sum(axis=1)
    part = np.divide(left, n_level, out=np.zeros(len(scores)), where=n_level > 0)
    return above + level * part[:, None]


def rank_each(scores: np.ndarray) -> np.ndarray:
    """Rank the people of each draw: one and the number above; without points, after everybody who has some.

    >>> rank_each(np.array([[5, 3, 3, 0]])).tolist()
    [[1, 2, 2, 4]]
    """
    n_draws, n_people = scores.shape
    # Score and person in one whole number: sorting that is quicker than sorting places by score.
    bits = max(n_people - 1, 0).bit_length()
    ordered = np.left_shift(-scores.astype("int64"), bits) | np.arange(n_people)
    ordered.sort(axis=1)
    order = ordered & ((1 << bits) - 1)
    ordered >>= bits
    first = np.ones((n_draws, n_people), dtype="int32")
    np.multiply(ordered[:, 1:] != ordered[:, :-1], np.arange(2, n_people + 1, dtype="int32"), out=first[:, 1:])
    ranks = np.empty((n_draws, n_people), dtype="int32")
    np.put_along_axis(ranks, order, np.maximum.accumulate(first, axis=1, out=first), axis=1)
    return ranks


@dataclass(frozen=True, eq=False)
class Places:
    """How people stood over all draws.

    Attributes
    ----------
    seats : each competitor's seats in sum. ranks : competitors by draws. kept : how many of the list's seats are kept,
        draw by draw.
    n_points, n_red : of everybody, in how many draws they have the points of the highest band, and its harm as well.
    """

    seats: np.ndarray
    ranks: np.ndarray
    kept: np.ndarray
    n_points: np.ndarray
    n_red: np.ndarray

    @property
    def n_draws(self) -> int:
        """Return the number of draws."""
        return len(self.kept)

    def rank_at(self, share: float) -> np.ndarray:
        """Return the rank that each person has or betters in at least this share of the draws."""
        place = max(int(np.ceil(share * self.n_draws - 1e-9)) - 1, 0)
        return np.partition(self.ranks, place, axis=1)[:, place]
