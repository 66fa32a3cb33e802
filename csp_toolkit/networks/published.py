"""Read networks that others published, and refuse what they commonly get wrong.

Rows are not pairs: the same two people may stand in several, either way round. A sum of weights is no count of ties. A
code such as 99 is no value. And a phase of a network can be another phase under other names.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.networks.evidence.pairs import is_no_id, refuse

COPY_COLUMNS = ("one", "other", "n_ties", "said")


def count_pairs(rows: pd.DataFrame, *, printed: int | None = None) -> pd.DataFrame:
    """Bring rows to one a pair, whichever way round they stood.

    Parameters
    ----------
    rows : source, target, and weight where there is one.
    printed : the number of ties somebody states; it is checked.

    Returns
    -------
    person_a, person_b, n_rows, weight (summed; 1 a row where there is none), person_a first in order.

    Raises
    ------
    TableError : an end has no id, or the number printed is not the number of pairs.
    """
    refuse(int((is_no_id(rows["source"]) | is_no_id(rows["target"])).sum()), "without an id", "Give every end one")
    ends = np.sort(rows[["source", "target"]].astype("str").to_numpy(object), axis=1)
    weight = rows["weight"] if "weight" in rows else pd.Series(1, index=rows.index)
    frame = pd.DataFrame({"person_a": ends[:, 0], "person_b": ends[:, 1], "weight": weight.to_numpy()})
    frame = frame[frame["person_a"] != frame["person_b"]]
    grouped = frame.groupby(["person_a", "person_b"], as_index=False)
    pairs = grouped.agg(n_rows=("weight", "size"), weight=("weight", "sum"))
    if printed is not None and printed != len(pairs):
        raise TableError(
            f"{printed:,} is no count of ties: {len(pairs):,} pairs stand in {len(rows):,} rows, their weights come "
            f"to {pairs['weight'].sum():,}. State the pairs."
        )
    return pairs


def read_missing(table: pd.DataFrame, codes: Mapping[str, int]) -> pd.DataFrame:
    """Read the code that means "missing" in a column as missing; another column's same number stays."""
    absent = sorted(set(codes) - set(table.columns))
    if absent:
        raise TableError(f"No column {', '.join(absent)}. Name columns that are there.")
    read = table.copy()
    for column, code in codes.items():
        read[column] = table[column].astype("Int64").mask(table[column] == code)
    return read


def find_copies(rows: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Find phases that are the same network under other names: as many people and ties, and the same in shape.

    Parameters
    ----------
    rows : source, target and the column that tells phases apart. by : that column's name.

    Returns
    -------
    One row for each two phases alike (`COPY_COLUMNS`), the first being the smaller number.
    """
    import networkx as nx

    graphs = {}
    for phase, own in rows.groupby(by, sort=True):
        pairs = count_pairs(own)
        graphs[phase] = nx.Graph(list(zip(pairs["person_a"], pairs["person_b"], strict=True)))
    found = []
    phases = list(graphs)
    for n, one in enumerate(phases):
        for other in phases[n + 1 :]:
            a, b = graphs[one], graphs[other]
            if sorted(d for _, d in a.degree) == sorted(d for _, d in b.degree) and nx.is_isomorphic(a, b):
                said = f"{by} {one} holds the same ties as {by} {other} under other names: leave one out"
                found.append((one, other, a.number_of_edges(), said))
    return pd.DataFrame(found, columns=list(COPY_COLUMNS))
