"""Spans of time in lanes, months across: what ran from when to when, beneath one another, on one scale.

A lane with several spans stacks them in two rows in turn, so that one which begins before the last has ended is seen.
"""

from html import escape

import pandas as pd

from csp_toolkit.display.tokens import BLUE, INK, INK_2, MID_BLUE, RULE

WIDTH, LABEL = 720, 150
LANE, STACKED, TOP, FOOT = 22, 15, 6, 22


def timeline_svg(
    spans: pd.DataFrame, *, since: pd.Timestamp, until: pd.Timestamp, title: str, desc: str, name: str = "timeline"
) -> str:
    """Draw spans (`lane`, `from_on`, `to_on`, `is_open`, `words`, `is_main`) between two days.

    Lanes stand in the order in which they first come. A main span is tall and solid with its words in it, others are
    thin; one that is still open ends in a point. Months are ruled, every third is named.
    """
    lanes = list(dict.fromkeys(spans["lane"]))
    heights = [LANE if spans.loc[spans["lane"] == lane, "is_main"].all() else 2 * STACKED for lane in lanes]
    tops = [TOP + sum(heights[:n]) for n in range(len(lanes))]
    bottom = TOP + sum(heights)
    days = max((until - since).days, 1)

    def place(day: pd.Timestamp) -> float:
        inside = min(max(day, since), until)
        return LABEL + (WIDTH - LABEL - 12) * (inside - since).days / days

    shapes = _months(since, until, place, bottom)
    for lane, top, height in zip(lanes, tops, heights, strict=True):
        shapes.append(f'<text x="0" y="{top + 14}" fill="{INK}">{escape(str(lane))}</text>')
        ours = spans[spans["lane"] == lane].sort_values("from_on", kind="stable")
        for n, span in enumerate(ours.itertuples(index=False)):
            if span.to_on < since or span.from_on > until:
                continue
            at = top + 3 if span.is_main else top + 2 + STACKED * (n % 2)
            shapes += _span(place(span.from_on), place(span.to_on), at, span, height=LANE - 8 if span.is_main else 9)
        shapes.append(f'<line x1="0" y1="{top + height}" x2="{WIDTH}" y2="{top + height}" stroke="{RULE}"/>')
    full = bottom + FOOT
    return (
        f'<svg class="timeline" role="img" aria-labelledby="{name}-title {name}-desc" width="{WIDTH}" height="{full}" '
        f'viewBox="0 0 {WIDTH} {full}" font-size="12"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(desc)}</desc>{"".join(shapes)}</svg>'
    )


def _months(since: pd.Timestamp, until: pd.Timestamp, place, bottom: float) -> list[str]:  # type: ignore[no-untyped-def]
    shapes = []
    for month in pd.date_range(since, until, freq="MS"):
        x = place(month)
        shapes.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="{RULE}"/>')
        if month.month % 3 == 1:
            words = f"{month:%b %Y}"
            shapes.append(f'<text x="{x:.1f}" y="{bottom + 15}" text-anchor="middle" fill="{INK_2}">{words}</text>')
    return shapes


def _span(left: float, right: float, top: float, span, *, height: float) -> list[str]:  # type: ignore[no-untyped-def]
    width = max(right - left, 2.0)
    fill = BLUE if span.is_main else MID_BLUE
    shapes = [f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{height}" fill="{fill}"/>']
    if span.is_open:
        tip = f"M{right:.1f} {top - 2}L{right + 9:.1f} {top + height / 2} {right:.1f} {top + height + 2}Z"
        shapes.append(f'<path d="{tip}" fill="{INK}"/>')
    words = escape(str(span.words))
    if span.is_main and width > 9 * len(str(span.words)):
        shapes.append(f'<text x="{left + 5:.1f}" y="{top + height - 3}" fill="#fff" font-weight="700">{words}</text>')
    elif span.is_main:
        shapes.append(f'<text x="{left - 5:.1f}" y="{top + height - 3}" text-anchor="end" fill="{INK}">{words}</text>')
    return shapes
