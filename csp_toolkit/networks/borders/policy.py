"""How links across borders are counted and from what number they are shown: the policy, read from params/borders."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import Frozen, Policy, policy_files, read_named

Days = Annotated[int, Field(ge=1)]
Least = Annotated[int, Field(ge=1)]
Kind = Literal["crime", "arrest", "rail"]


class RebrandPolicy(Frozen):
    """What each sign that a new line is an old one counts, and from how much one is suggested."""

    most_gap_days: Days
    most_overlap_days: Annotated[int, Field(ge=0)]
    at_least: Annotated[float, Field(gt=0)]
    shared_number: Annotated[float, Field(ge=0)]
    shared_person: Annotated[float, Field(ge=0)]
    shared_person_most: Annotated[float, Field(ge=0)]
    came_over: Annotated[float, Field(ge=0)]
    came_over_from: Annotated[int, Field(ge=2)]
    shared_address: Annotated[float, Field(ge=0)]
    same_deal: Annotated[float, Field(ge=0)]
    same_group: Annotated[float, Field(ge=0)]
    same_drugs: Annotated[float, Field(ge=0)]
    same_hosts: Annotated[float, Field(ge=0)]
    other_home: Annotated[float, Field(le=0)]
    other_group: Annotated[float, Field(le=0)]
    other_drugs: Annotated[float, Field(le=0)]


class BorderPolicy(Policy):
    """The windows, least counts and weights by which borders are studied."""

    window_days: Days
    home_days_before: Days
    home_days_after: Annotated[int, Field(ge=0)]
    home_stale_days: Days
    tenancy_area: Annotated[str, Field(pattern="^[A-Z][0-9]{8}$")] | None = None
    activity: Annotated[tuple[Kind, ...], Field(min_length=1)]
    court_results_left_out: tuple[str, ...]
    least_shown: Annotated[int, Field(ge=2)]
    least_shared: Least
    least_for_percent: Least
    tie_at_least: Annotated[float, Field(gt=0, le=1)]
    shuffles: Annotated[int, Field(ge=100)]
    band: Annotated[float, Field(gt=0, lt=1)]
    mixing_slice_days: Days
    mixing_slices: Least
    mixing_at_least_ties: Least
    gravity_at_least_pairs: Annotated[int, Field(ge=4)]
    gravity_at_least_people: Least
    journeys_at_least: Least
    handover_code: str
    handover_within_days: Days
    handover_look_back_days: Days
    outcomes_acknowledged: tuple[str, ...]
    outcomes_not_acknowledged: tuple[str, ...]
    silent_after_days: Days
    rebrand: RebrandPolicy

    @model_validator(mode="after")
    def _speaks_of_the_past_first(self) -> Self:
        if self.home_days_after > self.home_days_before:
            raise ValueError("home_days_after is more than home_days_before: what was said before an event comes first")
        if both := sorted({*self.outcomes_acknowledged} & {*self.outcomes_not_acknowledged}):
            raise ValueError(f"{', '.join(both)} cannot mean acknowledged and not acknowledged")
        return self


def read_border_policy(folder: Path | None = None, name: str | None = None) -> BorderPolicy:
    """Read the border policy: the one file there is under `params/borders`, or the one called `name`."""
    names = list(policy_files("borders", folder))
    if name is None and len(names) != 1:
        raise ParamsError(f"params/borders holds {len(names)} files; one is used. Keep the one in use, or name it.")
    return read_named("borders", name or names[0], BorderPolicy, folder)
