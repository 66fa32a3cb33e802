"""What counts as harm suffered, and how much: the policy file under `params/vulnerability`."""

from pathlib import Path

from pydantic import Field

from csp_toolkit.params import Frozen, Policy, read_named


class Rule(Frozen):
    """One kind of harm: its words, its points and their cap."""

    title: str
    points: int = Field(gt=0)
    cap: int = Field(gt=0)


class Injury(Rule):
    """Hurt in a crime of these offences flagged knife or firearm."""

    window_days: int
    ho_codes: tuple[str, ...]


class Victim(Frozen):
    """Victim of a crime of these offences: said on the page, worth no points."""

    title: str
    window_days: int
    ho_codes: tuple[str, ...]


class Suspected(Frozen):
    """What children's services suspect and have not accepted: said on the page, worth no points."""

    title: str
    ric_levels: tuple[str, ...]


class Notice(Rule):
    """A dated marker that is taken as live for so many days."""

    window_days: int
    marker: str


class Referral(Rule):
    """A referral in one of these states, or the police marker of one."""

    statuses: tuple[str, ...]
    marker: str


class Exploitation(Rule):
    """What children's services have accepted."""

    ric_levels: tuple[str, ...]
    counts_mace: bool


class Windowed(Rule):
    """Harm that counts for so many days."""

    window_days: int


class Missing(Windowed):
    """So many episodes of a child inside the window."""

    episodes: int


class Coercion(Frozen):
    """Graded reports of these themes about the first person named, points by grade."""

    title: str
    cap: int
    window_days: int
    themes: tuple[str, ...]
    grade_points: dict[str, int]


class Child(Rule):
    """Being under this age, in years."""

    under_years: int


class HarmPolicy(Policy):
    """The whole policy; `threshold` is where the meeting is asked which lens leads."""

    title: str
    cap: int
    threshold: int
    injury: Injury
    victim: Victim
    suspected: Suspected
    threat_to_life: Notice
    referral: Referral
    exploitation: Exploitation
    cuckooed: Windowed
    missing: Missing
    coercion: Coercion
    child: Child


def read_harm_policy(name: str = "csp_example_v1", folder: Path | None = None) -> HarmPolicy:
    """Read a policy by name, from a workspace's `params` folder or the package."""
    return read_named("vulnerability", name, HarmPolicy, folder)
