"""Columns that hold several references or words in one cell, parted by semicolons."""

import pandas as pd


def part_cells(cells: pd.Series) -> pd.Series:
    """Return one row per part, under the index of its cell; empty parts and missing cells give none.

    >>> part_cells(pd.Series(["A; B", None, "C;"], dtype="str")).to_dict()
    {0: 'B', 2: 'C'}
    """
    parts = cells.dropna().str.split(";").explode().astype("str").str.strip()
    return parts[parts.ne("") & parts.notna()]
