"""Do two people who apply the matrix to the same cases come to the same, and does the matrix come to what they do.

Points by intraclass correlation, bands by weighted kappa, each with its interval; criterion by criterion, and in all.
Where it is low the words of a criterion are at fault at least as often as a rater: it is the cards that are mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from csp_toolkit.display.wording import check_sentence, join_in_words
from csp_toolkit.errors import TableError
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths
from csp_toolkit.scoring.ranking import AMBER, GREEN, RED
from csp_toolkit.scoring.review.agreement import correlate_raters, fleiss_kappa, weigh_kappa
from csp_toolkit.scoring.review.policy import ValidityPolicy
from csp_toolkit.scoring.review.second_rating import SecondRating, list_rated, read_ratings
from csp_toolkit.tables.intervals import NOTHING, Interval

RATERS, MATRIX = BETWEEN = ("raters", "raters and matrix")
TOTAL = "total"
BANDS = ("none", GREEN, AMBER, RED)
COLUMNS = ("between", "of", "figure", "value", "low", "high", "n_people", "n_left_out")
_INTRACLASS = ("ICC(2,1)", "ICC(3,1)", "ICC(2,k)")


@dataclass(frozen=True, eq=False)
class RaterAgreement:
    """How far raters agree with each other and with the matrix.

    Attributes
    ----------
    table : one row a figure (`COLUMNS`): `between` the raters, or their mean and the matrix; `of` a criterion or the
        total. `n_left_out` counts people one rater left open: unknown is not nought.
    raters : how many. policy : the settings.
    """

    table: pd.DataFrame
    raters: int
    policy: ValidityPolicy

    def explain(self, of: str = TOTAL) -> str:
        """Say in a few sentences how far raters agree on a criterion, or on the total."""
        rows = self.table[self.table["of"].eq(of)]
        if rows.empty:
            raise TableError("No criterion of the form is called so.")
        return " ".join(check_sentence(self._say(row)) for row in rows.to_dict("records"))

    @property
    def cautions(self) -> list[str]:
        """Return a caution for each figure of the raters below the policy's least, and what nothing can be said of."""
        own = self.table[self.table["between"].eq(RATERS) & self.table["figure"].isin(("ICC(2,1)", "kappa, linear"))]
        said = [
            f"Caution: {row.of}, {row.figure} is {row.value:.2f}, below {self.policy.caution_below:.2f}. Look at the "
            "words of what counts before using the figure."
            for row in own[own["value"] < self.policy.caution_below].itertuples()
        ]
        alike = own.loc[own["value"].isna(), "of"].tolist()
        if alike:
            said.append(f"Nothing can be said of {join_in_words(alike)}: too few are rated, or all are rated alike.")
        return said

    def _say(self, row: dict[str, object]) -> str:
        who = f"{self.raters} raters" if row["between"] == RATERS else "the raters' mean and the matrix"
        if pd.isna(row["value"]):
            return f"{row['of']}, {row['figure']} between {who}: nothing can be said of {row['n_people']} people."
        value, low, high = (f"{float(row[name]):.2f}" for name in ("value", "low", "high"))  # type: ignore[arg-type]
        return f"{row['of']}, {row['figure']} between {who}: {value} ({low} to {high}), {row['n_people']} people."

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{escape(self._say(row))}</td></tr>" for row in self.table.to_dict("records"))
        told = "".join(f"<tr><td>{escape(one)}</td></tr>" for one in self.cautions)
        caption = f"{self.raters} raters on the same people, blind to each other and to the matrix."
        if not self.raters:
            caption = "Not assessed: no second rating is on record."
        return f"<table><caption>{escape(caption)}</caption><tbody>{told}{rows}</tbody></table>"

    def __repr__(self) -> str:
        return f"RaterAgreement(raters={self.raters}, figures={len(self.table)})"


def compare_ratings(
    files: Sequence[Path | str], drawn: SecondRating, policy: ValidityPolicy, *, seed: int
) -> RaterAgreement:
    """Compare what raters gave the people drawn, with each other and with the matrix.

    Parameters
    ----------
    files : the forms filled in, CSV or Excel, one or several raters a file; without any nothing is assessed.
    seed : people are drawn again for the intervals of kappa.

    Raises
    ------
    TableError : a form cannot be used, or fewer than two raters or two people are left.
    """
    if not files:
        return RaterAgreement(pd.DataFrame(columns=list(COLUMNS)), 0, policy)
    ratings = read_ratings(files, drawn)
    raters = sorted(ratings["rater"].unique())
    if len(raters) < 2:
        raise TableError(f"{len(raters)} rater: agreement asks for two or more. Add the other rater's form.")
    cube = ratings.pivot(index="person_ref", columns=["criterion", "rater"], values="points").astype("Float64")
    cube = cube.reindex(drawn.people["person_ref"])
    criteria = list_rated(drawn.matrix)
    own = drawn.matrix_points.pivot(index="person_ref", columns="criterion", values="points").astype("Float64")
    own = own.reindex(cube.index)
    given = {rater: cube.xs(rater, axis=1, level="rater").reindex(columns=criteria) for rater in raters}
    rows: list[tuple[object, ...]] = []
    for name in criteria:
        rows += _correlate(name, [given[rater][name] for rater in raters], own[name], policy)
    totals = [add_up(given[rater], drawn.matrix) for rater in raters]
    rows += _correlate(TOTAL, totals, add_up(own, drawn.matrix), policy)
    rows += _compare_bands(totals, add_up(own, drawn.matrix), drawn.matrix, policy, seed)
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"n_people": "Int64", "n_left_out": "Int64"})
    return RaterAgreement(table, len(raters), policy)


def add_up(points: pd.DataFrame, matrix: Matrix) -> pd.Series:
    """Add one rater's points up under the caps of the domains and of all intelligence; missing where one is open.

    Parameters
    ----------
    points : people by criterion, in ten-thousandths.
    """
    reported = [c.id for c in matrix.criteria if set(c.evidence) == {"grade"}]
    nothing = pd.Series(0, index=points.index, dtype="Float64")
    facts, reports = nothing, nothing
    for domain in matrix.domains:
        names = [c.id for c in matrix.criteria if c.domain == domain.id and c.id in points.columns]
        cap = ten_thousandths(domain.cap)
        of_facts = points[[n for n in names if n not in reported]].sum(axis=1, skipna=False).clip(upper=cap)
        of_reports = points[[n for n in names if n in reported]].sum(axis=1, skipna=False)
        facts, reports = facts + of_facts, reports + np.minimum(of_reports, cap - of_facts)
    return facts + reports.clip(upper=ten_thousandths(matrix.intelligence_cap))


def _correlate(of: str, given: Sequence[pd.Series], own: pd.Series, policy: ValidityPolicy) -> list[tuple[object, ...]]:
    """Return the intraclass correlations of the raters, and of their mean with the matrix."""
    rows: list[tuple[object, ...]] = []
    mean = pd.concat(given, axis=1).mean(axis=1, skipna=False)
    for between, columns, figures in ((RATERS, given, _INTRACLASS), (MATRIX, (mean, own), _INTRACLASS[:1])):
        points = pd.concat(list(columns), axis=1)
        known = points.dropna().to_numpy(dtype="float64")
        found = correlate_raters(known, confidence=policy.confidence) if len(known) > 1 else None
        for figure in figures:
            value = Interval(*found.loc[figure]) if found is not None else NOTHING
            rows.append((between, of, figure, value.value, value.low, value.high, len(known), len(points) - len(known)))
    return rows


def _compare_bands(totals: Sequence[pd.Series], own: pd.Series, matrix: Matrix, policy: ValidityPolicy, seed: int,
                   ) -> list[tuple[object, ...]]:  # fmt: skip
    """Return the kappas of the bands that the totals fall into, by their points alone."""
    points = pd.concat(list(totals), axis=1)
    known = points.notna().all(axis=1)
    bands = [[_name_band(value, matrix) for value in column[known]] for column in totals]
    n, n_open = int(known.sum()), int((~known).sum())
    rows: list[tuple[object, ...]] = []
    pairs = [(RATERS, bands[0], bands[1])] if len(bands) == 2 else []
    pairs.append((MATRIX, [_name_band(value, matrix) for value in points[known].mean(axis=1)],
                  [_name_band(value, matrix) for value in own[known]]))  # fmt: skip
    for between, one, other in pairs:
        for name in ("linear", "quadratic"):
            value = (
                weigh_kappa(
                    one,
                    other,
                    order=BANDS,
                    weights=name,
                    confidence=policy.confidence,
                    resamples=policy.resamples,
                    seed=seed,
                )
                if n
                else NOTHING
            )
            rows.append((between, "band", f"kappa, {name}", value.value, value.low, value.high, n, n_open))
    counts = np.array([[sum(rater[at] == band for rater in bands) for band in BANDS] for at in range(n)])
    value = fleiss_kappa(counts, confidence=policy.confidence) if n else NOTHING
    rows.append((RATERS, "band", "kappa of Fleiss", value.value, value.low, value.high, n, n_open))
    return rows


def _name_band(points: float, matrix: Matrix) -> str:
    if points <= 0:
        return BANDS[0]
    if points < ten_thousandths(matrix.bands.amber.at_least):
        return GREEN
    return AMBER if points < ten_thousandths(matrix.bands.red.at_least) else RED
