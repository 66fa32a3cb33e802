"""The pictures of a case's page from its rows: both bands, the fourteen areas, twelve months in lanes, the ties."""

from datetime import date
from typing import Any

from markupsafe import Markup

from csp_toolkit.display.case_figures import band_picture, ego_picture, lanes_picture
from csp_toolkit.display.figures import movement_icon
from csp_toolkit.display.values import is_missing, is_number, show_text, show_whole
from csp_toolkit.display.wording import count_in_words

LANES = ("Missing", "Police", "Education", "Health", "Housing", "What we did")
AXIS = {"V": ("Vulnerability", "risk to them"), "H": ("Harm", "risk from them")}


def cut_text(text: str, longest: int) -> str:
    """Cut a text to so many characters, after a whole word where one ends near enough, with a mark where it was cut.

    >>> cut_text("Strategy discussion, enquiry", 24), cut_text("Antidisestablishmentarianism", 12)
    ('Strategy discussion…', 'Antidisesta…')
    """
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    whole = head if text[longest - 1] == " " else head.rpartition(" ")[0]
    return (whole if len(whole) >= longest // 2 else head).rstrip(" ,;:") + "…"


def describe_band(row: dict[str, Any], limits: list[float]) -> dict[str, Any]:
    """Describe one axis: band, score, range, picture, and what it was before, as far as released."""
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
    said += f"Held up by {cut_text(own, 90)}." if own and not is_missing(row.get("floors")) else ""
    judged = row.get("judged")
    said += f" {show_text(judged)}." if not is_missing(judged) else ""
    return shown | {"words": said.strip()}


def describe_strip(rows: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    """Describe the strip of areas: level now and last, and which way each moved; None where it was not released."""
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
    return cut_text(head, 16)


def _change(now: str, last: str | None) -> Markup:
    if last is None or not (now.isdigit() and last.isdigit()):
        return Markup("–")
    step = int(now) - int(last)
    if not step:
        return Markup("same")
    way = "UP" if step > 0 else "DOWN"
    return Markup(movement_icon(way)) + f"{way.lower()} {abs(step)}"


def draw_lanes(
    rows: list[dict[str, Any]] | None, empty: list[dict[str, Any]] | None, as_of: date, n: int, words: dict[str, Any]
) -> Markup | None:
    """Draw twelve months in lanes; None where they were not released."""
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


def draw_ego(ties: list[dict[str, Any]] | None, head: dict[str, Any], n: int) -> dict[str, Any] | None:
    """Draw who somebody is tied to, with the sentence that reads it; None where it was not released."""
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
