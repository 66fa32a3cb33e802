"""The numbers of a toolkit that checks, overrides and suggestions go by."""

from pydantic import Field

from csp_toolkit.params import Frozen
from csp_toolkit.risk.toolkit_parts import Code, Value


class Check(Frozen):
    """One contradiction check: its questions and windows, what it is, and what is done about it.

    `reading`: of several questions the first that is answered decides, or all that are answered must be 0.
    """

    title: str
    action: str = Field(pattern="^(block|warn|cap|reject|panel|second_reader|restate|identity)$")
    ask: str
    indicators: tuple[Code, ...] = ()
    days: int | None = None
    at_least: Value | None = None
    reading: str = Field("first", pattern="^(first|all)$")


class ContradictionRules(Frozen):
    """The checks by code, and the few numbers they share. A toolkit without a check leaves its code out."""

    checks: dict[str, Check]
    closed_states: tuple[str, ...]
    attendance_percent: int
    cleared_states: tuple[str, ...] = ()
    taken_over_uses: tuple[str, ...] = ()
    tie_p_exists: float
    bands_fallen: int
    born_apart_days: int
    exploitation_themes: tuple[str, ...] = ()
    cleared_results: tuple[str, ...] = ()
    term_ends: dict[str, str] = {}


class OverrideRules(Frozen):
    """When professional judgement may set another band, and who must agree."""

    reason_min_length: int
    most_bands: int
    countersign_from_bands: int
    countersign_roles: tuple[str, ...]
    none_down_while: tuple[str, ...]
    least_for_percent: int = Field(gt=0)
    expected_percent: tuple[int, int]
    investigate_below_percent: int
    investigate_above_percent: int


class SuggestionRules(Frozen):
    """The windows and counts by which the records suggest an answer. A question left out is suggested nothing for."""

    window_days: int
    questions: dict[str, Code]
    missing_present: int
    missing_severe: int
    missing_long_hours: int
    attendance_persistent_percent: int
    attendance_severe_percent: int
    exclusion_days: int
    exclusions: int
    school_reasons: tuple[str, ...] = ()
    victim_days: int
    victim_repeat: int
    rail_days: int
    rail_times: int
    release_days: int
    tie_p_sure: float
    tie_p_suspected: float
    violent_codes: tuple[str, ...] = ()
    class_a_codes: tuple[str, ...] = ()
    line_roles: tuple[str, ...] = ()
    line_controls: tuple[str, ...] = ()
    group_leads: tuple[str, ...] = ()
