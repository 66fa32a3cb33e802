"""The matrix run again in many draws, part by part, so that memory stays small however many there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.scoring.certainty.open_identity import OpenGroup
from csp_toolkit.scoring.certainty.policy import CertaintyPolicy
from csp_toolkit.scoring.certainty.rescoring import Totals, score_worlds
from csp_toolkit.scoring.certainty.seats import Places, rank_each, share_seats
from csp_toolkit.scoring.certainty.sheet import Sheet, lay_out
from csp_toolkit.scoring.certainty.worlds import Doubts
from csp_toolkit.scoring.matrix_parts import ten_thousandths
from csp_toolkit.scoring.ranking import Scores

# Numbers of eight bytes that one step holds at a time, of which there are about five: what is quickest, and up to four
# times that so that a step has some draws to work on.
_CELLS, _FEW_DRAWS = 1 << 17, 16


@dataclass(frozen=True, eq=False)
class Reruns:
    """People whose scores can be worked out in any draws.

    Attributes
    ----------
    doubts : what is varied. n_people : how many; standing n is person n for these.
    others : of every further standing, whose it is.
    """

    doubts: Doubts
    n_people: int
    others: tuple[int, ...]

    @property
    def sheet(self) -> Sheet:
        """Return the sheet that is scored."""
        return self.doubts.sheet

    def score(self, draws: Mapping[str, range], n_draws: int, *, with_harm: bool = False) -> Totals:
        """Score everybody: people by draws."""
        worlds = self.doubts.imagine(draws, n_draws)
        totals = score_worlds(self.sheet, worlds, self.doubts.matrix, with_harm=with_harm)
        return Totals(self._gather(totals.score), self._gather(totals.harm))

    def _gather(self, values: np.ndarray) -> np.ndarray:
        own = values[: self.n_people]
        for place, person in enumerate(self.others):
            own[person] += values[self.n_people + place]
        return own

    def part(self, n_draws: int) -> Iterator[range]:
        """Part the draws into steps of a size that memory bears."""
        rows = max(len(self.sheet.weight), self.n_people, 1)
        step = max(_CELLS // rows, min(4 * _CELLS // rows, _FEW_DRAWS)) // 2 * 2 or 2
        for start in range(0, n_draws, step):
            yield range(start, min(start + step, n_draws))

    def place(self, sources: Sequence[str], n_draws: int, ranked: np.ndarray, base: np.ndarray) -> Places:
        """Place the people of `ranked` in draws 0 to `n_draws`, and say of everybody how often they reach Red.

        Parameters
        ----------
        ranked : the numbers of those who compete for seats. base : each one's share of a seat in the list as it is.
        """
        red = self.doubts.matrix.bands.red
        seats, kept = np.zeros(len(ranked)), np.empty(n_draws)
        ranks = np.empty((len(ranked), n_draws), dtype="int32")
        points, both = (np.zeros(self.n_people, dtype="int64") for _ in range(2))
        for part in self.part(n_draws):
            totals = self.score(dict.fromkeys(sources, part), len(part), with_harm=True)
            scores = totals.score[ranked].T
            share = share_seats(scores)
            seats += share.sum(axis=0)
            kept[part.start : part.stop] = keep_seats(share, base)
            ranks[:, part.start : part.stop] = rank_each(scores).T
            has_points = totals.score >= ten_thousandths(red.at_least)
            points += has_points.sum(axis=1)
            both += (has_points & (totals.harm >= ten_thousandths(red.harm_at_least))).sum(axis=1)
        return Places(seats, ranks, kept, points, both)

    def count_kept(self, draws: Mapping[str, int], n_draws: int, base: np.ndarray) -> np.ndarray:
        """Return, draw by draw, how many of the seats of the list as it is are kept; `draws` says where each begins."""
        kept = np.empty(n_draws)
        for part in self.part(n_draws):
            own = {source: range(first + part.start, first + part.stop) for source, first in draws.items()}
            share = share_seats(self.score(own, len(part)).score.T)
            kept[part.start : part.stop] = keep_seats(share, base)
        return kept


def keep_seats(share: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return how much of the seats in `base` is kept in each draw."""
    return np.minimum(share, base).sum(axis=1)


def prepare_reruns(
    scores: Scores, people: Sequence[str], items: pd.DataFrame, who: Sequence[str], groups: Sequence[OpenGroup],
    policy: CertaintyPolicy, *, seed: int,
) -> Reruns:  # fmt: skip
    """Prepare to score `people` again, whose standings and items `stand` returned."""
    wanted = set(people)
    kept = [n for n, person in enumerate(who) if person in wanted]
    place = {standing: n for n, standing in enumerate(kept)}
    number = {person: n for n, person in enumerate(people)}
    own = items[items["standing"].isin(kept)]
    own = own.assign(standing=own["standing"].map(place).astype("int64"))
    sheet = lay_out(own, scores.matrix, as_of=scores.as_of, n_standings=len(kept), most_days=max(policy.time.stretches))
    moved = tuple(group.restrict(place) for group in groups)
    others = tuple(number[who[standing]] for standing in kept[len(people) :])
    return Reruns(Doubts(sheet, scores.matrix, policy, seed, moved), len(people), others)
