"""The first lines of a redacted copy, made from that copy alone.

The chair's summary speaks of people a partner is not asked about, so it does not travel. What a partner needs first
stands in their own tables: whom they are asked about, what they owe, what of theirs did not arrive.
"""

from typing import Any

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.display.values import is_missing, is_number, show_date, show_text
from csp_toolkit.display.wording import check_sentence, count_in_words, join_in_words

NOT_CURRENT = {"stale": "is not the newest", "missing": "did not arrive", "held": "is held: its agreement expired"}


def own_summary(bundle: Bundle) -> list[str]:
    """Say in a few lines what this copy asks, what is late and what is withheld."""
    people, actions = bundle.rows("people_asked"), bundle.rows("actions")
    lines = [_asked_about(people, str(bundle.fact("as_of", "")))]
    if bundle.has("actions"):
        lines.append(_outstanding(actions))
    for row in _not_current(bundle):
        lines.append(f"Your return “{_title(row)}” {NOT_CURRENT[row['state']]}.")
    total = bundle.recipient("n_people")
    if is_number(total):
        named = f"names {len(people)}" if people else "names none"
        lines.append(f"This copy {named} of the {int(total):,} people in the meeting’s papers; the rest are withheld.")
    return [check_sentence(line) for line in lines]


def own_asks(bundle: Bundle, numbers: dict[str, int]) -> list[str]:
    """Say what this recipient is asked to do, with the section where it stands."""
    asks = []
    n_questions = len(bundle.rows("people_asked"))
    if n_questions:
        asks.append(f"Answer {count_in_words(n_questions, 'question')}, in section {numbers['people']}.")
    n_late = sum(_is_late(row) for row in bundle.rows("actions"))
    if n_late:
        asks.append(f"Say what became of {count_in_words(n_late, 'late action')}, in section {numbers['actions']}.")
    titles = [_title(row) for row in _not_current(bundle)]
    if titles:
        asks.append(f"Send what is missing: {join_in_words(titles)}.")
    return asks


def _asked_about(people: list[dict[str, Any]], as_of: str) -> str:
    if not people:
        return "You are asked about nobody this month."
    due = sorted(str(row["answer_by"]) for row in people if not is_missing(row.get("answer_by")))
    verb = "was" if due and due[0][:10] < as_of[:10] else "is"
    first = f"; the first answer {verb} due on {show_date(due[0])}" if due else "; no date for an answer has been set"
    return f"You are asked about {count_in_words(len(people), 'person', 'people')}{first}."


def _outstanding(actions: list[dict[str, Any]]) -> str:
    if not actions:
        return "None of your actions is open."
    late = [int(row["days_late"]) for row in actions if _is_late(row)]
    n_open = count_in_words(len(actions), "action", start=True)
    verb = "is" if len(actions) == 1 else "are"
    if not late:
        return f"{n_open} of yours {verb} open; none is late."
    longest = count_in_words(max(late), "day")
    if len(actions) == 1:
        return f"{n_open} of yours {verb} open, {longest} late."
    which = "all are" if len(late) == len(actions) else f"{count_in_words(len(late), 'is', 'are')}"
    return f"{n_open} of yours {verb} open; {which} late, by up to {longest}."


def _is_late(row: dict[str, Any]) -> bool:
    return is_number(row.get("days_late")) and row["days_late"] > 0


def _not_current(bundle: Bundle) -> list[dict[str, Any]]:
    return [row for row in bundle.rows("coverage") if row.get("state") in NOT_CURRENT]


def _title(row: dict[str, Any]) -> str:
    return show_text(row.get("title", row.get("feed")))
