"""One cell's value as a reader sees it: dates, numbers, and the words for what is not there.

Unknown is a word, never nought and never blank. A minus is a true minus, a date reads `5 Nov 2026`, and whatever
a partner typed stays text: control characters that could reorder or hide a line are shown, not obeyed.
"""

import unicodedata
from datetime import date, datetime
from numbers import Real

import pandas as pd

NOT_KNOWN = "not known"
NOT_ASSESSED = "not assessed"
WITHHELD = "withheld"

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_MAX_STACKED_MARKS = 2


def is_missing(value: object) -> bool:
    """Say whether a value is not there: None, NaN, NaT, NA, or text of blanks only."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def is_number(value: object) -> bool:
    """Say whether a value is a number that can be drawn, not a word that stands in for one."""
    return isinstance(value, Real) and not isinstance(value, bool) and not is_missing(value)


def is_positive(value: object) -> bool:
    """Say whether a value is a number above nought."""
    return is_number(value) and float(str(value)) > 0


def show_text(value: object) -> str:
    r"""Show text as it was typed, on one line, with characters that could hide or reorder it made visible.

    Examples
    --------
    >>> show_text("A\u202eB")
    'A[U+202E]B'
    """
    if is_missing(value):
        return NOT_KNOWN
    shown: list[str] = []
    marks = 0
    for character in " ".join(str(value).split()):
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        if category in _HIDDEN_CATEGORIES:
            shown.append(f"[U+{ord(character):04X}]")
        elif marks <= _MAX_STACKED_MARKS:
            shown.append(character)
    return "".join(shown)


def show_date(value: object, *, long: bool = False, weekday: bool = False) -> str:
    """Write a date as `5 Nov 2026`, or long as `5 November 2026`, or with its weekday.

    Examples
    --------
    >>> show_date("2026-11-05"), show_date(None), show_date("2026-11-26", long=True, weekday=True)
    ('5 Nov 2026', 'not known', 'Thursday 26 November 2026')
    """
    if is_missing(value):
        return NOT_KNOWN
    day = _as_day(value)
    if day is None:
        return show_text(value)
    month = _MONTHS[day.month - 1] if long else _MONTHS[day.month - 1][:3]
    start = f"{day:%A} " if weekday else ""
    return f"{start}{day.day} {month} {day.year}"


def _as_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None


def show_decimal(value: object, *, places: int = 1, signed: bool = False) -> str:
    """Write a number to one decimal with a true minus; a word that stands in for it stays a word.

    Examples
    --------
    >>> show_decimal(64), show_decimal(-1.6), show_decimal("not assessed"), show_decimal(6.1, signed=True)
    ('64.0', '−1.6', 'not assessed', '+6.1')
    """
    if not is_number(value):
        return show_text(value)
    written = f"{float(str(value)):{'+' if signed else ''},.{places}f}"
    return "0.0" if float(written.replace(",", "")) == 0 and places == 1 else written.replace("-", "−")


def show_whole(value: object) -> str:
    """Write a count with thousands parted by commas.

    Examples
    --------
    >>> show_whole(72348.0), show_whole(None)
    ('72,348', 'not known')
    """
    return f"{int(float(str(value))):,}".replace("-", "−") if is_number(value) else show_text(value)
