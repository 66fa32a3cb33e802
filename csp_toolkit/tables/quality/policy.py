"""From what size a fault in a delivery is worth a sentence, and which comes first: read from params/quality."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from csp_toolkit.params import Frozen, Policy, policy_files, read_named

Share = Annotated[float, Field(gt=0, le=1)]
Weight = Annotated[float, Field(ge=0)]
Kind = Literal[
    "did not come", "held", "fewer rows", "rejected", "emptier column", "not read", "older than usual", "thin column",
    "codes moved", "disagreeing", "more rows", "repaired", "duplicates",
]  # fmt: skip


class Limits(Frozen):
    """From what size each fault is said; shares are of rows."""

    rejected_share: Share
    repaired_share: Share
    duplicate_share: Share
    disagreeing_share: Share
    rows_changed: Share
    emptier: Share
    codes_moved: Share
    days_later: Annotated[int, Field(ge=1)]


class QualityPolicy(Policy):
    """What is worth saying about a delivery, and in what order.

    `expected_filled` is by column, or by table.column, which goes first. `weights` orders kinds of fault,
    `feed_weights` feeds (1 where a feed is not named); a fault counts at most `most_times` its limit.
    """

    limits: Limits
    least_rows: Annotated[int, Field(ge=1)]
    expected_filled: dict[str, Share]
    most_times: Annotated[float, Field(ge=1)]
    weights: dict[Kind, Weight]
    feed_weights: dict[str, Weight]
    most_in_briefing: Annotated[int, Field(ge=0)]


def read_quality_policy(name: str | None = None, folder: Path | None = None) -> QualityPolicy:
    """Read the policy called `name`, or the first there is, from a workspace's `params` folder or the package."""
    return read_named("quality", name or next(iter(policy_files("quality", folder)), "csp_example_v1"),
                      QualityPolicy, folder)  # fmt: skip
