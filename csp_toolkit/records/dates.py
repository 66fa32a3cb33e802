"""Read dates and times as agencies write them, and say when one was not written as its feed declares.

A feed declares its formats. ISO dates are understood everywhere, since Excel's own dates arrive so. What else is
tried is a repair, and said: an Excel serial number, and a year of two figures where four are declared.
"""

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_PARTS = {
    "%d": r"(?P<d>\d{1,2})", "%m": r"(?P<m>\d{1,2})", "%Y": r"(?P<Y>\d{4})", "%y": r"(?P<y>\d{2})",
    "%b": r"(?P<b>[A-Za-z]{3,9})\.?", "%H": r"(?P<H>\d{1,2})", "%M": r"(?P<M>\d{2})", "%S": r"(?P<S>\d{2})",
}  # fmt: skip
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: place for place, name in enumerate(_MONTH_NAMES, start=1)}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_SERIAL = re.compile(r"(\d{5})(?:\.(\d+))?")
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)
_SERIALS = range(20_000, 73_051)  # 1954 to the end of 2099


class Dated(NamedTuple):
    """A date with its time, and the rule by which it was repaired, if it was."""

    at: datetime | None
    rule: str | None = None


def read_date(text: str, formats: tuple[str, ...], *, births_to: int | None = None) -> Dated:
    """Read a date or time written in one of the formats (`%d %m %Y %y %b %H %M %S`), in London's wall clock.

    Parameters
    ----------
    births_to : for a date of birth with a year of two figures: the last year, in two figures, that still means
        20yy; later ones mean 19yy. Other dates always mean 20yy.

    Examples
    --------
    >>> read_date("29/10/2026", ("%d/%m/%Y",)).at
    datetime.datetime(2026, 10, 29, 0, 0)
    >>> read_date("45597", ("%d/%m/%Y",))
    Dated(at=datetime.datetime(2024, 11, 1, 0, 0), rule='excel_serial_date')
    >>> read_date("31/02/2026", ("%d/%m/%Y",))
    Dated(at=None, rule='unreadable_date')
    """
    for form in formats:
        if (match := _pattern(form).fullmatch(text)) and (at := _built(match.groupdict(), births_to)):
            return Dated(at)
    if match := _ISO.fullmatch(text):
        return Dated(at) if (at := _iso(match)) else Dated(None, "unreadable_date")
    for form in formats:
        if "%Y" not in form:
            continue
        short = _pattern(form.replace("%Y", "%y")).fullmatch(text)
        if short and (at := _built(short.groupdict(), births_to)):
            return Dated(at, "two_digit_year")
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in _SERIALS:
        part = float(f"0.{match[2]}") if match[2] else 0.0
        return Dated(_EXCEL_DAY_ZERO + timedelta(days=int(match[1]), minutes=round(part * 1440)), "excel_serial_date")
    return Dated(None, "unreadable_date")


def read_birth(text: str, formats: tuple[str, ...], defaults: tuple[date, ...], births_to: int) -> Dated:
    """Read a date of birth; one that stands for "not known" in the sender's system becomes unknown."""
    dated = read_date(text, formats, births_to=births_to)
    if dated.at is not None and dated.at.date() in defaults:
        return Dated(None, "default_birth_date")
    return dated


@cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile("".join(_PARTS.get(piece, re.escape(piece)) for piece in re.findall(r"%.|[^%]+", form)))


def _built(found: dict[str, str | None], births_to: int | None) -> datetime | None:
    def number(part: str) -> int:
        return int(found.get(part) or 0)

    year = number("Y") or number("y") + 2000
    if not found.get("Y") and births_to is not None and year - 2000 > births_to:
        year -= 100
    month = number("m") or _MONTHS.get((found.get("b") or "")[:3].lower(), 0)
    try:
        return datetime(year, month, number("d"), number("H"), number("M"), number("S"))
    except ValueError:
        return None


def _iso(match: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        if zone is None:
            return at
        offset = "+00:00" if zone == "Z" else zone
        return datetime.fromisoformat(at.isoformat() + offset).astimezone(LONDON).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
