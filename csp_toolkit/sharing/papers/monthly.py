"""A meeting's papers: every table and sentence anyone's copy may draw on, before it is cut for anyone.

The papers stay in the building. `release` turns them into one recipient's copy, which holds what that recipient's
profile lists and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from csp_toolkit.cases.actions import list_outstanding
from csp_toolkit.cases.follow_up import FollowUp
from csp_toolkit.networks.picture import Picture, say_picture
from csp_toolkit.scoring.certainty.places import Certainty
from csp_toolkit.scoring.certainty.seats import SEATS
from csp_toolkit.scoring.moves.movement import Movement
from csp_toolkit.scoring.moves.sunset import Outlook
from csp_toolkit.sharing.papers import words as words
from csp_toolkit.sharing.papers.actions import finding_last, list_last_actions
from csp_toolkit.sharing.papers.decided import is_decided, list_decided, list_led
from csp_toolkit.sharing.papers.evidence import SHOWN_PLACES
from csp_toolkit.sharing.papers.gates import count_left_out, part_removed, reconcile_register
from csp_toolkit.sharing.papers.ground import Occasion, Papers, lay_ground, number_sentences
from csp_toolkit.sharing.papers.groups import finding_groups, list_groups_and_lines
from csp_toolkit.sharing.papers.moves import (
    add_changes,
    finding_moves,
    list_ahead,
    list_moves,
    reconcile_points,
    shorten_ahead,
)
from csp_toolkit.sharing.papers.people import NOT_KNOWN, find_places, place_beside_matrix
from csp_toolkit.sharing.papers.raised import count_raised, raise_people
from csp_toolkit.tables.quality.report import Quality
from csp_toolkit.tables.view import View


@dataclass(frozen=True, eq=False)
class MonthlyPapers(Papers):
    """What the monthly meeting has before it."""

    @property
    def sums(self) -> pd.DataFrame:
        """Return the sums that had to come out before these papers were made."""
        lines = {
            "register": "reconciliation",
            "rows of all files": "rows_reconciliation",
            "police list": "list_reconciliation",
            "points": "points_reconciliation",
        }
        return pd.DataFrame({"of": list(lines), "sum": [str(self.facts[name]) for name in lines.values()]})


@dataclass(frozen=True, kw_only=True)
class Setting(Occasion):
    """What the monthly meeting's papers are about: the occasion, and its matrix with what that says of itself."""

    matrix_name: str
    matrix_note: str
    scales: Mapping[str, float]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    prefix: str = ""
    high_rank: int = 0


def prepare_papers(
    setting: Setting,
    view: View,
    people: pd.DataFrame,
    *,
    left_out: pd.DataFrame,
    last_list: pd.DataFrame,
    what_counts: pd.Series,
    picture: Picture,
    drawn_ties: pd.DataFrame,
    options: pd.DataFrame,
    followed: FollowUp,
    over_threshold: frozenset[str],
    quality: Quality,
    certainty: Certainty,
    movement: Movement,
    ahead: Outlook,
    evidence: Mapping[str, pd.DataFrame] | None = None,
) -> MonthlyPapers:
    """Prepare the papers of the monthly Gangs Intelligence Meeting.

    Parameters
    ----------
    people : what `describe_people` returned. left_out : person_id, gate, reason.
    last_list : the police list of the meeting before (person_id, place).
    what_counts : by person_id, the heaviest items in words.
    drawn_ties : the picture's ties with their handling conditions.
    options : person_id and the menu's options. followed : every action on record, and what came of
        those of the last meeting.
    quality : how good the data is; what matters most of it stands in the papers. certainty : how sure each place is.
    movement : why scores moved since the last meeting. ahead : what time alone will do to the list.
    over_threshold : person_id of everyone with harm recorded at or above the threshold.
    evidence : `rests_on` and `questions`, what each place rests on and what is most worth asking.
    """
    outstanding = list_outstanding(followed.table, as_of=view.as_of)
    is_final = setting.stage == "final"
    police, gone = place_beside_matrix(people, view, last_list)
    police = add_changes(police, movement)
    n_register = view["reviews"]["person_id"].nunique()
    registered_out = part_removed(left_out[left_out["person_id"].isin(view["reviews"]["person_id"])])
    n_left_out = registered_out["person_id"].nunique()
    blocks = people.loc[people["block"].notna(), "block"]
    register_line, counts = reconcile_register(n_register, blocks, n_left_out)

    ranked = people[(people["block"] == "ranked") & people["rank"].notna()].sort_values(["rank", "name"])
    ranked = ranked.assign(n_ranked=len(ranked))
    place = find_places(police)
    high = ranked[(ranked["rank"] <= setting.high_rank) & ~ranked["person_id"].isin(place.index)]
    cut = ranked.head(_count_shown(ranked, certainty)).assign(place=lambda t: t["person_id"].map(place).astype("Int64"))
    gap = _gap(ranked)
    moves, move_steps = list_moves(movement, police, high)
    ground = lay_ground(setting, view, quality, method=setting.method, limits=setting.limits)
    coverage = ground["coverage"]
    decided, selection = list_decided(view, police, people, prefix=setting.prefix) if is_final else ({}, {})

    beyond = list_groups_and_lines(view, listed=police["person_id"].tolist(), since=setting.previous_on)
    raised = raise_people(people, left_out, over_threshold)

    tables = {
        "people": people,
        "police_list": police.assign(n_ranked=len(ranked)),
        "police_list_out": gone,
        "high_not_listed": high.assign(what_text=high["person_id"].map(what_counts).fillna(NOT_KNOWN)),
        "cut": cut,
        "moves": moves,
        "move_steps": move_steps,
        "ahead": list_ahead(ahead, people, police, ranked),
        "ahead_months": number_sentences(shorten_ahead(ahead.sentences)),
        **{block: _block(people, block, place) for block in ("custody", "returning", "under_18")},
        "left_out": count_left_out(registered_out),
        "left_out_people": _left_out_people(people, registered_out, place),
        "nodes": picture.nodes,
        "ties": drawn_ties,
        "options": options.merge(people[["person_id", "name", "is_child"]], on="person_id", how="left"),
        **decided,
        **list_last_actions(followed, people),
        **beyond,
        "raised": count_raised(raised, police["person_id"]),
        "raised_people": raised,
        "actions": outstanding.table,
        "actions_by_agency": outstanding.by_agency,
        **(evidence or {}),
        "people_asked": _people_asked(people, outstanding.table),
        **ground.tables,
        "sowhat": number_sentences(words.write_so_what(police, high, gap, coverage, certainty)),
        "asked": number_sentences(
            words.write_asked(police, registered_out, people, coverage, led=list_led(view), is_final=is_final)
        ),
    }
    facts: dict[str, object] = {
        **ground.facts, "matrix_name": setting.matrix_name, "matrix_note": setting.matrix_note,
        "n_people": len(people), "n_register": n_register, "n_left_out": n_left_out,
        **{f"n_{block}": n for block, n in counts.items()},
        "finding_list": words.finding_list(police, certainty), "finding_high": words.finding_high(high),
        "finding_cut": words.finding_cut(gap, certainty), **_count_reruns(cut, certainty),
        "finding_moves": finding_moves(movement, moves),
        "finding_left_out": words.finding_left_out(n_left_out, n_register),
        "finding_last": finding_last(followed), "is_decided": "Y" if is_decided(view) else "N",
        "finding_groups": finding_groups(beyond),
        "finding_network": say_picture(picture),
        "finding_actions": words.finding_actions(len(outstanding.table), outstanding.n_late, outstanding.by_agency),
        "reconciliation": register_line,
        "list_reconciliation": _list_line(last_list, police, gone), "points_reconciliation": reconcile_points(movement),
        "gap_10_11": gap,
        **setting.scales, **selection,
    }  # fmt: skip
    return MonthlyPapers(setting.meeting, tables, facts)


def _count_shown(ranked: pd.DataFrame, certainty: Certainty) -> int:
    """Count the places to show around the cut: down to the last person who contests one."""
    contests = ranked["person_id"].isin(certainty.zone["person_id"]).to_numpy().nonzero()[0]
    return max(SHOWN_PLACES, int(contests.max(initial=-1)) + 1)


def _count_reruns(cut: pd.DataFrame, certainty: Certainty) -> dict[str, object]:
    """Return how often the matrix was run again, from what chance a place is firm, and what the rest come to."""
    rest = certainty.n_filled - float(cut["p_top10"].sum())
    return {
        "n_reruns": certainty.policy.draws, "firm_in_100": 100 * certainty.policy.core_at_least,
        "zone_in_100": 100 * certainty.policy.zone_above, "n_filled": round(certainty.n_filled, 1),
        "rest_in_100": round(100 * max(rest, 0.0), 1),
    }  # fmt: skip


def _gap(ranked: pd.DataFrame) -> float | None:
    if len(ranked) <= SEATS:
        return None
    scores = ranked["score"].astype(float).to_numpy()
    return round(float(scores[SEATS - 1] - scores[SEATS]), 1)


def _block(people: pd.DataFrame, block: str, place: pd.Series) -> pd.DataFrame:
    inside = people[people["block"] == block].sort_values(["rank", "name"], na_position="last")
    return inside.assign(
        rank_in_block=inside["rank"], place=inside["person_id"].map(place).astype("Int64")
    ).reset_index(drop=True)


def _left_out_people(people: pd.DataFrame, left_out: pd.DataFrame, place: pd.Series) -> pd.DataFrame:
    named = left_out[["person_id", "gate", "reason"]].merge(
        people[["person_id", "name", "reference", "is_child"]], on="person_id", how="left"
    )
    return (
        named.assign(place=named["person_id"].map(place).astype("Int64"))
        .sort_values(["gate", "name"])
        .reset_index(drop=True)
    )


def _people_asked(people: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """List the people an agency is asked about by an open action of its own, with what was agreed as the question."""
    about = actions.dropna(subset=["person_id"])[["person_id", "agency", "action_text", "due_on"]]
    table = about.merge(people, on="person_id", how="inner").rename(
        columns={"action_text": "question", "due_on": "answer_by"}
    )
    return table.sort_values(["agency", "answer_by", "name"]).reset_index(drop=True)


def _list_line(last_list: pd.DataFrame, police: pd.DataFrame, gone: pd.DataFrame) -> str:
    if last_list.empty:
        return "No earlier police list is on record to compare with."
    n_back = int(police["movement"].eq("RETURNED").sum())
    n_new = int((~police["person_id"].isin(last_list["person_id"])).sum()) - n_back
    back = f" + returned {n_back}" if n_back else ""
    return f"opening {len(last_list)} + new {n_new}{back} − out {len(gone)} = closing {len(police)}"
