"""Read well-formed delimited text in one pass, and step aside where it is not.

The bytes are scanned for where records end and how many cells each has. Where quotation marks stand as they should,
the records of the right length go through Arrow's parser, some forty times faster than record by record; the others
are known by row and length. Anything unusual gives None, and the text is read record by record instead.
"""

import csv
import io
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

_QUOTE, _LINE, _RETURN = ord('"'), ord("\n"), ord("\r")
_SLICE = 1 << 20  # bytes scanned at a time: what is worked out for each of them stays small
_PARSED = 1 << 23  # bytes Arrow parses at a time, which no record may exceed


class Block(NamedTuple):
    """The cells of the records of the right length, their row numbers, and the row and length of the others."""

    cells: pd.DataFrame
    rows: np.ndarray
    broken: list[tuple[int, int]]


class _Records(NamedTuple):
    """Where each record of a text ends, and how many separators stand before that, from the beginning of the text."""

    ends: np.ndarray
    marks_before: np.ndarray


def read_block(data: bytes, delimiter: str, header_row: int, headings: tuple[str, ...]) -> Block | None:
    """Read UTF-8 text below its headings, or return None where it has to be read record by record."""
    data = data if data.endswith(b"\n") else data + b"\n"
    codes = np.frombuffer(data, dtype="uint8")
    width = len(headings)
    records = _scan(codes, ord(delimiter)) if width > 1 else None
    if records is None:
        return None
    ends = records.ends
    starts = np.concatenate([[0], ends[:-1] + 1])
    n_cells = np.diff(records.marks_before, prepend=0) + 1
    length = ends - starts - (codes[ends - 1] == _RETURN)

    below = np.arange(len(ends)) >= header_row
    is_blank = length <= n_cells - 1
    is_broken = below & ~is_blank & (n_cells != width)
    broken = []
    for place in np.flatnonzero(is_broken):
        record = _record(data[starts[place] : ends[place]], delimiter)
        if len(record) > width and not any(record[width:]):
            return None
        if any(record):
            broken.append((int(place) + 1, len(record)))
    wanted = below & ~is_blank & ~is_broken
    cells = _parse(_join(data, starts, ends, wanted), delimiter, headings)
    if cells is None or len(cells) != np.count_nonzero(wanted):
        return None
    rows = np.flatnonzero(wanted)
    blank = np.flatnonzero(length[rows] <= 3 * width - 1)  # every cell may be a pair of quotation marks
    for heading in headings:
        blank = blank[(cells[heading].iloc[blank] == "").to_numpy(dtype=bool)] if len(blank) else blank
    if len(blank):
        cells, rows = cells.drop(index=cells.index[blank]).reset_index(drop=True), np.delete(rows, blank)
    return Block(cells, rows + 1, broken)


def _scan(codes: np.ndarray, mark: int) -> _Records | None:
    """Find where records end; None where quotation marks or line ends are out of place.

    A slice at a time, so that a large file is not held many times over.
    """
    may_precede, may_follow = np.zeros(256, dtype=bool), np.zeros(256, dtype=bool)
    may_precede[[mark, _LINE, _QUOTE]] = True
    may_follow[[mark, _LINE, _RETURN, _QUOTE]] = True
    ends: list[np.ndarray] = []
    before: list[np.ndarray] = []
    n_marks = n_returns = is_open = 0
    for at in range(0, len(codes), _SLICE):
        part = codes[at : at + _SLICE]
        quotes = np.flatnonzero(part == _QUOTE) + at
        opening, closing = quotes[is_open::2], quotes[1 - is_open :: 2]
        before_them, after_them = codes[opening[opening > 0] - 1], codes[closing[closing < len(codes) - 1] + 1]
        if not may_precede[before_them].all() or not may_follow[after_them].all():
            return None
        is_line, is_mark, is_return = part == _LINE, part == mark, part == _RETURN
        if len(quotes) or is_open:
            lengths = np.diff(quotes, prepend=at, append=at + len(part))
            is_outside = np.repeat((np.arange(len(lengths)) + is_open) % 2 == 0, lengths)
            is_line, is_mark, is_return = is_line & is_outside, is_mark & is_outside, is_return & is_outside
        here = np.flatnonzero(is_line)
        before.append(np.searchsorted(np.flatnonzero(is_mark), here) + n_marks)
        ends.append(here + at)
        n_marks += int(np.count_nonzero(is_mark))
        n_returns += int(np.count_nonzero(is_return))
        is_open = (is_open + len(quotes)) % 2
    found = _Records(np.concatenate(ends), np.concatenate(before))
    return None if is_open or n_returns != np.count_nonzero(codes[found.ends - 1] == _RETURN) else found


def _record(text: bytes, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(text.decode(), newline=""), delimiter=delimiter), [])


def _join(data: bytes, starts: np.ndarray, ends: np.ndarray, wanted: np.ndarray) -> pa.Buffer:
    """Cut the wanted records out of the text, run by run; where they are one run nothing is copied."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype("int8")))
    whole = memoryview(data)
    runs = [whole[starts[a] : ends[b - 1] + 1] for a, b in zip(turns[::2], turns[1::2], strict=True)]
    return pa.py_buffer(runs[0] if len(runs) == 1 else b"".join(runs))


def _parse(block: pa.Buffer, delimiter: str, headings: tuple[str, ...]) -> pd.DataFrame | None:
    """Parse records that are known to be whole; without threads, so that the process can still be forked."""
    from pyarrow import csv as arrow

    if not block.size:
        return pd.DataFrame({heading: pd.Series(dtype="str") for heading in headings})
    names = [str(place) for place in range(len(headings))]
    try:
        table = arrow.read_csv(
            block,
            read_options=arrow.ReadOptions(column_names=names, block_size=_PARSED, use_threads=False),
            parse_options=arrow.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False),
            convert_options=arrow.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()),
                                                 check_utf8=False, strings_can_be_null=False),
        )  # fmt: skip
    except pa.ArrowInvalid:  # a record longer than a block
        return None
    texts = [pd.array(table[name], dtype="str") for name in names]
    return pd.DataFrame(dict(zip(headings, texts, strict=True)))
