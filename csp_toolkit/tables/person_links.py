"""What joins two records into one person, strongest first, and what of it a judgement sets aside.

A person's word comes before a register's, a record's owner before a shared number, a number before the linking model.
Where a chain of links joins two records that were judged not to be one person, its weakest link is held, and said;
where two are as weak, both are.
"""

import numpy as np
import pandas as pd

from csp_toolkit.tables.deciding.judgements import END_COLUMNS
from csp_toolkit.tables.deciding.rules import IDENTITY, NOT_SAME, SAME
from csp_toolkit.tables.joining import join_smallest, refuse_links
from csp_toolkit.tables.linking.verdicts import LINKED, POSSIBLE

STRONG_NUMBERS = {"pnc": "the same PNC number", "upn": "the same pupil number", "case_ref": "the same case"}
POLICE = "police"
JUDGED, MERGED, NAMED = "judged the same", "merged by their owner", "named by its police number"
BY_MODEL = "linked by the model"
WHYS = (JUDGED, MERGED, NAMED, *STRONG_NUMBERS.values(), BY_MODEL)
LINK_COLUMNS = (*END_COLUMNS, "why", "p_same")
CONTRADICTION_COLUMNS = (*END_COLUMNS, "why", "text")
_PLACED = ("left", "right", "why", "p_same")
_ENDS = (("a", "left"), ("b", "right"))


def gather_links(
    nodes: pd.DataFrame, records: pd.DataFrame, judgements: pd.DataFrame, model_links: pd.DataFrame | None
) -> pd.DataFrame:
    """Return every link between two known records: left and right (rows of `nodes`), why, p_same; strongest first.

    Parameters
    ----------
    nodes : source_system and source_ref of every record known, in order, numbered from 0.
    records : source_system, source_ref, merged_into, pnc, upn, case_ref, urn.
    judgements : those that stand (`judgements.JUDGEMENT_COLUMNS`).
    model_links : system_a, ref_a, system_b, ref_b, p_same, verdict; those ``linked`` join. None: there are none.
    """
    place = pd.Series(nodes.index, index=pd.MultiIndex.from_frame(nodes[["source_system", "source_ref"]]))
    own = _find(place, records["source_system"], records["source_ref"])
    merged = records["merged_into"].notna().to_numpy()
    parts = [_placed(own[merged], _find(place, records["source_system"], records["merged_into"])[merged], MERGED)]
    police = pd.Series(POLICE, index=records.index, dtype="str")
    parts.append(_placed(own, _find(place, police, records["urn"]), NAMED))
    for number, why in STRONG_NUMBERS.items():
        shared = records[number].str.strip().str.upper().replace("", np.nan)
        known = shared.notna().to_numpy()
        first = pd.Series(own, index=shared.index).groupby(shared).transform("min").to_numpy()
        parts.append(_placed(own[known], first[known], why))
    same = judgements[judgements["kind"].eq(IDENTITY) & judgements["verdict"].eq(SAME)]
    parts.append(_placed(*_find_ends(place, same), JUDGED))
    if model_links is not None:
        sure = model_links[model_links["verdict"].eq(LINKED)]
        parts.append(_placed(*_find_ends(place, sure), BY_MODEL, sure["p_same"].to_numpy()))
    return _sort_links(pd.concat(parts, ignore_index=True))


def hold_links(
    nodes: pd.DataFrame, links: pd.DataFrame, records: pd.DataFrame, judgements: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the links into those that stand and those that would join what was judged not to be one person.

    Returns
    -------
    The links that stand, and the links held (`left`, `right`, `why`, `p_same`, `is_judged`: a person judged this very
    pair, so that nothing contradicts anything).
    """
    place = pd.Series(nodes.index, index=pd.MultiIndex.from_frame(nodes[["source_system", "source_ref"]]))
    parted = judgements[judgements["kind"].eq(IDENTITY) & judgements["verdict"].eq(NOT_SAME)]
    one, other = _find_ends(place, parted)
    both = ~(np.isnan(one) | np.isnan(other))
    one, other = one[both].astype("int64"), other[both].astype("int64")
    group = join_smallest(len(nodes), links["left"].to_numpy(), links["right"].to_numpy())
    torn = group[one] == group[other]
    if not torn.any():
        return links, links.head(0).assign(is_judged=pd.Series(dtype="bool"))
    doubtful = pd.Series(group[links["left"].to_numpy()], index=links.index).isin(group[one[torn]])
    # A number that three records share is three links, of which a judgement may set aside any.
    within = _sort_links(
        pd.concat([links[doubtful], _pair_numbers(place, records, set(group[one[torn]]), group)], ignore_index=True)
    )
    apart = list(zip(one.tolist(), other.tolist(), strict=True))
    refused = refuse_links(within["left"].to_numpy(), within["right"].to_numpy(), _rate(within).to_numpy(), apart)
    pairs = {tuple(sorted(pair)) for pair in apart}
    held = within[refused]
    ends = zip(held["left"].tolist(), held["right"].tolist(), strict=True)
    held = held.assign(is_judged=[tuple(sorted(pair)) in pairs for pair in ends])
    return _sort_links(pd.concat([links[~doubtful], within[~refused]], ignore_index=True)), held.reset_index(drop=True)


def describe_links(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return links by the records they join (`LINK_COLUMNS`), sorted."""
    found = links.assign(**{
        f"{name}_{end}": nodes[column].to_numpy()[links[side].to_numpy()]
        for end, side in _ENDS for name, column in (("system", "source_system"), ("ref", "source_ref"))
    })  # fmt: skip
    found = found.sort_values([*END_COLUMNS, "why"], kind="stable", ignore_index=True)
    return found[list(LINK_COLUMNS)].astype({name: "str" for name in LINK_COLUMNS if name != "p_same"})


def list_held(nodes: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Return the links held that nobody judged, as possible matches: system_a to ref_b, verdict, reason, p_same."""
    found = describe_links(nodes, held[~held["is_judged"].astype(bool)])
    return found.assign(verdict=POSSIBLE, reason=found["why"] + ", held against a judgement")


def describe_contradictions(nodes: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Return what was held against a judgement of other records (`CONTRADICTION_COLUMNS`), one clear line each."""
    against = held[~held["is_judged"].astype(bool) & held["why"].ne(BY_MODEL)]
    found = describe_links(nodes, against)
    text = "these records are " + found["why"] + ", yet other judgements and links say they are two people: held apart"
    return found.assign(text=text + " until somebody judges this pair")[list(CONTRADICTION_COLUMNS)].astype("str")


def _placed(left: np.ndarray, right: np.ndarray, why: str, p_same: object = np.nan) -> pd.DataFrame:
    table = pd.DataFrame({"left": left, "right": right, "why": why, "p_same": p_same})
    table = table[table["left"].notna() & table["right"].notna() & table["left"].ne(table["right"])]
    return table.astype({"left": "int64", "right": "int64", "why": "str", "p_same": "float64"})


def _sort_links(links: pd.DataFrame) -> pd.DataFrame:
    """Put links in order of strength, each once, its smaller record first."""
    left, right = links["left"].to_numpy("int64"), links["right"].to_numpy("int64")
    ordered = links.assign(left=np.minimum(left, right), right=np.maximum(left, right), level=_rate(links))
    ordered = ordered.sort_values(["level", "left", "right"], kind="stable")
    return ordered.drop_duplicates(["left", "right", "why"])[list(_PLACED)].reset_index(drop=True)


def _rate(links: pd.DataFrame) -> pd.Series:
    """Return how strong each link is, the strongest lowest; links of the model by how sure it is."""
    places = links["why"].map({why: float(place) for place, why in enumerate(WHYS)}).astype("float64")
    return places - links["p_same"].fillna(0) / 2


def _find(place: pd.Series, systems: pd.Series, refs: pd.Series) -> np.ndarray:
    return place.reindex(pd.MultiIndex.from_arrays([systems, refs])).to_numpy(dtype="float64")


def _find_ends(place: pd.Series, pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return _find(place, pairs["system_a"], pairs["ref_a"]), _find(place, pairs["system_b"], pairs["ref_b"])


def _pair_numbers(place: pd.Series, records: pd.DataFrame, groups: set[int], group: np.ndarray) -> pd.DataFrame:
    """Return each pair of records that share a number, among the records of some groups."""
    own = _find(place, records["source_system"], records["source_ref"]).astype("int64")
    some = records.assign(own=own)[np.isin(group[own], list(groups))]
    parts = []
    for number, why in STRONG_NUMBERS.items():
        shared = some.assign(shared=some[number].str.strip().str.upper().replace("", np.nan))[["own", "shared"]]
        pairs = shared.dropna().merge(shared.dropna(), on="shared", suffixes=("", "_other"))
        pairs = pairs[pairs["own"] < pairs["own_other"]]
        parts.append(_placed(pairs["own"].to_numpy(), pairs["own_other"].to_numpy(), why))
    return pd.concat(parts, ignore_index=True)
