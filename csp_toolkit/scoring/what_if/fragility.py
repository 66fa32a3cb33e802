"""What each place in the first ten rests on: the smallest sets of records whose loss drops a person below the cut.

    weak = csp.find_fragility(scores)                   # one record at a time: the report, the crime, the order
    weak = csp.find_fragility(scores, unit="origin")    # everything that came from one origin falls together

A record falls for everybody it counts for. What it had retired comes back, caps fill up again, a lone report for which
it was the second origin stops counting, and whoever's inclusion it showed may be left out. Everybody else stays as they
are. Sets of one, two and three are found exactly; of a larger set only its existence is left open.

This says what a place rests on. It does not say that any of it is wrong, nor how likely that is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.scoring.ranking import Scores, print_points
from csp_toolkit.scoring.what_if.search import INCLUSION, MOST, hold, search
from csp_toolkit.scoring.what_if.standings import Standing

Unit = Literal["record", "origin"]
SET_COLUMNS = ("person_id", "set_no", "route", "n_units", "refs", "points_after", "rank_after")
SEAT_COLUMNS = (
    "person_id", "rank", "score", "points_above", "n_least", "n_ones", "n_twos", "n_threes", "n_cited", "n_least_cited",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Fragility:
    """What the first ten of the ranked rest on.

    Attributes
    ----------
    table : one row a seat (`SEAT_COLUMNS`). `points_above` is how many ten-thousandths the person has above the cut,
        missing where too few are ranked for one; `n_least` the size of the smallest set whose points they cannot do
        without, missing where no three suffice, and then how many sets there are of each size of which no part
        suffices; `n_cited` how much the register cites for them that counts, and `n_least_cited` the size of the
        smallest set without which that no longer shows inclusion.
    sets : those sets (`SET_COLUMNS`). `refs` are their records, parted by "; ". `route` says how the place goes:
        ``points``, ``freshness`` (gate g6, nothing recent left) or ``inclusion`` (gate g3); where it is points,
        `points_after` and `rank_after` are what is left.
    unit : what falls at a time. as_of, places : the settings.
    """

    table: pd.DataFrame
    sets: pd.DataFrame
    unit: Unit
    as_of: date
    places: int

    def explain(self, person_id: str) -> str:
        """Say in a sentence or two what a seat rests on, in counts."""
        found = self.table[self.table["person_id"].eq(person_id)]
        if found.empty:
            raise TableError("Nobody of that person_id is within the first ten of the ranked.")
        row = found.iloc[0]
        said = f"Place {row['rank']} holds without any {MOST} {self.unit}s."
        if pd.notna(row["n_least"]):
            least = int(row["n_least"])
            n_ways = int(row[("n_ones", "n_twos", "n_threes")[least - 1]])
            said = f"Place {row['rank']} rests on {least} {self.unit}{'' if least == 1 else 's'}"
            said += "." if n_ways == 1 else f", in {n_ways} ways."
        if pd.notna(row["n_least_cited"]):
            said += f" Inclusion needs {row['n_least_cited']} of the {row['n_cited']} the register cites."
        return said

    def _repr_html_(self) -> str:
        from csp_toolkit.display.formatted import Heading, format_table

        shown = self.table.assign(
            score=self.table["score"].map(print_points),
            points_above=self.table["points_above"].map(print_points, na_action="ignore"),
        )
        headings = (
            Heading("rank", "Rank", kind="whole"), Heading("person_id", "Person", is_row_header=True),
            Heading("score", "Points"), Heading("points_above", "Above the cut", "points"),
            Heading("n_ones", "One", "sets", kind="whole"), Heading("n_twos", "Two", "sets", kind="whole"),
            Heading("n_threes", "Three", "sets", kind="whole"), Heading("n_cited", "Cited", kind="whole"),
            Heading("n_least_cited", "Least of them", kind="whole"),
        )  # fmt: skip
        return str(format_table(
            shown, headings, table_id=f"fragility-{self.unit}",
            caption=f"What the first {self.places} rest on as at {self.as_of}, by {self.unit}.",
            caption_note="Sets without which the place goes, of which no part suffices.",
        ))  # fmt: skip

    def __repr__(self) -> str:
        n_alone = int(self.table["n_ones"].gt(0).sum())
        return f"Fragility(unit={self.unit!r}, seats={len(self.table)}, resting_on_one={n_alone})"


def find_fragility(scores: Scores, *, unit: Unit = "record") -> Fragility:
    """Find the smallest sets of records whose loss drops each of the first ten below the cut.

    Parameters
    ----------
    scores : what `score` returned.
    unit : ``record``, each report, crime, order or link by itself; ``origin``, all that came from one origin together.

    Notes
    -----
    Below the cut means that ten people or more have more points, or that a gate leaves the person out. Equals share a
    rank, so whoever ties with the tenth keeps a place. Only a person's own records are tried: losing another's can
    only help them.
    """
    standing = Standing.of(scores)
    units = name_units(standing, unit)
    seats: list[tuple[object, ...]] = []
    found: list[dict[str, object]] = []
    for person, rank, points in zip(standing.people, standing.ranks, standing.points, strict=True):
        if rank > standing.places:
            continue
        sets = list(search(standing, hold(standing, person, units)))
        seats.append((person, int(rank), int(points), _count_above_cut(standing, person), *_sum_up(sets),
                      len(standing.cited[person].refs), _least(sets, is_inclusion=True)))  # fmt: skip
        found += [{"person_id": person, "set_no": number, **one} for number, one in enumerate(sets, start=1)]
    text = ("person_id", "route", "refs")
    table, frame = (
        pd.DataFrame(rows, columns=list(names)).astype({name: "str" if name in text else "Int64" for name in names})
        for rows, names in ((seats, SEAT_COLUMNS), (found, SET_COLUMNS))
    )
    return Fragility(table, frame, unit, scores.as_of, standing.places)


def name_units(standing: Standing, unit: Unit) -> dict[str, str]:
    """Return what each record falls with: itself, or its origin."""
    units: dict[str, str] = {}
    for person in standing.people:
        rows, cited = standing.evidence[person].rows, standing.cited[person]
        pairs = [*zip(rows["item_id"], rows["origin_id"], strict=True), *zip(cited.refs, cited.origin, strict=True)]
        for ref, origin in pairs:
            units.setdefault(ref, origin if unit == "origin" else ref)
    return units


def _sum_up(sets: list[dict[str, object]]) -> tuple[int | None, ...]:
    sizes = [one["n_units"] for one in sets if one["route"] != INCLUSION]
    return (_least(sets, is_inclusion=False), *(sizes.count(size) for size in range(1, MOST + 1)))


def _least(sets: list[dict[str, object]], *, is_inclusion: bool) -> int | None:
    return min((int(str(one["n_units"])) for one in sets if (one["route"] == INCLUSION) == is_inclusion), default=None)


def _count_above_cut(standing: Standing, person: str) -> int | None:
    """Return how many points more a person has than the highest with no place: losing as many, they still tie."""
    own = standing.people.index(person)
    others = pd.Series(standing.points).drop(own).nlargest(standing.places)
    return None if len(others) < standing.places else int(standing.points[own] - others.iloc[-1])
