"""Counts too small to show, and groups put together so that no small one can be worked out.

Two counts are shown of a group: within a list and outside it. Where either is below the policy's smallest, the group is
put together with others until both sums are large enough; where all would be one group there is nothing left to show.
Lists lie within each other, so what two tables show together could still give a small count away: a reader who knows
every total takes one from the other. Whether they could is worked out and not judged by a rule of thumb: the least and
the most that each small count can be, given all that is shown (linear programming). A table after which any of them
could be fewer values than the policy's smallest is not shown.

After the auditing of suppressed tables in Hundepool et al., Statistical Disclosure Control (2012), chapter 4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError

TOGETHER = "all others together"
_SURE = 1e-6


@dataclass(frozen=True)
class Count:
    """One count: of these categories, in these parts of the population."""

    categories: tuple[str, ...]
    parts: tuple[str, ...]

    def of(self, strata: pd.DataFrame) -> int:
        """Return what the count is."""
        return int(strata.loc[list(self.categories), list(self.parts)].to_numpy().sum())


def merge_small(*counts: pd.Series, at_least: int) -> dict[str, tuple[str, ...]]:
    """Put groups together until each has enough in every one of the counts, such as within a list and outside it.

    Parameters
    ----------
    counts : by group, with the same index.

    Returns
    -------
    The groups to show by name, the merged ones as "all others together"; empty where none can be shown.

    >>> merge_small(pd.Series({"a": 9, "b": 2, "c": 5}), pd.Series({"a": 90, "b": 9, "c": 7}), at_least=5)
    {'a': ('a',), 'all others together': ('b', 'c')}
    """
    least = pd.concat(counts, axis=1).min(axis=1)
    order = sorted(least.index, key=lambda name: (-int(least[name]), str(name)))
    kept = [name for name in order if least[name] >= at_least]
    rest = [name for name in order if least[name] < at_least]
    while rest and kept and min(int(one[rest].sum()) for one in counts) < at_least:
        rest.append(kept.pop())
    shown: dict[str, tuple[str, ...]] = {str(name): (str(name),) for name in sorted(kept, key=str)}
    if rest:
        shown[TOGETHER] = tuple(sorted(map(str, rest)))
    return shown if len(shown) > 1 else {}


def is_safe(strata: pd.DataFrame, sets: Mapping[str, Sequence[str]], shown: Sequence[Count], *, at_least: int) -> bool:
    """Say whether what is shown leaves every small count at least so many values it could be.

    Parameters
    ----------
    strata : counts, one row a category, one column for each part of the population; nobody is in two parts.
    sets : the lists, each with the parts it is the sum of. Their totals are taken to be public.
    shown : every count shown so far, the new ones among them.
    """
    bounds = (bound_count(strata, sets, shown, count) for count in list_small(strata, sets, at_least=at_least))
    return all(high - low > at_least - 1 - _SURE for low, high in bounds)


def list_small(strata: pd.DataFrame, sets: Mapping[str, Sequence[str]], *, at_least: int) -> list[Count]:
    """List the small counts of a category in a list, or in one list less another that lies within it.

    Of a category that nobody at all belongs to there is nothing to protect.
    """
    parts = {tuple(own) for own in sets.values()}
    for whole, inner in permutations(sets.values(), 2):
        if set(inner) < set(whole):
            parts.add(tuple(part for part in whole if part not in inner))
    counts = [Count((str(category),), own) for own in sorted(parts) for category in strata.index
              if strata.loc[category].sum() >= at_least]  # fmt: skip
    return [count for count in counts if count.of(strata) < at_least]


def bound_count(strata: pd.DataFrame, sets: Mapping[str, Sequence[str]], shown: Sequence[Count], wanted: Count,
                ) -> tuple[float, float]:  # fmt: skip
    """Return the least and the most that a count can be for a reader who knows what is shown, and every total."""
    from scipy.optimize import linprog

    everything = tuple(map(str, strata.index))
    known = [*(Count(everything, tuple(own)) for own in sets.values()), *shown]
    ends = [
        linprog(sign * _mark(strata, wanted), A_eq=np.array([_mark(strata, count) for count in known]),
                b_eq=[count.of(strata) for count in known], method="highs")
        for sign in (1, -1)
    ]  # fmt: skip
    if not all(found.success for found in ends):
        raise TableError("The counts shown contradict each other, so nothing may be shown. Report this fault.")
    return float(ends[0].fun), float(-ends[1].fun)


def _mark(strata: pd.DataFrame, count: Count) -> np.ndarray:
    rows = strata.index.isin(count.categories)
    columns = strata.columns.isin(count.parts)
    return np.outer(rows, columns).astype("float64").ravel()
