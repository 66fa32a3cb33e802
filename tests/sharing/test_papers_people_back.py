"""Who comes back to the police list is not called new."""

import pandas as pd
import pytest

from csp_toolkit.sharing.papers import people as papers_people


@pytest.mark.parametrize(
    ("place", "earlier", "back", "kind", "starts"),
    [
        (3, {"A": 3}, None, "NO_CHANGE", "same place"),
        (2, {"A": 3}, None, "UP", "up 1"),
        (4, {"A": 3}, "returned to the list; was removed", "DOWN", "down 1"),
        (4, {"B": 3}, "returned to the list; was removed", "RETURNED", "returned to the list"),
        (4, {"B": 3}, None, "NEW_IN", "new to the list"),
        (4, {}, "returned to the list", "NOT_COMPARABLE", "no earlier list"),
    ],
)
def test_a_place_is_told_as_new_returned_up_down_or_the_same(
    place: int, earlier: dict[str, int], back: str | None, kind: str, starts: str
) -> None:
    found = papers_people._movement("A", place, pd.Series(earlier, dtype="Int64"), back)
    assert found[0] == kind and found[1].startswith(starts)
