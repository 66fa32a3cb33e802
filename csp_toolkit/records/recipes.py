"""What a feed's YAML may say: how one agency's columns become our canonical columns.

A feed lists its headings with what else they have been called, how each canonical column is filled from them, and
which headings are not kept and why. It is checked against the canonical tables when read, so that a slip in the
file is a message and not a missing column three stages later.
"""

from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from csp_toolkit.params import Frozen, Policy
from csp_toolkit.records.cells import READERS
from csp_toolkit.records.parts import PATTERNS, part_names
from csp_toolkit.records.schema import TABLES, VOCABULARIES, Column

GRADE_COLUMNS = ("grade", "grade_original", "grade_scheme", "handling")

_KIND_READERS = {
    "text": "text", "code": "code", "flag": "flag", "date": "date", "time": "time", "whole": "whole", "refs": "refs",
}  # fmt: skip


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_cell(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Cell(Frozen):
    """How one canonical column is filled: from a heading, from a part of an exploded cell, or with a constant.

    `also` names further headings whose texts follow the first one's, parted as `separators` begin.
    """

    column: str | None = None
    also: Words = ()
    part: str | None = None
    constant: str | None = None
    read: str | None = None
    formats: Words = ()
    values: dict[str, str] = Field(default_factory=dict)
    separators: str = ";"
    pattern: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "Cell":
        if sum(source is not None for source in (self.column, self.part, self.constant)) != 1:
            raise ValueError("needs exactly one of column, part, constant")
        if self.also and self.column is None:
            raise ValueError("also: needs a column to follow")
        if self.read is not None and self.read not in READERS:
            raise ValueError(f"read: no reader is called {self.read!r}; there are {', '.join(READERS)}")
        return self

    def reader_for(self, column: Column) -> str:
        """Return the reader to use for a canonical column: the one asked for, else the one for its kind."""
        if self.read is not None:
            return self.read
        if column.name == "dob":
            return "birth"
        if column.kind == "text" and column.sensitivity == "reference":
            return "reference"
        return _KIND_READERS[column.kind]


CellOrName = Annotated[Cell, BeforeValidator(_as_cell)]


class Explode(Frozen):
    """A cell that names several people: one row for each of them."""

    column: str
    pattern: str
    separator: str = ";"

    @model_validator(mode="after")
    def _known_pattern(self) -> "Explode":
        if self.pattern not in PATTERNS:
            raise ValueError(f"pattern: none is called {self.pattern!r}; there are {', '.join(PATTERNS)}")
        return self


class Spread(Frozen):
    """Headings that stand for values, such as one a quarter: one row for each that is filled in.

    The heading is the part ``heading`` and what stands under it the part ``cell``. `*`, `?` and `[...]` in `headings`
    stand for what changes; no such heading is read for anything else.
    """

    headings: Words = Field(min_length=1)

    def fits(self, heading: str) -> bool:
        """Say whether a heading is one of those."""
        return any(fnmatchcase(heading.casefold(), pattern.casefold()) for pattern in self.headings)


SPREAD_PARTS = ("heading", "cell")


class TableRecipe(Frozen):
    """How one canonical table is filled: from which rows (`where`, `unless`), and column by column.

    `grade` names a heading that fills grade, grade_original, grade_scheme and handling, as far as the table has
    them, and adds the police-only condition of a converted 5x5x5 grade to handling_conditions.
    """

    columns: dict[str, CellOrName]
    where: dict[str, Words] = Field(default_factory=dict)
    unless: dict[str, Words] = Field(default_factory=dict)
    explode: Explode | None = None
    spread: Spread | None = None
    grade: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "TableRecipe":
        if self.explode is not None and self.spread is not None:
            raise ValueError("either explode or spread, not both")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts its columns may be filled from."""
        if self.spread is not None:
            return SPREAD_PARTS
        return part_names(self.explode.pattern) if self.explode else ()

    def headings(self) -> set[str]:
        """Return the headings the table is filled from."""
        named = {h for cell in self.columns.values() if cell.column for h in (cell.column, *cell.also)}
        named |= set(self.where) | set(self.unless)
        return named | ({self.explode.column} if self.explode else set()) | ({self.grade} if self.grade else set())

    def problems(self, name: str) -> list[str]:
        """Return what does not fit the canonical table `name`."""
        if name not in TABLES:
            return [f"tables: there is no table {name!r}"]
        table, found = TABLES[name], []
        filled = set(self.columns) | (set(GRADE_COLUMNS) if self.grade else set())
        found += [f"tables.{name}: no column {c!r}" for c in self.columns if c not in table.names]
        found += [f"tables.{name}: {c.name} is required" for c in table.columns if c.required and c.name not in filled]
        for column, cell in self.columns.items():
            if cell.part is not None and cell.part not in self.parts:
                found.append(f"tables.{name}.{column}: the pattern has no part {cell.part!r}")
            vocabulary = table.column(column).vocabulary if column in table.names else None
            if vocabulary and cell.reader_for(table.column(column)) == "code":
                allowed = {*VOCABULARIES[vocabulary], ""}
                found += [
                    f"tables.{name}.{column}: {code!r} is not in the vocabulary {vocabulary}"
                    for code in {*cell.values.values(), *([cell.constant] if cell.constant else [])} - allowed
                ]
        return found


class Withdrawn(Frozen):
    """How the sender marks a record as withdrawn."""

    column: str
    values: Words


class Consent(Frozen):
    """The only values under which a row may be kept; with any other, or none, it is not for use."""

    column: str
    values: Words = Field(min_length=1)


class Checks(Frozen):
    """What is read only to decide whether a row may be kept, and then dropped unless a table maps it too."""

    born: CellOrName | None = None
    age: str | None = None
    marking: str | None = None
    consent: Consent | None = None
    withdrawn: Withdrawn | None = None

    def headings(self) -> set[str]:
        """Return the headings the checks read."""
        named = {self.age, self.marking} | {self.born.column if self.born else None}
        named |= {check.column for check in (self.withdrawn, self.consent) if check is not None}
        return {h for h in named if h}


class Feed(Policy):
    """One file from one agency, and how it is read.

    Attributes
    ----------
    title : what the feed is, in words for a page.
    agency : the sender, as it stands in the sharing agreements.
    handling : P or C, for what carries no handling code of its own.
    pattern : the file's name without its ending, `*` for what changes from month to month.
    delivery : ``register``: the newest delivery is the whole truth; ``events``: what is no longer sent because it
        left the period stays.
    person_system : whose numbers stand for people here, None where nobody is named.
    sheet, header_row : where the headings stand in an Excel file (the first sheet, when no sheet is named).
    dates : the formats dates are written in, unless a column says otherwise.
    births_to : the last year of two figures that still means 20yy in a date of birth.
    default_births : dates of birth that stand for "not known" in the sender's system.
    headings : every heading that is read, with what else it has been called.
    not_kept : every heading that is not read, with the reason.
    """

    title: str
    agency: str
    handling: Literal["P", "C"]
    pattern: str
    delivery: Literal["register", "events"]
    person_system: str | None = Field(default=None, pattern=r"^[a-z][a-z_]*$")
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)
    dates: Words = ("%d/%m/%Y",)
    births_to: int = Field(default=29, ge=0, le=99)
    default_births: tuple[date, ...] = (date(1900, 1, 1),)
    headings: dict[str, Words]
    not_kept: dict[str, str] = Field(default_factory=dict)
    checks: Checks = Field(default_factory=Checks)
    tables: dict[str, TableRecipe] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> "Feed":
        problems = [problem for name, recipe in self.tables.items() for problem in recipe.problems(name)]
        read = self.checks.headings().union(*(recipe.headings() for recipe in self.tables.values()))
        problems += [f"headings: {h!r} is read and not listed" for h in sorted(read - set(self.headings))]
        problems += [f"headings: {h!r} is listed and not read" for h in sorted(set(self.headings) - read)]
        spellings = [s for h, more in self.headings.items() for s in {spelling(name) for name in (h, *more)}]
        spellings += [spelling(h) for h in self.not_kept]
        problems += [f"headings: {h!r} is spread and read as well" for h in sorted(read) if self.is_spread(h)]
        problems += [
            f"tables.{name}: is anonymous, and no person_system or table of people may stand beside it"
            for name in self.tables
            if name in TABLES and TABLES[name].is_anonymous and (self.person_system or self._names_people())
        ]
        problems += [f"headings: {s!r} stands twice" for s in sorted({s for s in spellings if spellings.count(s) > 1})]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _names_people(self) -> bool:
        return any(TABLES[name].person is not None for name in self.tables if name in TABLES)

    def is_spread(self, heading: str) -> bool:
        """Say whether a heading stands for a value of one of the tables."""
        return any(recipe.spread.fits(heading) for recipe in self.tables.values() if recipe.spread)

    @property
    def needed(self) -> tuple[str, ...]:
        """Return the headings without which no row could be kept: required columns', the marking's, the consent's."""
        found = [self.checks.marking] if self.checks.marking else []
        found += [self.checks.consent.column] if self.checks.consent else []
        for name, recipe in self.tables.items():
            if recipe.explode is not None or recipe.spread is not None:
                continue
            required = {c.name for c in TABLES[name].columns if c.required}
            found += [cell.column for c, cell in recipe.columns.items() if c in required and cell.column]
            found += list(recipe.where)
        return tuple(dict.fromkeys(found))


def spelling(heading: str) -> str:
    """Return the form by which headings are compared: no case, blanks, points or underscores."""
    return "".join(ch for ch in heading.casefold() if ch.isalnum())
