"""One page a listed case: why, what changed, both bands, twelve months, ties, plan, gaps, options, the decision.

A page is one side of paper, always: text is cut before type is, and what is cut is counted.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.case_page_pictures import cut_text, describe_band, describe_strip, draw_ego, draw_lanes
from csp_toolkit.briefing.pages.case_summary import LISTED
from csp_toolkit.display.values import is_missing, is_number, show_date, show_text, show_whole
from csp_toolkit.display.wording import check_sentence, count_in_words

KINDS = (("SUPPORT", "Support"), ("DISRUPTION", "Disruption"), ("ENFORCEMENT", "Enforcement"))
STATUS = {"OPEN": "open", "IN_PROGRESS": "in progress", "IN_FORCE": "in force", "COMPLETE": "done",
          "COMPLETE_LATE": "done late"}  # fmt: skip
MOST_CHANGES, MOST_PLAN, MOST_UNKNOWN, MOST_GAPS = 3, 4, 3, 2
LONGEST_WHY, LONGEST_TEXT, LONGEST_QUESTION, LONGEST_STEP = 140, 44, 68, 170
CHILD_STATE = "A child: safeguarding leads, and nobody under 18 is led by enforcement"
FOR_DISCUSSION = "For discussion: nothing on this page is decided"


def list_pages(bundle: Bundle) -> list[dict[str, Any]]:
    """Describe each case that has a page in this copy, in the order of the agenda."""
    order = {row["case_ref"]: n for n, row in enumerate(bundle.rows("agenda"))}
    heads = sorted(bundle.rows("heads"), key=lambda row: (order.get(row["case_ref"], len(order)), str(row["case_ref"])))
    by_case = {name: _by_case(bundle.rows(name)) for name in bundle.tables if name.startswith("case_")}
    by_case["gaps"] = _by_case(bundle.rows("gaps"))
    by_case["requests"] = _by_case(bundle.rows("requests"))
    as_of = date.fromisoformat(str(bundle.fact("as_of")))
    limits = [float(x) for x in str(bundle.fact("band_limits", "")).split(",") if x]
    return [_page(n, head, by_case, as_of, limits, bundle) for n, head in enumerate(heads, start=1)]


def _by_case(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row.get("case_ref")), []).append(row)
    return found


def _page(
    n: int, head: dict[str, Any], by_case: dict[str, dict[str, list[dict[str, Any]]]], as_of: date, limits: list[float],
    bundle: Bundle,
) -> dict[str, Any]:  # fmt: skip
    ref = str(head["case_ref"])

    def own(table: str) -> list[dict[str, Any]] | None:
        return by_case[table].get(ref, []) if table in by_case and (table in bundle.tables) else None

    words = (own("case_words") or [{}])[0]
    plan = own("case_plan")
    return {
        "n": n,
        "ref": ref,
        "title": _title(head, ref),
        "listed": LISTED.get(str(head.get("listed_as")), show_text(head.get("listed_as"))),
        "minutes": show_whole(head.get("minutes")),
        "state": CHILD_STATE if head.get("is_child") == "Y" else FOR_DISCUSSION,
        "facts": _facts(head, as_of),
        "why": cut_text(show_text(head["why"]), LONGEST_WHY) if "why" in head else None,
        "changes": _changes(own("case_changes")) if bundle.fact("previous_meeting_on") else None,
        "n_more": max(0, len(own("case_changes") or []) - MOST_CHANGES),
        "bands_words": check_sentence(show_text(words["bands"])) if "bands" in words else None,
        "bands": [describe_band(row, limits) for row in own("case_bands") or []],
        "strip": describe_strip(own("case_strip")),
        "protective": show_text(head["protective_text"]) if "protective_text" in head else None,
        "step_down": cut_text(show_text(head["step_down_text"]), LONGEST_STEP)
        if not is_missing(head.get("step_down_text"))
        else None,
        "year": check_sentence(show_text(words["year"])) if "year" in words else None,
        "lanes": draw_lanes(own("case_timeline"), own("case_lanes"), as_of, n, words),
        "ego": draw_ego(own("case_ties"), head, n),
        "plan": None if plan is None else [_plan_row(row) for row in _ordered(plan)[:MOST_PLAN]],
        "plan_title": None if plan is None else _plan_title(plan),
        "n_more_plan": 0 if plan is None else max(0, len(plan) - MOST_PLAN),
        "gaps": [cut_text(show_text(row["words"]), LONGEST_QUESTION) for row in (own("gaps") or [])[:MOST_GAPS]],
        "n_more_gaps": max(0, len(own("gaps") or []) - MOST_GAPS),
        "unknown": _unknown(own("requests"), own("case_disagreements")),
        "voice": show_text(head["voice"]) if "voice" in head and not is_missing(head["voice"]) else None,
        "has_voice": "voice" in head,
        "nothing_open": "None of the open critical questions is yours to answer."
        if bundle.is_redacted
        else "No critical question is open.",
        "has_decision": not bundle.is_redacted,
        "options": _options(own("case_options"), head),
    }


def _title(head: dict[str, Any], ref: str) -> str:
    name = show_text(head["name"]) if "name" in head else "Case"
    age = f", {show_whole(head['age_years'])}" if is_number(head.get("age_years")) else ", age not known"
    return f"{name}{age if 'age_years' in head else ''}: case {ref}"


def _facts(head: dict[str, Any], as_of: date) -> list[tuple[str, str]]:
    talks = count_in_words(int(head.get("n_discussions") or 0), "discussion")
    lead = ", ".join(show_text(head[c]) for c in ("lead", "lead_agency") if not is_missing(head.get(c)))
    given = [
        ("Status", head.get("status_text")),
        ("Tier", head.get("tier")),
        ("Route", head.get("route_text")),
        ("Lead", lead),
        ("Legal status", head.get("legal_text")),
        ("Open", f"{show_whole(head['days_open'])} days, {talks}" if "days_open" in head else None),
        ("Answers", head.get("answers_text")),
        ("Assessed", show_date(head["assessed_on"]) if not is_missing(head.get("assessed_on")) else None),
        ("As at", show_date(as_of)),
    ]
    return [(label, show_text(value)) for label, value in given if not is_missing(value)]


def _changes(rows: list[dict[str, Any]] | None) -> list[dict[str, str]] | None:
    if rows is None:
        return None
    return [
        {
            "on": show_date(row["on"]),
            "words": cut_text(show_text(row["words"]), 60),
            "lane": show_text(row["lane"]).lower(),
        }
        for row in rows[:MOST_CHANGES]
    ]


def _ordered(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put late work first, then what is open, then what is done, each by its due day."""

    def key(row: dict[str, Any]) -> tuple[int, str, str]:
        late = is_number(row.get("days_late")) and row["days_late"] > 0
        is_open = str(row.get("status")) in ("OPEN", "IN_PROGRESS", "IN_FORCE", "ACTIVE", "GRANTED")
        return (0 if late else 1 if is_open else 2, str(row.get("due_on")), str(row.get("source_ref")))

    return sorted(plan, key=key)


def _plan_title(plan: list[dict[str, Any]]) -> str:
    late = sum(is_number(row.get("days_late")) and row["days_late"] > 0 for row in plan)
    return f"Plan: {count_in_words(len(plan), 'entry', 'entries')}" + (f", {late} late" if late else "")


def _plan_row(row: dict[str, Any]) -> dict[str, Any]:
    late = int(row["days_late"]) if is_number(row.get("days_late")) else 0
    raised = row.get("escalate")
    owner = ", ".join(show_text(row[c]) for c in ("owner", "agency") if not is_missing(row.get(c)))
    status = STATUS.get(str(row.get("status")), str(row.get("status")).lower().replace("_", " "))
    code = "" if is_missing(row.get("code")) else f"{show_text(row['code'])} "
    return {
        "kind": str(row.get("kind", "")).capitalize(),
        "what": code + cut_text(show_text(row.get("what")), LONGEST_TEXT),
        "owner": cut_text(owner, 40),
        "due": show_date(row.get("due_on")),
        "late": f"{count_in_words(late, 'day')} late" if late else "",
        "status": status,
        "raised": "" if is_missing(raised) else f"to the {raised}",
        "result": "not yet" if is_missing(row.get("result")) else str(row["result"]).lower().replace("_", " "),
    }


def _unknown(asked: list[dict[str, Any]] | None, both: list[dict[str, Any]] | None) -> list[dict[str, str]] | None:
    """List open questions as questions, then what answers and records say against each other; some of both first."""
    if asked is None and both is None:
        return None
    open_ = [
        {"lead": f"{show_text(row['indicator'])}, ask {show_text(row['agency'])}",
         "words": cut_text(show_text(row["question"]).rstrip(".") + "?", LONGEST_QUESTION)}
        for row in asked or []
    ]  # fmt: skip
    against = [
        {"lead": f"Answers and records disagree, {show_text(row['indicator'])}",
         "words": cut_text(show_text(row["question"]), LONGEST_QUESTION)}
        for row in both or []
    ]  # fmt: skip
    rows = [*open_[:1], *against[:1], *open_[1:], *against[1:]]
    if len(rows) > MOST_UNKNOWN:
        rest = len(rows) - MOST_UNKNOWN + 1
        rows = [*rows[: MOST_UNKNOWN - 1], {"lead": f"And {rest} more", "words": "in the tables of this copy"}]
    return rows


def _first_of(owners: str) -> str:
    """Return the first of several owners: a page has room for one, the menu names all."""
    return owners.split(",")[0].split(" and ")[0]


def _options(rows: list[dict[str, Any]] | None, head: dict[str, Any]) -> list[dict[str, Any]] | None:
    if rows is None:
        return None
    columns = []
    for kind, title in KINDS:
        offered = [
            {"code": show_text(row["code"]), "title": cut_text(show_text(row["title"]), 52),
             "owner": cut_text(_first_of(show_text(row["owner"])), 26),
             "basis": show_text(row["basis"])}
            for row in rows if row["kind"] == kind
        ]  # fmt: skip
        is_kept_off = head.get("is_child") == "Y" and kind != "SUPPORT"
        ask = ": ask the lead what would help" if kind == "SUPPORT" else ""
        none = "None against a child." if is_kept_off else f"Nothing more on the menu fits{ask}."
        said = f"{title}, never against the child" if is_kept_off else title
        columns.append({"title": said, "offered": offered, "none": none})
    return columns
