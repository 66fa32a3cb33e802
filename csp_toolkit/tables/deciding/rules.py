"""What may be decided, and what must be filled in for a decision to count.

Problems are said all at once, by sheet and row, and never with a cell's value.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csp_toolkit.errors import DecisionError
from csp_toolkit.records.schema import VOCABULARIES
from csp_toolkit.tables.deciding.assessment_rules import (
    ANSWER,
    ANSWER_DETAILS,
    ANSWERED,
    DOWN,
    OVERRIDE,
    OVERRIDE_DETAILS,
    UP,
)
from csp_toolkit.tables.deciding.case_rules import (
    CASE,
    CASE_DETAILS,
    CASE_STATES,
    PLAN,
    PLAN_DETAILS,
    PLAN_STATES,
    check_details,
)

ACTION, OUTCOME = "action", "outcome"
ACTION_DETAILS = ("action_ref", "action_text", "action_type", "intervention_code", "action_owner", "agency", "due_on")
OUTCOME_DETAILS = ("action_ref", "result", "safeguarding", "completed_on", "new_due_on")
COMPLETE, CARRIED_OVER = "COMPLETE", "CARRIED_OVER"
# What may come of an action for the person's safety: counted as an outcome in its own right, beside enforcement.
SAFEGUARDING = ("REFERRAL_MADE", "NRM_REFERRAL", "MOVED_TO_SUPPORT", "REMOVED_FOR_SAFETY")
IDENTITY, ORIGIN, LINE = "identity", "origin", "line"
SAME, NOT_SAME, UNDECIDED, WITHDRAWN = "SAME", "NOT_SAME", "UNDECIDED", "WITHDRAWN"
# What names the pair that a judgement is about.
PAIRS = {IDENTITY: ("system_a", "ref_a", "system_b", "ref_b"), ORIGIN: ("report_a", "report_b"),
         LINE: ("line_a", "line_b")}  # fmt: skip
MADE_COLUMNS = ("sheet", "row", "kind", "person_ref", "meeting_on", "decided_on", "decided_by", "role", "outcome",
                "reason", "valid_until", "details", "stands")  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of decision: the sheet it stands on, what may be decided, what must be filled in, whether it may end.

    What is not `in_workbook` is filled in where it is made: an answer, or an override, in the assessment form; whether
    two drug lines are one, where the suggestion is looked at.
    What is not `in_workbook` is filled in where it is made: an answer, or an override, in the assessment form; a step
    of a case, or an entry of its plan, in the workbook of the case meeting.
    """

    name: str
    sheet: str
    outcomes: tuple[str, ...]
    required: tuple[str, ...]
    details: tuple[str, ...] = ()
    required_details: tuple[str, ...] = ()
    may_end: bool = False
    in_workbook: bool = True

    @property
    def pair(self) -> tuple[str, ...]:
        """What names the two ends of the pair that it is about; empty where it is about a person."""
        return PAIRS.get(self.name, ())


_ALWAYS = ("meeting_on", "decided_on", "decided_by", "role", "outcome")
_REASONED = ("person_ref", *_ALWAYS, "reason")
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("selection", "Selection", ("SELECTED", "NOT_SELECTED"), _REASONED),
        Kind("review", "Reviews", ("KEEP",), (*_REASONED, "valid_until"), may_end=True),
        Kind("removal", "Removals", ("REMOVE", WITHDRAWN), _REASONED),
        Kind("exploitation", "Exploitation", ("SCORE", "DO_NOT_SCORE"), _REASONED, may_end=True),
        Kind("lens", "Leading lens", ("HARM_CAUSED", "HARM_SUFFERED"), _REASONED),
        Kind(ACTION, "Actions", ("AGREED",), _ALWAYS, ACTION_DETAILS,
             ("action_ref", "action_text", "action_type", "action_owner", "agency", "due_on")),
        Kind(OUTCOME, "Outcomes", (COMPLETE, "NOT_DONE", "CANCELLED", "SUPERSEDED", CARRIED_OVER),
             (*_ALWAYS, "reason"), OUTCOME_DETAILS, ("action_ref",)),
        Kind(IDENTITY, "Identity", (SAME, NOT_SAME, UNDECIDED, WITHDRAWN), (*_ALWAYS, "reason"),
             PAIRS[IDENTITY], PAIRS[IDENTITY], may_end=True),
        Kind(ORIGIN, "Origins", (SAME, NOT_SAME, WITHDRAWN), (*_ALWAYS, "reason"), PAIRS[ORIGIN], PAIRS[ORIGIN],
             may_end=True),
        Kind(LINE, "Lines", (SAME, NOT_SAME, WITHDRAWN), (*_ALWAYS, "reason"), PAIRS[LINE], PAIRS[LINE],
             may_end=True, in_workbook=False),
        Kind(ANSWER, "Answers", (ANSWERED, WITHDRAWN), ("person_ref", *_ALWAYS), ANSWER_DETAILS,
             ("slot", "case_ref", "assessment_no", "assessed_on", "indicator", "answer"), in_workbook=False),
        Kind(OVERRIDE, "Overrides", (UP, DOWN, WITHDRAWN), (*_REASONED, "valid_until"), OVERRIDE_DETAILS,
             ("slot", "assessment_ref", "axis", "band", "evidence"), may_end=True, in_workbook=False),
        Kind(CASE, "Cases", CASE_STATES, _REASONED, ("slot", *CASE_DETAILS), ("slot", "case_ref"), in_workbook=False),
        Kind(PLAN, "Plans", PLAN_STATES, ("person_ref", *_ALWAYS), ("slot", *PLAN_DETAILS),
             ("slot", "plan_ref", "case_ref"), in_workbook=False),
    )
}  # fmt: skip


def shape_decisions(made: pd.DataFrame) -> pd.DataFrame:
    """Give a frame of decisions its columns and types, text stripped, empty text missing."""
    dates = ("meeting_on", "decided_on", "valid_until")
    shaped = made.reindex(columns=list(MADE_COLUMNS))
    for name in MADE_COLUMNS:
        if name in dates:
            shaped[name] = pd.to_datetime(shaped[name]).astype("datetime64[us]")
        elif name != "row":
            text = shaped[name].astype("str").str.strip()
            shaped[name] = text.where(text.ne(""))
    return shaped.assign(row=shaped["row"].astype("Int64"), reason=shaped["reason"].fillna("")).reset_index(drop=True)


def check_decisions(made: pd.DataFrame) -> list[str]:
    """Return what is wrong with each row, as sheet, row and what to fill in; never a cell's value."""
    problems = []
    for decision in made.to_dict("records"):
        if wrong := _problems_of(decision):
            problems.append(f"{decision['sheet']} row {decision['row']}: {', '.join(wrong)}")
    problems += _find_conflicts(made)
    slots = made.assign(action=made["details"].map(name_action))
    slots["whom"] = slots["person_ref"].where(slots["action"].eq(""))
    is_pair = slots["kind"].isin(list(PAIRS))
    slots["whom"] = slots["whom"].mask(is_pair, slots["details"])
    slots["meeting_on"] = slots["meeting_on"].mask(is_pair)
    twice = slots[slots.duplicated(["kind", "whom", "meeting_on", "action"], keep=False)]
    problems += [f"{sheet} row {row}: decided twice" for sheet, row in name_places(twice)]
    return problems


def _find_conflicts(made: pd.DataFrame) -> list[str]:
    """Name the rows that keep a person at a meeting whom another row puts out at it."""
    stays = {"SELECTED": "selected", "KEEP": "kept"}
    out = set(made.loc[made["outcome"].eq("REMOVE"), ["person_ref", "meeting_on"]].itertuples(index=False, name=None))
    kept = made[made["outcome"].isin(list(stays))].to_dict("records")
    return [
        f"{row['sheet']} row {row['row']}: {stays[row['outcome']]} here and removed on another sheet"
        for row in kept
        if (row["person_ref"], row["meeting_on"]) in out
    ]


def _problems_of(decision: Mapping[str, Any]) -> list[str]:
    kind = KINDS.get(str(decision["kind"]))
    if kind is None:
        return [f"kind is none of {', '.join(KINDS)}"]
    details = json.loads(decision["details"]) if isinstance(decision["details"], str) else {}
    missing = [name for name in kind.required if _is_empty(decision[name])]
    missing += [name for name in kind.required_details if _is_empty(details.get(name))]
    wrong = [f"{name} is empty" for name in missing]
    if not _is_empty(decision["outcome"]) and decision["outcome"] not in kind.outcomes:
        wrong.append(f"outcome is none of {', '.join(kind.outcomes)}")
    if kind.name == "exploitation" and "role" not in missing and "chair" not in str(decision["role"]).lower().split():
        wrong.append("role is not the chair's, who alone decides this")
    if (
        not _is_empty(decision["valid_until"])
        and not _is_empty(decision["decided_on"])
        and (decision["valid_until"] <= decision["decided_on"])
    ):
        wrong.append("valid_until is not after decided_on")
    if kind.name in PAIRS and not missing and is_one(kind.name, details):
        wrong.append("both ends are the same record")
    if kind.name == ACTION:
        wrong += _problems_of_action(details, decision)
    if kind.name in (CASE, PLAN):
        wrong += check_details(details)
    return wrong + (_problems_of_outcome(details, decision) if kind.name == OUTCOME else [])


def order_pair(kind: str, details: Mapping[str, str]) -> dict[str, str]:
    """Return the two ends of a pair in one order, for which is named first says nothing.

    >>> order_pair("origin", {"report_a": "R2", "report_b": "R1"})
    {'report_a': 'R1', 'report_b': 'R2'}
    """
    names = PAIRS[kind]
    half = len(names) // 2
    one, other = sorted([[str(details.get(name, "")) for name in part] for part in (names[:half], names[half:])])
    return dict(zip(names, one + other, strict=True))


def is_one(kind: str, details: Mapping[str, str]) -> bool:
    """Say whether both ends of a pair are the same."""
    ends = list(order_pair(kind, details).values())
    return ends[: len(ends) // 2] == ends[len(ends) // 2 :]


# Whom nobody can ask: an owner is a role or an officer, and an agency stands in its own column.
_NOBODY = ("all", "everyone", "police", "council", "partners", "tbc", "n/a", "?")


def _problems_of_action(details: Mapping[str, str], decision: Mapping[str, Any]) -> list[str]:
    wrong = []
    if details.get("action_type") and details["action_type"] not in VOCABULARIES["action_type"]:
        wrong.append(f"action_type is none of {', '.join(VOCABULARIES['action_type'])}")
    owner = f" {details.get('action_owner', '')} ".lower()
    if any(mark in owner for mark in (";", "/", "&", "+", "\n", " and ")) or owner.strip() in _NOBODY:
        wrong.append("action_owner is not one owner")
    due = pd.to_datetime(details.get("due_on"), errors="coerce")
    if details.get("due_on") and pd.isna(due):
        wrong.append("due_on is not a date")
    elif details.get("due_on") and not _is_empty(decision["decided_on"]) and due < decision["decided_on"]:
        wrong.append("due_on is before decided_on")
    return wrong


def _problems_of_outcome(details: Mapping[str, str], decision: Mapping[str, Any]) -> list[str]:
    """Name what an action's outcome lacks: done needs what came of it and the day, carried over a new due date."""
    is_done, is_carried = decision["outcome"] == COMPLETE, decision["outcome"] == CARRIED_OVER
    needed = {"result": is_done, "completed_on": is_done, "new_due_on": is_carried}
    wrong = [f"{name} is empty" for name, is_needed in needed.items() if is_needed and _is_empty(details.get(name))]
    for name in ("completed_on", "new_due_on"):
        if details.get(name) and not needed[name]:
            wrong.append(f"{name} is for an action that is {'done' if name == 'completed_on' else 'carried over'}")
    for name, words in (("result", VOCABULARIES["action_outcome"]), ("safeguarding", SAFEGUARDING)):
        if details.get(name) and details[name] not in words:
            wrong.append(f"{name} is none of {', '.join(words)}")
    days = {name: pd.to_datetime(details.get(name), errors="coerce") for name in ("completed_on", "new_due_on")}
    wrong += [f"{name} is not a date" for name, day in days.items() if details.get(name) and pd.isna(day)]
    if not _is_empty(decision["decided_on"]):
        if days["completed_on"] > decision["decided_on"]:
            wrong.append("completed_on is after decided_on")
        if days["new_due_on"] <= decision["decided_on"]:
            wrong.append("new_due_on is not after decided_on")
    return wrong


def _is_empty(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))


def refuse_problems(problems: Sequence[str], where: str) -> None:
    """Raise `DecisionError` with every problem at once, if there is any."""
    if problems:
        raise DecisionError(f"{where}: {len(problems)} to mend: {'; '.join(problems)}. Nothing was recorded.")


def name_places(made: pd.DataFrame) -> list[tuple[str, int]]:
    """Return the sheet and row of each decision."""
    return list(zip(made["sheet"], made["row"], strict=True))


def name_action(details: object) -> str:
    """Return the reference of the action, or the slot, that a decision's details name; empty where they name none."""
    held = json.loads(details) if isinstance(details, str) else {}
    return str(held.get("action_ref") or held.get("slot") or "")
