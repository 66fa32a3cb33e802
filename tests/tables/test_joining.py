"""What hangs together, and what may not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.tables.joining import join_smallest, refuse_links

PAIR = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1])
LINKS = st.lists(st.tuples(PAIR, st.integers(0, 2)), max_size=12)
APART = st.lists(PAIR, max_size=4)


def follow(links: list, apart: list) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ends = np.array([pair for pair, _ in links], dtype="int64").reshape(-1, 2)
    refused = refuse_links(ends[:, 0], ends[:, 1], np.array([level for _, level in links], dtype="int64"), apart)
    return join_smallest(7, ends[~refused, 0], ends[~refused, 1]), refused, ends


@given(links=LINKS, apart=APART)
def test_what_must_stay_apart_does(links: list, apart: list) -> None:
    group, _, _ = follow(links, apart)
    assert all(group[one] != group[other] for one, other in apart)


@given(links=LINKS, apart=APART)
def test_nothing_is_refused_without_a_chain_that_joins_what_must_stay_apart(links: list, apart: list) -> None:
    _, refused, ends = follow(links, apart)
    everything = join_smallest(7, ends[:, 0], ends[:, 1])
    torn = {everything[one] for one, other in apart if everything[one] == everything[other]}
    assert all(everything[end] in torn for end in ends[refused, 0])


@given(links=LINKS, apart=APART, seed=st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(links: list, apart: list, seed: object) -> None:
    mixed, turned = list(links), [pair[::-1] for pair in apart]
    seed.shuffle(mixed)  # type: ignore[attr-defined]
    assert follow(links, apart)[0].tolist() == follow(mixed, turned)[0].tolist()


@given(links=LINKS, apart=APART)
def test_a_stronger_link_is_never_refused_for_a_weaker_one(links: list, apart: list) -> None:
    """What the strongest links join is the same whatever weaker ones there are."""
    strong = [link for link in links if link[1] == 0]
    refused = follow(links, apart)[1]
    alone = follow(strong, apart)[1]
    assert [r for r, link in zip(refused, links, strict=True) if link[1] == 0] == alone.tolist()
