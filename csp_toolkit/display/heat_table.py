"""A table of counts as a heat table: the number in every cell, five steps of blue, and words where there is no number.

Read in grey it is still a table: the step only repeats the number. Rows that stand apart (not known, none) come last,
between rules.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.display.formatted import environment
from csp_toolkit.errors import TableError

N_STEPS = 5


def step_of(count: float, largest: float) -> int:
    """Return the step of a count from 0 (none) to 5, by its square root: a row of small counts must not look empty.

    >>> [step_of(n, 400) for n in (0, 1, 16, 64, 150, 400)]
    [0, 1, 1, 2, 4, 5]
    """
    if count <= 0 or largest <= 0:
        return 0
    return max(1, min(N_STEPS, -int(-N_STEPS * (count / largest) ** 0.5 // 1)))


def heat_table(
    counts: pd.DataFrame,
    shown: pd.DataFrame,
    *,
    table_id: str,
    caption: str,
    caption_note: str = "",
    row_title: str,
    unit: str,
    apart: Sequence[str] = (),
    notes: Mapping[tuple[str, str], str] | None = None,
    largest: float | None = None,
) -> Markup:
    """Lay out counts as a heat table.

    Parameters
    ----------
    counts : numbers by which the steps are chosen, rows by columns, in reading order.
    shown : the text of each cell, with the same rows and columns.
    row_title : what the rows are. unit : what is counted.
    apart : names of rows that stand apart at the end, between rules.
    notes : words for a cell instead of its count, by row and column.
    largest : the count that has the deepest step, and all above it; the largest of them where not given.
    """
    if list(counts.index) != list(shown.index) or list(counts.columns) != list(shown.columns):
        raise TableError("A heat table needs a text for each of its counts.")
    deepest = largest or (float(counts.max(axis=None)) if counts.size else 0.0)
    words = notes or {}

    def cell(row: Any, column: Any) -> dict[str, Any]:
        note = words.get((row, column))
        step = 0 if note else step_of(float(counts.at[row, column]), deepest)
        return {"text": note or str(shown.at[row, column]), "step": step, "is_words": bool(note)}

    body = [
        {"name": row, "is_apart": row in apart, "cells": [cell(row, column) for column in counts.columns]}
        for row in [*[r for r in counts.index if r not in apart], *[r for r in counts.index if r in apart]]
    ]
    html = environment().get_template("heat_table.html.j2").render(
        table_id=table_id, caption=caption, caption_note=caption_note, row_title=row_title, unit=unit,
        columns=list(counts.columns), rows=body,
    )  # fmt: skip
    return Markup(html)
