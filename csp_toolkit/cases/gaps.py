"""What is missing from a plan: a child with enforcement and no support, an order about to end, an exploiter let be."""

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import pandas as pd

from csp_toolkit.cases.case_plans import ENTRY, IN_FORCE, ORDER
from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.caseload import Caseload
from csp_toolkit.display.values import show_date
from csp_toolkit.tables.view import View

GAP_COLUMNS = ("case_ref", "person_id", "gap", "words", "rests_on")
GAPS = {
    "CHILD_WITHOUT_SUPPORT": "a child with enforcement and no support",
    "NO_SUPPORT": "a high tier with no support",
    "ORDER_ENDING": "an order about to end",
    "NOT_REVIEWED": "nothing looked at for long",
    "NO_DISRUPTION": "an adult recorded as exploiting others, and no disruption",
    "AGE_NOT_KNOWN": "age not known, so treated as a child",
}


@dataclass(frozen=True, eq=False)
class Gaps:
    """What is missing from plans.

    Attributes
    ----------
    table : one row a gap (`GAP_COLUMNS`), by case; `rests_on` names the records it rests on.
    as_of : the day it speaks for.
    """

    table: pd.DataFrame
    as_of: date

    def explain(self, case_ref: str) -> str:
        """Say what is missing from one case's plan."""
        own = self.table.loc[self.table["case_ref"] == case_ref, "words"]
        return f"{case_ref}: {'; '.join(own) if len(own) else 'no gap by the rules in use'}."

    def _repr_html_(self) -> str:
        counts = self.table["gap"].map(GAPS).value_counts().sort_index()
        n = self.table["case_ref"].nunique()
        caption = f"Gaps in plans as at {self.as_of.isoformat()}: {len(self.table)} in {n} cases."
        return f"<p>{escape(caption)}</p>{counts.rename('n_cases').to_frame().to_html()}"


def find_gaps(caseload: Caseload, plans: pd.DataFrame, view: View) -> Gaps:
    """Find what is missing from the plans of open cases.

    Parameters
    ----------
    plans : what `gather_plans` returned.

    Notes
    -----
    Who is under 18, or of unknown age, counts as a child. A gap says that nothing is recorded,
    not that nothing is done.
    """
    cases, policy = caseload.table, caseload.policy
    active = plans[plans["is_active"]]
    by_kind = {
        kind: set(active.loc[active["kind"] == kind, "case_ref"]) for kind in ("SUPPORT", "DISRUPTION", "ENFORCEMENT")
    }
    child = cases["is_child"].fillna("Y").eq("Y")
    no_support = ~cases["case_ref"].isin(by_kind["SUPPORT"])
    enforced = cases["case_ref"].isin(by_kind["ENFORCEMENT"])
    high = cases["tier"].fillna("") >= policy.gaps.support_from_tier
    exploits = _exploiting(cases, view, policy)
    alone = cases[exploits & ~cases["case_ref"].isin(by_kind["DISRUPTION"])]
    refs = active.loc[active["kind"] == "ENFORCEMENT"].groupby("case_ref")["source_ref"].agg("; ".join)
    parts = [
        _say(cases[child & enforced & no_support], "CHILD_WITHOUT_SUPPORT",
             "under 18 with enforcement on record and no support on record", refs),
        _say(cases[high & no_support], "NO_SUPPORT", "no support on record at a tier that asks for it"),
        _say(alone, "NO_DISRUPTION", "recorded as exploiting others, and no disruption on record"),
        _say(cases[cases["age_years"].isna()], "AGE_NOT_KNOWN", "age not known: treated as a child"),
        _ending(active, view.as_of, policy), _unreviewed(active, view.as_of, policy),
    ]  # fmt: skip
    table = pd.concat(parts, ignore_index=True).astype("str")
    table["order"] = table["gap"].map({gap: n for n, gap in enumerate(GAPS)})
    table = table.sort_values(["case_ref", "order", "rests_on"], ignore_index=True)
    return Gaps(table[list(GAP_COLUMNS)], view.as_of)


def _say(cases: pd.DataFrame, gap: str, words: str, refs: pd.Series | None = None) -> pd.DataFrame:
    found = cases[["case_ref", "person_id"]].assign(gap=gap, words=words, rests_on=cases["case_ref"])
    if refs is not None:
        found = found.assign(rests_on=cases["case_ref"].map(refs).fillna(cases["case_ref"]))
    return found


def _ending(active: pd.DataFrame, as_of: date, policy: CasePolicy) -> pd.DataFrame:
    today = pd.Timestamp(as_of)
    orders = active[
        active["source"].eq(ORDER) & active["due_on"].between(today, today + timedelta(days=policy.gaps.order_days))
    ]
    words = [f"{what} ends {show_date(on)}" for what, on in zip(orders["what"], orders["due_on"], strict=True)]
    return orders[["case_ref", "person_id"]].assign(gap="ORDER_ENDING", words=words, rests_on=orders["source_ref"])


def _unreviewed(active: pd.DataFrame, as_of: date, policy: CasePolicy) -> pd.DataFrame:
    limit = pd.Timestamp(as_of) - timedelta(days=policy.gaps.unreviewed_days)
    running = active["source"].isin([ORDER, ENTRY]) | active["status"].isin(["OPEN", "IN_PROGRESS", IN_FORCE])
    old = active[running & (active["looked_at_on"] <= limit)]
    days = (pd.Timestamp(as_of) - old["looked_at_on"]).dt.days
    words = [f"{what}: not looked at for {n} days" for what, n in zip(old["what"], days, strict=True)]
    return old[["case_ref", "person_id"]].assign(gap="NOT_REVIEWED", words=words, rests_on=old["source_ref"])


def _exploiting(cases: pd.DataFrame, view: View, policy: CasePolicy) -> pd.Series:
    """Say of which adults the newest assessment answers that they exploit others; an unknown answer says nothing."""
    rule = policy.gaps.exploiter
    answers = view["assessment_answers"]
    newest = answers.groupby("case_ref")["assessment_no"].transform("max")
    own = answers[(answers["assessment_no"] == newest) & answers["indicator"].eq(rule.indicator)]
    value = pd.to_numeric(own["answer"], errors="coerce")
    found = set(own.loc[value >= rule.from_answer, "case_ref"])
    return cases["is_child"].eq("N").fillna(False).astype(bool) & cases["case_ref"].isin(found)
