"""The case pack of the fortnightly meeting: one summary page, then one page for each listed case.

Sections of a copy are numbered as they stand in it; a part that was not released to this recipient is not there.
"""

from csp_toolkit.briefing.pages import case_page, case_summary
from csp_toolkit.briefing.pages.outline import COPIES, DATA, METHOD, WITHHELD, Outline, Plan
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Fragment

PLANS: tuple[Plan, ...] = (
    Plan("so", "This meeting", "This meeting"),
    Plan("cases", "Case by case", "Case by case", ("heads",), True),
    WITHHELD,
    COPIES,
    DATA,
    METHOD,
)
ROUTES = (
    ("Before the meeting:", ("so",)),
    ("Case by case:", ("cases",)),
    ("Data protection:", ("withheld", "copies", "data", "method")),
)


class CasePack(Outline):
    """The case pack for one recipient."""

    plans = PLANS
    routes = ROUTES

    def summary(self) -> Fragment:
        """Show the agenda, what is late and due, what is not known, and what the meeting is asked."""
        return self._section("so", case_summary.summary)

    def cases(self) -> Fragment:
        """Show one page for each listed case, from why it is listed to room for the decision."""
        if not any(entry.plan.anchor == "cases" for entry in self.contents):
            return Fragment("", "Not in this copy.")
        pages = case_page.list_pages(self._bundle)
        if not pages:
            return self._section("cases", lambda _: "<p>No case of this copy has a page.</p>")
        return Fragment.of(str(render("case_pages.html.j2", pages=pages)))
