"""A sum as a waterfall: where it starts, what each step adds or takes, and where it ends."""

import itertools
from html import escape

import pandas as pd

from csp_toolkit.display.tokens import BLUE, INK, INK_2, RULE, TASK

ROW, WIDTH, TEXT = 22, 640, 300
THIN = 9


def waterfall_svg(steps: pd.DataFrame, *, label: str) -> str:
    """Draw steps (`words`, `weight`) as bars that each begin where the one before ended, with the sum last.

    What speaks for is solid and to the right, what speaks against is hollow and to the left, so that the picture
    reads in grey; the number stands beside each bar. `label` says the same in words to those who cannot see it.
    """
    ends = steps["weight"].cumsum()
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    scale = (WIDTH - TEXT - 60) / ((high - low) or 1.0)

    def place(value: float) -> float:
        return TEXT + (value - low) * scale

    shapes = [f'<line x1="{place(0):.1f}" y1="0" x2="{place(0):.1f}" y2="{ROW * (len(steps) + 1)}" stroke="{RULE}"/>']
    before = 0.0
    for n, (words, weight) in enumerate(zip(steps["words"], steps["weight"], strict=True)):
        shapes += _bar(n, str(words), float(weight), place(before), place(before + weight))
        before += float(weight)
    shapes += _bar(len(steps), "sum", before, place(0.0), place(before))
    height = ROW * (len(steps) + 1)
    return (
        f'<svg class="waterfall" role="img" aria-label="{escape(label, quote=True)}" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-size="12">{"".join(shapes)}</svg>'
    )


def waterfall_row(steps: pd.DataFrame, *, scale: float) -> str:
    """Draw the same small, for a cell whose numbers stand beside it: a line a step, all from 0 at left to `scale`.

    The first bar is where it starts and the last where it ends; between them solid is added and hollow taken off.
    """
    weights = [float(weight) for weight in steps["weight"]]
    ends = [sum(weights[: n + 1]) for n in range(len(weights))]
    bars = [(0.0, end, True) for end in ends[:1]]
    bars += [(min(a, b), abs(b - a), b >= a) for a, b in itertools.pairwise(ends)]
    bars += [(0.0, end, True) for end in ends[-1:]]
    height = THIN * len(bars)
    shapes = [f'<line x1="0" y1="0" x2="0" y2="{height}" stroke="{RULE}"/>']
    for n, (left, width, is_added) in enumerate(bars):
        is_end = n in (0, len(bars) - 1)
        fill = INK_2 if is_end else BLUE
        look = f'fill="{fill}"' if is_added else f'fill="#fff" stroke="{TASK}" stroke-width="1.2"'
        place, end = (100 * min(value, scale) / scale for value in (left, left + width))
        size = max(end - place, 0.5)
        shapes.append(
            f'<rect x="{min(place, 99.5):.2f}%" y="{n * THIN + 1}" width="{size:.2f}%" height="{THIN - 3}" {look}/>'
        )
    return f'<svg class="steps" width="100%" height="{height}" aria-hidden="true">{"".join(shapes)}</svg>'


def _bar(row: int, words: str, weight: float, start: float, end: float) -> list[str]:
    top, left, width = row * ROW + 4, min(start, end), max(abs(end - start), 1.0)
    look = f'fill="{BLUE}"' if weight >= 0 else f'fill="#fff" stroke="{TASK}" stroke-width="1.4"'
    return [
        f'<text x="0" y="{top + 11}" fill="{INK}">{escape(_shorten(words))}</text>',
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 8}" {look}/>',
        f'<text x="{max(start, end) + 4:.1f}" y="{top + 11}" fill="{INK_2}">{weight:+.1f}</text>',
    ]


def _shorten(words: str, longest: int = 52) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "\u2026"
