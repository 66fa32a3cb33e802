"""The demo's world as the police registers: orders, groups, drug lines and the list for the meeting."""

from datetime import date, timedelta

from csp_toolkit.records.demo.dossiers import GROUPS
from csp_toolkit.records.demo.partnership import LINES, ORDERS, POLICE_LIST, RATIONALES
from csp_toolkit.records.demo.people import HOME
from csp_toolkit.records.demo.rows import Row, World, day


def orders(world: World, run_on: date) -> list[Row]:
    """Return the orders register."""
    rows = []
    for ref, kind, key, issuer, made, expires, conditions, breaches in ORDERS:
        person, ends = world.people[key], date.fromisoformat(expires)
        if date.fromisoformat(made) <= run_on:
            rows.append({
                "Order Ref": ref, "Order Type": kind, "URN": person.ref, "Subject": person.label,
                "DOB": day(person.born_on),
                "Court / Issuer": issuer, "Date Made": day(date.fromisoformat(made)), "Expires": day(ends),
                "Status": "IN FORCE" if ends >= run_on else "EXPIRED", "Conditions": conditions, "Breaches": breaches,
                "Last Breach": "",
            })  # fmt: skip
    return rows


def groups(world: World, run_on: date) -> list[Row]:
    """Return groups, who is linked to them, and how they stand to each other."""
    empty = dict.fromkeys(("REC TYPE", "GROUP REF", "GROUP NAME", "KIND", "STATUS", "URN", "NAME", "ROLE", "BASIS",
                           "CONFIDENCE", "IR REFS", "FROM", "TO", "OTHER GROUP", "RELATION", "COMMENT"),
                           "")  # fmt: skip
    rows = [
        empty | {"REC TYPE": "GROUP", "GROUP REF": ref, "GROUP NAME": name, "STATUS": "ACTIVE", "FROM": "01/03/2024",
                 "KIND": "LINE NETWORK" if "network" in name else "LOCAL GROUP", "COMMENT": f"Invented; {HOME}"}
        for name, ref in GROUPS.items()
    ]  # fmt: skip
    for dossier in (d for d in world.dossiers if d.group):
        person = world.people[dossier.key]
        cited = [r.ref for r in world.reports if r.subjects[0] == dossier.key and r.submitted_on <= run_on][:3]
        is_charged = any(d.charged_on and d.charged_on <= run_on for d in dossier.deeds)
        rows.append(empty | {
            "REC TYPE": "MEMBER", "GROUP REF": GROUPS[dossier.group], "GROUP NAME": dossier.group, "URN": person.ref,
            "NAME": person.label, "ROLE": "ELDER" if dossier.key == "first" else "MEMBER",
            "BASIS": "Co-charged / intelligence >1 source" if is_charged else "Intelligence",
            "CONFIDENCE": "CONFIRMED" if is_charged else "POSSIBLE", "IR REFS": "; ".join(cited), "FROM": "01/06/2025",
        })  # fmt: skip
    relation = {"REC TYPE": "RELATION", "GROUP REF": "SYND-G001", "GROUP NAME": "Copperkiln", "STATUS": "ACTIVE"}
    return [*rows, empty | relation | {"FROM": "10/02/2026", "OTHER GROUP": "Ropewalk", "RELATION": "CONFLICT"}]


def lines(world: World, run_on: date) -> list[Row]:
    """Return drug lines."""
    return [
        {
            "LINE REF": line.ref, "BRAND": line.brand, "AKA": "", "STATUS": "ACTIVE", "CONTROLLING GROUP": line.group,
            "HOME AREA": line.home, "HOST AREAS": line.hosts, "DRUGS": line.drugs, "DEAL": "",
            "FIRST SEEN": f"{line.first_seen_on}", "LAST ACTIVE": f"{run_on - timedelta(days=6)}", "CLOSED": "",
            "METHOD": "",
            "GRADE": "1AP" if line.group else "2CP",
        }
        for line in LINES
    ]  # fmt: skip


def line_links(world: World, run_on: date) -> list[Row]:
    """Return who and where belongs to a line."""
    names = (
        "LINK REF",
        "LINE REF",
        "TYPE",
        "TARGET",
        "NAME / ADDRESS",
        "ROLE",
        "STATE",
        "FROM",
        "TO",
        "COERCED",
        "GRADE",
    )
    found: list[tuple[str, ...]] = []
    for line in LINES:
        for key, role, since, coerced, grade in line.people:
            person, ref = world.people[key], f"SYND-LK{len(found) + 1:04d}"
            found.append((ref, line.ref, "PERSON", person.ref, person.label, role, "", since, "", coerced, grade))
            if role == "HOUSEHOLDER_CUCKOOED":
                ref, uprn = f"SYND-LK{len(found) + 1:04d}", f"99990000{len(found):04d}"
                found.append(
                    (ref, line.ref, "ADDRESS", uprn, person.address, "CUCKOOED", "VISITED", since, "", "", "2BP")
                )
        if line.group:
            ref = f"SYND-LK{len(found) + 1:04d}"
            found.append(
                (
                    ref,
                    line.ref,
                    "GROUP",
                    GROUPS[line.group],
                    line.group,
                    "CONTROLS",
                    "",
                    f"{line.first_seen_on}",
                    "",
                    "",
                    "1AP",
                )
            )
    return [dict(zip(names, row, strict=True)) for row in found]


def line_phones(world: World, run_on: date) -> list[Row]:
    """Return the numbers lines used, each for a few weeks."""
    rows: list[Row] = []
    for n, line in enumerate(LINES):
        since = line.first_seen_on
        while since <= run_on:
            until = since + timedelta(days=75 + 10 * n)
            number = 100 + len(rows)
            rows.append({
                "PHONE REF": f"SYND-PH{len(rows) + 1:03d}", "LINE REF": line.ref,
                "NUMBER": f"07700 900{number}" if number % 4 else f"+44 7700 900{number}", "FROM": f"{since}",
                "TO": f"{until}" if until <= run_on else "", "STATUS": "DEAD" if until <= run_on else "LIVE",
                "DDTRO": "",
            })  # fmt: skip
            since = until
    return rows


def police_list(world: World, run_on: date) -> list[Row]:
    """Return the list for the next meeting."""
    meetings = sorted(POLICE_LIST)
    meeting = next(m for m in meetings if m >= run_on)
    before = POLICE_LIST.get(meeting - timedelta(days=28), ())
    found = {d.key: d.group for d in world.dossiers}
    rows: list[Row] = []
    for place, key in enumerate(POLICE_LIST[meeting], start=1):
        person = world.people[key]
        rows.append({
            "Meeting": day(meeting), "Rank": str(place), "URN": person.ref, "Name": person.label,
            "DOB": day(person.born_on),
            "Area": person.area, "Group": found[key], "Matrix Score": str(70 - 5 * place) if place % 3 else "",
            "Last Month": str(before.index(key) + 1) if key in before else "", "Rationale": RATIONALES[key],
            "OIC": f"SYN Officer {place % 6 + 1}", "Custody Status": "In custody" if key == "returning" else "",
        })  # fmt: skip
    return rows
