"""One released bundle as a page reads it: what is there, what is withheld, which sentences may stand.

A page never asks for more than was released. A table that is not in the bundle is not on the page; a sentence that
a stage generated passes the wording check before it is printed.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from csp_toolkit.display.values import is_missing, show_text
from csp_toolkit.display.wording import check_sentence


class Bundle:
    """A read-only look at a released bundle: `recipient`, `facts`, `tables` and `withheld`."""

    def __init__(self, released: Any) -> None:
        self._released = released
        self.facts: Mapping[str, Any] = released.facts
        self.tables: Mapping[str, pd.DataFrame] = released.tables

    @property
    def withheld(self) -> pd.DataFrame | None:
        """Return what this copy lacks against the chair's, or None where nothing is said to be withheld."""
        table = self._released.withheld
        return table if table is not None and len(table) else None

    def recipient(self, name: str, default: Any = None) -> Any:
        """Return one fact about the copy and who holds it."""
        facts = self._released.recipient
        value = facts.get(name) if isinstance(facts, Mapping) else getattr(facts, name, None)
        return default if _is_absent(value) else value

    @property
    def is_redacted(self) -> bool:
        """Say whether this is a redacted copy: everything but the chair's."""
        return bool(self.recipient("is_redacted", False))

    def has(self, *names: str) -> bool:
        """Say whether the bundle holds any of these tables."""
        return any(name in self.tables for name in names)

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table, or None where it was not released."""
        return self.tables.get(name)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return a table's rows as records; none where it was not released."""
        table = self.tables.get(name)
        return [] if table is None else [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]

    def fact(self, name: str, default: Any = None) -> Any:
        """Return one fact, or `default` where it was not released or is not known."""
        value = self.facts.get(name)
        return default if _is_absent(value) else value

    def sentence(self, name: str) -> str | None:
        """Return a generated sentence after the wording check, or None where there is none."""
        value = self.fact(name)
        return None if value is None else check_sentence(show_text(value))

    def sentences(self, name: str) -> list[str]:
        """Return a table of numbered sentences in order, each after the wording check."""
        table = self.tables.get(name)
        if table is None or table.empty:
            return []
        ordered = table.sort_values("n", kind="stable") if "n" in table.columns else table
        return [check_sentence(show_text(sentence)) for sentence in ordered["sentence"] if not is_missing(sentence)]


def _is_absent(value: Any) -> bool:
    return not isinstance(value, list | tuple | dict | pd.DataFrame) and is_missing(value)
