"""The rules of the ledger once more, as one would work them out by hand: plain loops, exact fractions, no frames.

It shares no code and no numbers with the package: the example matrix is written out again from its description.
"""

from collections import defaultdict
from datetime import date
from fractions import Fraction

WINDOWS = {"V1": 1095, "V2": 730, "V3": 730, "V4": 730, "V5": 730, "V6": 365, "V7": 365, "D1": 730, "D2": 730,
           "D3": 730, "D4": 365, "D5": 365, "G1": 1095, "G2": 730, "G3": 365, "G4": 365}  # fmt: skip
CAPS = {"V1": 40, "V2": 30, "V3": 24, "V4": 24, "V5": 16, "V6": 6, "V7": 10, "D1": 20, "D2": 8, "D3": 20, "D4": 10,
        "D5": 6, "G1": 10, "G2": 8, "G3": 3, "G4": 8}  # fmt: skip
DOMAIN_CAPS = {"V": 50, "D": 30, "G": 20}
STEPS = tuple(
    (days, Fraction(share)) for days, share in ((91, "1"), (183, ".8"), (365, ".6"), (730, ".3"), (1095, ".15"))
)
ORDER = {"proved": 0, "alleged": 1, "intelligence": 2}
FIRST_DAY = date(2000, 1, 1).toordinal()


def work_out(items: list[dict], as_of: date) -> dict[str, Fraction]:
    """Return points by person; an item has person, criterion, item, event, origin, on, basis, base, weight, role."""
    valid = []
    for one in items:
        age = (as_of - one["on"]).days
        if not 0 <= age <= WINDOWS[one["criterion"]]:
            continue
        recency = next(factor for days, factor in STEPS if age <= days)
        exact = one["base"] * one["weight"] * recency * one["role"] * 10_000
        points = Fraction(int(exact + Fraction(1, 2)), 10_000)
        if points:
            valid.append({**one, "points": points, "domain": one["criterion"][0]})

    by_event = _highest(valid, lambda one: (one["person"], one["event"], one["domain"]))
    facts = [one for one in by_event if one["basis"] != "intelligence"]
    reports = _highest(
        [one for one in by_event if one["basis"] == "intelligence"],
        lambda one: (one["person"], one["origin"], (one["on"].toordinal() - FIRST_DAY) // 30),
    )
    origins = defaultdict(set)
    for one in valid:
        if one["criterion"] == "G4":
            origins[one["person"]].add(one["origin"])
    counting = facts + [o for o in reports if o["criterion"] != "G4" or len(origins[o["person"]]) >= 2]
    for one in counting:
        one["left"] = one["points"]
    _fill(counting, lambda one: (one["person"], one["criterion"]), lambda one: CAPS[one["criterion"]])
    _fill(counting, lambda one: (one["person"], one["domain"]), lambda one: DOMAIN_CAPS[one["domain"]])
    _fill([o for o in counting if o["basis"] == "intelligence"], lambda one: one["person"], lambda one: 16)
    scores: dict[str, Fraction] = defaultdict(Fraction)
    for one in counting:
        scores[one["person"]] += one["left"]
    return {person: score for person, score in scores.items() if score}


def _place(one: dict) -> tuple:
    return (ORDER[one["basis"]], -one["points"], one["item"], one["criterion"])


def _highest(items: list[dict], group) -> list[dict]:
    kept: dict = {}
    for one in sorted(items, key=lambda o: (-o["points"], ORDER[o["basis"]], o["item"])):
        kept.setdefault(group(one), one)
    return list(kept.values())


def _fill(items: list[dict], group, cap) -> None:
    used: dict = defaultdict(Fraction)
    for one in sorted(items, key=_place):
        key = group(one)
        one["left"] = min(one["left"], cap(one) - used[key])
        used[key] += one["left"]
