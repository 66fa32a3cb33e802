"""Which deliveries may be used, and what is said of those that may not or did not come."""

from datetime import date
from pathlib import Path

import pandas as pd

from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.validation import Validated
from csp_toolkit.tables.view import COVERAGE_COLUMNS
from tests.tables.deliveries import NOVEMBER, OCTOBER, agreements, checked, crime, load, new_casebook, person, report

AS_OF_OCTOBER = date(2026, 10, 29)
AS_OF_NOVEMBER = date(2026, 11, 26)


def prison(*refs: str) -> Validated:
    return checked("prison_status", prison_stays=[{"source_ref": ref, "status": "REMAND"} for ref in refs])


def covered(casebook: Casebook, as_of: date, feed: str) -> dict[str, object]:
    return casebook.view(as_of).coverage.set_index("feed").loc[feed].to_dict()


def test_a_feed_whose_agreement_ran_out_is_held_and_its_last_good_delivery_used(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(prison_until="2026-11-15"), prison("SYNA1"))
    load(casebook, NOVEMBER, prison("SYNA1", "SYNA2"))
    view = casebook.view(AS_OF_NOVEMBER)
    row = covered(casebook, AS_OF_NOVEMBER, "prison_status")
    assert view["prison_stays"]["source_ref"].tolist() == ["SYNA1"]
    assert "SYNA2" not in set(view.person_keys["source_ref"])
    assert (row["state"], row["received_on"], row["used_received_on"], row["age_days"], row["rows_in"]) == (
        "held", pd.Timestamp(NOVEMBER), pd.Timestamp(OCTOBER), 34, 1)  # fmt: skip
    assert row["note"] == ("no agreement was in force for the delivery of 20 Nov 2026; that of 23 Oct 2026 is used")


def test_the_day_an_agreement_begins_and_the_day_it_ends_are_in_it(tmp_path: Path) -> None:
    for n, (signed, until, state) in enumerate([
        ("2026-10-23", "2026-10-23", "arrived"), ("2026-10-24", "2027-01-01", "held"),
        ("2026-01-01", "2026-10-22", "held"),
    ]):  # fmt: skip
        casebook = new_casebook(tmp_path, f"{n}.sqlite")
        load(casebook, OCTOBER, agreements(signed_on=signed, prison_until=until), prison("SYNA1"))
        assert covered(casebook, AS_OF_OCTOBER, "prison_status")["state"] == state


def test_without_any_agreement_nothing_is_used(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, checked("police_nominals", person_records=[person("42SYN/1")]))
    view = casebook.view(AS_OF_OCTOBER)
    row = covered(casebook, AS_OF_OCTOBER, "police_nominals")
    assert view["person_records"].empty
    assert view.people.empty
    assert row["state"] == "held"
    assert pd.isna(row["used_received_on"]) and pd.isna(row["age_days"])
    assert "nothing of it is used" in str(row["note"])


def test_a_draft_or_an_agreement_without_an_end_is_not_in_force(tmp_path: Path) -> None:
    for n, change in enumerate([{"status": "DRAFT"}, {"expires_on": None}, {"signed_on": None}]):
        casebook = new_casebook(tmp_path, f"{n}.sqlite")
        row = {"agreement_ref": "SYN-ISA-9", "feeds_covered": "childrens_services; prison_*", "status": "IN_FORCE",
               "signed_on": "2026-01-01", "expires_on": "2027-01-01"}  # fmt: skip
        load(casebook, OCTOBER, checked("csp_sharing_agreements", agreements=[row | change]), prison("SYNA1"))
        assert covered(casebook, AS_OF_OCTOBER, "prison_status")["state"] == "held"
        load(casebook, OCTOBER, checked("csp_sharing_agreements", agreements=[row]))
        assert covered(casebook, AS_OF_OCTOBER, "prison_status")["state"] == "arrived"


def test_a_renewal_does_not_undo_the_year_before_it(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(prison_until="2026-11-15"), prison("SYNA1"))
    load(casebook, NOVEMBER, agreements(signed_on="2026-11-16", prison_until="2027-11-15"))
    row = covered(casebook, AS_OF_NOVEMBER, "prison_status")
    assert row["used_received_on"] == pd.Timestamp(OCTOBER)
    assert row["state"] != "held"


def test_a_renewal_that_is_sent_late_frees_what_it_covers(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(prison_until="2026-11-15"), prison("SYNA1"))
    load(casebook, NOVEMBER, prison("SYNA2"))
    load(casebook, date(2026, 12, 1), agreements(signed_on="2026-11-16", prison_until="2027-11-15"))
    assert casebook.view(date(2026, 12, 1))["prison_stays"]["source_ref"].tolist() == ["SYNA2"]
    assert casebook.view(AS_OF_NOVEMBER)["prison_stays"]["source_ref"].tolist() == ["SYNA1"]


def test_an_agreement_ended_early_no_longer_covers_what_came_after(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(prison_until="2027-11-15"), prison("SYNA1"))
    load(casebook, NOVEMBER, agreements(prison_until="2026-11-01"), prison("SYNA2"))
    assert covered(casebook, AS_OF_NOVEMBER, "prison_status")["state"] == "held"
    assert casebook.view(AS_OF_NOVEMBER)["prison_stays"]["source_ref"].tolist() == ["SYNA1"]


def test_an_agreement_no_longer_listed_covers_what_came_while_it_was(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(prison_until="2027-11-15"), prison("SYNA1"))
    only_police = agreements().tables["agreements"].iloc[:1].drop(columns="row").to_dict("records")
    load(casebook, NOVEMBER, checked("csp_sharing_agreements", agreements=only_police), prison("SYNA2"))
    assert casebook.view(AS_OF_NOVEMBER)["prison_stays"]["source_ref"].tolist() == ["SYNA1"]


def test_what_did_not_come_is_stale_or_missing_and_what_nobody_reads_is_named(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    expected = {"police_top10": "Essex Police", "police_crimes": "Essex Police"}
    intel = checked("police_intel", intel_reports=[report("SYN-R1")])
    crimes = checked("police_crimes", crimes=[crime("SYN/1")])
    load(casebook, OCTOBER, agreements(), crimes, intel, expected=expected, unmapped=["housing_asb.xlsx"])
    load(casebook, NOVEMBER, agreements(), checked("police_crimes", crimes=[crime("SYN/2")]), expected=expected)
    coverage = casebook.view(AS_OF_NOVEMBER).coverage
    assert tuple(coverage.columns) == COVERAGE_COLUMNS
    assert coverage.set_index("feed")["state"].to_dict() == {
        "csp_sharing_agreements": "arrived", "housing_asb": "no mapping yet", "police_crimes": "arrived",
        "police_intel": "stale", "police_top10": "missing",
    }  # fmt: skip
    assert covered(casebook, AS_OF_NOVEMBER, "police_top10")["agency"] == "Essex Police"
    assert covered(casebook, AS_OF_OCTOBER, "police_intel")["state"] == "arrived"


def test_what_came_later_is_not_in_the_coverage_of_an_earlier_day(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements())
    load(casebook, NOVEMBER, agreements(), unmapped=["housing_asb.xlsx"], expected={"police_intel": "Essex Police"})
    assert casebook.view(AS_OF_OCTOBER).coverage["feed"].tolist() == ["csp_sharing_agreements"]
    assert len(casebook.view(AS_OF_NOVEMBER).coverage) == 3


def test_a_feed_mapped_later_is_no_longer_said_to_have_no_mapping(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), unmapped=["police_intel.csv"])
    assert covered(casebook, AS_OF_OCTOBER, "police_intel")["state"] == "no mapping yet"
    load(casebook, OCTOBER, checked("police_intel", intel_reports=[report("SYN-R1")]))
    assert covered(casebook, AS_OF_OCTOBER, "police_intel")["state"] == "arrived"


def test_one_return_that_follows_later_does_not_make_the_others_stale(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_crimes", crimes=[crime("SYN/1")]),
         checked("police_intel", intel_reports=[report("SYN-R1")]))  # fmt: skip
    load(casebook, date(2026, 10, 28), checked("police_nominals", person_records=[person("42SYN/1")]))
    assert set(casebook.view(AS_OF_OCTOBER).coverage["state"]) == {"arrived"}


def test_events_are_as_old_as_the_newest_and_registers_as_their_receipt(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    crimes = [crime("SYN/1", "2026-10-19"), crime("SYN/2", "2026-10-01"), crime("SYN/3", "2026-11-02")]
    load(casebook, OCTOBER, agreements(), checked("police_crimes", crimes=crimes),
         checked("police_nominals", person_records=[person("42SYN/1")]))  # fmt: skip
    assert covered(casebook, AS_OF_OCTOBER, "police_crimes")["age_days"] == 10
    assert covered(casebook, AS_OF_OCTOBER, "police_crimes")["newest_on"] == pd.Timestamp("2026-10-19")
    assert covered(casebook, AS_OF_OCTOBER, "police_nominals")["age_days"] == 6
