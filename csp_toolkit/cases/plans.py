"""The menu of support, disruption and enforcement, and which of it the law allows for whom.

The menu offers; the meeting chooses. Nothing is ticked beforehand and nothing is ranked: options stand in the
order of their codes. For a child only support is offered.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from csp_toolkit.params import Frozen, Policy, read_named
from csp_toolkit.tables.ages import ADULT_YEARS

KINDS = ("DISRUPTION", "ENFORCEMENT", "SUPPORT")
OPTION_COLUMNS = ("person_id", "kind", "code", "title", "basis", "min_age", "owner")

Circumstance = Literal[
    "any", "none", "child", "custody", "returning", "licence", "line", "supply", "weapon", "violence", "harmed",
    "cuckooed", "group", "order", "charged", "exploiter", "exploited", "out_of_area",
]  # fmt: skip


class Intervention(Frozen):
    """One thing a partner can do, on what legal basis, from what age, and where the law is for children, to what age.

    `limits` are the test and the bounds in brief; `checked_on` is the day somebody last checked the law, None where
    nobody has. `aims_at` says against or for whom: the person, those who exploit them, a place, or a line.
    """

    code: str
    kind: Literal["SUPPORT", "DISRUPTION", "ENFORCEMENT"]
    title: str
    basis: str
    limits: str = ""
    min_age: int
    max_age: int | None = None
    owner: str
    suits: tuple[Circumstance, ...]
    aims_at: Literal["person", "exploiter", "place", "line"] = "person"
    checked_on: date | None

    def allows(self, age_years: int | None) -> bool:
        """Say whether the law allows it at an age; of unknown age nothing with a lower limit is allowed."""
        is_too_old = age_years is not None and self.max_age is not None and age_years > self.max_age
        return (age_years or 0) >= self.min_age and not is_too_old


class Recorded(Frozen):
    """By what a circumstance counts as recorded: criteria of the matrix with points (the monthly meeting), offences by
    the beginnings of their Home Office codes, and areas of an assessment from a level on (the case meeting).
    """

    criteria: tuple[str, ...] = ()
    offences: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    from_level: int | None = None


class Menu(Policy):
    """Every intervention a meeting may name; `home_areas` are the partnership's own.

    `recorded_by` says when what an entry suits counts as recorded of somebody, as far as that could be disputed.
    """

    home_areas: tuple[str, ...]
    recorded_by: dict[Literal["supply", "weapon", "violence", "exploiter", "exploited"], Recorded]
    shown_per_kind: int
    interventions: tuple[Intervention, ...]


def read_menu(name: str, folder: Path | None = None) -> Menu:
    """Read one menu of interventions, from a workspace's `params` folder or the package."""
    return read_named("interventions", name, Menu, folder)


def offer_options(people: pd.DataFrame, circumstances: Mapping[str, frozenset[str]], menu: Menu) -> pd.DataFrame:
    """Offer each person the options that suit what is recorded and that their age allows.

    Parameters
    ----------
    people : person_id and age_years; an unknown age is offered only what has no age limit, and never enforcement.
    circumstances : what is recorded of each person_id; ``any`` is taken as given.
    menu : the partnership's menu.

    Returns
    -------
    Rows of `OPTION_COLUMNS`, at most `menu.shown_per_kind` of each kind a person: what suits a recorded circumstance
    before what suits anyone, and what suits few circumstances before what suits many; shown in the order of codes.
    """
    rows = []
    for person_id, age in zip(people["person_id"], people["age_years"], strict=True):
        recorded = circumstances.get(person_id, frozenset())
        for kind in KINDS:
            rows += [
                (person_id, kind, i.code, i.title, i.basis, i.min_age, i.owner)
                for i in _suitable(menu, kind, recorded, None if pd.isna(age) else int(age))
            ]
    return pd.DataFrame(rows, columns=list(OPTION_COLUMNS))


def _suitable(menu: Menu, kind: str, recorded: frozenset[str], age_years: int | None) -> list[Intervention]:
    is_child = age_years is None or age_years < ADULT_YEARS
    if is_child and kind != "SUPPORT":
        return []
    allowed = [i for i in menu.interventions if i.kind == kind and i.allows(age_years)]
    by_record = [i for i in allowed if recorded & set(i.suits)]
    for_anyone = [i for i in allowed if "any" in i.suits and i not in by_record]
    by_record.sort(key=lambda i: len(set(i.suits) - {"any"}))
    chosen = (by_record + for_anyone)[: menu.shown_per_kind]
    return sorted(chosen, key=lambda i: i.code)
