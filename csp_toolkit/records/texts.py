"""A file as columns of distinct texts, and the findings made while it is read.

Each column is kept as its distinct texts and, for every row, the number of its text, so that whatever is asked of a
text is asked once however often it stands.
"""

import re
from collections.abc import Hashable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.records.files import RawFile
from csp_toolkit.records.parts import part_names, take_apart
from csp_toolkit.records.plain_texts import change_each
from csp_toolkit.records.readings import CELL_REPAIRS, plain
from csp_toolkit.records.recipes import SPREAD_PARTS, Explode, Spread

# Characters nobody sees: controls become blanks; what has no width, or turns the direction of writing, goes.
_CONTROLS: dict[int, str] = {code: " " for code in (*range(9), 11, 12, *range(14, 32), *range(127, 160))}
_CONTROLS |= dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF), "")


# UTF-8 read as Windows text: a lead byte's letter, then one that stands for a byte from 80 to BF.
_MOJIBAKE = re.compile("[ÂÃÄÅâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


class Findings:
    """What was mended or could not be read, gathered while a file is mapped."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, np.ndarray]] = []

    def add(self, column: str, rule: str, rows: np.ndarray) -> None:
        """Note a rule for some rows of a column."""
        if len(rows):
            self._parts.append((column, rule, rows))

    def frame(self) -> pd.DataFrame:
        """Return one row per row, column and rule, in that order."""
        frames = [pd.DataFrame({"row": rows, "column": column, "rule": rule}) for column, rule, rows in self._parts]
        types = {"row": "Int64", "column": "str", "rule": "str", "action": "str"}
        together = pd.concat(frames) if frames else pd.DataFrame(columns=["row", "column", "rule"])
        together = together.assign(action=together["rule"].isin(CELL_REPAIRS).map({True: "repaired", False: "flagged"}))
        return together.astype(types).drop_duplicates().sort_values(["row", "column", "rule"], ignore_index=True)


@dataclass(frozen=True, eq=False)
class Texts:
    """One column: its distinct texts, trimmed, and the number of each row's text.

    `read` keeps what readers made of the distinct texts, by reader and manner, for the next table that asks.
    """

    codes: np.ndarray
    distinct: list[str]
    read: dict[Hashable, tuple[Any, dict[str, np.ndarray]]] = field(default_factory=dict)

    def take(self, places: np.ndarray) -> "Texts":
        """Return the column for some of the rows."""
        return Texts(self.codes[places], self.distinct, self.read)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A file's columns by the feed's headings, the row number of each row, and where findings go."""

    rows: np.ndarray
    columns: dict[str, Texts]
    findings: Findings
    exploded: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def read(cls, raw: RawFile, sent_as: dict[str, str], findings: Findings) -> "Sheet":
        """Take the columns a feed reads out of a file, trimming their texts."""
        columns = {}
        for heading, sent in sent_as.items():
            codes, distinct = pd.factorize(raw.cells[sent])
            sent_texts = distinct.tolist()
            texts = change_each(sent_texts, mend, _needs_no_mending)
            tidied = change_each(texts, tidy, _is_tidy)
            for rule, before, after in (("mojibake_mended", sent_texts, texts), ("spaces_trimmed", texts, tidied)):
                changed = np.array([a is not b for a, b in zip(before, after, strict=True)], dtype=bool)
                if changed.any():
                    findings.add(heading, rule, raw.rows[changed[codes]])
            columns[heading] = Texts(codes, tidied)
        return cls(raw.rows, columns, findings)

    def take(self, places: np.ndarray) -> "Sheet":
        """Return some of the rows, in the order of `places`; a place may stand several times."""
        if len(places) == len(self) and np.array_equal(places, np.arange(len(self))):
            return self
        return replace(self, rows=self.rows[places], columns={h: t.take(places) for h, t in self.columns.items()})

    def text(self, heading: str) -> pd.Series:
        """Return a column as text, empty where it is empty or was not sent."""
        texts = self.columns.get(heading) or Texts(np.zeros(len(self), dtype="int64"), [""])
        return pd.Series(pd.array([*texts.distinct, ""], dtype="str").take(texts.codes))

    def is_any(self, heading: str, words: AbstractSet[str]) -> np.ndarray:
        """Say for each row whether a column holds one of some words."""
        if heading not in self.columns:
            return np.zeros(len(self), dtype=bool)
        texts = self.columns[heading]
        return np.array([plain(text) in words for text in texts.distinct], dtype=bool)[texts.codes]

    def joined(self, headings: tuple[str, ...], separator: str) -> Texts | None:
        """Return several columns as one, their texts parted by a separator; None where none of them was sent."""
        sent = [self.text(heading) for heading in headings if heading in self.columns]
        if not sent:
            return None
        first, *others = sent
        together = first.str.cat(others, sep=separator) if others else first
        codes, distinct = pd.factorize(together.str.strip(f"{separator} "))
        return Texts(codes, distinct.tolist())

    def spread(self, how: Spread) -> "Sheet":
        """Return one row for each column that stands for a value and is filled in, its heading and text as columns."""
        headings = [heading for heading in self.columns if how.fits(heading)]
        filled = np.array([self.text(heading) != "" for heading in headings], dtype=bool)
        places, which = np.nonzero(filled.reshape(len(headings), len(self)).T)
        sheet = self.take(places)
        texts = [self.text(heading).to_numpy() for heading in headings]
        cells = np.array([texts[w][p] for p, w in zip(places, which, strict=True)], dtype=object)
        codes, distinct = pd.factorize(cells)
        heading, cell = (part_heading(name) for name in SPREAD_PARTS)
        parts = {heading: Texts(which, list(headings)), cell: Texts(codes, list(distinct))}
        return replace(sheet, columns={**sheet.columns, **parts}, exploded="; ".join(how.headings))

    def explode(self, how: Explode) -> "Sheet":
        """Return one row per person named in a cell, with the parts of the pattern as columns."""
        texts = self.columns.get(how.column)
        if texts is None:
            return self.take(np.array([], dtype="int64"))
        apart = [take_apart(text, how.pattern, how.separator) if text else ([], False) for text in texts.distinct]
        failed = np.array([bad for _, bad in apart], dtype=bool)
        self.findings.add(how.column, "unreadable_part", self.rows[failed[texts.codes]])
        n_named = np.array([len(found) for found, _ in apart], dtype="int64")
        n_found, first = n_named[texts.codes], (np.cumsum(n_named) - n_named)[texts.codes]
        sheet = self.take(np.repeat(np.arange(len(self)), n_found))
        # Each row's people stand one after another among all the people of the distinct cells.
        which = np.arange(n_found.sum()) + np.repeat(first - (np.cumsum(n_found) - n_found), n_found)
        people = [person for found, _ in apart for person in found]
        parts = {}
        for name in part_names(how.pattern):
            codes, distinct = pd.factorize(np.array([person[name] for person in people], dtype=object))
            parts[part_heading(name)] = Texts(codes[which], list(distinct))
        return replace(sheet, columns={**sheet.columns, **parts}, exploded=how.column)


def fits(values: pd.Series, pattern: str) -> np.ndarray:
    """Say of each text whether all of it fits a pattern (a dot stands for line ends too); a missing one does not."""
    codes, distinct = pd.factorize(values)
    fit = re.compile(pattern, re.DOTALL).fullmatch
    return np.array([*(fit(text) is not None for text in distinct.tolist()), False], dtype=bool)[codes]


def part_heading(name: str) -> str:
    """Return the name under which a part of an exploded cell stands among the columns."""
    return f"part: {name}"


def mend(text: str) -> str:
    """Put right letters that were stored as UTF-8 and read as Windows text; anything else is returned itself.

    >>> mend("JosÃ©"), mend("SÃO"), mend("Zoë")
    ('José', 'SÃO', 'Zoë')
    """
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _needs_no_mending(block: list[str]) -> bool:
    return "".join(block).isascii()


def _is_tidy(block: list[str]) -> bool:
    together = f"|{'|'.join(block)}|"
    return together.isprintable() and not any(blanks in together for blanks in ("  ", "| ", " |"))


def tidy(text: str) -> str:
    """Take out control characters and blanks before, after or doubled; line ends within a text stay.

    A text with nothing to take out is returned itself, so that a change can be told by identity.
    """
    if text.isprintable() and text[:1] != " " and text[-1:] != " " and "  " not in text:
        return text
    lines = text.translate(_CONTROLS).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tidied = "\n".join(" ".join(line.split()) for line in lines).strip()
    return text if tidied == text else tidied
