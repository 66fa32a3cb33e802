"""A whole name in one cell: which part is the family name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.records.names import read_family_name, read_given_name, split_name
from csp_toolkit.records.readings import Manner


@pytest.mark.parametrize(
    ("sent", "given", "family"),
    [
        ("Louis Ward", "Louis", "Ward"),
        ("Mr Bernard Dale", "Bernard", "Dale"),
        ("DR. Ann-Marie O'Neill", "Ann-Marie", "O'Neill"),
        ("Kay, Kinga", "Kinga", "Kay"),
        ("Kay, Ms Kinga Ann", "Kinga Ann", "Kay"),
        ("Jan van der Berg", "Jan", "van der Berg"),
        ("Omar al Hassan", "Omar", "al Hassan"),
        ("Van Smith", "Van", "Smith"),
        ("Mary Ann Jane Smith", "Mary Ann Jane", "Smith"),
        ("Madonna", None, "Madonna"),
        ("Mr Null", None, "Null"),
        ("Ms", None, "Ms"),
        ("Not known", None, None),
        ("N/K", None, None),
        ("???", None, None),
        (",", None, None),
    ],
)  # fmt: skip
def test_a_name_is_parted(sent: str, given: str | None, family: str | None) -> None:
    assert split_name(sent) == (given, family)


def test_one_word_is_taken_as_the_family_name_and_said() -> None:
    assert read_given_name("Madonna", Manner()).rule == "name_in_one_word"
    assert read_family_name("Madonna", Manner()) == ("Madonna", None)
    assert read_given_name("Not known", Manner()) == (None, None)


@given(st.text(max_size=40))
def test_no_text_breaks_it_and_no_letter_is_invented(text: str) -> None:
    given_name, family_name = split_name(text)
    assert set((given_name or "") + (family_name or "")) <= set(text) | {" "}
