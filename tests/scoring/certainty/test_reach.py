"""Leaving out who cannot reach the cut changes no chance."""

import numpy as np
import pytest

from bench.made_items import make_items
from csp_toolkit.scoring.certainty.policy import IDENTITY, SOURCES
from csp_toolkit.scoring.certainty.reach import assess_seats, find_floor, find_reaching, raise_ceilings
from csp_toolkit.scoring.certainty.reruns import prepare_reruns
from csp_toolkit.scoring.certainty.uncertainty import assess_certainty
from tests.scoring.small_pools import policy, pool_of
from tests.scoring.small_views import MATRIX, small_view

FEW = policy(draws=600, share_draws=2)  # more than are looked at at once
ALL = [source for source in SOURCES if source != IDENTITY]


def made(n_people: int, seed: int = 1):
    return pool_of(*make_items(8 * n_people, MATRIX, seed=seed, n_people=n_people, share_origin=0.5).to_dict("records"))


@pytest.mark.parametrize("sources", [[], ["weights"], ["truth"], ["time", "outcomes"], ALL])
def test_the_chances_are_those_of_the_whole_pool(sources) -> None:
    scores = made(150)
    whole = assess_certainty(small_view(), scores, FEW, seed=3, sources=sources, with_shares=False).table
    chances = assess_seats(scores, FEW, seed=3, sources=sources)
    assert chances.index.tolist() == whole["person_id"].tolist()
    assert chances.tolist() == whole["p_top10"].tolist()


def test_fewer_people_than_seats_all_have_one() -> None:
    assert assess_seats(made(6), FEW, seed=1, sources=["weights"]).eq(1).all()


def test_a_ceiling_is_above_every_score_and_most_people_are_left_out() -> None:
    scores = made(400)
    people = scores.list_ranked()
    place = {person: n for n, person in enumerate(people)}
    items = scores.items[scores.items["person_id"].isin(people)]
    items = items.assign(standing=items["person_id"].map(place).astype("int64"))
    pool = prepare_reruns(scores, people, items, people, (), FEW, seed=1)
    draws = range(FEW.draws)
    found = pool.score(dict.fromkeys(ALL, draws), len(draws)).score
    ceilings, weights = raise_ceilings(pool.doubts, ALL), pool.doubts.draw_weights(draws)
    assert (ceilings @ weights / 1000 >= found).all()
    reaches = find_reaching(ceilings, weights, find_floor(found))
    assert reaches[(found >= np.sort(found, axis=0)[-10]).any(axis=1)].all()
    still = pool.score({"weights": draws}, len(draws)).score
    assert 10 <= find_reaching(raise_ceilings(pool.doubts, ["weights"]), weights, find_floor(still)).sum() < 150
