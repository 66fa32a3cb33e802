"""The answers that a casebook holds: those the partnership sent, and those recorded here in a form."""

import json

import pandas as pd

from csp_toolkit.tables.deciding.assessment_rules import ANSWER, ANSWER_DETAILS, ANSWERED
from csp_toolkit.tables.view import View

_COLUMNS = ["case_ref", "assessment_no", "assessed_on", "indicator", "answer", "last_seen_on", "source_agency", "grade",
            "note", "reason", "person_id"]  # fmt: skip
_KEY = ["assessment_ref", "indicator", "source_agency"]


def read_answers(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return answers (one row each, with `assessment_ref`) and assessments, oldest first within a case.

    What was recorded here takes the place of what was sent for the same question, agency and assessment. An answer that
    was taken back here leaves what was sent.
    """
    sent = view["assessment_answers"].assign(reason=pd.NA)[_COLUMNS]
    made = _read_recorded(view)
    rows = pd.concat([sent, made], ignore_index=True) if len(made) else sent
    rows = rows.astype({"assessment_no": "Int64", "reason": "str"})
    rows["assessment_ref"] = rows["case_ref"] + "/" + rows["assessment_no"].astype("str")
    if len(made):
        rows = rows.drop_duplicates(_KEY, keep="last")
    rows = rows.sort_values(["case_ref", "assessment_no", "indicator", "source_agency"], kind="stable",
                            ignore_index=True)  # fmt: skip
    assessments = rows.drop_duplicates("assessment_ref")
    assessments = assessments[["assessment_ref", "case_ref", "assessment_no", "assessed_on", "person_id"]]
    rows = rows.drop(columns=["case_ref", "assessment_no", "assessed_on", "person_id"])
    return rows, assessments.reset_index(drop=True)


def _read_recorded(view: View) -> pd.DataFrame:
    """Return the answers recorded in a form that stand: of several on one question and agency, the last recorded."""
    made = view.decisions[view.decisions["kind"].eq(ANSWER)].sort_values(["meeting_on", "recorded_on"], kind="stable")
    details = pd.DataFrame([json.loads(text) for text in made["details"]], columns=list(ANSWER_DETAILS))
    for name in ("assessed_on", "last_seen_on"):
        details[name] = pd.to_datetime(details[name]).astype("datetime64[us]")
    details["assessment_no"] = pd.to_numeric(details["assessment_no"]).astype("Int64")
    details = details.assign(person_id=made["person_id"].to_numpy(), outcome=made["outcome"].to_numpy())
    details = details.drop_duplicates("slot", keep="last")
    stands = details["outcome"].eq(ANSWERED) & details["assessed_on"].le(pd.Timestamp(view.as_of))
    return details.loc[stands, _COLUMNS]
