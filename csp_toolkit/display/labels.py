"""Labels for a picture: made safe to print, and placed so that none hides another.

A label is what someone typed. Control and direction characters are taken out, because a name must read in the order
it was written and may not end the markup it stands in. Where a label stands is worked out from the picture alone:
the same frames give the same places on every machine.
"""

import math
import unicodedata
from dataclasses import dataclass

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
    at = {i: (float(x), float(y)) for i, x, y in zip(ids, nodes["x"], nodes["y"], strict=True)}
    texts = {i: clean_label(t) for i, t in zip(ids, nodes["label"], strict=True)}
    spans = [(at[str(a)], at[str(b)]) for a, b in zip(ties["person_a"], ties["person_b"], strict=True)]
    choices = {i: _choices(i, texts[i], *at[i]) for i in ids}
    chosen = {i: 0 for i in ids}
    order = sorted(ids, key=lambda i: (at[i][1], at[i][0], i))
    fixed = {i: [_fixed_cost(box, i, at, spans, width, height) for _, box in choices[i]] for i in ids}
    for _ in range(PASSES):
        for i in order:
            others = [choices[j][chosen[j]][1] for j in ids if j != i]
            costs = [
                (fixed[i][n] + 100.0 * sum(_shared(box, other) for other in others), n)
                for n, (_, box) in enumerate(choices[i])
            ]
            chosen[i] = min(costs)[1]
    return [choices[i][chosen[i]][0] for i in ids]


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


def _fixed_cost(
    box: Box,
    node_id: str,
    at: dict[str, tuple[float, float]],
    spans: list[tuple[tuple[float, float], tuple[float, float]]],
    width: float,
    height: float,
) -> float:
    outside = max(0, -box[0]) + max(0, -box[1]) + max(0, box[2] - width) + max(0, box[3] - height)
    r = NODE_RADIUS
    nodes = sum(_shared(box, (x - r, y - r, x + r, y + r)) for i, (x, y) in at.items() if i != node_id)
    crossed = sum(_crosses(box, a, b) for a, b in spans)
    own = _distance(box, at[node_id])
    mistaken = sum(_distance(box, place) < own + CLEARLY_OWN for i, place in at.items() if i != node_id)
    return 1000.0 * outside + 20.0 * nodes + 400.0 * mistaken + 60.0 * crossed


def _distance(box: Box, place: tuple[float, float]) -> float:
    dx = max(box[0] - place[0], 0.0, place[0] - box[2])
    dy = max(box[1] - place[1], 0.0, place[1] - box[3])
    return math.hypot(dx, dy)


def _shared(a: Box, b: Box) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _crosses(box: Box, a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Tell whether the stretch from a to b enters the box (Liang and Barsky's clipping)."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    start, end = 0.0, 1.0
    for p, q in ((-dx, a[0] - box[0]), (dx, box[2] - a[0]), (-dy, a[1] - box[1]), (dy, box[3] - a[1])):
        if p == 0:
            if q < 0:
                return False
        elif p < 0:
            start = max(start, q / p)
        else:
            end = min(end, q / p)
    return start < end
