"""Scores worked out once more from the raw files of both deliveries, sharing no code with the scorer.

Read with the csv module, plain loops and exact fractions; the rules are written out again from their description.
Who is scored is taken from the scorer; what each of them scores is not.
"""

import csv
import re
from collections import defaultdict
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.scoring.assessment import score
from tests.real_data_home import extracts
from tests.scoring.by_hand import work_out
from tests.scoring.real_casebook import MEETINGS, real_view
from tests.scoring.small_views import MATRIX

GRADES = {code: Fraction(share) for code, share in {
    "1A": "1", "1B": ".85", "1C": ".5", "1D": ".25", "2A": ".6", "2B": ".55", "2C": ".25", "2D": ".1", "3A": ".2",
    "3B": ".15", "3C": ".05"}.items()}  # fmt: skip
OLD_SOURCE = {"A": "1", "B": "1", "C": "2", "E": "2", "D": "3"}
OLD_INFORMATION = {"1": "A", "2": "A", "3": "B", "4": "D", "5": "E"}
SIMPLE = {"1/1": "V1", "2/0": "V1", "5D/1": "V2", "36/1": "V2", "29/1": "V3", "34A/1": "V3", "34B/1": "V3",
          "64/1": "V3", "3B/1": "V3",
          "56A/1": "V3", "10A/1": "V4", "81/3": "V4", "10C/1": "V5", "10D/1": "V5", "105A/1": "V6",
          "92A/21": "D1", "92A/31": "D1", "92A/32": "D2", "92A/5": "D2", "106/2": "D3"}  # fmt: skip
BASE = {"V1": 30, "V2": 20, "V3": 12, "V4": 18, "V5": 8, "V6": 3, "D1": 14, "D2": 5, "D3": 14, "D5": 3, "G1": 10,
        "G2": 4, "G4": 5}  # fmt: skip
THEMES = {"FIREARM": ("V7", 8), "WEAPON": ("V7", 5), "CONFLICT": ("V7", 3), "SUPPLY": ("D5", 3), "LINE": ("D5", 3),
          "CUCKOO": ("D5", 3), "MEMBERSHIP": ("G4", 5)}  # fmt: skip
NUMBERS = {number: Fraction(share) for number, share in {
    "2": "1", "3": "1", "8": ".4", "22": ".4", "15": ".25", "16": ".25", "9": ".15", "10": ".15", "17": ".15",
    "21": ".15", "": ".4"}.items()}  # fmt: skip
COURTS = {"convicted": ("proved", Fraction(1)), "convicted (lesser offence)": ("proved", Fraction(4, 10)),
          "awaiting": ("alleged", Fraction(8, 10)), "": ("alleged", Fraction(8, 10))}  # fmt: skip
PARTS = {"PRINCIPAL": Fraction(1), "SECONDARY": Fraction(6, 10), "DIRECTS": Fraction(125, 100)}
YES = {"Y", "YES", "1", "TRUE"}


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a file whose length is right, cells stripped."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head, *rows = list(csv.reader(file))
    return [dict(zip(head, (cell.strip() for cell in row), strict=True)) for row in rows if len(row) == len(head)]


def day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    if re.fullmatch(r"\d{5}", text.strip()):  # a spreadsheet's serial number
        return date.fromordinal(date(1899, 12, 30).toordinal() + int(text))
    return None


def grade(text: str) -> tuple[str, bool] | None:
    """Return a grade in two characters, and whether it was converted."""
    plain = re.sub(r"\s", "", text).upper()
    if re.fullmatch(r"[1-3][A-E][PC]", plain):
        return plain[:2], False
    if re.fullmatch(r"[A-E][1-5][1-5]", plain):
        return OLD_SOURCE[plain[0]] + OLD_INFORMATION[plain[1]], True
    return None


class Raw:
    """What both deliveries said by the meeting: the newest word on each crime, report, link and order."""

    def __init__(self, month: str) -> None:
        folders = [extracts() / name for name in MEETINGS if name <= month]
        self.as_of = MEETINGS[month]
        self.crimes: dict[str, list[dict]] = {}
        self.reports: dict[str, dict] = {}
        self.ever: set[str] = set()
        self.custody: dict[str, dict] = {}
        for folder in folders:
            fresh = defaultdict(list)
            for row in rows_of(folder, "police_crimes"):
                fresh[row["Crime Ref"]].append(row)
            self.crimes |= fresh
            for row in rows_of(folder, "police_intel"):
                if row["Marking"].upper().startswith("OFFICIAL"):
                    self.reports[row["IR URN"]] = row
                    self.ever.add(row["IR URN"])
            self.custody |= {row["Custody Record No"]: row for row in rows_of(folder, "police_custody")}
        last = folders[-1]
        self.nominals = {row["NOMINAL URN"]: row for row in rows_of(last, "police_nominals")}
        self.merged = {row["NOMINAL URN"]: row["MERGED INTO"] for row in self.nominals.values() if row["MERGED INTO"]}
        self.register = rows_of(last, "csp_reviews")
        self.links, self.lines = rows_of(last, "police_line_links"), rows_of(last, "police_lines")
        self.orders = rows_of(last, "police_orders")

    def person(self, urn: str) -> str:
        return self.merged.get(urn, urn)

    def origin(self, ref: str) -> str:
        """Return the origin of a report: reports that repeat each other or name one origin are one."""
        seen, todo = set(), [ref]
        while todo:
            one = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            row = self.reports.get(one)
            if row:
                named = row["Origin Ref"]
                todo += [part.strip() for part in row["Derived From"].split(";") if part.strip()]
                todo += [r for r, o in self.reports.items() if named and o["Origin Ref"] == named]
                todo += [r for r, o in self.reports.items() if one in [p.strip() for p in o["Derived From"].split(";")]]
        return min(seen)

    def suspects(self, ref: str) -> dict[str, tuple[str, str, Fraction]]:
        """Return the suspects of a crime: person to (status, part, weight of the part)."""
        found: dict[str, tuple[str, str, Fraction]] = {}
        for row in self.crimes[ref]:
            for text in row["Suspects"].split("; "):
                parsed = re.match(r"(\S+) .*\[(.+?)-([A-Z]+)\]$", text.strip())
                if parsed:
                    urn, status, part = parsed.groups()
                    found[self.person(urn)] = (status, part, PARTS[part])
        return found


def outcome(crime: dict, status: str) -> tuple[str, Fraction, bool] | None:
    """Return basis, weight, and whether it is a charge, conviction or caution; None where nothing is left."""
    if status == "CHARGED":
        found = COURTS.get(crime["Court Result"].lower())
        return (*found, True) if found else None
    weight = NUMBERS.get(crime["Outcome"])
    if weight is None:
        return None
    proved = crime["Outcome"] in ("2", "3")
    return ("proved" if proved else "alleged", weight, proved)


def criterion(crime: dict) -> str | None:
    code = crime["HO Code"]
    armed = crime["Knife"].upper() in YES or crime["Firearm"].upper() in YES
    if code in ("8N/1", "8N/6"):
        return "V2" if armed else "V6"
    if code == "66/1":
        return "V6" if crime["Gang"].upper() in YES else None
    return SIMPLE.get(code)


def grown_up_on(raw: Raw, urn: str) -> date | None:
    born = day(raw.nominals[urn]["DOB"])
    if born is None:
        return None
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return date(born.year + 18, 3, 1)


def items_of(raw: Raw, wanted: set[str]) -> list[dict]:
    items: list[dict] = []

    def add(person, what, ref, on, basis, weight, role=Fraction(1), base=None, origin=None, decided=True) -> None:
        if person not in wanted:
            return
        adult_on = grown_up_on(raw, person)
        if adult_on and adult_on <= raw.as_of and on < adult_on and not decided:
            return
        items.append({"person": person, "criterion": what, "item": ref, "event": ref, "origin": origin or ref,
                      "on": min(on, raw.as_of), "basis": basis, "weight": weight, "role": role,
                      "base": Fraction(base or BASE[what])})  # fmt: skip

    active = {raw.person(row["Nominal URN"]) for row in raw.register if row["Status"] == "ACTIVE"}
    titles = {}
    for ref, rows in raw.crimes.items():
        crime = rows[-1]
        what = criterion(crime)
        titles[crime["Offence"]] = {"8N/1": "V6", "8N/6": "V6"}.get(crime["HO Code"], SIMPLE.get(crime["HO Code"]))
        if what is None or day(crime["Date From"]) is None or day(crime["Date From"]) > raw.as_of:
            continue
        on = max(d for d in (day(crime["Date From"]), day(crime["Date To"])) if d)
        suspects = raw.suspects(ref)
        outcomes = {p: outcome(crime, status) for p, (status, *_) in suspects.items()}
        for person, (_status, _part, role) in suspects.items():
            if outcomes[person] is None:
                continue
            basis, weight, charged = outcomes[person]
            decided = charged or crime["Outcome"] not in ("", "1")
            if charged or what not in ("D1", "D2", "D3"):
                add(person, what, ref, on, basis, weight, role, decided=decided)
            others = [p for p in suspects if p != person and p in active and outcomes[p] and outcomes[p][2]]
            if charged and others:
                add(person, "G2", ref, on, basis, weight, role)
    for ref, row in raw.custody.items():
        if row["Arresting Force"] in ("Essex", "") or row["Linked Crime"] or not row["Detainee URN"]:
            continue
        what = titles.get(row["Arrest Offence(s)"])
        weight = {"CHARGED": Fraction(8, 10), "BAILED PENDING FURTHER ENQUIRIES": Fraction(4, 10),
                  "RELEASED UNDER INVESTIGATION": Fraction(4, 10)}.get(row["Disposal"])  # fmt: skip
        if what and weight and (weight == Fraction(8, 10) or what not in ("D1", "D2", "D3")):
            add(raw.person(row["Detainee URN"]), what, ref, day(row["Arrival"]), "alleged", weight,
                decided=weight == Fraction(8, 10))  # fmt: skip

    homes = [(raw.person(row["TARGET"]), day(row["FROM"]), day(row["TO"])) for row in raw.links
             if row["ROLE"] == "HOUSEHOLDER_CUCKOOED"]  # fmt: skip
    for ref, row in raw.reports.items():
        read = grade(row["Grade"])
        if row["Status"] != "LIVE" or read is None or row["Theme"] not in THEMES or not row["Subjects"]:
            continue
        code, was_converted = read
        if code[1] == "B" and not was_converted:
            named = {part.strip() for part in row["Corroborated By"].split(";")} - {ref}
            code = code if named & raw.ever else code[0] + "C"
        person = raw.person(row["Subjects"].split(" ")[0])
        on = day(row["Event Date"]) or day(row["Date Submitted"])
        if day(row["Date Submitted"]) > raw.as_of:
            continue
        what, base = THEMES[row["Theme"]]
        if what == "D5" and any(p == person and (f is None or f <= on) and (t is None or t >= on) for p, f, t in homes):
            continue
        if GRADES.get(code) and person in wanted:
            add(person, what, ref, on, "intelligence", GRADES[code], base=base, origin=raw.origin(ref), decided=False)
    active_on = {row["LINE REF"]: day(row["LAST ACTIVE"]) for row in raw.lines}
    for row in raw.links:
        read = grade(row["GRADE"])
        if row["ROLE"] in ("CONTROLLER", "HOLDER") and row["TYPE"] == "PERSON" and read and GRADES.get(read[0]):
            on = day(row["TO"]) or active_on.get(row["LINE REF"]) or day(row["FROM"])
            add(
                raw.person(row["TARGET"]),
                "D5",
                row["LINK REF"],
                on,
                "intelligence",
                GRADES[read[0]],
                Fraction(125, 100),
                decided=False,
            )
    for row in raw.orders:
        if row["Order Type"] == "GANG INJUNCTION" and day(row["Date Made"]) <= raw.as_of:
            ends = day(row["Expires"])
            on = (
                ends
                if ends and ends < raw.as_of
                else raw.as_of
                if row["Status"] == "IN FORCE"
                else day(row["Date Made"])
            )
            add(raw.person(row["URN"]), "G1", row["Order Ref"], on, "proved", Fraction(1))
    return items


@pytest.mark.parametrize("month", list(MEETINGS))
def test_every_score_is_what_the_raw_files_give_when_worked_out_by_hand(month: str) -> None:
    view = real_view(month)
    found = score(view, MATRIX)
    urns = view["reviews"].set_index("person_id")["person_ref"]
    sums = found.ledger.groupby("person_id")["points"].sum()
    made = {urns[person]: Fraction(int(points), 10_000) for person, points in sums.items()}
    raw = Raw(month)
    by_hand = work_out(items_of(raw, set(made)), raw.as_of)
    assert len(made) >= 50
    wrong = {urn: (float(made[urn]), float(by_hand.get(urn, 0))) for urn in made if made[urn] != by_hand.get(urn, 0)}
    assert not wrong, f"{len(wrong)} of {len(made)} scores differ"
    table = {urns[row.person_id]: Fraction(int(row.score), 10_000) for row in found.table.itertuples()}
    assert table == made


def test_the_ledger_of_fifty_people_recomputes_row_by_row() -> None:
    found = score(real_view("2026-11"), MATRIX)
    people = found.table["person_id"].sample(50, random_state=2)
    rows = found.ledger[found.ledger["person_id"].isin(people) & found.ledger["rule"].eq("counts")]
    for row in rows.itertuples():
        parts = (row.base, row.evidence_factor, row.recency_factor, row.role_factor)
        exact = Fraction(1)
        for part in parts:
            exact *= Fraction(int(part), 10_000)
        assert int(exact * 10_000 + Fraction(1, 2)) == row.points
    assert len(rows) > 300


def test_months_do_not_leak_into_each_other() -> None:
    october = score(real_view("2026-10"), MATRIX)
    assert october.ledger["event_date"].max() <= pd.Timestamp(MEETINGS["2026-10"])
