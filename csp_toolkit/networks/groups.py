"""The groups on record against those the ties show: whether their people come out together, and with whom.

A group whose people fall into many parts may be wrong on record, or may be little looked at; the table does not say
which. Membership on record never makes a tie that is counted here: that would find what was put in.
"""

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.networks.communities import FoundGroups
from csp_toolkit.networks.measures import Measures
from csp_toolkit.networks.ties import Ties
from csp_toolkit.tables.view import View

GROUP_COLUMNS = (
    "group_ref", "group_name", "kind", "n_on_record", "n_in_network", "n_components", "n_in_largest_part",
    "n_ties_within", "n_ties_outside", "stability", "found_group", "n_in_found_group", "n_others_in_found_group",
)  # fmt: skip


def compare_groups(view: View, ties: Ties, measures: Measures, found: FoundGroups | None = None) -> pd.DataFrame:
    """Compare each group on record with the ties of the people recorded as linked to it.

    Parameters
    ----------
    found : what `find_groups` returned; without it the last four columns say "not assessed".

    Returns
    -------
    One row a group (`GROUP_COLUMNS`), sorted by group_ref. `n_on_record` counts people linked to it at `as_of`;
    `n_in_network` those with at least one tie; `n_components` the separate parts of the whole network they fall into;
    `n_in_largest_part` how many are in the fullest of these. `stability` is how often two of its people come out
    together; `found_group` the found group that most of them are in (0: none), `n_in_found_group` how many, and
    `n_others_in_found_group` how many more people that group has.
    """
    members = list_current_members(view)
    component = measures.table.loc[measures.table["degree"] > 0].set_index("person_id")["component"]
    ends = list(zip(ties.table["person_a"], ties.table["person_b"], strict=True))
    rows = []
    for ref, name, kind in view["groups"][["group_ref", "group_name", "kind"]].itertuples(index=False):
        people = set(members.loc[members["group_ref"] == ref, "person_id"])
        parts = component.reindex(sorted(people)).dropna().value_counts()
        n_ends = [(a in people) + (b in people) for a, b in ends]
        rows.append(
            (ref, name, kind, len(people), int(parts.sum()), len(parts), int(parts.max() if len(parts) else 0),
             n_ends.count(2), n_ends.count(1), *_match(sorted(people), found))
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(GROUP_COLUMNS))
    return table.sort_values("group_ref", kind="stable", ignore_index=True)


def list_current_members(view: View) -> pd.DataFrame:
    """List links to groups in force at `as_of`; one recorded as FORMER, or as exploited by it, is not of the group."""
    members, day = view["group_members"], pd.Timestamp(view.as_of)
    in_force = (members["from_on"].isna() | (members["from_on"] <= day)) & (
        members["to_on"].isna() | (members["to_on"] >= day)
    )
    return members[in_force & ~members["role"].isin(["FORMER", "EXPLOITED"])].dropna(subset=["person_id"])


def name_groups(view: View) -> dict[str, str]:
    """Name for each person the group on record they are linked to; of several, the first by reference."""
    members = list_current_members(view).merge(view["groups"][["group_ref", "group_name"]], on="group_ref")
    members = members.sort_values(["person_id", "group_ref"], kind="stable").drop_duplicates("person_id")
    named = members["group_name"].fillna(members["group_ref"])
    return dict(zip(members["person_id"], named, strict=True))


def _match(people: list[str], found: FoundGroups | None) -> tuple[object, object, object, object]:
    if found is None:
        return (NOT_ASSESSED,) * 4
    own = found.members[found.members["person_id"].isin(people)]
    stability = found.share_together(people)
    counts = own.loc[own["found_group"] > 0, "found_group"].value_counts()
    if counts.empty:
        return (NOT_ASSESSED if stability != stability else round(stability, 4)), 0, 0, 0
    best = int(counts[counts == counts.max()].index.min())
    size = int((found.members["found_group"] == best).sum())
    return round(stability, 4), best, int(counts[best]), size - int(counts[best])
