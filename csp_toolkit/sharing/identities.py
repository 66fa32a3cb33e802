"""What would give a person away: every name, date of birth, reference and address the casebook holds of them.

Redaction takes away by column; this is for the check afterwards, which goes by value. Text is read as words
without case, accents or punctuation, so that `O'Neill-Hart`, `ONEILL HART` and `oneill hart` are one thing, and a
date of birth is found however it is written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary

import pandas as pd

from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.ages import ADULT_YEARS, age_years, youngest_birth
from csp_toolkit.tables.view import View

Words = tuple[str, ...]
SHORTEST_ALIAS = 4
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
# A date with a two-digit year, alone: three pairs of figures within a reference are no date.
_SHORT_DATE = re.compile(r"(?<![\w/.\-])(\d\d)[/.\-](\d\d)[/.\-](\d\d)(?![\w/.\-])")
_FOUND_COLUMNS = ("pnc", "upn", "home_address", "postcode", "number", "uprn")


def split_words(text: str) -> Words:
    """Split text into bare words: no case, accent, apostrophe or punctuation."""
    plain = text.replace("’", "").replace("'", "")
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return tuple(_WORD.findall(plain.casefold()))


def spell_name(family: str, given: str) -> set[Words]:
    """Spell a name in the orders it is written in."""
    first, last = split_words(given), split_words(family)
    return {last + first, first + last} if first and last else set()


def spell_date(day: date) -> set[Words]:
    """Spell a date of birth as it may be written: figures in any order, short and long month, full year."""
    year, long, month = str(day.year), MONTHS[day.month - 1], f"{day.month:02}"
    numbers = {str(day.day), f"{day.day:02}"}
    spelt = {(n, m, year) for n in numbers for m in (long, long[:3])} | {
        (m, n, year) for n in numbers for m in (long, long[:3])
    }
    spelt |= {(f"{day.day:02}", month, year), (str(day.day), str(day.month), year), (year, month, f"{day.day:02}")}
    return spelt | {(f"{year}{month}{day.day:02}",), (f"{day.day:02}{month}{year}",)}


@dataclass(frozen=True, eq=False)
class Identities:
    """Everyone in the casebook, as a check by value needs them.

    Attributes
    ----------
    names : person_id, family_name, given_name; one row per spelling on record, person_id missing where the record
        is of nobody known.
    aliases : person_id, words.
    references : person_id, value, words.
    details : person_id, column, value, words: dates of birth and whatever else the schema calls identity; of a date
        `words` are its spellings.
    children : the person_ids of those under 18 on the day.
    victims_only : the person_ids recorded as victim and never as anything else.
    """

    names: pd.DataFrame
    aliases: pd.DataFrame
    references: pd.DataFrame
    details: pd.DataFrame
    children: frozenset[str]
    victims_only: frozenset[str]


_KNOWN: "WeakKeyDictionary[View, Identities]" = WeakKeyDictionary()


def identify(view: View) -> Identities:
    """Gather from every table of a view what would give a person away; once for each view."""
    if view not in _KNOWN:
        _KNOWN[view] = _gather(view)
    return _KNOWN[view]


def _gather(view: View) -> Identities:
    names, details = [], []
    for name in (name for name in view.tables if _gives_away(name)):
        frame = view.tables[name]
        if frame.empty:
            continue
        owners = frame["person_id"] if "person_id" in frame else pd.Series(pd.NA, index=frame.index, dtype="str")
        if {"family_name", "given_name"} <= set(frame.columns):
            names.append(frame[["family_name", "given_name"]].assign(person_id=owners))
        for column in ("dob", *_FOUND_COLUMNS):
            if column in frame:
                details.append(pd.DataFrame({"person_id": owners, "column": column, "value": _as_text(frame[column])}))
    people, keys = view.people, view.person_keys
    names.append(people[["family_name", "given_name", "person_id"]])
    details.append(pd.DataFrame({"person_id": people["person_id"], "column": "dob", "value": _as_text(people["dob"])}))
    received = keys[["person_id", "source_ref"]].rename(columns={"source_ref": "value"})
    references = pd.concat([received, keys[["person_id"]].assign(value=keys["person_id"])], ignore_index=True)
    return Identities(
        names=pd.concat(names, ignore_index=True).dropna(subset=["family_name"]).drop_duplicates(ignore_index=True),
        aliases=_read_aliases(view),
        references=_spell_values(references),
        details=_spell_values(pd.concat(details, ignore_index=True)),
        children=_find_children(view.people, view.as_of),
        victims_only=_find_victims_only(view),
    )


def _gives_away(name: str) -> bool:
    """Say whether a table holds a name or a detail of somebody: only those are read."""
    columns = set(TABLES[name].names) if name in TABLES else set()
    return {"family_name", "given_name"} <= columns or not columns.isdisjoint(("dob", *_FOUND_COLUMNS))


def _spell_values(table: pd.DataFrame) -> pd.DataFrame:
    kept = table.dropna(subset=["value"]).drop_duplicates(ignore_index=True)
    is_date = kept["column"].eq("dob").tolist() if "column" in kept else [False] * len(kept)
    values = kept["value"].tolist()
    spelt = {
        v: spell_date(date.fromisoformat(v)) if d else split_words(v) for v, d in zip(values, is_date, strict=True)
    }
    return kept.assign(words=pd.Series([spelt[v] for v in values], index=kept.index, dtype="object"))


def _as_text(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return pd.Series(column.dt.strftime("%Y-%m-%d"), dtype="str")
    return pd.Series(column, dtype="str")


def _read_aliases(view: View) -> pd.DataFrame:
    records = view.tables.get("person_records")
    if records is None or records.empty:
        return pd.DataFrame({"person_id": pd.Series(dtype="str"), "words": pd.Series(dtype="object")})
    listed = records.dropna(subset=["aliases"])
    rows = [
        (person_id, split_words(alias))
        for person_id, aliases in zip(listed["person_id"], listed["aliases"], strict=True)
        for alias in aliases.split(";")
    ]
    return pd.DataFrame(
        [(p, w) for p, w in rows if len(w) > 1 or (w and len(w[0]) >= SHORTEST_ALIAS)], columns=["person_id", "words"]
    )


def _find_children(people: pd.DataFrame, as_of: date) -> frozenset[str]:
    is_child = (age_years(youngest_birth(people), as_of) < ADULT_YEARS).fillna(False).astype("bool")
    return frozenset(people.loc[is_child, "person_id"])


def _find_victims_only(view: View) -> frozenset[str]:
    """Return who stands in a table of victims and in none of suspects; being on the police list is no record."""

    def recorded(subject: str) -> set[str]:
        names = [n for n, t in TABLES.items() if t.subject == subject and t.person and n != "police_list"]
        return {person for name in names if name in view.tables for person in view[name]["person_id"].dropna()}

    return frozenset(recorded("victim") - recorded("suspect"))


@dataclass(frozen=True, eq=False)
class Forbidden:
    """What may not stand anywhere in one copy.

    `phrases` are runs of words; `born` are dates of birth with a two-digit year, as ``21/07/88``; `lone_names` are
    single names, looked for as they are written and only in text of several words, because a one-word cell such as a
    band is a code.
    """

    phrases: Set[Words]
    lone_names: Set[str]
    born: Set[str] = frozenset()
    lengths: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lengths", frozenset(len(phrase) for phrase in self.phrases))

    def find(self, text: str) -> bool:
        """Say whether `text` holds anything forbidden."""
        words = split_words(text)
        if any(run in self.phrases for length in self.lengths for run in _runs(words, length)):
            return True
        if any("/".join(found.groups()) in self.born for found in _SHORT_DATE.finditer(text)):
            return True
        written = _WORD.findall(text.replace("’", "").replace("'", ""))
        return len(written) > 1 and not self.lone_names.isdisjoint(written)


def _runs(words: Words, length: int) -> Iterator[Words]:
    return (words[i : i + length] for i in range(len(words) - length + 1))


def spell_lone_names(families: Iterable[str]) -> set[str]:
    """Spell family names as they stand alone in a sentence: in capitals, as written, or with a capital."""
    spelt = set()
    for family in families:
        bare = family.replace("’", "").replace("'", "")
        spelt |= {form for form in (bare.upper(), bare, bare.capitalize(), bare.title()) if _WORD.fullmatch(form)}
    return spelt
