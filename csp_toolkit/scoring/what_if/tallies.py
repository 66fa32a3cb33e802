"""One person's evidence under many what-ifs at once: the rules of the ledger, counted without writing a ledger.

`points.award_points` says row by row what counts; this adds up, exactly as it does, for thousands of versions of the
same items: one lost, three lost, one graded otherwise. The event rule, the origin rule, the rule of two origins and
the caps all hold in each version, so what a lost item had retired comes back and a cap fills up again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import BASES, ten_thousandths
from csp_toolkit.scoring.points import weigh_items

_INTELLIGENCE = BASES.index("intelligence")
_PRODUCT = 1000**3


@dataclass(frozen=True, eq=False)
class Caps:
    """What bounds a sum, in ten-thousandths: by criterion, by domain, and for all intelligence together.

    With one row a version, each version of a tally is held to its own.
    """

    criteria: np.ndarray
    domains: np.ndarray
    intelligence: int
    domain_of: np.ndarray

    @classmethod
    def of(cls, matrix: Matrix) -> "Caps":
        """Read the caps of a matrix, in its own order of criteria and domains."""
        places = {domain.id: place for place, domain in enumerate(matrix.domains)}
        return cls(
            np.array([ten_thousandths(c.cap) for c in matrix.criteria]),
            np.array([ten_thousandths(d.cap) for d in matrix.domains]),
            ten_thousandths(matrix.intelligence_cap),
            np.array([places[c.domain] for c in matrix.criteria]),
        )


@dataclass(frozen=True, eq=False)
class Evidence:
    """One person's items that weigh anything, as arrays of one row each, `rows` as `points.weigh_items` gives them.

    `refs` are their item_ids; `points` those of each item before any rule; `criterion` its place in the matrix;
    `event` and `bucket` number the groups of which one item counts; `is_asking` marks what needs a second origin;
    `tie` puts equals in order.
    """

    person_id: str
    rows: pd.DataFrame
    refs: np.ndarray
    points: np.ndarray
    criterion: np.ndarray
    is_report: np.ndarray
    is_asking: np.ndarray
    is_fresh: np.ndarray
    event: np.ndarray
    bucket: np.ndarray
    origin: np.ndarray
    tie: np.ndarray

    def tally(self, points: np.ndarray, caps: Caps, *, unlocked: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
        """Add up many versions of the items.

        Parameters
        ----------
        points : (versions, items), whole ten-thousandths; an item of no points is not there.
        unlocked : versions in which a second origin is known to bear out what asks for one.

        Returns
        -------
        The score of each version, and whether anything that counts in it is fresh enough for gate g6.
        """
        there = points > 0
        n = points.shape[1]
        strength = np.where(there, points * n + self.tie, -1)
        first = there & _is_first(strength, self.event)
        reported = first & self.is_report
        counts = (first & ~self.is_report) | (reported & _is_first(np.where(reported, strength, -1), self.bucket))
        for criterion in np.unique(self.criterion[self.is_asking]):
            asking = self.criterion == criterion
            seen = [there[:, asking & (self.origin == origin)].any(axis=1) for origin in set(self.origin[asking])]
            alone = np.sum(seen, axis=0) < 2
            if unlocked is not None:
                alone &= ~unlocked
            counts &= ~(alone[:, None] & (asking & self.is_report)[None, :])
        return self._add_up(np.where(counts, points, 0), caps), (counts & self.is_fresh).any(axis=1)

    def _add_up(self, counted: np.ndarray, caps: Caps) -> np.ndarray:
        """Fill the caps: facts first, then intelligence, by criterion, by domain, and intelligence as a whole."""
        facts, reports = (_sum_by(counted * mask, self.criterion, caps.criteria.shape[-1])
                          for mask in (~self.is_report, self.is_report))  # fmt: skip
        facts = np.minimum(facts, caps.criteria)
        reports = np.minimum(reports, caps.criteria - facts)
        facts, reports = (_sum_by(part, caps.domain_of, caps.domains.shape[-1]) for part in (facts, reports))
        facts = np.minimum(facts, caps.domains)
        reports = np.minimum(reports, caps.domains - facts)
        return facts.sum(axis=1) + np.minimum(reports.sum(axis=1), caps.intelligence)


def round_points(rows: pd.DataFrame, base: np.ndarray) -> np.ndarray:
    """Return the points of weighed items on another base (ten-thousandths), rounded half-up once.

    `rows` are as `points.weigh_items` gives them.
    """
    evidence, recency, role = (rows[name].to_numpy(dtype=np.int64)
                               for name in ("evidence_factor", "recency_factor", "role_factor"))  # fmt: skip
    return round_product(base * evidence * recency * role)


def round_product(product: np.ndarray) -> np.ndarray:
    """Return base x evidence x recency x role, three factors of them in thousandths, in ten-thousandths, half-up."""
    return np.asarray((product + _PRODUCT // 2) // _PRODUCT)


def gather_evidence(items: pd.DataFrame, matrix: Matrix, *, as_of: date) -> dict[str, Evidence]:
    """Weigh items and gather them person by person; whoever has nothing that weighs is not among them."""
    weighed = nw.to_native(weigh_items(nw.from_native(items), matrix, as_of))
    return dict(_part(weighed, matrix, as_of))


def _part(weighed: pd.DataFrame, matrix: Matrix, as_of: date) -> Iterator[tuple[str, Evidence]]:
    order = ["person_id", "basis_order", "item_id", "criterion"]
    rows = weighed.sort_values(order, kind="stable", ignore_index=True)
    places = {c.id: place for place, c in enumerate(matrix.criteria)}
    criterion = rows["criterion"].map(places).to_numpy(dtype=np.int64)
    asks = np.array([c.min_origins > 1 for c in matrix.criteria])
    is_report = rows["basis_order"].to_numpy() == _INTELLIGENCE
    day = rows["day"].to_numpy(dtype=np.int64)
    bucket = (day - matrix.origin_bucket.counted_from.toordinal()) // matrix.origin_bucket.days
    event = pd.factorize(pd.MultiIndex.from_arrays([rows["event_id"], rows["domain"]]))[0]
    origin = pd.factorize(rows["origin_id"])[0]
    origins = pd.factorize(pd.MultiIndex.from_arrays([origin, bucket]))[0]
    points = rows["points"].to_numpy(dtype=np.int64)
    is_fresh = as_of.toordinal() - day <= matrix.gates.fresh_days
    people, refs = (rows[name].to_numpy(dtype=object) for name in ("person_id", "item_id"))
    bounds = np.flatnonzero(np.r_[True, people[1:] != people[:-1], True]) if len(rows) else np.array([0])
    for start, end in zip(bounds[:-1], bounds[1:], strict=True):
        own = slice(start, end)
        yield str(people[start]), Evidence(
            str(people[start]), rows.iloc[own], refs[own], points[own], criterion[own], is_report[own],
            asks[criterion[own]], is_fresh[own], event[own], origins[own], origin[own],
            np.arange(end - start)[::-1].copy(),
        )  # fmt: skip


def _is_first(strength: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Say which is the strongest of its group, version by version."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    if len(starts) == len(group):
        return np.ones_like(strength, dtype=bool)
    best = np.maximum.reduceat(strength[:, order], starts, axis=1)
    return strength == best[:, np.searchsorted(ordered[starts], group)]


def _sum_by(values: np.ndarray, group: np.ndarray, n_groups: int) -> np.ndarray:
    """Add columns up by group: (versions, groups)."""
    summed = np.zeros((len(values), n_groups), dtype=np.int64)
    for name in np.unique(group):
        summed[:, name] = values[:, group == name].sum(axis=1)
    return summed
