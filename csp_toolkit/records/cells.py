"""Read one kind of cell: text to a value, and the rule by which it was mended or could not be.

A reader is given the text of a cell that is not empty, trimmed, and returns a `Reading`. It never guesses: what it
cannot read becomes missing, under a rule that says so.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from csp_toolkit.records.dates import read_birth, read_date
from csp_toolkit.records.grading import parse_grade

CELL_REPAIRS = {
    "spaces_trimmed": "blanks before, after or doubled within a cell, or a control character, were taken out",
    "excel_serial_date": "a date stood as Excel's day number and was turned back into the date",
    "two_digit_year": "a year had two figures where four are declared; the century was filled in",
    "default_birth_date": "the date of birth is the sender's stand-in for not known, and was made unknown",
    "uprn_form": "a property number stood as a decimal and was made whole",
    "whole_number_form": "a whole number stood as a decimal and was made whole",
    "phone_form": "a telephone number was brought to one form",
    "postcode_form": "a postcode was brought to one form",
    "grade_form": "a grade was written with blanks or in small letters",
    "marking_converted": "an old protective marking was turned into today's",
}
CELL_FLAGS = {
    "unreadable_date": "a date could not be read and is missing",
    "unreadable_number": "a number could not be read and is missing",
    "unreadable_reference": "a reference that may be missing cannot be read and is missing",
    "unreadable_part": "a person named in the cell could not be read and is missing",
    "unknown_value": "a value is not in the vocabulary and is missing",
    "postcode_unreadable": "a postcode has no postcode's form and is missing",
    "uprn_unreadable": "a property number cannot be read and is missing",
    "phone_unreadable": "a telephone number cannot be read and is missing",
    "grade_unreadable": "intelligence without a readable grade: kept, never scored, never released",
    "grade_converted": "a 5x5x5 grade was converted to 3x5x2",
    "html_in_cell": "a cell holds HTML; it is kept as text and never run",
    "formula_in_cell": "a cell begins like a formula; it is kept as text and never run",
}

UNKNOWN_AREA = "UNK"
NOT_KNOWN = frozenset({"", "-", "--", "N/K", "NK", "N/A", "UNK", "UNKNOWN", "NOT KNOWN", "NOT STATED", "NOT RECORDED"})
YES = frozenset({"Y", "YES", "1", "TRUE", "T"})
NO = frozenset({"N", "NO", "0", "FALSE", "F"})
FLAG_UNKNOWN = NOT_KNOWN | {"U"}

OLD_MARKINGS = {
    "PROTECT": "OFFICIAL-SENSITIVE", "RESTRICTED": "OFFICIAL-SENSITIVE", "UNCLASSIFIED": "OFFICIAL",
    "NOT PROTECTIVELY MARKED": "OFFICIAL", "NPM": "OFFICIAL",
}  # fmt: skip

_MANGLED = re.compile(
    r"[A-Za-z]{3}-\d{2,4}|\d{1,2}-[A-Za-z]{3}(-\d{2,4})?|\d+([.,]\d+)?[Ee]\+?\d+|#[A-Z/0!?]+|\d{1,2}/\d{1,2}/\d{4}"
    r"|\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?"
)
_HTML = re.compile(r"<\s*[A-Za-z/!?]")
_FORMULA = re.compile(r"[=+@]|-(?=[A-Za-z(=@])")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")


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


def _word(text: str) -> str:
    return re.sub(r"[\s_/-]+", "_", text.strip()).upper()


def read_text(text: str, manner: Manner) -> Reading:
    """Keep text as it is, and say where it could run if someone opened it carelessly."""
    if _HTML.search(text):
        return Reading(text, "html_in_cell")
    return Reading(text, "formula_in_cell" if _FORMULA.match(text) else None)


def read_reference(text: str, manner: Manner) -> Reading:
    """Read a reference; one that a spreadsheet turned into a date or a power of ten is lost.

    >>> read_reference("Mar-25", Manner()).rule
    'unreadable_reference'
    """
    if _MANGLED.fullmatch(text) or (manner.pattern and not re.fullmatch(manner.pattern, text)):
        return Reading(None, "unreadable_reference")
    return read_text(text, manner)


def read_code(text: str, manner: Manner) -> Reading:
    """Read a coded value: by the feed's own words, else by the vocabulary, whatever its case and joints."""
    word = _word(text)
    for sent, code in (manner.values or {}).items():
        if _word(sent) == word:
            return Reading(code or None)
    for code in manner.vocabulary:
        if _word(code) == word:
            return Reading(code)
    return Reading(None) if plain(text) in NOT_KNOWN else Reading(None, "unknown_value")


def read_flag(text: str, manner: Manner) -> Reading:
    """Read yes, no or not stated, however it is spelt."""
    word = plain(text)
    for sent, flag in (manner.values or {}).items():
        if plain(sent) == word:
            return Reading(flag)
    if word in YES:
        return Reading("Y")
    if word in NO:
        return Reading("N")
    return Reading("U") if word in FLAG_UNKNOWN else Reading("U", "unknown_value")


def read_presence(text: str, manner: Manner) -> Reading:
    """Read a cell whose being filled in means yes: a date of death, a tick of any kind."""
    word = plain(text)
    return Reading("U" if word in FLAG_UNKNOWN else "N" if word in NO else "Y")


def read_day(text: str, manner: Manner) -> Reading:
    """Read a date."""
    dated = read_date(text, manner.formats)
    day = dated.at.replace(hour=0, minute=0, second=0) if dated.at else None
    return _unless_other_words(text, manner, Reading(day, dated.rule))


def read_time(text: str, manner: Manner) -> Reading:
    """Read a date with its time, in London's wall clock."""
    dated = read_date(text, manner.formats)
    return _unless_other_words(text, manner, Reading(dated.at, dated.rule))


def read_born(text: str, manner: Manner) -> Reading:
    """Read a date of birth."""
    dated = read_birth(text, manner.formats, manner.default_births, manner.births_to)
    return _unless_other_words(text, manner, Reading(dated.at, dated.rule))


def read_precision(text: str, manner: Manner) -> Reading:
    """Say how exactly a date of birth is known."""
    return Reading("EXACT" if read_born(text, manner).value is not None else "UNK")


def _unless_other_words(text: str, manner: Manner, reading: Reading) -> Reading:
    """Leave words alone that a feed says stand where a date would: they mean no date, and are no fault."""
    if reading.value is not None or reading.rule != "unreadable_date":
        return reading
    words = {plain(word) for word in manner.values or ()} | NOT_KNOWN
    return Reading(None) if plain(text) in words else reading


def read_whole(text: str, manner: Manner) -> Reading:
    """Read a whole number."""
    digits = text.replace(",", "")
    if re.fullmatch(r"-?\d{1,15}", digits):
        return Reading(int(digits))
    if re.fullmatch(r"-?\d{1,15}\.0+", digits):
        return Reading(int(digits.split(".")[0]), "whole_number_form")
    return Reading(None) if plain(text) in NOT_KNOWN else Reading(None, "unreadable_number")


def read_refs(text: str, manner: Manner) -> Reading:
    """Read references or words parted by any of the feed's separators."""
    parts = [" ".join(part.split()) for part in re.split(f"[{re.escape(manner.separators)}]", text)]
    joined = "; ".join(part for part in parts if part)
    return Reading(joined or None, read_text(joined, manner).rule)


def read_area(text: str, manner: Manner) -> Reading:
    """Read an area's name; the ways of saying "not known" become `UNK`, no fixed abode stays `NFA`."""
    word = plain(text)
    if word in NOT_KNOWN:
        return Reading(UNKNOWN_AREA)
    return Reading("NFA") if word in ("NFA", "NO FIXED ABODE") else read_text(text, manner)


def read_postcode(text: str, manner: Manner) -> Reading:
    """Bring a postcode to its one form.

    >>> read_postcode("ss99  4rh", Manner())
    Reading(value='SS99 4RH', rule='postcode_form')
    """
    match = _POSTCODE.fullmatch(re.sub(r"\s", "", text).upper())
    if match is None:
        return Reading(None) if plain(text) in NOT_KNOWN | {"NFA"} else Reading(None, "postcode_unreadable")
    form = f"{match[1]} {match[2]}"
    return Reading(form, None if form == text else "postcode_form")


def read_phone(text: str, manner: Manner) -> Reading:
    """Bring a telephone number to its national form, without blanks.

    >>> read_phone("+44 7700 900062", Manner()).value, read_phone("7700900348", Manner()).value
    ('07700900062', '07700900348')
    """
    digits = re.sub(r"[\s()./-]", "", text)
    national = re.sub(r"^(\+44|0044)(\(?0\)?)?", "0", digits)
    if re.fullmatch(r"[1-9]\d{9}", national):
        national = "0" + national
    if not re.fullmatch(r"0\d{9,10}", national):
        return Reading(None, "phone_unreadable")
    return Reading(national, None if national == text.replace(" ", "") else "phone_form")


def read_uprn(text: str, manner: Manner) -> Reading:
    """Read a property number, which spreadsheets like to turn into a decimal."""
    if re.fullmatch(r"\d{1,12}", text):
        return Reading(text)
    if re.fullmatch(r"\d{1,12}\.0*", text):
        return Reading(text.split(".")[0], "uprn_form")
    return Reading(None, "uprn_unreadable")


def read_grade(text: str, manner: Manner) -> Reading:
    """Read a grade into a `Grade`."""
    grade = parse_grade(text)
    if grade is None:
        return Reading(None, "grade_unreadable")
    if grade.is_converted:
        return Reading(grade, "grade_converted")
    return Reading(grade, None if grade.code + grade.handling == text else "grade_form")


def read_marking(text: str, manner: Manner) -> Reading:
    """Read a protective marking; the old ones below CONFIDENTIAL are OFFICIAL or OFFICIAL-SENSITIVE today."""
    marking = re.sub(r"OFFICIAL[\s_-]+SENSITIVE", "OFFICIAL-SENSITIVE", plain(text))
    today = OLD_MARKINGS.get(marking)
    return Reading(today, "marking_converted") if today else Reading(marking)


READERS: dict[str, Callable[[str, Manner], Reading]] = {
    "text": read_text, "reference": read_reference, "code": read_code, "flag": read_flag, "presence": read_presence,
    "date": read_day, "time": read_time, "birth": read_born, "precision": read_precision, "whole": read_whole,
    "refs": read_refs, "area": read_area, "postcode": read_postcode, "phone": read_phone, "uprn": read_uprn,
    "grade": read_grade, "marking": read_marking,
}  # fmt: skip
