"""Who a copy is for: agency, purpose, agreement, and column by column what they may see.

A profile is flat on purpose: nothing inherits, nothing nests, so that a data-protection officer can read it from
top to bottom and be sure. What it does not list is dropped.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from csp_toolkit.errors import GovernanceError
from csp_toolkit.params import Frozen, Policy, policy_files, read_named
from csp_toolkit.records.schema import TABLES

Action = Literal[
    "KEEP", "PSEUDONYM", "GENERALISE age band", "GENERALISE month", "GENERALISE sector", "MASK", "DROP",
]  # fmt: skip
Rows = Literal["all", "asked", "own_agency"]
Handling = Literal["P", "C"]

FREE_TEXT = frozenset(c.name for t in TABLES.values() for c in t.columns if c.sensitivity == "free_text")


class TableRule(Frozen):
    """Which rows of one table a recipient may see, and what happens to each column.

    `rows`: ``all``; ``asked``, people the recipient's own agency is asked about; ``own_agency``, rows whose
    `agency` is the recipient's.
    """

    rows: Rows = "all"
    columns: dict[str, Action] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_what_its_rows_go_by(self) -> Self:
        needed = {"asked": "person_id", "own_agency": "agency"}.get(self.rows)
        if needed and self.columns.get(needed) not in ("KEEP", "PSEUDONYM"):
            raise ValueError(f"rows: {self.rows} needs the column {needed}, kept or as a pseudonym")
        return self


class Withholding(Frozen):
    """One kind of thing this copy leaves out, in words for its reader."""

    what: str
    in_chairs_copy: str
    in_yours: str
    why: str


class Recipient(Policy):
    """One recipient's profile.

    `agencies` are the names under which the recipient owns actions; `agreement_agency` and `agreement_ref` are
    patterns (``*`` for anything) of the agreement that must be in force. `conditions` are the handling conditions
    this recipient meets: an item with handling C is kept only where each of its conditions is among them.
    """

    title: str
    agency: str
    agencies: tuple[str, ...] = ()
    role: str
    regime: str
    purpose: str
    agreement_agency: str
    agreement_ref: str = "*"
    marking: str
    marking_line: str
    handling: tuple[Handling, ...] = ("P",)
    conditions: tuple[str, ...] = ()
    is_police: bool = False
    is_redacted: bool = True
    may_name_children: bool = False
    people: Literal["all", "asked"] = "asked"
    reference_prefix: str = Field(default="R", pattern=r"^[A-Z]{1,3}$")
    destroy_after_days: int = Field(gt=0)
    facts: tuple[str, ...] = ()
    tables: dict[str, TableRule] = Field(default_factory=dict)
    withheld: tuple[Withholding, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if "C" in self.handling and not self.conditions:
            raise ValueError("handling C needs the list of conditions this recipient meets")
        if self.people == "all" and self.is_redacted:
            raise ValueError("a redacted copy names only the people its recipient is asked about")
        if self.is_redacted and not self.withheld:
            raise ValueError("a redacted copy must say what it withholds, and why")
        if not self.is_police:  # C46
            free = [
                f"{table}.{column}"
                for table, rule in self.tables.items()
                for column, action in rule.columns.items()
                if column in FREE_TEXT and action == "KEEP" and rule.rows != "own_agency"
            ]
            if free:
                raise ValueError(f"free text goes to the police or to its own agency only: {', '.join(free)}")
        return self

    @property
    def key_name(self) -> str:
        """Name what this recipient's pseudonyms are keyed by: two recipients never share it."""
        return f"{self.name}\0{self.agency}"


class Agreement(Frozen):
    """The sharing agreement a copy rests on, in force on the day."""

    ref: str
    agency: str
    regime: str
    expires_on: date


def read_recipients(folder: Path | None = None) -> dict[str, Recipient]:
    """Read every recipient profile, from a workspace's `params` folder or the package."""
    return {name: read_named("recipients", name, Recipient, folder) for name in policy_files("recipients", folder)}


def find_agreement(agreements: pd.DataFrame, recipient: Recipient, *, as_of: date, is_synthetic: bool) -> Agreement:
    """Find the agreement under which `recipient` may receive a copy on a day; refuse when there is none (C40).

    Parameters
    ----------
    agreements : the canonical table `agreements`, as known.
    as_of : the last day of an agreement still counts.
    is_synthetic : whether the data are; a synthetic reference (SYN) counts only then.
    """
    day = pd.Timestamp(as_of)
    theirs = agreements[
        _match(agreements["agency"], recipient.agreement_agency)
        & _match(agreements["agreement_ref"], recipient.agreement_ref)
    ]
    if not is_synthetic:
        theirs = theirs[~theirs["agreement_ref"].str.contains("SYN", regex=False)]
    who = f"Recipient {recipient.name}"
    if theirs.empty:
        raise GovernanceError(
            f"{who}: no sharing agreement with {recipient.agreement_agency} is on record. "
            "Load csp_sharing_agreements with one, or change the profile's agreement."
        )
    valid = theirs[(theirs["status"] == "IN_FORCE") & (theirs["signed_on"] <= day) & (theirs["expires_on"] >= day)]
    if valid.empty:
        last = theirs["expires_on"].max()
        ended = "has no expiry date" if pd.isna(last) else f"ends on {last.date().isoformat()}"
        raise GovernanceError(
            f"{who}: none of {len(theirs)} agreements with {recipient.agreement_agency} is in force on "
            f"{as_of.isoformat()} (the last {ended}). Renew it and load the register, or leave the recipient out."
        )
    row = valid.sort_values(["expires_on", "agreement_ref"]).iloc[-1]
    regime = row["regime"] if isinstance(row["regime"], str) else recipient.regime
    return Agreement(ref=row["agreement_ref"], agency=row["agency"], regime=regime, expires_on=row["expires_on"].date())


def choose_recipients(
    names: Sequence[str],
    if_agreed: Sequence[str],
    agreements: pd.DataFrame,
    *,
    as_of: date,
    is_synthetic: bool,
    folder: Path | None,
) -> tuple[Recipient, ...]:
    """Choose who gets a copy of a meeting's papers on a day.

    Parameters
    ----------
    names : profiles that must have an agreement in force, or nothing is produced.
    if_agreed : profiles that get a copy where an agreement is in force, and none where it is not.
    """
    chosen = [read_named("recipients", name, Recipient, folder) for name in names]
    for to in chosen:
        find_agreement(agreements, to, as_of=as_of, is_synthetic=is_synthetic)
    for name in if_agreed:
        to = read_named("recipients", name, Recipient, folder)
        with suppress(GovernanceError):
            find_agreement(agreements, to, as_of=as_of, is_synthetic=is_synthetic)
            chosen.append(to)
    return tuple(chosen)


def _match(names: pd.Series, pattern: str) -> pd.Series:
    return names.map(lambda name: isinstance(name, str) and fnmatchcase(name, pattern)).astype(bool)
