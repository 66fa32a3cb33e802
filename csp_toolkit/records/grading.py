"""Read the grade of an intelligence report: 3x5x2, and the 5x5x5 that older reports still carry.

The two schemes cannot be mistaken for each other (one starts with a figure, the other with a letter), so the
scheme is found from the grade itself. Anything else, the two-character Admiralty code among it, is not guessed:
the report stays, ungraded, is never scored and never leaves.
"""

import re
from dataclasses import dataclass
from typing import Literal

Scheme = Literal["3x5x2", "5x5x5"]

POLICE_ONLY = "police and law enforcement only"

_THREE = re.compile(r"([1-3])\s*([A-E])\s*([PC])")
_FIVE = re.compile(r"([A-E])\s*([1-5])\s*([1-5])")

# There is no official table from 5x5x5 to 3x5x2. This one is the careful reading: it never makes a source more
# reliable, or a report easier to share, than it was. Handling 1 named police and law enforcement alone, so it
# becomes C with that condition, never P.
_SOURCE = {"A": "1", "B": "1", "C": "2", "E": "2", "D": "3"}
_INFORMATION = {"1": "A", "2": "A", "3": "B", "4": "D", "5": "E"}
_HANDLING = {"1": "C", "2": "P", "3": "C", "4": "C", "5": "C"}


@dataclass(frozen=True)
class Grade:
    """A grade in 3x5x2 terms, whichever scheme it was written in.

    Attributes
    ----------
    source : "1" reliable, "2" untested, "3" not reliable.
    information : "A" known directly, "B" indirectly but corroborated, "C" indirectly, "D" not known, "E" suspected
        to be false.
    handling : "P" lawful sharing permitted, "C" permitted with conditions.
    original : the grade as sent.
    is_police_only : a 5x5x5 grade with handling 1: see `POLICE_ONLY`.
    """

    source: str
    information: str
    handling: str
    scheme: Scheme
    original: str
    is_police_only: bool = False

    @property
    def code(self) -> str:
        """Return source and information, the part that says how far to believe it: "2C"."""
        return self.source + self.information

    @property
    def is_converted(self) -> bool:
        """Say whether the grade was written in 5x5x5 and converted."""
        return self.scheme == "5x5x5"

    def is_at_least(self, source: str, information: str) -> bool:
        """Say whether it is as good as a grade, or better, on both of its scales.

        The scales are not added up: a reliable source of corroborated hearsay (1B) and an untested eyewitness (2A)
        are neither better than the other.

        >>> parse_grade("1CP").is_at_least("2", "B")
        False
        >>> parse_grade("1BP").is_at_least("2", "B")
        True
        """
        return self.source <= source and self.information <= information


def parse_grade(text: str | None) -> Grade | None:
    """Read a grade; spaces and lower case are tolerated, anything that is no grade gives None.

    >>> parse_grade("2 c p").code
    '2C'
    >>> parse_grade("B24").code, parse_grade("B24").handling
    ('1A', 'C')
    >>> parse_grade("B2") is None
    True
    """
    if not isinstance(text, str):
        return None
    spelt = text.strip().upper()
    if three := _THREE.fullmatch(spelt):
        source, information, handling = three.groups()
        return Grade(source, information, handling, "3x5x2", text)
    if five := _FIVE.fullmatch(spelt):
        source, information, handling = five.groups()
        converted = _SOURCE[source], _INFORMATION[information], _HANDLING[handling]
        return Grade(*converted, "5x5x5", text, is_police_only=handling == "1")
    return None
