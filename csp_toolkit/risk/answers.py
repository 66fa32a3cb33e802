"""Answers with their evidence: what was given, what it counts, what nobody could say, and what nobody asked.

An answer has one of four states: a value, unknown with a reason, not applicable, or not asked, which is no row at all.
Unknown and not asked are never nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.risk.answer_grid import (
    IS_UNKNOWN,
    NOT_APPLIED,
    NOT_ASKED,
    ROW_COLUMNS,
    VALUE,
    Weighed,
    complete_assessments,
    find_codes,
    set_beside,
    weigh_rows,
)
from csp_toolkit.risk.caps import UNKNOWN
from csp_toolkit.risk.facts import gather_facts
from csp_toolkit.risk.recorded_answers import read_answers
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.view import View

LEFT_OUT_COLUMNS = ("assessment_ref", "why", "n_answers")


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of assessments made under one toolkit.

    Attributes
    ----------
    weighed : the answers as they came, with what each counts.
    assessments : one row an assessment (`answer_grid.ASSESSMENT_COLUMNS`): when, of whom, under which toolkit, how old
        they were that day, and the facts that floors go by.
    beside : protective factors and the worker's own judgement, as given: assessment_ref, id, answer.
    left_out : what was not read, and why (`LEFT_OUT_COLUMNS`).
    grid : what counts, one row an assessment, one column a question of the form; whole numbers.
    given : the same as it was given, before any cap: the highest of what agencies said.
    toolkit : the toolkit.
    """

    weighed: Weighed
    assessments: pd.DataFrame
    beside: pd.DataFrame
    left_out: pd.DataFrame
    grid: np.ndarray
    given: np.ndarray
    toolkit: Toolkit

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row an answer (`answer_grid.ANSWER_COLUMNS`), of each agency that gave one.

        `value` is as given; `counted` is what it counts, never more, and missing where it does not; `cap` says why the
        two differ.
        """
        return self.weighed.tabulate(self.toolkit)

    def list_unanswered(self) -> pd.DataFrame:
        """List the questions that apply and have no answer that counts: state, reason, owner, whether critical."""
        row, place = np.nonzero(self.grid == UNKNOWN)
        indicators = self.toolkit.indicators
        listed = pd.DataFrame(
            {
                "assessment_ref": self.assessments["assessment_ref"].to_numpy()[row],
                "indicator": np.array([i.id for i in indicators], dtype=object)[place],
                "owner": np.array([i.owner for i in indicators], dtype=object)[place],
                "is_critical": np.array([i.critical for i in indicators])[place],
                "question": np.array([i.text for i in indicators], dtype=object)[place],
            }
        )
        given = self.table[self.table["counted"].isna() & self.table["state"].ne(NOT_APPLIED)]
        given = given.drop_duplicates(["assessment_ref", "indicator"])[["assessment_ref", "indicator", "reason"]]
        listed = listed.merge(given, on=["assessment_ref", "indicator"], how="left")
        listed["state"] = np.where(listed["reason"].isna(), NOT_ASKED, IS_UNKNOWN)
        return listed.assign(reason=listed["reason"].fillna("NOT_ASKED"))

    def explain(self, assessment_ref: str, indicator: str) -> str:
        """Say what was answered to one question, by whom, and what it counts."""
        rows = self.table[self.table["assessment_ref"].eq(assessment_ref) & self.table["indicator"].eq(indicator)]
        if rows.empty:
            return f"{indicator}: nobody has asked."
        return f"{indicator}: " + "; ".join(self._say(row) for row in rows.to_dict("records")) + "."

    def _say(self, row: dict[str, object]) -> str:
        by = self.toolkit.owners.get(str(row["source_agency"]), "agency not stated")
        if row["state"] != VALUE:
            why = self.toolkit.unknown_reasons.get(str(row["reason"]), "") if row["state"] == IS_UNKNOWN else ""
            return f"{row['state']}{f' ({why})' if why else ''}"
        counts = "does not count" if pd.isna(row["counted"]) else f"counts {row['counted']}"
        return f"{row['value']}, {by}" + (f", {counts}: {row['cap']}" if row["cap"] else "")

    def _repr_html_(self) -> str:
        states = self.table["state"].value_counts()
        cells = "".join(f"<tr><th>{s}</th><td>{states.get(s, 0)}</td></tr>" for s in (VALUE, IS_UNKNOWN, NOT_APPLIED))
        capped = int((self.table["cap"] != "").sum())
        return (
            f"<p>Answers of {len(self.assessments)} assessments, {self.toolkit.title}. {capped} count less than given, "
            f"or not. {self.toolkit.statement}</p><table>{cells}</table>"
        )

    def __repr__(self) -> str:
        n = len(self.weighed.value)
        return f"Answers(assessments={len(self.assessments)}, answers={n}, toolkit={self.toolkit.key})"


def collect_answers(view: View, toolkit: Toolkit, *, refs: Sequence[str] | None = None) -> Answers:
    """Collect the answers on record, with what floors ask of each person on the day of the assessment.

    Assessments of days on which this version of the toolkit was not in use are left out and listed: they were made
    under another version, and are looked at under this one only by `assess(..., what_if=True)`.

    Parameters
    ----------
    refs : only these cases.
    """
    rows, assessments = read_answers(view)
    if refs is not None:
        assessments = assessments[assessments["case_ref"].isin(list(refs))]
    used = pd.Series([toolkit.was_in_use(day.date()) for day in assessments["assessed_on"]], index=assessments.index,
                     dtype="bool")  # fmt: skip
    other = rows[rows["assessment_ref"].isin(assessments.loc[~used, "assessment_ref"])]
    assessments = assessments[used].reset_index(drop=True)
    rows = rows[rows["assessment_ref"].isin(assessments["assessment_ref"])].reset_index(drop=True)
    facts = gather_facts(view, assessments, toolkit)
    collected = weigh_answers(rows, assessments.assign(toolkit=toolkit.key).join(facts), toolkit)
    return _with_left_out(collected, other, "made under another version of the toolkit")


def weigh_answers(rows: pd.DataFrame, assessments: pd.DataFrame, toolkit: Toolkit) -> Answers:
    """Weigh answers that somebody holds as frames.

    Parameters
    ----------
    rows : one row an answer (`answer_grid.ROW_COLUMNS`); `answer` is 0, 1, 2, 3, UNKNOWN or NOT_APPLICABLE, as text.
    assessments : one row an assessment; `born_on` or `age_years`, and facts (`FACT_COLUMNS`), where known.

    Raises
    ------
    TableError : a column is missing, an assessment stands twice, or an answer is of no assessment.
    """
    assessments = complete_assessments(assessments, toolkit)
    rows = rows.reindex(columns=list(ROW_COLUMNS)) if set(ROW_COLUMNS) - set(rows.columns) else rows
    of = find_codes(rows["assessment_ref"], pd.Index(assessments["assessment_ref"]))
    if (of < 0).any():
        raise TableError(f"answers: {int((of < 0).sum())} of {len(rows)} are of no assessment that is listed.")
    place = find_codes(rows["indicator"], pd.Index(list(toolkit.place)))
    known = place >= 0
    strange, asked = rows[~known], rows[known].reset_index(drop=True)
    weighed, grid, given = weigh_rows(asked, of[known], place[known], assessments, toolkit)
    beside, unread = set_beside(strange, toolkit)
    empty = pd.DataFrame(columns=list(LEFT_OUT_COLUMNS)).astype({"n_answers": "int64"})
    result = Answers(weighed, assessments, beside, empty, grid, given, toolkit)
    return _with_left_out(result, unread, "no question of this toolkit")


def _with_left_out(answers: Answers, rows: pd.DataFrame, why: str) -> Answers:
    if rows.empty:
        return answers
    counts = rows.groupby("assessment_ref").size().rename("n_answers").reset_index().assign(why=why)
    left_out = pd.concat([answers.left_out, counts[list(LEFT_OUT_COLUMNS)]], ignore_index=True)
    return replace(answers, left_out=left_out)
