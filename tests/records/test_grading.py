"""Every code of both schemes, and what is no grade at all."""

from itertools import product

import pytest

from csp_toolkit.records.grading import Grade, parse_grade

THREE = ["".join(code) for code in product("123", "ABCDE", "PC")]
FIVE = ["".join(code) for code in product("ABCDE", "12345", "12345")]


@pytest.mark.parametrize("code", THREE)
def test_each_of_the_30_codes_of_3x5x2_is_read_as_it_stands(code: str) -> None:
    grade = parse_grade(code)
    assert grade == Grade(code[0], code[1], code[2], "3x5x2", code)
    assert grade is not None and grade.code == code[:2] and not grade.is_converted


@pytest.mark.parametrize("code", FIVE)
def test_each_of_the_125_codes_of_5x5x5_is_converted_and_says_so(code: str) -> None:
    source = {"A": "1", "B": "1", "C": "2", "D": "3", "E": "2"}[code[0]]
    information = {"1": "A", "2": "A", "3": "B", "4": "D", "5": "E"}[code[1]]
    handling = "P" if code[2] == "2" else "C"
    grade = parse_grade(code)
    assert grade == Grade(source, information, handling, "5x5x5", code, is_police_only=code[2] == "1")
    assert grade is not None and grade.is_converted


def test_handling_1_never_becomes_freely_shareable() -> None:
    police_only = [parse_grade(code) for code in FIVE if code.endswith("1")]
    assert {(g.handling, g.is_police_only) for g in police_only if g} == {("C", True)}


@pytest.mark.parametrize("spelt", ["2cp", " 2CP", "2 C P", "2C P ", "2\u00a0CP", "2\tcp"])
def test_blanks_and_small_letters_are_tolerated_and_the_original_kept(spelt: str) -> None:
    grade = parse_grade(spelt)
    assert grade is not None and grade.code == "2C" and grade.original == spelt


@pytest.mark.parametrize(
    "text",
    ["", " ", "B2", "F6", "A1", "2C", "BP2", "4BP", "2FP", "2CX", "A06", "A60", "F11", "2CPP", "B2-4", "grade", "NaN",
     "２ＣＰ", "2CP; 2CP", None, 24, float("nan")],
)  # fmt: skip
def test_admiralty_codes_and_anything_else_are_not_guessed(text: object) -> None:
    assert parse_grade(text) is None  # type: ignore[arg-type]


def test_grades_compare_on_both_scales_and_are_not_added_up() -> None:
    reliable_hearsay, untested_witness = parse_grade("1CP"), parse_grade("2AP")
    assert reliable_hearsay is not None and untested_witness is not None
    assert not reliable_hearsay.is_at_least("2", "B")
    assert untested_witness.is_at_least("2", "B")
    assert not reliable_hearsay.is_at_least(untested_witness.source, untested_witness.information)
    assert not untested_witness.is_at_least(reliable_hearsay.source, reliable_hearsay.information)
