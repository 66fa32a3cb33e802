"""Words the page may use, and those it may not.

Generated sentences go through `check_sentence`. Chances are said in the words of the PHIA yardstick. Text that a
partner wrote is not a generated sentence: it is quoted as it came and never goes through here.
"""

import re
from collections.abc import Iterable, Sequence

from csp_toolkit.errors import CheckFailed

YARDSTICK: tuple[tuple[str, float, float], ...] = (
    ("remote chance", 0, 5),
    ("highly unlikely", 10, 20),
    ("unlikely", 25, 35),
    ("realistic possibility", 40, 50),
    ("likely", 55, 75),
    ("highly likely", 80, 90),
    ("almost certain", 95, 100),
)
BANNED: dict[str, str] = {
    r"\bgang[ -]?members?\b": "say “assessed (1B) as linked to”, or “the police’s group”",
    r"\bwill (re-?)?offend\b": "no page says what a person will do",
    r"\bdangerous\b": "say what is recorded",
    r"\boffends\b": "say “recorded”, “charged” or “convicted”",
    r"\bknown to\b": "say who recorded what",
    r"\bmenace\b": "say what is recorded",
    r"\btarget(s|ed|ing)?\b": "say “person” or “subject of an action”",
    r"\bmay well\b": "use a yardstick word",
    r"\bpossible that\b": "use a yardstick word",
    r"\brisk of (re-?)?offending\b": "no probability of offending is made",
}
_BANNED = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in BANNED.items()]
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS_BY_LENGTH = sorted((word for word, _, _ in YARDSTICK), key=len, reverse=True)
YARDSTICK_WORD = re.compile(r"\b(" + "|".join(_WORDS_BY_LENGTH) + r")\b")


def find_banned(text: str) -> list[str]:
    """Name the banned phrases in a text, each with what to say instead."""
    found = ((pattern.search(text), instead) for pattern, instead in _BANNED)
    return [f"“{match.group(0).lower()}” ({instead})" for match, instead in found if match]


def check_sentence(sentence: str) -> str:
    """Return a generated sentence as it is, or refuse it for its words.

    The message names the phrase, never the sentence, which may hold a name.
    """
    found = find_banned(sentence)
    if found:
        raise CheckFailed(f"A generated sentence uses {'; '.join(found)}. Change the words where it is written.")
    return sentence


def say_chance(in_100: float) -> str:
    """Say a chance in 100 in yardstick words: the nearest band; at equal distance the one nearer to 50.

    Examples
    --------
    >>> say_chance(99), say_chance(92), say_chance(7.5), say_chance(52.5)
    ('almost certain', 'highly likely', 'highly unlikely', 'realistic possibility')
    """
    if not 0 <= in_100 <= 100:
        raise ValueError("a chance in 100 lies between 0 and 100")

    def distance(band: tuple[str, float, float]) -> tuple[float, float]:
        _, low, high = band
        nearest = min(max(in_100, low), high)
        return round(abs(in_100 - nearest), 9), abs(nearest - 50)

    return min(YARDSTICK, key=distance)[0]


def count_in_100(in_100: float) -> str:
    """Write a chance in 100 as a whole number; what was estimated is never written as sure.

    Examples
    --------
    >>> count_in_100(72.4), count_in_100(99.8), count_in_100(0)
    ('72', '>99', '<1')
    """
    if in_100 > 99.5:
        return ">99"
    return "<1" if in_100 < 0.5 else f"{in_100:.0f}"


def count_in_words(n: int, one: str, many: str | None = None, *, start: bool = False) -> str:
    """Write a count with its noun, small numbers in words.

    Examples
    --------
    >>> count_in_words(1, "person", "people"), count_in_words(36, "action"), count_in_words(2, "feed", start=True)
    ('one person', '36 actions', 'Two feeds')
    """
    number = _SMALL[n] if 0 <= n < len(_SMALL) else f"{n:,}"
    words = f"{number} {one if n == 1 else (many or one + 's')}"
    return words[0].upper() + words[1:] if start else words


def join_in_words(items: Sequence[str] | Iterable[str], last: str = "and") -> str:
    """Join items as a sentence does.

    Examples
    --------
    >>> join_in_words(["a"]), join_in_words(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    listed = list(items)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"
