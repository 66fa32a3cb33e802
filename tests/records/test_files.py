"""Files as agencies send them: encodings, delimiters, title rows, broken rows, and what cannot be read at all."""

import csv
import io
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from csp_toolkit.errors import DeliveryError
from csp_toolkit.records import files, scanning
from csp_toolkit.records.files import RawFile, read_file

# What a cell may hold: anything but the NUL that no text file carries, and lone halves of surrogate pairs.
CELLS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)


def written(folder: Path, content: str | bytes, name: str = "feed.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def cells(raw: RawFile) -> list[list[str]]:
    return raw.cells.to_numpy().tolist()


def record_by_record(path: Path, monkeypatch: pytest.MonkeyPatch) -> RawFile:
    with monkeypatch.context() as patch:
        patch.setattr(files, "read_block", lambda *_: None)
        return read_file(path)


def test_surnames_that_look_like_nothing_are_kept(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, "Ref,Surname\r\n1,NA\r\n2,Null\r\n3,None\r\n4,nan\r\n5,007\r\n6,\r\n"))
    assert raw.cells["Surname"].tolist() == ["NA", "Null", "None", "nan", "007", ""]
    assert not raw.cells.isna().any().any()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["Ref", "Name", "Note"], ["1", "O’Brien", "a, b; c"], ["2", "Zoë", "café"]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    raw = read_file(written(tmp_path, stream.getvalue().encode(encoding)))
    assert [list(raw.headings), *cells(raw)] == rows


def test_two_encodings_in_one_file_are_read_line_by_line_and_noted(tmp_path: Path) -> None:
    content = "Ref,Name\r\n1,Zoë\r\n".encode() + "2,Zoë\r\n".encode("cp1252")
    raw = read_file(written(tmp_path, content))
    assert raw.cells["Name"].tolist() == ["Zoë", "Zoë"]
    assert any("Windows-1252 (1 of" in note for note in raw.notes)


def test_row_numbers_are_those_of_a_spreadsheet_even_after_line_breaks_and_blank_rows(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, 'Ref,Note\r\n1,"two\r\nlines"\r\n\r\n,\r\n2,plain\r\n'))
    assert raw.rows.tolist() == [2, 5]
    assert cells(raw) == [["1", "two\r\nlines"], ["2", "plain"]]


def test_rows_of_the_wrong_length_are_kept_as_row_and_length_only(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, "A,B,C\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n"))
    assert raw.rows.tolist() == [2, 5]
    assert raw.broken.to_dict("list") == {"row": [3, 4], "n_cells": [2, 4]}


def test_empty_cells_beyond_the_headings_are_no_fault(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, "A,B,,\n1,2,,\n3,4\n5,6,,7\n"))
    assert raw.headings == ("A", "B")
    assert cells(raw) == [["1", "2"], ["3", "4"]]
    assert raw.broken["row"].tolist() == [4]


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    import hashlib

    content = b"A,B\r\n1,2\r\n"
    assert read_file(written(tmp_path, content)).sha256 == hashlib.sha256(content).hexdigest()


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6), st.sampled_from([",", ";"]))
def test_any_text_survives_reading(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], mark: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=mark, quoting=csv.QUOTE_ALL).writerows([["A", "B", "C"], *rows])
    raw = read_file(written(tmp_path_factory.mktemp("any"), stream.getvalue()))
    assert cells(raw) == [row for row in rows if any(row)]
    assert raw.broken.empty


@given(st.text(st.sampled_from('ab",;\r\n '), max_size=60), st.sampled_from([1, 2, 3, 7, 1 << 20]))
def test_reading_in_one_block_says_what_reading_record_by_record_says(
    tmp_path_factory: pytest.TempPathFactory, body: str, n_bytes: int
) -> None:
    path = written(tmp_path_factory.mktemp("both"), "A,B\r\n" + body)
    monkeypatch = pytest.MonkeyPatch()
    outcomes = []

    def in_slices(path: Path) -> RawFile:
        with monkeypatch.context() as patch:
            patch.setattr(scanning, "_SLICE", n_bytes)
            return read_file(path)

    for read in (in_slices, lambda p: record_by_record(p, monkeypatch)):
        try:
            raw = read(path)
            outcomes.append((cells(raw), raw.rows.tolist(), raw.broken.to_numpy().tolist()))
        except DeliveryError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


def test_a_cell_longer_than_what_is_parsed_at_once_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "_PARSED", 1000)
    path = written(tmp_path, "A,B\n" + "".join(f"{n},b\n" for n in range(500)) + f"long,{'x' * 5000}\n")
    raw = read_file(path)
    assert len(raw.cells) == 501
    assert raw.cells["B"].iloc[-1] == "x" * 5000


def test_a_nul_far_down_in_a_text_file_cuts_no_cell_short(tmp_path: Path) -> None:
    body = "".join(f"{n},plain\n" for n in range(1000))
    raw = read_file(written(tmp_path, f"A,B\n{body}x,before\x00after\n"))
    assert raw.cells["B"].iloc[-1] == "before\x00after"


def test_a_quotation_mark_within_a_cell_is_text(tmp_path: Path) -> None:
    raw = read_file(written(tmp_path, 'A,B\n5" blade,one\n6" blade,two\n'))
    assert cells(raw) == [['5" blade', "one"], ['6" blade', "two"]]


@pytest.mark.parametrize("tail", ['"never closed\n3,4\n5,6\n', '"never closed'])
def test_an_open_quotation_mark_is_refused_since_it_would_swallow_rows(tmp_path: Path, tail: str) -> None:
    with pytest.raises(DeliveryError, match="never closed"):
        read_file(written(tmp_path, "A,B\n1," + tail))


def test_two_stray_quotation_marks_far_apart_are_refused_too(tmp_path: Path) -> None:
    lines = ["A,B", '1,"stray', *(f"{n},x" for n in range(400)), '2,stray"', "3,4"]
    with pytest.raises(DeliveryError, match="rows would be lost"):
        read_file(written(tmp_path, "\n".join(lines)))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("feed.csv", b"", "empty"), ("feed.csv", b" \r\n ", "empty"), ("feed.csv", b"\x00\x01\x02binary", "not text"),
        ("feed.csv", b"A,B\n\x81,1\n", "neither UTF-8"), ("feed.xlsx", b"PK\x03\x04not a book", "not a readable Excel"),
        ("feed.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "password"),
        ("feed.parquet", b"PAR1 not really PAR1", "not a readable Parquet"), ("feed.pdf", b"%PDF", "kind of file"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_line_that_names_the_file(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(DeliveryError, match=says) as caught:
        read_file(written(tmp_path, content, name))
    assert str(caught.value).startswith(name) and "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="cannot be read"):
        read_file(tmp_path / "gone.csv")


def workbook(folder: Path, rows: list[list[object]], *, sheet: str = "Data") -> Path:
    book = Workbook()
    book.active.title = "Notes"
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    path = folder / "feed.xlsx"
    book.save(path)
    return path


def test_excel_with_title_rows_gives_dates_as_iso_and_numbers_as_they_were(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [
            ["Register"], ["OFFICIAL-SENSITIVE"], [], ["Ref", "Set", "At", "UPRN", "Score", "Yes", "Name"],
            ["007", date(2026, 10, 29), datetime(2026, 10, 29, 14, 5), 999000100572, 0.87, True, "NA"],
            [], ["008", None, None, None, None, None, None],
        ],
    )  # fmt: skip
    raw = read_file(path, sheet="Data", header_row=4)
    assert raw.rows.tolist() == [5, 7]
    assert cells(raw)[0] == ["007", "2026-10-29", "2026-10-29 14:05:00", "999000100572", "0.87", "TRUE", "NA"]
    assert cells(raw)[1] == ["008", "", "", "", "", "", ""]


def test_a_missing_sheet_is_said_without_naming_the_others(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="no sheet called 'Actions'") as caught:
        read_file(workbook(tmp_path, [["A"]], sheet="JONES, Ann"), sheet="Actions")
    assert "JONES" not in str(caught.value)


def test_headings_found_on_another_row_are_noted(tmp_path: Path) -> None:
    path = written(tmp_path, "Register\nas at,today\nRef,Name\n1,x\n")
    raw = read_file(path, is_header=lambda row: "Ref" in row)
    assert raw.header_row == 3 and raw.rows.tolist() == [4]
    assert raw.notes == ("headings found on row 3, not on row 1",)


def test_headings_that_are_nowhere_are_refused_without_a_cell_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="not on row 1") as caught:
        read_file(written(tmp_path, "SMITH,Ann\nJONES,Bo\n"), is_header=lambda row: "Ref" in row)
    assert "SMITH" not in str(caught.value)


def test_a_heading_that_stands_twice_is_told_apart(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, "A,A,,A\n1,2,3,4\n")).headings == ("A", "A (2)", "column 3", "A (3)")


def test_parquet_comes_as_text_too(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"Ref": ["007", None], "On": pd.to_datetime(["2026-10-29", None]), "n": [1.5, 2.0]})
    frame.to_parquet(tmp_path / "feed.parquet")
    raw = read_file(tmp_path / "feed.parquet")
    assert raw.headings == ("Ref", "On", "n") and raw.rows.tolist() == [2, 3]
    assert cells(raw) == [["007", "2026-10-29", "1.5"], ["", "", "2"]]
