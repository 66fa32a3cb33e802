"""Places kept from picture to picture: who stays is not moved, and the new hide nobody where there is room."""

import itertools

import numpy as np
import pandas as pd
import pytest

from csp_toolkit.networks.layout import HIGHEST, WIDTH, lay_out
from csp_toolkit.networks.places import CLEAR_OF_TIES, LEAST_ROOM


def frames(pairs: list[tuple[str, str]], alone: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    ids = sorted({*itertools.chain(*pairs), *alone})
    nodes = pd.DataFrame({"node_id": ids, "label": [f"SURNAME {i}" for i in ids]})
    return nodes, pd.DataFrame(pairs, columns=["person_a", "person_b"])


def months(n: int, *, people: int = 34, seed: int = 3) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Make a network that changes from month to month: a fifth of its people leave and as many come."""
    rng = np.random.default_rng(seed)
    there, made, following = list(range(people)), [], people
    for _ in range(n):
        ends = {tuple(sorted(rng.choice(there, 2, replace=False).tolist())) for _ in range(people)}
        made.append(frames([(f"P{a:03d}", f"P{b:03d}") for a, b in sorted(ends)]))
        there = [*sorted(rng.choice(there, people - people // 5, replace=False).tolist())]
        there += range(following, following + people // 5)
        following += people // 5
    return made


def behind(nodes: pd.DataFrame, ties: pd.DataFrame) -> int:
    """Count how often a tie runs close behind somebody it does not concern."""
    at = {i: np.array([x, y]) for i, x, y in nodes[["node_id", "x", "y"]].itertuples(index=False)}
    n = 0
    for a, b in ties[["person_a", "person_b"]].itertuples(index=False):
        for other, place in at.items():
            share = np.clip((place - at[a]) @ (at[b] - at[a]) / max((at[b] - at[a]) @ (at[b] - at[a]), 1), 0, 1)
            n += other not in (a, b) and np.hypot(*(at[a] + share * (at[b] - at[a]) - place)) < CLEAR_OF_TIES / 2
    return n


def test_whoever_was_in_the_picture_before_is_not_moved():
    before = lay_out(*frames([("A", "B"), ("B", "C"), ("D", "E")]))
    now = lay_out(*frames([("A", "C"), ("B", "E"), ("E", "F"), ("G", "H")]), before=before)
    both = before.merge(now, on="node_id", suffixes=("", "_now"))
    assert sorted(both["node_id"]) == ["A", "B", "C", "E"]
    assert (both["x"] == both["x_now"]).all() and (both["y"] == both["y_now"]).all()


def test_a_newcomer_comes_nearest_those_they_are_tied_to():
    before = lay_out(*frames([("A", "B"), ("C", "D")]))
    at = lay_out(*frames([("A", "B"), ("C", "D"), ("A", "N")]), before=before).set_index("node_id")[["x", "y"]]
    far = {i: float(np.hypot(*(at.loc[i] - at.loc["N"]))) for i in "ABCD"}
    assert min(far, key=far.__getitem__) == "A"


def test_somebody_tied_to_nobody_placed_comes_where_there_is_most_room():
    before = pd.DataFrame({"node_id": ["A", "B"], "x": [100.0, 160.0], "y": [60.0, 60.0]})
    at = lay_out(*frames([("A", "B")], alone="N"), before=before).set_index("node_id")
    assert at.loc["N", "x"] > WIDTH - 60 and at.loc["N", "y"] > 300


def test_a_newcomer_tied_to_two_who_are_tied_does_not_stand_on_their_tie():
    before = pd.DataFrame({"node_id": ["A", "B"], "x": [100.0, 400.0], "y": [200.0, 200.0]})
    nodes, ties = frames([("A", "B"), ("A", "N"), ("B", "N")])
    assert behind(lay_out(nodes, ties, before=before), ties) == 0


def test_no_tie_of_a_newcomer_runs_behind_another():
    before = pd.DataFrame({"node_id": list("ABCD"), "x": [60.0, 250.0, 670.0, 860.0], "y": [200.0] * 4})
    nodes, ties = frames([("A", "N"), ("D", "N")], alone="BC")
    assert (
        behind(lay_out(nodes, ties, before=before), ties) == 0
    )  # from halfway between A and D, B and C are in the way


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_over_a_year_nobody_moves_nobody_meets_and_nobody_leaves_the_page(seed):
    year = months(12, seed=seed)
    shown = lay_out(*year[0])
    for nodes, ties in year[1:]:
        now = lay_out(nodes, ties, before=shown)
        both = shown.merge(now, on="node_id", suffixes=("", "_now"))
        assert len(both) >= 15 and (both["x"] == both["x_now"]).all() and (both["y"] == both["y_now"]).all()
        for a, b in itertools.combinations(now[["x", "y"]].to_numpy(), 2):
            assert np.hypot(*(a - b)) >= LEAST_ROOM - 5
        assert now["x"].between(20, WIDTH - 20).all() and now["y"].between(20, HIGHEST - 20).all()
        shown = now


def test_the_same_places_come_out_whatever_the_order_of_rows():
    (nodes, ties), (later, later_ties) = months(2)
    before = lay_out(nodes, ties)
    one = lay_out(later, later_ties, before=before).set_index("node_id")
    two = lay_out(later.iloc[::-1], later_ties.iloc[::-1], before=before.iloc[::-1]).set_index("node_id")
    pd.testing.assert_frame_equal(one, two.loc[one.index])
