"""Take people out one after another, by a measure worked out anew each time, and watch the largest part shrink.

The published way to compare strategies (Cavallaro and others 2020, PLOS ONE 15(8) e0236476), reproduced to the figure.
It says how a drawing of records falls apart, and nothing of what people would do.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.networks.evidence.pairs import Pairs
from csp_toolkit.networks.measuring import count_degree, share_betweenness

STEP_COLUMNS = ("n_removed", "person_id", "n_largest", "share_largest")
BY: dict[str, Callable[[Pairs], np.ndarray]] = {"degree": count_degree, "betweenness": share_betweenness}


def dismantle(
    pairs: Pairs, by: str, *, at_once: int = 1, people_in_order: Sequence[str] = (), least: int = 0
) -> pd.DataFrame:  # fmt: skip
    """Take people out by degree or betweenness until so few are left.

    Parameters
    ----------
    by : ``degree`` or ``betweenness``, recomputed after each `at_once` people.
    people_in_order : the order in which people who are level are taken, the last of them first; by id by default.
    least : stop when so many people, or fewer, are left.

    Returns
    -------
    One row a step (`STEP_COLUMNS`), the first being the whole network; `person_id` names those taken, parted by "; ".
    """
    if by not in BY:
        raise TableError(f"Nobody can be taken by {by}. There are: {', '.join(BY)}.")
    order = pairs.find(people_in_order) if len(people_in_order) else np.arange(pairs.n)
    here, whole = np.ones(pairs.n, dtype=bool), _largest(pairs, np.ones(pairs.n, dtype=bool))
    rows: list[tuple[int, str, int, float]] = [(0, "", whole, 1.0)]
    while here.sum() > max(least, 0):
        standing = order[here[order]]
        value = np.round(BY[by](pairs)[standing], 12)
        taken = standing[np.argsort(value, kind="stable")[::-1][:at_once]]
        here[taken] = False
        pairs = pairs.without(taken)
        largest = _largest(pairs, here)
        gone = "; ".join(pairs.people[taken].tolist())
        rows.append((int((~here).sum()), gone, largest, largest / max(whole, 1)))
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS))


def _largest(pairs: Pairs, here: np.ndarray) -> int:
    return int(np.bincount(pairs.components()[here]).max()) if here.any() else 0
