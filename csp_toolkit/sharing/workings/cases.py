"""The tables that stay beside the workings of the case meeting: the caseload, what is due, plans, gaps, assessments.

They carry references and no names.
"""

import pandas as pd

from csp_toolkit.cases.delivery import count_delivery
from csp_toolkit.networks.ties import Ties
from csp_toolkit.sharing.papers.cases import CaseWork
from csp_toolkit.sharing.papers.ground import Papers
from csp_toolkit.tables.view import View


def list_case_workings(view: View, work: CaseWork, papers: Papers, ties: Ties) -> dict[str, pd.DataFrame]:
    """List every table of a run of the case meeting by the name of its file."""
    caseload, assessments = work.caseload, work.assessments
    figures = count_delivery(caseload, view)
    due = pd.concat([caseload.due, caseload.waiting], ignore_index=True)
    drawn = papers["case_ties"].drop(columns=["label_a", "label_b", "evidence_text"])
    return {
        "caseload": caseload.table,
        "due": due,
        "triggers": caseload.triggers,
        "movement": caseload.movement,
        "actions": caseload.actions.drop(columns=["action_text", "words"]),
        "plans": work.plans.drop(columns=["what", "objective", "result"]),
        "gaps": work.gaps.table,
        "assessments": assessments.table,
        "levels": assessments.levels,
        "requests": assessments.requests.drop(columns="question"),
        "case_ties": drawn,
        "ties": ties.table.rename(columns={"kinds": "kind"}),
        "delivery": figures.table,
        "coverage": papers["coverage"],
        "accounts": papers["accounts"],
        "rejected": view.rejected,
        "people": view.person_keys.sort_values(["person_id", "source_system", "source_ref"]).reset_index(drop=True),
    }
