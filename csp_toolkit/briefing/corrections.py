"""What people decided into the casebook, and what their judgements changed in the list: the work of `csp decide`."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from csp_toolkit.briefing.case_decisions import check_cases, show_conflicts
from csp_toolkit.briefing.workspace import Workspace
from csp_toolkit.cases.lawful import check_agreed
from csp_toolkit.cases.plans import read_menu
from csp_toolkit.errors import ToolkitError
from csp_toolkit.params import read_one
from csp_toolkit.risk.harm_policy import read_harm_policy
from csp_toolkit.risk.vulnerability import assess_harm
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.matrix import read_matrix
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.effects import Correction, compare_judged
from csp_toolkit.tables.ages import age_years, youngest_birth
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.case_rules import CASE, PLAN
from csp_toolkit.tables.deciding.decisions import DecideReport, list_agreed_actions
from csp_toolkit.tables.deciding.rules import ACTION, PAIRS
from csp_toolkit.tables.governance import read_governance
from csp_toolkit.tables.view import View


@dataclass(frozen=True)
class Decided:
    """What was recorded, and what the judgements among it changed: nothing is said where there were none."""

    report: DecideReport
    correction: Correction | None
    note: str = ""

    def sentences(self) -> list[str]:
        """Say it, in counts."""
        report = self.report
        said = [f"{report.n_recorded} decisions recorded, {report.n_unchanged} stood already."]
        if report.n_waiting:
            said.append(f"{report.n_waiting} judgements wait for a record that has not been received yet.")
        if self.correction:
            said.append(f"What the judgements changed: {self.correction}")
        return [*said, self.note] if self.note else said


def decide(workspace: Workspace, made: pd.DataFrame, *, recorded_on: date, actor: str, at: datetime) -> Decided:
    """Record decisions in a workspace's casebook; where pairs were judged, score before and after and compare."""
    casebook = Casebook.open(workspace.casebook, params=workspace.params)
    try:
        judged = made["kind"].isin(list(PAIRS)).any()
        acted, stepped = made["kind"].eq(ACTION).any(), made["kind"].isin([CASE, PLAN]).any()
        before = casebook.view(recorded_on) if judged or acted or stepped or made["stands"].notna().any() else None
        problems = _check_actions(workspace, made, before) if before is not None and acted else []
        if before is not None:
            show_conflicts(workspace, made, before)
            problems += check_cases(workspace, casebook, made, recorded_on=recorded_on)
        report = casebook.decide(made, recorded_on=recorded_on, actor=actor, at=at, problems=problems)
        if before is None or not judged or not report.n_recorded:
            return Decided(report, None)
        after = casebook.view(recorded_on)
        try:
            pair = [(view, score_view(workspace, view)) for view in (before, after)]
        except ToolkitError as error:
            return Decided(report, None, f"What the judgements changed was not worked out. {error}")
        return Decided(report, compare_judged(*pair))
    finally:
        casebook.close()


def _check_actions(workspace: Workspace, made: pd.DataFrame, view: View) -> list[str]:
    """Hold agreed actions to the menu and to the ages of those they are about."""
    refs = view.person_keys.drop_duplicates("source_ref").set_index("source_ref")["person_id"]
    born = youngest_birth(view.people.drop_duplicates("person_id").set_index("person_id"))
    ages = age_years(born, view.as_of)
    by_ref = {ref: _whole(ages.get(refs.get(ref))) for ref in made["person_ref"].dropna().unique()}
    agreed = list_agreed_actions(view.decisions)
    helped = agreed.loc[agreed["action_type"].eq("SUPPORT"), "person_id"].dropna()
    supported = frozenset(refs[refs.isin(helped)].index)
    menu = read_one("interventions", workspace.params, read_menu)
    return check_agreed(made, by_ref, menu, supported=supported)


def _whole(age: object) -> int | None:
    return None if age is None or pd.isna(age) else int(str(age))


def score_view(workspace: Workspace, view: View) -> Scores:
    """Score a view by the policies of its workspace, as the workings of a meeting do."""
    params = workspace.params
    harm = assess_harm(view, read_one("vulnerability", params, read_harm_policy))
    matrix = read_one("matrices", params, read_matrix)
    return score(view, matrix, vulnerable=harm.over_threshold, governance=read_governance(params))
