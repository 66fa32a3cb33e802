"""Who was left out by which rule, in words for the meeting, and a sum that must come out.

Everyone on the register is in exactly one place: ranked, in custody, returning, under 18, or left out by a rule.
"""

from collections.abc import Mapping

import pandas as pd

from csp_toolkit.errors import CheckFailed

RULES: dict[str, tuple[str, str, str]] = {
    "g1": ("Identity not settled", "No unique reference, or no date of birth on record", "Owner settles who this is"),
    "g2": ("Victim or witness only", "Never scored as a suspect", "Case management meeting, if they agree"),
    "g3": ("Link not shown", "Fewer than two items of two independent origins, or none of them strong",
           "Intelligence development"),
    "g4": ("Review overdue, or no owner", "No owner, or the review is past its date", "Reviewed, then back next month"),
    "g4_removed": ("Removed on review", "Taken off the register", "Back only with a written reason and a new item"),
    "g5": ("Under 18 without a safeguard", "Aged 10 to 13, or 14 to 17 without authoriser and safeguarding reference",
           "Safeguarding lead"),
    "g6": ("Nothing in 24 months", "No scoring item inside the last 24 months", "Considered for removal"),
    "g7": ("Exploitation decision awaited", "An open or positive referral; score hidden until the chair decides",
           "Chair decides, and gives a reason"),
    "g10": ("Deceased or merged", "The police record says so", "None"),
}  # fmt: skip
BLOCKS: tuple[tuple[str, str], ...] = (
    ("ranked", "ranked"), ("custody", "in custody"), ("returning", "returning"), ("under_18", "under 18 (own sheet)"),
)  # fmt: skip


REMOVED = "g4_removed"


def part_removed(left_out: pd.DataFrame) -> pd.DataFrame:
    """Tell those removed on review, which the review gate also reports, from those whose review is overdue."""
    removed = (left_out["gate"] == "g4") & left_out["reason"].str.startswith("removed")
    return left_out.assign(gate=left_out["gate"].mask(removed, REMOVED))


def count_left_out(left_out: pd.DataFrame) -> pd.DataFrame:
    """Count the people left out by each rule, with what it means and what happens next."""
    counts = left_out.drop_duplicates("person_id")["gate"].value_counts()
    rows = [(gate, *RULES[gate][:2], int(counts[gate]), RULES[gate][2]) for gate in RULES if gate in counts]
    table = pd.DataFrame(rows, columns=["gate", "title", "rule", "n_people", "next_step"])
    return table.sort_values(["n_people", "gate"], ascending=[False, True]).reset_index(drop=True)


def reconcile_register(n_register: int, blocks: pd.Series, n_left_out: int) -> tuple[str, Mapping[str, int]]:
    """Write where everyone on the register is, in one sum; refuse a sum that does not come out.

    Examples
    --------
    >>> reconcile_register(3, pd.Series(["ranked", "custody"]), 1)[0]
    '3 on the register = 1 ranked + 1 in custody + 0 returning + 0 under 18 (own sheet) + 1 left out'
    """
    counts = {block: int((blocks == block).sum()) for block, _ in BLOCKS}
    if n_register != sum(counts.values()) + n_left_out or len(blocks) != sum(counts.values()):
        raise CheckFailed(
            f"The register holds {n_register} people, but {sum(counts.values())} are in a block and {n_left_out} "
            "left out. Nothing was written; someone was lost or counted twice."
        )
    parts = " + ".join(f"{counts[block]} {words}" for block, words in BLOCKS)
    return f"{n_register} on the register = {parts} + {n_left_out} left out", counts
