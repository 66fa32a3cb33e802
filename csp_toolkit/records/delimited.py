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

from csp_toolkit.errors import DeliveryError

DELIMITERS = (",", ";", "\t", "|")
_LINES_IN_A_CELL = 200
_END = "\x1aend of file"


@dataclass(frozen=True, eq=False)
class DelimitedText:
    """Delimited text, decoded: its UTF-8 bytes, what parts its cells, and what was found out about it."""

    file: str
    text: str
    data: bytes
    delimiter: str
    notes: tuple[str, ...]

    def records(self) -> Iterator[list[str]]:
        """Return the records one by one, blank ones among them."""
        return _records(self.file, self.text, self.delimiter)


def read_text(file: str, data: bytes) -> DelimitedText:
    """Decode a file and find what parts its cells."""
    text, notes = decode(file, data)
    delimiter = find_delimiter(text)
    if delimiter != ",":
        notes.append(f"cells are parted by {'a tab' if delimiter == chr(9) else delimiter}")
    as_utf8 = data.removeprefix(codecs.BOM_UTF8) if not notes or notes[0].startswith("cells") else text.encode()
    return DelimitedText(file, text, as_utf8, delimiter, tuple(notes))


def decode(file: str, data: bytes) -> tuple[str, list[str]]:
    """Decode text as UTF-8 (with or without a mark), UTF-16 where its mark says so, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ["read as UTF-16"]
        except UnicodeDecodeError:
            raise DeliveryError(f"{file}: marked as UTF-16 and is not. Ask the sender for UTF-8.") from None
    if b"\x00" in data[:4096]:
        raise DeliveryError(f"{file}: not text. Ask the sender for CSV, Excel (.xlsx) or Parquet.")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    n_windows = 0
    decoded: list[str] = []
    for number, line in enumerate(lines, start=1):
        try:
            decoded.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            n_windows += 1
            try:
                decoded.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                raise DeliveryError(
                    f"{file}: line {number} is neither UTF-8 nor Windows-1252. Ask the sender for UTF-8."
                ) from None
    return "\n".join(decoded), [f"read as Windows-1252 ({n_windows:,} of {len(lines):,} lines)"]


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
