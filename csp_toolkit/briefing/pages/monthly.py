"""The monthly briefing, section by section: what a briefing notebook calls, one cell a section.

The sections of a copy are numbered as they stand in it, so what a recipient does not get leaves no gap to count.
"""

from csp_toolkit.briefing.pages import beyond as pages_beyond
from csp_toolkit.briefing.pages import decided as pages_decided
from csp_toolkit.briefing.pages import evidence as pages_evidence
from csp_toolkit.briefing.pages import moves as pages_moves
from csp_toolkit.briefing.pages import network as pages_network
from csp_toolkit.briefing.pages import people as pages_people
from csp_toolkit.briefing.pages import police_list as pages_list
from csp_toolkit.briefing.pages import subjects as pages_subjects
from csp_toolkit.briefing.pages import work as pages_work
from csp_toolkit.briefing.pages.outline import COPIES, DATA, METHOD, SO_WHAT, WITHHELD, Outline, Plan
from csp_toolkit.display.formatted import Fragment

PLANS: tuple[Plan, ...] = (
    SO_WHAT,
    Plan("decided", "What the meeting decided", "What the meeting decided", ("decided",)),
    Plan("last", "What came of the last meeting’s actions", "What came of the last actions", ("last_by_kind",)),
    Plan("ask", "The questions most worth asking", "The questions most worth asking", ("questions",)),
    Plan("people", "The people you are asked about", "The people you are asked about", ("people_asked",)),
    Plan("list", "The police list, with the matrix beside it", "The police list", ("police_list",), True),
    Plan("high", "High on the matrix, not on the list", "High, but not on the list", ("high_not_listed",), True),
    Plan("cut", "Where the cut falls", "Where the cut falls", ("cut",)),
    Plan("rests", "What each place rests on", "What each place rests on", ("rests_on",)),
    Plan("moves", "Who moved and why, and what time will do", "Who moved, and why", ("moves", "ahead")),
    Plan("blocks", "Not ranked with the others", "In custody, returning, under 18",
         ("custody", "returning", "under_18")),
    Plan("left", "Left out, and why", "Left out, and why", ("left_out",)),
    Plan("raised", "Raised for safeguarding", "Raised for safeguarding", ("raised",)),
    Plan("groups", "Groups, lines and addresses", "Groups, lines and addresses", ("groups_now", "lines_now")),
    Plan("network", "Who is connected", "Who is connected", ("nodes", "ties")),
    Plan("subjects", "Subject pages", "One page for each subject", ("subjects",), True),
    Plan("options", "Options, person by person", "Options, person by person", ("options",), True, ("subjects",)),
    Plan("actions", "Actions outstanding", "Actions outstanding", ("actions", "actions_by_agency")),
    WITHHELD,
    COPIES,
    DATA,
    METHOD,
)  # fmt: skip
ROUTES = (
    ("Ten minutes?", ("so", "decided", "last", "ask", "people", "list", "cut")),
    ("Lead officer:", ("subjects", "options", "actions")),
    ("Data protection:", ("left", "withheld", "copies", "data", "method")),
)


class Page(Outline):
    """The briefing of the monthly meeting for one recipient."""

    plans = PLANS
    routes = ROUTES

    def decided(self) -> Fragment:
        """Show who was selected and who was left, each with its reason, and what was agreed, in a final copy."""
        return self._section("decided", pages_decided.decided)

    def last_actions(self) -> Fragment:
        """Show in one table and one sentence what came of the last meeting's actions."""
        return self._section("last", pages_decided.last)

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

    def raised(self) -> Fragment:
        """Show by path how many are raised for safeguarding; nobody by name."""
        return self._section("raised", pages_beyond.raised)

    def groups(self) -> Fragment:
        """Show groups, lines and addresses in counts and references."""
        return self._section("groups", pages_beyond.groups)

    def network(self) -> Fragment:
        """Show who is connected, and which ties are least sure."""
        return self._section("network", pages_network.network)

    def subjects(self) -> Fragment:
        """Show each subject on a page of their own."""
        return self._section("subjects", pages_subjects.subjects)

    def options(self) -> Fragment:
        """Show what could be done for each person, for the meeting to fill in."""
        return self._section("options", pages_work.options)

    def actions(self) -> Fragment:
        """Show what was agreed and is not done, late first."""
        return self._section(
            "actions", lambda bundle: pages_work.actions(bundle, pages_decided.last_one_by_one(bundle))
        )
