"""Professional judgement over a computed band: who, why, on what, until when, who agreed, and how often it happens.

The computed band stays beside the final one. An override that does not keep the toolkit's rules stands on record and
does not count; it says why.
"""

import json
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.bands import find_routes, find_tiers
from csp_toolkit.risk.overriding.rates import count_rates
from csp_toolkit.risk.overriding.rules import find_faults, is_below, place_of
from csp_toolkit.risk.toolkit import INSUFFICIENT
from csp_toolkit.tables.deciding.assessment_rules import OVERRIDE, OVERRIDE_DETAILS
from csp_toolkit.tables.deciding.rules import WITHDRAWN
from csp_toolkit.tables.view import View

IN_FORCE, EXPIRED, REFUSED, TAKEN_BACK = "in force", "expired", "does not count", "taken back"
OVERRIDE_COLUMNS = (
    "assessment_ref", "case_ref", "person_id", "axis", "state", "direction", "computed_band", "final_band", "n_bands",
    "is_below_floor", "reason", "evidence", "agency", "decided_by", "role", "decided_on", "valid_until",
    "countersigned_by", "why_not",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Overrides:
    """What professional judgement made of the computed bands.

    Attributes
    ----------
    assessments : the assessments with final bands beside the computed: for each axis `v_final_band`, and final_tier
        and final_route. Without an override in force they are the computed ones.
    table : one row an override on record (`OVERRIDE_COLUMNS`); state is in force, expired, taken back or does not
        count, and `why_not` says which rule it does not keep.
    rates : how often, by direction and by the agency that leads the case (`override_rates.RATE_COLUMNS`).
    """

    assessments: Assessments
    table: pd.DataFrame
    rates: pd.DataFrame

    def explain(self, assessment_ref: str) -> str:
        """Say what stands over the computed bands of an assessment, and what does not."""
        rows = self.table[self.table["assessment_ref"].eq(assessment_ref)]
        if rows.empty:
            return "No override: the final bands are the computed ones."
        return " ".join(_say(row) for row in rows.to_dict("records"))

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><td>{escape(str(row['assessment_ref']))}</td><td>{escape(_say(row))}</td></tr>"
            for row in self.table.to_dict("records")
        )
        counts = self.table["state"].value_counts()
        said = ", ".join(f"{n} {state}" for state, n in counts.items()) or "none"
        caption = f"Overrides on record as at {self.assessments.as_of}: {said}. Computed and final bands are both kept."
        return f"<p>{escape(caption)}</p>" + (f"<table><tbody>{body}</tbody></table>" if body else "")

    def __repr__(self) -> str:
        return f"Overrides(as_of={self.assessments.as_of}, overrides={len(self.table)})"


def settle_overrides(assessments: Assessments, view: View) -> Overrides:
    """Lay the overrides on record over the computed bands: those that keep the rules and have not ended.

    An override belongs to one assessment. A newer assessment is computed anew and stands without it.
    """
    table = _judge(_read(view), assessments)
    final = _final_bands(assessments, table[table["state"].eq(IN_FORCE)])
    return Overrides(final, table, count_rates(table, assessments, view["cases"]))


def _read(view: View) -> pd.DataFrame:
    made = view.decisions[view.decisions["kind"].eq(OVERRIDE)].sort_values(["meeting_on", "recorded_on"], kind="stable")
    details = pd.DataFrame([json.loads(text) for text in made["details"]], columns=list(OVERRIDE_DETAILS), dtype="str")
    kept = made[["outcome", "reason", "decided_by", "role", "decided_on", "valid_until", "person_ref"]]
    rows = kept.reset_index(drop=True).join(details)
    return rows.drop_duplicates("slot", keep="last").reset_index(drop=True)


def _judge(rows: pd.DataFrame, assessments: Assessments) -> pd.DataFrame:
    """Say of each override whether it is in force, and which rule it does not keep."""
    toolkit, places = assessments.toolkit, pd.Index(assessments.table["assessment_ref"])
    judged = []
    for row in rows.to_dict("records"):
        at = int(places.get_indexer([row["assessment_ref"]])[0])
        axis = next((a for a in toolkit.axes if a.id == row["axis"]), None)
        if at < 0 or axis is None:
            judged.append(row | {"case_ref": row["person_ref"], "state": REFUSED,
                                 "why_not": "no such assessment or axis under this toolkit"})  # fmt: skip
            continue
        assessed = assessments.table.iloc[at].to_dict()
        computed = str(assessed[f"{axis.id.lower()}_band_so_far"])
        floor = find_floor(assessments, at, axis.id)
        faults = [] if row["outcome"] == WITHDRAWN else find_faults(
            row, assessed | {"computed_band": computed}, floor, toolkit
        )  # fmt: skip
        known = row["band"] in toolkit.band_names
        moved = toolkit.band_names.index(row["band"]) - max(place_of(computed, toolkit), 0) if known else 0
        judged.append(
            row
            | {
                "case_ref": assessed["case_ref"], "person_id": assessed["person_id"], "computed_band": computed,
                "final_band": row["band"], "direction": str(row["outcome"]).lower(), "n_bands": moved,
                "is_below_floor": known and is_below(str(row["band"]), floor, toolkit), "why_not": "; ".join(faults),
                "state": _state(row, faults, assessments),
            }
        )  # fmt: skip
    table = pd.DataFrame(judged, columns=[*OVERRIDE_COLUMNS]).astype({"n_bands": "Int64", "why_not": "str"})
    return table.sort_values(["assessment_ref", "axis"], kind="stable", ignore_index=True)


def _state(row: dict[str, Any], faults: list[str], assessments: Assessments) -> str:
    if row["outcome"] == WITHDRAWN:
        return TAKEN_BACK
    if faults:
        return REFUSED
    return EXPIRED if row["valid_until"] < pd.Timestamp(assessments.as_of) else IN_FORCE


def find_floor(assessments: Assessments, at: int, axis: str) -> str | None:
    """Return the highest band that a floor in force holds one axis of an assessment up to."""
    toolkit, point = assessments.toolkit, assessments.readings["point"]
    floors = next(a.floors for a in toolkit.axes if a.id == axis)
    held = [f.band for f in floors if point.floors[f.id][at]]
    return max(held, key=toolkit.band_names.index, default=None)


def _final_bands(assessments: Assessments, standing: pd.DataFrame) -> Assessments:
    toolkit, table = assessments.toolkit, assessments.table.copy()
    bands = {}
    for axis in toolkit.axes:
        key = axis.id.lower()
        own = standing[standing["axis"].eq(axis.id)].set_index("assessment_ref")["final_band"]
        over = pd.Series(own.reindex(table["assessment_ref"]).to_numpy(), index=table.index, dtype="str")
        table[f"{key}_final_band"] = over.fillna(table[f"{key}_band"]).astype("str")
        so_far = over.fillna(table[f"{key}_band_so_far"])
        bands[axis.id] = np.array([place_of(str(band), toolkit) for band in so_far])
    point = replace(assessments.readings["point"], bands=bands)
    short = table["status"].eq(INSUFFICIENT).to_numpy()
    is_judged = table["assessment_ref"].isin(standing["assessment_ref"]).to_numpy()
    order = np.array(toolkit.tiers.order, dtype=object)
    may_be_child = assessments.answers.assessments["may_be_child"].to_numpy("bool")
    # A judgement may raise the tier of an assessment of which too little is known, and may not lower it.
    least = find_tiers(point, short, toolkit)
    judged = find_tiers(point, np.zeros_like(short), toolkit)
    tier = np.where(short & is_judged, np.maximum(judged, least), least)
    table["final_tier"] = pd.Series(order[tier], dtype="str")
    table["final_route"] = pd.Series(find_routes(point, short, may_be_child, toolkit), dtype="str")
    return replace(assessments, table=table)


def _say(row: dict[str, Any]) -> str:
    whose = f"by {row['role']}, {pd.Timestamp(row['decided_on']):%Y-%m-%d}"
    if row["state"] == TAKEN_BACK:
        return f"An override of {row['axis']} was taken back {whose}."
    agreed = f", countersigned by {row['countersigned_by']}" if isinstance(row["countersigned_by"], str) else ""
    if row["state"] == REFUSED:
        return f"An override of {row['axis']} to {row['final_band']} does not count: {row['why_not']}."
    until = f"until {pd.Timestamp(row['valid_until']):%Y-%m-%d}" if row["state"] == IN_FORCE else "and has ended"
    return (
        f"{row['axis']} {row['computed_band']} computed, {row['final_band']} by judgement {whose}, {until}{agreed}: "
        f"{row['reason']} Evidence: {row['evidence']}."
    )
