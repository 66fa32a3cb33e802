"""People from different home areas recorded in the same crime or arrested for it: a list for the panel (XB11).

It lists who was in one event and where each lived on the day. It says nothing of who brought whom.
"""

from itertools import combinations

import pandas as pd

from csp_toolkit.networks.borders.activity import Activity
from csp_toolkit.networks.borders.areas import SPECIAL

CO_ARREST_COLUMNS = (
    "person_a",
    "person_b",
    "home_a",
    "home_b",
    "n_events",
    "kinds",
    "first_on",
    "last_on",
    "shared_refs",
)


def list_co_arrests(
    activity: Activity, kept_out: frozenset[str] = frozenset(), *, largest: int = 30
) -> tuple[pd.DataFrame, int]:
    """List pairs from different known home areas in one event, the most often together first.

    Parameters
    ----------
    kept_out : people who may stand in no list of suspects.
    largest : an event with more people than this says nothing of any pair in it.

    Returns
    -------
    `CO_ARREST_COLUMNS`, person_a before person_b; a pair with other homes on another day is another row. And how many
    pairs of an event were left out because a home was not known or nowhere.
    """
    events = activity.table.dropna(subset=["shared_ref"])
    events = events[~events["person_id"].isin(kept_out)]
    rows, n_not_placed = [], 0
    for ref, group in events.groupby("shared_ref", sort=True):
        people = group.sort_values(["person_id", "on"], kind="stable").drop_duplicates("person_id")
        if not 2 <= len(people) <= largest:
            continue
        kinds = "; ".join(sorted(set(group["kind"])))
        seen = zip(people["person_id"], people["home"], people["on"], strict=True)
        for (a, home_a, on_a), (b, home_b, on_b) in combinations(seen, 2):
            if home_a in SPECIAL or home_b in SPECIAL:
                n_not_placed += 1
            elif home_a != home_b:
                rows.append((a, b, home_a, home_b, kinds, max(on_a, on_b), ref))
    pairs = pd.DataFrame(rows, columns=["person_a", "person_b", "home_a", "home_b", "kinds", "on", "ref"])
    keys = ["person_a", "person_b", "home_a", "home_b"]
    table = pairs.groupby(keys, sort=True).agg(
        n_events=("ref", "nunique"), kinds=("kinds", _join),
        first_on=("on", "min"), last_on=("on", "max"), shared_refs=("ref", _join),
    ).reset_index()  # fmt: skip
    table = table.sort_values(["n_events", "last_on", *keys], ascending=[False, False, *[True] * 4], kind="stable")
    return table.reindex(columns=list(CO_ARREST_COLUMNS)).reset_index(drop=True), n_not_placed


def _join(texts: pd.Series) -> str:
    return "; ".join(sorted({part for text in texts for part in text.split("; ")}))
