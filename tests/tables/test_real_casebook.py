"""Two months of partner extracts in the casebook: what a view must say of them."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.records.feeds import map_file, match_feeds, read_feeds
from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.near_duplicates import find_similar, read_origin_policy, suggest_origins
from csp_toolkit.tables.origins import count_origins, trace_origins
from csp_toolkit.tables.validation import validate
from csp_toolkit.tables.view import View
from tests.tables.deliveries import NOON, NOVEMBER, OCTOBER, new_casebook
from tests.tables.planted_reports import plant_repeats
from tests.tables.test_casebook import AS_OF_NOVEMBER, AS_OF_OCTOBER, assert_same_view

pytestmark = pytest.mark.real_data
# Of 33 feeds the drug service's is held: its agreement ended before either delivery, so none of it is ever used.
N_USED = {AS_OF_OCTOBER: 32, AS_OF_NOVEMBER: 32}


def load_month(casebook: Casebook, extracts: Path, month: str, received_on: date) -> None:
    feeds = read_feeds()
    files = [path for path in sorted((extracts / month).iterdir()) if path.suffix != ".txt"]
    mapped = [(path, feed) for path in files for feed in match_feeds(path, feeds)]
    casebook.load(
        [validate(map_file(path, feed), received_on=received_on) for path, feed in mapped],
        received_on=received_on, actor="analyst", at=NOON,
        expected={name: feed.agency for name, feed in feeds.items()},
    )  # fmt: skip


@pytest.fixture(scope="module")
def casebook(extracts: Path, tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    """Both deliveries, October's first."""
    made = new_casebook(tmp_path_factory.mktemp("real"))
    load_month(made, extracts, "2026-10", OCTOBER)
    load_month(made, extracts, "2026-11", NOVEMBER)
    return made


@pytest.fixture(scope="module")
def october(casebook: Casebook) -> View:
    return casebook.view(AS_OF_OCTOBER)


@pytest.fixture(scope="module")
def november(casebook: Casebook) -> View:
    return casebook.view(AS_OF_NOVEMBER)


def person_of(view: View, ref: str) -> str:
    return str(view.person_keys.set_index("source_ref").loc[ref, "person_id"])


def test_the_rows_of_every_feed_reconcile(october: View, november: View) -> None:
    for view in (october, november):
        read = view.coverage[view.coverage["used_received_on"].notna()]
        assert len(read) == N_USED[view.as_of]
        assert (read["rows_in"] == read["accepted"] + read["repaired"] + read["rejected"] + read["withdrawn"]).all()
        lost = view.rejected[view.rejected["action"].isin(["rejected", "withdrawn"])].groupby("feed")["row"].nunique()
        said = read.set_index("feed")[["rejected", "withdrawn"]].sum(axis=1)
        assert lost.reindex(said.index, fill_value=0).tolist() == said.tolist()
    assert set(october.coverage["state"]) == {"arrived", "held"}
    assert set(november.coverage["state"]) == {"arrived", "held", "stale"}


def test_every_accepted_row_of_a_register_stands_in_the_view(november: View, extracts: Path) -> None:
    """By table: what validation kept of November's file is what the view has, no row more or less."""
    feeds, n_tables = read_feeds(), 0
    for path in sorted((extracts / "2026-11").iterdir()):
        for feed in match_feeds(path, feeds):
            if feed.delivery != "register" or feed.name in ("prison_status", "drug_service"):
                continue
            for name, table in validate(map_file(path, feed), received_on=NOVEMBER).tables.items():
                if name != "person_records":
                    assert len(november[name]) == len(table) > 0, name
                    n_tables += 1
    assert n_tables > 15


def test_a_drug_service_without_an_agreement_is_never_used(november: View) -> None:
    assert november["treatment"].empty
    assert not november.person_keys["source_system"].eq("drug_service").any()
    assert november.coverage.set_index("feed").loc["drug_service", "note"].endswith("nothing of it is used")


def test_hospital_rows_have_no_person(november: View) -> None:
    assert len(november["hospital_assaults"]) > 1_000
    assert "person_id" not in november["hospital_assaults"]


def test_the_prisons_feed_is_held_in_november(october: View, november: View) -> None:
    states = {view.as_of: view.coverage.set_index("feed").loc["prison_status"] for view in (october, november)}
    assert states[AS_OF_OCTOBER]["state"] == "arrived"
    assert states[AS_OF_NOVEMBER]["state"] == "held"
    assert states[AS_OF_NOVEMBER]["used_received_on"] == pd.Timestamp(OCTOBER)
    assert states[AS_OF_NOVEMBER]["age_days"] == 34
    assert len(november["prison_stays"]) == len(october["prison_stays"])


def test_a_merge_is_known_only_once_it_was_sent(october: View, november: View) -> None:
    merged, survivor = "42SYN/001201/24", "42SYN/001273/23"
    assert person_of(october, merged) != person_of(october, survivor)
    pair = october.possible_matches[october.possible_matches["source_ref"] == merged]
    assert survivor in set(
        october.possible_matches.loc[october.possible_matches["match_id"].isin(pair["match_id"]), "source_ref"]
    )
    assert person_of(november, merged) == person_of(november, survivor)
    assert person_of(november, merged) in {person_of(october, merged), person_of(october, survivor)}
    assert merged not in set(november.possible_matches["source_ref"])


@pytest.mark.parametrize(
    ("one", "other"), [("42SYN/001205/25", "42SYN/001224/18"), ("42SYN/001243/16", "SYN-M3300183")]
)
def test_the_same_name_and_birth_is_a_possible_match_held_apart(november: View, one: str, other: str) -> None:
    matches = november.possible_matches.set_index("source_ref")
    assert matches.loc[one, "match_id"] == matches.loc[other, "match_id"]
    assert matches.loc[one, "person_id"] != matches.loc[other, "person_id"]


def test_a_person_keeps_their_identifier_from_month_to_month(october: View, november: View) -> None:
    gone = set(october.person_keys["person_id"]) - set(november.person_keys["person_id"])
    assert len(gone) == 1  # One of the two that were merged.
    assert set(october.person_keys["source_ref"]) <= set(november.person_keys["source_ref"])


def test_every_reference_to_a_person_has_one_and_nothing_is_there_twice(november: View) -> None:
    for name, table in TABLES.items():
        frame = november[name]
        if table.person:
            assert frame["person_id"].notna().equals(frame[table.person].notna()), name
        assert not frame.duplicated([*table.key, *(["person_id"] if table.person else [])]).any(), name
    assert november.people["person_id"].is_unique
    assert set(november.people["person_id"]) == set(november.person_keys["person_id"])
    assert november.is_synthetic


def test_a_withdrawn_report_is_out_and_remembered(october: View, november: View) -> None:
    ever = november.ever["intel_reports"]
    withdrawn = set(ever.loc[ever["status"] == "WITHDRAWN", "report_ref"])
    assert withdrawn
    assert withdrawn <= set(october["intel_reports"]["report_ref"])
    assert not withdrawn & set(november["intel_reports"]["report_ref"])
    assert not withdrawn & set(november["intel_subjects"]["report_ref"])


def test_both_meetings_lists_are_in_novembers_view(november: View) -> None:
    assert november["police_list"].groupby("meeting_on").size().tolist() == [10, 10]


def test_late_loading_and_the_november_delivery_change_nothing(
    casebook: Casebook, october: View, november: View, extracts: Path, tmp_path: Path
) -> None:
    late = new_casebook(tmp_path)
    load_month(late, extracts, "2026-11", NOVEMBER)
    load_month(late, extracts, "2026-10", OCTOBER)
    alone = new_casebook(tmp_path, "october.sqlite")
    load_month(alone, extracts, "2026-10", OCTOBER)
    assert_same_view(alone.view(AS_OF_OCTOBER), october)
    assert_same_view(late.view(AS_OF_OCTOBER), october)
    assert_same_view(late.view(AS_OF_NOVEMBER), november)


def test_every_report_has_an_origin_and_repeats_share_theirs(november: View) -> None:
    reports = november.ever["intel_reports"]
    traced = trace_origins(reports).set_index("report_ref")
    assert set(traced.index) == set(reports["report_ref"])
    for report in reports[reports["derived_from"].notna()].itertuples(index=False):
        for other in str(report.derived_from).split("; "):
            if other in traced.index:
                assert traced.loc[other, "origin_id"] == traced.loc[report.report_ref, "origin_id"]
    assert traced["n_reports"].max() < 60


def test_seven_reports_about_one_man_come_to_two_origins(november: View) -> None:
    counted = count_origins(november)
    assert counted.explain(person_of(november, "42SYN/001217/25")) == "7 reports, 2 origins."


def test_the_same_words_about_a_new_line_are_suggested_as_one_origin(november: View) -> None:
    suggested = suggest_origins(november).table
    said_again = {"42SYN/IR/001577/26", "42SYN/IR/001591/26", "42SYN/IR/001613/26"}
    found = suggested[suggested["report_b"].isin(said_again)]
    assert set(found["report_a"]) == {"42SYN/IR/001602/26"}
    assert (suggested["origin_a"] != suggested["origin_b"]).all()


def test_repeats_planted_among_real_reports_are_found(november: View) -> None:
    """Recall of the planted, and how many of the suggestions about a planted report are right."""
    ever = trace_origins(november.ever["intel_reports"]).set_index("report_ref")["origin_id"]
    reports, subjects, planted = plant_repeats(november["intel_reports"], november["intel_subjects"], n=200, seed=1)
    found = find_similar(reports, subjects, read_origin_policy(), origins=ever)
    pairs = set(map(frozenset, zip(found["report_a"], found["report_b"], strict=True)))
    right = set(map(frozenset, zip(planted["report_ref"], planted["repeats"], strict=True)))
    about_planted = {pair for pair in pairs if any(ref.startswith("PLANTED") for ref in pair)}
    assert len(pairs & right) / len(right) >= 0.92
    assert len(pairs & right) / len(about_planted) >= 0.93
    assert len(pairs - about_planted) < 0.12 * len(reports)
