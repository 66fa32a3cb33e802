"""What the meeting decided on cases and plans, laid over what the case list said when it was sent."""

import json

import pandas as pd

from csp_toolkit.tables.deciding.case_rules import CASE, CASE_DETAILS, DETAIL_DATES, PLAN_DETAILS
from csp_toolkit.tables.view import View

_KEPT = ("decision_id", "person_id", "meeting_on", "decided_on", "decided_by", "role", "outcome", "reason")


def list_decided(decisions: pd.DataFrame, kind: str) -> pd.DataFrame:
    """List the decisions of one kind, ``case`` or ``plan``, with their own fields as columns; oldest meeting first."""
    names = CASE_DETAILS if kind == CASE else PLAN_DETAILS
    made = decisions[decisions["kind"] == kind].reset_index(drop=True)
    details = pd.DataFrame([json.loads(text) for text in made["details"]], columns=list(names), index=made.index)
    table = made[list(_KEPT)].join(details.astype("str"))
    for name in set(names) & set(DETAIL_DATES):
        table[name] = pd.to_datetime(table[name], errors="coerce").astype("datetime64[us]")
    return table.sort_values(["meeting_on", "case_ref", "decision_id"], ignore_index=True)


def stand_cases(view: View) -> pd.DataFrame:
    """Return the cases as they stand: the case list, and over it what a later meeting decided.

    A decision of a meeting after the day the case list was received is the later word; one of a meeting before it is
    taken to be in the list already.

    Returns
    -------
    The columns of the table `cases`, one row a case, and `stands_by`: ``the case list`` or the decision's id;
    `monitored_since`, the meeting that put it into monitoring, where one on record did.
    """
    cases = view["cases"].drop_duplicates("case_ref", keep="last").reset_index(drop=True)
    made = list_decided(view.decisions, CASE)
    since = _since_monitored(made)
    monitored = pd.Series([since.get(ref) for ref in cases["case_ref"]], dtype="datetime64[us]")
    cases = cases.assign(stands_by="the case list", monitored_since=monitored)
    later = made[made["meeting_on"] > _received_on(view)]
    place = {ref: n for n, ref in enumerate(cases["case_ref"])}
    rows = cases.to_dict("records")
    for decision in later[later["case_ref"].isin(place.keys())].to_dict("records"):
        n = place[decision["case_ref"]]
        rows[n] = rows[n] | _changes(decision)
    dates = {name: cases[name].dtype for name in cases.columns}
    return pd.DataFrame(rows, columns=cases.columns).astype(dates)


def _changes(decision: dict) -> dict:  # type: ignore[type-arg]
    names = {"tier": "tier", "route": "route", "lead": "lead_professional", "lead_agency": "lead_agency",
             "next_review_on": "next_review_on", "closure_reason": "closure_reason"}  # fmt: skip
    changed = {to: decision[name] for name, to in names.items() if pd.notna(decision[name])}
    if decision["outcome"] == "CLOSED":
        changed["closed_on"] = decision["decided_on"]
    return {"status": decision["outcome"], "stands_by": decision["decision_id"], **changed}


def _since_monitored(made: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Return by case the meeting that put it into the monitoring it is in."""
    since: dict[str, pd.Timestamp] = {}
    for ref, outcome, on in made[["case_ref", "outcome", "meeting_on"]].itertuples(index=False):
        if outcome != "STEP_DOWN_MONITOR":
            since.pop(ref, None)
        else:
            since.setdefault(ref, on)
    return since


def _received_on(view: View) -> pd.Timestamp:
    used = view.coverage.loc[view.coverage["feed"] == "csp_cases", "used_received_on"].dropna()
    return pd.Timestamp(used.max()) if len(used) else pd.Timestamp.min
