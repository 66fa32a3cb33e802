"""What every check gives: one row for each answer or record that speaks against an assessment."""

import numpy as np
import pandas as pd

from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.caps import NOT_APPLICABLE
from csp_toolkit.risk.toolkit_rules import Check

HIT_COLUMNS = ("assessment_ref", "indicator", "table", "item_ref", "day", "words")


def as_hits(rows: pd.DataFrame, *, table: str, ref: str, day: str, words: object = "") -> pd.DataFrame:
    """Bring rows that hold assessment_ref and indicator to `HIT_COLUMNS`."""
    return pd.DataFrame(
        {
            "assessment_ref": rows["assessment_ref"].to_numpy(), "indicator": rows["indicator"].to_numpy(),
            "table": table, "item_ref": rows[ref].astype("str").to_numpy(),
            "day": rows[day].astype("datetime64[us]").to_numpy(),
            "words": words.to_numpy() if isinstance(words, pd.Series) else words,
        }
    )  # fmt: skip


def list_noughts(assessments: Assessments, check: Check) -> pd.DataFrame:
    """List the assessments in which a check's questions are answered 0, with whose and when.

    Of several questions the first that is answered decides, or all that are answered must be 0, as the check reads.
    """
    answers, toolkit = assessments.answers, assessments.toolkit
    places = [toolkit.place[i] for i in check.indicators]
    given = np.where(answers.grid[:, places] == NOT_APPLICABLE, NOT_APPLICABLE, answers.given[:, places])
    known = given >= 0
    first = known.argmax(axis=1)
    decides = given[np.arange(len(given)), first] if check.reading == "first" else np.where(known, given, 0).max(axis=1)
    at = np.nonzero(known.any(axis=1) & (decides == 0))[0]
    whose = answers.assessments.iloc[at][["assessment_ref", "case_ref", "person_id", "assessed_on"]]
    return whose.assign(indicator=np.array(check.indicators, dtype=object)[first[at]]).reset_index(drop=True)


def is_among(values: pd.Series, wanted: pd.Series) -> np.ndarray:
    """Say of each of many values whether it is among those wanted: hashed once, which `isin` does not do for text."""
    return pd.Index(wanted.dropna().unique()).get_indexer(pd.Index(values)) >= 0


def match_before(noughts: pd.DataFrame, events: pd.DataFrame, days: int | None) -> pd.DataFrame:
    """Put each person's events beside their answers: those on the day of the assessment and so many days before.

    `events` has person_id, day and anything else; without `days`, everything up to the assessment.
    """
    events = events[is_among(events["person_id"], noughts["person_id"])]
    both = noughts.merge(events, on="person_id")
    age = (both["assessed_on"] - both["day"].dt.normalize()).dt.days
    return both[age.ge(0) & (age.le(days) if days is not None else True)]
