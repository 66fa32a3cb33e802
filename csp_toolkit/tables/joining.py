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
