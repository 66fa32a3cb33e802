"""What a canonical column and a canonical table are."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "code", "flag", "date", "time", "whole", "refs"]
Sensitivity = Literal["reference", "identity", "operational", "intelligence", "harm", "free_text", "governance"]
Subject = Literal["suspect", "victim", "person", "nobody"]


@dataclass(frozen=True)
class Column:
    """One column of a canonical table."""

    name: str
    kind: Kind = "text"
    sensitivity: Sensitivity = "operational"
    vocabulary: str | None = None
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One canonical table: whose rows it holds, what makes a row unique, and when it happened.

    `event_on` names the column by which a view as at a date leaves out what had not happened yet.
    `person` names the column that refers to a person, by which a view adds `person_id`.
    `is_anonymous` says that no row may ever be tied to a person, by this toolkit or by anybody with its help.
    """

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    subject: Subject = "nobody"
    event_on: str | None = None
    person: str | None = None
    is_anonymous: bool = False
    names: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(c.name for c in self.columns))
        identifies = self.person or any(c.sensitivity == "identity" for c in self.columns)
        if self.is_anonymous and (identifies or self.subject != "nobody"):
            raise ValueError(f"{self.name}: an anonymous table can hold nothing that identifies anyone")

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(c for c in self.columns if c.name == name)


def ref(name: str, *, required: bool = True) -> Column:
    """Return a column that holds a reference."""
    return Column(name, "text", "reference", required=required)


def code(name: str, vocabulary: str, *, sensitivity: Sensitivity = "operational", required: bool = False) -> Column:
    """Return a column that holds a code of a vocabulary."""
    return Column(name, "code", sensitivity, vocabulary, required)


def date(name: str, *, required: bool = False, sensitivity: Sensitivity = "operational") -> Column:
    """Return a column that holds a day."""
    return Column(name, "date", sensitivity, required=required)


def identity(*names: str) -> tuple[Column, ...]:
    """Return columns that identify a person, a home or a phone."""
    return tuple(Column(n, "text", "identity") for n in names)


def flag(name: str, sensitivity: Sensitivity = "operational") -> Column:
    """Return a column that holds yes, no or not stated."""
    return Column(name, "flag", sensitivity)
