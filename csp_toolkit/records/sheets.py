"""Read an Excel sheet or a Parquet file as records of text.

A date in Excel is a number with a format; it comes as ISO text. A whole number comes without a decimal point, any
other as its shortest exact form, a truth value as TRUE or FALSE.
"""

import io
import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from csp_toolkit.errors import DeliveryError

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
# What a spoilt file makes zip, XML and openpyxl raise.
_SPOILT = (AttributeError, BadZipFile, EOFError, IndexError, KeyError, OSError, RuntimeError,
           SyntaxError, TypeError, ValueError, zlib.error)  # fmt: skip
_CELL_WITH_FORMULA = re.compile(rb"<f[ >/]")
_RESULT = re.compile(rb"<v[^>/]*>[^<]")


def read_excel(path: Path, data: bytes, sheet: str | None) -> Iterator[list[str]]:
    """Return the records of one sheet of an Excel file, blank ones among them."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if data.startswith(_OLD_OR_LOCKED):
        raise DeliveryError(
            f"{path.name}: protected by a password, or in the form of Excel before 2007. "
            "Ask the sender for an .xlsx without a password."
        )
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (*_SPOILT, InvalidFileException):
        raise DeliveryError(f"{path.name}: not a readable Excel file. Ask the sender for it again.") from None
    if sheet is not None and sheet not in book.sheetnames:
        raise DeliveryError(
            f"{path.name}: has no sheet called {sheet!r}; the number of others is {len(book.sheetnames)}. "
            "Ask the sender, or set the sheet in the feed."
        )
    if not book.worksheets or (sheet is not None and book[sheet] not in book.worksheets):
        raise DeliveryError(f"{path.name}: there is no table in it, only a chart. Ask the sender for the table.")
    page = book[sheet] if sheet is not None else book.worksheets[0]
    page.reset_dimensions()
    return _padded(path.name, page)


def count_unworked(data: bytes) -> int:
    """Count the cells of a workbook that hold a formula and not what it comes to, which are read as empty."""
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            pages = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    except _SPOILT:
        return 0
    cells = (cell for page in pages if _CELL_WITH_FORMULA.search(page) for cell in page.split(b"</c>"))
    return sum(_CELL_WITH_FORMULA.search(cell) is not None and _RESULT.search(cell) is None for cell in cells)


def _padded(file: str, page: object) -> Iterator[list[str]]:
    width = 0
    try:
        for values in page.iter_rows(values_only=True):  # type: ignore[attr-defined]
            record = ["" if value is None else as_text(value) for value in values]
            while record and not record[-1]:
                record.pop()
            # Excel stores no trailing blanks, so a short row is a whole one.
            width = max(width, len(record))
            yield record + [""] * (width - len(record))
    except _SPOILT:
        raise DeliveryError(f"{file}: the sheet cannot be read to its end. Ask the sender for it again.") from None


def as_text(value: object) -> str:
    """Write one value as text without losing what it was.

    >>> as_text(datetime(2026, 10, 29)), as_text(999000100572.0), as_text(True)
    ('2026-10-29', '999000100572', 'TRUE')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        at_midnight = value.time() == time.min and value.tzinfo is None
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def read_parquet(path: Path) -> Iterator[list[str]]:
    """Return the headings and records of a Parquet file."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise DeliveryError(f"{path.name}: reading Parquet needs pyarrow. Install it, or ask for CSV.") from None
    try:
        file = ParquetFile(path)
        names = file.schema_arrow.names
        batches = file.iter_batches(batch_size=50_000)
    except (ArrowException, OSError, ValueError):
        raise DeliveryError(f"{path.name}: not a readable Parquet file. Ask the sender for it again.") from None

    def records() -> Iterator[list[str]]:
        yield list(names)
        for batch in batches:
            columns = [["" if v is None else as_text(v) for v in column.to_pylist()] for column in batch.columns]
            yield from (list(cells) for cells in zip(*columns, strict=True))

    return records()
