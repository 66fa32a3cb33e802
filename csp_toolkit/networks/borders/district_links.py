"""How strongly two areas hang together: people and lines evidenced in both, and ties between their people (XB4).

Vehicles would count as well; no feed names them, so that part says "not assessed".
"""

from itertools import combinations

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.networks.borders.activity import Activity
from csp_toolkit.networks.borders.areas import SPECIAL

LINK_COLUMNS = ("area_a", "area_b", "n_people", "n_lines", "n_vehicles", "n_ties", "n_both")
REASON_COLUMNS = ("area_a", "area_b", "kind", "ref")


def link_districts(
    activity: Activity, line_areas: pd.DataFrame, ties: pd.DataFrame, homes: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count what is evidenced in both of two areas.

    Parameters
    ----------
    line_areas : line_ref and area, one row for each area a line runs from or into.
    ties : person_a and person_b, those that count.
    homes : by person_id, the home as at the view's date; who is not in it, or has none, ties no areas together.

    Returns
    -------
    One row a pair of areas with anything in both (`LINK_COLUMNS`), area_a before area_b by code: `n_people` distinct
    people who lived or were recorded in both, `n_lines` likewise, `n_ties` between people of one and of the other,
    `n_both` people and lines together. And the rows behind it (`REASON_COLUMNS`), whose number by kind is each count.
    """
    lived = activity.table[["person_id", "home"]].rename(columns={"home": "area"})
    seen = pd.concat([lived, activity.table[["person_id", "area"]]]).drop_duplicates()
    people = _pair_areas(seen.rename(columns={"person_id": "ref"}), "person")
    lines = _pair_areas(line_areas.rename(columns={"line_ref": "ref"})[["ref", "area"]].drop_duplicates(), "line")
    reasons = pd.concat([people, lines, _tie_areas(ties, homes)], ignore_index=True)
    reasons = reasons.sort_values(list(REASON_COLUMNS), kind="stable", ignore_index=True)
    counts = reasons.groupby(["area_a", "area_b", "kind"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["person", "line", "tie"], fill_value=0).astype("int64").reset_index()
    table = counts.rename(columns={"person": "n_people", "line": "n_lines", "tie": "n_ties"})
    table = table.assign(n_vehicles=NOT_ASSESSED, n_both=table["n_people"] + table["n_lines"])
    return table[list(LINK_COLUMNS)].sort_values(["area_a", "area_b"], kind="stable", ignore_index=True), reasons


def _pair_areas(seen: pd.DataFrame, kind: str) -> pd.DataFrame:
    known = seen[~seen["area"].isin(list(SPECIAL))].dropna(subset=["ref", "area"])
    rows = [
        (a, b, kind, ref)
        for ref, group in known.groupby("ref", sort=True)["area"]
        for a, b in combinations(sorted(set(group)), 2)
    ]
    return pd.DataFrame(rows, columns=list(REASON_COLUMNS), dtype="str")


def _tie_areas(ties: pd.DataFrame, homes: pd.Series) -> pd.DataFrame:
    ends = pd.DataFrame({"a": ties["person_a"].map(homes), "b": ties["person_b"].map(homes)})
    known = ends.notna().all(axis="columns") & ~ends.isin(list(SPECIAL)).any(axis="columns") & (ends["a"] != ends["b"])
    refs = ties["person_a"] + " – " + ties["person_b"]
    rows = [
        (*sorted(pair), "tie", ref) for *pair, ref in zip(ends["a"][known], ends["b"][known], refs[known], strict=True)
    ]
    return pd.DataFrame(rows, columns=list(REASON_COLUMNS), dtype="str")
