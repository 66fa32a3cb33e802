"""What the open questions of a domain can still make of it: every level it can come to, and every floor it can meet.

Questions that rules treat alike are counted and not told apart, so that a domain of eight open questions has a few
hundred completions and not six thousand.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, product

import numpy as np

from csp_toolkit.risk.caps import NOT_APPLICABLE, UNKNOWN
from csp_toolkit.risk.levels import level_domains, weigh_never_alone
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.risk.toolkit_parts import Axis, Ground

SEVERE = 3
Kind = tuple[bool, bool, int]


@dataclass(frozen=True)
class DomainKey:
    """A domain as it stands in an assessment: which one of its axis, and the answers, open ones included.

    `open` lists the open questions by their place in the form, each with its kind: what rules can see of it.
    """

    domain: int
    values: tuple[int, ...]
    open: tuple[tuple[int, Kind], ...]

    @cached_property
    def kinds(self) -> Counter[Kind]:
        """How many open questions there are of each kind."""
        return Counter(kind for _, kind in self.open)


@dataclass(frozen=True, eq=False)
class DomainStates:
    """What each domain can come to.

    Attributes
    ----------
    keys : for each assessment its domains as they stand; None where a domain does not apply.
    levels : the pairs of level and grounds met (as bits) that completions lead to.
    pairs : by domain, kind of question and end (0: up to the toolkit's high, 1: severe), the levels and grounds with
        that question at nought and at that end, for every completion of the others.
    """

    keys: tuple[tuple[DomainKey | None, ...], ...]
    levels: Mapping[DomainKey, frozenset[tuple[int, int]]]
    pairs: Mapping[tuple[DomainKey, Kind, int], frozenset[tuple[int, int, int, int]]]

    def keys_of(self, n: int) -> tuple[DomainKey | None, ...]:
        """Return the domains of one assessment."""
        return self.keys[n]


def collect_states(grid: np.ndarray, axis: Axis, grounds: list[Ground], toolkit: Toolkit) -> DomainStates:
    """Return what the domains of one axis can come to, for all assessments of a grid of answers."""
    keys = tuple(tuple(_keys(row, axis, grounds, toolkit)) for row in grid)
    distinct = sorted({key for row in keys for key in row if key is not None}, key=lambda k: (k.domain, k.values))
    tried: list[tuple[DomainKey, dict[Kind, list[int]]]] = []
    asked: list[tuple[DomainKey, Kind | None, int]] = []  # what each completion is for
    for key in distinct:
        for filled in _complete(key, key.kinds, toolkit.unknown_high):
            tried.append((key, filled))
            asked.append((key, None, 0))
        for kind in key.kinds:
            for filled in _complete(key, key.kinds - Counter([kind]), toolkit.unknown_high):
                for answer in (0, toolkit.unknown_high, SEVERE):
                    tried.append((key, filled | {kind: sorted([*filled.get(kind, ()), answer])}))
                    asked.append((key, kind, answer))
    levels, met = _look_up(tried, axis, grounds, toolkit)
    return _gather(keys, asked, levels, met, toolkit)


def _gather(
    keys: tuple[tuple[DomainKey | None, ...], ...], asked: list[tuple[DomainKey, Kind | None, int]],
    levels: np.ndarray, met: np.ndarray, toolkit: Toolkit,
) -> DomainStates:  # fmt: skip
    by_key: dict[DomainKey, set[tuple[int, int]]] = {}
    pairs: dict[tuple[DomainKey, Kind, int], set[tuple[int, int, int, int]]] = {}
    for at, (key, kind, answer) in enumerate(asked):
        here = (int(levels[at]), int(met[at]))
        if kind is None:
            by_key.setdefault(key, set()).add(here)
        elif answer == 0:
            for end in (0, 1):
                there = (int(levels[at + 1 + end]), int(met[at + 1 + end]))
                pairs.setdefault((key, kind, end), set()).add((*here, *there))
    return DomainStates(keys, {k: frozenset(v) for k, v in by_key.items()}, {k: frozenset(v) for k, v in pairs.items()})


def _keys(row: np.ndarray, axis: Axis, grounds: list[Ground], toolkit: Toolkit) -> Iterator[DomainKey | None]:
    for n, domain in enumerate(axis.domains):
        places = [toolkit.place[i.id] for i in domain.indicators]
        values = tuple(int(v) for v in row[places])
        if all(v == NOT_APPLICABLE for v in values):
            yield None
            continue
        kinds = [
            (i.critical, i.never_alone, sum(1 << k for k, g in enumerate(grounds) if i.id in g.answers))
            for i in domain.indicators
        ]
        is_open = [(p, kind) for p, v, kind in zip(places, values, kinds, strict=True) if v == UNKNOWN]
        yield DomainKey(n, values, tuple(is_open))


def _complete(key: DomainKey, kinds: Counter[Kind], high: int) -> Iterator[dict[Kind, list[int]]]:
    """Yield every way to answer so many questions of each kind, as answers in order."""
    present = [kind for kind, n in kinds.items() if n]
    ways = (combinations_with_replacement(range(high + 1), kinds[kind]) for kind in present)
    for chosen in product(*ways):
        yield {kind: list(answers) for kind, answers in zip(present, chosen, strict=True)}


def _look_up(
    tried: list[tuple[DomainKey, dict[Kind, list[int]]]], axis: Axis, grounds: list[Ground], toolkit: Toolkit
) -> tuple[np.ndarray, np.ndarray]:
    """Return the level that each completion leads to, and the grounds that it meets."""
    form = np.full((len(tried), len(toolkit.indicators)), NOT_APPLICABLE, dtype="int8")
    domain = np.zeros(len(tried), dtype=int)
    for n, (key, filled) in enumerate(tried):
        first = toolkit.place[axis.domains[key.domain].indicators[0].id]
        form[n, first : first + len(key.values)] = key.values
        left = {kind: list(answers) for kind, answers in filled.items()}
        for place, kind in key.open:
            form[n, place] = left[kind].pop()
        domain[n] = key.domain
    first_domain = [d.id for d in toolkit.domains].index(axis.domains[0].id)
    form = weigh_never_alone(form, toolkit)
    levels = level_domains(form, toolkit)[np.arange(len(tried)), first_domain + domain]
    met = np.zeros(len(tried), dtype="int64")
    for k, ground in enumerate(grounds):
        places = [toolkit.place[a] for a in ground.answers]
        holds = (form[:, places] >= ground.at_least).any(axis=1)
        holds |= (form > 0).any(axis=1) if ground.any_answer else False
        holds |= levels >= ground.domain_level if ground.domain_level is not None else False
        met |= holds.astype("int64") << k
    return levels, met
