"""What the papers rest on: which feeds came, what became of every row, and which rules fired.

Rows in are rows accepted, repaired, rejected and withdrawn: the line is printed, and it must add up.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import pandas as pd

from csp_toolkit.errors import CheckFailed
from csp_toolkit.tables.quality.findings import UNREAD, fold_unread
from csp_toolkit.tables.quality.report import Quality
from csp_toolkit.tables.row_rules import RULES
from csp_toolkit.tables.view import View

ACCOUNT_COLUMNS = ["accepted", "repaired", "rejected", "withdrawn"]


def describe_coverage(view: View, titles: Mapping[str, str], feeds: Sequence[str] = ("*",)) -> pd.DataFrame:
    """Describe the state of each feed a meeting uses, and of each file no mapping knows, the exceptions last.

    Parameters
    ----------
    titles : names of feeds for a reader. feeds : patterns of the names of those the meeting uses.
    """
    order = {"arrived": 0, "no mapping yet": 1, "stale": 2, "held": 3, "missing": 4}
    table = view.coverage.assign(
        title=[titles.get(feed, feed.replace("_", " ")) for feed in view.coverage["feed"]],
        order=view.coverage["state"].map(order),
    )
    table = table[_is_used(table["feed"], feeds) | table["state"].eq("no mapping yet")]
    table = table.sort_values(["order", "agency", "feed"]).reset_index(drop=True)
    columns = ["feed", "title", "agency", "state", "age_days", "received_on", "used_received_on", "newest_on", "note"]
    return table[columns]


def _is_used(names: pd.Series, feeds: Sequence[str]) -> pd.Series:
    used = [any(fnmatchcase(name, pattern) for pattern in feeds) for name in names]
    return pd.Series(used, index=names.index, dtype="bool")


def account_for_rows(view: View, titles: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Account for every row of the files in use; refuse an account that does not add up.

    `titles` names feeds for a reader: here every feed that came stands, also one the meeting does not use.
    """
    counted = view.coverage[view.coverage["rows_in"].notna()]
    table = counted.assign(
        title=[(titles or {}).get(feed, feed.replace("_", " ")) for feed in counted["feed"]],
        received_on=counted["used_received_on"],
    )
    table = table[["feed", "title", "received_on", "rows_in", *ACCOUNT_COLUMNS]].astype(
        dict.fromkeys(["rows_in", *ACCOUNT_COLUMNS], "Int64")
    )
    wrong = table[table["rows_in"] != table[ACCOUNT_COLUMNS].sum(axis=1)]
    if len(wrong):
        feeds = ", ".join(wrong["feed"])
        raise CheckFailed(f"Rows do not add up in {len(wrong)} feeds ({feeds}). Load the delivery again.")
    return table.sort_values("feed").reset_index(drop=True)


def count_rules(view: View, meanings: Mapping[str, str] = RULES) -> pd.DataFrame:
    """Count how often each rule fired in each feed, with what it means."""
    keys = ["feed", "rule", "action"]
    counts = view.rejected.groupby(keys, as_index=False).size().rename(columns={"size": "n_rows"})
    counts = counts.assign(meaning=[meanings.get(rule, rule.replace("_", " ")) for rule in counts["rule"]])
    return counts.sort_values(keys).reset_index(drop=True)


def say_quality(quality: Quality, feeds: Sequence[str] = ("*",)) -> pd.DataFrame:
    """Say what matters most about the data, one numbered sentence each, as many as the policy lets into a briefing.

    `feeds` are patterns of the names of those the meeting uses; a file no mapping knows is always said.
    """
    found = quality.findings
    is_used = _is_used(found["feed"], feeds) | found["kind"].eq(UNREAD)
    first = fold_unread(found[is_used]).head(quality.policy.most_in_briefing)
    table = first.assign(n=pd.array(range(1, len(first) + 1), dtype="Int64"))
    return table[["n", "feed", "agency", "kind", "sentence"]].reset_index(drop=True)


def count_asked(quality: Quality, feeds: Sequence[str]) -> tuple[int, int]:
    """Count the feeds a meeting uses of which something has to be asked, and all it uses."""
    used = quality.table[_is_used(quality.table["feed"], feeds)]
    return int(used["n_findings"].gt(0).sum()), len(used)


def say_reconciliation(accounts: pd.DataFrame) -> str:
    """Write the sum over all files in one line."""
    total = accounts[["rows_in", *ACCOUNT_COLUMNS]].sum()
    parts = " + ".join(f"{int(total[name]):,} {name}" for name in ACCOUNT_COLUMNS)
    return f"{int(total['rows_in']):,} rows in = {parts}"
