"""What is on record of each case that its next step rests on: assessment, triggers, late actions, monitoring."""

from typing import Any

import pandas as pd

from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.transitions import Standing
from csp_toolkit.tables.decisions import list_agreed_actions
from csp_toolkit.tables.view import View

ASSESSED_COLUMNS = ("case_ref", "assessment_no", "assessed_on", "status", "score", "protective")


def gather_actions(view: View) -> pd.DataFrame:
    """Return every action about a case: the log's, and those the meetings agreed, whose case is the reference given.

    Returns
    -------
    The columns of the table `actions` and `person_id`; an action in both is taken from the log.
    """
    agreed = list_agreed_actions(view.decisions)
    refs = view.decisions.loc[view.decisions["kind"] == "action", "person_ref"].to_numpy()
    known = set(view["cases"]["case_ref"])
    agreed = agreed.assign(case_ref=[ref if ref in known else None for ref in refs]).astype({"case_ref": "str"})
    agreed = agreed[~agreed["action_ref"].isin(view["actions"]["action_ref"])]
    parts = [part.dropna(axis="columns", how="all") for part in (view["actions"], agreed) if len(part)]
    together = pd.concat(parts, ignore_index=True) if parts else view["actions"]
    together = together.reindex(columns=agreed.columns).astype(agreed.dtypes.to_dict())
    return together.dropna(subset=["case_ref"]).reset_index(drop=True)


def find_standings(
    cases: pd.DataFrame, view: View, policy: CasePolicy, *, triggers: pd.DataFrame, assessed: pd.DataFrame | None
) -> dict[str, Standing]:
    """Find what each case's next step rests on, by case_ref.

    Parameters
    ----------
    cases : every case, described. triggers : those of open cases.
    assessed : one row an assessment (`ASSESSED_COLUMNS`), oldest first within a case; `score` is the sum a fall is
        judged by, `protective` the factors present, parted by semicolons, or missing where none are recorded.
    """
    actions = gather_actions(view)
    is_open = actions["status"].isin(OPEN_STATES)
    late = is_open & (actions["due_on"] < pd.Timestamp(view.as_of)) & actions["priority"].eq("CRITICAL")
    owned = is_open & actions["action_owner"].notna() & actions["due_on"].notna()
    n_late = actions.loc[late.fillna(False), "case_ref"].value_counts()
    n_owned = actions.loc[owned, "case_ref"].value_counts()
    last = triggers[triggers["trigger"] != "BIRTHDAY"].groupby("case_ref")["on"].max()
    tests = {} if assessed is None else {ref: rows for ref, rows in assessed.groupby("case_ref")}
    found = {}
    for case in cases.to_dict("records"):
        ref, rows = case["case_ref"], tests.get(case["case_ref"])
        found[ref] = Standing(
            status=case["status"], tier=None if pd.isna(case["tier"]) else case["tier"],
            is_child=None if pd.isna(case["is_child"]) else case["is_child"] == "Y",
            last_trigger_on=last[ref].date() if ref in last.index else None,
            n_late_critical=int(n_late.get(ref, 0)), n_actions=int(n_owned.get(ref, 0)),
            monitored_since=None if pd.isna(case["monitored_since"]) else case["monitored_since"].date(),
            **({} if rows is None else _read_assessments(rows, policy)),
        )  # fmt: skip
    return found


def _read_assessments(rows: pd.DataFrame, policy: CasePolicy) -> dict[str, Any]:
    newest = rows.iloc[-1]
    protective = newest["protective"]
    present = None if pd.isna(protective) else frozenset(part.strip() for part in protective.split(";") if part.strip())
    return {
        "assessment": newest["status"],
        "n_falls_apart": _count_falls(rows, policy.step_down.falls_apart_days),
        "protective": present,
    }


def _count_falls(rows: pd.DataFrame, apart_days: int) -> int:
    """Count how many assessments in a row, back from the newest, each stand lower than one so many days before it."""
    days, scores = rows["assessed_on"].tolist(), rows["score"].tolist()
    n, here = 0, len(rows) - 1
    while here > 0:
        before = next((k for k in range(here - 1, -1, -1) if (days[here] - days[k]).days >= apart_days), None)
        if before is None or pd.isna(scores[here]) or pd.isna(scores[before]) or not scores[here] < scores[before]:
            break
        n, here = n + 1, before
    return n
