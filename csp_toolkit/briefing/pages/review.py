"""The review of the matrix, section by section: what was proposed, whether the matrix holds, and whom it lists."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.outline import METHOD, SO_WHAT, Outline, Plan
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.cards import Card, format_cards
from csp_toolkit.display.formatted import Fragment, Heading, format_table
from csp_toolkit.display.values import is_missing, is_number, show_text
from csp_toolkit.display.wording import check_sentence, join_in_words

PLANS: tuple[Plan, ...] = (
    SO_WHAT,
    Plan("change", "What is proposed, and what it would have done", "What is proposed", ("change_words",)),
    Plan("backtest", "Do the first have more recorded later?", "The past lists", ("back_test",), True),
    Plan("shares", "Whom does it list?", "Whom it lists", ("shares",), True),
    Plan("raters", "Do two people come to the same?", "Two raters", ("raters",)),
    Plan("criteria", "Does each criterion add anything?", "What each criterion adds", ("criteria",), True),
    Plan("cards", "What counts, and what does not?", "What counts", ("cards",), True),
    METHOD,
)
ROUTES = (
    ("Ten minutes?", ("so", "change", "backtest")),
    ("Equality:", ("shares", "method")),
    ("Whoever rates:", ("raters", "cards")),
)


class ReviewPage(Outline):
    """The briefing of a matrix review for one recipient."""

    plans = PLANS
    routes = ROUTES

    def change(self) -> Fragment:
        """Show what differs in words, the reason given, and what the replay of past meetings came to."""
        return self._section("change", _change)

    def back_test(self) -> Fragment:
        """Show the shares of past lists with something new recorded later."""
        return self._section("backtest", _back_test)

    def shares(self) -> Fragment:
        """Show the shares of groups, and what is suppressed."""
        return self._section("shares", _shares)

    def raters(self) -> Fragment:
        """Show how far raters agree."""
        return self._section("raters", _raters)

    def criteria(self) -> Fragment:
        """Show what each criterion adds."""
        return self._section("criteria", _criteria)

    def cards(self) -> Fragment:
        """Show the cards of what counts."""
        return self._section("cards", _cards)


def _lay(bundle: Bundle, finding: str, *parts: Markup) -> Markup:
    return render("review.html.j2", finding=bundle.sentence(finding), parts=parts)


def _few(bundle: Bundle) -> str:
    return f"fewer than {int(bundle.fact('smallest_shown', 5))}, or would give one away"


def _change(bundle: Bundle) -> Markup:
    words = [{"sentence": check_sentence(one)} for one in bundle.sentences("change_words")]
    if not words:
        return _lay(bundle, "finding_change")
    heading = Heading("sentence", "What differs, by whom, and why", is_row_header=True, css="plain")
    rules = format_table(words, (heading,), table_id="rules", caption="The proposal in words.")
    months = format_table(
        bundle.rows("change_months"),
        (Heading("meeting_on", "Meeting", kind="date", is_row_header=True, width=14), Heading("entered", "Would enter"),
         Heading("left", "Would leave"), Heading("basis", "Shown")),
        table_id="months", caption="The first places at past meetings, by the matrix proposed.",
        caption_note="With hindsight: from records nobody had that day.",
    )  # fmt: skip
    return _lay(bundle, "finding_change", rules, months)


def _back_test(bundle: Bundle) -> Markup:
    rows = [{**row, "within": f"{row['horizon_days']} days", "new": _of(row, bundle), "in_100": _range(row)}
            for row in bundle.rows("back_test")]  # fmt: skip
    table = format_table(
        rows,
        (Heading("within", "Within", width=10), Heading("outcome", "Events", width=16),
         Heading("group", "Who", is_row_header=True), Heading("new", "With a new event", "places", css="num"),
         Heading("in_100", "In 100", "95 in 100 range", css="num", width=16)),
        table_id="backtest-table", caption="New violence or drugs events, proved or alleged, after past meetings.",
        caption_note="A person counts once a meeting. It tests the matrix as an ordering and says nothing of a person.",
    )  # fmt: skip
    return _lay(bundle, "finding_back_test", table)


def _shares(bundle: Bundle) -> Markup:
    rows = [{**row, "own": _of(row, bundle, "n", "of"), "in_100": _range(row), "others": _in_100(row["share_others"]),
             "odds": _odds(row)} for row in bundle.rows("shares") if row["state"] == "shown"]  # fmt: skip
    hidden = [row for row in bundle.rows("shares") if row["state"] != "shown"]
    headings = (
        Heading("attribute", "", width=9), Heading("group", "Group", is_row_header=True), Heading("list", "In"),
        Heading("own", "People", css="num"), Heading("in_100", "In 100", "95 in 100 range", css="num"),
        Heading("against", "Against"), Heading("others", "In 100", "of those", css="num"),
        Heading("odds", "Odds ratio", "95 in 100 range", css="num"),
    )  # fmt: skip
    shown = format_table(rows, headings, table_id="shares-table", caption="Shares of groups, where enough are counted.",
                         caption_note="An odds ratio of 1 is no difference; a range that leaves out 1 is more than "
                                      "can be put down to chance in one comparison.")  # fmt: skip
    lists = list(dict.fromkeys(row["list"] for row in hidden))
    away = format_table(
        [{"list": one, "what": _name_hidden([row for row in hidden if row["list"] == one])} for one in lists],
        (Heading("list", "In", is_row_header=True, width=26), Heading("what", "Suppressed")),
        table_id="shares-hidden", caption="Tables that are not shown.", caption_note=f"A count is {_few(bundle)}.",
    )  # fmt: skip
    return _lay(bundle, "finding_shares", shown, *([away] if hidden else []))


def _name_hidden(rows: list[dict[str, Any]]) -> str:
    """Name the attributes of suppressed tables, by what they would have stood against."""
    against = list(dict.fromkeys(row["against"] for row in rows))
    parts = [
        (one, join_in_words([str(r["attribute"]).lower() for r in rows if r["against"] == one])) for one in against
    ]
    return "; ".join(f"{attributes}, against {one}" for one, attributes in parts)


def _raters(bundle: Bundle) -> Markup:
    whole = ("total", "band")  # of single criteria one figure is enough for a reader; all are in the tables
    rows = [{**row, "shown": _figure(row)} for row in bundle.rows("raters")
            if is_number(row["value"]) and (row["of"] in whole or row["figure"] == "ICC(2,1)")]  # fmt: skip
    if not rows:
        return _lay(bundle, "finding_raters")
    table = format_table(
        rows,
        (Heading("of", "Of", is_row_header=True, width=12), Heading("figure", "Figure"), Heading("between", "Between"),
         Heading("shown", "Agreement", "95 in 100 range", css="num")),
        table_id="raters-table", caption="Agreement of raters who saw neither the matrix nor each other.",
        caption_note="1 is full agreement, 0 what chance would give.",
    )  # fmt: skip
    return _lay(bundle, "finding_raters", table)


def _criteria(bundle: Bundle) -> Markup:
    rows = [{**row, "share": _in_100(row["share_of_points"]), "goes": _nearest(row),
             "agree": _two(row["rank_agreement"]), "spoilt": _two(row["importance"], signed=True)}
            for row in bundle.rows("criteria")]  # fmt: skip
    table = format_table(
        rows,
        (Heading("criterion", "", width=7, is_row_header=True), Heading("title", "Criterion"),
         Heading("share", "Of all points", "in 100", css="num", width=10),
         Heading("goes", "Goes together most with", width=16),
         Heading("change", "Without it, the first are", width=16), Heading("agree", "Ranks agree", css="num", width=9),
         Heading("spoilt", "Spoilt, the order loses", css="num", width=11)),
        table_id="criteria-table", caption="What each criterion adds.",
        caption_note="Ranks agree: 1 is the same order. Loses: the share of such pairs out of order once it is spoilt.",
    )  # fmt: skip
    return _lay(bundle, "finding_criteria", table)


def _cards(bundle: Bundle) -> Markup:
    labels = (("What counts", "counts"), ("What does not", "does_not_count"), ("Example", "example"))
    cards = [
        Card(show_text(row["heading"]), show_text(row["beneath"]), tuple((w, show_text(row[n])) for w, n in labels))
        for row in bundle.rows("cards")
    ]
    note = f"{show_text(bundle.fact('matrix_name'))}. {show_text(bundle.fact('matrix_note', ''))}"
    return _lay(bundle, "finding_cards", format_cards(cards, caption=note))


def _of(row: dict[str, Any], bundle: Bundle, n: str = "n_new", of: str = "n_places") -> str:
    return _few(bundle) if is_missing(row[n]) else f"{int(row[n])} of {int(row[of])}"


def _range(row: dict[str, Any]) -> str:
    if is_missing(row["share"]):
        return "suppressed"
    return f"{_in_100(row['share'])} ({_in_100(row['low'])} to {_in_100(row['high'])})"


def _in_100(share: Any) -> str:
    return "not shown" if is_missing(share) else f"{100 * float(share):.0f}"


def _two(value: Any, *, signed: bool = False) -> str:
    if is_missing(value):
        return "not shown"
    return f"{float(value):{'+' if signed else ''}.2f}".replace("-", "\N{MINUS SIGN}")


def _odds(row: dict[str, Any]) -> str:
    high = "without limit" if is_missing(row["odds_high"]) else _two(row["odds_high"])
    return f"{_two(row['odds_ratio'])} ({_two(row['odds_low'])} to {high})"


def _figure(row: dict[str, Any]) -> str:
    ends: Sequence[str] = [_two(row[name]) for name in ("low", "high")]
    return f"{_two(row['value'])} ({ends[0]} to {ends[1]})"


def _nearest(row: dict[str, Any]) -> str:
    return "not shown" if is_missing(row["correlation"]) else f"{show_text(row['nearest'])}, {_two(row['correlation'])}"
