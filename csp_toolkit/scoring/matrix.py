"""The matrix as data: criteria, factors, caps, gates, and what maps to them.

Every number comes from a file under `params/matrices`. Points and factors are given there as practitioners write
them (20 points, .85) and counted in whole ten-thousandths, so that sums are exact in any order on any engine.
"""

from collections import Counter
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from csp_toolkit.params import Frozen, Policy, read_named

ONE = 10_000
"""Ten-thousandths in one point, and in a factor of one."""

EXAMPLE = "csp_example_v1"
NOT_RECORDED = "not recorded"
Basis = Literal["proved", "alleged", "intelligence"]
BASES: tuple[Basis, ...] = ("proved", "alleged", "intelligence")
Flag = Literal["knife", "firearm", "gang"]
GateStep = Literal["g10", "g4_removed", "g1", "g2", "g5", "g7", "g3", "g4", "g6"]


def _three_decimals(value: float) -> float:
    if abs(value * 1000 - round(value * 1000)) > 1e-9:
        raise ValueError("give at most three decimals")
    return value


Factor = Annotated[float, Field(ge=0, le=2), AfterValidator(_three_decimals)]
Points = Annotated[float, Field(gt=0, le=100), AfterValidator(_three_decimals)]


def ten_thousandths(value: float) -> int:
    """Return points or a factor in whole ten-thousandths.

    >>> ten_thousandths(0.85)
    8500
    """
    return round(value * ONE)


class Domain(Frozen):
    """A family of criteria with a cap of its own."""

    id: str
    title: str
    cap: Points


class Step(Frozen):
    """What remains of an item's points until so many days after its event."""

    days: int
    factor: Factor


class Criterion(Frozen):
    """One line of the matrix, with the words that say what counts."""

    id: str
    domain: str
    title: str
    base: Points
    window_days: int
    cap: Points
    evidence: tuple[Literal["outcome", "grade", "order", "exhibit", "statement"], ...]
    counts: str
    does_not_count: str
    example: str
    needs_charge: bool = False
    min_origins: int = 1
    directs_bonus: float = 0


class Outcome(Frozen):
    """What became of a suspicion, and how much it weighs."""

    title: str
    factor: Factor
    basis: Literal["proved", "alleged"]
    is_outcome: bool = False
    is_charge: bool = False
    is_removed: bool = False


class Offence(Frozen):
    """An offence and the criterion it is evidence for; `if_flagged` asks for one of these flags on the crime."""

    ho_code: str
    title: str
    criterion: str
    if_flagged: tuple[Flag, ...] = ()
    otherwise: str | None = None


class Theme(Frozen):
    """What a report's theme is evidence for; `base` where it differs from the criterion's."""

    criterion: str
    base: Points | None = None
    not_of_cuckooed: bool = False


class OrderRule(Frozen):
    """Which order is evidence for which criterion; `needs_basis` lists the recorded bases that count."""

    order_type: str
    criterion: str
    needs_basis: tuple[str, ...] = ()


class OriginBucket(Frozen):
    """How long one origin counts once, and the day the buckets are counted from."""

    days: Annotated[int, Field(gt=0)]
    counted_from: date


class Stale(Frozen):
    """When an undecided suspicion is flagged as not refreshed, and whether it then weighs less."""

    days: int
    is_down_weighted: bool
    applies_to: tuple[str, ...]
    becomes: str


class Red(Frozen):
    """The highest band: enough points, enough of them harm that is proved or alleged, and likely enough."""

    at_least: Points
    harm_at_least: Points
    harm_domains: tuple[str, ...]
    harm_criteria: tuple[str, ...]
    chance_at_least: Annotated[float, Field(ge=0, le=1)]


class Amber(Frozen):
    """The middle band. Above nothing and below it is Green."""

    at_least: Points


class Bands(Frozen):
    """Where the bands cut, on unrounded points."""

    red: Red
    amber: Amber


class Blocks(Frozen):
    """When someone in custody is shown as returning."""

    returning_days: int


class Dual(Frozen):
    """From which harm suffered and which score on the meeting must say which lens leads."""

    harm_at_least: int
    score_at_least: Points


class GateRules(Frozen):
    """The order of the gates and their limits."""

    order: tuple[GateStep, ...]
    fitting_categories: tuple[str, ...]
    scored_from_years: int
    ranked_alone_from_years: int
    adult_from_years: int
    review_days: int
    review_days_child: int
    fresh_days: int
    min_items: int
    min_origins: int
    strong_grades: tuple[str, ...]
    never_relied_on: tuple[str, ...]
    open_nrm: tuple[str, ...]
    nrm_marker: str


class MovementRules(Frozen):
    """What is called a move where the band did not change."""

    top: int
    places_in_top: int
    places: int
    points: Points


class Matrix(Policy):
    """A whole matrix. `note` says whose it is not, and is carried to every page."""

    title: str
    note: str
    domains: tuple[Domain, ...]
    intelligence_cap: Points
    assessment_led_share: Factor
    recency: tuple[Step, ...]
    clock: Literal["event", "outcome"]
    stale: Stale
    origin_bucket: OriginBucket
    criteria: tuple[Criterion, ...]
    outcomes: dict[str, Outcome]
    court_results: dict[str, str]
    outcome_codes: dict[str, str]
    disposals: dict[str, str]
    grades: dict[str, Factor]
    corroborated_information: str
    uncorroborated_information: str
    roles: dict[str, Factor]
    suspect_parts: dict[str, str]
    line_roles: dict[str, str]
    line_criterion: str
    home_forces: tuple[str, ...]
    offences: tuple[Offence, ...]
    themes: dict[str, Theme]
    orders: tuple[OrderRule, ...]
    co_offending_criterion: str
    co_offending_domains: tuple[str, ...]
    bands: Bands
    blocks: Blocks
    dual: Dual
    gates: GateRules
    movement: MovementRules

    @model_validator(mode="after")
    def _holds_together(self) -> "Matrix":
        problems = [*self._unknown_names(), *self._repeated_names()]
        days = [step.days for step in self.recency]
        if days != sorted(set(days)):
            problems.append("recency: give the steps in rising order of days")
        problems += [
            f"criterion {c.id}: its window reaches beyond the last recency step"
            for c in self.criteria
            if c.window_days > days[-1]
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_names(self) -> list[str]:
        criteria, domains = {c.id for c in self.criteria}, {d.id for d in self.domains}
        outcomes, roles, grades = set(self.outcomes), set(self.roles), set(self.grades)
        asked = {
            "criterion": (criteria, [
                *(o.criterion for o in self.offences), *(o.otherwise for o in self.offences if o.otherwise),
                *(t.criterion for t in self.themes.values()), *(o.criterion for o in self.orders),
                self.line_criterion, self.co_offending_criterion, *self.bands.red.harm_criteria,
            ]),
            "domain": (domains, [
                *(c.domain for c in self.criteria), *self.co_offending_domains, *self.bands.red.harm_domains,
            ]),
            "outcome": (outcomes, [
                *self.court_results.values(), *self.outcome_codes.values(), *self.disposals.values(),
                *self.stale.applies_to, self.stale.becomes, "order",
            ]),
            "role": (roles, [*self.suspect_parts.values(), *self.line_roles.values(), NOT_RECORDED]),
            "grade": (grades, [*self.gates.strong_grades, *self.gates.never_relied_on]),
        }  # fmt: skip
        return [
            f"no {kind} is called {name!r}"
            for kind, (known, names) in asked.items()
            for name in sorted(set(names) - known)
        ]

    def _repeated_names(self) -> list[str]:
        lists = {
            "criteria": [c.id for c in self.criteria],
            "domains": [d.id for d in self.domains],
            "offences": [o.ho_code for o in self.offences],
            "offence titles": [o.title for o in self.offences],
            "evidence": [*self.outcomes, *self.grades],
        }
        return [
            f"{where}: {name!r} stands twice"
            for where, names in lists.items()
            for name, n in Counter(names).items()
            if n > 1
        ]

    @cached_property
    def by_id(self) -> dict[str, Criterion]:
        """Return the criteria by their id."""
        return {c.id: c for c in self.criteria}

    @cached_property
    def evidence_factors(self) -> dict[str, int]:
        """Return the weight of every kind of evidence, outcomes and grades alike, in ten-thousandths."""
        return {key: ten_thousandths(o.factor) for key, o in self.outcomes.items()} | {
            key: ten_thousandths(factor) for key, factor in self.grades.items()
        }

    def weigh_grade(self, grade: str) -> float:
        """Return the factor of a grade, which is also the probability that an item of it is true."""
        return self.grades[grade]


def read_matrix(name: str = EXAMPLE, folder: Path | None = None) -> Matrix:
    """Read a matrix by name, from a workspace's `params` folder or the package."""
    return read_named("matrices", name, Matrix, folder)
