"""What people fill in or carry on with: the decisions workbook of a meeting, and the run's tables as one workbook."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from csp_toolkit.briefing.case_workbook import write_case_workbook
from csp_toolkit.briefing.manifest import read_manifest
from csp_toolkit.briefing.meetings import TABLES_FOLDER
from csp_toolkit.briefing.pairs_to_judge import list_pairs_to_judge
from csp_toolkit.briefing.people_to_decide import list_to_decide
from csp_toolkit.briefing.workspace import Workspace, publish, stage
from csp_toolkit.cases.clocks import CASE_MANAGEMENT
from csp_toolkit.cases.follow_up import follow_actions
from csp_toolkit.cases.plans import read_menu
from csp_toolkit.errors import WorkspaceError
from csp_toolkit.params import read_one
from csp_toolkit.sharing.last_meeting import find_previous_meeting
from csp_toolkit.sharing.meeting import read_meeting
from csp_toolkit.sharing.spreadsheets import disarm
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.view import View

EXPORTS, DECISIONS_BOOK, TABLES_BOOK = "_exports", "decisions.xlsx", "tables.xlsx"
LONGEST_SHEET_NAME = 31


def export_meeting(
    workspace: Workspace, meeting: str, *, as_of: date, known_at: date, actor: str, at: datetime
) -> Path:
    """Write the decisions workbook and the tables of a run into `runs/_exports/<as_of>/<meeting>/`; log it first."""
    run = workspace.runs / as_of.isoformat() / meeting
    if not (run / TABLES_FOLDER).is_dir():
        raise WorkspaceError(
            f"There is no run of {meeting} as at {as_of.isoformat()}. Run `csp brief {meeting}` first."
        )
    marking = str(read_manifest(run).get("marking", ""))
    tables = {path.stem: _read(path) for path in sorted((run / TABLES_FOLDER).glob("*.csv"))}
    casebook = Casebook.open(workspace.casebook, params=workspace.params)
    try:
        details = {"meeting": meeting, "as_of": as_of.isoformat(), "what": "export"}
        casebook.log.append("consult", actor=actor, at=at, details=details)
        view = casebook.view(as_of, known_at)
    finally:
        casebook.close()
    with stage(workspace.runs) as aside:
        _write_decisions(aside / DECISIONS_BOOK, workspace, meeting, view, tables, marking)
        _write_tables(aside / TABLES_BOOK, tables, marking, as_of)
        target = workspace.runs / EXPORTS / as_of.isoformat() / meeting
        publish(aside, target)
    return target


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def _write_decisions(
    path: Path, workspace: Workspace, meeting: str, view: View, tables: Mapping[str, pd.DataFrame], marking: str
) -> None:
    from csp_toolkit.tables.deciding.sheets import write_workbook

    policy = read_meeting(meeting, workspace.params)
    if policy.held_as == CASE_MANAGEMENT:
        write_case_workbook(path, workspace, view, policy, marking=marking)
        return
    since = find_previous_meeting(view.tables, view.as_of, policy.held_as)
    followed = follow_actions(view, policy.actions, since=since, held_as=policy.held_as)
    menu = read_one("interventions", workspace.params, read_menu)
    listed = list_to_decide(tables, view, policy, menu=menu, followed=followed)
    pairs = list_pairs_to_judge(workspace, view, most=policy.most_pairs_to_judge)
    write_workbook(
        path,
        meeting_on=view.as_of,
        people=listed.people,
        sheets=listed.sheets | pairs.sheets,
        notes=pairs.notes,
        decisions=view.decisions,
        judgements=view.judgements,
        marking=marking,
        prefix=policy.actions.prefix,
        choices=listed.choices,
    )


def _write_tables(path: Path, tables: Mapping[str, pd.DataFrame], marking: str, as_of: date) -> None:
    """Write every table as a sheet, marking and date above its headings, no cell a formula."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime(as_of.year, as_of.month, as_of.day)
    for name, table in tables.items():
        sheet = book.create_sheet(name[:LONGEST_SHEET_NAME])
        sheet.append([marking, f"as at {as_of.isoformat()}"])
        sheet.append(list(table.columns))
        for row in table.itertuples(index=False):
            sheet.append([disarm(cell) for cell in row])
    book.save(path)
