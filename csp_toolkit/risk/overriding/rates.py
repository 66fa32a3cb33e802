"""How often professional judgement departs from the computed band, by direction and by the agency that leads."""

import pandas as pd

from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.deciding.assessment_rules import DOWN, UP

RATE_COLUMNS = ("agency", "n_assessments", "n_overridden", "n_up", "n_down", "percent", "words")
ALL, NOT_STATED = "all", "not stated"
_COUNTED = ("in force", "expired")


def count_rates(overrides: pd.DataFrame, assessments: Assessments, cases: pd.DataFrame) -> pd.DataFrame:
    """Count assessments and those overridden (`RATE_COLUMNS`): all together, then by leading agency.

    An override that ended was one all the same; one that does not count or was taken back was none. From how many
    assessments on a percentage stands, and its bounds, are the toolkit's to say.
    """
    toolkit = assessments.toolkit
    lead = cases.drop_duplicates("case_ref", keep="last").set_index("case_ref")["lead_agency"]
    whose = assessments.table[["assessment_ref", "case_ref"]]
    whose = whose.assign(agency=pd.Series(lead.reindex(whose["case_ref"]).to_numpy(), whose.index).fillna(NOT_STATED))
    stood = overrides[overrides["state"].isin(_COUNTED)]
    refs = {name: set(stood.loc[stood["direction"].eq(name.lower()), "assessment_ref"]) for name in (UP, DOWN)}
    whose = whose.assign(up=whose["assessment_ref"].isin(refs[UP]), down=whose["assessment_ref"].isin(refs[DOWN]))
    groups = [(ALL, whose), *whose.groupby("agency", sort=True)]
    return pd.DataFrame([_row(str(name), rows, toolkit) for name, rows in groups], columns=list(RATE_COLUMNS))


def _row(agency: str, rows: pd.DataFrame, toolkit: Toolkit) -> dict[str, object]:
    n, up, down = len(rows), int(rows["up"].sum()), int(rows["down"].sum())
    both = int((rows["up"] | rows["down"]).sum())
    percent = round(100 * both / n) if n >= toolkit.overrides.least_for_percent else None
    said = f"{both} of {n} overridden, {up} up and {down} down"
    return {
        "agency": agency, "n_assessments": n, "n_overridden": both, "n_up": up, "n_down": down, "percent": percent,
        "words": said + _look(percent, toolkit),
    }  # fmt: skip


def _look(percent: int | None, toolkit: Toolkit) -> str:
    rules = toolkit.overrides
    if percent is None:
        return ""
    if percent < rules.investigate_below_percent:
        return "; so few that bands may be taken without thought"
    if percent > rules.investigate_above_percent:
        return "; so many that the toolkit may not fit"
    low, high = rules.expected_percent
    return "" if low <= percent <= high else f"; {low} to {high} in 100 are expected"
