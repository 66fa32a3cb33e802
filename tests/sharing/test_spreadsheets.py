"""A table somebody will open in a spreadsheet: marked, the same bytes each time, and no cell a formula."""

import json

import pandas as pd
import pytest

from csp_toolkit.sharing.spreadsheets import disarm, is_formula, write_table, write_tables

TABLE = pd.DataFrame(
    {
        "name": pd.Series(["=HYPERLINK('x')", "NULL", None], dtype="str"),
        "points": [-3.5, 0.1 + 0.2, None],
        "seen_on": pd.to_datetime(["2026-11-05", None, "2026-10-01"]),
    }
)


@pytest.mark.parametrize("text", ["=1+1", "+44 7700", "-cmd|x", "@SUM(A1)", " =1", "\t=1", "\r=1", "- not known"])
def test_what_a_spreadsheet_would_run_is_written_as_text(text):
    assert is_formula(text) and disarm(text) == "'" + text


@pytest.mark.parametrize("text", ["-3.5", "+12", "1,204", "Ann", "O'Neill", "", "2026-11-05", "'=1+1"])
def test_what_is_no_formula_is_left_as_it_is(text):
    assert disarm(text) == text


def test_a_table_is_written_the_same_each_time_and_its_sidecar_carries_the_marking(tmp_path):
    path = write_table(TABLE, tmp_path / "tables" / "cut.csv", marking="OFFICIAL-SENSITIVE", copy="Copy 1 of 2")
    first = path.read_bytes()
    meta = json.loads((tmp_path / "tables" / "cut.meta.json").read_text())
    assert (meta["marking"], meta["file"], meta["copy"]) == ("OFFICIAL-SENSITIVE", "cut.csv", "Copy 1 of 2")
    assert write_table(TABLE, path, marking="OFFICIAL-SENSITIVE").read_bytes() == first
    assert first.decode().splitlines()[1] == "'=HYPERLINK('x'),-3.5,2026-11-05"


def test_every_table_gets_a_file_of_its_name(tmp_path):
    written = write_tables({"a": TABLE, "b": TABLE}, tmp_path, marking="m")
    assert [p.name for p in written] == ["a.csv", "b.csv"]


def test_writing_leaves_the_table_as_it_was(tmp_path):
    before = TABLE.copy()
    write_table(TABLE, tmp_path / "a.csv", marking="m")
    pd.testing.assert_frame_equal(TABLE, before)
