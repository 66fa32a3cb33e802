"""Who agreed to do what, and what is late.

Late is worked out on the day, never stored: an action is late when it is still open and its due date has passed.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

OPEN_STATES = ("OPEN", "IN_PROGRESS")
OUTSTANDING_COLUMNS = (
    "action_ref", "action_text", "action_type", "action_owner", "agency", "set_on", "due_on", "days_late", "status",
    "n_carried_over", "person_id",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Outstanding:
    """The open actions, most days late first, and their count by agency.

    Attributes
    ----------
    table : one row per open action (`OUTSTANDING_COLUMNS`); `days_late` in days, 0 when not late, missing when the
        due date is not known.
    by_agency : agency, n_open, n_late, n_no_date, oldest_due_on, most_days_late.
    as_of : the day it speaks for.
    """

    table: pd.DataFrame
    by_agency: pd.DataFrame
    as_of: date

    @property
    def n_late(self) -> int:
        """Count the actions whose due date has passed."""
        return int((self.table["days_late"].fillna(0) > 0).sum())


def list_outstanding(actions: pd.DataFrame, agreed: pd.DataFrame | None = None, *, as_of: date) -> Outstanding:
    """List what is still open as at a day, from the agencies' action log and the meeting's own decisions.

    Parameters
    ----------
    actions : the canonical table `actions`, or every action followed up (`cases.follow_up`), which needs no `agreed`.
    agreed : decisions of kind ``action``, one row each, with the canonical action columns and `person_id`; an action
        that also stands in the log under the same `action_ref` is taken from the log, which is the later word.
    as_of : an action due on this day is not late.
    """
    columns = [c for c in OUTSTANDING_COLUMNS if c != "days_late"]
    own = (pd.DataFrame() if agreed is None else agreed).reindex(columns=columns)
    own = own[~own["action_ref"].isin(actions["action_ref"])]
    log = actions.reindex(columns=columns)
    known = [frame.dropna(axis="columns", how="all") for frame in (log, own) if len(frame)]
    table = (pd.concat(known, ignore_index=True) if known else log).reindex(columns=columns)
    for column in ("set_on", "due_on"):
        table[column] = table[column].astype("datetime64[us]")
    table = table[table["status"].isin(OPEN_STATES)]

    late = (pd.Timestamp(as_of) - table["due_on"]).dt.days.clip(lower=0).astype("Int64")
    table = table.assign(days_late=late)[list(OUTSTANDING_COLUMNS)]
    table = table.sort_values(["days_late", "due_on", "action_ref"], ascending=[False, True, True], na_position="last")
    table = table.reset_index(drop=True)
    return Outstanding(table, _count_by_agency(table), as_of)


def _count_by_agency(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return pd.DataFrame(columns=["agency", "n_open", "n_late", "n_no_date", "oldest_due_on", "most_days_late"])
    flagged = table.assign(is_late=table["days_late"].fillna(0) > 0, has_no_date=table["due_on"].isna())
    counts = flagged.groupby("agency", dropna=False).agg(
        n_open=("action_ref", "size"),
        n_late=("is_late", "sum"),
        n_no_date=("has_no_date", "sum"),
        oldest_due_on=("due_on", "min"),
        most_days_late=("days_late", "max"),
    )
    return (
        counts.reset_index()
        .sort_values(["n_late", "n_open", "agency"], ascending=[False, False, True])
        .reset_index(drop=True)
    )
