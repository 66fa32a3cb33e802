"""Groups that hang together more closely than with the rest, found anew in each draw and for each seed.

One run of such a search says little: another order of people, another seed, or one tie more gives other groups. So it
is run many times, and what counts is how often two people come out together.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.errors import TableError
from csp_toolkit.networks.draws.plausible import Plausible
from csp_toolkit.networks.louvain import find_communities
from csp_toolkit.networks.policy import Doubt

MEMBER_COLUMNS = ("person_id", "found_group", "n_in_group", "p_together", "p_apart")
FOUND_COLUMNS = ("found_group", "n_people", "p_together", "p_with_others")
MOST_PEOPLE = 4_000  # beyond this a table of everybody with everybody does not fit a small machine


@dataclass(frozen=True, eq=False)
class FoundGroups:
    """Groups that come out again and again.

    Attributes
    ----------
    members : one row a person (`MEMBER_COLUMNS`). `found_group` 1 is the largest, 0 means in no group; `p_together` is
        how often they come out with the others of their group, on average, `p_apart` with the group next nearest.
    table : one row a group (`FOUND_COLUMNS`).
    people, together : ids, and for each two how often they came out together.
    n_draws : how many networks and seeds it rests on.
    doubt : the policy by which they were drawn, and by which people belong together.
    """

    members: pd.DataFrame
    table: pd.DataFrame
    people: np.ndarray
    together: np.ndarray
    n_draws: int
    doubt: Doubt

    def __repr__(self) -> str:
        return f"FoundGroups(groups={len(self.table)}, people={len(self.members)}, draws={self.n_draws})"

    def explain(self, person_id: str) -> str:
        """Say in one sentence with whom somebody comes out, and how often."""
        row = self.members[self.members["person_id"] == person_id]
        if row.empty or row.iloc[0]["found_group"] == 0:
            return "They come out with nobody more often than not."
        one = row.iloc[0]
        return (
            f"They come out with the {one['n_in_group'] - 1} others of found group {one['found_group']} in "
            f"{100 * one['p_together']:.0f} of 100 plausible networks. A found group is a pattern in records, no gang."
        )

    def share_together(self, person_ids: "list[str]") -> float:
        """Return how often two of some people come out together, on average; not a number for fewer than two."""
        at = pd.Index(self.people).get_indexer(np.asarray(person_ids, dtype=object))
        at = at[at >= 0]
        if len(at) < 2:
            return float("nan")
        block = self.together[np.ix_(at, at)]
        return float((block.sum() - np.trace(block)) / (len(at) * (len(at) - 1)))

    def _repr_html_(self) -> str:
        headings = (
            Heading("found_group", "Found group", kind="whole", is_row_header=True),
            Heading("n_people", "People", kind="whole"),
            Heading("in_100", "Together", "in 100", kind="whole"),
            Heading("out_100", "With others", "in 100", kind="whole"),
        )  # fmt: skip
        shown = self.table.head(12)
        shown = shown.assign(in_100=_hundredths(shown["p_together"]), out_100=_hundredths(shown["p_with_others"]))
        note = f"{self.n_draws} plausible networks, each with a seed of its own. A pattern in records, and no gang."
        return str(format_table(
            shown, headings, table_id="found-groups", caption="Groups that come out again.", caption_note=note
        ))  # fmt: skip


def find_groups(plausible: Plausible) -> FoundGroups:
    """Find the groups that hold over plausible networks and seeds: two people belong together if they usually do.

    People are joined by how often they come out together, on average between groups (Fred and Jain 2005), until no two
    groups come out together in the policy's share of the networks (`together_from`).

    Raises
    ------
    TableError : there are more people than a table of everybody with everybody can hold.
    """
    pairs = plausible.pairs
    if pairs.n > MOST_PEOPLE:
        raise TableError(
            f"{pairs.n:,} people are too many to group at once; {MOST_PEOPLE:,} are not. Take a part of the network."
        )
    together = np.zeros((pairs.n, pairs.n), dtype="float32")
    for k in range(plausible.n_draws):
        drawn = plausible.draw(k)
        labels = find_communities(drawn, seed=plausible.seed + k)[: pairs.n]
        order = np.argsort(labels, kind="stable")
        for own in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
            if len(own) > 1:
                together[np.ix_(own, own)] += 1
    together /= max(plausible.n_draws, 1)
    np.fill_diagonal(together, 1.0)
    labels = _join(together, plausible.doubt.together_from)
    return _describe(plausible, together, labels)


def _join(together: np.ndarray, share: float) -> np.ndarray:
    """Join people on average linkage until no two groups come out together in that share of the draws."""
    from scipy.cluster.hierarchy import average, fcluster
    from scipy.spatial.distance import squareform

    if len(together) < 2:
        return np.zeros(len(together), dtype="int64")
    apart = np.round(1.0 - together.astype("float64"), 9)
    np.fill_diagonal(apart, 0.0)
    return np.asarray(fcluster(average(squareform(apart, checks=False)), 1 - share, criterion="distance"))


def _describe(plausible: Plausible, together: np.ndarray, labels: np.ndarray) -> FoundGroups:
    """Number the groups from the largest, those of one person 0, and say how firmly each holds."""
    people = plausible.pairs.people
    kinds, first, at, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    number = np.empty(len(kinds), dtype="int64")
    number[order] = np.arange(1, len(kinds) + 1)
    number[sizes < 2] = 0
    is_in = np.zeros((len(people), len(kinds)))
    is_in[np.arange(len(people)), at] = 1.0
    own_sum = together @ is_in
    others = np.maximum(sizes[at] - 1, 1)
    mean = (own_sum[np.arange(len(people)), at] - 1) / others
    to_others = own_sum / sizes
    to_others[np.arange(len(people)), at] = -1.0
    nearest = to_others.max(axis=1, initial=0.0)
    found, size = number[at], np.where(number[at] > 0, sizes[at], 1)
    members = pd.DataFrame({
        "person_id": people.astype("str"), "found_group": found, "n_in_group": size,
        "p_together": np.where(found > 0, mean, np.nan), "p_apart": nearest,
    })  # fmt: skip
    grouped = members[members["found_group"] > 0].groupby("found_group", as_index=False)
    table = grouped.agg(
        n_people=("person_id", "size"), p_together=("p_together", "mean"), p_with_others=("p_apart", "mean")
    )
    decimals = {"p_together": 6, "p_apart": 6, "p_with_others": 6}
    return FoundGroups(
        members.round(decimals)[list(MEMBER_COLUMNS)], table.round(decimals)[list(FOUND_COLUMNS)], people, together,
        plausible.n_draws, plausible.doubt,
    )  # fmt: skip


def _hundredths(share: pd.Series) -> pd.Series:
    return (100 * share).round().astype("Int64")
