"""The meeting's papers to one recipient's tables: only what their profile lists, and a count of what went.

Fails closed. A table or column the profile does not name is dropped, so a column somebody adds upstream does not
leak; a row that cannot be shown to be the recipient's own goes where the profile asks for their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pandas as pd

from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.errors import ReleaseError
from csp_toolkit.sharing.identities import Forbidden, Identities
from csp_toolkit.sharing.masking import apply_action, pseudonym, shorten_name
from csp_toolkit.sharing.recipients import Recipient, TableRule
from csp_toolkit.sharing.screening import check_copy, forbid, take_out
from csp_toolkit.tables.keys import is_among

PERSON_COLUMNS = ("person_id", "person_a", "person_b", "node_id")
NAME_COLUMNS = ("name", "label", "label_a", "label_b")
RANKING_COLUMNS = ("score", "rank", "rank_in_block", "betweenness")


@dataclass(frozen=True, eq=False)
class Redacted:
    """One recipient's part of the papers, and what was left out of them.

    `counts` says how many rows or texts went for which reason; `named` are the person_ids the copy names.
    """

    facts: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    counts: Mapping[str, int]
    named: frozenset[str]
    n_people: int
    handling: str


@dataclass(frozen=True)
class Initials:
    """The names by which a sentence may call a child of the copy, each with the initials that stand for it."""

    spelt: Mapping[str, str]
    pattern: re.Pattern[str]


def redact(
    tables: Mapping[str, pd.DataFrame],
    facts: Mapping[str, Any],
    *,
    recipient: Recipient,
    identities: Identities,
    key: bytes,
    canaries: tuple[str, ...] = (),
) -> Redacted:
    """Reduce a meeting's papers to what one recipient may see.

    Parameters
    ----------
    tables, facts : the papers; not changed.
    identities : everyone in the casebook, for the check by value.
    key : the secret from which this recipient's pseudonyms are made.
    canaries : planted texts that may appear in no copy.

    Raises
    ------
    ReleaseError
        If a person recorded only as a victim stands in a ranked view, or if the finished copy still gives away
        someone who is not in it.
    """
    _refuse_ranked_victims(tables, identities)
    spoken_of = _people_in(tables) & set(identities.references["person_id"])
    asked = find_asked(tables, recipient)
    counts = dict.fromkeys(("conditions_not_met", "grade_not_released", "not_asked_about", "texts_taken_out"), 0)
    rows: dict[str, pd.DataFrame] = {}
    for name in sorted(set(tables) & set(recipient.tables)):
        kept = _keep_rows(tables[name], recipient.tables[name], recipient, asked, counts)
        rows[name] = kept if recipient.may_name_children else _initial_children(kept, identities)
    named = _recognise(_people_in(rows), identities, key, recipient)
    handling = "C" if any((f["handling"] == "C").any() for f in rows.values() if "handling" in f) else "P"

    forbidden = forbid(identities, recipient, named=named, spoken_of=spoken_of, canaries=canaries)
    child_names = _name_children(identities, frozenset() if recipient.may_name_children else named)
    seen: dict[str, bool] = {}
    shown = {
        name: _keep_columns(frame, recipient.tables[name], recipient, key, child_names, forbidden, seen)
        for name, frame in rows.items()
    }
    shown_facts = {
        name: take_out(_use_initials(facts[name], child_names), forbidden, seen)
        for name in sorted(recipient.facts)
        if name in facts
    }
    counts["texts_taken_out"] = sum(seen.values())
    check_copy(recipient, shown_facts, shown, forbidden)
    named_people = named & set(identities.references["person_id"])
    return Redacted(shown_facts, shown, counts, named_people, len(spoken_of), handling)


def _refuse_ranked_victims(tables: Mapping[str, pd.DataFrame], identities: Identities) -> None:
    for name, table in tables.items():
        ranking = [column for column in RANKING_COLUMNS if column in table]
        who = next((column for column in ("person_id", "node_id") if column in table), None)
        if ranking and who:
            n = int((is_among(table[who], identities.victims_only) & table[ranking].notna().any(axis="columns")).sum())
            if n:
                raise ReleaseError(
                    f"Table {name}: {n} people recorded only as victims are ranked in it. Nothing was released; "
                    "the gates of the matrix should have left them out."
                )


def _people_in(tables: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    return frozenset(
        person for table in tables.values() for c in PERSON_COLUMNS if c in table for person in table[c].dropna()
    )


def _recognise(keys: frozenset[str], identities: Identities, key: bytes, recipient: Recipient) -> frozenset[str]:
    """Add the people behind pseudonyms of this recipient's own, so that a copy can be redacted again."""
    if not any(k.startswith(f"{recipient.reference_prefix}-") for k in keys):
        return keys
    known = identities.references["person_id"].unique()
    return keys | {p for p in known if pseudonym(p, key, recipient.reference_prefix) in keys}


def _is_own(agencies: pd.Series, recipient: Recipient) -> pd.Series:
    patterns = recipient.agencies or (recipient.agency,)
    return agencies.map(lambda a: isinstance(a, str) and any(fnmatchcase(a, p) for p in patterns)).astype(bool)


def find_asked(tables: Mapping[str, pd.DataFrame], recipient: Recipient) -> frozenset[str]:
    """Find the people an agreed, open action of the recipient's own agency is about."""
    actions = tables.get("actions")
    if actions is None or not {"person_id", "agency", "status"} <= set(actions.columns):
        return frozenset()
    own = actions[_is_own(actions["agency"], recipient) & actions["status"].isin(OPEN_STATES)]
    return frozenset(own["person_id"].dropna())


def _keep_rows(
    table: pd.DataFrame, rule: TableRule, recipient: Recipient, asked: frozenset[str], counts: dict[str, int]
) -> pd.DataFrame:
    def keep(frame: pd.DataFrame, mask: pd.Series, reason: str) -> pd.DataFrame:
        counts[reason] += int((~mask).sum())
        return frame[mask]

    if "handling" in table:
        table = keep(table, _meets_conditions(table, recipient), "conditions_not_met")
    if "grade" in table:  # C13: what has no grade never leaves; C15: E is for the police only
        ungraded = table["grade"].isna() & table.get("grade_original", table["grade"]).notna()
        suspected_false = table["grade"].fillna("").str.endswith("E")
        table = keep(table, ~(ungraded | (suspected_false & (not recipient.is_police))), "grade_not_released")
    if rule.rows == "own_agency":
        own = _is_own(table["agency"], recipient) if "agency" in table else pd.Series(False, index=table.index)
        table = keep(table, own, "not_asked_about")
    if recipient.people == "asked" or rule.rows == "asked":
        people = [column for column in PERSON_COLUMNS if column in table]
        if people:
            mask = table[people].apply(lambda column: column.isna() | column.isin(asked)).all(axis="columns")
            mask &= (rule.rows == "own_agency") | table[people].notna().any(axis="columns")
        else:  # without a key nobody can say whether a name is one the recipient is asked about
            named = {*NAME_COLUMNS} - {"label"}  # without a node_id beside it a label is a word, not a person
            mask = pd.Series(not named & set(table.columns), index=table.index)
        table = keep(table, mask.astype(bool), "not_asked_about")
    return table.reset_index(drop=True)


def _meets_conditions(table: pd.DataFrame, recipient: Recipient) -> pd.Series:
    met = {condition.casefold() for condition in recipient.conditions}
    conditions = table.get("handling_conditions", pd.Series("", index=table.index)).fillna("")
    asked = conditions.map(lambda text: {part.strip().casefold() for part in text.split(";") if part.strip()})
    fits = asked.map(lambda parts: bool(parts) and parts <= met).astype(bool) & ("C" in recipient.handling)
    return (table["handling"] != "C") | fits


def _initial_children(table: pd.DataFrame, identities: Identities) -> pd.DataFrame:
    """Shorten a child's name to initials, by key, flag or age, whichever the table has (C7)."""
    child = pd.Series(False, index=table.index)
    if "person_id" in table:
        child |= is_among(table["person_id"], identities.children)
    if "is_child" in table:
        child |= table["is_child"] == "Y"
    if "age_years" in table and pd.api.types.is_numeric_dtype(table["age_years"].dtype):
        child |= (table["age_years"] < 18).fillna(False).astype(bool)
    for column, who in (("name", None), ("label", "node_id"), ("label_a", "person_a"), ("label_b", "person_b")):
        if column in table:
            shorten = child | is_among(table[who], identities.children) if who in table else child
            names = table[column].where(~shorten, table[column].map(shorten_name, na_action="ignore"))
            table = table.assign(**{column: names})
    return table


def _name_children(identities: Identities, named: frozenset[str]) -> Initials:
    """Map the ways a sentence may name a child of this copy to initials; a name an adult shares is left alone."""
    table = identities.names[identities.names["person_id"].isin(named)].dropna(subset=["given_name"])
    is_child = table["person_id"].isin(identities.children)
    adults = {family.casefold() for family in table.loc[~is_child, "family_name"]}
    spelt: dict[str, str] = {}
    for family, given in table.loc[is_child, ["family_name", "given_name"]].itertuples(index=False):
        short = shorten_name(f"{family}, {given}")
        for surname in (family.upper(), family, family.title()):
            spelt |= {f"{surname}, {given}": short, f"{given} {surname}": short}
            if family.casefold() not in adults:
                spelt[surname] = short
    longest_first = sorted(spelt, key=lambda name: (-len(name), name))
    pattern = r"(?<!\w)(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)" if spelt else r"(?!)"
    return Initials(spelt, re.compile(pattern))


def _use_initials(text: Any, children: Initials) -> Any:
    if not isinstance(text, str) or not children.spelt:
        return text
    return children.pattern.sub(lambda found: children.spelt[found[1]], text)


def _keep_columns(
    table: pd.DataFrame, rule: TableRule, recipient: Recipient, key: bytes, child_names: Initials,
    forbidden: Forbidden, seen: dict[str, bool],
) -> pd.DataFrame:  # fmt: skip
    shown = {}
    for column in table.columns:
        action = rule.columns.get(column, "DROP")
        if action == "KEEP":
            values = table[column]
            if not (pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype)):
                cleaned = [take_out(_use_initials(v, child_names), forbidden, seen) for v in values]
                values = pd.Series(cleaned, index=table.index, dtype=values.dtype)
            shown[column] = values
        elif action != "DROP":
            shown[column] = apply_action(action, table[column], key=key, prefix=recipient.reference_prefix)
    return pd.DataFrame(shown, index=table.index)
