"""Who is who across agencies: which references stand for one person, and which records might.

References are joined by strong links only: one record merged into another by its owner, the same Police National
Computer number, the same pupil number, the same case, a police number that stands in a partner's record. A name and
a date of birth are not enough, for brothers and namesakes share them: such records are listed as a possible match and
held apart until a person has looked.
"""

import hashlib
import unicodedata
from base64 import b32encode
from itertools import groupby
from operator import itemgetter

import numpy as np
import pandas as pd

from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.view import PEOPLE_COLUMNS, PERSON_KEY_COLUMNS, POSSIBLE_MATCH_COLUMNS

SAME_NAME_AND_BIRTH = "same name and date of birth"
STRONG_NUMBERS = ("pnc", "upn", "case_ref")
EPISODES = "missing"

# Letters that do not fall apart into a letter and an accent.
_WHOLE_LETTERS = str.maketrans({"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ħ": "H",
                                "Ŧ": "T", "ẞ": "SS"})  # fmt: skip


def link_people(keys: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Give every reference the person it stands for.

    Parameters
    ----------
    keys : source_system, source_ref, first_received_on: every reference known, with the day it was first received.
    records : source_system, source_ref, merged_into, pnc, upn, case_ref, urn: each agency's record, newest version.

    Returns
    -------
    One row per reference (`PERSON_KEY_COLUMNS`), sorted. A person is named after the earliest received of their
    references (the smallest identifier where several are), so a new link keeps the older name, and neither the
    order of rows nor that of loading matters.
    """
    targets = records.dropna(subset=["merged_into"])[["source_system", "merged_into"]]
    targets = targets.rename(columns={"merged_into": "source_ref"})
    nodes = pd.concat([keys, records[["source_system", "source_ref"]], targets], ignore_index=True)
    nodes = nodes.sort_values(["source_system", "source_ref", "first_received_on"], kind="stable")
    nodes = nodes.drop_duplicates(["source_system", "source_ref"]).reset_index(drop=True)

    pairs = zip(nodes["source_system"].to_numpy(), nodes["source_ref"].to_numpy(), strict=True)
    nodes["own_id"] = [_name_person(system, ref) for system, ref in pairs]
    nodes["group"] = join_smallest(len(nodes), *_links(nodes, records))
    eldest = nodes.sort_values(["group", "first_received_on", "own_id"]).drop_duplicates("group")
    nodes["person_id"] = nodes["group"].map(eldest.set_index("group")["own_id"])
    return nodes[list(PERSON_KEY_COLUMNS)].astype("str").reset_index(drop=True)


def _name_person(source_system: str, source_ref: str) -> str:
    digest = hashlib.sha256(f"{source_system}\0{source_ref}".encode()).digest()
    return f"PER-{b32encode(digest[:10])[:12].decode()}"


def _links(nodes: pd.DataFrame, records: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the two ends of every strong link, as row numbers of `nodes`."""
    place = pd.Series(nodes.index, index=pd.MultiIndex.from_frame(nodes[["source_system", "source_ref"]]))
    own = place.reindex(pd.MultiIndex.from_frame(records[["source_system", "source_ref"]])).to_numpy()

    merged = records["merged_into"].notna().to_numpy()
    into = pd.MultiIndex.from_arrays([records["source_system"][merged], records["merged_into"][merged]])
    left, right = [own[merged]], [place.reindex(into).to_numpy()]
    police = place.reindex(pd.MultiIndex.from_arrays([["police"] * len(records), records["urn"]])).to_numpy()
    is_there = ~np.isnan(police.astype("float64"))
    left.append(own[is_there])
    right.append(police[is_there])
    for number in STRONG_NUMBERS:
        shared = records[number].str.strip().str.upper().replace("", np.nan)
        known = shared.notna().to_numpy()
        first = pd.Series(own, index=shared.index).groupby(shared).transform("first")
        left.append(own[known])
        right.append(first.to_numpy()[known])
    return np.concatenate(left).astype("int64"), np.concatenate(right).astype("int64")


def describe_people(records: pd.DataFrame, person_keys: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person: the fullest record known of them (`PEOPLE_COLUMNS`).

    Parameters
    ----------
    records : person_id, source_ref, place (0 for an agency's own record, higher for a name that stands beside an
        event), then family_name, given_name, dob, dob_precision, home_area, is_deceased, merged_into, markers.
    person_keys : every reference of every person, whether or not a current record names it.

    Notes
    -----
    The surviving record of a merge comes before the merged one, an agency's own record before a name on an event,
    then the one with most filled in. A date of birth or area that it lacks comes from the next. A death or a marker
    on any record is the person's: a gate must see it whichever record carries it.
    """
    filled = records[["family_name", "given_name", "dob", "home_area", "markers"]].notna().sum(axis="columns")
    is_exact = records["dob_precision"].eq("EXACT")
    ranked = records.assign(is_merged=records["merged_into"].notna(), n_missing=-filled, no_day=~is_exact)
    ranked = ranked.sort_values(["person_id", "is_merged", "place", "n_missing", "source_ref"], kind="stable")

    people = ranked.drop_duplicates("person_id").set_index("person_id")
    with_birth = ranked[ranked["dob"].notna()].sort_values(["person_id", "no_day"], kind="stable")
    birth = with_birth.drop_duplicates("person_id").set_index("person_id")
    people["dob_precision"] = people["dob_precision"].where(people["dob"].notna(), birth["dob_precision"])
    people["dob"] = people["dob"].fillna(birth["dob"])
    people["home_area"] = people["home_area"].fillna(ranked.groupby("person_id")["home_area"].first())
    people["is_deceased"] = _any_says(ranked, "is_deceased")
    people["markers"] = _gather_refs(_split(ranked, "markers"), "markers")

    refs = _gather_refs(person_keys, "source_ref")
    people = people.reindex(refs.index)
    people["source_refs"] = refs
    people["is_deceased"] = people["is_deceased"].fillna("U")
    people["dob_precision"] = people["dob_precision"].fillna("UNK")
    return people.reset_index()[list(PEOPLE_COLUMNS)]


def _any_says(records: pd.DataFrame, flag: str) -> pd.Series:
    """Return Y where any record of a person says so, else N where any does, else U."""
    order = records[flag].map({"Y": 2, "N": 1}).fillna(0)
    return order.groupby(records["person_id"]).max().map({2: "Y", 1: "N", 0: "U"}).astype("str")


def _split(records: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return each person's values in a column that parts several by ``"; "``, each once."""
    parts = records.set_index("person_id")[column].dropna().str.split("; ").explode()
    return parts.reset_index().drop_duplicates()


def _gather_refs(parts: pd.DataFrame, column: str) -> pd.Series:
    """Return each person's values in one text, sorted, parted by ``"; "``."""
    ordered = parts.sort_values(["person_id", column])
    pairs = zip(ordered["person_id"].to_numpy(), ordered[column].to_numpy(), strict=True)
    texts = {person: "; ".join(value for _, value in group) for person, group in groupby(pairs, itemgetter(0))}
    return pd.Series(texts.values(), index=pd.Index(texts, dtype="str", name="person_id"), dtype="str")


def find_possible_matches(records: pd.DataFrame) -> pd.DataFrame:
    """List the records that share a name and an exact date of birth but no strong link.

    Parameters
    ----------
    records : person_id, source_system, source_ref, family_name, given_name, dob, dob_precision.

    Returns
    -------
    One row per reference (`POSSIBLE_MATCH_COLUMNS`); the rows of one `match_id` may be one person. A missing episode
    has a reference of its own, so episodes alone make no match: a group needs at least one other record.
    """
    sure = records[records["dob"].notna() & records["dob_precision"].eq("EXACT")]
    named = sure.assign(name=_fold(sure["family_name"]) + "|" + _fold(sure["given_name"]))
    named = named[~named["name"].str.startswith("|") & ~named["name"].str.endswith("|") & named["name"].notna()]
    named = named.drop_duplicates(["source_system", "source_ref", "name", "dob"])

    alike = named.groupby(["name", "dob"]).ngroup()
    several = named["person_id"].groupby(alike).transform("nunique") > 1
    rooted = named["source_system"].ne(EPISODES).groupby(alike).transform("any")
    # Assigned before the rows are chosen: a frame left without rows would take on those of the column.
    listed = named.assign(alike=alike, reason=SAME_NAME_AND_BIRTH)[several & rooted]
    listed = listed.sort_values(["alike", "source_system", "source_ref"], kind="stable")
    members = zip(listed["alike"].tolist(), listed["source_system"] + "\0" + listed["source_ref"], strict=True)
    ids = {group: _name_match([member for _, member in pairs]) for group, pairs in groupby(members, itemgetter(0))}
    listed["match_id"] = listed["alike"].map(ids)
    listed = listed.sort_values(["match_id", "source_system", "source_ref"], kind="stable")
    return listed[list(POSSIBLE_MATCH_COLUMNS)].astype("str").reset_index(drop=True)


def _name_match(members: list[str]) -> str:
    digest = hashlib.sha256("\n".join(members).encode()).digest()
    return f"MAT-{b32encode(digest[:10])[:12].decode()}"


def normalise_name(name: str) -> str:
    """Return a name in capitals with accents folded and everything but letters and digits dropped.

    >>> normalise_name("O'Brien-Łukasz ") == normalise_name("OBRIEN LUKASZ")
    True
    """
    capitals = name.upper().translate(_WHOLE_LETTERS)
    if not capitals.isascii():
        capitals = unicodedata.normalize("NFKD", capitals)
        capitals = "".join(letter for letter in capitals if not unicodedata.combining(letter))
    return "".join(letter for letter in capitals if letter.isalnum())


def _fold(names: pd.Series) -> pd.Series:
    codes, unique = pd.factorize(names)
    folded = np.append(np.array([normalise_name(name) for name in unique], dtype=object), "")
    return pd.Series(folded[codes], index=names.index, dtype="str")
