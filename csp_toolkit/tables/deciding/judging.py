"""Whether judgements can be recorded: that they name records there could be, and do not contradict what joins them.

A judgement that would make one person of two who were judged apart, or part two whom judgements and registers join
round a third, is refused while it can be seen. What later data brings about is held and listed instead.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from csp_toolkit.tables.deciding.judgements import END_COLUMNS, WAITS, stand
from csp_toolkit.tables.deciding.rules import IDENTITY, LINE, ORIGIN, name_places
from csp_toolkit.tables.identity import Resolved, resolve_people
from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.known_records import read_keys, read_newest_records, read_usable
from csp_toolkit.tables.storage import PERSON_KEYS, RECORDS


@dataclass(frozen=True)
class Checked:
    """What is wrong with judgements about to be recorded, and how many of them wait for a record."""

    problems: list[str]
    n_waiting: int = 0


def check_judgements(
    connection: Connection, made: pd.DataFrame, recorded: Sequence[Mapping[str, Any]],
    fresh: Sequence[Mapping[str, Any]], *, on: date,
) -> Checked:  # fmt: skip
    """Check the judgements among new decisions against all that is known on a day.

    Parameters
    ----------
    made : the judgements as given, with the sheet and row each stands in.
    recorded, fresh : the decisions as stored before, and those about to be.
    """
    problems = _name_strangers(connection, made)
    if problems or not any(row["kind"] == IDENTITY for row in fresh):
        return Checked(problems)
    usable = read_usable(connection, on)
    keys, records = read_keys(connection, usable), read_newest_records(connection, usable)
    before = resolve_people(keys, records, stand(recorded, keys, as_of=on))
    judged = stand([*recorded, *fresh], keys, as_of=on)
    after = resolve_people(keys, records, judged)
    fresh_details = {row["details"] for row in fresh}
    names = list(END_COLUMNS)
    new = pd.DataFrame([json.loads(text) for text in fresh_details if "system_a" in text], columns=names)
    waiting = judged.loc[judged["state"].eq(WAITS), names].merge(new, on=names)
    return Checked(_find_contradictions(made, before, after), len(waiting))


def _name_strangers(connection: Connection, made: pd.DataFrame) -> list[str]:
    """Name the rows whose agency, report or line nobody knows: a record may yet come, an agency misspelt never will."""
    systems = set(connection.scalars(select(PERSON_KEYS.c.source_system).distinct()))
    reports = set(connection.scalars(select(RECORDS["intel_reports"].c.report_ref).distinct()))
    lines = set(connection.scalars(select(RECORDS["lines"].c.line_ref).distinct()))
    problems = []
    for (sheet, row), kind, text in zip(name_places(made), made["kind"], made["details"], strict=True):
        details = json.loads(text)
        if kind == IDENTITY and not {details["system_a"], details["system_b"]} <= systems:
            problems.append(f"{sheet} row {row}: no such agency's records; there are {', '.join(sorted(systems))}")
        if kind == ORIGIN and not {details["report_a"], details["report_b"]} <= reports:
            problems.append(f"{sheet} row {row}: no such report")
        if kind == LINE and not {details["line_a"], details["line_b"]} <= lines:
            problems.append(f"{sheet} row {row}: no such line")
    return problems


def _find_contradictions(made: pd.DataFrame, before: Resolved, after: Resolved) -> list[str]:
    """Name the rows that bring about a contradiction that was not there before."""
    seen = set(before.contradictions.itertuples(index=False, name=None))
    new = [row for row in after.contradictions.itertuples(index=False, name=None) if row not in seen]
    if not new:
        return []
    held = pd.DataFrame(new, columns=after.contradictions.columns)
    rows = made[made["kind"].eq(IDENTITY)].reset_index(drop=True)
    ends = pd.DataFrame([json.loads(text) for text in rows["details"]], columns=list(END_COLUMNS))
    links = pd.concat([after.links[list(END_COLUMNS)], held[list(END_COLUMNS)], ends], ignore_index=True)
    one = links["system_a"] + "\0" + links["ref_a"]
    other = links["system_b"] + "\0" + links["ref_b"]
    codes, nodes = pd.factorize(pd.concat([one, other], ignore_index=True))
    group = join_smallest(len(nodes), codes[: len(links)], codes[len(links) :])[codes[: len(links)]]
    torn = group[len(after.links) : len(after.links) + len(held)]
    problems = []
    for place, (sheet, row) in enumerate(name_places(rows)):
        against = held["why"][torn == group[len(after.links) + len(held) + place]]
        if len(against):
            whys = ", ".join(f"{n} {why}" for why, n in against.value_counts().sort_index().items())
            problems.append(f"{sheet} row {row}: contradicts what joins these records through others ({whys}); "
                            "judge those pairs too, or withdraw the judgement that stands against it")  # fmt: skip
    return problems
