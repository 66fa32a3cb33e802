"""What differs between two matrices, line by line in words: "D1: look-back 730 -> 365 days"."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from csp_toolkit.scoring.matrix import Matrix

DIFF_COLUMNS = ("step", "what", "before", "after", "words")
# What says whose the file is and why, and how it is called: no rule, so no difference of rules.
ABOUT = ("name", "version", "owner", "approved_on", "why", "title", "note")
_KEYS = {"domains": "id", "criteria": "id", "offences": "ho_code", "orders": "order_type", "recency": "days"}
_TITLES = {
    "base": "points", "window_days": "look-back in days", "cap": "cap", "factor": "factor", "counts": "what counts",
    "does_not_count": "what does not count", "needs_charge": "asks for a charge", "min_origins": "origins needed",
    "directs_bonus": "points more for a directing role", "evidence": "kind of evidence", "basis": "basis",
    "domain": "domain", "title": "title", "example": "example", "criterion": "criterion",
}  # fmt: skip
_PARTS = {
    "domains": "Domain", "criteria": "", "recency": "Recency step of", "outcomes": "Outcome", "grades": "Grade",
    "roles": "Role", "offences": "Offence", "themes": "Theme", "orders": "Order", "court_results": "Court result",
    "outcome_codes": "Outcome number", "disposals": "Disposal", "suspect_parts": "Part in a crime",
    "line_roles": "Role in a line", "gates": "Gates", "bands": "Bands", "blocks": "Blocks", "dual": "Dual",
    "stale": "Undecided outcomes", "origin_bucket": "Origin bucket", "movement": "Moves",
}  # fmt: skip


def list_changes(old: Matrix, new: Matrix) -> pd.DataFrame:
    """List every rule that differs between two matrices.

    Returns
    -------
    One row each (`DIFF_COLUMNS`): the step of a replay it belongs to (a criterion's id, else the part of the file),
    what it is, before, after, and both in words. Name, version, owner, approval, reason, title and note are no rules.
    """
    before, after = (matrix.model_dump(mode="json") for matrix in (old, new))
    rows = [
        (step, what, _show(was), _show(now), say_change(what, was, now))
        for part in before
        if part not in ABOUT
        for step, what, was, now in _compare_part(part, before[part], after[part])
    ]
    return pd.DataFrame(rows, columns=list(DIFF_COLUMNS)).astype("str")


def say_change(what: str, was: Any, now: Any) -> str:
    """Say one difference in words."""
    if was is None:
        return f"{what}: new" + (f", {_show(now)}" if not isinstance(now, Mapping) else "")
    if now is None:
        return f"{what}: taken out" + (f", was {_show(was)}" if not isinstance(was, Mapping) else "")
    return f"{what}: {_show(was)} -> {_show(now)}"


def _compare_part(part: str, was: Any, now: Any) -> Iterator[tuple[str, str, Any, Any]]:
    title = _PARTS.get(part, part.replace("_", " ").capitalize())
    if part in _KEYS:
        yield from _compare_named(part, title, _by_key(was, _KEYS[part]), _by_key(now, _KEYS[part]))
        shared = [[one[_KEYS[part]] for one in own] for own in (was, now)]
        if sorted(map(str, shared[0])) == sorted(map(str, shared[1])) and shared[0] != shared[1]:
            yield part, f"{title or 'Criteria'}: order", shared[0], shared[1]
    elif isinstance(was, Mapping) and part in ("outcomes", "themes"):
        yield from _compare_named(part, title, was, now)
    elif isinstance(was, Mapping):
        for path, before, after in _walk(was, now):
            yield part, f"{title} {path}".strip(), before, after
    elif was != now:
        yield part, title, was, now


def _compare_named(part: str, title: str, was: Mapping[str, Any], now: Mapping[str, Any],
                   ) -> Iterator[tuple[str, str, Any, Any]]:  # fmt: skip
    for name in [*was, *(one for one in now if one not in was)]:
        label, step = f"{title} {name}".strip(), name if part == "criteria" else part
        if name not in was or name not in now:
            yield step, label, was.get(name), now.get(name)
            continue
        for path, before, after in _walk(was[name], now[name]):
            yield step, f"{label}: {_TITLES.get(path, path)}", before, after


def _walk(was: Any, now: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Walk two values together and yield where they differ."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in [*was, *(one for one in now if one not in was)]:
            yield from _walk(was.get(key), now.get(key), f"{path} {str(key).replace('_', ' ')}".strip()
                             if path or key not in _TITLES else str(key))  # fmt: skip
    elif was != now:
        yield path, was, now


def _by_key(rows: Sequence[Mapping[str, Any]], key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        name = str(row[key])
        while name in found:  # an order may stand twice, for two criteria
            name += " again"
        found[name] = row
    return found


def _show(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} {_show(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_show(one) for one in value) or "none"
    return str(value)
