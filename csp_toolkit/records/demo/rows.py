"""The demo's world as the police feeds of people and events, as at the day an extract was run.

A crime charged or tried later than that day is still undecided in the file; a record merged later is still two.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from csp_toolkit.records.demo.dossiers import OFFENCES, Dossier
from csp_toolkit.records.demo.events import Arrest, Crime, Report, Stop
from csp_toolkit.records.demo.people import Person

Row = dict[str, str]
ROLLING = timedelta(days=730)


@dataclass(frozen=True)
class World:
    """Everything there is in the demo, whenever it becomes known."""

    seed: int
    people: dict[str, Person]
    dossiers: list[Dossier]
    crimes: list[Crime]
    reports: list[Report]
    arrests: list[Arrest]
    stops: list[Stop]


def day(value: date | None) -> str:
    """Write a date as most of the police files do."""
    return f"{value:%d/%m/%Y}" if value else ""


def _within(on: date, run_on: date) -> bool:
    return run_on - ROLLING <= on <= run_on


def nominals(world: World, run_on: date) -> list[Row]:
    """Return the nominal index."""
    return [
        {
            "NOMINAL URN": p.ref, "SURNAME": p.family_name.upper(), "FORENAME 1": p.given_name, "FORENAME 2": "",
            "ALIASES": p.aliases, "DOB": day(p.born_on), "GENDER": p.sex, "ETH SELF DEF": p.ethnicity[0],
            "ETH OFF DEF": p.ethnicity[1], "PNCID": p.pnc, "HOME ADDRESS": p.address, "POSTCODE": p.postcode,
            "HOME DISTRICT": p.area, "MARKERS": p.markers,
            "DECEASED": day(p.died_on) if p.died_on and p.died_on <= run_on else "",
            "MERGED INTO": p.merged_into if p.merged_on and p.merged_on <= run_on else "",
            "LAST UPDATED": day(p.updated_on),
        }
        for p in world.people.values()
    ]  # fmt: skip


def crimes(world: World, run_on: date) -> list[Row]:
    """Return recorded crime of the rolling period."""
    rows = []
    for crime in (c for c in world.crimes if _within(c.deed.on, run_on)):
        deed = crime.deed
        offence, code = OFFENCES[deed.offence]
        is_charged = deed.charged_on is not None and deed.charged_on <= run_on
        has_outcome = deed.outcome_on is not None and deed.outcome_on <= run_on
        has_result = deed.court_on is not None and deed.court_on <= run_on
        status = "CHARGED" if is_charged else "NAMED SUSPECT"
        suspects = [
            f"{_named(world.people[key])} [{status}-{deed.part if n == 0 else 'SECONDARY'}]"
            for n, key in enumerate(crime.suspects)
        ]
        rows.append({
            "Crime Ref": crime.ref, "Offence": offence, "HO Code": code, "Date From": day(deed.on),
            "Time From": "00:00",
            "Date To": "", "Date Recorded": day(deed.on), "Location": "", "Postcode": "", "Easting": "", "Northing": "",
            "LSOA": "", "Ward": crime.ward, "District": crime.area, "Knife": _flag(deed.has_knife, crime),
            "Firearm": _flag(deed.offence == "firearm", crime), "Gang": _flag(deed.is_gang, crime),
            "CL": _flag(deed.offence == "slavery", crime), "Suspects": "; ".join(suspects),
            "Victims": _named(world.people[crime.victim]) if crime.victim else "", "MO": "",
            "Outcome": deed.outcome if has_outcome else "", "Outcome Date": day(deed.outcome_on) if has_outcome else "",
            "Court Result": deed.court if has_result else "Awaiting" if is_charged and deed.charged_on else "",
            "Court Date": day(deed.court_on) if has_result else "", "Detected": "P" if crime.found_by_police else "R",
        })  # fmt: skip
    return rows


def _named(person: Person) -> str:
    return f"{person.ref} {person.label} ({day(person.born_on)})"


def _flag(is_set: bool, crime: Crime) -> str:
    return "Y" if is_set else "N" if crime.suspects else ""


def reports(world: World, run_on: date) -> list[Row]:
    """Return sanitised intelligence of the rolling period."""
    rows = []
    for report in (r for r in world.reports if _within(r.submitted_on, run_on)):
        word = report.word
        subjects = [f"{world.people[k].ref} {world.people[k].label}" for k in report.subjects]
        is_withdrawn = word.withdrawn_on is not None and word.withdrawn_on <= run_on
        rows.append({
            "IR URN": report.ref, "Date Submitted": day(report.submitted_on), "Event Date": day(word.on),
            "Provenance": "Youth provider" if word.is_partner else "Essex Police",
            "Partner": "Y" if word.is_partner else "N",
            "Grade": word.grade, "Previous Grade": "", "Handling Conditions": word.conditions,
            "Origin Ref": report.origin,
            "Derived From": word.repeats, "Corroborated By": report.corroborated_by, "Theme": word.theme,
            "Subjects": "; ".join(subjects), "Group": report.group, "Line": "", "Address": "",
            "Text": word.text or f"Invented report on {word.theme.lower()}.", "Marking": "OFFICIAL-SENSITIVE",
            "Status": "WITHDRAWN" if is_withdrawn else "LIVE",
        })  # fmt: skip
    return rows


def custody(world: World, run_on: date) -> list[Row]:
    """Return detentions of the rolling period, with their latest disposal."""
    rows = []
    for arrest in (a for a in world.arrests if _within(a.arrived_at.date(), run_on)):
        person, deed = world.people[arrest.key], arrest.crime.deed if arrest.crime else None
        charged_on = deed.charged_on if deed else arrest.arrived_at.date()
        if charged_on and charged_on <= run_on:
            disposal, disposed_on = "CHARGED", charged_on
        elif deed and deed.outcome_on and deed.outcome_on <= run_on:
            disposal, disposed_on = "REFUSED CHARGE / NFA", deed.outcome_on
        else:
            disposal, disposed_on = "BAILED PENDING FURTHER ENQUIRIES", arrest.arrived_at.date()
        age = person.age_on(arrest.arrived_at.date())
        rows.append({
            "Custody Record No": arrest.ref, "Detainee URN": person.ref, "Detainee": person.label,
            "DOB": f"{person.born_on:%Y-%m-%d}" if person.born_on else "", "Age": "" if age is None else str(age),
            "Arrival": f"{arrest.arrived_at:%Y-%m-%d %H:%M}", "Arresting Force": arrest.force,
            "Station": arrest.station,
            "Arrest Offence(s)": OFFENCES[deed.offence][0] if deed else OFFENCES["pwits_a"][0],
            "Linked Crime": arrest.crime.ref if arrest.crime else "", "Home Address": person.address,
            "Home Area": person.area,
            "Appropriate Adult": "Y" if age is not None and age < 18 else "N", "Disposal": disposal,
            "Disposal Date": f"{disposed_on:%Y-%m-%d}", "Bail Conditions": "",
        })  # fmt: skip
    return rows


def stops(world: World, run_on: date) -> list[Row]:
    """Return stop and search of the rolling period."""
    return [
        {
            "Search Ref": s.ref, "Type": "Person search", "Date": _offset(s.at),
            "Part of a policing operation": "False",
            "Policing operation": "", "Latitude": str(s.place[0]), "Longitude": str(s.place[1]), "Gender": "Male",
            "Age range": s.age_band, "Self-defined ethnicity": "Not stated", "Officer-defined ethnicity": "",
            "Legislation": "Misuse of Drugs Act 1971 (section 23)", "Object of search": s.searched_for,
            "Outcome": s.outcome,
            "Outcome linked to object of search": "FALSE" if "no further" in s.outcome else "TRUE",
            **_stopped(world.people[s.key] if s.key else None),
        }
        for s in world.stops
        if _within(s.at.date(), run_on)
    ]  # fmt: skip


def _stopped(person: Person | None) -> Row:
    if person is None:
        return {"Nominal URN": "", "Subject": "", "Subject DOB": ""}
    return {"Nominal URN": person.ref, "Subject": person.label, "Subject DOB": day(person.born_on)}


def _offset(at: datetime) -> str:
    is_summer = 4 <= at.month <= 10
    return f"{at:%Y-%m-%dT%H:%M:00}{'+01:00' if is_summer else '+00:00'}"
