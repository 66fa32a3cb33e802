"""Read what numbers and names a thing: references, postcodes, telephone and property numbers.

Spreadsheets spoil these most: a reference becomes a date, a long number a decimal, a leading nought is lost.
"""

import re

from csp_toolkit.records.readings import NOT_KNOWN, Manner, Reading, plain, read_text

_MANGLED = re.compile(
    r"[A-Za-z]{3}-\d{2,4}|\d{1,2}-[A-Za-z]{3}(-\d{2,4})?|\d+([.,]\d+)?[Ee]\+?\d+|#[A-Z/0!?]+|\d{1,2}/\d{1,2}/\d{4}"
    r"|\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?"
)
is_mangled = _MANGLED.fullmatch
_PNC = re.compile(r"([A-Z]{0,5})(\d{4}|\d{2})/(\d{1,7})([A-Z])")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")


def read_reference(text: str, manner: Manner) -> Reading:
    """Read a reference; one that a spreadsheet turned into a date or a power of ten is lost.

    >>> read_reference("Mar-25", Manner()).rule
    'unreadable_reference'
    """
    if is_mangled(text) or (manner.pattern and not re.fullmatch(manner.pattern, text)):
        return Reading(None, "unreadable_reference")
    return read_text(text, manner)


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


def read_pnc(text: str, manner: Manner) -> Reading:
    """Bring a Police National Computer number to its long form, year with four figures and number with seven.

    >>> read_pnc("15/100246z", Manner()).value, read_pnc("100246Z", Manner()).rule
    ('2015/0100246Z', 'pnc_unreadable')
    """
    match = _PNC.fullmatch(re.sub(r"\s", "", text).upper())
    if match is None:
        return Reading(None) if plain(text) in NOT_KNOWN else Reading(None, "pnc_unreadable")
    prefix, year, number, letter = match.groups()
    if len(year) == 2:
        year = ("20" if int(year) <= manner.births_to else "19") + year
    form = f"{prefix}{year}/{int(number):07d}{letter}"
    return Reading(form, None if form == text else "pnc_form")


def read_uprn(text: str, manner: Manner) -> Reading:
    """Read a property number, which spreadsheets like to turn into a decimal."""
    if re.fullmatch(r"\d{1,12}", text):
        return Reading(text)
    if re.fullmatch(r"\d{1,12}\.0*", text):
        return Reading(text.split(".")[0], "uprn_form")
    return Reading(None, "uprn_unreadable")
