"""One page a listed case: why, what changed, both bands, twelve months, ties, plan, gaps, options, the decision.

A page is one side of paper, always: text is cut before type is, and what is cut is counted.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.case_summary import LISTED
from csp_toolkit.display.case_figures import band_picture, ego_picture, lanes_picture
from csp_toolkit.display.figures import care_diamond, movement_icon
from csp_toolkit.display.values import is_missing, is_number, show_date, show_text, show_whole
from csp_toolkit.display.wording import check_sentence, count_in_words

LANES = ("Missing", "Police", "Education", "Health", "Housing", "What we did")
KINDS = (("SUPPORT", "Support"), ("DISRUPTION", "Disruption"), ("ENFORCEMENT", "Enforcement"))
STATUS = {"OPEN": "open", "IN_PROGRESS": "in progress", "IN_FORCE": "in force", "COMPLETE": "done",
          "COMPLETE_LATE": "done late"}  # fmt: skip
MOST_CHANGES, MOST_PLAN, MOST_UNKNOWN, MOST_GAPS = 3, 4, 3, 2
LONGEST_WHY, LONGEST_TEXT, LONGEST_QUESTION, LONGEST_STEP = 140, 44, 68, 170
AXIS = {"V": ("Vulnerability", "risk to them"), "H": ("Harm", "risk from them")}
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
        "why": _cut(show_text(head["why"]), LONGEST_WHY) if "why" in head else None,
        "changes": _changes(own("case_changes")) if bundle.fact("previous_meeting_on") else None,
        "n_more": max(0, len(own("case_changes") or []) - MOST_CHANGES),
        "bands_words": check_sentence(show_text(words["bands"])) if "bands" in words else None,
        "bands": [_band(row, limits) for row in own("case_bands") or []],
        "strip": _strip(own("case_strip")),
        "protective": show_text(head["protective_text"]) if "protective_text" in head else None,
        "step_down": _cut(show_text(head["step_down_text"]), LONGEST_STEP)
        if not is_missing(head.get("step_down_text"))
        else None,
        "year": check_sentence(show_text(words["year"])) if "year" in words else None,
        "lanes": _lanes(own("case_timeline"), own("case_lanes"), as_of, n, words),
        "ego": _ego(own("case_ties"), head, n),
        "plan": None if plan is None else [_plan_row(row) for row in _ordered(plan)[:MOST_PLAN]],
        "plan_title": None if plan is None else _plan_title(plan),
        "n_more_plan": 0 if plan is None else max(0, len(plan) - MOST_PLAN),
        "gaps": [_cut(show_text(row["words"]), LONGEST_QUESTION) for row in (own("gaps") or [])[:MOST_GAPS]],
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


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip(" ,;:") + "…"


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
        {"on": show_date(row["on"]), "words": _cut(show_text(row["words"]), 60), "lane": show_text(row["lane"]).lower()}
        for row in rows[:MOST_CHANGES]
    ]


def _band(row: dict[str, Any], limits: list[float]) -> dict[str, Any]:
    name, of = AXIS.get(str(row["axis"]), (show_text(row.get("name")), ""))
    score = float(row["in_100"]) if is_number(row.get("in_100")) else None
    shown: dict[str, Any] = {
        "axis": name, "of": of, "is_care": row["axis"] == "V",
        "band": show_text(row["band"]) + (f", {show_whole(score)}" if score is not None else ""),
        "range": "", "picture": "", "words": "",
    }  # fmt: skip
    if "low" not in row:
        return shown
    numbers = [float(row[c]) if is_number(row.get(c)) else None for c in ("low", "high", "in_100_1", "in_100_2")]
    low, high, one, two = numbers
    if low is not None and high is not None:
        shown["range"] = f"{show_whole(low)} to {show_whole(high)}"
        shown["picture"] = Markup(band_picture(score, low, high, (one, two), limits))
    before = [f"{show_text(row[f'band_{k}'])} {show_whole(row[f'in_100_{k}'])}" for k in (1, 2)
              if not is_missing(row.get(f"band_{k}")) and is_number(row.get(f"in_100_{k}"))]  # fmt: skip
    said = f"Was {', before that '.join(before)}. " if before else "No earlier assessment. "
    said += f"Could be {show_text(row['could_be'])}. " if not is_missing(row.get("could_be")) else ""
    own = "; ".join(
        f
        for f in str(row.get("floors") or "").split("; ")
        if f.startswith(str(row["axis"]).replace("V", "F").replace("H", "G"))
    )
    said += f"Held up by {_cut(own, 90)}." if own and not is_missing(row.get("floors")) else ""
    return shown | {"words": said.strip()}


def _strip(rows: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    if not rows:
        return None
    cells = []
    for k, row in enumerate(rows):
        now, last = str(row["now"]), None if is_missing(row.get("last")) else str(row["last"])
        is_first_harm = row["axis"] == "H" and (k == 0 or rows[k - 1]["axis"] != "H")
        cells.append(
            {"id": row["domain"], "name": _short_name(show_text(row["name"])), "now": now, "last": last or "–",
             "change": _change(now, last), "gap": is_first_harm,
             "css": {"?": "lu", "n/a": "na"}.get(now, f"l{now}")}
        )  # fmt: skip
    return {"cells": cells}


def _short_name(name: str) -> str:
    """Shorten a domain's name to what stands above a narrow cell: its first words, up to a comma or ``and``."""
    head = name.split(",")[0].split(" and ")[0].split(" or ")[0]
    return _cut(head, 16)


def _change(now: str, last: str | None) -> Markup:
    if last is None or not (now.isdigit() and last.isdigit()):
        return Markup("–")
    step = int(now) - int(last)
    if not step:
        return Markup("same")
    way = "UP" if step > 0 else "DOWN"
    return Markup(movement_icon(way)) + f"{way.lower()} {abs(step)}"


def _lanes(
    rows: list[dict[str, Any]] | None, empty: list[dict[str, Any]] | None, as_of: date, n: int, words: dict[str, Any]
) -> Markup | None:
    if rows is None:
        return None
    marks = [
        {**row, "on": _day(row["on"]), "until": None if is_missing(row.get("until")) else _day(row["until"])}
        for row in rows
    ]
    counts = "; ".join(f"{lane}: {sum(m['lane'] == lane for m in marks)} marks" for lane in LANES)
    desc = f"{counts}. {words.get('year', '')}"
    why = {str(row["lane"]): show_text(row["words"]) for row in empty or []}
    return Markup(lanes_picture(marks, why, LANES, as_of=as_of, key=f"lanes-{n}", desc=desc))


def _day(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


def _ego(ties: list[dict[str, Any]] | None, head: dict[str, Any], n: int) -> dict[str, Any] | None:
    if ties is None:
        return None
    person = str(head.get("person_id"))
    own = [tie for tie in ties if person in (tie["person_a"], tie["person_b"])]
    if not own:
        return {"words": "No tie that may be shown in this copy is recorded in the period.", "picture": None}
    weak = sum(int(tie["n_origins"]) <= 1 and tie["is_tested"] != "Y" for tie in own)
    people = count_in_words(len(own), "person", "people")
    said = f"Tied to {people}; {weak if weak else 'none'} by one untested origin alone."
    label = show_text(head.get("name")).partition(",")[0]
    names = [show_text(t["label_b"] if t["person_a"] == person else t["label_a"]) for t in own]
    desc = f"{said} In order of how sure: {'; '.join(names)}."
    return {"words": said, "picture": Markup(ego_picture(ties, person, label, key=f"ego-{n}", desc=desc))}


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
        "what": code + _cut(show_text(row.get("what")), LONGEST_TEXT),
        "owner": _cut(owner, 40),
        "due": show_date(row.get("due_on")),
        "late": f"{count_in_words(late, 'day')} late" if late else "",
        "status": status,
        "raised": "" if is_missing(raised) else f"to the {raised}",
        "result": "not yet" if is_missing(row.get("result")) else str(row["result"]).lower().replace("_", " "),
    }


def _unknown(asked: list[dict[str, Any]] | None, both: list[dict[str, Any]] | None) -> list[dict[str, str]] | None:
    if asked is None and both is None:
        return None
    rows = [
        {"lead": f"{show_text(row['indicator'])} ({show_text(row['agency'])})",
         "words": _cut(show_text(row["question"]), LONGEST_QUESTION)}
        for row in asked or []
    ] + [
        {"lead": f"They disagree, {show_text(row['indicator'])}",
         "words": _cut(f"{show_text(row['question'])}: {show_text(row['answers'])}", LONGEST_QUESTION)}
        for row in both or []
    ]  # fmt: skip
    if len(rows) > MOST_UNKNOWN:
        rest = len(rows) - MOST_UNKNOWN + 1
        rows = [
            *rows[: MOST_UNKNOWN - 1],
            {"lead": f"And {rest} more", "words": "critical questions in this copy's tables"},
        ]
    return rows


def _options(rows: list[dict[str, Any]] | None, head: dict[str, Any]) -> list[dict[str, Any]] | None:
    if rows is None:
        return None
    columns = []
    for kind, title in KINDS:
        offered = [
            {"code": show_text(row["code"]), "title": _cut(show_text(row["title"]), 46),
             "owner": _cut(show_text(row["owner"]), 26),
             "basis": show_text(row["basis"])}
            for row in rows if row["kind"] == kind
        ]  # fmt: skip
        none = (
            "None against a child."
            if head.get("is_child") == "Y" and kind != "SUPPORT"
            else "Nothing on the menu fits."
        )
        columns.append({"title": title, "offered": offered, "none": none})
    return columns


def mark_care() -> Markup:
    """Return the diamond that stands before what is about harm suffered."""
    return Markup(care_diamond())
