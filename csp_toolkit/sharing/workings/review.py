"""The tables a review of the matrix leaves beside its workings: what it counted, and by which change who moved."""

import pandas as pd

from csp_toolkit.scoring.change.past import MatrixChange
from csp_toolkit.scoring.review.disparity import Disparity
from csp_toolkit.scoring.review.rater_agreement import RaterAgreement
from csp_toolkit.scoring.review.redundancy import CriteriaTest
from csp_toolkit.scoring.review.validity import BackTest

_PLACES = 4


def list_review(
    change: MatrixChange, back_test: BackTest, shares: Disparity, raters: RaterAgreement, criteria: CriteriaTest
) -> dict[str, pd.DataFrame]:
    """List every table of a review by the name of its file; points as decimals of four places."""
    return {
        "change_rules": change.changes, "change_meetings": change.meetings,
        "change_moves": write_points(change.moves, ("before", "after")),
        "change_reasons": write_points(change.reasons, ("points",)),
        "back_test": back_test.table, "back_test_pooled": back_test.pooled,
        "back_test_differences": back_test.differences, "back_test_ordering": back_test.ordering,
        "criteria": criteria.table, "raters": raters.table, "shares": shares.table,
    }  # fmt: skip


def write_points(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Write ten-thousandths as points, exactly; missing where there are none."""
    exact = {name: [None if pd.isna(value) else f"{int(value) / 10**_PLACES:.{_PLACES}f}" for value in table[name]]
             for name in columns}  # fmt: skip
    return table.assign(**exact)
