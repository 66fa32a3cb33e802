"""Rows by their keys."""

import pandas as pd
import pytest

from csp_toolkit.tables.keys import is_among


@pytest.mark.parametrize("as_column", [True, False])
def test_a_text_stands_among_others_or_not_and_what_is_missing_stands_nowhere(as_column: bool) -> None:
    asked = pd.Series(["b", None, "x", "b"], index=[7, 3, 9, 1], dtype="str")
    others = ["a", "b", None] if as_column else ["a", "b"]
    found = is_among(asked, pd.Series(others, dtype="str") if as_column else others)

    assert found.to_dict() == {7: True, 3: False, 9: False, 1: True}
    assert not is_among(asked, []).any() and is_among(asked.iloc[:0], others).empty
