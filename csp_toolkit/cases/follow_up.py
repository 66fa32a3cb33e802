"""What came of what was agreed: done, open, late, carried over, and what it did for somebody's safety.

Late and carried over are worked out, never stored. An action is late when it is open and its due date has passed; it
is carried over by every meeting that finds it due and leaves it open, and by one that gives it a new date.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd
from pydantic import Field

from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.errors import CheckFailed
from csp_toolkit.params import Frozen
from csp_toolkit.tables.deciding.decisions import AGREED_COLUMNS, list_agreed_actions, list_outcomes
from csp_toolkit.tables.deciding.rules import CARRIED_OVER, COMPLETE, SAFEGUARDING
from csp_toolkit.tables.view import View

KINDS = ("DISRUPTION", "ENFORCEMENT", "SUPPORT", "INFORMATION", "ADMIN")
DONE, LATE, OPEN, DROPPED = "done", "late", "open", "dropped"
DONE_STATES = (COMPLETE, "COMPLETE_LATE")
FOLLOWED_COLUMNS = (*AGREED_COLUMNS, "result", "safeguarding", "words", "days_late", "state", "escalate", "is_last")
# A reference may begin with the letters of its meeting, so that those of two meetings of one day stay apart.
_LETTERS = re.compile(r"(?:^|[^A-Z])(?!SYND?-)([A-Z]{2,4}-)\d{4}-\d{2}-\d{2}")


class FollowUpPolicy(Frozen):
    """How a meeting follows up its actions.

    `prefix` begins the references of the actions it agrees. After `to_chair_after` carry-overs an open action goes to
    the chair, after `to_group_after` to the delivery group. `safeguarding` names the codes of the menu that, done and
    achieved at least in part, are a safeguarding outcome, for a log that does not say so itself.
    """

    prefix: str = Field(default="", pattern=r"^([A-Z]{2,4}-)?$")
    to_chair_after: int = Field(gt=0)
    to_group_after: int = Field(gt=0)
    safeguarding: dict[str, Literal["REFERRAL_MADE", "NRM_REFERRAL", "MOVED_TO_SUPPORT", "REMOVED_FOR_SAFETY"]] = Field(
        default_factory=dict
    )


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Every action on record as at a day, and those of the last meeting in sum.

    Attributes
    ----------
    table : one row an action (`FOLLOWED_COLUMNS`): `state` is done, open, late or dropped (not done, cancelled,
        superseded); `n_carried_over` counts meetings; `escalate` is ``chair``, ``delivery group`` or missing;
        `is_last` says that the last meeting agreed it.
    by_kind : kind, n_agreed = n_done + n_open + n_late + n_dropped, n_carried_over, results: of the last meeting.
    safeguarding : outcome and n_actions of the last meeting, every kind of outcome named.
    since, as_of, policy : the last meeting, the day it speaks for, and how it follows up.
    """

    table: pd.DataFrame
    by_kind: pd.DataFrame
    safeguarding: pd.DataFrame
    since: date | None
    as_of: date
    policy: FollowUpPolicy

    @property
    def last(self) -> pd.DataFrame:
        """Return the actions of the last meeting."""
        return self.table[self.table["is_last"]].reset_index(drop=True)

    @property
    def escalated(self) -> pd.DataFrame:
        """Return the open actions that were carried over too often."""
        return self.table[self.table["escalate"].notna()].reset_index(drop=True)

    def explain(self, action_ref: str) -> str:
        """Say in one sentence where an action stands."""
        row = self.table.set_index("action_ref").loc[action_ref]
        times = int(row["n_carried_over"]) if pd.notna(row["n_carried_over"]) else 0
        carried = f", carried over {times} times" if times else ""
        late = f" by {int(row['days_late'])} days" if row["state"] == LATE else ""
        return f"{action_ref}: {row['state']}{late}{carried}."

    def _repr_html_(self) -> str:
        since = f"agreed on {self.since.isoformat()}" if self.since else "of no earlier meeting"
        caption = f"Actions {since}, as at {self.as_of.isoformat()}; safeguarding outcomes beside them."
        return f"<p>{caption}</p>{self.by_kind.to_html(index=False, na_rep='')}{self.safeguarding.to_html(index=False)}"


def follow_actions(view: View, policy: FollowUpPolicy, *, since: date | None, held_as: str | None) -> FollowUp:
    """Follow up every action on record: the agencies' log, the meetings' own, and what was said to come of them.

    Parameters
    ----------
    view : the casebook as at the meeting.
    policy : how the meeting follows up. held_as : what the register of meetings calls its kind.
    since : the day of the last meeting of this kind. Its actions are those it agreed, and those the log has of that
        day about no case; the log's others are the case meeting's.

    An action in the log under the reference of an agreed one is that action: the log's word stands where it is
    settled there, the meeting's where the log still has it open.
    """
    log = view["actions"].reindex(columns=[*AGREED_COLUMNS])
    agreed = list_agreed_actions(view.decisions)
    own = _settle(agreed, list_outcomes(view.decisions), _list_meetings(view, held_as, since), view.as_of)
    table = _merge(log, own)
    table["safeguarding"] = table["safeguarding"].fillna(_by_code(table, policy.safeguarding))
    due = table["due_on"]
    is_open = table["status"].isin(OPEN_STATES)
    late = (pd.Timestamp(view.as_of) - due).dt.days.clip(lower=0).astype("Int64").where(is_open)
    state = pd.Series(DROPPED, index=table.index, dtype="str").mask(table["status"].isin(DONE_STATES), DONE)
    state = state.mask(is_open, OPEN).mask((late > 0).fillna(False), LATE)
    times = table["n_carried_over"].fillna(0)
    escalate = pd.Series(None, index=table.index, dtype="str").mask(times >= policy.to_chair_after, "chair")
    escalate = escalate.mask(times >= policy.to_group_after, "delivery group").where(is_open)
    day = pd.Timestamp(since) if since else pd.NaT
    is_theirs = [is_of_meeting(ref, policy.prefix) for ref in table["action_ref"]]
    of_day = table["meeting_on"].eq(day) & pd.Series(is_theirs, index=table.index, dtype="bool")
    is_own = table["action_ref"].isin(agreed["action_ref"])
    table = table.assign(
        days_late=late, state=state, escalate=escalate, is_last=of_day & (is_own | table["case_ref"].isna())
    )[list(FOLLOWED_COLUMNS)]
    table = table.sort_values(["meeting_on", "action_ref"], kind="stable", ignore_index=True)
    last = table[table["is_last"]]
    return FollowUp(table, _count_by_kind(last), _count_safeguarding(last), since, view.as_of, policy)


def _list_meetings(view: View, held_as: str | None, since: date | None) -> list[pd.Timestamp]:
    """List the meetings of this kind, those of the register and those an action was agreed at, with the last."""
    held = view["attendance"].loc[view["attendance"]["meeting_type"] == held_as, "meeting_on"]
    told = view.decisions.loc[view.decisions["kind"].eq("selection"), "meeting_on"]
    last = pd.Series([pd.Timestamp(since)] if since else [], dtype="datetime64[us]")
    return sorted(pd.concat([held, told, last]).dropna().unique())


def _settle(
    agreed: pd.DataFrame, outcomes: pd.DataFrame, meetings: Sequence[pd.Timestamp], as_of: date
) -> pd.DataFrame:
    """Take the meetings in order: what each recorded of an action, or that it found it due and left it open."""
    told: dict[str, dict[pd.Timestamp, dict[str, Any]]] = {}
    for row in outcomes.to_dict("records"):
        told.setdefault(row["action_ref"], {})[row["meeting_on"]] = row
    rows = []
    for action in agreed.to_dict("records"):
        own = told.get(action["action_ref"], {})
        after = {m for m in meetings if action["meeting_on"] < m < pd.Timestamp(as_of)} | set(own)
        rows.append(action | {"result": None, "safeguarding": None, "words": None})
        for meeting in sorted(after):
            if not _take_over(rows[-1], own.get(meeting), meeting):
                break
    extra = ("result", "safeguarding", "words")
    frame = pd.DataFrame(rows, columns=[*AGREED_COLUMNS, *extra])
    return frame.astype({**{name: agreed[name].dtype for name in AGREED_COLUMNS}, **dict.fromkeys(extra, "str")})


def _take_over(action: dict[str, Any], told: Mapping[str, Any] | None, meeting: pd.Timestamp) -> bool:
    """Bring an action on by one meeting; return whether it is still open after it."""
    if told is None:
        if pd.notna(action["due_on"]) and action["due_on"] <= meeting:
            action["n_carried_over"] += 1
        return True
    action["words"] = told["words"]
    action["safeguarding"] = told["safeguarding"]
    if told["status"] == CARRIED_OVER:
        action |= {"n_carried_over": action["n_carried_over"] + 1, "due_on": told["new_due_on"]}
        return True
    is_late = told["status"] == COMPLETE and told["completed_on"] > action["due_on"]
    action |= {
        "status": "COMPLETE_LATE" if is_late else told["status"], "completed_on": told["completed_on"],
        "result": told["result"],
    }  # fmt: skip
    return False


def _merge(log: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Put the log and the meetings' own together, one row a reference."""
    log = log.assign(result=log["outcome"], safeguarding=pd.Series(None, index=log.index, dtype="str"),
                     words=pd.Series(None, index=log.index, dtype="str"))  # fmt: skip
    both = own.set_index("action_ref").join(log.set_index("action_ref"), suffixes=("", "_log"), how="inner")
    left_open = set(both.index[both["status_log"].isin(OPEN_STATES)])
    theirs = log[~log["action_ref"].isin(left_open)].set_index("action_ref")
    mine = own[~own["action_ref"].isin(set(both.index) - left_open)].set_index("action_ref")
    known = [frame.dropna(axis="columns", how="all") for frame in (theirs, mine) if len(frame)]
    table = (pd.concat(known) if known else theirs).reindex(columns=theirs.columns)
    for name in ("person_id", "safeguarding", "words", "meeting_on"):  # who it is about is the meeting's to say
        table[name] = both[name].combine_first(table[name]).reindex(table.index) if len(both) else table[name]
    times = pd.concat([log.set_index("action_ref")["n_carried_over"], own.set_index("action_ref")["n_carried_over"]])
    table["n_carried_over"] = times.groupby(level=0).max().reindex(table.index).astype("Int64")
    types = {name: own[name].dtype for name in own.columns if name != "action_ref"}
    return table.astype(types).reset_index()


def _by_code(table: pd.DataFrame, codes: Mapping[str, str]) -> pd.Series:
    worked = table["status"].isin(DONE_STATES) & table["result"].isin(["ACHIEVED", "PARTLY"])
    return table["intervention_code"].map(dict(codes)).astype("str").where(worked)


def is_of_meeting(ref: object, prefix: str) -> bool:
    """Say whether a reference is of this meeting: it begins with its letters, or with no meeting's."""
    found = _LETTERS.search(str(ref))
    return found is None or found[1] == prefix


def _count_by_kind(last: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for kind in KINDS:
        own = last[last["action_type"] == kind]
        n = own["state"].value_counts()
        results = own["result"].dropna().value_counts()
        said = "; ".join(f"{name}: {results[name]}" for name in sorted(results.index))
        rows.append((kind, len(own), *(int(n.get(state, 0)) for state in (DONE, OPEN, LATE, DROPPED)),
                     int((own["n_carried_over"].fillna(0) > 0).sum()), said))  # fmt: skip
    names = ["kind", "n_agreed", "n_done", "n_open", "n_late", "n_dropped", "n_carried_over", "results"]
    table = pd.DataFrame(rows, columns=names)
    if table["n_agreed"].sum() != len(last) or not table["n_agreed"].eq(table[names[2:6]].sum(axis="columns")).all():
        raise CheckFailed("The actions of the last meeting do not add up by kind and state. Report this fault.")
    return table


def _count_safeguarding(last: pd.DataFrame) -> pd.DataFrame:
    counts = last["safeguarding"].value_counts()
    return pd.DataFrame(
        {"outcome": list(SAFEGUARDING), "n_actions": [int(counts.get(name, 0)) for name in SAFEGUARDING]}
    )
