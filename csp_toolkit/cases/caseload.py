"""The caseload as at a meeting: where each case stands, what is due, what happened, and why it is listed.

Cases stand in the order of their references. Nothing here puts one child before another, and nothing is predicted: a
listing says what falls due or happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from csp_toolkit.cases.assessed import list_assessed
from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.clocks import Calendar, list_due, open_calendar
from csp_toolkit.cases.decided import stand_cases
from csp_toolkit.cases.follow_up import FollowUpPolicy
from csp_toolkit.cases.listing import list_cases
from csp_toolkit.cases.standings import find_standings, gather_actions
from csp_toolkit.cases.transitions import CLOSED, OPEN, STATE_WORDS, Standing, list_step_down
from csp_toolkit.cases.triggers import TRIGGER_COLUMNS, find_triggers
from csp_toolkit.errors import TableError
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.tables.ages import ADULT_YEARS, age_years, birthday, youngest_birth
from csp_toolkit.tables.view import View

CASE_COLUMNS = (
    "case_ref", "person_id", "status", "tier", "route", "lead_professional", "lead_agency", "opened_on", "days_open",
    "accepted_on", "last_discussed_on", "n_discussions", "next_review_on", "review_due_on", "age_years", "is_child",
    "turns_18_on", "listed_as", "why", "minutes", "has_page", "status_before", "tier_before", "stands_by",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Caseload:
    """The open cases and what is to be done about them by when.

    Attributes
    ----------
    table : one row an open case (`CASE_COLUMNS`), by reference: `review_due_on` is the day the panel set, else the day
        its tier asks for; `listed_as` is missing where the case is not before this meeting.
    due : one row a clock of a case that runs or has run out (`clocks.DUE_COLUMNS`).
    waiting : the same of referrals nobody has decided on, under their own references.
    triggers : what happened to people with an open case (`triggers.TRIGGER_COLUMNS`), with `case_ref`.
    standings : by case_ref, what its next step rests on (`transitions.Standing`), closed cases included.
    movement : what came of the cases of the meeting before: case_ref, movement, why.
    reconciliation : opening + new + returned - out = closing, in words; it is checked.
    actions : every action of this meeting or about a case, followed up (`standings.gather_actions`).
    calendar : the days of the meeting, past and to come, and those past days on which it is not on record.
    as_of : the day of the meeting.
    """

    table: pd.DataFrame
    due: pd.DataFrame
    waiting: pd.DataFrame
    triggers: pd.DataFrame
    standings: Mapping[str, Standing]
    movement: pd.DataFrame
    reconciliation: str
    actions: pd.DataFrame
    calendar: Calendar
    as_of: date
    policy: CasePolicy

    @property
    def listed(self) -> pd.DataFrame:
        """Return the cases before the meeting, those with a page first, in the order of the agenda."""
        order = list(self.policy.minutes)
        listed = self.table[self.table["listed_as"].notna()]
        place = listed["listed_as"].map({name: n for n, name in enumerate(order)})
        return listed.assign(place=place).sort_values(["place", "case_ref"], ignore_index=True).drop(columns="place")

    def explain(self, case_ref: str) -> str:
        """Say in one sentence where a case stands and why it is listed, or that it is not."""
        row = self.table.set_index("case_ref").loc[case_ref]
        tier = f", tier {row['tier']}" if pd.notna(row["tier"]) else ""
        listed = (
            f"listed because {row['why']}" if pd.notna(row["listed_as"]) else "not listed: nothing due, nothing new"
        )
        return f"{case_ref}: {STATE_WORDS[row['status']]}{tier}; {listed}."

    def say_step_down(self, case_ref: str) -> list[str]:
        """Say what a tier down of this case still lacks; empty where the panel may put it down."""
        return list_step_down(self.standings[case_ref], on=self.as_of, policy=self.policy)

    def _repr_html_(self) -> str:
        shown = ["case_ref", "status", "tier", "days_open", "review_due_on", "listed_as", "why"]
        n = int(self.table["listed_as"].notna().sum())
        caption = f"Caseload as at {self.as_of.isoformat()}: {len(self.table)} open, {n} listed. {self.reconciliation}"
        return f"<p>{caption}</p>{self.table[shown].to_html(index=False, na_rep='')}"


def open_caseload(
    view: View, policy: CasePolicy, follow: FollowUpPolicy, *, last_view: View | None = None,
    assessments: Assessments | None = None,
) -> Caseload:  # fmt: skip
    """Work out the caseload as at a meeting.

    Parameters
    ----------
    view : the casebook as at the meeting. last_view : as at the one before, as known then; None where there was none.
    follow : how actions are followed up. assessments : of the cases; without them what rests on them is refused, not
        taken for granted.

    Raises
    ------
    TableError : the sums of the movement do not come out.
    """
    stands, assessed = stand_cases(view), None if assessments is None else list_assessed(assessments)
    actions = gather_actions(view, follow)
    calendar = open_calendar(view, policy)
    triggers = find_triggers(view, policy, last_view=last_view)
    triggers = stands.loc[stands["status"].isin(OPEN), ["case_ref", "person_id"]].merge(triggers, on="person_id")
    triggers = triggers[["case_ref", *TRIGGER_COLUMNS]].sort_values(
        ["case_ref", "on", "trigger", "source_ref"], ascending=[True, False, True, True], ignore_index=True
    )
    cases = _describe(stands, view, calendar)
    standings = find_standings(cases, view, policy, actions=actions, triggers=triggers, assessed=assessed)
    due = list_due(cases, view, policy, calendar, assessed=assessed)
    before = stand_cases(last_view) if last_view is not None else None
    cases = _with_before(cases, before)
    movement, reconciliation = _compare(cases, before)
    table = cases[cases["status"].isin(OPEN)].sort_values("case_ref", ignore_index=True)
    review = due[due["clock"] == "REVIEW"].set_index("case_ref")["due_on"]
    table = table.assign(review_due_on=_look_up(review, table["case_ref"]))
    monitored = {ref: at.monitored_since for ref, at in standings.items() if at.monitored_since}
    table = list_cases(table, due, triggers, monitored, policy, calendar)[list(CASE_COLUMNS)]
    waits = due["clock"].eq("SCREENING")
    own = due["case_ref"].isin(table["case_ref"]) | due["clock"].eq("LOOK_BACK")
    return Caseload(
        table, due[own & ~waits].reset_index(drop=True), due[waits].reset_index(drop=True), triggers, standings,
        movement, reconciliation, actions, calendar, view.as_of, policy,
    )  # fmt: skip


def _describe(stands: pd.DataFrame, view: View, calendar: Calendar) -> pd.DataFrame:
    """Add to each case its age, its days and what the meetings did with it."""
    people = view.people.drop_duplicates("person_id").set_index("person_id")
    born = youngest_birth(people)
    ages = _look_up(age_years(born, view.as_of), stands["person_id"]).astype("Int64")
    child = pd.Series(pd.NA, index=stands.index, dtype="str").mask((ages < ADULT_YEARS).fillna(False), "Y")
    child = child.mask((ages >= ADULT_YEARS).fillna(False), "N")
    opened = (pd.Timestamp(view.as_of) - stands["opened_on"]).dt.days.astype("Int64")
    referrals = view["referrals"]  # one decided before it was received is a slip of the pen, and says no day
    sound = referrals["screening"].eq("ACCEPTED") & (referrals["decided_on"] >= referrals["received_on"])
    accepted = referrals[sound].groupby("case_ref")["decided_on"].max()
    talks = calendar.discussions.groupby("case_ref")["meeting_on"]
    return stands.assign(
        age_years=ages,
        is_child=child,
        turns_18_on=_look_up(birthday(born, ADULT_YEARS), stands["person_id"]),
        days_open=opened,
        accepted_on=_look_up(accepted, stands["case_ref"]).fillna(stands["opened_on"]),
        last_discussed_on=_look_up(talks.max(), stands["case_ref"]),
        n_discussions=_look_up(talks.nunique(), stands["case_ref"]).fillna(0).astype("Int64"),
    )


def _look_up(by_key: pd.Series, keys: pd.Series) -> pd.Series:
    """Look up each key, missing where there is none; an empty table of days stays one of days."""
    return by_key.reindex(keys).set_axis(keys.index)


def _with_before(cases: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    if before is None:
        return cases.assign(status_before=None, tier_before=None)
    was = before.set_index("case_ref")[["status", "tier"]]
    return cases.assign(
        status_before=cases["case_ref"].map(was["status"]), tier_before=cases["case_ref"].map(was["tier"])
    )


def _compare(cases: pd.DataFrame, before: pd.DataFrame | None) -> tuple[pd.DataFrame, str]:
    """Say what came of each case since the meeting before, and check that the caseload adds up."""
    columns = ["case_ref", "movement", "why"]
    now = set(cases.loc[cases["status"].isin(OPEN), "case_ref"])
    if before is None:
        return pd.DataFrame(columns=columns, dtype="str"), "There is no meeting before to compare with."
    was = set(before.loc[before["status"].isin(OPEN), "case_ref"])
    ever = set(before["case_ref"])
    rows = [_move(row, was, ever) for row in cases.to_dict("records")]
    table = pd.DataFrame([row for row in rows if row], columns=columns).sort_values("case_ref", ignore_index=True)
    gone = sorted(was - set(cases["case_ref"]))
    lost = pd.DataFrame({"case_ref": gone, "movement": "OUT", "why": "no longer in the case list"})
    table = pd.concat([table, lost], ignore_index=True) if gone else table
    n = table["movement"].value_counts()
    new, back, out = (int(n.get(kind, 0)) for kind in ("NEW_IN", "RETURNED", "OUT"))
    if len(was) + new + back - out != len(now):
        raise TableError("The caseload does not add up from the last meeting to this one. Report this fault.")
    return table, f"Opening {len(was)} + new {new} + returned {back} − out {out} = closing {len(now)}."


def _move(row: dict[Any, Any], was: set[str], ever: set[str]) -> tuple[str, str, str] | None:
    ref, is_open = row["case_ref"], row["status"] in OPEN
    if is_open and ref not in was:
        known = ref in ever
        return (ref, "RETURNED", "open again") if known else (ref, "NEW_IN", "new since the last meeting")
    if ref in was and not is_open:
        reason = str(row["closure_reason"]).lower().replace("_", " ") if pd.notna(row["closure_reason"]) else ""
        said = STATE_WORDS[row["status"]] + (f": {reason}" if reason and row["status"] == CLOSED else "")
        return ref, "OUT", said
    if not is_open:
        return None
    before, after = row["tier_before"], row["tier"]
    if pd.notna(before) and pd.notna(after) and before != after:
        return ref, "UP" if after > before else "DOWN", f"tier {before} to {after}"
    if row["status"] != row["status_before"]:
        return ref, "CHANGED", f"{STATE_WORDS[row['status_before']]} to {STATE_WORDS[row['status']]}"
    return ref, "NO_CHANGE", "no change of state or tier"
