"""What makes an override stand: reason, evidence, an end, who must agree, and never down while too little is known."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from csp_toolkit.risk.levels import NO_BAND
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.deciding.assessment_rules import DOWN, UP


def find_faults(
    override: Mapping[str, Any], assessed: Mapping[str, Any], floor: str | None, toolkit: Toolkit
) -> list[str]:
    """Say what keeps an override from standing; nothing where it stands.

    Parameters
    ----------
    override : outcome (UP or DOWN), band, reason, evidence, decided_on, valid_until, decided_by, countersigned_by.
    assessed : the row of the assessment: status, tier, and the computed band of the axis as `computed_band`.
    floor : the highest band that a floor in force holds the axis up to.
    """
    rules, names = toolkit.overrides, toolkit.band_names
    if override["band"] not in names:
        return [f"the band is none of {', '.join(names)}"]
    moved = names.index(override["band"]) - max(place_of(str(assessed["computed_band"]), toolkit), 0)
    faults = []
    if (override["outcome"] == UP) != (moved > 0) or moved == 0:
        faults.append("the band is not in the direction given")
    if len(_text(override["reason"])) < rules.reason_min_length:
        faults.append(f"the reason has fewer than {rules.reason_min_length} characters")
    if not _text(override["evidence"]):
        faults.append("no evidence is named")
    if override["outcome"] == DOWN and assessed["status"] in rules.none_down_while:
        faults.append(f"no band is set lower while the assessment is {str(assessed['status']).lower()}")
    if abs(moved) > rules.most_bands:
        faults.append(f"it moves more than {rules.most_bands} bands")
    if needs_countersign(moved, str(override["band"]), floor, toolkit):
        lacking = lacking_roles(_text(override["countersigned_by"]), str(override["decided_by"]), toolkit)
        if lacking:
            why = "below a floor" if is_below(str(override["band"]), floor, toolkit) else f"{abs(moved)} bands"
            faults.append(f"{why}, and not countersigned by the {' and the '.join(lacking)}")
    return faults + _bad_end(override, assessed, toolkit)


def needs_countersign(moved: int, band: str, floor: str | None, toolkit: Toolkit) -> bool:
    """Say whether others must agree: for so many bands, and for any move below a floor."""
    return abs(moved) >= toolkit.overrides.countersign_from_bands or is_below(band, floor, toolkit)


def is_below(band: str, floor: str | None, toolkit: Toolkit) -> bool:
    """Say whether a band lies below a floor in force."""
    return floor is not None and toolkit.band_names.index(band) < toolkit.band_names.index(floor)


def lacking_roles(countersigned_by: str, decided_by: str, toolkit: Toolkit) -> list[str]:
    """Return the roles that have not signed: each is written ``name, role``, parted by semicolons.

    Nobody countersigns what they decided themselves, and nobody signs in two roles.
    """
    signed: dict[str, str] = {}
    for part in countersigned_by.split(";"):
        name, _, role = (word.strip() for word in part.rpartition(","))
        if name and name.casefold() != decided_by.strip().casefold() and name.casefold() not in signed.values():
            signed.setdefault(role.casefold(), name.casefold())
    return [role for role in toolkit.overrides.countersign_roles if role.casefold() not in signed]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def place_of(band: str, toolkit: Toolkit) -> int:
    """Return the place of a band; below nought where there is none."""
    return toolkit.band_names.index(band) if band in toolkit.band_names else NO_BAND


def last_day(decided_on: pd.Timestamp, tier: str, toolkit: Toolkit) -> pd.Timestamp:
    """Return the last day an override may hold to: the next review. A meeting that is missed does not lengthen it."""
    days = toolkit.tiers.review_days[tier] or max(toolkit.tiers.review_days.values())
    return decided_on + pd.Timedelta(days=days)


def _bad_end(override: Mapping[str, Any], assessed: Mapping[str, Any], toolkit: Toolkit) -> list[str]:
    if pd.isna(override["valid_until"]):
        return ["it has no end"]
    last = last_day(pd.Timestamp(override["decided_on"]), str(assessed["tier"]), toolkit)
    late = pd.Timestamp(override["valid_until"]) > last
    return [f"it ends after the next review, {last:%Y-%m-%d}"] if late else []
