"""The summary page of a case pack: agenda, what is late, what comes, what is not known, who must be there."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.case_page_pictures import cut_text
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.values import is_missing, is_number, show_date, show_text, show_whole
from csp_toolkit.display.wording import count_in_words

LISTED = {"NEW": "new", "URGENT": "urgent", "REVIEW": "review", "STEP_DOWN": "step down", "CLOSURE": "closure",
          "CHECK": "check"}  # fmt: skip
MOVES = {
    "NEW_IN": "new",
    "RETURNED": "returned",
    "OUT": "out",
    "UP": "tier up",
    "DOWN": "tier down",
    "CHANGED": "changed",
}
CLOCKS = {"SCREENING": "Screening", "CHECKS": "Agency checks", "ASSESSMENT": "First assessment",
          "LOOK_BACK": "Look back", "BIRTHDAY": "18th birthday", "RELEASE": "Release", "LICENCE": "Licence ends",
          "ORDER": "Order ends"}  # fmt: skip
MOST_WHY, MOST_AGENCIES, MOST_COMING, MOST_ASKED, MOST_GAPS = 78, 6, 6, 6, 8
CONFIDENTIAL = (
    "What is said here stays with those who need it. Whoever knows a person, a family or a worker of a listed case "
    "privately says so before that case, and leaves it."
)


def summary(bundle: Bundle) -> Markup:
    """Show the summary page."""
    rows = bundle.rows("agenda")
    agenda = [_line(row) for row in rows if row.get("listed_as") != "CHECK"]
    checked = [_line(row) for row in rows if row.get("listed_as") == "CHECK"]
    return render(
        "case_summary.html.j2",
        sentences=bundle.sentences("sowhat") or _own_sentences(bundle),
        asked=bundle.sentences("asked"),
        agenda=agenda,
        checked=checked,
        n_listed=len(rows),
        has_whys=bool(rows) and "why" in rows[0],
        has_names=bool(rows) and "name" in rows[0],
        agencies=_agencies(bundle),
        coming=_coming(bundle),
        moves=_moves(bundle),
        n_unmoved=bundle.fact("n_unmoved"),
        questions=_questions(bundle),
        gaps=_gaps(bundle),
        quorum=bundle.sentence("quorum"),
        confidential=CONFIDENTIAL,
        own_actions=_own_actions(bundle) if bundle.is_redacted else [],
    )


def _own_sentences(bundle: Bundle) -> list[str]:
    """Say of a redacted copy what it holds, from itself alone."""
    cases, actions = bundle.rows("heads"), bundle.rows("actions")
    late = sum(is_number(row.get("days_late")) and row["days_late"] > 0 for row in actions)
    are = "is" if len(actions) == 1 else "are"
    return [
        f"{count_in_words(len(actions), 'action', start=True)} of yours {are} open; "
        f"{count_in_words(late, 'is', 'are') if late else 'none is'} late.",
        f"{count_in_words(len(cases), 'case', start=True)} you are asked about "
        f"{'has' if len(cases) == 1 else 'have'} a page in this copy; being here says nothing else about anybody.",
    ]


def _line(row: dict[str, Any]) -> dict[str, Any]:
    why = show_text(row.get("why")) if "why" in row else ""
    return {
        "minutes": show_whole(row.get("minutes")),
        "ref": show_text(row.get("case_ref")),
        "name": show_text(row.get("name")),
        "age": show_whole(row["age_years"]) if is_number(row.get("age_years")) else "?",
        "tier": show_text(row.get("tier")) if not is_missing(row.get("tier")) else "–",
        "listed": LISTED.get(str(row.get("listed_as")), show_text(row.get("listed_as"))),
        "why": cut_text(why, MOST_WHY),
        "is_page": row.get("has_page") == "Y",
    }


def _agencies(bundle: Bundle) -> list[dict[str, str]]:
    table = bundle.table("actions_by_agency")
    if table is None or table.empty:
        return []
    late = table[pd.to_numeric(table["n_late"]) > 0]
    return [
        {"agency": show_text(row["agency"]), "late": show_whole(row["n_late"]), "open": show_whole(row["n_open"]),
         "days": show_whole(row["most_days_late"])}
        for row in late.head(MOST_AGENCIES).to_dict("records")
    ]  # fmt: skip


def _coming(bundle: Bundle) -> list[dict[str, Any]]:
    rows = sorted(bundle.rows("coming"), key=lambda row: (str(row["due_on"]), str(row["case_ref"])))
    return [
        {"what": CLOCKS.get(str(row["clock"]), str(row["clock"])), "ref": show_text(row["case_ref"]),
         "on": show_date(row["due_on"]), "is_late": bool(row.get("is_late"))}
        for row in rows[:MOST_COMING]
    ]  # fmt: skip


def _moves(bundle: Bundle) -> list[dict[str, str]]:
    return [
        {"ref": show_text(row["case_ref"]), "move": MOVES.get(str(row["movement"]), str(row["movement"])),
         "why": show_text(row["why"])}
        for row in bundle.rows("movement")
    ]  # fmt: skip


def _questions(bundle: Bundle) -> list[dict[str, str]]:
    """Count the unanswered critical questions by the agency that could answer them."""
    table = bundle.table("requests")
    if table is None or table.empty:
        return []
    counts = table.assign(late=table["is_late"].eq("Y")).groupby("agency").agg(
        n=("case_ref", "size"), cases=("case_ref", "nunique"), late=("late", "sum")
    )  # fmt: skip
    counts = counts.reset_index().sort_values(["n", "agency"], ascending=[False, True]).head(MOST_ASKED)
    return [
        {"agency": show_text(row["agency"]), "n": show_whole(row["n"]), "cases": show_whole(row["cases"]),
         "late": show_whole(row["late"])}
        for row in counts.to_dict("records")
    ]  # fmt: skip


def _gaps(bundle: Bundle) -> list[dict[str, str]]:
    return [{"ref": show_text(row["case_ref"]), "words": show_text(row["words"])} for row in bundle.rows("gaps")]


def _own_actions(bundle: Bundle) -> list[dict[str, Any]]:
    rows = bundle.rows("actions")
    return [
        {"ref": show_text(row.get("action_ref")), "what": show_text(row.get("action_text")),
         "owner": show_text(row.get("action_owner")), "due": show_date(row.get("due_on")),
         "late": show_whole(row["days_late"]) if is_number(row.get("days_late")) and row["days_late"] > 0 else ""}
        for row in rows
    ]  # fmt: skip
