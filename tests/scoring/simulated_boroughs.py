"""Boroughs whose truth is known: items seen with their grade, and true with the chance that the grade stands for."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.made_items import make_items
from csp_toolkit.scoring.certainty.uncertainty import assess_certainty
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.points import award_points
from tests.scoring.small_pools import policy, pool_of
from tests.scoring.small_views import AS_OF, MATRIX, small_view

FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
TRUSTING = {grade: round(chance**0.5, 3) for grade, chance in MATRIX.grades.items()}
FEW = policy(draws=1_000, share_draws=2)


@dataclass(frozen=True)
class Fifth:
    """The people given a chance in one fifth of nought to one, and how many of them were truly in the ten."""

    low: float
    high: float
    n: int
    n_true: float

    @property
    def share(self) -> float:
        return self.n_true / self.n

    @property
    def error(self) -> float:
        """Two standard errors of the share, with one case added on either side so that it is never nought."""
        p = (self.n_true + 1) / (self.n + 2)
        return 2 * float((p * (1 - p) / (self.n + 2)) ** 0.5)

    @property
    def is_calibrated(self) -> bool:
        return self.low - self.error <= self.share <= self.high + self.error


def simulate(seed: int, grades: dict[str, float] | None = None) -> pd.DataFrame:
    """Make one borough, assess it, and say beside each chance and range what was true.

    `grades` are what the matrix takes the grades to stand for; the truth always goes by the matrix as shipped.
    """
    items = make_items(330, MATRIX, seed=seed, n_people=40, share_origin=0.5, days=700)
    rng = np.random.default_rng(10_000 + seed)
    level = dict(zip(sorted(items["origin_id"].unique()), rng.random(items["origin_id"].nunique()), strict=True))
    is_report = items["basis"].eq("intelligence")
    chance = items["evidence"].map(MATRIX.grades)
    true = items[~is_report | (items["origin_id"].map(level) < chance)]
    true = true.assign(evidence=true["evidence"].where(true["basis"].ne("intelligence"), "1A"))

    matrix = MATRIX if grades is None else Matrix.model_validate(MATRIX.model_dump() | {"grades": grades})
    scores = pool_of(*items.to_dict("records"), matrix=matrix)
    table = assess_certainty(small_view(), scores, FEW, seed=seed, sources=("truth",), with_shares=False).table
    points = award_points(true, MATRIX, as_of=AS_OF).groupby("person_id")["points"].sum()
    points = table["person_id"].map(points).fillna(0).to_numpy()
    above = (points[None, :] > points[:, None]).sum(axis=1)
    level_with = (points[None, :] == points[:, None]).sum(axis=1)
    return table.assign(true_rank=above + 1, true_seat=np.clip((10 - above) / level_with, 0, 1) * (points > 0))


def part_in_fifths(people: pd.DataFrame) -> list[Fifth]:
    """Part those with a chance strictly between nought and one into fifths of it."""
    open_ = people[people["p_top10"].between(0, 1, inclusive="neither")]
    fifths = []
    for low, high in zip(FIFTHS[:-1], FIFTHS[1:], strict=True):
        own = open_[(open_["p_top10"] > low) & (open_["p_top10"] <= high)]
        fifths.append(Fifth(low, high, len(own), float(own["true_seat"].sum())))
    return fifths


def cover(people: pd.DataFrame) -> float:
    """Return the share of true ranks that lie in the range given."""
    return float(people["true_rank"].between(people["rank_low"], people["rank_high"]).mean())
