"""Ties and people that nobody recorded: how many there may be, and where they would lie.

Nobody knows them, so they are drawn: an unrecorded tie lies where recorded ones lie, between the same groups and with
the same preference for people who have many (the degree-corrected block model of Karrer and Newman 2011). A person
nobody recorded has as many ties as some recorded person has, and most of them in one group.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from csp_toolkit.networks.evidence.pairs import Pairs
from csp_toolkit.networks.measuring import sum_strength
from csp_toolkit.networks.policy import Doubt
from csp_toolkit.tables.draws import draw_normals, draw_uniforms, number_names

MISSING = "missing"
SPARE = 2.0  # a drawn tie may be a recorded one or the same as another: so many times as wanted are drawn
FEW = 8


@dataclass(frozen=True, eq=False)
class Unrecorded:
    """Drawn ties, sorted by draw: `draw`, and the numbers of the two ends, `first` below `second`."""

    draw: np.ndarray
    first: np.ndarray
    second: np.ndarray

    def of(self, k: int) -> slice:
        """Return where the ties of draw k stand."""
        return slice(*np.searchsorted(self.draw, (k, k + 1)))


@dataclass(frozen=True, eq=False)
class Places:
    """Where ties lie: people by group, each with a weight, and the groups that each recorded tie joins."""

    pairs: Pairs
    doubt: Doubt
    groups: np.ndarray
    weight: np.ndarray
    order: np.ndarray
    running: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, pairs: Pairs, groups: np.ndarray, doubt: Doubt) -> "Places":
        """Lay people out by group, weighed by their ties; the policy says what somebody without a tie weighs."""
        weight = sum_strength(pairs) + doubt.ease
        order = np.argsort(groups, kind="stable")
        running = np.concatenate([[0.0], np.cumsum(weight[order])])
        starts = np.searchsorted(groups[order], np.arange(int(groups.max(initial=-1)) + 2))
        return cls(pairs, doubt, groups, weight, order, running, starts)

    def pick(self, group: np.ndarray, chance: np.ndarray) -> np.ndarray:
        """Pick somebody of each group by weight."""
        low, high = self.running[self.starts[group]], self.running[self.starts[group + 1]]
        place = np.searchsorted(self.running, low + chance * (high - low), side="right") - 1
        return self.order[np.clip(place, self.starts[group], self.starts[group + 1] - 1)]

    @cached_property
    def ties(self) -> Any:
        """The ties both ways as a sparse matrix."""
        return self.pairs.matrix()

    @cached_property
    def closing(self) -> float:
        """The share of recorded ties whose ends have somebody in common."""
        common = (self.ties @ self.ties).multiply(self.ties)
        return float(common.nnz / max(self.ties.nnz, 1))

    def pick_contact(self, person: np.ndarray, chance: np.ndarray) -> np.ndarray:
        """Pick somebody tied to each person."""
        starts, ends = self.ties.indptr[person], self.ties.indptr[person + 1]
        return self.ties.indices[np.minimum(starts + (chance * (ends - starts)).astype("int64"), ends - 1)]

    def pick_tie(self, chance: np.ndarray) -> np.ndarray:
        """Pick recorded ties by strength."""
        running = np.cumsum(self.pairs.strength)
        return np.minimum(np.searchsorted(running, chance * running[-1], side="right"), self.pairs.n_ties - 1)


def draw_missing_ties(places: Places, rate: float, draws: range, *, seed: int) -> Unrecorded:
    """Draw the ties that nobody recorded, `rate` being their share of all the ties there are."""
    pairs = places.pairs
    expected = float(pairs.strength.sum()) * rate / (1 - rate)
    if expected <= 0 or pairs.n < 3:
        return _nothing()
    spread = draw_normals(number_names(MISSING, ["rate"], seed=seed), draws)[0]
    rates = expected * np.exp(places.doubt.spread * spread - places.doubt.spread**2 / 2)
    wanted = poisson(rates, draw_uniforms(number_names(MISSING, ["how many ties"], seed=seed), draws)[0])
    names = [str(n) for n in range(int(SPARE * wanted.max()) + FEW)]
    which, turn, one, other, closes = (
        draw_uniforms(number_names(f"{MISSING} tie {what}", names, seed=seed), draws)
        for what in ("between", "turn", "one end", "other end", "closes")
    )
    tie = places.pick_tie(which)
    from_first = turn < 0.5
    ends = pairs.first[tie], pairs.second[tie]
    near, far = np.where(from_first, *ends), np.where(from_first, *reversed(ends))
    is_closing = closes < places.doubt.closing * places.closing
    a = np.where(is_closing, near, places.pick(places.groups[near], one))
    b = np.where(is_closing, places.pick_contact(far, other), places.pick(places.groups[far], other))
    alone, contact, is_tied = _tie_the_untied(places, draws, seed=seed)
    n_new = is_tied.sum(axis=0)
    return keep_new(pairs, np.vstack([alone, a]), np.vstack([contact, b]), wanted + n_new)


def _tie_the_untied(places: Places, draws: range, *, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give who is in the network without a recorded tie one, with the policy's chance: something put them there."""
    pairs = places.pairs
    alone = np.flatnonzero(np.bincount(np.concatenate([pairs.first, pairs.second]), minlength=pairs.n) == 0)
    who, names = np.repeat(alone[:, None], len(draws), axis=1), pairs.people[alone]
    is_tied, which, turn = (
        draw_uniforms(number_names(f"{MISSING} tie {what}", names, seed=seed), draws)
        for what in ("of the untied", "to", "or to")
    )
    tie = places.pick_tie(which)
    contact = np.where(turn < 0.5, pairs.first[tie], pairs.second[tie])
    has_one = is_tied < places.doubt.untied
    return who, np.where(has_one, contact, who), has_one


def keep_new(pairs: Pairs, a: np.ndarray, b: np.ndarray, wanted: np.ndarray) -> Unrecorded:
    """Keep of candidates (rows) by draws (columns) the first `wanted` of each draw that are recorded nowhere."""
    n, (n_names, n_draws) = max(pairs.n, int(max(a.max(initial=0), b.max(initial=0))) + 1), a.shape
    keys = np.minimum(a, b) * n + np.maximum(a, b)
    is_new = (a != b) & ~np.isin(keys, pairs.first * n + pairs.second)
    whole = np.where(is_new, keys + np.arange(n_draws) * n * n, -1).T.ravel()  # draw by draw, in the order of names
    _, at = np.unique(whole, return_index=True)
    at = np.sort(at[whole[at] >= 0])
    draw = at // n_names
    turn = np.arange(len(at)) - np.searchsorted(draw, draw)
    kept = whole[at[turn < wanted[draw]]] % (n * n)
    return Unrecorded(draw[turn < wanted[draw]], kept // n, kept % n)


def draw_missing_people(
    places: Places, rate: float, draws: range, *, seed: int
) -> tuple[Unrecorded, int]:  # fmt: skip
    """Draw people whom nobody recorded, `rate` being their share of all; return their ties and how many at most.

    They are numbered from `pairs.n` on, the same numbers in each draw.
    """
    pairs = places.pairs
    expected = pairs.n * rate / (1 - rate)
    if expected <= 0 or not pairs.n_ties:
        return _nothing(), 0
    chance = draw_uniforms(number_names(MISSING, ["how many people"], seed=seed), draws)[0]
    count = poisson(np.full(len(draws), expected), chance)
    sizes = np.sort(np.maximum(np.round(sum_strength(pairs)), 1).astype("int64"))
    names = [str(n) for n in range(int(count.max()))]
    size, home = (
        draw_uniforms(number_names(f"{MISSING} person {what}", names, seed=seed), draws) for what in ("ties", "home")
    )
    n_ties = sizes[(size * len(sizes)).astype("int64")] * (np.arange(len(names))[:, None] < count)
    tie = places.pick_tie(home)
    group = places.groups[np.where(home * 2**20 % 1 < 0.5, pairs.first[tie], pairs.second[tie])]
    person, draw = np.nonzero(n_ties)
    times = n_ties[person, draw]
    person, draw = np.repeat(person, times), np.repeat(draw, times)
    turn = np.arange(len(person)) - np.repeat(np.cumsum(times) - times, times)
    ends = [f"{p}\0{t}" for p in range(len(names)) for t in range(int(times.max(initial=0)))]
    chances = draw_uniforms(number_names(f"{MISSING} person's tie", ends, seed=seed), draws)
    own = chances[person * int(times.max(initial=0)) + turn, draw]
    other = places.pick(group[person, draw], own)
    keys = np.unique((draw * (pairs.n + len(names)) + other) * len(names) + person)
    draw, rest = np.divmod(keys, (pairs.n + len(names)) * len(names))
    return Unrecorded(draw, rest // len(names), pairs.n + rest % len(names)), len(names)


def poisson(mean: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Turn chances into counts with these means, each as often as it comes up by itself."""
    most = int(mean.max() + 12 * np.sqrt(mean.max()) + 20)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most)))])
    each = np.exp(np.arange(most) * np.log(mean)[:, None] - mean[:, None] - logs)
    return np.asarray((np.cumsum(each, axis=1) < chance[:, None]).sum(axis=1))


def _nothing() -> Unrecorded:
    none = np.empty(0, dtype="int64")
    return Unrecorded(none, none, none)
