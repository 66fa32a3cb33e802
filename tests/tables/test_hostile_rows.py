"""A row that was good, broken in one way: one rule says so, its row is named, its value is not, and no other row moves.

The rows are the demo's own, chosen because nothing is found in them.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from csp_toolkit.errors import DeliveryError
from csp_toolkit.records.demo.files import DELIMITERS
from csp_toolkit.records.demo.files import FEEDS as WRITERS
from csp_toolkit.records.feeds import map_file, read_feeds
from csp_toolkit.records.synthetic import DELIVERIES, SEED, make_world
from csp_toolkit.tables.validation import RULES, Validated, validate

MAPPINGS = read_feeds()
RECEIVED = DELIVERIES["2026-10"]
N_GOOD, TARGET = 6, 4  # rows of the file, counted from its headings on row 1: the third record is broken
Row = dict[str, str]


@dataclass(frozen=True)
class Fault:
    """One way to break a row: `cells` put into it, or `lines` of text put in its place."""

    kind: str
    feed: str
    rule: str
    action: str
    cells: dict[str, str] = field(default_factory=dict)
    line: Callable[[list[str]], list[str]] | None = None
    text: str | None = None
    at: int = TARGET


def cells(kind: str, feed: str, rule: str, action: str, **put: str) -> Fault:
    """Break single cells; a heading's blanks and points are written as in the file through `_named`."""
    return Fault(kind, feed, rule, action, {_named(feed, name): value for name, value in put.items()})


def _named(feed: str, name: str) -> str:
    plain = {"".join(ch for ch in heading.casefold() if ch.isalnum()): heading for heading in MAPPINGS[feed].headings}
    return plain[name.replace("_", "").casefold()]


def _move_along(row: list[str]) -> list[str]:
    return [*row[:3], "CANARY", *row[3:-1], ""]


def _total(row: list[str]) -> list[str]:
    return ["Total CANARY", "962", *[""] * (len(row) - 2)]


FAULTS = (
    Fault("short row", "police_orders", "row_length", "rejected", line=lambda row: row[:-2]),
    Fault("long row", "police_orders", "row_length", "rejected", line=lambda row: [*row, "CANARY"]),
    Fault("stray separator", "police_orders", "row_length", "rejected", line=_move_along),
    Fault("heading repeated", "police_orders", "heading_repeated", "rejected", text="HEADINGS"),
    Fault("total row", "police_orders", "total_row", "rejected", line=_total),
    Fault("identical row", "police_orders", "duplicate_row", "rejected", text="TWICE", at=TARGET + 1),
    Fault("duplicate key", "police_orders", "key_repeated", "rejected", {"Conditions": "CANARY"}, text="TWICE",
          at=TARGET + 1),
    cells("missing key", "police_orders", "missing_required", "rejected", Order_Ref=""),
    cells("key of not known", "police_orders", "missing_required", "rejected", Order_Ref="", Conditions="CANARY"),
    cells("reference made a date", "police_orders", "unreadable_reference", "rejected", Order_Ref="Mar-25"),
    cells("reference made a power", "police_orders", "unreadable_reference", "rejected", Order_Ref="4.2E+11"),
    cells("swapped columns", "police_orders", "unreadable_reference", "rejected", Order_Ref="01/03/2026"),
    cells("required date unreadable", "police_orders", "missing_required", "rejected", Date_Made="CANARY"),
    cells("future date", "police_orders", "future_date", "rejected", Date_Made="01/03/2031", Expires=""),
    cells("unreadable date", "police_orders", "unreadable_date", "flagged", Last_Breach="CANARY next week"),
    cells("impossible date", "police_orders", "unreadable_date", "flagged", Last_Breach="31/02/2026"),
    cells("month first", "police_orders", "unreadable_date", "flagged", Last_Breach="02/28/2026"),
    cells("serial out of range", "police_orders", "unreadable_date", "flagged", Last_Breach="99999"),
    cells("serial in range", "police_orders", "excel_serial_date", "repaired", Last_Breach="46000"),
    cells("two-digit year", "police_orders", "two_digit_year", "repaired", Last_Breach="01/03/26"),
    cells("end before beginning", "police_orders", "dates_out_of_order", "flagged", Expires="01/03/2001"),
    cells("unknown code", "police_orders", "missing_required", "rejected", Order_Type="CANARY"),
    cells("unknown code, not required", "police_nominals", "unknown_value", "flagged", GENDER="CANARY"),
    cells("count with a decimal", "police_orders", "whole_number_form", "repaired", Breaches="2.0"),
    cells("count in words", "police_orders", "unreadable_number", "flagged", Breaches="CANARY"),
    cells("formula", "police_orders", "formula_in_cell", "flagged", Conditions='=HYPERLINK("CANARY")'),
    cells("HTML", "police_orders", "html_in_cell", "flagged", Conditions="<img src=CANARY onerror=alert(1)>"),
    cells("control characters", "police_orders", "spaces_trimmed", "repaired", Conditions="CAN\x07ARY\x1b[31m"),
    cells("byte-order mark in the middle", "police_orders", "spaces_trimmed", "repaired", Conditions="CAN\ufeffARY"),
    cells("writing turned round", "police_orders", "spaces_trimmed", "repaired", Conditions="CAN\u202eARY"),
    cells("letters in the wrong alphabet", "police_nominals", "mojibake_mended", "repaired", SURNAME="CANÃ©RY"),
    cells("letters lost", "police_nominals", "letters_lost", "flagged", SURNAME="CAN\ufffdRY"),
    cells("name of blanks", "police_nominals", "spaces_trimmed", "repaired", SURNAME=" \u00a0 "),
    cells("default date of birth", "police_nominals", "default_birth_date", "repaired", DOB="01/01/1900"),
    cells("under ten", "police_nominals", "under_ten", "rejected", DOB="01/06/2019", SURNAME="CANARY"),
    cells("born tomorrow", "police_nominals", "future_date", "rejected", DOB="01/06/2031", SURNAME="CANARY"),
    cells("bad postcode", "police_nominals", "postcode_unreadable", "flagged", POSTCODE="CANARY"),
    cells("postcode run together", "police_nominals", "postcode_form", "repaired", POSTCODE="xz91ab"),
    cells("bad PNC number", "police_nominals", "pnc_unreadable", "flagged", PNCID="CANARY/15"),
    cells("PNC number cut short", "police_nominals", "pnc_form", "repaired", PNCID="15/100246z"),
    cells("above the marking", "police_intel", "marking_above", "rejected", Marking="SECRET", Text="CANARY"),
    cells("no marking", "police_intel", "marking_unknown", "rejected", Marking="", Text="CANARY"),
    cells("old marking", "police_intel", "marking_converted", "repaired", Marking="RESTRICTED"),
    cells("bad grade", "police_intel", "grade_unreadable", "flagged", Grade="Z9CANARY"),
    cells("grade with blanks", "police_intel", "grade_form", "repaired", Grade="2 c p"),
    cells("a name that cannot be parted", "police_intel", "unreadable_part", "flagged", Subjects="CANARY"),
    cells("withdrawn", "police_intel", "withdrawn_by_sender", "withdrawn", Status="WITHDRAWN", Text="CANARY"),
    cells("bad number", "police_line_phones", "phone_unreadable", "flagged", NUMBER="CANARY"),
    cells("number abroad", "police_line_phones", "phone_form", "repaired", NUMBER="+44 7700 900062"),
    cells("unknown kind of record", "police_groups", "not_mapped", "rejected", REC_TYPE="CANARY"),
    cells("age against birth", "police_custody", "age_disagrees", "flagged", Age="99"),
    cells("event before birth", "rail_btp", "before_birth", "flagged", Date_Time="1951-03-01T10:00Z"),
    cells("property number as a power", "housing_tenancies", "uprn_unreadable", "flagged", UPRN="9.99E+11"),
    cells("property number as a decimal", "housing_tenancies", "uprn_form", "repaired", UPRN="999800000003.0"),
    cells("amount in words", "housing_tenancies", "unreadable_number", "flagged", Arrears="CANARY"),
    cells("a whole name in one word", "housing_tenancies", "name_in_one_word", "flagged", Lead_Tenant="CANARY"),
    cells("no consent", "drug_service", "no_consent", "rejected", Consent="N", Surname="CANARY"),
    cells("consent not stated", "drug_service", "no_consent", "rejected", Consent="", Surname="CANARY"),
    cells("consent withdrawn", "drug_service", "no_consent", "rejected", Consent="WITHDRAWN", Surname="CANARY"),
    cells("answer out of range", "csp_assessments", "unknown_value", "flagged", answer="4"),
    cells("hospital code unknown", "ed_istv", "missing_required", "rejected", ASSAULT_METHOD="CANARY"),
)  # fmt: skip


@cache
def good_rows(feed: str) -> tuple[Row, ...]:
    """Return rows of the demo in which nothing is found, with a date of birth and a number where most have one."""
    rows = WRITERS[feed](make_world(seed=SEED), RECEIVED)
    with TemporaryDirectory() as folder:
        v = judged(Path(folder), feed, [list(rows[0]), *([*row.values()] for row in rows)])
    faulty = set(v.findings["row"])
    good = [row for n, row in enumerate(rows, start=2) if n not in faulty]
    return tuple(row for row in good if row.get("DOB", "-"))[: N_GOOD - 1]


def judged(folder: Path, feed: str, lines: list[list[str]]) -> Validated:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=DELIMITERS.get(feed, ","), lineterminator="\r\n").writerows(lines)
    path = folder / f"{feed}.csv"
    path.write_bytes(buffer.getvalue().encode("utf-8"))
    return validate(map_file(path, MAPPINGS[feed]), received_on=RECEIVED)


def lines_of(feed: str) -> list[list[str]]:
    rows = good_rows(feed)
    return [list(rows[0]), *([*row.values()] for row in rows)]


def broken(fault: Fault) -> list[list[str]]:
    lines = lines_of(fault.feed)
    row = dict(zip(lines[0], lines[TARGET - 1], strict=True)) | fault.cells
    changed = list(row.values())
    if fault.text == "HEADINGS":
        return [*lines[: TARGET - 1], list(lines[0]), *lines[TARGET:]]
    if fault.text == "TWICE":
        return [*lines[:TARGET], changed, *lines[TARGET:]]
    return [*lines[: TARGET - 1], fault.line(changed) if fault.line else changed, *lines[TARGET:]]


@pytest.mark.parametrize("feed", sorted({fault.feed for fault in FAULTS}))
def test_the_rows_were_good(tmp_path: Path, feed: str) -> None:
    v = judged(tmp_path, feed, lines_of(feed))
    assert v.accepted == v.rows_in >= 3 and v.findings.empty


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_a_broken_row_is_said_under_one_rule(tmp_path: Path, fault: Fault) -> None:
    v = judged(tmp_path, fault.feed, broken(fault))
    assert v.findings[["row", "rule", "action"]].values.tolist() == [[fault.at, fault.rule, fault.action]]
    assert v.rows_in == v.accepted + v.repaired + v.rejected + v.withdrawn == len(broken(fault)) - 1
    n_lost = {"rejected": v.rejected, "withdrawn": v.withdrawn, "repaired": v.repaired}.get(fault.action, v.accepted)
    assert n_lost == (v.rows_in if fault.action == "flagged" else 1)
    assert "CANARY" not in v.findings.to_csv() + repr(v) + " ".join(v.notes)
    if fault.action == "rejected":
        assert not any((table["row"] == fault.at).any() for table in v.tables.values())
        assert "CANARY" not in " ".join(table.to_csv() for table in v.tables.values())


def test_the_other_rows_are_kept_as_they_were(tmp_path: Path) -> None:
    for fault in FAULTS:
        before = judged(tmp_path, fault.feed, lines_of(fault.feed))
        after = judged(tmp_path, fault.feed, broken(fault))
        for name, table in before.tables.items():
            above = table[table["row"] < TARGET]
            assert above.equals(after.tables[name][after.tables[name]["row"] < TARGET]), (fault.kind, name)


def test_there_are_more_than_twenty_kinds_and_every_rule_named_exists() -> None:
    assert len({fault.kind for fault in FAULTS}) == len(FAULTS) > 40
    assert {fault.rule for fault in FAULTS} <= set(RULES) and len({fault.rule for fault in FAULTS}) > 30


def raw_file(folder: Path, content: bytes) -> Path:
    path = folder / "police_orders.csv"
    path.write_bytes(content)
    return path


def written(folder: Path) -> bytes:
    judged(folder, "police_orders", lines_of("police_orders"))
    return (folder / "police_orders.csv").read_bytes()


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (b"Order Ref", b"Order\x00Ref", "not text"),
        (b"SYN", b"SY\x81N", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_cannot_be_read_safely_is_refused_whole(
    tmp_path: Path, was: bytes, becomes: bytes, says: str
) -> None:
    content = written(tmp_path)
    assert was in content
    with pytest.raises(DeliveryError, match=says) as caught:
        map_file(raw_file(tmp_path, content.replace(was, becomes, 1)), MAPPINGS["police_orders"])
    assert "\n" not in str(caught.value) and "SYND" not in str(caught.value)


def test_a_quotation_mark_that_is_never_closed_refuses_the_file(tmp_path: Path) -> None:
    path = raw_file(tmp_path, written(tmp_path) + b'"CANARY,and what follows\r\nanother row\r\n')
    with pytest.raises(DeliveryError, match="quotation mark is opened and never closed") as caught:
        map_file(path, MAPPINGS["police_orders"])
    assert "CANARY" not in str(caught.value)


def test_a_nul_byte_deep_in_a_file_hides_nothing(tmp_path: Path) -> None:
    content = written(tmp_path)
    filler = b"\r\n".join([b",".join([b""] * 12)] * 600)
    head, _, rest = content.partition(b"\r\n")
    broken_rest = rest.replace(b"SYN", b"S\x00YN", 1)
    path = raw_file(tmp_path, head + b"\r\n" + filler + b"\r\n" + broken_rest)
    v = validate(map_file(path, MAPPINGS["police_orders"]), received_on=RECEIVED)
    assert v.rows_in == len(lines_of("police_orders")) - 1
    assert set(v.findings["rule"]) == {"spaces_trimmed"}


def test_one_line_of_windows_text_is_read_as_such_and_said(tmp_path: Path) -> None:
    lines = lines_of("police_orders")
    place = lines[0].index("Conditions")
    lines[TARGET - 1][place] = "Caf\u00e9"
    judged(tmp_path, "police_orders", lines)
    content = (tmp_path / "police_orders.csv").read_bytes().replace("é".encode(), b"\xe9")
    mapped = map_file(raw_file(tmp_path, content), MAPPINGS["police_orders"])
    assert mapped.tables["orders"]["conditions"].iloc[TARGET - 2] == "Café"
    assert [note for note in mapped.notes if note.startswith("read as Windows-1252 (1 of")]


def test_a_line_break_within_quotation_marks_stays_in_its_cell(tmp_path: Path) -> None:
    lines = lines_of("police_orders")
    lines[TARGET - 1][lines[0].index("Conditions")] = "not to enter\r\nthe town"
    v = judged(tmp_path, "police_orders", lines)
    assert v.accepted + v.repaired == v.rows_in == len(lines) - 1
    assert v.tables["orders"]["conditions"].iloc[TARGET - 2] == "not to enter\nthe town"
