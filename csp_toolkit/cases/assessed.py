"""What the rules of a case need of its assessments: how much is known, which way the scores went, what protects."""

import pandas as pd

from csp_toolkit.risk.assessments import Assessments

PRESENT = "present"


def list_assessed(assessments: Assessments) -> pd.DataFrame:
    """List assessments, oldest first within a case.

    Returns
    -------
    case_ref, assessment_no, assessed_on, status, protective (the factors present, parted by semicolons; missing where
        nothing is recorded of any), and for each axis its score. Scores are never added.
    """
    scores = [column for column in assessments.table.columns if column.endswith("_score")]
    table = assessments.table[["assessment_ref", "case_ref", "assessment_no", "assessed_on", "status", *scores]]
    given = assessments.protective
    factors = given[given["id"].isin([factor.id for factor in assessments.toolkit.protective])]
    known = factors[factors["answer"] != "unknown"]
    present = known.assign(here=known["id"].where(known["answer"] == PRESENT))
    said = present.groupby("assessment_ref")["here"].agg(lambda ids: "; ".join(sorted(ids.dropna())))
    table = table.assign(protective=table["assessment_ref"].map(said).astype("str"))
    table = table.sort_values(["case_ref", "assessed_on", "assessment_no"], ignore_index=True)
    return table.drop(columns="assessment_ref")
