"""Names: a whole name in one cell parted, with or without a title and in either order, and spellings brought to one."""

import re
import unicodedata

from csp_toolkit.records.readings import NOT_KNOWN, Manner, Reading, plain, read_text

_TITLES = frozenset(
    {"MR", "MRS", "MS", "MISS", "MX", "DR", "REV", "REVD", "SIR", "LADY", "LORD", "PROF", "CLLR", "MASTER"}
)
_PARTICLES = frozenset(
    {"AL", "BIN", "DA", "DE", "DEL", "DEN", "DER", "DI", "DOS", "DU", "EL", "IBN", "LA", "LE", "MAC", "MC", "ST", "TER",
     "VAN", "VON"}
)  # fmt: skip
# Letters that do not fall apart into a letter and an accent.
_WHOLE_LETTERS = str.maketrans({"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ħ": "H",
                                "Ŧ": "T", "ẞ": "SS"})  # fmt: skip
NOBODY = NOT_KNOWN | {"NOT KNOWN TO US", "VARIOUS", "MULTIPLE", "NONE", "UNIDENTIFIED"}


def split_name(text: str) -> tuple[str | None, str | None]:
    """Return a whole name's given and family parts; where there is one word alone it is the family name.

    >>> split_name("Mr Bernard Dale"), split_name("Kay, Kinga")
    (('Bernard', 'Dale'), ('Kinga', 'Kay'))
    >>> split_name("Dr Ana María de la Cruz")
    ('Ana María', 'de la Cruz')
    >>> split_name("Not known")
    (None, None)
    """
    if plain(text) in NOBODY or not any(letter.isalpha() for letter in text):
        return None, None
    before, comma, after = text.partition(",")
    if comma and before.strip() and after.strip():
        return " ".join(_without_title(after.split())), " ".join(_without_title(before.split()))
    words = _without_title(text.replace(",", " ").split())
    start = len(words) - 1
    while start > 1 and plain(words[start - 1].rstrip("'’.")) in _PARTICLES:
        start -= 1
    return " ".join(words[:start]) or None, " ".join(words[start:]) or None


def _without_title(words: list[str]) -> list[str]:
    while len(words) > 1 and re.sub(r"\.$", "", words[0]).upper() in _TITLES:
        words = words[1:]
    return words


def read_given_name(text: str, manner: Manner) -> Reading:
    """Read the given names out of a whole name."""
    given, family = split_name(text)
    return Reading(given, "name_in_one_word" if family and not given else None)


def read_family_name(text: str, manner: Manner) -> Reading:
    """Read the family name out of a whole name."""
    return Reading(split_name(text)[1], read_text(text, manner).rule)


def normalise_name(name: str) -> str:
    """Return a name in capitals with accents folded and everything but letters and digits dropped.

    >>> normalise_name("O'Brien-Łukasz ") == normalise_name("OBRIEN LUKASZ")
    True
    """
    capitals = name.upper().translate(_WHOLE_LETTERS)
    if not capitals.isascii():
        capitals = unicodedata.normalize("NFKD", capitals)
        capitals = "".join(letter for letter in capitals if not unicodedata.combining(letter))
    return "".join(letter for letter in capitals if letter.isalnum())
