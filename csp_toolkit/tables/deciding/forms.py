"""What each sheet of the decisions workbook asks: its columns, its rows, and what may be chosen from a list."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from csp_toolkit.records.schema import VOCABULARIES
from csp_toolkit.tables.deciding.case_rules import CASE, CASE_DETAILS, DETAIL_WORDS, PLAN, PLAN_DETAILS
from csp_toolkit.tables.deciding.cells import name_choice
from csp_toolkit.tables.deciding.rules import ACTION, ACTION_DETAILS, OUTCOME, OUTCOME_DETAILS, SAFEGUARDING, Kind

N_ACTION_ROWS = 40
NOT_YET = "not yet"  # what a row stands as that nobody has recorded
WHO = ("decided_by", "role", "decided_on")
HEADINGS = {
    "meeting_on": "Meeting", "person_ref": "Reference", "name": "Name", "outcome": "Outcome", "reason": "Reason",
    "decided_by": "Decided by", "role": "Role", "decided_on": "Decided on", "valid_until": "Valid until",
    "action_ref": "Action reference", "action_text": "Action", "action_type": "Type", "intervention_code": "Code",
    "action_owner": "Owner", "agency": "Agency", "due_on": "Due", "system_a": "Records of", "ref_a": "Reference",
    "system_b": "Other records of", "ref_b": "Other reference", "report_a": "Report", "report_b": "Other report",
    "result": "Result", "safeguarding": "Safeguarding", "completed_on": "Completed on", "new_due_on": "New due date",
    "case_ref": "Case", "tier": "Tier after", "route": "Route", "lead": "Lead professional",
    "lead_agency": "Lead agency",
    "next_review_on": "Next review", "objective": "Objective", "cause": "Cause (trigger, assessment, referral)",
    "why": "Why (not accepted, suspended)", "duplicate_check": "Duplicate and other-forum check",
    "feedback_on": "Referrer told of the decision on", "checks_done": "Agency replies and nil returns",
    "follow_on_owner": "One agency carries on", "follow_on_accepted_on": "Accepted in writing on",
    "closure_reason": "Closure reason", "final_band": "Final band", "outcome_note": "What came of it",
    "told_on": "Referrer told of closure on", "look_back_on": "Look back on", "receiving_area": "Receiving area",
    "acknowledged_on": "Acknowledged on", "new_information": "New information", "voice": "Voice of person and family",
    "may_be_told": "Who may be told what", "dissent": "Dissent (agency, reason)", "plan_ref": "Plan entry",
    "start_on": "Starts", "end_on": "Ends", "order_ref": "Order", "necessity": "Necessary and proportionate because",
    "child_impact": "Effect on child assessed", "review_on": "Review on", "stands": "Stands as",
}  # fmt: skip
# What is above each sheet, beside what the sheet is for: said once, where it is filled in.
NOTES = {
    "selection": "Every person on the police list needs SELECTED or NOT_SELECTED and a reason.",
    "review": "KEEP needs a reason and the day until which it holds.",
    "removal": "WITHDRAWN takes back a removal of this meeting.",
    "exploitation": "For the chair alone.",
    "lens": "Where harm caused and harm suffered are both recorded: which leads, and why.",
    ACTION: "A verb first; one owner, one agency, one due date. Choose the person and the code from the list.",
    CASE: "The outcome is the state the case is in afterwards: the same state where it only was discussed. A step "
    "without its evidence is refused, and told what is missing.",
    PLAN: "One row an intervention. Of an entry that runs already fill in only what changes.",
    OUTCOME: "What came of the actions of earlier meetings: the reason says it in words. A safeguarding outcome counts "
    "in its own right.",
}
_STRICT = {**DETAIL_WORDS, "action_type": VOCABULARIES["action_type"], "result": VOCABULARIES["action_outcome"],
           "safeguarding": SAFEGUARDING}  # fmt: skip


# What names a row of the sheets that are not by person.
_KEYS = {ACTION: ("action_ref",), OUTCOME: ("action_ref",), CASE: ("case_ref",), PLAN: ("plan_ref",)}


@dataclass(frozen=True)
class Form:
    """What the workbook of one meeting is filled in with.

    `prefix` begins the references of its actions, so that those of two meetings of one day stay apart. `choices` are
    what may be chosen from a list, by column: people as ``NAME | reference``, the menu as ``code | title``.
    """

    meeting_on: date
    prefix: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def name_actions(self, taken: set[str]) -> Iterator[str]:
        """Give the references of the actions still to be agreed."""
        for n in range(1, len(taken) + N_ACTION_ROWS + 1):
            ref = f"{self.prefix}{self.meeting_on:%Y-%m-%d}/{n:02d}"
            if ref not in taken:
                yield ref

    def name_entries(self, taken: set[str]) -> Iterator[str]:
        """Give the references of the entries of plans still to be made."""
        for n in range(1, len(taken) + N_ACTION_ROWS + 1):
            ref = f"{self.prefix}{self.meeting_on:%Y-%m-%d}/P{n:02d}"
            if ref not in taken:
                yield ref


def list_columns(
    kind: Kind, shown: Sequence[str] = (), *, may_end: bool | None = None, guards: bool = False
) -> list[str]:
    """Return the columns of a sheet: what says whom it is about, what is shown, what is to fill.

    One that `guards` ends in what each row stood as when it was written.
    """
    last = ("stands",) if guards else ()
    if kind.name == CASE:
        own = [c for c in CASE_DETAILS if c != "case_ref"]
        return ["meeting_on", "case_ref", "name", *shown, "outcome", "reason", *own, *WHO, *last]
    if kind.name == PLAN:
        own = [c for c in PLAN_DETAILS if c not in ("plan_ref", "case_ref")]
        return ["meeting_on", "plan_ref", "case_ref", *shown, "outcome", *own, "reason", *WHO, *last]
    ends = kind.may_end if may_end is None else may_end
    form = ["outcome", "reason", *(("valid_until",) if ends else ()), *WHO]
    if kind.pair:
        return ["meeting_on", *kind.pair, *shown, *form]
    if kind.name == ACTION:
        return ["meeting_on", "action_ref", "person_ref", *(c for c in ACTION_DETAILS if c != "action_ref"), *form,
                *last]  # fmt: skip
    if kind.name == OUTCOME:
        own = [c for c in OUTCOME_DETAILS if c != "action_ref"]
        return ["meeting_on", "action_ref", *shown, "outcome", *own, *form[1:], *last]
    return ["meeting_on", "person_ref", "name", *shown, *form]


def list_given(kind: Kind) -> tuple[str, ...]:
    """Return the columns that are filled in beforehand and by themselves are no decision."""
    return ("meeting_on", *(kind.pair or _KEYS.get(kind.name, ("person_ref",))))


def list_choices(kind: Kind, form: Form) -> Iterator[tuple[str, Sequence[str], bool]]:
    """Give the columns with a list to choose from: the choices, and whether nothing else may stand there."""
    yield "outcome", kind.outcomes, True
    for name in (*kind.details, *(("person_ref",) if kind.name == ACTION else ())):
        if kind.name == CASE and name == "case_ref":
            continue
        if name in _STRICT:
            yield name, _STRICT[name], True
        elif form.choices.get(name):
            yield name, form.choices[name], False


def list_rows(kind: Kind, form: Form, listed: pd.DataFrame, made: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Give what stands in each row before anybody fills it in: whom or what is listed, then what else was decided."""
    rows = [row | json.loads(row["details"]) if not kind.pair else row for row in made.to_dict("records")]
    rows = [row | {"stands": row.get("decision_id")} for row in rows]
    meeting: dict[str, object] = {"meeting_on": form.meeting_on, "stands": NOT_YET}
    if kind.name == ACTION:
        labels = {name: {name_choice(name, one): one for one in of} for name, of in form.choices.items()}
        for row in sorted(rows, key=lambda row: row["action_ref"]):
            yield row | {n: of[row[n]] for n, of in labels.items() if row.get(n) in of}
        yield from (meeting | {"action_ref": ref} for ref in form.name_actions({row["action_ref"] for row in rows}))
        return
    key = kind.pair or _KEYS.get(kind.name, ("person_ref",))
    done = {tuple(row[name] for name in key): row for row in rows}
    for row in listed.to_dict("records"):
        yield row | meeting | done.pop(tuple(row[name] for name in key), {})
    yield from (meeting | row for row in done.values())
    if kind.name == PLAN:
        taken = {row["plan_ref"] for row in rows} | set(listed["plan_ref"])
        yield from (meeting | {"plan_ref": ref} for ref in form.name_entries(taken))
