"""The risk assessment toolkit as data: any partnership's own, read from `params/toolkits`.

A toolkit is a structured prompt for professional judgement and a record of it. It ranks nobody and predicts nothing.
"""

from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import Field, model_validator

from csp_toolkit.params import Policy, read_named
from csp_toolkit.risk.toolkit_parts import (
    Axis,
    Band,
    Caps,
    Completeness,
    Domain,
    FactSources,
    Floor,
    Indicator,
    Judgement,
    LevelRule,
    Protective,
    Routes,
    Tiers,
    Value,
)
from csp_toolkit.risk.toolkit_rules import ContradictionRules, OverrideRules, SuggestionRules

INSUFFICIENT = "INSUFFICIENT"


class Toolkit(Policy):
    """The whole toolkit. An assessment made before `in_use_from` or after `in_use_to` was made under another version.

    Attributes
    ----------
    axes : what is assessed, each from its own domains; never added.
    levels : by which counts of answers a domain is at which level, highest first.
    scale : what an axis comes to where every domain is at level 3.
    unknown_high : what an unknown answer is taken as at the high end of a range; at the low end it is nought.
    """

    title: str
    statement: str
    in_use_from: date
    in_use_to: date | None
    adult_from_years: int
    owners: dict[str, str]
    answers: dict[str, str]
    unknown_reasons: dict[str, str]
    caps: Caps
    levels: tuple[LevelRule, ...]
    scale: int = Field(gt=0)
    unknown_high: Value
    bands: tuple[Band, ...] = Field(min_length=2)
    axes: tuple[Axis, ...] = Field(min_length=1)
    protective: tuple[Protective, ...]
    protective_answers: dict[str, str]
    judgement: Judgement | None = None
    completeness: Completeness
    tiers: Tiers
    routes: Routes
    request_working_days: int = Field(gt=0)
    facts: FactSources
    contradictions: ContradictionRules
    overrides: OverrideRules
    suggestions: SuggestionRules

    @cached_property
    def domains(self) -> tuple[Domain, ...]:
        """Every domain, axis after axis."""
        return tuple(domain for axis in self.axes for domain in axis.domains)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every question, in the order of the form."""
        return tuple(i for domain in self.domains for i in domain.indicators)

    @cached_property
    def by_id(self) -> dict[str, Indicator]:
        """The questions by their ids."""
        return {i.id: i for i in self.indicators}

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each question stands in the form."""
        return {i.id: n for n, i in enumerate(self.indicators)}

    @cached_property
    def band_names(self) -> tuple[str, ...]:
        """The bands, lowest first."""
        return tuple(band.name for band in self.bands)

    @property
    def key(self) -> str:
        """The name and version that an assessment is stored with."""
        return f"{self.name} {self.version}"

    def floor(self, floor_id: str) -> Floor:
        """Return the floor of that id."""
        return next(f for axis in self.axes for f in axis.floors if f.id == floor_id)

    def was_in_use(self, on: date) -> bool:
        """Say whether an assessment of that day was made under this version."""
        return self.in_use_from <= on and (self.in_use_to is None or on <= self.in_use_to)

    def explain(self, indicator: str) -> str:
        """Say what a question asks, of whom, and whom one asks."""
        i = self.by_id[indicator]
        of = {"both": "of everybody", "child": "of children", "adult": "of adults"}[i.applies]
        notes = ", critical" * i.critical + ", never enough by itself" * i.never_alone
        return f"{i.id}: {i.text} Asked {of}; answered by {self.owners[i.owner]}{notes}."

    @model_validator(mode="after")
    def _holds_together(self) -> "Toolkit":
        problems = [*_double_ids(self), *_loose_ends(self), *_bad_orders(self), *_bad_tiers(self)]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def read_toolkit(name: str = "csp_rat_v1", folder: Path | str | None = None) -> Toolkit:
    """Read a toolkit by name, from a workspace's `params` folder or the package.

    >>> toolkit = read_toolkit("csp_rat_v1")
    >>> len(toolkit.domains), len(toolkit.indicators), sum(i.critical for i in toolkit.indicators)
    (14, 86, 23)
    """
    return read_named("toolkits", name, Toolkit, Path(folder) if folder is not None else None)


def _double_ids(toolkit: Toolkit) -> list[str]:
    ids = [axis.id for axis in toolkit.axes] + [domain.id for domain in toolkit.domains]
    ids += [i.id for i in toolkit.indicators] + [p.id for p in toolkit.protective]
    ids += [floor.id for axis in toolkit.axes for floor in axis.floors]
    return [f"id {i} stands twice" for i in sorted({i for i in ids if ids.count(i) > 1 and i not in _areas(toolkit)})]


def _areas(toolkit: Toolkit) -> set[str]:
    """Return the ids of domains that are one question: question and domain may share an id."""
    return {d.id for d in toolkit.domains if [i.id for i in d.indicators] == [d.id]}


def _loose_ends(toolkit: Toolkit) -> list[str]:
    bands, tiers = set(toolkit.band_names), set(toolkit.tiers.order)
    problems = [f"{i.id}: owner {i.owner} is not among the owners" for i in toolkit.indicators
                if i.owner not in toolkit.owners]  # fmt: skip
    for axis in toolkit.axes:
        own = {i.id for d in axis.domains for i in d.indicators}
        for floor in axis.floors:
            if floor.band not in bands or (floor.tier is not None and floor.tier not in tiers):
                problems.append(f"floor {floor.id}: no such band or tier")
            asked = {a for ground in floor.grounds for a in ground.answers}
            if asked - own:
                problems.append(f"floor {floor.id}: {', '.join(sorted(asked - own))} is no question of axis {axis.id}")
    if toolkit.judgement and not set(toolkit.judgement.bands.values()) <= bands:
        problems.append("judgement: no such band")
    return problems


def _bad_orders(toolkit: Toolkit) -> list[str]:
    mins = [band.min for band in toolkit.bands]
    levels = [rule.level for rule in toolkit.levels]
    days = [step.days for step in toolkit.caps.recency]
    caps = [*(step.at_most for step in toolkit.caps.recency), toolkit.caps.older_at_most]
    checks = {
        "bands do not begin at 0 and rise": mins[0] == 0 and mins == sorted(set(mins)),
        "levels are not in falling order": levels == sorted(set(levels), reverse=True),
        "recency steps do not grow longer and count less": days == sorted(set(days)) and caps == sorted(caps)[::-1],
        "completeness: provisional is above complete": toolkit.completeness.provisional_percent
        <= toolkit.completeness.complete_percent,
        "in_use_to is before in_use_from": toolkit.in_use_to is None or toolkit.in_use_from <= toolkit.in_use_to,
    }
    return [problem for problem, holds in checks.items() if not holds]


def _bad_tiers(toolkit: Toolkit) -> list[str]:
    tiers, routes, bands = toolkit.tiers, toolkit.routes, toolkit.band_names
    axes = {axis.id for axis in toolkit.axes}
    wanted = {tiers.rows, *([tiers.columns] if tiers.columns else [])}
    problems = [] if wanted == axes else ["tiers: rows and columns are not the axes"]
    width = len(bands) if tiers.columns else 1
    cells = [tier for row in tiers.table.values() for tier in row]
    if set(tiers.table) != set(bands) or any(len(row) != width for row in tiers.table.values()):
        problems.append("tiers: the table has not a row for each band and a column for each band")
    if not {*cells, toolkit.completeness.insufficient_tier, *tiers.review_days} <= set(tiers.order):
        problems.append("tiers: a tier is not in the order")
    if not set(cells) <= set(tiers.review_days):
        problems.append("tiers: a tier has no review interval")
    if routes.child in routes.never_for_a_child or any("ENFORCEMENT" in r for r in (routes.child,)):
        problems.append("routes: a child's route may not be enforcement-led")
    led = {routes.rows_higher, routes.equal, routes.columns_higher}
    if {r for r in led if "ENFORCEMENT" in r} - set(routes.never_for_a_child):
        problems.append("routes: a route led by enforcement must be one that no child is given")
    return problems
