"""Who came, went, rose or fell, and a reconciliation that must add up."""

from dataclasses import replace

import pandas as pd
import pytest

from csp_toolkit.errors import CheckFailed
from csp_toolkit.scoring.movement import compare, reconcile
from csp_toolkit.scoring.ranking import Scores
from tests.scoring.small_views import AS_OF, MATRIX


def scores(**people: tuple[float, str, int, str]) -> Scores:
    """Return scores of person to points, band, rank and block."""
    rows = [
        (person, round(points * 10_000), band, rank, block) for person, (points, band, rank, block) in people.items()
    ]
    table = pd.DataFrame(rows, columns=["person_id", "score", "band", "rank", "block"])
    table = table.astype({"score": "Int64", "rank": "Int64"})
    nothing = pd.DataFrame()
    return Scores(table, nothing, nothing, nothing, MATRIX, AS_OF)


def moved(now: tuple, before: tuple) -> str:
    return compare(scores(P=now), scores(P=before))["movement"].iloc[0]


@pytest.mark.parametrize(
    ("now", "before", "movement"),
    [
        ((46, "Red", 5, "ranked"), (44, "Amber", 5, "ranked"), "UP"),
        ((44, "Amber", 4, "ranked"), (46, "Red", 5, "ranked"), "DOWN"),  # the band goes before the place
        ((25, "Amber", 9, "ranked"), (25, "Amber", 10, "ranked"), "UP"),
        ((25, "Amber", 11, "ranked"), (25, "Amber", 10, "ranked"), "DOWN"),
        ((15, "Green", 20, "ranked"), (15, "Green", 22, "ranked"), "NO_CHANGE"),
        ((15, "Green", 20, "ranked"), (15, "Green", 23, "ranked"), "UP"),
        ((15, "Green", 23, "ranked"), (15, "Green", 20, "ranked"), "DOWN"),
        ((29.9999, "Amber", 20, "ranked"), (20, "Amber", 20, "ranked"), "NO_CHANGE"),
        ((30, "Amber", 20, "ranked"), (20, "Amber", 20, "ranked"), "UP"),
        ((20, "Amber", 1, "custody"), (20, "Amber", 20, "ranked"), "NO_CHANGE"),
        ((20, "Amber", 3, "ranked"), (20, "Amber", 3, "ranked"), "NO_CHANGE"),
    ],
)
def test_a_move_is_of_band_else_of_places_else_of_points(now, before, movement) -> None:
    assert moved(now, before) == movement


def test_who_came_returned_and_went() -> None:
    here = (25, "Amber", 3, "ranked")
    found = compare(scores(A=here, B=here, C=here), scores(A=here, D=here), earlier={"B"})
    assert dict(zip(found["person_id"], found["movement"], strict=True)) == {
        "A": "NO_CHANGE", "B": "RETURNED", "C": "NEW_IN", "D": "OUT",
    }  # fmt: skip
    assert found["points"].tolist() == [0, pd.NA, pd.NA, pd.NA]
    assert set(found["cause"]) == {"not assessed"}
    assert reconcile(found, 2, 3) == "opening 2 + in 1 + returned 1 - out 1 = closing 3"


def test_without_a_meeting_before_everyone_is_new() -> None:
    assert compare(scores(A=(25, "Amber", 3, "ranked")), None)["movement"].tolist() == ["NEW_IN"]


def test_under_another_version_of_the_matrix_nothing_is_comparable() -> None:
    now, before = scores(A=(50, "Red", 1, "ranked")), scores(A=(10, "Green", 30, "ranked"))
    other = replace(before, matrix=MATRIX.model_copy(update={"version": "2"}))
    found = compare(now, other)
    assert found["movement"].tolist() == ["NOT_COMPARABLE"]
    assert found["points"].isna().all()


def test_a_reconciliation_that_does_not_add_up_fails() -> None:
    found = compare(scores(A=(25, "Amber", 3, "ranked")), None)
    with pytest.raises(CheckFailed, match="does not add up"):
        reconcile(found, 0, 2)
