"""How much each kind of evidence says of a tie: the partnership's policy, read from params/networks."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from csp_toolkit.params import Frozen, Policy, read_named

Chance = Annotated[float, Field(ge=0, le=1)]
Grade = Annotated[str, Field(pattern="^[123][A-E]$")]
LineRole = Literal["CONTROLLER", "HOLDER", "DEALER", "DRIVER", "RUNNER", "MONEY_MULE"]
Confidence = Literal["CONFIRMED", "PROBABLE", "POSSIBLE"]
ApartKind = Literal[
    "stopped together", "shared phone", "shared address", "missing together", "shared group", "family",
]  # fmt: skip


class Doubt(Frozen):
    """How a network is varied, and how the answer is read.

    Attributes
    ----------
    draws, draws_monthly : how many networks are drawn, by hand and in the run of the monthly meeting.
    missing_ties, missing_people : the share of all ties, and of all people, that nobody recorded.
    ease : the weight, in ties, of somebody without one when unrecorded ties are placed.
    closing : of unrecorded ties, relative to recorded ones, how many join two who have somebody in common.
    untied : the chance that somebody in the network without a recorded tie has one.
    spread : nobody knows the rate, so in the draws it varies about the stated one: the standard deviation of its log.
    most_lost : where more than this share of the first places change hands, unrecorded people change the finding.
    top : who is "among the first" in a measure.
    diverted_ties : the chance that each tie of somebody diverted ends.
    chance_level : in at most this share of draws may chance do as well for an effect to be more than chance.
    least_side : a tie is called a bridge if each side has so many people.
    together_from : from which share of the draws two who come out together are taken to belong together.
    group_part, group_people : with which share of its people, and how many, a group goes into another or comes of it.
    """

    draws: Annotated[int, Field(ge=20)]
    draws_monthly: Annotated[int, Field(ge=20)]
    interval: tuple[Chance, Chance]
    top: Annotated[int, Field(ge=1)]
    missing_ties: Annotated[float, Field(ge=0, lt=0.9)]
    missing_people: Annotated[float, Field(ge=0, lt=0.9)]
    ease: Annotated[float, Field(gt=0)]
    closing: Annotated[float, Field(ge=0, le=1)]
    untied: Chance
    spread: Annotated[float, Field(ge=0)]
    most_lost: Chance
    diverted_ties: Chance
    chance_level: Chance
    least_side: Annotated[int, Field(ge=2)]
    together_from: Annotated[float, Field(gt=0, lt=1)]
    group_part: Annotated[float, Field(gt=0, le=1)]
    group_people: Annotated[int, Field(ge=1)]


class TiePolicy(Policy):
    """The chances, caps and windows by which evidence becomes ties.

    `line_roles` cannot name a cuckooed householder or a user: harm suffered is no association.
    """

    picture_window_days: Annotated[int, Field(ge=1)]
    most_nodes_drawn: Annotated[int, Field(ge=2, le=40)]
    most_nodes_on_screen: Annotated[int, Field(ge=2, le=150)]
    largest_event_people: Annotated[int, Field(ge=2)]
    cap_without_strong: Chance
    strong_information: tuple[str, ...]
    tested_sources: tuple[str, ...]
    tested_kinds: tuple[str, ...]
    grade_factors: dict[Grade, Chance]
    charged_together: Chance
    arrested_together: Chance
    stopped_together: Chance
    named_together: dict[str, Chance]
    caution_outcomes: tuple[str, ...]
    court_results_left_out: tuple[str, ...]
    stop_outcomes_out_of_measures: tuple[str, ...]
    disposals_out_of_measures: tuple[str, ...]
    line_roles: tuple[LineRole, ...]
    kinds_apart: tuple[ApartKind, ...]
    missing_together: Chance
    shared_phone: Chance
    phone_gap_days: Annotated[int, Field(ge=0)]
    shared_address: Chance
    family: Chance
    largest_household_people: Annotated[int, Field(ge=2)]
    communal_words: tuple[str, ...]
    membership: dict[Confidence, Chance]
    doubt: Doubt


def read_tie_policy(name: str = "csp_example_v1", folder: Path | None = None) -> TiePolicy:
    """Read the tie policy called `name`, from a workspace's `params` folder or the package."""
    return read_named("networks", name, TiePolicy, folder)
