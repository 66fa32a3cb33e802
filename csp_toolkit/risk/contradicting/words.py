"""Each contradiction as a sentence a case coordinator reads once. No name, address or text of a record is in it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from csp_toolkit.risk.contradicting.answers import SINCE
from csp_toolkit.risk.toolkit import Toolkit

SYSTEMS = {
    "partnership": "the case list", "police": "the police", "children": "children's services", "housing": "housing",
    "education": "education", "probation": "probation", "youth_justice": "youth justice",
    "rail": "the transport police", "prison": "the prison service", "drug_service": "the drug and alcohol service",
    "housing_asb": "housing's cases", "missing": "missing people",
}  # fmt: skip


def say_hits(row: Mapping[str, Any], toolkit: Toolkit) -> str:
    """Say one contradiction: code, indicator, n_items, last_on, assessed_on and the words of its items."""
    words = [word for word in dict.fromkeys(row["words"]) if isinstance(word, str) and word]
    asked, n, last = row["indicator"], int(row["n_items"]), row["last_on"]
    days = toolkit.contradictions.checks[row["code"]].days
    on = f"{last.day} {last:%b %Y}" if pd.notna(last) else "a day not stated"
    joined = ", ".join(words)
    match row["code"]:
        case "X01":
            return f"{asked} is answered 0; missing {_times(n)} in the {days} days before, last on {on}."
        case "X02":
            return f"{asked} is answered 0; attendance was {joined}."
        case "X03":
            many = f"{n} events" if n > 1 else "an event"
            return f"{asked} is answered 0; suspect in {many} with a weapon, last on {on} ({joined})."
        case "X04":
            return f"{asked} is answered 0; tied as good as surely to {_people(n)} active on the register."
        case "X05":
            return f"{asked} is answered 0; the home is on record as taken over since {on} ({joined})."
        case "X06":
            return f"{asked}: {joined}. The higher counts."
        case "X07":
            return f"{asked} is answered {joined} with no note and no record."
        case "X08":
            return f"{asked} was last seen on {on}, {_which(joined, row['assessed_on'])}."
        case "X09":
            return f"{asked}: the words of {joined}, now dated {on}."
        case "X10":
            return f"{asked} is answered 0; school records {joined}."
        case "X11":
            return f"{asked} is answered present; a report of {on} names the person first, as exploited, that same day."
        case "X12":
            axis = next(a.name for a in toolkit.axes if a.id == asked)
            return f"{axis} fell from {joined} in one step."
        case "X13":
            return _say_age(sorted(words, key=lambda word: toolkit.place.get(word, -1)), on)
        case "X14":
            return f"{_first_up(_join(words))} state different addresses."
        case _:
            return _say_identity(words)


def _say_age(words: list[str], on: str) -> str:
    asked = [word for word in words if word != SINCE]
    parts = [f"{', '.join(asked)} answered, which {'is' if len(asked) == 1 else 'are'} not asked at that age"] * bool(
        asked
    )
    parts += [f"the person turned 18 on {on}, after the assessment"] * (SINCE in words)
    text = "; ".join(parts)
    return f"{_first_up(text)}."


def _say_identity(words: list[str]) -> str:
    dead = [word.split("|")[1] for word in words if word.startswith("dead|")]
    born = [word.split("|") for word in words if word.startswith("born ")]
    parts = [f"recorded as dead by {_join([*dict.fromkeys(dead)])}"] * bool(dead)
    if born:
        systems = _join([*dict.fromkeys(system for _, system in born)])
        parts.append(f"records taken for one person, of {systems}, give births {born[0][0].split()[1]} days apart")
    return f"{_first_up('; '.join(parts))}."


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _people(n: int) -> str:
    return "one person" if n == 1 else f"{n} people"


def _which(words: str, assessed_on: pd.Timestamp) -> str:
    late = words.startswith("seen after")
    return f"after the assessment of {_day(assessed_on)}" if late else "before the person was born"


def _join(systems: list[str]) -> str:
    """Name agencies as a sentence does, by whose records they are."""
    names = sorted(SYSTEMS.get(system, system) for system in systems)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(day: pd.Timestamp) -> str:
    return f"{day.day} {day:%b %Y}"
