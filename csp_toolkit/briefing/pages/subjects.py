"""One printed page for each subject: proved, alleged and intelligence apart, harm apart, options, and the decision."""

from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.rows import describe_person, harm_cell
from csp_toolkit.briefing.pages.work import offer_columns, write_late
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.values import (
    is_missing,
    is_number,
    is_positive,
    show_date,
    show_decimal,
    show_text,
    show_whole,
)
from csp_toolkit.display.wording import count_in_words

KNOWN = (
    ("proved", "Proved", "A court or a caution has settled it."),
    ("alleged", "Alleged", "Charged or named; not settled."),
    ("intelligence", "Intelligence", "Believed, with the grade it was given."),
)
SCALE = 100.0
LIMIT = 6


def subjects(bundle: Bundle) -> Markup:
    """Show each subject on a page of their own, the police list first, in the police's order."""
    rows = bundle.rows("subjects")
    n = count_in_words(len(rows), "person", "people", start=True)
    return render(
        "subjects.html.j2",
        finding=f"{n}, one page each. What is proved, alleged and believed stands apart; so does harm suffered.",
        people=[_subject(row, bundle) for row in rows],
        is_final=bundle.fact("stage") == "final",
    )


def _subject(row: dict[str, Any], bundle: Bundle) -> dict[str, Any]:
    person, is_child = row.get("person_id"), row.get("is_child") == "Y"
    shown = describe_person(row, SCALE)
    has_score = shown["why_not"] is None

    def own(table: str) -> list[dict[str, Any]]:
        return [one for one in bundle.rows(table) if one.get("person_id") == person]

    return {
        "name": shown["name"], "place": shown["place"], "is_child": is_child, "facts": _facts(row, shown, has_score),
        "why_listed": _quote(row, "why_listed"), "why_included": _quote(row, "inclusion_reason"),
        "included_on": None if is_missing(row.get("included_on")) else show_date(row["included_on"]),
        "no_score": None if has_score else " ".join(part for part in (shown["why_not"], shown["why_more"]) if part),
        "known": [_known(basis, title, said, row, own("subject_records")) for basis, title, said in KNOWN]
        if has_score else [],
        "counts": _count_childs(row) if is_child else None,
        "rests": [show_text(one["sentence"]) for one in own("rests_on")],
        "certainty": _certainty(shown) if has_score else None,
        "moved": None if is_missing(row.get("moved")) else _begin(show_text(row["moved"])),
        "harm": harm_cell(row),
        "harms": [_date_harm(one) for one in own("subject_harm")][:LIMIT],
        "gaps": [show_text(one["sentence"]) for one in own("subject_gaps")][:LIMIT],
        "columns": offer_columns(own("options"), is_child=is_child),
        "actions": [_action(one) for one in own("subject_actions")][:LIMIT],
        "decided": next(iter(own("decided")), None),
    }  # fmt: skip


def _begin(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _quote(row: dict[str, Any], column: str) -> str | None:
    return None if is_missing(row.get(column)) else show_text(row[column])


def _facts(row: dict[str, Any], shown: dict[str, Any], has_score: bool) -> list[tuple[str, str]]:
    age = f"{show_whole(row['age_years'])}" if is_number(row.get("age_years")) else "not known"
    facts = [
        ("Reference", show_text(row.get("reference"))), ("Age", age), ("Area", show_text(row.get("area"))),
        ("The police’s group", show_text(row.get("group_name"))),
        ("Recorded as", show_text(row.get("categories")).lower()), ("Status", shown["status_short"]),
        ("Owner", show_text(row.get("review_owner"))), ("Reviewed", show_date(row.get("last_review_on"))),
        ("Review due", show_date(row.get("next_review_on"))),
    ]  # fmt: skip
    if row.get("is_child") == "Y":
        facts += [("Safeguarding", show_text(row.get("safeguarding_ref"))),
                  ("Authorised by", show_text(row.get("authoriser")))]  # fmt: skip
    if has_score:
        facts += [("Score", f"{shown['score']} of 100"), ("Band", shown["band"]), ("Matrix rank", _rank(shown))]
    return facts


def _rank(shown: dict[str, Any]) -> str:
    return f"{shown['rank']} ({shown['lohi'].replace('–', ' to ')})" if shown["lohi"] else shown["rank"]


def _certainty(shown: dict[str, Any]) -> str:
    if not shown["in_100"]:
        return f"{shown['keeps']}."
    where = "; contest zone" if shown["zone"] else ""
    return f"Among the matrix’s ten: {shown['keeps']}, {shown['in_100']} in 100 re-runs{where}."


def _known(basis: str, title: str, said: str, row: dict[str, Any], records: list[dict[str, Any]]) -> dict[str, Any]:
    own = [one for one in records if one.get("basis") == basis]
    total = row.get(basis)
    n = int(row[f"n_{basis}"]) if is_number(row.get(f"n_{basis}")) else len(own)
    shown = sum(float(one["points"]) for one in own)
    more = n - len(own)
    rest = round(float(str(total)) - shown, 1) if is_number(total) else 0.0
    return {
        "basis": basis, "title": title, "said": said, "points": show_decimal(total), "n": n,
        "records": [
            {"words": show_text(one["words"]), "points": show_decimal(one["points"]),
             "about": None if is_missing(one.get("about")) else show_text(one["about"])}
            for one in own
        ],
        "more": f"{count_in_words(more, 'more record')}, together" if more > 0 else None,
        "rest": show_decimal(max(rest, 0.0)),
    }  # fmt: skip


def _count_childs(row: dict[str, Any]) -> str:
    n = [int(row[f"n_{basis}"]) if is_number(row.get(f"n_{basis}")) else None for basis, _, _ in KNOWN]
    if None in n:
        return "What is recorded is on the child’s own sheet, held by the safeguarding lead."
    return (
        f"Recorded: {n[0]} proved, {n[1]} alleged, {n[2]} of intelligence. What they say is on the child’s own sheet, "
        "held by the safeguarding lead."
    )


def _date_harm(row: dict[str, Any]) -> str:
    return show_text(row["words"])


def _action(row: dict[str, Any]) -> dict[str, Any]:
    late = row.get("days_late")
    return {
        "ref": show_text(row.get("action_ref")), "text": show_text(row.get("action_text")),
        "owner": f"{show_text(row.get('action_owner'))}, {show_text(row.get('agency'))}",
        "due": show_date(row.get("due_on")),
        "late": write_late(late, "days") if is_positive(late) else "",
    }  # fmt: skip
