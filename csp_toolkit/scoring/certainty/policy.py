"""How far each doubtful thing is varied, and from what chance a place is called firm: read from params/certainty."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from csp_toolkit.params import Frozen, Policy, read_named

EXAMPLE = "csp_example_v1"
Source = Literal["weights", "time", "outcomes", "truth", "identity"]
WEIGHTS, TIME, OUTCOMES, TRUTH, IDENTITY = SOURCES = ("weights", "time", "outcomes", "truth", "identity")
SOURCE_TITLES = {
    WEIGHTS: "weights of the criteria",
    TIME: "windows and decay",
    OUTCOMES: "weights of the outcomes",
    TRUTH: "truth of intelligence",
    IDENTITY: "open identity",
}

Share = Annotated[float, Field(ge=0, le=1)]


def _even(n: int) -> int:
    if n % 2:
        raise ValueError("give an even number")
    return n


Draws = Annotated[int, Field(ge=2), AfterValidator(_even)]


class TimeSpread(Frozen):
    """How far windows and steps are stretched, and in what share of the draws decay is smooth."""

    stretches: Annotated[tuple[Annotated[float, Field(gt=0, le=4)], ...], Field(min_length=1)]
    half_life_share: Share
    half_life_days: tuple[Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)]]


class CertaintyPolicy(Policy):
    """What is varied and how far. `draws` is the number of re-runs; `share_draws` that behind the sources' shares."""

    draws: Draws
    sources: tuple[Source, ...]
    weight_sd: Annotated[float, Field(ge=0, le=1)]
    time: TimeSpread
    outcome_sd: Annotated[float, Field(ge=0, le=1)]
    settled_outcomes: tuple[str, ...]
    most_matches: Annotated[int, Field(ge=0, le=8)]
    interval: tuple[Share, Share]
    core_at_least: Share
    zone_above: Share
    share_draws: Draws

    @model_validator(mode="after")
    def _holds_together(self) -> "CertaintyPolicy":
        pairs = {
            "interval": self.interval,
            "zone_above and core_at_least": (self.zone_above, self.core_at_least),
            "time.half_life_days": self.time.half_life_days,
        }
        wrong = [name for name, (low, high) in pairs.items() if low > high]
        if wrong:
            raise ValueError(f"{'; '.join(wrong)}: the lower stands first")
        return self


def read_certainty_policy(name: str = EXAMPLE, folder: Path | None = None) -> CertaintyPolicy:
    """Read a certainty policy by name, from a workspace's `params` folder or the package."""
    return read_named("certainty", name, CertaintyPolicy, folder)
