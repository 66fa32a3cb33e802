"""Agreement of raters against the published worked examples, and what must hold of any."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f

from csp_toolkit.errors import TableError
from csp_toolkit.scoring.review.agreement import ICC_NAMES, correlate_raters, fleiss_kappa, weigh_kappa
from tests.real_data_home import data

# Shrout and Fleiss (1979), table 2: six people, four judges.
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
PUBLISHED = dict(zip(ICC_NAMES, (0.17, 0.29, 0.71, 0.44, 0.62, 0.91), strict=True))
# The intervals that R's psych::ICC prints for the same figures.
INTERVALS = {"ICC(1,1)": (-0.13, 0.72), "ICC(2,1)": (0.02, 0.76), "ICC(3,1)": (0.34, 0.95),
             "ICC(1,k)": (-0.88, 0.91), "ICC(2,k)": (0.07, 0.93), "ICC(3,k)": (0.68, 0.99)}  # fmt: skip
# Fleiss (1971) as it is usually given: ten people, fourteen raters, five categories.
FLEISS = np.array([[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
                   [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]])  # fmt: skip
ORDER = ("Green", "Amber", "Red")
ratings = st.lists(st.tuples(st.sampled_from(ORDER), st.sampled_from(ORDER)), min_size=3, max_size=25)


def test_the_six_correlations_of_shrout_and_fleiss_come_out_as_published() -> None:
    found = correlate_raters(SHROUT_FLEISS)
    assert {name: round(value, 2) for name, value in found["value"].items()} == PUBLISHED
    for name, ends in INTERVALS.items():
        assert (round(found.loc[name, "low"], 2), round(found.loc[name, "high"], 2)) == ends


def test_the_kappa_of_fleiss_comes_out_as_published() -> None:
    found = fleiss_kappa(FLEISS)
    assert round(found.value, 3) == 0.210
    assert 0.17 < found.low < found.value < found.high < 0.25


def test_the_files_of_both_examples_hold_the_same_figures() -> None:
    with (data() / "reference" / "shrout_fleiss_1979.csv").open(newline="") as file:
        assert [[int(row[f"J{n}"]) for n in range(1, 5)] for row in csv.DictReader(file)] == SHROUT_FLEISS.tolist()
    with (data() / "reference" / "fleiss_kappa_example.csv").open(newline="") as file:
        assert [list(map(int, row)) for row in list(csv.reader(file))[1:]] == FLEISS.tolist()


def test_cohens_weighted_kappa_is_the_sum_of_its_table_worked_out_by_hand() -> None:
    """Twelve pairs: agreed 3 + 3 + 2, one step apart 1 + 2, two steps apart 1."""
    pairs = [("Green", "Green")] * 3 + [("Amber", "Amber")] * 3 + [("Red", "Red")] * 2
    pairs += [("Green", "Amber"), ("Amber", "Red"), ("Amber", "Red"), ("Red", "Green")]
    first, second = zip(*pairs, strict=True)
    rows, columns = np.array([4, 5, 3]) / 12, np.array([4, 4, 4]) / 12
    for weights, power in (("linear", 1), ("quadratic", 2)):
        cost = np.abs(np.subtract.outer(range(3), range(3))) ** power
        found = (3 * 1 + 1 * 2**power) / 12
        expected = float((np.outer(rows, columns) * cost).sum())
        value = weigh_kappa(first, second, order=ORDER, weights=weights, seed=1)
        assert value.value == pytest.approx(1 - found / expected)
        assert value.low < value.value < value.high <= 1


@given(ratings)
def test_raters_who_agree_throughout_have_a_kappa_of_one(pairs) -> None:
    first = [one for one, _ in pairs]
    value = weigh_kappa(first, first, order=ORDER, seed=1, resamples=100)
    assert np.isnan(value.value) if len(set(first)) == 1 else value.value == 1.0


@given(ratings, st.permutations(range(25)), st.permutations(ORDER))
def test_the_order_of_people_and_the_names_of_bands_change_no_kappa(pairs, places, names) -> None:
    first, second = zip(*pairs, strict=True)
    shuffled = [pairs[at] for at in places if at < len(pairs)]
    again = weigh_kappa(*zip(*shuffled, strict=True), order=ORDER, seed=1, resamples=100)
    renamed = [[dict(zip(ORDER, names, strict=True))[name] for name in given] for given in (first, second)]
    for value in (again, weigh_kappa(*renamed, order=names, seed=1, resamples=100)):
        np.testing.assert_allclose(value.value, weigh_kappa(first, second, order=ORDER, seed=1, resamples=100).value)


def test_two_raters_with_no_weights_have_the_kappa_of_the_definition() -> None:
    first, second = ["Green"] * 45 + ["Red"] * 55, ["Green"] * 35 + ["Red"] * 10 + ["Green"] * 15 + ["Red"] * 40
    by_chance = 0.45 * 0.5 + 0.55 * 0.5
    found = weigh_kappa(first, second, order=("Green", "Red"), weights=None, seed=1).value
    assert found == pytest.approx((0.75 - by_chance) / (1 - by_chance))


def test_correlations_are_one_where_all_agree_and_missing_where_nobody_differs() -> None:
    assert (correlate_raters([[1, 1], [2, 2], [5, 5]])["value"] == 1).all()
    assert correlate_raters(np.ones((4, 3)))["value"].isna().all()


def test_a_rater_who_is_always_three_higher_costs_agreement_and_not_consistency() -> None:
    found = correlate_raters([[1, 4], [5, 8], [9, 12]])["value"]
    assert found["ICC(3,1)"] == 1 and found["ICC(2,1)"] == pytest.approx(16 / (16 + 4.5))


@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=4, max_size=12))
def test_the_interval_of_the_third_correlation_is_that_of_its_f_ratio_worked_out_again(rows) -> None:
    points = np.array(rows, dtype=float)
    n, k = points.shape
    rest = points - points.mean(axis=0) - points.mean(axis=1)[:, None] + points.mean()
    error = (rest**2).sum() / ((n - 1) * (k - 1))
    people = k * ((points.mean(axis=1) - points.mean()) ** 2).sum() / (n - 1)
    found = correlate_raters(points)
    if error < 1e-9 or people < 1e-9:
        return
    low = people / error / f.ppf(0.975, n - 1, (n - 1) * (k - 1))
    assert found.loc["ICC(3,1)", "low"] == pytest.approx((low - 1) / (low + k - 1))
    assert found.loc["ICC(3,1)", "value"] == pytest.approx((people - error) / (people + (k - 1) * error))


@pytest.mark.parametrize("points", [[[1, 2]], [[1], [2]], [[1, np.nan], [2, 3]]])
def test_one_person_one_rater_or_an_open_cell_is_refused(points) -> None:
    with pytest.raises(TableError, match="ratings"):
        correlate_raters(points)


def test_a_category_nobody_named_is_refused_without_its_name() -> None:
    with pytest.raises(TableError) as refused:
        weigh_kappa(["Green", "Purple"], ["Green", "Red"], order=ORDER, seed=1)
    assert "1 categories" in str(refused.value) and "Purple" not in str(refused.value)


def test_fleiss_asks_for_as_many_raters_of_everybody() -> None:
    with pytest.raises(TableError, match="same two or more raters"):
        fleiss_kappa([[2, 1], [1, 1]])
