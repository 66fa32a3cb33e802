"""Frames to pictures: the small ones that stand in a row of a table, and the network as it prints.

Everything here is inline SVG made of shapes and text alone: no style attribute, no script, no pattern or clip by
id, no CSS variable, nothing that print engines draw differently. A picture in a row is as wide as its cell: its
positions are in per cent and its round marks in pixels, so it neither stretches nor blurs. Such a picture is hidden
from a screen reader, because its numbers stand beside it.
"""

import math

import pandas as pd

from csp_toolkit.display.network_picture import network_legend, network_svg
from csp_toolkit.display.tokens import BLUE, CARE, INK, INK_2, MID_BLUE, RULE
from csp_toolkit.errors import TableError

__all__ = ["care_diamond", "movement_icon", "network_legend", "network_svg", "range_mark", "share_bar", "stacked_bar"]

BAR_HEIGHT = 14
SLANT_STEP = 2.6
MOVEMENT_PATHS = {
    "NEW_IN": "M4 0h2v4h4v2H6v4H4V6H0V4h4Z",
    "RETURNED": "M4 0h2v4h4v2H6v4H4V6H0V4h4Z",
    "UP": "M5 1L9.5 9H.5Z",
    "DOWN": "M5 9L.5 1h9Z",
    "NO_CHANGE": "M0 4h10v2H0Z",
    "NOT_COMPARABLE": "M0 4h3v2H0ZM7 4h3v2H7Z",
}


def stacked_bar(proved: float, alleged: float, intelligence: float, *, scale: float = 70) -> str:
    """Draw proved, alleged and intelligence points end to end, always in that order and from 0 at the left.

    Solid, slanted and hollow tell the three apart in grey. A total beyond `scale` stops at the edge and ends in a
    point. A missing part means there is no score: nothing is drawn, for a bar of length 0 would read as one.
    """
    parts = (proved, alleged, intelligence)
    if any(pd.isna(part) for part in parts):
        return ""
    if min(parts) < 0 or scale <= 0:
        raise TableError("A bar needs points of 0 or more and a scale above 0.")
    ends = [100.0 * min(sum(parts[: n + 1]), scale) / scale for n in range(3)]
    shapes = [f'<line x1="0" y1="13.5" x2="100%" y2="13.5" stroke="{RULE}"/>']
    if ends[0] > 0:
        shapes.append(f'<rect width="{ends[0]:.2f}%" height="{BAR_HEIGHT}" fill="{BLUE}"/>')
    if ends[1] > ends[0]:
        shapes.append(_box(ends[0], ends[1], f'height="{BAR_HEIGHT}" fill="{MID_BLUE}"'))
        shapes.append(_slants(ends[0], ends[1]))
    if ends[2] > ends[1]:
        outline = f'y=".7" height="12.6" fill="#fff" stroke="{BLUE}" stroke-width="1.4"'
        shapes.append(_box(ends[1], ends[2], outline))
    if sum(parts) > scale:
        shapes.append(f'<svg x="100%" overflow="visible"><path d="M0 1L6 7 0 13Z" fill="{INK}"/></svg>')
    return _row_picture("bar", shapes)


def range_mark(
    low: float | None,
    high: float | None,
    rank: float | None,
    *,
    cut: float = 10.5,
    longest: int = 30,
    is_listed: bool = True,
) -> str:
    """Draw a rank as a dot on a line from its low to its high, with the cut as a dotted upright.

    Filled dot: on the police list; hollow: not. What lies beyond `longest` stops there and ends in a point. A missing
    `low` or `high` leaves the line out, a missing `rank` the dot.
    """

    def place(value: float) -> str:
        return f"{100 * (min(value, longest) - 0.5) / longest:.2f}%"

    shapes = [f'<line x1="{place(cut)}" y1="-2" x2="{place(cut)}" y2="16" stroke="{INK_2}" stroke-dasharray="2 2"/>']
    ends = [float(value) for value in (low, high) if value is not None and not pd.isna(value)]
    if len(ends) == 2:
        x1, x2 = place(ends[0]), place(ends[1])
        shapes.append(f'<line x1="{x1}" y1="7" x2="{x2}" y2="7" stroke="{INK}" stroke-width="2"/>')
    if rank is not None and not pd.isna(rank):
        ends.append(float(rank))
        if rank <= longest:
            look = f'r="4.6" fill="{INK}"' if is_listed else f'r="3.7" fill="#fff" stroke="{INK}" stroke-width="1.8"'
            shapes.append(f'<circle cx="{place(rank)}" cy="7" {look}/>')
    if ends and max(ends) > longest:
        shapes.append(f'<svg x="100%" overflow="visible"><path d="M-3 3L4 7 -3 11Z" fill="{INK}"/></svg>')
    return _row_picture("range", shapes)


def share_bar(share: float | None, before: float | None = None) -> str:
    """Draw a share of 0 to 1 as a bar from the left, with what it was before as an upright.

    A missing share draws no bar, for one of length 0 would read as nothing filled; a missing `before` no upright.
    """
    if share is None or pd.isna(share):
        return ""
    if not 0 <= share <= 1 or not (before is None or pd.isna(before) or 0 <= before <= 1):
        raise TableError("A share is drawn from 0 to 1.")
    shapes = [f'<line x1="0" y1="13.5" x2="100%" y2="13.5" stroke="{RULE}"/>']
    shapes.append(f'<rect y="3" width="{100 * share:.2f}%" height="8" fill="{BLUE}"/>')
    if before is not None and not pd.isna(before):
        place = f"{100 * before:.2f}%"
        shapes.append(f'<line x1="{place}" y1="0" x2="{place}" y2="14" stroke="{INK}" stroke-width="2"/>')
    return _row_picture("share", shapes)


def movement_icon(kind: str) -> str:
    """Draw up, down, a bar, a plus or a broken bar; the word that says the same always stands beside it."""
    if kind not in MOVEMENT_PATHS:
        raise TableError(f"A movement must be one of {', '.join(MOVEMENT_PATHS)}.")
    return _icon(MOVEMENT_PATHS[kind], INK)


def care_diamond() -> str:
    """Draw the diamond that marks harm suffered, never alone: the words stand beside it."""
    return _icon("M5 0L10 5 5 10 0 5Z", CARE)


def _box(start: float, end: float, look: str) -> str:
    return f'<rect x="{start:.2f}%" width="{end - start:.2f}%" {look}/>'


def _slants(start: float, end: float) -> str:
    lines = []
    for n in range(math.ceil((end - start) / SLANT_STEP - 1e-9)):
        left = start + n * SLANT_STEP
        share = min(1.0, (end - left) / SLANT_STEP)
        lines.append(
            f'<line x1="{left:.2f}%" y1="{BAR_HEIGHT}" x2="{left + share * SLANT_STEP:.2f}%" '
            f'y2="{BAR_HEIGHT * (1 - share):.1f}" stroke="#fff" stroke-width="1.4"/>'
        )
    return "".join(lines)


def _row_picture(name: str, shapes: list[str]) -> str:
    inside = "".join(shapes)
    return f'<svg class="{name}" width="100%" height="{BAR_HEIGHT}" aria-hidden="true" focusable="false">{inside}</svg>'


def _icon(path: str, colour: str) -> str:
    return (
        f'<svg class="ic" viewBox="0 0 10 10" aria-hidden="true" focusable="false">'
        f'<path d="{path}" fill="{colour}"/></svg>'
    )
