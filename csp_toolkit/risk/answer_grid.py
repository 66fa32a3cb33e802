"""Answers of many assessments as one grid: what was given and what counts, and everything else that came with them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.risk.caps import NO_DAY, NOT_APPLICABLE, UNKNOWN, Capped, cap_answers
from csp_toolkit.risk.facts import FACT_COLUMNS
from csp_toolkit.risk.toolkit import Toolkit

ROW_COLUMNS = ("assessment_ref", "indicator", "answer", "last_seen_on", "source_agency", "grade", "note", "reason")
ANSWER_COLUMNS = (
    "assessment_ref", "indicator", "state", "value", "counted", "cap", "reason", "last_seen_on", "source_agency",
    "grade", "note",
)  # fmt: skip
ASSESSMENT_COLUMNS = (
    "assessment_ref", "case_ref", "assessment_no", "assessed_on", "person_id", "toolkit", "born_on", "age_years",
    "is_child", "may_be_child", "is_age_doubted", *FACT_COLUMNS,
)  # fmt: skip
VALUE, IS_UNKNOWN, NOT_APPLIED, NOT_ASKED = "value", "unknown", "not applicable", "not asked"
_NUMBERS = {"0": 0, "1": 1, "2": 2, "3": 3, "NOT_APPLICABLE": NOT_APPLICABLE}


@dataclass(frozen=True, eq=False)
class Weighed:
    """Answers as they came, with what each counts; `of` says of each row which assessment it belongs to."""

    rows: pd.DataFrame
    of: np.ndarray
    value: np.ndarray
    capped: Capped

    def keep(self, stays: np.ndarray) -> "Weighed":
        """Return the answers of the assessments that stay, in their new places."""
        mine, moved = stays[self.of], np.cumsum(stays) - 1
        capped = replace(self.capped, counted=self.capped.counted[mine], cap=self.capped.cap[mine])
        return Weighed(self.rows[mine].reset_index(drop=True), moved[self.of[mine]], self.value[mine], capped)

    def tabulate(self, toolkit: Toolkit) -> pd.DataFrame:
        """Return one row an answer (`ANSWER_COLUMNS`)."""
        counted = self.capped.counted
        state = np.select([self.value >= 0, self.value == UNKNOWN], [VALUE, IS_UNKNOWN], NOT_APPLIED)
        given = self.rows["reason"].astype("str")
        reason = given.where(given.isin(list(toolkit.unknown_reasons))).fillna("NOT_STATED").where(state == IS_UNKNOWN)
        reason = reason.mask((state == VALUE) & (counted < 0), "CONFLICT")
        cap = np.array(self.capped.words, dtype=object)[self.capped.cap]
        table = self.rows.drop(columns="answer").assign(
            state=pd.Series(state, dtype="str"), value=_whole(self.value), counted=_whole(counted),
            cap=pd.Series(cap, dtype="str"), reason=reason.astype("str"),
        )  # fmt: skip
        return table[list(ANSWER_COLUMNS)]


def weigh_rows(
    rows: pd.DataFrame, of: np.ndarray, place: np.ndarray, assessments: pd.DataFrame, toolkit: Toolkit
) -> tuple[Weighed, np.ndarray, np.ndarray]:
    """Return the answers weighed, and the grids of what counts and of what was given.

    `of` and `place` say of each row which assessment and which question it belongs to.
    """
    slot = of * len(toolkit.indicators) + place
    codes, said = pd.factorize(rows["answer"])
    value = np.array([*(_NUMBERS.get(text, UNKNOWN) for text in said), UNKNOWN], dtype="int8")[codes]
    assessed, born = (assessments[c].to_numpy("datetime64[D]").view("int64") for c in ("assessed_on", "born_on"))
    seen = rows["last_seen_on"].to_numpy("datetime64[D]").view("int64")
    days = np.where(seen == NO_DAY, NO_DAY, assessed[of] - seen)
    is_early = (seen != NO_DAY) & (seen < born[of])
    capped = cap_answers(value, slot, place, days, is_early, rows, toolkit)
    grid, given = (fill_grid(slot, values, assessments, toolkit) for values in (capped.counted, value))
    return Weighed(rows, of, value, capped), grid, given


def fill_grid(slot: np.ndarray, counted: np.ndarray, assessments: pd.DataFrame, toolkit: Toolkit) -> np.ndarray:
    """Put the highest answer that counts into each slot: until a meeting has settled which of two agencies is right.

    A value outdoes unknown and unknown outdoes not applicable. A question of the other age does not apply; where
    records disagree whether somebody is an adult, what was put to them of either age applies.
    """
    n = len(toolkit.indicators)
    grid = np.full(len(assessments) * n, UNKNOWN, dtype="int8")
    order = np.argsort(counted, kind="stable")
    grid[slot[order]] = counted[order]
    form = grid.reshape(-1, n)
    asked = np.zeros(len(grid), dtype=bool)
    asked[slot] = True
    is_child, doubted = (assessments[name].to_numpy("bool") for name in ("is_child", "is_age_doubted"))
    for word, whose in (("adult", is_child), ("child", ~is_child)):
        own = np.array([i.applies == word for i in toolkit.indicators])
        form[np.ix_(whose & ~doubted, own)] = NOT_APPLICABLE
        form[doubted] = np.where(own & ~asked.reshape(form.shape)[doubted], NOT_APPLICABLE, form[doubted])
    return form


def complete_assessments(assessments: pd.DataFrame, toolkit: Toolkit) -> pd.DataFrame:
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
    full["may_be_child"] = full["is_child"] | full["may_be_child"].astype("boolean").fillna(False).astype("bool")
    for name in ("is_age_doubted", *FACT_COLUMNS):
        full[name] = full[name].astype("boolean").fillna(False).astype("bool")
    return full


def set_beside(rows: pd.DataFrame, toolkit: Toolkit) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part protective factors and the worker's judgement, which no score counts, from what nobody knows."""
    words = {p.id: toolkit.protective_answers for p in toolkit.protective}
    if toolkit.judgement:
        words[toolkit.judgement.id] = toolkit.judgement.bands
    known = rows["indicator"].isin(list(words))
    beside = rows.loc[known, ["assessment_ref", "indicator", "answer"]].rename(columns={"indicator": "id"})
    said = [words[i].get(a, "unknown") for i, a in zip(beside["id"], beside["answer"], strict=True)]
    return beside.assign(answer=pd.Series(said, index=beside.index, dtype="str")).reset_index(drop=True), rows[~known]


def find_codes(values: pd.Series, index: pd.Index) -> np.ndarray:
    """Return where each value stands in an index; below nought where it does not."""
    codes, distinct = pd.factorize(values)
    return np.append(index.get_indexer(pd.Index(distinct)), -1)[codes]


def _whole(numbers: np.ndarray) -> pd.Series:
    return pd.Series(pd.array(np.where(numbers < 0, 0, numbers), dtype="Int64")).mask(numbers < 0)
