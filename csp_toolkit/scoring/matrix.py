"""The matrix as data: criteria, factors, caps, gates, and what maps to them.

Every number comes from a file under `params/matrices`, read here and held to its own names.
"""

from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import model_validator

from csp_toolkit.params import Policy, read_named
from csp_toolkit.scoring.matrix_parts import (
    NOT_RECORDED,
    Bands,
    Blocks,
    Criterion,
    Domain,
    Dual,
    Factor,
    GateRules,
    MovementRules,
    Offence,
    OrderRule,
    OriginBucket,
    Outcome,
    Points,
    Stale,
    Step,
    Theme,
    ten_thousandths,
)

EXAMPLE = "csp_example_v1"


class Matrix(Policy):
    """A whole matrix. `note` says whose it is not, and is carried to every page."""

    title: str
    note: str
    domains: tuple[Domain, ...]
    intelligence_cap: Points
    assessment_led_share: Factor
    recency: tuple[Step, ...]
    clock: Literal["event", "outcome"]
    stale: Stale
    origin_bucket: OriginBucket
    criteria: tuple[Criterion, ...]
    outcomes: dict[str, Outcome]
    court_results: dict[str, str]
    outcome_codes: dict[str, str]
    disposals: dict[str, str]
    grades: dict[str, Factor]
    corroborated_information: str
    uncorroborated_information: str
    roles: dict[str, Factor]
    suspect_parts: dict[str, str]
    line_roles: dict[str, str]
    line_criterion: str
    home_forces: tuple[str, ...]
    offences: tuple[Offence, ...]
    themes: dict[str, Theme]
    orders: tuple[OrderRule, ...]
    co_offending_criterion: str
    co_offending_domains: tuple[str, ...]
    bands: Bands
    blocks: Blocks
    dual: Dual
    gates: GateRules
    movement: MovementRules

    @model_validator(mode="after")
    def _holds_together(self) -> "Matrix":
        problems = [*self._unknown_names(), *self._repeated_names()]
        days = [step.days for step in self.recency]
        if days != sorted(set(days)):
            problems.append("recency: give the steps in rising order of days")
        problems += [
            f"criterion {c.id}: its window reaches beyond the last recency step"
            for c in self.criteria
            if c.window_days > days[-1]
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_names(self) -> list[str]:
        criteria, domains = {c.id for c in self.criteria}, {d.id for d in self.domains}
        outcomes, roles, grades = set(self.outcomes), set(self.roles), set(self.grades)
        asked = {
            "criterion": (criteria, [
                *(o.criterion for o in self.offences), *(o.otherwise for o in self.offences if o.otherwise),
                *(t.criterion for t in self.themes.values()), *(o.criterion for o in self.orders),
                self.line_criterion, self.co_offending_criterion, *self.bands.red.harm_criteria,
            ]),
            "domain": (domains, [
                *(c.domain for c in self.criteria), *self.co_offending_domains, *self.bands.red.harm_domains,
            ]),
            "outcome": (outcomes, [
                *self.court_results.values(), *self.outcome_codes.values(), *self.disposals.values(),
                *self.stale.applies_to, self.stale.becomes, "order",
            ]),
            "role": (roles, [*self.suspect_parts.values(), *self.line_roles.values(), NOT_RECORDED,
                              *(item.role for c in self.criteria for item in c.worked)]),
            "evidence": (outcomes | grades, [item.evidence for c in self.criteria for item in c.worked]),
            "grade": (grades, [*self.gates.strong_grades, *self.gates.never_relied_on]),
        }  # fmt: skip
        return [
            f"no {kind} is called {name!r}"
            for kind, (known, names) in asked.items()
            for name in sorted(set(names) - known)
        ]

    def _repeated_names(self) -> list[str]:
        lists = {
            "criteria": [c.id for c in self.criteria],
            "domains": [d.id for d in self.domains],
            "offences": [o.ho_code for o in self.offences],
            "offence titles": [o.title for o in self.offences],
            "evidence": [*self.outcomes, *self.grades],
        }
        return [
            f"{where}: {name!r} stands twice"
            for where, names in lists.items()
            for name, n in Counter(names).items()
            if n > 1
        ]

    @cached_property
    def by_id(self) -> dict[str, Criterion]:
        """Return the criteria by their id."""
        return {c.id: c for c in self.criteria}

    @cached_property
    def evidence_factors(self) -> dict[str, int]:
        """Return the weight of every kind of evidence, outcomes and grades alike, in ten-thousandths."""
        return {key: ten_thousandths(o.factor) for key, o in self.outcomes.items()} | {
            key: ten_thousandths(factor) for key, factor in self.grades.items()
        }

    def weigh_grade(self, grade: str) -> float:
        """Return the factor of a grade, which is also the probability that an item of it is true."""
        return self.grades[grade]

    def list_criteria(self) -> pd.DataFrame:
        """List what the matrix counts, by criterion: title, domain, points, cap, days, counts, does_not_count."""
        domains = {domain.id: domain.title for domain in self.domains}
        rows = [
            (c.id, c.title, domains[c.domain], c.base, c.cap, c.window_days, c.counts, c.does_not_count)
            for c in self.criteria
        ]
        names = ["criterion", "title", "domain", "points", "cap", "days", "counts", "does_not_count"]
        return pd.DataFrame(rows, columns=names).set_index("criterion")


def read_matrix(name: str = EXAMPLE, folder: Path | None = None) -> Matrix:
    """Read a matrix by name, from a workspace's `params` folder or the package."""
    return read_named("matrices", name, Matrix, folder)
