"""Who each case's person is tied to, one step away: at most fifteen people, from what may be shared, tie by tie."""

import pandas as pd

from csp_toolkit.networks.evidence.evidence_text import say_evidence
from csp_toolkit.networks.ties import Ties, keep_recent
from csp_toolkit.sharing.papers.network import attach_conditions, prefer_shareable
from csp_toolkit.sharing.papers.people import name_people
from csp_toolkit.tables.view import View

MOST_AROUND = 14
EGO_COLUMNS = (
    "case_ref", "person_a", "person_b", "label_a", "label_b", "kinds", "n_items", "n_origins", "is_tested", "p_exists",
    "last_seen", "evidence_text", "handling", "handling_conditions",
)  # fmt: skip


def draw_egos(ties: Ties, cases: pd.DataFrame, view: View) -> pd.DataFrame:
    """Draw the surroundings of each case's person.

    Parameters
    ----------
    ties : all ties; those of the policy's window are drawn. cases : case_ref and person_id.

    Returns
    -------
    The ties of each case (`EGO_COLUMNS`): those of the person, surest first and at most so many, and those among the
    people these lead to.
    """
    recent = keep_recent(prefer_shareable(ties))
    table = recent.table.assign(evidence_text=say_evidence(recent.table, recent.evidence))
    people = view.people.drop_duplicates("person_id").set_index("person_id")
    labels = name_people(people)
    found = []
    for ref, person in zip(cases["case_ref"], cases["person_id"], strict=True):
        own = table[table["person_a"].eq(person) | table["person_b"].eq(person)]
        own = own.sort_values(["p_exists", "n_origins", "person_a", "person_b"], ascending=[False, False, True, True])
        drawn = own.head(MOST_AROUND)
        around = (set(drawn["person_a"]) | set(drawn["person_b"])) - {person}
        among = table[table["person_a"].isin(around) & table["person_b"].isin(around)]
        found.append(pd.concat([drawn, among]).assign(case_ref=ref))
    every = pd.concat(found, ignore_index=True) if found else table.iloc[:0].assign(case_ref="")
    every = every.assign(
        label_a=every["person_a"].map(labels).fillna("name not recorded").astype("str"),
        label_b=every["person_b"].map(labels).fillna("name not recorded").astype("str"),
    )
    return attach_conditions(every, ties, view)[list(EGO_COLUMNS)]
