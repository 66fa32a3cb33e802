"""What is on record of each case that its next step rests on: assessment, triggers, late actions, monitoring."""

from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.clocks import CASE_MANAGEMENT
from csp_toolkit.cases.follow_up import FollowUpPolicy, follow_actions, is_of_meeting
from csp_toolkit.cases.transitions import Standing
from csp_toolkit.tables.deciding.rules import ACTION, name_action
from csp_toolkit.tables.view import View


def gather_actions(view: View, follow: FollowUpPolicy) -> pd.DataFrame:
    """Return every action of the case meeting or about a case, followed up.

    Returns
    -------
    The columns of `follow_up.FOLLOWED_COLUMNS`, one row an action: the log's, and those agreed here, whose case is the
        reference they were agreed under; `case_ref` is missing where an action is about no case.
    """
    followed = follow_actions(view, follow, since=None, held_as=CASE_MANAGEMENT).table
    made = view.decisions[view.decisions["kind"] == ACTION]
    known = set(view["cases"]["case_ref"])
    own = {
        name_action(text): ref for text, ref in zip(made["details"], made["person_ref"], strict=True) if ref in known
    }
    case_ref = followed["case_ref"].fillna(followed["action_ref"].map(own).astype("str"))
    ours = [is_of_meeting(ref, follow.prefix) for ref in followed["action_ref"]]
    kept = case_ref.notna() | pd.Series(ours, index=followed.index, dtype="bool")
    return followed.assign(case_ref=case_ref)[kept].reset_index(drop=True)


def find_standings(
    cases: pd.DataFrame, view: View, policy: CasePolicy, *, actions: pd.DataFrame, triggers: pd.DataFrame,
    assessed: pd.DataFrame | None,
) -> dict[str, Standing]:  # fmt: skip
    """Find what each case's next step rests on, by case_ref.

    Parameters
    ----------
    cases : every case, described. actions : what `gather_actions` returned. triggers : those of open cases.
    assessed : one row an assessment, oldest first within a case (`assessed.list_assessed`).
    """
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
    """Count how many assessments in a row, back from the newest, each fell from one so many days before it."""
    days, scores = rows["assessed_on"].tolist(), rows[[c for c in rows if c.endswith("_score")]].to_numpy("float64")
    n, here = 0, len(rows) - 1
    while here > 0:
        before = next((k for k in range(here - 1, -1, -1) if (days[here] - days[k]).days >= apart_days), None)
        if before is None or not _fell(scores[before], scores[here]):
            break
        n, here = n + 1, before
    return n


def _fell(before: np.ndarray, after: np.ndarray) -> bool:
    """Say whether one axis fell and none rose; of an axis without a score nobody can tell, so it did not."""
    return bool((after <= before).all() and (after < before).any())
