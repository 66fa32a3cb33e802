"""The same list through other weights one could defend: a place that holds under many of them is robust.

    seen = csp.look_through(scores, view, csp.read_lenses())
    seen.table        # person_id, rank, lens_count, and the rank under each lens

A lens changes what an item weighs, never who may be scored: gates, windows, outcomes, grades and the event, origin and
two-origins rules stay, and criterion caps move with the points of their criterion. It never replaces the matrix; where
two lenses disagree the meeting has something to talk about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.errors import ParamsError
from csp_toolkit.params import Policy, policy_files, read_policy
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ONE, Basis, ten_thousandths
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.standings import Standing
from csp_toolkit.scoring.what_if.tallies import Caps, Evidence, round_points
from csp_toolkit.tables.view import View

_SHOWN = 15
_PROACTIVE = "PROACTIVE"


class Lens(Policy):
    """One other set of weights.

    `points` are those of one item of a criterion; a criterion not named keeps the matrix's. `equal_domains` scales
    every domain to the same cap. `leaves_out` names bases that count nothing, `leaves_out_proactive` crimes that police
    work brought to light.
    """

    title: str
    in_short: str
    points: dict[str, Annotated[float, Field(gt=0, le=1000)]] = {}
    equal_domains: bool = False
    leaves_out: tuple[Basis, ...] = ()
    leaves_out_proactive: bool = False


def read_lenses(folder: Path | None = None) -> tuple[Lens, ...]:
    """Read every lens there is, from a workspace's `params` folder or the package, in order of name."""
    return tuple(read_policy(path, Lens) for path in policy_files("lenses", folder).values())


@dataclass(frozen=True, eq=False)
class Lenses:
    """The ranked under every lens.

    Attributes
    ----------
    table : person_id, rank (the list's own), lens_count (under how many lenses the person is within the first
        places), and one column per lens with the rank under it; missing where nothing of theirs counts under it.
    scores : lens, person_id, points (ten-thousandths): what those ranks were made from.
    lenses, as_of, places : the settings.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    lenses: tuple[Lens, ...]
    as_of: date
    places: int

    def explain(self, person_id: str) -> str:
        """Say in one sentence under which lenses a person is within the first places."""
        row = self.table.set_index("person_id").loc[person_id]
        holds = [lens.in_short for lens in self.lenses if pd.notna(row[lens.name]) and row[lens.name] <= self.places]
        fails = [lens.in_short for lens in self.lenses if lens.in_short not in holds]
        said = f"Within the first {self.places} under {len(holds)} of {len(self.lenses)} weight sets"
        return f"{said}{'; not ' + ', nor '.join(fails) if fails and holds else ''}."

    def _repr_html_(self) -> str:
        shown = self.table[self.table["rank"].le(_SHOWN) | self.table["lens_count"].gt(0)]
        headings = (
            Heading("rank", "Rank", kind="whole"), Heading("person_id", "Person", is_row_header=True),
            Heading("lens_count", "Lenses", f"of {len(self.lenses)}", kind="whole"),
            *(Heading(lens.name, lens.name.replace("_", " "), kind="whole") for lens in self.lenses),
        )  # fmt: skip
        return str(format_table(
            shown, headings, table_id="lenses",
            caption=f"Rank under each of {len(self.lenses)} weight sets, as at {self.as_of}.",
            caption_note=f"Lenses: under how many a person is within the first {self.places}.",
        ))  # fmt: skip

    def __repr__(self) -> str:
        n_always = int(self.table["lens_count"].eq(len(self.lenses)).sum())
        return f"Lenses(lenses={len(self.lenses)}, people={len(self.table)}, always_placed={n_always})"


def look_through(scores: Scores, view: View, lenses: Sequence[Lens]) -> Lenses:
    """Rank everyone of the ranked block under each lens.

    Parameters
    ----------
    view : the view that was scored; it says which crimes police work brought to light.
    """
    standing = Standing.of(scores)
    factors = [_list_factors(lens, scores.matrix) for lens in lenses]
    caps = _stack_caps(factors, lenses, scores.matrix)
    crimes = view["crimes"]
    found = frozenset(crimes.loc[crimes["detection"].eq(_PROACTIVE), "crime_ref"])
    points = np.array([
        standing.evidence[person].tally(_reweigh(standing.evidence[person], lenses, factors, found), caps)[0]
        for person in standing.people
    ], dtype=np.int64).reshape(len(standing.people), len(lenses))  # fmt: skip
    above = (points[None, :, :] > points[:, None, :]).sum(axis=1)
    ranks = pd.DataFrame(above + 1, columns=[lens.name for lens in lenses]).astype("Int64").mask(points == 0)
    table = pd.DataFrame({"person_id": list(standing.people), "rank": standing.ranks})
    table["lens_count"] = ranks.le(standing.places).fillna(False).sum(axis="columns")  # noqa: FBT003 (no rank, no place)
    long = pd.DataFrame({
        "lens": np.repeat([lens.name for lens in lenses], len(standing.people)),
        "person_id": np.tile(np.array(standing.people, dtype=object), len(lenses)), "points": points.T.reshape(-1),
    }).astype({"lens": "str", "person_id": "str"})  # fmt: skip
    table = table.astype({"person_id": "str", "rank": "Int64", "lens_count": "Int64"})
    return Lenses(pd.concat([table, ranks], axis="columns"), long, tuple(lenses), scores.as_of, standing.places)


def _list_factors(lens: Lens, matrix: Matrix) -> list[Fraction]:
    """Return by how much a lens multiplies the points of each criterion."""
    unknown = sorted(set(lens.points) - set(matrix.by_id))
    if unknown:
        raise ParamsError(f"lens {lens.name}: the matrix has no criterion {', '.join(unknown)}. Name those it has.")
    third = Fraction(sum(ten_thousandths(d.cap) for d in matrix.domains), len(matrix.domains))
    equal = {d.id: third / ten_thousandths(d.cap) if lens.equal_domains else Fraction(1) for d in matrix.domains}
    return [
        equal[c.domain] * Fraction(round(lens.points.get(c.id, c.base) * ONE), ten_thousandths(c.base))
        for c in matrix.criteria
    ]


def _stack_caps(factors: Sequence[Sequence[Fraction]], lenses: Sequence[Lens], matrix: Matrix) -> Caps:
    """Stack the caps under each lens, one row a lens: a criterion's moves with its points."""
    plain = Caps.of(matrix)
    criteria = [[_multiply(int(cap), by) for cap, by in zip(plain.criteria, own, strict=True)] for own in factors]
    third = _multiply(int(plain.domains.sum()), Fraction(1, len(plain.domains)))
    domains = [[third] * len(plain.domains) if lens.equal_domains else plain.domains.tolist() for lens in lenses]
    return Caps(np.array(criteria), np.array(domains), plain.intelligence, plain.domain_of)


def _reweigh(
    evidence: Evidence, lenses: Sequence[Lens], factors: Sequence[Sequence[Fraction]], found: frozenset[str]
) -> np.ndarray:
    """Return one person's points under each lens: (lenses, items)."""
    up, down = (np.array([[getattr(by, part) for by in own] for own in factors], dtype=np.int64)[:, evidence.criterion]
                for part in ("numerator", "denominator"))  # fmt: skip
    base = evidence.rows["base"].to_numpy(dtype=np.int64)
    points = round_points(evidence.rows, (base * up * 2 + down) // (2 * down))
    basis = evidence.rows["basis"].tolist()
    was_found = np.array([ref in found for ref in evidence.refs])
    is_out = np.array([[one in lens.leaves_out for one in basis] for lens in lenses])
    return np.where(is_out | (np.array([[lens.leaves_out_proactive] for lens in lenses]) & was_found), 0, points)


def _multiply(whole: int, by: Fraction) -> int:
    """Multiply whole ten-thousandths and round half-up."""
    return int(whole * by + Fraction(1, 2))
