"""Deliveries that are broken as a whole: refused in one line, or taken in with what is odd about them said."""

import os
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference

from csp_toolkit.errors import DeliveryError
from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.records.synthetic import write_demo
from csp_toolkit.tables.deliveries import Delivery, read_delivery
from tests.briefing.small_workspace import NOMINALS

FEEDS, RECEIVED = read_feeds(), date(2026, 11, 20)
HEADINGS, FIRST, SECOND = NOMINALS.splitlines()


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's workbook of actions."""
    root = tmp_path_factory.mktemp("demo")
    write_demo(root)
    return root / "2026-11" / "csp_actions.xlsx"


def read(folder: Path) -> Delivery:
    return read_delivery(folder, FEEDS, received_on=RECEIVED)


def notes_of(folder: Path) -> str:
    return "; ".join(note for file in read(folder).files for note in file.notes)


def refused(folder: Path) -> str:
    with pytest.raises(DeliveryError) as caught:
        read(folder)
    said = str(caught.value)
    assert "\n" not in said and "QUILLFEATHER" not in said
    return said


def put(folder: Path, content: str | bytes, name: str = "police_nominals.csv") -> Path:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_a_register_without_a_row_is_said_to_count_as_a_whole(tmp_path: Path) -> None:
    assert "no row stands below the headings, and a register counts as a whole" in notes_of(put(tmp_path, HEADINGS))
    folder = tmp_path / "events"
    folder.mkdir()
    put(folder, ",".join(FEEDS["police_crimes"].headings), "police_crimes.csv")
    assert "no row stands below the headings" in notes_of(folder) and "register" not in notes_of(folder)


def test_headings_pasted_in_again_behind_a_byte_order_mark_are_no_record(tmp_path: Path) -> None:
    twice = f"\ufeff{HEADINGS}\r\n{FIRST}\r\n\ufeff{HEADINGS}\r\n{SECOND}\r\n"
    (file,) = read(put(tmp_path, twice)).files
    assert file.findings[["row", "rule"]].to_numpy().tolist() == [[3, "heading_repeated"]]
    assert len(file.tables["person_records"]) == 2


def test_utf_32_is_not_taken_for_utf_16(tmp_path: Path) -> None:
    (file,) = read(put(tmp_path, NOMINALS.encode("utf-32"))).files
    assert file.tables["person_records"]["family_name"].tolist() == ["QUILLFEATHER", "NULL"]
    assert "read as UTF-32" in file.notes
    assert "marked as UTF-32" in refused(put(tmp_path, NOMINALS.encode("utf-32") + b"x"))


@pytest.mark.parametrize(
    "name", ["police_nominals\n.csv", "police_nominals \x1b[31m.csv", os.fsdecode(b"other_\xff.csv")]
)
def test_a_name_that_cannot_be_shown_is_refused_without_being_shown(tmp_path: Path, name: str) -> None:
    put(tmp_path, NOMINALS, "police_nominals.csv")
    put(tmp_path, NOMINALS, name)
    said = refused(tmp_path)
    assert "1 of 2 names" in said and "?" in said and said.isprintable()


@pytest.mark.parametrize(
    "make",
    [lambda p: p.mkdir(), lambda p: p.symlink_to("gone"), lambda p: p.symlink_to(p.name), lambda p: os.mkfifo(p)],
    ids=["folder", "link that leads nowhere", "link to itself", "pipe"],
)
def test_what_is_named_like_a_file_and_is_none_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    put(tmp_path, NOMINALS)
    make(tmp_path / "police_crimes.csv")
    assert refused(tmp_path).startswith("police_crimes.csv: not a file")


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "police_nominals.csv").symlink_to(put(tmp_path / "elsewhere", NOMINALS) / "police_nominals.csv")
    assert [file.rows_in for file in read(tmp_path).files] == [2]


def test_a_folder_within_is_not_read_and_said(tmp_path: Path) -> None:
    (tmp_path / "2026-10").mkdir()
    assert "only 2026-10/" in refused(tmp_path)
    assert read(put(tmp_path, NOMINALS)).unmapped == ("2026-10/",)


def test_two_files_of_one_feed_are_its_parts(tmp_path: Path) -> None:
    put(tmp_path, f"{HEADINGS}\r\n{FIRST}\r\n", "police_nominals_1.csv")
    put(tmp_path, f"{HEADINGS}\r\n{SECOND}\r\n", "police_nominals_2.csv")
    assert [(file.file, file.rows_in) for file in read(tmp_path).files] == [
        ("police_nominals_1.csv", 1), ("police_nominals_2.csv", 1),
    ]  # fmt: skip


def spoil_bytes(source: Path, target: Path) -> None:
    spoilt = bytearray(source.read_bytes())
    middle = len(spoilt) // 3
    spoilt[middle : middle + 400] = bytes(b ^ 0x5A for b in spoilt[middle : middle + 400])
    target.write_bytes(spoilt)


def cut_sheets(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as parts, zipfile.ZipFile(target, "w") as made:
        for name in parts.namelist():
            data = parts.read(name)
            made.writestr(name, data[: len(data) // 2] if "worksheets/sheet" in name else data)


def leave_sheets_out(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as parts, zipfile.ZipFile(target, "w") as made:
        for name in parts.namelist():
            if "worksheets/sheet" not in name:
                made.writestr(name, parts.read(name))


def chart_alone(source: Path, target: Path) -> None:
    book = Workbook()
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=1, min_row=1, max_row=2))
    book.create_chartsheet("Actions").add_chart(chart)
    book.save(target)


@pytest.mark.parametrize("spoil", [spoil_bytes, cut_sheets, leave_sheets_out, chart_alone])
def test_a_spoilt_workbook_is_refused_in_one_line(
    tmp_path: Path, actions: Path, spoil: Callable[[Path, Path], None]
) -> None:
    spoil(actions, tmp_path / "csp_actions.xlsx")
    assert refused(tmp_path).startswith("csp_actions.xlsx: ")


def test_formulas_that_came_without_their_results_are_counted(tmp_path: Path, actions: Path) -> None:
    book = load_workbook(actions)
    for row in (5, 6, 7):
        book.worksheets[0].cell(row, 3).value = '=HYPERLINK("https://example.org","x")'
    book.save(tmp_path / "csp_actions.xlsx")
    assert "without its result, read as empty: 3" in notes_of(tmp_path)
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "csp_actions.xlsx").write_bytes(actions.read_bytes())
    assert "formula" not in notes_of(tmp_path / "plain")


def test_a_formula_with_its_result_is_read_by_its_result(tmp_path: Path, actions: Path) -> None:
    with zipfile.ZipFile(actions) as parts, zipfile.ZipFile(tmp_path / "csp_actions.xlsx", "w") as made:
        for name in parts.namelist():
            data = parts.read(name)
            made.writestr(name, data.replace(b"<v>", b"<f>1+1</f><v>", 1) if "worksheets/sheet" in name else data)
    (worked,), (plain,) = read(tmp_path).files, read(put_copy(tmp_path / "plain", actions)).files
    assert worked.tables["actions"].equals(plain.tables["actions"])
    assert not any("formula" in note for note in worked.notes)


def put_copy(folder: Path, file: Path) -> Path:
    folder.mkdir()
    (folder / file.name).write_bytes(file.read_bytes())
    return folder
