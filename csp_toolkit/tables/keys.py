"""Keep one row per key, and say which rows were let go and which of them disagreed."""

import numpy as np
import pandas as pd


def keep_first(table: pd.DataFrame, key: tuple[str, ...]) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Keep the first row of each key.

    Returns
    -------
    The table with one row per key; the file rows (`row`) of those let go; and the file rows of those among them
    that say something else than the row that was kept.
    """
    columns = list(key)
    repeated = table.duplicated(columns, keep="first")
    if not repeated.any():
        none = np.array([], dtype="int64")
        return table, none, none
    gone = table[repeated]
    said = [c for c in table.columns if c != "row"]
    alike = table[table.duplicated(columns, keep=False)]
    same = alike[alike.duplicated(said, keep="first")].index
    differs = gone.index.difference(same)
    rows = gone["row"].to_numpy(dtype="int64")
    return table[~repeated], rows, gone.loc[differs, "row"].to_numpy(dtype="int64")
