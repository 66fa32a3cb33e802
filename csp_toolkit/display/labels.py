"""Labels for a picture: made safe to print, and placed so that none hides another.

A label is what someone typed. Control and direction characters are taken out, because a name must read in the order
it was written and may not end the markup it stands in. Where a label stands is worked out from the picture alone:
the same frames give the same places on every machine.
"""

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

LONGEST = 28
FONT_PX = 14.0
NODE_RADIUS = 12.0
PASSES = 3
CLEARLY_OWN = 10.0  # a label must be this much nearer its own node than any other
NARROW, WIDE = set("iIjlft.,;:'’|!()[] "), set("mwMW@%")


@dataclass(frozen=True)
class PlacedLabel:
    """One label, where its text starts and how it is anchored there."""

    node_id: str
    text: str
    x: float
    y: float
    anchor: str


def clean_label(text: object, *, longest: int = LONGEST) -> str:
    """Return a label as plain text: one line, no control or direction characters, no longer than `longest`."""
    if text is None or text is pd.NA or (isinstance(text, float) and text != text):
        return "not known"
    shown = "".join(" " if c.isspace() else c for c in str(text))
    kept = "".join(c for c in shown if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    line = " ".join(kept.split())
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return line or "not known"


def text_width(text: str, *, font_px: float = FONT_PX) -> float:
    """Estimate how wide a sans-serif text is, in pixels; a little too wide rather than too narrow."""
    em = sum(0.3 if c in NARROW else 0.88 if c in WIDE else 0.7 if c.isupper() else 0.57 for c in text)
    return em * font_px


def place_labels(nodes: pd.DataFrame, ties: pd.DataFrame, *, width: float, height: float) -> list[PlacedLabel]:
    """Place each node's label above, below or beside it, where it hides least.

    Each label tries eight places in turn; the cost of one is what it would cover: another label most, a node less, a
    tie least, the edge of the picture not at all. Three passes settle it.
    """
    ids = [str(i) for i in nodes["node_id"]]
    if not ids:
        return []
    number = {i: n for n, i in enumerate(ids)}
    at = nodes[["x", "y"]].to_numpy("float64")
    choices = [
        _choices(i, clean_label(text), float(x), float(y))
        for i, text, (x, y) in zip(ids, nodes["label"], at, strict=True)
    ]
    boxes = np.array([[box for _, box in own] for own in choices])
    ends = [(number[str(a)], number[str(b)]) for a, b in zip(ties["person_a"], ties["person_b"], strict=True)]
    spans = at[np.array(ends, dtype="int64").reshape(-1, 2)]
    fixed = np.stack([_fixed_costs(boxes[n], n, at, spans, width, height) for n in range(len(ids))])
    chosen, others = np.zeros(len(ids), dtype="int64"), np.arange(len(ids))
    for _ in range(PASSES):
        for n in sorted(range(len(ids)), key=lambda n: (at[n][1], at[n][0], ids[n])):
            shown = boxes[others, chosen][others != n]
            costs = fixed[n] + 100.0 * _shared(boxes[n][:, None], shown[None]).sum(axis=1)
            chosen[n] = int(np.argmin(np.round(costs, 6)))
    return [own[place][0] for own, place in zip(choices, chosen, strict=True)]


Box = tuple[float, float, float, float]


def _choices(node_id: str, text: str, x: float, y: float) -> list[tuple[PlacedLabel, Box]]:
    wide, gap = text_width(text), NODE_RADIUS + 4
    places = [
        (x, y - gap, "middle"), (x, y + gap + 10, "middle"), (x + gap, y + 5, "start"), (x - gap, y + 5, "end"),
        (x + 6, y - gap, "start"), (x - 6, y - gap, "end"),
        (x + 6, y + gap + 10, "start"), (x - 6, y + gap + 10, "end"),
    ]  # fmt: skip
    placed = []
    for left, base, anchor in places:
        start = left - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = (start - 2, base - 12, start + wide + 2, base + 4)
        placed.append((PlacedLabel(node_id, text, left, base, anchor), box))
    return placed


def _fixed_costs(
    boxes: np.ndarray, own: int, at: np.ndarray, spans: np.ndarray, width: float, height: float
) -> np.ndarray:  # fmt: skip
    """Return the cost of each place of one label, whatever other labels do."""
    beyond = np.stack([-boxes[:, 0], -boxes[:, 1], boxes[:, 2] - width, boxes[:, 3] - height])
    outside = np.maximum(beyond, 0.0).sum(axis=0)
    others = np.delete(at, own, axis=0)
    discs = np.concatenate([others - NODE_RADIUS, others + NODE_RADIUS], axis=1)
    nodes = _shared(boxes[:, None], discs[None]).sum(axis=1)
    far = _distance(boxes[:, None], at[None])
    mistaken = (np.delete(far, own, axis=1) < far[:, own : own + 1] + CLEARLY_OWN).sum(axis=1)
    crossed = _crosses(boxes[:, None], spans[None, :, 0], spans[None, :, 1]).sum(axis=1)
    return np.asarray(1000.0 * outside + 20.0 * nodes + 400.0 * mistaken + 60.0 * crossed)


def _distance(boxes: np.ndarray, places: np.ndarray) -> np.ndarray:
    dx = np.maximum(np.maximum(boxes[..., 0] - places[..., 0], places[..., 0] - boxes[..., 2]), 0.0)
    dy = np.maximum(np.maximum(boxes[..., 1] - places[..., 1], places[..., 1] - boxes[..., 3]), 0.0)
    return np.hypot(dx, dy)


def _shared(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    wide = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    high = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    return np.asarray(np.maximum(wide, 0.0) * np.maximum(high, 0.0))


def _crosses(boxes: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Tell whether the stretch from a to b enters a box (Liang and Barsky's clipping)."""
    dx, dy = b[..., 0] - a[..., 0], b[..., 1] - a[..., 1]
    start = np.zeros(np.broadcast_shapes(boxes.shape[:-1], dx.shape))
    end = np.ones(start.shape)
    misses = np.zeros(start.shape, dtype=bool)
    sides = (
        (-dx, a[..., 0] - boxes[..., 0]), (dx, boxes[..., 2] - a[..., 0]),
        (-dy, a[..., 1] - boxes[..., 1]), (dy, boxes[..., 3] - a[..., 1]),
    )  # fmt: skip
    for p, q in sides:
        share = np.divide(q, p, out=np.zeros(start.shape), where=p != 0)
        misses |= (p == 0) & (q < 0)
        start = np.where(p < 0, np.maximum(start, share), start)
        end = np.where(p > 0, np.minimum(end, share), end)
    return np.asarray(~misses & (start < end))
