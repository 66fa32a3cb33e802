"""What every suggestion stands on: the people asked about, their records, and how records become an answer."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.risk.toolkit_rules import SuggestionRules
from csp_toolkit.tables.view import View

ITEM_COLUMNS = ("person_id", "table", "item_ref", "day")
LEVEL_COLUMNS = ("person_id", "answer", "last_seen_on", "sentence", "n_items")


@dataclass(frozen=True, eq=False)
class Found:
    """What one rule finds: an answer a person (`LEVEL_COLUMNS`), the records behind it, and whose records they are."""

    levels: pd.DataFrame
    items: pd.DataFrame
    agency: str


@dataclass(frozen=True, eq=False)
class Ground:
    """The view, who is asked about and who of them is a child, the toolkit, and ties where they were handed in."""

    view: View
    is_child: pd.Series
    toolkit: Toolkit
    ties: pd.DataFrame | None

    @property
    def rules(self) -> SuggestionRules:
        """The toolkit's rules of suggestion."""
        return self.toolkit.suggestions

    @property
    def today(self) -> pd.Timestamp:
        """The day of the view."""
        return pd.Timestamp(self.view.as_of)

    def read(self, table: str) -> pd.DataFrame:
        """Return the rows of a table about the people asked about."""
        rows = self.view[table]
        return rows[rows["person_id"].isin(self.is_child.index)]

    def is_asked(self, applies: str, people: pd.Series) -> pd.Series:
        """Say of each person whether a question of everybody, of children or of adults is put to them."""
        is_child = people.map(self.is_child).astype("bool")
        return is_child if applies == "child" else ~is_child if applies == "adult" else is_child | ~is_child

    def within(self, days: pd.Series, window_days: int) -> pd.Series:
        """Say of each day whether it lies in the window up to today, its first day included."""
        age = (self.today - days.dt.normalize()).dt.days
        return age.between(0, window_days)


def as_items(rows: pd.DataFrame, table: str, ref: str, day: str | None) -> pd.DataFrame:
    """Bring rows to `ITEM_COLUMNS`; without a day of their own they are as at today and undated."""
    days = rows[day].dt.normalize().astype("datetime64[us]") if day else pd.Series(pd.NaT, index=rows.index)
    items = pd.DataFrame(
        {"person_id": rows["person_id"], "table": table, "item_ref": rows[ref].astype("str"), "day": days}
    )
    return items.astype({"day": "datetime64[us]"})


def conclude(items: pd.DataFrame, agency: str, say: Callable[[pd.DataFrame], tuple[int, str] | None]) -> Found:
    """Make an answer of each person's records: `say` gives the value and the sentence, or nothing."""
    rows = []
    for person, own in items.groupby("person_id", sort=True):
        said = say(own)
        if said is not None:
            rows.append((person, said[0], own["day"].max(), said[1], len(own)))
    levels = pd.DataFrame(rows, columns=list(LEVEL_COLUMNS)).astype({"last_seen_on": "datetime64[us]"})
    return Found(levels, items[items["person_id"].isin(levels["person_id"])], agency)


def times(n: int) -> str:
    """Say how often.

    >>> times(1), times(2), times(3)
    ('once', 'twice', 'three times')
    """
    return {1: "once", 2: "twice"}.get(n) or count(n, "time", "times")


def count(n: int, one: str, many: str) -> str:
    """Say a number of things, small ones in words.

    >>> count(1, "missing episode", "missing episodes"), count(3, "stop", "stops"), count(12, "stop", "stops")
    ('one missing episode', 'three stops', '12 stops')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return f"{words[n] if n < len(words) else n} {one if n == 1 else many}"
