"""Read delimited text: the encoding, the delimiter and the quotation marks.

Where a file is not UTF-8 throughout, each line is read as UTF-8 if it can be and as Windows-1252 if not, since two
systems' exports are sometimes pasted together.
"""

import codecs
import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from csp_toolkit.errors import DeliveryError

DELIMITERS = (",", ";", "\t", "|")
_LINES_IN_A_CELL = 200
_TOP = 1 << 18
_END = "\x1aend of file"


@dataclass(frozen=True, eq=False)
class DelimitedText:
    """Delimited text as UTF-8 bytes, what parts its cells, and what was found out about it."""

    file: str
    data: bytes
    delimiter: str
    notes: tuple[str, ...]

    def records(self) -> Iterator[list[str]]:
        """Return the records one by one, blank ones among them."""
        return _records(self.file, self.data.decode(), self.delimiter)

    def top(self, n: int) -> list[list[str]]:
        """Return the first `n` records, without decoding a large file for them."""
        if len(self.data) > _TOP:
            part = csv.reader(
                io.StringIO(self.data[:_TOP].decode(errors="ignore"), newline=""), delimiter=self.delimiter
            )
            first = list(islice(part, n + 1))
            if len(first) > n:
                return first[:n]
        return list(islice(self.records(), n))


def read_text(file: str, data: bytes) -> DelimitedText:
    """Find out a file's encoding and what parts its cells."""
    data, notes = as_utf8(file, data)
    delimiter = find_delimiter(data[:_TOP].decode(errors="ignore"))
    if delimiter != ",":
        notes.append(f"cells are parted by {'a tab' if delimiter == chr(9) else delimiter}")
    return DelimitedText(file, data, delimiter, tuple(notes))


def as_utf8(file: str, data: bytes) -> tuple[bytes, list[str]]:
    """Turn text into UTF-8: it is that already, or UTF-16 or 32 where its mark says so, else Windows-1252."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):  # before UTF-16, whose mark begins the same
        try:
            return data.decode("utf-32").encode(), ["read as UTF-32"]
        except UnicodeDecodeError:
            raise DeliveryError(f"{file}: marked as UTF-32 and is not. Ask the sender for UTF-8.") from None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode(), ["read as UTF-16"]
        except UnicodeDecodeError:
            raise DeliveryError(f"{file}: marked as UTF-16 and is not. Ask the sender for UTF-8.") from None
    if b"\x00" in data[:4096]:
        raise DeliveryError(f"{file}: not text. Ask the sender for CSV, Excel (.xlsx) or Parquet.")
    data = data.removeprefix(codecs.BOM_UTF8)
    if _is_utf8(data):
        return data, []
    lines = data.split(b"\n")
    n_windows = 0
    for place, line in enumerate(lines):
        if _is_utf8(line):
            continue
        n_windows += 1
        try:
            lines[place] = line.decode("cp1252").encode()
        except UnicodeDecodeError:
            raise DeliveryError(
                f"{file}: line {place + 1} is neither UTF-8 nor Windows-1252. Ask the sender for UTF-8."
            ) from None
    return b"\n".join(lines), [f"read as Windows-1252 ({n_windows:,} of {len(lines):,} lines)"]


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def find_delimiter(text: str) -> str:
    """Find what parts the cells: of the known delimiters, the one most frequent in the first lines."""
    top = "".join(part for place, part in enumerate(text[:4096].split('"')) if place % 2 == 0)
    lines = [line for line in top.splitlines() if line.strip()][:20]
    return max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0))


def _records(file: str, text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the records, and refuse a file whose quotation marks would swallow rows.

    A mark of our own is put at the end: if it does not come back as a record of its own, a cell is still open.
    """
    csv.field_size_limit(sys.maxsize)
    closed = text if text.endswith(("\n", "\r")) else text + "\n"
    reader = csv.reader(io.StringIO(closed + _END, newline=""), delimiter=delimiter)
    line, held = 0, None
    try:
        for number, record in enumerate(reader):
            if held is not None:
                yield held
            if reader.line_num - line > _LINES_IN_A_CELL:
                raise DeliveryError(
                    f"{file}: row {number + 1} runs over {reader.line_num - line:,} lines, so a quotation mark is "
                    "missing in or before it and rows would be lost. Ask the sender for the file again."
                )
            line, held = reader.line_num, record
    except csv.Error:
        raise DeliveryError(f"{file}: cannot be read as delimited text after line {line}. Check the file.") from None
    if held != [_END]:
        raise DeliveryError(
            f"{file}: a quotation mark is opened and never closed, so where cells end is not known. "
            "Ask the sender for the file again."
        )
