"""Which unanswered questions could change a band: alone, with others, or only by a severe answer. Exactly, by counting.

A question matters if there are answers to all the others that leave the band to it. That need not be tried out answer
by answer: a domain's level depends only on how many answers of a kind stand where, a score only on the sum of levels,
and a floor only on whether a domain reaches it.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from csp_toolkit.risk.answers import Answers
from csp_toolkit.risk.caps import UNKNOWN
from csp_toolkit.risk.completions import DomainStates, collect_states
from csp_toolkit.risk.facts import FACT_COLUMNS
from csp_toolkit.risk.levels import Facts, reckon
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.risk.toolkit_parts import Axis, Ground

CHANGING_COLUMNS = (
    "assessment_ref", "case_ref", "person_id", "axis", "indicator", "question", "owner", "agency", "is_critical", "how",
    "band_now", "band_if_0", "band_if_1", "band_if_2", "band_if_3",
)  # fmt: skip
ALONE, WITH_OTHERS, IF_SEVERE = "alone", "with others", "only if severe"
SEVERE = 3


def list_changing(answers: Answers, toolkit: Toolkit, places: np.ndarray) -> pd.DataFrame:
    """List the unanswered questions that could change a band of the assessments at `places` of `answers`.

    `alone`: by itself, whatever it is, with the rest left open. `with others`: there are answers to the rest that leave
    the band to it. `only if severe`: neither, unless the answer is 3. Answers are tried up to the toolkit's
    `unknown_high`, as in the range; ``band_if_3`` says what a severe answer alone would do.
    """
    grid, whose = answers.grid[places], answers.assessments.iloc[places]
    facts = Facts(whose["age_years"].astype("float64").to_numpy(),
                  {name: whose[name].to_numpy("bool") for name in FACT_COLUMNS})  # fmt: skip
    row, place = np.nonzero(grid == UNKNOWN)
    listed = _bands_alone(grid, facts, row, place, toolkit)
    decides, severe = _decides(grid, facts, row, place, toolkit)
    changes = np.column_stack([listed[f"band_if_{n}"].ne(listed["band_now"]) for n in range(SEVERE + 1)])
    alone = changes[:, : toolkit.unknown_high + 1].any(axis=1)
    how = np.select([alone, decides, severe | changes[:, SEVERE]], [ALONE, WITH_OTHERS, IF_SEVERE], "")
    indicators = [toolkit.indicators[n] for n in place]
    listed = listed.assign(
        assessment_ref=whose["assessment_ref"].to_numpy()[row], case_ref=whose["case_ref"].to_numpy()[row],
        person_id=whose["person_id"].to_numpy()[row], indicator=[i.id for i in indicators],
        question=[i.text for i in indicators], owner=[i.owner for i in indicators],
        agency=[toolkit.owners[i.owner] for i in indicators], is_critical=[i.critical for i in indicators], how=how,
    )  # fmt: skip
    order = {ALONE: 0, WITH_OTHERS: 1, IF_SEVERE: 2}
    listed = listed[listed["how"].ne("")].assign(order=lambda t: t["how"].map(order), place=place[how != ""])
    listed = listed.sort_values(["assessment_ref", "order", "place"], kind="stable", ignore_index=True)
    return listed[list(CHANGING_COLUMNS)]


def _bands_alone(grid: np.ndarray, facts: Facts, row: np.ndarray, place: np.ndarray, toolkit: Toolkit) -> pd.DataFrame:
    """Return the band now and under each answer to each open question, the others left open."""
    axis_of = np.array([n for n, axis in enumerate(toolkit.axes) for d in axis.domains for _ in d.indicators])[place]
    names = np.array([*toolkit.band_names, "INSUFFICIENT"], dtype=object)

    def band_if(answer: int) -> np.ndarray:
        tried = grid[row]
        tried[np.arange(len(row)), place] = answer
        repeated = Facts(facts.age_years[row], {name: fact[row] for name, fact in facts.by_name.items()})
        bands = np.column_stack([*reckon(tried, repeated, toolkit).bands.values()])
        return names[bands[np.arange(len(row)), axis_of]] if len(row) else names[:0]

    columns = {
        "axis": np.array([axis.id for axis in toolkit.axes], dtype=object)[axis_of],
        "band_now": band_if(UNKNOWN),
    }
    return pd.DataFrame(columns | {f"band_if_{n}": band_if(n) for n in range(SEVERE + 1)})


def _decides(
    grid: np.ndarray, facts: Facts, row: np.ndarray, place: np.ndarray, toolkit: Toolkit
) -> tuple[np.ndarray, np.ndarray]:
    """Say of each open question whether some answers to the others leave the band to it, up to high and if severe."""
    found: dict[tuple[int, int], tuple[bool, bool]] = {}
    for axis in toolkit.axes:
        grounds = [(toolkit.band_names.index(f.band), ground) for f in axis.floors for ground in f.grounds]
        states = collect_states(grid, axis, [g for _, g in grounds], toolkit)
        for n in np.unique(row):
            active = [(band, ground, 1 << k) for k, (band, ground) in enumerate(grounds) if _may_hold(ground, facts, n)]
            for question, outcome in _of_one(states, int(n), axis, active, toolkit):
                found[int(n), question] = outcome
    outcomes = [found.get((int(r), int(p)), (False, False)) for r, p in zip(row, place, strict=True)]
    both = np.array(outcomes, dtype=bool).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _of_one(
    states: DomainStates, n: int, axis: Axis, active: list[tuple[int, Ground, int]], toolkit: Toolkit
) -> Iterator[tuple[int, tuple[bool, bool]]]:
    """Yield the open questions of one assessment and axis with whether each can decide a band."""
    keys = [key for key in states.keys_of(n) if key is not None]
    most = 3 * sum(axis.domains[key.domain].weight for key in keys)
    if not most:
        return
    scores = np.rint(toolkit.scale * np.arange(most + 1) / most)
    bars = []  # for each band: from which sum it is reached, and which grounds give it outright
    for band in range(1, len(toolkit.bands)):
        mask = sum(bit for lowest, _, bit in active if lowest >= band)
        given = any(lowest >= band and not _is_dynamic(ground) for lowest, ground, _ in active)
        reached = np.nonzero(scores >= toolkit.bands[band].min)[0]
        if not given:
            bars.append((int(reached[0]) if len(reached) else most + 1, mask))
    for key in keys:
        weight = axis.domains[key.domain].weight
        others = [(axis.domains[k.domain].weight, states.levels[k]) for k in keys if k is not key]
        sums = [_sums(others, mask) for _, mask in bars]
        for question, kind in key.open:
            yield (
                question,
                tuple(
                    any(
                        _turns(states.pairs[key, kind, end], weight, bar, mask, reachable)
                        for (bar, mask), reachable in zip(bars, sums, strict=True)
                    )
                    for end in (0, 1)
                ),
            )  # type: ignore[misc]


def _sums(others: list[tuple[int, frozenset[tuple[int, int]]]], mask: int) -> int:
    """Return which sums of weighted levels the other domains can come to without meeting a ground, as bits."""
    sums = 1
    for weight, levels in others:
        allowed = {level for level, grounds in levels if not grounds & mask}
        sums = _add(sums, weight, allowed)
    return sums


def _add(sums: int, weight: int, levels: set[int]) -> int:
    total = 0
    for level in levels:
        total |= sums << (weight * level)
    return total


def _turns(pairs: frozenset[tuple[int, int, int, int]], weight: int, bar: int, mask: int, sums: int) -> bool:
    """Say whether the band is missed with the answer at nought and reached with it at the other end."""
    for level_0, grounds_0, level_1, grounds_1 in pairs:
        if grounds_0 & mask:
            continue
        below = sums & ((1 << max(bar - weight * level_0, 0)) - 1)
        if grounds_1 & mask:
            if below:
                return True
        elif below >> max(bar - weight * level_1, 0):
            return True
    return False


def _may_hold(ground: Ground, facts: Facts, n: int) -> bool:
    """Say whether what is fixed of a ground is there: the age and the fact it asks for."""
    young = ground.under_years is None or bool(facts.age_years[n] < ground.under_years)
    return young and (ground.fact is None or bool(facts.by_name[ground.fact][n]))


def _is_dynamic(ground: Ground) -> bool:
    return ground.any_answer or ground.domain_level is not None or bool(ground.answers)
