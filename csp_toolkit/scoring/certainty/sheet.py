"""Items as whole numbers, laid out so that what each rule compares lies together.

A sheet is made once and scored in many draws. It holds for everyone who could stand on the list their items; somebody
whose identity is open stands on it once alone and once with each record that may be theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import BASES, ten_thousandths

REPORT = BASES.index("intelligence")


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows in groups: `rows` in order, each group from its place in `starts` on, `sizes` long; `keys` names them."""

    rows: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    keys: np.ndarray

    def add_up(self, values: np.ndarray) -> np.ndarray:
        """Add the rows of each group of `values` (rows by draws)."""
        total = values[self.rows[self.starts]]
        for place in range(1, int(self.sizes.max(initial=0))):
            longer = np.flatnonzero(self.sizes > place)
            total[longer] += values[self.rows[self.starts[longer] + place]]
        return total


@dataclass(frozen=True, eq=False)
class Sheet:
    """Everyone's items as numbers.

    Attributes
    ----------
    n_standings : how many stand on it.
    weight : base x role of each item, in thousandths of thousandths of a point.
    criterion : each item's criterion, by its place in `criteria`. is_report : whether it is intelligence.
    evidence, evidence_rows : each item's row of evidence, and what each row is: (origin, grade) of a report,
        ("", outcome) of a fact.
    time, time_rows : each item's row of time, and what each row is: (age in days, window in days).
    same_event, same_origin : items of which only the highest counts, in the order that decides between equals; only
        groups of several.
    origins, askings : items of criteria that ask for two origins, by (standing, criterion, origin); and those groups
        by (standing, criterion).
    cells : items by (standing, criterion, reports or not); keys are 2 x cell + is_report.
    cell_criterion : of each cell. domains : cells by (standing, domain). people : domains by standing.
    basis, item : of each item, by their order.
    """

    n_standings: int
    criteria: tuple[str, ...]
    weight: np.ndarray
    criterion: np.ndarray
    is_report: np.ndarray
    evidence: np.ndarray
    evidence_rows: tuple[tuple[str, str], ...]
    time: np.ndarray
    time_rows: np.ndarray
    same_event: Groups
    same_origin: Groups
    origins: Groups
    askings: Groups
    asking_reports: np.ndarray
    asking_of: np.ndarray
    cells: Groups
    cell_criterion: np.ndarray
    domains: Groups
    domain_of: np.ndarray
    people: Groups
    basis: np.ndarray
    item: np.ndarray


def lay_out(items: pd.DataFrame, matrix: Matrix, *, as_of: date, n_standings: int, most_days: float = 1.0) -> Sheet:
    """Lay out items for scoring in many draws.

    Parameters
    ----------
    items : `points.ITEM_COLUMNS` and `standing`, the place of whom the item counts for. `person_id` is not read.
    most_days : how far the windows are stretched at most; what lies beyond is left off.
    """
    place = {domain.id: n for n, domain in enumerate(matrix.domains)}
    criteria = sorted(matrix.criteria, key=lambda c: place[c.domain])
    code = {c.id: n for n, c in enumerate(criteria)}
    kept = _keep_possible(items, matrix, as_of, most_days)
    ages = (pd.Timestamp(as_of) - kept["event_on"]).dt.days.to_numpy("int64")
    frame = pd.DataFrame(
        {
            "standing": kept["standing"].to_numpy("int64"),
            "criterion": kept["criterion"].map(code).to_numpy("int64"),
            "basis": kept["basis"].map({basis: n for n, basis in enumerate(BASES)}).to_numpy("int64"),
            "item": _order(kept["item_id"]), "event": _order(kept["event_id"]), "origin": _order(kept["origin_id"]),
            "name": _order(kept["criterion"]), "age": ages,
            "weight": kept["base"].to_numpy("int64") // 10
            * kept["role"].map({role: ten_thousandths(f) // 10 for role, f in matrix.roles.items()}).to_numpy("int64"),
            "evidence": kept["evidence"].to_numpy(object), "origin_id": kept["origin_id"].to_numpy(object),
        }
    )  # fmt: skip
    frame["domain"] = np.array([place[c.domain] for c in criteria], dtype="int64")[frame["criterion"]]
    frame["is_report"] = (frame["basis"] == REPORT).astype("int64")
    frame = frame.sort_values(["standing", "criterion", "is_report", "item"], kind="stable", ignore_index=True)
    window = np.array([c.window_days for c in criteria], dtype="int64")[frame["criterion"]]
    times, time = np.unique(np.column_stack([frame["age"], window]), axis=0, return_inverse=True)
    told = [(origin if report else "", grade) for origin, grade, report in
            zip(frame["origin_id"], frame["evidence"], frame["is_report"], strict=True)]  # fmt: skip
    rows = tuple(sorted(set(told)))
    row_of = {row: n for n, row in enumerate(rows)}
    return Sheet(
        n_standings=n_standings, criteria=tuple(code), weight=frame["weight"].to_numpy(),
        criterion=frame["criterion"].to_numpy(), is_report=frame["is_report"].to_numpy(bool),
        evidence=np.array([row_of[row] for row in told], dtype="int64"), evidence_rows=rows,
        time=time.ravel(), time_rows=times, basis=frame["basis"].to_numpy(), item=frame["item"].to_numpy(),
        **_group(frame, matrix, as_of, tuple(code)),
    )  # fmt: skip


def _keep_possible(items: pd.DataFrame, matrix: Matrix, as_of: date, most_days: float) -> pd.DataFrame:
    """Keep what can have points in any draw."""
    ages = (pd.Timestamp(as_of) - items["event_on"]).dt.days
    windows = items["criterion"].map({c.id: c.window_days for c in matrix.criteria}).astype("float64")
    can_weigh = items["evidence"].map(matrix.evidence_factors).astype("float64") > 0
    can_weigh &= items["role"].map(matrix.roles).astype("float64") > 0
    return items[can_weigh & (ages >= 0) & (ages <= np.floor(windows * most_days + 0.5))]


def _order(names: pd.Series) -> np.ndarray:
    return pd.factorize(names, sort=True)[0]


def _group(frame: pd.DataFrame, matrix: Matrix, as_of: date, criteria: Sequence[str]) -> dict[str, Any]:
    """Find the groups that each rule compares."""
    ties = ["basis", "item", "name"]
    asks = np.array([matrix.by_id[name].min_origins > 1 for name in criteria])[frame["criterion"]]
    reports = frame[frame["basis"] == REPORT]
    day = as_of.toordinal() - reports["age"] - matrix.origin_bucket.counted_from.toordinal()
    reports = reports.assign(bucket=day // matrix.origin_bucket.days)
    asking = frame[asks].sort_values(["standing", "criterion", "origin"], kind="stable")
    origins = _part(asking, ["standing", "criterion", "origin"])
    heads = asking.iloc[origins.starts].reset_index(drop=True)
    askings = _part(heads, ["standing", "criterion"])
    asking_of = np.empty(len(frame), dtype="int64")
    asking_of[origins.rows] = np.repeat(np.repeat(np.arange(len(askings.sizes)), askings.sizes), origins.sizes)
    asked = np.flatnonzero(asks & frame["is_report"].to_numpy(bool))

    cells = _part(frame, ["standing", "criterion", "is_report"])
    heads = frame.iloc[cells.rows[cells.starts]].reset_index(drop=True)
    cell = heads.groupby(["standing", "criterion"]).ngroup().to_numpy()
    own = heads.drop_duplicates(["standing", "criterion"]).reset_index(drop=True)
    domains = _part(own, ["standing", "domain"])
    in_domains = own.iloc[domains.rows[domains.starts]].reset_index(drop=True)
    return {
        "same_event": _several(_part(frame, ["standing", "event", "domain"], ties)),
        "same_origin": _several(_part(reports, ["standing", "origin", "bucket"], ties)),
        "origins": origins, "askings": askings, "asking_reports": asked, "asking_of": asking_of[asked],
        "cells": Groups(cells.rows, cells.starts, cells.sizes, 2 * cell + heads["is_report"].to_numpy()),
        "cell_criterion": own["criterion"].to_numpy(), "domains": domains,
        "domain_of": in_domains["domain"].to_numpy(), "people": _part(in_domains, ["standing"]),
    }  # fmt: skip


def _part(frame: pd.DataFrame, by: list[str], then: Sequence[str] = ()) -> Groups:
    """Part the rows of a frame into groups, in the order of `by` and within them of `then`."""
    keys = [frame[name].to_numpy() for name in (*by, *then)]
    order = np.lexsort(keys[::-1]) if len(frame) else np.empty(0, dtype="int64")
    changes = np.zeros(len(frame), dtype=bool)
    changes[:1] = True
    for key in keys[: len(by)]:
        changes[1:] |= np.diff(key[order]) != 0
    starts = np.flatnonzero(changes)
    sizes = np.diff(np.append(starts, len(frame)))
    return Groups(frame.index.to_numpy()[order], starts, sizes, keys[0][order][starts])


def _several(groups: Groups) -> Groups:
    """Keep the groups of more than one."""
    is_several = groups.sizes > 1
    sizes = groups.sizes[is_several]
    rows = groups.rows[np.repeat(is_several, groups.sizes)]
    return Groups(rows, np.append(0, np.cumsum(sizes))[:-1].astype("int64"), sizes, groups.keys[is_several])
