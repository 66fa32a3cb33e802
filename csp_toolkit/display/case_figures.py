"""The pictures of a case's page: both bands on their scale, twelve months in lanes, and who somebody is tied to.

Like every picture of a page: shapes and text alone, no style, nothing that print engines draw differently. Positions
are worked out once, so the same rows give the same picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from csp_toolkit.display.labels import clean_label, text_width
from csp_toolkit.display.tokens import BLUE, CARE, INK, INK_2, PAPER, RULE

FACE = "Arial, Liberation Sans, sans-serif"
BAND_HEIGHT = 26
LANE_LEFT, LANE_RIGHT, LANE_TOP, LANE_STEP, LANE_FONT = 112, 1112, 22, 25, 13.5
EGO_WIDTH, EGO_STEP, EGO_FONT = 520, 21, 13.5
MOST_AROUND = 14
# Which marks are labelled first where there is no room for all.
_FIRST = {"arrest": 0, "safeguarding": 0, "move": 1, "event": 2, "period": 2, "unsettled": 3}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def band_picture(
    score: float | None, low: float | None, high: float | None, before: Sequence[float | None], limits: Sequence[float]
) -> str:
    """Draw a score of 0 to 100 between the limits of its bands: its range as a bar, the scores before as hollow dots.

    The larger hollow dot is the last one. A missing score draws no dot: nought would read as a score.
    """
    lines = [f'<line x1="{x:g}%" y1="0" x2="{x:g}%" y2="{BAND_HEIGHT}" stroke="{RULE}"/>' for x in limits]
    lines.append(f'<line x1="0" y1="25.5" x2="100%" y2="25.5" stroke="{INK}"/>')
    if low is not None and high is not None:
        lines.append(f'<rect x="{low:g}%" y="5" width="{max(high - low, 0):g}%" height="9" fill="#bcd2df"/>')
        lines += [
            f'<line x1="{x:g}%" y1="3" x2="{x:g}%" y2="16" stroke="{INK}" stroke-width="1.4"/>' for x in (low, high)
        ]
    for size, value in zip((3.4, 2.5), before, strict=False):
        if value is not None:
            lines.append(
                f'<circle cx="{value:g}%" cy="20" r="{size}" fill="{PAPER}" stroke="{INK_2}" stroke-width="1.5"/>'
            )
    if score is not None:
        lines.append(f'<circle cx="{score:g}%" cy="9.5" r="5.4" fill="{INK}"/>')
    inside = "".join(lines)
    return (
        f'<svg class="bandpic" width="100%" height="{BAND_HEIGHT}" aria-hidden="true" focusable="false">{inside}</svg>'
    )


@dataclass(frozen=True)
class _Mark:
    x: float
    until: float | None
    kind: str
    words: str


def lanes_picture(
    rows: Sequence[Mapping[str, Any]],
    empty: Mapping[str, str],
    lanes: Sequence[str],
    *,
    as_of: date,
    key: str,
    desc: str,
) -> str:
    """Draw twelve months in lanes, each mark with its words where there is room; an empty lane says why it is empty.

    Parameters
    ----------
    rows : lane, mark (event, arrest, unsettled, move, period, safeguarding), on, until, words; days as dates.
    empty : by lane, the words for nothing. key : begins the ids. desc : what the picture shows, in words.
    """
    first = as_of - timedelta(days=365)
    height = LANE_TOP + LANE_STEP * len(lanes) + 2
    shapes = [_months(first, as_of, height)]
    for n, lane in enumerate(lanes):
        y = LANE_TOP + LANE_STEP * n
        shapes.append(f'<line x1="0" y1="{y}" x2="{LANE_RIGHT}" y2="{y}" stroke="{RULE}"/>')
        shapes.append(f'<text x="0" y="{y + 17}" font-weight="700">{escape(lane)}</text>')
        marks = [
            _Mark(_place(row["on"], first, as_of), _end(row, first, as_of), row["mark"],
                  clean_label(row["words"], longest=44))
            for row in rows if row["lane"] == lane
        ]  # fmt: skip
        shapes += _lane(marks, y + 12.5) if marks else [_nothing(empty.get(lane, "none recorded"), y + 17)]
    name = escape(key, quote=True)
    return (
        f'<svg class="lanes" viewBox="0 0 1120 {height}" width="100%" role="img" aria-labelledby="{name}-t {name}-d" '
        f'font-family="{FACE}" font-size="{LANE_FONT}" fill="{INK}">'
        f'<title id="{name}-t">Twelve months, lane by lane</title>'
        f'<desc id="{name}-d">{escape(clean_label(desc, longest=2000))}</desc>{"".join(shapes)}</svg>'
    )


def _place(day: date, first: date, last: date) -> float:
    share = min(max((day - first).days / (last - first).days, 0), 1)
    return LANE_LEFT + share * (LANE_RIGHT - LANE_LEFT)


def _end(row: Mapping[str, Any], first: date, last: date) -> float | None:
    return None if row.get("until") is None else _place(row["until"], first, last)


def _months(first: date, last: date, height: int) -> str:
    shapes, year, month = [], first.year, first.month
    while True:
        month += 1
        if month == 13:
            year, month = year + 1, 1
        if (day := date(year, month, 1)) > last:
            break
        x = _place(day, first, last)
        shapes.append(f'<line x1="{x:.1f}" y1="{LANE_TOP - 4}" x2="{x:.1f}" y2="{height}" stroke="{RULE}"/>')
        label = _MONTHS[month - 1] + (f" {year}" if month == 1 or not shapes[:-1] else "")
        if x + text_width(label, font_px=12.5) < LANE_RIGHT:
            shapes.append(f'<text x="{x + 3:.1f}" y="12" fill="{INK_2}" font-size="12.5">{label}</text>')
    return "".join(shapes)


def _nothing(words: str, y: float) -> str:
    said = escape(clean_label(words, longest=90))
    return (
        f'<text x="{LANE_LEFT + 4}" y="{y:g}" fill="{INK_2}" font-style="italic" paint-order="stroke" stroke="{PAPER}" '
        f'stroke-width="4" stroke-linejoin="round">{said}</text>'
    )


def _lane(marks: Sequence[_Mark], y: float) -> list[str]:
    """Draw a lane's marks, and their words where they hide nothing: weightier and newer marks first."""
    taken = [(mark.x - 7, (mark.until or mark.x) + 7) for mark in marks]
    order = sorted(range(len(marks)), key=lambda n: (_FIRST.get(marks[n].kind, 4), -marks[n].x))
    labels = []
    for n in order:
        mark = marks[n]
        wide = text_width(mark.words, font_px=LANE_FONT) + 4
        end = mark.until or mark.x
        for left, anchor, x in ((end + 9, "start", end + 9), (mark.x - 9 - wide, "end", mark.x - 9)):
            box = (left, left + wide)
            others = [t for k, t in enumerate(taken) if k != n]
            if box[0] >= LANE_LEFT and box[1] <= LANE_RIGHT and not any(a < box[1] and box[0] < b for a, b in others):
                labels.append(
                    f'<text x="{x:.1f}" y="{y + 4.5:g}" text-anchor="{anchor}" paint-order="stroke" stroke="{PAPER}" '
                    f'stroke-width="3" stroke-linejoin="round">{escape(mark.words)}</text>'
                )
                taken.append(box)
                break
    return [_shape(mark, y) for mark in marks] + labels


def _shape(mark: _Mark, y: float) -> str:
    x = mark.x
    if mark.kind == "period" and mark.until is not None:
        return f'<rect x="{x:.1f}" y="{y - 3.5:g}" width="{max(mark.until - x, 3):.1f}" height="7" fill="{BLUE}"/>'
    shapes = {
        "arrest": f'<path d="M{x:.1f} {y - 6:g}L{x + 6.5:.1f} {y + 5:g}H{x - 6.5:.1f}Z" fill="{INK}"/>',
        "unsettled": f'<circle cx="{x:.1f}" cy="{y:g}" r="4.6" fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>',
        "move": f'<rect x="{x - 5:.1f}" y="{y - 5:g}" width="10" height="10" fill="{INK}"/>',
        "safeguarding": f'<path d="M{x:.1f} {y - 7:g}L{x + 7:.1f} {y:g} {x:.1f} {y + 7:g} {x - 7:.1f} {y:g}Z" '
        f'fill="{CARE}"/>',
    }
    return shapes.get(mark.kind, f'<circle cx="{x:.1f}" cy="{y:g}" r="5" fill="{INK}"/>')


def ego_picture(ties: Sequence[Mapping[str, Any]], person: str, label: str, *, key: str, desc: str) -> str:
    """Draw one person in the middle and those they are tied to on either side, surest first from the top.

    Parameters
    ----------
    ties : person_a, person_b, label_a, label_b, n_origins, is_tested, p_exists: those of the person, and those among
        the others, which are drawn thin. Width counts origins; dashed means one untested origin.
    """
    own = sorted(
        (t for t in ties if person in (t["person_a"], t["person_b"])), key=lambda t: (-t["p_exists"], _other(t, person))
    )
    own = own[:MOST_AROUND]
    rows = max((len(own) + 1) // 2, 2)
    height, middle = EGO_STEP * rows + 14, (EGO_STEP * rows + 14) / 2
    at = {}
    for n, tie in enumerate(own):
        x = 168.0 if n % 2 == 0 else EGO_WIDTH - 168.0
        at[_other(tie, person)] = (x, 16.0 + EGO_STEP * (n // 2))
    lines = [
        _tie((EGO_WIDTH / 2, middle), at[_other(t, person)], min(max(int(t["n_origins"]), 1), 4), _is_weak(t))
        for t in own
    ]
    among = [t for t in ties if t["person_a"] in at and t["person_b"] in at]
    lines = [_faint(at[t["person_a"]], at[t["person_b"]]) for t in among] + lines
    marks = []
    for tie in own:
        other = _other(tie, person)
        x, y = at[other]
        name = tie["label_b"] if tie["person_a"] == person else tie["label_a"]
        side, shift = ("end", -8) if x < EGO_WIDTH / 2 else ("start", 8)
        marks.append(f'<circle cx="{x:g}" cy="{y:g}" r="4.4" fill="{PAPER}" stroke="{BLUE}" stroke-width="1.8"/>')
        said = escape(clean_label(name, longest=22))
        marks.append(f'<text x="{x + shift:g}" y="{y + 4.6:g}" text-anchor="{side}">{said}</text>')
    centre = (
        f'<circle cx="{EGO_WIDTH / 2:g}" cy="{middle:g}" r="7" fill="{BLUE}"/>'
        f'<text x="{EGO_WIDTH / 2:g}" y="{middle - 11:g}" text-anchor="middle" font-weight="700" paint-order="stroke" '
        f'stroke="{PAPER}" stroke-width="4" stroke-linejoin="round">{escape(clean_label(label, longest=22))}</text>'
    )
    name = escape(key, quote=True)
    return (
        f'<svg class="ego" viewBox="0 0 {EGO_WIDTH} {height}" width="100%" role="img" '
        f'aria-labelledby="{name}-t {name}-d" font-family="{FACE}" font-size="{EGO_FONT}" fill="{INK}">'
        f'<title id="{name}-t">Who they are tied to, one step</title>'
        f'<desc id="{name}-d">{escape(clean_label(desc, longest=2000))}</desc>{"".join(lines + marks)}{centre}</svg>'
    )


def _other(tie: Mapping[str, Any], person: str) -> str:
    return str(tie["person_b"] if tie["person_a"] == person else tie["person_a"])


def _is_weak(tie: Mapping[str, Any]) -> bool:
    return int(tie["n_origins"]) <= 1 and tie["is_tested"] != "Y"


def _tie(a: tuple[float, float], b: tuple[float, float], width: float, is_dashed: bool) -> str:
    dash = ' stroke-dasharray="4 3"' if is_dashed else ""
    return (
        f'<path d="M{a[0]:g} {a[1]:g}L{b[0]:g} {b[1]:g}" stroke="{INK_2}" stroke-width="{0.6 + 0.6 * width:g}"{dash}/>'
    )


def _faint(a: tuple[float, float], b: tuple[float, float]) -> str:
    return f'<path d="M{a[0]:g} {a[1]:g}L{b[0]:g} {b[1]:g}" stroke="{RULE}" stroke-width="1"/>'
