"""Betweenness of large networks: exact when begun everywhere, and honest about its error when not."""

import numpy as np
import pytest

from csp_toolkit.networks import measures
from csp_toolkit.networks.draws.sampling import estimate_betweenness
from csp_toolkit.networks.measures import measure_pairs
from csp_toolkit.networks.measuring import share_betweenness
from tests.networks.made_networks import random_pairs


@pytest.mark.parametrize("seed", range(0, 40, 3))
def test_begun_everywhere_it_is_exact_and_has_no_error(seed):
    pairs = random_pairs(seed)
    found = estimate_betweenness(pairs, seed=1, beginnings=pairs.n)
    np.testing.assert_allclose(found.value, share_betweenness(pairs), atol=1e-12)
    assert found.error.max(initial=0) == 0


@pytest.mark.parametrize("seed", [21, 33])
def test_begun_at_some_those_with_most_paths_lie_within_their_error(seed):
    pairs = random_pairs(seed)
    exact = share_betweenness(pairs)
    first = np.argsort(-exact, kind="stable")[:10]
    off = []
    for draw in range(30):
        found = estimate_betweenness(pairs, seed=draw, beginnings=pairs.n // 2)
        off.append(np.abs(found.value - exact)[first] / np.maximum(found.error[first], 1e-9))
    assert np.mean(np.concatenate(off) < 2.5) > 0.9


def test_a_large_network_is_estimated_and_says_how_far_off_it_may_be(monkeypatch):
    pairs = random_pairs(53)
    assert measure_pairs(pairs).betweenness_error == 0
    monkeypatch.setattr(measures, "MOST_EXACT", 10)
    large = measure_pairs(pairs)
    np.testing.assert_allclose(large.table["betweenness"], share_betweenness(pairs), atol=1e-6)  # 256 are all of them
    monkeypatch.setattr("csp_toolkit.networks.measures.estimate_betweenness",
                        lambda p, seed: estimate_betweenness(p, seed=seed, beginnings=12))  # fmt: skip
    assert measure_pairs(pairs).betweenness_error > 0
