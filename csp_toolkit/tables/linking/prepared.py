"""Bring records into the one form in which they are compared: names folded, births as text, homes as keys.

Nothing here looks at a second record, apart from counting how common a spelling is.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.records.names import normalise_name
from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.linking.policy import LinkModel, Names

REQUIRED = ("record_id", "source_system", "source_ref", "family_name", "given_name", "dob")
# What sounds alike is written alike, in this order.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("PH", "F"), ("SCH|SZ|CZ|CH|SH", "X"), ("CK|QU|[CQ]", "K"), ("GH(?=T|$)", ""), ("Z", "S"), ("[VW]", "V"),
        ("DT$", "T"), ("^KN", "N"), ("^WR", "R"), ("J", "G"),
    )
)  # fmt: skip
_REPEATED = re.compile(r"(.)\1+")
_VOWELS = str.maketrans("", "", "AEIOUYH")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b")
_UNKNOWN_WORDS = {"UNKNOWN", "UNK", "NK", "NOTKNOWN", "NONE", "NA"}
_STREET_WORDS = {"STREET": "ST", "ROAD": "RD", "AVENUE": "AVE", "CLOSE": "CL", "GARDENS": "GDNS", "COURT": "CT",
                 "DRIVE": "DR", "LANE": "LN", "CRESCENT": "CRES", "PLACE": "PL", "FLAT": "FL",
                 "APARTMENT": "FL"}  # fmt: skip


def refuse_anonymous(records: pd.DataFrame) -> None:
    """Refuse records of a table that is anonymous: it tells of a place and a time, and is joined to nobody."""
    if "table_name" not in records:
        return
    hidden = {name for name, table in TABLES.items() if getattr(table, "is_anonymous", False)}
    found = records["table_name"].isin(hidden)
    if found.any():
        raise TableError(
            f"{', '.join(sorted(records['table_name'][found].unique()))}: {int(found.sum())} of {len(records)} records "
            "come from an anonymous table, which may never be linked to a person. Leave it out."
        )


def prepare_records(records: pd.DataFrame, model: LinkModel, names: Names) -> pd.DataFrame:
    """Return records as they are compared, sorted by `record_id`, with whole numbers 0, 1, ... as `unique_id`.

    Parameters
    ----------
    records : one row per record (`REQUIRED`), and as known: other_names, aliases, dob_precision, sex, home_address,
        postcode, address_from_on, address_to_on, is_register, person_id, and whatever column a comparison of the model
        names.

    Raises
    ------
    TableError : a column is missing, two records have one id, or a record is of an anonymous table.
    """
    missing = [name for name in REQUIRED if name not in records]
    if missing:
        raise TableError(f"Records to link lack {', '.join(missing)}. Add the columns; leave cells empty if unknown.")
    refuse_anonymous(records)
    n_twice = int(records["record_id"].duplicated().sum())
    if n_twice:
        raise TableError(f"{n_twice} of {len(records)} records to link have another's record_id. Give each its own.")

    records = records.sort_values("record_id", kind="stable").reset_index(drop=True)
    ready = pd.DataFrame({"unique_id": np.arange(len(records), dtype="int64")})
    _add_names(ready, records, model, names)
    _add_birth(ready, records)
    _add_home(ready, records)
    for comparison in model.comparisons:
        if comparison.column:
            cleaner = _letters if comparison.kind in ("number", "code") else _words
            ready[comparison.name] = _each(_column(records, comparison.column), cleaner)
    return ready


def _column(records: pd.DataFrame, name: str) -> pd.Series:
    return records[name] if name in records else pd.Series(np.nan, index=records.index, dtype="str")


def _each(values: pd.Series, change: Callable[[str], object]) -> pd.Series:
    """Change each distinct text once; what comes to nothing is missing."""
    codes, unique = pd.factorize(values)
    changed = np.empty(len(unique) + 1, dtype=object)
    for place, value in enumerate(unique):
        done = change(str(value))
        changed[place] = done if done else None
    return pd.Series(changed[codes], index=values.index, dtype=object)


@lru_cache(maxsize=1 << 18)
def _words(text: str) -> str:
    """Fold to capitals, letters and digits, words parted by one blank."""
    folded = (normalise_name(part) for part in re.split(r"[^\w']+|_", text))
    return " ".join(part for part in folded if part and part not in _UNKNOWN_WORDS)


def _letters(text: str) -> str:
    return _words(text).replace(" ", "")


def _add_names(ready: pd.DataFrame, records: pd.DataFrame, model: LinkModel, names: Names) -> None:
    given, family = _each(records["given_name"], _words), _each(records["family_name"], _words)
    first = _each(given, lambda text: text.split()[0])
    ready["given"], ready["family"] = first, _each(family, lambda text: text.replace(" ", ""))
    roots = _find_roots(names.given_names)
    ready["given_roots"] = _each(first, lambda name: [name, *roots.get(name, ())])
    family_roots = _find_roots(names.family_names)
    endings = names.family_name_endings
    ready["family_root"] = _each(ready["family"], lambda name: _bare(family_roots.get(name, (name,))[0], endings))
    ready["family_parts"] = _each(family, lambda text: sorted({*text.split(), text.replace(" ", "")}))
    ready["other_names"] = _gather_others(given, records)
    ready["given_initial"] = _each(first, lambda name: name[0])
    ready["family_sound"] = _each(ready["family_root"], find_sound)
    ready["given_sound"] = _each(first, find_sound)
    root = _each(first, lambda name: roots.get(name, (name,))[0])
    ready["name_pair"] = _join_sorted(ready["family_root"], root)
    n_alike = first.map(first.value_counts()).fillna(0)
    listed = {*roots, *names.known_given_names}
    is_listed = first.map(lambda name: name in listed, na_action="ignore").fillna(False).astype(bool)
    ready["is_known_given"] = n_alike.ge(model.spelling.known_name_records) | is_listed


def _find_roots(groups: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the full forms each name may stand for."""
    roots: dict[str, set[str]] = {}
    for full, forms in groups.items():
        for form in (full, *forms):
            roots.setdefault(form, set()).add(full)
    return {form: tuple(sorted(full, key=lambda name: (name != form, name))) for form, full in roots.items()}


def _bare(name: str, endings: Mapping[str, str]) -> str:
    for ending, plain in endings.items():
        if name.endswith(ending) and len(name) > len(ending) + 2:
            return name[: -len(ending)] + plain
    return name


def find_sound(name: str) -> str:
    """Return a rough key of how a name sounds: its first sound, then its consonants, at most five.

    >>> find_sound("CATHERINE") == find_sound("KATHRYN"), find_sound("SCHMIDT") == find_sound("SHMIT")
    (True, True)
    """
    for pattern, sound in _SOUNDS:
        name = pattern.sub(sound, name)
    first = "A" if name[:1] in set("AEIOUY") else name[:1]
    return _REPEATED.sub(r"\1", first + name[1:].translate(_VOWELS))[:5]


def _gather_others(given: pd.Series, records: pd.DataFrame) -> pd.Series:
    """Return middle names and aliases of each record, as a list."""
    middle = _each(given, lambda text: " ".join(text.split()[1:]))
    parts = [middle, _each(_column(records, "other_names"), _words), _each(_column(records, "aliases"), _words)]
    if all(part.isna().all() for part in parts):
        return pd.Series([None] * len(records), dtype=object)
    joined = parts[0].fillna("") + " " + parts[1].fillna("") + " " + parts[2].fillna("")
    return _each(joined, lambda text: sorted({word for word in text.split() if len(word) > 1}))


def _join_sorted(one: pd.Series, other: pd.Series) -> pd.Series:
    """Join two names in order of the alphabet, so that it does not matter which stands first."""
    a, b = one.fillna("").to_numpy(dtype=object), other.fillna("").to_numpy(dtype=object)
    joined = np.where(a <= b, a + "|" + b, b + "|" + a)
    return pd.Series(joined, dtype=object).where(one.notna() & other.notna(), None)


def _add_birth(ready: pd.DataFrame, records: pd.DataFrame) -> None:
    dob = pd.to_datetime(records["dob"])
    precision = _column(records, "dob_precision").fillna("EXACT")
    exact = dob.where(precision.eq("EXACT"))
    day, month, year = exact.dt.day, exact.dt.month, dob.dt.year.where(precision.ne("UNK"))
    ready["birth"] = exact.dt.strftime("%Y%m%d").astype(object).where(exact.notna(), None)
    known = exact.notna()
    low, high = np.minimum(day, month).fillna(0).astype(int), np.maximum(day, month).fillna(0).astype(int)
    keys = year.fillna(0).astype(int).astype("str") + "-" + low.astype("str") + "-" + high.astype("str")
    ready["birth_key"] = keys.astype(object).where(known, None)
    ready["birth_year"] = year.astype("Int64")
    ready["birth_day"] = (month * 100 + day).astype("Int64")


def _add_home(ready: pd.DataFrame, records: pd.DataFrame) -> None:
    written = _column(records, "home_address")
    ready["postcode"] = _each(_column(records, "postcode").fillna(_each(written, _find_postcode)), _letters)
    ready["address"] = _each(written, address_key)
    for side in ("address_from_on", "address_to_on"):
        stamps = pd.to_datetime(_column(records, side))
        ready[side] = stamps.dt.strftime("%Y%m%d").astype(object).where(stamps.notna(), None)


def _find_postcode(text: str) -> str:
    found = _POSTCODE.search(text.upper())
    return found[0] if found else ""


def address_key(text: str) -> str:
    """Return number and street of an address, without its town and postcode, in one spelling.

    >>> address_key("Flat 4, 55 Marlpit Close, Lee Chapel North") == address_key("FLAT 4 55 Marlpit Cl SS99 1HA")
    True
    """
    words = [_STREET_WORDS.get(word, word) for word in _words(_POSTCODE.sub(" ", text.upper())).split()]
    numbers = [place for place, word in enumerate(words) if word[0].isdigit()]
    return " ".join(words[: numbers[-1] + 3]) if numbers else ""
