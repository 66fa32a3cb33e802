"""What the partners of the demo hold: the register, the police list, lines, orders, prison stays, agreements, actions.

What changes from month to month is asked for as at the day an extract was run, since that is how partners send it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from csp_toolkit.records.demo.dossiers import Dossier
from csp_toolkit.records.demo.events import Crime, Report

AGENCIES = (
    "Essex Police", "HMPPS Prisons", "ECC Children & Families", "Basildon Council Community Safety",
    "Council Housing/ASB", "British Transport Police",
)  # fmt: skip
POLICE_LIST = {
    date(2026, 10, 29): ("first", "mover", "dual", "circular", "removed", "acquitted", "brother_a", "child_16",
                         "listed_low", "returning"),
    date(2026, 11, 26): ("first", "dual", "mover", "conditions", "removed", "circular", "acquitted", "child_16",
                         "listed_low", "decided"),
}  # fmt: skip
RATIONALES = {
    "first": "Attempted murder and class A supply", "mover": "Escalating violence", "dual": "Current feud",
    "circular": "Believed to direct others", "removed": "Long-standing concern", "acquitted": "Robbery series",
    "brother_a": "Disorder with others", "child_16": "Weapons", "listed_low": "Information from a partner",
    "returning": "Due for release", "conditions": "Firearms intelligence", "decided": "Class A supply and violence",
}  # fmt: skip

FIRST_REVIEW = date(2026, 8, 13)
ADULT_INTERVAL, CHILD_INTERVAL = timedelta(days=92), timedelta(days=28)


@dataclass(frozen=True)
class RegisterRow:
    """One person's place on the register on one day."""

    dossier: Dossier
    items: tuple[str, ...]
    owner: str
    reviewed_on: date
    next_review_on: date


@dataclass(frozen=True)
class Line:
    """A drug line and who has which part in it: `people` are (key, role, from, coerced, grade)."""

    ref: str
    brand: str
    group: str
    home: str
    hosts: str
    drugs: str
    first_seen_on: date
    people: tuple[tuple[str, str, str, str, str], ...]


LINES = (
    Line("SYND-L001", "Larkspur", "Larkspur network", "Great Haddow", "Saltmere; Wexcombe", "Crack; Heroin",
         date(2025, 4, 2), (("unlisted", "CONTROLLER", "2025-04-02", "NO", "1AP"), ("merged", "HOLDER", "2025-06-10",
         "NO", "2BP"),
                            ("conditions", "DEALER", "2026-02-01", "NO", "1BC"), ("other-7", "RUNNER", "2026-05-05",
                            "YES", "2CP"),
                            ("cuckooed", "HOUSEHOLDER_CUCKOOED", "2026-03-15", "YES", "1AP"))),
    Line("SYND-L002", "Tamarisk", "", "Wexcombe", "Saltmere / Northmarsh", "Cannabis",
         date(2026, 1, 11), (("nameless", "DRIVER", "2026-03-01", "UNKNOWN", "2CP"), ("other-9", "USER", "2026-04-01",
         "UNKNOWN", "2CP"),
                             ("other-12", "HOUSEHOLDER_CUCKOOED", "2026-06-20", "YES", "2BP"))),
    Line("SYND-L003", "Pennywort", "", "Northmarsh", "Saltmere", "Crack; Heroin",
         date(2025, 2, 20), (("other-15", "CONTROLLER", "2025-02-20", "NO", "2CP"), ("other-21", "MONEY_MULE",
         "2025-08-01", "UNKNOWN", "2DP"))),
)  # fmt: skip

ORDERS = (  # reference, type, key, issuer, made, expires, conditions, breaches
    ("SYND-ORD-001", "GANG INJUNCTION", "first", "County Court", "2026-01-12", "2028-01-11",
    "No contact with named persons", "1"),
    ("SYND-ORD-002", "CRIMINAL BEHAVIOUR ORDER", "returning", "Magistrates", "2026-05-11", "2028-05-11",
    "Not to enter Quayside North", "0"),
    ("SYND-ORD-003", "CPW", "brother_b", "Issued by council", "2026-06-01", "2027-06-01",
    "Not to gather in stairwells", "0"),
    ("SYND-ORD-004", "BAIL CONDITIONS", "dual", "Essex Police", "2026-10-02", "2027-01-02", "Curfew 2100-0600", "0"),
    ("SYND-ORD-005", "GANG INJUNCTION", "circular", "County Court", "2024-11-04", "2026-06-30", "Exclusion zone", "0"),
    ("SYND-ORD-006", "CLOSURE ORDER - PARTIAL", "other-12", "Magistrates", "2026-07-01", "2026-10-01",
    "Only tenant may enter", "0"),
)  # fmt: skip

PRISON = (  # prison number, key, establishment, status, received, release due, licence ends, released
    ("SYND7001AA", "returning", "HMP Syntheton", "SENTENCED", "2026-05-11", "2026-12-15", "2028-01-20", ""),
    ("SYND7002AB", "ordinary-4", "HMP Syntheton", "SENTENCED", "2026-03-02", "2027-09-14", "2029-03-01", ""),
    ("SYND7003AC", "ordinary-8", "HMP Fictley", "REMAND", "2026-08-19", "", "", ""),
    ("SYND7004AD", "ordinary-17", "HMP Fictley", "RECALL", "2026-06-30", "2027-02-11", "2027-02-11", ""),
    ("SYND7005AE", "ordinary-12", "HMP Syntheton", "SENTENCED", "2025-09-01", "2026-11-20", "2027-10-01", ""),
    ("SYND7006AF", "bridge_a", "HMP Syntheton", "RELEASED ON LICENCE", "2025-01-10", "2025-11-20", "2026-12-24",
    "2025-11-20"),
)  # fmt: skip

AGREEMENTS = (  # agency, regime, feeds, signed, expires
    ("Essex Police", "DPA 2018 Part 3", "police_*", "2026-02-01", "2027-01-31"),
    ("HMPPS Prisons", "DPA 2018 Part 3", "prison_status", "2025-11-11", "2026-11-10"),
    ("ECC Children & Families", "UK GDPR + Sch 1", "childrens_services", "2026-01-05", "2027-01-04"),
    ("Basildon Council Community Safety", "UK GDPR + Sch 1", "csp_*", "2026-04-01", "2027-03-31"),
    ("Council Housing/ASB", "UK GDPR + Sch 1", "housing_*", "2026-04-01", "2027-03-31"),
    ("Probation Service", "DPA 2018 Part 3", "probation_caseload", "2026-04-01", "2027-03-31"),
    ("Essex YJS", "UK GDPR + Sch 1", "yjs_caseload", "2026-04-01", "2027-03-31"),
    ("Education Access", "UK GDPR + Sch 1", "education_*", "2026-03-02", "2027-03-01"),
    ("Drug & Alcohol Service", "UK GDPR + Sch 1 (consent)", "drug_service", "2026-01-12", "2027-01-11"),
    ("Health (ICB)", "Anonymous (no personal data)", "ed_istv", "2025-12-01", "2027-11-30"),
    ("British Transport Police", "DPA 2018 Part 3", "rail_btp", "2026-05-01", "2027-04-30"),
)  # fmt: skip


def keep_register(
    dossiers: list[Dossier], ages: dict[str, int | None], crimes: list[Crime], reports: list[Report], run_on: date
) -> list[RegisterRow]:
    """Return the register as at a day: what each entry rests on, when it was last reviewed, when it is due."""
    rows = []
    for n, dossier in enumerate(dossiers):
        if dossier.entry is None:
            continue
        age = ages[dossier.key]
        interval = CHILD_INTERVAL if age is not None and age < 18 else ADULT_INTERVAL
        reviewed_on = dossier.entry.reviewed_on or FIRST_REVIEW + timedelta(days=11 * n % 60)
        owner = f"SYN Officer {n % 9 + 1}" if dossier.entry.owner is None else dossier.entry.owner
        # The next meeting's review is done before the extract is run, unless the story is that nobody did it.
        while not dossier.entry.is_overdue and reviewed_on + interval < run_on + timedelta(days=8):
            reviewed_on += interval - timedelta(days=7)
        items = _cite(dossier, crimes, reports)
        rows.append(RegisterRow(dossier, items, owner, reviewed_on, reviewed_on + interval))
    return rows


def _cite(dossier: Dossier, crimes: list[Crime], reports: list[Report]) -> tuple[str, ...]:
    assert dossier.entry is not None
    proved = [c.ref for c in crimes if dossier.key in c.suspects and c.deed.charged_on]
    strong: dict[str, str] = {}
    for report in reports:
        if report.subjects[0] == dossier.key and report.word.grade[:2] in ("1A", "1B", "2A", "2B"):
            strong.setdefault(report.origin, report.ref)
    weak = [r.ref for r in reports if r.subjects[0] == dossier.key and r.ref not in strong.values()]
    return tuple([*proved[:2], *strong.values(), *weak][: dossier.entry.n_cited])


def list_meetings(until: date) -> list[date]:
    """Return the days of the monthly meetings of two years, up to a day."""
    first = date(2025, 1, 23)
    return [first + timedelta(days=28 * n) for n in range(30) if first + timedelta(days=28 * n) <= until]


def log_actions(until: date, *, seed: int) -> list[tuple[object, ...]]:
    """Return the action log as at a day, in the order of its columns."""
    rng = Random(f"{seed} actions")
    menu = (
        ("Complete joint welfare visit and report signs", "DISRUPTION", "D01", "Council Housing/ASB"),
        ("Offer treatment appointment", "SUPPORT", "S10", "Drug & Alcohol Service"),
        ("Confirm outcome of named crime and update", "INFORMATION", "", "Essex Police"),
        ("Allocate mentor and make first contact", "SUPPORT", "S08", "VCS youth provider"),
        ("Prepare injunction file checklist", "ENFORCEMENT", "D10", "Council Legal"),
        ("Change locks and visit weekly", "SUPPORT", "S18", "Council Housing/ASB"),
    )
    rows: list[tuple[object, ...]] = []
    for meeting in list_meetings(date(2026, 11, 30)):
        for n in range(1, 4):
            text, kind, code, agency = rng.choice(menu)
            due = meeting + timedelta(days=rng.choice((14, 21, 28)))
            done = due + timedelta(days=rng.randint(-10, 25)) if rng.random() < 0.9 else None
            owner, outcome = (
                f"SYN Owner {rng.randint(1, 12)}",
                rng.choice(("ACHIEVED", "PARTLY", "NO_EFFECT", "UNKNOWN")),
            )
            undone = rng.choice(("OPEN", "IN_PROGRESS"))
            if meeting > until:
                continue
            is_done = done is not None and done <= until
            status = ("COMPLETE" if done and done <= due else "COMPLETE_LATE") if is_done else undone
            carried = 0 if is_done else max(0, (until - due).days // 28 + 1) if until > due else 0
            rows.append((
                f"SYND-{meeting:%Y-%m-%d}/{n:02d}", meeting, "", text, kind, code, owner, agency, meeting, due,
                "NORMAL",
                status, done if is_done else None, outcome if is_done else "", carried, "",
            ))  # fmt: skip
    return rows
