"""The police list with the matrix beside it, who stands high and is not on it, and where the cut falls.

The police's order is never changed. Whoever has no score keeps their row and says why across it.
"""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.rows import ZONE_IN_100, describe_person
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.values import (
    NOT_ASSESSED,
    is_missing,
    is_number,
    show_date,
    show_decimal,
    show_text,
    show_whole,
)
from csp_toolkit.display.wording import count_in_words
from csp_toolkit.scoring.certainty.seats import SEATS

USUAL_SCALE = 70
WHOLE_SCALE = 100


def police_list(bundle: Bundle) -> Markup:
    """Show the police list, two lines a person."""
    rows = bundle.rows("police_list")
    scale = _scale(bundle)
    is_assessed = _is_assessed(rows)
    return render(
        "police_list.html.j2",
        finding=bundle.sentence("finding_list"),
        people=[describe_person(row, scale, _zone(bundle)) for row in rows],
        n=len(rows),
        n_in_words=count_in_words(len(rows), "person", "people"),
        is_assessed=is_assessed,
        has_scores=any("score" in row for row in rows),
        has_harm=any("harm_state" in row for row in rows),
        n_reruns=_n_reruns(bundle),
        scale=scale,
        of=_scales(bundle),
        n_ranked=_n_ranked(bundle, rows),
        went=[_gone(row) for row in bundle.rows("police_list_out")],
        reconciliation=_since_last_time(bundle),
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
        people=[describe_person(row, scale, _zone(bundle)) | {"what": _what(row)} for row in rows],
        is_assessed=_is_assessed(rows),
        has_harm=any("harm_state" in row for row in rows),
        scale=scale,
        of=_scales(bundle),
        n_ranked=_n_ranked(bundle, rows),
    )


def cut(bundle: Bundle) -> Markup:
    """Show the matrix's own order around the tenth place, with the gap that parts it from the eleventh."""
    rows = bundle.rows("cut")
    people = [
        describe_person(row, WHOLE_SCALE, _zone(bundle))
        | {
            "listed": _listed(row),
            "rank_no": row.get("rank"),
            "reference": show_text(row.get("reference")) if "reference" in row else "",
        }
        for row in rows
    ]
    is_assessed = _is_assessed(rows)
    return render(
        "cut.html.j2",
        finding=bundle.sentence("finding_cut"),
        groups=_cut_groups(people, is_assessed, _zone(bundle)),
        is_assessed=is_assessed,
        has_score=any("score" in row for row in rows),
        has_band=any("band" in row for row in rows),
        n_shown=len(rows),
        n_ranked=_n_ranked(bundle, rows),
        n_reruns=_n_reruns(bundle),
        rest=_say_rest(bundle, len(rows)),
        gap=show_decimal(bundle.fact("gap_10_11")) if bundle.fact("gap_10_11") is not None else None,
        places=SEATS,
    )


def _since_last_time(bundle: Bundle) -> str | None:
    """Write the line that adds up as a sentence: opening, new, returned, out, closing."""
    line = bundle.sentence("list_reconciliation")
    if line is None:
        return None
    before = bundle.fact("previous_meeting_on")
    since = f"On the list since {show_date(before)}: " if before and line.startswith("opening") else ""
    return f"{since}{line.rstrip('.')}."


def _n_reruns(bundle: Bundle) -> str | None:
    return show_whole(bundle.fact("n_reruns")) if is_number(bundle.fact("n_reruns")) else None


def _say_rest(bundle: Bundle, n_shown: int) -> str | None:
    """Say what chance is left for those who are ranked and not shown."""
    rest, n_ranked = bundle.fact("rest_in_100"), bundle.fact("n_ranked")
    if not is_number(rest) or not is_number(n_ranked) or int(str(n_ranked)) <= n_shown:
        return None
    n = count_in_words(int(str(n_ranked)) - n_shown, "person", "people", start=True)
    return f"{n} ranked below and not shown share {show_decimal(rest, places=0)} in 100 of one place."


def _gone(row: dict[str, Any]) -> dict[str, str]:
    return {
        "name": show_text(row.get("name")),
        "place": show_whole(row.get("place_before")),
        "reason": show_text(row.get("reason")),
    }


def _what(row: dict[str, Any]) -> str:
    """Say what puts someone high; a text that only repeats the status says nothing of it."""
    text, status = row.get("what_text"), row.get("status_text")
    return NOT_ASSESSED if text == status else show_text(text)


def _listed(row: dict[str, Any]) -> str | None:
    return None if is_missing(row.get("place")) else show_whole(row["place"])


def _zone(bundle: Bundle) -> tuple[float, float]:
    """Return between which chances in 100 the cut is a matter of noise, where this copy says so."""
    low, high = (bundle.fact(name) for name in ("zone_in_100", "firm_in_100"))
    return (float(low), float(high)) if is_number(low) and is_number(high) else ZONE_IN_100


def _cut_groups(people: Sequence[dict[str, Any]], is_assessed: bool, zone: tuple[float, float]) -> list[dict[str, Any]]:
    """Part the people where the cut falls: by how sure the place is where that is known, else in one group."""
    if not is_assessed:
        return [{"title": "", "people": list(people), "zone": False}]
    firm = [p for p in people if p.get("chance") is not None and p["chance"] >= zone[1]]
    others = [p for p in people if p.get("zone")]
    beyond = [p for p in people if p not in firm and p not in others]
    n_left = SEATS - len(firm)
    zone_title = (
        f"Contest zone: {count_in_words(len(others), 'person', 'people')} for {count_in_words(n_left, 'place')}"
    )
    low, high = (show_decimal(limit, places=0) for limit in zone)
    groups = [
        {"title": f"Firm: in the ten in {high} of 100 re-runs or more", "people": firm, "zone": False},
        {"title": zone_title, "people": others, "zone": True},
        {"title": f"In the ten in {low} of 100 re-runs or fewer", "people": beyond, "zone": False},
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
