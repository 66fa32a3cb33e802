"""Networks as they may be: in each draw recorded ties may be false, and ties that nobody recorded may exist.

A report is true in draw k for the network exactly where it is true for the matrix (`tables/draws`): one world, however
many analyses. Beyond that a large event ties each pair in it only with that pair's share, and what rests on nothing
strong is true no oftener than the policy's cap.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from csp_toolkit.networks.draws.missing import Places, Unrecorded, draw_missing_people, draw_missing_ties
from csp_toolkit.networks.evidence.pairs import Pairs, pairs_of_table
from csp_toolkit.networks.louvain import find_communities
from csp_toolkit.networks.policy import Doubt
from csp_toolkit.networks.ties import Ties
from csp_toolkit.tables.draws import ORIGIN, TIE, draw_truths, number_names

PAIR = ["person_a", "person_b"]


@dataclass(frozen=True, eq=False)
class Plausible:
    """Many networks that could each be the true one.

    Attributes
    ----------
    pairs : the recorded network; strength is the chance that a tie exists.
    exists : ties by draws, True where a recorded tie exists.
    missing : ties that nobody recorded, by draw.
    hidden, n_hidden : ties of people whom nobody recorded, and how many of these there are at most; nought unless
        asked for.
    doubt, seed : what is taken as missing, and the one source of chance.
    measured : what was measured of these draws already, by measure: people by draws. No network is measured twice.
    """

    pairs: Pairs
    exists: np.ndarray
    missing: Unrecorded
    hidden: Unrecorded
    n_hidden: int
    doubt: Doubt
    seed: int
    measured: dict[str, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    @property
    def n_draws(self) -> int:
        """The number of draws."""
        return int(self.exists.shape[1])

    def __repr__(self) -> str:
        return f"Plausible(people={self.pairs.n}, ties={self.pairs.n_ties}, draws={self.n_draws}, seed={self.seed})"

    def draw(self, k: int) -> Pairs:
        """Return the network of draw k; people nobody recorded stand after the others."""
        kept, more, unknown = self.exists[:, k], self.missing.of(k), self.hidden.of(k)
        first = np.concatenate([self.pairs.first[kept], self.missing.first[more], self.hidden.first[unknown]])
        second = np.concatenate([self.pairs.second[kept], self.missing.second[more], self.hidden.second[unknown]])
        order = np.lexsort((second, first))
        people = self.pairs.people
        if self.n_hidden:
            people = np.concatenate([people, np.array([f"unrecorded {n}" for n in range(self.n_hidden)], dtype=object)])
        return Pairs(people, first[order], second[order], np.ones(len(order)))


def vary_ties(
    ties: Ties, *, seed: int, draws: int | None = None, people: Iterable[str] = (), missing_people: bool = False,
) -> Plausible:  # fmt: skip
    """Draw networks in which each tie exists as surely as its evidence makes it.

    Parameters
    ----------
    ties : what `collect_ties` returned.
    seed : the one source of chance, the same for every analysis of a meeting.
    draws : how many; the policy's number by default.
    people : who is in the network even without a tie.
    missing_people : whether people whom nobody recorded are drawn as well.
    """
    doubt = ties.policy.doubt
    pairs = pairs_of_table(ties.table, people=people)
    span = range(draws or doubt.draws)
    exists = _draw_evidence(ties, span, seed=seed)
    order = ties.table.reset_index(drop=True).sort_values(PAIR, kind="stable").index.to_numpy()
    return _with_unrecorded(pairs, exists[order], doubt, span, seed=seed, missing_people=missing_people)


def vary_pairs(
    pairs: Pairs, doubt: Doubt, *, seed: int, draws: int | None = None, missing_people: bool = False
) -> Plausible:  # fmt: skip
    """Draw networks from pairs whose strength is the chance that they exist, each by itself."""
    span = range(draws or doubt.draws)
    names = [f"{a}\0{b}" for a, b in zip(pairs.people[pairs.first], pairs.people[pairs.second], strict=True)]
    exists = draw_truths(number_names(TIE, names, seed=seed), pairs.strength, span)
    return _with_unrecorded(pairs, exists, doubt, span, seed=seed, missing_people=missing_people)


def with_missing_people(plausible: Plausible) -> Plausible:
    """Return the same draws with people in them whom nobody recorded."""
    places = _places(plausible.pairs, plausible.doubt, plausible.seed)
    hidden, n_hidden = draw_missing_people(
        places, plausible.doubt.missing_people, range(plausible.n_draws), seed=plausible.seed
    )
    return replace(plausible, hidden=hidden, n_hidden=n_hidden)


def _with_unrecorded(
    pairs: Pairs, exists: np.ndarray, doubt: Doubt, span: range, *, seed: int, missing_people: bool
) -> Plausible:  # fmt: skip
    places = _places(pairs, doubt, seed)
    missing = draw_missing_ties(places, doubt.missing_ties, span, seed=seed)
    nobody = draw_missing_ties(places, 0.0, span, seed=seed)
    made = Plausible(pairs, exists, missing, nobody, 0, doubt, seed)
    return with_missing_people(made) if missing_people else made


def _places(pairs: Pairs, doubt: Doubt, seed: int) -> Places:
    return Places.of(pairs, find_communities(pairs, seed=seed), doubt)


def _draw_evidence(ties: Ties, span: range, *, seed: int) -> np.ndarray:
    """Draw which ties exist, in the order of the table."""
    rows = _best_of_origins(ties)
    true = np.ones((len(rows), len(span)), dtype=bool)
    shared = np.ones(len(rows))
    for name, chance in (("truth_a", "p_a"), ("truth_b", "p_b")):
        is_named = rows[name].ne("").to_numpy()
        sources, at = np.unique(rows.loc[is_named, name].to_numpy(object), return_inverse=True)
        numbers = number_names(ORIGIN, sources, seed=seed)
        p = rows.loc[is_named, chance].to_numpy("float64")
        true[is_named] &= draw_truths(numbers[at], p, span)
        shared[is_named] *= p
    names = rows["person_a"] + "\0" + rows["person_b"] + "\0" + rows["origin_id"]
    own = np.clip(rows["p_true"].to_numpy("float64") / shared, 0.0, 1.0)
    true &= draw_truths(number_names(TIE, names, seed=seed), own, span)
    at = pd.MultiIndex.from_frame(ties.table[PAIR]).get_indexer(pd.MultiIndex.from_frame(rows[PAIR]))
    exists = np.zeros((len(ties.table), len(span)), dtype=bool)
    np.logical_or.at(exists, at, true)
    return exists & _draw_caps(ties.table, rows, at, span, seed=seed)


def _draw_caps(table: pd.DataFrame, rows: pd.DataFrame, at: np.ndarray, span: range, *, seed: int) -> np.ndarray:
    """Draw where the cap on what rests on nothing strong lets a tie stand, so that its share of draws is its chance."""
    doubt = np.ones(len(table))
    np.multiply.at(doubt, at, 1.0 - rows["p_true"].to_numpy("float64"))
    stands = np.clip(table["p_exists"].to_numpy("float64") / np.maximum(1.0 - doubt, 1e-12), 0.0, 1.0)
    names = table["person_a"] + "\0" + table["person_b"] + "\0cap"
    return np.asarray(draw_truths(number_names(TIE, names, seed=seed), np.where(stands > 1 - 1e-5, 1.0, stands), span))


def _best_of_origins(ties: Ties) -> pd.DataFrame:
    """Keep of each origin in a pair the surest item: an origin is one voice."""
    counted = ties.evidence[(ties.evidence["is_in_measures"] == "Y") & (ties.evidence["p_true"] > 0)]
    rows = counted.sort_values(
        [*PAIR, "origin_id", "p_true", "kind", "item_ref"], ascending=[True, True, True, False, True, True],
        kind="stable",
    )  # fmt: skip
    return rows.drop_duplicates([*PAIR, "origin_id"])
