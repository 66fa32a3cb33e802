"""A few cases in literals: one child, one adult, and whatever a test adds."""

from datetime import date

from csp_toolkit.cases.case_policy import read_case_policy
from csp_toolkit.cases.follow_up import FollowUpPolicy
from csp_toolkit.cases.plans import Menu
from csp_toolkit.params import read_named
from csp_toolkit.tables.view import View
from tests.scoring.small_views import record, small_view

AS_OF = date(2026, 11, 26)
POLICY = read_case_policy()
FOLLOW = FollowUpPolicy(to_chair_after=2, to_group_after=3)
MENU = read_named("interventions", "csp_menu_v1", Menu)
HELD = tuple({"meeting_ref": f"M{d}", "meeting_type": "CASE_MANAGEMENT", "meeting_on": d, "agency": "Council",
              "attendance": "PRESENT"} for d in ("2026-10-15", "2026-10-29", "2026-11-12"))  # fmt: skip


def case(ref: str = "C1", status: str = "ACTIVE", tier: str | None = "T2", **more: object) -> dict:
    return {"case_ref": ref, "status": status, "tier": tier, "opened_on": "2026-06-01", **more}


def talk(ref: str = "C1", on: str = "2026-11-12", decision: str = "REVIEW") -> dict:
    return {"meeting_ref": f"M{on}", "meeting_type": "CASE_MANAGEMENT", "meeting_on": on, "case_ref": ref,
            "decision": decision}  # fmt: skip


def case_view(*cases: dict, dob: str | None = "2010-05-05", as_of: date = AS_OF, **rows: list[dict]) -> View:
    """Build a view with these cases, each of a person born on `dob` where `person_records` does not say."""
    known = {row["source_ref"] for row in rows.get("person_records", [])}
    people = [
        *rows.pop("person_records", []),
        *(record(c["case_ref"], dob) for c in cases if c["case_ref"] not in known),
    ]
    rows.setdefault("attendance", list(HELD))
    return small_view(as_of=as_of, cases=list(cases), person_records=people, **rows)  # type: ignore[arg-type]


def action(ref: str = "A1", case_ref: str = "C1", kind: str = "SUPPORT", **more: object) -> dict:
    return {"action_ref": ref, "case_ref": case_ref, "action_type": kind, "action_owner": "Owner 1",
            "agency": "Council", "set_on": "2026-11-12", "due_on": "2026-12-03", "status": "OPEN",
            "priority": "NORMAL", "n_carried_over": 0, **more}  # fmt: skip
