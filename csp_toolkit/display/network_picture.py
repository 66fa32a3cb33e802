"""The network as it prints: nodes and ties as one inline SVG, with its key.

It shows what the interactive picture shows, at the same places, and needs no script. Shapes, widths and dashes carry
the meaning; hue only helps, so it reads the same in grey.
"""

import math
from html import escape

import pandas as pd

from csp_toolkit.display.labels import clean_label, place_labels
from csp_toolkit.display.tokens import BLUE, CARE, INK, INK_2, LINE_FILL
from csp_toolkit.errors import TableError

PICTURE_WIDTH = 920
LEAST_HEIGHT = 240
NODE_KINDS = ("listed", "scored", "other", "line")
TIE_WIDTHS = (1.4, 2.3, 3.4, 4.6)


def network_svg(
    nodes: pd.DataFrame,
    ties: pd.DataFrame,
    *,
    title: str,
    desc: str,
    height: int | None = None,
    key: str = "network",
) -> str:
    """Draw nodes and ties where they stand, as the printed twin of the interactive picture.

    Parameters
    ----------
    nodes : node_id, label, kind (one of `NODE_KINDS`), is_harmed (Y/N), x and y in units of a picture
        `PICTURE_WIDTH` wide and `height` high (by default as high as the nodes need).
    ties : person_a, person_b (node ids), n_origins, is_tested (Y/N). One row a pair: every row is drawn.
    title, desc : what the picture is; what it shows, in order, ending with the finding. They pass the same redaction
        as the page.
    key : begins the ids of title and description; must differ between two pictures on one page.

    Notes
    -----
    Filled circle on the police list, hollow in the matrix, thin hollow neither; square a line; diamond recorded as
    harmed. Width counts independent origins; dashed means one untested origin.
    """
    check_picture(nodes, ties)
    height = height or picture_height(nodes)
    at = {str(n): (x, y) for n, x, y in zip(nodes["node_id"], nodes["x"], nodes["y"], strict=True)}
    lines = [_tie(at[a], at[b], width, is_dashed) for a, b, width, is_dashed in tie_styles(ties)]
    marks = [_mark(*row) for row in zip(nodes["kind"], nodes["is_harmed"], nodes["x"], nodes["y"], strict=True)]
    labels = [
        f'<text x="{p.x:.1f}" y="{p.y:.1f}" text-anchor="{p.anchor}" paint-order="stroke" stroke="#fff" '
        f'stroke-width="4" stroke-linejoin="round">{escape(p.text)}</text>'
        for p in place_labels(nodes, ties, width=PICTURE_WIDTH, height=height)
    ]
    name = escape(key, quote=True)
    return (
        f'<svg class="network" viewBox="0 0 {PICTURE_WIDTH} {height}" width="100%" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="Arial, Liberation Sans, sans-serif" font-size="14" '
        f'fill="{INK}"><title id="{name}-title">{escape(clean_label(title, longest=400))}</title>'
        f'<desc id="{name}-desc">{escape(clean_label(desc, longest=4000))}</desc>'
        + "".join(lines + marks + labels)
        + "</svg>"
    )


def network_legend(nodes: pd.DataFrame | None = None) -> str:
    """Return the key to the network picture as a list, each entry its mark and its words.

    With `nodes`, only marks that are in the picture; without, all but that of people neither listed nor scored.
    """
    kinds = {"listed", "scored", "line", "harmed"} if nodes is None else set(nodes["kind"])
    if nodes is not None and (nodes["is_harmed"] == "Y").any():
        kinds.add("harmed")
    mark = '<svg width="22" height="22" viewBox="0 0 26 26" aria-hidden="true">{}</svg>{}'
    stroke = '<svg width="30" height="10" aria-hidden="true"><path d="M0 5H30" stroke="{}" {}/></svg>{}'
    marks = {
        "listed": (f'<circle cx="13" cy="13" r="10" fill="{BLUE}"/>', "on the police list"),
        "scored": (
            f'<circle cx="13" cy="13" r="9" fill="#fff" stroke="{BLUE}" stroke-width="2.4"/>',
            "in the matrix, not on the list",
        ),
        "other": (
            f'<circle cx="13" cy="13" r="7" fill="#fff" stroke="{INK_2}" stroke-width="1.2"/>',
            "a person; no list or score shown here",
        ),
        "line": (
            f'<rect x="3" y="3" width="20" height="20" fill="{LINE_FILL}" stroke="{INK}" stroke-width="1.6"/>',
            "drug line (a brand, not a phone)",
        ),
        "harmed": (f'<path d="M13 1L25 13 13 25 1 13Z" fill="{CARE}"/>', "recorded as harmed or exploited"),
    }
    entries = [mark.format(*shown) for kind, shown in marks.items() if kind in kinds]
    entries += [
        stroke.format(INK_2, 'stroke-width="4"', "thicker: more independent origins (1 to 4 and over)"),
        stroke.format(INK_2, 'stroke-width="1.4" stroke-dasharray="5 4"', "dashed: one untested origin"),
    ]
    return '<ul class="legend">' + "".join(f"<li>{entry}</li>" for entry in entries) + "</ul>"


def picture_height(nodes: pd.DataFrame) -> int:
    """Return how high the picture must be for its lowest node and label."""
    lowest = float(nodes["y"].max()) if len(nodes) else 0.0
    return max(LEAST_HEIGHT, math.ceil(lowest) + 34)


def check_picture(nodes: pd.DataFrame, ties: pd.DataFrame) -> None:
    """Refuse nodes and ties that cannot be drawn whole: a dropped tie would be a false picture."""
    problems = [
        f"{frame_name}: no column {column}"
        for frame_name, frame, columns in (
            ("nodes", nodes, ("node_id", "label", "kind", "is_harmed", "x", "y")),
            ("ties", ties, ("person_a", "person_b", "n_origins", "is_tested")),
        )
        for column in columns
        if column not in frame.columns
    ]
    if problems:
        raise TableError(f"The network cannot be drawn: {'; '.join(problems)}.")
    pairs = [frozenset(pair) for pair in zip(ties["person_a"], ties["person_b"], strict=True)]
    known = set(nodes["node_id"])
    faults = {
        "nodes without an id": int(nodes["node_id"].isna().sum()),
        "nodes that stand twice": int(nodes["node_id"].duplicated().sum()),
        "nodes without a place": int(nodes[["x", "y"]].isna().any(axis=1).sum()),
        "nodes of an unknown kind": int((~nodes["kind"].isin(NODE_KINDS)).sum()),
        "ties to a node that is not there": sum(not pair <= known for pair in pairs),
        "ties of a node with itself": sum(len(pair) < 2 for pair in pairs),
        "ties that stand twice": len(pairs) - len(set(pairs)),
    }
    found = [f"{n} {what}" for what, n in faults.items() if n]
    if found:
        raise TableError(f"The network cannot be drawn: {', '.join(found)}. Mend the frames, or leave them out.")


def tie_styles(ties: pd.DataFrame) -> list[tuple[str, str, float, bool]]:
    """Return, a tie, its two ends, its width by independent origins, and whether it is dashed."""
    rows = zip(ties["person_a"], ties["person_b"], ties["n_origins"], ties["is_tested"], strict=True)
    return [
        (str(a), str(b), TIE_WIDTHS[min(max(int(n), 1), 4) - 1], int(n) <= 1 and tested != "Y")
        for a, b, n, tested in rows
    ]


def _tie(a: tuple[float, float], b: tuple[float, float], width: float, is_dashed: bool) -> str:
    dash = ' stroke-dasharray="5 4"' if is_dashed else ""
    path = f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}"
    return f'<path d="{path}" stroke="{INK_2}" stroke-width="{width}"{dash}/>'


def _mark(kind: str, is_harmed: str, x: float, y: float) -> str:
    """Draw a node; harm recorded of someone who is in the matrix stands beside the circle, not in its place."""
    harmed = is_harmed == "Y"
    if kind == "other" and harmed:
        return _diamond(x, y, 12)
    shape = {
        "listed": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" fill="{BLUE}"/>',
        "scored": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="#fff" stroke="{BLUE}" stroke-width="2.4"/>',
        "other": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="#fff" stroke="{INK_2}" stroke-width="1.2"/>',
        "line": f'<rect x="{x - 10:.1f}" y="{y - 10:.1f}" width="20" height="20" fill="{LINE_FILL}" stroke="{INK}" '
        'stroke-width="1.6"/>',
    }[kind]
    return shape + (_diamond(x + 11, y + 9, 8) if harmed else "")


def _diamond(x: float, y: float, r: float) -> str:
    path = f"M{x:.1f} {y - r:.1f}L{x + r:.1f} {y:.1f} {x:.1f} {y + r:.1f} {x - r:.1f} {y:.1f}Z"
    return f'<path d="{path}" fill="{CARE}" stroke="#fff" stroke-width="1.5"/>'
