"""Answers with their evidence: what was given, what it counts, what nobody could say, and what nobody asked.

An answer has one of four states: a value, unknown with a reason, not applicable, or not asked, which is no row at all.
Unknown and not asked are never nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.risk.caps import NOT_APPLICABLE, UNKNOWN, cap_answers
from csp_toolkit.risk.facts import FACT_COLUMNS, gather_facts
from csp_toolkit.risk.recorded_answers import read_answers
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.view import View

ROW_COLUMNS = ("assessment_ref", "indicator", "answer", "last_seen_on", "source_agency", "grade", "note", "reason")
ANSWER_COLUMNS = (
    "assessment_ref", "indicator", "state", "value", "counted", "cap", "reason", "last_seen_on", "source_agency",
    "grade", "note",
)  # fmt: skip
ASSESSMENT_COLUMNS = (
    "assessment_ref", "case_ref", "assessment_no", "assessed_on", "person_id", "toolkit", "born_on", "age_years",
    "is_child", *FACT_COLUMNS,
)  # fmt: skip
LEFT_OUT_COLUMNS = ("assessment_ref", "why", "n_answers")
VALUE, IS_UNKNOWN, NOT_APPLIED, NOT_ASKED = "value", "unknown", "not applicable", "not asked"
_NUMBERS = {"0": 0, "1": 1, "2": 2, "3": 3, "NOT_APPLICABLE": NOT_APPLICABLE}


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of assessments made under one toolkit.

    Attributes
    ----------
    table : one row an answer (`ANSWER_COLUMNS`), of each agency that gave one. `value` is as given; `counted` is what
        it counts, never more, and missing where it does not; `cap` says why the two differ.
    assessments : one row an assessment (`ASSESSMENT_COLUMNS`): when, of whom, under which toolkit, how old they were
        that day, and the facts that floors go by.
    beside : protective factors and the worker's own judgement, as given: assessment_ref, id, answer.
    left_out : what was not read, and why (`LEFT_OUT_COLUMNS`).
    grid : what counts, one row an assessment, one column a question of the form; whole numbers.
    toolkit : the toolkit.
    """

    table: pd.DataFrame
    assessments: pd.DataFrame
    beside: pd.DataFrame
    left_out: pd.DataFrame
    grid: np.ndarray
    toolkit: Toolkit

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
            f"<table><caption>Answers of {len(self.assessments)} assessments, {self.toolkit.title}. {capped} count "
            f"less than given, or not. {self.toolkit.statement}</caption>{cells}</table>"
        )

    def __repr__(self) -> str:
        return f"Answers(assessments={len(self.assessments)}, answers={len(self.table)}, toolkit={self.toolkit.key})"


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
    rows : one row an answer (`ROW_COLUMNS`); `answer` is 0, 1, 2, 3, UNKNOWN or NOT_APPLICABLE, as text.
    assessments : one row an assessment; `born_on` or `age_years`, and facts (`FACT_COLUMNS`), where they are known.

    Raises
    ------
    TableError : a column is missing, an assessment stands twice, or an answer is of no assessment.
    """
    assessments = _complete(assessments, toolkit)
    rows = rows.reindex(columns=list(ROW_COLUMNS)) if set(ROW_COLUMNS) - set(rows.columns) else rows
    of = _codes(rows["assessment_ref"], pd.Index(assessments["assessment_ref"]))
    if (of < 0).any():
        raise TableError(f"answers: {int((of < 0).sum())} of {len(rows)} are of no assessment that is listed.")
    place = _codes(rows["indicator"], pd.Index(list(toolkit.place)))
    known = place >= 0
    strange, asked = rows[~known], rows[known].reset_index(drop=True)
    weighed, grid = _weigh(asked, of[known], place[known], assessments, toolkit)
    beside, unread = _set_beside(strange, toolkit)
    empty = pd.DataFrame(columns=list(LEFT_OUT_COLUMNS)).astype({"n_answers": "int64"})
    result = Answers(weighed, assessments, beside, empty, grid, toolkit)
    return _with_left_out(result, unread, "no question of this toolkit")


def _weigh(
    rows: pd.DataFrame, of: np.ndarray, place: np.ndarray, assessments: pd.DataFrame, toolkit: Toolkit
) -> tuple[pd.DataFrame, np.ndarray]:
    n = len(toolkit.indicators)
    slot = of * n + place
    answer = rows["answer"].map(_NUMBERS).fillna(UNKNOWN).to_numpy("int8")
    assessed, born = (assessments[c].to_numpy("datetime64[D]")[of] for c in ("assessed_on", "born_on"))
    seen = rows["last_seen_on"].to_numpy("datetime64[D]")
    days = (assessed - seen) / np.timedelta64(1, "D")
    capped = cap_answers(
        pd.DataFrame(
            {
                "slot": slot, "place": place, "value": answer, "seen_days": days, "is_before_birth": seen < born,
                "grade": rows["grade"], "source_agency": rows["source_agency"], "has_note": rows["note"].notna(),
            }
        ),
        toolkit,
    )  # fmt: skip
    counted = capped["counted"].to_numpy("int8")
    grid = _fill_grid(slot, counted, assessments, toolkit)
    state = np.select([answer >= 0, answer == UNKNOWN], [VALUE, IS_UNKNOWN], NOT_APPLIED)
    reason = rows["reason"].astype("str").where(rows["reason"].isin(list(toolkit.unknown_reasons)))
    reason = reason.fillna("NOT_STATED").where(state == IS_UNKNOWN)
    reason = reason.mask((state == VALUE) & (counted < 0), "CONFLICT")
    table = rows.drop(columns="answer").assign(
        state=pd.Series(state, dtype="str"), value=_whole(answer), counted=_whole(counted), cap=capped["cap"],
        reason=reason.astype("str"),
    )  # fmt: skip
    return table[list(ANSWER_COLUMNS)], grid


def _fill_grid(slot: np.ndarray, counted: np.ndarray, assessments: pd.DataFrame, toolkit: Toolkit) -> np.ndarray:
    """Put the highest answer that counts into each slot: until a meeting has settled which of two agencies is right.

    A value outdoes unknown and unknown outdoes not applicable. A question of the other age does not apply.
    """
    n = len(toolkit.indicators)
    grid = np.full(len(assessments) * n, UNKNOWN, dtype="int8")
    order = np.argsort(counted, kind="stable")
    grid[slot[order]] = counted[order]
    form = grid.reshape(-1, n)
    is_child = assessments["is_child"].to_numpy("bool")
    for word, whose in (("adult", is_child), ("child", ~is_child)):
        own = np.array([i.applies == word for i in toolkit.indicators])
        form[np.ix_(whose, own)] = NOT_APPLICABLE
    return form


def _complete(assessments: pd.DataFrame, toolkit: Toolkit) -> pd.DataFrame:
    """Give assessments every column; refuse a frame without those that nothing can stand in for."""
    for name in ("assessment_ref", "assessed_on"):
        if name not in assessments.columns:
            raise TableError(f"assessments: column {name} is missing.")
    twice = int(assessments["assessment_ref"].duplicated().sum())
    if twice:
        raise TableError(f"assessments: {twice} of {len(assessments)} stand twice.")
    full = assessments.reindex(columns=list(ASSESSMENT_COLUMNS)).reset_index(drop=True)
    full["toolkit"] = full["toolkit"].astype("str").fillna(toolkit.key)
    full["case_ref"] = full["case_ref"].astype("str").fillna(full["assessment_ref"])
    full["assessment_no"] = full["assessment_no"].astype("Int64").fillna(1)
    for name in ("assessed_on", "born_on"):
        full[name] = pd.to_datetime(full[name]).astype("datetime64[us]")
    full["age_years"] = full["age_years"].astype("Int64")
    # Of somebody whose age is not known a child is assumed: nobody is treated as an adult for want of a date.
    full["is_child"] = full["age_years"].lt(toolkit.adult_from_years).fillna(True).astype("bool")
    for name in FACT_COLUMNS:
        full[name] = full[name].astype("boolean").fillna(False).astype("bool")
    return full


def _set_beside(rows: pd.DataFrame, toolkit: Toolkit) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part protective factors and the worker's judgement, which no score counts, from what nobody knows."""
    words = {p.id: toolkit.protective_answers for p in toolkit.protective}
    if toolkit.judgement:
        words[toolkit.judgement.id] = toolkit.judgement.bands
    known = rows["indicator"].isin(list(words))
    beside = rows.loc[known, ["assessment_ref", "indicator", "answer"]].rename(columns={"indicator": "id"})
    said = [words[i].get(a, "unknown") for i, a in zip(beside["id"], beside["answer"], strict=True)]
    return beside.assign(answer=pd.Series(said, index=beside.index, dtype="str")).reset_index(drop=True), rows[~known]


def _with_left_out(answers: Answers, rows: pd.DataFrame, why: str) -> Answers:
    from dataclasses import replace

    if rows.empty:
        return answers
    counts = rows.groupby("assessment_ref").size().rename("n_answers").reset_index().assign(why=why)
    left_out = pd.concat([answers.left_out, counts[list(LEFT_OUT_COLUMNS)]], ignore_index=True)
    return replace(answers, left_out=left_out)


def _codes(values: pd.Series, index: pd.Index) -> np.ndarray:
    """Return where each value stands in an index; below nought where it does not."""
    codes, distinct = pd.factorize(values)
    return np.append(index.get_indexer(pd.Index(distinct)), -1)[codes]


def _whole(numbers: np.ndarray) -> pd.Series:
    return pd.Series(pd.array(np.where(numbers < 0, 0, numbers), dtype="Int64")).mask(numbers < 0)


def age_on(day: date, born: date) -> int:
    """Return whole years of age on a day; a birthday of 29 February falls on 1 March in a year without one.

    >>> age_on(date(2026, 2, 28), date(2008, 2, 29)), age_on(date(2026, 3, 1), date(2008, 2, 29))
    (17, 18)
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
