"""Invented people and places for the demo: names, addresses and numbers that nobody has.

Surnames, streets, wards and towns are made up; the postcode area XZ does not exist; every reference carries SYN.
Ethnic codes are drawn from a stream of their own that nothing else sees, so no part of the demo can go by them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

HOME = "Saltmere"
NEIGHBOURS = ("Northmarsh", "Wexcombe", "Great Haddow")
WARDS = ("Harbour End", "Cray Reach", "Upper Saltmere", "Lanternfield", "Quayside North", "Withy Park")
STREETS = (
    "Eelgate", "Samphire Close", "Marram Way", "Thrift Court", "Dunlin Gardens", "Oyster Mews", "Copperkiln Lane",
    "Ropewalk Rise", "Sluice Road", "Beacon Drift", "Hurdle Green", "Plashet Row", "Teal Avenue", "Wherry Street",
)  # fmt: skip
SURNAMES = (
    "Amberwick", "Barleyford", "Brindlecote", "Calderfen", "Copsehurst", "Dovecross", "Eldermere", "Fallowby",
    "Farthingdale", "Gorsebrook", "Greywether", "Hallowfen", "Harrowdene", "Inglethorpe", "Juniperley", "Kestrelham",
    "Larkenby", "Lintwater", "Marlowick", "Merrivale-Stroud", "Nettlecombe", "Oakhanger", "Otterbourne-Lee", "Penhurst",
    "Pikestaff", "Quillfeather", "Ravensike", "Redfallow", "Saltonstow", "Sedgemore", "Silverlode", "Tamarind",
    "Tanglewood", "Thornicote", "Umberleigh", "Vanestone", "Wainfleet-Orr", "Waterlow", "Whinberry", "Wrenfield",
    "Yarrowby", "Ashcombe-Vale", "Birchanger", "Cinderford", "Drakesbrook", "Emberton", "Foxcotte", "Glasswright",
)  # fmt: skip
MALE = (
    "Jory", "Tobin", "Kit", "Marek", "Idris", "Rafe", "Dane", "Osric", "Yusuf", "Caleb", "Emeka", "Lorcan", "Silas",
    "Bram", "Anton", "Zeki", "Perran", "Corin", "Dmitri", "Ellis", "Farid", "Gethin", "Hal", "Ivo", "Jago", "Kofi",
)  # fmt: skip
FEMALE = (
    "Tamsin", "Isolde", "Nadia", "Wren", "Merryn", "Odile", "Petra", "Sunniva", "Amina", "Blythe", "Carys", "Demelza",
    "Elowen", "Freyja", "Greta", "Hester", "Imara", "Juno",
)  # fmt: skip
ETHNICITIES = (
    ("W1", "White - North European"), ("W9", "White - South European"), ("B1", "Black"), ("B2", "Black"),
    ("A1", "Asian"), ("A3", "Asian"), ("M1", "Black"), ("O9", "Other"), ("NS", "Not recorded"),
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One police record of an invented person."""

    key: str
    ref: str
    family_name: str
    given_name: str
    born_on: date | None
    sex: str
    ethnicity: tuple[str, str]
    address: str
    postcode: str
    area: str
    pnc: str
    aliases: str = ""
    markers: str = ""
    died_on: date | None = None
    merged_into: str = ""
    merged_on: date | None = None
    updated_on: date = date(2026, 9, 1)

    @property
    def label(self) -> str:
        """Return the name as police files write it."""
        return f"{self.family_name.upper()}, {self.given_name}"

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on a day."""
        if self.born_on is None:
            return None
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


@dataclass(frozen=True)
class Sketch:
    """What a story fixes of a person; the rest is drawn."""

    key: str
    given_name: str
    family_name: str
    born_on: date | None
    sex: str = "M"
    area: str = HOME
    lives_with: str = ""
    aliases: str = ""
    markers: str = ""
    died_on: date | None = None
    merged_into: str = ""
    merged_on: date | None = None


def make_people(sketches: Iterable[Sketch], *, n_ordinary: int, n_others: int, seed: int) -> dict[str, Person]:
    """Make the planted people, then `ordinary-n` for the register, then `other-n`, each with a name of its own."""
    rng = Random(f"{seed} people")
    planted = list(sketches)
    taken = {(s.given_name, s.family_name) for s in planted}
    kept = frozenset(s.family_name for s in planted)  # nobody else on the register is called as someone of a story
    drawn = [_draw_sketch(f"ordinary-{n}", rng, taken, kept, youngest=19, oldest=38) for n in range(n_ordinary)]
    drawn += [_draw_sketch(f"other-{n}", rng, taken, frozenset(), youngest=11, oldest=70) for n in range(n_others)]
    people: dict[str, Person] = {}
    homes, hidden = Random(f"{seed} homes"), Random(f"{seed} ethnicity")
    for number, sketch in enumerate([*planted, *drawn], start=101):
        people[sketch.key] = _settle(sketch, number, homes, hidden.choice(ETHNICITIES), people)
    return people


def person_ref(number: int, year: int) -> str:
    """Return a police reference for a person."""
    return f"42SYND/{number:06d}/{year % 100:02d}"


def _draw_sketch(
    key: str, rng: Random, taken: set[tuple[str, str]], kept: frozenset[str], *, youngest: int, oldest: int
) -> Sketch:
    while True:
        sex = "M" if rng.random() < 0.75 else "F"
        name = (rng.choice(MALE if sex == "M" else FEMALE), rng.choice(SURNAMES))
        if name not in taken and name[1] not in kept:
            break
    taken.add(name)
    age_days = rng.randint(youngest * 365 + 10, oldest * 365)
    area = HOME if rng.random() < 0.9 else rng.choice((*NEIGHBOURS, "NFA"))
    return Sketch(key, *name, date(2026, 10, 1) - timedelta(days=age_days), sex, area)


def _settle(sketch: Sketch, number: int, rng: Random, ethnicity: tuple[str, str], people: dict[str, Person]) -> Person:
    ward = rng.choice(WARDS) if sketch.area == HOME else sketch.area
    address = f"{rng.randint(1, 140)} {rng.choice(STREETS)}, {ward}"
    district = WARDS.index(ward) + 1 if ward in WARDS else 9
    postcode = f"XZ{district} {rng.randint(1, 9)}{rng.choice('ABDEF')}{rng.choice('GHJLN')}"
    if sketch.lives_with:
        address, postcode = people[sketch.lives_with].address, people[sketch.lives_with].postcode
    year = rng.randint(2017, 2025)
    has_pnc = sketch.key.startswith("other") is False or rng.random() < 0.3
    return Person(
        key=sketch.key,
        ref=person_ref(number, year),
        family_name=sketch.family_name,
        given_name=sketch.given_name,
        born_on=sketch.born_on,
        sex=sketch.sex,
        ethnicity=ethnicity,
        address="No fixed abode" if sketch.area == "NFA" else address,
        postcode="" if sketch.area == "NFA" else postcode,
        area=sketch.area,
        pnc=f"SYND{year}/{number:07d}{rng.choice('ABCDEFGHJKLMNPQRTUVWXYZ')}" if has_pnc else "",
        aliases=sketch.aliases,
        markers=sketch.markers,
        died_on=sketch.died_on,
        merged_into=people[sketch.merged_into].ref if sketch.merged_into else "",
        merged_on=sketch.merged_on,
        updated_on=date(2026, 9, 30) - timedelta(days=rng.randint(0, 600)),
    )
