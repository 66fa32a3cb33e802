"""How much of the spread of an answer is due to each source: first-order and total effects, by Saltelli's design.

The answer is worked out with two independent sets of draws, A and B, and with A in which one source is B's. The first
order effect of a source is the share of the variance that it explains by itself; the total effect is what would remain
if everything else were settled, its interplay with others included. First-order effects add to at most one, totals to
at least one; what lies between is interplay.

Source: Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola 2010, Computer Physics Communications 181, 259-270,
table 2 (b) for the first order and (f), after Jansen 1999, for the total.
"""

import numpy as np


def estimate_effects(of_a: np.ndarray, of_b: np.ndarray, of_mixed: np.ndarray) -> tuple[float, float]:
    """Estimate the first-order and the total effect of one source.

    Parameters
    ----------
    of_a, of_b : the answer in each draw of A and of B.
    of_mixed : the answer in each draw of A with this source as in B.

    Returns
    -------
    Both as shares of the variance, 0 to 1; nought where the answer never varies. An estimate that falls below nought
    by chance is nought.
    """
    both = np.concatenate([of_a, of_b])
    variance = float(both.var())
    if variance == 0:
        return 0.0, 0.0
    centred = of_b - both.mean()
    first = float(np.mean(centred * (of_mixed - of_a))) / variance
    total = float(np.mean((of_a - of_mixed) ** 2)) / (2 * variance)
    return min(max(first, 0.0), 1.0), min(max(total, 0.0), 1.0)
