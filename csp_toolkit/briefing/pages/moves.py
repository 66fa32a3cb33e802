"""Why scores moved since the last meeting, each with its waterfall, and what time alone will do to the list."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import is_missing, is_number, show_date, show_text, show_whole
from csp_toolkit.display.waterfall import waterfall_row
from csp_toolkit.display.wording import check_sentence

USUAL_SCALE, WHOLE_SCALE = 70, 100
MOVE_HEADINGS = (
    Heading("name", "Person", "and police place", width=17, under="listed", is_row_header=True),
    Heading("before", "Score", "at the last meeting", kind="number", width=10),
    Heading("after", "Score", "now", kind="number", width=8),
    Heading("picture", "Step by step", "from 0 at left", kind="markup", width=26, css="picture"),
    Heading("sentence", "What moved, and why", "of the matrix’s points, never of the police’s order"),
)
AHEAD_HEADINGS = (
    Heading("on", "When", kind="date", width=13),
    Heading("name", "Person", width=22, is_row_header=True),
    Heading("words", "What falls due, or what the list does"),
)


def moves(bundle: Bundle) -> Markup:
    """Show who moved and why, then the list as time alone would leave it."""
    rows, ahead = bundle.rows("moves"), bundle.table("ahead")
    since = bundle.fact("previous_meeting_on")
    scale = _scale(rows)
    caption = f"Change of score since {show_date(since)}." if since else "Change of score."
    note = (
        f"n = {len(rows)} adults on the list or high beside it whose score changed; bars end at {scale} points. "
        "First and last bar: the scores. Between them solid is added, hollow taken off. Decay: the same records, older."
    )
    return render(
        "moves.html.j2",
        finding=bundle.sentence("finding_moves"),
        table=format_table(
            [_describe(row, bundle, scale) for row in rows], MOVE_HEADINGS, table_id="moves-table", caption=caption,
            caption_note=note,
        ) if rows else None,
        reconciliation=bundle.sentence("points_reconciliation"),
        months=bundle.sentences("ahead_months"),
        ahead=_list_ahead(ahead),
    )  # fmt: skip


def _describe(row: dict[str, Any], bundle: Bundle, scale: float) -> dict[str, Any]:
    steps = bundle.table("move_steps")
    own = None if steps is None else steps[steps["person_id"].eq(row.get("person_id"))].sort_values("n")
    place = row.get("place")
    return {
        "name": show_text(row.get("name")),
        "listed": "not on the list" if is_missing(place) else f"police place {show_whole(place)}",
        "before": row["before"] if is_number(row.get("before")) else "no score",
        "after": row["after"] if is_number(row.get("after")) else "no score",
        "picture": Markup("" if own is None else waterfall_row(own, scale=scale)),
        "sentence": check_sentence(show_text(row.get("sentence"))),
    }


def _list_ahead(ahead: pd.DataFrame | None) -> Markup | None:
    if ahead is None or ahead.empty:
        return None
    return format_table(
        ahead, AHEAD_HEADINGS, table_id="ahead-table", caption="What time alone brings.",
        caption_note=f"n = {len(ahead)}: of the police list everything; of the others only what touches the first ten.",
    )  # fmt: skip


def _scale(rows: list[dict[str, Any]]) -> int:
    scores = [float(row[name]) for row in rows for name in ("before", "after") if is_number(row.get(name))]
    return USUAL_SCALE if max(scores, default=0) <= USUAL_SCALE else WHOLE_SCALE
