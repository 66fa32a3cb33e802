"""Say in one sentence how somebody's score moved and why; never what anybody will do.

Figures are rounded so that the printed causes lead from the printed score then to the printed score now.
"""

from typing import Any

import pandas as pd

from csp_toolkit.display.printed import print_changes
from csp_toolkit.display.wording import check_sentence
from csp_toolkit.scoring.ranking import Scores, print_points

MINUS = "\N{MINUS SIGN}"
NOT_ON_REGISTER = "not on the register"
_OF_ITEMS = {
    "withdrawn": ("item gone", "items gone"),
    "outcome": ("changed outcome", "changed outcomes"),
    "regrade": ("report read otherwise", "reports read otherwise"),
    "role": ("changed role", "changed roles"),
    "new items": ("new item", "new items"),
}
_WORDS = {
    "NEW_IN": "new in", "RETURNED": "returned", "OUT": "out", "UP": "up", "DOWN": "down", "NO_CHANGE": "no change",
    "NOT_COMPARABLE": "not comparable",
}  # fmt: skip


def say_points(units: int, *, signed: bool = True) -> str:
    """Write ten-thousandths as points with one decimal and a true minus.

    >>> say_points(-15000), say_points(15000), say_points(15000, signed=False)
    ('−1.5', '+1.5', '1.5')
    """
    return _sign(print_points(units), signed=signed)


def _sign(figure: str, *, signed: bool = True) -> str:
    return figure.replace("-", MINUS) if figure.startswith("-") or not signed else f"+{figure}"


def _tenths(n: int, *, signed: bool = True) -> str:
    return _sign(f"{n / 10:.1f}", signed=signed)


def say_cause(cause: str, n_items: int) -> str:
    """Name a cause with how many items it touched, where it is of items.

    >>> say_cause("new items", 3), say_cause("decay", 5)
    ('3 new items', 'decay')
    """
    one, many = _OF_ITEMS.get(cause, (cause, cause))
    return cause if cause not in _OF_ITEMS else f"{n_items} {one if n_items == 1 else many}"


def say_move(table: pd.DataFrame, causes: pd.DataFrame) -> pd.Series:
    """Say each person's move in a sentence, in the order of `table` (movement, before, after, ranks, bands, why)."""
    by_person = {str(person): list(zip(own["cause"], own["points"], own["n_items"], strict=True))
                 for person, own in causes.groupby("person_id")}  # fmt: skip
    said = [_say_one(row, by_person.get(row["person_id"], [])) for row in table.to_dict("records")]
    return pd.Series([check_sentence(sentence) for sentence in said], index=table.index, dtype="str")


def _say_one(row: dict[str, Any], own: list[tuple[str, int, int]]) -> str:
    word = _WORDS[row["movement"]]
    if row["movement"] in ("NEW_IN", "RETURNED"):
        return f"{word} at {say_points(row['after'], signed=False)}; at the last meeting {row['why']}"
    if row["movement"] == "OUT":
        return f"{word}, was {say_points(row['before'], signed=False)}; {row['why']}"
    parts = [int(points) for _, points, _ in own]
    printed = print_changes(int(row["before"]), int(row["after"]), parts)
    steps = [
        f"{say_cause(cause, n)} {_tenths(tenths)}" for (cause, _, n), tenths in zip(own, printed, strict=True) if tenths
    ]
    return f"{_say_difference(word, row, sum(printed))}: {', '.join(steps) or _say_nothing(own)}"


def _say_difference(word: str, row: dict[str, Any], tenths: int) -> str:
    """Say by how much: a rise by its points where they rose, else by band or places, and the points beside it."""
    if row["movement"] == "NO_CHANGE" and not tenths:
        return word
    points = f"points {_tenths(tenths)}" if tenths else "points the same"
    if row["movement"] == "NO_CHANGE":
        return f"no move; {points}"
    if row["movement"] == "NOT_COMPARABLE":
        return f"{word}, the matrix changed; {points}"
    if row["band"] != row["band_before"]:
        return f"{word} from {row['band_before']} to {row['band']}, {points}"
    if (tenths > 0) == (row["movement"] == "UP") and tenths:
        return f"{word} {abs(tenths) / 10:.1f}"
    n = abs(int(row["rank"]) - int(row["rank_before"]))
    return f"{word} {n} {'place' if n == 1 else 'places'}, {points}"


def _say_nothing(own: list[tuple[str, int, int]]) -> str:
    touched = [say_cause(cause, n) for cause, _, n in own if n and cause in _OF_ITEMS]
    return f"{', '.join(touched)}, which the rules give no points" if touched else "nothing new, nothing aged"


def say_why_out(table: pd.DataFrame, now: Scores) -> pd.Series:
    """Say by which gate whoever is out went; missing for the others."""
    reasons = _reasons(now, table["person_id"])
    reasons = reasons.fillna(NOT_ON_REGISTER)
    reasons = reasons.mask(table["has_moved_in"], "the records are another person's now, joined since")
    return reasons.where(table["after"].isna())


def say_why_in(table: pd.DataFrame, before: Scores) -> pd.Series:
    """Say why whoever is in had no score then; missing for the others."""
    reasons = _reasons(before, table["was"])
    reasons = (
        ("left out, " + reasons).fillna(NOT_ON_REGISTER).mask(table["has_moved_in"], "under another person's records")
    )
    return reasons.where(table["before"].isna())


def _reasons(scores: Scores, people: pd.Series) -> pd.Series:
    """Return the gate and the reason by which people were left out, the first of several."""
    out = scores.left_out.drop_duplicates("person_id").set_index("person_id")
    words = out["gate"] + ": " + out["reason"].str.replace(r" \(also .*\)$", "", regex=True)
    return pd.Series(words.reindex(people).to_numpy(), index=people.index, dtype="str")


def say_steps(before: Any, after: Any, own: pd.DataFrame, *, start: str) -> pd.DataFrame:  # noqa: ANN401 (may be missing)
    """List words and weight in points, as printed, from one score to the other: the steps of a waterfall."""
    first, last = (0 if pd.isna(score) else int(score) for score in (before, after))
    parts = [int(points) for points in own["points"]]
    printed = print_changes(first, last, parts)
    words = [say_cause(cause, n) for cause, n in zip(own["cause"], own["n_items"], strict=True)]
    opening = print_changes(0, first, [first])
    return pd.DataFrame({"words": [start, *words], "weight": [n / 10 for n in (*opening, *printed)]})
