"""Chances of a seat in a pool of any size: only who can reach the cut in some draw needs scoring in all of them.

    chances = assess_seats(scores, policy, seed=1)      # a region's pool: who has a seat how often, and nothing else

The people placed best are scored first; the tenth of them is a floor under the cut of each draw. Of everybody else a
ceiling is worked out, draw by draw, from the most that time, outcome and truth can leave of their items and the draw's
weights. Who is below the floor in every draw has no seat in any, and leaving them out changes no count.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from csp_toolkit.scoring.certainty.policy import IDENTITY, OUTCOMES, SOURCES, TIME, TRUTH, WEIGHTS, CertaintyPolicy
from csp_toolkit.scoring.certainty.reruns import Reruns, prepare_reruns
from csp_toolkit.scoring.certainty.seats import SEATS, share_seats
from csp_toolkit.scoring.certainty.sheet import Sheet
from csp_toolkit.scoring.certainty.worlds import Doubts
from csp_toolkit.scoring.ranking import Scores

_ONE = 1000
# What single precision can lose of a sum of a dozen products, and more.
_SLACK = 1e-5
_ROUNDING = 5.0
_DRAWS_AT_ONCE = 512
_FRONT = 4 * SEATS


def assess_seats(
    scores: Scores, policy: CertaintyPolicy, *, seed: int, sources: Collection[str] | None = None
) -> pd.Series:
    """Assess each ranked person's chance of a seat, and nothing else: `assess_certainty` without ranks and Red.

    Open identities are not varied here: who may be whom is a question for a pool that people can look through.

    Returns
    -------
    `p_top10` by person_id, in the order of the list; those who can never reach the cut have nought.
    """
    varied = [name for name in SOURCES if name in (policy.sources if sources is None else sources) and name != IDENTITY]
    people = scores.list_ranked()
    place = {person: n for n, person in enumerate(people)}
    items = scores.items[scores.items["person_id"].isin(people)]
    items = items.assign(standing=items["person_id"].map(place).astype("int64"))

    def prepare(wanted: Sequence[str]) -> Reruns:
        return prepare_reruns(scores, wanted, items, people, (), policy, seed=seed)

    whole, front = prepare(people), prepare(people[:_FRONT])
    floor = np.concatenate(
        [find_floor(front.score(dict.fromkeys(varied, part), len(part)).score) for part in front.part(policy.draws)]
    )
    weights = whole.doubts.draw_weights(range(policy.draws) if WEIGHTS in varied else None)
    reaches = find_reaching(raise_ceilings(whole.doubts, varied), weights, floor)
    reaching = prepare([person for person, is_near in zip(people, reaches, strict=True) if is_near])
    seats = np.zeros(len(people))
    for part in reaching.part(policy.draws):
        own = reaching.score(dict.fromkeys(varied, part), len(part)).score
        seats[reaches] += share_seats(own.T).sum(axis=0)
    return pd.Series((seats / policy.draws).round(10), index=pd.Index(people, name="person_id"), name="p_top10")


def raise_ceilings(doubts: Doubts, sources: Sequence[str]) -> np.ndarray:
    """Return the most points of each standing by criterion, under weights of one and before any cap.

    Standings by criteria, in ten-thousandths of a point, with room for the rounding of each item whatever its weight.
    """
    sheet = doubts.sheet
    evidence = np.array(
        [doubts.matrix.evidence_factors[name] // 10 for _, name in sheet.evidence_rows], dtype="float64"
    )
    is_report = np.array([bool(origin) for origin, _ in sheet.evidence_rows], dtype=bool)
    if TRUTH in sources:
        evidence[is_report] = _ONE
    if OUTCOMES in sources:
        settled = np.array([name in doubts.policy.settled_outcomes for _, name in sheet.evidence_rows], dtype=bool)
        evidence[~is_report & ~settled] = _ONE
    left = doubts.most_recency() if TIME in sources else doubts.draw_recency(None)[:, 0]
    most = sheet.weight * evidence[sheet.evidence] * left[sheet.time] / _ONE**3 * 10 + _ROUNDING
    where = standing_of_items(sheet) * len(sheet.criteria) + sheet.criterion
    flat = np.bincount(where, weights=most, minlength=sheet.n_standings * len(sheet.criteria))
    return flat.reshape(sheet.n_standings, len(sheet.criteria))


def standing_of_items(sheet: Sheet) -> np.ndarray:
    """Return whose each item is."""
    found = np.empty(len(sheet.weight), dtype="int64")
    heads = sheet.cells.keys // 2
    of_cell = np.empty(len(sheet.cell_criterion), dtype="int64")
    of_domain = np.repeat(sheet.people.keys, sheet.people.sizes)
    of_cell[sheet.domains.rows] = np.repeat(of_domain, sheet.domains.sizes)
    found[sheet.cells.rows] = np.repeat(of_cell[heads], sheet.cells.sizes)
    return found


def find_floor(scores: np.ndarray) -> np.ndarray:
    """Return the score of the last seat in each draw, of people by draws; nought where seats stay empty."""
    if len(scores) < SEATS:
        return np.zeros(scores.shape[1], dtype="int64")
    return np.sort(scores, axis=0)[-SEATS]


def find_reaching(ceilings: np.ndarray, weights: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """Say of each standing whether its ceiling reaches the floor in any draw."""
    limit = (floor * (1 - _SLACK)).astype("float32")
    reaches = (ceilings @ weights.max(axis=1) / _ONE) >= limit.min()
    near = np.flatnonzero(reaches)
    narrow, heavy = ceilings[near].astype("float32"), (weights / _ONE).astype("float32")
    found = np.zeros(len(near), dtype=bool)
    for start in range(0, len(limit), _DRAWS_AT_ONCE):
        left = np.flatnonzero(~found)
        part = slice(start, start + _DRAWS_AT_ONCE)
        own = heavy[:, part] if heavy.shape[1] > 1 else heavy
        found[left] = (narrow[left] @ own >= limit[part]).any(axis=1)
    reaches[near] = found
    return reaches
