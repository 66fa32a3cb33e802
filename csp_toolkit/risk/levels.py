"""Answers to domain levels, scores and bands, for all assessments at once: arrays in, arrays out.

Rows are assessments, columns questions in the order of the form. `UNKNOWN` and `NOT_APPLICABLE` are no numbers and are
never taken for nought.
"""

from dataclasses import dataclass

import numpy as np

from csp_toolkit.risk.caps import NOT_APPLICABLE, UNKNOWN
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.risk.toolkit_parts import Axis, Floor, Ground

NO_BAND = -1


@dataclass(frozen=True, eq=False)
class Facts:
    """What floors ask of a person beside answers: age in years (nan: not known) and facts by name."""

    age_years: np.ndarray
    by_name: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Reckoned:
    """One reading of the answers: levels a domain, and scores, arithmetic bands, bands and floors an axis."""

    levels: np.ndarray
    scores: dict[str, np.ndarray]
    arithmetic: dict[str, np.ndarray]
    bands: dict[str, np.ndarray]
    floors: dict[str, np.ndarray]


def reckon(values: np.ndarray, facts: Facts, toolkit: Toolkit) -> Reckoned:
    """Return levels, scores and bands of answers (n x questions, whole numbers)."""
    values = weigh_never_alone(values, toolkit)
    levels = level_domains(values, toolkit)
    scores, arithmetic, bands, floors = {}, {}, {}, {}
    first = 0
    for axis in toolkit.axes:
        own = levels[:, first : first + len(axis.domains)]
        first += len(axis.domains)
        scores[axis.id] = score_axis(own, axis, toolkit)
        arithmetic[axis.id] = bands[axis.id] = band_scores(scores[axis.id], toolkit)
        for floor in axis.floors:
            holds = hold_floor(floor, axis, values, own, facts, toolkit)
            lowest = np.where(holds, toolkit.band_names.index(floor.band), NO_BAND)
            bands[axis.id] = np.maximum(bands[axis.id], lowest)
            floors[floor.id] = holds
    return Reckoned(levels, scores, arithmetic, bands, floors)


def fill_unknown(values: np.ndarray, value: int) -> np.ndarray:
    """Return the answers with every unknown taken as `value`."""
    return np.where(values == UNKNOWN, np.int8(value), values)


def weigh_never_alone(values: np.ndarray, toolkit: Toolkit) -> np.ndarray:
    """Return the answers with those that are never enough by themselves cut to what they may count."""
    caps, places = toolkit.caps, [n for n, i in enumerate(toolkit.indicators) if i.never_alone]
    if not places or not (values[:, places] > caps.alone_at_most).any():
        return values
    rest = values.copy()
    rest[:, places] = NOT_APPLICABLE
    domain_of = _domain_of(toolkit)
    company = level_domains(rest, toolkit)[:, domain_of[places]] >= caps.company_level
    rest[:, places] = np.minimum(values[:, places], np.where(company, caps.in_company_at_most, caps.alone_at_most))
    return rest


def level_domains(values: np.ndarray, toolkit: Toolkit) -> np.ndarray:
    """Return each domain's level: by the counts of its rule; unknown, or not applicable where no question applies."""
    starts = np.array([toolkit.place[d.indicators[0].id] for d in toolkit.domains])
    critical = np.array([i.critical for i in toolkit.indicators])
    counts: dict[tuple[int, bool], np.ndarray] = {}

    def count(at_least: int, critical_only: bool) -> np.ndarray:
        if (at_least, critical_only) not in counts:
            hit = (values >= at_least) & (critical if critical_only else True)
            counts[at_least, critical_only] = np.add.reduceat(hit.view("int8"), starts, axis=1)
        return counts[at_least, critical_only]

    known = count(0, False) > 0
    levels = np.where(known, np.int8(0), np.int8(UNKNOWN))
    if not known.all():
        asked = np.add.reduceat((values == UNKNOWN).view("int8"), starts, axis=1) > 0
        levels[~known & ~asked] = NOT_APPLICABLE
    for rule in reversed(toolkit.levels):
        for way in rule.any_of:
            met = count(way.at_least, False) >= way.count
            if way.critical:
                met = met & (count(way.at_least, True) >= way.critical)
            levels[met] = rule.level
    return levels


def score_axis(levels: np.ndarray, axis: Axis, toolkit: Toolkit) -> np.ndarray:
    """Return the axis score: the mean level by weight on the toolkit's scale, half to even; nan if nothing is known."""
    weights = np.array([d.weight for d in axis.domains], dtype="float64")
    known = levels >= 0
    points, most = np.where(known, levels, 0) @ weights, 3 * (known @ weights)
    with np.errstate(invalid="ignore"):
        # Whole numbers divided once: what is exactly a half comes out as one, and is rounded to the even side.
        return np.rint(toolkit.scale * points / most)


def band_scores(scores: np.ndarray, toolkit: Toolkit) -> np.ndarray:
    """Return the place of each score's band; `NO_BAND` where there is no score."""
    mins = [band.min for band in toolkit.bands]
    return np.where(np.isnan(scores), NO_BAND, np.searchsorted(mins, np.nan_to_num(scores), side="right") - 1)


def hold_floor(
    floor: Floor, axis: Axis, values: np.ndarray, levels: np.ndarray, facts: Facts, toolkit: Toolkit
) -> np.ndarray:
    """Say of each assessment whether a floor holds. What is unknown holds no floor."""
    first = toolkit.place[axis.domains[0].indicators[0].id]
    own = values[:, first : first + sum(len(d.indicators) for d in axis.domains)]
    holds = np.zeros(len(values), dtype=bool)
    for ground in floor.grounds:
        holds |= _is_there(ground, own, values, levels, facts, toolkit)
    return holds


def _is_there(
    ground: Ground, own: np.ndarray, values: np.ndarray, levels: np.ndarray, facts: Facts, toolkit: Toolkit
) -> np.ndarray:
    there = np.ones(len(values), dtype=bool)
    if ground.under_years is not None:
        there &= facts.age_years < ground.under_years  # nan: the age is not known, and nothing follows from it
    if ground.fact is not None:
        there &= facts.by_name[ground.fact]
    if ground.any_answer:
        there &= (own > 0).any(axis=1)
    if ground.domain_level is not None:
        there &= (levels >= ground.domain_level).any(axis=1)
    if ground.answers:
        there &= (values[:, [toolkit.place[a] for a in ground.answers]] >= ground.at_least).any(axis=1)
    return there


def _domain_of(toolkit: Toolkit) -> np.ndarray:
    return np.repeat(np.arange(len(toolkit.domains)), [len(d.indicators) for d in toolkit.domains])
