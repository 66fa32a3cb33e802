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
    alike = table[table.duplicated(columns, keep=False)]
    number = alike.groupby(columns, dropna=False, sort=False).ngroup()
    is_first = ~number.duplicated()
    said = [c for c in table.columns if c != "row"]
    gone = alike.loc[~is_first, said]
    kept = alike.loc[is_first, said].set_index(number[is_first]).loc[number[~is_first]].set_index(gone.index)
    same = pd.concat([gone[c].eq(kept[c]).fillna(False) | (gone[c].isna() & kept[c].isna()) for c in said], axis=1)
    rows = alike.loc[~is_first, "row"].to_numpy(dtype="int64")
    return table[~repeated], rows, rows[~same.all(axis=1).to_numpy(dtype=bool)]
