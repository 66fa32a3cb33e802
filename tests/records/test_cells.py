"""One cell at a time: what it says, and what is said about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_toolkit.records.cells import READERS
from csp_toolkit.records.readings import CELL_FLAGS, CELL_REPAIRS, Manner

PLAIN = Manner(formats=("%d/%m/%Y",), vocabulary=("IN_FORCE", "EXPIRED", "NAMED SUSPECT"))


def read(reader: str, text: str, **manner: object) -> tuple[object, str | None]:
    return tuple(READERS[reader](text, PLAIN._replace(**manner)))  # type: ignore[return-value]


@pytest.mark.parametrize("text", ["NA", "Null", "None", "nan", "N/A", "O'Brien", "-"])
def test_text_is_kept_whatever_it_looks_like(text: str) -> None:
    assert read("text", text) == (text, None)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<script>alert(1)</script>Ann", "html_in_cell"),
        ("</b>", "html_in_cell"),
        ('=HYPERLINK("x")', "formula_in_cell"),
        ("@SUM(1+1)*cmd|'/C calc'!A0", "formula_in_cell"),
        ("+cmd", "formula_in_cell"),
        ("aged < 20", None),
        ("- late", None),
    ],
)
def test_text_that_could_run_is_kept_as_text_and_flagged(text: str, rule: str | None) -> None:
    assert read("text", text) == (text, rule)


@pytest.mark.parametrize("text", ["Mar-25", "3-Mar", "03-Mar-25", "1.0009E+11", "1E+11", "#REF!", "#N/A", "01/03/2025"])
def test_a_reference_that_a_spreadsheet_spoilt_is_lost_and_said(text: str) -> None:
    assert read("reference", text) == (None, "unreadable_reference")


def test_a_reference_follows_its_feeds_pattern_where_it_has_one() -> None:
    pattern = r"42[A-Z]*/\d{4,7}/\d{2}"
    assert read("reference", "42SYN/001001/24", pattern=pattern) == ("42SYN/001001/24", None)
    assert read("reference", "42SYN/001001", pattern=pattern) == (None, "unreadable_reference")


@pytest.mark.parametrize("text", ["IN FORCE", "in_force", "In Force", "in-force"])
def test_codes_do_not_mind_case_or_joints(text: str) -> None:
    assert read("code", text) == ("IN_FORCE", None)


def test_codes_take_the_feeds_words_first_and_never_guess() -> None:
    assert read("code", "live", values={"Live": "IN_FORCE"}) == ("IN_FORCE", None)
    assert read("code", "9", values={"9": ""}) == (None, None)
    assert read("code", "Not Known") == (None, None)
    assert read("code", "IN FORC") == (None, "unknown_value")


@pytest.mark.parametrize(
    ("text", "flag"),
    [*((t, "Y") for t in ("Y", "y", "Yes", "YES", "1", "TRUE", "True")),
     *((t, "N") for t in ("N", "n", "No", "0", "FALSE", "False")),
     *((t, "U") for t in ("n/a", "N/K", "-", "Unknown", "UNKNOWN", "U"))],
)  # fmt: skip
def test_flags_know_yes_no_and_not_stated(text: str, flag: str) -> None:
    assert read("flag", text) == (flag, None)


def test_a_flag_nobody_knows_is_not_stated_and_said() -> None:
    assert read("flag", "maybe") == ("U", "unknown_value")
    assert read("flag", "CCE", values={"CCE": "Y"}) == ("Y", None)


def test_presence_is_yes_for_a_date_or_a_tick() -> None:
    assert [read("presence", t)[0] for t in ("02/11/2026", "Y", "x", "N", "-")] == ["Y", "Y", "Y", "N", "U"]


def test_words_a_feed_allows_in_a_date_column_are_no_fault() -> None:
    assert read("date", "Y", values={"Y": ""}) == (None, None)
    assert read("date", "N/K") == (None, None)
    assert read("date", "soon") == (None, "unreadable_date")


@pytest.mark.parametrize("text", ["SS994RH", "ss99 4rh", "SS 99 4RH", "SS99  4RH"])
def test_postcodes_come_to_one_form(text: str) -> None:
    assert read("postcode", text) == ("SS99 4RH", "postcode_form")


def test_half_a_postcode_is_no_postcode() -> None:
    assert read("postcode", "SS99 4RH") == ("SS99 4RH", None)
    assert read("postcode", "SS99 8R") == (None, "postcode_unreadable")


@pytest.mark.parametrize(
    "text", ["07700 900062", "+447700900062", "+44 7700 900062", "+44 (0)7700 900062", "07700900062", "7700900062",
             "07700 900 062"],
)  # fmt: skip
def test_phones_come_to_one_form(text: str) -> None:
    assert read("phone", text)[0] == "07700900062"


def test_a_phone_is_repaired_only_where_more_than_blanks_was_wrong() -> None:
    assert read("phone", "07700 900 062")[1] is None
    assert read("phone", "7700900062")[1] == "phone_form"
    assert read("phone", "12") == (None, "phone_unreadable")


def test_property_numbers_lose_their_decimal_and_not_their_figures() -> None:
    assert read("uprn", "999000100572") == ("999000100572", None)
    assert read("uprn", "999000100572.0") == ("999000100572", "uprn_form")
    assert read("uprn", "9.99E+11") == (None, "uprn_unreadable")
    assert read("uprn", "999000100572.5") == (None, "uprn_unreadable")


@pytest.mark.parametrize("text", ["N/K", "-", "UNKNOWN", "Not Known", "not known", "N/A"])
def test_the_ways_of_not_knowing_an_area_are_one(text: str) -> None:
    assert read("area", text) == ("UNK", None)


def test_no_fixed_abode_is_known_to_be_none() -> None:
    assert read("area", "NFA") == ("NFA", None)
    assert read("area", "Basildon") == ("Basildon", None)


def test_whole_numbers() -> None:
    assert read("whole", "12") == (12, None)
    assert read("whole", "12.0") == (12, "whole_number_form")
    assert read("whole", "12.5") == (None, "unreadable_number")
    assert read("whole", "twelve") == (None, "unreadable_number")


def test_lists_are_parted_as_the_feed_says() -> None:
    assert read("refs", "a; b;;c ") == ("a; b; c", None)
    assert read("refs", "Basildon / Thurrock, Harlow", separators=";/,") == ("Basildon; Thurrock; Harlow", None)


@pytest.mark.parametrize(
    ("text", "marking", "rule"),
    [("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE", None), ("Official Sensitive", "OFFICIAL-SENSITIVE", None),
     ("RESTRICTED", "OFFICIAL-SENSITIVE", "marking_converted"), ("SECRET", "SECRET", None)],
)  # fmt: skip
def test_markings_come_to_todays_words(text: str, marking: str, rule: str | None) -> None:
    assert read("marking", text) == (marking, rule)


@given(st.sampled_from(sorted(READERS)), st.text(min_size=1, max_size=30))
def test_no_reader_fails_or_speaks_of_a_rule_nobody_explains(reader: str, text: str) -> None:
    rule = READERS[reader](text, PLAIN).rule
    assert rule is None or rule in CELL_REPAIRS or rule in CELL_FLAGS
    assert not set(CELL_REPAIRS) & set(CELL_FLAGS)
