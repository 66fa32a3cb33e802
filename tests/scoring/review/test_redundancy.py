"""What each criterion adds: aggregates that can be worked out again, and nobody's fitted value."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from csp_toolkit.scoring.assessment import reckon
from csp_toolkit.scoring.review.policy import read_validity_policy
from csp_toolkit.scoring.review.redundancy import check_criteria
from tests.scoring.small_pasts import NOW, meetings, pool
from tests.scoring.small_views import MATRIX

POLICY = read_validity_policy()
T = date(2026, 1, 22)
DAYS = [T + timedelta(days=28 * n) for n in range(3)]
LATER = {n: (T + timedelta(days=70 + n), "REPORTED") for n in range(12)}


@pytest.fixture(scope="module")
def found():
    view = pool(T, 24)
    return check_criteria(reckon(view, MATRIX), meetings(DAYS, 24, later=LATER), pool(NOW, 24, LATER), POLICY, seed=1)


def test_a_criterion_nobody_has_points_of_adds_nothing_and_says_so(found) -> None:
    table = found.table.set_index("criterion")
    assert table.loc["V1", "n_people"] == 0 and pd.isna(table.loc["V1", "inflation"])
    assert (table.loc["V1", ["n_left", "n_entered"]] == 0).all() and table.loc["V1", "rank_agreement"] == 1
    assert found.explain("V1") == "V1: nobody ranked has points of it."


def test_without_the_criterion_that_ranks_them_the_order_is_lost(found) -> None:
    """Robbery and report are alike for all; the weapons are what parts them."""
    table = found.table.set_index("criterion")
    assert table.loc["V5", "n_people"] == 24 and table["share_of_points"].sum() == pytest.approx(1)
    assert table.loc["V5", "n_entered"] > 0 or table.loc["V5", "rank_agreement"] < 1
    assert table.loc["V3", "rank_agreement"] == pytest.approx(1)


def test_a_model_sees_the_order_of_those_with_a_new_event_and_the_matrix_does_too(found) -> None:
    area = found.orderings.set_index("ordering")["area"]
    assert area["matrix"] > 0.7 and set(area.index) == {"matrix", "fitted model"}
    view = pool(T, 24)
    again = check_criteria(reckon(view, MATRIX), meetings(DAYS, 24, later=LATER), pool(NOW, 24, LATER), POLICY, seed=1)
    pd.testing.assert_frame_equal(found.orderings, again.orderings)  # the same seed, the same figures
    assert (found.orderings["low"] <= found.orderings["area"]).all() and found.orderings["n_people"].eq(24).all()


def test_two_criteria_that_say_the_same_are_named(found) -> None:
    view = pool(T, 24)
    scores = reckon(view, MATRIX)
    twin = scores.ledger[scores.ledger["criterion"].eq("V5")].assign(criterion="V6")
    doubled = pd.concat([scores.ledger, twin], ignore_index=True)
    object.__setattr__(scores, "ledger", doubled)
    again = check_criteria(scores, (), view, POLICY, seed=1)
    table = again.table.set_index("criterion")
    assert (table.loc["V5", "nearest"], table.loc["V6", "nearest"]) == ("V6", "V5")
    assert table.loc["V5", "correlation"] == pytest.approx(1) and np.isinf(table.loc["V5", "inflation"])
    assert any("V5 and V6" in sentence for sentence in again.sentences)


def test_with_too_few_new_events_nothing_is_fitted() -> None:
    view = pool(T, 6)
    found = check_criteria(reckon(view, MATRIX), meetings(DAYS[:1], 6), pool(NOW, 6), POLICY, seed=1)
    assert found.orderings.empty and found.table["importance"].isna().all()
    assert found.sentences[-1].startswith("Too few new events")


def test_no_person_and_no_fitted_value_leaves_it(found) -> None:
    assert set(found.table.columns) == {
        "criterion", "n_people", "share_of_points", "inflation", "nearest", "correlation", "n_left", "n_entered",
        "rank_agreement", "importance", "importance_low", "importance_high"}  # fmt: skip
    assert set(found.orderings.columns) == {"ordering", "area", "low", "high", "n_meetings", "n_people", "n_new"}
    text = found.table.to_csv() + found.orderings.to_csv() + found._repr_html_()
    assert not any(f"P{n:02}" in text for n in range(24))
