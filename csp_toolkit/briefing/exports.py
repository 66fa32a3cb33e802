"""What people fill in or carry on with: the decisions workbook of a meeting, and the run's tables as one workbook."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from csp_toolkit.briefing.manifest import read_manifest
from csp_toolkit.briefing.meetings import TABLES_FOLDER
from csp_toolkit.briefing.pairs_to_judge import Pairs, list_pairs_to_judge
from csp_toolkit.briefing.workspace import Workspace, publish, stage
from csp_toolkit.errors import WorkspaceError
from csp_toolkit.sharing.meeting import read_meeting
from csp_toolkit.sharing.spreadsheets import disarm
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.view import View

EXPORTS, DECISIONS_BOOK, TABLES_BOOK = "_exports", "decisions.xlsx", "tables.xlsx"
SHOWN = ("name", "police_rank", "block", "rank", "score", "band", "status", "next_review")
HIDDEN_OF_CHILDREN = ("rank", "score", "band")
GATES = {"exploitation": ("g7",), "review": ("g4",)}
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
    most = read_meeting(meeting, workspace.params).most_pairs_to_judge
    pairs = list_pairs_to_judge(workspace, view, most=most)
    with stage(workspace.runs) as aside:
        _write_decisions(aside / DECISIONS_BOOK, view, tables, pairs, marking)
        _write_tables(aside / TABLES_BOOK, tables, marking, as_of)
        target = workspace.runs / EXPORTS / as_of.isoformat() / meeting
        publish(aside, target)
    return target


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def _write_decisions(path: Path, view: View, tables: Mapping[str, pd.DataFrame], pairs: Pairs, marking: str) -> None:
    from csp_toolkit.tables.decision_sheets import write_workbook

    candidates = _hide_children(tables.get("candidates", pd.DataFrame({"person_id": []})))
    left_out = tables.get("left_out", pd.DataFrame({"person_id": [], "gate": []}))
    listed = _list_first(candidates, view)
    sheets = {
        kind: _describe(left_out[left_out["gate"].isin(gates)].drop_duplicates("person_id"), view)
        for kind, gates in GATES.items()
    }
    sheets["selection"] = _describe(listed, view)
    write_workbook(
        path,
        meeting_on=view.as_of,
        people=_describe(candidates, view),
        sheets=sheets | pairs.sheets,
        notes=pairs.notes,
        decisions=view.decisions,
        judgements=view.judgements,
        marking=marking,
    )


def _hide_children(candidates: pd.DataFrame) -> pd.DataFrame:
    """Leave out what the matrix says of a child: safeguarding leads, and no score is shown."""
    if "block" not in candidates:
        return candidates
    child = candidates["block"] == "under_18"
    return candidates.assign(**{c: candidates[c].mask(child, "") for c in HIDDEN_OF_CHILDREN if c in candidates})


def _list_first(candidates: pd.DataFrame, view: View) -> pd.DataFrame:
    """Put the police list first, in the police's order, scored or not: each of its people is to be decided on."""
    lists = view["police_list"]
    newest = lists[lists["meeting_on"] == lists["meeting_on"].max()].sort_values("place")
    listed = newest[["person_id"]].assign(police_rank=newest["place"].astype("str"))
    listed = listed.merge(candidates.drop(columns="police_rank", errors="ignore"), on="person_id", how="left")
    others = candidates[~candidates["person_id"].isin(listed["person_id"])]
    return pd.concat([listed, others], ignore_index=True).fillna("")


def _describe(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Give each person of a table a reference, a name, and what helps to decide."""
    people = view.people.set_index("person_id")
    known = table[table["person_id"].isin(people.index)].reset_index(drop=True)
    found = people.loc[known["person_id"]]
    shown = [column for column in (*SHOWN, "gate", "reason") if column in known and column != "name"]
    refs = view.person_keys.sort_values(["person_id", "source_system", "source_ref"])
    police = refs.assign(other=refs["source_system"] != "police").sort_values(["person_id", "other", "source_ref"])
    first = police.drop_duplicates("person_id").set_index("person_id")["source_ref"]
    return pd.DataFrame(
        {
            "person_ref": first.reindex(known["person_id"]).to_numpy(),
            "name": (found["family_name"].fillna("") + ", " + found["given_name"].fillna("")).to_numpy(),
            **{f"why_{column}" if column == "reason" else column: known[column] for column in shown},
        }
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
