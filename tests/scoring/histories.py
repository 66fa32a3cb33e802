"""Random histories of people between two meetings, each change noted as it is made, and the split worked out by hand.

The figures come from `by_hand`, which shares no code with the package; the split from applying the noted changes one
kind after the other to plain dictionaries.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd

from csp_toolkit.scoring.moves.items import KNOWN_COLUMNS
from csp_toolkit.scoring.moves.replay import Between, Standing
from csp_toolkit.scoring.points import ITEM_COLUMNS
from tests.scoring.by_hand import work_out
from tests.scoring.small_views import AS_OF, MATRIX

THEN = AS_OF - timedelta(days=28)
REPORTED = ("V7", "D5", "G4")
FACTS = tuple(c.id for c in MATRIX.criteria if c.id not in (*REPORTED, "G2"))
OUTCOMES = tuple(key for key, outcome in MATRIX.outcomes.items() if not outcome.is_removed)
GRADES = tuple(MATRIX.grades)
ROLES = tuple(MATRIX.roles)
BASES = (30_000, 50_000, 80_000, 140_000, 200_000)
KINDS = ("identity", "withdrawn", "outcome", "regrade", "role", "decay", "new items")

Key = tuple[str, str, str]  # person, criterion, item


@dataclass
class History:
    """Two months of somebody's items, and the changes that lead from one to the other, by kind."""

    then: dict[Key, dict]
    changes: dict[str, list] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)
    was_scored: bool = True
    is_scored: bool = True

    def apply(self, kinds: tuple[str, ...]) -> dict[Key, dict]:
        """Return the items once the changes of these kinds are made."""
        items = {key: dict(one) for key, one in self.then.items()}
        if "identity" in kinds:
            items = {(self.joined.get(p, p), c, i): one for (p, c, i), one in items.items()}
        for kind in kinds:
            for key, change in self.changes.get(kind, ()):
                if change is None:
                    del items[key]
                else:
                    items[key] = {**items.get(key, {}), **change}
        return items


def make_history(rng: random.Random, person: str, kinds: tuple[str, ...]) -> History:
    """Make one person's history, with some changes of each of these kinds."""
    history = History({_key(rng, person, n): None for n in range(rng.randint(1, 18))})  # type: ignore[dict-item]
    history.then = {key: _item(rng, key, THEN) for key in history.then}
    if "identity" in kinds and rng.random() < 0.5:
        for n in range(rng.randint(1, 4)):
            key = _key(rng, f"{person}-other", 50 + n)
            history.then[key] = _item(rng, key, THEN)
        history.joined = {f"{person}-other": person}
    keys = [(history.joined.get(p, p), c, i) for p, c, i in history.then]
    facts = [key for key in keys if key[1] not in REPORTED]
    reports = [key for key in keys if key[1] in REPORTED]
    gone = rng.sample(keys, min(len(keys), rng.randint(0, 3))) if "withdrawn" in kinds else []
    left = [key for key in keys if key not in gone]
    noted = {
        "withdrawn": [(key, None) for key in gone],
        "outcome": [(k, _outcome(rng.choice(OUTCOMES))) for k in facts if k in left and rng.random() < 0.3],
        "regrade": [(k, _regrade(rng, k)) for k in reports if k in left and rng.random() < 0.3],
        "role": [(k, {"role": rng.choice(ROLES)}) for k in left if rng.random() < 0.2],
        "decay": [(k, {"on": THEN - timedelta(days=rng.randint(0, 700))}) for k in left if rng.random() < 0.1],
        "new items": [
            (key, _item(rng, key, AS_OF)) for key in (_key(rng, person, 80 + n) for n in range(rng.randint(0, 4)))
        ],
    }  # fmt: skip
    history.changes = {kind: noted[kind] for kind in kinds if kind in noted}
    return history


def _key(rng: random.Random, person: str, n: int) -> Key:
    return person, rng.choice(FACTS + REPORTED * 3), f"I{n:02d}"


def _outcome(evidence: str) -> dict:
    return {"evidence": evidence, "basis": MATRIX.outcomes[evidence].basis}


def _regrade(rng: random.Random, key: Key) -> dict:
    change = {"grade": {"evidence": rng.choice(GRADES)}, "origin": {"origin": rng.choice(("O1", "O2"))}}
    return change[rng.choice(("grade", "grade", "origin"))] | ({} if key[1] == "G4" else {"base": rng.choice(BASES)})


def _item(rng: random.Random, key: Key, until: date) -> dict:
    _, criterion, item = key
    is_report = criterion in REPORTED
    what = {"evidence": rng.choice(GRADES), "basis": "intelligence"} if is_report else _outcome(rng.choice(OUTCOMES))
    near = rng.choice((0, 60, 64, 91, 92, 155, 156, 183, 337, 338, 365, 702, 703, 730, 1067, 1068, 1095))
    days = rng.choice((rng.randint(0, 120), near))
    return what | {
        "event": rng.choice(("E1", f"E-{item}", f"E-{item}")), "origin": rng.choice(("O1", "O2", f"O-{item}")),
        "on": until - timedelta(days=days), "role": rng.choice(ROLES), "base": rng.choice(BASES),
    }  # fmt: skip


def score_by_hand(items: dict[Key, dict], as_of: date) -> dict[str, Fraction]:
    """Score items in points, sharing no code with the scorer."""
    rows = [
        {
            "person": p, "criterion": c, "item": i, "event": one["event"], "origin": one["origin"], "on": one["on"],
            "basis": one["basis"], "base": Fraction(one["base"], 10_000),
            "weight": Fraction(MATRIX.evidence_factors[one["evidence"]], 10_000),
            "role": Fraction(round(MATRIX.roles[one["role"]] * 1000), 1000),
        }
        for (p, c, i), one in items.items()
    ]  # fmt: skip
    return work_out(rows, as_of)


def split_by_hand(history: History, person: str) -> dict[str, int]:
    """Work out each cause's points of one person in ten-thousandths, by making one kind of change after the other."""
    before = _units(score_by_hand(history.then, THEN), person) if history.was_scored else 0
    last = _units(score_by_hand(history.apply(KINDS), AS_OF), person) if history.is_scored else 0
    if not before or not last:  # no points is no score
        return {"gate": last - before} if last != before else {}
    points = {}
    for n, kind in enumerate(KINDS):
        after = _units(
            score_by_hand(history.apply(KINDS[: n + 1]), AS_OF if n >= KINDS.index("decay") else THEN), person
        )
        points[kind] = after - before
        before = after
    return {kind: change for kind, change in points.items() if change}


def _units(scores: dict[str, Fraction], person: str) -> int:
    return int(scores.get(person, Fraction(0)) * 10_000)


def as_frame(items: dict[Key, dict]) -> pd.DataFrame:
    """Return items as the scorer takes them."""
    rows = [
        (p, c, i, one["event"], one["origin"], pd.Timestamp(one["on"]), one["basis"], one["evidence"], one["role"],
         one["base"])
        for (p, c, i), one in items.items()
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(ITEM_COLUMNS))
    return frame.astype({name: "str" for name in ITEM_COLUMNS if name not in ("event_on", "base")}
                        | {"event_on": "datetime64[us]", "base": "Int64"})  # fmt: skip


def lie_between(histories: dict[str, History]) -> Between:
    """Put many people's histories together as what lies between two meetings."""
    then, now, renamed, relations = {}, {}, {}, []
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for person, history in histories.items():
        then |= history.then
        renamed |= history.apply(("identity",))
        last = history.apply(KINDS)
        now |= last
        if history.was_scored:
            before[person] = _units(score_by_hand(history.then, THEN), person)
        if history.is_scored:
            after[person] = _units(score_by_hand(last, AS_OF), person)
        if history.was_scored or history.is_scored:
            relations += [(old, new) for old, new in history.joined.items()]
    scores = [pd.Series(found, dtype="Int64") for found in (_scored(before), _scored(after))]
    return Between(
        then=Standing(scores[0], as_frame(then), MATRIX, THEN), now=Standing(scores[1], as_frame(now), MATRIX, AS_OF),
        recast=scores[0], renamed=as_frame(renamed), same_day=as_frame(now), relations=frozenset(relations),
        known_then=_know(renamed), known_now=_know(now),
    )  # fmt: skip


def _scored(scores: dict[str, int]) -> dict[str, int]:
    return {person: points for person, points in scores.items() if points > 0}


def _know(items: dict[Key, dict]) -> pd.DataFrame:
    rows = [(p, i, one["evidence"], one["role"]) for (p, _, i), one in items.items()]
    return pd.DataFrame(rows, columns=list(KNOWN_COLUMNS), dtype="str")
