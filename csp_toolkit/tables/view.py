"""What the casebook says as at one date, knowing only what had been received by another.

A `View` is all that the analyses see. Every table that refers to people carries `person_id`, which is the same
in every view of the same casebook as long as the links known at the time are the same. Events after `as_of`
and records received after `known_at` are not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.deciding.judgements import list_judged_origins, no_judgements
from csp_toolkit.tables.person_links import CONTRADICTION_COLUMNS, LINK_COLUMNS

COVERAGE_COLUMNS = (
    "feed", "agency", "state", "received_on", "used_received_on", "newest_on", "age_days",
    "rows_in", "accepted", "repaired", "rejected", "withdrawn", "note",
)  # fmt: skip
PEOPLE_COLUMNS = (
    "person_id", "source_refs", "family_name", "given_name", "dob", "dob_precision", "home_area",
    "is_deceased", "merged_into", "markers",
)  # fmt: skip
PERSON_KEY_COLUMNS = ("person_id", "source_system", "source_ref")
POSSIBLE_MATCH_COLUMNS = ("match_id", "person_id", "source_system", "source_ref", "reason", "p_same", "looked_at")
REJECTED_COLUMNS = ("feed", "file", "row", "rule", "action")
DECISION_COLUMNS = (
    "decision_id", "kind", "person_id", "person_ref", "meeting_on", "decided_on", "decided_by", "role", "outcome",
    "reason", "valid_until", "details", "recorded_on",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class View:
    """The casebook as at `as_of`, as known at `known_at`.

    Attributes
    ----------
    tables : frames by canonical table name; `view["crimes"]` is short for `view.tables["crimes"]`.
    people : one row per person (`PEOPLE_COLUMNS`): the fullest record known of them.
    person_keys : one row per reference that stands for a person (`PERSON_KEY_COLUMNS`).
    possible_matches : records that may be one person and are held apart (`POSSIBLE_MATCH_COLUMNS`); the rows of
        one `match_id` belong together. `p_same` is the chance that they are one person, missing where it is not
        assessed; `looked_at` says that somebody has looked and left it undecided.
    decisions : what people decided and had recorded by `known_at` (`DECISION_COLUMNS`).
    coverage : one row per feed (`COVERAGE_COLUMNS`), `state` being one of ``arrived``, ``stale``, ``missing``,
        ``held``, ``no mapping yet``.
    rejected : one row per row that was not accepted as sent (`REJECTED_COLUMNS`).
    ever : tables as ever received by `known_at`, withdrawn and superseded rows included; only those a rule asks for.
    judgements : what people judged of pairs of records and of reports, and stands (`judgements.JUDGEMENT_COLUMNS`).
    person_links : what joins the records of a person, pair by pair, and why (`person_links.LINK_COLUMNS`).
    is_linked : the linking model's links are in it; else records are joined by shared numbers and judgements alone.
    contradictions : links that speak against a judgement and are held, one line each
        (`person_links.CONTRADICTION_COLUMNS`).
    """

    as_of: date
    known_at: date
    tables: Mapping[str, pd.DataFrame]
    people: pd.DataFrame
    person_keys: pd.DataFrame
    possible_matches: pd.DataFrame
    decisions: pd.DataFrame
    coverage: pd.DataFrame
    rejected: pd.DataFrame
    ever: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    is_synthetic: bool = False
    is_linked: bool = False
    judgements: pd.DataFrame = field(default_factory=no_judgements)
    person_links: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LINK_COLUMNS)))
    contradictions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CONTRADICTION_COLUMNS)))

    @property
    def judged_origins(self) -> pd.DataFrame:
        """The pairs of reports that people judged, as `trace_origins` takes them."""
        return list_judged_origins(self.judgements)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def __repr__(self) -> str:
        return f"View(as_of={self.as_of}, known_at={self.known_at}, people={len(self.people)})"


def list_columns(name: str) -> list[str]:
    """Return the columns that the canonical table `name` has in a view, `person_id` included."""
    table = TABLES[name]
    return [*table.names, "person_id"] if table.person else list(table.names)


def empty_table(name: str) -> pd.DataFrame:
    """Return the canonical table `name` with its columns and types and no rows, `person_id` included."""
    table = TABLES[name]
    types = {"date": "datetime64[us]", "time": "datetime64[us]", "whole": "Int64"}
    columns = {c.name: pd.Series(dtype=types.get(c.kind, "str")) for c in table.columns}
    if table.person:
        columns["person_id"] = pd.Series(dtype="str")
    return pd.DataFrame(columns)
