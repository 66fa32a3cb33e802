"""The parts a risk assessment toolkit is made of: questions, domains, caps, levels, bands, floors, tiers and routes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from csp_toolkit.params import Frozen

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$")]
Value = Annotated[int, Field(ge=0, le=3)]
FactName = Literal["nrm_positive", "threat_to_life", "learning_disability", "mappa_2_3"]


class Indicator(Frozen):
    """One question: whom one asks, of whom it is asked, and what may be made of the answer.

    `lifetime`: an old answer stays true. `never_alone`: the answer cannot raise its domain by itself.
    """

    id: Code
    text: str
    owner: Code
    applies: Literal["both", "child", "adult"] = "both"
    critical: bool = False
    lifetime: bool = False
    never_alone: bool = False


class Domain(Frozen):
    """A part of a person's life that is assessed, and its weight in the axis."""

    id: Code
    name: str
    weight: int = Field(gt=0)
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class Ground(Frozen):
    """What makes a floor hold: an age, a fact and at most one thing about answers, all that are named at once."""

    under_years: int | None = None
    fact: FactName | None = None
    any_answer: bool = False
    domain_level: Value | None = None
    answers: tuple[Code, ...] = ()
    at_least: Value = 2

    @model_validator(mode="after")
    def _one_about_answers(self) -> "Ground":
        named = [self.any_answer, self.domain_level is not None, bool(self.answers)]
        if sum(named) > 1:
            raise ValueError("a ground names one of any_answer, domain_level and answers; write two grounds")
        if not any(named) and self.under_years is None and self.fact is None:
            raise ValueError("a ground names nothing")
        return self


class Floor(Frozen):
    """A band the axis cannot fall below, where any of the grounds is there; some set the tier as well."""

    id: Code
    title: str
    words: str
    band: Code
    grounds: tuple[Ground, ...] = Field(min_length=1)
    tier: Code | None = None


class Axis(Frozen):
    """One question the toolkit answers, from its own domains alone. Axes are never added."""

    id: Code
    name: str
    about: str
    floors: tuple[Floor, ...]
    domains: tuple[Domain, ...] = Field(min_length=1)


class RecencyStep(Frozen):
    """Up to so many days before the assessment an answer counts at most so much."""

    days: int
    at_most: Value


class Caps(Frozen):
    """What an answer counts at most, by when it was seen and by how it is known. The answer as given is kept.

    `grades`: by source, by information, and by a whole grade; E is left out altogether. `single_source`: information of
    these letters that one agency alone reports. `unsupported`: from this answer on a note must say what it rests on.
    """

    recency: tuple[RecencyStep, ...]
    older_at_most: Value
    ignored_information: tuple[str, ...]
    capped_sources: dict[str, Value]
    capped_information: dict[str, Value]
    single_source: dict[str, Value]
    unsupported_from: Value
    unsupported_at_most: Value
    alone_at_most: Value
    in_company_at_most: Value
    company_level: Value


class Count(Frozen):
    """So many answers of a domain at this or more; `critical` of them to critical questions."""

    count: int = Field(gt=0)
    at_least: Value
    critical: int = 0


class LevelRule(Frozen):
    """A domain is at this level where any of these counts is met."""

    level: Value
    any_of: tuple[Count, ...]


class Band(Frozen):
    """A band: from which score, what it means in plain words, and how neighbours call it."""

    name: Code
    min: int = Field(ge=0)
    words: str
    also_called: dict[str, str] = {}


class Completeness(Frozen):
    """How much must be known, in per cent of the questions that apply."""

    complete_percent: int
    provisional_percent: int
    insufficient_tier: Code


class Tiers(Frozen):
    """Which tier follows from which bands: a row for each band of one axis, a column for each of the other.

    Where there is one axis alone, `columns` is empty and each row has one tier.
    """

    order: tuple[Code, ...]
    rows: Code
    columns: Code | None
    table: dict[str, tuple[Code, ...]]
    words: dict[str, str]
    review_days: dict[str, int]


class Routes(Frozen):
    """What leads, by which band is higher; `child` takes the place of whatever no child may be given."""

    rows_higher: Code
    equal: Code
    columns_higher: Code
    child: Code
    never_for_a_child: tuple[Code, ...]
    words: dict[str, str]


class Protective(Frozen):
    """What protects a person: said beside the band and never taken off it."""

    id: Code
    text: str


class Judgement(Frozen):
    """A professional judgement given as a band: said beside the computed one and never added to it."""

    id: Code
    text: str
    bands: dict[str, Code]


class FactSources(Frozen):
    """What in the records makes a fact that floors go by; windows are days up to the assessment."""

    nrm_statuses: tuple[str, ...]
    threat_marker: str
    threat_days: int
    child_factors: tuple[str, ...]
    tenancy_codes: tuple[str, ...]
    mappa_levels: tuple[str, ...]
