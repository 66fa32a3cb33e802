"""What the meeting decided, for the final copy: each seat with its reason, who was left, and what was agreed."""

from collections.abc import Sequence

import pandas as pd

from csp_toolkit.cases.follow_up import is_of_meeting
from csp_toolkit.display.wording import count_in_words
from csp_toolkit.errors import DecisionError
from csp_toolkit.scoring.certainty.seats import SEATS
from csp_toolkit.sharing.papers.actions import name_actions
from csp_toolkit.sharing.papers.words import say_number, start
from csp_toolkit.tables.deciding.decisions import list_agreed_actions
from csp_toolkit.tables.view import View

DECIDED_COLUMNS = ("place", "person_id", "name", "reference", "is_child", "rank", "outcome", "reason", "lens",
                   "lens_reason", "decided_by", "role", "decided_on")  # fmt: skip
AGREED_COLUMNS = ("action_ref", "person_id", "name", "is_child", "action_text", "action_type", "intervention_code",
                  "action_owner", "agency", "due_on")  # fmt: skip
LENS_WORDS = {"HARM_CAUSED": "harm caused leads", "HARM_SUFFERED": "harm suffered leads"}


def list_decided(
    view: View, police: pd.DataFrame, people: pd.DataFrame, *, prefix: str
) -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    """Return the tables and facts of a final copy; refuse one whose seats are not decided, with a reason, by a role.

    Parameters
    ----------
    police : the police list, its people in the police's order. people : everyone on the papers.
    prefix : what the references of this meeting's actions begin with.

    Raises
    ------
    DecisionError : somebody on the police list has no reasoned decision; more adults are selected than there are
        seats; or somebody selected has harm caused and harm suffered on record and no decision which of them leads.
    """
    made = view.decisions[view.decisions["meeting_on"] == pd.Timestamp(view.as_of)]
    chosen = made[made["kind"].eq("selection") & made["reason"].fillna("").ne("") & made["role"].fillna("").ne("")]
    led = view.decisions[view.decisions["kind"].eq("lens")]
    seats = _describe(chosen, led, police, people)
    _refuse_unfit(seats, police, people)
    agreed = list_agreed_actions(made)
    is_theirs = [is_of_meeting(ref, prefix) for ref in agreed["action_ref"]]
    agreed = agreed[pd.Series(is_theirs, index=agreed.index, dtype="bool")]
    actions = name_actions(agreed, people)[list(AGREED_COLUMNS)].sort_values("action_ref", ignore_index=True)
    n_in = int(seats["outcome"].eq("selected").sum())
    facts: dict[str, object] = {
        "selected_by": "; ".join(sorted(chosen["decided_by"].dropna().unique())),
        "selected_role": "; ".join(sorted(chosen["role"].dropna().unique())),
        "selected_on": chosen["decided_on"].max().date().isoformat(),
        "finding_decided": _say_decided(seats, len(actions), n_in),
    }
    return {"decided": seats, "agreed": actions}, facts


def is_decided(view: View) -> bool:
    """Say whether anybody has been selected for this meeting, so that no copy says that nobody has."""
    made = view.decisions
    is_now = made["meeting_on"] == pd.Timestamp(view.as_of)
    return bool((made["outcome"].eq("SELECTED") & is_now).any())


def list_led(view: View) -> frozenset[str]:
    """Return the people of whom it is decided, at this meeting or before, whether harm caused or suffered leads."""
    return frozenset(view.decisions.loc[view.decisions["kind"].eq("lens"), "person_id"].dropna())


def _describe(chosen: pd.DataFrame, led: pd.DataFrame, police: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    lens = led.sort_values(["meeting_on", "decided_on"], kind="stable").drop_duplicates("person_id", keep="last")
    lens = lens.dropna(subset=["person_id"]).set_index("person_id")
    known = people.drop_duplicates("person_id").set_index("person_id")
    seats = chosen.drop_duplicates("person_id", keep="last").reset_index(drop=True)
    for column in ("name", "reference", "is_child", "rank"):
        seats[column] = seats["person_id"].map(known[column])
    seats = seats.assign(
        place=seats["person_id"].map(police.set_index("person_id")["place"]).astype("Int64"),
        outcome=seats["outcome"].map({"SELECTED": "selected", "NOT_SELECTED": "not selected"}).astype("str"),
        lens=seats["person_id"].map(lens["outcome"]).map(LENS_WORDS).astype("str"),
        lens_reason=seats["person_id"].map(lens["reason"]).astype("str"),
        is_out=seats["outcome"].ne("SELECTED"),
    )
    seats = seats.sort_values(["is_out", "place", "rank", "person_id"], na_position="last", ignore_index=True)
    return seats[list(DECIDED_COLUMNS)]


def _refuse_unfit(seats: pd.DataFrame, police: pd.DataFrame, people: pd.DataFrame) -> None:
    undecided = police[~police["person_id"].isin(seats["person_id"])]
    selected = seats[seats["outcome"].eq("selected")]
    problems = []
    if len(undecided):
        problems.append(
            f"{len(undecided)} of {len(police)} people on the police list have no reasoned selection "
            f"(places {_list_places(undecided['place'].tolist())})"
        )
    n_adults = int(selected["is_child"].ne("Y").sum())
    if n_adults > SEATS:
        problems.append(f"{n_adults} adults are selected for {SEATS} seats")
    dual = people.loc[people["is_dual"].fillna(False).astype(bool), "person_id"] if "is_dual" in people else []
    open_lens = selected[selected["person_id"].isin(dual) & selected["lens"].isna()]
    if len(open_lens):
        places = _list_places(open_lens["place"].tolist())
        problems.append(
            f"{count_in_words(len(open_lens), 'person', 'people')} selected (places {places}) with harm caused and "
            "harm suffered on record and no decision which leads (sheet Leading lens)"
        )
    if problems:
        raise DecisionError(f"Stage final: {'; '.join(problems)}. Fill the workbook and run csp decide.")


def _list_places(places: Sequence[object]) -> str:
    return ", ".join("not on the list" if pd.isna(place) else str(place) for place in places)


def _say_decided(seats: pd.DataFrame, n_actions: int, n_in: int) -> str:
    n_children = int((seats["outcome"].eq("selected") & seats["is_child"].eq("Y")).sum())
    said = f"The meeting selected {count_in_words(n_in, 'person', 'people')} and left {say_number(len(seats) - n_in)}"
    if n_children:
        said += f"; {say_number(n_children)} of those selected {'is a child' if n_children == 1 else 'are children'}, "
        said += "for whom safeguarding leads"
    agreed = count_in_words(n_actions, "action", start=True) if n_actions else start("no action")
    return f"{said}. {agreed} {'was' if n_actions <= 1 else 'were'} agreed."
