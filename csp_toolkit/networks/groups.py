"""The groups on record against what the ties show: whether their people hang together at all.

A first form: connected components stand in for communities. A group whose people fall into many parts may be wrong
on record, or may be little looked at; the count does not say which.
"""

from datetime import date

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.networks.measures import Measures
from csp_toolkit.networks.ties import Ties
from csp_toolkit.tables.view import View

GROUP_COLUMNS = (
    "group_ref", "group_name", "kind", "n_on_record", "n_in_network", "n_components", "n_in_largest_part",
    "n_ties_within", "n_ties_outside", "stability",
)  # fmt: skip


def compare_groups(view: View, ties: Ties, measures: Measures) -> pd.DataFrame:
    """Compare each group on record with the ties of the people recorded as linked to it.

    Returns
    -------
    One row a group (`GROUP_COLUMNS`), sorted by group_ref. `n_on_record` counts people linked to it at `as_of`;
    `n_in_network` those with at least one tie; `n_components` the separate parts of the whole network they fall into;
    `n_in_largest_part` how many are in the fullest of these. `stability` says "not assessed".
    """
    members = _current(view["group_members"], view.as_of)
    component = measures.table.loc[measures.table["degree"] > 0].set_index("person_id")["component"]
    ends = list(zip(ties.table["person_a"], ties.table["person_b"], strict=True))
    rows = []
    for ref, name, kind in view["groups"][["group_ref", "group_name", "kind"]].itertuples(index=False):
        people = set(members.loc[members["group_ref"] == ref, "person_id"])
        parts = component.reindex(sorted(people)).dropna().value_counts()
        n_ends = [(a in people) + (b in people) for a, b in ends]
        rows.append(
            (ref, name, kind, len(people), int(parts.sum()), len(parts), int(parts.max() if len(parts) else 0),
             n_ends.count(2), n_ends.count(1), NOT_ASSESSED)
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(GROUP_COLUMNS))
    return table.sort_values("group_ref", kind="stable", ignore_index=True)


def _current(members: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Keep links in force at `as_of`; one recorded as FORMER, or as exploited by the group, is not of the group."""
    day = pd.Timestamp(as_of)
    in_force = (members["from_on"].isna() | (members["from_on"] <= day)) & (
        members["to_on"].isna() | (members["to_on"] >= day)
    )
    return members[in_force & ~members["role"].isin(["FORMER", "EXPLOITED"])].dropna(subset=["person_id"])
