"""Which records might be one person and are held apart until somebody has judged: the queue.

What was judged not to be one person leaves it, what was left undecided stays and is marked. Gates read it too: a sign
of exploitation on a record that may be the same person's keeps someone out of the ranking.
"""

import hashlib
from base64 import b32encode
from itertools import combinations, groupby
from operator import itemgetter

import numpy as np
import pandas as pd

from csp_toolkit.records.names import normalise_name
from csp_toolkit.tables.deciding.judgements import list_judged_people
from csp_toolkit.tables.deciding.rules import NOT_SAME, UNDECIDED
from csp_toolkit.tables.identity import Resolved
from csp_toolkit.tables.linking.verdicts import POSSIBLE
from csp_toolkit.tables.view import POSSIBLE_MATCH_COLUMNS

SAME_NAME_AND_BIRTH = "same name and date of birth"
REGISTERED = 0


def list_open_matches(
    records: pd.DataFrame, resolved: Resolved, judgements: pd.DataFrame, model_links: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List what may be one person and is for people to judge (`POSSIBLE_MATCH_COLUMNS`).

    What the linking model holds possible takes the place of the rule of one name and birth date; without the model,
    that rule stands. Links held against a judgement are listed beside either.
    """
    parts = [find_possible_matches(records) if model_links is None else list_pairs(model_links, resolved.person_keys)]
    if len(resolved.held):
        parts.append(list_pairs(resolved.held, resolved.person_keys))
    listed = pd.concat(parts, ignore_index=True).drop_duplicates(["match_id", "source_system", "source_ref"])
    listed = listed.sort_values(["match_id", "source_system", "source_ref"], kind="stable", ignore_index=True)
    return settle_matches(listed, judgements, resolved.person_keys)


def find_possible_matches(records: pd.DataFrame) -> pd.DataFrame:
    """List the records that share a name and an exact date of birth but no strong link.

    Parameters
    ----------
    records : person_id, source_system, source_ref, place (0 for an agency's own record), family_name, given_name, dob,
        dob_precision.

    Returns
    -------
    One row per reference (`POSSIBLE_MATCH_COLUMNS`); the rows of one `match_id` may be one person. An event may have a
    reference of its own for whoever it names, so events alone make no match: a group needs a record of some register.
    """
    sure = records[records["dob"].notna() & records["dob_precision"].eq("EXACT")]
    named = sure.assign(name=_fold(sure["family_name"]) + "|" + _fold(sure["given_name"]))
    named = named[~named["name"].str.startswith("|") & ~named["name"].str.endswith("|") & named["name"].notna()]
    named = named.sort_values("place", kind="stable").drop_duplicates(["source_system", "source_ref", "name", "dob"])

    alike = named.groupby(["name", "dob"]).ngroup()
    several = named["person_id"].groupby(alike).transform("nunique") > 1
    rooted = named["place"].eq(REGISTERED).groupby(alike).transform("any")
    # Assigned before the rows are chosen: a frame left without rows would take on those of the column.
    listed = named.assign(alike=alike, reason=SAME_NAME_AND_BIRTH, p_same=np.nan, looked_at="")[several & rooted]
    listed = listed.sort_values(["alike", "source_system", "source_ref"], kind="stable")
    members = zip(listed["alike"].tolist(), listed["source_system"] + "\0" + listed["source_ref"], strict=True)
    ids = {group: _name_match([member for _, member in pairs]) for group, pairs in groupby(members, itemgetter(0))}
    listed["match_id"] = listed["alike"].map(ids)
    listed = listed.sort_values(["match_id", "source_system", "source_ref"], kind="stable")
    return _shape_matches(listed)


def settle_matches(matches: pd.DataFrame, judgements: pd.DataFrame, person_keys: pd.DataFrame) -> pd.DataFrame:
    """Take out of the possible matches what was judged not to be one person, and mark what was looked at.

    Someone judged apart from everybody else of a match leaves it, and a match of which one person is left goes. A match
    in which a pair was left undecided stays, and `looked_at` says since when.
    """
    judged = list_judged_people(judgements, person_keys)
    concerned = set(judged["person_a"]) | set(judged["person_b"])
    doubtful = set(matches.loc[matches["person_id"].isin(concerned), "match_id"])
    if not doubtful:
        return matches
    parted, undecided = (judged[judged["verdict"].eq(verdict)] for verdict in (NOT_SAME, UNDECIDED))
    apart = {frozenset(pair) for pair in zip(parted["person_a"], parted["person_b"], strict=True)}
    on = undecided["decided_on"].dt.strftime("%Y-%m-%d")
    open_since = {frozenset(p): day for *p, day in zip(undecided["person_a"], undecided["person_b"], on, strict=True)}
    gone: set[tuple[str, str]] = set()
    since: dict[str, str] = {}
    for match, people in matches[matches["match_id"].isin(doubtful)].groupby("match_id")["person_id"].unique().items():
        still = {pair for pair in map(frozenset, combinations(sorted(people), 2)) if pair not in apart}
        gone |= {(str(match), person) for person in set(people) - frozenset().union(*still)}
        if days := [open_since[pair] for pair in still if pair in open_since]:
            since[str(match)] = f"undecided on {max(days)}"
    kept = [pair not in gone for pair in zip(matches["match_id"], matches["person_id"], strict=True)]
    looked = [since.get(match, before) for match, before in zip(matches["match_id"], matches["looked_at"], strict=True)]
    return _shape_matches(matches.assign(looked_at=looked)[kept])


def list_pairs(model_links: pd.DataFrame, person_keys: pd.DataFrame) -> pd.DataFrame:
    """List the pairs held possible, by the linking model or against a judgement, that nothing has joined.

    Parameters
    ----------
    model_links : system_a, ref_a, system_b, ref_b, verdict, reason, p_same.

    Returns
    -------
    One row per reference (`POSSIBLE_MATCH_COLUMNS`), two to a pair of people: of all their records the two that are
    likeliest one person's, for it is the people who are one or two, however many records each has.
    """
    ids = person_keys.set_index(["source_system", "source_ref"])["person_id"]
    held = model_links[model_links["verdict"].eq(POSSIBLE)].reset_index(drop=True)
    who = {end: ids.reindex(pd.MultiIndex.from_frame(held[[f"system_{end}", f"ref_{end}"]])).to_numpy() for end in "ab"}
    people = pd.DataFrame({f"person_{end}": pd.Series(found, dtype="str") for end, found in who.items()})
    held = held.assign(**people)
    held = held[people["person_a"].notna() & people["person_b"].notna() & people["person_a"].ne(people["person_b"])]
    one, other = held["person_a"], held["person_b"]
    held = held.assign(first=one.where(one < other, other), last=other.where(one < other, one))
    held = held.sort_values(["p_same", "system_a", "ref_a", "system_b", "ref_b"], ascending=[False, *[True] * 4])
    held = held.drop_duplicates(["first", "last"], ignore_index=True)
    sides = []
    for end in "ab":
        columns = {f"system_{end}": "source_system", f"ref_{end}": "source_ref", f"person_{end}": "person_id"}
        sides.append(held.rename(columns=columns)[[*columns.values(), "reason", "p_same"]].assign(looked_at=""))
    members = zip(*(side["source_system"] + "\0" + side["source_ref"] for side in sides), strict=True)
    names = pd.Series([_name_match(sorted(pair)) for pair in members], index=held.index, dtype="str")
    rows = pd.concat([side.assign(match_id=names) for side in sides], ignore_index=True)
    return _shape_matches(rows.sort_values(["match_id", "source_system", "source_ref"], kind="stable"))


def _shape_matches(listed: pd.DataFrame) -> pd.DataFrame:
    types = {name: "float64" if name == "p_same" else "str" for name in POSSIBLE_MATCH_COLUMNS}
    return listed[list(POSSIBLE_MATCH_COLUMNS)].astype(types).reset_index(drop=True)


def _name_match(members: list[str]) -> str:
    digest = hashlib.sha256("\n".join(members).encode()).digest()
    return f"MAT-{b32encode(digest[:10])[:12].decode()}"


def _fold(names: pd.Series) -> pd.Series:
    codes, unique = pd.factorize(names)
    folded = np.append(np.array([normalise_name(name) for name in unique], dtype=object), "")
    return pd.Series(folded[codes], index=names.index, dtype="str")
