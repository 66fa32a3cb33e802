"""The sources' shares are those of a function whose shares are known (Ishigami and Homma 1990)."""

import math

import numpy as np
import pytest
from scipy.stats import qmc

from csp_toolkit.scoring.certainty.influence import estimate_effects

A, B = 7.0, 0.1
OF_ONE, OF_TWO, OF_BOTH = 0.5 * (1 + B * math.pi**4 / 5) ** 2, A**2 / 8, B**2 * math.pi**8 * (1 / 18 - 1 / 50)
VARIANCE = OF_ONE + OF_TWO + OF_BOTH
KNOWN = [
    (OF_ONE / VARIANCE, (OF_ONE + OF_BOTH) / VARIANCE),
    (OF_TWO / VARIANCE, OF_TWO / VARIANCE),
    (0.0, OF_BOTH / VARIANCE),
]


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.mark.parametrize("seed", range(3))
def test_ishigamis_effects_are_found_within_a_hundredth(seed) -> None:
    assert [round(first, 4) for first, _ in KNOWN] == [0.3139, 0.4424, 0.0]
    assert [round(total, 4) for _, total in KNOWN] == [0.5576, 0.4424, 0.2437]
    points = math.pi * (2 * qmc.Sobol(6, seed=seed).random_base2(15) - 1)
    a, b = points[:, :3], points[:, 3:]
    for source, known in enumerate(KNOWN):
        mixed = a.copy()
        mixed[:, source] = b[:, source]
        assert estimate_effects(ishigami(a), ishigami(b), ishigami(mixed)) == pytest.approx(known, abs=0.01)


def test_an_answer_that_never_varies_is_nobodys_doing() -> None:
    flat = np.full(8, 3.0)
    assert estimate_effects(flat, flat, flat) == (0.0, 0.0)


def test_a_source_that_does_all_of_it_has_all_of_it() -> None:
    one, other = np.random.default_rng(1).random((2, 20_000))
    assert estimate_effects(one, other, other) == pytest.approx((1.0, 1.0), abs=0.02)
