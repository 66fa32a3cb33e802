"""Who is who across agencies."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from csp_toolkit.records.names import normalise_name
from csp_toolkit.tables.identity import link_people
from csp_toolkit.tables.view import View
from tests.tables.deliveries import (
    NOVEMBER,
    OCTOBER,
    Rows,
    agreements,
    checked,
    crime,
    load,
    new_casebook,
    person,
    suspect,
)

AS_OF_OCTOBER = date(2026, 10, 29)
AS_OF_NOVEMBER = date(2026, 11, 26)


def view_of(folder: Path, *, police: Rows = (), prison: Rows = (), children: Rows = (), missing: Rows = ()) -> View:
    casebook = new_casebook(folder)
    episodes = [{"reported_at": "2026-09-01 10:00:00", "missing_ref": row["source_ref"], **row} for row in missing]
    load(casebook, OCTOBER, agreements(), checked("police_nominals", person_records=police),
         checked("prison_status", person_records=prison), checked("childrens_services", person_records=children),
         checked("police_missing", missing_episodes=episodes))  # fmt: skip
    return casebook.view(AS_OF_OCTOBER)


def ids(view: View) -> dict[str, str]:
    return view.person_keys.set_index("source_ref")["person_id"].to_dict()


@pytest.mark.parametrize(
    ("link", "other"),
    [
        ({"pnc": "SYN2020/1A"}, {"pnc": " syn2020/1a "}),
        ({"upn": "SYNP88"}, {"upn": "SYNP88"}),
    ],
)
def test_a_shared_strong_number_makes_one_person(tmp_path: Path, link: dict[str, str], other: dict[str, str]) -> None:
    found = ids(
        view_of(tmp_path, police=[person("42SYN/1", **link)], prison=[person("SYNA1", "Other", "Name", **other)])
    )
    assert found["42SYN/1"] == found["SYNA1"]


def test_merged_records_are_one_person_however_long_the_chain(tmp_path: Path) -> None:
    chain = [person(f"42SYN/{n}", dob=f"1998-05-0{n}", merged_into=f"42SYN/{n + 1}") for n in range(1, 5)]
    found = ids(view_of(tmp_path, police=[*chain, person("42SYN/5"), person("42SYN/9")]))
    assert len({found[f"42SYN/{n}"] for n in range(1, 6)}) == 1
    assert found["42SYN/9"] != found["42SYN/1"]


def test_records_merged_into_each_other_or_into_none_we_have_do_no_harm(tmp_path: Path) -> None:
    found = ids(view_of(tmp_path, police=[
        person("42SYN/1", merged_into="42SYN/2"), person("42SYN/2", merged_into="42SYN/1"),
        person("42SYN/3", merged_into="42SYN/3"), person("42SYN/4", merged_into="42SYN/404"),
    ]))  # fmt: skip
    assert found["42SYN/1"] == found["42SYN/2"]
    assert found["42SYN/4"] == found["42SYN/404"]
    assert len(set(found.values())) == 3


def test_empty_numbers_join_nobody(tmp_path: Path) -> None:
    found = ids(view_of(tmp_path, police=[person("42SYN/1", pnc=None), person("42SYN/2", pnc=" ")],
                        prison=[person("SYNA1", pnc=""), person("SYNA2", upn=None)]))  # fmt: skip
    assert len(set(found.values())) == 4


def test_one_reference_at_two_agencies_is_two_people(tmp_path: Path) -> None:
    view = view_of(tmp_path, police=[person("SYN1")], prison=[person("SYN1", "Other", "Name")])
    assert view.people["person_id"].nunique() == 2
    assert view["person_records"]["person_id"].nunique() == 2


def test_same_name_and_birth_without_a_link_is_listed_and_held_apart(tmp_path: Path) -> None:
    police = [person("42SYN/1"), person("42SYN/2", "O'Neil"), person("42SYN/3", dob="1998-05-07")]
    view = view_of(tmp_path, police=police, children=[person("SYN-M1", " Wat-son ", "ALFIÉ")])
    matches = view.possible_matches
    assert matches["source_ref"].tolist() == ["SYN-M1", "42SYN/1"]
    assert matches["match_id"].nunique() == 1
    assert matches["person_id"].nunique() == 2
    assert set(matches["reason"]) == {"same name and date of birth"}


def test_records_already_joined_are_no_possible_match(tmp_path: Path) -> None:
    assert view_of(tmp_path, police=[person("42SYN/1", pnc="X1"), person("42SYN/2", pnc="X1")]).possible_matches.empty


def test_a_birth_date_that_is_not_exact_or_a_name_that_is_missing_matches_nobody(tmp_path: Path) -> None:
    view = view_of(tmp_path, police=[person("42SYN/1"), person("42SYN/2") | {"dob_precision": "YEAR"},
                                     person("42SYN/3", dob=None) | {"dob_precision": "UNK"},
                                     person("42SYN/4", "Solo", None), person("42SYN/5", "Solo", None)])  # fmt: skip
    assert view.possible_matches.empty


def test_episodes_alone_are_no_match_and_join_that_of_a_record(tmp_path: Path) -> None:
    lone = [person("SYN-MP1", "Lone", "Kid"), person("SYN-MP2", "Lone", "Kid")]
    view = view_of(tmp_path, police=[person("42SYN/1")], missing=[*lone, person("SYN-MP3"), person("SYN-MP4")])
    assert view.possible_matches["source_ref"].tolist() == ["SYN-MP3", "SYN-MP4", "42SYN/1"]


def test_a_name_on_a_crime_can_match_a_record(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    named = suspect("SYN/1", "42SYN/9", family_name="Watson", given_name="Alfie", dob="1998-05-06")
    load(casebook, OCTOBER, agreements(), checked("police_nominals", person_records=[person("42SYN/1")]),
         checked("police_crimes", crimes=[crime("SYN/1")], crime_suspects=[named]))  # fmt: skip
    view = casebook.view(AS_OF_OCTOBER)
    assert view.possible_matches["source_ref"].tolist() == ["42SYN/1", "42SYN/9"]
    assert view.people["family_name"].tolist().count("Watson") == 1


def test_a_link_counts_from_the_day_it_is_known_and_keeps_the_older_name(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("police_nominals", person_records=[person("42SYN/1")]))
    load(casebook, NOVEMBER, checked(
        "police_nominals", person_records=[person("42SYN/1", merged_into="42SYN/2"), person("42SYN/2")]))  # fmt: skip
    before, after = ids(casebook.view(AS_OF_OCTOBER)), ids(casebook.view(AS_OF_NOVEMBER))
    assert set(before) == {"42SYN/1"}
    assert after["42SYN/2"] == after["42SYN/1"] == before["42SYN/1"]


def test_a_person_keeps_their_id_when_the_register_that_linked_them_no_longer_sends_them(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    police = checked("police_nominals", person_records=[person("42SYN/1", pnc="X1")])
    load(casebook, OCTOBER, agreements(prison_until="2027-11-15"), police,
         checked("prison_status", person_records=[person("SYNA1", pnc="X1")]))  # fmt: skip
    load(casebook, NOVEMBER, agreements(prison_until="2027-11-15"), police,
         checked("prison_status", person_records=[person("SYNA2", "Other", "Name")]))  # fmt: skip
    before, after = ids(casebook.view(AS_OF_OCTOBER)), ids(casebook.view(AS_OF_NOVEMBER))
    assert after["42SYN/1"] == before["42SYN/1"]
    assert casebook.view(AS_OF_NOVEMBER)["person_records"]["source_ref"].tolist() == ["42SYN/1", "SYNA2"]


def test_a_corrected_number_undoes_the_link(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    prison = checked("prison_status", person_records=[person("SYNA1", pnc="X1")])
    load(
        casebook,
        OCTOBER,
        agreements(),
        prison,
        checked("police_nominals", person_records=[person("42SYN/1", pnc="X1")]),
    )
    load(casebook, NOVEMBER, checked("police_nominals", person_records=[person("42SYN/1", pnc="X2")]))
    before, after = ids(casebook.view(AS_OF_OCTOBER)), ids(casebook.view(AS_OF_NOVEMBER))
    assert before["42SYN/1"] == before["SYNA1"]
    assert after["42SYN/1"] != after["SYNA1"]


def test_people_are_described_by_the_surviving_and_fullest_record(tmp_path: Path) -> None:
    view = view_of(
        tmp_path,
        police=[
            person("42SYN/1", "Old", "Name", home_area="Basildon", merged_into="42SYN/2", markers="NRM; GANG",
                   is_deceased="N", sex="M"),
            person("42SYN/2", "WATSON", "Alfie", pnc="X1", dob=None, markers="GANG", is_deceased="U")
            | {"dob_precision": "UNK"},
        ],
        prison=[person("SYNA1", "WATSON", "ALFIE JOHN", dob="1998-05-06", pnc="X1", is_deceased="Y")],
    )  # fmt: skip
    found = view.people.iloc[0]
    assert len(view.people) == 1
    assert (found["family_name"], found["given_name"]) == ("WATSON", "Alfie")
    assert (found["dob"], found["dob_precision"]) == (pd.Timestamp("1998-05-06"), "EXACT")
    assert (found["home_area"], found["is_deceased"], found["markers"]) == ("Basildon", "Y", "GANG; NRM")
    assert found["source_refs"] == "42SYN/1; 42SYN/2; SYNA1"
    assert pd.isna(found["merged_into"])


@pytest.mark.parametrize(("said", "is_deceased"), [("NU", "N"), ("UU", "U"), ("NN", "N"), ("YU", "Y"), ("NY", "Y")])
def test_a_death_on_any_record_is_the_persons(tmp_path: Path, said: str, is_deceased: str) -> None:
    records = [person(f"42SYN/{n}", pnc="X1", is_deceased=word) for n, word in enumerate(said)]
    assert view_of(tmp_path, police=records).people["is_deceased"].tolist() == [is_deceased]


def test_someone_known_only_by_a_reference_is_a_person_without_a_name(tmp_path: Path) -> None:
    casebook = new_casebook(tmp_path)
    load(casebook, OCTOBER, agreements(), checked("csp_reviews", reviews=[
        {"person_ref": "42SYN/1", "categories": "Convicted", "status": "ACTIVE"}]))  # fmt: skip
    view = casebook.view(AS_OF_OCTOBER)
    assert view.people["family_name"].isna().all()
    assert view.people[["source_refs", "is_deceased", "dob_precision"]].values.tolist() == [["42SYN/1", "U", "UNK"]]
    assert view["reviews"]["person_id"].tolist() == view.people["person_id"].tolist()


def test_names_are_compared_without_case_accents_and_marks() -> None:
    assert normalise_name("O'Brien-Smith  ") == normalise_name("OBRIEN SMITH") == "OBRIENSMITH"
    assert normalise_name("Łukasz Müller-Straße") == normalise_name("LUKASZ MULLER STRASSE")
    assert normalise_name("Zoë") == normalise_name("ZOE\u0308") == "ZOE"
    assert normalise_name("Null") == "NULL"
    assert normalise_name("Watson") != normalise_name("Watsan")


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["police", "prison", "children"]), st.integers(1, 6), st.integers(0, 2),
        st.one_of(st.none(), st.integers(1, 7)), st.one_of(st.none(), st.integers(1, 3)),
        st.one_of(st.none(), st.integers(1, 7)), st.one_of(st.none(), st.integers(1, 3)),
    ),
    max_size=12, unique_by=lambda row: (row[0], row[1]),
)  # fmt: skip
Drawn = list[tuple[str, int, int, int | None, int | None, int | None, int | None]]


def frames(rows: Drawn) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = pd.DataFrame({
        "source_system": [row[0] for row in rows], "source_ref": [f"S{row[1]}" for row in rows],
        "first_received_on": pd.to_datetime([f"2026-10-0{row[2] + 1}" for row in rows]).astype("datetime64[us]"),
    }).astype({"source_system": "str", "source_ref": "str"})  # fmt: skip
    records = pd.DataFrame({
        "source_system": keys["source_system"], "source_ref": keys["source_ref"],
        "merged_into": [None if row[3] is None else f"S{row[3]}" for row in rows],
        "pnc": [None if row[4] is None else f"N{row[4]}" for row in rows], "upn": None,
        "urn": [None if row[5] is None else f"S{row[5]}" for row in rows],
        "case_ref": [None if row[6] is None else f"C{row[6]}" for row in rows],
    }).astype("str")  # fmt: skip
    return keys, records


@given(rows=RECORDS, seed=st.integers(0, 1000))
def test_the_order_of_records_and_keys_does_not_matter(rows: Drawn, seed: int) -> None:
    keys, records = frames(rows)
    mixed = link_people(keys.sample(frac=1, random_state=seed), records.sample(frac=1, random_state=seed + 1))
    assert_frame_equal(link_people(keys, records), mixed)


@given(rows=RECORDS)
def test_people_are_what_walking_the_links_finds(rows: Drawn) -> None:
    """The same by walking: slow, plain, and sharing no code."""
    links: dict[tuple[str, str], set[tuple[str, str]]] = {}
    known = {(row[0], f"S{row[1]}") for row in rows} | {(row[0], f"S{row[3]}") for row in rows if row[3]}
    for system, ref, _, merged, pnc, urn, case in rows:
        links.setdefault((system, f"S{ref}"), set())
        others = ([(system, f"S{merged}")] if merged else []) + ([("number", f"N{pnc}")] if pnc else [])
        others += [("police", f"S{urn}")] if urn and ("police", f"S{urn}") in known else []
        others += [("number", f"C{case}")] if case else []
        for other in others:
            links[system, f"S{ref}"].add(other)
            links.setdefault(other, set()).add((system, f"S{ref}"))
    groups = {}
    for start in links:
        seen: set[tuple[str, str]] = set()
        ahead = [start]
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen.add(here)
                ahead += links[here]
        groups[start] = frozenset(node for node in seen if node[0] != "number")
    keys = link_people(*frames(rows))
    found: dict[str, set[tuple[str, str]]] = {}
    for row in keys.itertuples(index=False):
        found.setdefault(row.person_id, set()).add((row.source_system, row.source_ref))
    assert {frozenset(members) for members in found.values()} == {g for n, g in groups.items() if n[0] != "number"}


@given(rows=RECORDS)
def test_a_person_is_named_after_the_earliest_received_reference(rows: Drawn) -> None:
    keys, records = frames(rows)
    nothing = pd.Series(pd.NA, index=records.index, dtype="str")
    links = ("merged_into", "pnc", "urn", "case_ref")
    alone = link_people(keys, records.assign(**dict.fromkeys(links, nothing)))
    own = alone.merge(keys, on=["source_system", "source_ref"])
    joined = link_people(keys, records).merge(own, on=["source_system", "source_ref"], suffixes=("", "_own"))
    for person_id, members in joined.groupby("person_id"):
        earliest = members[members["first_received_on"] == members["first_received_on"].min()]
        assert person_id == earliest["person_id_own"].min()
