"""Read an Excel sheet or a Parquet file as records of text.

A date in Excel is a number with a format; it comes as ISO text. A whole number comes without a decimal point, any
other as its shortest exact form, a truth value as TRUE or FALSE.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile

from csp_toolkit.errors import DeliveryError

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


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
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError):
        raise DeliveryError(f"{path.name}: not a readable Excel file. Ask the sender for it again.") from None
    if sheet is not None and sheet not in book.sheetnames:
        raise DeliveryError(
            f"{path.name}: has no sheet called {sheet!r} (it has {len(book.sheetnames)} others). "
            "Ask the sender, or set the sheet in the feed."
        )
    page = book[sheet] if sheet is not None else book.worksheets[0]
    page.reset_dimensions()
    return _padded(path.name, page)


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
    except (KeyError, ValueError, IndexError, SyntaxError):
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
