"""Every score difference is split with nothing left over, and each share means what its name says."""

import random
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from csp_toolkit.errors import CheckFailed
from csp_toolkit.scoring.moves.items import CAUSES
from csp_toolkit.scoring.moves.replay import Replay, replay
from tests.scoring.histories import KINDS, History, lie_between, make_history, split_by_hand

N_HISTORIES = 1_000


def make_many(n: int, seed: int, kinds: tuple[str, ...] = KINDS, *, gates: bool = True) -> dict[str, History]:
    rng = random.Random(seed)
    histories = {f"P{k:04d}": make_history(rng, f"P{k:04d}", kinds) for k in range(n)}
    for history in histories.values() if gates else ():
        history.was_scored, history.is_scored = rng.random() < 0.9, rng.random() < 0.9
    return histories


def split(found: Replay) -> dict[str, dict[str, int]]:
    points = found.causes[found.causes["points"].ne(0)]
    return {
        str(person): dict(zip(own["cause"], own["points"].astype(int), strict=True))
        for person, own in points.groupby("person_id")
    }


def check_nothing_remains(found: Replay) -> None:
    people = found.people.set_index("person_id")
    change = people["after"].fillna(0) - people["before"].fillna(0)
    assert found.causes.groupby("person_id")["points"].sum().reindex(change.index, fill_value=0).equals(change)
    by_item = found.items.groupby(["person_id", "cause"])["points"].sum()
    of_items = found.causes[found.causes["cause"].isin(CAUSES[3:])].set_index(["person_id", "cause"])["points"]
    assert by_item.reindex(of_items.index, fill_value=0).equals(of_items)


def test_a_thousand_random_histories_leave_nothing_over_and_split_as_one_does_by_hand() -> None:
    histories = make_many(N_HISTORIES, seed=20261126)
    found = replay(lie_between(histories))
    check_nothing_remains(found)
    by_hand = {person: split_by_hand(history, person) for person, history in histories.items()}
    assert split(found) == {person: points for person, points in by_hand.items() if points}
    n_by_cause = found.causes.loc[found.causes["points"].ne(0), "cause"].value_counts()
    assert set(n_by_cause.index) == {"gate", *KINDS}
    assert (n_by_cause > 20).all()


@given(st.integers(0, 10**9), st.sets(st.sampled_from(KINDS)), st.booleans())
@settings(max_examples=15, deadline=None)
def test_whatever_kinds_of_change_come_together_nothing_remains(seed: int, kinds: set[str], gates: bool) -> None:
    histories = make_many(8, seed, tuple(kind for kind in KINDS if kind in kinds), gates=gates)
    found = replay(lie_between(histories))
    check_nothing_remains(found)
    by_hand = {person: split_by_hand(history, person) for person, history in histories.items()}
    assert split(found) == {person: points for person, points in by_hand.items() if points}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "decay"])
def test_where_only_one_kind_of_thing_changed_on_one_day_it_is_the_only_cause(kind: str) -> None:
    between = lie_between(make_many(60, 7, (kind,), gates=False))
    still = between.then.as_of
    again = replace(between, now=replace(between.now, as_of=still, scores=_scores_on(between, still)))
    found = split(replay(again))
    assert len(found) > 5
    assert {cause for causes in found.values() for cause in causes} <= {kind, "gate"}


def _scores_on(between, day) -> pd.Series:
    from csp_toolkit.scoring.points import award_points

    items = between.now.items
    people = items["person_id"].isin(between.now.scores.index)
    scores = award_points(items[people], between.now.matrix, as_of=day).groupby("person_id")["points"].sum()
    return scores[scores > 0].astype("Int64")


def test_where_only_the_day_moved_all_is_decay() -> None:
    found = replay(lie_between(make_many(80, 3, (), gates=False)))
    causes = {cause for causes in split(found).values() for cause in causes}
    assert causes <= {"decay", "gate"} and "decay" in causes


def test_a_gate_that_opens_or_closes_carries_the_whole_score_whatever_else_changed() -> None:
    histories = make_many(60, 5)
    found = replay(lie_between(histories))
    people = found.people.set_index("person_id")
    n_through = 0
    for person, causes in split(found).items():
        row = people.loc[person]
        if row["before"] is pd.NA or row["after"] is pd.NA:
            assert causes == {"gate": row["after"] if row["before"] is pd.NA else -row["before"]}
            n_through += 1
    assert n_through > 5


def test_the_order_of_rows_changes_nothing() -> None:
    between = lie_between(make_many(30, 11))
    turned = replace(
        between,
        then=replace(between.then, items=between.then.items.sample(frac=1, random_state=1)),
        now=replace(between.now, items=between.now.items.sample(frac=1, random_state=2)),
        renamed=between.renamed.sample(frac=1, random_state=3),
        same_day=between.same_day.sample(frac=1, random_state=4),
        relations=frozenset(sorted(between.relations, reverse=True)),
    )  # fmt: skip
    one, other = replay(between), replay(turned)
    for name in ("people", "causes", "items"):
        assert_frame_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("side", ["then", "now"])
def test_a_score_that_the_items_do_not_give_fails_the_run(side: str) -> None:
    between = lie_between(make_many(10, 2, gates=False))
    standing = getattr(between, side)
    scores = standing.scores.copy()
    scores.iloc[0] += 1
    wrong = replace(between, **{side: replace(standing, scores=scores)})
    if side == "then":
        wrong = replace(wrong, recast=scores)
    with pytest.raises(CheckFailed, match="does not begin at the score of"):
        replay(wrong)
