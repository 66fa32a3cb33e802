"""What was decided and what came of it: the last meeting's actions, and in a final copy this meeting's seats."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.work import write_late
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import is_missing, is_positive, show_date, show_text, show_whole
from csp_toolkit.display.wording import count_in_words, join_in_words

KIND_HEADINGS = (
    Heading("kind", "Kind", width=16, is_row_header=True),
    Heading("n_agreed", "Agreed", "actions", kind="whole", width=10),
    Heading("n_done", "Done", kind="whole", width=8),
    Heading("n_open", "Not due yet", kind="whole", width=11),
    Heading("late", "Late", kind="markup", width=9, css="num"),
    Heading("n_dropped", "Not done", "or dropped", kind="whole", width=10),
    Heading("n_carried_over", "Carried over", "of these", kind="whole", width=11),
    Heading("results", "What came of it", "number of actions"),
)
LAST_HEADINGS = (
    Heading("action_ref", "Action", width=15, is_row_header=True),
    Heading("what", "What was agreed", "for whom", width=25, under="name"),
    Heading("owner", "Owner", "agency", width=17, under="agency"),
    Heading("due_on", "Due", kind="date", width=11),
    Heading("stands", "Where it stands", kind="markup", width=13),
    Heading("came", "What came of it", kind="markup"),
)
SEAT_HEADINGS = (
    Heading("place", "Police place", width=8, css="num"),
    Heading("name", "Person", "reference", width=20, under="reference", is_row_header=True),
    Heading("rank", "Rank", "matrix", width=8, css="num"),
    Heading("outcome", "Decided", width=13),
    Heading("why", "Reason, as recorded", "which lens leads, where both are on record", under="lens_text"),
)
AGREED_HEADINGS = (
    Heading("action_ref", "Action", width=15, is_row_header=True),
    Heading("name", "For whom", width=17),
    Heading("action_text", "What was agreed", "kind", under="kind"),
    Heading("action_owner", "Owner", "agency", width=21, under="agency"),
    Heading("due_on", "Due", kind="date", width=11),
)
NOBODY = "nobody by name"


def last(bundle: Bundle) -> Markup:
    """Show in one table and one sentence what came of the last meeting's actions; safeguarding as its own outcome."""
    table = bundle.table("last_by_kind")
    care = [row for row in bundle.rows("last_safeguarding") if is_positive(row.get("n_actions"))]
    return render(
        "last.html.j2",
        finding=bundle.sentence("finding_last"),
        table=_by_kind(table) if table is not None and len(table) else None,
        care=[f"{show_text(row['outcome'])}: {show_whole(row['n_actions'])}" for row in care],
        is_followed=table is not None and len(table) > 0,
    )


def _by_kind(table: pd.DataFrame) -> Markup:
    names = ("n_agreed", "n_done", "n_open", "n_dropped", "n_carried_over")
    totals = {"kind": "All", **{name: f"{int(table[name].sum())}" for name in names}}
    totals["late"] = write_late(int(table["n_late"].sum()))
    rows = [
        {str(k): v for k, v in row.items()} | {"kind": str(row["kind"]).capitalize(), "late": write_late(row["n_late"])}
        for row in table.to_dict("records")
    ]
    n = count_in_words(int(table["n_agreed"].sum()), "action", start=True)
    return format_table(
        rows, KIND_HEADINGS, table_id="last-by-kind", caption="The last meeting’s actions, by kind.",
        caption_note=f"{n}; agreed = done + not due yet + late + not done.", totals=totals,
    )  # fmt: skip


def last_one_by_one(bundle: Bundle) -> Markup | None:
    """Show the last meeting's actions one by one, late first; None where this copy has none."""
    table = bundle.table("last_actions")
    if table is None or table.empty:
        return None
    return format_table(
        [_describe_last(row) for row in bundle.rows("last_actions")], LAST_HEADINGS, table_id="last-actions",
        caption="What the last meeting agreed, one by one: late first.", caption_note=f"n = {len(table)}.",
    )  # fmt: skip


def _describe_last(row: dict[str, Any]) -> dict[str, Any]:
    times = row.get("n_carried_over")
    late = row.get("days_late")
    stands = write_late(late, "days") if is_positive(late) else Markup.escape(show_text(row.get("state")))
    if is_positive(times):
        stands += f"; carried over {'once' if times == 1 else f'{show_whole(times)} times'}"
    if not is_missing(row.get("escalate")):
        stands += Markup("; <b>to the {}</b>").format(show_text(row["escalate"]))
    came = [show_text(row[name]) for name in ("result", "words") if not is_missing(row.get(name))]
    parts = [Markup.escape(": ".join(came))] if came else []
    if not is_missing(row.get("safeguarding")):
        parts.append(render("safeguarding.html.j2", words=show_text(row["safeguarding"])))
    if not is_missing(row.get("completed_on")):
        parts.append(Markup.escape(show_date(row["completed_on"])))
    name = NOBODY if is_missing(row.get("name")) else show_text(row["name"])
    return row | {
        "what": show_text(row.get("action_text")), "owner": show_text(row.get("action_owner")), "name": name,
        "stands": stands, "came": Markup("; ").join(parts) if parts else "nothing recorded yet",
    }  # fmt: skip


def decided(bundle: Bundle) -> Markup:
    """Show who was selected and who was left, each with the reason recorded, and what was agreed."""
    seats, agreed = bundle.rows("decided"), bundle.table("agreed")
    by = [bundle.fact(name) for name in ("selected_by", "selected_role")]
    return render(
        "decided.html.j2",
        finding=bundle.sentence("finding_decided"),
        seats=format_table(
            [_describe_seat(row) for row in seats], SEAT_HEADINGS, table_id="decided-seats",
            caption="What was decided of each person, and why.",
            caption_note=f"n = {len(seats)}, in the police’s order.",
        ) if seats else None,
        agreed=_list_agreed(agreed) if agreed is not None and len(agreed) else None,
        by=join_in_words([show_text(part) for part in by if part]),
        on=show_date(bundle.fact("selected_on")) if bundle.fact("selected_on") else None,
    )  # fmt: skip


def _describe_seat(row: dict[str, Any]) -> dict[str, Any]:
    is_child = row.get("is_child") == "Y"
    lens = [show_text(row[name]) for name in ("lens", "lens_reason") if not is_missing(row.get(name))]
    return row | {
        "place": "not on it" if is_missing(row.get("place")) else show_whole(row["place"]),
        "rank": "none" if is_child or is_missing(row.get("rank")) else show_whole(row["rank"]),
        "outcome": show_text(row.get("outcome")) + ("; under 18" if is_child else ""),
        "why": show_text(row.get("reason")), "lens_text": ": ".join(lens) or None,
    }  # fmt: skip


def _list_agreed(agreed: pd.DataFrame) -> Markup:
    rows = [
        {str(k): v for k, v in row.items()}
        | {
            "name": NOBODY if is_missing(row.get("name")) else row["name"],
            "kind": " ".join(
                show_text(row[n]) for n in ("action_type", "intervention_code") if not is_missing(row.get(n))
            ),
        }
        for row in agreed.to_dict("records")
    ]
    return format_table(
        rows, AGREED_HEADINGS, table_id="agreed-actions", caption="What was agreed.",
        caption_note=f"n = {len(agreed)}; each has one owner and one date.",
    )  # fmt: skip
