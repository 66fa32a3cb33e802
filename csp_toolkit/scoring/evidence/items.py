"""Records to items: one row per person, criterion and piece of evidence.

Everything the matrix counts about a person becomes an item here, and nothing else: personal use, stops with nothing
found, being a victim, missing episodes, who someone lives with or where they live never do.
"""

import pandas as pd

from csp_toolkit.scoring.evidence.offences import collect_co_offending, collect_custody, collect_offences
from csp_toolkit.scoring.evidence.orders import collect_orders
from csp_toolkit.scoring.evidence.readings import Readings, read_records
from csp_toolkit.scoring.evidence.register import active_people
from csp_toolkit.scoring.evidence.reports import collect_lines, collect_reports
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths
from csp_toolkit.scoring.points import ITEM_COLUMNS
from csp_toolkit.tables.ages import birthday, youngest_birth
from csp_toolkit.tables.view import View


def collect_items(view: View, matrix: Matrix, readings: Readings | None = None) -> pd.DataFrame:
    """Collect what the matrix counts as evidence about anyone, whether or not they may be scored.

    `readings` are read where they are not given.

    Returns
    -------
    `ITEM_COLUMNS`, sorted by person_id, criterion and item_id, which together are unique. `base` is in
    ten-thousandths of a point. An item that weighs nothing may be among them; points leave it out.

    Notes
    -----
    At 18 a person starts afresh but for what has an outcome: intelligence, and suspicions on which nothing had been
    decided, dated before the eighteenth birthday of someone now an adult, are left out.
    """
    read = readings or read_records(view, matrix)
    outcomes, reports, active = read.outcomes, read.reports, active_people(read.register)
    parts = [
        collect_offences(outcomes, matrix),
        collect_custody(view, matrix),
        collect_co_offending(outcomes, active, matrix),
        collect_reports(view, reports, matrix),
        collect_lines(view, matrix),
        collect_orders(view, matrix),
    ]
    items = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    base = items["criterion"].map({c.id: ten_thousandths(c.base) for c in matrix.criteria}).astype("Int64")
    items["base"] = items["base"].fillna(base) if "base" in items else base
    items = _keep_adult_items(items, view, matrix)
    return _keep_weightiest(items, matrix)[list(ITEM_COLUMNS)]


def _keep_adult_items(items: pd.DataFrame, view: View, matrix: Matrix) -> pd.DataFrame:
    people = view.people.drop_duplicates("person_id").reset_index(drop=True)
    adult_on = birthday(youngest_birth(people), matrix.gates.adult_from_years)
    adult_on = items["person_id"].map(pd.Series(adult_on.to_numpy(), index=people["person_id"]))
    decided = [key for key, outcome in matrix.outcomes.items() if outcome.is_outcome]
    is_adult = adult_on.notna() & (adult_on <= pd.Timestamp(view.as_of))
    return items[~(is_adult & (items["event_on"] < adult_on) & ~items["evidence"].isin(decided))]


def _keep_weightiest(items: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    """Keep one row of what one person has twice under two references."""
    evidence = items["evidence"].map(matrix.evidence_factors).astype("Float64").fillna(0)
    weight = items["base"] * evidence * items["role"].map(matrix.roles).astype("Float64")
    ordered = items.assign(weight=-weight).sort_values(
        ["person_id", "criterion", "item_id", "weight", "event_on", "evidence", "role"], kind="stable"
    )
    kept = ordered.drop_duplicates(["person_id", "criterion", "item_id"])
    return kept.reset_index(drop=True).astype({"event_on": "datetime64[us]", "basis": "str", "role": "str"})
