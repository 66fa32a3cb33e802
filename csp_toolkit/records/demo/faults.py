"""The faults the demo's files carry, one or two of every kind that partners' files carry.

Each is written into the rows of one feed, at a place that does not depend on chance, so that a test can count them.
"""

from collections.abc import Callable
from datetime import date

from csp_toolkit.records.demo.rows import Row


def _nominals(rows: list[Row], run_on: date) -> list[Row]:
    last = rows[-1]
    hostile = last | {
        "NOMINAL URN": "42SYND/009001/25", "SURNAME": "HOSTILE", "FORENAME 1": "Cell", "PNCID": "",
        "ALIASES": "<img src=x onerror=alert(1)>", "HOME ADDRESS": "=HYPERLINK(\"http://example.invalid\",\"open\")",
    }  # fmt: skip
    young = last | {
        "NOMINAL URN": "42SYND/009002/25",
        "SURNAME": "UNDERTEN",
        "FORENAME 1": "Invented",
        "DOB": "02/06/2018",
        "PNCID": "",
    }
    unborn = last | {
        "NOMINAL URN": "42SYND/009003/25",
        "SURNAME": "NA",
        "FORENAME 1": "None",
        "DOB": "01/01/1900",
        "PNCID": "",
    }
    mangled = last | {"NOMINAL URN": "Mar-25", "SURNAME": "MANGLED", "FORENAME 1": "Reference", "PNCID": ""}
    return [*rows, hostile, young, unborn, mangled, dict(mangled | {"NOMINAL URN": "42SYND/009004/25"}), dict(rows[-2])]


def _crimes(rows: list[Row], run_on: date) -> list[Row]:
    rows = [dict(row) for row in rows]
    serial = (
        date(int(rows[3]["Date From"][6:]), int(rows[3]["Date From"][3:5]), int(rows[3]["Date From"][:2]))
        - date(1899, 12, 30)
    ).days
    rows[3]["Date From"] = str(serial)
    rows[5]["Victims"] = "42SYND/009050/25 UNDERTEN, Invented (14/02/2019)"
    rows[8]["Offence"] = "<b>Other theft</b>"
    ahead = rows[9] | {
        "Crime Ref": f"42SYND/799001/{run_on:%y}",
        "Date From": f"{run_on.replace(year=run_on.year + 1):%d/%m/%Y}",
        "Suspects": "",
    }
    return [*rows, ahead, dict(rows[10])]


def _reports(rows: list[Row], run_on: date) -> list[Row]:
    rows = [dict(row) for row in rows]
    last = rows[-1]
    year = f"{run_on:%y}"
    rows += [
        last | {"IR URN": f"42SYND/IR/009001/{year}", "Marking": "SECRET",
        "Text": "Planted text that may be kept nowhere."},
        last | {"IR URN": f"42SYND/IR/009002/{year}", "Grade": "", "Origin Ref": "SYND-OR-90002"},
        last | {"IR URN": f"42SYND/IR/009003/{year}", "Grade": "2 c p", "Origin Ref": "SYND-OR-90003"},
        last | {"IR URN": f"42SYND/IR/009004/{year}", "Text": "<script>alert('planted')</script>",
        "Origin Ref": "SYND-OR-90004"},
        last | {"IR URN": f"42SYND/IR/009005/{year}", "Grade": "B6", "Origin Ref": "SYND-OR-90005"},
    ]  # fmt: skip
    return rows


def _custody(rows: list[Row], run_on: date) -> list[Row]:
    rows = [dict(row) for row in rows]
    rows[2]["DOB"], rows[2]["Age"] = "", rows[2]["Age"]
    rows[4]["Appropriate Adult"] = "no"
    return [*rows, dict(rows[6])]


def _reviews(rows: list[Row], run_on: date) -> list[Row]:
    return [*rows, dict(rows[0])]


def _prison(rows: list[Row], run_on: date) -> list[Row]:
    return [*rows, dict(rows[-1])]


def _list(rows: list[Row], run_on: date) -> list[Row]:
    return [row | {"Rank": f" {row['Rank']} "} if row["Rank"] == "6" else row for row in rows]


FAULTS: dict[str, Callable[[list[Row], date], list[Row]]] = {
    "police_nominals": _nominals, "police_crimes": _crimes, "police_intel": _reports, "police_custody": _custody,
    "csp_reviews": _reviews, "prison_status": _prison, "police_top10": _list,
}  # fmt: skip

BROKEN_LINE = {
    "police_crimes": "42SYND/799002/26,A line that,was,cut off",
    "police_stop_search": "SYND-SS99999,Person search",
}
"""A line too short for its heading, added as it stands to the end of a file."""
