"""Read the distinct texts of a column: many at once where they are plain, one by one where they are not.

Most columns are short of surprises, and a reader that looks for each of them in each of a million references takes
longer than everything else. So texts are looked at in blocks, and a block that holds none of what a reader acts on is
taken as it is. What comes out is what the reader says of each text by itself.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from csp_toolkit.records.cells import READERS
from csp_toolkit.records.identifiers import is_mangled
from csp_toolkit.records.readings import Manner, Reading

BLOCK = 10_000
_SUSPECT = ("\ufffd", "<", "\n=", "\n+", "\n@", "\n-")  # a text's beginning stands after a line end


class ReadTexts(NamedTuple):
    """What texts say, in their order, and for each rule the places of the texts it applied to."""

    values: list[object]
    rules: dict[str, np.ndarray]


def read_distinct(reader: str, texts: list[str], manner: Manner, *, blank: object) -> ReadTexts:
    """Read texts by a reader's name; an empty one says `blank`."""
    read_one, read_plain = READERS[reader], _PLAIN.get(reader)
    fits = re.compile(manner.pattern).fullmatch if manner.pattern else None
    values: list[object] = []
    rules: dict[str, list[int]] = {}
    for block in _blocks(texts):
        start = len(values)
        if read_plain is not None and _holds_nothing(block, _SUSPECT):
            said = read_plain(block, fits)
        else:
            readings = [read_one(text, manner) if text else Reading(None) for text in block]
            said = [reading.value for reading in readings], [reading.rule for reading in readings]
        values += [blank if value is None else value for value in said[0]]
        for place, rule in enumerate(said[1], start=start):
            if rule:
                rules.setdefault(rule, []).append(place)
    return ReadTexts(values, {rule: np.array(places, dtype="int64") for rule, places in sorted(rules.items())})


def change_each(texts: list[str], change: Callable[[str], str], leaves_alone: Callable[[list[str]], bool]) -> list[str]:
    """Change texts by a function that returns the same object where there is nothing to change.

    `leaves_alone` says of a block, at a glance, that there is nothing to change in it.
    """
    changed: list[str] = []
    for block in _blocks(texts):
        changed += block if leaves_alone(block) else map(change, block)
    return changed


def _blocks(texts: list[str]) -> Iterator[list[str]]:
    return (texts[at : at + BLOCK] for at in range(0, len(texts), BLOCK))


def _holds_nothing(block: list[str], marks: tuple[str, ...]) -> bool:
    together = "\n" + "\n".join(block)
    return not any(mark in together for mark in marks)


_Fits = Callable[[str], object] | None
_Said = tuple[list[object], list[str | None]]


def _plain_texts(block: list[str], fits: _Fits) -> _Said:
    return [text or None for text in block], []


def _plain_references(block: list[str], fits: _Fits) -> _Said:
    if fits is None:
        lost = [is_mangled(text) is not None for text in block]
    else:
        lost = [bool(text) and (is_mangled(text) is not None or fits(text) is None) for text in block]
    if not any(lost):
        return _plain_texts(block, fits)
    values: list[object] = [None if gone else text or None for text, gone in zip(block, lost, strict=True)]
    return values, ["unreadable_reference" if gone else None for gone in lost]


_PLAIN: dict[str, Callable[[list[str], _Fits], _Said]] = {"text": _plain_texts, "reference": _plain_references}
