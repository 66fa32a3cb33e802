"""The check by value: nothing in a copy gives away who is not in it.

Redaction goes by column and row. This goes by value, and trusts no column: it reads every text in the copy,
facts and sentences included. First a text that names somebody who is not in the copy is taken out and counted;
then the finished copy is read again, and whatever is still found stops the release.
"""

from collections.abc import Iterable, Mapping, Set
from datetime import date
from typing import Any

import pandas as pd

from csp_toolkit.errors import ReleaseError
from csp_toolkit.sharing.identities import (
    Forbidden,
    Identities,
    Words,
    spell_lone_names,
    spell_name,
    split_words,
)
from csp_toolkit.sharing.recipients import Recipient

TAKEN_OUT = "withheld: names someone who is not in this copy"


def forbid(
    identities: Identities, recipient: Recipient, *, named: Set[str], spoken_of: Set[str], canaries: Iterable[str] = ()
) -> Forbidden:
    """List what may not stand in a copy for `recipient`.

    Parameters
    ----------
    named : the person_ids this copy names.
    spoken_of : the person_ids of the whole meeting's papers: their family names alone would give them away.
    canaries : planted texts that may appear nowhere.
    """
    kept = {c: a for rule in recipient.tables.values() for c, a in rule.columns.items() if a == "KEEP"}
    named_in_full = named - (frozenset() if recipient.may_name_children else identities.children)
    phrases = {split_words(text) for text in canaries}
    phrases |= _spell_names(identities, named_in_full)
    phrases |= _spell_references(identities, named if {"reference", "person_id"} & set(kept) else frozenset())
    phrases |= _spell_details(identities, set(kept))
    hidden = (spoken_of - named_in_full) if recipient.is_redacted else (spoken_of & identities.children - named_in_full)
    lone = _spell_lone(identities, hidden, named_in_full)
    return Forbidden(frozenset(phrase for phrase in phrases if phrase), lone, _spell_short_dates(identities, set(kept)))


def _spell_names(identities: Identities, named: Set[str]) -> set[Words]:
    pairs = identities.names.dropna(subset=["given_name"])
    is_named = pairs["person_id"].isin(named)

    def spell(frame: pd.DataFrame) -> set[Words]:
        return {w for f, g in zip(frame["family_name"], frame["given_name"], strict=True) for w in spell_name(f, g)}

    aliases = identities.aliases
    others = {w for w in aliases.loc[~aliases["person_id"].isin(named), "words"] if len(w) > 1}
    return (spell(pairs[~is_named]) | others) - spell(pairs[is_named])


def _spell_references(identities: Identities, named: Set[str]) -> set[Words]:
    table = identities.references
    is_named = table["person_id"].isin(named)
    return set(table.loc[~is_named, "words"]) - set(table.loc[is_named, "words"])


def _spell_details(identities: Identities, kept: set[str]) -> set[Words]:
    phrases: set[Words] = set()
    table = identities.details[~identities.details["column"].isin(kept)]
    for column, words in zip(table["column"], table["words"], strict=True):
        if column == "dob":
            phrases |= words
        elif column != "home_address" or len(words) > 2:  # a place name on its own gives nobody away
            phrases.add(words)
        if column == "postcode":
            phrases.add(("".join(words),))
    return phrases


def _spell_short_dates(identities: Identities, kept: set[str]) -> frozenset[str]:
    born = identities.details.loc[identities.details["column"] == "dob", "value"].unique()
    return frozenset() if "dob" in kept else frozenset(f"{date.fromisoformat(day):%d/%m/%y}" for day in born)


def _spell_lone(identities: Identities, hidden: Set[str], named: Set[str]) -> frozenset[str]:
    names, aliases = identities.names, identities.aliases
    families = spell_lone_names(names.loc[names["person_id"].isin(hidden), "family_name"])
    nicknames = {words[0] for words in aliases.loc[aliases["person_id"].isin(hidden), "words"] if len(words) == 1}
    allowed = spell_lone_names(names.loc[names["person_id"].isin(named), "family_name"])
    return frozenset((families | spell_lone_names(nicknames)) - allowed)


def take_out(text: Any, forbidden: Forbidden, seen: dict[str, bool]) -> Any:
    """Return `text`, or a note in its place where it holds something forbidden; `seen` remembers texts read before."""
    if not isinstance(text, str):
        return text
    if text not in seen:
        seen[text] = forbidden.find(text)
    return TAKEN_OUT if seen[text] else text


def check_copy(
    recipient: Recipient, facts: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], forbidden: Forbidden
) -> None:
    """Read the finished copy once more; raise `ReleaseError` with where, never what, if anything forbidden is in it."""
    places = [f"fact {name}" for name, value in facts.items() if isinstance(value, str) and forbidden.find(value)]
    for name, table in tables.items():
        for column in table.columns:
            values = pd.Series(table[column].unique())
            texts = values[values.map(lambda value: isinstance(value, str)).astype(bool)]
            n_found = sum(forbidden.find(text) for text in texts)
            if n_found or forbidden.find(f"{name} {column}"):
                places.append(f"table {name}, column {column} ({n_found} values)")
    if places:
        raise ReleaseError(
            f"Recipient {recipient.name}: the copy still holds what would give away someone who is not in it: "
            f"{'; '.join(places)}. Nothing was released. Mend the papers or the profile."
        )
