"""Where a network would fall apart: cut people, bridges, and the pieces each leaves, in one search of the whole.

One depth-first search numbers everybody; somebody's branch falls away without them if nobody in it is tied to anyone
found before them (Tarjan 1972). The search is compiled; what follows from it is worked out for all people at once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from csp_toolkit.networks.evidence.pairs import Pairs


@dataclass(frozen=True, eq=False)
class Cuts:
    """What one search found; places count in the order people were found, from 1, and 0 is nobody.

    Attributes
    ----------
    person : the person at each place. parent : the place each was found from. size : how many were found from each,
        themselves included. falls : whether their branch falls away without the one they were found from.
    is_bridge : whether the tie they were found by is the only one between its two sides.
    whole : the size of each person's separate part, by place.
    """

    person: np.ndarray
    parent: np.ndarray
    size: np.ndarray
    falls: np.ndarray
    is_bridge: np.ndarray
    whole: np.ndarray

    def list_cut_people(self, n: int) -> np.ndarray:
        """Mark those without whom their part falls apart: 1 or 0, a person each."""
        begins = self.parent == 0
        n_falling = np.bincount(self.parent[self.falls], minlength=len(self.parent) + 1)[1:]
        cuts = np.where(begins, n_falling > 1, n_falling > 0)
        found = np.zeros(n)
        found[self.person[cuts]] = 1.0
        return found

    def count_pairs_left(self, n: int) -> np.ndarray:
        """Count for each person the pairs of others who could still reach each other without them."""
        fallen = np.where(self.falls, self.size, 0)
        lost = np.bincount(self.parent, weights=fallen, minlength=len(self.parent) + 1)[1:]
        in_pieces = np.bincount(self.parent, weights=fallen * (fallen - 1.0) / 2, minlength=len(self.parent) + 1)[1:]
        rest = self.whole - 1 - lost
        of_part = self.whole * (self.whole - 1.0) / 2
        _, parts = np.unique(self.whole[self.parent == 0], return_counts=True)
        sizes = np.unique(self.whole[self.parent == 0]).astype("float64")
        everywhere = float((parts * sizes * (sizes - 1) / 2).sum())
        left = np.full(n, everywhere)
        left[self.person] = everywhere - of_part + in_pieces + rest * (rest - 1) / 2
        return left

    def list_bridges(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """List bridges: the numbers of the two ends, and how many people stand on the side of each."""
        places = np.flatnonzero(self.is_bridge)
        far, near = self.person[places], self.person[self.parent[places] - 1]
        beyond = self.size[places]
        return near, far, self.whole[places] - beyond, beyond


def search_cuts(pairs: Pairs) -> Cuts:
    """Search a network once for everything it hangs on; those without a tie stand alone."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import depth_first_order

    n = pairs.n
    if not n:
        none = np.empty(0, dtype="int64")
        return Cuts(none, none, none, none.astype(bool), none.astype(bool), none)
    part = pairs.components()
    _, begins = np.unique(part, return_index=True)
    # somebody made up is tied to one person of each part, so that one search finds everybody
    first = np.concatenate([pairs.first, begins])
    second = np.concatenate([pairs.second, np.full(len(begins), n)])
    rows, columns = np.concatenate([first, second]), np.concatenate([second, first])
    ties = csr_array((np.ones(len(rows)), (rows, columns)), shape=(n + 1, n + 1))
    ties.sort_indices()
    order, came_from = depth_first_order(ties, n)  # every tie stands there both ways
    place = np.empty(n + 1, dtype="int64")
    place[order] = np.arange(n + 1)
    parent = np.concatenate([[0], place[came_from[order[1:]]]])
    end = _find_ends(_count_depth(parent))
    around = _find_earliest(ties, order, place, parent)
    least_around = _least_between(around, end)
    own = np.arange(n + 1)
    person, kept = order[1:], slice(1, None)
    # around leaves out the tie to the one they were found from: that cannot reach past them, so it changes no branch
    falls = (least_around >= parent)[kept] & (parent > 0)[kept]
    is_bridge = (least_around >= own)[kept] & (parent > 0)[kept]
    sizes = np.bincount(part)
    return Cuts(person, parent[kept], (end - own)[kept], falls, is_bridge, sizes[part[person]])


def find_key_players(pairs: Pairs, k: int, *, left_out: np.ndarray | None = None) -> list[tuple[int, float]]:
    """Find, one after the other, those without whom fewest pairs can reach each other (Borgatti 2006, greedily).

    Returns
    -------
    The number of each, and the pairs left after them. Equal ones by the order of ids. Exact at every step: one search
    gives the pieces for everybody.
    """
    barred = np.zeros(pairs.n, dtype=bool)
    if left_out is not None:
        barred[left_out] = True
    found = []
    for _ in range(min(k, int((~barred).sum()))):
        left = np.where(barred, np.inf, search_cuts(pairs).count_pairs_left(pairs.n))
        best = int(np.argmin(left))
        found.append((best, float(left[best])))
        barred[best] = True
        pairs = pairs.without(np.array([best]))
    return found


def _count_depth(parent: np.ndarray) -> np.ndarray:
    """Count the steps from each place back to the beginning, twice as far in each round."""
    depth = (np.arange(len(parent)) > 0).astype("int64")
    jump = parent.copy()
    while jump.any():
        depth += depth[jump]
        jump = jump[jump]
    return depth


def _find_ends(depth: np.ndarray) -> np.ndarray:
    """Find where each branch ends: the first later place that is no deeper."""
    n = len(depth)
    tables = _least_tables(depth)
    end = np.arange(n) + 1
    for power in reversed(range(len(tables))):
        step = 1 << power
        fits = end + step <= n
        at = np.minimum(end, n - 1)
        deeper = tables[power][np.minimum(at, len(tables[power]) - 1)] > depth
        end = np.where(fits & deeper, end + step, end)
    return end


def _least_between(values: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the least value from each place to the end of its branch."""
    tables = _least_tables(values)
    own = np.arange(len(values))
    power = np.floor(np.log2(end - own)).astype("int64")
    least = np.empty_like(values)
    for p in np.unique(power):
        rows = np.flatnonzero(power == p)
        least[rows] = np.minimum(tables[p][rows], tables[p][end[rows] - (1 << p)])
    return least


def _least_tables(values: np.ndarray) -> list[np.ndarray]:
    """Return the least of each 1, 2, 4, ... values in a row."""
    tables = [values]
    while 2 ** len(tables) <= len(values):
        last, half = tables[-1], 2 ** (len(tables) - 1)
        tables.append(np.minimum(last[:-half], last[half:]))
    return tables


def _find_earliest(ties: Any, order: np.ndarray, place: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """Find the earliest place each is tied to, but for the one they were found from."""
    n = len(order)
    to = place[ties.indices]
    came = np.repeat(parent[place], np.diff(ties.indptr))
    to = np.where(to == came, n, to)
    return np.minimum.reduceat(to, ties.indptr[:-1])[order]
