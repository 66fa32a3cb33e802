"""What is worth saying about each feed's newest delivery: one sentence a finding, those that matter most first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csp_toolkit.display.values import show_date
from csp_toolkit.tables.coverage import NO_MAPPING
from csp_toolkit.tables.quality.policy import Kind, QualityPolicy
from csp_toolkit.tables.row_rules import RULES

FINDING_COLUMNS = ("feed", "title", "agency", "kind", "column", "measured", "limit", "matters", "sentence")
DUPLICATES = ("duplicate_row", "key_repeated")
DISAGREEING = ("key_repeated_differs", "age_disagrees", "dates_out_of_order")
UNREAD = "not read"
_BY_STATE: dict[str, Kind] = {
    "missing": "did not come", "stale": "did not come", "held": "held", NO_MAPPING: "not read",
}  # fmt: skip
_SAID_OF_STATE = {"missing": "it was never received", NO_MAPPING: "it came and was not read, for it has no mapping yet"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One fault, its size and the size from which it is said; a feed that is not there has neither."""

    kind: Kind
    sentence: str
    measured: float | None = None
    limit: float = 1.0
    column: str = ""


def find_faults(
    feeds: pd.DataFrame, columns: pd.DataFrame, codes: pd.DataFrame, rules: pd.DataFrame, policy: QualityPolicy
) -> pd.DataFrame:
    """Say what is worth saying, what matters most first (`FINDING_COLUMNS`).

    Parameters
    ----------
    feeds : one row per feed, as `quality.check_quality` describes it.
    columns, codes, rules : what its newest delivery in use held, beside the one before.

    Notes
    -----
    `matters` is the kind's weight, times measured / limit (at most `most_times`, which is also what a feed counts
    that is not there), times the feed's weight.
    """
    parts = [_by_feed(table) for table in (columns, codes, rules)]
    rows = []
    for feed in feeds.to_dict("records"):
        mine = [part[feed["feed"]] for part in parts]
        for found in _look(feed, mine[0], mine[1], mine[2], policy):
            times = policy.most_times
            if found.measured is not None:
                times = min(found.measured / found.limit, times)
            matters = policy.weights.get(found.kind, 1.0) * times * policy.feed_weights.get(feed["feed"], 1.0)
            rows.append({
                "feed": feed["feed"], "title": feed["title"], "agency": feed["agency"], "kind": found.kind,
                "column": found.column, "measured": found.measured, "limit": found.limit,
                "matters": round(matters, 1), "sentence": f"{feed['title']}: {found.sentence}",
            })  # fmt: skip
    table = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    texts = ("feed", "title", "agency", "kind", "column", "sentence")
    table = table.astype(dict.fromkeys(texts, "str") | dict.fromkeys(("measured", "limit", "matters"), "float64"))
    order = ["matters", "feed", "kind", "column", "sentence"]
    table = table.sort_values(order, ascending=[False, *[True] * 4], kind="stable", ignore_index=True)
    return table.assign(measured=table["measured"].round(4))


def fold_unread(findings: pd.DataFrame) -> pd.DataFrame:
    """Say in one sentence which feeds no mapping knows: to whoever reads it they are one thing to see to."""
    unread = findings[findings["kind"] == UNREAD]
    if len(unread) < 2:
        return findings
    titles = ", ".join(unread["title"])
    told = f"{len(unread)} feeds came and were not read, for they have no mapping yet: {titles}."
    one = unread.head(1).assign(feed=None, title=None, agency=None, sentence=told).astype(findings.dtypes.to_dict())
    others = findings[findings["kind"] != UNREAD]
    return pd.concat([others, one]).sort_values("matters", ascending=False, kind="stable", ignore_index=True)


def _by_feed(table: pd.DataFrame) -> defaultdict[str, list[Row]]:
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        parts[row["feed"]].append(row)
    return parts


def _look(
    feed: Row, columns: Sequence[Row], codes: Sequence[Row], rules: Sequence[Row], policy: QualityPolicy
) -> Iterator[Found]:
    state = str(feed["state"])
    if state in _BY_STATE:
        yield Found(_BY_STATE[state], f"{_SAID_OF_STATE.get(state, feed['note'])}.")
    if pd.isna(feed["rows_in"]) or not feed["rows_in"]:
        return
    yield from _rows_changed(feed, policy)
    yield from _rejected(feed, rules, policy)
    if feed["rows_in"] >= policy.least_rows:
        yield from _small_faults(feed, rules, policy)
    yield from _lateness(feed, policy)
    for column in columns:
        yield from _fullness(column, policy)
    yield from _codes(codes, policy)


def _rows_changed(feed: Row, policy: QualityPolicy) -> Iterator[Found]:
    now, before = feed["rows_in"], feed["rows_before"]
    if pd.isna(before) or not before or max(before, now) < policy.least_rows:
        return
    change, limit = (now - before) / before, policy.limits.rows_changed
    told = f"rows than the delivery before it ({now:,}, was {before:,})."
    if _reaches(-change, limit):
        yield Found("fewer rows", f"{_percent(-change)} fewer {told}", -change, limit)
    elif _reaches(change, limit):
        yield Found("more rows", f"{_percent(change)} more {told}", change, limit)


def _rejected(feed: Row, rules: Sequence[Row], policy: QualityPolicy) -> Iterator[Found]:
    """Say how many rows were not kept for a reason other than that an earlier row says the same."""
    mine = [rule for rule in rules if rule["action"] == "rejected" and rule["rule"] not in DUPLICATES]
    n, n_rows = _total(mine), int(feed["rows_in"])
    if n and _reaches(n / n_rows, policy.limits.rejected_share):
        told = f"{_rows_were(n, n_rows)} not kept; {_worst(mine)}."
        yield Found("rejected", told, n / n_rows, policy.limits.rejected_share)


def _small_faults(feed: Row, rules: Sequence[Row], policy: QualityPolicy) -> Iterator[Found]:
    n_rows, limits = int(feed["rows_in"]), policy.limits
    twins = [rule for rule in rules if rule["rule"] in DUPLICATES]
    disagreeing = [rule for rule in rules if rule["rule"] in DISAGREEING]
    mended = [rule for rule in rules if rule["action"] == "repaired"]
    n = int(feed["repaired"])
    if _reaches(n / n_rows, limits.repaired_share):
        yield Found("repaired", f"{_rows_were(n, n_rows)} mended; {_worst(mended)}.", n / n_rows, limits.repaired_share)
    n = _total(twins)
    if _reaches(n / n_rows, limits.duplicate_share):
        told = f"{_rows_were(n, n_rows)} let go because an earlier row says the same."
        yield Found("duplicates", told, n / n_rows, limits.duplicate_share)
    n = _total(disagreeing)
    if _reaches(n / n_rows, limits.disagreeing_share):
        told = f"{_rows_were(n, n_rows)} kept as sent though something disagrees; {_worst(disagreeing)}."
        yield Found("disagreeing", told, n / n_rows, limits.disagreeing_share)


def _lateness(feed: Row, policy: QualityPolicy) -> Iterator[Found]:
    age, usual = feed["days_old"], feed["days_usual"]
    if pd.isna(age) or pd.isna(usual) or age - usual < policy.limits.days_later:
        return
    told = f"the newest record, of {show_date(feed['newest_on'])}, was {age} days old when it came; usually {usual}."
    yield Found("older than usual", told, float(age - usual), float(policy.limits.days_later))


def _fullness(column: Row, policy: QualityPolicy) -> Iterator[Found]:
    """Say that a column is emptier than before, or else that it is emptier than it ought to be."""
    n_rows, was_rows = column["n_rows"] or 0, column["n_rows_before"] or 0
    if n_rows < policy.least_rows:
        return
    share, name = column["n_filled"] / n_rows, f"{column['table']}.{column['column']}"
    what = f"the column “{column['heading']}” ({_plain(column['column'])})"
    if was_rows >= policy.least_rows and column["n_filled_before"]:
        before = column["n_filled_before"] / was_rows
        emptier = (before - share) / before
        if _reaches(emptier, policy.limits.emptier):
            told = f"{what} is {_percent(emptier)} emptier than in the delivery before it: filled in {_percent(share)} "
            yield Found(
                "emptier column", f"{told}of rows, was {_percent(before)}.", emptier, policy.limits.emptier, name
            )
            return
    expected = policy.expected_filled.get(name, policy.expected_filled.get(column["column"]))
    if expected is not None and share < expected:
        told = f"{what} is filled in {_percent(share)} of {n_rows:,} rows; {_percent(expected)} is expected."
        yield Found("thin column", told, expected - share, 0.1, name)


def _codes(codes: Sequence[Row], policy: QualityPolicy) -> Iterator[Found]:
    parts: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in codes:
        parts[(row["table"], row["column"], row["heading"])].append(row)
    for (table, column, heading), group in sorted(parts.items()):
        now, before = _total(group), sum(row["n_rows_before"] or 0 for row in group)
        if min(now, before) < policy.least_rows:
            continue
        moved = sum(abs((row["n_rows"] or 0) / now - (row["n_rows_before"] or 0) / before) for row in group) / 2
        if _reaches(moved, policy.limits.codes_moved):
            told = f"the mix of codes in “{heading}” ({_plain(column)}) moved: {_percent(moved)} of rows would need "
            told += "another code to give the mix of the delivery before it."
            yield Found("codes moved", told, moved, policy.limits.codes_moved, f"{table}.{column}")


def _reaches(measured: float, limit: float) -> bool:
    """Say whether a size reaches its limit, whatever the last digit of a division."""
    return round(measured, 9) >= limit


def _total(rows: Sequence[Row]) -> int:
    return sum(int(row["n_rows"] or 0) for row in rows)


def _worst(rules: Sequence[Row]) -> str:
    """Say which rule found most, in the words that stand beside it on every page."""
    first = min(rules, key=lambda rule: (-(rule["n_rows"] or 0), rule["rule"]))
    said = RULES.get(first["rule"], first["rule"].replace("_", " "))
    n = int(first["n_rows"] or 0)
    if _total(rules) == 1:
        return said
    return f"in all of them {said}" if n == _total(rules) else f"most often ({n:,}) {said}"


def _rows_were(n: int, n_rows: int) -> str:
    return f"{n:,} of {n_rows:,} rows {'was' if n == 1 else 'were'}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.01 or share == 0 else "under 1%"


def _plain(column: str) -> str:
    return column.removeprefix("is_").removeprefix("has_").replace("_", " ")
