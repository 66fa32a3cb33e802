"""What the meeting does: options to fill in, person by person, and what is still outstanding."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import is_missing, is_number, is_positive, show_text, show_whole
from csp_toolkit.display.wording import count_in_words

NOTHING_FITS = {
    "SUPPORT": "Nothing on the menu fits what is recorded: ask who works with them what would help.",
    "DISRUPTION": "Nothing on the menu fits what is recorded; the meeting may name something else.",
    "ENFORCEMENT": "Nothing on the menu fits what is recorded; the meeting may name something else.",
}
KINDS = (("DISRUPTION", "Disruption"), ("ENFORCEMENT", "Enforcement"), ("SUPPORT", "Support"))
ACTIONS_SHOWN = 20
AGENCY_HEADINGS = (
    Heading("agency", "Agency", width=40, is_row_header=True),
    Heading("n_open", "Open", "actions", kind="whole", width=13),
    Heading("late", "Late", "actions", kind="markup", width=13, css="num"),
    Heading("oldest_due_on", "Oldest due", kind="date", width=16),
    Heading("most_days_late", "Most late", "days", kind="whole"),
)
ACTION_HEADINGS = (
    Heading("action_ref", "Action", width=17, is_row_header=True),
    Heading("action_text", "What was agreed"),
    Heading("owner", "Owner", "agency", width=20, under="agency"),
    Heading("due_on", "Due", kind="date", width=11),
    Heading("late", "Late", "days", kind="markup", width=10, css="num"),
    Heading("stands", "Where it stands", width=17),
)
STATUS_WORDS = {"OPEN": "open", "IN_PROGRESS": "in progress"}


def options(bundle: Bundle) -> Markup:
    """Show each person's options in three equal columns; nothing is ticked and nothing is ranked."""
    rows = bundle.rows("options")
    listed = {row.get("person_id"): row for row in bundle.rows("police_list")}
    people: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        people.setdefault(row.get("person_id"), []).append(row)
    order = sorted(people, key=lambda person: _place(listed.get(person)))
    return render(
        "options.html.j2",
        people=[_person(people[person], listed.get(person)) for person in order],
    )


def _place(row: dict[str, Any] | None) -> float:
    return float(row["place"]) if row is not None and is_number(row.get("place")) else float("inf")


def _person(rows: list[dict[str, Any]], listed: dict[str, Any] | None) -> dict[str, Any]:
    is_child = listed is not None and listed.get("is_child") == "Y"
    return {
        "name": show_text(rows[0].get("name")),
        "place": None if listed is None or not is_number(listed.get("place")) else show_whole(listed["place"]),
        "columns": offer_columns(rows, is_child=is_child),
    }


def offer_columns(rows: list[dict[str, Any]], *, is_child: bool) -> list[dict[str, Any]]:
    """Lay one person's options out in three columns; to a child nothing but support is offered, whatever came."""
    columns = []
    for kind, title in KINDS:
        offered = [] if is_child and kind != "SUPPORT" else [row for row in rows if row.get("kind") == kind]
        none = "Under 18: support only." if is_child and kind != "SUPPORT" else NOTHING_FITS[kind]
        columns.append({"title": title, "none": none, "offered": [_offer(row) for row in offered]})
    return columns


def _offer(row: dict[str, Any]) -> dict[str, str]:
    age = row.get("min_age")
    said = f"from {show_whole(age)} years" if is_positive(age) else "any age"
    return {name: show_text(row.get(name)) for name in ("title", "basis", "owner", "code")} | {"age": said}


def actions(bundle: Bundle, last: Markup | None = None) -> Markup:
    """Show the last meeting's actions where there are any, open actions by agency, then each of them, late first."""
    table = bundle.table("actions")
    by_agency = bundle.table("actions_by_agency")
    return render(
        "actions.html.j2",
        finding=bundle.sentence("finding_actions"),
        last=last,
        agencies=_agencies(by_agency),
        table=_actions_table(table),
        is_empty=table is not None and table.empty,
    )


def _agencies(table: pd.DataFrame | None) -> Markup | None:
    if table is None or table.empty:
        return None
    shown = [_agency(row) for row in table.to_dict("records")]
    n_open, n_late = (int(pd.to_numeric(table[column]).sum()) for column in ("n_open", "n_late"))
    return format_table(
        shown,
        AGENCY_HEADINGS,
        table_id="by-agency",
        caption="By agency: most late actions first.",
        caption_note=f"{count_in_words(len(table), 'agency', 'agencies').capitalize()}.",
        totals={"agency": "All", "n_open": f"{n_open:,}", "late": write_late(n_late)},
    )


def _agency(row: dict[Any, Any]) -> dict[str, Any]:
    most = row.get("most_days_late")
    shown = {str(name): value for name, value in row.items()}
    return shown | {
        "late": write_late(row.get("n_late")),
        "most_days_late": most if is_positive(most) else "none",
    }


def _actions_table(table: pd.DataFrame | None) -> Markup | None:
    if table is None or table.empty:
        return None
    keys = [c for c in ("days_late", "due_on", "action_ref") if c in table.columns]
    ordered = table.sort_values(keys, ascending=[c != "days_late" for c in keys], kind="stable", na_position="last")
    rows = [_action(row) for row in ordered.head(ACTIONS_SHOWN).to_dict("records")]
    note = f"n = {len(table):,}."
    if len(rows) < len(table):
        note = f"{len(rows)} of {len(table):,} shown, the longest overdue first; all are in this copy’s tables."
    return format_table(
        rows, ACTION_HEADINGS, table_id="open-actions", caption="Open actions: late first.", caption_note=note
    )


def _action(row: dict[Any, Any]) -> dict[str, Any]:
    carried = row.get("n_carried_over")
    status = STATUS_WORDS.get(str(row.get("status")), show_text(row.get("status")))
    times = (
        f"; carried over {'once' if carried == 1 else f'{show_whole(carried)} times'}" if is_positive(carried) else ""
    )
    late = row.get("days_late")
    due_known = not is_missing(row.get("due_on"))
    return {str(name): value for name, value in row.items()} | {
        "owner": show_text(row.get("action_owner")),
        "late": write_late(late) if due_known or is_number(late) else Markup("no date set"),
        "stands": status + times,
    }


def write_late(n: Any, unit: str = "") -> Markup:
    """Write a count of late things or days, the word "late" with it, so that colour is never alone."""
    if not is_number(n):
        return Markup.escape(show_text(n))
    said = f"{show_whole(n)} {'day' if n == 1 and unit == 'days' else unit}".strip()
    return Markup('<b class="late">{} late</b>').format(said) if n > 0 else Markup("0")
