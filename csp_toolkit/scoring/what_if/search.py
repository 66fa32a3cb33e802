"""The search for the smallest sets of records without which one person has no place among the first ten.

Exact for sets of one, two and three: every set that could suffice is tried under the rules of the ledger, and none is
passed over but those whose points, caps and all, are too few to matter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from csp_toolkit.scoring.what_if.standings import OUT, Standing

MOST = 3
POINTS, FRESHNESS, INCLUSION = ROUTES = ("points", "freshness", "inclusion")
_AT_ONCE = 20_000


@dataclass(frozen=True, eq=False)
class Holding:
    """What one person holds that may fall: the units, each with its records, and those of them the person has.

    `has_items` and `is_cited` say of each unit whether it scores for the person and whether the register cites it;
    `rivals` which units each other person holds too; `bound` the most points a unit can take with it; `n_fresh` how
    many units hold something recent.
    """

    person: str
    members: tuple[frozenset[str], ...]
    own: tuple[tuple[str, ...], ...]
    has_items: np.ndarray
    is_cited: np.ndarray
    rivals: Mapping[str, np.ndarray]
    bound: np.ndarray
    n_fresh: int


def hold(standing: Standing, person: str, units: Mapping[str, str]) -> Holding:
    """Gather what a person holds, and who else of the ranked holds some of it."""
    evidence, cited = standing.evidence[person], standing.cited[person]
    items, references = frozenset(evidence.refs), frozenset(cited.refs)
    names = sorted({units[ref] for ref in items | references})
    place = {name: number for number, name in enumerate(names)}
    members: list[set[str]] = [set() for _ in names]
    for ref, name in units.items():
        if name in place:
            members[place[name]].add(ref)
    rivals = {other: shared for other in standing.people
              if other != person and len(shared := _share(standing, other, units, place))}  # fmt: skip
    return Holding(
        person, tuple(map(frozenset, members)), tuple(tuple(sorted(one & (items | references))) for one in members),
        np.array([bool(one & items) for one in members]), np.array([bool(one & references) for one in members]),
        rivals, _bound(standing, person, [place[units[ref]] for ref in evidence.refs], len(names)),
        len({units[ref] for ref in evidence.refs[evidence.is_fresh]}),
    )  # fmt: skip


def _share(standing: Standing, other: str, units: Mapping[str, str], place: Mapping[str, int]) -> np.ndarray:
    theirs = {units[ref] for ref in standing.evidence[other].refs} | {units[ref] for ref in standing.cited[other].refs}
    return np.array(sorted(place[name] for name in theirs if name in place), dtype=np.int64)


def _bound(standing: Standing, person: str, unit_of_item: list[int], n_units: int) -> np.ndarray:
    """Return the most points each unit can take with it: its items' own, and what they let count."""
    evidence = standing.evidence[person]
    bound = np.zeros(n_units, dtype=np.int64)
    np.add.at(bound, unit_of_item, evidence.points)
    bound[np.unique(np.array(unit_of_item)[evidence.is_asking])] += int(evidence.points[evidence.is_asking].sum())
    return bound


def search(standing: Standing, holding: Holding) -> Iterator[dict[str, object]]:
    """Return the sets that suffice and of which no part does: by points first, smaller ones first, then by gate g3."""
    to_lose = _find_least_loss(standing, holding)
    enough: list[tuple[int, ...]] = []
    for size in range(1, MOST + 1):
        for sets in _choose(np.flatnonzero(holding.has_items), size, enough, holding.bound, to_lose):
            found, rows = _try_points(standing, holding, sets)
            enough += [tuple(one) for one in found.tolist()]
            yield from rows
    enough = []
    none = np.ones(len(holding.members), dtype=np.int64)
    for size in range(1, MOST + 1):
        for sets in _choose(np.flatnonzero(holding.is_cited), size, enough, none, 0):
            fails = sets[~standing.lose(holding.person, holding.members, _lay_out(sets, holding))[1]]
            enough += [tuple(one) for one in fails.tolist()]
            yield from (_describe(one, holding, INCLUSION) for one in fails)


def _find_least_loss(standing: Standing, holding: Holding) -> int:
    """Return how many points must go at least before a cut can fall above the person.

    A rival who holds the same records might gain by what those had retired of theirs: their most is all their items.
    """
    own = standing.people.index(holding.person)
    if holding.n_fresh <= MOST:
        return 0
    most = standing.points.copy()
    for rival in holding.rivals:
        most[standing.people.index(rival)] = standing.evidence[rival].points.sum()
    most = np.sort(np.delete(most, own))
    return int(standing.points[own] - (most[-standing.places] if len(most) >= standing.places else 0))


def _choose(
    free: np.ndarray, size: int, enough: list[tuple[int, ...]], bound: np.ndarray, to_lose: int
) -> Iterator[np.ndarray]:
    """Return the sets of a size whose points could suffice and that hold none that does, in runs, one set a row."""
    spent = [one[0] for one in enough if len(one) == 1]
    free = np.setdiff1d(free, spent)
    pairs = np.zeros((len(bound), len(bound)), dtype=bool)
    for one in enough:
        if len(one) == 2:
            pairs[one] = True
    if size == 1:
        chosen = free[:, None]
    else:
        first, second = np.triu_indices(len(free), k=1)
        chosen = np.c_[free[first], free[second]]
    if size < MOST:
        chosen = chosen[bound[chosen].sum(axis=1) > to_lose]
    else:
        chosen = chosen[~pairs[chosen[:, 0], chosen[:, 1]]]
        chosen = np.concatenate([np.zeros((0, MOST), dtype=np.int64), *_add_third(chosen, free, pairs, bound, to_lose)])
    yield from (chosen[start : start + _AT_ONCE] for start in range(0, len(chosen), _AT_ONCE))


def _add_third(
    chosen: np.ndarray, free: np.ndarray, pairs: np.ndarray, bound: np.ndarray, to_lose: int
) -> Iterator[np.ndarray]:
    together = bound[chosen].sum(axis=1)
    for third in free:
        fits = (chosen[:, 1] < third) & (together + bound[third] > to_lose)
        fits &= ~(pairs[chosen[:, 0], third] | pairs[chosen[:, 1], third])
        if fits.any():
            yield np.c_[chosen[fits], np.full(int(fits.sum()), third)]


def _lay_out(sets: np.ndarray, holding: Holding) -> np.ndarray:
    gone = np.zeros((len(sets), len(holding.members)), dtype=bool)
    np.put_along_axis(gone, sets, True, axis=1)
    return gone


def _try_points(
    standing: Standing, holding: Holding, sets: np.ndarray
) -> tuple[np.ndarray, Iterator[dict[str, object]]]:
    """Return the sets after which ten people have more points, or nothing recent is left."""
    gone = _lay_out(sets, holding)
    left, _ = standing.lose(holding.person, holding.members, gone)
    above = _count_above(standing, holding, left, gone)
    drops = np.flatnonzero((left == OUT) | (above >= standing.places))
    rows = (
        _describe(sets[at], holding, FRESHNESS) if left[at] == OUT
        else _describe(sets[at], holding, POINTS, int(left[at]), int(above[at]) + 1)
        for at in drops
    )  # fmt: skip
    return sets[drops], rows


def _count_above(standing: Standing, holding: Holding, left: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """Count who has more points than the person has left; rivals have what they have left themselves."""
    skip = [standing.people.index(one) for one in (holding.person, *holding.rivals)]
    still = np.sort(np.delete(standing.points, skip))
    above = len(still) - np.searchsorted(still, left, side="right")
    for rival, shared in holding.rivals.items():
        patterns, which = np.unique(gone[:, shared], axis=0, return_inverse=True)
        theirs, shown = standing.lose(rival, [holding.members[unit] for unit in shared], patterns)
        above += np.where(shown, theirs, OUT)[which.reshape(-1)] > left
    return above


def _describe(
    units: np.ndarray, holding: Holding, route: str, points: int | None = None, rank: int | None = None
) -> dict[str, object]:
    refs = [ref for unit in units for ref in holding.own[unit]]
    return {"route": route, "n_units": len(units), "refs": "; ".join(refs), "points_after": points, "rank_after": rank}
