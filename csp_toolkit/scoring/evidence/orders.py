"""Items from court orders: gang injunctions, and criminal behaviour orders recorded as gang-related.

The conditions of an order are free text and are not read; only a recorded basis counts.
"""

import pandas as pd

from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import NOT_RECORDED
from csp_toolkit.tables.view import View


def collect_orders(view: View, matrix: Matrix) -> pd.DataFrame:
    """Make an item of each order the matrix counts.

    In force it is dated `as_of` and so counts in full; after that by its end. An order that ended early, on a day
    not recorded, is dated by the day it was made: the oldest it can be.
    """
    today = pd.Timestamp(view.as_of)
    orders = view["orders"].dropna(subset=["person_id"])
    orders = orders[orders["made_on"] <= today]
    basis = orders["basis"].str.strip().str.upper()
    criterion = pd.Series(pd.NA, index=orders.index, dtype="str")
    for rule in matrix.orders:
        fits = orders["order_type"].eq(rule.order_type)
        if rule.needs_basis:
            fits &= basis.isin([recorded.upper() for recorded in rule.needs_basis])
        criterion = criterion.mask(fits, rule.criterion)

    has_passed = orders["expires_on"] < today
    in_force = orders["status"].ne("EXPIRED") & ~has_passed
    ended_on = orders["expires_on"].where(has_passed, orders["made_on"])
    items = pd.DataFrame(
        {
            "person_id": orders["person_id"],
            "criterion": criterion,
            "item_id": orders["order_ref"],
            "event_id": orders["order_ref"],
            "origin_id": orders["order_ref"],
            "event_on": ended_on.mask(in_force, today),
            "basis": "proved",
            "evidence": "order",
            "role": NOT_RECORDED,
        }
    )
    return items[items["criterion"].notna()].reset_index(drop=True)
