"""Keep one row per key, say which rows were let go and which of them disagreed; and find which keys stand elsewhere."""

import re
from collections.abc import Collection, Mapping
from itertools import combinations

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


def is_among(column: pd.Series, others: Collection[str] | pd.Series) -> pd.Series:
    """Say of each text whether it stands among others; what is missing stands nowhere.

    As `isin`, which looks at the others one by one: here they stay columns, which matters where they are thousands.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pa.large_string()
    values = others if isinstance(others, pd.Series) else list(others)
    known = pa.array(values, type=text, from_pandas=True)
    found = pc.is_in(pa.array(column, type=text, from_pandas=True), value_set=known, skip_nulls=True)
    return pd.Series(np.asarray(found), index=column.index, dtype="bool")


def find_shared_references(tables: Mapping[str, pd.DataFrame]) -> set[int]:
    """Return the rows whose reference stands, in one file, for people who share neither a name nor a date of birth.

    A name spelt otherwise or turned round is one person; no word in common and two dates of birth are two, and
    nothing the file says under that reference can be told to be about the one or the other.
    """
    if "person_records" not in tables:
        return set()
    people = tables["person_records"]
    people = people[people["source_ref"].duplicated(keep=False) & people["source_ref"].notna()]
    known = people.drop_duplicates(["source_ref", "family_name", "given_name", "dob"])
    shared: set[str] = set()
    for ref, rows in known[known["source_ref"].duplicated(keep=False)].groupby("source_ref"):
        said = rows[["family_name", "given_name"]].fillna("").agg(" ".join, axis="columns").str.casefold()
        words = [set(re.findall(r"\w+", text)) for text in said]
        pairs = combinations(zip(words, rows["dob"], strict=True), 2)
        if any(a and b and not a & b and pd.notna(x) and pd.notna(y) and x != y for (a, x), (b, y) in pairs):
            shared.add(str(ref))
    return set(people.loc[people["source_ref"].isin(shared), "row"])
