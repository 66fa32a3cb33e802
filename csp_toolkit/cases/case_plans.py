"""What is being done about each case: agreed actions, orders in force and the plan's own entries, in one table.

Late is worked out on the day, never stored.
"""

from datetime import date, timedelta

import pandas as pd

from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.caseload import Caseload
from csp_toolkit.cases.clocks import ORDER_WORDS
from csp_toolkit.cases.decided import list_decided
from csp_toolkit.cases.plans import Menu
from csp_toolkit.tables.deciding.case_rules import PLAN, PLAN_DETAILS
from csp_toolkit.tables.view import View

PLAN_COLUMNS = (
    "case_ref", "person_id", "kind", "code", "what", "objective", "owner", "agency", "start_on", "due_on", "status",
    "result", "days_late", "n_carried_over", "escalate", "is_active", "looked_at_on", "source", "source_ref",
)  # fmt: skip
ACTION, ORDER, ENTRY = "action", "order", "plan"
IN_FORCE, RUNNING = "IN_FORCE", ("GRANTED", "ACTIVE")


def gather_plans(caseload: Caseload, view: View, menu: Menu) -> pd.DataFrame:
    """Gather what is being done about the open cases.

    Returns
    -------
    Rows of `PLAN_COLUMNS`, by case, open before done, earliest due first. `kind` is SUPPORT, DISRUPTION, ENFORCEMENT,
        INFORMATION or ADMIN; `is_active` says that it counts as being done; `escalate` is ``chair`` or ``delivery
        group`` where an open action was carried over too often. An order is on the person's every case.
    """
    cases, policy = caseload.table, caseload.policy
    parts = [
        _actions(cases, caseload.actions, view.as_of, policy), _orders(cases, view, policy), _entries(cases, view, menu)
    ]  # fmt: skip
    known = [part.dropna(axis="columns", how="all") for part in parts if len(part)]
    table = pd.concat(known, ignore_index=True) if known else parts[0]
    table = table.reindex(columns=list(PLAN_COLUMNS))
    dates = dict.fromkeys(("start_on", "due_on", "looked_at_on"), "datetime64[us]")
    whole = dict.fromkeys(("days_late", "n_carried_over"), "Int64")
    texts = {c: "str" for c in PLAN_COLUMNS if c not in (*dates, *whole, "is_active")}
    table = table.astype({**dates, **whole, **texts, "is_active": "bool"})
    keys = ["case_ref", "is_active", "due_on", "source_ref"]
    return table.sort_values(keys, ascending=[True, False, True, True], ignore_index=True)


def _actions(cases: pd.DataFrame, actions: pd.DataFrame, as_of: date, policy: CasePolicy) -> pd.DataFrame:
    own = cases[["case_ref", "person_id", "last_discussed_on"]]
    actions = actions.drop(columns="person_id").merge(own, on="case_ref")
    today = pd.Timestamp(as_of)
    is_open = actions["status"].isin(OPEN_STATES)
    rules = policy.gaps
    recent = actions["completed_on"] >= today - timedelta(days=rules.support_counts_days)
    helped = actions["action_type"].eq("SUPPORT") & actions["result"].isin(rules.support_results) & recent
    return pd.DataFrame({
        "case_ref": actions["case_ref"], "person_id": actions["person_id"], "kind": actions["action_type"],
        "code": actions["intervention_code"], "what": actions["action_text"], "owner": actions["action_owner"],
        "agency": actions["agency"], "start_on": actions["set_on"], "due_on": actions["due_on"],
        "status": actions["status"], "result": actions["result"], "days_late": actions["days_late"],
        "n_carried_over": actions["n_carried_over"], "escalate": actions["escalate"],
        "is_active": is_open | helped.fillna(False),
        "looked_at_on": _later(actions["set_on"], actions["last_discussed_on"]), "source": ACTION,
        "source_ref": actions["action_ref"],
    })  # fmt: skip


def _orders(cases: pd.DataFrame, view: View, policy: CasePolicy) -> pd.DataFrame:
    orders = cases[["case_ref", "person_id", "last_discussed_on"]].merge(view["orders"], on="person_id")
    today = pd.Timestamp(view.as_of)
    orders = orders[orders["expires_on"].isna() | (orders["expires_on"] >= today)]
    words = orders["order_type"].map(ORDER_WORDS).fillna("order")
    return pd.DataFrame({
        "case_ref": orders["case_ref"], "person_id": orders["person_id"],
        "kind": orders["order_type"].map(policy.gaps.order_kinds).fillna("ENFORCEMENT"),
        "what": words.str[:1].str.upper() + words.str[1:], "owner": orders["issuer"], "start_on": orders["made_on"],
        "due_on": orders["expires_on"], "status": IN_FORCE, "is_active": True,
        "looked_at_on": _later(orders["made_on"], orders["last_discussed_on"]), "source": ORDER,
        "source_ref": orders["order_ref"],
    })  # fmt: skip


def _entries(cases: pd.DataFrame, view: View, menu: Menu) -> pd.DataFrame:
    entries = newest_entries(view.decisions)
    own = cases[["case_ref", "person_id", "last_discussed_on"]]
    entries = entries.drop(columns="person_id").merge(own, on="case_ref")
    by_code = {one.code: one for one in menu.interventions}
    kinds = [by_code[code].kind if code in by_code else None for code in entries["intervention_code"]]
    titles = [by_code[code].title if code in by_code else code for code in entries["intervention_code"]]
    return pd.DataFrame({
        "case_ref": entries["case_ref"], "person_id": entries["person_id"], "kind": kinds,
        "code": entries["intervention_code"], "what": titles, "objective": entries["objective"],
        "owner": entries["action_owner"], "agency": entries["agency"], "start_on": entries["start_on"],
        "due_on": entries["end_on"].fillna(entries["review_on"]), "status": entries["outcome"],
        "result": entries["outcome_note"], "is_active": entries["outcome"].isin(RUNNING),
        "looked_at_on": _later(entries["meeting_on"], entries["last_discussed_on"]), "source": ENTRY,
        "source_ref": entries["plan_ref"],
    })  # fmt: skip


def _later(one: pd.Series, other: pd.Series) -> pd.Series:
    """Return the later of two days, row by row; the one that is known where the other is not."""
    return one.where(other.isna() | (one >= other), other)


def newest_entries(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the entries of plans as they stand: of each reference what was filled in last, field by field."""
    made = list_decided(decisions, PLAN)
    filled = made.groupby("plan_ref", sort=True).ffill()
    table = made.assign(**{name: filled[name] for name in PLAN_DETAILS if name != "plan_ref"})
    return table.drop_duplicates("plan_ref", keep="last").sort_values("plan_ref", ignore_index=True)
