"""A record in a few words: its kind, its grade or outcome, and its month. Never a reference, never a source."""

from collections.abc import Iterable

import pandas as pd

from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.tables.view import View


def describe_records(refs: Iterable[str], view: View, scores: Scores) -> pd.DataFrame:
    """Describe records, by reference.

    Returns
    -------
    Index `ref`; `words` (“2C report of March 2026”), `basis` (missing where it scores nothing), and `handling` and
    `handling_conditions` where the record has them: under those alone its words may be shared.
    """
    wanted = pd.Index(sorted(set(refs)), name="ref")
    items = scores.items[scores.items["item_id"].isin(wanted)]
    items = items.sort_values(["item_id", "criterion", "person_id"]).drop_duplicates("item_id").set_index("item_id")
    words = pd.Series("record", index=wanted, dtype="str")
    crimes = _name_crimes(view, wanted, items, scores.matrix)
    for named in (_name_orders(view), _name_custody(view), _name_lines(view), crimes, _name_reports(view, items)):
        words = named.reindex(wanted).fillna(words)
    rules = [frame.drop_duplicates(key).set_index(key)
             for frame, key in ((view["intel_reports"], "report_ref"), (view["line_people"], "link_ref"))]  # fmt: skip
    handling = rules[0]["handling"].reindex(wanted).fillna(rules[1]["handling"].reindex(wanted))
    conditions = rules[0]["handling_conditions"].reindex(wanted)
    return pd.DataFrame({"words": words, "basis": items["basis"].reindex(wanted), "handling": handling,
                         "handling_conditions": conditions})  # fmt: skip


def _months(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%B %Y").fillna("a month not recorded")


def _name_reports(view: View, items: pd.DataFrame) -> pd.Series:
    reports = view["intel_reports"].drop_duplicates("report_ref").set_index("report_ref")
    grade = items["evidence"].reindex(reports.index).fillna(reports["grade"]).fillna("ungraded")
    return grade + " report of " + _months(reports["event_on"].fillna(reports["submitted_on"]))


def _name_crimes(view: View, wanted: pd.Index, items: pd.DataFrame, matrix: Matrix) -> pd.Series:
    crimes = view["crimes"][view["crimes"]["crime_ref"].isin(items.index.union(wanted))]
    crimes = crimes.drop_duplicates("crime_ref").set_index("crime_ref")
    titles = {key: outcome.title for key, outcome in matrix.outcomes.items()}
    outcome = items["evidence"].reindex(crimes.index).map(titles).fillna("scores nothing")
    offence = crimes["offence"].str.strip().str.replace(r"\s+", " ", regex=True)
    lowered = offence.str[:1].str.lower() + offence.str[1:]
    return lowered + " of " + _months(crimes[["from_on", "to_on"]].max(axis="columns")) + " (" + outcome + ")"


def _name_orders(view: View) -> pd.Series:
    orders = view["orders"].drop_duplicates("order_ref").set_index("order_ref")
    return orders["order_type"].str.replace("_", " ").str.lower() + " of " + _months(orders["made_on"])


def _name_custody(view: View) -> pd.Series:
    stays = view["custody"].drop_duplicates("custody_ref").set_index("custody_ref")
    return "arrest by another force of " + _months(stays["arrived_at"])


def _name_lines(view: View) -> pd.Series:
    links = view["line_people"].drop_duplicates("link_ref").set_index("link_ref")
    return links["grade"].fillna("ungraded") + " record of a part in a line"
