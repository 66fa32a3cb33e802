"""The outline of a briefing: which sections a copy has, in their numbers, and those that every meeting has.

A meeting's page is a subclass with its own plans and one method a section.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages import data as pages_data
from csp_toolkit.briefing.pages import disclosed as pages_disclosed
from csp_toolkit.briefing.pages import front as pages_front
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Fragment
from csp_toolkit.display.values import show_text

NOT_HERE = "Not in this copy."


@dataclass(frozen=True)
class Plan:
    """One section: its anchor, its titles, what it needs, whether it starts a printed page, and what stands for it.

    `unless` names tables that say the same and more: where the copy has one of them, the section is left out.
    """

    anchor: str
    title: str
    short: str
    needs: tuple[str, ...] = ()
    starts_page: bool = False
    unless: tuple[str, ...] = ()


SO_WHAT = Plan("so", "So what", "So what, and what is asked")
WITHHELD = Plan("withheld", "What is withheld, and why", "What is withheld, and why", ("withheld",))
COPIES = Plan("copies", "Who gets a copy, and who had one before", "Who gets a copy", ("copies_now",))
DATA = Plan("data", "Data notes", "Data notes", ("quality", "accounts", "rules"))
METHOD = Plan("method", "Method and limits", "Method and limits")


@dataclass(frozen=True)
class Entry:
    """One section as it stands in this copy."""

    number: int
    plan: Plan
    title: str


class Outline:
    """One meeting's briefing for one recipient, as far as every meeting has it.

    Each method returns a fragment that shows one section, or an empty one where this copy does not have it.

    Parameters
    ----------
    released : what was released to them (`csp_toolkit.sharing.released.Released`); nothing else is read.

    Attributes
    ----------
    plans : the sections there can be, in their order.
    routes : who starts where: a label, and the anchors of the sections it names.
    """

    plans: ClassVar[Sequence[Plan]] = (SO_WHAT, WITHHELD, DATA, METHOD)
    routes: ClassVar[Sequence[tuple[str, Sequence[str]]]] = ()

    def __init__(self, released: Any) -> None:
        self._bundle = Bundle(released)
        here = [plan for plan in self.plans if self._is_here(plan)]
        self.contents = tuple(Entry(n, plan, self._title(plan)) for n, plan in enumerate(here, start=1))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.contents)} sections)"

    def _is_here(self, plan: Plan) -> bool:
        if plan.anchor == "withheld":
            return self._bundle.withheld is not None
        return not self._bundle.has(*plan.unless) and (not plan.needs or self._bundle.has(*plan.needs))

    def _title(self, plan: Plan) -> str:
        if plan.anchor == "so" and self._bundle.is_redacted:
            return f"{plan.title} for {show_text(self._bundle.recipient('title'))}"
        return plan.title

    def _section(self, anchor: str, body: Any) -> Fragment:
        entry = next((e for e in self.contents if e.plan.anchor == anchor), None)
        if entry is None:
            return Fragment("", NOT_HERE)
        html = render("section.html.j2", entry=entry, body=Markup(body(self._bundle)))
        return Fragment.of(html)

    def masthead(self) -> Fragment:
        """Show what this is, its state, its dates, what is in it and where to start."""
        return Fragment.of(pages_front.masthead(self._bundle, self.contents, self.routes))

    def so_what(self) -> Fragment:
        """Show the five sentences, what is asked, and what all this rests on."""
        numbers = pages_front.section_numbers(self.contents)
        return self._section("so", lambda bundle: pages_front.so_what(bundle, numbers))

    def withheld(self) -> Fragment:
        """Show what the chair's copy has and this one has not, and why."""
        return self._section("withheld", pages_data.withheld)

    def copies(self) -> Fragment:
        """Show who gets a copy of these papers, and who had one of the meetings before."""
        return self._section("copies", pages_disclosed.copies)

    def data_notes(self) -> Fragment:
        """Show, feed by feed, that no row was lost."""
        return self._section("data", pages_data.data_notes)

    def method(self) -> Fragment:
        """Show how the numbers are made, what they cannot tell, and how to check this copy."""
        return self._section("method", pages_data.method)
