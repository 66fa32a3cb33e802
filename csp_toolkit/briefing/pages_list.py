"""The police list with the matrix beside it, who stands high and is not on it, and where the cut falls.

The police's order is never changed. Whoever has no score keeps their row and says why across it. A child has no score
here, the police's own included, whatever the bundle holds.
"""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.figures import care_diamond, movement_icon, range_mark, stacked_bar
from csp_toolkit.display.values import (
    NOT_ASSESSED,
    NOT_KNOWN,
    WITHHELD,
    is_missing,
    is_number,
    show_date,
    show_decimal,
    show_text,
    show_whole,
)
from csp_toolkit.display.wording import check_sentence, count_in_words, say_chance

BASES = ("proved", "alleged", "intelligence")
USUAL_SCALE = 70
WHOLE_SCALE = 100
PLACES = 10
ZONE_IN_100 = (10, 90)
AS_RECORDED = ", as far as recorded"
CHILD_SENTENCE = "Under 18: no score on this page. Safeguarding leads."
MOVEMENT_WORDS = {
    "NEW_IN": "new to list",
    "RETURNED": "returned to list",
    "UP": "up",
    "DOWN": "down",
    "NO_CHANGE": "no change",
    "NOT_COMPARABLE": "cannot be compared",
}


def police_list(bundle: Bundle) -> Markup:
    """Show the police list, two lines a person."""
    rows = bundle.rows("police_list")
    scale = _scale(bundle)
    is_assessed = _is_assessed(rows)
    return render(
        "police_list.html.j2",
        finding=bundle.sentence("finding_list"),
        people=[_person(row, scale) for row in rows],
        n=len(rows),
        n_in_words=count_in_words(len(rows), "person", "people"),
        is_assessed=is_assessed,
        has_scores=any("score" in row for row in rows),
        has_harm=any("harm_state" in row for row in rows),
        scale=scale,
        of=_scales(bundle),
        n_ranked=_n_ranked(bundle, rows),
        went=[_gone(row) for row in bundle.rows("police_list_out")],
        reconciliation=bundle.sentence("list_reconciliation"),
        meeting_on=show_date(bundle.fact("meeting_on")),
        as_of=show_date(bundle.fact("as_of")),
        known_at=show_date(bundle.fact("known_at")),
    )


def high_not_listed(bundle: Bundle) -> Markup:
    """Show who ranks at or near the cut and is not on the police list."""
    rows = bundle.rows("high_not_listed")
    scale = _scale(bundle)
    return render(
        "high.html.j2",
        finding=bundle.sentence("finding_high"),
        people=[_person(row, scale) | {"what": show_text(row.get("what_text"))} for row in rows],
        is_assessed=_is_assessed(rows),
        has_harm=any("harm_state" in row for row in rows),
        scale=scale,
        of=_scales(bundle),
        n_ranked=_n_ranked(bundle, rows),
    )


def cut(bundle: Bundle) -> Markup:
    """Show the matrix's own order around the tenth place, with the gap that parts it from the eleventh."""
    rows = bundle.rows("cut")
    people = [_person(row, WHOLE_SCALE) | {"listed": _listed(row), "rank_no": row.get("rank"), "reference": show_text(row.get("reference")) if "reference" in row else ""} for row in rows]
    is_assessed = _is_assessed(rows)
    return render(
        "cut.html.j2",
        finding=bundle.sentence("finding_cut"),
        groups=_cut_groups(people, is_assessed),
        is_assessed=is_assessed,
        has_score=any("score" in row for row in rows),
        has_band=any("band" in row for row in rows),
        n_shown=len(rows),
        n_ranked=_n_ranked(bundle, rows),
        gap=show_decimal(bundle.fact("gap_10_11")) if bundle.fact("gap_10_11") is not None else None,
        places=PLACES,
    )


def harm_cell(row: dict[str, Any]) -> dict[str, Any] | None:
    """Say what is recorded of harm suffered: recorded, none recorded, or not known and why."""
    if "harm_state" not in row:
        return None
    state = show_text(row["harm_state"])
    text = "" if is_missing(row.get("harm_text")) else show_text(row["harm_text"])
    if state == "recorded":
        return {"picture": Markup(care_diamond()), "lead": "Recorded:", "text": text or "what is not said", "care": True}
    if state == "none recorded":
        return {"picture": "", "lead": "", "text": "None recorded", "care": False}
    return {"picture": "", "lead": "Not known:" if text else "Not known", "text": text, "care": False}


def _person(row: dict[str, Any], scale: float) -> dict[str, Any]:
    is_child = row.get("is_child") == "Y"
    why_not = None if is_missing(row.get("no_score_reason")) else check_sentence(show_text(row["no_score_reason"]))
    if is_child:
        why_not = why_not or CHILD_SENTENCE
    elif why_not is None and "score" in row and not is_number(row["score"]):
        why_not = "No score on this page: the reason was not released with this copy."
    shown: dict[str, Any] = {
        "place": show_whole(row["place"]) if not is_missing(row.get("place")) else "–",
        "name": show_text(row.get("name")),
        "under": _under_name(row, is_child),
        "why_not": None if why_not is None else _lead(why_not)[0],
        "why_more": "" if why_not is None else _lead(why_not)[1],
        "harm": harm_cell(row),
        "rank": show_whole(_value(row, "rank")),
        "band": show_text(_value(row, "band")),
        "status": show_text(_value(row, "status_text")),
        "status_short": show_text(_value(row, "status_text")).removesuffix(AS_RECORDED),
        "last_event": show_date(_value(row, "last_event_on")),
        "review": show_date(_value(row, "next_review_on")),
        "move": _movement(row),
    }
    if why_not is None:
        for column in ("score", "violence", "drugs", "gang_link"):
            shown[column] = show_decimal(_value(row, column))
        parts = [_value(row, basis) for basis in BASES]
        shown["split"] = " · ".join(show_decimal(part) for part in parts)
        drawn = all(is_number(part) for part in parts)
        shown["bar"] = Markup(stacked_bar(*map(float, parts), scale=scale)) if drawn else ""
        shown |= _certainty(row)
    return shown


def _lead(sentences: str) -> tuple[str, str]:
    """Part the first sentence from the rest, each ending in a full stop."""
    first, _, rest = sentences.rstrip(". ").partition(". ")
    return f"{first}.", f"{rest}." if rest else ""


def _certainty(row: dict[str, Any]) -> dict[str, Any]:
    """Write how sure the place is; what no stage has worked out says "not assessed"."""
    low, high, rank = (_value(row, c, NOT_ASSESSED) for c in ("rank_low", "rank_high", "rank"))
    if not all(is_number(value) for value in (low, high, rank)):
        shown = {"range": "", "lohi": show_text(low if not is_number(low) else NOT_ASSESSED)}
    else:
        mark = range_mark(float(low), float(high), float(rank), is_listed=not is_missing(row.get("place")))
        shown = {"range": Markup(mark), "lohi": f"{show_whole(low)}–{show_whole(high)}"}
    chance = _value(row, "p_top10", NOT_ASSESSED)
    if not is_number(chance):
        return shown | {"keeps": show_text(chance), "in_100": "", "zone": False, "chance": None}
    in_100 = 100 * float(chance) if float(chance) <= 1 else float(chance)
    zone = ZONE_IN_100[0] <= in_100 < ZONE_IN_100[1]
    return shown | {"keeps": say_chance(in_100), "in_100": f"{in_100:.0f}", "zone": zone, "chance": in_100}


def _value(row: dict[str, Any], column: str, absent: str = WITHHELD) -> Any:
    return row.get(column, absent)


def _under_name(row: dict[str, Any], is_child: bool) -> list[str]:
    """Write reference and age, area and the police's group, and the police's score, as far as released."""
    first = [show_text(row["reference"])] if not is_missing(row.get("reference")) else []
    if "age_years" in row:
        first.append(show_whole(row["age_years"]) if is_number(row["age_years"]) else "age not known")
    second = [show_text(row[column]) for column in ("area", "group_name") if not is_missing(row.get(column))]
    lines = [" · ".join(first), " · ".join(second)]
    if is_child:
        lines.append("police score not on this page")
    elif "police_score" in row:
        given = row["police_score"]
        lines.append(f"police score {show_whole(given)}" if is_number(given) else "police score not given")
    return [line for line in lines if line]


def _movement(row: dict[str, Any]) -> dict[str, Any] | None:
    if "movement" not in row and "movement_text" not in row:
        return None
    kind = row.get("movement")
    text = "" if is_missing(row.get("movement_text")) else check_sentence(show_text(row["movement_text"]))
    known = isinstance(kind, str) and kind in MOVEMENT_WORDS
    word = MOVEMENT_WORDS[kind] if known else NOT_KNOWN
    starts = text.lower().startswith(word) if known else bool(text)
    return {"icon": Markup(movement_icon(kind)) if known else "", "text": text if starts else "; ".join(filter(None, (word, text)))}


def _gone(row: dict[str, Any]) -> dict[str, str]:
    return {
        "name": show_text(row.get("name")),
        "place": show_whole(row.get("place_before")),
        "reason": show_text(row.get("reason")),
    }


def _listed(row: dict[str, Any]) -> str | None:
    return None if is_missing(row.get("place")) else show_whole(row["place"])


def _cut_groups(people: Sequence[dict[str, Any]], is_assessed: bool) -> list[dict[str, Any]]:
    """Part the people where the cut falls: by how sure the place is where that is known, else in one group."""
    if not is_assessed:
        return [{"title": "", "people": list(people), "zone": False}]
    firm = [p for p in people if p.get("chance") is not None and p["chance"] >= ZONE_IN_100[1]]
    others = [p for p in people if p.get("zone")]
    beyond = [p for p in people if p not in firm and p not in others]
    n_left = PLACES - len(firm)
    zone_title = f"Contest zone: {count_in_words(len(others), 'person', 'people')} for {count_in_words(n_left, 'place')}"
    groups = [
        {"title": "Firm: in the ten in 90 of 100 re-runs or more", "people": firm, "zone": False},
        {"title": zone_title, "people": others, "zone": True},
        {"title": "In the ten in fewer than 10 of 100 re-runs", "people": beyond, "zone": False},
    ]
    return [group for group in groups if group["people"]]


def _is_assessed(rows: Sequence[dict[str, Any]]) -> bool:
    return any(is_number(row.get("rank_low")) or is_number(row.get("p_top10")) for row in rows)


def _scale(bundle: Bundle) -> float:
    """Return one scale for every bar on the page: 70 points, or 100 where somebody scores more."""
    rows = bundle.rows("police_list") + bundle.rows("high_not_listed")
    scores = [float(row["score"]) for row in rows if is_number(row.get("score")) and row.get("is_child") != "Y"]
    return USUAL_SCALE if max(scores, default=0) <= USUAL_SCALE else WHOLE_SCALE


def _scales(bundle: Bundle) -> dict[str, str]:
    """Return the unit line of each points column: of how many, where the matrix says so."""
    names = ("score", "violence", "drugs", "gang_link")
    most = {name: bundle.fact(f"most_{name}") for name in names}
    return {name: f"of {show_whole(value)}" if is_number(value) else "points" for name, value in most.items()}


def _n_ranked(bundle: Bundle, rows: Sequence[dict[str, Any]]) -> str | None:
    counted = bundle.fact("n_ranked") or next((r["n_ranked"] for r in rows if is_number(r.get("n_ranked"))), None)
    return show_whole(counted) if is_number(counted) else None
