"""Whether an agreed action may be: its code, its kind, the person's age; and a child never without support."""

import json
from collections.abc import Mapping

import pandas as pd

from csp_toolkit.cases.plans import KINDS, Menu
from csp_toolkit.tables.ages import ADULT_YEARS
from csp_toolkit.tables.deciding.rules import ACTION


def check_agreed(
    made: pd.DataFrame, ages: Mapping[str, int | None], menu: Menu, *, supported: frozenset[str]
) -> list[str]:
    """Name the agreed actions that may not be, as sheet and row; never a cell's value.

    Parameters
    ----------
    made : decisions as a workbook gives them. ages : whole years by person_ref; missing where not known.
    supported : the person_refs for whom support is agreed already.

    Under 18, or of unknown age, nothing but support stands alone: enforcement and disruption need support agreed for
    the same person, at this meeting or before.
    """
    own = made[made["kind"].eq(ACTION)]
    actions = [(row, json.loads(row["details"] or "{}")) for row in own.to_dict("records")]
    helped = supported | {row["person_ref"] for row, details in actions if details.get("action_type") == "SUPPORT"}
    by_code = {one.code: one for one in menu.interventions}
    problems = []
    for row, details in actions:
        wrong = []
        code, kind, person = details.get("intervention_code"), details.get("action_type"), row["person_ref"]
        known = by_code.get(code) if code else None
        age = ages.get(person) if isinstance(person, str) else None
        if code and known is None:
            wrong.append("the code is not on the menu")
        if known is not None and kind in KINDS and known.kind != kind:
            wrong.append(f"the code is one of {known.kind.lower()}, the type says otherwise")
        if known is not None and known.aims_at == "person" and age is not None and not known.allows(age):
            wrong.append(
                f"the law allows it from {known.min_age} years, and the person is younger"
                if age < known.min_age
                else f"it is for people up to {known.max_age} years, and the person is older"
            )
        is_child = isinstance(person, str) and (age is None or age < ADULT_YEARS)
        if is_child and kind in ("DISRUPTION", "ENFORCEMENT") and person not in helped:
            wrong.append("under 18 or of unknown age, and no support is agreed for the same person")
        if wrong:
            problems.append(f"{row['sheet']} row {row['row']}: {', '.join(wrong)}")
    return problems
