"""What hangs together: which nodes a set of links joins, however far round.

Both who is who (`identity`) and where information came from (`origins`) are this question.
"""

import numpy as np


def join_smallest(n_nodes: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return for each of the nodes 0 to `n_nodes` the smallest node it is joined to.

    `left` and `right` hold the two ends of each link. A node without links is its own smallest.

    >>> join_smallest(5, np.array([3, 4]), np.array([1, 3])).tolist()
    [0, 1, 2, 1, 1]
    """
    group = np.arange(n_nodes)
    while True:
        before = group.copy()
        low = np.minimum(group[left], group[right])
        np.minimum.at(group, left, low)
        np.minimum.at(group, right, low)
        group = group[group]
        if (group == before).all():
            return group


def refuse_links(left: np.ndarray, right: np.ndarray, level: np.ndarray, apart: list[tuple[int, int]]) -> np.ndarray:
    """Say of each link whether following it would join two nodes that must stay apart.

    Links are followed level by level, the lowest number first: what joins two that must stay apart is refused, so of a
    chain the weakest link. Where links of one level would join them only round others, nothing says which of these is
    wrong, and all are refused: a node that fits two sides equally well goes to neither.

    >>> refuse_links(np.array([0, 1]), np.array([1, 2]), np.array([1, 2]), [(0, 2)]).tolist()
    [False, True]
    >>> refuse_links(np.array([0, 1]), np.array([1, 2]), np.array([1, 1]), [(0, 2)]).tolist()
    [True, True]
    """
    one, other = np.array(apart, dtype="int64").reshape(-1, 2).T
    group = np.arange(np.concatenate([left, right, one, other]).max(initial=-1) + 1)
    refused = np.zeros(len(left), dtype=bool)
    for step in np.unique(level):
        at = np.flatnonzero(level == step)
        foes = {frozenset(pair) for pair in zip(group[one].tolist(), group[other].tolist(), strict=True)}
        ends = zip(group[left[at]].tolist(), group[right[at]].tolist(), strict=True)
        direct = np.array([frozenset(pair) in foes for pair in ends], dtype=bool)
        refused[at[direct]] = True
        at = at[~direct]
        joined = join_smallest(len(group), np.r_[np.arange(len(group)), left[at]], np.r_[group, right[at]])
        torn = joined[one][joined[one] == joined[other]]
        stays = ~np.isin(joined[left[at]], torn)
        # Two ends that were one already are not torn by this link, and it stands.
        stays |= group[left[at]] == group[right[at]]
        refused[at[~stays]] = True
        at = at[stays]
        group = join_smallest(len(group), np.r_[np.arange(len(group)), left[at]], np.r_[group, right[at]])
    return refused
