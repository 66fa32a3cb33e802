"""The demo's world as the agencies beside the police see it: a few rows of each feed, about people of no story."""

from datetime import date, datetime, timedelta
from random import Random

from csp_toolkit.records.demo.people import HOME, Person
from csp_toolkit.records.demo.rows import Row, World, day

ARRIVAL = "ARRIVAL DATE AND TIME AT ACCIDENT AND EMERGENCY DEPARTMENT"
WELFARE = "Welfare check - child travelling alone"
TERMS = (("2025/26 Spring", 114), ("2025/26 Summer", 126), ("2026/27 Autumn 1", 72))


def _some(
    world: World, run_on: date, name: str, n: int, *, below: int = 99, above: int = 0
) -> tuple[list[Person], Random]:
    """Choose people of no story, of an age, and the stream of chance for one feed."""
    rng = Random(f"{world.seed} {name}")
    fitting = [
        p for p in world.people.values() if p.key.startswith("other") and above <= (p.age_on(run_on) or 0) < below
    ]
    return rng.sample(fitting, n), rng


def _whole_name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}"


def cases(world: World, run_on: date) -> list[Row]:
    """Return the case list; some cases carry the police number."""
    people, rng = _some(world, run_on, "cases", 12, below=25, above=12)
    return [
        {
            "Case No": f"SYND-C{n:04d}", "Surname": p.family_name, "Forename": p.given_name, "DOB": day(p.born_on),
            "Address": p.address, "Opened": day(date(2026, 1, 12) + timedelta(days=17 * n)),
            "Status": "CLOSED" if n % 4 == 0 else "ACTIVE", "Tier": "" if n % 4 == 0 else f"T{1 + n % 3}",
            "Route": rng.choice(("SUPPORT_LED", "DUAL", "SUPPORT_LED_WITH_DISRUPTION")),
            "Lead professional": f"SYN Lead {n % 5 + 1}", "Lead agency": "Council Community Safety", "NRM": "",
            "MACE/RIC": rng.choice(("", "Low", "Medium - Suspected")),
            "Next review": "" if n % 4 == 0 else day(run_on + timedelta(days=n)),
            "Closed": day(date(2026, 9, 30)) if n % 4 == 0 else "",
            "Closure reason": "RISK_REDUCED" if n % 4 == 0 else "", "Police URN": p.ref if n % 2 else "",
        }
        for n, p in enumerate(people, start=1)
    ]  # fmt: skip


def referrals(world: World, run_on: date) -> list[Row]:
    """Return referrals to the panel: those that became the cases, and a few that did not."""
    people, rng = _some(world, run_on, "referrals", 6, below=25, above=12)
    accepted = [(row["Surname"], row["Forename"], row["DOB"], row["Case No"]) for row in cases(world, run_on)]
    others = [(p.family_name, p.given_name, day(p.born_on), "") for p in people]
    return [
        {
            "Referral No": f"SYND-R{n:04d}", "Received": day(date(2026, 1, 5) + timedelta(days=14 * n)),
            "Referrer Agency": rng.choice(("POLICE", "CSC", "SCHOOL", "HOUSING")), "Surname": family,
            "Forename": given, "DOB": born, "Concern": "Unexplained money and new phone", "Immediate risk?": "N",
            "Consent": rng.choice(("GIVEN", "UNK", "NOT_SOUGHT_RISK")),
            "Screening decision": "ACCEPTED" if case else "SIGNPOSTED",
            "Decided on": day(date(2026, 1, 7) + timedelta(days=14 * n)), "Case No": case, "Free text": "Invented.",
        }
        for n, (family, given, born, case) in enumerate([*accepted, *others], start=1)
    ]  # fmt: skip


def drug_service(world: World, run_on: date) -> list[Row]:
    """Return people in treatment, most of whom agreed to be named here."""
    people, rng = _some(world, run_on, "drug service", 14, above=18)
    consents = ("Y", "Yes", "TRUE", "Y", "1", "Y", "N", "Y", "Y", "", "Y", "Y", "Y", "WITHDRAWN")
    return [
        {
            "ClientRef": f"SYND-DS{n:04d}", "Surname": p.family_name, "Forename": p.given_name,
            "DOB": f"{p.born_on:%d.%m.%Y}", "Consent": consents[n - 1], "ConsentDate": "02.02.2026",
            "Substance1": "Alcohol", "Substance2": "", "ReferralSource": "Self", "Modality": "Psychosocial",
            "Start": f"{date(2026, 2, 2) + timedelta(days=9 * n):%d.%m.%Y}", "End": "", "DischargeReason": "",
        }
        for n, p in enumerate(people, start=1)
    ]  # fmt: skip


def hospital(world: World, run_on: date) -> list[Row]:
    """Return assaults seen at the hospital: nobody's identity, place and time."""
    rng = Random(f"{world.seed} hospital")
    rows = []
    for n in range(40):
        at = datetime(2025, 12, 5, 22, 15) + timedelta(days=8 * n, minutes=37 * n)
        if at.date() > run_on:
            break
        rows.append({
            "REPORTING PERIOD START DATE": f"{at:%Y-%m}-01", "REPORTING PERIOD END DATE": f"{at:%Y-%m}-28",
            "SITE CODE (OF TREATMENT)": "SYN9Z",
            ARRIVAL: f"{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
            "ASSAULT DATE AND TIME": f"{at:%Y-%m-%d %H:%M:%S}",
            "ASSAULT METHOD": rng.choice(("Body part (fist, foot, head)", "Blunt object", "Sharp object (knife)")),
            "ASSAULT METHOD OTHER DESCRIPTION": "", "ASSAULT LOCATION TYPE": "Street / public place",
            "ASSAULT LOCATION DESCRIPTION": rng.choice(("Saltmere High Street", "park", "")),
        })  # fmt: skip
    return rows


def attendance(world: World, run_on: date) -> list[Row]:
    """Return a few pupils' attendance, term by term."""
    people, rng = _some(world, run_on, "attendance", 10, below=17, above=11)
    rows = []
    for n, p in enumerate(people, start=1):
        for term, possible in TERMS:
            attended = possible - rng.randint(4, 50)
            rows.append({
                "UPN": f"SYNDE{n:08d}", "Forename": p.given_name, "Surname": p.family_name, "DOB": day(p.born_on),
                "NCYear": "", "DfE No": "999/9999", "School": "Saltmere Academy", "Term": term,
                "Possible": str(possible), "Attended": str(attended), "Unauthorised": str((possible - attended) // 2),
                "Attendance": f"{100 * attended / possible:.1f}", "EHCP": "N", "SEN": "N", "EHE Start": "",
            })  # fmt: skip
    return rows


def exclusions(world: World, run_on: date) -> list[Row]:
    """Return suspensions and one permanent exclusion of the same pupils."""
    pupils = {row["UPN"]: row for row in attendance(world, run_on)}
    return [
        {
            "UPN": upn, "Pupil Name": f"{row['Forename']} {row['Surname']}", "DOB": row["DOB"], "NC Year": "",
            "School": row["School"], "Type": "PEX" if n == 3 else "SUSP", "Start Date": day(date(2026, 3, 2 + n)),
            "Sessions": "" if n == 3 else str(2 * n), "Reason1": "DB", "Reason2": "PA" if n % 2 else "", "Reason3": "",
        }
        for n, (upn, row) in enumerate(list(pupils.items())[:8], start=1)
    ]  # fmt: skip


def tenancies(world: World, run_on: date) -> list[Row]:
    """Return council tenancies, one with a concern that the home was taken over."""
    people, rng = _some(world, run_on, "tenancies", 20, above=18)
    return [
        {
            "Tenancy Ref": f"SYND-T{n:05d}", "UPRN": f"9998{n:08d}", "Address": p.address, "Postcode": p.postcode,
            "Lead Tenant": f"{'Ms' if p.sex == 'F' else 'Mr'} {_whole_name(p)}", "DOB": day(p.born_on),
            "Household": "2", "Tenancy Start": day(date(2021, 5, 3) + timedelta(days=31 * n)), "Tenancy End": "",
            "Arrears": rng.choice(("0.00", "312.50", "1,431.48")), "Vulnerability": "MH" if n == 4 else "",
            "Cuckoo concern": "Y" if n == 4 else "N", "Last visit": day(date(2026, 8, 1 + n)),
        }
        for n, p in enumerate(people, start=1)
    ]  # fmt: skip


def housing_cases(world: World, run_on: date) -> list[tuple[object, ...]]:
    """Return anti-social behaviour cases, in the order of the sheet's headings; often nobody is named."""
    people, rng = _some(world, run_on, "housing cases", 8, above=14)
    rows: list[tuple[object, ...]] = []
    for n, p in enumerate(people, start=1):
        named = _whole_name(p) if n % 2 else "Not known"
        born = datetime.combine(p.born_on, datetime.min.time()) if n % 2 and p.born_on else None
        rows.append((
            f"SYND-ASB{n:04d}", int(f"9998{n:08d}"), f"SYND-T{n:05d}", named, born, f"SYN-CMP{n}",
            rng.choice(("Noise", "Drug use/dealing")), datetime(2026, 2, 3 + n), None, 4 + n, "WARN; ABC",
            f"SYN HO{n}", "", 0,
        ))  # fmt: skip
    return rows


def probation(world: World, run_on: date) -> list[Row]:
    """Return people under probation; some share the police's PNC number with it."""
    people, rng = _some(world, run_on, "probation", 16, above=18)
    return [
        {
            "CRN": f"SYNDX{n:05d}", "PNC": p.pnc, "Surname": p.family_name, "Forename(s)": p.given_name,
            "DOB": f"{p.born_on}", "Tier": "C2", "OGRS3 1yr": "40", "OGRS3 2yr": "60", "RSR": "5.10",
            "RoSH": rng.choice(("Low", "Medium", "High", "Very High")), "MAPPA": "", "Sentence Type": "Community Order",
            "Sentence End": "2027-06-30", "Licence End": "", "Recall Date": "", "IOM Cohort": "Flex" if n < 3 else "",
            "IOM RAG": "Amber" if n < 3 else "", "Registrations": "IOM" if n < 3 else "",
            "Offender Manager": f"SYN Officer {n}", "PDU": "Saltmere",
        }
        for n, p in enumerate(people, start=1)
    ]  # fmt: skip


def youth_justice(world: World, run_on: date) -> list[tuple[object, ...]]:
    """Return youth justice interventions, in the order of the sheet's headings."""
    people, rng = _some(world, run_on, "youth justice", 8, below=18, above=12)
    return [
        (
            f"SYND-YJ{n:04d}", p.family_name, p.given_name,
            datetime.combine(p.born_on, datetime.min.time()) if p.born_on else None, p.sex,
            rng.choice(("YRO", "Referral Order", "Outcome 22", "Prevention (Turnaround)")), datetime(2026, 5, 4 + n),
            "ongoing" if n % 2 else datetime(2026, 12, n), "N", "M", rng.choice("LMH"), rng.choice(("L", "M", "VH")),
            40 + n, f"SYN Worker {n}", 5 * (n % 5), "Saltmere Academy",
        )
        for n, p in enumerate(people, start=1)
    ]  # fmt: skip


def rail(world: World, run_on: date) -> list[Row]:
    """Return people dealt with on the railway, one of them a child looked after; some without a date of birth."""
    people, rng = _some(world, run_on, "rail", 10, above=13)
    return [
        {
            "Ref": f"SYND-BTP{n:03d}", "Date/Time": f"2026-{n % 9 + 1:02d}-11T17:40Z", "Station": "Saltmere Halt",
            "Offence/Incident": WELFARE if n == 5 else "Fare evasion - no valid ticket",
            "From": "Farhaven", "To": "Saltmere Halt", "Subject": _whole_name(p),
            "DOB": "" if n % 3 == 0 else day(p.born_on), "Home post town": rng.choice((HOME, "NFA", "")),
            "Outcome": "Safeguarding referral" if n == 5 else "Penalty fare",
        }
        for n, p in enumerate(people, start=1)
    ]  # fmt: skip


def ambulance(world: World, run_on: date) -> list[Row]:
    """Return a few rows of a feed for which no mapping has been agreed."""
    return [{"Month": f"2026-{n:02d}", "Area": HOME, "Callouts to assaults": str(20 + n)} for n in range(7, 10)]


def plan(run_on: date) -> dict[str, list[tuple[object, ...]]]:
    """Return the delivery plan, sheet by sheet."""
    actions = [
        ("GD-1.1", "Screen referrals within 2 working days", "AMBER", "N"),
        ("GD-2.1", "Close or degrade priority lines", "GREEN", "N"),
        ("VV-1.1", "Reduce knife-enabled violence", "RED", "Y"),
    ]
    start, end = datetime(2026, 4, 1), datetime(2027, 3, 31)
    headings = ("Priority", "Ref", "Action", "Lead officer", "Lead agency", "Start", "Due", "Status", "RAG (officer)",
                "RAG reason", "Progress this quarter", "Last updated", "Decision needed")  # fmt: skip
    updated = datetime.combine(run_on - timedelta(days=9), datetime.min.time())
    rows = [
        ("Gangs and drug-related crime", ref, text, "SYN Coordinator", "Saltmere Council", start, end, "IN_PROGRESS",
         rag, None, "On track", updated, decision)
        for ref, text, rag, decision in actions
    ]  # fmt: skip
    done = [None if n else datetime(2026, 6, 20) for n in range(3)]
    quarters = ("Q4 25/26", "Q1 26/27", "Q2 26/27")
    return {
        "Plan": [("Delivery plan (invented)",), ("OFFICIAL-SENSITIVE (synthetic data)",), (), headings, *rows],
        "Milestones": [("Ref", "Milestone", "Due", "Done"),
                       *((ref, "First report", datetime(2026, 6, 30), on)
                         for (ref, *_), on in zip(actions, done, strict=True))],
        "Measures": [("Ref", "Measure", "Unit", "Polarity", "Baseline", "Target", *quarters),
                     *((ref, "in time", "%", "UP_GOOD", 62, 90, 66, 71, 74) for ref, *_ in actions)],
    }  # fmt: skip
