"""Each measure against networkx and igraph, to 1e-9, on random networks; `CSP_PROVE=1` runs all two hundred."""

import os

import numpy as np
import pytest

from csp_toolkit.networks import measuring
from tests.networks.agreeing import agree_with_igraph, agree_with_networkx
from tests.networks.made_networks import pairs_of, random_graph, random_pairs

SEEDS = range(200) if os.environ.get("CSP_PROVE") else range(0, 200, 17)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_measure_agrees_with_networkx(seed):
    agree_with_networkx(random_graph(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_measure_agrees_with_igraph(seed):
    agree_with_igraph(random_pairs(seed))


def test_strength_is_taken_as_strength_and_never_as_distance():
    """A pair tied strongly by way of B: with strength read as distance B would stand between nobody (PITFALLS n1)."""
    pairs = pairs_of("AB", "BC")
    stronger = pairs_of("AB", "BC", p=0.1)
    assert measuring.share_betweenness(pairs).tolist() == measuring.share_betweenness(stronger).tolist() == [0, 1, 0]
    assert measuring.sum_strength(stronger)[1] == pytest.approx(0.2)


def test_a_network_of_nobody_or_without_ties_is_measured():
    for pairs in (pairs_of(), pairs_of(people="AB")):
        for name in ("count_degree", "sum_strength", "rank_pages", "count_core", "find_cut_people"):
            assert len(getattr(measuring, name)(pairs)) == pairs.n
    alone = pairs_of(people="AB")
    assert measuring.rank_pages(alone).tolist() == [0.5, 0.5]
    assert np.isnan(measuring.sum_constraint(alone)).all() and np.isnan(measuring.count_effective_size(alone)).all()
