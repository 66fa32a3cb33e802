"""Drug lines across the border: where each runs, and a line that may have come back under another name."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.stacked import Block, mark_figure, stack
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.timeline import timeline_svg
from csp_toolkit.display.values import is_missing, is_number, show_date, show_text
from csp_toolkit.display.wording import check_sentence, count_in_words

LINE_HEADINGS = (
    Heading("brand", "Line", "and who is recorded as controlling it", width=19, under="group", is_row_header=True),
    Heading("home", "From", width=14),
    Heading("into", "Into"),
    Heading("status_words", "Stands", width=15),
    Heading("last_active_on", "Last active", kind="date", width=12),
    Heading("n_numbers", "Numbers", "used so far", kind="whole", width=10),
    Heading("homes", "Its people’s homes", "known of all", width=13, css="num"),
)
SIGN_HEADINGS = (
    Heading("words", "Sign", is_row_header=True, css="plain"),
    Heading("speaks", "Speaks", width=14),
    Heading("counts", "Counts", width=12, css="num"),
)
MONTHS_SHOWN = 24


def lines(bundle: Bundle) -> Markup:
    """Show the suggestion first, with its signs and its picture, then every line that is not closed."""
    return stack([*_rebrands(bundle), _open_lines(bundle)], finding=bundle.sentence("finding_lines"))


def _rebrands(bundle: Bundle) -> list[Block]:
    rows, signs = bundle.rows("rebrands"), bundle.table("rebrand_signs")
    blocks = []
    for n, row in enumerate(rows, start=1):
        blocks.append(
            Block(title=f"{show_text(row['new_brand'])}: {show_text(row['old_brand'])} under a new name?",
                  lead=check_sentence(show_text(row["sentence"])), table=_signs(signs, row, n))
        )  # fmt: skip
        if (picture := _timeline(bundle, row, n)) is not None:
            blocks.append(picture)
    return blocks


def _signs(signs: pd.DataFrame | None, row: dict[str, Any], n: int) -> Markup | None:
    if signs is None:
        return None
    ours = signs[(signs["old_line"] == row["old_line"]) & (signs["new_line"] == row["new_line"])]
    shown = [
        {"words": sign["words"], "speaks": "for it" if sign["counts"] > 0 else "against it",
         "counts": f"{sign['counts']:+.2f}".replace("-", "−")}
        for sign in ours.to_dict("records")
    ]  # fmt: skip
    total = f"{float(row['counts']):.2f}"
    return format_table(
        shown, SIGN_HEADINGS, table_id=f"signs-{n}", caption="Signs, each with what it counts.",
        caption_note="A suggestion for a person to settle; no chance is given.",
        totals={"words": "In all", "counts": total},
    )  # fmt: skip


def _timeline(bundle: Bundle, row: dict[str, Any], n: int) -> Block | None:
    spans = bundle.table("line_spans")
    if spans is None or spans.empty:
        return None
    ours = spans[spans["line_ref"].isin([row["old_line"], row["new_line"]]) & spans["pair"].eq(n)]
    if ours.empty:
        return None
    brands = {row["old_line"]: row["old_brand"], row["new_line"]: row["new_brand"]}
    until = pd.Timestamp(str(bundle.fact("until")))
    since = max(ours["from_on"].min(), until - pd.DateOffset(months=MONTHS_SHOWN)).normalize()
    drawn = ours.assign(
        lane=[f"{show_text(brands[ref])}{'' if kind == 'line' else ', numbers'}"
              for ref, kind in zip(ours["line_ref"], ours["kind"], strict=True)],
        is_main=ours["kind"].eq("line"), is_open=ours["is_open"].eq("Y"),
    ).sort_values(["place", "kind", "from_on"], kind="stable")  # fmt: skip
    drawn = drawn.assign(order=drawn["kind"].map({"line": 0, "number": 1})).sort_values(["place", "order", "from_on"])
    said = []
    for ref, brand in brands.items():
        own = ours[ours["line_ref"] == ref]
        spoken = own[own["kind"] == "line"].iloc[0] if (own["kind"] == "line").any() else None
        if spoken is not None:
            said.append(f"{brand} from {show_date(spoken['from_on'])} to {show_date(spoken['to_on'])}, "
                        f"{count_in_words(int((own['kind'] == 'number').sum()), 'number')}.")  # fmt: skip
    desc = " ".join(said)
    picture = timeline_svg(drawn, since=since, until=until, title="Two lines over time", desc=desc, name=f"line-{n}")
    note = "Each short bar is one number; a point at its end means that it is still in use. " + desc
    return Block(figure=Markup(picture), figure_id=f"line-{n}-picture", note=mark_figure(bundle, note))


def _open_lines(bundle: Bundle) -> Block | None:
    table = bundle.table("lines")
    if table is None:
        return None
    closed = table[table["status"] == "CLOSED"]
    ours = table[table["status"] != "CLOSED"].assign(order=lambda t: t["direction"].map(_order))
    rows = [_line(row) for row in ours.sort_values(["order", "home", "brand"], kind="stable").to_dict("records")]
    return Block(
        title="Lines not closed",
        table=format_table(rows, LINE_HEADINGS, table_id="lines", caption="Lines by where they run from.",
                           caption_note=f"n = {len(rows)}; {len(closed)} more are closed.") if rows else None,
        nobody="No line that is not closed is on record.",
        note="A line is a brand: its numbers and the group recorded as controlling it are other things. An area "
        "recorded as its home does not prove that its people live there.",
    )  # fmt: skip


def _order(direction: object) -> int:
    order = ("into here", "out of here", "within here", "between other areas", "origin not known")
    return order.index(str(direction)) if direction in order else len(order)


def _line(row: dict[Any, Any]) -> dict[str, Any]:
    status = show_text(row["status"]).lower()
    silent = row.get("is_silent") == "Y" and is_number(row.get("days_silent"))
    return {str(name): value for name, value in row.items()} | {
        "group": "group not known" if is_missing(row.get("controlling_group")) else row["controlling_group"],
        "status_words": f"{status}, silent {int(row['days_silent'])} days" if silent else status,
        "homes": f"{row['n_home_known']} of {row['n_people']}",
    }
