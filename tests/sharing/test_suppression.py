"""A small count is not said."""

from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.sharing.suppression import say_count


def test_a_count_is_said_or_said_to_be_small() -> None:
    assert [say_count(n, 5) for n in (0, 1, 4, 5, 1200)] == ["none", "fewer than 5", "fewer than 5", "5", "1,200"]


@given(st.integers(1, 100), st.integers(2, 50))
def test_all_counts_below_the_least_are_said_alike(n: int, least: int) -> None:
    assert (say_count(n, least) == say_count(1, least)) == (n < least or n == 1)
