"""Replay what changed between two meetings, one kind of change after the other, and score anew after each.

The order is fixed and printed, so that two readers split a difference alike. Each step takes over one kind of change
and leaves the rest as it was; what the score then differs by is that step's share. The scorer is the real one, in whole
ten-thousandths: the shares add up to the difference and nothing remains. Rules and caps hold at every step, so what an
item adds depends on what stands beside it by then.

==========  ===========================================================================================
matrix      the records and the day of the meeting before, by the matrix of this one
gate        a score at one of the two meetings only: the whole of it, whatever else changed
identity    whose records they are: people joined or parted since
withdrawn   what the records no longer hold, and charges shared with somebody no longer on the register
outcome     what became of a suspicion, also where it counts for the first time or no longer
regrade     what a report is taken to be: its grade, theme, origin
role        the part a person had
decay       the day of the meeting, and a record's own day where that was corrected; turning 18
new items   what came since
==========  ===========================================================================================
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from csp_toolkit.errors import CheckFailed
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.moves.items import (
    CAUSES,
    DECAY,
    GATE,
    IDENTITY,
    ITEM_KEY,
    KNOWN_COLUMNS,
    MATRIX,
    NEW,
    WITHDRAWN,
    find_changed,
    lay_out,
    state_at,
)
from csp_toolkit.scoring.points import award_points

CAUSE_COLUMNS = ("person_id", "cause", "points", "n_items")
_BETWEEN = "\N{UNIT SEPARATOR}"


def _nothing_known() -> pd.DataFrame:
    return pd.DataFrame(columns=list(KNOWN_COLUMNS), dtype="str")


@dataclass(frozen=True, eq=False)
class Standing:
    """What the scores of one meeting rest on.

    `scores` by person_id, in ten-thousandths, of whoever is scored; `items` of anybody (`points.ITEM_COLUMNS`).
    """

    scores: pd.Series
    items: pd.DataFrame
    matrix: Matrix
    as_of: date


@dataclass(frozen=True, eq=False)
class Between:
    """What lies between two meetings.

    Attributes
    ----------
    then, now : the two as they were scored.
    recast : the scores of `then` by the matrix of `now`; those of `then` where the matrix is the same.
    renamed : the items of `then` by the matrix and under the identities of `now`.
    same_day : the items of `now` as they would have been on the day of `then`.
    relations : person_id then and person_id now of who share a record, where the two differ.
    known_then, known_now : what the records say of items that are at one meeting only (`KNOWN_COLUMNS`).
    """

    then: Standing
    now: Standing
    recast: pd.Series
    renamed: pd.DataFrame
    same_day: pd.DataFrame
    relations: Collection[tuple[str, str]] = ()
    known_then: pd.DataFrame = field(default_factory=_nothing_known)
    known_now: pd.DataFrame = field(default_factory=_nothing_known)


@dataclass(frozen=True, eq=False)
class Replay:
    """Every score difference, split.

    Attributes
    ----------
    people : one row a person scored at either meeting: person_id, was (their person_id then), before, recast and after
        (ten-thousandths, missing where there was no score), has_moved_in (records came from or went to another).
    causes : person_id, cause, points, n_items, in the order of the steps; only steps that changed something of theirs.
    items : person_id, cause, criterion, item_id, points: the same item by item, from `withdrawn` on.
    """

    people: pd.DataFrame
    causes: pd.DataFrame
    items: pd.DataFrame


def replay(between: Between) -> Replay:
    """Split every score difference between two meetings by what changed.

    Raises
    ------
    CheckFailed : a replay does not begin at a score of then, or not end at a score of now.
    """
    people = _pair(between)
    stays = people["stays"]
    ids = people.loc[stays, "person_id"]
    then, same_day, now = (
        frame[frame["person_id"].isin(ids)] for frame in (between.renamed, between.same_day, between.now.items)
    )
    rows = lay_out(then, same_day, now, between.now.matrix, known=(between.known_then, between.known_now))
    changed = {step: rows[find_changed(rows, step)] for step in range(WITHDRAWN, NEW + 1)}
    scored = {step: set(frame["person_id"]) for step, frame in changed.items()} | {
        IDENTITY: set(ids), DECAY: set(ids)
    }  # fmt: skip
    nets = _score_steps(rows, scored, between)
    _check_ends(nets, people[stays], between)
    items = _split_items(nets)
    causes = [_whole_scores(people, nets), _sum_up(items, changed)]
    order = pd.Categorical([], categories=CAUSES, ordered=True).dtype
    table = pd.concat(causes, ignore_index=True).astype({"cause": order})
    table = table.sort_values(["person_id", "cause"], kind="stable", ignore_index=True).astype({"cause": "str"})
    return Replay(people.drop(columns="stays"), table, items)


def _pair(between: Between) -> pd.DataFrame:
    """Pair who was scored then with who is scored now; `stays` where there is something to replay."""
    then, recast, now = between.then.scores, between.recast, between.now.scores
    near: dict[str, list[str]] = {}
    for old, new in sorted(between.relations):
        if old in recast.index and new in now.index:
            near.setdefault(new, []).append(old)
    was = {person: person for person in now.index}
    for new, olds in sorted(near.items()):
        free = [old for old in olds if old not in now.index and old not in was.values()]
        if new not in recast.index and new not in then.index and free:  # the person goes by another name now
            was[new] = max(free, key=lambda old: (int(recast[old]), old))
    renamed = {old: new for new, old in was.items() if old != new}
    gone = [person for person in then.index if person not in now.index and person not in renamed]
    ids = sorted([*now.index, *gone])
    olds = [was.get(person, person) for person in ids]
    people = pd.DataFrame({"person_id": ids, "was": olds}, dtype="str")
    for column, scores, keys in (("before", then, olds), ("recast", recast, olds), ("after", now, ids)):
        people[column] = scores.reindex(keys).astype("Int64").to_numpy()
    people = people.astype(dict.fromkeys(("before", "recast", "after"), "Int64"))
    people["stays"] = people["after"].notna() & (people["recast"].notna() | people["person_id"].isin(list(near)))
    touched = people["person_id"].isin([new for _, new in between.relations])
    touched |= people["was"].isin([old for old, _ in between.relations])
    absorbed = people["after"].isna() & people["person_id"].isin([old for olds in near.values() for old in olds])
    return people.assign(has_moved_in=(people["stays"] & touched) | absorbed)


def _score_steps(rows: pd.DataFrame, scored: dict[int, set[str]], between: Between) -> pd.DataFrame:
    """Score the people each step concerns, all steps in one go; points an item by step, carried on where unchanged."""
    states = []
    for step, people in sorted(scored.items()):
        state = state_at(rows, step)
        state = state[state["person_id"].isin(people)]
        day = between.now.as_of if step >= DECAY else between.then.as_of
        names = f"{step}{_BETWEEN}" + state["person_id"]
        states.append(state.assign(person_id=names, as_of=pd.Timestamp(day)))
    ledger = award_points(pd.concat(states, ignore_index=True), between.now.matrix, as_of=None)
    parts = ledger["person_id"].str.split(_BETWEEN, n=1)
    ledger = ledger.assign(step=parts.str[0].astype("int64"), person_id=parts.str[1].astype("str"))
    nets = ledger.groupby(["step", *ITEM_KEY])["points"].sum().astype("float64").unstack("step")
    nets = nets.reindex(columns=range(IDENTITY, NEW + 1))
    person = nets.index.get_level_values("person_id")
    is_scored = pd.DataFrame({step: person.isin(list(people)) for step, people in scored.items()}, index=nets.index)
    return nets.mask(nets.isna() & is_scored[nets.columns], 0).ffill(axis="columns").astype("int64")


def _check_ends(nets: pd.DataFrame, people: pd.DataFrame, between: Between) -> None:
    ids = people["person_id"]
    ends = nets.groupby(level="person_id").sum().reindex(ids, fill_value=0)
    at_start = ends[IDENTITY].to_numpy() == people["recast"].fillna(0).to_numpy()
    at_end = ends[NEW].to_numpy() == people["after"].to_numpy()
    wrong = int((~at_start & ~people["has_moved_in"].to_numpy()).sum()), int((~at_end).sum())
    if any(wrong):
        raise CheckFailed(
            f"The replay from {between.then.as_of} to {between.now.as_of} does not begin at the score of {wrong[0]} "
            f"and not end at the score of {wrong[1]} of {len(people)} people. Report this fault."
        )


def _split_items(nets: pd.DataFrame) -> pd.DataFrame:
    steps = nets.diff(axis="columns").drop(columns=IDENTITY).rename_axis(columns="step").stack()
    steps = steps[steps.ne(0)].astype("int64").rename("points").reset_index()
    steps["cause"] = steps["step"].map(dict(enumerate(CAUSES))).astype("str")
    steps = steps.sort_values(["person_id", "step", "criterion", "item_id"], kind="stable", ignore_index=True)
    return steps[["person_id", "cause", "criterion", "item_id", "points"]].astype({"points": "Int64"})


def _whole_scores(people: pd.DataFrame, nets: pd.DataFrame) -> pd.DataFrame:
    """List what the first three steps did: each moves whole scores."""
    known = people.assign(**{name: people[name].fillna(0) for name in ("before", "recast", "after")})
    starts = nets[IDENTITY].groupby(level="person_id").sum().reindex(people["person_id"], fill_value=0).to_numpy()
    joined = people["has_moved_in"]
    through_gate = (known["after"] - known["recast"]).mask(people["stays"] | joined, 0)
    by_identity = (pd.Series(starts, index=people.index) - known["recast"]).where(people["stays"], -known["recast"])
    parts = {
        MATRIX: known["recast"] - known["before"],
        GATE: through_gate,
        IDENTITY: by_identity.where(joined, 0),
    }
    frames = [
        pd.DataFrame({"person_id": people["person_id"], "cause": CAUSES[step], "points": points, "n_items": 0})
        for step, points in parts.items()
    ]
    table = pd.concat(frames, ignore_index=True)
    return table[table["points"].ne(0)].astype({"points": "Int64"})


def _sum_up(items: pd.DataFrame, changed: dict[int, pd.DataFrame]) -> pd.DataFrame:
    """Add the points of each step up by person, beside how many of their items it changed."""
    points = items.groupby(["person_id", "cause"])["points"].sum()
    counts = {CAUSES[step]: frame.groupby("person_id").size() for step, frame in changed.items() if step != DECAY}
    counts[CAUSES[DECAY]] = items[items["cause"].eq(CAUSES[DECAY])].groupby("person_id").size()
    n_items = pd.concat(counts, names=["cause", "person_id"]).rename("n_items").swaplevel()
    table = pd.concat([points, n_items], axis="columns").fillna(0).astype({"points": "Int64", "n_items": "int64"})
    return table.reset_index()[list(CAUSE_COLUMNS)]
