"""The papers of a case meeting of three cases in literals, and a copy of them for a recipient."""

from functools import cache
from unittest.mock import patch

import pandas as pd

from csp_toolkit.cases.case_plans import gather_plans
from csp_toolkit.cases.caseload import open_caseload
from csp_toolkit.cases.gaps import find_gaps
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from csp_toolkit.params import read_named
from csp_toolkit.risk.answers import collect_answers
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.toolkit import read_toolkit
from csp_toolkit.sharing.identities import identify
from csp_toolkit.sharing.papers.cases import CaseWork, prepare_case_papers
from csp_toolkit.sharing.papers.ground import Papers
from csp_toolkit.sharing.recipients import Recipient
from csp_toolkit.sharing.redaction import redact
from csp_toolkit.sharing.released import Released
from csp_toolkit.tables.view import View
from tests.cases.small_cases import FOLLOW, MENU, POLICY, action, case, case_view, talk
from tests.scoring.small_views import ago, record

HOSTILE = "<img src=x onerror=alert(1)>=cmd|' /C calc'!A0"
TOOLKIT = read_toolkit()
FACTS = {"title": "Gangs Case Management Meeting", "meeting_on": "2026-11-26", "as_of": "2026-11-26",
         "known_at": "2026-11-26", "previous_meeting_on": "2026-11-12", "is_synthetic": True}  # fmt: skip


def answers(ref: str, no: int, days: int, values: dict[str, str]) -> list[dict]:
    return [{"case_ref": ref, "assessment_no": no, "assessed_on": ago(days), "indicator": i, "answer": v,
             "last_seen_on": ago(days + 5), "source_agency": "POL", "grade": "1A", "note": "a note"}
            for i, v in values.items()]  # fmt: skip


def a_view(*, long: bool = False) -> View:
    """Build the view: a child with enforcement and no support, a child youth justice is asked about, an adult."""
    ids = [i.id for i in TOOLKIT.indicators]
    known = {i: "2" if n % 3 == 0 else "0" for n, i in enumerate(ids)}
    some = {i: v for n, (i, v) in enumerate(known.items()) if n % 4}
    text = "Serve the warning on the person named at the address and report to the meeting what came" * (1 + long)
    n_more = 9 if long else 1
    people = [record("C1", "2010-05-05", family_name="AARDVARK", given_name="Kit", urn="U1"),
              record("C2", "2011-05-05", family_name="BADGER", given_name="Ned"),
              record("C3", "1990-05-05", family_name="COUGAR", given_name=HOSTILE if not long else "Al")]  # fmt: skip
    others = [f"S{n}" for n in range(14 if long else 0)]
    people += [record(ref, "1991-05-05", family_name=f"SURNAMED-{ref}", given_name="Alexander") for ref in others]
    return case_view(
        case("C1", tier="T3", route="SUPPORT_LED", lead_professional="Lead 1", lead_agency="Council"),
        case("C2", next_review_on="2026-11-20"),
        case("C3", tier="T4", next_review_on="2027-01-20"),
        person_records=people,
        panel_decisions=[talk("C1", "2026-10-29"), talk("C2", "2026-10-15"), talk("C3")],
        actions=[action(f"E{n}", "C1", "ENFORCEMENT", action_text=text, due_on=ago(20), n_carried_over=3,
                        intervention_code="D10") for n in range(n_more)]
        + [action("A2", "C2", action_text="Agree a safety plan", agency="Essex YJS", due_on=ago(3)),
           action("A3", "C3", "DISRUPTION", action_text=HOSTILE)],
        assessment_answers=answers("C1", 1, 120, known) + answers("C1", 2, 60, some) + answers("C1", 3, 20, some)
        + answers("C2", 1, 30, known) + answers("C3", 1, 30, known),
        missing_episodes=[{"missing_ref": f"MP{n}", "person_id": "C1", "last_seen_at": f"{ago(9 * n + 3)} 09:00",
                           "reported_at": f"{ago(9 * n + 3)} 10:00", "found_at": f"{ago(9 * n + 1)} 10:00",
                           "found_area": "Newham"} for n in range(20 if long else 2)],
        custody=[{"custody_ref": f"CU{n}", "person_ref": "C1", "arrived_at": f"{ago(11 * n + 2)} 02:00",
                  "force": "Kent", "offence": "Being concerned in supply of a controlled drug - Class A"}
                 for n in range(n_more)],
        crimes=[{"crime_ref": "K1", "from_on": ago(40), "offence": "Affray", "ho_code": "66/1"}],
        crime_suspects=[{"crime_ref": "K1", "person_ref": r, "status": "CHARGED"} for r in ("C1", "C2", "C3", *others)],
        orders=[{"order_ref": f"O{n}", "order_type": "CPN", "person_ref": "C1", "made_on": ago(90),
                 "expires_on": ago(-9)} for n in range(3 if long else 1)],
    )  # fmt: skip


@cache
def papers(*, long: bool = False) -> tuple[Papers, View]:
    """Prepare the papers; what every meeting's papers share is left to its own tests."""
    view = a_view(long=long)
    assessments = assess(collect_answers(view, TOOLKIT), as_of=view.as_of)
    caseload = open_caseload(view, POLICY, FOLLOW, assessments=assessments)
    plans = gather_plans(caseload, view, MENU)
    work = CaseWork(caseload, plans, find_gaps(caseload, plans, view), assessments, MENU)
    ties = collect_ties(view, read_tie_policy())
    ground = Papers("case_management", {}, FACTS)
    with patch("csp_toolkit.sharing.papers.cases.lay_ground", return_value=ground):
        made = prepare_case_papers(None, view, work, ties, None)  # type: ignore[arg-type]
    return made, view


def copy_for(name: str, *, long: bool = False) -> Released:
    """Cut the papers for a recipient."""
    made, view = papers(long=long)
    to = read_named("recipients", name, Recipient)
    shown = redact(made.tables, made.facts, recipient=to, identities=identify(view), key=b"k" * 32)
    withheld = pd.DataFrame([w.model_dump() for w in to.withheld], dtype="str")
    about = {"title": to.title, "is_redacted": to.is_redacted, "marking": to.marking, "handling": shown.handling}
    return Released(about, shown.facts, shown.tables, withheld)
