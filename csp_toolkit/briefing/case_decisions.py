"""What a workbook decided on cases, held to the rules before it is recorded, and to what others recorded meanwhile."""

from datetime import date
from pathlib import Path

import pandas as pd

from csp_toolkit.briefing.case_workbook import read_caseload
from csp_toolkit.briefing.workspace import Workspace
from csp_toolkit.cases.case_checks import check_case_decisions, set_before
from csp_toolkit.cases.clocks import CASE_MANAGEMENT
from csp_toolkit.cases.plans import read_menu
from csp_toolkit.errors import CheckFailed
from csp_toolkit.params import policy_files, read_one
from csp_toolkit.sharing.meeting import Meeting, read_meeting
from csp_toolkit.sharing.spreadsheets import disarm
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.case_rules import CASE, PLAN
from csp_toolkit.tables.deciding.rules import ACTION
from csp_toolkit.tables.deciding.standing_edits import find_conflicts
from csp_toolkit.tables.view import View

CONFLICTS = "conflicts.xlsx"


def check_cases(workspace: Workspace, casebook: Casebook, made: pd.DataFrame, *, recorded_on: date) -> list[str]:
    """Name the decisions on cases that lack their evidence, meeting by meeting, by sheet and row."""
    policy = _find_policy(workspace)
    own = made[made["kind"].isin([CASE, PLAN, ACTION]) & made["meeting_on"].notna()]
    if policy is None or not (own["kind"].isin([CASE, PLAN]).any() or _is_of_case(own, casebook, recorded_on)):
        return []
    menu = read_one("interventions", workspace.params, read_menu)
    problems = []
    for day, rows in own.groupby("meeting_on"):
        view = set_before(casebook.view(min(day.date(), recorded_on), recorded_on), day.date())
        problems += check_case_decisions(rows, read_caseload(workspace, view, policy), view, menu)
    return problems


def _is_of_case(rows: pd.DataFrame, casebook: Casebook, on: date) -> bool:
    return bool(rows["person_ref"].isin(casebook.view(on)["cases"]["case_ref"]).any()) if len(rows) else False


def _find_policy(workspace: Workspace) -> Meeting | None:
    """Return the policy of the case meeting of a workspace, where it has one."""
    meetings = (read_meeting(name, workspace.params) for name in policy_files("meetings", workspace.params))
    return next((policy for policy in meetings if policy.held_as == CASE_MANAGEMENT), None)


def show_conflicts(workspace: Workspace, made: pd.DataFrame, view: View) -> None:
    """Refuse a workbook that would overwrite what was recorded after it was written, and show both side by side.

    Raises
    ------
    CheckFailed : the rows that differ, by sheet, row and field, and where both stand side by side; nothing is recorded.
    """
    found = find_conflicts(made, view.decisions)
    if found.empty:
        return
    place = _write(workspace.runs / "_exports" / CONFLICTS, found)
    rows = found.groupby(["sheet", "row"], sort=False)["field"].agg(", ".join)
    said = "; ".join(f"{sheet} row {row}: {fields}" for (sheet, row), fields in rows.items())
    raise CheckFailed(
        f"{len(rows)} rows were recorded otherwise since this workbook was written ({said}). Nothing was recorded and "
        f"nothing overwritten. Both stand side by side in {place.relative_to(workspace.root).as_posix()}: export the "
        "workbook again, fill in what holds, and decide."
    )


def _write(path: Path, found: pd.DataFrame) -> Path:
    """Write what differs as a workbook, every cell text."""
    import openpyxl

    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Conflicts"
    sheet.append(["Sheet", "Row", "Field", "In this workbook", "Recorded", "Recorded by (role)", "Recorded on"])
    for row in found.itertuples(index=False):
        sheet.append([disarm(cell) if isinstance(cell, str) else cell for cell in row])
    book.save(path)
    return path
