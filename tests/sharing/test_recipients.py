"""Who a copy is for: a profile that leaves a gap is refused, and no agreement means no copy."""

from datetime import date

import pandas as pd
import pytest
from pydantic import ValidationError

from csp_toolkit.errors import GovernanceError
from csp_toolkit.sharing.recipients import Recipient, find_agreement, read_recipients

PROFILE = {
    "name": "housing", "version": "1", "owner": "dpo", "approved_on": None, "why": "a test",
    "title": "council housing", "agency": "Council Housing", "agencies": ("Council Housing/ASB",), "role": "lead",
    "regime": "UK GDPR", "purpose": "tenancies", "agreement_agency": "*Housing*", "marking": "OFFICIAL-SENSITIVE",
    "marking_line": "Recipients only", "destroy_after_days": 30, "facts": ("as_of",),
    "tables": {"people_asked": {"rows": "own_agency", "columns": {"agency": "KEEP", "name": "KEEP"}}},
    "withheld": ({"what": "Scores", "in_chairs_copy": "Shown", "in_yours": "Withheld", "why": "not needed"},),
}  # fmt: skip
AGREEMENTS = pd.DataFrame(
    {
        "agreement_ref": ["SYN-ISA-007", "SYN-ISA-002"],
        "agency": ["Council Housing/ASB", "HMPPS Prisons"],
        "regime": ["UK GDPR + Sch 1", "DPA 2018 Part 3"],
        "signed_on": pd.to_datetime(["2026-04-01", "2025-11-15"]),
        "expires_on": pd.to_datetime(["2027-03-31", "2026-11-15"]),
        "status": ["IN_FORCE", "IN_FORCE"],
    }
)


def profile(**changes) -> Recipient:
    return Recipient.model_validate(PROFILE | changes)


def find(recipient: Recipient, day: date, *, is_synthetic: bool = True):
    return find_agreement(AGREEMENTS, recipient, as_of=day, is_synthetic=is_synthetic)


def test_the_agreement_in_force_is_found_by_its_agency():
    found = find(profile(), date(2026, 11, 26))
    assert (found.ref, found.expires_on) == ("SYN-ISA-007", date(2027, 3, 31))


@pytest.mark.parametrize(
    ("day", "is_in_force"),
    [(date(2026, 3, 31), False), (date(2026, 4, 1), True), (date(2027, 3, 31), True), (date(2027, 4, 1), False)],
)
def test_an_agreement_counts_from_its_first_to_its_last_day(day, is_in_force):
    if is_in_force:
        assert find(profile(), day).ref == "SYN-ISA-007"
    else:
        with pytest.raises(GovernanceError, match="none of 1 agreements"):
            find(profile(), day)


def test_without_any_agreement_there_is_no_copy():
    with pytest.raises(GovernanceError, match="no sharing agreement"):
        find(profile(agreement_agency="Fire Service"), date(2026, 11, 26))


def test_a_synthetic_agreement_covers_no_real_data():
    with pytest.raises(GovernanceError, match="no sharing agreement"):
        find(profile(), date(2026, 11, 26), is_synthetic=False)


def test_an_agreement_without_an_expiry_date_covers_nothing():
    undated = AGREEMENTS.assign(expires_on=pd.NaT)
    with pytest.raises(GovernanceError, match="has no expiry date"):
        find_agreement(undated, profile(), as_of=date(2026, 11, 26), is_synthetic=True)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"handling": ("P", "C")}, "conditions"),
        ({"people": "all"}, "only the people"),
        ({"withheld": ()}, "what it withholds"),
        ({"tables": {"police_list": {"columns": {"rationale": "KEEP"}}}}, "free text"),
        ({"tables": {"police_list": {"rows": "asked", "columns": {"name": "KEEP"}}}}, "needs the column person_id"),
        ({"tables": {"police_list": {"columns": {"name": "SHOW"}}}}, "KEEP"),
        ({"colour": "blue"}, "Extra inputs"),
    ],
)
def test_a_profile_that_leaves_a_gap_is_refused(changes, problem):
    with pytest.raises(ValidationError, match=problem):
        profile(**changes)


def test_of_the_shipped_profiles_only_the_polices_and_one_that_names_nobody_are_not_redacted():
    recipients = read_recipients()
    shipped = {"chair": False, "county_police": False, "housing": True, "neighbour_thurrock": True}
    assert shipped.items() <= {name: r.is_redacted for name, r in recipients.items()}.items()
    whole = {name for name, r in recipients.items() if not r.is_redacted and not r.is_police}
    named = {"person_id", "name", "reference", "person_a", "person_b", "node_id", "person_ref"}
    columns = {c for name in whole for rule in recipients[name].tables.values() for c in rule.columns}
    assert not named & columns


def test_housing_is_never_given_a_score_a_rank_a_tie_or_the_police_list():
    housing = read_recipients()["housing"]
    columns = {column for rule in housing.tables.values() for column in rule.columns}
    assert not columns & {"score", "rank", "place", "proved", "intelligence", "dob", "police_score", "group_name"}
    assert not set(housing.tables) & {"police_list", "high_not_listed", "cut", "ties", "nodes", "left_out_people"}
