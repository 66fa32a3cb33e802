"""Made-up items in any number, seeded: the shape of a large register, no person's record."""

from datetime import date

import numpy as np
import pandas as pd

from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths

AS_OF = date(2026, 11, 26)
# How common each criterion is among a busy register's items, roughly as in two months of extracts.
_COMMON = {"V1": 1, "V2": 6, "V3": 9, "V4": 2, "V5": 7, "V6": 12, "V7": 12, "D1": 9, "D2": 4, "D3": 1, "D5": 20,
           "G1": 1, "G2": 6, "G4": 10}  # fmt: skip
_REPORTED = ("V7", "D5", "G4")


def make_items(n: int, matrix: Matrix, *, seed: int = 1, n_people: int | None = None, share_event: float = 0.12,
               share_origin: float = 0.3, days: int = 900) -> pd.DataFrame:  # fmt: skip
    """Make `n` items of about twenty a person; some share an event with another of the person, some an origin."""
    rng = np.random.default_rng(seed)
    n_people = n_people or max(n // 20, 1)
    names = np.array(list(_COMMON), dtype=object)
    weights = np.array(list(_COMMON.values()), dtype=float)
    person = np.sort(rng.integers(0, n_people, n))
    criterion = names[rng.choice(len(names), n, p=weights / weights.sum())]
    is_report, is_order = np.isin(criterion, _REPORTED), criterion == "G1"

    event = np.arange(n)
    shared = (rng.random(n) < share_event) & (np.r_[-1, person[:-1]] == person)
    for _ in range(3):
        event = np.where(shared, np.r_[0, event[:-1]], event)
    origin = np.where(is_report & (rng.random(n) < share_origin), n + person * 3 + rng.integers(0, 3, n), event)

    outcomes = np.array([k for k, o in matrix.outcomes.items() if k not in ("order", "cleared")], dtype=object)
    grades = np.array(list(matrix.grades), dtype=object)
    evidence = np.where(is_report, grades[rng.integers(0, len(grades), n)], outcomes[rng.integers(0, len(outcomes), n)])
    evidence = np.where(is_order, "order", evidence)
    basis_of = {k: o.basis for k, o in matrix.outcomes.items()} | dict.fromkeys(matrix.grades, "intelligence")
    base_of = {c.id: ten_thousandths(c.base) for c in matrix.criteria}
    roles = np.array(list(matrix.roles), dtype=object)
    days_ago = rng.integers(0, days, n)
    items = pd.DataFrame(
        {
            "person_id": _name("PER-", person, 12), "criterion": criterion, "item_id": _name("42SYN/", np.arange(n), 8),
            "event_id": _name("42SYN/", event, 8), "origin_id": _name("SYN-OR-", origin, 8),
            "event_on": (np.datetime64(AS_OF) - days_ago.astype("timedelta64[D]")).astype("datetime64[us]"),
            "basis": pd.Series(evidence).map(basis_of), "evidence": evidence,
            "role": roles[rng.integers(0, len(roles), n)], "base": pd.Series(criterion).map(base_of).astype("int64"),
        }
    )  # fmt: skip
    text = [name for name in items.columns if name not in ("event_on", "base")]
    return items.astype(dict.fromkeys(text, "str")).sample(frac=1, random_state=seed).reset_index(drop=True)


def _name(prefix: str, numbers: np.ndarray, width: int) -> list[str]:
    return [f"{prefix}{number:0{width}d}" for number in numbers.tolist()]
