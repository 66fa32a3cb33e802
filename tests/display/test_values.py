"""One value as a reader sees it."""

import numpy as np
import pandas as pd
import pytest

from csp_toolkit.display.values import is_missing, is_number, show_date, show_decimal, show_text, show_whole


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NaT, pd.NA, "", "  "])
def test_what_is_not_there_is_said_in_words(nothing: object) -> None:
    assert is_missing(nothing)
    assert {show_text(nothing), show_date(nothing), show_decimal(nothing), show_whole(nothing)} == {"not known"}


def test_a_surname_that_looks_like_nothing_is_a_surname() -> None:
    assert [show_text(name) for name in ("None", "Null", "NA")] == ["None", "Null", "NA"]


@pytest.mark.parametrize(
    "day", ["2026-11-05", pd.Timestamp("2026-11-05"), pd.Timestamp("2026-11-05").date(), "2026-11-05T00:00:00"]
)
def test_a_date_reads_the_same_however_it_is_held(day: object) -> None:
    assert show_date(day) == "5 Nov 2026"


def test_a_minus_is_a_true_minus_and_never_stands_before_nought() -> None:
    assert show_decimal(-1.64) == "−1.6"
    assert show_decimal(-0.04) == "0.0"


def test_a_word_in_place_of_a_number_stays_a_word() -> None:
    assert show_decimal("not assessed") == "not assessed"
    assert not is_number("12")


def test_numpy_and_pandas_numbers_are_numbers() -> None:
    assert is_number(np.int64(3)) and is_number(np.float64(3.5))
    assert not is_number(True) and not is_number(np.float64("nan"))


@pytest.mark.parametrize("code", [0x202E, 0x2066, 0x200B, 0x200F, 0x00AD, 0x0007, 0xFEFF, 0x2028])
def test_characters_that_hide_or_reorder_are_shown_as_their_code(code: int) -> None:
    shown = show_text(f"A{chr(code)}B")
    assert chr(code) not in shown
    assert shown in {f"A[U+{code:04X}]B", "A B"}


def test_stacked_accents_are_cut_to_two() -> None:
    assert len(show_text("e" + "\u0301" * 40)) == 3


def test_letters_of_any_language_stay() -> None:
    assert show_text("Śliwa-Öztürk محمد") == "Śliwa-Öztürk محمد"
