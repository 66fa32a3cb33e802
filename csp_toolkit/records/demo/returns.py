"""The demo's world as the partners' own returns, as at the day an extract was run."""

from datetime import date, datetime, timedelta
from random import Random

from csp_toolkit.records.demo.partnership import (
    ADULT_INTERVAL,
    AGENCIES,
    AGREEMENTS,
    PRISON,
    keep_register,
    list_meetings,
)
from csp_toolkit.records.demo.people import HOME, Person
from csp_toolkit.records.demo.rows import Row, World, day


def reviews(world: World, run_on: date) -> list[Row]:
    """Return the review register."""
    ages = {d.key: world.people[d.key].age_on(run_on) for d in world.dossiers}
    rows = []
    for row in keep_register(world.dossiers, ages, world.crimes, world.reports, run_on):
        entry, person = row.dossier.entry, world.people[row.dossier.key]
        assert entry is not None
        linked = (
            f"Assessed as linked to {row.dossier.group}"
            if row.dossier.group
            else "Assessed as linked to group offending"
        )
        rows.append({
            "Nominal URN": person.ref, "Surname": person.family_name.upper(), "Forename": person.given_name,
            "DOB": day(person.born_on), "Category": entry.categories,
            "Included on": day(row.reviewed_on - 3 * ADULT_INTERVAL),
            "Inclusion reason": f"{linked} – {entry.reason}", "Items relied on": "; ".join(row.items),
            "Owner": row.owner,
            "Last review": day(row.reviewed_on), "Next review": day(row.next_review_on),
            "U18 authoriser": entry.authoriser,
            "Safeguarding ref": entry.safeguarding_ref, "Status": "REMOVED" if entry.removed_on else "ACTIVE",
            "Removed on": day(entry.removed_on), "Removal reason": "No live items" if entry.removed_on else "",
        })  # fmt: skip
    return rows


def prison(world: World, run_on: date) -> list[Row]:
    """Return what the prisons hold, who share the police's PNC number with it."""
    rows = []
    for number, key, place, status, received, due, ends, released in PRISON:
        person = world.people[key]
        rows.append({
            "PRISON NO": number, "SURNAME": person.family_name.upper(), "FORENAMES": person.given_name.upper(),
            "DOB": _short(person.born_on), "PNC": person.pnc, "ESTABLISHMENT": place, "STATUS": status,
            "RECEPTION": _short(received), "CRD": _short(due), "LED": _short(ends), "RELEASED": _short(released),
            "RELEASE AREA": HOME,
        })  # fmt: skip
    return rows


def _short(value: date | str | None) -> str:
    found = date.fromisoformat(value) if isinstance(value, str) and value else value
    return f"{found:%d-%b-%y}" if isinstance(found, date) else ""


def children(world: World, run_on: date) -> list[Row]:
    """Return open children: one who is on the register, known here by name and birth date only, and others."""
    rng = Random(f"{world.seed} children")
    known = world.people["exploited"]
    rows = [_child(1, known, "CIN", "High - Known", "Y", "REFERRED", "10/09/2026")]
    minors = [p for p in world.people.values() if p.key.startswith("other") and (p.age_on(run_on) or 99) < 17]
    for n, person in enumerate(minors[:24], start=2):
        level = rng.choice(("", "", "Low", "Medium - Suspected"))
        rows.append(_child(n, person, rng.choice(("CIN", "CIN", "CPP", "CLA")), level, "N", "NONE", ""))
    return rows


def _child(n: int, person: Person, status: str, level: str, mace: str, nrm: str, nrm_on: str) -> Row:
    return {
        "Mosaic ID": f"SYND-M{n:05d}", "Family Name": person.family_name, "Given Name": person.given_name,
        "Date of Birth": day(person.born_on), "Gender": person.sex, "Legal Status": status, "CIN From": "12/01/2026",
        "CPP From": "", "CLA From": "", "Placement": "Residential" if status == "CLA" else "", "Placement Postcode": "",
        "Placing LA": "Essex" if status == "CLA" else "", "Assessment Factors": "24A" if level else "",
        "RIC Level": level,
        "MACE": mace, "NRM": nrm, "NRM Date": nrm_on, "Home Address": person.address,
        "Allocated Worker": f"SYN SW{n % 9 + 1}",
        "UPN": f"SYNDU{n:08d}",
    }  # fmt: skip


def missing(world: World, run_on: date) -> list[Row]:
    """Return missing episodes, most of them children's."""
    rng = Random(f"{world.seed} missing")
    minors = [p for p in world.people.values() if p.key.startswith("other") and (p.age_on(run_on) or 99) < 18]
    rows = []
    for n in range(60):
        person, start = rng.choice(minors), datetime(2025, 1, 5, 20, 30) + timedelta(days=11 * n)
        found, level, cce = (
            start + timedelta(hours=rng.randint(5, 60)),
            rng.choice(("Medium", "High", "Low")),
            rng.random() < 0.15,
        )
        if found.date() > run_on:
            continue
        rows.append({
            "Misper Ref": f"SYND-MP{n:04d}", "Surname": person.family_name, "Forename": person.given_name,
            "DOB": day(person.born_on), "Missing From": "HOME", "Home Address": person.address,
            "Last Seen": f"{start:%d-%b-%Y %H:%M}", "Reported": f"{start + timedelta(hours=2):%d-%b-%Y %H:%M}",
            "Found": f"{found:%d-%b-%Y %H:%M}", "Risk": level, "Found Location": "", "Found District": HOME,
            "Found By": "Returned of own accord", "Occurrence No": "1", "With": "", "RHI Offered": "Y",
            "RHI Done": "Y" if n % 3 else "N", "CSE/CCE": "CCE" if cce else "",
        })  # fmt: skip
    return rows


def meetings(world: World, run_on: date) -> list[Row]:
    """Return who came to past meetings, and what case management decided."""
    names = ("Meeting ID", "Type", "Date", "Row", "Agency", "Attendance", "Case No", "Decision", "Text", "Rationale",
             "Decided by", "Dissent")  # fmt: skip
    rng = Random(f"{world.seed} meetings")
    rows = []
    for held in list_meetings(run_on):
        for agency in AGENCIES:
            came = rng.choices(("PRESENT", "APOLOGY", "ABSENT", "SENT_INFO"), (8, 1, 1, 1))[0]
            rows.append((f"SYND-GI-{held}", "INTELLIGENCE", day(held), "ATTENDANCE", agency, came, *[""] * 6))
        case = f"SYND-C{rng.randint(1, 30):04d}"
        panel = (f"SYND-CM-{held}", "CASE MANAGEMENT", day(held), "DECISION", "", "")
        rows.append((*panel, case, "REVIEW", "Review next meeting", "Panel judgement", "Chair", ""))
    return [dict(zip(names, row, strict=True)) for row in rows]


def agreements(world: World, run_on: date) -> list[Row]:
    """Return the sharing agreements with their assessments."""
    return [
        {
            "Agreement Ref": f"SYND-ISA-{n:03d}", "Agency": agency, "Regime": regime, "Feeds covered": feeds,
            "Signed": day(date.fromisoformat(signed)), "Expires": day(date.fromisoformat(expires)),
            "DPIA Ref": f"SYND-DPIA-{n:02d}", "DPIA Expires": "31/03/2027", "EIA Ref": f"SYND-EIA-{n:02d}",
            "SPOC": f"SYN Contact {n}", "Status": "IN FORCE" if date.fromisoformat(expires) >= run_on else "EXPIRED",
        }
        for n, (agency, regime, feeds, signed, expires) in enumerate(AGREEMENTS, start=1)
    ]  # fmt: skip
