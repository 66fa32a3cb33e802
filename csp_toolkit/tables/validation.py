"""Judge every row of a mapped file: accepted, repaired, rejected or withdrawn, by named rules.

Each row is in exactly one of the four, and they add up to the rows of the file. A finding says which row and which
rule, never a value: what must not be kept leaves nothing else behind.
"""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from csp_toolkit.records.mapping import Mapped
from csp_toolkit.records.readings import CELL_FLAGS, CELL_REPAIRS
from csp_toolkit.records.recipes import Feed
from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.keys import keep_first

FINDING_COLUMNS = ("row", "rule", "action", "column")

# In the order in which they are asked: a row is rejected under the first that fits. What must not be kept at all
# comes first, so that a row above the marking is never read further to see what else is wrong with it.
REJECTIONS = {
    "row_length": "the row has more or fewer cells than there are headings, so none can be trusted",
    "marking_above": "the row is marked above OFFICIAL-SENSITIVE and may not be kept here",
    "marking_unknown": "the row has no protective marking, or one that is not known",
    "under_ten": "the row is about a child under ten, who may not be recorded here",
    "duplicate_row": "the row is identical to an earlier one, which was kept",
    "not_mapped": "the row is of a kind that the feed does not map",
    "unreadable_reference": "the row's own reference cannot be read, so nothing could be tied to it",
    "missing_required": "the row lacks something without which it cannot be used",
    "future_date": "the row speaks of a day after the one it was received on",
    "key_repeated": "an earlier row has the same reference, and this one adds nothing to it",
}
REPAIRS = {"part_under_ten": "a child under ten was named in the row and was left out of it"}
FLAGS = {
    "part_incomplete": "a person named in the row lacks something required and was left out of it",
    "key_repeated_differs": "rows under one reference disagree; the first was kept",
}
WITHDRAWALS = {"withdrawn_by_sender": "the sender has withdrawn the record; its text was not kept"}
RULES: dict[str, str] = {
    **CELL_FLAGS, **CELL_REPAIRS, **FLAGS, **REPAIRS, **WITHDRAWALS, **REJECTIONS,
}  # fmt: skip

YOUNGEST = 10
_UNDER_TEN = re.compile(r"(under|below|less than|<)\s*10|0?\d\s*(-|to)\s*0?9", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Validated:
    """A file's rows, judged.

    Attributes
    ----------
    tables : what may be kept: canonical frames, each with `row`; withdrawn rows are among them, by their status,
        so that they replace what was sent before, but without their text.
    findings : row, rule, action (repaired, rejected, flagged, withdrawn), column (the feed's heading, where the
        rule is about one cell). A rejected or withdrawn row has one finding only.
    accepted, repaired, rejected, withdrawn : rows of the file; they add up to `rows_in`.
    """

    feed: Feed
    file: str
    sha256: str
    rows_in: int
    tables: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    accepted: int
    repaired: int
    rejected: int
    withdrawn: int
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return (
            f"Validated({self.file}: {self.rows_in:,} rows, {self.accepted:,} accepted, {self.repaired:,} repaired, "
            f"{self.rejected:,} rejected, {self.withdrawn:,} withdrawn)"
        )


def validate(mapped: Mapped, *, received_on: date) -> Validated:
    """Judge the rows of a mapped file as received on a day."""
    checks = mapped.checks
    reasons = _reject(mapped, received_on)
    rejected = pd.Series(reasons, index=checks["row"]).dropna()
    found = [_finding(rejected.index, rejected, "rejected")]

    tables: dict[str, pd.DataFrame] = {}
    lost: set[int] = set()
    for name, table in mapped.tables.items():
        kept = table[~table["row"].isin(rejected.index)]
        if mapped.feed.tables[name].explode is not None:
            kept, said = _leave_out_parts(kept, name, received_on)
            found += said
        kept, repeated, differing = keep_first(kept, TABLES[name].key)
        found.append(_finding(differing, "key_repeated_differs", "flagged"))
        lost |= set(repeated)
        tables[name] = kept.reset_index(drop=True)
    empty = lost.difference(*(set(table["row"]) for table in tables.values()))
    found.append(_finding(sorted(empty), "key_repeated", "rejected"))

    dropped = set(rejected.index) | empty
    withdrawn = set(checks.loc[checks["is_withdrawn"], "row"]) - dropped
    found.append(_finding(sorted(withdrawn), "withdrawn_by_sender", "withdrawn"))
    tables = {name: _without_text(table, name, withdrawn) for name, table in tables.items()}
    findings = _gather([mapped.findings, *found], dropped, withdrawn)
    repaired = findings.loc[findings["action"] == "repaired", "row"].nunique()
    return Validated(
        feed=mapped.feed, file=mapped.file, sha256=mapped.sha256, rows_in=len(checks), tables=tables,
        findings=findings, accepted=len(checks) - repaired - len(dropped) - len(withdrawn), repaired=repaired,
        rejected=len(dropped), withdrawn=len(withdrawn), notes=mapped.notes,
    )  # fmt: skip


def tenth_birthday_limit(received_on: date) -> pd.Timestamp:
    """Return the day such that whoever was born after it is under ten on `received_on`.

    >>> tenth_birthday_limit(date(2026, 11, 20))
    Timestamp('2016-11-20 00:00:00')
    """
    return pd.Timestamp(received_on) - pd.DateOffset(years=YOUNGEST)


def _reject(mapped: Mapped, received_on: date) -> np.ndarray:
    """Return, for each row of the file, the first rule that rejects it, or None."""
    checks, feed = mapped.checks, mapped.feed
    born, day = checks["born_on"], pd.Timestamp(received_on)
    missing, future = _missing_required(mapped), _future(mapped, day)
    unreadable = mapped.findings.loc[mapped.findings["rule"] == "unreadable_reference", "row"]
    marking = checks["marking"].fillna("")
    applies = {
        "row_length": ~checks["is_whole"],
        "marking_above": marking.str.contains("SECRET|CONFIDENTIAL"),
        "marking_unknown": ~marking.str.match("OFFICIAL(?![A-Z])") if feed.checks.marking else False,
        "under_ten": ((born > tenth_birthday_limit(received_on)) & (born <= day)) | _young(checks),
        "duplicate_row": checks["is_repeat"],
        "not_mapped": ~checks["is_mapped"],
        "unreadable_reference": checks["row"].isin(missing & set(unreadable)),
        "missing_required": checks["row"].isin(missing),
        "future_date": checks["row"].isin(future) | (born > day),
    }
    reasons = np.full(len(checks), None, dtype=object)
    for rule in reversed([rule for rule in REJECTIONS if rule in applies]):
        reasons[np.asarray(applies[rule], dtype=bool) & np.ones(len(checks), dtype=bool)] = rule
    return reasons


def _young(checks: pd.DataFrame) -> pd.Series:
    """Say whose age says under ten: a band always, a plain number only where no date of birth was sent."""
    ages = checks["age_text"].fillna("")
    bands = [age for age in ages.unique() if _UNDER_TEN.fullmatch(age)]
    numbers = [age for age in ages.unique() if re.fullmatch(r"\d", age)]
    return ages.isin(bands) | (ages.isin(numbers) & checks["born_on"].isna())


def _missing_required(mapped: Mapped) -> set[int]:
    rows: set[int] = set()
    for name, table in mapped.tables.items():
        if mapped.feed.tables[name].explode is None:
            required = [c.name for c in TABLES[name].columns if c.required]
            rows |= set(table.loc[table[required].isna().any(axis=1), "row"])
    return rows


def _future(mapped: Mapped, day: pd.Timestamp) -> set[int]:
    rows: set[int] = set()
    for name, table in mapped.tables.items():
        event_on = TABLES[name].event_on
        if event_on is not None:
            rows |= set(table.loc[table[event_on].dt.normalize() > day, "row"])
    return rows


def _leave_out_parts(table: pd.DataFrame, name: str, received_on: date) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Leave out of an exploded table who is under ten or cannot be told apart."""
    born = table["dob"] if "dob" in table else pd.Series(pd.NaT, index=table.index)
    young = born > tenth_birthday_limit(received_on)
    required = [c.name for c in TABLES[name].columns if c.required]
    incomplete = table[required].isna().any(axis=1) & ~young
    said = [
        _finding(table.loc[young, "row"], "part_under_ten", "repaired"),
        _finding(table.loc[incomplete, "row"], "part_incomplete", "flagged"),
    ]
    return table[~young & ~incomplete], said


def _without_text(table: pd.DataFrame, name: str, rows: set[int]) -> pd.DataFrame:
    free = [c.name for c in TABLES[name].columns if c.sensitivity == "free_text"]
    gone = table["row"].isin(rows)
    return table.assign(**{c: table[c].mask(gone) for c in free}) if free and gone.any() else table


def _finding(rows: object, rule: object, action: str) -> pd.DataFrame:
    found = pd.DataFrame({"row": pd.Series(list(rows), dtype="Int64")})  # type: ignore[call-overload]
    rules = rule if isinstance(rule, str) else np.asarray(rule, dtype=object)
    return found.assign(rule=rules, action=action, column=np.nan)


def _gather(parts: list[pd.DataFrame], dropped: set[int], withdrawn: set[int]) -> pd.DataFrame:
    """Put findings together; of a row that is rejected or withdrawn only that is said."""
    types = {"row": "Int64", "rule": "str", "action": "str", "column": "str"}
    parts = [part[list(FINDING_COLUMNS)].astype(types) for part in parts]
    findings = pd.concat(parts).drop_duplicates()
    settled = findings["action"].isin(["rejected", "withdrawn"])
    findings = findings[settled | ~findings["row"].isin(dropped | withdrawn)]
    return findings.sort_values(["row", "rule", "column"], kind="stable", ignore_index=True)
