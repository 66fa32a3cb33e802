"""Judge every row of a mapped file: accepted, repaired, rejected or withdrawn, by named rules.

Each row is in exactly one of the four, and they add up to the rows of the file. A finding says which row and which
rule, never a value: what must not be kept leaves nothing else behind.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from csp_toolkit.records.mapping import Mapped
from csp_toolkit.records.recipes import Feed
from csp_toolkit.records.schema import TABLES
from csp_toolkit.records.texts import fits
from csp_toolkit.tables.keys import find_shared_references, keep_first
from csp_toolkit.tables.row_rules import IN_ORDER, REJECTIONS, RULES
from csp_toolkit.tables.youth import find_under_ten, parts_under_ten, rows_under_ten

__all__ = ["REJECTIONS", "RULES", "Validated", "find_under_ten", "validate"]

FINDING_COLUMNS = ("row", "rule", "action", "column")
Known = AbstractSet[tuple[str, str]]
Found = tuple[Iterable[int], object, str]


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


def validate(mapped: Mapped, *, received_on: date, under_ten: Known = frozenset()) -> Validated:
    """Judge the rows of a mapped file as received on a day.

    Parameters
    ----------
    under_ten : who is known to be under ten from other files of the same delivery (`find_under_ten`), for rows that
        name a person without a date of birth.
    """
    checks = mapped.checks
    rejected = pd.Series(_reject(mapped, received_on, under_ten), index=checks["row"]).dropna()
    found: list[Found] = [(rejected.index, rejected.to_numpy(), "rejected")]

    tables: dict[str, pd.DataFrame] = {}
    lost: set[int] = set()
    for name, table in mapped.tables.items():
        kept = table[~table["row"].isin(rejected.index)]
        if mapped.feed.tables[name].explode is not None:
            young = parts_under_ten(mapped, name, kept, received_on, under_ten)
            lacking = kept[_required(name)].isna().any(axis=1) & ~young
            found.append((kept.loc[young, "row"], "part_under_ten", "repaired"))
            found.append((kept.loc[lacking, "row"], "part_incomplete", "flagged"))
            kept = kept[~young & ~lacking]
        kept, repeated, differing = keep_first(kept, TABLES[name].key)
        found.append((differing, "key_repeated_differs", "flagged"))
        found.append((_out_of_order(kept, name), "dates_out_of_order", "flagged"))
        lost |= set(repeated)
        tables[name] = kept.reset_index(drop=True)
    found.append((_age_disagrees(mapped), "age_disagrees", "flagged"))
    found.append((_before_birth(mapped), "before_birth", "flagged"))
    empty = lost.difference(*(table.loc[table["row"].isin(lost), "row"] for table in tables.values()))
    found.append((sorted(empty), "key_repeated", "rejected"))

    dropped = set(rejected.index) | empty
    withdrawn = set(checks.loc[checks["is_withdrawn"], "row"]) - dropped
    found.append((sorted(withdrawn), "withdrawn_by_sender", "withdrawn"))
    findings = _gather(mapped.findings, found, dropped, withdrawn)
    silent = withdrawn | set(findings.loc[findings["rule"] == "part_under_ten", "row"])
    repaired = findings.loc[findings["action"] == "repaired", "row"].nunique()
    return Validated(
        feed=mapped.feed, file=mapped.file, sha256=mapped.sha256, rows_in=len(checks),
        tables={name: _without_text(table, name, silent) for name, table in tables.items()},
        findings=findings, accepted=len(checks) - repaired - len(dropped) - len(withdrawn), repaired=repaired,
        rejected=len(dropped), withdrawn=len(withdrawn), notes=mapped.notes,
    )  # fmt: skip


def _reject(mapped: Mapped, received_on: date, under_ten: Known) -> np.ndarray:
    """Return, for each row of the file, the first rule that rejects it, or None."""
    checks, day = mapped.checks, pd.Timestamp(received_on)
    missing, future = _missing_required(mapped), _future(mapped, day)
    unreadable = mapped.findings.loc[mapped.findings["rule"] == "unreadable_reference", "row"]
    marking = checks["marking"]
    is_marked = mapped.feed.checks.marking is not None
    applies = {
        "row_length": ~checks["is_whole"],
        "heading_repeated": checks["is_heading"],
        "total_row": checks["is_total"],
        "marking_above": fits(marking, ".*(SECRET|CONFIDENTIAL).*"),
        "marking_unknown": ~fits(marking, "OFFICIAL(?![A-Z]).*") & is_marked,
        "under_ten": rows_under_ten(mapped, received_on, under_ten),
        "no_consent": ~checks["is_consented"],
        "duplicate_row": checks["is_repeat"],
        "not_mapped": ~checks["is_mapped"],
        "unreadable_reference": checks["row"].isin(missing & set(unreadable)),
        "missing_required": checks["row"].isin(missing),
        "future_date": checks["row"].isin(future) | (checks["born_on"] > day),
        "reference_of_two": checks["row"].isin(find_shared_references(mapped.tables)),
    }
    reasons = np.full(len(checks), None, dtype=object)
    for rule in reversed([rule for rule in REJECTIONS if rule in applies]):
        reasons[np.asarray(applies[rule], dtype=bool)] = rule
    return reasons


def _required(name: str) -> list[str]:
    return [column.name for column in TABLES[name].columns if column.required]


def _missing_required(mapped: Mapped) -> set[int]:
    rows: set[int] = set()
    for name, table in mapped.tables.items():
        if mapped.feed.tables[name].explode is None:
            rows |= set(table.loc[table[_required(name)].isna().any(axis=1), "row"])
    return rows


def _future(mapped: Mapped, day: pd.Timestamp) -> set[int]:
    rows: set[int] = set()
    for name, table in mapped.tables.items():
        event_on = TABLES[name].event_on
        if event_on is not None:
            rows |= set(table.loc[table[event_on].dt.normalize() > day, "row"])
    return rows


def _out_of_order(table: pd.DataFrame, name: str) -> pd.Series:
    hit = pd.Series(False, index=table.index)
    for start, end in IN_ORDER.get(name, ()):
        by_day = table[end].dt.normalize() < table[start].dt.normalize()
        has_time = TABLES[name].column(start).kind == TABLES[name].column(end).kind == "time"
        hit |= (table[end] < table[start]) if has_time else by_day
    return table.loc[hit, "row"]


def _before_birth(mapped: Mapped) -> set[int]:
    """Return the rows whose event stands before the date of birth they give."""
    born = mapped.checks.set_index("row")["born_on"]
    rows: set[int] = set()
    for name, table in mapped.tables.items():
        if event_on := TABLES[name].event_on:
            rows |= set(table.loc[table[event_on] < born.reindex(table["row"]).to_numpy(), "row"])
    return rows


def _age_disagrees(mapped: Mapped) -> pd.Series:
    """Return the rows whose stated age is not the one on the day of the event, give or take a year."""
    checks = mapped.checks[fits(mapped.checks["age_text"], r"\d{1,3}")]
    name = next(iter(mapped.tables))
    event_on = TABLES[name].event_on
    if event_on is None or checks.empty:
        return checks.loc[[], "row"]
    happened = mapped.tables[name].drop_duplicates("row").set_index("row")[event_on].reindex(checks["row"])
    years = (happened.to_numpy() - checks["born_on"].to_numpy()) / np.timedelta64(365, "D")
    return checks.loc[np.abs(years - 0.5 - checks["age_text"].astype(float).to_numpy()) > 1.5, "row"]


def _without_text(table: pd.DataFrame, name: str, rows: AbstractSet[int]) -> pd.DataFrame:
    free = [c.name for c in TABLES[name].columns if c.sensitivity == "free_text"]
    gone = table["row"].isin(rows)
    return table.assign(**{c: table[c].mask(gone) for c in free}) if free and gone.any() else table


def _gather(cells: pd.DataFrame, found: list[Found], dropped: set[int], withdrawn: set[int]) -> pd.DataFrame:
    """Put findings together; of a row that is rejected or withdrawn only that is said."""
    parts = [cells]
    for rows, rule, action in found:
        row = pd.array(list(rows), dtype="Int64")
        if len(row):
            parts.append(pd.DataFrame({"row": row, "rule": rule, "action": action, "column": np.nan}))
    types = {"row": "Int64", "rule": "str", "action": "str", "column": "str"}
    findings = pd.concat([part[list(FINDING_COLUMNS)].astype(types) for part in parts]).drop_duplicates()
    settled = findings["action"].isin(["rejected", "withdrawn"])
    findings = findings[settled | ~findings["row"].isin(dropped | withdrawn)]
    return findings.sort_values(["row", "rule", "column"], kind="stable", ignore_index=True)
