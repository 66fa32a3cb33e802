"""Beyond the list: groups, lines and addresses in counts, and how many are raised for safeguarding."""

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.wording import count_in_words

GROUP_HEADINGS = (
    Heading("group_name", "Group", "as the police record it", width=19, is_row_header=True),
    Heading("kind", "Kind", width=13),
    Heading("n_people", "People", "on record", kind="whole", width=10),
    Heading("n_confirmed", "Confirmed", "of these", kind="whole", width=11),
    Heading("n_listed", "On the list", "of these", kind="whole", width=11),
    Heading("relations", "Towards other groups"),
)
LINE_HEADINGS = (
    Heading("line_ref", "Line", "a brand, not a phone", width=14, is_row_header=True),
    Heading("status", "Status", width=10),
    Heading("home_area", "Home area", width=18),
    Heading("controlling_group", "Group", "said to control it"),
    Heading("last_active_on", "Last active", kind="date", width=13),
    Heading("n_people", "People", "linked now", kind="whole", width=11),
    Heading("n_addresses", "Addresses", "may be in use", kind="whole", width=13),
)
ADDRESS_HEADINGS = (
    Heading("state", "State of the address", width=34, is_row_header=True),
    Heading("n_addresses", "Addresses", kind="whole", width=22),
    Heading("n_new", "New", "since the last meeting", kind="whole", width=22),
)
RAISED_HEADINGS = (
    Heading("why", "Why", width=34, is_row_header=True),
    Heading("route", "Goes to"),
    Heading("n_people", "People", kind="whole", width=10),
    Heading("n_listed", "On the list", "of these", kind="whole", width=12),
)


def groups(bundle: Bundle) -> Markup:
    """Show groups, lines and addresses: counts and references, nobody by name."""
    found = {name: bundle.table(name) for name in ("groups_now", "lines_now", "addresses_now")}
    shapes = (
        ("groups_now", GROUP_HEADINGS, "Groups on record."), ("lines_now", LINE_HEADINGS, "Lines that are not closed."),
        ("addresses_now", ADDRESS_HEADINGS, "Addresses linked to a line, by what is known of them."),
    )  # fmt: skip
    shown = []
    for name, headings, caption in shapes:
        table = found[name]
        if table is not None and len(table):
            counted = table["n_addresses"].sum() if name == "addresses_now" else len(table)
            note = f"n = {counted}."
            shown.append(format_table(table, headings, table_id=name.replace("_", "-"), caption=caption,
                                      caption_note=note))  # fmt: skip
    return render("groups.html.j2", finding=bundle.sentence("finding_groups"), tables=shown)


def raised(bundle: Bundle) -> Markup:
    """Show by path how many are raised for safeguarding; their names stand on a sheet of their own."""
    table = bundle.table("raised")
    n = 0 if table is None else int(table["n_people"].sum())
    verb = "is" if n == 1 else "are"
    shown = None
    if table is not None and n:
        shown = format_table(
            table, RAISED_HEADINGS, table_id="raised-table", caption="Raised for safeguarding, by path.",
            caption_note=f"n = {n}; counted here, named on another sheet.",
        )  # fmt: skip
    finding = f"{count_in_words(n, 'person', 'people', start=True)} {verb} raised for safeguarding."
    return render("raised.html.j2", finding=finding, table=shown)
