"""Groups, drug lines and the addresses they use, in counts and references, for the page that looks beyond people."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import count_in_words, join_in_words
from csp_toolkit.tables.view import View

KINDS = {"LOCAL_GROUP": "local group", "LINE_NETWORK": "line network"}
RELATIONS = {"CONFLICT": "in conflict with", "ALLY": "allied with", "SUPPLY": "supplies or is supplied by"}
LIVE_STATES = {"SUSPECTED": "suspected", "VISITED": "visited", "CONFIRMED": "confirmed", "REPEAT": "used again"}
SETTLED_STATES = {"PROTECTED": "protected", "CLEARED": "cleared", "CLOSED": "closed by order"}
NOT_RECORDED = "none recorded"


def list_groups_and_lines(view: View, *, listed: Sequence[str], since: date | None) -> dict[str, pd.DataFrame]:
    """List the groups on record, the lines in use and the addresses, nobody by name and no address by its place.

    Parameters
    ----------
    listed : person_id of the police list. since : the last meeting; an address first seen after it is new.

    Returns
    -------
    `groups_now` (people on record, of them on the list and settled by more than one source; relations in words),
    `lines_now` (lines not closed) and `addresses_now` (state, n_addresses, n_new).
    """
    today = pd.Timestamp(view.as_of)
    return {
        "groups_now": _list_groups(view, set(listed), today),
        "lines_now": _list_lines(view, today),
        "addresses_now": _count_addresses(view, pd.Timestamp(since) if since else None),
    }


def finding_groups(tables: dict[str, pd.DataFrame]) -> str:
    """Say how many groups and lines are on record, which are in conflict, and how many addresses are new."""
    groups, lines, addresses = tables["groups_now"], tables["lines_now"], tables["addresses_now"]
    active = int(lines["status"].eq("active").sum())
    conflict = groups.loc[groups["relations"].str.contains("in conflict", na=False), "group_name"].tolist()
    live = addresses[addresses["state"].isin(list(LIVE_STATES.values()))]
    said = (
        f"{count_in_words(len(groups), 'group is', 'groups are', start=True)} on record and "
        f"{count_in_words(active, 'line is', 'lines are')} active"
    )
    said += f"; {join_in_words(conflict)} in open conflict" if conflict else "; no conflict is recorded"
    n, new = int(live["n_addresses"].sum()), int(live["n_new"].sum())
    return (
        f"{said}. {count_in_words(n, 'address', 'addresses', start=True)} may be in use by a line, {new} of them new."
    )


def _list_groups(view: View, listed: set[str], today: pd.Timestamp) -> pd.DataFrame:
    members = view["group_members"]
    members = members[members["to_on"].isna() | (members["to_on"] >= today)].drop_duplicates(["group_ref", "person_id"])
    counts = members.assign(
        is_listed=members["person_id"].isin(listed), is_confirmed=members["confidence"].eq("CONFIRMED")
    ).groupby("group_ref")
    groups = view["groups"].drop_duplicates("group_ref")
    groups = groups[groups["status"].eq("ACTIVE")].sort_values("group_ref")
    n = pd.DataFrame({"n_people": counts.size(), "n_listed": counts["is_listed"].sum(),
                      "n_confirmed": counts["is_confirmed"].sum()})  # fmt: skip
    n = n.reindex(groups["group_ref"]).fillna(0).astype("Int64").reset_index(drop=True)
    table = pd.DataFrame({
        "group_name": groups["group_name"], "kind": groups["kind"].map(KINDS).fillna("group"),
    }).reset_index(drop=True)  # fmt: skip
    relations = [_say_relations(view, ref, name) for ref, name in
                 zip(groups["group_ref"], groups["group_name"], strict=True)]  # fmt: skip
    return table.join(n).assign(relations=pd.Series(relations, dtype="str"))


def _say_relations(view: View, ref: str, name: str) -> str:
    names = view["groups"].drop_duplicates("group_ref").set_index("group_ref")["group_name"]
    said = []
    for row in view["group_relations"].sort_values(["group_ref", "other_group"]).to_dict("records"):
        other = names.get(row["group_ref"], row["group_ref"])
        whom = row["other_group"] if row["group_ref"] == ref else other if row["other_group"] in (ref, name) else None
        if whom is not None:
            sure = "" if row["status"] == "ACTIVE" else ", possibly"
            since = f" since {show_date(row['since_on'])}" if pd.notna(row["since_on"]) else ""
            said.append(f"{RELATIONS.get(row['relation'], 'linked to')} {whom}{since}{sure}")
    return "; ".join(said) or NOT_RECORDED


def _list_lines(view: View, today: pd.Timestamp) -> pd.DataFrame:
    lines = view["lines"].drop_duplicates("line_ref")
    lines = lines[lines["status"].ne("CLOSED")].sort_values(["status", "line_ref"])
    people = view["line_people"]
    people = people[people["to_on"].isna() | (people["to_on"] >= today)].drop_duplicates(["line_ref", "person_id"])
    addresses = view["line_addresses"][view["line_addresses"]["state"].isin(list(LIVE_STATES))]
    own = lines["line_ref"]
    return pd.DataFrame({
        "line_ref": own, "status": lines["status"].str.lower(), "home_area": lines["home_area"].fillna("not known"),
        "controlling_group": lines["controlling_group"].fillna(NOT_RECORDED), "last_active_on": lines["last_active_on"],
        "n_people": own.map(people.groupby("line_ref").size()).fillna(0).astype("Int64"),
        "n_addresses": own.map(addresses.groupby("line_ref")["uprn"].nunique()).fillna(0).astype("Int64"),
        "handling": lines["handling"].fillna("P"),
    }).reset_index(drop=True)  # fmt: skip


def _count_addresses(view: View, since: pd.Timestamp | None) -> pd.DataFrame:
    seen = view["line_addresses"].sort_values("from_on").drop_duplicates("uprn", keep="last")
    words = LIVE_STATES | SETTLED_STATES
    rows = []
    for state, said in words.items():
        own = seen[seen["state"].eq(state)]
        rows.append((said, len(own), 0 if since is None else int((own["from_on"] > since).sum())))
    return pd.DataFrame(rows, columns=["state", "n_addresses", "n_new"])
