"""Where each node stands on the page: worked out once, in Python, the same on every machine.

Distance on the page means nothing. What counts is that nothing hides anything: parts of the network stand apart, no
two nodes or labels meet, and no tie runs behind a person it does not concern.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from csp_toolkit.display.labels import clean_label, text_width
from csp_toolkit.networks.places import CLEAR_OF_TIES, LEAST_ROOM, MARGIN_X, MARGIN_Y, ROOM_Y, place_around

if TYPE_CHECKING:
    import networkx as nx

WIDTH, HEIGHT = 920, 440
ROOM_A_NODE = 13.5  # a page higher than this for each node leaves the labels room
HIGHEST = 600
HIGHEST_ON_SCREEN = 1180  # for more nodes than a page of paper holds
LONGEST_SPAN = 130.0  # times the root of the number of nodes: a few do not fill a tall room
ON_PAPER = 44
ROUNDS = 400
TIES_EVERY = 6
ROUNDS_ON_SCREEN = 60  # a larger picture can be enlarged where it is crowded
STRESS_ROUNDS = 150

Rectangle = tuple[float, float, float, float]


def lay_out(
    nodes: pd.DataFrame, ties: pd.DataFrame, *, width: int = WIDTH, height: int | None = None,
    before: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Place nodes for a picture `width` by `height` (by default higher the more nodes there are).

    Parameters
    ----------
    nodes : node_id, label.
    ties : person_a, person_b, both among the node ids.
    before : node_id, x, y of an earlier picture: who was in it stays where they were, and others come where there is
        room near those they are tied to.

    Returns
    -------
    The nodes with x and y, to a tenth of a unit, in the order given.
    """
    import networkx as nx

    height = height or int(
        min(max(HEIGHT, ROOM_A_NODE * len(nodes)), HIGHEST if len(nodes) <= ON_PAPER else HIGHEST_ON_SCREEN)
    )
    graph = nx.Graph()
    graph.add_nodes_from(sorted(nodes["node_id"]))
    graph.add_edges_from(sorted(zip(ties["person_a"], ties["person_b"], strict=True)))
    if before is not None and before["node_id"].isin(list(graph)).any():
        at = place_around(graph, nodes, before, width=width, height=height)
        return nodes.assign(x=[at[i][0] for i in nodes["node_id"]], y=[at[i][1] for i in nodes["node_id"]])
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda p: (-len(p), p[0]))
    rooms = _divide((0.0, 0.0, float(width), float(height)), [math.sqrt(len(p)) * len(p) ** 0.25 for p in parts])
    texts = {i: clean_label(t) for i, t in zip(nodes["node_id"], nodes["label"], strict=True)}
    at = {}
    for part, room in zip(parts, rooms, strict=True):
        points = _spread(graph.subgraph(part), part, room)
        widths = np.array([text_width(texts[i]) + 14 for i in part])
        joined = np.array([[part.index(a), part.index(b)] for a, b in sorted(graph.edges(part))], dtype=int)
        points = _clear(points, widths, joined.reshape(-1, 2), room)
        at |= {i: (round(float(x), 1), round(float(y), 1)) for i, (x, y) in zip(part, points, strict=True)}
    return nodes.assign(x=[at[i][0] for i in nodes["node_id"]], y=[at[i][1] for i in nodes["node_id"]])


def _divide(room: Rectangle, sizes: list[float]) -> list[Rectangle]:
    """Cut a rectangle into one for each part, by size, always across its longer side."""
    if len(sizes) <= 1:
        return [room] * len(sizes)
    total, first, cut = sum(sizes), 0.0, 0
    while cut < len(sizes) - 1 and (cut == 0 or first + sizes[cut] / 2 < total / 2):
        first += sizes[cut]
        cut += 1
    left, top, right, bottom = room
    share = first / total
    if right - left >= 1.6 * (bottom - top):
        middle = left + share * (right - left)
        halves = ((left, top, middle, bottom), (middle, top, right, bottom))
    else:
        middle = top + share * (bottom - top)
        halves = ((left, top, right, middle), (left, middle, right, bottom))
    return _divide(halves[0], sizes[:cut]) + _divide(halves[1], sizes[cut:])


def _spread(graph: "nx.Graph", part: list[str], room: Rectangle) -> np.ndarray:
    """Spread one part over its rectangle by least stress, its longer axis along the longer side."""
    left, top, right, bottom = room
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    if len(part) == 1:
        return centre.reshape(1, 2)
    points = _least_stress(graph, part)
    points = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    signs = np.where(axes[np.arange(2), np.abs(axes).argmax(axis=1)] < 0, -1.0, 1.0)
    points = points @ (axes * signs[:, None]).T
    span = np.maximum(np.ptp(points, axis=0), 1e-9)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    size = np.array([max(right - left - 2 * MARGIN_X, 1.0), max(bottom - top - 2 * MARGIN_Y, 1.0)])
    size = np.minimum(size, LONGEST_SPAN * math.sqrt(len(part)))
    stretch = np.minimum(size / span, np.where(span > 1e-6, np.inf, 0.0))
    return np.asarray(centre + _even_out((points - middle) * stretch))


def _least_stress(graph: "nx.Graph", part: list[str]) -> np.ndarray:
    """Place nodes as far apart as they are in steps, as nearly as a page allows (Gansner, Koren and North 2005)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    number = {node: n for n, node in enumerate(part)}
    ends = np.array([(number[a], number[b]) for a, b in sorted(graph.edges(part))], dtype="int64").reshape(-1, 2)
    ties = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(part), len(part)))
    steps = shortest_path(ties, directed=False, unweighted=True)
    turn = 2 * np.pi * np.arange(len(part)) / len(part)
    points = np.stack([np.cos(turn), np.sin(turn)], axis=1) * steps.max() / 2
    weight = 1.0 / np.where(steps > 0, steps, np.inf) ** 2
    total = weight.sum(axis=1, keepdims=True)
    for _ in range(STRESS_ROUNDS if len(part) <= ON_PAPER else STRESS_ROUNDS // 3):
        apart = points[:, None, :] - points[None, :, :]
        far = np.hypot(apart[..., 0], apart[..., 1])
        pull = np.where(far > 1e-9, steps / np.where(far > 1e-9, far, 1.0), 0.0)
        # each moves to the mean of where every other would have it
        points = (weight[..., None] * (points[None, :, :] + apart * pull[..., None])).sum(axis=1) / total
    return points


def _even_out(points: np.ndarray) -> np.ndarray:
    """Move nodes half way to equal steps along each side, so that a crowd spreads into the empty page."""
    low, high = points.min(axis=0), points.max(axis=0)
    order = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray((points + low + (high - low) * order / max(len(points) - 1, 1)) / 2)


def _clear(points: np.ndarray, widths: np.ndarray, joined: np.ndarray, room: Rectangle) -> np.ndarray:
    """Push nodes apart until labels have room and no tie runs behind a node, within the rectangle."""
    left, top, right, bottom = room
    low = np.array([min(left + MARGIN_X, (left + right) / 2), min(top + MARGIN_Y, (top + bottom) / 2)])
    high = np.array([max(right - MARGIN_X, (left + right) / 2), max(bottom - MARGIN_Y, (top + bottom) / 2)])
    points = points.copy()
    is_small = len(points) <= ON_PAPER
    rounds = ROUNDS if is_small else ROUNDS_ON_SCREEN
    for n in range(rounds):
        push = _from_nodes(points, widths, ROOM_Y)
        if is_small or n % TIES_EVERY == 0:
            push += _from_ties(points, joined)
        if not push.any():
            break
        points = np.clip(points + push * (0.5 if n < rounds / 2 else 0.3), low, high)
    for _ in range(ROUNDS):  # where labels cannot all have room, nodes still may not meet
        push = _from_nodes(points, np.full(len(points), LEAST_ROOM), LEAST_ROOM)
        if not push.any():
            break
        points = np.clip(points + push, low, high)
    return points


def _from_nodes(points: np.ndarray, widths: np.ndarray, room_y: float) -> np.ndarray:
    """Push each pair whose boxes overlap apart, along the side on which they overlap least."""
    apart = points[:, None, :] - points[None, :, :]
    need_x = (widths[:, None] + widths[None, :]) / 2
    over_x, over_y = need_x - np.abs(apart[..., 0]), room_y - np.abs(apart[..., 1])
    touch = (over_x > 0) & (over_y > 0)
    np.fill_diagonal(touch, False)
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None, :])
    sign = np.where(apart == 0, order[..., None], np.sign(apart))
    by_x = over_x / need_x < over_y / room_y
    push_x = np.where(touch & by_x, over_x * sign[..., 0], 0.0)
    push_y = np.where(touch & ~by_x, over_y * sign[..., 1], 0.0)
    return np.stack([push_x.sum(axis=1), push_y.sum(axis=1)], axis=1) / 2


def _from_ties(points: np.ndarray, joined: np.ndarray) -> np.ndarray:
    """Push each node off the ties that pass close behind it and end elsewhere."""
    starts = points[joined[:, 0]]
    along = points[joined[:, 1]] - starts
    lengths = np.hypot(along[:, 0], along[:, 1])
    is_long = lengths >= 1
    starts, along, lengths, joined = starts[is_long], along[is_long], lengths[is_long, None], joined[is_long]
    offset = points[None, :, :] - starts[:, None, :]
    share = (offset * along[:, None, :]).sum(axis=2) / lengths**2
    normals = np.stack([-along[:, 1], along[:, 0]], axis=1) / lengths
    distance = (offset * normals[:, None, :]).sum(axis=2)
    near = (share > 0.02) & (share < 0.98) & (np.abs(distance) < CLEAR_OF_TIES)
    near[np.arange(len(joined))[:, None], joined] = False
    force = np.where(near, (CLEAR_OF_TIES - np.abs(distance)) * np.where(distance >= 0, 1.0, -1.0), 0.0)
    return np.asarray((force[:, :, None] * normals[:, None, :]).sum(axis=0))
