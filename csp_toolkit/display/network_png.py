"""The network as a still picture in pixels, for where an interactive one cannot be shown."""

import io

import pandas as pd

from csp_toolkit.display.labels import place_labels
from csp_toolkit.display.network_picture import PICTURE_WIDTH, check_picture, picture_height, tie_styles
from csp_toolkit.display.tokens import BLUE, CARE, INK, INK_2, LINE_FILL

DOTS_PER_INCH = 100
POINTS_PER_PIXEL = 0.72
LABEL_PX = 12  # DejaVu, which matplotlib carries with it, is wider than the page's type
ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def network_png(nodes: pd.DataFrame, ties: pd.DataFrame, *, height: int | None = None) -> bytes:
    """Draw nodes and ties where they stand as a PNG; the same frames give the same bytes.

    Parameters are those of `network_svg`. Whoever shows it must give it words: it carries none of its own.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Circle, Polygon, Rectangle
    from matplotlib.patheffects import withStroke

    check_picture(nodes, ties)
    height = height or picture_height(nodes)
    figure = Figure(figsize=(PICTURE_WIDTH / DOTS_PER_INCH, height / DOTS_PER_INCH), dpi=DOTS_PER_INCH)
    figure.patch.set_facecolor("white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, PICTURE_WIDTH)
    axes.set_ylim(height, 0)

    def diamond(x: float, y: float, r: float) -> Polygon:
        corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
        return Polygon(corners, facecolor=CARE, edgecolor="white", linewidth=1.1, zorder=3)

    at = {str(n): (x, y) for n, x, y in zip(nodes["node_id"], nodes["x"], nodes["y"], strict=True)}
    for a, b, width, is_dashed in tie_styles(ties):
        (x1, y1), (x2, y2) = at[a], at[b]
        line = Line2D([x1, x2], [y1, y2], color=INK_2, linewidth=width * POINTS_PER_PIXEL, zorder=1)
        line.set_linestyle((0, (4, 3)) if is_dashed else "solid")
        axes.add_line(line)
    looks = {
        "listed": dict(radius=10, facecolor=BLUE, edgecolor=BLUE, linewidth=0),
        "scored": dict(radius=9, facecolor="white", edgecolor=BLUE, linewidth=2.4 * POINTS_PER_PIXEL),
        "other": dict(radius=7, facecolor="white", edgecolor=INK_2, linewidth=1.2 * POINTS_PER_PIXEL),
    }
    for kind, harmed, x, y in zip(nodes["kind"], nodes["is_harmed"], nodes["x"], nodes["y"], strict=True):
        if kind == "line":
            axes.add_patch(Rectangle((x - 10, y - 10), 20, 20, facecolor=LINE_FILL, edgecolor=INK, zorder=2))
        elif kind == "other" and harmed == "Y":
            axes.add_patch(diamond(x, y, 12))
        else:
            axes.add_patch(Circle((x, y), zorder=2, **looks[kind]))
        if harmed == "Y" and kind != "other":
            axes.add_patch(diamond(x + 11, y + 9, 8))
    halo = [withStroke(linewidth=4 * POINTS_PER_PIXEL, foreground="white")]
    for label in place_labels(nodes, ties, width=PICTURE_WIDTH, height=height):
        axes.text(
            label.x, label.y, label.text.replace("$", r"\$"), ha=ANCHORS[label.anchor], va="baseline", color=INK,
            fontsize=LABEL_PX * POINTS_PER_PIXEL, family="DejaVu Sans", path_effects=halo, zorder=4,
        )  # fmt: skip
    page = io.BytesIO()
    FigureCanvasAgg(figure).print_png(page, metadata={"Software": None})
    return page.getvalue()
