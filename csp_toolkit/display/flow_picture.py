"""Flows into and out of one place: a band for each other place, as wide as its number; and a bar of parts.

It is no map: places stand in order of their numbers, and where they lie on the ground means nothing here.
"""

from collections.abc import Sequence
from html import escape

import pandas as pd

from csp_toolkit.display.tokens import BLUE, INK, INK_2, MID_BLUE, RULE
from csp_toolkit.errors import TableError

WIDTH, LEFT, RIGHT, BOX = 720, 200, 520, 90
ROW, TOP, LEAST_BAND, MOST_BAND = 30, 26, 1.5, 22.0
BAR_HEIGHT = 12


def flow_svg(into: pd.DataFrame, out_of: pd.DataFrame, *, here: str, title: str, desc: str, name: str = "flows") -> str:
    """Draw flows (`place`, `n`, `words`, `is_known`) into a place at left and out of it at right.

    A band is as wide as its number, by one scale on both sides, that of the largest known one. One whose other end is
    not known is dashed and never wider: its number, printed beside it as `words`, may be beyond the scale.
    """
    sides = [frame.reset_index(drop=True) for frame in (into, out_of)]
    most = max([1.0, *[float(n) for frame in sides for n in frame.loc[frame["is_known"].astype(bool), "n"]]])
    rows = max(1, *[len(frame) for frame in sides])
    height = TOP + ROW * rows + 8
    middle = TOP + ROW * rows / 2
    box_height = max(40.0, ROW * rows * 0.75)
    box_left, box_right = WIDTH / 2 - BOX / 2, WIDTH / 2 + BOX / 2
    bold = f'font-weight="700" fill="{INK}"'
    shapes = [
        f'<text x="{LEFT - 8}" y="14" text-anchor="end" {bold}>Lived there, recorded here</text>',
        f'<text x="{RIGHT + 8}" y="14" {bold}>Lived here, recorded there</text>',
    ]
    for frame, is_in in zip(sides, (True, False), strict=True):
        for n, row in enumerate(frame.itertuples(index=False)):
            y = TOP + ROW * (n + 0.5)
            band = min(MOST_BAND, max(LEAST_BAND, MOST_BAND * float(row.n) / most))
            aim = middle + (n - (len(frame) - 1) / 2) * box_height / max(len(frame), 1)
            start, end = ((LEFT, y), (box_left, aim)) if is_in else ((box_right, aim), (RIGHT, y))
            shapes.append(_band(start, end, band, is_known=bool(row.is_known)))
            at, anchor = (LEFT - 8, "end") if is_in else (RIGHT + 8, "start")
            shapes.append(
                f'<text x="{at}" y="{y + 4:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(str(row.place))} '
                f'<tspan font-weight="700">{escape(str(row.words))}</tspan></text>'
            )
    shapes.append(
        f'<rect x="{box_left}" y="{middle - box_height / 2:.1f}" width="{BOX}" height="{box_height:.1f}" fill="{INK}"/>'
        f'<text x="{WIDTH / 2}" y="{middle + 4:.1f}" text-anchor="middle" fill="#fff" font-weight="700">'
        f"{escape(here)}</text>"
    )
    return (
        f'<svg class="flow" role="img" aria-labelledby="{name}-title {name}-desc" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-size="13"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(desc)}</desc>{"".join(shapes)}</svg>'
    )


def _band(start: tuple[float, float], end: tuple[float, float], width: float, *, is_known: bool) -> str:
    (x1, y1), (x2, y2) = start, end
    bend = (x1 + x2) / 2
    path = f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    if is_known:
        return f'<path d="{path}" fill="none" stroke="{MID_BLUE}" stroke-width="{width:.1f}"/>'
    dashed = f'fill="none" stroke="{INK_2}" stroke-width="{width:.1f}" stroke-dasharray="4 4"'
    return f'<path d="{path}" {dashed}/>'


def parts_bar(parts: Sequence[float], *, scale: float) -> str:
    """Draw up to three parts of a number end to end: solid, light, and hollow for what is not known.

    All bars of one table share `scale`. The numbers stand beside it, so it is hidden from a screen reader.
    """
    if len(parts) > 3 or min(parts, default=0) < 0 or scale <= 0:
        raise TableError("A bar has one to three parts of 0 or more, and a scale above 0.")
    looks = (
        f'fill="{BLUE}"',
        f'fill="{MID_BLUE}" fill-opacity=".45"',
        f'fill="#fff" stroke="{INK_2}" stroke-width="1.2"',
    )
    shapes, before = [f'<line x1="0" y1="13.5" x2="100%" y2="13.5" stroke="{RULE}"/>'], 0.0
    for part, look in zip(parts, looks, strict=False):
        width = 100 * part / scale
        if part > 0:
            shapes.append(
                f'<rect x="{100 * before / scale:.2f}%" y="1" width="{width:.2f}%" height="{BAR_HEIGHT}" {look}/>'
            )
        before += part
    return f'<svg class="bar" width="100%" height="14" aria-hidden="true" focusable="false">{"".join(shapes)}</svg>'
