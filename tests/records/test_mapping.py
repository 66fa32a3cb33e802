"""Partner columns to canonical columns."""

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from csp_toolkit.errors import DeliveryError
from csp_toolkit.records.feeds import Mapped, map_file, read_feeds
from csp_toolkit.records.schema import TABLES

FEEDS = read_feeds()
KINDS = {"date": "datetime64[us]", "time": "datetime64[us]", "whole": "Int64"}


def mapped(folder: Path, feed: str, *lines: str) -> Mapped:
    path = folder / f"{feed}.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return map_file(path, FEEDS[feed])


def rules(result: Mapped) -> list[tuple[int, str, str, str]]:
    return list(result.findings.itertuples(index=False, name=None))


@pytest.mark.parametrize("name", sorted(FEEDS))
def test_a_file_of_headings_alone_gives_empty_tables_of_the_right_types(tmp_path: Path, name: str) -> None:
    feed = FEEDS[name]
    lines = [""] * (feed.header_row - 1) + [",".join(f'"{h}"' for h in (*feed.headings, *feed.not_kept))]
    result = mapped(tmp_path, name, *lines)
    assert result.rows_in == 0 and not [note for note in result.notes if "column" in note]
    for table, frame in result.tables.items():
        assert list(frame.columns) == ["row", *TABLES[table].names]
        assert {c.name: str(frame[c.name].dtype) for c in TABLES[table].columns} == {
            c.name: KINDS.get(c.kind, "str") for c in TABLES[table].columns
        }


NOMINALS = (
    "NOMINAL URN,SURNAME,FORENAME 1,FORENAME 2,ALIASES,DOB,GENDER,PNCID,HOME ADDRESS,POSTCODE,HOME DISTRICT,MARKERS,"
    "DECEASED,MERGED INTO,LAST UPDATED"
)


def test_a_nominal_is_read_and_every_mend_is_said(tmp_path: Path) -> None:
    result = mapped(
        tmp_path, "police_nominals", NOMINALS,
        "42SYN/1/20,NULL  ,Minh\u00a0,,'Flea',01/01/1900,2,,,ss994rh,N/K,GANG; VIOLENT,Y,,45597",
        "42SYN/2/20,NA,None,,,02/12/04,M,,,,NFA,,02/11/2026,42SYN/1/20,01/06/2026",
    )  # fmt: skip
    first, second = result.tables["person_records"].to_dict("records")
    assert (first["family_name"], first["given_name"], first["sex"], first["postcode"], first["home_area"]) == (
        "NULL", "Minh", "F", "SS99 4RH", "UNK",
    )  # fmt: skip
    assert pd.isna(first["dob"]) and first["dob_precision"] == "UNK"
    assert first["is_deceased"] == "Y" and pd.isna(first["deceased_on"])
    assert (second["family_name"], second["given_name"], second["home_area"]) == ("NA", "None", "NFA")
    assert second["dob"] == pd.Timestamp("2004-12-02") and second["dob_precision"] == "EXACT"
    assert second["is_deceased"] == "Y" and second["deceased_on"] == pd.Timestamp("2026-11-02")
    assert rules(result) == [
        (2, "DOB", "default_birth_date", "repaired"), (2, "FORENAME 1", "spaces_trimmed", "repaired"),
        (2, "LAST UPDATED", "excel_serial_date", "repaired"), (2, "POSTCODE", "postcode_form", "repaired"),
        (2, "SURNAME", "spaces_trimmed", "repaired"), (3, "DOB", "two_digit_year", "repaired"),
    ]  # fmt: skip


def test_renamed_reordered_and_unknown_columns_are_noticed(tmp_path: Path) -> None:
    result = mapped(
        tmp_path, "police_line_phones", "phone number,Line_Reference,PHONE REF,From Date,SHOE SIZE,DDTRO",
        "07700 900062,L1,P1,2025-02-03,9,",
    )  # fmt: skip
    row = result.tables["line_phones"].iloc[0]
    assert (row["number"], row["line_ref"], row["phone_ref"], row["from_on"]) == (
        "07700900062", "L1", "P1", pd.Timestamp("2025-02-03"),
    )  # fmt: skip
    assert [note for note in result.notes if "SHOE SIZE" in note]
    assert [note for note in result.notes if "TO was not sent" in note]
    assert not [note for note in result.notes if "DDTRO" in note]


def test_a_file_without_a_column_it_must_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="add a synonym"):
        mapped(tmp_path, "police_line_phones", "PHONE REF,NUMBER", "P1,07700 900062")


def test_a_report_without_a_marking_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError):
        mapped(tmp_path, "police_intel", "IR URN,Date Submitted,Grade,Status", "1,29/10/2026,2CP,LIVE")


INTEL = "IR URN,Date Submitted,Grade,Handling Conditions,Subjects,Text,Marking,Status"


def test_grades_fill_their_four_columns_and_handling_1_its_condition(tmp_path: Path) -> None:
    rows = ("2cc,Ask first", "A11,", "B31,Ask first", "B24,", "B2,", ",")
    lines = [f"42SYN/IR/{n}/26,29/10/2026,{row},,text,OFFICIAL-SENSITIVE,LIVE" for n, row in enumerate(rows)]
    result = mapped(tmp_path, "police_intel", INTEL, *lines)
    columns = ["grade", "grade_original", "grade_scheme", "handling", "handling_conditions"]
    police = "police and law enforcement only"
    assert result.tables["intel_reports"][columns].fillna("").to_numpy().tolist() == [
        ["2C", "2cc", "3x5x2", "C", "Ask first"], ["1A", "A11", "5x5x5", "C", police],
        ["1B", "B31", "5x5x5", "C", f"Ask first; {police}"], ["1A", "B24", "5x5x5", "C", ""],
        ["", "B2", "none", "", ""], ["", "", "none", "", ""],
    ]  # fmt: skip
    assert [(row, rule) for row, column, rule, _ in rules(result) if column == "Grade"] == [
        (2, "grade_form"), (3, "grade_converted"), (4, "grade_converted"), (5, "grade_converted"),
        (6, "grade_unreadable"), (7, "grade_unreadable"),
    ]  # fmt: skip


def test_subjects_are_numbered_in_the_order_named(tmp_path: Path) -> None:
    line = '1,29/10/2026,2CP,,"42SYN/2/20 WOOD, Al; 42SYN/1/20 NULL, Bo; someone",text,OFFICIAL,LIVE'
    result = mapped(tmp_path, "police_intel", INTEL, line)
    subjects = result.tables["intel_subjects"]
    assert subjects[["report_ref", "person_ref", "family_name", "position", "row"]].to_numpy().tolist() == [
        ["1", "42SYN/2/20", "WOOD", 1, 2], ["1", "42SYN/1/20", "NULL", 2, 2],
    ]  # fmt: skip
    assert (2, "Subjects", "unreadable_part", "flagged") in rules(result)


def test_records_of_several_kinds_go_each_to_their_table_and_victims_to_their_own(tmp_path: Path) -> None:
    result = mapped(
        tmp_path,
        "police_line_links",
        "LINK REF,LINE REF,TYPE,TARGET,ROLE,STATE,FROM,TO,COERCED,GRADE",
        "K1,L1,PERSON,42SYN/1/20,RUNNER,,2025-02-03,,YES,2CP",
        "K2,L1,PERSON,42SYN/2/20,HOUSEHOLDER_CUCKOOED,,,,YES,1AP",
        "K3,L1,ADDRESS,999000100572.0,CUCKOOED,CLEARED,,,UNKNOWN,2BP",
        "K4,L1,GROUP,G1,CONTROLS,,,,,2CP",
        "K5,L1,BOAT,x,,,,,,2CP",
    )
    assert {name: table.iloc[:, 1].tolist() for name, table in result.tables.items()} == {
        "line_people": ["K1"], "line_cuckooed": ["K2"], "line_addresses": ["K3"], "line_groups": ["K4"],
    }  # fmt: skip
    address = result.tables["line_addresses"].iloc[0]
    assert (address["uprn"], address["use"], address["state"]) == ("999000100572", "CUCKOOED", "CLEARED")
    assert rules(result) == [(4, "TARGET", "uprn_form", "repaired")]
    assert result.checks["is_mapped"].tolist() == [True, True, True, True, False]


def test_excel_and_csv_of_the_same_feed_say_the_same(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    page.title = "Actions"
    heads = ["Action ID", "Meeting", "Action", "Due", "Status", "Carried over"]
    day = pd.Timestamp("2026-10-29").to_pydatetime()
    for row in (["Log"], [], [], heads, ["SYN-1", day, "Visit", "next meeting", "IN_PROGRESS", 2]):
        page.append(row)
    book.save(tmp_path / "csp_actions.xlsx")
    from_excel = map_file(tmp_path / "csp_actions.xlsx", FEEDS["csp_actions"])
    lines = ["Log", "", "", ",".join(heads), "SYN-1,29/10/2026,Visit,next meeting,IN_PROGRESS,2"]
    from_csv = mapped(tmp_path, "csp_actions", *lines)
    pd.testing.assert_frame_equal(from_excel.tables["actions"], from_csv.tables["actions"])
    assert rules(from_excel) == rules(from_csv) == [(5, "Due", "unreadable_date", "flagged")]
