"""Both monthly deliveries, as the agencies sent them: every row accounted for, nothing kept that must not be.

The raw files are read here by the standard library alone, so that what is compared shares no code with the reader.
"""

import csv
import io
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from csp_toolkit.records.feeds import map_file, match_feeds, read_feeds
from csp_toolkit.records.grading import parse_grade
from csp_toolkit.tables.validation import RULES, Validated, validate
from tests.real_data_home import extracts

RECEIVED = {"2026-10": date(2026, 10, 23), "2026-11": date(2026, 11, 20)}
FEEDS = read_feeds()
FORMS = {"housing_tenancies": ("cp1252", ","), "drug_service": ("utf-8", ";")}
NOT_SENT = {"2026-10": set(), "2026-11": {"housing_asb"}}
BOTH = pytest.mark.parametrize("month", sorted(RECEIVED))
pytestmark = pytest.mark.real_data


@cache
def judged(month: str) -> dict[str, Validated]:
    found = {}
    for path in sorted((extracts() / month).iterdir()):
        for feed in match_feeds(path, FEEDS):
            found[feed.name] = validate(map_file(path, feed), received_on=RECEIVED[month])
    return found


@cache
def raw(month: str, feed: str) -> list[list[str]]:
    path = extracts() / month / f"{FEEDS[feed].pattern.removesuffix('*')}.csv"
    if path.is_file():
        encoding, mark = FORMS.get(feed, ("utf-8-sig", ","))
        return list(csv.reader(io.StringIO(path.read_text(encoding=encoding), newline=""), delimiter=mark))
    page = load_workbook(path.with_suffix(".xlsx"), read_only=True)[FEEDS[feed].sheet or ""]
    return [["" if v is None else str(v) for v in row] for row in page.iter_rows(values_only=True)]


def cell(month: str, feed: str, row: int, heading: str) -> str:
    rows = raw(month, feed)
    return rows[row - 1][rows[FEEDS[feed].header_row - 1].index(heading)]


def rows_under(v: Validated, rule: str) -> list[int]:
    return v.findings.loc[v.findings["rule"] == rule, "row"].tolist()


@BOTH
def test_every_mapped_feed_arrived_and_its_rows_add_up_to_those_of_the_file(month: str) -> None:
    assert set(judged(month)) == set(FEEDS) - NOT_SENT[month]
    for name, v in judged(month).items():
        n_raw = len([row for row in raw(month, name)[FEEDS[name].header_row :] if any(row)])
        assert v.rows_in == n_raw == v.accepted + v.repaired + v.rejected + v.withdrawn, name
        rejected = v.findings.loc[v.findings["action"] == "rejected", "row"]
        assert rejected.is_unique and len(rejected) == v.rejected, name
        assert set(v.findings["rule"]) <= set(RULES)


@BOTH
def test_no_column_is_unknown_and_only_one_was_not_sent(month: str) -> None:
    notes = {(name, note) for name, v in judged(month).items() for note in v.notes}
    with_formulas = {name for name, note in notes if note.endswith("without its result, read as empty: 1")}
    assert with_formulas == {"csp_actions", "housing_asb"} - NOT_SENT[month]
    assert {one for one in notes if one[0] not in with_formulas} == {
        ("csp_sharing_agreements", "column EIA Expires was not sent; what it says is not stated"),
        ("drug_service", "cells are parted by ;"),
        ("housing_tenancies", "read as Windows-1252 (41 of 827 lines)"),
    }


@BOTH
def test_identical_rows_are_kept_once(month: str) -> None:
    for name, v in judged(month).items():
        whole = [tuple(row) for row in raw(month, name)[FEEDS[name].header_row :]]
        surplus = sum(n - 1 for n in Counter(whole).values())
        other = {"under_ten", "row_length", "marking_above"}
        repeated_elsewhere = [r for rule in other for r in rows_under(v, rule)]
        assert surplus - len(rows_under(v, "duplicate_row")) <= len(repeated_elsewhere), name
        assert not {"key_repeated", "key_repeated_differs"} & set(v.findings["rule"]), name


@BOTH
def test_a_report_above_the_marking_leaves_no_text(month: str) -> None:
    v = judged(month)["police_intel"]
    secret = [n for n, row in enumerate(raw(month, "police_intel"), start=1) if "SECRET" in row]
    assert secret and rows_under(v, "marking_above") == secret
    reports = v.tables["intel_reports"]
    for row in secret:
        assert not (reports["report_ref"] == cell(month, "police_intel", row, "IR URN")).any()
        assert not any((table["row"] == row).any() for table in v.tables.values())
        # Other reports say the same, word for word, under a lower marking of their own; only they may be left.
        alike = reports.loc[reports["report_text"] == cell(month, "police_intel", row, "Text"), "row"]
        assert {cell(month, "police_intel", n, "Marking") for n in alike} <= {"OFFICIAL-SENSITIVE"}


@BOTH
def test_children_under_ten_leave_no_row(month: str) -> None:
    received = RECEIVED[month]
    limit = received.replace(year=received.year - 10)
    for name, v in judged(month).items():
        born = FEEDS[name].checks.born
        rejected = set(v.findings.loc[v.findings["action"] == "rejected", "row"])
        heads = raw(month, name)[FEEDS[name].header_row - 1]
        for n, row in enumerate(raw(month, name)[FEEDS[name].header_row :], start=FEEDS[name].header_row + 1):
            if len(row) != len(heads):
                continue
            told = dict(zip(heads, row, strict=True))
            text = told.get(born.column or "", "") if born else ""
            year = int(text[:4] if text[4:5] == "-" else text[-4:]) if len(text) == 10 else 0
            if told.get("Age range") == "under 10" or year > limit.year:
                assert n in rejected, (name, n)
        for table in v.tables.values():
            if "dob" in table:
                assert not (table["dob"].dt.date > limit).any(), name


@BOTH
def test_every_spelling_of_a_grade_is_resolved_or_flagged(month: str) -> None:
    v = judged(month)["police_intel"]
    rows = raw(month, "police_intel")
    place = rows[0].index("Grade")
    assert len({row[place] for row in rows[1:]}) == 40
    reports = v.tables["intel_reports"].set_index("row")
    unreadable = set(rows_under(v, "grade_unreadable"))
    for row, report in reports.iterrows():
        grade = parse_grade(rows[row - 1][place])
        assert (grade is None) == (row in unreadable) == (report["grade_scheme"] == "none")
        if grade is not None:
            assert (report["grade"], report["handling"]) == (grade.code, grade.handling)
    assert {rows[row - 1][place] for row in unreadable} == {"", "B2", "2C", "4BP", "BP2"}


@BOTH
def test_the_known_faults_of_the_crimes_are_found(month: str) -> None:
    v = judged(month)["police_crimes"]
    rows = raw(month, "police_crimes")
    assert rows_under(v, "row_length") == [n for n, row in enumerate(rows, start=1) if len(row) == 27]
    assert [rows[n - 1][0] for n in rows_under(v, "unreadable_reference")] == ["Mar-25"]
    serials = [n for n, row in enumerate(rows, start=1) if row[3].isdigit()]
    assert rows_under(v, "excel_serial_date") == serials and len(serials) == 11
    dates = v.tables["crimes"].set_index("row")
    assert (dates.loc[serials, "from_on"] <= dates.loc[serials, "recorded_on"]).all()


def test_several_suspects_of_one_crime_are_put_together() -> None:
    v = judged("2026-10")["police_crimes"]
    crime = v.tables["crimes"].query("crime_ref == '42SYN/002713/24'")
    suspects = v.tables["crime_suspects"].query("crime_ref == '42SYN/002713/24'")
    assert crime["row"].tolist() == [1748] and suspects["row"].tolist() == [1748, 1749, 1750]


def test_the_row_the_sender_broke_off_is_rejected() -> None:
    v = judged("2026-10")["police_stop_search"]
    assert rows_under(v, "row_length") == [len(raw("2026-10", "police_stop_search"))]


def test_a_report_withdrawn_in_november_is_counted_and_loses_its_text() -> None:
    assert judged("2026-10")["police_intel"].withdrawn == 0
    v = judged("2026-11")["police_intel"]
    report = v.tables["intel_reports"].query("status == 'WITHDRAWN'")
    assert v.withdrawn == len(report) == 1 and report["report_text"].isna().all()


def test_merged_and_deceased_records_are_known() -> None:
    people = judged("2026-11")["police_nominals"].tables["person_records"]
    assert people["merged_into"].notna().sum() == 1
    assert (people["is_deceased"] == "Y").sum() == 2 and people["deceased_on"].notna().sum() == 1


@BOTH
def test_surnames_that_look_like_nothing_are_people(month: str) -> None:
    people = judged(month)["police_nominals"].tables["person_records"]
    assert people["family_name"].notna().all() and {"NA", "NULL"} <= set(people["family_name"])


@BOTH
def test_what_could_run_is_kept_as_text_and_flagged(month: str) -> None:
    assert "html_in_cell" in set(judged(month)["police_nominals"].findings["rule"])
    assert {"html_in_cell", "formula_in_cell"} <= set(judged(month)["police_intel"].findings["rule"])


@BOTH
def test_default_dates_of_birth_are_unknown(month: str) -> None:
    for v in judged(month).values():
        for table in v.tables.values():
            if "dob" in table:
                assert not (table["dob"] < "1910-01-01").any()
            if "dob_precision" in table:
                assert (table["dob"].isna() == (table["dob_precision"] == "UNK")).all()


def test_the_files_lie_outside_the_repository() -> None:
    assert not Path(extracts()).is_relative_to(Path(__file__).parents[2])
