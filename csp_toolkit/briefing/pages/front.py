"""The front of a briefing: what it is, the five sentences, what is asked, and what all of it rests on."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.summary import own_asks, own_summary
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.values import is_number, show_date, show_text
from csp_toolkit.display.wording import check_sentence, join_in_words

MEETING = "Gangs Intelligence Meeting"
CANDIDATES = "Candidates, not decisions: nobody has been selected"
DECIDED_SINCE = "Candidates, not decisions: the meeting has decided; its list is the final copy"
MAY_NOT = (
    "Nothing here is evidence. Do not act on this page alone.",
    "No housing, education, benefit or employment decision may rest on it.",
    "A band describes what the matrix counted. It is not a finding about a person.",
    "Do not copy, forward, photograph or file any of it.",
)
STATES = ("arrived", "stale", "missing", "held")
STATE_WORDS = {
    "arrived": "used",
    "stale": "nothing newer was sent; the older delivery is used",
    "missing": "not sent; nothing is used",
    "held": "arrived, not used: agreement expired",
}


def page_title(bundle: Bundle) -> str:
    """Return the title of this copy."""
    day = show_date(bundle.fact("meeting_on"), long=True)
    is_twice_a_month = str(bundle.fact("kind", "")).startswith("fortnightly")
    month = day if is_twice_a_month else day.partition(" ")[2]
    if bundle.is_redacted:
        return f"What the partnership asks of {show_text(bundle.recipient('title'))}, {month}"
    title = show_text(bundle.fact("title", MEETING))
    return title if month in title else f"{title}, {month}"


def state_line(bundle: Bundle) -> str:
    """Say whether people have been selected, and if so by whom, in which role and when; or what the papers say."""
    if bundle.fact("state"):
        return show_text(bundle.fact("state"))
    if bundle.fact("stage", "candidates") != "final":
        return DECIDED_SINCE if bundle.fact("is_decided") == "Y" else CANDIDATES
    who = [bundle.fact(name) for name in ("selected_by", "selected_role")]
    said = ", ".join(show_text(part) for part in who if part) or "a named person; see the decisions"
    when = bundle.fact("selected_on")
    return f"Final: selected by {said}" + (f", {show_date(when)}" if when else "")


def masthead(bundle: Bundle, contents: Sequence[Any], routes: Sequence[tuple[str, Sequence[str]]]) -> Markup:
    """Show the kicker, the state, the facts line, the contents and where to start."""
    facts: list[tuple[str, str]] = [
        ("Meeting", show_date(bundle.fact("meeting_on"), long=True, weekday=True)),
        ("Speaks as at", show_date(bundle.fact("as_of"), long=True)),
        ("Records received by", show_date(bundle.fact("known_at"), long=True)),
    ]
    if bundle.fact("matrix_name"):
        facts.append(("Matrix", _matrix(bundle)))
    for label, name in (("Shared under", "agreement_ref"), ("Purpose", "purpose")):
        if bundle.is_redacted and bundle.recipient(name):
            facts.append((label, show_text(bundle.recipient(name))))
    if bundle.fact("prepared_by"):
        facts.append(("Prepared by", show_text(bundle.fact("prepared_by"))))
    numbers = section_numbers(contents)
    return render(
        "masthead.html.j2",
        state=state_line(bundle),
        facts=facts,
        contents=contents,
        routes=[(who, where) for who, anchors in routes if (where := _numbers(numbers, anchors))],
    )


def _matrix(bundle: Bundle) -> str:
    """Name the matrix with its note in brackets, as part of a line."""
    note = show_text(bundle.fact("matrix_note", "")).rstrip(".") if bundle.fact("matrix_note") else ""
    return show_text(bundle.fact("matrix_name")) + (f" ({note[0].lower()}{note[1:]})" if note else "")


def section_numbers(contents: Sequence[Any]) -> dict[str, int]:
    """Return each section's number in this copy by its anchor."""
    return {entry.plan.anchor: entry.number for entry in contents}


def _numbers(numbers: dict[str, int], anchors: Sequence[str]) -> str:
    here = [str(numbers[a]) for a in anchors if a in numbers]
    if not here:
        return ""
    return f"{'Section' if len(here) == 1 else 'Sections'} {join_in_words(here)}"


def so_what(bundle: Bundle, numbers: dict[str, int]) -> Markup:
    """Show the sentences beside what is asked, and the coverage strip."""
    said, asked = bundle.sentences("sowhat"), bundle.sentences("asked")
    if bundle.is_redacted:
        said, asked = said or own_summary(bundle), asked or own_asks(bundle, numbers)
    may_not = list(bundle.recipient("may_not", MAY_NOT)) if bundle.is_redacted else []
    return render(
        "so_what.html.j2",
        sentences=said,
        asked=asked,
        asked_title=_title_asked(bundle),
        may_not=[check_sentence(show_text(sentence)) for sentence in may_not],
        coverage=_coverage(bundle),
    )


def _title_asked(bundle: Bundle) -> str:
    if bundle.is_redacted:
        return "What you are asked to do"
    return "Left open" if bundle.fact("stage") == "final" else "What you are asked to decide"


def _coverage(bundle: Bundle) -> dict[str, Any] | None:
    rows = bundle.rows("coverage")
    if not rows:
        return None
    known = [row for row in rows if row.get("state") in STATES]
    unread = [show_text(row.get("title", row.get("feed"))) for row in rows if row.get("state") not in STATES]
    current = sum(row["state"] == "arrived" for row in known)
    subject = "Your own returns" if bundle.is_redacted else "What this rests on"
    finding = bundle.sentence("finding_coverage")  # where it is one of the lines above, it is not said again
    return {
        "heading": f"{subject}: {len(known)} {'feed' if len(known) == 1 else 'feeds'}, {current} current",
        "finding": None if finding in bundle.sentences("sowhat") else finding,
        "cells": _strip(known),
        "as_of": show_date(bundle.fact("as_of")),
        "unread": join_in_words(unread),
        "n_unread": len(unread),
    }


def _strip(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the feeds of one sender that are in the same state into one cell; exceptions last."""
    grouped: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        note = "" if row["state"] == "arrived" else show_text(row.get("note") or "")
        key = (row["state"], show_text(row.get("agency")), note if note != "not known" else "")
        grouped.setdefault(key, []).append(row)
    cells = []
    for (state, agency, note), feeds in sorted(grouped.items(), key=lambda item: STATES.index(item[0][0])):
        title = show_text(feeds[0].get("title", feeds[0].get("feed"))) if len(feeds) == 1 else ""
        cells.append(
            {
                "state": state,
                "age": ("Never", "received") if state == "missing" else _ages([feed.get("age_days") for feed in feeds]),
                "sender": f"{agency}: {title}" if title and title != agency else agency,
                "n_feeds": len(feeds),
                "done": note or STATE_WORDS[state],
            }
        )
    return cells


def _ages(ages: list[Any]) -> tuple[str, str]:
    known = sorted(int(age) for age in ages if is_number(age))
    if not known:
        return "No date", ""
    span = str(known[0]) if known[0] == known[-1] else f"{known[0]} to {known[-1]}"
    return span, "day" if span == "1" else "days"
