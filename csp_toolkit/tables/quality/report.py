"""How good the data is, feed by feed: what came, what was kept, how full and fresh it is, and what has changed.

It counts; it shows no value of any cell. Only deliveries that may be used are looked into: of a held one it is said
that it is held.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.display.figures import share_bar
from csp_toolkit.display.formatted import Fragment, Heading, format_table
from csp_toolkit.display.values import NOT_KNOWN, show_date
from csp_toolkit.errors import TableError
from csp_toolkit.records.feeds import Feed, read_feeds
from csp_toolkit.tables import storage
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.coverage import describe_coverage
from csp_toolkit.tables.known_records import read_arrivals, read_batches
from csp_toolkit.tables.quality.findings import find_faults, fold_unread
from csp_toolkit.tables.quality.policy import QualityPolicy, read_quality_policy
from csp_toolkit.tables.quality.profile import Profile, profile_deliveries

FEED_COLUMNS = (
    "feed", "title", "agency", "state", "received_on", "used_received_on", "rows_in", "rows_before", "accepted",
    "repaired", "rejected", "withdrawn", "share_kept", "share_filled", "share_filled_before", "newest_on", "days_old",
    "days_usual", "n_findings", "note",
)  # fmt: skip
_SHOWN = 12


@dataclass(frozen=True, eq=False)
class Quality:
    """How good the data of each feed's delivery in use is, as known at a date.

    Attributes
    ----------
    table : one row per feed (`FEED_COLUMNS`). Shares are 0 to 1; `share_filled` is that of all cells the feed fills;
        `days_old` is the age of the newest record when the delivery came, `days_usual` the median of those before.
    findings : one sentence each, those that matter most first, with what was measured and the limit.
    columns, codes, rules : the counts the findings rest on, now and in the delivery before.
    policy : the limits and weights used.
    """

    table: pd.DataFrame
    findings: pd.DataFrame
    columns: pd.DataFrame
    codes: pd.DataFrame
    rules: pd.DataFrame
    policy: QualityPolicy
    known_at: date

    def explain(self, feed: str) -> str:
        """Say all that was found of one feed."""
        if feed not in set(self.table["feed"]):
            raise TableError(f"No feed is called {feed!r}. There are: {', '.join(self.table['feed'])}.")
        said = self.findings.loc[self.findings["feed"] == feed, "sentence"].tolist()
        return " ".join(said) or f"{self.table.set_index('feed').loc[feed, 'title']}: nothing to say."

    def show_feed(self, feed: str) -> Fragment:
        """Show how full each column of one feed is, beside the delivery before."""
        self.explain(feed)
        mine = self.columns[self.columns["feed"] == feed]
        shown = mine.assign(
            share=mine["n_filled"] / mine["n_rows"], before=mine["n_filled_before"] / mine["n_rows_before"]
        ).sort_values(["share", "table", "column"], kind="stable")
        rows = [row | {"bar": Markup(share_bar(row["share"], row["before"]))} for row in shown.to_dict("records")]
        headings = (
            Heading("heading", "Column", "as sent", width=24, is_row_header=True),
            Heading("table", "Table", "and column", width=24, under="column"),
            Heading("share", "Filled", "% of rows", kind="number", width=12, write=_percent),
            Heading("before", "Before", "% of rows", kind="number", width=12, write=_percent),
            Heading("bar", "0 at left, 100% at right", "upright: before", kind="markup", width=28),
        )
        title = self.table.set_index("feed").loc[feed, "title"]
        table_id = f"columns-{feed.replace('_', '-')}"
        return Fragment.of(
            format_table(rows, headings, table_id=table_id, caption=f"How full each column is: {title}.")
        )

    def _repr_html_(self) -> str:
        sentences = fold_unread(self.findings)["sentence"]
        said = Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in sentences[:_SHOWN])
        n_more = max(0, len(sentences) - _SHOWN)
        more = Markup("<p>{} more in <code>findings</code>.</p>").format(n_more) if n_more else ""
        return str(Markup("<ol>{}</ol>{}{}").format(said, more, self._show_feeds()))

    def _show_feeds(self) -> Markup:
        headings = (
            Heading("title", "Feed", width=22, is_row_header=True),
            Heading("state", "State", width=10),
            Heading("used_received_on", "Used", "received", kind="date", width=12),
            Heading("rows_in", "Rows", kind="whole", width=8),
            Heading("rows_before", "Before", kind="whole", width=8),
            Heading("share_kept", "Kept", "% of rows", kind="number", width=8, write=str),
            Heading("days_old", "Newest", "days old", kind="whole", width=8, write=str),
            Heading("share_filled", "Filled", "% of cells", kind="number", width=8, write=str),
            Heading("bar", "0 to 100%", "upright: before", kind="markup", width=12),
            Heading("n_findings", "To ask", kind="whole", width=6),
        )
        return format_table(
            [_print_feed(row) for row in self.table.to_dict("records")], headings, table_id="data-quality",
            caption=f"How good the data is, as known at {show_date(self.known_at)}.",
            caption_note=f"{len(self.findings)} findings. Rules: {self.policy.name}, version {self.policy.version}.",
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"Quality(known_at={self.known_at}, feeds={len(self.table)}, findings={len(self.findings)})"


def check_quality(
    casebook: Casebook | Path | str, *, known_at: date | str, params: Path | str | None = None
) -> Quality:
    """Check how good the data is that had been received by a day.

    Parameters
    ----------
    casebook : an open casebook, a file, or an address. `known_at` : the day, a date or ISO text.
    params : a workspace's `params` folder; the packaged policies where none is given.

    Notes
    -----
    Each feed's newest delivery that may be used is set beside the usable one before it. A feed that came once has
    nothing to be set beside, and says nothing of change.
    """
    folder = Path(params) if params is not None else None
    feeds, policy = read_feeds(folder), read_quality_policy(folder=folder)
    day = date.fromisoformat(known_at) if isinstance(known_at, str) else known_at
    book = casebook
    if not isinstance(book, Casebook):
        book = Casebook.open(book if "://" in str(book) else Path(book))
    with storage.reading(book.engine) as connection:
        batches = _mark_compared(read_batches(connection, day))
        profile = profile_deliveries(connection, batches, feeds)
        coverage = describe_coverage(batches, read_arrivals(connection, day), {}, as_of=day)
    columns = _beside(profile.columns, batches, ("n_rows", "n_filled"))
    codes, rules = (_beside(table, batches, ("n_rows",)) for table in (profile.codes, profile.rules))
    table = _describe_feeds(coverage, batches, profile, columns, feeds)
    findings = find_faults(table, columns, codes, rules, policy)
    counts = findings.groupby("feed").size().reindex(table["feed"], fill_value=0).to_numpy()
    table = table.assign(n_findings=pd.array(counts, dtype="Int64"))[list(FEED_COLUMNS)]
    return Quality(table, findings, columns, codes, rules, policy, day)


def _mark_compared(batches: pd.DataFrame) -> pd.DataFrame:
    """Mark of each feed the newest usable delivery (`is_now`) and the usable one before it (`is_before`)."""
    usable = batches[batches["is_usable"]].sort_values("order")
    place = usable.groupby("feed").cumcount(ascending=False).reindex(batches.index)
    return batches.assign(is_now=place.eq(0), is_before=place.eq(1), is_compared=place.le(1))


def _beside(table: pd.DataFrame, batches: pd.DataFrame, numbers: tuple[str, ...]) -> pd.DataFrame:
    """Set the counts of each feed's newest delivery beside those of the one before, as `..._before`."""
    joined = table.merge(batches[["batch_id", "feed", "is_now"]], on="batch_id").drop(columns="batch_id")
    keys = [name for name in joined.columns if name not in (*numbers, "is_now")]
    now, before = (joined[joined["is_now"].eq(flag)].drop(columns="is_now") for flag in (True, False))
    before = before.rename(columns={name: f"{name}_before" for name in numbers})
    both = now.merge(before, on=keys, how="outer").sort_values(["feed", *keys], kind="stable", ignore_index=True)
    names = [f"{name}{end}" for name in numbers for end in ("", "_before")]
    return both[["feed", *[key for key in keys if key != "feed"], *names]].astype(dict.fromkeys(names, "Int64"))


def _describe_feeds(
    coverage: pd.DataFrame, batches: pd.DataFrame, profile: Profile, columns: pd.DataFrame, feeds: Mapping[str, Feed]
) -> pd.DataFrame:
    table = coverage.assign(
        title=[feeds[feed].title if feed in feeds else feed.replace("_", " ") for feed in coverage["feed"]],
        rows_before=coverage["feed"].map(_of(batches[batches["is_before"]], "rows_in")).astype("Int64"),
    )
    kept = (table["accepted"] + table["repaired"]).astype("Float64") / table["rows_in"].replace(0, pd.NA)
    full = columns.groupby("feed")[["n_rows", "n_filled", "n_rows_before", "n_filled_before"]].sum(min_count=1)
    aged = batches.assign(newest_on=batches["batch_id"].map(profile.newest_on))
    aged = aged.assign(days=(aged["received_on"] - aged["newest_on"]).dt.days)
    now = aged[aged["is_now"]]
    earlier = aged[aged["is_usable"] & ~aged["is_now"]]
    return table.assign(
        share_kept=kept.astype("float64"),
        share_filled=table["feed"].map(_share(full, "")),
        share_filled_before=table["feed"].map(_share(full, "_before")),
        newest_on=table["feed"].map(_of(now, "newest_on")).astype("datetime64[us]"),
        days_old=table["feed"].map(_of(now, "days")).astype("Int64"),
        days_usual=table["feed"].map(earlier.groupby("feed")["days"].median().round()).astype("Int64"),
        note=table["note"].fillna(""),
    )  # fmt: skip


def _of(batches: pd.DataFrame, column: str) -> pd.Series:
    return batches.drop_duplicates("feed", keep="last").set_index("feed")[column]


def _share(full: pd.DataFrame, end: str) -> pd.Series:
    return (full[f"n_filled{end}"].astype("float64") / full[f"n_rows{end}"].astype("float64")).where(
        full[f"n_rows{end}"] > 0
    )


def _print_feed(row: Mapping[Hashable, Any]) -> dict[Hashable, Any]:
    """Prepare one feed's row for a table: what was not read says so, and what has no dates."""
    is_read = not pd.isna(row["rows_in"])
    shown: dict[Hashable, Any] = dict(row)
    shown["days_old"] = f"{row['days_old']}" if not pd.isna(row["days_old"]) else "no dates" if is_read else "not read"
    for name in ("share_kept", "share_filled"):
        shown[name] = _percent(row[name]) if is_read else "not read"
    shown["bar"] = Markup(share_bar(row["share_filled"], row["share_filled_before"]))
    return shown


def _percent(share: float) -> str:
    return NOT_KNOWN if pd.isna(share) else f"{100 * share:.1f}"
