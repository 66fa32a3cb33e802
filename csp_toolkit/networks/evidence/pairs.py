"""A network as whole numbers in arrays: what the compiled libraries compute on, made straight from a table of ties.

People are numbered in the order of their ids, and pairs stand in order of their numbers, smaller first. So every sum
is taken in the same order on every machine, whatever the order of rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError

if TYPE_CHECKING:
    import networkx as nx


NOBODY = -1
NO_ID = ("", "NA", "N/A", "nan", "NaN", "None", "<NA>", "NaT")


@dataclass(frozen=True, eq=False)
class Pairs:
    """Who is tied to whom, by number.

    Attributes
    ----------
    people : ids, sorted. first, second : numbers of the two ends of each tie, first below second, sorted.
    strength : the chance that each tie exists, or its weight; one for each tie.
    """

    people: np.ndarray
    first: np.ndarray
    second: np.ndarray
    strength: np.ndarray

    @property
    def n(self) -> int:
        """The number of people."""
        return len(self.people)

    @property
    def n_ties(self) -> int:
        """The number of ties."""
        return len(self.first)

    def __repr__(self) -> str:
        return f"Pairs(people={self.n}, ties={self.n_ties})"

    def with_ties(self, first: np.ndarray, second: np.ndarray) -> "Pairs":
        """Return other ties, all of strength one, between the same people."""
        return Pairs(self.people, first, second, np.ones(len(first)))

    def keep(self, is_kept: np.ndarray) -> "Pairs":
        """Return the ties that are kept, between the same people."""
        return Pairs(self.people, self.first[is_kept], self.second[is_kept], self.strength[is_kept])

    def without(self, numbers: np.ndarray) -> "Pairs":
        """Return the network without the ties of some people, who stay in it alone."""
        gone = np.zeros(self.n, dtype=bool)
        gone[numbers] = True
        return self.keep(~(gone[self.first] | gone[self.second]))

    def part(self, person_ids: Iterable[str]) -> "Pairs":
        """Return some people and the ties among them."""
        kept = np.sort(self.find(person_ids))
        number = np.full(self.n, -1)
        number[kept] = np.arange(len(kept))
        among = (number[self.first] >= 0) & (number[self.second] >= 0)
        ends = number[self.first[among]], number[self.second[among]]
        return Pairs(self.people[kept], *ends, self.strength[among])

    def find(self, person_ids: Iterable[str]) -> np.ndarray:
        """Return the numbers of people; who is not in the network is refused."""
        wanted = np.asarray(list(person_ids), dtype=object)
        numbers = pd.Index(self.people).get_indexer(wanted)
        if (numbers < 0).any():
            raise TableError(f"{int((numbers < 0).sum())} people are not in the network. Pass people who are in it.")
        return numbers.astype("int64")

    def matrix(self, *, weighted: bool = False) -> Any:
        """Return the ties both ways as a sparse matrix of ones or of strengths; it is not to be changed."""
        return self._weighted if weighted else self._plain

    @cached_property
    def _weighted(self) -> Any:
        from scipy.sparse import csr_array

        rows = np.concatenate([self.first, self.second]).astype("int32")
        columns = np.concatenate([self.second, self.first]).astype("int32")
        values = np.concatenate([self.strength, self.strength])
        made = csr_array((values, (rows, columns)), shape=(self.n, self.n))
        made.sort_indices()
        return made

    @cached_property
    def _plain(self) -> Any:
        from scipy.sparse import csr_array

        ties = self._weighted
        return csr_array((np.ones(len(ties.data)), ties.indices, ties.indptr), shape=ties.shape)

    def graph(self) -> Any:
        """Return the ties as a rustworkx graph whose nodes are the numbers."""
        import rustworkx as rx

        compiled = rx.PyGraph(multigraph=False)
        compiled.add_nodes_from(range(self.n))
        compiled.add_edges_from_no_data(list(zip(self.first.tolist(), self.second.tolist(), strict=True)))
        return compiled

    def components(self) -> np.ndarray:
        """Return for each person the number of their separate part, from 0; it is not to be changed."""
        return self._parts

    @cached_property
    def _parts(self) -> np.ndarray:
        from scipy.sparse.csgraph import connected_components

        return np.asarray(connected_components(self.matrix(), directed=False)[1])


def pairs_of_table(
    ties: pd.DataFrame, *, people: Iterable[str] = (), ends: tuple[str, str] = ("person_a", "person_b"),
    strength: str | None = "p_exists",
) -> Pairs:  # fmt: skip
    """Make pairs of a table with one row a tie; `people` are in it even when nobody is tied to them.

    Raises
    ------
    TableError : an end is blank or missing, a tie joins a person to themself, or a pair stands twice. A missing id
        would become one person whom everybody knows, and the last of two rows would silently hide the first.
    """
    rows = [_texts(ties[end]) for end in ends] + [_texts(pd.Series(list(people)))]
    codes, found = pd.factorize(pd.concat(rows, ignore_index=True))
    found = pd.Series(found, dtype="str")
    order = found.argsort().to_numpy()
    number = np.empty(len(found) + 1, dtype="int64")
    number[order] = np.arange(len(found))
    number[-1] = NOBODY  # a missing id has the code -1
    number[np.flatnonzero(is_no_id(found))] = NOBODY
    numbers = number[codes]
    refuse(int((numbers == NOBODY).sum()), "without an id")
    a, b = numbers[: len(ties)], numbers[len(ties) : 2 * len(ties)]
    values = np.ones(len(ties)) if strength is None else ties[strength].to_numpy("float64")
    return sort_pairs(found.to_numpy(object)[order], a, b, values)


def pairs_of_graph(graph: "nx.Graph", *, strength: str | None = "strength") -> Pairs:
    """Make pairs of a networkx graph; a tie without the attribute is refused rather than counted as one."""
    edges = list(graph.edges(data=True))
    if strength is not None:
        refuse(sum(strength not in d for *_, d in edges), f"without a {strength}", "Make the graph with build_graph")
    people = np.array(sorted(graph), dtype=object)
    at = {person: n for n, person in enumerate(people)}
    a = np.fromiter((at[a] for a, _, _ in edges), dtype="int64", count=len(edges))
    b = np.fromiter((at[b] for _, b, _ in edges), dtype="int64", count=len(edges))
    values = np.ones(len(edges)) if strength is None else np.array([d[strength] for *_, d in edges], dtype="float64")
    return sort_pairs(people, a, b, values)


def sort_pairs(people: np.ndarray, a: np.ndarray, b: np.ndarray, strength: np.ndarray) -> Pairs:
    """Bring pairs into order and refuse those that are none; rows of a sparse matrix are sorted by counting."""
    from scipy.sparse import csr_array

    refuse(int((a == b).sum()), "of a person with themself")
    ends = np.minimum(a, b).astype("int32"), np.maximum(a, b).astype("int32")
    placed = csr_array((np.arange(len(a)), ends), shape=(max(len(people), 1),) * 2)
    refuse(len(a) - placed.nnz, "that stand twice")
    placed.sort_indices()
    first = np.repeat(np.arange(placed.shape[0]), np.diff(placed.indptr))
    return Pairs(people, first, placed.indices.astype("int64"), np.asarray(strength, dtype="float64")[placed.data])


def refuse(n_wrong: int, what: str, instead: str = "Make the ties with collect_ties") -> None:
    """Refuse ties that cannot be what they say they are."""
    if n_wrong:
        raise TableError(f"ties: {n_wrong} rows {what}. {instead}.")


def _texts(ids: pd.Series) -> pd.Series:
    """Read ids as text, those that are numbers as their digits."""
    if pd.api.types.is_numeric_dtype(ids) and len(ids):
        whole = ids.dropna()
        if (whole % 1 != 0).any():
            raise TableError("ties: an id is a number with a fraction. Read ids as text.")
        ids = ids.astype("Int64")
    return ids.astype("str")


def is_no_id(ids: pd.Series) -> pd.Series:
    """Say which ids are none: missing, blank, or what programs write for missing."""
    return ids.isna() | ids.astype("str").str.strip().isin(NO_ID)
