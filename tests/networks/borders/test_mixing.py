"""The E-I index against published figures, by hand, and against the shuffles it is read by (XB5)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.networks.borders.mixing import measure_mixing
from tests.real_data_home import data

PAIRS = pd.DataFrame([("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")], columns=["person_a", "person_b"])
HOMES = pd.Series({"a": "X", "b": "X", "c": "Y", "d": "Y"})


def measure(pairs: pd.DataFrame = PAIRS, homes: pd.Series = HOMES, **changes: object) -> object:
    """Measure with few shuffles."""
    return measure_mixing(pairs, homes, **({"shuffles": 400, "band": 0.95, "seed": 1} | changes))


def test_the_index_and_what_chance_would_give_by_hand() -> None:
    mixing = measure()
    assert (mixing.n_internal, mixing.n_external, mixing.index) == (2, 2, 0.0)
    assert mixing.expected == pytest.approx(2 * (1 - (2 * 1 + 2 * 1) / (4 * 3)) - 1)  # 1/3


@pytest.mark.parametrize(("least", "published"), [(1, 0.2889), (2, 0.0526)])
def test_the_london_gang_gives_its_published_index_by_birthplace(least: int, published: float) -> None:
    # Grund and Densley 2012 as given in the data's README: +.2889 over all ties, +.0526 over those of value 2 and more.
    folder = data() / "networks" / "london_gang"
    edges, nodes = pd.read_csv(folder / "edges.csv"), pd.read_csv(folder / "nodes.csv")
    ties = edges[edges["weight"] >= least].astype({"source": str, "target": str})
    pairs = ties.rename(columns={"source": "person_a", "target": "person_b"})
    homes = pd.Series(nodes["Birthplace"].astype(str).to_numpy(), index=nodes["id"].astype(str))
    mixing = measure(pairs, homes)
    assert mixing.index == pytest.approx(published, abs=5e-5)
    assert mixing.n_people == 54 or least == 2


def test_ties_whose_homes_are_not_known_are_counted_and_left_out() -> None:
    homes = HOMES.replace({"Y": "UNK"})
    mixing = measure(homes=homes)
    assert (mixing.n_not_placed, mixing.n_internal, mixing.index) == (3, 1, -1.0)


def test_of_too_few_ties_nothing_is_said() -> None:
    mixing = measure(at_least=5)
    assert np.isnan(mixing.index) and mixing.reading == "not assessed" and mixing.n_internal + mixing.n_external == 4


LABELS = st.lists(st.sampled_from("XYZ"), min_size=8, max_size=8)
TIES = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]), min_size=6, max_size=20)


def network(labels: list[str], ties: set) -> tuple[pd.DataFrame, pd.Series]:
    """Make the frames of a network of eight."""
    pairs = pd.DataFrame([(f"p{a}", f"p{b}") for a, b in sorted(ties)], columns=["person_a", "person_b"])
    return pairs, pd.Series({f"p{n}": label for n, label in enumerate(labels)})


@given(LABELS, TIES)
def test_the_band_holds_what_chance_is_expected_to_give(labels: list[str], ties: set) -> None:
    mixing = measure(*network(labels, ties))
    assert mixing.low - 1e-9 <= mixing.expected <= mixing.high + 1e-9 and -1 <= mixing.low <= mixing.high <= 1


@given(LABELS, TIES)
def test_other_names_for_the_areas_and_another_order_of_rows_change_nothing(labels: list[str], ties: set) -> None:
    pairs, homes = network(labels, ties)
    renamed = homes.map({"X": "B", "Y": "A", "Z": "C"})
    assert measure(pairs, homes) == measure(pairs.iloc[::-1], renamed.iloc[::-1])


def test_many_shuffles_come_to_the_expected_index() -> None:
    rng = np.random.default_rng(5)
    ties = {tuple(sorted(p)) for p in rng.integers(0, 30, (60, 2)).tolist() if p[0] != p[1]}
    pairs = pd.DataFrame([(f"p{a:02}", f"p{b:02}") for a, b in sorted(ties)], columns=["person_a", "person_b"])
    homes = pd.Series({f"p{n:02}": "XXXXXXY"[n % 7] for n in range(30)})
    # The mean of all shuffles is not kept; that of the ends of ever narrower bands closes in on it.
    middle = measure(pairs, homes, shuffles=4000, band=0.02)
    assert (middle.low + middle.high) / 2 == pytest.approx(middle.expected, abs=0.05)


def test_the_seed_decides_and_nothing_else() -> None:
    pairs, homes = network(list("XXYYZZXY"), {(0, 1), (1, 2), (3, 4), (2, 7), (5, 6), (0, 7)})
    assert measure(pairs, homes, seed=3) == measure(pairs, homes, seed=3)
