"""The cross-border briefing, section by section: what crosses, which way, how much is unknown, what to ask whom.

The county's police lead has every section; a neighbouring authority has what concerns its own area, without a name.
"""

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages import border_flows as pages_border_flows
from csp_toolkit.briefing.pages import border_lines as pages_border_lines
from csp_toolkit.briefing.pages import border_work as pages_border_work
from csp_toolkit.briefing.pages.outline import DATA, METHOD, SO_WHAT, WITHHELD, Outline, Plan
from csp_toolkit.briefing.pages.stacked import Block, stack
from csp_toolkit.display.formatted import Fragment, Heading, format_table
from csp_toolkit.display.values import show_text
from csp_toolkit.display.wording import check_sentence

BORDER_PLANS: tuple[Plan, ...] = (
    SO_WHAT,
    Plan("ask", "What to ask which neighbour", "What to ask whom", ("asks", "shared_asks")),
    Plan("flows", "What crosses, and which way", "What crosses", ("flows", "shared_flows"), True),
    Plan("lines", "Lines, and one under a new name", "Lines", ("lines",)),
    Plan("handovers", "Handovers not acknowledged", "Handovers", ("handovers",)),
    Plan("found", "Missing, and found elsewhere", "Missing, found elsewhere", ("found", "shared_found")),
    Plan("stronger", "Stronger than expected", "Stronger than expected", ("gravity",)),
    Plan("people", "Who crosses", "Who crosses", ("crossing",)),
    Plan("measures", "Every measure, and what is not known of it", "Every measure", ("measures",)),
    WITHHELD,
    DATA,
    METHOD,
)
ROUTES = (
    ("Ten minutes?", ("so", "ask", "lines")),
    ("For handovers:", ("handovers",)),
    ("Data protection:", ("people", "withheld", "data", "method")),
)
MEASURE_HEADINGS = (
    Heading("measure", "Measure", width=20, under="id", is_row_header=True),
    Heading("sentence", "What it says"),
    Heading("n", "n", kind="whole", width=9),
    Heading("unknown", "Not known", width=18),
)
NOT_ASSESSED_IS = "A measure that is not assessed has too little known to say anything."
MAY_NOT = (
    "Nothing here is evidence. Do not act on this page alone.",
    "To live in one area and be recorded in another is no finding about anybody.",
    "No housing, education, benefit or employment decision may rest on it.",
    "Do not copy, forward, photograph or file any of it.",
)


class BorderPage(Outline):
    """The cross-border briefing for one recipient."""

    plans = BORDER_PLANS
    routes = ROUTES

    def __init__(self, released: Any) -> None:
        # A neighbour's own summary stands under its own name, so that no other's can stand in for it.
        own = {"sowhat": released.tables["shared_sowhat"]} if "shared_sowhat" in released.tables else {}
        to = {**released.recipient, "may_not": MAY_NOT}
        super().__init__(replace(released, recipient=to, tables={**released.tables, **own}))

    def _title(self, plan: Plan) -> str:
        if plan.anchor == "ask" and self._bundle.is_redacted:
            return "What we ask you"
        if plan.anchor == "lines" and not self._bundle.rows("rebrands"):
            return plan.short
        return super()._title(plan)

    def asks(self) -> Fragment:
        """Show what to ask which neighbour."""
        return self._section("ask", pages_border_work.asks)

    def flows(self) -> Fragment:
        """Show home by place recorded."""
        return self._section("flows", pages_border_flows.flows)

    def lines(self) -> Fragment:
        """Show lines, and which may be an old one under a new name."""
        return self._section("lines", pages_border_lines.lines)

    def handovers(self) -> Fragment:
        """Show handovers and who answered."""
        return self._section("handovers", pages_border_work.handovers)

    def found(self) -> Fragment:
        """Show missing people found elsewhere."""
        return self._section("found", pages_border_work.found)

    def stronger(self) -> Fragment:
        """Show links stronger than size and distance make them."""
        return self._section("stronger", pages_border_flows.stronger)

    def people(self) -> Fragment:
        """Show who crosses."""
        return self._section("people", pages_border_work.people)

    def measures(self) -> Fragment:
        """Show every measure in a sentence, with what is not known."""
        return self._section("measures", _measures)


def _measures(bundle: Bundle) -> Markup:
    rows = [
        row | {"sentence": check_sentence(show_text(row["sentence"])),
               "unknown": f"{int(row['n_unknown']):,} {show_text(row['unknown_is'])}"}
        for row in bundle.rows("measures")
    ]  # fmt: skip
    table = format_table(rows, MEASURE_HEADINGS, table_id="measures", caption="Every measure of the study.",
                         caption_note="n and what is not known.") if rows else None  # fmt: skip
    return stack([Block(table=table, nobody="No measure is in this copy.", note=NOT_ASSESSED_IS)])
