"""What each open possible match near the cut would do to the list if its records were one person's.

Only the matches of somebody ranked near the cut are scored, and of the casebook only what bears on them: the people of
the match, whoever shares a crime or another open match with one of them, and whoever does with those. Nothing else ties
what one person scores, or the gates of one, to another person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from csp_toolkit.scoring.blocks import RANKED, place_in_blocks
from csp_toolkit.scoring.evidence.items import collect_items
from csp_toolkit.scoring.evidence.readings import read_records
from csp_toolkit.scoring.gates import apply_gates
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.effects import add_tied, merge_people, part_matches
from csp_toolkit.scoring.what_if.standings import Standing
from csp_toolkit.scoring.what_if.tallies import gather_evidence
from csp_toolkit.tables.on_demand import Frames
from csp_toolkit.tables.view import View

FREE, CONDITIONAL = "P", "C"


@dataclass(frozen=True)
class Joined:
    """One match as if its records were one person's.

    `person` is the best placed of them, whose place the joined person takes; `p_same` the linking model's chance, None
    where it gives none. `words` say so where the joined person would not be ranked. `handling` and its conditions are
    those of what is reported of the others, since that is what the answer would add.
    """

    match: str
    person: str
    p_same: float | None
    words: str
    effect: Mapping[str, object]
    handling: str
    handling_conditions: str | None


def join_near_cut(scores: Scores, view: View, *, within_rank: int) -> list[Joined]:
    """Say of each open match of somebody ranked so high what joining it would do, in order of its reference.

    Parameters
    ----------
    within_rank : the last rank at which somebody's open matches are weighed; equals share a rank.

    Notes
    -----
    Matches that touch nobody in common are scored at once. Each is then placed by itself, everybody else being
    as they are. Where nobody so high has an open match, nothing is scored.
    """
    standing = Standing.of(scores)
    near = [who for who, rank in zip(standing.people, standing.ranks, strict=True) if rank <= within_rank]
    matches = _find_matches(view, near)
    if not matches:
        return []
    chances = view.possible_matches.groupby("match_id")["p_same"].max().astype("float64")
    place = {who: at for at, who in enumerate(standing.people)}
    keeper = {match: min(people, key=lambda who: (place.get(who, len(place)), who))
              for match, people in matches.items()}  # fmt: skip
    reach = {match: add_tied(people, view) for match, people in matches.items()}
    joined = []
    for batch in part_matches({match: tuple(sorted(people)) for match, people in reach.items()}):
        reached = {who for people in batch.values() for who in people}
        is_one = {who: keeper[match] for match in batch for who in matches[match]}
        points, unranked = _score(merge_people(_narrow(view, add_tied(reached, view)), is_one), standing, reached)
        for match in batch:
            person, chance = keeper[match], chances[match]
            words = f"one person{', ' + unranked[person] if person in unranked else ''}"
            joined.append(Joined(match, person, None if np.isnan(chance) else float(chance), words,
                                 _place(standing, points, reach[match]),
                                 *_gather_handling(matches[match] - {person}, view)))  # fmt: skip
    return sorted(joined, key=lambda one: one.match)


def _find_matches(view: View, near: Collection[str]) -> dict[str, frozenset[str]]:
    listed = view.possible_matches
    listed = listed[listed["match_id"].isin(listed.loc[listed["person_id"].isin(list(near)), "match_id"])]
    groups = listed.groupby("match_id")["person_id"].agg(frozenset)
    return {str(match): people for match, people in groups.items() if len(people) > 1}


def _narrow(view: View, people: Collection[str]) -> View:
    """Keep of everything that is about a person what is about these."""
    wanted = list(people)

    def keep(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["person_id"].isin(wanted)].reset_index(drop=True) if "person_id" in frame else frame

    return replace(
        view, tables=Frames(view.tables, lambda name: keep(view.tables[name])), people=keep(view.people),
        person_keys=keep(view.person_keys), possible_matches=keep(view.possible_matches),
        decisions=keep(view.decisions), ever=Frames(view.ever, lambda name: keep(view.ever[name])),
    )  # fmt: skip


def _score(view: View, standing: Standing, reached: Collection[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Return the points of those of these who would be ranked, and why each other would not be.

    It is what `assessment.reckon` does, but for the ledger and the flags, which nobody reads here.
    """
    matrix, wanted = standing.matrix, list(reached)
    readings = read_records(view, matrix)
    gated = apply_gates(view, matrix, readings)
    out = gated.left_out[gated.left_out["person_id"].isin(wanted)]
    why = {row.person_id: f"whom gate {row.gate} leaves out ({row.reason})" for row in out.itertuples()}
    eligible = gated.eligible[gated.eligible["person_id"].isin(wanted)].reset_index(drop=True)
    blocks = dict(zip(eligible["person_id"], place_in_blocks(view, eligible, matrix), strict=True))
    items = collect_items(view, matrix, readings)
    evidence = gather_evidence(items[items["person_id"].isin(list(blocks))], matrix, as_of=view.as_of)
    points = {}
    for who, block in blocks.items():
        own = evidence.get(who)
        scores, is_fresh = ([0], [False]) if own is None else own.tally(own.points[None, :], standing.caps)
        if not is_fresh[0] or scores[0] <= 0:
            why[who] = "whom gate g6 leaves out (nothing recent scores)"
        elif block != RANKED:
            why[who] = f"who stands in block {block.replace('_', ' ')} and is not ranked"
        else:
            points[who] = int(scores[0])
    return points, why


def _place(standing: Standing, points: Mapping[str, int], reach: Collection[str]) -> dict[str, object]:
    """Rank everybody anew, those whom the match reaches by these points, and count as the other kinds do."""
    before = dict(zip(standing.people, standing.points.tolist(), strict=True))
    after = {who: own for who, own in before.items() if who not in reach}
    after |= {who: own for who, own in points.items() if who in reach}
    old, new = _rank(before), _rank(after)
    was_in, is_in = ({who for who, rank in ranks.items() if rank <= standing.places} for ranks in (old, new))
    leaves, enters = (sorted(some, key=lambda who: (old.get(who, len(old) + 1), who))
                      for some in (was_in - is_in, is_in - was_in))  # fmt: skip
    return {"n_left": len(leaves), "n_entered": len(enters),
            "n_moved": sum(old.get(who) != new.get(who) for who in {*old, *new}),
            "leaves": "; ".join(leaves) or None, "enters": "; ".join(enters) or None}  # fmt: skip


def _rank(points: Mapping[str, int]) -> dict[str, int]:
    """Rank by points; equals share a rank."""
    ordered = np.sort(np.fromiter(points.values(), dtype=np.int64))
    return {who: 1 + len(ordered) - int(np.searchsorted(ordered, own, side="right")) for who, own in points.items()}


def _gather_handling(people: Collection[str], view: View) -> tuple[str, str | None]:
    """Gather what binds any report of these or part in a line: every condition, or none where one names none."""
    wanted = list(people)
    subjects, lines = (view[name][view[name]["person_id"].isin(wanted)] for name in ("intel_subjects", "line_people"))
    reports = view["intel_reports"]
    reports = reports[reports["report_ref"].isin(subjects["report_ref"]) & reports["handling"].eq(CONDITIONAL)]
    if lines["handling"].eq(CONDITIONAL).any() or reports["handling_conditions"].isna().any():
        return CONDITIONAL, None
    parts = {part.strip() for text in reports["handling_conditions"] for part in text.split(";")}
    return (CONDITIONAL, "; ".join(sorted(parts))) if parts else (FREE, None)
