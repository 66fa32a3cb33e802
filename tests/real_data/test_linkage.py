"""Linking on data others published, and on both monthly deliveries: who is joined, who is not, and what is in doubt."""

from datetime import UTC, date, datetime
from functools import cache

import pandas as pd
import pytest

from bench.linking.published import SETS, Published, count_pairs_found, group, link_ours
from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.tables import storage
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deliveries import read_delivery
from csp_toolkit.tables.known_records import read_usable
from csp_toolkit.tables.linking.kept import gather_records
from csp_toolkit.tables.linking.links import APART, LINKED, Links, link_records, read_link_model
from tests.real_data_home import data, extracts

pytestmark = [pytest.mark.real_data, pytest.mark.slow]
RECEIVED = {"2026-10": date(2026, 10, 23), "2026-11": date(2026, 11, 20)}
BOTH = pytest.mark.parametrize("month", sorted(RECEIVED))
MODEL = read_link_model()
# The F1 of a Splink model tuned by hand for the set (`bench/linking/by_hand.py`; docs/methods/identity.md).
BY_HAND = {"febrl3": 0.9996, "fake_1000": 0.9268, "historical": 0.8795}


def read(name: str) -> Published:
    folder = data() / "linkage"
    if not folder.is_dir():
        pytest.skip("the partner data here has no linkage folder")
    return SETS[name](folder)


def test_febrl_4_is_linked_with_hardly_an_error() -> None:
    published = read("febrl4")
    links, _ = link_ours(published)
    precision, recall, _ = count_pairs_found(published, group(published, links))
    assert precision >= 0.99 and recall >= 0.97


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_a_published_set_is_linked_as_well_as_by_a_model_tuned_for_it(name: str) -> None:
    published = read(name)
    links, _ = link_ours(published)
    assert count_pairs_found(published, group(published, links))[2] >= BY_HAND[name] - 0.01


@cache
def found(month: str) -> tuple[pd.DataFrame, Links]:
    """Return the records known when a month's delivery had come, by id, and the links among them."""
    casebook = Casebook.open("sqlite://", create=True)
    for folder, received in RECEIVED.items():
        if folder <= month:
            delivery = read_delivery(extracts() / folder, read_feeds(), received_on=received)
            casebook.load(delivery.files, received_on=received, actor="test", at=datetime(2026, 12, 1, tzinfo=UTC))
    with storage.reading(casebook.engine) as connection:
        records = gather_records(connection, read_usable(connection, RECEIVED[month]))
    return records.set_index("record_id"), link_records(records, MODEL)


def ends(month: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Return both records of every pair, and its verdict."""
    records, links = found(month)
    a, b = records.loc[links.pairs["record_a"]], records.loc[links.pairs["record_b"]]
    return a.reset_index(drop=True), b.reset_index(drop=True), links.pairs["verdict"]


def exact(records: pd.DataFrame) -> pd.Series:
    return records["dob"].where(records["dob_precision"].eq("EXACT"))


@BOTH
def test_nobody_is_joined_to_a_namesake_of_another_year(month: str) -> None:
    a, b, verdict = ends(month)
    apart = (exact(a).dt.year - exact(b).dt.year).abs().gt(10)
    assert not (apart & verdict.eq(LINKED)).any()


@BOTH
def test_namesakes_with_other_birth_dates_stay_apart(month: str) -> None:
    a, b, verdict = ends(month)
    same_name = a["family_name"].str.upper().eq(b["family_name"].str.upper()) & a["given_name"].str.upper().eq(
        b["given_name"].str.upper()
    )
    x, y = exact(a), exact(b)
    differ = sum((getattr(x.dt, part) != getattr(y.dt, part)).astype(int) for part in ("day", "month", "year"))
    swapped = x.dt.day.eq(y.dt.month) & x.dt.month.eq(y.dt.day)
    namesakes = same_name & x.notna() & y.notna() & differ.eq(3) & ~swapped
    assert namesakes.sum() > 20 and verdict[namesakes].eq(APART).all()


@BOTH
def test_brothers_at_one_address_are_neither_joined_nor_queued(month: str) -> None:
    """Every two register records with one family name and home, other given names and other births."""
    records, links = found(month)
    homes = records[records["is_register"] & records["home_address"].notna() & records["dob"].notna()].reset_index()
    homes["family"] = homes["family_name"].str.upper()
    pairs = homes.merge(homes, on=["family", "home_address"], suffixes=("_a", "_b"))
    pairs = pairs[pairs["record_id_a"] < pairs["record_id_b"]]
    initial = pairs["given_name_a"].str[0].str.upper().ne(pairs["given_name_b"].str[0].str.upper())
    brothers = pairs[initial & pairs["dob_a"].dt.year.ne(pairs["dob_b"].dt.year)]
    assert len(brothers) >= 3
    told = links.pairs[links.pairs["verdict"].ne(APART)].set_index(["record_a", "record_b"]).index
    assert not pd.MultiIndex.from_frame(brothers[["record_id_a", "record_id_b"]]).isin(told).any()


@BOTH
def test_exchanged_days_and_months_and_short_names_are_joined(month: str) -> None:
    _, links = found(month)
    joined = links.pairs[links.pairs["verdict"].eq(LINKED)]
    assert joined["level_birth"].eq("swapped").sum() >= 3
    assert joined["level_given"].isin(["short_form", "begins"]).sum() >= 10
    assert joined["level_given"].eq("swapped").sum() >= 3


@BOTH
def test_no_joined_person_has_two_pnc_numbers(month: str) -> None:
    a, b, verdict = ends(month)
    differ = a["pnc"].notna() & b["pnc"].notna() & a["pnc"].ne(b["pnc"])
    assert not (differ & verdict.eq(LINKED)).any()


@BOTH
def test_every_doubtful_pair_is_in_the_queue_with_its_reason(month: str) -> None:
    _, links = found(month)
    assert len(links.possible) > 50
    assert links.possible["p_same"].between(0.05, 1).all() and links.possible["reason"].ne("").all()


@BOTH
def test_no_hospital_record_is_among_the_linked(month: str) -> None:
    records, _ = found(month)
    assert not records["source_system"].str.contains("hospital|ed_istv", case=False).any()
    assert not records["table_name"].str.contains("injur|ed_istv", case=False).any()
