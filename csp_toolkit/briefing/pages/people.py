"""People outside the ranking: the three blocks, who was left out, and who a partner is asked about."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.rows import harm_cell
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import is_missing, show_text, show_whole
from csp_toolkit.display.wording import count_in_words

PRISON_HEADINGS = (
    Heading("name", "Person", width=18, is_row_header=True),
    Heading("reference", "Reference", width=14),
    Heading("establishment", "Where", width=15),
    Heading("status_text", "Status", "as far as recorded"),
    Heading("release_due_on", "Release due", kind="date", width=12),
    Heading("score", "Score", "points", kind="number", width=7),
    Heading("rank_in_block", "Rank", "in block", kind="whole", width=8),
)
CHILD_HEADINGS = (
    Heading("name", "Child", width=14, is_row_header=True),
    Heading("reference", "Reference", width=18),
    Heading("age_years", "Age", "years", kind="whole", width=7),
    Heading("safeguarding_ref", "Safeguarding", "reference", width=18),
    Heading("authoriser", "Authorised by"),
    Heading("next_review_on", "Review due", "every 28 days", kind="date", width=13),
    Heading("place", "Police place", kind="text", width=11, css="num"),
)
LEFT_OUT_HEADINGS = (
    Heading("title", "Reason", width=25, is_row_header=True),
    Heading("rule", "The rule", width=36),
    Heading("n_people", "People", kind="whole", width=9),
    Heading("next_step", "What happens next"),
)
ASKED_HEADINGS = (
    Heading("name", "Person", "reference, age", width=20, under="reference_age", is_row_header=True),
    Heading("band", "Matrix band", "a word, not a finding", width=13),
    Heading("question", "What we ask you"),
    Heading("answer_by", "Answer by", kind="date", width=12),
    Heading("harm", "Harm suffered", "your own records only", kind="markup", width=23, css="care"),
)


def blocks(bundle: Bundle) -> Markup:
    """Show who is in custody, who is returning, and who is under 18: none of them takes a place."""
    parts = []
    for name, title, nobody in (
        ("custody", "In custody", "Nobody on the register is in custody, as far as recorded."),
        ("returning", "Returning to the area", "Nobody is due back, as far as recorded."),
    ):
        table = bundle.table(name)
        if table is not None:
            shown = _block(table, PRISON_HEADINGS, name, f"{title}, apart from the ranking.")
            parts.append({"title": title, "table": shown, "nobody": nobody, "lead": ""})
    table = bundle.table("under_18")
    if table is not None:
        placed = table.assign(place=[_place(v) for v in table["place"]]) if "place" in table.columns else table
        shown = _block(placed, CHILD_HEADINGS, "under-18", "Children, safeguarding first.")
        parts.append(
            {
                "title": "Under 18",
                "table": shown,
                "nobody": "Nobody on the register is under 18.",
                "lead": "No score stands on this page for anyone under 18, the police’s own included. "
                "Each has a sheet of their own, held by the safeguarding lead.",
            }
        )
    return render("blocks.html.j2", parts=parts)


def _block(table: pd.DataFrame, headings: Sequence[Heading], table_id: str, caption: str) -> Markup | None:
    if table.empty:
        return None
    n = count_in_words(len(table), *(("child", "children") if headings is CHILD_HEADINGS else ("person", "people")))
    return format_table(table, headings, table_id=table_id, caption=caption, caption_note=f"{n}.".capitalize())


def _place(value: Any) -> str:
    return "not on it" if is_missing(value) else show_whole(value)


def left_out(bundle: Bundle) -> Markup:
    """Show the reconciliation line, then reason, rule, people and what happens next: counts, not names."""
    table = bundle.table("left_out")
    shown = None
    if table is not None and len(table):
        counts = table.assign(title=table["title"] if "title" in table.columns else table["gate"])
        total = int(pd.to_numeric(counts["n_people"]).sum())
        shown = format_table(
            counts,
            LEFT_OUT_HEADINGS,
            table_id="left-out",
            caption="People left out, by rule.",
            caption_note=f"n = {total:,}; they have no score, not a score of nought.",
            totals={"title": "All left out", "n_people": f"{total:,}"},
        )
    placed = [row for row in bundle.rows("left_out_people") if not is_missing(row.get("place"))]
    return render(
        "left_out.html.j2",
        finding=bundle.sentence("finding_left_out"),
        reconciliation=bundle.sentence("reconciliation"),
        table=shown,
        on_list=[
            f"{show_text(row.get('name'))} (police place {show_whole(row['place'])}): {show_text(row.get('reason'))}"
            for row in placed
        ],
    )


def people_asked(bundle: Bundle) -> Markup:
    """Show the people a partner is asked about, the question, and by when."""
    rows = bundle.rows("people_asked")
    shown = None
    if rows:
        shown = format_table(
            [_asked(row) for row in rows],
            ASKED_HEADINGS,
            table_id="people-asked",
            caption="People named in this copy.",
            caption_note=f"n = {len(rows)}. References are for this copy only and match no other.",
        )
    return render("people_asked.html.j2", finding=_asked_finding(bundle, rows), table=shown)


def _asked_finding(bundle: Bundle, rows: Sequence[dict[str, Any]]) -> str:
    given = bundle.sentence("finding_people")
    if given:
        return given
    if not rows:
        return "You are asked about nobody this month."
    return f"You are asked about {count_in_words(len(rows), 'person', 'people')}; each has a question and a date."


def _asked(row: dict[str, Any]) -> dict[str, Any]:
    shown = row | {
        "reference_age": _reference_and_age(row),
        "question": show_text(row.get("question")),
        "band": "no band" if is_missing(row.get("band")) else row["band"],
    }
    return shown | {"harm": render("care.html.j2", harm=harm_cell(row))} if "harm_state" in row else shown


def _reference_and_age(row: dict[str, Any]) -> str:
    parts = [] if is_missing(row.get("reference")) else [show_text(row["reference"])]
    if "age_years" in row:
        age = row["age_years"]
        parts.append("age not known" if is_missing(age) else f"aged {show_whole(age)}")
    return " · ".join(parts)
