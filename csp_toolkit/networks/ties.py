"""Graded evidence to ties between people, each with the chance that it exists.

A tie is only as sure as what it rests on. The items of one origin are one voice, however often it is repeated; each
further independent origin makes a tie surer, never less sure. A crowd makes nobody associates: what an event says is
divided among the pairs in it.

How pairs are made and weighed stands in `weighing.py`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

import narwhals as nw
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.networks.evidence.sources import list_line_links, list_memberships, people_kept_out
from csp_toolkit.networks.evidence.sources_shared import list_shared
from csp_toolkit.networks.evidence.weighing import KINDS, pair_over_time, pair_up, weigh_evidence
from csp_toolkit.networks.policy import TiePolicy
from csp_toolkit.tables.view import View

TIE_COLUMNS = (
    "person_a", "person_b", "kinds", "p_exists", "n_items", "n_origins", "is_tested", "first_seen", "last_seen",
    "handling",
)  # fmt: skip
LINE_LINK_COLUMNS = (
    "line_ref", "person_id", "p_exists", "n_items", "n_origins", "is_tested", "first_seen", "last_seen", "handling",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Ties:
    """Who is tied to whom, how sure that is, and on what it rests.

    Attributes
    ----------
    table : one row a pair (`TIE_COLUMNS`), person_a before person_b. `is_tested` and the rest go by the items in
        measures alone; `handling` is C where any of them is.
    evidence : one row an item (`EVIDENCE_COLUMNS`), those out of every measure included. `p_true` is the chance that
        the item ties this pair, its crowd counted; `grade` is "record" for what police recorded; `is_in_measures`
        is Y or N. `truth_a` and `truth_b` name what its truth hangs on in a draw, with chances `p_a` and `p_b`.
    line_links : one row a person and line (`LINE_LINK_COLUMNS`), suspects' roles only.
    kept_out : people who may stand in no tie and no picture: removed, or on the register as victims only.
    as_of, policy : the day it speaks for and the rules it was made by.
    """

    table: pd.DataFrame
    evidence: pd.DataFrame
    line_links: pd.DataFrame
    as_of: date
    policy: TiePolicy
    kept_out: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Ties(as_of={self.as_of}, ties={len(self.table)}, items={len(self.evidence)}, by={self.policy.name})"

    def explain(self, person_a: str, person_b: str) -> str:
        """Say in one sentence how sure a tie is and what it rests on."""
        a, b = sorted((person_a, person_b))
        row = self.table[(self.table["person_a"] == a) & (self.table["person_b"] == b)]
        if row.empty:
            return "No tie rests on evidence that counts."
        tie = row.iloc[0]
        tested = "tested" if tie["is_tested"] == "Y" else "untested"
        return (
            f"Exists with a chance of {100 * tie['p_exists']:.0f} in 100: {tie['n_items']} items from "
            f"{tie['n_origins']} independent origins, {tested} ({tie['kinds']}), "
            f"{_day(tie['first_seen'])} to {_day(tie['last_seen'])}."
        )


def collect_ties(view: View, policy: TiePolicy) -> Ties:
    """Collect every tie that the view's evidence supports, with all of that evidence.

    Parameters
    ----------
    view : the casebook as at a date.
    policy : what each kind of evidence is worth.

    Notes
    -----
    p_exists = 1 - prod over origins (1 - p_origin), where p_origin is the surest item of that origin in this pair, an
    item's p_true being divided by (people in its event - 1). Without an item graded A or B, or a charge, p_exists is
    at most `policy.cap_without_strong`.
    """
    links = list_line_links(view, policy)
    pairs = [
        pair_up(nw.from_native(list_memberships(view, policy)), policy).to_native(),
        pair_over_time(nw.from_native(list_shared(view, policy, links)), policy).to_native(),
    ]
    evidence = pd.concat([p for p in pairs if len(p)] or pairs[:1], ignore_index=True)
    evidence = evidence.sort_values(["person_a", "person_b", "kind", "item_ref"], kind="stable", ignore_index=True)
    bare = Ties(pd.DataFrame(), evidence, links, view.as_of, policy, people_kept_out(view))
    return reweigh(bare, evidence, _weigh_links(links, policy))


def reweigh(ties: Ties, evidence: pd.DataFrame, line_links: pd.DataFrame) -> Ties:
    """Weigh part of the evidence anew, as after some was withheld: what nobody may see may not count either."""
    evidence = evidence.reset_index(drop=True)
    table = weigh_evidence(nw.from_native(evidence), ties.policy).to_native()
    table = _typed(table.sort_values(["person_a", "person_b"], kind="stable", ignore_index=True))[list(TIE_COLUMNS)]
    return replace(ties, table=table, evidence=evidence, line_links=line_links.reset_index(drop=True))


def keep_kinds(ties: Ties, *kinds: str) -> Ties:
    """Keep one layer: the ties as they stand on evidence of these kinds alone.

    Kinds that are out of the measures, as family is, count in a layer of their own.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise TableError(f"No kind of tie is called {', '.join(unknown)}. There are: {', '.join(KINDS)}.")
    links = ties.line_links if "shared line" in kinds else ties.line_links.iloc[:0]
    evidence = ties.evidence[ties.evidence["kind"].isin(kinds)]
    apart = evidence["kind"].isin(ties.policy.kinds_apart) & (evidence["p_true"] > 0)
    return reweigh(ties, evidence.assign(is_in_measures=evidence["is_in_measures"].mask(apart, "Y")), links)


def keep_handling(ties: Ties, *codes: str) -> Ties:
    """Keep evidence with these handling codes, and weigh the ties on it alone."""
    evidence = ties.evidence[ties.evidence["handling"].isin(codes)]
    return reweigh(ties, evidence, ties.line_links[ties.line_links["handling"].isin(codes)])


def keep_people(ties: Ties, people: Collection[str]) -> Ties:
    """Keep the ties of these people with each other: who else there is leaves each of them as sure as it was."""
    table, evidence = (f[f["person_a"].isin(people) & f["person_b"].isin(people)] for f in (ties.table, ties.evidence))
    links = ties.line_links[ties.line_links["person_id"].isin(people)]
    table, evidence, links = (f.reset_index(drop=True) for f in (table, evidence, links))
    return replace(ties, table=table, evidence=evidence, line_links=links)


def keep_recent(ties: Ties, *, days: int | None = None) -> Ties:
    """Keep the ties last seen within some days of `as_of` (the policy's window for the picture), evidence and all."""
    since = pd.Timestamp(ties.as_of - timedelta(days=days or ties.policy.picture_window_days))
    table = ties.table[ties.table["last_seen"] >= since].reset_index(drop=True)
    links = ties.line_links[ties.line_links["last_seen"] >= since].reset_index(drop=True)
    evidence = ties.evidence.merge(table[["person_a", "person_b"]], on=["person_a", "person_b"], how="inner")
    return replace(ties, table=table, line_links=links, evidence=evidence)


def keep_between(ties: Ties, first: date, last: date) -> Ties:
    """Keep evidence of what was going on between two days, these included, and weigh the ties on it alone."""
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    evidence = ties.evidence[(ties.evidence["seen_on"] >= start) & (ties.evidence["from_on"] <= end)]
    links = ties.line_links[(ties.line_links["last_seen"] >= start) & (ties.line_links["first_seen"] <= end)]
    return reweigh(ties, evidence, links)


def _weigh_links(links: pd.DataFrame, policy: TiePolicy) -> pd.DataFrame:
    """Weigh each person's links to a line as one origin: who says so is recorded with no link."""
    evidence = pd.DataFrame(
        {
            "person_a": links["line_ref"],
            "person_b": links["person_id"],
            "kind": pd.Series("shared line", index=links.index, dtype="str"),
            "item_ref": links["link_ref"],
            "origin_id": "line:" + links["line_ref"],
            "grade": links["grade"],
            "handling": links["handling"],
            "from_on": links["from_on"],
            "seen_on": links["to_on"],
            "p_true": links["p_item"],
            "is_in_measures": pd.Series("Y", index=links.index, dtype="str"),
        }
    )
    table = weigh_evidence(nw.from_native(evidence), policy).to_native()
    table = table.rename(columns={"person_a": "line_ref", "person_b": "person_id"})
    table = table.sort_values(["line_ref", "person_id"], kind="stable", ignore_index=True)
    return _typed(table)[list(LINE_LINK_COLUMNS)]


def _day(value: pd.Timestamp) -> str:
    return f"{value.day} {value:%b %Y}"


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"n_items": "int64", "n_origins": "int64", "p_exists": "float64"})
