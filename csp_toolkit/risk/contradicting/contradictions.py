"""Answers against the records and against each other: each contradiction once, with what it rests on and what to ask.

A contradiction is a question, not a finding: an answer may be wrong, or a record may. Nobody is called a liar by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape

import pandas as pd

from csp_toolkit.risk.assessments import COMPLETE, PROVISIONAL, Assessments
from csp_toolkit.risk.contradicting.answers import ANSWER_CHECKS
from csp_toolkit.risk.contradicting.hits import HIT_COLUMNS
from csp_toolkit.risk.contradicting.records import FEEDS, RECORD_CHECKS
from csp_toolkit.risk.contradicting.words import say_hits
from csp_toolkit.tables.view import View

CONTRADICTION_COLUMNS = (
    "code", "title", "assessment_ref", "case_ref", "person_id", "indicator", "question", "assessed_on", "is_newest",
    "is_open", "action", "n_items", "last_on", "sentence", "ask",
)  # fmt: skip
CHECKED_COLUMNS = ("code", "title", "state", "n", "why")
NEEDS_TIES = "X04"
_SHOWN = 40
ACTIONS = {
    "block": "not called complete", "warn": "look again", "cap": "counts as a concern", "reject": "not counted",
    "panel": "for the panel", "second_reader": "needs a second reader", "restate": "ask anew",
    "identity": "stop: whose record",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Contradictions:
    """What answers and records say against each other.

    Attributes
    ----------
    table : one row a contradiction (`CONTRADICTION_COLUMNS`), newest assessments of open cases first, then by
        assessment and code. `indicator` is a question, an axis (X12), or missing where it is about the person.
    items : what each rests on (`HIT_COLUMNS`), one row an answer or a record; they count up to `n_items`.
    checked : one row a check of the toolkit (`CHECKED_COLUMNS`); state is checked or not assessed, and why.
    as_of : the day it speaks for.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    checked: pd.DataFrame
    as_of: date

    def explain(self, assessment_ref: str) -> str:
        """Say what contradicts one assessment, and what to ask."""
        rows = self.table[self.table["assessment_ref"].eq(assessment_ref)]
        if rows.empty:
            gaps = ", ".join(self.checked.loc[self.checked["state"].ne("checked"), "code"])
            return "Nothing that was checked contradicts it." + (f" Not assessed: {gaps}." if gaps else "")
        return " ".join(f"{code}: {said} {ask}" for code, said, ask in
                        zip(rows["code"], rows["sentence"], rows["ask"], strict=True))  # fmt: skip

    def hold_back(self, assessments: Assessments) -> Assessments:
        """Return the assessments with none called complete that a check holds back, and which checks those are."""
        held = self.table[self.table["action"].isin(["block", "identity"])]
        codes = held.groupby("assessment_ref")["code"].agg(lambda c: ", ".join(sorted(set(c))))
        table = assessments.table.copy()
        table["held_back"] = table["assessment_ref"].map(codes).astype("str").fillna("")
        stopped = table["held_back"].ne("") & table["status"].eq(COMPLETE)
        table["status"] = table["status"].mask(stopped, PROVISIONAL)
        return replace(assessments, table=table)

    def _repr_html_(self) -> str:
        live = self.table[self.table["is_open"] & self.table["is_newest"]]
        body = "".join(
            f"<tr><td>{escape(r.code)}</td><td>{escape(r.assessment_ref)}</td>"
            f"<td>{escape(r.sentence)}{_say_question(r.question)}</td>"
            f"<td>{ACTIONS[r.action]}</td></tr>"
            for r in live.head(_SHOWN).itertuples()
        )
        gaps = "; ".join(f"{r.code} {r.why}" for r in self.checked.itertuples() if r.state != "checked")
        caption = (
            f"{len(live)} contradictions in newest assessments of open cases as at {self.as_of}"
            + (f", the first {_SHOWN}" if len(live) > _SHOWN else "")
            + f"; {len(self.table)} in all assessments. Questions, not findings."
            + (f" Not assessed: {gaps}." if gaps else "")
        )
        return (
            f"<table><caption>{escape(caption)}</caption><thead><tr><th>check</th><th>assessment</th>"
            f"<th>what</th><th>until settled</th></tr></thead><tbody>{body}</tbody></table>"
        )

    def __repr__(self) -> str:
        return f"Contradictions(as_of={self.as_of}, contradictions={len(self.table)})"


def _say_question(question: object) -> str:
    return f"<br>{escape(question)}" if isinstance(question, str) else ""


def find_contradictions(
    view: View, assessments: Assessments, *, ties: pd.DataFrame | None = None, codes: Sequence[str] | None = None,
) -> Contradictions:  # fmt: skip
    """Find what answers and records say against each other, in every assessment, each once.

    Parameters
    ----------
    ties : the association network's ties (person_a, person_b, p_exists, first_seen), handed in because the risk
        toolkit reads no network; without it X04 is not assessed.
    codes : only these checks.
    """
    toolkit = assessments.toolkit
    found, checked = [], []
    for code, check in toolkit.contradictions.checks.items():
        if codes is not None and code not in codes:
            continue
        why = _not_assessed(code, view, ties)
        hits = None
        if code in ANSWER_CHECKS:
            hits = ANSWER_CHECKS[code](assessments, check, view)
        elif not why:
            hits = RECORD_CHECKS[code](assessments, check, view, ties)
        n = 0
        if hits is not None and len(hits):
            found.append(hits.assign(code=code))
            n = hits.groupby(["assessment_ref", "indicator"], dropna=False).ngroups
        checked.append((code, check.title, "not assessed" if why and hits is None else "checked", n, why))
    items = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*HIT_COLUMNS, "code"])
    items = items.astype(dict.fromkeys(("assessment_ref", "indicator", "table", "item_ref", "words", "code"), "str"))
    items = items.sort_values(["assessment_ref", "code", "indicator", "day", "item_ref"], kind="stable",
                              ignore_index=True)  # fmt: skip
    table = _list_once(items, assessments, view)
    return Contradictions(table, items, pd.DataFrame(checked, columns=list(CHECKED_COLUMNS)), assessments.as_of)


def _list_once(items: pd.DataFrame, assessments: Assessments, view: View) -> pd.DataFrame:
    toolkit = assessments.toolkit
    keys = ["code", "assessment_ref", "indicator"]
    rows = items.groupby(keys, dropna=False, sort=False).agg(n_items=("item_ref", "size"), last_on=("day", "max"))
    rows = rows.reset_index()
    said: dict[tuple[str, str, str], list[str]] = {}
    for code, ref, indicator, words in zip(*(items[c].fillna("") for c in (*keys, "words")), strict=True):
        said.setdefault((code, ref, indicator), []).append(words)
    rows["words"] = [said[key] for key in zip(*(rows[c].fillna("") for c in keys), strict=True)]
    rows = rows.merge(
        assessments.table[["assessment_ref", "case_ref", "person_id", "assessed_on", "is_newest"]], on="assessment_ref"
    )
    closed = view["cases"].set_index("case_ref")["status"].isin(list(toolkit.contradictions.closed_states))
    rows["is_open"] = ~rows["case_ref"].isin(closed.index[closed])
    checks = toolkit.contradictions.checks
    rows = rows.assign(
        title=rows["code"].map({c: k.title for c, k in checks.items()}),
        action=rows["code"].map({c: k.action for c, k in checks.items()}),
        question=rows["indicator"].map({i.id: i.text for i in toolkit.indicators}),
        ask=rows["code"].map({c: k.ask for c, k in checks.items()}),
        sentence=pd.Series([say_hits(row, toolkit) for row in rows.to_dict("records")], dtype="str"),
    )
    rows = rows.assign(live=~(rows["is_open"] & rows["is_newest"])).sort_values(
        ["live", "assessment_ref", "code", "indicator"], kind="stable", ignore_index=True
    )
    texts = dict.fromkeys(("title", "action", "ask", "code", "indicator", "question", "sentence"), "str")
    return rows.reindex(columns=list(CONTRADICTION_COLUMNS)).astype(texts)


def _not_assessed(code: str, view: View, ties: pd.DataFrame | None) -> str:
    if code == NEEDS_TIES and ties is None:
        return "no ties were handed in"
    state = view.coverage.set_index("feed")["state"] if len(view.coverage) else pd.Series(dtype="str")
    absent = [feed for feed in FEEDS.get(code, ()) if state.get(feed, "arrived") in ("missing", "no mapping yet")]
    return f"no return of {', '.join(absent)}" if absent else ""
