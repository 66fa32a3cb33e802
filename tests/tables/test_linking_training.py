"""Learning a model from records alone: the same whatever the order, kept in a file, and never worse informed."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from bench.made_people import count_pairs, make_people
from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.linking.links import (
    LINKED,
    LinkModel,
    link_records,
    read_link_model,
    save_link_model,
    train_model,
)

PACKAGED = read_link_model()
RECORDS = make_people(3000, seed=11)
DAY = date(2026, 11, 25)


def train(records: pd.DataFrame, model: LinkModel = PACKAGED) -> LinkModel:
    return train_model(records.drop(columns="truth"), model, seed=1, trained_on=DAY, about="invented", name="ours_v1")


@pytest.fixture(scope="module")
def trained() -> LinkModel:
    return train(RECORDS)


def test_the_order_of_rows_and_what_was_learnt_before_do_not_matter(trained: LinkModel) -> None:
    shuffled = RECORDS.sample(frac=1, random_state=4)
    assert train(shuffled).trained == trained.trained
    assert train(RECORDS, trained).trained == trained.trained


def test_it_says_when_on_how_many_and_on_what_it_was_trained(trained: LinkModel) -> None:
    said = trained.trained
    assert (said.trained_on, said.n_records, said.about, said.seed) == (DAY, 3000, "invented", 1)
    assert train(RECORDS.head(2900)).trained.data != said.data
    assert trained.fingerprint != PACKAGED.fingerprint


def test_agreement_speaks_for_one_person_and_difference_against(trained: LinkModel) -> None:
    for comparison in ("given", "family", "birth", "home", "sex"):
        same, different = trained.odds(comparison, "same"), trained.odds(comparison, "different")
        assert same is not None and different is not None
        assert same.m > same.u and different.m < different.u


def test_a_level_the_records_never_show_keeps_what_is_assumed(trained: LinkModel) -> None:
    assert "elsewhere" in PACKAGED.assumed["home"]  # these records say of no address when it held
    assert trained.odds("home", "elsewhere") == PACKAGED.assumed["home"]["elsewhere"]


def test_a_model_that_was_saved_is_read_as_it_was(trained: LinkModel, tmp_path: Path) -> None:
    assert save_link_model(trained, tmp_path) == tmp_path / "linking" / "ours_v1.yaml"
    assert read_link_model("ours_v1", tmp_path) == trained


def test_it_links_as_well_as_the_packaged_model(trained: LinkModel) -> None:
    records = make_people(3000, seed=12)
    place = pd.Series(range(len(records)), index=records["record_id"])
    f1 = []
    for model in (PACKAGED, trained):
        pairs = link_records(records.drop(columns="truth"), model).pairs
        sure = pairs[pairs["verdict"].eq(LINKED)]
        ends = place[sure["record_a"]].to_numpy(), place[sure["record_b"]].to_numpy()
        precision, _, value = count_pairs(records["truth"], pd.Series(join_smallest(len(place), *ends)))
        assert precision > 0.99
        f1.append(value)
    assert f1[1] > f1[0] - 0.03
