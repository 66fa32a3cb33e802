"""No briefing without an impact assessment, an equality assessment and an agreement, each in date."""

from datetime import date

import pandas as pd
import pytest

from csp_toolkit.errors import GovernanceError
from csp_toolkit.tables.governance import Agreements, Governance, check_governance, describe_documents, read_governance

DAY = date(2026, 11, 26)
EMPTY = read_governance()
REGISTER = pd.DataFrame(
    {
        "agreement_ref": ["SYN-ISA-001"], "agency": ["Essex Police"], "status": ["IN_FORCE"],
        "feeds_covered": ["police_*; csp_*"],
        "signed_on": pd.to_datetime(["2026-02-01"]), "expires_on": pd.to_datetime(["2027-01-31"]),
        "dpia_ref": ["SYN-DPIA-01"], "dpia_expires_on": pd.to_datetime(["2027-03-31"]),
        "eia_ref": ["SYN-EIA-01"], "eia_expires_on": pd.to_datetime([pd.NaT]),
    }
)  # fmt: skip
OWN = {
    "impact_assessment_ref": "DPIA-9", "impact_assessment_expires_on": date(2027, 1, 1),
    "equality_assessment_ref": "EIA-9", "equality_assessment_expires_on": date(2027, 1, 1),
}  # fmt: skip


def check(
    register: pd.DataFrame = REGISTER, governance: Governance = EMPTY, *, is_synthetic: bool = True, day: date = DAY
):
    return check_governance(governance, Agreements(register, is_synthetic), as_of=day)


def test_the_shipped_file_is_empty_and_alone_refuses():
    assert EMPTY.impact_assessment_ref is None
    with pytest.raises(GovernanceError) as caught:
        check(REGISTER.iloc[:0])
    told = str(caught.value)
    assert all(
        f"no {what} is named" in told for what in ("impact assessment", "equality assessment", "sharing agreement")
    )


def test_the_register_of_agreements_brings_what_the_file_does_not_name():
    assert [(d["ref"], d["expires_on"]) for d in describe_documents(check())] == [
        ("SYN-DPIA-01", "2027-03-31"), ("SYN-EIA-01", "2027-03-31"), ("SYN-ISA-001", "2027-01-31"),
    ]  # fmt: skip


def test_the_partnerships_own_assessments_come_first():
    assert [d.ref for d in check(governance=EMPTY.model_copy(update=OWN))] == ["DPIA-9", "EIA-9", "SYN-ISA-001"]


@pytest.mark.parametrize(
    ("day", "holds"), [(date(2027, 1, 31), True), (date(2027, 2, 1), False), (date(2026, 1, 31), False)]
)
def test_an_agreement_counts_from_its_first_to_its_last_day(day, holds):
    if holds:
        assert check(day=day)
    else:
        with pytest.raises(GovernanceError, match="sharing agreement"):
            check(day=day)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"dpia_expires_on": pd.Timestamp("2026-11-25")}, "the impact assessment ended on 2026-11-25"),
        ({"dpia_expires_on": pd.NaT}, "the impact assessment has no date of expiry"),
        ({"eia_ref": None}, "no equality assessment is named"),
        ({"eia_expires_on": pd.Timestamp("2026-11-25")}, "the equality assessment ended on 2026-11-25"),
        ({"expires_on": pd.NaT}, "the sharing agreement has no date of expiry"),
        ({"dpia_ref": " "}, "no impact assessment is named"),
        ({"signed_on": pd.NaT}, "no sharing agreement is named"),
        ({"feeds_covered": "csp_*"}, "no sharing agreement is named"),
        ({"feeds_covered": None}, "no sharing agreement is named"),
        ({"status": "DRAFT"}, "no sharing agreement is named"),
        ({"agency": "Another Force"}, "no sharing agreement is named"),
    ],
)
def test_one_document_that_does_not_hold_is_enough_to_refuse(changes, problem):
    with pytest.raises(GovernanceError, match=problem):
        check(REGISTER.assign(**changes))


def test_an_equality_assessment_without_a_date_may_be_made_not_to_count():
    strict = EMPTY.model_copy(update={"undated_equality_assessment": "does not count"})
    with pytest.raises(GovernanceError, match="the equality assessment has no date of expiry"):
        check(governance=strict)


def test_synthetic_documents_cover_no_real_person():
    with pytest.raises(GovernanceError, match="synthetic, and the people are not"):
        check(is_synthetic=False)
