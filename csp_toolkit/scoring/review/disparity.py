"""Whom the list names, in shares of groups, against those it could have named: counts, and never a person.

    blind = csp.blind_people(view, scores, listed=listed, policy=policy, monitoring=folder)
    csp.compare_shares(blind, policy)

Two steps, so that no name is in sight where anything is worked out. The first makes of everybody on the register, and
of everybody recorded as a suspect of the same offences, a row of five words and five marks, in no order that says who;
the second takes such rows and nothing else, counts, and hides what is small. What comes out goes to whoever oversees
the list. It never goes back: no function that scores takes it, and no module that scores imports this one.

A difference is a question, not an answer. Police records show whom police looked at, and ten people cannot show much.
Exact intervals (Clopper and Pearson 1934); odds by Fisher's exact distribution.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.display.wording import check_sentence
from csp_toolkit.errors import TableError
from csp_toolkit.scoring.blocks import RANKED
from csp_toolkit.scoring.evidence.register import read_register
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.review.later_facts import list_facts
from csp_toolkit.scoring.review.monitoring import UNKNOWN, read_ethnicity
from csp_toolkit.scoring.review.policy import ValidityPolicy
from csp_toolkit.tables.ages import age_years, youngest_birth
from csp_toolkit.tables.intervals import odds_exactly, share_exactly
from csp_toolkit.tables.small_numbers import Count, is_safe, merge_small
from csp_toolkit.tables.view import View

ATTRIBUTES = ("sex", "age_band", "area", "ethnicity")
LISTED, FIRST, SCORED, REGISTER, SUSPECTS = MARKS = ("police_list", "first", "scored", "register", "suspects")
REFERENCES = (REGISTER, SUSPECTS)
TITLES = {LISTED: "the police list", FIRST: "the first ten of the matrix", SCORED: "everybody with a score",
          REGISTER: "others on the register", SUSPECTS: "others recorded as suspects"}  # fmt: skip
SHOWN, SUPPRESSED = "shown", "suppressed"
ALL = "all groups"
COLUMNS = ("attribute", "group", "list", "against", "state", "n", "of", "share", "low", "high", "n_others",
           "of_others", "share_others", "odds_ratio", "odds_low", "odds_high")  # fmt: skip
_SEX = {"M": "male", "F": "female"}


@dataclass(frozen=True, eq=False)
class Blind:
    """People without who they are: `rows` holds `ATTRIBUTES` and `MARKS`, sorted by what it holds."""

    rows: pd.DataFrame

    def __post_init__(self) -> None:
        if list(self.rows.columns) != [*ATTRIBUTES, *MARKS] or not isinstance(self.rows.index, pd.RangeIndex):
            raise TableError("Shares are worked out on rows that hold groups and marks alone. Use blind_people.")

    def __repr__(self) -> str:
        return f"Blind(rows={len(self.rows)})"


@dataclass(frozen=True, eq=False)
class Disparity:
    """Shares of groups in a list and among the others it could have named.

    Attributes
    ----------
    table : one row an attribute, group, list and reference (`COLUMNS`). Groups with too few people are put together.
        Where that leaves one, or the table would give a small count away, there is one row for all groups, `state` is
        "suppressed" and every figure is missing.
    smallest : the smallest count shown. confidence : of the intervals.
    """

    table: pd.DataFrame
    smallest: int
    confidence: float

    def explain(self, group: str) -> str:
        """Say in a few sentences how a group stands in each list."""
        rows = self.table[self.table["group"].eq(group)]
        if rows.empty:
            raise TableError("No group is called so in this table.")
        return " ".join(check_sentence(_say(row)) for row in rows.to_dict("records"))

    @property
    def sentences(self) -> list[str]:
        """Return what stands out, how much is suppressed, and what this cannot show."""
        shown = self.table[self.table["state"].eq(SHOWN)]
        by = ["attribute", "list", "against"]
        mirrored = shown.groupby(by)["group"].transform("size").eq(2) & shown.duplicated(by)
        shown = shown[~mirrored]
        apart = shown[(shown["odds_low"] > 1) | (shown["odds_high"] < 1)]
        said = [_say(row) for row in apart.to_dict("records")]
        n_hidden = int(self.table["state"].eq(SUPPRESSED).sum())
        head = "In no group shown does the share differ by more than can be put down to chance." if not said else (
            f"Of {len(shown)} comparisons of groups that can be shown, {len(said)} differ by more than can be put down "
            f"to chance; by chance alone about one in {1 / (1 - self.confidence):.0f} would."
        )  # fmt: skip
        n_tables = len(self.table[["attribute", "list", "against"]].drop_duplicates())
        tail = (f"{n_hidden} of {n_tables} tables are suppressed: a count is below {self.smallest}, or would give one "
                "away. Groups too small by themselves are put together.")  # fmt: skip
        limit = "A difference is a question for the partnership. It does not say why, and ten people cannot show much."
        return [check_sentence(one) for one in (head, *said, tail, limit)]

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{escape(one)}</td></tr>" for one in self.sentences)
        caption = "Shares of groups, counted where no name is visible; nothing of it enters a score."
        return f"<table><caption>{escape(caption)}</caption><tbody>{rows}</tbody></table>"

    def __repr__(self) -> str:
        return f"Disparity(comparisons={len(self.table)}, shown={int(self.table['state'].eq(SHOWN).sum())})"


def blind_people(
    view: View, scores: Scores, *, listed: Sequence[str], policy: ValidityPolicy, monitoring: Path | None = None
) -> Blind:
    """Make rows without who they are of everybody on the register or recorded as a suspect of the same offences.

    Parameters
    ----------
    listed : the person_id of everyone on the police list.
    monitoring : the workspace's folder that holds the file of ethnicity; without one ethnicity is "not assessed".

    Notes
    -----
    Sex, age and area are those recorded; what is not recorded, or recorded in two ways, is "not known", a group of its
    own. An age counts from the latest day of birth there can be.
    """
    matrix = scores.matrix
    facts = list_facts(view, matrix, tuple(domain.id for domain in matrix.domains))
    longest = max(c.window_days for c in matrix.criteria)
    recent = facts["event_on"] >= pd.Timestamp(view.as_of) - pd.Timedelta(days=longest)
    ranked = scores.table[scores.table["block"].eq(RANKED) & scores.table["rank"].le(matrix.movement.top)]
    members = {
        LISTED: frozenset(listed), FIRST: frozenset(ranked["person_id"]), SCORED: frozenset(scores.table["person_id"]),
        REGISTER: frozenset(read_register(view)["person_id"]), SUSPECTS: frozenset(facts.loc[recent, "person_id"]),
    }  # fmt: skip
    people = pd.Series(sorted(frozenset().union(*members.values())), dtype="str")
    rows = pd.DataFrame({
        "sex": _one_word(view["person_records"], "sex", people).map(_SEX).fillna(UNKNOWN),
        "age_band": _band_ages(view, people, policy.age_bands),
        "area": _one_word(view["person_records"], "home_area", people),
        "ethnicity": read_ethnicity(monitoring, view, people, policy.ethnicity),
        **{mark: people.isin(members[mark]) for mark in MARKS},
    })[[*ATTRIBUTES, *MARKS]]  # fmt: skip
    words = rows.astype(dict.fromkeys(ATTRIBUTES, "str"))
    return Blind(words.sort_values([*ATTRIBUTES, *MARKS], kind="stable").reset_index(drop=True))


def compare_shares(blind: Blind, policy: ValidityPolicy) -> Disparity:
    """Compare the shares of groups in each list with those among the others who could have been on it."""
    rows = [row for attribute in ATTRIBUTES if not blind.rows[attribute].eq(NOT_ASSESSED).all()
            for row in _compare(blind.rows, attribute, policy)]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    whole = dict.fromkeys(("n", "of", "n_others", "of_others"), "Int64")
    parts = dict.fromkeys(("share", "low", "high", "share_others", "odds_ratio", "odds_low", "odds_high"), "Float64")
    return Disparity(table.astype(whole | parts), policy.smallest_shown, policy.confidence)


def _compare(rows: pd.DataFrame, attribute: str, policy: ValidityPolicy) -> list[tuple[object, ...]]:
    """Compare every list with both references, the largest first, each only if it gives no small count away."""
    lists = [name for name in (SCORED, LISTED, FIRST) if rows[name].any()]
    names = [*lists, *REFERENCES]
    pattern = rows[names].astype("int64").astype("str").agg("".join, axis=1)
    strata = pd.crosstab(rows[attribute], pattern)

    def part(yes: str, no: str = "") -> tuple[str, ...]:
        return tuple(p for p in strata if p[names.index(yes)] == "1" and not (no and p[names.index(no)] == "1"))

    sets = {name: part(name) for name in lists}
    sets |= {f"{against} not {name}": part(against, name) for name in lists for against in REFERENCES}
    sets = {name: parts for name, parts in sets.items() if parts}
    found: list[tuple[object, ...]] = []
    shown: list[Count] = []
    for name in lists:
        others = {against: sets[f"{against} not {name}"] for against in REFERENCES if f"{against} not {name}" in sets}
        against_which, groups, counts = _choose(strata, sets, name, others, shown, policy)
        shown += counts
        for against, outside in others.items():
            if against in against_which:
                found += _count(strata, attribute, name, against, groups, sets[name], outside, policy)
            else:
                found.append((attribute, ALL, name, against, SUPPRESSED, *[None] * 11))
    return found


def _choose(strata: pd.DataFrame, sets: Mapping[str, tuple[str, ...]], name: str, others: Mapping[str, tuple[str, ...]],
            shown: Sequence[Count], policy: ValidityPolicy,
            ) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]], list[Count]]:  # fmt: skip
    """Choose which references a list can be shown against, and its groups: both if safe, else one, else none."""
    for tried in (tuple(others), *((one,) for one in others)):
        parts = [sets[name], *(others[one] for one in tried)]
        groups = merge_small(*(strata[list(own)].sum(axis=1) for own in parts), at_least=policy.smallest_shown)
        counts = [Count(categories, own) for categories in groups.values() for own in parts]
        if groups and is_safe(strata, sets, [*shown, *counts], at_least=policy.smallest_shown):
            return tried, groups, counts
    return (), {}, []


def _count(strata: pd.DataFrame, attribute: str, name: str, against: str, groups: Mapping[str, tuple[str, ...]],
           inside: tuple[str, ...], outside: tuple[str, ...], policy: ValidityPolicy,
           ) -> list[tuple[object, ...]]:  # fmt: skip
    found: list[tuple[object, ...]] = []
    everything = tuple(map(str, strata.index))
    of, of_others = Count(everything, inside).of(strata), Count(everything, outside).of(strata)
    for group, own in groups.items():
        n, m = Count(own, inside).of(strata), Count(own, outside).of(strata)
        share = share_exactly(n, of, confidence=policy.confidence)
        odds = odds_exactly(n, of - n, m, of_others - m, confidence=policy.confidence)
        found.append((attribute, group, name, against, SHOWN, n, of, share.value, share.low, share.high, m,
                      of_others, m / of_others, odds.value, odds.low, odds.high))  # fmt: skip
    return found


def _one_word(records: pd.DataFrame, column: str, people: pd.Series) -> pd.Series:
    """Return what is recorded of each person, where all records that say anything say the same."""
    own = records.dropna(subset=["person_id", column])
    words = own.groupby("person_id")[column].agg(["nunique", "first"])
    alone = words.loc[words["nunique"].eq(1), "first"]
    return people.map(alone).astype("str").fillna(UNKNOWN)


def _band_ages(view: View, people: pd.Series, starts: Sequence[int]) -> pd.Series:
    known = view.people.drop_duplicates("person_id").reset_index(drop=True)
    years = pd.Series(age_years(youngest_birth(known), view.as_of).to_numpy(), index=known["person_id"])
    age = people.map(years.astype("Float64"))
    names = [f"under {starts[1]}" if start == 0 and len(starts) > 1 else f"{start} to {end - 1}"
             for start, end in zip(starts, starts[1:], strict=False)] + [f"{starts[-1]} and over"]  # fmt: skip
    place = pd.cut(age.astype("float64"), [*starts, float("inf")], right=False, labels=False)
    return place.map(dict(enumerate(names))).astype("str").fillna(UNKNOWN)


def _say(row: dict[str, object]) -> str:
    named = f"{str(row['attribute']).replace('_', ' ').capitalize()}, {row['group']}, in {TITLES[str(row['list'])]}"
    if row["state"] == SUPPRESSED:
        return f"{named}: suppressed."
    share, others = (f"{100 * float(row[name]):.0f}" for name in ("share", "share_others"))  # type: ignore[arg-type]
    ends = [_write(row[name]) for name in ("odds_low", "odds_high")]
    return (
        f"{named}: {row['n']} of {row['of']}, {share} in 100, against {others} in 100 of "
        f"{TITLES[str(row['against'])]}; odds ratio {_write(row['odds_ratio'])} ({ends[0]} to {ends[1]})."
    )


def _write(number: object) -> str:
    return "without limit" if number == float("inf") else f"{float(number):.2f}"  # type: ignore[arg-type]
