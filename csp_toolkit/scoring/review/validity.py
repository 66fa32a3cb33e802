"""Does the matrix put first those of whom something new was recorded later? Past lists, held against what came.

    past = csp.look_back(casebook, view, months=policy.months)
    csp.back_test(past, view, matrix, policy, seed=1)

For each past meeting: the share of the first ten, of ranks 11 to 20 and of a plain baseline (whoever had most events in
the year before) with a new violence or drugs event, proved or alleged, within 90 and 180 days. It tests the matrix as
an ordering and says nothing about any person: no name, no person_id and no figure for one stands in a result.

What it cannot tell: being on a list draws attention, and attention finds crime. So every figure is given once for all
events and once for those that somebody reported. Who was in custody could do little and stands apart. Where the days
after a meeting have not passed yet, the answer is "not yet known" and never nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import numpy as np
import pandas as pd

from csp_toolkit.display.wording import check_sentence
from csp_toolkit.errors import TableError
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.review.groups import (
    ANY,
    APART,
    BASELINE,
    FIRST,
    GROUPS,
    KNOWN,
    NEXT,
    OUTCOMES,
    POLICE,
    RANKS,
    follow,
)
from csp_toolkit.scoring.review.later_facts import list_facts
from csp_toolkit.scoring.review.past_meetings import PastMeeting, say_hindsight, score_past
from csp_toolkit.scoring.review.policy import ValidityPolicy
from csp_toolkit.tables.intervals import bound, resample_people, share_exactly
from csp_toolkit.tables.view import View

TABLE_COLUMNS = ("meeting_on", "basis", "group", "horizon_days", "outcome", "state", "n_people", "n_new", "n_held",
                 "share", "low", "high")  # fmt: skip
ORDERING = "tests the matrix as an ordering; it says nothing about any person"


@dataclass(frozen=True, eq=False)
class BackTest:
    """How past lists compare with what was recorded later; counts only.

    Attributes
    ----------
    table : one row a meeting, group, horizon and outcome (`TABLE_COLUMNS`); n_new, share and interval (Clopper and
        Pearson) missing where `state` is "not yet known". `n_held` counts who came into custody within the horizon.
    pooled : the meetings that are known put together: group, horizon_days, outcome, n_meetings, n_people (a person
        counts once a meeting), n_new, share, low, high. The interval is from people drawn again.
    differences : first less next, and first less baseline: horizon_days, outcome, against, difference, low, high.
    ordering : of two ranked people, one with a new event and one without, how often the one with stood higher:
        horizon_days, outcome, n_pairs, share, low, high. One half is chance.
    policy, as_of, known_at, hindsight : the settings, and the sentence on hindsight.
    """

    table: pd.DataFrame
    pooled: pd.DataFrame
    differences: pd.DataFrame
    ordering: pd.DataFrame
    policy: ValidityPolicy
    as_of: date
    known_at: date
    hindsight: str

    def title(self, group: str) -> str:
        """Name a group as a page does."""
        first, below = self.policy.first, self.policy.first + self.policy.next
        return {FIRST: f"ranks 1 to {first}", NEXT: f"ranks {first + 1} to {below}",
                BASELINE: f"whoever had most events in {self.policy.baseline_days} days", POLICE: "the police list",
                RANKS: "everybody ranked", APART: "in custody at the meeting"}[group]  # fmt: skip

    def explain(self, group: str, *, horizon_days: int | None = None, outcome: str = ANY) -> str:
        """Say in one sentence what became of a group over all meetings that are known."""
        days = horizon_days or self.policy.horizons_days[0]
        rows = self.pooled[self.pooled["group"].eq(group) & self.pooled["horizon_days"].eq(days)
                           & self.pooled["outcome"].eq(outcome)]  # fmt: skip
        if group not in GROUPS:
            raise TableError(f"No group is called so. There are: {', '.join(GROUPS)}.")
        if rows.empty or not rows["n_people"].iloc[0]:
            return f"{self.title(group)}: not yet known at {days} days for any meeting."
        row = rows.iloc[0]
        what = "a new event" if outcome == ANY else "a new event somebody reported"
        return check_sentence(
            f"{self.title(group)}: {what} within {days} days for {row['n_new']} of {row['n_people']} places at "
            f"{row['n_meetings']} meetings, {_in_100(row['share'])} in 100 ({_in_100(row['low'])} to "
            f"{_in_100(row['high'])})."
        )

    @property
    def sentences(self) -> list[str]:
        """Return what the test comes to, and what it cannot show."""
        said = []
        for days in self.policy.horizons_days:
            rows = self.differences[self.differences["horizon_days"].eq(days) & self.differences["outcome"].eq(ANY)]
            for row in rows.itertuples():
                other = self.title(row.against)
                if pd.isna(row.difference):
                    said.append(f"Ranks 1 to {self.policy.first} against {other} at {days} days: not yet known.")
                    continue
                sure = "within" if row.low <= 0 <= row.high else "beyond"
                first, second = (self._share(group, days) for group in (FIRST, row.against))
                said.append(
                    f"Within {days} days {first} in 100 of ranks 1 to {self.policy.first} had a new event recorded and "
                    f"{second} in 100 of {other}: a difference of {_in_100(row.difference, signed=True)} "
                    f"({_in_100(row.low, signed=True)} to {_in_100(row.high, signed=True)}), {sure} what chance would "
                    "give."
                )
        n = self.policy.first
        half = share_exactly(n // 2, n, confidence=self.policy.confidence)
        few = f"{n} people cannot show much: of one meeting's list, half would mean {_in_100(half.low)} to "
        few = f"{few}{_in_100(half.high)} in 100."
        return [check_sentence(one) for one in (*said, *([few] if n < self.policy.few_people else ()), self.hindsight)]

    def _share(self, group: str, days: int) -> str:
        table = self.pooled[self.pooled["horizon_days"].eq(days) & self.pooled["outcome"].eq(ANY)]
        return _in_100(table.loc[table["group"].eq(group), "share"].iloc[0])

    def _repr_html_(self) -> str:
        shown = self.pooled[self.pooled["outcome"].eq(ANY)]
        rows = "".join(f"<tr><td>{escape(self.explain(row.group, horizon_days=row.horizon_days))}</td></tr>"
                       for row in shown.itertuples())  # fmt: skip
        told = "".join(f"<tr><td>{escape(sentence)}</td></tr>" for sentence in self.sentences)
        caption = (
            f"{self.table['meeting_on'].nunique()} past meetings, new violence or drugs events proved or alleged, as "
            f"known at {self.known_at}. It {ORDERING}."
        )
        return f"<table><caption>{escape(caption)}</caption><tbody>{rows}{told}</tbody></table>"

    def __repr__(self) -> str:
        return f"BackTest(meetings={self.table['meeting_on'].nunique()}, known_at={self.known_at})"


def back_test(
    past: Sequence[PastMeeting], view: View, matrix: Matrix, policy: ValidityPolicy, *, seed: int
) -> BackTest:
    """Hold the matrix's lists of past meetings against what was recorded afterwards.

    Parameters
    ----------
    past : what `look_back` returned. view : the present, which knows what came afterwards.
    seed : people are drawn again for the intervals of what is pooled.
    """
    if not past:
        raise TableError("No past meeting to test on. Ask look_back for one month or more.")
    facts = list_facts(view, matrix, policy.outcome_domains)
    rows = pd.concat([follow(meeting, scores, view, facts, policy) for meeting, scores in
                      zip(past, score_past(past, matrix), strict=True)], ignore_index=True)  # fmt: skip
    known = rows[rows["state"].eq(KNOWN)]
    return BackTest(
        _tabulate(rows, policy), _pool(known, policy, seed), _differ(known, policy, seed), _order(known, policy, seed),
        policy, view.as_of, view.known_at, say_hindsight(past),
    )  # fmt: skip


def _tabulate(rows: pd.DataFrame, policy: ValidityPolicy) -> pd.DataFrame:
    """Count each meeting's groups; a group that is empty has no row."""
    keys = ["meeting_on", "basis", "group", "horizon_days", "outcome", "state"]
    table = rows.groupby(keys, sort=False).agg(n_people=("person_id", "nunique"), n_new=("is_new", "sum"),
                                               n_held=("is_held", "sum")).reset_index()  # fmt: skip
    intervals = [share_exactly(int(n), int(of), confidence=policy.confidence)
                 for n, of in zip(table["n_new"], table["n_people"], strict=True)]  # fmt: skip
    table[["share", "low", "high"]] = [(i.value, i.low, i.high) for i in intervals]
    is_open = table["state"].ne(KNOWN)
    for name in ("n_new", "n_held", "share", "low", "high"):
        table[name] = table[name].astype("Int64" if name.startswith("n_") else "Float64").mask(is_open)
    return _sort(table.astype({"n_people": "Int64"}), ["meeting_on", "group", "horizon_days", "outcome"])[
        list(TABLE_COLUMNS)]  # fmt: skip


def _sort(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    order = {name: place for place, name in enumerate(GROUPS)}
    return table.sort_values(by, key=lambda c: c.map(order) if c.name == "group" else c, kind="stable",
                             ignore_index=True)  # fmt: skip


def _parts(known: pd.DataFrame) -> list[tuple[int, str, pd.DataFrame]]:
    return [(int(days), str(outcome), own.reset_index(drop=True))
            for (days, outcome), own in known.groupby(["horizon_days", "outcome"])]  # fmt: skip


def _draw(own: pd.DataFrame, policy: ValidityPolicy, seed: int) -> np.ndarray:
    """Draw people again: how often each row counts, (draws, rows). The same people whatever the rows' order."""
    people = pd.factorize(own["person_id"], sort=True)[0]
    return resample_people(people, n=policy.resamples, rng=np.random.default_rng(seed))


def _share_of(own: pd.DataFrame, group: str, weights: np.ndarray) -> np.ndarray:
    """Return a group's share in each draw, and as it is in the first place."""
    is_in = own["group"].eq(group).to_numpy()
    counts = np.vstack([np.ones(is_in.sum(), dtype="int64"), weights[:, is_in]])
    of = counts.sum(axis=1)
    return np.divide(counts @ own["is_new"].to_numpy()[is_in], of, out=np.full(len(of), np.nan), where=of > 0)


def _pool(known: pd.DataFrame, policy: ValidityPolicy, seed: int) -> pd.DataFrame:
    rows = []
    for days, outcome, own in _parts(known):
        weights = _draw(own, policy, seed)
        for group in (name for name in GROUPS if own["group"].eq(name).any()):
            part = own[own["group"].eq(group)]
            shares = _share_of(own, group, weights)
            n, n_new = len(part), int(part["is_new"].sum())
            ends = bound(shares[1:], policy.confidence)
            if n_new in (0, n):  # drawing again what is all alike would call it sure: as many trials as people instead
                n_alone = part["person_id"].nunique()
                exact = share_exactly(n_alone if n_new else 0, n_alone, confidence=policy.confidence)
                ends = exact.low, exact.high
            rows.append((group, days, outcome, part["meeting_on"].nunique(), n, n_new, shares[0], *ends))
    columns = ["group", "horizon_days", "outcome", "n_meetings", "n_people", "n_new", "share", "low", "high"]
    return _sort(pd.DataFrame(rows, columns=columns), ["horizon_days", "outcome", "group"])


def _differ(known: pd.DataFrame, policy: ValidityPolicy, seed: int) -> pd.DataFrame:
    """Take the shares of those below and of the baseline from the first's, the same people drawn for both."""
    rows: list[tuple[int, str, str, float, float, float]] = []
    parts = {(days, outcome): own for days, outcome, own in _parts(known)}
    for days in policy.horizons_days:
        for outcome in OUTCOMES:
            for other in (NEXT, BASELINE):
                own = parts.get((days, outcome))
                if own is None:
                    rows.append((days, outcome, other, float("nan"), float("nan"), float("nan")))
                    continue
                weights = _draw(own, policy, seed)
                gap = _share_of(own, FIRST, weights) - _share_of(own, other, weights)
                rows.append((days, outcome, other, float(gap[0]), *bound(gap[1:], policy.confidence)))
    return pd.DataFrame(rows, columns=["horizon_days", "outcome", "against", "difference", "low", "high"])


def _order(known: pd.DataFrame, policy: ValidityPolicy, seed: int) -> pd.DataFrame:
    """Ask of each pair of ranked people at a meeting, one with a new event, one without, who stood higher."""
    rows = []
    for days, outcome, own in _parts(known[known["group"].eq(RANKS)]):
        weights = np.vstack([np.ones(len(own), dtype="int64"), _draw(own, policy, seed)])
        higher, pairs = np.zeros(len(weights)), np.zeros(len(weights))
        for _, at in own.groupby("meeting_on").indices.items():
            is_new, height = own["is_new"].to_numpy()[at], own["height"].to_numpy(dtype="float64")[at]
            gap = np.sign(height[is_new][:, None] - height[~is_new][None, :])
            with_new, without = weights[:, at][:, is_new], weights[:, at][:, ~is_new]
            higher += (with_new @ ((gap + 1) / 2) * without).sum(axis=1)
            pairs += with_new.sum(axis=1) * without.sum(axis=1)
        shares = np.divide(higher, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
        rows.append((days, outcome, int(pairs[0]), shares[0], *bound(shares[1:], policy.confidence)))
    return pd.DataFrame(rows, columns=["horizon_days", "outcome", "n_pairs", "share", "low", "high"])


def _in_100(share: float, *, signed: bool = False) -> str:
    whole = f"{100 * share:+.0f}" if signed else f"{100 * share:.0f}"
    return whole.replace("-", "\N{MINUS SIGN}")
