"""The plain-text twin of a fragment: the same words, readable without any style.

Derived from the fragment itself, so that the two cannot say different things. Tables become rows of cells parted
by bars; a picture is left out where its numbers stand beside it, and read by its title and description elsewhere.
"""

import textwrap
from html.parser import HTMLParser

Cell = tuple[str, int]
_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "caption", "figcaption", "dt", "tr"})
_BREAKS = frozenset({"br", "small", "dd", "div"})
_CELLS = frozenset({"td", "th"})
_WIDEST_CELL = 44
_LINE = 118


class _Reader(HTMLParser):
    """Collects lines of text and tables of cells from one fragment."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str | list[list[Cell]]] = []
        self._buffer: list[str] = []
        self._table: list[list[Cell]] | None = None
        self._row: list[Cell] | None = None
        self._span = (1, 1)
        self._below: dict[int, int] = {}
        self._hidden = 0
        self._svg = 0
        self._in_description = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            self._svg += 1
        elif self._svg:
            self._in_description = tag in {"title", "desc"}
        elif tag == "table":
            self._flush()
            self._table = []
            self._below = {}
            self.blocks.append(self._table)
        elif tag == "tr" and self._table is not None:
            self._row = []
            self._table.append(self._row)
            self._fill_from_above()
        elif tag in _CELLS:
            self._buffer = []
            given = dict(attrs)
            self._span = int(given.get("colspan") or 1), int(given.get("rowspan") or 1)
        elif tag in _BLOCKS:
            self._flush()
            if tag == "li":
                self._buffer.append("- ")
        elif tag in _BREAKS:
            self._buffer.append("; " if self._row is not None and "".join(self._buffer).strip() else " ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._svg -= 1
            self._in_description = False
        elif self._svg:
            if tag in {"title", "desc"}:
                self._buffer.append(". ")
            self._in_description = False
        elif tag in _CELLS and self._row is not None:
            wide, deep = self._span
            if deep > 1:
                start = sum(span for _, span in self._row)
                self._below |= {start + n: deep for n in range(wide)}
            self._row.append((_squeeze("".join(self._buffer)), wide))
            self._buffer = []
            self._fill_from_above()
        elif tag == "tr":
            self._row = None
            self._below = {at: deep - 1 for at, deep in self._below.items() if deep > 1}
        elif tag == "caption":
            words = _squeeze("".join(self._buffer))
            self._buffer = []
            self.blocks.insert(len(self.blocks) - 1, words)
        elif tag == "table":
            self._table = None
        elif tag in _BLOCKS or tag in {"dd", "div", "section"}:
            self._flush()

    def handle_data(self, data: str) -> None:
        if not self._svg or self._in_description:
            self._buffer.append(data)

    def close(self) -> None:
        super().close()
        self._flush()

    def _fill_from_above(self) -> None:
        """Leave a blank where a cell of a row above reaches down into this one."""
        if self._row is None:
            return
        at = sum(span for _, span in self._row)
        here = {place for place, deep in self._below.items() if deep == 1}
        while at in here:
            self._row.append(("", 1))
            at += 1

    def _flush(self) -> None:
        if self._row is not None:
            return
        words = _squeeze("".join(self._buffer))
        self._buffer = []
        if words and words != "-":
            self.blocks.append(words)


def _squeeze(text: str) -> str:
    return " ".join(text.split()).replace(" ;", ";").strip(" ;")


def read_as_text(html: str) -> str:
    """Return what a fragment says, as text.

    Examples
    --------
    >>> print(read_as_text("<p>Two people.</p><table><tr><th>Name</th><th>Age</th></tr>"
    ...                    "<tr><th>WATSON</th><td>28</td></tr></table>"))
    Two people.
    Name   | Age
    WATSON | 28
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines: list[str] = []
    for block in reader.blocks:
        lines += _table_lines(block) if isinstance(block, list) else (textwrap.wrap(block, _LINE) or [""])
    return "\n".join(lines)


def _table_lines(rows: list[list[Cell]]) -> list[str]:
    widths: list[int] = []
    for row in rows:
        at = 0
        for cell, span in row:
            widths += [0] * (at + span - len(widths))
            if span == 1:
                widths[at] = max(widths[at], min(len(cell), _WIDEST_CELL))
            at += span
    return [line for row in rows if (line := _row_line(row, widths))]


def _row_line(row: list[Cell], widths: list[int]) -> str:
    if not any(cell for cell, _ in row):
        return ""
    if len(row) == 1:
        return row[0][0]
    parts, at = [], 0
    for cell, span in row:
        parts.append(cell.ljust(sum(widths[at : at + span]) + 3 * (span - 1)))
        at += span
    return " | ".join(parts).rstrip()
