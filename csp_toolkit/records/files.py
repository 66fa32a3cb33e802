"""Read a file an agency sent, as text, whatever its form, encoding and delimiter, with row numbers kept.

Nothing is interpreted here: `NA`, `Null` and `None` are surnames, a leading nought stays, a date in Excel comes as
ISO text. Row numbers are those a person sees in a spreadsheet. A row with more or fewer cells than the heading
cannot be read safely, since its cells may stand under the wrong headings; it is kept as a number and a length.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pandas as pd

from csp_toolkit.errors import DeliveryError
from csp_toolkit.records import sheets
from csp_toolkit.records.delimited import DelimitedText, read_text
from csp_toolkit.records.scanning import Block, read_block

EXCEL = (".xlsx", ".xlsm")
SUFFIXES = (".csv", ".txt", ".tsv", *EXCEL, ".parquet")
ROWS_SEARCHED = 20
_CHUNK = 50_000


@dataclass(frozen=True, eq=False)
class RawFile:
    """A file as text.

    Attributes
    ----------
    file : its name, without the folder.
    sha256 : of its bytes.
    headings : as sent, trimmed, in order; a second column of the same name is called ``name (2)``.
    cells : one `str` column per heading, one row per row of the right length; empty cells are "".
    rows : the row number of each row of `cells`.
    broken : rows of another length: row, n_cells.
    header_row : the row the headings stand on.
    notes : what was found out about the file, for the person who loads it.
    """

    file: str
    sha256: str
    headings: tuple[str, ...]
    cells: pd.DataFrame
    rows: np.ndarray
    broken: pd.DataFrame
    header_row: int
    notes: tuple[str, ...] = ()


def read_file(
    path: Path, *, sheet: str | None = None, header_row: int = 1, is_header: Callable[[list[str]], bool] | None = None
) -> RawFile:
    """Read a CSV, Excel or Parquet file as text.

    Parameters
    ----------
    sheet : the sheet of an Excel file; None for its first.
    header_row : the row the headings should stand on.
    is_header : says whether a row holds the headings. Where the row at `header_row` does not, the first
        `ROWS_SEARCHED` rows are searched, and a find elsewhere is noted.
    """
    data = _read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    suffix = path.suffix.lower()
    text: DelimitedText | None = None
    records: Iterator[list[str]] = iter(())
    if suffix == ".parquet":
        records = sheets.read_parquet(path)
    elif suffix in EXCEL:
        records = sheets.read_excel(path, data, sheet)
    elif suffix in SUFFIXES:
        text = read_text(path.name, data)
    else:
        raise DeliveryError(f"{path.name}: not a kind of file that can be read. Send CSV, Excel (.xlsx) or Parquet.")

    n_top = max(ROWS_SEARCHED, header_row)
    top = text.top(n_top) if text else list(islice(records, n_top))
    place = _find_header(path.name, top, header_row, is_header)
    notes = list(text.notes) if text else []
    if suffix in EXCEL and (n_unworked := sheets.count_unworked(data)):
        notes.append(f"cells with a formula that came without its result, read as empty: {n_unworked:,}")
    if place != header_row:
        notes.append(f"headings found on row {place}, not on row {header_row}")
    headings = _unique(_trim(top[place - 1]))
    block = read_block(text.data, text.delimiter, place, headings) if text else None
    if block is None:
        below = islice(text.records(), place, None) if text else chain(top[place:], records)
        block = _gather(enumerate(below, start=place + 1), headings, is_padded=text is None)
    cells, rows, broken = block
    lengths = pd.DataFrame(broken, columns=["row", "n_cells"], dtype="int64")
    return RawFile(path.name, sha256, headings, cells, rows, lengths, place, tuple(notes))


def _read_bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DeliveryError(f"{path.name}: cannot be read ({type(error).__name__}). Check the file.") from None
    if not data[:_CHUNK].strip() and not data.strip():
        raise DeliveryError(f"{path.name}: the file is empty. Ask the sender for it again.")
    return data


def _find_header(file: str, top: list[list[str]], expected: int, is_header: Callable[[list[str]], bool] | None) -> int:
    if len(top) < expected:
        raise DeliveryError(f"{file}: headings are expected on row {expected}, and the file ends before it.")
    if is_header is None or is_header(_trim(top[expected - 1])):
        return expected
    for place, cells in enumerate(top, start=1):
        if is_header(_trim(cells)):
            return place
    raise DeliveryError(
        f"{file}: the headings this feed must have are not on row {expected}, nor on any of the first {ROWS_SEARCHED} "
        "rows. Compare the file's headings with the feed's, and add a synonym or set header_row."
    )


def _trim(cells: list[str]) -> list[str]:
    trimmed = [" ".join(cell.split()) for cell in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def _unique(headings: list[str]) -> tuple[str, ...]:
    taken: list[str] = []
    for place, heading in enumerate(headings, start=1):
        name = heading or f"column {place}"
        count = 1
        while name in taken:
            count += 1
            name = f"{heading or f'column {place}'} ({count})"
        taken.append(name)
    return tuple(taken)


def _usual_length(chunk: list[tuple[int, list[str]]]) -> int:
    lengths = Counter(len(record) for _, record in chunk if any(record))
    return max(lengths, key=lambda n: (lengths[n], -n), default=0)


def _gather(numbered: Iterable[tuple[int, list[str]]], headings: tuple[str, ...], *, is_padded: bool) -> Block:
    """Turn records into columns, some rows at a time, so that a large file never stands in memory as cells.

    Empty cells beyond the headings are let go where most rows have them, as a sheet's do. In a row that has them alone
    a stray separator has moved the cells along, and none can be trusted.
    """
    width = len(headings)
    frames: list[pd.DataFrame] = []
    rows: list[int] = []
    broken: list[tuple[int, int]] = []
    stream = iter(numbered)
    usual = sys.maxsize if is_padded else 0
    while chunk := list(islice(stream, _CHUNK)):
        usual = usual or _usual_length(chunk)
        regular = []
        for number, record in chunk:
            if len(record) == width:
                if any(record):
                    rows.append(number)
                    regular.append(record)
            elif any(record):
                if width < len(record) <= usual and not any(record[width:]):
                    rows.append(number)
                    regular.append(record[:width])
                else:
                    broken.append((number, len(record)))
        columns = zip(*regular, strict=True) if regular else [()] * width
        frames.append(pd.DataFrame({h: pd.Series(c, dtype="str") for h, c in zip(headings, columns, strict=True)}))
    frames = frames or [pd.DataFrame({heading: pd.Series(dtype="str") for heading in headings})]
    return Block(pd.concat(frames, ignore_index=True), np.array(rows, dtype="int64"), broken)
