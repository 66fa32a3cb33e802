"""Gate g8: no agreement, no assessment, no run."""

import pytest

from csp_toolkit.errors import GovernanceError
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.governance import check_governance
from tests.scoring.small_views import AS_OF, MATRIX, ago, agreement, passing, small_view, typed


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"expires_on": ago(1)}, "sharing agreement expired on 2026-11-25"),
        ({"expires_on": None}, "sharing agreement has no date of expiry"),
        ({"signed_on": ago(-1)}, "not signed"),
        ({"signed_on": None}, "not signed"),
        ({"status": "DRAFT"}, "not in force"),
        ({"dpia_ref": None}, "impact assessment (DPIA) missing"),
        ({"dpia_ref": " "}, "impact assessment (DPIA) missing"),
        ({"dpia_expires_on": ago(1)}, "impact assessment (DPIA) expired on 2026-11-25"),
        ({"dpia_expires_on": None}, "impact assessment (DPIA) has no date of expiry"),
        ({"eia_ref": None}, "equality assessment (EIA) missing"),
        ({"eia_expires_on": ago(1)}, "equality assessment (EIA) expired on 2026-11-25"),
        ({"feeds_covered": "csp_*"}, "No sharing agreement covers the police records"),
        ({"feeds_covered": None}, "No sharing agreement covers the police records"),
    ],
)
def test_the_run_refuses_and_says_which_document(changed, says) -> None:
    with pytest.raises(GovernanceError) as refused:
        score(small_view(**passing(agreements=[agreement(**changed)])), MATRIX)
    assert says in str(refused.value)


@pytest.mark.parametrize("name", ["expires_on", "dpia_expires_on", "eia_expires_on", "signed_on"])
def test_the_day_itself_is_in_force(name) -> None:
    check_governance(small_view(agreements=[agreement(**{name: AS_OF.isoformat()})]))


def test_nothing_recorded_at_all_is_refused() -> None:
    with pytest.raises(GovernanceError):
        check_governance(small_view())


def test_synthetic_references_count_only_with_synthetic_data() -> None:
    check_governance(small_view(agreements=[agreement()]))
    with pytest.raises(GovernanceError, match="synthetic reference"):
        check_governance(small_view(agreements=[agreement()], is_synthetic=False))
    real = agreement(agreement_ref="ISA-1", dpia_ref="DPIA-1", eia_ref="EIA-1")
    check_governance(small_view(agreements=[real], is_synthetic=False))


def test_what_the_partnership_recorded_itself_counts_too() -> None:
    expired = agreement(expires_on=ago(1))
    with pytest.raises(GovernanceError):
        check_governance(small_view(agreements=[expired]))
    check_governance(small_view(agreements=[expired]), typed("agreements", [agreement(agreement_ref="SYN-ISA-2")]))
    check_governance(small_view(), typed("agreements", [agreement(agreement_ref="SYN-ISA-2")]))
