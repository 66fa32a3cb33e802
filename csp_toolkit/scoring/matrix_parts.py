"""The parts of a matrix: each a plain class with the limits its numbers must keep.

Points and factors are given as practitioners write them (20 points, .85) and counted in whole ten-thousandths, so
that sums are exact in any order on any engine.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from csp_toolkit.params import Frozen

ONE = 10_000
"""Ten-thousandths in one point, and in a factor of one."""

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


class Worked(Frozen):
    """One item of a criterion's worked example; what it comes to is counted by the scorer and never typed.

    Items of one example with the same `origin` come from one source.
    """

    evidence: str
    age_days: Annotated[int, Field(ge=0)]
    role: str = NOT_RECORDED
    base: Points | None = None
    origin: int = 1


class Criterion(Frozen):
    """One line of the matrix, with the words that say what counts. `worked` is what `example` says, item by item."""

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
    worked: tuple[Worked, ...] = ()
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
