"""Printed parts add to the printed total, whatever the parts."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.display.printed import print_changes, print_parts, to_tenths


@given(st.lists(st.tuples(*[st.integers(0, 500_000)] * 3), min_size=1, max_size=20))
def test_the_parts_of_a_printed_score_add_to_it_and_are_within_a_tenth(rows: list[tuple[int, int, int]]) -> None:
    table = pd.DataFrame(rows, columns=["a", "b", "c"])
    table["score"] = table[["a", "b", "c"]].sum(axis=1)
    printed = print_parts(table, "score", ["a", "b", "c"])
    tenths = (printed * 10).round().astype(int)
    assert (tenths[["a", "b", "c"]].sum(axis=1) == tenths["score"]).all()
    for part in ("a", "b", "c"):
        assert ((printed[part] - table[part] / 10_000).abs() < 0.1 + 1e-9).all()


def test_half_a_tenth_is_rounded_up() -> None:
    table = pd.DataFrame({"score": [500, 499], "a": [500, 499]})
    assert print_parts(table, "score", ["a"])["score"].tolist() == [0.1, 0.0]


@given(st.integers(0, 500_000), st.lists(st.integers(-90_000, 90_000), min_size=1, max_size=9))
def test_printed_changes_lead_from_one_printed_score_to_the_other(before: int, parts: list[int]) -> None:
    after = before + sum(parts)
    if after < 0:
        before, after = before - after, 0
    printed = print_changes(before, after, parts)
    ends = to_tenths(pd.Series([before, after]))
    assert ends[0] + sum(printed) == ends[1]
    assert all(abs(tenths * 1_000 - units) <= 1_000 for tenths, units in zip(printed, parts, strict=True))
