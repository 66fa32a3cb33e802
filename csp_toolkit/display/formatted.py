"""Frames to formatted tables, for a notebook cell and for a page.

A `Fragment` is a piece of page with its text twin. It carries classes and no style: the page brings the style, and
where none is (an untrusted notebook) every number still stands as text. Everything that comes from a frame is
escaped; only our own components and our own pictures are markup.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from csp_toolkit.display import values, wording
from csp_toolkit.display.text_twin import read_as_text

COMPONENTS = Path(__file__).parent / "components"
Kind = Literal["text", "number", "whole", "date", "markup"]


@dataclass(frozen=True, eq=False, repr=False)
class Fragment:
    """A piece of a page, and the same in plain text. An empty one shows nothing on a page."""

    html: str
    text: str

    @classmethod
    def of(cls, html: str) -> "Fragment":
        """Make a fragment whose text twin is read off its own markup."""
        return cls(str(html), read_as_text(str(html)))

    def _repr_html_(self) -> str | None:
        return self.html or None

    def __repr__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.html)


@dataclass(frozen=True)
class Heading:
    """One column of a formatted table.

    `name` is the frame's column; `kind` says how its values are written and aligned. A heading whose column the
    frame lacks is left out, unless `is_required`: then its cells say "withheld".
    """

    name: str
    title: str
    unit: str = ""
    kind: Kind = "text"
    width: int = 0
    under: str = ""
    css: str = ""
    is_row_header: bool = False
    is_required: bool = False
    write: Callable[[Any], Any] | None = field(default=None, compare=False)

    @property
    def is_right(self) -> bool:
        """Say whether the column is aligned to the right, as numbers and dates are."""
        return self.kind in ("number", "whole", "date")

    @property
    def classes(self) -> str:
        """Name the cell classes, parted by a space."""
        return " ".join(name for name in ("num" if self.is_right else "", self.css) if name)


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "text": values.show_text,
    "number": values.show_decimal,
    "whole": values.show_whole,
    "date": values.show_date,
    "markup": lambda value: value,
}


def plain(value: object) -> object:
    """Prepare a value that a template prints: markup stays, text is cleaned, what is missing is said."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str | int | float | type(None)) or values.is_missing(value):
        return values.show_text(value) if not isinstance(value, str) or value else ""
    return value


@lru_cache(maxsize=8)
def environment(*folders: Path) -> Environment:
    """Return the template environment over `folders` and the shared components: everything escaped, nothing lax."""
    made = Environment(
        loader=FileSystemLoader([*folders, COMPONENTS]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        decimal=values.show_decimal,
        whole=values.show_whole,
        day=values.show_date,
        chance=wording.say_chance,
        counted=wording.count_in_words,
        joined=wording.join_in_words,
        yardstick=mark_yardstick,
    )
    made.tests.update(missing=values.is_missing, a_number=values.is_number)
    return made


def mark_yardstick(sentence: object) -> Markup:
    """Escape a sentence and set its yardstick words apart, so that a reader sees where a chance is said."""
    text = values.show_text(sentence)
    parts, start = [], 0
    for match in wording.YARDSTICK_WORD.finditer(text):
        parts += [Markup.escape(text[start : match.start()]), Markup('<b class="yard">{}</b>').format(match.group(0))]
        start = match.end()
    return Markup("").join([*parts, Markup.escape(text[start:])])


def format_table(
    rows: pd.DataFrame | Sequence[Mapping[str, Any]],
    headings: Sequence[Heading],
    *,
    table_id: str,
    caption: str,
    caption_note: str = "",
    totals: Mapping[str, object] | None = None,
    css: str = "",
) -> Markup:
    """Lay out rows as one table with a caption, scoped headers and no empty cell.

    Parameters
    ----------
    rows : a frame, or records where a cell is markup (a frame would make plain text of it), in reading order.
    headings : the columns, in order; those the frame lacks are left out or say "withheld".
    table_id : unique on the page.
    totals : a last row, by column name; its first cell says what it totals.
    """
    records = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows
    named = set(rows.columns) if isinstance(rows, pd.DataFrame) else {name for row in rows for name in row}
    shown = [h for h in headings if h.name in named or h.is_required]
    cells = [[_cell(h, row) for h in shown] for row in records]
    template = environment().get_template("table.html.j2")
    html = template.render(
        table_id=table_id, caption=caption, caption_note=caption_note, headings=shown, rows=cells, css=css,
        totals=[totals.get(h.name, "") for h in shown] if totals else None, n_labels=_n_label_cells(shown, totals),
    )  # fmt: skip
    return Markup(html)


def _cell(heading: Heading, row: Mapping[Any, Any]) -> dict[str, Any]:
    value = row.get(heading.name, values.WITHHELD)
    under = row.get(heading.under) if heading.under else None
    return {
        "shown": (heading.write or _WRITERS[heading.kind])(value),
        "under": None if values.is_missing(under) else under,
    }


def _n_label_cells(shown: Sequence[Heading], totals: Mapping[str, object] | None) -> int:
    """Count the cells before the first total, over which its label stands."""
    if not totals:
        return 0
    names = [h.name for h in shown]
    filled = [names.index(name) for name in list(totals)[1:] if name in names]
    return min(filled, default=len(names))
