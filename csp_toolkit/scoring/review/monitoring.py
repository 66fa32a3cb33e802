"""Ethnicity for the count of shares, from a file of its own that no other part of the toolkit reads.

No table of the casebook holds it and no feed's mapping keeps it. It is read here, brought to a few groups, and handed
to `disparity`, which makes rows without who they are; it is stored nowhere.
"""

from pathlib import Path

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED, NOT_KNOWN
from csp_toolkit.errors import TableError
from csp_toolkit.records.files import read_file
from csp_toolkit.scoring.review.policy import Ethnicity
from csp_toolkit.tables.view import View

UNKNOWN = NOT_KNOWN


def read_ethnicity(folder: Path | None, view: View, people: pd.Series, policy: Ethnicity | None) -> pd.Series:
    """Return each person's group; "not known" where none is recorded, "not assessed" throughout where there is no file.

    Parameters
    ----------
    folder : the workspace's `monitoring` folder. The last file by name that fits the policy's pattern is read.
    people : person_id.

    Raises
    ------
    TableError : the file lacks a column the policy names.
    """
    files = sorted(folder.glob(policy.pattern)) if folder is not None and policy is not None else []
    if policy is None or not files:
        return pd.Series(NOT_ASSESSED, index=people.index, dtype="str")
    raw = read_file(files[-1])
    absent = [name for name in (policy.reference, policy.column) if name not in raw.cells.columns]
    if absent:
        raise TableError(f"{files[-1].name}: no column {', '.join(absent)}. Name the file's own in params/validity.")
    group = {code: name for name, codes in policy.groups.items() for code in codes}
    rows = pd.DataFrame({
        "source_ref": raw.cells[policy.reference].astype("str").str.strip(),
        "group": raw.cells[policy.column].astype("str").str.strip().str.upper().map(group),
    }).dropna()  # fmt: skip
    keys = view.person_keys[["source_ref", "person_id"]].drop_duplicates()
    found = rows.merge(keys, on="source_ref").groupby("person_id")["group"].agg(["nunique", "first"])
    alone = found.loc[found["nunique"].eq(1), "first"]
    return people.map(alone).astype("str").fillna(UNKNOWN)
