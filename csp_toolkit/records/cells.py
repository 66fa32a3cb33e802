"""Read one kind of cell: text to a value, and the rule by which it was mended or could not be.

A reader is given the text of a cell that is not empty, trimmed, and returns a `Reading`. It never guesses: what it
cannot read becomes missing, under a rule that says so.
"""

import re
from collections.abc import Callable

from csp_toolkit.records.dates import read_birth, read_date
from csp_toolkit.records.grading import parse_grade
from csp_toolkit.records.identifiers import read_phone, read_pnc, read_postcode, read_reference, read_uprn
from csp_toolkit.records.names import read_family_name, read_given_name
from csp_toolkit.records.readings import NOT_KNOWN, Manner, Reading, plain, read_text

UNKNOWN_AREA = "UNK"
YES = frozenset({"Y", "YES", "1", "TRUE", "T"})
NO = frozenset({"N", "NO", "0", "FALSE", "F"})
FLAG_UNKNOWN = NOT_KNOWN | {"U"}

OLD_MARKINGS = {
    "PROTECT": "OFFICIAL-SENSITIVE", "RESTRICTED": "OFFICIAL-SENSITIVE", "UNCLASSIFIED": "OFFICIAL",
    "NOT PROTECTIVELY MARKED": "OFFICIAL", "NPM": "OFFICIAL",
}  # fmt: skip


def _word(text: str) -> str:
    return re.sub(r"[\s_/-]+", "_", text.strip()).upper()


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


def read_hundredths(text: str, manner: Manner) -> Reading:
    """Read an amount with up to two decimals as whole hundredths: pounds as pence, a per cent as its hundredths.

    >>> read_hundredths("£1,431.48", Manner()).value, read_hundredths("87 %", Manner()).value
    (143148, 8700)
    """
    match = re.fullmatch(r"(-?)£?\s*(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d{1,2})0*)?\s*%?", text)
    if match is None:
        return Reading(None) if plain(text) in NOT_KNOWN else Reading(None, "unreadable_number")
    amount = int(match[2].replace(",", "")) * 100 + int((match[3] or "0").ljust(2, "0"))
    return Reading(-amount if match[1] else amount)


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
    "grade": read_grade, "marking": read_marking, "hundredths": read_hundredths, "pnc": read_pnc,
    "given_name": read_given_name, "family_name": read_family_name,
}  # fmt: skip
