"""Who is who across agencies: which references stand for one person, and which records might.

References are joined by strong links and by judgements (`person_links`): one record merged into another by its owner,
the same Police National Computer number, the same pupil number, the same case, a police number that stands in a
partner's record, a named person's word, and the links of which the linking model is sure (`linking.kept`). What is in
doubt is listed as a possible match and held apart until a person has looked (`possible_matches`).
"""

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import pandas as pd

from csp_toolkit.tables.deciding.judgements import no_judgements
from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.person_links import (
    describe_contradictions,
    describe_links,
    gather_links,
    hold_links,
    list_held,
)
from csp_toolkit.tables.view import PEOPLE_COLUMNS, PERSON_KEY_COLUMNS


@dataclass(frozen=True, eq=False)
class Resolved:
    """Who is who.

    Attributes
    ----------
    person_keys : one row per reference (`PERSON_KEY_COLUMNS`), sorted.
    links : what joined records, pair by pair, and why (`person_links.LINK_COLUMNS`).
    contradictions : links held against what people judged of other records (`person_links.CONTRADICTION_COLUMNS`).
    held : the same and the model's, as pairs that are possible matches (`person_links.list_held`).
    """

    person_keys: pd.DataFrame
    links: pd.DataFrame
    contradictions: pd.DataFrame
    held: pd.DataFrame


def link_people(keys: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Give every reference the person it stands for, by strong links alone: `resolve_people` without judgements."""
    return resolve_people(keys, records, no_judgements()).person_keys


def resolve_people(
    keys: pd.DataFrame, records: pd.DataFrame, judgements: pd.DataFrame, model_links: pd.DataFrame | None = None
) -> Resolved:
    """Give every reference the person it stands for.

    Parameters
    ----------
    keys : source_system, source_ref, first_received_on: every reference known, with the day it was first received.
    records : source_system, source_ref, merged_into, pnc, upn, case_ref, urn: each agency's record, newest version.
    judgements : those that stand (`judgements.JUDGEMENT_COLUMNS`).
    model_links : the pairs of the linking model, of which those it is sure of join (`person_links.gather_links`).

    Notes
    -----
    A person is named after the earliest received of their references (the smallest identifier where several are), so
    a new link keeps the older name and a link undone gives the old names back, and neither the order of rows nor that
    of loading matters.
    """
    targets = records.dropna(subset=["merged_into"])[["source_system", "merged_into"]]
    targets = targets.rename(columns={"merged_into": "source_ref"})
    nodes = pd.concat([keys, records[["source_system", "source_ref"]], targets], ignore_index=True)
    nodes = nodes.sort_values(["source_system", "source_ref", "first_received_on"], kind="stable")
    nodes = nodes.drop_duplicates(["source_system", "source_ref"]).reset_index(drop=True)

    pairs = zip(nodes["source_system"].to_numpy(), nodes["source_ref"].to_numpy(), strict=True)
    nodes["own_id"] = [_name_person(system, ref) for system, ref in pairs]
    links, held = hold_links(nodes, gather_links(nodes, records, judgements, model_links), records, judgements)
    nodes["group"] = join_smallest(len(nodes), links["left"].to_numpy(), links["right"].to_numpy())
    eldest = nodes.sort_values(["group", "first_received_on", "own_id"]).drop_duplicates("group")
    nodes["person_id"] = nodes["group"].map(eldest.set_index("group")["own_id"])
    person_keys = nodes[list(PERSON_KEY_COLUMNS)].astype("str").reset_index(drop=True)
    return Resolved(
        person_keys, describe_links(nodes, links), describe_contradictions(nodes, held), list_held(nodes, held)
    )


def _name_person(source_system: str, source_ref: str) -> str:
    digest = hashlib.sha256(f"{source_system}\0{source_ref}".encode()).digest()
    return f"PER-{b32encode(digest[:10])[:12].decode()}"


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
