"""Small counts: none is shown, and none can be worked out by taking one table from another."""

import itertools
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csp_toolkit.errors import TableError
from csp_toolkit.tables.small_numbers import TOGETHER, Count, bound_count, is_safe, list_small, merge_small

NESTED = {"list": ("in",), "not list": ("out",)}


def test_small_groups_are_put_together_until_both_sides_are_large_enough() -> None:
    inside, outside = pd.Series({"a": 30, "b": 2, "c": 2, "d": 9}), pd.Series({"a": 50, "b": 8, "c": 7, "d": 6})
    shown = merge_small(inside, outside, at_least=5)
    assert shown == {"a": ("a",), TOGETHER: ("b", "c", "d")}


def test_where_one_group_is_left_there_is_nothing_to_show() -> None:
    assert merge_small(pd.Series({"a": 10, "b": 0}), pd.Series({"a": 9, "b": 90}), at_least=5) == {}


def test_a_group_alone_below_the_smallest_is_never_shown_by_hiding_it_alone() -> None:
    """Ten and two: hide the two, and who knows there are twelve has it back. So both go."""
    assert merge_small(pd.Series({"a": 10, "b": 2}), pd.Series({"a": 50, "b": 50}), at_least=5) == {}


def test_the_difference_of_a_list_and_one_within_it_gives_nothing_away() -> None:
    """Of twelve scored in a group ten are listed: shown side by side, two are not, and that is small."""
    strata = pd.DataFrame({"both": [10, 10], "scored": [2, 20]}, index=["a", "b"])
    sets = {"scored": ("both", "scored"), "listed": ("both",)}
    scored = [Count((name,), ("both", "scored")) for name in "ab"]
    listed = [Count((name,), ("both",)) for name in "ab"]
    assert is_safe(strata, sets, scored, at_least=5)
    assert not is_safe(strata, sets, [*scored, *listed], at_least=5)
    assert bound_count(strata, sets, [*scored, *listed], Count(("a",), ("scored",))) == (2.0, 2.0)


def test_groups_put_together_otherwise_in_a_second_table_can_give_one_away() -> None:
    """Together 11 in one table, 11 without the last in the other: the last is nought."""
    strata = pd.DataFrame({"in": [27, 11, 0], "out": [70, 50, 20]}, index=["a", "b", "c"])
    both = [Count(("a",), ("in",)), Count(("b", "c"), ("in",))]
    assert is_safe(strata, NESTED, both, at_least=5)
    assert not is_safe(strata, NESTED, [*both, Count(("b",), ("in",))], at_least=5)


@settings(max_examples=80 if os.environ.get("CSP_PROVE") != "1" else 500, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(3, 12)), min_size=2, max_size=3))
def test_what_is_called_safe_leaves_several_values_to_whoever_tries_every_table(rows) -> None:
    """Every table of whole numbers that fits what is shown is tried; each small count takes at least five values."""
    strata = pd.DataFrame(rows, index=[f"g{n}" for n in range(len(rows))], columns=["in", "mid", "out"])
    sets = {"list": ("in",), "wide": ("in", "mid"), "rest": ("out",)}
    groups = merge_small(strata["in"] + strata["mid"], strata["out"], at_least=5)
    shown = [Count(own, parts) for own in groups.values() for parts in (("in", "mid"), ("out",))]
    if not groups or not is_safe(strata, sets, shown, at_least=5):
        return
    assert all(count.of(strata) >= 5 for count in shown)
    first, second = (_every_column(int(strata[name].sum()), len(rows)) for name in ("in", "mid"))
    tables = np.stack([np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1))], axis=2)
    place = {name: n for n, name in enumerate(strata.index)}

    def add(count: Count) -> np.ndarray:
        at, parts = [place[name] for name in count.categories], [("in", "mid").index(part) for part in count.parts]
        return tables[:, at][:, :, parts].sum(axis=(1, 2))

    known = [count for count in shown if "out" not in count.parts]
    fits = np.all([add(count) == count.of(strata) for count in known], axis=0)
    for count in list_small(strata, sets, at_least=5):
        if "out" not in count.parts:
            assert len(np.unique(add(count)[fits])) >= 5


def _every_column(total: int, n: int) -> np.ndarray:
    return np.array([[*own, total - sum(own)] for own in itertools.product(range(total + 1), repeat=n - 1)
                     if sum(own) <= total])  # fmt: skip


def test_counts_that_contradict_each_other_are_refused() -> None:
    strata = pd.DataFrame({"in": [5, 5], "out": [5, 5]}, index=["a", "b"])
    wrong = strata.assign(**{"in": [5, 6]})
    with pytest.raises(TableError, match="contradict"):
        bound_count(strata, NESTED, [_Fixed(("a",), ("in",), 11)], Count(("b",), ("in",)))
    assert bound_count(wrong, NESTED, [], Count(("a",), ("in",))) == (0.0, 11.0)


class _Fixed(Count):
    def __new__(cls, categories, parts, value):
        made = super().__new__(cls)
        object.__setattr__(made, "value", value)
        return made

    def __init__(self, categories, parts, value) -> None:
        super().__init__(categories, parts)

    def of(self, strata: pd.DataFrame) -> int:
        return self.value  # type: ignore[attr-defined]
