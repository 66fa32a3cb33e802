"""Write a delivery of the demo: one file for each feed, in the form its sender uses, the same to the byte each time."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from csp_toolkit.records.demo import assessments as synthetic_assessments
from csp_toolkit.records.demo import partners as synthetic_partners
from csp_toolkit.records.demo import registers as synthetic_registers
from csp_toolkit.records.demo import returns as synthetic_returns
from csp_toolkit.records.demo import rows as synthetic_rows
from csp_toolkit.records.demo.faults import BROKEN_LINE, FAULTS
from csp_toolkit.records.demo.partnership import log_actions
from csp_toolkit.records.demo.rows import Row, World

FEEDS: dict[str, Callable[[World, date], list[Row]]] = {
    "police_nominals": synthetic_rows.nominals, "police_crimes": synthetic_rows.crimes,
    "police_intel": synthetic_rows.reports,
    "police_custody": synthetic_rows.custody, "police_stop_search": synthetic_rows.stops,
    "police_orders": synthetic_registers.orders, "police_groups": synthetic_registers.groups,
    "police_lines": synthetic_registers.lines, "police_line_links": synthetic_registers.line_links,
    "police_line_phones": synthetic_registers.line_phones, "police_top10": synthetic_registers.police_list,
    "police_missing": synthetic_returns.missing, "csp_reviews": synthetic_returns.reviews,
    "prison_status": synthetic_returns.prison, "childrens_services": synthetic_returns.children,
    "csp_meetings": synthetic_returns.meetings, "csp_sharing_agreements": synthetic_returns.agreements,
    "rail_btp": synthetic_partners.rail, "csp_cases": synthetic_partners.cases,
    "csp_referrals": synthetic_partners.referrals, "csp_assessments": synthetic_assessments.assessments,
    "drug_service": synthetic_partners.drug_service, "ed_istv": synthetic_partners.hospital,
    "education_attendance": synthetic_partners.attendance, "education_exclusions": synthetic_partners.exclusions,
    "housing_tenancies": synthetic_partners.tenancies, "probation_caseload": synthetic_partners.probation,
    "ambulance": synthetic_partners.ambulance,
}  # fmt: skip
ENCODINGS = {"police_nominals": "utf-8-sig", "csp_reviews": "cp1252", "housing_tenancies": "cp1252"}
DELIMITERS = {"drug_service": ";"}
ACTION_HEADINGS = (
    "Action ID", "Meeting", "Case", "Action", "Type", "Code", "Owner", "Agency", "Set", "Due", "Priority", "Status",
    "Completed", "Outcome", "Carried over", "Evidence ref",
)  # fmt: skip
HOUSING_HEADINGS = (
    "Case No", "UPRN", "Tenancy Ref", "Alleged perpetrator", "Perp DOB", "Complainant ref", "Category", "Opened",
    "Closed", "RAM score", "Actions", "Officer", "Property address", "Rent arrears",
)  # fmt: skip
YOUTH_HEADINGS = (
    "YJS ID", "Surname", "First name", "DOB", "Sex", "Order", "Start", "End", "Breach", "Likelihood", "RoSH", "S&W",
    "YOGRS", "Worker", "ETE hrs", "School",
)  # fmt: skip
MARKED = ("OFFICIAL-SENSITIVE (synthetic data)",)
Sheets = dict[str, list[tuple[object, ...]]]
COVER = """Saltmere Partnership (invented) - data for the Gangs Intelligence Meeting of {meeting:%d %B %Y}
Extracts run {run_on:%d/%m/%Y}. OFFICIAL-SENSITIVE.
SYNTHETIC DEMONSTRATION DATA - every person, place and reference is invented.
{note}"""


def write_delivery(folder: Path, world: World, *, run_on: date, meeting: date, left_out: tuple[str, ...]) -> None:
    """Write every feed but those `left_out` into `folder`, as at the day the extracts were run."""
    folder.mkdir(parents=True, exist_ok=True)
    for feed, rows_of in FEEDS.items():
        if feed not in left_out:
            rows = rows_of(world, run_on)
            rows = FAULTS[feed](rows, run_on) if feed in FAULTS else rows
            text = _as_csv(rows, DELIMITERS.get(feed, ",")) + (
                BROKEN_LINE[feed] + "\r\n" if feed in BROKEN_LINE else ""
            )
            (folder / f"{feed}.csv").write_bytes(text.encode(ENCODINGS.get(feed, "utf-8")))
    for feed, sheets in _workbooks(world, run_on).items():
        if feed not in left_out:
            (folder / f"{feed}.xlsx").write_bytes(_as_workbook(sheets))
    note = "One return had not arrived when this was sent.\n" if left_out else ""
    (folder / "README.txt").write_text(
        COVER.format(meeting=meeting, run_on=run_on, note=note), encoding="utf-8", newline="\n"
    )


def _workbooks(world: World, run_on: date) -> dict[str, Sheets]:
    """Return the feeds that come as Excel files, sheet by sheet, with the titles and totals their senders add."""
    housing = synthetic_partners.housing_cases(world, run_on)
    groups = ("Young person", *[None] * 4, "Intervention", *[None] * 3, "AssetPlus", *[None] * 3, "Support")
    return {
        "csp_actions": {
            "Actions": [("Case management - action log (invented)",), MARKED, (), ACTION_HEADINGS,
                        *log_actions(run_on, seed=world.seed)],
            "Notes": [("Status is as updated by agencies by the extract date.",)],
        },
        "csp_delivery_plan": synthetic_partners.plan(run_on),
        "housing_asb": {
            "ASB cases": [("Housing cases (invented)",), MARKED, (), HOUSING_HEADINGS, *housing, (),
                          ("TOTAL CASES", len(housing))],
        },
        "yjs_caseload": {
            "Caseload": [("Youth justice caseload (invented)",), MARKED, (), groups, YOUTH_HEADINGS,
                         *synthetic_partners.youth_justice(world, run_on)],
            "Notes": [("L = Low, M = Medium, H = High, VH = Very High.",)],
        },
    }  # fmt: skip


def _as_csv(rows: list[Row], delimiter: str) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _as_workbook(sheets: Sheets) -> bytes:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(tuple(value if value != "" else None for value in row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return _without_clock(buffer.getvalue())


def _without_clock(workbook: bytes) -> bytes:
    """Take out when the workbook was saved, so that the same demo gives the same bytes."""
    rewritten = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d{2}-\d{2}T[\d:]+Z", b"2026-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            target.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return rewritten.getvalue()
