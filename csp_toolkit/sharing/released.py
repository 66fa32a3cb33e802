"""Released: the only thing a briefing notebook can read.

One recipient's copy as plain tables and facts, after redaction. It goes to disk as JSON whose bytes depend on
its content alone, so that two runs on the same casebook write the same file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import pandas as pd

from csp_toolkit.errors import ReleaseError
from csp_toolkit.params import read_named

if TYPE_CHECKING:
    from csp_toolkit.sharing.recipients import Recipient
    from csp_toolkit.tables.view import View

FORMAT = "csp released 1"
BUNDLES, NAMED = "bundles", ".named.json"
WITHHELD_COLUMNS = ("what", "in_chairs_copy", "in_yours", "why")
_TYPES = {"date": "datetime64[us]", "whole": "Int64", "number": "float64", "flag": "boolean", "text": "str"}


def _no_withheld() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in WITHHELD_COLUMNS})


@dataclass(frozen=True, eq=False)
class Released:
    """What one recipient may see.

    Attributes
    ----------
    recipient : facts about the copy: profile, title, agency, role, purpose, regime, marking, handling,
        agreement_ref, agreement_expires_on, is_redacted, n_named, n_withheld, destroy_by, and once it is
        numbered copy_number, n_copies, copy_label.
    facts : the facts of the meeting this recipient may see, by name; text, numbers or nothing.
    tables : frames by name, only the tables and columns this recipient may see.
    withheld : one row per kind of thing left out (`WITHHELD_COLUMNS`).
    """

    recipient: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    withheld: pd.DataFrame = field(default_factory=_no_withheld)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def __contains__(self, table: object) -> bool:
        return table in self.tables

    def __repr__(self) -> str:
        rows = sum(len(frame) for frame in self.tables.values())
        return f"Released(to={self.recipient.get('profile')!r}, tables={len(self.tables)}, rows={rows})"

    def with_copy(self, *, number: int, n_copies: int) -> Self:
        """Return this copy with its number on it."""
        copy = {"copy_number": number, "n_copies": n_copies, "copy_label": f"Copy {number} of {n_copies}"}
        return replace(self, recipient={**self.recipient, **copy})

    def as_json(self) -> str:
        """Return the copy as JSON text, the same text for the same content."""
        content = {
            "format": FORMAT,
            "recipient": {name: _plain(value) for name, value in self.recipient.items()},
            "facts": {name: _plain(value) for name, value in self.facts.items()},
            "tables": {name: _frame_to_plain(frame, name) for name, frame in self.tables.items()},
            "withheld": _frame_to_plain(self.withheld, "withheld"),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False, indent=1) + "\n"

    def write(self, path: Path | str) -> Path:
        """Write the copy to `path` as JSON; its folder is made where it is missing."""
        home = Path(path)
        home.parent.mkdir(parents=True, exist_ok=True)
        home.write_text(self.as_json(), encoding="utf-8", newline="\n")
        return home

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """Read a copy that `write` wrote."""
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            kind = type(error).__name__
            raise ReleaseError(f"The released copy cannot be read ({kind}). Run the meeting again.") from None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ReleaseError("The file is not a released copy of this version. Run the meeting again.")
        return cls(
            recipient=content["recipient"],
            facts=content["facts"],
            tables={name: _frame_from_plain(frame) for name, frame in content["tables"].items()},
            withheld=_frame_from_plain(content["withheld"]),
        )


class _Papers(Protocol):
    @property
    def tables(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


def release(
    papers: _Papers, *, recipient: "str | Recipient", view: "View", params: Path | str, out: Path | str | None = None,
    canaries: tuple[str, ...] = (),
) -> Released:  # fmt: skip
    """Release a meeting's papers to one recipient: what their profile lists, under an agreement in force.

    Parameters
    ----------
    papers : the meeting's papers (`tables`, `facts`); not changed.
    recipient : a profile, or the name of one under `params/recipients`.
    view : the casebook the papers were made from.
    params : the workspace's `params` folder; the secret for pseudonyms lies beside it.
    out : the run's folder: the copy is written to `bundles/<recipient>.json` in it, and beside it, for the log of
        disclosures alone, who is named in it.
    canaries : planted texts that may appear in no copy.

    Raises
    ------
    GovernanceError
        If no agreement with the recipient's agency is in force at the view's date.
    ReleaseError
        If the copy would give away someone who is not in it.
    """
    from csp_toolkit.sharing.identities import identify
    from csp_toolkit.sharing.masking import read_key
    from csp_toolkit.sharing.recipients import Recipient, find_agreement
    from csp_toolkit.sharing.redaction import redact

    folder = Path(params)
    to = read_named("recipients", recipient, Recipient, folder) if isinstance(recipient, str) else recipient
    agreement = find_agreement(view["agreements"], to, as_of=view.as_of, is_synthetic=view.is_synthetic)
    key = read_key(folder.resolve().parent, to, is_synthetic=view.is_synthetic)
    shown = redact(papers.tables, papers.facts, recipient=to, identities=identify(view), key=key, canaries=canaries)
    copy = {
        "profile": to.name, "title": to.title, "agency": to.agency, "role": to.role, "purpose": to.purpose,
        "regime": agreement.regime, "agreement_ref": agreement.ref, "agreement_expires_on": agreement.expires_on,
        "marking": to.marking, "marking_line": to.marking_line, "handling": shown.handling,
        "is_redacted": to.is_redacted, "n_people": shown.n_people, "n_named": len(shown.named),
        "n_withheld": shown.n_people - len(shown.named),
        "destroy_by": view.as_of + timedelta(days=to.destroy_after_days),
        **{f"n_{reason}": n for reason, n in shown.counts.items()},
    }  # fmt: skip
    withheld = pd.DataFrame([w.model_dump() for w in to.withheld], columns=list(WITHHELD_COLUMNS), dtype="str")
    released = Released(copy, shown.facts, shown.tables, withheld)
    if out is not None:
        written = released.write(Path(out) / BUNDLES / f"{to.name}.json")
        people = sorted(shown.named & set(view.people["person_id"]))
        written.with_suffix(NAMED).write_text(json.dumps(people) + "\n", encoding="utf-8")
    return released


def list_copies(copies: Sequence[Released]) -> pd.DataFrame:
    """List copies side by side: to whom, under which agreement, how many are named and withheld."""
    facts = ("title", "agency", "agreement_ref", "handling", "is_redacted", "n_named", "n_withheld", "destroy_by")
    return pd.DataFrame([[copy.recipient[name] for name in facts] for copy in copies], columns=list(facts))


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column.dtype):
        return "flag"
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "date"
    if pd.api.types.is_integer_dtype(column.dtype):
        return "whole"
    return "number" if pd.api.types.is_float_dtype(column.dtype) else "text"


def _frame_to_plain(frame: pd.DataFrame, name: str) -> dict[str, Any]:
    kinds = [_kind(frame[column]) for column in frame.columns]
    if len(set(frame.columns)) < len(frame.columns):
        raise ReleaseError(f"Table {name}: a column name stands twice. Give each its own name.")
    columns = [[_plain(value) for value in frame[column].tolist()] for column in frame.columns]
    for column, kind, values in zip(frame.columns, kinds, columns, strict=True):
        n_wrong = sum(kind == "text" and value is not None and not isinstance(value, str) for value in values)
        if n_wrong:
            raise ReleaseError(f"Table {name}: column {column} holds {n_wrong} values that are not text.")
    return {
        "columns": [[column, kind] for column, kind in zip(frame.columns, kinds, strict=True)],
        "rows": [list(row) for row in zip(*columns, strict=True)] if columns else [],
    }


def _frame_from_plain(content: dict[str, Any]) -> pd.DataFrame:
    names = [column for column, _ in content["columns"]]
    frame = pd.DataFrame(content["rows"], columns=names, dtype="object")
    return frame.astype({column: _TYPES[kind] for column, kind in content["columns"]})


def _plain(value: Any) -> Any:
    """Return `value` as text, number, truth or nothing; refuse what JSON cannot carry faithfully."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, datetime):  # pandas' Timestamp is one
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | bool | int | float):
        return value
    if hasattr(value, "item"):
        return _plain(value.item())
    raise ReleaseError(f"A value of type {type(value).__name__} cannot stand in a released copy.")
