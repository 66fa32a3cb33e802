"""Gate g3: a person's place on the register must be shown by what the register itself cites.

A written reason and at least two cited items from two independent origins, at least one of them strong: a report
graded reliable or untested with first-hand or corroborated information, a crime in which this person was charged,
convicted or cautioned, or an order on them. What was acquitted, discontinued, withdrawn, rejected or was never
received shows nothing. Whether a cited item scores is another question, and is only flagged to the owner.
"""

import pandas as pd

from csp_toolkit.scoring.evidence.references import part_cells
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.tables.view import View

CITED_COLUMNS = ("person_id", "ref", "kind", "event_on", "origin_id", "does_count", "is_strong")


def read_cited(view: View, register: pd.DataFrame, outcomes: pd.DataFrame, reports: pd.DataFrame,
               matrix: Matrix) -> pd.DataFrame:  # fmt: skip
    """Look up what the register cites for each person.

    Returns
    -------
    One row per person and cited reference (`CITED_COLUMNS`); `kind` is report, crime, order or unknown. A report
    that does not name the person, and a crime they are no suspect in, are unknown as evidence about them.
    """
    refs = part_cells(register.set_index("person_id")["items_relied_on"])
    cited = refs.rename("ref").reset_index().drop_duplicates(ignore_index=True)
    known = pd.concat(
        [_cited_reports(view, reports, matrix), _cited_crimes(outcomes, matrix), _cited_orders(view)],
        ignore_index=True,
    ).drop_duplicates(["person_id", "ref"])
    cited = cited.merge(known, on=["person_id", "ref"], how="left")
    cited["kind"] = cited["kind"].fillna("unknown")
    for flag in ("does_count", "is_strong"):
        cited[flag] = cited[flag].eq(True)  # noqa: FBT003 (missing is no)
    return cited[list(CITED_COLUMNS)]


def check_inclusion(register: pd.DataFrame, cited: pd.DataFrame, matrix: Matrix) -> pd.Series:
    """Return, in the order of the register, why inclusion is not shown; missing where it is."""
    counting = cited[cited["does_count"]]
    by = counting.groupby("person_id")
    ids = register["person_id"]
    n_cited = cited.groupby("person_id").size().reindex(ids, fill_value=0).to_numpy()
    n_items = by.size().reindex(ids, fill_value=0).to_numpy()
    n_origins = by["origin_id"].nunique().reindex(ids, fill_value=0).to_numpy()
    n_strong = by["is_strong"].sum().reindex(ids, fill_value=0).to_numpy()
    newest = by["event_on"].max().reindex(ids).to_numpy()

    rules = matrix.gates
    why = pd.Series(pd.NA, index=register.index, dtype="str")
    strong = "nothing cited is graded 1A to 2B, a charge or conviction, or an order"
    why = why.mask(n_strong < 1, strong)
    why = why.mask(n_origins < rules.min_origins, "what is cited comes from a single origin")
    few = [f"{n} of {of} cited items can be relied on, {rules.min_items} are needed"
           for n, of in zip(n_items, n_cited, strict=True)]  # fmt: skip
    why = why.mask(n_items < rules.min_items, pd.Series(few, index=register.index, dtype="str"))
    why = why.mask(n_cited == 0, "no items cited")
    again = register["status"].eq("ACTIVE") & register["was_removed_on"].notna()
    nothing_new = again.to_numpy() & ~(newest > register["was_removed_on"].to_numpy())
    why = why.mask(nothing_new & why.isna(), "included again after a removal with nothing dated since")
    reason = register["inclusion_reason"].str.strip()
    return why.mask(reason.isna() | reason.eq(""), "no written reason for inclusion")


def _cited_reports(view: View, reports: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    named = view["intel_subjects"].dropna(subset=["person_id"])[["report_ref", "person_id"]].drop_duplicates()
    read = named.merge(reports, on="report_ref").rename(columns={"report_ref": "ref"})
    return read.assign(
        kind="report",
        does_count=~read["grade"].isin(list(matrix.gates.never_relied_on)),
        is_strong=read["grade"].isin(list(matrix.gates.strong_grades)),
    )[list(CITED_COLUMNS)]


def _cited_crimes(outcomes: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    known = outcomes[outcomes["outcome"].notna()].rename(columns={"crime_ref": "ref"})
    return known.assign(
        kind="crime",
        origin_id=known["ref"],
        does_count=~known["outcome"].isin([key for key, o in matrix.outcomes.items() if o.is_removed]),
        is_strong=known["outcome"].isin([key for key, o in matrix.outcomes.items() if o.is_charge]),
    )[list(CITED_COLUMNS)]


def _cited_orders(view: View) -> pd.DataFrame:
    orders = view["orders"].dropna(subset=["person_id"]).rename(columns={"order_ref": "ref", "made_on": "event_on"})
    return orders.assign(kind="order", origin_id=orders["ref"], does_count=True, is_strong=True)[list(CITED_COLUMNS)]
