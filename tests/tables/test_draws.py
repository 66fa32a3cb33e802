"""A draw depends on the name, the seed and its number, and on nothing else."""

import subprocess
import sys

import numpy as np
import pytest

from csp_toolkit.tables.draws import (
    MATCH,
    ORIGIN,
    draw_chances,
    draw_normals,
    draw_truths,
    draw_uniforms,
    number_names,
)

NAMES = [f"SYN-OR-{n}" for n in range(40)]
MANY = range(200_000)


def test_the_stream_is_splitmix64() -> None:
    # The first numbers of the published generator from the state 1234567.
    first, second = 6457827717110365317, 3203168211198807973
    drawn = draw_chances(np.array([1234567], dtype=np.uint64), range(4))[0]
    assert drawn.tolist() == [first % 2**32, first >> 32, second % 2**32, second >> 32]


def test_any_part_of_the_draws_can_be_had_alone() -> None:
    numbers = number_names(ORIGIN, NAMES, seed=1)
    whole = draw_chances(numbers, range(100))
    for part in (range(0, 7), range(7, 8), range(13, 100), range(50, 50)):
        assert (draw_chances(numbers, part) == whole[:, part.start : part.stop]).all()


def test_neither_the_order_of_names_nor_others_among_them_change_a_draw() -> None:
    whole = draw_chances(number_names(ORIGIN, NAMES, seed=1), range(50))
    some = draw_chances(number_names(ORIGIN, [NAMES[30], NAMES[2]], seed=1), range(50))
    assert (some == whole[[30, 2]]).all()


@pytest.mark.parametrize("other", [dict(kind=MATCH, seed=1), dict(kind=ORIGIN, seed=2)])
def test_another_kind_or_seed_is_another_world(other) -> None:
    one = draw_chances(number_names(ORIGIN, NAMES, seed=1), range(50))
    assert (one != draw_chances(number_names(other["kind"], NAMES, seed=other["seed"]), range(50))).mean() > 0.99


def test_what_is_drawn_is_true_as_often_as_its_chance_says() -> None:
    chances = np.array([0.0, 0.05, 0.25, 0.55, 0.85, 1.0])
    truths = draw_truths(number_names(ORIGIN, NAMES[:6], seed=1), chances, MANY)
    error = np.sqrt(chances * (1 - chances) / len(MANY))
    assert (np.abs(truths.mean(axis=1) - chances) <= 4.5 * error).all()
    assert not truths[0].any() and truths[5].all()


def test_a_higher_chance_of_the_same_origin_is_true_wherever_a_lower_one_is() -> None:
    numbers = number_names(ORIGIN, ["O", "O"], seed=1)
    low, high = draw_truths(numbers, np.array([0.25, 0.55]), range(5_000))
    assert (high | ~low).all() and (high & ~low).any()


def test_two_origins_are_independent_and_so_are_two_draws() -> None:
    one, other = draw_uniforms(number_names(ORIGIN, NAMES[:2], seed=1), MANY)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.01
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 0.01


def test_normals_have_mean_nought_and_spread_one_and_part_alike() -> None:
    numbers = number_names("weights", NAMES[:3], seed=1)
    drawn = draw_normals(numbers, MANY)
    assert np.abs(drawn.mean(axis=1)).max() < 0.01 and np.abs(drawn.std(axis=1) - 1).max() < 0.01
    assert (np.abs(drawn) > 1.959964).mean() == pytest.approx(0.05, abs=0.002)
    assert (draw_normals(numbers, range(11, 20)) == drawn[:, 11:20]).all()


def test_the_hash_seed_of_the_process_changes_nothing() -> None:
    code = (
        "from csp_toolkit.tables.draws import *\n"
        "print(draw_chances(number_names(ORIGIN, ['A', 'B'], seed=3), range(3)).tolist())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "7")
    }  # fmt: skip
    assert len(told) == 1
