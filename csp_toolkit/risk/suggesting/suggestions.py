"""What the records suggest as answers, in a sentence each. A person accepts one or does not; nothing is filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd

from csp_toolkit.risk.facts import age_years_on
from csp_toolkit.risk.suggesting.conduct import CONDUCT_RULES
from csp_toolkit.risk.suggesting.ground import ITEM_COLUMNS, Ground
from csp_toolkit.risk.suggesting.harm import HARM_RULES
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.ages import youngest_birth
from csp_toolkit.tables.view import View

SUGGESTION_COLUMNS = ("case_ref", "person_id", "indicator", "question", "answer", "last_seen_on", "source_agency",
                      "sentence", "n_items")  # fmt: skip
_SHOWN = 30


@dataclass(frozen=True, eq=False)
class Suggestions:
    """Answers that the records suggest, for somebody to accept.

    Attributes
    ----------
    table : one row a case and question (`SUGGESTION_COLUMNS`): the answer, when it was last seen, by whose records, and
        the sentence that becomes its note.
    items : the records behind each: case_ref, indicator, table, item_ref, day.
    as_of : the day whose records they are.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    as_of: date

    def explain(self, case_ref: str) -> str:
        """Say what the records suggest of one case."""
        rows = self.table[self.table["case_ref"].eq(case_ref)]
        if rows.empty:
            return "The records suggest nothing that the toolkit asks for: that is not to say that nothing is there."
        return " ".join(f"{r.indicator}, {r.answer}: {r.sentence}." for r in rows.itertuples())

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><td>{escape(r.case_ref)}</td><td>{escape(r.indicator)}</td><td>{r.answer}</td>"
            f"<td>{escape(r.sentence)}</td></tr>"
            for r in self.table.head(_SHOWN).itertuples()
        )
        more = f", the first {_SHOWN}" if len(self.table) > _SHOWN else ""
        caption = (
            f"{len(self.table)} answers the records as at {self.as_of} suggest{more}. None is filled in until a person "
            "accepts it."
        )
        return (
            f"<table><caption>{escape(caption)}</caption><thead><tr><th>case</th><th>question</th><th>answer</th>"
            f"<th>on what</th></tr></thead><tbody>{body}</tbody></table>"
        )

    def __repr__(self) -> str:
        return f"Suggestions(as_of={self.as_of}, suggestions={len(self.table)})"


def suggest_answers(
    view: View, toolkit: Toolkit, *, refs: Sequence[str] | None = None, ties: pd.DataFrame | None = None,
) -> Suggestions:  # fmt: skip
    """Suggest answers from what the records hold of the people of cases, as at the view's day.

    Parameters
    ----------
    refs : only these cases.
    ties : the association network's ties, handed in; without them nothing is suggested of associates.
    """
    cases = view["cases"].drop_duplicates("case_ref", keep="last")[["case_ref", "person_id"]]
    cases = cases[cases["case_ref"].isin(list(refs))] if refs is not None else cases
    ground = _lay_ground(view, cases, toolkit, ties)
    tables, items = [], []
    for rule, indicator in toolkit.suggestions.questions.items():
        found = (HARM_RULES | CONDUCT_RULES)[rule](ground)
        if found.levels.empty:
            continue
        asked = toolkit.by_id[indicator]
        levels = found.levels[ground.is_asked(asked.applies, found.levels["person_id"])]
        tables.append(levels.assign(indicator=indicator, question=asked.text, source_agency=found.agency))
        items.append(found.items[found.items["person_id"].isin(levels["person_id"])].assign(indicator=indicator))
    return Suggestions(_join(tables, cases, toolkit), _list_items(items, cases), view.as_of)


def _lay_ground(view: View, cases: pd.DataFrame, toolkit: Toolkit, ties: pd.DataFrame | None) -> Ground:
    born = youngest_birth(view.people).set_axis(view.people["person_id"])
    born = born[~born.index.duplicated()].reindex(cases["person_id"].dropna().unique())
    today = pd.Series(pd.Timestamp(view.as_of), index=born.index)
    is_child = age_years_on(born, today).lt(toolkit.adult_from_years).fillna(True).astype("bool")
    return Ground(view, is_child, toolkit, ties)


def _join(tables: list[pd.DataFrame], cases: pd.DataFrame, toolkit: Toolkit) -> pd.DataFrame:
    if not tables:
        return pd.DataFrame(columns=list(SUGGESTION_COLUMNS))
    table = cases.merge(pd.concat(tables, ignore_index=True), on="person_id")
    table = table.assign(place=table["indicator"].map(toolkit.place))
    table = table.sort_values(["case_ref", "place"], kind="stable", ignore_index=True)
    return table[list(SUGGESTION_COLUMNS)].astype({"answer": "int64", "n_items": "int64"})


def _list_items(items: list[pd.DataFrame], cases: pd.DataFrame) -> pd.DataFrame:
    columns = ["case_ref", "indicator", "table", "item_ref", "day"]
    if not items:
        return pd.DataFrame(columns=columns)
    every = cases.merge(pd.concat(items, ignore_index=True)[[*ITEM_COLUMNS, "indicator"]], on="person_id")
    return every[columns].sort_values(columns[:4], kind="stable", ignore_index=True)
