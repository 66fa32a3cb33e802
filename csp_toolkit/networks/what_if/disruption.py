"""What if: people removed, diverted from their contacts, or reached, averaged over the networks that could be true.

A what-if is about a drawing of records. It never says what people would do: who leaves is often replaced, so what comes
after stands as a question (`recovery.py`). Each effect is held against the same number of people taken at random among
those who are connected, and where chance does as well, the result says so. Under-18s can be reached and are never
removed or diverted here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.wording import check_sentence, count_in_words
from csp_toolkit.errors import TableError
from csp_toolkit.networks.draws.plausible import Plausible
from csp_toolkit.networks.evidence.pairs import Pairs
from csp_toolkit.networks.measuring import sum_closeness
from csp_toolkit.networks.what_if.cutting import find_key_players
from csp_toolkit.tables.draws import TIE, draw_uniforms, number_names

EFFECT_COLUMNS = (
    "effect", "before", "after", "low", "high", "at_random", "random_low", "random_high", "p_chance_does_as_well",
)  # fmt: skip
LARGEST, EFFICIENCY, FLOW = "people in the largest part", "efficiency", "separate ways between the groups"
REMOVE, DIVERT = "removed", "diverted"


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What a what-if does to plausible networks.

    Attributes
    ----------
    table : one row an effect (`EFFECT_COLUMNS`): the mean before and after with nine tenths of the draws, the same for
        people taken at random, and how often chance brings the value down as far.
    people, how : who, and whether removed or diverted. n_draws : over how many networks.
    is_better_than_chance : for the largest part, whether chance does as well in fewer draws than the policy's level.
    """

    table: pd.DataFrame
    people: tuple[str, ...]
    how: str
    n_draws: int
    level: float

    @property
    def is_better_than_chance(self) -> bool:
        """Whether the largest part shrinks further than it would by taking people at random."""
        return bool(self.table.set_index("effect").loc[LARGEST, "p_chance_does_as_well"] <= self.level)

    def __repr__(self) -> str:
        return f"WhatIf({len(self.people)} {self.how}, draws={self.n_draws})"

    def explain(self, effect: str = LARGEST) -> str:
        """Say in one sentence what it comes to, and whether chance does as well."""
        row = self.table.set_index("effect").loc[effect]
        who = count_in_words(len(self.people), "person", "people")
        if row["p_chance_does_as_well"] > self.level:
            verdict = "no better than chance"
        else:
            verdict = f"more than chance: people at random leave {row['at_random']:.3g}"
        return check_sentence(
            f"With {who} {self.how}, {effect} would go from {row['before']:.3g} to {row['after']:.3g} "
            f"({row['low']:.3g} to {row['high']:.3g} in nine of ten plausible networks): {verdict}. "
            "Whoever leaves may be replaced; this does not say by whom."
        )

    def _repr_html_(self) -> str:
        columns = ("before", "after", "low", "high", "at_random")
        titles = ("Before", "After", "Low", "High", "At random")
        headings = (
            Heading("effect", "Effect", is_row_header=True),
            *(Heading(c, t, kind="number", write=_brief) for c, t in zip(columns, titles, strict=True)),
        )
        return str(format_table(
            self.table, headings, table_id="what-if", caption=f"What if {len(self.people)} are {self.how}.",
            caption_note=self.explain(),
        ))  # fmt: skip


def remove_people(
    plausible: Plausible, people: Collection[str], *, under_18: Collection[str],
    groups: Mapping[str, str] | None = None, between: tuple[str, str] | None = None,
) -> WhatIf:  # fmt: skip
    """Work out what plausible networks look like without some people.

    Parameters
    ----------
    under_18 : everybody under eighteen: they are never removed in a what-if.
    groups, between : the group of each person, and the two between which ways are counted; nought to leave that out.

    Raises
    ------
    TableError : somebody is not in the network, or is under eighteen.
    """
    return _compare(plausible, people, REMOVE, 1.0, under_18, groups or {}, between)


def divert_people(
    plausible: Plausible, people: Collection[str], *, under_18: Collection[str],
    groups: Mapping[str, str] | None = None, between: tuple[str, str] | None = None,
) -> WhatIf:  # fmt: skip
    """Work out what plausible networks look like when some of the ties of some people end.

    Each tie ends with the policy's chance (`diverted_ties`). Parameters and errors are those of `remove_people`.
    """
    return _compare(plausible, people, DIVERT, plausible.doubt.diverted_ties, under_18, groups or {}, between)


def suggest_people(plausible: Plausible, k: int, *, under_18: Collection[str]) -> pd.DataFrame:
    """Suggest whom to think about first: those who, one after the other, leave fewest pairs able to reach each other.

    Returns
    -------
    person_id, p_chosen: the share of plausible networks in which somebody is among the `k`, most often first. A
    question for people to weigh; under-18s are left out, for they are proposed for support only.
    """
    pairs = plausible.pairs
    young = np.flatnonzero(np.isin(pairs.people.astype("str"), np.array(list(under_18), dtype="str")))
    counts = np.zeros(pairs.n)
    for n in range(plausible.n_draws):
        drawn = plausible.draw(n)
        barred = np.concatenate([young, np.arange(pairs.n, drawn.n)])
        counts[[person for person, _ in find_key_players(drawn, k, left_out=barred)]] += 1
    table = pd.DataFrame({"person_id": pairs.people.astype("str"), "p_chosen": counts / max(plausible.n_draws, 1)})
    table = table[table["p_chosen"] > 0].sort_values(["p_chosen", "person_id"], ascending=[False, True], kind="stable")
    return table.reset_index(drop=True)


def _compare(
    plausible: Plausible, people: Collection[str], how: str, share: float, under_18: Collection[str],
    groups: Mapping[str, str], between: tuple[str, str] | None,
) -> WhatIf:  # fmt: skip
    chosen = sorted(set(people))
    if not chosen:
        raise TableError("A what-if needs at least one person.")
    if young := set(chosen) & set(under_18):
        what = f"{len(young)} of {len(chosen)} people are under 18: they are proposed for support only."
        raise TableError(f"{what} Take them out.")
    numbers = plausible.pairs.find(chosen)
    sides = None if between is None else tuple(_side(plausible.pairs, groups, name) for name in between)
    spread = range(plausible.n_draws)
    ends = draw_uniforms(number_names(TIE, [f"diverted {n}" for n in chosen], seed=plausible.seed), spread)
    lots = draw_uniforms(number_names("at random", plausible.pairs.people, seed=plausible.seed), spread)
    values = np.array([
        _measure_draw(plausible.draw(k), numbers, how, share, ends[:, k], lots[:, k], sides) for k in spread
    ])  # fmt: skip
    names = [LARGEST, EFFICIENCY] + ([FLOW] if sides else [])
    rows = []
    for n, name in enumerate(names):
        before, after, random = values[:, 0, n], values[:, 1, n], values[:, 2, n]
        p = float((random < after).mean() + (random == after).mean() / 2)
        rows.append((name, before.mean(), after.mean(), *_range(after), random.mean(), *_range(random), p))
    return WhatIf(
        pd.DataFrame(rows, columns=list(EFFECT_COLUMNS)),
        tuple(chosen),
        how,
        plausible.n_draws,
        plausible.doubt.chance_level,
    )


def _measure_draw(
    pairs: Pairs, numbers: np.ndarray, how: str, share: float, ends: np.ndarray, lots: np.ndarray,
    sides: tuple[np.ndarray, ...] | None,
) -> list[list[float]]:  # fmt: skip
    """Measure one network as it is, with the what-if, and with as many others taken at random among the connected."""
    degree = np.bincount(np.concatenate([pairs.first, pairs.second]), minlength=pairs.n)
    eligible = np.flatnonzero((degree > 0) & ~np.isin(np.arange(pairs.n), numbers))
    eligible = eligible[eligible < len(lots)]
    others = eligible[np.argsort(lots[eligible], kind="stable")][: len(numbers)]
    taken = [np.empty(0, dtype="int64"), numbers, others]
    return [_effects(_without(pairs, who, how, share, ends), who, how, sides) for who in taken]


def _without(pairs: Pairs, who: np.ndarray, how: str, share: float, ends: np.ndarray) -> Pairs:
    if how == REMOVE or not len(who):
        return pairs.without(who)
    at = np.full(pairs.n, -1)
    at[who] = np.arange(len(who))
    own = np.where(at[pairs.first] >= 0, at[pairs.first], at[pairs.second])
    other = np.where(at[pairs.first] >= 0, pairs.second, pairs.first)
    chance = (ends[np.minimum(own, len(ends) - 1)] + other * 0.6180339887498949) % 1.0  # each tie a chance of its own
    return pairs.keep((own < 0) | (chance >= share))


def _effects(pairs: Pairs, gone: np.ndarray, how: str, sides: tuple[np.ndarray, ...] | None) -> list[float]:
    here = np.ones(pairs.n, dtype=bool)
    here[gone] = how != REMOVE
    n = int(here.sum())
    found = [
        float(np.bincount(pairs.components()[here]).max()),
        float(sum_closeness(pairs).sum()) / max(n * (n - 1), 1),
    ]
    return found + ([_count_ways(pairs, *sides)] if sides else [])


def _count_ways(pairs: Pairs, one: np.ndarray, other: np.ndarray) -> float:
    """Count the ways from one group to another that share no tie (Menger 1927): the ties that would have to go."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    n, plenty = pairs.n, pairs.n_ties + 1
    rows = np.concatenate([pairs.first, pairs.second, np.full(len(one), n), other])
    columns = np.concatenate([pairs.second, pairs.first, one, np.full(len(other), n + 1)])
    most = np.concatenate([np.ones(2 * pairs.n_ties), np.full(len(one) + len(other), plenty)]).astype("int32")
    return float(maximum_flow(csr_array((most, (rows, columns)), shape=(n + 2, n + 2)), n, n + 1).flow_value)


def _side(pairs: Pairs, groups: Mapping[str, str], name: str) -> np.ndarray:
    side = np.flatnonzero(np.array([groups.get(p) == name for p in pairs.people], dtype=bool))
    if not len(side):
        raise TableError("A group between which ways are counted has nobody in the network. Name two that have.")
    return side


def _range(values: np.ndarray) -> tuple[float, float]:
    ordered = np.sort(values)
    at = [max(int(np.ceil(share * len(ordered))) - 1, 0) for share in (0.05, 0.95)]
    return float(ordered[at[0]]), float(ordered[at[1]])


def _brief(value: object) -> str:
    return f"{float(value):.3g}"  # type: ignore[arg-type]
