"""Item by item, what changed between two meetings: when in the replay it comes, goes, or is taken for something else.

An item is the same at both meetings if person, criterion and item_id are. What is on one side only is told apart by
what the records say of it then and now: a suspicion that was dropped is an outcome, one no longer sent is withdrawn.
"""

import pandas as pd

from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.points import ITEM_COLUMNS

CAUSES = ("matrix", "gate", "identity", "withdrawn", "outcome", "regrade", "role", "decay", "new items")
MATRIX, GATE, IDENTITY, WITHDRAWN, OUTCOME, REGRADE, ROLE, DECAY, NEW = range(len(CAUSES))
ITEM_KEY = ["person_id", "criterion", "item_id"]
KNOWN_COLUMNS = ("person_id", "item_id", "said", "part")
_TAKEN_FOR = [name for name in ITEM_COLUMNS if name not in ITEM_KEY]
_NEVER = NEW + 1


def lay_out(then: pd.DataFrame, same_day: pd.DataFrame, now: pd.DataFrame, matrix: Matrix, *,
            known: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:  # fmt: skip
    """Lay the items of two meetings beside each other.

    Parameters
    ----------
    then, now : the items of the people to compare, under one identity (`points.ITEM_COLUMNS`).
    same_day : the items of now as they would have been on the day of then.
    known : what the records of then and of now say of items that are on one side only (`KNOWN_COLUMNS`).

    Returns
    -------
    One row an item: its key, `comes` and `goes` (the step at which it is taken in or left out), and for each other
    column what it is `_then`, `_told` (by the records of now on the day of then) and `_now`.
    """
    sides = {"then": then, "told": same_day, "now": now}
    rows = pd.concat([frame[ITEM_KEY] for frame in sides.values()]).drop_duplicates()
    for name, frame in sides.items():
        side = frame[list(ITEM_COLUMNS)].rename(columns={c: f"{c}_{name}" for c in _TAKEN_FOR})
        rows = rows.merge(side.assign(**{f"is_{name}": True}), on=ITEM_KEY, how="left")
    rows = rows.sort_values(ITEM_KEY, kind="stable", ignore_index=True)
    here = {name: rows[f"is_{name}"].eq(True) for name in sides}  # noqa: FBT003 (missing is no)
    rows = rows[here["then"] | here["now"]]
    for column in _TAKEN_FOR:
        was, told, is_ = (rows[f"{column}_{name}"] for name in sides)
        told = told.where(here["told"], is_.where(here["now"], was))
        rows = rows.assign(**{f"{column}_told": told, f"{column}_then": was.where(here["then"], told),
                              f"{column}_now": is_.where(here["now"], told)})  # fmt: skip
    rows = rows.assign(is_fact=rows["basis_then"].ne("intelligence"), bonus=_has_bonus(rows, matrix))
    was, told, is_ = (here[name].reindex(rows.index) for name in sides)
    why = _tell(rows.assign(was=was, is_=is_), known, matrix)
    came = why.where(why.ne(WITHDRAWN), NEW)
    gone = pd.Series(_NEVER, index=rows.index).mask(~is_, DECAY).mask(~is_ & ~told, why.where(why.ne(NEW), WITHDRAWN))
    rows = rows.assign(comes=pd.Series(IDENTITY, index=rows.index).mask(~was, came), goes=gone)
    return rows.drop(columns=[f"is_{name}" for name in sides]).reset_index(drop=True)


def state_at(rows: pd.DataFrame, step: int) -> pd.DataFrame:
    """Return the items as they are once the replay has taken a step (`points.ITEM_COLUMNS`)."""
    here = rows[(rows["comes"] <= step) & (step < rows["goes"])]
    if step >= DECAY:
        return here[[*ITEM_KEY, *(f"{c}_now" for c in _TAKEN_FOR)]].set_axis([*ITEM_KEY, *_TAKEN_FOR], axis=1)
    told = {c: here[f"{c}_then"].mask(_changes_at(here, c) <= step, here[f"{c}_told"]) for c in _TAKEN_FOR}
    return here[ITEM_KEY].assign(**told)


def find_changed(rows: pd.DataFrame, step: int) -> pd.Series:
    """Say of each item whether a step changes it."""
    changed = rows["comes"].eq(step) & rows["goes"].gt(step) | rows["goes"].eq(step) & rows["comes"].lt(step)
    stays = (rows["comes"] < step) & (step < rows["goes"])
    for column in _TAKEN_FOR:
        was, told, is_ = (rows[f"{column}_{name}"] for name in ("then", "told", "now"))
        if step == DECAY:
            last = told.where(_changes_at(rows, column) < DECAY, was)
            changed |= stays & _differs(last, is_)
        else:
            changed |= stays & _changes_at(rows, column).eq(step) & _differs(was, told)
    return changed


def _changes_at(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the step that changes a column of each item."""
    if column in ("evidence", "basis"):
        return pd.Series(OUTCOME, index=rows.index).where(rows["is_fact"], REGRADE)
    if column == "base":
        return pd.Series(ROLE, index=rows.index).where(rows["bonus"], REGRADE)
    step = {"role": ROLE, "event_on": DECAY}.get(column, REGRADE)
    return pd.Series(step, index=rows.index)


def _differs(one: pd.Series, other: pd.Series) -> pd.Series:
    return one.ne(other).fillna(True).astype(bool) & ~(one.isna() & other.isna())  # noqa: FBT003


def _has_bonus(rows: pd.DataFrame, matrix: Matrix) -> pd.Series:
    return rows["criterion"].isin([c.id for c in matrix.criteria if c.directs_bonus])


def _tell(rows: pd.DataFrame, known: tuple[pd.DataFrame, pd.DataFrame], matrix: Matrix) -> pd.Series:
    """Tell why an item is on one side only: an outcome, a regrade, a role, else that it is new or withdrawn."""
    then, now = (side.drop_duplicates(["person_id", "item_id"]) for side in known)
    both = then.merge(now, on=["person_id", "item_id"], suffixes=("_then", "_now"))
    said = both["said_then"].fillna("").ne(both["said_now"].fillna(""))
    part = both["part_then"].fillna("").ne(both["part_now"].fillna(""))
    pairs = pd.MultiIndex.from_frame(rows[["person_id", "item_id"]])
    is_said, is_part = (
        pd.Series(pairs.isin(pd.MultiIndex.from_frame(both.loc[which, ["person_id", "item_id"]])), index=rows.index)
        for which in (said, part)
    )
    counted = rows["criterion"].ne(matrix.co_offending_criterion)
    by_pair = [rows["person_id"], rows["item_id"]]
    moved = counted & (rows["was"] & counted).groupby(by_pair).transform("any")
    moved &= (rows["is_"] & counted).groupby(by_pair).transform("any")
    why = pd.Series(NEW, index=rows.index).mask(is_part, ROLE)
    return why.mask(is_said | moved, pd.Series(OUTCOME, index=rows.index).where(rows["is_fact"], REGRADE))
