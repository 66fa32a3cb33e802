"""Nothing is scored without an agreement and two assessments in force."""

from datetime import date

import pytest
from pandas.testing import assert_frame_equal

from csp_toolkit.errors import GovernanceError
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.points import award_points
from csp_toolkit.scoring.ranking import sort_ledger
from csp_toolkit.tables.governance import read_governance
from tests.scoring.small_views import MATRIX, ago, agreement, passing, report, small_view, subject


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


def test_scores_keep_the_items_they_were_made_from_and_anybody_elses() -> None:
    view = small_view(**passing(intel_subjects=[subject(), subject("R2", "Q")], intel_reports=[report(), report("R2")]))
    scores = score(view, MATRIX)
    assert set(scores.items["person_id"]) == {"P", "Q"}
    own = scores.items[scores.items["person_id"].eq("P")]
    again = sort_ledger(award_points(own, MATRIX, as_of=view.as_of))
    assert_frame_equal(again, scores.ledger)
