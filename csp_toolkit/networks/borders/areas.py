"""Areas as dated data: which code a name stood for on a day, what borders it, who answers for it, how far two are.

No area is known to code. A merger of councils is an end, a beginning and a `became` in params/areas; records keep the
area they were recorded with, and `bridge` says how earlier areas add up to later ones where somebody compares the two.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Annotated, Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from csp_toolkit.errors import ParamsError, TableError
from csp_toolkit.params import Frozen, Policy, policy_files, read_named

UNKNOWN, NO_FIXED_ABODE, OUTSIDE = "UNK", "NFA", "OUT"  # of home or place: rows of every table, never dropped
SPECIAL = {UNKNOWN: "Not known", NO_FIXED_ABODE: "No fixed abode", OUTSIDE: "Outside the UK"}
EARTH_KM = 6371.0
Code = Annotated[str, Field(pattern="^[A-Z][0-9]{8}$")]


class Area(Frozen):
    """One area while it is so: its names, its neighbours, its force, and where the middle of it lies."""

    code: Code
    name: str
    also: tuple[str, ...] = ()
    kind: Literal["district", "unitary", "london_borough", "metropolitan_district"]
    force: Code
    council: str | None = None
    population: Annotated[int, Field(gt=0)] | None = None
    latitude: Annotated[float, Field(ge=49, le=61)] | None = None
    longitude: Annotated[float, Field(ge=-9, le=2)] | None = None
    placed_by: Literal["crimes", "town"] | None = None
    rail: tuple[str, ...] = ()
    neighbours: tuple[Code, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    became: Code | None = None

    @model_validator(mode="after")
    def _is_dated_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"area {self.code} ends before it begins")
        if self.became and not self.valid_to:
            raise ValueError(f"area {self.code} became another and has no valid_to")
        return self

    def holds_on(self, day: date) -> bool:
        """Say whether the area is one on this day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class Force(Frozen):
    """A police force, and what else records call it."""

    code: Code
    name: str
    also: tuple[str, ...] = ()


class Areas(Policy):
    """Every area, force, station and outward postcode that the partnership's records name."""

    here: Code
    force: Code
    areas: tuple[Area, ...] = Field(min_length=1)
    forces: tuple[Force, ...]
    stations: dict[str, Code] = Field(default_factory=dict)
    postcodes: dict[str, Code] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        codes = [area.code for area in self.areas]
        named = {self.here, *self.stations.values(), *self.postcodes.values()}
        named |= {c for area in self.areas for c in (*area.neighbours, area.became) if c}
        problems = [f"area {code} stands twice" for code in sorted({c for c in codes if codes.count(c) > 1})]
        problems += [f"{code} is named and not listed" for code in sorted(named - set(codes))]
        forces = {force.code for force in self.forces}
        problems += [f"force {c} is not listed" for c in sorted({self.force, *(a.force for a in self.areas)} - forces)]
        by_name: dict[str, list[Area]] = {}
        for area in self.areas:
            for name in (area.name, *area.also):
                by_name.setdefault(_plain(name), []).append(area)
        for named_so in by_name.values():
            spans = sorted((a.valid_from or date.min, a.valid_to or date.max) for a in named_so)
            if any(later[0] <= earlier[1] for earlier, later in zip(spans, spans[1:], strict=False)):
                problems.append(f"one name stands for {len(named_so)} areas at once ({named_so[0].code} is one)")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @cached_property
    def by_code(self) -> Mapping[str, Area]:
        """The areas by code."""
        return {area.code: area for area in self.areas}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Area, ...]]:
        found: dict[str, tuple[Area, ...]] = {}
        for area in self.areas:
            for name in (area.name, *area.also):
                found[_plain(name)] = (*found.get(_plain(name), ()), area)
        return found

    def find_code(self, name: object, on: date) -> str | None:
        """Return the code a name stood for on a day, `UNK`, `NFA` or `OUT` as such; None for a name nobody listed."""
        if not isinstance(name, str) or not name.strip() or _plain(name) == UNKNOWN:
            return UNKNOWN
        if _plain(name) in SPECIAL:
            return _plain(name)
        return next((area.code for area in self._by_name.get(_plain(name), ()) if area.holds_on(on)), None)

    def place(self, names: pd.Series, days: pd.Series) -> pd.Series:
        """Return the code each name stood for on its day: `UNK` where it is empty or unlisted, or has no day."""
        pairs = list(zip(names.tolist(), pd.to_datetime(days).tolist(), strict=True))
        known = {pair: self._place_one(*pair) for pair in dict.fromkeys(pairs)}
        return pd.Series([known[pair] for pair in pairs], index=names.index, dtype="str")

    def _place_one(self, name: object, day: object) -> str:
        return UNKNOWN if pd.isna(day) else self.find_code(name, pd.Timestamp(day).date()) or UNKNOWN

    def list_unread(self, names: pd.Series) -> list[str]:
        """List the names of areas that stand for none of these: a gap in params/areas, not an unknown home."""
        said = {n for n in names.dropna().unique() if _plain(n) not in SPECIAL and _plain(n) not in self._by_name}
        return sorted(said - {""})

    def name_of(self, code: str) -> str:
        """Return an area's name, or the words for a home or place that is none."""
        return SPECIAL.get(code) or (self.by_code[code].name if code in self.by_code else code)

    def neighbours_on(self, code: str, day: date) -> tuple[str, ...]:
        """Return the codes of the areas that border this one on a day."""
        return tuple(c for c in self.by_code[code].neighbours if self.by_code[c].holds_on(day))

    def is_abroad(self, code: str) -> bool:
        """Say whether a known area lies outside the home force's: another force has to be asked."""
        return code == OUTSIDE or (code in self.by_code and self.by_code[code].force != self.force)

    def force_of(self, code: str) -> str | None:
        """Return the name of the force that polices an area."""
        area = self.by_code.get(code)
        return None if area is None else next(f.name for f in self.forces if f.code == area.force)

    def find_force(self, name: object) -> str | None:
        """Return the code of a force by what records call it."""
        plain = _plain(str(name))
        found = (f.code for f in self.forces if plain in {_plain(n) for n in (f.name, *f.also)})
        return next(found, None)

    def measure_km(self, a: str, b: str) -> float | None:
        """Return the straight distance between the middles of two areas in km; None where one has no point."""
        ends = [self.by_code.get(code) for code in (a, b)]
        if any(e is None or e.latitude is None or e.longitude is None for e in ends):
            return None
        (lat_a, lon_a), (lat_b, lon_b) = ((radians(e.latitude), radians(e.longitude)) for e in ends)  # type: ignore[union-attr,arg-type]
        half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
        return 2 * EARTH_KM * asin(sqrt(half))

    def as_on(self, code: str, day: date) -> str:
        """Return what an area had become by a day; the area itself while it is one, or where that is not said."""
        while code in self.by_code and not self.by_code[code].holds_on(day) and self.by_code[code].became:
            code = str(self.by_code[code].became)
        return code

    def bridge(self, codes: Iterable[str], on: date) -> dict[str, str]:
        """Map codes to the areas they had become by a day, by the stated `became`; refuse what has no such successor.

        Raises
        ------
        TableError
            If an area had ended by `on` and nothing says what it became, or had not begun: an area that was made of
            several cannot be taken apart again from counts.
        """
        mapped, lost = {}, []
        for code in sorted(set(codes)):
            now = self.as_on(code, on)
            if now not in SPECIAL and not (now in self.by_code and self.by_code[now].holds_on(on)):
                lost.append(code)
            mapped[code] = now
        if lost:
            raise TableError(
                f"{len(lost)} areas ({', '.join(lost)}) are none on {on.isoformat()} and nothing says what they "
                "became. Give each a `became` in params/areas, or compare days on the same side of the change."
            )
        return mapped


def _plain(name: str) -> str:
    return " ".join(name.split()).upper()


def read_areas(folder: Path | None = None, name: str | None = None) -> Areas:
    """Read the areas a partnership uses: the one file there is under `params/areas`, or the one called `name`."""
    names = list(policy_files("areas", folder))
    if name is None and len(names) != 1:
        raise ParamsError(f"params/areas holds {len(names)} files; one is used. Keep the one in use, or name it.")
    return read_named("areas", name or names[0], Areas, folder)
