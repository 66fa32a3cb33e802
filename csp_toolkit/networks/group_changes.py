"""Found groups of two months side by side: which stayed, merged or split, and who changed group, with cause.

Groups are found anew each month, so their numbers mean nothing from one to the next. They are matched by the people in
both; somebody changed group only if they came out with the one before, and come out with the other now, as often as the
policy asks (`together_from`).
"""

from dataclasses import dataclass

import pandas as pd

from csp_toolkit.display.wording import check_sentence, count_in_words
from csp_toolkit.networks.changes import NEW, NetworkChange
from csp_toolkit.networks.communities import FoundGroups
from csp_toolkit.networks.policy import Doubt

FLOW_COLUMNS = ("group_before", "group_now", "n_people", "share_of_before", "share_of_now")
FATE_COLUMNS = ("what", "groups_before", "groups_now", "n_people")
MOVER_COLUMNS = ("person_id", "group_before", "group_now", "p_together_before", "p_together_now", "cause")


@dataclass(frozen=True, eq=False)
class GroupChange:
    """How found groups changed.

    Attributes
    ----------
    flows : people by group before and now (`FLOW_COLUMNS`), those in both networks.
    fates : one row a change (`FATE_COLUMNS`): merged, split, new, gone.
    movers : one row a person who changed group (`MOVER_COLUMNS`), with cause.
    """

    flows: pd.DataFrame
    fates: pd.DataFrame
    movers: pd.DataFrame

    def __repr__(self) -> str:
        return f"GroupChange(fates={len(self.fates)}, movers={len(self.movers)})"

    def say(self) -> str:
        """Say in one sentence what became of the groups."""
        counts = self.fates["what"].value_counts()
        said = [
            f"{count_in_words(int(counts[w]), 'group')} {w}" for w in ("merged", "split", "new", "gone") if w in counts
        ]
        moved = count_in_words(len(self.movers), "person", "people")
        what = ", ".join(said) if said else "no group merged or split"
        return check_sentence(f"Of the groups the ties show, {what}; {moved} came out with another group than before.")

    def explain(self, person_id: str) -> str:
        """Say in one sentence whether somebody changed group, and why."""
        row = self.movers[self.movers["person_id"] == person_id]
        if row.empty:
            return "They come out with the same people as before, or with nobody in particular."
        one = row.iloc[0]
        return f"From found group {one['group_before']} before to {one['group_now']} now: {one['cause']}."


def compare_found(now: FoundGroups, before: FoundGroups, change: NetworkChange) -> GroupChange:
    """Compare the groups found in two months.

    Parameters
    ----------
    change : what `compare_networks` returned for the same months: whoever changed group did because of these ties.
    """
    columns = ["person_id", "found_group", "p_together"]
    both = now.members[columns].merge(before.members[columns], on="person_id", suffixes=("_now", "_before"))
    grouped = both[(both["found_group_now"] > 0) & (both["found_group_before"] > 0)]
    flows = grouped.groupby(["found_group_before", "found_group_now"], as_index=False).agg(
        n_people=("person_id", "size")
    )
    flows = flows.assign(
        share_of_before=flows["n_people"] / flows.groupby("found_group_before")["n_people"].transform("sum"),
        share_of_now=flows["n_people"] / flows.groupby("found_group_now")["n_people"].transform("sum"),
    ).rename(columns={"found_group_before": "group_before", "found_group_now": "group_now"})
    fates = _list_fates(flows, now.table, before.table, now.doubt)
    return GroupChange(flows[list(FLOW_COLUMNS)].round(6), fates, _list_movers(grouped, flows, change))


def _list_fates(flows: pd.DataFrame, now: pd.DataFrame, before: pd.DataFrame, doubt: Doubt) -> pd.DataFrame:
    rows: list[tuple[str, str, str, int]] = []
    part, least = doubt.group_part, doubt.group_people
    firm = flows[flows["n_people"] >= least]
    for group, parts in firm[firm["share_of_now"] >= part].groupby("group_now"):
        if len(parts) > 1:
            rows.append(("merged", _list(parts["group_before"]), str(group), int(parts["n_people"].sum())))
    for group, parts in firm[firm["share_of_before"] >= part].groupby("group_before"):
        if len(parts) > 1:
            rows.append(("split", str(group), _list(parts["group_now"]), int(parts["n_people"].sum())))
    for what, table, column in (("new", now, "group_now"), ("gone", before, "group_before")):
        for group, n in table.loc[table["n_people"] >= least, ["found_group", "n_people"]].itertuples(index=False):
            if group not in set(flows[column]):
                rows.append((what, "" if what == "new" else str(group), str(group) if what == "new" else "", int(n)))
    return pd.DataFrame(rows, columns=list(FATE_COLUMNS))


def _list_movers(grouped: pd.DataFrame, flows: pd.DataFrame, change: NetworkChange) -> pd.DataFrame:
    heir = flows.sort_values(["n_people", "group_now"], ascending=[False, True], kind="stable")
    heir_of = heir.drop_duplicates("group_before").set_index("group_before")["group_now"]
    main = heir.drop_duplicates("group_now").set_index("group_now")["group_before"]
    moved = grouped[
        (grouped["found_group_before"].map(heir_of) != grouped["found_group_now"])
        & (grouped["found_group_now"].map(main) != grouped["found_group_before"])
    ]
    rows = [
        (r["person_id"], r["found_group_before"], r["found_group_now"], r["p_together_before"], r["p_together_now"],
         _cause(str(r["person_id"]), change))
        for r in moved.sort_values("person_id").to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(MOVER_COLUMNS))


def _cause(person: str, change: NetworkChange) -> str:
    own = change.ties[(change.ties["person_a"] == person) | (change.ties["person_b"] == person)]
    if own.empty:
        return "no tie of their own changed: others moved round them"
    n_new = int((own["change"] == NEW).sum())
    causes = sorted(set(own["cause"]))
    return f"{count_in_words(len(own), 'tie')} of theirs changed, {n_new} of them new ({'; '.join(causes)})"


def _list(groups: pd.Series) -> str:
    return "; ".join(str(g) for g in sorted(groups))
