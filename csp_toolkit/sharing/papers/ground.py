"""What every meeting's papers stand on: days and words, which feeds came, every row, the data, the method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from csp_toolkit.sharing.papers import words as words
from csp_toolkit.sharing.papers.sources import (
    account_for_rows,
    count_asked,
    count_rules,
    describe_coverage,
    say_quality,
    say_reconciliation,
)
from csp_toolkit.tables.quality.report import Quality
from csp_toolkit.tables.view import View


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What papers are about: the meeting, its days and stage, who prepared them, the feeds it uses, and how to check.

    `feed_titles` and `rule_meanings` are words for a reader by name; `checks` are label and value.
    """

    meeting: str
    title: str
    as_of: date
    known_at: date
    previous_on: date | None
    stage: str
    prepared_by: str
    feed_titles: Mapping[str, str]
    rule_meanings: Mapping[str, str]
    checks: tuple[tuple[str, str], ...]
    feeds: tuple[str, ...] = ("*",)


@dataclass(frozen=True, eq=False)
class Papers:
    """What a meeting has before it: `tables` by name and `facts` by name."""

    meeting: str
    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, object]

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def __repr__(self) -> str:
        return f"Papers(meeting={self.meeting!r}, tables={len(self.tables)})"


def lay_ground(
    occasion: Occasion, view: View, quality: Quality, *, method: Sequence[str], limits: Sequence[str]
) -> Papers:
    """Lay the ground of a meeting's papers: the tables and facts that are the same whatever the meeting is about.

    Parameters
    ----------
    quality : how good the data is; what matters most of it stands in the papers.
    method, limits : sentences: how the papers were made, and what they cannot tell.

    Raises
    ------
    CheckFailed
        If the rows of the files do not add up.
    """
    coverage = describe_coverage(view, occasion.feed_titles, occasion.feeds)
    accounts = account_for_rows(view, occasion.feed_titles)
    tables = {
        "coverage": coverage,
        "accounts": accounts,
        "rules": count_rules(view, occasion.rule_meanings),
        "quality": say_quality(quality, occasion.feeds),
        "method": number_sentences(method),
        "limits": number_sentences(limits),
        "manifest": pd.DataFrame(list(occasion.checks), columns=["label", "value"], dtype="str"),
    }
    facts: dict[str, object] = {
        "title": occasion.title, "meeting_on": occasion.as_of.isoformat(),
        "previous_meeting_on": occasion.previous_on.isoformat() if occasion.previous_on else None,
        "as_of": occasion.as_of.isoformat(), "known_at": occasion.known_at.isoformat(), "stage": occasion.stage,
        "prepared_by": occasion.prepared_by, "is_synthetic": view.is_synthetic,
        "finding_coverage": words.finding_coverage(coverage),
        "finding_quality": words.finding_quality(*count_asked(quality, occasion.feeds)),
        "rows_reconciliation": say_reconciliation(accounts),
    }  # fmt: skip
    return Papers(occasion.meeting, tables, facts)


def number_sentences(sentences: Sequence[str]) -> pd.DataFrame:
    """Number sentences from one: n and sentence."""
    return pd.DataFrame({"n": range(1, len(sentences) + 1), "sentence": pd.Series(list(sentences), dtype="str")})
