"""Does each criterion add anything? The matrix tested by statistics, which never score a person.

    csp.check_criteria(scores, past, view, policy, seed=1)

Three questions of each criterion. Do its points go together with another's (rank correlation; variance inflation, by
scikit-learn's linear regression)? What would the list lose without it (scored again with its items left out)? And does
it help to tell, among people ranked at past meetings, those of whom something new was recorded later: a plain logistic
model of the criteria's points (scikit-learn), tested on people it was not fitted to, whose order is then spoilt
criterion by criterion (permutation importance, Breiman 2001)?

The model is thrown away. Nobody's fitted value leaves this module, no weight is taken from it, and what comes out is
about criteria: whether simple points given by people do about as well is the question, and they mostly do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.display.wording import check_sentence, join_in_words
from csp_toolkit.errors import TableError
from csp_toolkit.scoring.certainty.seats import rank_each
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.points import award_points
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.review.later_facts import has_within, list_facts
from csp_toolkit.scoring.review.past_meetings import PastMeeting, rename_people, score_past
from csp_toolkit.scoring.review.policy import ValidityPolicy
from csp_toolkit.tables.view import View

COLUMNS = ("criterion", "n_people", "share_of_points", "inflation", "nearest", "correlation", "n_left", "n_entered",
           "rank_agreement", "importance", "importance_low", "importance_high")  # fmt: skip
_FOLDS, _REPEATS, _FEWEST = 5, 30, 10


@dataclass(frozen=True, eq=False)
class CriteriaTest:
    """What each criterion adds.

    Attributes
    ----------
    table : one row a criterion (`COLUMNS`), in the matrix's order: how many ranked people have points of it, its share
        of all points, variance inflation, the criterion it goes together with most and their rank correlation, how many
        of the first ten would leave and enter without it, Kendall's agreement of the ranks without it, and by how much
        spoiling it lowers the model's ordering (the range over folds and repeats); missing where it cannot be said.
    orderings : how well two orderings of the same people put those with a new event first (area under the curve, a half
        being chance): ``matrix`` and ``fitted model``, with area, the least and the most over the folds, n_meetings,
        n_people, n_new; no row where too few are known.
    alike_from, as_of : the settings.
    """

    table: pd.DataFrame
    orderings: pd.DataFrame
    alike_from: float
    inflation_above: float
    as_of: date

    def explain(self, criterion: str) -> str:
        """Say in a few sentences what a criterion adds."""
        rows = self.table[self.table["criterion"].eq(criterion)]
        if rows.empty:
            raise TableError("The matrix has no criterion of that name.")
        return check_sentence(_say(rows.iloc[0]))

    @property
    def sentences(self) -> list[str]:
        """Return what the tests come to."""
        table = self.table
        idle = table.loc[table["n_people"].eq(0), "criterion"].tolist()
        still = table.loc[table["n_people"].gt(0) & table["n_left"].eq(0), "criterion"].tolist()
        alike = table[table["correlation"] >= self.alike_from]
        pairs = sorted({" and ".join(sorted((row.criterion, row.nearest))) for row in alike.itertuples()})
        inflated = table.loc[table["inflation"] > self.inflation_above, "criterion"].tolist()
        said = [
            f"Nobody ranked has points of {join_in_words(idle)}." if idle else "",
            f"Without any one of {join_in_words(still)} the same people would be the first." if still else "",
            f"Points go together (rank correlation {self.alike_from:g} or more): {join_in_words(pairs)}." if pairs else
            f"No two criteria go together at {self.alike_from:g} or more.",
            f"The others give away {join_in_words(inflated)} (inflation above {self.inflation_above:g})."
            if inflated else "",
        ]  # fmt: skip
        if len(self.orderings):
            area = {
                row.ordering: f"{100 * row.area:.0f} ({100 * row.low:.0f} to {100 * row.high:.0f} over the parts)"
                for row in self.orderings.itertuples()
            }
            said.append(
                "Of pairs of people ranked, one with a new event and one without, the matrix has the former higher "
                f"in {area['matrix']} of 100; a model fitted to the same criteria, on people it had not seen, in "
                f"{area['fitted model']}. Half is chance. {self.orderings['n_people'].iloc[0]} people cannot say which "
                "is better."
            )
        else:
            said.append("Too few new events are on record to ask which criteria go with them.")
        return [check_sentence(one) for one in said if one]

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{escape(one)}</td></tr>" for one in self.sentences)
        each = "".join(f"<tr><td>{escape(_say(row))}</td></tr>" for _, row in self.table.iterrows())
        caption = f"What each criterion adds, as at {self.as_of}. A test of the matrix; nobody is scored by it."
        return f"<table><caption>{escape(caption)}</caption><tbody>{rows}{each}</tbody></table>"

    def __repr__(self) -> str:
        return f"CriteriaTest(criteria={len(self.table)}, as_of={self.as_of})"


def check_criteria(
    scores: Scores, past: Sequence[PastMeeting], view: View, policy: ValidityPolicy, *, seed: int
) -> CriteriaTest:
    """Test what each criterion adds to the list, and to its agreement with what was recorded later.

    Parameters
    ----------
    scores : the present ones. past : what `look_back` returned. view : the present.
    seed : how people are dealt to folds, and in which order points are spoilt.
    """
    points = _spread(scores, scores.list_ranked())
    table = pd.concat([_correlate(points), _leave_out(scores)], axis=1)
    spoilt, orderings = _fit(scores.matrix, past, view, policy, seed)
    table = table.join(spoilt).rename_axis("criterion").reset_index()
    whole = dict.fromkeys(("n_people", "n_left", "n_entered"), "Int64")
    return CriteriaTest(
        table[list(COLUMNS)].astype(whole), orderings, policy.alike_from, policy.inflation_above, scores.as_of
    )


def _spread(scores: Scores, people: Sequence[str]) -> pd.DataFrame:
    """Return points by person and criterion after every rule and cap."""
    own = scores.ledger[scores.ledger["person_id"].isin(list(people))]
    sums = own.groupby(["person_id", "criterion"])["points"].sum().unstack("criterion")
    return sums.reindex(index=list(people), columns=[c.id for c in scores.matrix.criteria]).fillna(0).astype("float64")


def _correlate(points: pd.DataFrame) -> pd.DataFrame:
    """Return which other criterion each goes together with, and how far all others give it away."""
    ranks = points.rank().to_numpy()
    varies = np.ptp(points.to_numpy(), axis=0) > 0 if len(points) else np.zeros(points.shape[1], dtype=bool)
    correlation = np.full((points.shape[1],) * 2, np.nan)
    at = np.flatnonzero(varies)
    if len(at) > 1:
        correlation[np.ix_(at, at)] = np.corrcoef(ranks[:, at], rowvar=False)
    np.fill_diagonal(correlation, np.nan)
    known = np.where(np.isnan(correlation), -np.inf, correlation)
    best = known.argmax(axis=1)
    has_any = np.isfinite(known).any(axis=1)
    total = float(points.to_numpy().sum())
    return pd.DataFrame(
        {
            "n_people": (points > 0).sum(),
            "share_of_points": points.sum() / total if total else np.nan,
            "inflation": [_inflate(points.to_numpy()[:, at], at.tolist().index(n)) if n in at else np.nan
                          for n in range(points.shape[1])],
            "nearest": pd.Series(points.columns.to_numpy()[best], index=points.columns).where(has_any),
            "correlation": np.where(has_any, known.max(axis=1), np.nan),
        },
        index=points.columns,
    )  # fmt: skip


def _inflate(points: np.ndarray, column: int) -> float:
    """Return the variance inflation of one criterion: 1 where the others say nothing of it."""
    from sklearn.linear_model import LinearRegression

    others = np.delete(points, column, axis=1)
    if not others.shape[1] or len(points) <= others.shape[1] + 1:
        return float("nan")
    share = LinearRegression().fit(others, points[:, column]).score(others, points[:, column])
    return float("inf") if share > 1 - 1e-9 else 1 / (1 - max(share, 0.0))


def _leave_out(scores: Scores) -> pd.DataFrame:
    """Score everybody ranked again without each criterion, and compare the places."""
    from scipy.stats import kendalltau

    people, matrix = scores.list_ranked(), scores.matrix
    items = scores.items[scores.items["person_id"].isin(people)]
    base = scores.table.set_index("person_id")["score"].reindex(people).to_numpy("int64")
    places = matrix.movement.top
    was = rank_each(base[None, :])[0] if len(people) else np.empty(0)
    rows, counted = {}, frozenset(items["criterion"])
    for criterion in matrix.criteria:
        if criterion.id not in counted:
            rows[criterion.id] = (0, 0, 1.0)
            continue
        ledger = award_points(items[items["criterion"].ne(criterion.id)], matrix, as_of=scores.as_of)
        again = ledger.groupby("person_id")["points"].sum().reindex(people).fillna(0).to_numpy("int64")
        now = rank_each(again[None, :])[0] if len(people) else was
        left, entered = (was <= places) & (now > places), (now <= places) & (was > places)
        agreement = float(kendalltau(base, again).statistic) if len(people) > 1 else float("nan")
        rows[criterion.id] = (int(left.sum()), int(entered.sum()), agreement)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n_left", "n_entered", "rank_agreement"])


def _fit(matrix: Matrix, past: Sequence[PastMeeting], view: View, policy: ValidityPolicy, seed: int,
         ) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Fit a plain model on some people, order others by it, and spoil its criteria one by one."""
    days = policy.horizons_days[0]
    last = pd.Timestamp(min(view.as_of, view.known_at))
    known = [meeting for meeting in past if pd.Timestamp(meeting.on) + pd.Timedelta(days=days) <= last]
    columns = ["importance", "importance_low", "importance_high"]
    nothing = pd.DataFrame(np.nan, index=[c.id for c in matrix.criteria], columns=columns)
    none = pd.DataFrame(columns=["ordering", "area", "low", "high", "n_meetings", "n_people", "n_new"])
    if not known:
        return nothing, none
    facts = list_facts(view, matrix, policy.outcome_domains)
    parts, outcomes, people, totals = [], [], [], []
    for meeting, scores in zip(known, score_past(known, matrix), strict=True):
        ranked = scores.list_ranked()
        own = _spread(scores, ranked)
        now = rename_people(pd.Series(ranked, dtype="str"), meeting.view, view)
        parts.append(own)
        outcomes.append(has_within(now, facts, meeting.on, days).to_numpy(bool))
        people.append(now.to_numpy(object))
        totals.append(own.sum(axis=1).to_numpy())
    points, is_new = pd.concat(parts).to_numpy() / 1e4, np.concatenate(outcomes)
    who, total = pd.factorize(np.concatenate(people), sort=True)[0], np.concatenate(totals)
    with_new = len(np.unique(who[is_new]))
    if min(with_new, len(np.unique(who)) - with_new) < _FEWEST:
        return nothing, none
    spoilt, areas = _spoil(points, is_new, who, total, seed)
    found = pd.DataFrame(spoilt, index=nothing.index, columns=columns)
    orderings = pd.DataFrame([(name, float(np.mean(area)), min(area), max(area), len(known), len(np.unique(who)),
                               int(is_new.sum()))
                              for name, area in areas.items()], columns=list(none.columns))  # fmt: skip
    return found.where(pd.Series(points.sum(axis=0) > 0, index=found.index), np.nan), orderings


def _spoil(points: np.ndarray, is_new: np.ndarray, who: np.ndarray, total: np.ndarray, seed: int,
           ) -> tuple[np.ndarray, dict[str, list[float]]]:  # fmt: skip
    from sklearn.inspection import permutation_importance
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    drops: list[np.ndarray] = []
    areas: dict[str, list[float]] = {"matrix": [], "fitted model": []}
    folds = StratifiedGroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    for fit, test in folds.split(points, is_new, who):
        if len(np.unique(is_new[fit])) < 2 or len(np.unique(is_new[test])) < 2:
            continue
        model: Any = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(points[fit], is_new[fit])
        found = permutation_importance(model, points[test], is_new[test], scoring="roc_auc", n_repeats=_REPEATS,
                                       random_state=seed, n_jobs=1)  # fmt: skip
        drops.append(found.importances)
        areas["matrix"].append(roc_auc_score(is_new[test], total[test]))
        areas["fitted model"].append(roc_auc_score(is_new[test], model.decision_function(points[test])))
    if not drops:
        return np.full((points.shape[1], 3), np.nan), {}
    every = np.concatenate(drops, axis=1)
    low, high = np.quantile(every, [0.05, 0.95], axis=1)
    return np.column_stack([every.mean(axis=1), low, high]), areas


def _say(row: pd.Series) -> str:
    if not row["n_people"]:
        return f"{row['criterion']}: nobody ranked has points of it."
    parts = [f"{row['n_people']} people ranked have points of it, {100 * row['share_of_points']:.0f} in 100 of all"]
    if pd.notna(row["correlation"]):
        parts.append(f"goes together most with {row['nearest']} ({row['correlation']:.2f})")
    moved = f"{row['n_left']} of the first would leave" if row["n_left"] else "the first would be the same"
    parts.append(f"without it {moved} and the ranks agree at {row['rank_agreement']:.2f}")
    if pd.notna(row["importance"]):
        parts.append(f"spoilt, it lowers the fitted order by {row['importance']:.3f}")
    return f"{row['criterion']}: {'; '.join(parts)}."
