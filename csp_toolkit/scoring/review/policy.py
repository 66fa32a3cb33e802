"""How the matrix is tested: months, horizons, raters, intervals and the smallest count shown, from params/validity."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from csp_toolkit.params import Frozen, Policy, read_named

EXAMPLE = "csp_example_v1"
Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(gt=0)]


class Ethnicity(Frozen):
    """Where a workspace keeps its file of ethnicity, and which codes make a group. Codes in no group are unknown."""

    pattern: str
    reference: str
    column: str
    groups: dict[str, tuple[str, ...]]


class ValidityPolicy(Policy):
    """What is asked of a matrix, and from which figure on a caution is owed."""

    months: Count
    horizons_days: Annotated[tuple[Count, ...], Field(min_length=1)]
    outcome_domains: Annotated[tuple[str, ...], Field(min_length=1)]
    first: Count
    next: Count
    baseline_days: Count
    few_people: Count
    replay_months: Count
    second_rating_share: Share
    second_rating_least: Annotated[int, Field(ge=2)]
    caution_below: Share
    confidence: Share
    resamples: Annotated[int, Field(ge=100)]
    smallest_shown: Annotated[int, Field(ge=3)]
    age_bands: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)]
    ethnicity: Ethnicity | None = None
    alike_from: Share
    inflation_above: Annotated[float, Field(gt=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> "ValidityPolicy":
        for name, values in (("horizons_days", self.horizons_days), ("age_bands", self.age_bands)):
            if list(values) != sorted(set(values)):
                raise ValueError(f"{name}: give them in rising order, each once")
        return self


def read_validity_policy(name: str = EXAMPLE, folder: Path | None = None) -> ValidityPolicy:
    """Read a validity policy by name, from a workspace's `params` folder or the package."""
    return read_named("validity", name, ValidityPolicy, folder)
