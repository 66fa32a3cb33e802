"""From chances to verdicts: linked, possible or apart, by the policy's thresholds and by what no chance overrides.

A chain of good links may still join what cannot be one person: a record without a date of birth fits father and son.
So links are joined strongest first, a link that would bring together two records that must stay apart is not, and a
record that fits both about as well waits for a person with both.
"""

import numpy as np
import pandas as pd

from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.linking.levels import DIFFERENT, REGISTER, TWICE, TWICE_WORDS, UNKNOWN, find_levels, levels_of
from csp_toolkit.tables.linking.policy import LinkModel
from csp_toolkit.tables.linking.scorer import Scorer

LINKED, POSSIBLE, APART = "linked", "possible", "apart"
BY_CHANCE = ""
NO_REGISTER = "no register knows either"
FITS_TWO = "it fits two people who cannot be one"
# A link is as good as its rival when it is not stronger by so much that the rival is a hundred times less likely.
CLEARLY_STRONGER = 6.65
LARGEST_CHECKED = 400


def weigh_registers(pairs: pd.DataFrame, keys: pd.DataFrame, model: LinkModel) -> pd.DataFrame:
    """Let pairs that one agency keeps as two records of its register begin lower; columns ``*_register`` say so."""
    left, right = keys.iloc[pairs["left"]].reset_index(drop=True), keys.iloc[pairs["right"]].reset_index(drop=True)
    twice = (
        left["is_register"] & right["is_register"] & left["source_system"].eq(right["source_system"])
        & left["source_ref"].ne(right["source_ref"])
    ).to_numpy()  # fmt: skip
    weight = np.where(twice, model.one_register_weight, 0.0)
    total = pairs["match_weight"].to_numpy() + weight
    return pairs.assign(**{
        f"level_{REGISTER}": pd.Series(np.where(twice, TWICE, UNKNOWN), index=pairs.index, dtype="str"),
        f"weight_{REGISTER}": weight, "match_weight": total.round(4), "p_same": (1 / (1 + 2.0**-total)).round(6),
    })  # fmt: skip


def judge_pairs(pairs: pd.DataFrame, model: LinkModel) -> pd.DataFrame:
    """Add `verdict`, `held_by` (the rule that overrode the chance, if one did) and `cannot_be_one` to scored pairs."""
    costs = model.costs
    by_chance = np.select(
        [pairs["p_same"] >= costs.linked_from, pairs["p_same"] >= costs.possible_from], [LINKED, POSSIBLE], APART
    )
    apart, why_apart = _met(pairs, model.verdicts.apart, model)
    apart &= ~_any_sure(pairs, model)
    wait, why_wait = _met(pairs, model.verdicts.at_most_possible, model)
    wait &= by_chance == LINKED
    verdict = np.where(apart, APART, np.where(wait, POSSIBLE, by_chance))
    held = np.where(apart, why_apart, np.where(wait, why_wait, BY_CHANCE))
    return pairs.assign(verdict=verdict, held_by=held, cannot_be_one=apart | _numbers_differ(pairs, model))


def _met(pairs: pd.DataFrame, rules: tuple[str, ...], model: LinkModel) -> tuple[np.ndarray, np.ndarray]:
    """Return where any of the rules is met, and which was met first."""
    which = np.full(len(pairs), BY_CHANCE, dtype=object)
    for rule in reversed(rules):
        met = [pairs[f"level_{name}"].eq(level).to_numpy() for name, level in find_levels(model, rule)]
        which[np.logical_and.reduce(met)] = rule
    return which != BY_CHANCE, which


def _any_sure(pairs: pd.DataFrame, model: LinkModel) -> np.ndarray:
    agree = np.zeros(len(pairs), dtype=bool)
    for number in model.sure_numbers:
        agree |= pairs[f"level_{number}"].eq("same").to_numpy()
    return agree


def _numbers_differ(pairs: pd.DataFrame, model: LinkModel) -> np.ndarray:
    differ = np.zeros(len(pairs), dtype=bool)
    for number in model.sure_numbers:
        differ |= pairs[f"level_{number}"].eq(DIFFERENT).to_numpy()
    return differ & ~_any_sure(pairs, model)


def hold_contradictions(pairs: pd.DataFrame, keys: pd.DataFrame, scorer: Scorer) -> pd.DataFrame:
    """Turn links into possible ones where joining them all would make one person of two who cannot be one.

    Parameters
    ----------
    pairs : as `judge_pairs` returns them.
    keys : with ``group``: the number of the smallest record each is already known to be one person with.
    """
    sure = pairs[pairs["verdict"].eq(LINKED)]
    known = keys["group"].to_numpy()
    rows = np.arange(len(keys))
    joined = join_smallest(
        len(keys), np.r_[rows, sure["left"].to_numpy()], np.r_[known, sure["right"].to_numpy()]
    )  # fmt: skip
    enemies = _find_enemies(pairs, joined, known, scorer)
    if enemies.empty:
        return pairs
    doubtful = set(joined[enemies["left"].to_numpy()])
    own = sure[pd.Series(joined[sure["left"].to_numpy()], index=sure.index).isin(doubtful)]
    held = _hold_within(own, known, list(zip(enemies["left"], enemies["right"], strict=True)))
    waits = pairs.index.isin(held)
    return pairs.assign(verdict=pairs["verdict"].mask(waits, POSSIBLE), held_by=pairs["held_by"].mask(waits, FITS_TWO))


def _find_enemies(pairs: pd.DataFrame, joined: np.ndarray, known: np.ndarray, scorer: Scorer) -> pd.DataFrame:
    """Return the pairs of records that the links join and that cannot be one person."""
    left, right = _pairs_within(joined, known)
    is_new = ~np.isin(left * len(known) + right, pairs["left"].to_numpy() * len(known) + pairs["right"].to_numpy())
    more = judge_pairs(scorer.score(left[is_new], right[is_new]), scorer.model)
    both = pd.concat([pairs[["left", "right", "cannot_be_one"]], more[["left", "right", "cannot_be_one"]]])
    within = joined[both["left"].to_numpy()] == joined[both["right"].to_numpy()]
    apart = known[both["left"].to_numpy()] != known[both["right"].to_numpy()]
    return both[within & apart & both["cannot_be_one"].to_numpy(dtype=bool)]


def _pairs_within(joined: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of records in each joined set that nobody knew to be one person before."""
    order = np.argsort(joined, kind="stable")
    starts = np.flatnonzero(np.r_[True, joined[order][1:] != joined[order][:-1]])
    sizes = np.diff(np.r_[starts, len(order)])
    lefts, rights = [np.array([], dtype="int64")], [np.array([], dtype="int64")]
    for size in np.unique(sizes[(sizes > 2) & (sizes <= LARGEST_CHECKED)]):
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, k=1)
        lefts.append(members[:, one].ravel())
        rights.append(members[:, other].ravel())
    left, right = np.concatenate(lefts), np.concatenate(rights)
    strange = known[left] != known[right]
    return left[strange], right[strange]


def _hold_within(sure: pd.DataFrame, known: np.ndarray, enemies: list[tuple[int, int]]) -> set[int]:
    """Return the links (by index) to hold, so that the rest joins no enemies; strongest links are joined first."""
    ranked = sure.sort_values(["match_weight", "left", "right"], ascending=[False, True, True])
    links = list(zip(ranked.index, ranked["left"], ranked["right"], ranked["match_weight"], strict=True))
    at: dict[int, list[tuple[int, int, int, float]]] = {}
    for link in links:
        at.setdefault(link[1], []).append(link)
        at.setdefault(link[2], []).append(link)
    held: set[int] = set()
    while refused := _join_strongest([link for link in links if link[0] not in held], known, enemies):
        for index, left, right, weight in refused:
            held.add(index)
            held.update(rival[0] for rival in (*at[left], *at[right]) if rival[3] - weight < CLEARLY_STRONGER)
    return held


def _join_strongest(
    links: list[tuple[int, int, int, float]], known: np.ndarray, enemies: list[tuple[int, int]]
) -> list[tuple[int, int, int, float]]:
    """Join links in order and return those that would have brought enemies together."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    hostile: dict[int, set[int]] = {}
    for one, other in enemies:
        a, b = int(known[one]), int(known[other])
        hostile.setdefault(a, set()).add(b)
        hostile.setdefault(b, set()).add(a)
    members: dict[int, set[int]] = {}
    refused = []
    for link in links:
        a, b = root(int(known[link[1]])), root(int(known[link[2]]))
        if a == b:
            continue
        if hostile.get(a, set()) & members.get(b, {b}) or hostile.get(b, set()) & members.get(a, {a}):
            refused.append(link)
            continue
        parent[b] = a
        members[a] = members.get(a, {a}) | members.get(b, {b})
        hostile[a] = hostile.get(a, set()) | hostile.get(b, set())
    return refused


def follow_registers(pairs: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """Keep two references apart in all their records where the registers' own records of them must stay apart.

    What an event says of them is less sure than what the register does: a suspect's entry has no number to differ.
    """
    own = keys["is_register"].to_numpy(dtype=bool)
    known = keys["group"].to_numpy()
    ends = pd.DataFrame({"one": known[pairs["left"].to_numpy()], "other": known[pairs["right"].to_numpy()]})
    ends = pd.DataFrame(np.sort(ends.to_numpy(), axis=1), columns=ends.columns, index=pairs.index)
    both_own = own[pairs["left"].to_numpy()] & own[pairs["right"].to_numpy()]
    ruled = both_own & pairs["verdict"].eq(APART).to_numpy() & pairs["held_by"].ne(BY_CHANCE).to_numpy()
    rule = pairs["held_by"].where(ruled).groupby([ends["one"], ends["other"]]).transform("first")
    joined = both_own & pairs["verdict"].eq(LINKED).to_numpy()
    spoken = pd.Series(joined, index=pairs.index).groupby([ends["one"], ends["other"]]).transform("any")
    out = rule.notna() & ~spoken & pairs["verdict"].ne(APART)
    return pairs.assign(verdict=pairs["verdict"].mask(out, APART), held_by=pairs["held_by"].mask(out, rule))


def leave_events(pairs: pd.DataFrame, keys: pd.DataFrame, model: LinkModel) -> pd.DataFrame:
    """Take out of the queue the pairs of which neither, with all it is joined to, stands in any register."""
    if model.verdicts.queue_events or pairs.empty:
        return pairs
    sure, rows = pairs[pairs["verdict"].eq(LINKED)], np.arange(len(keys))
    ends = np.r_[rows, sure["left"].to_numpy()], np.r_[keys["group"].to_numpy(), sure["right"].to_numpy()]
    joined = join_smallest(len(keys), *ends)
    known = pd.Series(keys["is_register"].to_numpy()).groupby(joined).transform("any").to_numpy(dtype=bool)
    neither = ~known[pairs["left"].to_numpy()] & ~known[pairs["right"].to_numpy()]
    out = pairs["verdict"].eq(POSSIBLE).to_numpy() & neither
    return pairs.assign(verdict=pairs["verdict"].mask(out, APART), held_by=pairs["held_by"].mask(out, NO_REGISTER))


def say_levels(pairs: pd.DataFrame, model: LinkModel) -> pd.Series:
    """Return the levels of each pair in words, agreements and differences, without what is unknown."""
    words = [
        {level.name: level.words for level in levels_of(one, model.spelling) if level.name != UNKNOWN}
        for one in model.comparisons
    ] + [{TWICE: TWICE_WORDS}]
    columns = [f"level_{one.name}" for one in model.comparisons] + [f"level_{REGISTER}"]
    met = pairs.groupby(columns, sort=False)
    said = ["; ".join(w[level] for w, level in zip(words, levels, strict=True) if level in w) for levels in met.groups]
    return pd.Series(np.array([*said, ""], dtype=object)[met.ngroup().to_numpy()], index=pairs.index, dtype="str")
