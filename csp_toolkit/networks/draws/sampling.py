"""Betweenness of a network too large to go through whole: from some people outwards, with its error.

The share of paths through somebody is a sum over where paths begin (Brandes 2001). Taken over some beginnings drawn at
random it is an estimate, and how it differs from one beginning to the next says how far off it may be (Brandes and Pich
2007).
"""

from dataclasses import dataclass

import numpy as np

from csp_toolkit.networks.evidence.pairs import Pairs
from csp_toolkit.tables.draws import draw_uniforms, number_names

MOST_EXACT = 20_000
BEGINNINGS = 256
AT_ONCE = 16


@dataclass(frozen=True, eq=False)
class Estimate:
    """Betweenness, 0 to 1, and its standard error, a person each; from `n_beginnings` people outwards.

    For people through whom few paths run the error is understated: most beginnings miss them altogether.
    """

    value: np.ndarray
    error: np.ndarray
    n_beginnings: int


def estimate_betweenness(pairs: Pairs, *, seed: int, beginnings: int = BEGINNINGS) -> Estimate:
    """Estimate betweenness from paths that begin at some people, drawn by their ids; of all of them, exactly."""
    n = pairs.n
    chances = draw_uniforms(number_names("beginning", pairs.people, seed=seed), range(1))[:, 0]
    chosen = np.sort(np.argsort(chances, kind="stable")[:beginnings])
    total, squares = np.zeros(n), np.zeros(n)
    for first in range(0, len(chosen), AT_ONCE):
        through = _follow_paths(pairs, chosen[first : first + AT_ONCE])
        total += through.sum(axis=1)
        squares += (through**2).sum(axis=1)
    k, ways = max(len(chosen), 1), max((n - 1) * (n - 2), 1)
    mean = total / k
    spread = np.sqrt(np.maximum(squares / k - mean**2, 0.0) * k / max(k - 1, 1))
    return Estimate(n * mean / ways, n * spread / np.sqrt(k) * np.sqrt(1 - k / max(n, 1)) / ways, len(chosen))


def _follow_paths(pairs: Pairs, beginnings: np.ndarray) -> np.ndarray:
    """Return how much of the shortest paths from each beginning (columns) runs through each person (rows).

    A path counts in proportion to how far along it somebody stands, twice: from both its ends that comes to the whole,
    and whoever stands next to a beginning is not made much of (Geisberger, Sanders and Schultes 2008).
    """
    ties, width = pairs.matrix(), len(beginnings)
    own = (beginnings, np.arange(width))
    paths, steps = np.zeros((pairs.n, width)), np.full((pairs.n, width), -1, dtype="int16")
    paths[own], steps[own] = 1.0, 0
    edge, far = paths.copy(), 0
    while True:
        met = ties @ edge
        is_new = (steps < 0) & (met > 0)
        if not is_new.any():
            break
        far += 1
        steps[is_new] = far
        edge = np.where(is_new, met, 0.0)
        paths += edge
    through = np.zeros_like(paths)
    for step in range(far, 0, -1):
        share = np.divide(1.0 / step + through, paths, out=np.zeros_like(paths), where=steps == step)
        through += np.where(steps == step - 1, paths * (ties @ share), 0.0)
    return 2.0 * through * np.maximum(steps, 0)
