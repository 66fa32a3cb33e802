"""The police list against the matrix's first ten: who stands on both, who on one, and one plain reason for each.

The police's list comes first and is not marked by the matrix. Where the two differ, either the police know something
the matrix does not see, or a place needs a reason; which of the two it is, the meeting says.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from csp_toolkit.scoring.blocks import CUSTODY, RANKED, RETURNING, UNDER_18
from csp_toolkit.scoring.lenses import Lenses
from csp_toolkit.scoring.matrix_parts import BASES
from csp_toolkit.scoring.ranking import Scores, print_points

OVERLAP_COLUMNS = ("person_id", "police_place", "rank", "stands_on", "reason")
BOTH, POLICE_ONLY, MATRIX_ONLY = ("both", "police list only", "matrix only")
_BLOCK_WORDS = {
    CUSTODY: "in custody, so not ranked with the others",
    RETURNING: "returning from custody, so not ranked with the others",
    UNDER_18: "under 18, so ranked apart; safeguarding leads",
}


def compare_lists(scores: Scores, listed: Sequence[str], seen: Lenses) -> pd.DataFrame:
    """Compare the police list with the first places of the matrix.

    Parameters
    ----------
    listed : the person_id of everyone on the police list, in the police's order.
    seen : the ranked under every lens.

    Returns
    -------
    One row a person of either (`OVERLAP_COLUMNS`), the police list first and in its order. `rank` is missing where
    the person is not ranked; `reason` is missing where both have them.
    """
    table = scores.table.set_index("person_id").to_dict("index")
    out = dict(zip(scores.left_out["person_id"], scores.left_out["reason"], strict=True))
    counts = dict(zip(seen.table["person_id"], seen.table["lens_count"], strict=True))
    ranked = scores.table[scores.table["block"].eq(RANKED)]
    first = ranked[ranked["rank"].le(seen.places)]
    last_points = int(first["score"].min()) if len(first) else 0
    rows: list[tuple[object, ...]] = []
    for place, person in enumerate(listed, start=1):
        row = table.get(person)
        is_in = person in set(first["person_id"])
        reason = None if is_in else _say_not_in_matrix(row, out.get(person), counts.get(person), last_points, seen)
        rank = row["rank"] if row and row["block"] == RANKED else None
        rows.append((person, place, rank, BOTH if is_in else POLICE_ONLY, reason))
    for person in first["person_id"]:
        if person not in set(listed):
            row = table[person]
            rows.append((person, None, row["rank"], MATRIX_ONLY, _say_not_listed(row, counts[person], scores, seen)))
    frame = pd.DataFrame(rows, columns=list(OVERLAP_COLUMNS))
    whole = ("police_place", "rank")
    return frame.astype({name: "Int64" if name in whole else "str" for name in OVERLAP_COLUMNS})


def _say_not_in_matrix(row: Mapping[str, Any] | None, left_out: str | None, n_lenses: int | None, last: int,
                       seen: Lenses) -> str:  # fmt: skip
    if row is None:
        return f"left out by rule: {left_out}" if left_out else "not on the review register, so not scored"
    if row["block"] != RANKED:
        return _BLOCK_WORDS[row["block"]]
    short = f"{print_points(last - row['score'])} points short of the last place"
    return f"{short}; within the first {seen.places} under {n_lenses} of {len(seen.lenses)} weight sets"


def _say_not_listed(row: Mapping[str, Any], n_lenses: int, scores: Scores, seen: Lenses) -> str:
    basis = max(BASES, key=lambda name: row[name])
    domain = max(scores.matrix.domains, key=lambda one: row[one.id])
    most = f"most of its points are {basis}, and most are of {domain.title.lower()}"
    return f"{most}; within the first {seen.places} under {n_lenses} of {len(seen.lenses)} weight sets"
