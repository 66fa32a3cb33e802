"""A view goes by the links that were kept: they join, wait, give way to a person's word, and never depend on order."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.scoring.gates import apply_gates
from csp_toolkit.scoring.matrix import read_matrix
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.linking import kept as linking_store
from csp_toolkit.tables.linking.kept import keep_links
from csp_toolkit.tables.linking.links import read_link_model
from csp_toolkit.tables.linking.policy import save_link_model
from csp_toolkit.tables.person_links import BY_MODEL
from tests.scoring.small_views import on_register
from tests.tables.deciding.test_judgements import decide, judge
from tests.tables.deliveries import NOVEMBER, OCTOBER, agreements, checked, load, new_casebook, person
from tests.tables.test_casebook import assert_same_view

pytest.importorskip("splink", reason="the extra `link` is not installed")
MODEL = read_link_model()
TOM = {"given_name": "Thomas", "dob": "2007-05-04", "home_address": "4 Elm Road", "sex": "M"}
POLICE, CHILDREN = ("police", "42SYN/1"), ("children", "SYN-M1")


def nominals(*people: dict) -> object:
    return checked("police_nominals", person_records=list(people))


def children(ref: str, **about: object) -> object:
    return checked("childrens_services", person_records=[person(ref, "Ravensworth", **(TOM | about))])


TOM_TO_POLICE = person("42SYN/1", "Ravensworth", **TOM)
BROTHER = person("42SYN/7", "Ravensworth", **(TOM | {"given_name": "Jonah"}))
# The month and day change places, and the name is short: by a person's eye, and by the model, one and the same.
TOM_TO_CHILDREN = {"given_name": "Tom", "dob": "2007-04-05"}
NAME_ALONE = {"given_name": "Thomas", "dob": None, "home_address": None, "sex": None}


def casebook_of(folder: Path, *more: object, name: str = "one") -> Casebook:
    (folder / name).mkdir()
    casebook = new_casebook(folder / name)
    load(casebook, OCTOBER, agreements(), nominals(TOM_TO_POLICE, BROTHER), children("SYN-M1", **TOM_TO_CHILDREN))
    for file in more:
        load(casebook, NOVEMBER, file)
    return casebook


def ids(casebook: Casebook, day: date = NOVEMBER) -> dict[str, str]:
    keys = casebook.view(day).person_keys
    return dict(zip(keys["source_ref"], keys["person_id"], strict=True))


def test_without_kept_links_records_stay_apart_and_the_view_says_so(tmp_path: Path) -> None:
    casebook = casebook_of(tmp_path)
    view = casebook.view(NOVEMBER)
    assert not view.is_linked
    assert "No links are kept" in casebook.links(NOVEMBER)._repr_html_() and not casebook.links(NOVEMBER).list_nearest()
    assert ids(casebook)["42SYN/1"] != ids(casebook)["SYN-M1"]


def test_kept_links_join_the_nickname_and_leave_the_brother(tmp_path: Path) -> None:
    casebook = casebook_of(tmp_path)
    keep_links(casebook.engine, MODEL)
    view, found = casebook.view(NOVEMBER), ids(casebook)
    assert view.is_linked
    links = casebook.links(NOVEMBER)
    assert [links.show(*pair).text.split(",")[0] for pair in links.list_nearest()] == ["Linked"]
    assert found["42SYN/1"] == found["SYN-M1"] != found["42SYN/7"]
    assert view.person_links["why"].tolist() == [BY_MODEL]
    assert view.person_links["p_same"].between(0.99, 1).all()
    assert view.people["source_refs"].tolist().count("42SYN/1; SYN-M1") == 1


def test_a_view_never_links_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    casebook = casebook_of(tmp_path)
    keep_links(casebook.engine, MODEL)
    monkeypatch.setattr(linking_store, "link_records", lambda *a, **k: pytest.fail("a view linked"))
    assert casebook.view(NOVEMBER).is_linked


def test_what_is_in_doubt_waits_with_its_chance(tmp_path: Path) -> None:
    casebook = casebook_of(tmp_path, children("SYN-M9", **NAME_ALONE))
    keep_links(casebook.engine, MODEL)
    view, found = casebook.view(NOVEMBER), ids(casebook)
    assert found["SYN-M9"] not in (found["42SYN/1"], found["42SYN/7"])
    waiting = view.possible_matches
    assert set(waiting["source_ref"]) >= {"SYN-M9"}
    assert waiting["p_same"].between(MODEL.costs.possible_from, MODEL.costs.linked_from).all()
    assert waiting["reason"].str.contains("same given name|short form").all()


def test_two_people_are_one_match_however_many_records_they_have(tmp_path: Path) -> None:
    casebook = casebook_of(tmp_path, children("SYN-M9", **NAME_ALONE))
    keep_links(casebook.engine, MODEL)
    view = casebook.view(NOVEMBER)
    with_records = casebook.links(NOVEMBER).possible
    people = view.possible_matches.groupby("match_id")["person_id"].agg(lambda ids: tuple(sorted(ids)))
    assert people.is_unique and len(people) < len(with_records)
    assert view.possible_matches["p_same"].max() == with_records["p_same"].max()


def test_a_persons_word_comes_before_the_model_and_can_be_taken_back(tmp_path: Path) -> None:
    casebook = casebook_of(tmp_path)
    keep_links(casebook.engine, MODEL)
    before = casebook.view(NOVEMBER)
    apart = judge(POLICE, CHILDREN, "NOT_SAME")
    decide(casebook, apart, on=NOVEMBER)
    parted = casebook.view(NOVEMBER)
    assert ids(casebook)["42SYN/1"] != ids(casebook)["SYN-M1"]
    assert parted.possible_matches.empty and parted.contradictions.empty
    decide(casebook, replace(apart, outcome="WITHDRAWN"), on=NOVEMBER)
    assert_same_view(casebook.view(NOVEMBER), before)
    decide(casebook, apart, on=NOVEMBER)
    assert_same_view(casebook.view(NOVEMBER), parted)


def test_the_order_of_deliveries_and_rows_does_not_matter(tmp_path: Path) -> None:
    one = casebook_of(tmp_path, children("SYN-M9", **NAME_ALONE))
    (tmp_path / "other").mkdir()
    other = new_casebook(tmp_path / "other")
    load(other, NOVEMBER, children("SYN-M9", **NAME_ALONE))
    load(other, OCTOBER, children("SYN-M1", **TOM_TO_CHILDREN), nominals(BROTHER, TOM_TO_POLICE), agreements())
    for casebook in (one, other):
        keep_links(casebook.engine, MODEL)
    for day in (OCTOBER, NOVEMBER):
        assert_same_view(one.view(day), other.view(day))


def test_october_does_not_move_when_november_brings_new_links(tmp_path: Path) -> None:
    casebook = casebook_of(tmp_path)
    keep_links(casebook.engine, MODEL)
    before = casebook.view(OCTOBER)
    load(casebook, NOVEMBER, children("SYN-M9", **(TOM | {"given_name": "Thomas"})))
    keep_links(casebook.engine, MODEL)
    assert_same_view(casebook.view(OCTOBER), before)
    assert ids(casebook)["SYN-M9"] == ids(casebook)["42SYN/1"]


def test_the_workspaces_own_model_is_the_one_that_counts(tmp_path: Path) -> None:
    casebook = casebook_of(tmp_path)
    keep_links(casebook.engine, MODEL)
    params = tmp_path / "params"
    save_link_model(MODEL.model_copy(update={"version": "2", "one_register_weight": -6.0}), params)
    own = Casebook(casebook.engine, params)
    assert casebook.view(NOVEMBER).is_linked and not own.view(NOVEMBER).is_linked


def test_two_records_of_one_register_joined_by_the_model_alone_are_flagged(tmp_path: Path) -> None:
    (tmp_path / "twice").mkdir()
    casebook = new_casebook(tmp_path / "twice")
    twice = [TOM_TO_POLICE, person("42SYN/2", "Ravensworth", **(TOM | TOM_TO_CHILDREN))]
    register = checked("csp_reviews", reviews=[on_register("42SYN/1")])
    load(casebook, OCTOBER, agreements(), nominals(*twice), register)
    keep_links(casebook.engine, MODEL)
    view = casebook.view(NOVEMBER)
    flags = apply_gates(view, read_matrix()).flags
    found = flags[flags["flag"].eq("two records of one register")]
    assert ids(casebook, NOVEMBER)["42SYN/1"] == ids(casebook, NOVEMBER)["42SYN/2"]
    assert found["ref"].tolist() == ["42SYN/1; 42SYN/2"]
    decide(casebook, judge(POLICE, ("police", "42SYN/2"), "SAME"), on=NOVEMBER)
    judged = apply_gates(casebook.view(NOVEMBER), read_matrix()).flags
    assert "two records of one register" not in pd.unique(judged["flag"])
