"""Take apart a cell that names several people.

A pattern has a name, by which a feed asks for it, and named groups, which become columns of their own. The names
are matched leniently (any letters, apostrophes, hyphens), the punctuation around them exactly.
"""

import re
from collections.abc import Mapping

_BORN = r"\s*\((?P<dob>[^()]*)\)\s*"
_ROLE = r"\[(?P<status>[^\[\]]*?)-(?P<role>[^\[\]-]*)\]\s*"
_PERSON = r"(?P<ref>\S+)\s+(?P<family_name>[^,\[\]();]+?)\s*,\s*(?P<given_name>[^,\[\]();]*?)"

PATTERNS: dict[str, re.Pattern[str]] = {
    "person": re.compile(_PERSON + r"\s*"),
    "person_with_birth": re.compile(_PERSON + _BORN),
    "person_with_role": re.compile(_PERSON + _BORN + _ROLE),
}


def part_names(pattern: str) -> tuple[str, ...]:
    """Return the columns a pattern gives, `position` (from 1) among them."""
    return (*PATTERNS[pattern].groupindex, "position")


def take_apart(text: str, pattern: str, separator: str = ";") -> tuple[list[Mapping[str, str]], bool]:
    """Return the people a cell names, in order, and whether any could not be read.

    >>> take_apart("42/1/20 SMITH, Ann (01/02/1990) [CHARGED-PRINCIPAL]", "person_with_role")[0][0]["role"]
    'PRINCIPAL'
    """
    found: list[Mapping[str, str]] = []
    failed = False
    pieces = [piece.strip() for piece in text.split(separator)]
    for position, piece in enumerate((p for p in pieces if p), start=1):
        match = PATTERNS[pattern].fullmatch(piece)
        if match is None:
            failed = True
        else:
            found.append({**{k: v.strip() for k, v in match.groupdict().items()}, "position": str(position)})
    return found, failed
