"""Whether what was decided on cases may be recorded: every step with its evidence, every plan within the law."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from csp_toolkit.cases.case_plans import newest_entries
from csp_toolkit.cases.caseload import Caseload
from csp_toolkit.cases.plans import Menu
from csp_toolkit.cases.transitions import NO_STEP, Standing, list_missing
from csp_toolkit.tables.ages import ADULT_YEARS
from csp_toolkit.tables.deciding.case_rules import CASE, PLAN
from csp_toolkit.tables.deciding.rules import ACTION
from csp_toolkit.tables.view import View

VAGUE = ("consider", "discuss", "think about", "look into", "explore", "review whether")


def set_before(view: View, meeting_on: date) -> View:
    """Return a view without what the meeting of a day itself decided on cases and plans: a step starts before it."""
    own = view.decisions["kind"].isin([CASE, PLAN]) & view.decisions["meeting_on"].eq(pd.Timestamp(meeting_on))
    return replace(view, decisions=view.decisions[~own].reset_index(drop=True))


def check_case_decisions(made: pd.DataFrame, caseload: Caseload, view: View, menu: Menu) -> list[str]:
    """Name the decisions on cases that may not be recorded, by sheet and row, each with all that it lacks.

    Parameters
    ----------
    made : decisions as a workbook gives them. caseload, view : as before the meeting that decided.
    """
    held = [(row, json.loads(row["details"] or "{}")) for row in made.to_dict("records")]
    agreed = pd.Series([row["person_ref"] for row, _ in held if row["kind"] == ACTION], dtype="object").value_counts()
    problems = []
    for row, details in held:
        wrong: list[str] = []
        if row["kind"] == CASE:
            wrong = _of_case(row, details, caseload, int(agreed.get(details.get("case_ref"), 0)))
        elif row["kind"] == PLAN:
            wrong = _of_entry(row, details, caseload, view, menu)
        elif row["kind"] == ACTION and row["person_ref"] in caseload.standings:
            wrong = _of_action(row, details, caseload)
        if wrong:
            problems.append(f"{row['sheet']} row {row['row']}: {'; '.join(wrong)}")
    return problems


def _of_case(row: Mapping[str, Any], details: Mapping[str, Any], caseload: Caseload, n_agreed: int) -> list[str]:
    standing = caseload.standings.get(str(details.get("case_ref")), Standing(status="NEW"))
    standing = replace(standing, n_actions=standing.n_actions + n_agreed)
    on = row["decided_on"].date() if pd.notna(row["decided_on"]) else caseload.as_of
    missing = list_missing(standing, str(row["outcome"]), details, on=on, policy=caseload.policy)
    if not missing:
        return []
    is_none = NO_STEP in missing[0]
    lacks = missing[1:] if is_none else missing
    return [*missing[: int(is_none)], *([f"refused for want of {', and of '.join(lacks)}"] if lacks else [])]


def _of_entry(
    row: Mapping[str, Any], details: Mapping[str, Any], caseload: Caseload, view: View, menu: Menu
) -> list[str]:
    known = newest_entries(view.decisions).set_index("plan_ref")
    ref = details.get("plan_ref")
    before = known.loc[ref] if ref in known.index else pd.Series(dtype="str")
    full = {name: details.get(name) or before.get(name) for name in ("intervention_code", "action_owner", "necessity",
                                                                     "child_impact")}  # fmt: skip
    wrong = [
        f"{name.replace('_', ' ')} is empty" for name in ("intervention_code", "action_owner") if _empty(full[name])
    ]
    one = {i.code: i for i in menu.interventions}.get(str(full["intervention_code"]))
    if not _empty(full["intervention_code"]) and one is None:
        wrong.append("the code is not on the menu")
    if one is None:
        return wrong
    cases = caseload.table.set_index("case_ref")
    age = cases["age_years"].get(str(details.get("case_ref")), pd.NA)
    is_child = pd.isna(age) or int(age) < ADULT_YEARS
    if one.kind != "SUPPORT":
        wrong += [f"{name} is empty" for name in ("necessity",) if _empty(full[name])]
        if is_child and one.aims_at == "person" and full["child_impact"] != "Y":
            wrong.append("what it does to the child has not been assessed")
    if one.aims_at == "person" and pd.notna(age) and int(age) < one.min_age:
        wrong.append(f"the law allows it from {one.min_age} years, and the person is younger")
    return wrong


def _of_action(row: Mapping[str, Any], details: Mapping[str, Any], caseload: Caseload) -> list[str]:
    wrong = []
    if str(details.get("action_text", "")).strip().lower().startswith(VAGUE):
        wrong.append("the action cannot be tested: begin with what is done")
    due = pd.to_datetime(details.get("due_on"), errors="coerce")
    if pd.notna(due) and due.date() > caseload.calendar.next_meeting and not str(row["reason"] or "").strip():
        wrong.append("due after the next meeting without a reason")
    return wrong


def _empty(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))
