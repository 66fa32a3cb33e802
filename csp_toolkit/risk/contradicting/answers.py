"""Checks of answers against each other: agencies that differ, what rests on nothing, dates, copies, ages, falls."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pandas as pd

from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.caps import EARLY, LATE
from csp_toolkit.risk.contradicting.hits import as_hits
from csp_toolkit.risk.toolkit import INSUFFICIENT
from csp_toolkit.risk.toolkit_rules import Check
from csp_toolkit.tables.ages import birthday
from csp_toolkit.tables.view import View

TABLE = "assessment_answers"
SINCE = "since"


def _values(assessments: Assessments) -> pd.DataFrame:
    table = assessments.answers.table
    return table[table["value"].notna()]


def find_disagreements(assessments: Assessments, _check: Check, _view: View) -> pd.DataFrame:
    """X06: two agencies gave different answers to one question."""
    rows = _values(assessments)
    rows = rows[rows.duplicated(["assessment_ref", "indicator"], keep=False)]
    by = rows.groupby(["assessment_ref", "indicator"])
    differ = by["value"].transform("nunique").gt(1) & by["source_agency"].transform("nunique").gt(1)
    rows = rows[differ]
    owners = assessments.toolkit.owners
    words = rows["source_agency"].map(lambda a: owners.get(a, a)).fillna("agency not stated")
    words = words.astype("str") + " " + rows["value"].astype("str")
    return as_hits(rows, table=TABLE, ref="source_agency", day="last_seen_on", words=words)


def find_unsupported(assessments: Assessments, check: Check, _view: View) -> pd.DataFrame:
    """X07: so high an answer, and neither a note nor a record that anybody could look up."""
    rows = _values(assessments)
    rows = rows[rows["value"].ge(check.at_least or 0) & rows["note"].isna()]
    return as_hits(rows, table=TABLE, ref="source_agency", day="last_seen_on", words=rows["value"].astype("str"))


def find_impossible_dates(assessments: Assessments, _check: Check, _view: View) -> pd.DataFrame:
    """X08: seen after the assessment, or before the person was born."""
    rows = _values(assessments)
    rows = rows[rows["cap"].isin([LATE, EARLY])]
    return as_hits(rows, table=TABLE, ref="source_agency", day="last_seen_on", words=rows["cap"])


def find_copies(assessments: Assessments, _check: Check, _view: View) -> pd.DataFrame:
    """X09: the words of an earlier assessment of the case, to the letter, with a newer date."""
    rows = _values(assessments)
    rows = rows[rows["note"].notna() & rows["last_seen_on"].notna()]
    text = rows["note"].str.casefold().str.split().str.join(" ")
    rows = rows.assign(text=text).merge(
        assessments.table[["assessment_ref", "case_ref", "assessed_on", "assessment_no"]], on="assessment_ref"
    )
    key = ["case_ref", "indicator", "text"]
    rows = rows[rows.duplicated(key, keep=False)].sort_values(["assessed_on", "assessment_no"], kind="stable")
    before = rows.groupby(key)
    earlier, ref = before["last_seen_on"].shift(), before["assessment_ref"].shift()
    copied = rows[rows["last_seen_on"].gt(earlier) & rows["assessment_ref"].ne(ref)]
    return as_hits(copied, table=TABLE, ref="source_agency", day="last_seen_on", words=ref[copied.index])


def find_falls(assessments: Assessments, _check: Check, _view: View) -> pd.DataFrame:
    """X12: a band so many bands lower than in the assessment before; what is insufficient cannot be compared."""
    toolkit = assessments.toolkit
    order = assessments.table.sort_values(["case_ref", "assessed_on", "assessment_no"], kind="stable")
    found = []
    for axis in toolkit.axes:
        band = order[f"{axis.id.lower()}_band"]
        place = band.map({name: n for n, name in enumerate(toolkit.band_names)}).where(band.ne(INSUFFICIENT))
        by_case = place.groupby(order["case_ref"])
        fell = (by_case.shift() - place).ge(toolkit.contradictions.bands_fallen)
        rows = order[fell].assign(indicator=axis.id, was=band.groupby(order["case_ref"]).shift()[fell])
        words = rows["was"] + " to " + band[fell]
        found.append(as_hits(rows, table="assessments", ref="assessment_ref", day="assessed_on", words=words))
    return pd.concat(found, ignore_index=True)


def find_wrong_ages(assessments: Assessments, _check: Check, view: View) -> pd.DataFrame:
    """X13: a question for the other age was answered; or a child's newest assessment, and they have turned 18 since.

    One row an assessment names all of its questions: a form filled in for the wrong age is one mistake. Where records
    disagree whether somebody is an adult, X15 asks who this is and nothing is said here.
    """
    answers, toolkit = assessments.answers, assessments.toolkit
    applies = np.array([i.applies for i in toolkit.indicators])
    is_child = answers.assessments["is_child"].to_numpy("bool")[:, None]
    barred = np.where(is_child, applies == "adult", applies == "child")
    rows = _values(assessments)
    at = pd.Index(answers.assessments["assessment_ref"]).get_indexer(pd.Index(rows["assessment_ref"]))
    place = rows["indicator"].map(toolkit.place).to_numpy("int64")
    doubted = answers.assessments["is_age_doubted"].to_numpy("bool")
    wrong = rows[barred[at, place] & ~doubted[at]]
    hits = as_hits(wrong.assign(asked=wrong["indicator"], indicator=pd.NA), table=TABLE, ref="asked",
                   day="last_seen_on", words=wrong["indicator"])  # fmt: skip
    return pd.concat([hits, _turned_adult(assessments, view)], ignore_index=True)


def _turned_adult(assessments: Assessments, view: View) -> pd.DataFrame:
    toolkit, table = assessments.toolkit, assessments.table
    closed = view["cases"].loc[view["cases"]["status"].isin(list(toolkit.contradictions.closed_states)), "case_ref"]
    whose = assessments.answers.assessments
    live = whose[table["is_newest"].to_numpy("bool") & ~whose["case_ref"].isin(closed) & whose["born_on"].notna()]
    turns = birthday(live["born_on"], toolkit.adult_from_years)
    today = pd.Timestamp(assessments.as_of + timedelta(days=1))
    rows = live.assign(turns=turns, indicator=pd.NA)[turns.gt(live["assessed_on"]) & turns.lt(today)]
    return as_hits(rows, table="people", ref="person_id", day="turns", words=SINCE)


ANSWER_CHECKS: dict[str, Callable[[Assessments, Check, View], pd.DataFrame]] = {
    "X06": find_disagreements, "X07": find_unsupported, "X08": find_impossible_dates, "X09": find_copies,
    "X12": find_falls, "X13": find_wrong_ages,
}  # fmt: skip
