"""Bridges: the one tie, or the one person, by which two parts of the network are known to be joined.

A bridge is the first thing an analyst acts on and often the least sure: so each is said in one plain sentence with what
it rests on. That nothing else is known does not mean that nothing else is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.display.wording import check_sentence, count_in_words
from csp_toolkit.networks.draws.plausible import Plausible
from csp_toolkit.networks.evidence.evidence_text import say_rests_on
from csp_toolkit.networks.evidence.pairs import pairs_of_table
from csp_toolkit.networks.ties import Ties
from csp_toolkit.networks.what_if.cutting import search_cuts

BRIDGE_COLUMNS = (
    "kind", "person_id", "person_a", "person_b", "side_a", "side_b", "n_a", "n_b", "n_ties", "n_items", "n_origins",
    "is_tested", "p_exists", "p_bridge", "rests_on",
)  # fmt: skip
TIE, PERSON = "only tie", "only person"
PAIR = ["person_a", "person_b"]


@dataclass(frozen=True, eq=False)
class Bridges:
    """What alone joins two parts.

    Attributes
    ----------
    table : one row a bridge (`BRIDGE_COLUMNS`), largest smaller side first. An "only tie" joins `n_a` people to `n_b`
        who are joined by nothing else; an "only person" stands in every tie between two groups on record, `side_a` and
        `side_b`. `p_exists` is the chance that it joins them at all, `p_bridge` the share of plausible networks in
        which it does and nothing else does.
    ties : what it was found in.
    """

    table: pd.DataFrame
    ties: Ties

    def __repr__(self) -> str:
        n_ties = int((self.table["kind"] == TIE).sum())
        return f"Bridges(only_ties={n_ties}, only_people={len(self.table) - n_ties})"

    def say(self, labels: Mapping[str, str] | None = None) -> list[str]:
        """Say each bridge in one plain sentence; `labels` are what to call people, ids by default."""
        labels = labels or {}
        return [check_sentence(_sentence(row, labels)) for row in self.table.to_dict("records")]

    def explain(self, person_id: str) -> str:
        """Say in plain sentences what somebody alone is known to join."""
        rows = self.table[(self.table[["person_id", *PAIR]] == person_id).any(axis=1)]
        said = [_sentence(row, {}) for row in rows.to_dict("records")]
        return " ".join(said) or "They are in no tie that alone joins two parts."


def find_bridges(
    ties: Ties, plausible: Plausible | None = None, *, groups: Mapping[str, str] | None = None
) -> Bridges:  # fmt: skip
    """Find the ties and people that alone join two parts of what is recorded.

    Parameters
    ----------
    plausible : draws of the same ties, for how often each is the only join; without it that is not assessed.
    groups : the group on record of each person, as `name_groups` gives it, for people who alone join two groups.
    """
    found = [_only_ties(ties, ties.policy.doubt.least_side), _only_people(ties, groups or {})]
    table = pd.concat([f for f in found if len(f)] or found[:1], ignore_index=True)
    table["p_bridge"] = _share_of_draws(table, plausible, groups or {}) if plausible is not None else np.nan
    smaller = table[["n_a", "n_b"]].min(axis=1)
    table = table.assign(smaller=smaller).sort_values(
        ["kind", "smaller", "person_a", "person_b"], ascending=[False, False, True, True], kind="stable"
    )
    return Bridges(table[list(BRIDGE_COLUMNS)].reset_index(drop=True), ties)


def _only_ties(ties: Ties, least: int) -> pd.DataFrame:
    pairs = pairs_of_table(ties.table)
    near, far, n_near, n_far = search_cuts(pairs).list_bridges()
    swap = near > far
    a, b = np.where(swap, far, near), np.where(swap, near, far)
    sizes = pd.DataFrame({
        "person_a": pairs.people[a], "person_b": pairs.people[b],
        "n_a": np.where(swap, n_far, n_near), "n_b": np.where(swap, n_near, n_far),
    })  # fmt: skip
    sizes = sizes[sizes[["n_a", "n_b"]].min(axis=1) >= least]
    rows = sizes.merge(ties.table, on=PAIR, how="left")
    said = [say_rests_on(_items(pair, ties.evidence)) for pair in rows[PAIR].itertuples(index=False)]
    return rows.assign(kind=TIE, person_id="", side_a="", side_b="", n_ties=1, rests_on=pd.Series(said, dtype="str"))


def _only_people(ties: Ties, groups: Mapping[str, str]) -> pd.DataFrame:
    table = ties.table.assign(
        side_a=ties.table["person_a"].map(groups), side_b=ties.table["person_b"].map(groups)
    ).dropna(subset=["side_a", "side_b"])
    table = table[table["side_a"] != table["side_b"]]
    sides = np.sort(table[["side_a", "side_b"]].to_numpy("str"), axis=1)
    sizes = pd.Series(groups).value_counts()
    rows = []
    for (one, other), at in sorted(pd.Series(range(len(table))).groupby([sides[:, 0], sides[:, 1]]).groups.items()):
        own = table.iloc[list(at)]
        shared = set.intersection(*({a, b} for a, b in zip(own["person_a"], own["person_b"], strict=True)))
        if not shared:
            continue
        weakest = own.sort_values(["p_exists", *PAIR], kind="stable").iloc[-1]
        items = _items(own, ties.evidence)
        rows.append({
            "kind": PERSON, "person_id": min(shared), "person_a": weakest["person_a"], "person_b": weakest["person_b"],
            "side_a": one, "side_b": other, "n_a": int(sizes[one]), "n_b": int(sizes[other]), "n_ties": len(own),
            "n_items": int(own["n_items"].sum()), "n_origins": int(items["origin_id"].nunique()),
            "is_tested": "Y" if (own["is_tested"] == "Y").any() else "N",
            "p_exists": round(1 - float(np.prod(1 - own["p_exists"])), 6), "rests_on": say_rests_on(items),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=[c for c in BRIDGE_COLUMNS if c != "p_bridge"])


def _items(pairs: pd.DataFrame | tuple[str, str], evidence: pd.DataFrame) -> pd.DataFrame:
    """Take the items that count of some pairs, or of one."""
    rows = pairs[PAIR] if isinstance(pairs, pd.DataFrame) else pd.DataFrame([tuple(pairs)], columns=PAIR, dtype="str")
    counted = evidence[(evidence["is_in_measures"] == "Y") & (evidence["p_true"] > 0)]
    return counted.merge(rows, on=PAIR, how="inner")


def _share_of_draws(table: pd.DataFrame, plausible: Plausible, groups: Mapping[str, str]) -> np.ndarray:
    """Count the draws in which each bridge is there and nothing else joins its two sides."""
    pairs = plausible.pairs
    at = {person: n for n, person in enumerate(pairs.people)}
    group = np.array([groups.get(p, "") for p in pairs.people], dtype="str")
    n_only = np.zeros(len(table))
    rows = table.to_dict("records")
    for k in range(plausible.n_draws):
        drawn = plausible.draw(k)
        near, far, *_ = search_cuts(drawn).list_bridges() if (table["kind"] == TIE).any() else ((), ())
        cut = {(min(a, b), max(a, b)) for a, b in zip(near, far, strict=True)}
        for n, row in enumerate(rows):
            if row["kind"] == TIE:
                n_only[n] += (at[row["person_a"]], at[row["person_b"]]) in cut
                continue
            side_one, side_other = group == row["side_a"], group == row["side_b"]
            joins = (side_one[drawn.first] & side_other[drawn.second]) | (
                side_other[drawn.first] & side_one[drawn.second]
            )
            own = at[row["person_id"]]
            is_own = (drawn.first[joins] == own) | (drawn.second[joins] == own)
            n_only[n] += bool(is_own.any() and is_own.all())
    return n_only / max(plausible.n_draws, 1)


def _sentence(row: Mapping[str, object], labels: Mapping[str, str]) -> str:
    a, b = (labels.get(str(row[end]), str(row[end])) for end in PAIR)
    sure = f"with a chance of {100 * float(row['p_exists']):.0f} in 100 that it is there"  # type: ignore[arg-type]
    single = ", from one untested origin" if row["n_origins"] == 1 and row["is_tested"] != "Y" else ""
    rests = f"it rests on {row['rests_on']}{single}, {sure}"
    if row["kind"] == PERSON:
        who = labels.get(str(row["person_id"]), str(row["person_id"]))
        return f"{who} is the only known link between {row['side_a']} and {row['side_b']}; {rests}."
    n_a, n_b = (count_in_words(int(row[n]) - 1, "other") for n in ("n_a", "n_b"))  # type: ignore[call-overload]
    return f"{a} – {b} is the only known tie between {a} with {n_a} and {b} with {n_b}; {rests}."
