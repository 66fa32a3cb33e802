"""Who was in the picture before stays where they were; whoever is new comes where there is room for them.

A reader who knows where somebody stood last month looks there first. So nobody who stays is moved, not even to make
room: the new are placed one after the other around them.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from csp_toolkit.display.labels import clean_label, text_width

if TYPE_CHECKING:
    import networkx as nx

MARGIN_X, MARGIN_Y = 46.0, 30.0
ROOM_Y = 46.0  # from line to line, for a mark with its label
LEAST_ROOM = 30.0  # two marks never stand nearer than this
CLEAR_OF_TIES = 20.0
STEP = 15.0  # between two spots that are tried
BEHIND = 150.0  # a tie that runs behind somebody is worth going so far to avoid
ON_A_LABEL = 100.0  # and labels with no room beside each other so far
LEAST_LENGTH = 1.0

Place = tuple[float, float]


def place_around(
    graph: "nx.Graph", nodes: pd.DataFrame, before: pd.DataFrame, *, width: int, height: int
) -> dict[str, Place]:  # fmt: skip
    """Leave who was in an earlier picture where they were, and place the others around them.

    Each comes to the spot nearest those they are tied to that hides nobody, runs no tie behind anybody and leaves the
    labels room, as far as there is one; those with most ties to placed people first. Somebody tied to nobody who has
    a place comes where there is most room.

    Parameters
    ----------
    graph : all that are drawn, and their ties.
    nodes : node_id, label.
    before : node_id, x, y of the earlier picture.
    """
    was = before[before["node_id"].isin(list(graph))]
    at = {i: (float(x), float(y)) for i, x, y in zip(was["node_id"], was["x"], was["y"], strict=True)}
    wide = {i: text_width(clean_label(t)) + 14 for i, t in zip(nodes["node_id"], nodes["label"], strict=True)}
    lowest = max([height - MARGIN_Y, *(y for _, y in at.values())])
    spots = _list_spots(width, lowest)
    left = sorted(set(graph) - set(at))
    while left:
        left.sort(key=lambda i: (-sum(j in at for j in graph[i]), -graph.degree(i), i))
        node = left.pop(0)
        best = spots[_choose(spots, graph, node, at, wide)]
        at[node] = (round(float(best[0]), 1), round(float(best[1]), 1))
    return at


def _list_spots(width: int, lowest: float) -> np.ndarray:
    columns = np.arange(MARGIN_X, width - MARGIN_X + 1, STEP)
    lines = np.arange(MARGIN_Y, lowest + 1, STEP)
    return np.stack(np.meshgrid(columns, lines), axis=-1).reshape(-1, 2)


def _choose(spots: np.ndarray, graph: "nx.Graph", node: str, at: dict[str, Place], wide: dict[str, float]) -> int:
    """Return the number of the spot that costs least; of equals the higher, then the one further left."""
    placed = sorted(at)
    taken = np.array([at[i] for i in placed]).reshape(-1, 2)
    apart = np.abs(spots[:, None, :] - taken[None, :, :])
    far = np.hypot(apart[..., 0], apart[..., 1])
    own = [n for n, i in enumerate(placed) if graph.has_edge(node, i)]
    need_x = (wide[node] + np.array([wide[i] for i in placed])) / 2
    crowded = ((apart[..., 0] < need_x) & (apart[..., 1] < ROOM_Y)).sum(axis=1)
    cost = np.hypot(*(spots - taken[own].mean(axis=0)).T) if own else -far.min(axis=1)
    cost = cost + ON_A_LABEL * crowded + BEHIND * _count_behind(spots, graph, placed, taken, own)
    is_free = (far >= LEAST_ROOM).all(axis=1)
    if is_free.any():
        cost = np.where(is_free, cost, np.inf)
    return int(np.lexsort((spots[:, 0], spots[:, 1], cost.round(3)))[0])


def _count_behind(
    spots: np.ndarray, graph: "nx.Graph", placed: list[str], taken: np.ndarray, own: list[int]
) -> np.ndarray:  # fmt: skip
    """Count, for each spot, the ties drawn that run behind it, and the people whom ties from it would run behind."""
    number = {i: n for n, i in enumerate(placed)}
    drawn = [(number[a], number[b]) for a, b in sorted(graph.edges(placed)) if a in number and b in number]
    ends = np.array(drawn, dtype=int).reshape(-1, 2)
    behind = _is_near(spots[:, None], taken[ends[:, 0]][None], taken[ends[:, 1]][None]).sum(axis=1)
    for neighbour in own:
        others = np.delete(taken, neighbour, axis=0)
        behind = behind + _is_near(others[None], spots[:, None], taken[neighbour][None, None]).sum(axis=1)
    return np.asarray(behind)


def _is_near(points: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Tell whether points lie close to the stretch from start to end, its ends left out."""
    along = ends - starts
    length = np.maximum(np.hypot(along[..., 0], along[..., 1]), LEAST_LENGTH)
    offset = points - starts
    share = (offset * along).sum(axis=-1) / length**2
    across = np.abs(offset[..., 0] * along[..., 1] - offset[..., 1] * along[..., 0]) / length
    return np.asarray((share > 0) & (share < 1) & (across < CLEAR_OF_TIES))
