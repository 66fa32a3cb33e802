"""Which list a scored person stands in: ranked, in custody, returning, or under 18.

Whoever is in custody takes no seat among the ranked; a child never takes an adult's. Each block has its own ranks.
"""

import pandas as pd

from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.tables.view import View

RANKED, CUSTODY, RETURNING, UNDER_18 = BLOCKS = ("ranked", "custody", "returning", "under_18")
HELD = ("SENTENCED", "REMAND", "RECALL")


def place_in_blocks(view: View, people: pd.DataFrame, matrix: Matrix) -> pd.Series:
    """Place each person in their block.

    Parameters
    ----------
    people : person_id and is_child.

    Returns
    -------
    The block of each row of `people`. The newest prison record decides: held and not released by the view's date is
    custody; a release due within the days the matrix names, or already overdue, is returning; no date of release is
    custody.
    """
    held = list_held(view)
    is_near = (held["release_due_on"] - pd.Timestamp(view.as_of)).dt.days <= matrix.blocks.returning_days
    block = pd.Series(RANKED, index=people.index, dtype="str")
    block = block.mask(people["person_id"].isin(held["person_id"]), CUSTODY)
    block = block.mask(people["person_id"].isin(held.loc[is_near, "person_id"]), RETURNING)
    return block.mask(people["is_child"].astype(bool), UNDER_18)


def list_held(view: View) -> pd.DataFrame:
    """List who is in custody as at the view's date by their newest prison record: that record of each."""
    today = pd.Timestamp(view.as_of)
    stays = view["prison_stays"].dropna(subset=["person_id"])
    stays = stays[~(stays["received_on"] > today)]
    stays = stays.sort_values(["person_id", "received_on", "source_ref"], kind="stable", na_position="first")
    newest = stays.drop_duplicates("person_id", keep="last")
    return newest[newest["status"].isin(HELD) & ~(newest["released_on"] <= today)]
