"""Nothing is scored without an agreement and two assessments in force."""

from datetime import date

import pytest

from csp_toolkit.errors import GovernanceError
from csp_toolkit.scoring.assessment import score
from csp_toolkit.tables.governance import read_governance
from tests.scoring.small_views import MATRIX, ago, agreement, passing, small_view


@pytest.mark.parametrize("agreements", [[], [agreement(expires_on=ago(1))], [agreement(dpia_ref=None)]])
def test_scoring_refuses_where_a_document_is_missing_or_over(agreements) -> None:
    with pytest.raises(GovernanceError, match="Nothing was produced"):
        score(small_view(**passing(agreements=agreements)), MATRIX)


def test_the_partnerships_own_assessments_stand_in_for_those_of_the_register() -> None:
    view = small_view(**passing(agreements=[agreement(dpia_ref=None, eia_ref=None)]))
    ends = date.fromisoformat(ago(-1))
    own = {
        "impact_assessment_ref": "SYN-DPIA", "impact_assessment_expires_on": ends,
        "equality_assessment_ref": "SYN-EIA", "equality_assessment_expires_on": ends,
    }  # fmt: skip
    governance = read_governance().model_copy(update=own)
    with pytest.raises(GovernanceError):
        score(view, MATRIX)
    assert score(view, MATRIX, governance=governance).table is not None
