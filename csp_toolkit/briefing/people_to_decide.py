"""Whom and what the decisions workbook lists on each sheet, so that nobody has to type a reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.cases.follow_up import FollowUp
from csp_toolkit.cases.plans import Menu
from csp_toolkit.display.values import show_date
from csp_toolkit.sharing.meeting import Meeting
from csp_toolkit.tables.deciding.cells import BETWEEN
from csp_toolkit.tables.deciding.rules import ACTION, OUTCOME, name_action
from csp_toolkit.tables.view import View

SHOWN = ("listed_as", "police_rank", "block", "rank", "score", "proved", "alleged", "intelligence", "band", "status",
         "next_review", "why")  # fmt: skip
HIDDEN_OF_CHILDREN = ("rank", "score", "band", "proved", "alleged", "intelligence")
LISTED, HIGH, OTHER = "police list", "high on the matrix", "other"
CHILD_WHY = "under 18: no score; safeguarding leads"
_POINTS = ("score", "proved", "alleged", "intelligence")


@dataclass(frozen=True, eq=False)
class ToDecide:
    """The rows of each sheet, by kind of decision, and what may be chosen from a list for an action."""

    people: pd.DataFrame
    sheets: dict[str, pd.DataFrame]
    choices: dict[str, list[str]]


def list_to_decide(
    tables: Mapping[str, pd.DataFrame], view: View, policy: Meeting, *, menu: Menu, followed: FollowUp
) -> ToDecide:
    """List whom the meeting has to decide on, from the tables of its run.

    Parameters
    ----------
    tables : the run's tables as text: `candidates` and `left_out`.
    menu : what may be agreed. followed : every action on record; those of earlier meetings that are open are listed.
    """
    left_out = tables.get("left_out", pd.DataFrame({"person_id": [], "gate": [], "reason": []}))
    scored = _hide_children(tables.get("candidates", pd.DataFrame({"person_id": []})))
    candidates = _list_first(scored, left_out, view, policy.high_rank or 0)
    out = left_out.rename(columns={"reason": "why"})
    by_gate = {gate: out[out["gate"].eq(gate)].drop_duplicates("person_id") for gate in ("g4", "g6", "g7")}
    sheets = {
        "selection": candidates,
        "review": pd.concat([by_gate["g4"], _due_soon(candidates, view, policy)]),
        "removal": pd.concat([by_gate["g6"], _lowest_first(candidates)]),
        "exploitation": by_gate["g7"],
        "lens": candidates[candidates.get("is_dual", pd.Series("", index=candidates.index)).eq("True")],
    }
    described = {kind: _describe(table, view) for kind, table in sheets.items()}
    described[OUTCOME] = _list_actions(followed, view)
    return ToDecide(described["selection"], described, _list_choices(candidates, view, menu))


def _hide_children(candidates: pd.DataFrame) -> pd.DataFrame:
    """Leave out what the matrix says of a child: safeguarding leads, and no score is shown."""
    if "block" not in candidates:
        return candidates
    child = candidates["block"] == "under_18"
    hidden = {c: candidates[c].mask(child, "") for c in HIDDEN_OF_CHILDREN if c in candidates}
    return candidates.assign(**hidden, why=pd.Series("", index=candidates.index).mask(child, CHILD_WHY))


def _list_first(candidates: pd.DataFrame, left_out: pd.DataFrame, view: View, high_rank: int) -> pd.DataFrame:
    """Put the police list first, in the police's order, scored or not, then who is high on the matrix, then others."""
    lists = view["police_list"]
    newest = lists[lists["meeting_on"] == lists["meeting_on"].max()].sort_values("place")
    listed = newest[["person_id"]].assign(police_rank=newest["place"].astype("str"), listed_as=LISTED)
    listed = listed.merge(candidates.drop(columns="police_rank", errors="ignore"), on="person_id", how="left")
    why_out = left_out.drop_duplicates("person_id").set_index("person_id")["reason"]
    reasons = listed["person_id"].map(why_out).map("no score: {}".format, na_action="ignore").astype("str")
    listed["why"] = listed.get("why", reasons).mask(reasons.notna(), reasons)

    others = candidates[~candidates["person_id"].isin(listed["person_id"])]
    rank = pd.to_numeric(others["rank"], errors="coerce") if "rank" in others else pd.Series(index=others.index)
    is_high = (rank <= high_rank) & (others["block"].eq("ranked") if "block" in others else True)
    others = others.assign(listed_as=is_high.map({True: HIGH, False: OTHER}), police_rank="")
    others = others.assign(later=~is_high).sort_values("later", kind="stable").drop(columns="later")
    return pd.concat([listed, others], ignore_index=True).fillna("")


def _lowest_first(candidates: pd.DataFrame) -> pd.DataFrame:
    """Put the lowest of the ranking first, for a removal is about them, and who is in no ranking after them."""
    if "rank" not in candidates:
        return candidates
    rank = pd.to_numeric(candidates["rank"], errors="coerce").where(candidates["block"].eq("ranked"))
    return candidates.assign(by=-rank).sort_values("by", kind="stable", na_position="last").drop(columns="by")


def _due_soon(candidates: pd.DataFrame, view: View, policy: Meeting) -> pd.DataFrame:
    """List whose review falls due before it could be held again."""
    if "next_review" not in candidates or not policy.reviews_due_within_days:
        return candidates.iloc[:0]
    due = pd.to_datetime(candidates["next_review"].replace("", None), errors="coerce")
    last = pd.Timestamp(view.as_of + timedelta(days=policy.reviews_due_within_days))
    soon = candidates[due.le(last)].assign(due=due).sort_values("due", kind="stable")
    said = soon["due"].map(lambda day: f"review due on {show_date(day)}")
    return soon.assign(why=said.astype("str"))[["person_id", "why"]]


def _describe(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Give each person of a table a reference, a name, and what helps to decide."""
    people = view.people.set_index("person_id")
    known = table[table["person_id"].isin(people.index)].drop_duplicates("person_id").reset_index(drop=True)
    found = people.loc[known["person_id"]]
    shown = [column for column in SHOWN if column in known]
    first = _name_first_refs(view)
    return pd.DataFrame(
        {
            "person_ref": first.reindex(known["person_id"]).to_numpy(),
            "name": (found["family_name"].fillna("") + ", " + found["given_name"].fillna("")).to_numpy(),
            **{c: known[c].map(_print_points) if c in _POINTS else known[c] for c in shown},
        }
    )


def _print_points(text: object) -> object:
    """Write a figure of the run's tables with one decimal, as the briefing does."""
    return f"{float(str(text)):.1f}" if str(text).replace(".", "", 1).lstrip("-").isdigit() else text


def _name_first_refs(view: View) -> pd.Series:
    """Return the reference a person goes by, the police's before any other, by person_id."""
    refs = view.person_keys.assign(other=view.person_keys["source_system"] != "police")
    refs = refs.sort_values(["person_id", "other", "source_system", "source_ref"])
    return refs.drop_duplicates("person_id").set_index("person_id")["source_ref"]


def _list_actions(followed: FollowUp, view: View) -> pd.DataFrame:
    """List the meetings' own actions of which nothing settled is known, the oldest first."""
    recorded = view.decisions[view.decisions["kind"].eq(ACTION)]["details"].map(name_action)
    own = followed.table[followed.table["action_ref"].isin(recorded)]
    is_early = own["meeting_on"] < pd.Timestamp(view.as_of)
    waits = own["status"].isin(OPEN_STATES)
    told = view.decisions[
        view.decisions["kind"].eq(OUTCOME) & view.decisions["meeting_on"].eq(pd.Timestamp(view.as_of))
    ]
    now = own["action_ref"].isin(told["details"].map(name_action))
    own = own[is_early & (waits | now)]
    names = view.people.set_index("person_id")
    about = (names["family_name"].fillna("") + ", " + names["given_name"].fillna("")).reindex(own["person_id"])
    return pd.DataFrame({
        "action_ref": own["action_ref"], "about": about.fillna("").to_numpy(), "action": own["action_text"],
        "type": own["action_type"], "owner": own["action_owner"], "of_agency": own["agency"],
        "was_due": own["due_on"].dt.strftime("%Y-%m-%d"), "carried_over": own["n_carried_over"].astype("str"),
    }).reset_index(drop=True)  # fmt: skip


def _list_choices(candidates: pd.DataFrame, view: View, menu: Menu) -> dict[str, list[str]]:
    described = _describe(candidates, view)
    children = candidates.loc[candidates["why"].eq(CHILD_WHY), "person_id"] if "why" in candidates else []
    child_refs = set(_name_first_refs(view).reindex(children))
    people = [
        f"{name}{' (under 18)' if ref in child_refs else ''}{BETWEEN}{ref}"
        for ref, name in zip(described["person_ref"], described["name"], strict=True)
    ]
    agencies = pd.concat([view["agreements"]["agency"], view["actions"]["agency"]]).dropna().unique()
    codes = [f"{one.code}{BETWEEN}{one.title} ({one.kind.lower()})" for one in menu.interventions]
    return {"person_ref": people, "intervention_code": codes, "agency": sorted(map(str, agencies))}
