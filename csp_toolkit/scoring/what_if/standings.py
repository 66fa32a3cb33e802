"""The ranked block as it stands, and how it would stand if something about it were otherwise.

A *version* is one what-if: some people's scores in it, everybody else as they are. Whoever a gate would leave out in it
has no place. Ranks are shared by equals, as in the list itself: a person is within the first ten while fewer than ten
people have more points.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from csp_toolkit.errors import CheckFailed
from csp_toolkit.scoring.blocks import RANKED
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.tallies import Caps, Evidence, gather_evidence

OUT = -1
"""The score of somebody who has none: left out by a gate, or without a point."""
_MANY = 2_000_000
_READ: "WeakKeyDictionary[Scores, Standing]" = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Cited:
    """What the register cites for one person and gate g3 may rely on, one row a reference."""

    refs: np.ndarray
    origin: np.ndarray
    is_strong: np.ndarray
    is_new: np.ndarray

    def shows(self, counts: np.ndarray, strong: np.ndarray, matrix: Matrix) -> np.ndarray:
        """Say in which versions inclusion is shown; `counts` and `strong` are (versions, references)."""
        origins = [counts[:, self.origin == origin].any(axis=1) for origin in np.unique(self.origin)]
        n_origins = np.sum(origins, axis=0) if origins else np.zeros(len(counts), dtype=int)
        shown = (counts.sum(axis=1) >= matrix.gates.min_items) & (n_origins >= matrix.gates.min_origins)
        return np.asarray(shown & (counts & strong).any(axis=1) & (counts & self.is_new).any(axis=1))


@dataclass(frozen=True, eq=False)
class Standing:
    """Everyone ranked, best first: who, how many points, on what evidence and what citations.

    `places` is how many places the list has: the cut lies below them.
    """

    people: tuple[str, ...]
    points: np.ndarray
    evidence: Mapping[str, Evidence]
    cited: Mapping[str, Cited]
    matrix: Matrix
    caps: Caps
    places: int

    @classmethod
    def of(cls, scores: Scores) -> "Standing":
        """Read the ranked block of a meeting's scores, once; refuse if its evidence does not add up to them again."""
        if scores not in _READ:
            _READ[scores] = cls._read(scores)
        return _READ[scores]

    @classmethod
    def _read(cls, scores: Scores) -> "Standing":
        ranked = scores.table[scores.table["block"].eq(RANKED)]
        people = tuple(ranked["person_id"])
        items = scores.items[scores.items["person_id"].isin(people)]
        cited = scores.cited[scores.cited["person_id"].isin(people) & scores.cited["does_count"].eq(True)]  # noqa: FBT003
        caps = Caps.of(scores.matrix)
        evidence = gather_evidence(items, scores.matrix, as_of=scores.as_of)
        standing = cls(people, ranked["score"].to_numpy(dtype=np.int64), evidence, _part_cited(cited, people),
                       scores.matrix, caps, scores.matrix.movement.top)  # fmt: skip
        again = [int(evidence[who].tally(evidence[who].points[None, :], caps)[0][0]) for who in people]
        if again != standing.points.tolist():
            raise CheckFailed("The evidence does not add up to the scores it was taken from. Report this fault.")
        return standing

    @property
    def ranks(self) -> np.ndarray:
        """Return everybody's rank; equals share it."""
        return self.place(self.points)

    def place(self, points: np.ndarray) -> np.ndarray:
        """Return the rank so many points have beside everyone as they stand: one more than those with more."""
        return 1 + len(self.points) - np.searchsorted(np.sort(self.points), points, side="right")

    def reckon(self, person: str, points: np.ndarray, unlocked: np.ndarray | None = None) -> np.ndarray:
        """Return one person's score in many versions of their evidence, and `OUT` where gate g6 would leave them out.

        Parameters
        ----------
        points : (versions, items). unlocked : as `Evidence.tally` takes it.
        """
        score, is_fresh = self.evidence[person].tally(points, self.caps, unlocked=unlocked)
        return np.where(is_fresh & (score > 0), score, OUT)

    def shows(self, person: str, counts: np.ndarray, strong: np.ndarray | None = None) -> np.ndarray:
        """Say in which versions of what is cited for a person gate g3 lets them pass.

        Parameters
        ----------
        counts, strong : (versions, references): what counts, and what is strong, else as it is now.
        """
        cited = self.cited[person]
        return cited.shows(counts, np.broadcast_to(cited.is_strong, counts.shape) if strong is None else strong,
                           self.matrix)  # fmt: skip

    def lose(self, person: str, refs: Sequence[Iterable[str]], gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return one person's score where some of their records have fallen, and whether inclusion is still shown.

        Parameters
        ----------
        refs : for each unit that may fall, its records. gone : (versions, units).
        """
        unit = {ref: place for place, own in enumerate(refs) for ref in own}
        lost = np.c_[gone, np.zeros(len(gone), dtype=bool)]
        of_items, of_cited = (np.array([unit.get(ref, len(refs)) for ref in own], dtype=np.int64)
                              for own in (self.evidence[person].refs, self.cited[person].refs))  # fmt: skip
        points = np.where(lost[:, of_items], 0, self.evidence[person].points)
        return self.reckon(person, points), self.shows(person, ~lost[:, of_cited])

    def rerank(self, versions: "Versions") -> "Outcomes":
        """Place everybody in each version."""
        parts = [self._rerank(part) for part in versions.part(max(1, _MANY // max(len(self.people), 1)))]
        counts, moves = (pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True))
        return Outcomes(counts, moves)

    def _rerank(self, versions: "Versions") -> tuple[pd.DataFrame, pd.DataFrame]:
        old, base, was_in = self.points, self.ranks, self.ranks <= self.places
        version, person, new = versions.version, versions.person, versions.points
        ranks = np.repeat(base[None, :], versions.n, axis=0)
        np.add.at(
            ranks, version, (new[:, None] > old[None, :]).astype(np.int64) - (old[person][:, None] > old[None, :])
        )
        # Whoever's points change meets the others of their version by what those have there, not their own old self.
        meets = pd.DataFrame({"version": version, "at": np.arange(len(version))})
        meets = meets.merge(meets, on="version", suffixes=("", "_other"))
        at, other = meets["at"].to_numpy(), meets["at_other"].to_numpy()
        placed = self.place(new)
        np.add.at(placed, at, (new[other] > new[at]).astype(np.int64) - (old[person[other]] > new[at]))
        ranks[version, person] = placed

        is_out = np.zeros_like(ranks, dtype=bool)
        is_out[version[new == OUT], person[new == OUT]] = True
        is_in = (ranks <= self.places) & ~is_out
        moved = (ranks != base) | is_out
        rows, columns = np.nonzero(moved)
        counts = {"n_left": (was_in & ~is_in).sum(axis=1), "n_entered": (is_in & ~was_in).sum(axis=1),
                  "n_moved": moved.sum(axis=1)}  # fmt: skip
        moves = {"version": rows + versions.start, "person_id": np.array(self.people, dtype=object)[columns],
                 "rank_before": base[columns], "rank_after": ranks[rows, columns], "is_out": is_out[rows, columns],
                 "was_in": was_in[columns], "is_in": is_in[rows, columns]}  # fmt: skip
        return pd.DataFrame(counts), pd.DataFrame(moves).astype({"person_id": "str"})


@dataclass(frozen=True, eq=False)
class Versions:
    """What-ifs `start` to `start + n`, one row a person whose points differ in one, in order of version."""

    n: int
    version: np.ndarray
    person: np.ndarray
    points: np.ndarray
    start: int = 0

    def part(self, most: int) -> Iterator["Versions"]:
        """Part them into runs of at most so many versions, numbered from nought within each."""
        for start in range(0, max(self.n, 1), most):
            end = min(start + most, self.n)
            own = slice(*np.searchsorted(self.version, [start, end]))
            yield Versions(end - start, self.version[own] - start, self.person[own], self.points[own], start)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What each version does to the list.

    Attributes
    ----------
    counts : one row a version: n_left and n_entered of the first ten, n_moved of everyone ranked.
    moves : version, person_id, rank_before, rank_after, is_out, was_in, is_in: everyone whose rank differs. Of somebody
        who is out, `rank_after` is no rank.
    """

    counts: pd.DataFrame
    moves: pd.DataFrame


def _part_cited(cited: pd.DataFrame, people: Sequence[str]) -> dict[str, Cited]:
    by = dict(tuple(cited.groupby("person_id")))
    none = cited.iloc[:0]
    return {person: _read_cited(by.get(person, none)) for person in people}


def _read_cited(rows: pd.DataFrame) -> Cited:
    is_new = rows["after"].isna() | (rows["event_on"] > rows["after"])
    return Cited(rows["ref"].to_numpy(dtype=object), rows["origin_id"].to_numpy(dtype=object),
                 rows["is_strong"].to_numpy(dtype=bool), is_new.to_numpy(dtype=bool))  # fmt: skip
