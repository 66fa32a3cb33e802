"""One search for groups that hang together more closely than with the rest: one network, one seed."""

import warnings

import numpy as np

from csp_toolkit.networks.evidence.pairs import Pairs


def find_communities(pairs: Pairs, *, seed: int) -> np.ndarray:
    """Find groups by the Louvain method (Blondel and others 2008); who has no tie is a group alone."""
    if not pairs.n_ties:
        return np.arange(pairs.n)
    from scipy.sparse import csr_matrix

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sknetwork.clustering import Louvain

    search = Louvain(random_state=seed, shuffle_nodes=True, return_probs=False, return_aggregate=False)
    return np.asarray(search.fit_predict(csr_matrix(pairs.matrix(weighted=True))), dtype="int64")
