"""Every assessment of the real deliveries a second time, from the raw rows, by code that shares nothing with ours.

Who is who comes from the casebook; everything else is read here by the standard library. Loading both deliveries takes
half a minute, so this runs where the full proof is asked for.
"""

import csv
import re
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

import csp_toolkit as csp
from csp_toolkit.briefing.intake import take_in
from csp_toolkit.briefing.workspace import Workspace, init_workspace
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.contradicting.contradictions import Contradictions
from csp_toolkit.risk.facts import FACT_COLUMNS
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.view import View
from tests.risk.recount import load, recount

pytestmark = pytest.mark.real_data
AS_OF = date(2026, 11, 26)
RECEIVED = {"2026-10": date(2026, 10, 23), "2026-11": date(2026, 11, 20)}
ENDS = {"Autumn 1": (10, 25), "Autumn": (12, 20), "Spring": (3, 31), "Summer": (7, 22)}
Found = set[tuple[str, str, str]]


@pytest.fixture(scope="module")
def meeting(
    extracts: Path, proving: bool, tmp_path_factory: pytest.TempPathFactory
) -> tuple[View, Assessments, Contradictions]:
    if not proving:
        pytest.skip("loads both deliveries: run with CSP_PROVE=1")
    root = tmp_path_factory.mktemp("risk") / "ws"
    init_workspace(root)
    home = Workspace.open(root)
    Casebook.open(home.casebook, create=True).close()
    for month, day in RECEIVED.items():
        take_in(home, extracts / month, received_on=day, actor="analyst", at=datetime(2026, 12, 1, tzinfo=UTC))
    view = Casebook.open(home.casebook).view(AS_OF)
    assessments = csp.assess(csp.collect_answers(view, csp.read_toolkit()), as_of=AS_OF)
    return view, assessments, csp.find_contradictions(view, assessments)


@pytest.fixture(scope="module")
def raw(extracts: Path) -> dict[str, list[dict[str, str]]]:
    names = ("csp_assessments", "csp_cases", "police_missing", "police_crimes", "education_attendance", "police_intel",
             "police_line_links", "housing_tenancies")  # fmt: skip
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in names}
    for month in sorted(RECEIVED):
        for name in names:
            encoding = "cp1252" if name == "housing_tenancies" else "utf-8-sig"
            with (extracts / month / f"{name}.csv").open(encoding=encoding, newline="") as file:
                rows[name] += list(csv.DictReader(file))
    return rows


def day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


@pytest.fixture(scope="module")
def answers(meeting, raw: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """Every answer by assessment, the newest file's word for each question and agency.

    The case register is the whole truth: what an October file held and November's does not is gone from the view.
    """
    by_key = {(r["case"], r["assessment"], r["indicator"], r["source_agency"]): r for r in raw["csp_assessments"]}
    grouped = defaultdict(list)
    for (case, no, _, _), row in by_key.items():
        grouped[f"{case}/{int(no)}"].append(row)
    stand = set(meeting[1].table["assessment_ref"])
    assert stand <= set(grouped) and len(set(grouped) - stand) <= 2
    return {ref: rows for ref, rows in grouped.items() if ref in stand}


@pytest.fixture(scope="module")
def people(meeting: tuple[View, Assessments, Contradictions]) -> dict[str, str]:
    keys = meeting[0].person_keys
    return dict(zip(keys["source_ref"], keys["person_id"], strict=True))


def given(rows: list[dict[str, str]], indicator: str) -> list[int]:
    return [int(r["answer"]) for r in rows if r["indicator"] == indicator and r["answer"] in ("0", "1", "2", "3")]


def is_nought(rows: list[dict[str, str]], *indicators: str) -> str | None:
    """Return the first of the questions that is answered, if it is answered 0."""
    for indicator in indicators:
        if values := given(rows, indicator):
            return indicator if max(values) == 0 else None
    return None


def test_bands_ranges_status_and_tier_of_every_real_assessment_agree(meeting, answers) -> None:
    _, assessments, _ = meeting
    kit, whose = load("csp_rat_v1"), assessments.answers.assessments.set_index("assessment_ref")
    table = assessments.table.set_index("assessment_ref")
    assert len(answers) == len(table) > 300
    differing = []
    for ref, rows in answers.items():
        person, row = whose.loc[ref], table.loc[ref]
        if person["is_age_doubted"]:
            continue
        facts = {name for name in FACT_COLUMNS if person[name]}
        plain = [
            {
                "indicator": r["indicator"],
                "answer": {"NA": "NOT_APPLICABLE"}.get(r["answer"], r["answer"] if r["answer"] in "0123" else "UNKNOWN")
                or "UNKNOWN",
                "days": (day(r["assessed_on"]) - day(r["last_seen"])).days if r["last_seen"] else None,
                "grade": r["grade"] or None, "agency": r["source_agency"] or None, "note": r["note"] or None,
            }
            for r in rows
        ]  # fmt: skip
        want = recount(plain, int(person["age_years"]), facts, kit)
        got = {"status": row["status"], "tier": row["tier"]}
        for axis in "VH":
            got |= {f"{axis}_{k}": row[f"{axis.lower()}_{k}"] for k in ("score", "low", "high", "band")}
        if {k: want[k] for k in got} != got:
            differing.append(ref)
    assert differing == []


def count_dates(rows: dict[str, list[dict[str, str]]], people: dict[str, str]) -> dict[str, dict[str, set[date]]]:
    """Return the days by person of missing episodes and of weapon crimes as a suspect whom no court has cleared."""
    missing: dict[str, set[date]] = defaultdict(set)
    for r in rows["police_missing"]:
        if r["Misper Ref"] in people:
            missing[people[r["Misper Ref"]]].add(datetime.strptime(r["Reported"], "%d-%b-%Y %H:%M").date())
    armed: dict[str, set[date]] = defaultdict(set)
    for r in {r["Crime Ref"]: r for r in rows["police_crimes"]}.values():
        cleared = r["Court Result"] in ("Acquitted", "Discontinued")
        if "Y" in (r["Knife"], r["Firearm"]) and not cleared:
            for urn in re.findall(r"42SYN/\d+/\d+", r["Suspects"]):
                armed[people.get(urn, urn)].add(day(r["Date From"]) or date.min)
    return {"missing": missing, "armed": armed}


def test_missing_and_weapons_are_listed_where_the_raw_rows_hold_them_and_nowhere_else(
    meeting, raw, answers, people
) -> None:
    _, _, contradictions = meeting
    events, want = count_dates(raw, people), set()
    for ref, rows in answers.items():
        on, person = day(rows[0]["assessed_on"]), people[ref.split("/")[0]]
        for code, kind, asked in (("X01", "missing", ("V1.1",)), ("X03", "armed", ("H1.1", "H1.4"))):
            nought = is_nought(rows, *asked)
            if nought and any(0 <= (on - d).days <= 183 for d in events[kind][person]):
                want.add((code, ref, nought))
    assert listed(contradictions, "X01", "X03") == want and len(want) >= 2


def test_attendance_and_needs_are_held_against_the_latest_term_that_had_ended(meeting, raw, answers, people) -> None:
    _, assessments, contradictions = meeting
    terms: dict[str, dict[date, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for r in {(r["UPN"], r["Term"]): r for r in raw["education_attendance"]}.values():
        name = r["Term"][8:]
        year = int(r["Term"][:4]) + (name in ("Spring", "Summer"))
        if r["UPN"] in people:
            terms[people[r["UPN"]]][date(year, *ENDS[name])].append(r)
    is_child = assessments.answers.assessments.set_index("assessment_ref")["is_child"]
    want = set()
    for ref, rows in answers.items():
        on, person = day(rows[0]["assessed_on"]), people[ref.split("/")[0]]
        ended = [d for d in terms[person] if d <= on]
        latest = terms[person][max(ended)] if ended else []
        possible, attended = (sum(int(r[c] or 0) for r in latest) for c in ("Possible", "Attended"))
        if (
            is_nought(rows, "V2.1")
            and is_child[ref]
            and possible
            and (on - max(ended)).days <= 183
            and 100 * attended < 90 * possible
        ):
            want.add(("X02", ref, "V2.1"))
        if is_nought(rows, "V8.1") and possible and any(r["EHCP"] == "Y" or r["SEN"] in "EK" for r in latest):
            want.add(("X10", ref, "V8.1"))
    assert listed(contradictions, "X02", "X10") == want and len(want) >= 2


def test_homes_taken_over_and_exploitation_on_the_same_day(meeting, raw, answers, people) -> None:
    _, _, contradictions = meeting
    taken = {r["LINK REF"]: r for r in raw["police_line_links"] if r["TYPE"] == "ADDRESS"}
    by_uprn = defaultdict(list)
    for r in taken.values():
        if r["ROLE"] == "CUCKOOED" and r["STATE"] != "CLEARED":
            by_uprn[r["TARGET"]].append(r)
    homes = defaultdict(set)
    for r in raw["housing_tenancies"]:
        if r["Tenancy Ref"] in people and not r["Tenancy End"]:
            homes[people[r["Tenancy Ref"]]].add(r["UPRN"])
    named = defaultdict(set)
    for r in {r["IR URN"]: r for r in raw["police_intel"]}.values():
        first = re.findall(r"42SYN/\d+/\d+", r["Subjects"])[:1]
        if r["Theme"] == "CCE" and r["Status"] == "LIVE" and first:
            named[people.get(first[0], first[0])].add(day(r["Event Date"]) or day(r["Date Submitted"]))
    want = set()
    for ref, rows in answers.items():
        on, person = day(rows[0]["assessed_on"]), people[ref.split("/")[0]]
        v9 = {i: given(rows, f"V9.{i}") for i in range(1, 6)}
        known = [i for i, values in v9.items() if values]
        live = [r for u in homes[person] for r in by_uprn[u] if (day(r["FROM"]) or on) <= on <= (day(r["TO"]) or on)]
        if known and live and max(v for i in known for v in v9[i]) == 0:
            want.add(("X05", ref, f"V9.{known[0]}"))
        for r in rows:
            if r["indicator"] == "H2.4" and r["answer"] in ("2", "3") and day(r["last_seen"]) in named[person]:
                want.add(("X11", ref, "H2.4"))
    assert listed(contradictions, "X05", "X11") == want and len(want) == 2


def test_answers_that_contradict_each_other_are_listed_once_each(meeting, answers) -> None:
    _, _, contradictions = meeting
    want: Found = set()
    words: dict[tuple[str, str, str], list[tuple[int, date]]] = defaultdict(list)
    for ref, rows in sorted(answers.items(), key=lambda item: (item[0].split("/")[0], int(item[0].split("/")[1]))):
        by_question = defaultdict(dict)
        for r in rows:
            if r["answer"] not in ("0", "1", "2", "3"):
                continue
            by_question[r["indicator"]][r["source_agency"]] = r["answer"]
            if r["answer"] in ("2", "3") and not r["note"]:
                want.add(("X07", ref, r["indicator"]))
            seen = day(r["last_seen"])
            if seen and seen > day(r["assessed_on"]):
                want.add(("X08", ref, r["indicator"]))
            if r["note"] and seen:
                before = words[r["case"], r["indicator"], r["note"].casefold()]
                if before and seen > before[-1][1]:
                    want.add(("X09", ref, r["indicator"]))
                before.append((int(r["assessment"]), seen))
        want |= {("X06", ref, q) for q, said in by_question.items() if len(set(said.values())) > 1}
    assert listed(contradictions, "X06", "X07", "X08", "X09") == want and len(want) >= 5


def listed(contradictions: Contradictions, *codes: str) -> Found:
    table = contradictions.table[contradictions.table["code"].isin(codes)]
    rows = list(table[["code", "assessment_ref", "indicator"]].itertuples(index=False, name=None))
    assert len(rows) == len(set(rows)), "each once"
    return set(rows)


def test_steep_falls_and_doubtful_identities_are_listed(meeting) -> None:
    _, assessments, contradictions = meeting
    order = assessments.table.sort_values(["case_ref", "assessment_no"])
    want, names = set(), list(assessments.toolkit.band_names)
    for axis in "VH":
        for _, rows in order.groupby("case_ref"):
            bands = rows[f"{axis.lower()}_band"].tolist()
            for ref, was, now in zip(rows["assessment_ref"].tolist()[1:], bands, bands[1:], strict=False):
                if "INSUFFICIENT" not in (was, now) and names.index(was) - names.index(now) >= 2:
                    want.add(("X12", ref, axis))
    assert listed(contradictions, "X12") == want and len(want) >= 1
    doubtful = contradictions.table[contradictions.table["code"].eq("X15")]
    assert doubtful["sentence"].str.contains("days apart").all() and not doubtful["case_ref"].duplicated().any()
    assert pd.Series(contradictions.checked.set_index("code")["state"]).drop("X04").eq("checked").all()
