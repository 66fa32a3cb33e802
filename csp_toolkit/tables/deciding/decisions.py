"""What people decided: who, in what role, when, why, until when.

The toolkit lists candidates; a named person in a named role decides, with a reason, and that is recorded here and
never changed. A later decision on the same person for the same meeting takes the place of an earlier one in a view;
both stay in the store. Decisions come from a workbook (`tables.decision_sheets`) or from a list of `Decision`.
"""

import hashlib
import json
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from csp_toolkit.tables.deciding.judging import check_judgements
from csp_toolkit.tables.deciding.rules import (
    ACTION,
    ACTION_DETAILS,
    KINDS,
    MADE_COLUMNS,
    OUTCOME,
    OUTCOME_DETAILS,
    PAIRS,
    check_decisions,
    name_action,
    name_places,
    order_pair,
    refuse_problems,
    shape_decisions,
)
from csp_toolkit.tables.deciding.sheets import read_workbook, write_workbook
from csp_toolkit.tables.log import append_entry
from csp_toolkit.tables.storage import DECISIONS, PERSON_KEYS
from csp_toolkit.tables.view import DECISION_COLUMNS

__all__ = [
    "ACTION_DETAILS",
    "KINDS",
    "Decision",
    "DecideReport",
    "list_agreed_actions",
    "list_decisions",
    "list_outcomes",
    "read_recorded",
    "read_workbook",
    "record",
    "replay",
    "write_workbook",
]

OUTCOME_COLUMNS = ("action_ref", "meeting_on", "decided_on", "status", "result", "safeguarding", "completed_on",
                   "new_due_on", "words")  # fmt: skip
AGREED_COLUMNS = (
    "action_ref", "meeting_on", "case_ref", "action_text", "action_type", "intervention_code", "action_owner", "agency",
    "set_on", "due_on", "priority", "status", "completed_on", "outcome", "n_carried_over", "person_id",
)  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """One decision, as a notebook form makes it. `details` holds an action's own fields (`ACTION_DETAILS`)."""

    kind: str
    meeting_on: date
    decided_on: date
    decided_by: str
    role: str
    outcome: str
    reason: str = ""
    person_ref: str | None = None
    valid_until: date | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DecideReport:
    """How many decisions were new, how many stood already, and how many wait for a record not received yet."""

    n_recorded: int
    n_unchanged: int
    n_waiting: int = 0


def list_decisions(made: Sequence[Decision]) -> pd.DataFrame:
    """Return decisions as the frame that a workbook gives (`MADE_COLUMNS`)."""
    rows = [
        asdict(d) | {"sheet": "list", "row": n, "details": _as_json({k: v for k, v in d.details.items() if v})}
        for n, d in enumerate(made, start=1)
    ]
    return shape_decisions(pd.DataFrame(rows, columns=list(MADE_COLUMNS)))


def record(
    connection: Connection, made: pd.DataFrame | Sequence[Decision], *, recorded_on: date, actor: str, at: datetime,
    problems: Sequence[str] = (),
) -> DecideReport:  # fmt: skip
    """Record decisions within an open transaction: those that say something new, all of them or none.

    `problems` are what else is wrong with them, found by who called; they are refused with all the others.
    """
    made = _order_pairs(shape_decisions(made) if isinstance(made, pd.DataFrame) else list_decisions(made))
    problems = [*check_decisions(made), *problems]
    known = set(connection.scalars(select(PERSON_KEYS.c.source_ref).distinct()))
    stranger = made["person_ref"].notna() & ~made["person_ref"].isin(known)
    problems += [f"{s} row {r}: no such person reference" for s, r in name_places(made[stranger])]
    early = made["decided_on"] > pd.Timestamp(recorded_on)
    problems += [f"{s} row {r}: decided after the day it is recorded" for s, r in name_places(made[early])]
    recorded = read_recorded(connection, recorded_on)
    standing = {_slot(row): row for row in recorded}
    problems += _find_strange_outcomes(made, standing.values()) + _find_contradicted(made, standing.values())
    refuse_problems(problems, "Decisions")

    fresh = []
    for decision in made.to_dict("records"):
        row = _stored_form(decision)
        before = standing.get(_slot(row))
        if before is not None and all(before[name] == value for name, value in row.items()):
            continue
        row["decision_id"] = _name_decision(row, before["decision_id"] if before else "")
        fresh.append(row | {"recorded_on": recorded_on})
    pairs = made[made["kind"].isin(list(PAIRS))]
    checked = check_judgements(connection, pairs, recorded, fresh, on=recorded_on)
    refuse_problems(checked.problems, "Decisions")
    if fresh:
        connection.execute(DECISIONS.insert(), fresh)
        details = {"decisions": [row["decision_id"] for row in fresh], "recorded_on": recorded_on.isoformat()}
        append_entry(connection, "alter", actor=actor, at=at, details=details)
    return DecideReport(len(fresh), len(made) - len(fresh), checked.n_waiting)


def _find_strange_outcomes(made: pd.DataFrame, standing: Iterable[Mapping[str, Any]]) -> list[str]:
    """Name the outcomes of an action that was never agreed, or not yet."""
    agreed = {name_action(row["details"]): row["meeting_on"] for row in standing if row["kind"] == ACTION}
    own = made[made["kind"].eq(ACTION)]
    agreed |= {name_action(row.details): row.meeting_on.date() for row in own.itertuples() if pd.notna(row.meeting_on)}
    problems = []
    for row in made[made["kind"].eq(OUTCOME)].dropna(subset=["meeting_on"]).to_dict("records"):
        since = agreed.get(name_action(row["details"]))
        if since is None or row["meeting_on"].date() < since:
            why = "no such action was agreed" if since is None else "its action was agreed at a later meeting"
            problems.append(f"{row['sheet']} row {row['row']}: {why}")
    return problems


def _find_contradicted(made: pd.DataFrame, standing: Iterable[Mapping[str, Any]]) -> list[str]:
    """Name the rows that keep at a meeting whom a removal recorded for it has put out, or the other way round."""
    sides = ({"SELECTED", "KEEP"}, {"REMOVE"})
    told = {
        _slot(row) for row in map(_stored_form, made.dropna(subset=["meeting_on", "decided_on"]).to_dict("records"))
    }
    held = [row for row in standing if _slot(row) not in told]
    problems = []
    for here, there in (sides, sides[::-1]):
        against = {(row["person_ref"], row["meeting_on"]) for row in held if row["outcome"] in there}
        for row in made[made["outcome"].isin(list(here))].dropna(subset=["meeting_on"]).to_dict("records"):
            if (row["person_ref"], row["meeting_on"].date()) in against:
                problems.append(f"{row['sheet']} row {row['row']}: contradicts what is recorded for this meeting")
    return problems


def _order_pairs(made: pd.DataFrame) -> pd.DataFrame:
    """Name the ends of each pair in one order; a pair half named is left as it is, to be refused."""
    ordered = []
    for kind, text in zip(made["kind"], made["details"], strict=True):
        ends = json.loads(text) if kind in PAIRS and isinstance(text, str) else {}
        is_named = bool(ends) and all(ends.get(name) for name in PAIRS[kind])
        ordered.append(_as_json(order_pair(kind, ends)) if is_named else text)
    return made.assign(details=pd.Series(ordered, index=made.index, dtype="str"))


def replay(recorded: Sequence[Mapping[str, Any]], person_keys: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Return the decisions that stood (`DECISION_COLUMNS`) among those recorded: for or made by `as_of`.

    A decision counts from its meeting or from the day it was made, whichever is earlier: a removal between meetings
    is a removal at once. Judgements of pairs stand elsewhere (`judgements.stand`). Of several on one person for
    one meeting the last recorded stands.
    """
    rows = [row for row in recorded if min(row["meeting_on"], row["decided_on"]) <= as_of and row["kind"] not in PAIRS]
    table = pd.DataFrame(rows, columns=[c for c in DECISION_COLUMNS if c != "person_id"])
    # A reference two agencies happen to share means the police's.
    by_ref = person_keys.assign(last=person_keys["source_system"].ne("police")).sort_values(["source_ref", "last"])
    ids = by_ref.drop_duplicates("source_ref").set_index("source_ref")["person_id"]
    table["person_id"] = table["person_ref"].map(ids).astype("str")
    table["action"] = table["details"].map(name_action)
    table["whom"] = table["person_id"].fillna(table["person_ref"]).where(table["action"].eq(""))
    table = table.drop_duplicates(["kind", "whom", "meeting_on", "action"], keep="last")
    for name in ("meeting_on", "decided_on", "valid_until", "recorded_on"):
        table[name] = table[name].astype("datetime64[us]")
    texts = ("decision_id", "kind", "person_id", "person_ref", "decided_by", "role", "outcome", "reason", "details")
    table = table.astype(dict.fromkeys(texts, "str"))
    table = table.sort_values(["meeting_on", "kind", "person_ref", "action"], kind="stable", ignore_index=True)
    return table[list(DECISION_COLUMNS)]


def list_agreed_actions(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the agreed actions among a view's decisions in the columns of the table `actions`, with `person_id`."""
    agreed = decisions[decisions["kind"] == "action"].reset_index(drop=True)
    details = pd.DataFrame([json.loads(text) for text in agreed["details"]], columns=list(ACTION_DETAILS))
    actions = pd.DataFrame({
        "meeting_on": agreed["meeting_on"], "set_on": agreed["decided_on"], "person_id": agreed["person_id"],
        "status": "OPEN", "n_carried_over": 0, **{name: details[name] for name in ACTION_DETAILS},
    }).reindex(columns=list(AGREED_COLUMNS))  # fmt: skip
    dates = ("meeting_on", "set_on", "due_on", "completed_on")
    types = {name: "datetime64[us]" if name in dates else "str" for name in AGREED_COLUMNS}
    return actions.astype(types | {"n_carried_over": "Int64"})


def list_outcomes(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return what a view's decisions say came of agreed actions (`OUTCOME_COLUMNS`), the earliest meeting first."""
    told = decisions[decisions["kind"] == OUTCOME].sort_values(["meeting_on", "decided_on"], kind="stable")
    details = pd.DataFrame([json.loads(text) for text in told["details"]], columns=list(OUTCOME_DETAILS))
    known = ["meeting_on", "decided_on", "outcome", "reason"]
    table = pd.concat([details, told[known].reset_index(drop=True)], axis="columns")
    table = table.rename(columns={"outcome": "status", "reason": "words"})[list(OUTCOME_COLUMNS)]
    return table.astype({name: "datetime64[us]" if name.endswith("_on") else "str" for name in OUTCOME_COLUMNS})


def read_recorded(connection: Connection, known_at: date) -> list[dict[str, Any]]:
    """Return what was recorded by `known_at`, first recorded first."""
    wanted = select(DECISIONS).where(DECISIONS.c.recorded_on <= known_at)
    found = connection.execute(wanted.order_by(DECISIONS.c.recorded_on, DECISIONS.c.number))
    return [dict(row) for row in found.mappings()]


def _slot(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a later decision takes the place of: that of its action or pair, where it has one."""
    if row["kind"] in PAIRS:
        return (row["kind"], row["details"])
    action = name_action(row["details"])
    return (row["kind"], None if action else row["person_ref"], row["meeting_on"], action)


def _stored_form(decision: Mapping[str, Any]) -> dict[str, Any]:
    names = ("kind", "person_ref", "decided_by", "role", "outcome", "reason", "details")
    row: dict[str, Any] = {name: None if pd.isna(decision[name]) else decision[name] for name in names}
    for name in ("meeting_on", "decided_on", "valid_until"):
        row[name] = None if pd.isna(decision[name]) else decision[name].date()
    return row | {"details": row["details"] or "{}"}


def _name_decision(row: Mapping[str, Any], before: str) -> str:
    """Name a decision by what it says and what it takes the place of: to go back to an older word is news."""
    text = _as_json({name: str(value) for name, value in row.items()} | {"before": before})
    return f"DEC-{b32encode(hashlib.sha256(text.encode()).digest())[:12].decode()}"


def _as_json(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
