"""What reading a cell comes to: a value or none, and the rule by which it was mended or could not be read.

The rules about single cells are named here, once: those that mend, and those that only flag.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

CELL_REPAIRS = {
    "spaces_trimmed": "blanks before, after or doubled within a cell, or a control character, were taken out",
    "excel_serial_date": "a date stood as Excel's day number and was turned back into the date",
    "two_digit_year": "a year had two figures where four are declared; the century was filled in",
    "default_birth_date": "the date of birth is the sender's stand-in for not known, and was made unknown",
    "mojibake_mended": "letters that had been stored in one alphabet and read in another were put right",
    "uprn_form": "a property number stood as a decimal and was made whole",
    "whole_number_form": "a whole number stood as a decimal and was made whole",
    "phone_form": "a telephone number was brought to one form",
    "postcode_form": "a postcode was brought to one form",
    "pnc_form": "a Police National Computer number was brought to one form",
    "grade_form": "a grade was written with blanks or in small letters",
    "marking_converted": "an old protective marking was turned into today's",
}
CELL_FLAGS = {
    "unreadable_date": "a date could not be read and is missing",
    "unreadable_number": "a number could not be read and is missing",
    "unreadable_reference": "a reference that may be missing cannot be read and is missing",
    "unreadable_part": "a person named in the cell could not be read and is missing",
    "unknown_value": "a value is not in the vocabulary and is missing",
    "name_in_one_word": "a whole name was expected and one word was sent; it was taken as the family name",
    "postcode_unreadable": "a postcode has no postcode's form and is missing",
    "uprn_unreadable": "a property number cannot be read and is missing",
    "pnc_unreadable": "a Police National Computer number has no such number's form and is missing",
    "phone_unreadable": "a telephone number cannot be read and is missing",
    "grade_unreadable": "intelligence without a readable grade: kept, never scored, never released",
    "grade_converted": "a 5x5x5 grade was converted to 3x5x2",
    "letters_lost": "a cell holds marks where letters were lost on the way; it is kept as sent",
    "html_in_cell": "a cell holds HTML; it is kept as text and never run",
    "formula_in_cell": "a cell begins like a formula; it is kept as text and never run",
}

NOT_KNOWN = frozenset({"", "-", "--", "N/K", "NK", "N/A", "UNK", "UNKNOWN", "NOT KNOWN", "NOT STATED", "NOT RECORDED"})

_HTML = re.compile(r"<\s*[A-Za-z/!?]")
_FORMULA = re.compile(r"[=+@]|-(?=[A-Za-z(=@])")


class Reading(NamedTuple):
    """What a cell says, None when it says nothing usable, and the rule that applied."""

    value: object
    rule: str | None = None


class Manner(NamedTuple):
    """How a feed's column is written: what a reader has to know beyond the text."""

    formats: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    vocabulary: tuple[str, ...] = ()
    separators: str = ";"
    default_births: tuple[date, ...] = ()
    births_to: int = 29
    pattern: str | None = None


def plain(text: str) -> str:
    """Return the form by which words are compared: capitals, single blanks."""
    return " ".join(text.split()).upper()


def read_text(text: str, manner: Manner) -> Reading:
    """Keep text as it is, and say where it could run if someone opened it carelessly, or where letters were lost."""
    if "\ufffd" in text:
        return Reading(text, "letters_lost")
    if _HTML.search(text):
        return Reading(text, "html_in_cell")
    return Reading(text, "formula_in_cell" if _FORMULA.match(text) else None)
