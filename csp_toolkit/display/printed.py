"""Numbers as a page prints them: rounded once, and still adding up.

Scores are whole ten-thousandths of a point. A page prints tenths, and a reader adds them: the parts of a printed
score must add to the printed score. The tenths left over after rounding down go to the parts with the largest
remainders (Hamilton's method), ties to the part that stands first.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

UNITS_PER_POINT = 10_000
UNITS_PER_TENTH = UNITS_PER_POINT // 10


def to_tenths(units: pd.Series) -> pd.Series:
    """Round ten-thousandths of a point half-up to whole tenths of a point."""
    return (units + UNITS_PER_TENTH // 2) // UNITS_PER_TENTH


def print_parts(table: pd.DataFrame, total: str, parts: list[str]) -> pd.DataFrame:
    """Return `total` and `parts` in points to one decimal, the parts adding exactly to the total.

    Parameters
    ----------
    table : whole ten-thousandths in the columns `total` and `parts`, the parts summing to the total, none negative.

    Examples
    --------
    >>> table = pd.DataFrame({"score": [10_000], "a": [3_334], "b": [3_333], "c": [3_333]})
    >>> print_parts(table, "score", ["a", "b", "c"]).to_dict("records")
    [{'score': 1.0, 'a': 0.4, 'b': 0.3, 'c': 0.3}]
    """
    whole = to_tenths(table[total].astype("int64")).to_numpy()
    tenths = _share_out(table[parts].astype("int64").to_numpy().reshape(len(table), len(parts)), whole)
    printed = pd.DataFrame(tenths / 10, columns=parts, index=table.index)
    printed.insert(0, total, whole / 10)
    return printed


def print_changes(before: int, after: int, parts: Sequence[int]) -> list[int]:
    """Return parts in whole tenths of a point that add exactly from what is printed before to what is after.

    Parameters
    ----------
    before, after : scores in ten-thousandths. parts : what lies between them, of either sign, adding up.

    Examples
    --------
    >>> print_changes(326_040, 387_080, [80_000, -18_960])
    [80, -19]
    """
    ends = to_tenths(pd.Series([before, after]))
    tenths = _share_out(np.array([list(parts)], dtype="int64"), np.array([ends[1] - ends[0]]))
    return [int(n) for n in tenths[0]]


def _share_out(units: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Round each row's units down to tenths and give what is missing to the whole to the largest remainders."""
    tenths = units // UNITS_PER_TENTH
    left = whole - tenths.sum(axis=1)
    order = np.argsort(-(units % UNITS_PER_TENTH), axis=1, kind="stable")
    place = np.argsort(order, axis=1, kind="stable")
    return np.asarray(tenths + (place < left[:, None]))
