"""One person as a row of a list: score and split, how sure, what changed, and harm suffered apart.

A child has no score here, the police's own included, whatever the bundle holds. What no stage has worked out says
"not assessed"; what this copy did not get says "withheld"; what nobody knows says "not known".
"""

from typing import Any

from markupsafe import Markup

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
from csp_toolkit.display.wording import check_sentence, count_in_100, say_chance

BASES = ("proved", "alleged", "intelligence")
ZONE_IN_100 = (10.0, 90.0)
RANKED, NOT_RANKED = "ranked", "not ranked with the others"
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


def describe_person(row: dict[str, Any], scale: float, zone: tuple[float, float] = ZONE_IN_100) -> dict[str, Any]:
    """Describe one person for a list.

    `scale` is the points at which the bars of this page end; between the chances in 100 of `zone` the cut is a matter
    of noise.
    """
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
        shown |= _certainty(row, zone)
    return shown


def harm_cell(row: dict[str, Any]) -> dict[str, Any] | None:
    """Say what is recorded of harm suffered: recorded, none recorded, or not known and why."""
    if "harm_state" not in row:
        return None
    state = show_text(row["harm_state"])
    text = "" if is_missing(row.get("harm_text")) else show_text(row["harm_text"])
    if state == "recorded":
        return {
            "picture": Markup(care_diamond()),
            "lead": "Recorded:",
            "text": text or "what is not said",
            "care": True,
        }
    if state == "none recorded":
        return {"picture": "", "lead": "", "text": "None recorded", "care": False}
    return {"picture": "", "lead": "Not known:" if text else "Not known", "text": text, "care": False}


def _lead(sentences: str) -> tuple[str, str]:
    """Part the first sentence from the rest, each ending in a full stop."""
    first, _, rest = sentences.rstrip(". ").partition(". ")
    return f"{first}.", f"{rest}." if rest else ""


def _certainty(row: dict[str, Any], zone: tuple[float, float]) -> dict[str, Any]:
    """Write how sure the place is; who is not ranked with the others has none to be sure of."""
    if row.get("block", RANKED) != RANKED:
        return {"range": "", "lohi": "", "keeps": NOT_RANKED, "in_100": "", "zone": False, "chance": None}
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
    is_arguable = zone[0] < in_100 < zone[1]
    said = {"keeps": say_chance(in_100), "in_100": count_in_100(in_100)}
    return shown | said | {"zone": is_arguable, "chance": in_100}


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
        lines.append("police score on own sheet")
    elif "police_score" in row:
        given = row["police_score"]
        lines.append(f"police score {show_whole(given)}" if is_number(given) else "police score not given")
    return [line for line in lines if line]


def _movement(row: dict[str, Any]) -> dict[str, Any] | None:
    if "movement" not in row and "movement_text" not in row:
        return None
    kind = str(row.get("movement"))
    text = "" if is_missing(row.get("movement_text")) else check_sentence(show_text(row["movement_text"]))
    known = kind in MOVEMENT_WORDS
    word = MOVEMENT_WORDS[kind] if known else NOT_KNOWN
    starts = text.lower().split(" ")[:1] == word.split(" ")[:1] if known else bool(text)
    return {
        "icon": Markup(movement_icon(kind)) if known else "",
        "text": text if starts else "; ".join(filter(None, (word, text))),
    }
