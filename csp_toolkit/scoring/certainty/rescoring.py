"""A sheet scored in many draws at once, by the rules of the ledger and in whole numbers.

In each draw the points of an item are base x weight x evidence x recency x role, rounded half-up once; then the event
rule, the origin rule, the two-origins rule and the three caps, as in `points`. What is false or outside its window in a
draw is not there in it. The sum is what `award_points` would give that draw's matrix and items, to the ten-thousandth.
"""

from dataclasses import dataclass

import numpy as np

from csp_toolkit.scoring.certainty.sheet import Groups, Sheet
from csp_toolkit.scoring.certainty.worlds import Worlds
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths

# base in thousandths of a point, and four factors in thousandths, to ten-thousandths of a point.
_PRODUCT = 10**11


@dataclass(frozen=True, eq=False)
class Totals:
    """Scores by standing and draw, in ten-thousandths.

    `harm` is proved or alleged harm as the highest band asks for it, and nought throughout where it was not asked for.
    """

    score: np.ndarray
    harm: np.ndarray


def score_worlds(sheet: Sheet, worlds: Worlds, matrix: Matrix, *, with_harm: bool = False) -> Totals:
    """Score everybody on the sheet in each of the worlds."""
    score = np.zeros((sheet.n_standings, worlds.n_draws), dtype="int64")
    harm = np.zeros_like(score)
    if len(sheet.weight):
        points = _award(sheet, worlds)
        facts, reports = _fill_criteria(sheet, points, matrix)
        facts_in, reports_in = _fill_domains(sheet, facts, reports, matrix)
        total = np.minimum(sheet.people.add_up(reports_in), ten_thousandths(matrix.intelligence_cap))
        score[sheet.people.keys] = total + sheet.people.add_up(facts_in)
        if with_harm:
            harm[sheet.people.keys] = _add_harm(sheet, points, facts, facts_in, matrix)
    for standing, is_there in worlds.standings.items():
        score[standing] *= is_there
    return Totals(score, harm)


def _award(sheet: Sheet, worlds: Worlds) -> np.ndarray:
    """Return the points of each item in each draw after the rules of what counts once."""
    factors = [(worlds.weights, sheet.criterion), (worlds.evidence, sheet.evidence), (worlds.recency, sheet.time)]
    fixed = sheet.weight[:, None]
    for factor, rows in factors:
        if factor.shape[1] == 1:
            fixed = fixed * factor.take(rows, axis=0)
    varied = [(factor, rows) for factor, rows in factors if factor.shape[1] > 1]
    points = _award_whole(fixed, varied)
    if points is None:
        points = np.repeat(fixed, worlds.n_draws, axis=1)
        for factor, rows in varied:
            points *= factor.take(rows, axis=0)
        _round(points)
    enough = _count_origins(sheet, points) > 1
    _keep_highest(points, sheet.same_event)
    _keep_highest(points, sheet.same_origin)
    points[sheet.asking_reports] *= enough[sheet.asking_of]
    return points


def _award_whole(fixed: np.ndarray, varied: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray | None:
    """Return points where one factor varies and is all or nothing in every row, as the truth of a report is.

    Each item then has its points or none, and is rounded once and not in every draw. None where that is not so.
    """
    if len(varied) != 1:
        return None
    factor, rows = varied[0]
    whole = factor.max(axis=1, keepdims=True)
    is_there = factor == whole
    if not (is_there | (factor == 0)).all():
        return None
    points = fixed * whole.take(rows, axis=0)
    _round(points)
    return points * is_there.take(rows, axis=0)


def _round(points: np.ndarray) -> None:
    """Round products half-up to ten-thousandths, in place."""
    points += _PRODUCT // 2
    points //= _PRODUCT


def _count_origins(sheet: Sheet, points: np.ndarray) -> np.ndarray:
    """Count the origins of which anything is there, where a criterion asks for several."""
    if not len(sheet.askings.sizes):
        return np.zeros((0, points.shape[1]), dtype="int64")
    is_there = sheet.origins.add_up(points) > 0
    return sheet.askings.add_up(is_there.astype("int64"))


def _keep_highest(points: np.ndarray, groups: Groups) -> None:
    """Leave of each group the first of the highest, and nothing of the rest; changes `points`."""
    places = [(groups.sizes > place, place) for place in range(int(groups.sizes.max(initial=0)))]
    rows = [groups.rows[groups.starts[longer] + place] for longer, place in places]
    highest = points[groups.rows[groups.starts]]
    for (longer, _), at in zip(places[1:], rows[1:], strict=True):
        highest[longer] = np.maximum(highest[longer], points[at])
    is_found = np.zeros(highest.shape, dtype=bool)
    for (longer, _), at in zip(places, rows, strict=True):
        counts = (points[at] == highest[longer]) & ~is_found[longer]
        is_found[longer] |= counts
        points[at] *= counts


def _fill_criteria(sheet: Sheet, points: np.ndarray, matrix: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Return what facts and what reports come to in each cell, facts filling its cap first."""
    parts = np.zeros((2, len(sheet.cell_criterion), points.shape[1]), dtype="int64")
    parts[sheet.cells.keys % 2, sheet.cells.keys // 2] = sheet.cells.add_up(points)
    caps = np.array([ten_thousandths(matrix.by_id[name].cap) for name in sheet.criteria])[sheet.cell_criterion]
    return _fill(parts[0], parts[1], caps)


def _fill_domains(
    sheet: Sheet, facts: np.ndarray, reports: np.ndarray, matrix: Matrix
) -> tuple[np.ndarray, np.ndarray]:
    caps = np.array([ten_thousandths(domain.cap) for domain in matrix.domains])[sheet.domain_of]
    return _fill(sheet.domains.add_up(facts), sheet.domains.add_up(reports), caps)


def _fill(facts: np.ndarray, reports: np.ndarray, caps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fill caps, facts first; changes both."""
    np.minimum(facts, caps[:, None], out=facts)
    return facts, np.minimum(reports, caps[:, None] - facts, out=reports)


def _add_harm(sheet: Sheet, points: np.ndarray, facts: np.ndarray, facts_in: np.ndarray, matrix: Matrix) -> np.ndarray:
    """Add up proved and alleged harm after all caps.

    A whole domain's facts are what its cap leaves. Of a single criterion in another domain it has to be seen which of
    the domain's facts the cap cuts: the last of them, alleged before proved and small before large.
    """
    red = matrix.bands.red
    harmful = np.array([domain.id in red.harm_domains for domain in matrix.domains])
    total = sheet.people.add_up(facts_in * harmful[sheet.domain_of][:, None])
    single = [sheet.criteria.index(name) for name in red.harm_criteria
              if matrix.by_id[name].domain not in red.harm_domains]  # fmt: skip
    person_of, domain_of = np.empty(len(sheet.domains.sizes), dtype="int64"), np.empty_like(sheet.cell_criterion)
    person_of[sheet.people.rows] = np.repeat(np.arange(len(sheet.people.sizes)), sheet.people.sizes)
    domain_of[sheet.domains.rows] = np.repeat(np.arange(len(sheet.domains.sizes)), sheet.domains.sizes)
    cells = np.flatnonzero(np.isin(sheet.cell_criterion, single))
    domains, own = domain_of[cells], facts[cells]
    is_cut = (sheet.domains.add_up(facts)[domains] > facts_in[domains]) & (own > 0)
    for place, draw in np.argwhere(is_cut):
        start, size = sheet.domains.starts[domains[place]], sheet.domains.sizes[domains[place]]
        others = sheet.domains.rows[start : start + size]
        own[place, draw] = _fill_in_order(sheet, points[:, draw], others, int(cells[place]), matrix)
    np.add.at(total, person_of[domains], own)
    return total


def _fill_in_order(sheet: Sheet, points: np.ndarray, cells: np.ndarray, wanted: int, matrix: Matrix) -> int:
    """Return what one cell's facts keep when their domain is filled in the order of the ledger, in one draw."""
    criteria = {cell: matrix.by_id[sheet.criteria[sheet.cell_criterion[cell]]] for cell in cells}
    caps = {cell: ten_thousandths(criterion.cap) for cell, criterion in criteria.items()}
    left = next(ten_thousandths(domain.cap) for domain in matrix.domains if domain.id == criteria[wanted].domain)
    rows = []
    for group in np.flatnonzero(np.isin(sheet.cells.keys, 2 * cells)):
        cell = sheet.cells.keys[group] // 2
        own = sheet.cells.rows[sheet.cells.starts[group] :][: sheet.cells.sizes[group]]
        rows += [(sheet.basis[row], -points[row], sheet.item[row], criteria[cell].id, cell) for row in own]
    kept = 0
    for _, minus, _, _, cell in sorted(rows):
        within = min(-minus, caps[cell])
        caps[cell] -= within
        counted = min(within, left)
        left -= counted
        kept += counted if cell == wanted else 0
    return int(kept)
