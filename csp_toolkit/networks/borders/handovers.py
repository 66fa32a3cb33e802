"""Handovers to another area: when one was agreed, when sent, whether it was taken up, and who seems to want one (XB10).

A handover is an agreed action under the menu's code for one. Whether it was acknowledged is read off what is recorded
as come of it, by params/borders; the day of that is recorded nowhere and so not assessed. Which area one went to is
not recorded either: it is taken to be where the person then lived, if that was elsewhere, and is not known otherwise.
"""

from dataclasses import dataclass

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.networks.borders.activity import Activity
from csp_toolkit.networks.borders.areas import SPECIAL, UNKNOWN, Areas
from csp_toolkit.networks.borders.homes import Homes
from csp_toolkit.tables.deciding.decisions import list_agreed_actions
from csp_toolkit.tables.view import View

HANDOVER_COLUMNS = ("action_ref", "person_id", "area", "agreed_on", "due_on", "sent_on", "days_to_send", "is_late",
                    "state", "acknowledged", "days_to_acknowledge")  # fmt: skip
WANTING_COLUMNS = ("person_id", "area", "why", "on", "days_since", "is_late")
SENT, OPEN, NOT_DONE, DROPPED = "sent", "open", "not done", "dropped"
STATES = {
    "COMPLETE": SENT, "COMPLETE_LATE": SENT, "OPEN": OPEN, "IN_PROGRESS": OPEN, "NOT_DONE": NOT_DONE,
    "CANCELLED": DROPPED, "SUPERSEDED": DROPPED,
}  # fmt: skip
YES, NO, NOT_KNOWN = "acknowledged", "not acknowledged", "not known"


@dataclass(frozen=True, eq=False)
class Handovers:
    """Handovers agreed in the window, and people for whom none is recorded.

    Attributes
    ----------
    table : one row an action (`HANDOVER_COLUMNS`). `days_to_send` runs from the day it was agreed, or to the view's
        day where it is open; `is_late` is Y beyond the policy's days. `acknowledged` is "acknowledged", "not
        acknowledged" or "not known", and empty for what was not sent.
    wanting : one row a person and reason (`WANTING_COLUMNS`): a home elsewhere, an arrest here or a release there,
        and no handover agreed since.
    summary : one row an area: n_agreed, n_sent, n_open, n_acknowledged, n_not_acknowledged, n_not_known,
        median_days_to_send, n_wanting. It sums to the tables.
    """

    table: pd.DataFrame
    wanting: pd.DataFrame
    summary: pd.DataFrame
    areas: Areas

    @property
    def n_not_placed(self) -> int:
        """How many handovers are recorded without it being known to which area they went."""
        return int((self.table["area"] == UNKNOWN).sum())


def follow_handovers(view: View, homes: Homes, activity: Activity) -> Handovers:
    """Follow each handover agreed in the window, and find who seems to want one."""
    table = _read_actions(view, homes, activity.since)
    wanting = _find_wanting(view, homes, activity, table)
    return Handovers(table, wanting, _summarise(table, wanting), homes.areas)


def _read_actions(view: View, homes: Homes, since: pd.Timestamp) -> pd.DataFrame:
    policy, areas, today = homes.policy, homes.areas, pd.Timestamp(view.as_of)
    people = view["cases"].drop_duplicates("case_ref").set_index("case_ref")["person_id"]
    actions = view["actions"].assign(person_id=view["actions"]["case_ref"].map(people))
    agreed = list_agreed_actions(view.decisions)
    actions = pd.concat([actions, agreed[~agreed["action_ref"].isin(actions["action_ref"])]], ignore_index=True)
    ours = actions[actions["intervention_code"].eq(policy.handover_code)]
    ours = ours[(ours["set_on"] >= since) & (ours["set_on"] <= today)].reset_index(drop=True)
    home = homes.find(ours["person_id"], ours["set_on"])["home"]
    state = ours["status"].map(STATES).fillna(OPEN)
    sent_on = ours["completed_on"].where(state == SENT)
    days = ((sent_on.fillna(today)) - ours["set_on"]).dt.days.astype("Int64")
    days = days.where(state.isin([SENT, OPEN]) & ~(state.eq(SENT) & sent_on.isna()))
    read = {**dict.fromkeys(policy.outcomes_acknowledged, YES), **dict.fromkeys(policy.outcomes_not_acknowledged, NO)}
    table = pd.DataFrame({
        "action_ref": ours["action_ref"], "person_id": ours["person_id"].astype("str"),
        "area": home.where(~home.isin([areas.here, *SPECIAL]), UNKNOWN),
        "agreed_on": ours["set_on"], "due_on": ours["due_on"], "sent_on": sent_on, "days_to_send": days,
        "is_late": (days > policy.handover_within_days).fillna(False).map({True: "Y", False: "N"}),
        "state": state, "acknowledged": ours["outcome"].map(read).fillna(NOT_KNOWN).where(state == SENT, ""),
        "days_to_acknowledge": NOT_ASSESSED,
    })  # fmt: skip
    return table.sort_values(["agreed_on", "action_ref"], kind="stable", ignore_index=True)[list(HANDOVER_COLUMNS)]


def _find_wanting(view: View, homes: Homes, activity: Activity, handovers: pd.DataFrame) -> pd.DataFrame:
    policy, areas, today = homes.policy, homes.areas, pd.Timestamp(view.as_of)
    since = today - pd.Timedelta(days=policy.handover_look_back_days - 1)
    events = activity.table
    arrests = events[(events["kind"] == "arrest") & (events["area"] == areas.here) & (events["on"] >= since)]
    arrests = arrests.assign(why="arrested for a crime here", area=arrests["home"])
    stays = view["prison_stays"].dropna(subset=["person_id", "released_on"])
    stays = stays[(stays["released_on"] >= since) & (stays["released_on"] <= today)]
    released = pd.DataFrame({
        "person_id": stays["person_id"], "on": stays["released_on"], "why": "released from prison to there",
        "area": areas.place(stays["release_area"], stays["released_on"]),
    })  # fmt: skip
    both = pd.concat([arrests[["person_id", "area", "why", "on"]], released], ignore_index=True)
    elsewhere = both[~both["area"].isin([areas.here, *SPECIAL])]
    newest = elsewhere.sort_values(["on", "why"], kind="stable").drop_duplicates(
        ["person_id", "area", "why"], keep="last"
    )
    last = handovers[handovers["state"] != DROPPED].groupby("person_id")["agreed_on"].max().to_dict()
    none_since = ~(pd.to_datetime(newest["person_id"].map(last.get)) >= newest["on"])
    wanting = newest[none_since]
    days = (today - wanting["on"]).dt.days.astype("int64")
    late = (days > policy.handover_within_days).map({True: "Y", False: "N"})
    wanting = wanting.assign(days_since=days, is_late=late.astype("str"))[list(WANTING_COLUMNS)]
    return wanting.sort_values(["area", "on", "person_id"], kind="stable", ignore_index=True)


def _summarise(table: pd.DataFrame, wanting: pd.DataFrame) -> pd.DataFrame:
    areas = sorted({*table["area"], *wanting["area"]})
    rows = []
    for area in areas:
        ours = table[table["area"] == area]
        sent = ours.loc[ours["state"] == SENT, "days_to_send"].dropna()
        said = ours["acknowledged"]
        rows.append({
            "area": area, "n_agreed": len(ours), "n_sent": int((ours["state"] == SENT).sum()),
            "n_open": int((ours["state"] == OPEN).sum()), "n_acknowledged": int((said == YES).sum()),
            "n_not_acknowledged": int((said == NO).sum()), "n_not_known": int((said == NOT_KNOWN).sum()),
            "median_days_to_send": float(sent.median()) if len(sent) else float("nan"),
            "n_wanting": int(wanting.loc[wanting["area"] == area, "person_id"].nunique()),
        })  # fmt: skip
    names = ["area", "n_agreed", "n_sent", "n_open", "n_acknowledged", "n_not_acknowledged", "n_not_known",
             "median_days_to_send", "n_wanting"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)
