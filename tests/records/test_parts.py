"""Cells that name several people."""

from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.records.parts import PATTERNS, take_apart


def test_suspects_come_with_their_status_and_part_in_order() -> None:
    first = "42SYN/1/20 O'BRIEN, Zoë (01/02/1990) [NAMED SUSPECT-PRINCIPAL]"
    second = "42SYN/2/20 SMITH-JONES, Al () [CHARGED-SECONDARY]"
    people, failed = take_apart(f"{first}; {second}", "person_with_role")
    assert not failed
    assert [tuple(person.values()) for person in people] == [
        ("42SYN/1/20", "O'BRIEN", "Zoë", "01/02/1990", "NAMED SUSPECT", "PRINCIPAL", "1"),
        ("42SYN/2/20", "SMITH-JONES", "Al", "", "CHARGED", "SECONDARY", "2"),
    ]


def test_a_person_who_cannot_be_read_does_not_take_the_others_along() -> None:
    people, failed = take_apart("42SYN/1/20 SMITH, Ann; unknown male; 42SYN/3/20 NULL, Bo", "person")
    assert failed
    assert [(p["ref"], p["family_name"], p["position"]) for p in people] == [
        ("42SYN/1/20", "SMITH", "1"), ("42SYN/3/20", "NULL", "3"),
    ]  # fmt: skip


@given(st.text(max_size=80), st.sampled_from(sorted(PATTERNS)))
def test_no_text_makes_it_fail(text: str, pattern: str) -> None:
    people, failed = take_apart(text, pattern)
    assert failed or len(people) == len([piece for piece in text.split(";") if piece.strip()])
