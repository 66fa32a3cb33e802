"""The workbook of the case meeting: a row for each case, its plan, its actions, and what came of earlier ones."""

from pathlib import Path

import pandas as pd

from csp_toolkit.briefing.workspace import Workspace
from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.cases.case_checks import set_before
from csp_toolkit.cases.case_plans import newest_entries
from csp_toolkit.cases.case_policy import read_case_policy
from csp_toolkit.cases.caseload import Caseload, open_caseload
from csp_toolkit.cases.plans import read_menu
from csp_toolkit.display.values import show_date
from csp_toolkit.params import read_one
from csp_toolkit.risk.answers import collect_answers
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.contradicting.contradictions import find_contradictions
from csp_toolkit.risk.toolkit import read_toolkit
from csp_toolkit.sharing.meeting import Meeting
from csp_toolkit.sharing.papers.people import name_people
from csp_toolkit.tables.deciding.case_rules import CASE, PLAN
from csp_toolkit.tables.deciding.cells import BETWEEN
from csp_toolkit.tables.deciding.rules import ACTION, OUTCOME, name_action
from csp_toolkit.tables.deciding.sheets import write_workbook
from csp_toolkit.tables.view import View

SHEETS = (CASE, PLAN, ACTION, OUTCOME)


def read_caseload(workspace: Workspace, view: View, policy: Meeting) -> Caseload:
    """Work out the caseload of a view by the policies of its workspace, as the workings of the meeting do."""
    rules = read_one("cases", workspace.params, read_case_policy)
    toolkit = read_toolkit(rules.toolkit, workspace.params)
    assessed = assess(collect_answers(view, toolkit), as_of=view.as_of)
    assessments = find_contradictions(view, assessed).hold_back(assessed)
    return open_caseload(view, rules, policy.actions, assessments=assessments)


def write_case_workbook(path: Path, workspace: Workspace, view: View, policy: Meeting, *, marking: str) -> None:
    """Write the workbook of the case meeting; what was recorded for this meeting already is filled in.

    Every row says as what it stands, so that a row somebody else has recorded meanwhile is shown and not overwritten.
    """
    caseload = read_caseload(workspace, set_before(view, view.as_of), policy)
    menu = read_one("interventions", workspace.params, read_menu)
    names = name_people(view.people.drop_duplicates("person_id").set_index("person_id"))
    agencies = pd.concat([view["agreements"]["agency"], view["actions"]["agency"]]).dropna().unique()
    table = caseload.table
    people = [f"{names.get(p, 'name not recorded')}{BETWEEN}{ref}"
              for ref, p in zip(table["case_ref"], table["person_id"], strict=True)]  # fmt: skip
    write_workbook(
        path,
        meeting_on=view.as_of,
        people=pd.DataFrame({"person_ref": [], "name": []}, dtype="str"),
        sheets={CASE: _list_cases(caseload, names), PLAN: _list_entries(view, caseload),
                OUTCOME: _list_actions(caseload, view)},
        decisions=view.decisions,
        marking=marking,
        prefix=policy.actions.prefix,
        choices={
            "person_ref": people,
            "intervention_code": [f"{i.code}{BETWEEN}{i.title} ({i.kind.lower()})" for i in menu.interventions],
            "agency": sorted(map(str, agencies)),
            "case_ref": people,
        },
        kinds=SHEETS,
    )  # fmt: skip


def _list_cases(caseload: Caseload, names: pd.Series) -> pd.DataFrame:
    table = pd.concat([caseload.listed, caseload.table[caseload.table["listed_as"].isna()]], ignore_index=True)
    return pd.DataFrame({
        "case_ref": table["case_ref"], "name": table["person_id"].map(names).fillna("name not recorded"),
        "listed_as": table["listed_as"].fillna("not listed"), "listed_because": table["why"].fillna(""),
        "status_now": table["status"], "tier_now": table["tier"].fillna(""),
        "review_due": table["review_due_on"].map(lambda day: "" if pd.isna(day) else show_date(day)),
        "a_tier_down_lacks": ["; ".join(caseload.say_step_down(ref)) for ref in table["case_ref"]],
    }).astype("str")  # fmt: skip


def _list_entries(view: View, caseload: Caseload) -> pd.DataFrame:
    """List the entries made at earlier meetings that still run."""
    earlier = newest_entries(set_before(view, view.as_of).decisions)
    runs = earlier[earlier["outcome"].isin(["PROPOSED", "APPLIED", "GRANTED", "ACTIVE"])]
    runs = runs[runs["case_ref"].isin(caseload.table["case_ref"])]
    return pd.DataFrame({
        "plan_ref": runs["plan_ref"], "case_ref": runs["case_ref"], "stood_as": runs["outcome"],
        "of_code": runs["intervention_code"], "of_owner": runs["action_owner"],
    }).astype("str").reset_index(drop=True)  # fmt: skip


def _list_actions(caseload: Caseload, view: View) -> pd.DataFrame:
    """List the meeting's own open actions: what came of them is filled in here. Those of the log, its owners settle."""
    recorded = set(view.decisions.loc[view.decisions["kind"].eq(ACTION), "details"].map(name_action))
    told = view.decisions[
        view.decisions["kind"].eq(OUTCOME) & view.decisions["meeting_on"].eq(pd.Timestamp(view.as_of))
    ]
    now = set(told["details"].map(name_action))
    own = caseload.actions[caseload.actions["action_ref"].isin(recorded)]
    own = own[
        (own["meeting_on"] < pd.Timestamp(view.as_of)) & (own["status"].isin(OPEN_STATES) | own["action_ref"].isin(now))
    ]
    return pd.DataFrame({
        "action_ref": own["action_ref"], "of_case": own["case_ref"].fillna(""), "action": own["action_text"],
        "owner": own["action_owner"], "of_agency": own["agency"],
        "was_due": own["due_on"].dt.strftime("%Y-%m-%d"), "carried_over": own["n_carried_over"].astype("str"),
    }).astype("str").reset_index(drop=True)  # fmt: skip
