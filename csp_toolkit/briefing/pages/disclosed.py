"""Who gets a copy, under what and until when, who had one of earlier meetings, and where equality is looked at."""

from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import is_number, show_date, show_text, show_whole
from csp_toolkit.display.wording import count_in_words, join_in_words

NOW_HEADINGS = (
    Heading("title", "For", "agency", width=18, under="agency", is_row_header=True),
    Heading("under", "Under", "agreement, law", width=18, under="regime"),
    Heading("purpose", "Purpose"),
    Heading("about", "Names", width=14),
    Heading("left_out", "Leaves out", "kinds; the reasons are in each copy", width=23),
    Heading("destroy_by", "Destroy by", kind="date", width=11),
)
BEFORE_HEADINGS = (
    Heading("meeting_on", "Meeting of", kind="date", width=13),
    Heading("title", "For", "agency", width=26, under="agency", is_row_header=True),
    Heading("copy", "Copy", "number", kind="whole", width=9),
    Heading("n_named_in_it", "Names", "people", kind="whole", width=10),
    Heading("agreement_ref", "Under", "agreement", width=18),
    Heading("destroy_by", "Destroy by", kind="date", width=13),
    Heading("stands", "Destroyed?"),
)
MOST_BEFORE = 12
NOT_MET = {
    "n_conditions_not_met": ("row of a report whose conditions it does not meet",
                             "rows of reports whose conditions it does not meet"),
    "n_grade_not_released": ("row without a grade that may leave", "rows without a grade that may leave"),
    "n_not_asked_about": ("row about whom it is not asked", "rows about whom it is not asked"),
    "n_texts_taken_out": ("text with a name taken out of it", "texts with a name taken out of them"),
}  # fmt: skip


def copies(bundle: Bundle) -> Markup:
    """Show who gets a copy of these papers, and who had one of the meetings before.

    The numbers of the copies stand in the marking alone: a run that is repeated makes the same section.
    """
    rows, before = bundle.rows("copies_now"), bundle.rows("copies_before")
    said = bundle.sentences("copies_notes")
    return render(
        "copies.html.j2",
        finding=_find(rows, said),
        now=format_table(
            [_describe(row, bundle) for row in rows], NOW_HEADINGS,
            table_id="copies-now", caption="Copies of these papers.",
            caption_note=f"n = {len(rows)}, in the order of their numbers. Each is made from its own allow-list.",
        ),
        before=format_table(
            [_describe_before(row) for row in before[:MOST_BEFORE]], BEFORE_HEADINGS, table_id="copies-before",
            caption="Copies of earlier meetings.", caption_note=_count_shown(len(before)),
        ) if before else None,
        n_first=len(rows),
        notes=said[1:],
    )  # fmt: skip


def say_rows_withheld(bundle: Bundle) -> str | None:
    """Say how many rows and texts this copy leaves out, by reason; None where nothing counts them."""
    counts = {name: bundle.recipient(name) for name in NOT_MET}
    if not all(is_number(n) for n in counts.values()):
        return None
    said = [count_in_words(int(n), *NOT_MET[name]) for name, n in counts.items() if n]
    return f"Left out of this copy: {join_in_words(said) or 'no row and no text'}."


def _find(rows: list[dict[str, Any]], said: list[str]) -> str:
    verb = "is" if len(rows) == 1 else "are"
    made = f"{count_in_words(len(rows), 'copy', 'copies', start=True)} of these papers {verb} made."
    return f"{made} {said[0]}" if said else made


def _describe(row: dict[str, Any], bundle: Bundle) -> dict[str, Any]:
    kinds = "" if row.get("kinds_withheld") is None else show_text(row["kinds_withheld"])
    is_own = str(row["profile"]) == str(bundle.recipient("profile"))
    return row | {
        "title": f"{show_text(row['title'])}{' (this copy)' if is_own else ''}",
        "under": f"{show_text(row.get('agreement_ref'))}, in date to {show_date(row.get('agreement_ends_on'))}",
        "left_out": f"{count_in_words(int(row['n_kinds_withheld']), 'kind', start=True)}: {kinds}"
        if row.get("n_kinds_withheld") else "nothing by kind",
    }  # fmt: skip


def _describe_before(row: dict[str, Any]) -> dict[str, Any]:
    is_past = row.get("is_past") == "Y"
    return row | {"stands": "day passed; not recorded: ask" if is_past else "not due yet"}


def _count_shown(n: int) -> str:
    shown = f"n = {n}, newest first." if n <= MOST_BEFORE else f"{MOST_BEFORE} of {show_whole(n)} shown, newest first."
    return shown if n <= MOST_BEFORE else f"{shown} All are in this copy’s tables."
