"""The review register as it stands: one row a person, with what has been decided since.

Everybody on the register is in the pool, and nobody else is. A recorded review renews the dates; a recorded removal
takes a person off at once, whatever the next register says, until they are included anew.
"""

import pandas as pd

from csp_toolkit.tables.ages import age_years, youngest_birth
from csp_toolkit.tables.view import View

ACTIVE, REMOVED = "ACTIVE", "REMOVED"


def read_register(view: View) -> pd.DataFrame:
    """Read the register with reviews and removals as decided.

    Returns
    -------
    One row per person_id, sorted: the canonical columns of `reviews`, `person_refs` (every reference the register
    has for them), `was_removed_on` (the last removal, even where they were included again), `born_on` (the latest
    day they can have been born), `dob_precision` and `age_years`.
    """
    records = view["person_records"]
    merged = set(records.loc[records["merged_into"].notna(), "source_ref"])
    rows = view["reviews"].assign(is_merged=view["reviews"]["person_ref"].isin(merged))
    rows = rows.sort_values(["person_id", "is_merged", "person_ref"], kind="stable")
    refs = rows.groupby("person_id")["person_ref"].agg("; ".join)
    register = rows.drop_duplicates("person_id").reset_index(drop=True)
    register["person_refs"] = register["person_id"].map(refs)
    register = _renew(_remove(register, view.decisions), view.decisions)

    people = view.people.drop_duplicates("person_id").set_index("person_id")[["dob", "dob_precision"]]
    people = people.reindex(register["person_id"])
    register["born_on"] = youngest_birth(people).to_numpy()
    register["dob_precision"] = people["dob_precision"].to_numpy()
    register["age_years"] = age_years(register["born_on"], view.as_of)
    return register


def active_people(register: pd.DataFrame) -> frozenset[str]:
    """Return who is active on the register, whatever the gates say of them."""
    return frozenset(register.loc[register["status"].eq(ACTIVE), "person_id"])


def _remove(register: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    made = _last(register, decisions, "removal", "REMOVE")
    by_decision = made["decided_on"].notna() & ~(register["included_on"] > made["decided_on"])
    is_removed = register["status"].eq(REMOVED) | by_decision
    return register.assign(
        status=register["status"].mask(is_removed, REMOVED),
        removed_on=register["removed_on"].mask(by_decision, made["decided_on"]),
        was_removed_on=made["decided_on"].fillna(register["removed_on"]),
        removal_reason=register["removal_reason"].mask(by_decision, made["reason"]),
    )


def _renew(register: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    made = _last(register, decisions, "review", "KEEP")
    is_newer = made["decided_on"].notna() & ~(register["last_review_on"] > made["decided_on"])
    return register.assign(
        last_review_on=register["last_review_on"].mask(is_newer, made["decided_on"]),
        next_review_on=register["next_review_on"].mask(is_newer & made["valid_until"].notna(), made["valid_until"]),
    )


def _last(register: pd.DataFrame, decisions: pd.DataFrame, kind: str, outcome: str) -> pd.DataFrame:
    """Return each person's last decision of a kind, in the order of the register."""
    made = decisions[decisions["kind"].eq(kind) & decisions["outcome"].eq(outcome)].dropna(subset=["person_id"])
    made = made.sort_values(["decided_on", "decision_id"], kind="stable").drop_duplicates("person_id", keep="last")
    wanted = made.set_index("person_id")[["decided_on", "valid_until", "reason"]]
    return wanted.reindex(register["person_id"]).reset_index(drop=True)
