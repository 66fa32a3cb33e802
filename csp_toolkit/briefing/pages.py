"""The monthly briefing, section by section: what a briefing notebook calls, one cell a section.

Each method returns a fragment that shows one section, or an empty one where this copy does not have it. The sections
of a copy are numbered as they stand in it, so what a recipient does not get leaves no gap to count.
"""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing import (
    pages_data,
    pages_evidence,
    pages_front,
    pages_list,
    pages_moves,
    pages_network,
    pages_people,
    pages_work,
)
from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Fragment
from csp_toolkit.display.values import show_text

NOT_HERE = "Not in this copy."


@dataclass(frozen=True)
class Plan:
    """One section: its anchor, its titles, what it needs, and whether it starts a printed page."""

    anchor: str
    title: str
    short: str
    needs: tuple[str, ...] = ()
    starts_page: bool = False


PLANS: tuple[Plan, ...] = (
    Plan("so", "So what", "So what, and what is asked"),
    Plan("people", "The people you are asked about", "The people you are asked about", ("people_asked",)),
    Plan("list", "The police list, with the matrix beside it", "The police list", ("police_list",), True),
    Plan("high", "High on the matrix, not on the list", "High, but not on the list", ("high_not_listed",), True),
    Plan("cut", "Where the cut falls", "Where the cut falls", ("cut",)),
    Plan("rests", "What each place rests on", "What each place rests on", ("rests_on",)),
    Plan("moves", "Who moved and why, and what time will do", "Who moved, and why", ("moves", "ahead")),
    Plan("blocks", "Not ranked with the others", "In custody, returning, under 18",
         ("custody", "returning", "under_18"), True),
    Plan("left", "Left out, and why", "Left out, and why", ("left_out",)),
    Plan("network", "Who is connected", "Who is connected", ("nodes", "ties")),
    Plan("options", "Options, person by person", "Options, person by person", ("options",), True),
    Plan("actions", "Actions outstanding", "Actions outstanding", ("actions", "actions_by_agency")),
    Plan("ask", "The questions most worth asking", "The questions most worth asking", ("questions",)),
    Plan("withheld", "What is withheld, and why", "What is withheld, and why", ("withheld",)),
    Plan("data", "Data notes", "Data notes", ("quality", "accounts", "rules")),
    Plan("method", "Method and limits", "Method and limits"),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One section as it stands in this copy."""

    number: int
    plan: Plan
    title: str


class Page:
    """The briefing of one meeting for one recipient.

    Parameters
    ----------
    released : what was released to them (`csp_toolkit.sharing.released.Released`); nothing else is read.
    """

    def __init__(self, released: Any) -> None:
        self._bundle = Bundle(released)
        here = [plan for plan in PLANS if self._is_here(plan)]
        self.contents = tuple(Entry(n, plan, self._title(plan)) for n, plan in enumerate(here, start=1))

    def __repr__(self) -> str:
        return f"Page({len(self.contents)} sections)"

    def _is_here(self, plan: Plan) -> bool:
        if plan.anchor == "withheld":
            return self._bundle.withheld is not None
        return not plan.needs or self._bundle.has(*plan.needs)

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
        return Fragment.of(pages_front.masthead(self._bundle, self.contents))

    def so_what(self) -> Fragment:
        """Show the five sentences, what is asked, and what all this rests on."""
        numbers = pages_front.section_numbers(self.contents)
        return self._section("so", lambda bundle: pages_front.so_what(bundle, numbers))

    def people_asked(self) -> Fragment:
        """Show the people this recipient is asked about, and the question."""
        return self._section("people", pages_people.people_asked)

    def police_list(self) -> Fragment:
        """Show the police list in the police's order, with the matrix beside it."""
        return self._section("list", pages_list.police_list)

    def high_not_listed(self) -> Fragment:
        """Show who scores high on the matrix and is not on the police list."""
        return self._section("high", pages_list.high_not_listed)

    def cut(self) -> Fragment:
        """Show the matrix's own order around the cut."""
        return self._section("cut", pages_list.cut)

    def moves(self) -> Fragment:
        """Show why scores moved since the last meeting, and what time alone will do to the list."""
        return self._section("moves", pages_moves.moves)

    def rests_on(self) -> Fragment:
        """Show what each of the first ten rests on."""
        return self._section("rests", pages_evidence.rests_on)

    def questions(self) -> Fragment:
        """Show the questions whose answers could change the list most."""
        return self._section("ask", pages_evidence.questions)

    def blocks(self) -> Fragment:
        """Show who is in custody, who is returning, and who is under 18."""
        return self._section("blocks", pages_people.blocks)

    def left_out(self) -> Fragment:
        """Show how many people were left out by which rule, and what happens next."""
        return self._section("left", pages_people.left_out)

    def network(self) -> Fragment:
        """Show who is connected, and which ties are least sure."""
        return self._section("network", pages_network.network)

    def options(self) -> Fragment:
        """Show what could be done for each person, for the meeting to fill in."""
        return self._section("options", pages_work.options)

    def actions(self) -> Fragment:
        """Show what was agreed and is not done, late first."""
        return self._section("actions", pages_work.actions)

    def withheld(self) -> Fragment:
        """Show what the chair's copy has and this one has not, and why."""
        return self._section("withheld", pages_data.withheld)

    def data_notes(self) -> Fragment:
        """Show, feed by feed, that no row was lost."""
        return self._section("data", pages_data.data_notes)

    def method(self) -> Fragment:
        """Show how the numbers are made, what they cannot tell, and how to check this copy."""
        return self._section("method", pages_data.method)
