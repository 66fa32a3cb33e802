"""The documents the law asks for before anything is produced, and whether they are in date.

An impact assessment and an equality assessment of the list itself, and a sharing agreement of the agency that owns
it: from the partnership's own governance file, or from the register of agreements it receives (C52).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import pandas as pd
from sqlalchemy import select

from csp_toolkit.errors import GovernanceError
from csp_toolkit.params import Policy, read_named
from csp_toolkit.tables import current, storage
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.coverage import AGREEMENTS_FEED

IMPACT, EQUALITY, AGREEMENT = "impact assessment", "equality assessment", "sharing agreement"
LIST_FEEDS = ("police_crimes", "police_intel", "police_nominals")
"""The feeds an agreement must cover before anybody is scored from them."""


class Governance(Policy):
    """The partnership's own references; empty where the register of agreements brings them."""

    impact_assessment_ref: str | None
    impact_assessment_expires_on: date | None
    equality_assessment_ref: str | None
    equality_assessment_expires_on: date | None
    lead_agency: str
    undated_equality_assessment: Literal["ends with the impact assessment", "does not count"]


@dataclass(frozen=True)
class Document:
    """One document the briefing rests on."""

    what: str
    ref: str
    expires_on: date


@dataclass(frozen=True, eq=False)
class Agreements:
    """The register of agreements as known, and whether everybody in the casebook is synthetic."""

    table: pd.DataFrame
    is_synthetic: bool


def read_governance(params: Path | None = None) -> Governance:
    """Read the partnership's governance file."""
    return read_named("governance", "partnership", Governance, params)


def read_agreements(casebook: Casebook, *, known_at: date) -> Agreements:
    """Read the register of agreements as known at a date, without reading anything about a person."""
    with storage.reading(casebook.engine) as connection:
        rows = connection.execute(select(storage.BATCHES).where(storage.BATCHES.c.received_on <= known_at))
        batches = pd.DataFrame(
            [dict(row) for row in rows.mappings()], columns=[c.name for c in storage.BATCHES.columns]
        )
        batches["received_on"] = batches["received_on"].astype("datetime64[us]")
        register = batches[batches["feed"] == AGREEMENTS_FEED]
        newest = register[register["received_on"] == register["received_on"].max()]
        table = current.read_every(connection, "agreements", newest)
    is_synthetic = bool(batches["n_synthetic_refs"].any() and not batches["n_live_refs"].any())
    return Agreements(table.drop_duplicates("agreement_ref", keep="last").reset_index(drop=True), is_synthetic)


def check_governance(governance: Governance, agreements: Agreements, *, as_of: date) -> tuple[Document, ...]:
    """Return the documents a list as at a date rests on.

    Raises
    ------
    GovernanceError : names every document that is missing, unsigned, ended, undated, or synthetic where people are not.
    """
    day = pd.Timestamp(as_of)
    table = agreements.table
    is_lead = [
        isinstance(agency, str) and fnmatchcase(agency, governance.lead_agency) and _covers_list(feeds)
        for agency, feeds in zip(table["agency"], table["feeds_covered"], strict=True)
    ]
    lead = table[pd.Series(is_lead, index=table.index, dtype="bool")]
    lead = lead[(lead["status"] == "IN_FORCE") & (lead["signed_on"] <= day)]
    lead = lead.sort_values(["expires_on", "agreement_ref"])
    row = lead.iloc[-1] if len(lead) else None

    impact = _own(governance.impact_assessment_ref, governance.impact_assessment_expires_on) or _brought(
        row, "dpia_ref", "dpia_expires_on"
    )
    equality = _own(governance.equality_assessment_ref, governance.equality_assessment_expires_on) or _brought(
        row, "eia_ref", "eia_expires_on"
    )
    if equality[0] and equality[1] is None and governance.undated_equality_assessment.startswith("ends with"):
        equality = (equality[0], impact[1])
    found = {IMPACT: impact, EQUALITY: equality, AGREEMENT: _brought(row, "agreement_ref", "expires_on")}
    problems = [
        p for what, (ref, end) in found.items() if (p := _problem(what, ref, end, as_of, agreements.is_synthetic))
    ]
    if problems:
        raise GovernanceError(
            f"Governance: {'; '.join(problems)}. Nothing was produced. Fill in params/governance/partnership.yaml "
            "or load the register of sharing agreements."
        )
    return tuple(Document(what, str(ref), end) for what, (ref, end) in found.items() if end is not None)


def _covers_list(feeds_covered: object) -> bool:
    patterns = [p.strip() for p in feeds_covered.split(";")] if isinstance(feeds_covered, str) else []
    return all(any(fnmatchcase(feed, pattern) for pattern in patterns) for feed in LIST_FEEDS)


_Reference = tuple[str | None, date | None]


def _own(ref: str | None, expires_on: date | None) -> _Reference | None:
    return (ref, expires_on) if ref and ref.strip() else None


def _brought(row: "pd.Series | None", ref: str, expires_on: str) -> _Reference:
    if row is None or not isinstance(row[ref], str) or not row[ref].strip():
        return None, None
    return row[ref], None if pd.isna(row[expires_on]) else row[expires_on].date()


def _problem(what: str, ref: str | None, expires_on: date | None, as_of: date, is_synthetic: bool) -> str | None:
    if not ref:
        return f"no {what} is named"
    if "SYN" in ref and not is_synthetic:
        return f"the {what} named is synthetic, and the people are not"
    if expires_on is None:
        return f"the {what} has no date of expiry"
    if expires_on < as_of:
        return f"the {what} ended on {expires_on.isoformat()}"
    return None


def describe_documents(documents: Sequence[Document]) -> list[dict[str, str]]:
    """Return the documents as a manifest carries them."""
    return [{"what": d.what, "ref": d.ref, "expires_on": d.expires_on.isoformat()} for d in documents]
