"""What each person on the demo's register did, or is said to have done, and why they are on it.

A dossier is written for a planted story by hand and for everyone else by chance. Crimes, reports and the register
are made from dossiers, so that a reason for inclusion always cites something that is there.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

OFFENCES: dict[str, tuple[str, str]] = {
    "attempt": ("Attempted murder", "2/0"),
    "s18": ("Wounding with intent to do grievous bodily harm", "5D/1"),
    "s20": ("Malicious wounding / GBH without intent", "8N/1"),
    "abh": ("Assault occasioning ABH", "8N/6"),
    "robbery": ("Robbery of personal property", "34B/1"),
    "disorder": ("Violent disorder", "64/1"),
    "threats": ("Threats to kill", "3B/1"),
    "firearm": ("Possession of prohibited firearm or ammunition", "81/3"),
    "blade": ("Possession of article with blade or point", "10D/1"),
    "weapon": ("Possession of an offensive weapon", "10C/1"),
    "common": ("Common assault and battery", "105A/1"),
    "affray": ("Affray", "66/1"),
    "supply_a": ("Being concerned in supply of a controlled drug - Class A", "92A/21"),
    "pwits_a": ("Possession of a controlled drug with intent to supply - Class A", "92A/31"),
    "pwits_b": ("Possession with intent to supply - Class B", "92A/32"),
    "slavery": ("Modern slavery - arranging or facilitating travel for exploitation", "106/2"),
    "shop": ("Theft from shops and stalls", "46/0"),
    "vehicle": ("Theft from a motor vehicle", "45/10"),
    "damage": ("Criminal damage to a vehicle", "58C/1"),
    "harassment": ("Harassment / malicious comms", "8L/2"),
    "burglary": ("Burglary - residential", "28E/1"),
    "cannabis": ("Possession of controlled drugs (cannabis)", "92E/1"),
}
FOUND_BY_POLICE = frozenset({"firearm", "blade", "weapon", "supply_a", "pwits_a", "pwits_b", "cannabis"})
GROUPS = {"Copperkiln": "SYND-G001", "Ropewalk": "SYND-G002", "Larkspur network": "SYND-G003"}
CONDITION = "Originator to be consulted before dissemination (S2)"


@dataclass(frozen=True)
class Deed:
    """A crime a person is named in: what, when, and what became of it by when.

    `charged_on` empty means named suspect; `also` are the keys of others charged or named with them; `victim` the
    key of the person harmed.
    """

    offence: str
    on: date
    charged_on: date | None = None
    court: str = ""
    court_on: date | None = None
    outcome: str = ""
    outcome_on: date | None = None
    part: str = "PRINCIPAL"
    also: tuple[str, ...] = ()
    victim: str = ""
    has_knife: bool = False
    is_gang: bool = False


@dataclass(frozen=True)
class Word:
    """A report that names a person first: on what, how graded, and where it first came from."""

    theme: str
    on: date
    grade: str
    origin: str
    also: tuple[str, ...] = ()
    conditions: str = ""
    repeats: str = ""
    withdrawn_on: date | None = None
    is_partner: bool = False
    text: str = ""


@dataclass(frozen=True)
class Entry:
    """A person's place on the review register. Owner and last review are the next in turn where nothing is said."""

    categories: str = "Suspect"
    owner: str | None = None
    reviewed_on: date | None = None
    is_overdue: bool = False
    authoriser: str = ""
    safeguarding_ref: str = ""
    removed_on: date | None = None
    n_cited: int = 3
    reason: str = "charged or convicted, and graded reports from more than one origin"


@dataclass(frozen=True)
class Dossier:
    """Everything the demo records of one person on the register."""

    key: str
    group: str = ""
    deeds: tuple[Deed, ...] = ()
    words: tuple[Word, ...] = ()
    entry: Entry | None = Entry()


_SERIOUS = ("robbery", "blade", "s20", "supply_a", "pwits_a", "disorder", "threats", "pwits_b", "weapon")
_OTHER = ("common", "abh", "affray", "cannabis", "shop", "damage")
_THEMES = ("SUPPLY", "MEMBERSHIP", "WEAPON", "CONFLICT", "SUPPLY", "DEBT", "TRAVEL", "LIFESTYLE")
_GRADES = ("1BP", "2BP", "2AP", "1AP", "2CP", "2CP", "2DP", "3CP", "2BC", "1BC", "B24", "E41")


def draw_dossiers(keys: list[str], *, seed: int) -> list[Dossier]:
    """Draw dossiers for people of whom no story is told.

    One in four rests on too little to be included, one in eight is overdue for review, one in eight has no owner.
    """
    rng = Random(f"{seed} dossiers")
    groups = [*GROUPS, "Copperkiln", "Ropewalk", ""]
    dossiers = [Dossier(key, groups[n % len(groups)]) for n, key in enumerate(keys)]
    fellows = {group: [d.key for d in dossiers if d.group == group] for group in GROUPS}
    return [_fill(d, n, fellows.get(d.group, []), rng) for n, d in enumerate(dossiers)]


def _fill(dossier: Dossier, n: int, fellows: list[str], rng: Random) -> Dossier:
    others = [key for key in fellows if key != dossier.key]
    is_weak, is_overdue = n % 4 == 3, n % 8 == 5
    deeds = [] if is_weak else [_draw_deed(rng, others, charged=True) for _ in range(rng.randint(1, 3))]
    deeds += [_draw_deed(rng, others, charged=False) for _ in range(rng.randint(0, 1))]
    words = [_draw_word(f"{dossier.key}/{i}", rng, others, rng.choice(_GRADES)) for i in range(rng.randint(1, 5))]
    words += [_draw_word(f"{dossier.key}/w", rng, (), "2DP" if is_weak else rng.choice(("1BP", "2BP", "1AP")))]
    proved = any(d.court == "Convicted" for d in deeds)
    owner = "" if n % 8 == 6 else f"SYN Officer {rng.randint(2, 9)}"
    reviewed_on = date(2026, 8, 10) + timedelta(days=rng.randint(0, 70))
    entry = Entry(
        categories="Convicted" if proved else "Suspect",
        owner=owner,
        reviewed_on=date(2026, 7, 1) if is_overdue else reviewed_on,
        is_overdue=is_overdue,
        n_cited=1 if is_weak else 3,
        reason="a report that has not been tested" if is_weak else Entry.reason,
    )
    return replace(dossier, deeds=tuple(deeds), words=tuple(words), entry=entry)


def _draw_deed(rng: Random, others: list[str], *, charged: bool) -> Deed:
    on = date(2025, 1, 6) + timedelta(days=int(600 * rng.random() ** 0.6))
    offence = rng.choice(_SERIOUS if charged or rng.random() < 0.5 else _OTHER)
    also = tuple(rng.sample(others, 1)) if others and rng.random() < 0.35 else ()
    has_knife = offence in ("s20", "blade") or (offence == "robbery" and rng.random() < 0.5)
    deed = Deed(offence, on, also=also, has_knife=has_knife, is_gang=offence == "affray")
    if not charged:
        is_live = (date(2026, 10, 1) - on).days < 150
        return (
            deed
            if is_live
            else replace(deed, outcome=rng.choice(("15", "16", "18")), outcome_on=on + timedelta(days=90))
        )
    charged_on = on + timedelta(days=rng.randint(1, 45))
    court_on = charged_on + timedelta(days=rng.randint(120, 300))
    court = rng.choices(("Convicted", "Discontinued", "Convicted (lesser offence)"), (8, 1, 1))[0]
    return replace(deed, charged_on=charged_on, outcome="1", outcome_on=charged_on, court=court, court_on=court_on)


def _draw_word(origin: str, rng: Random, others: list[str] | tuple[str, ...], grade: str) -> Word:
    on = date(2025, 10, 1) + timedelta(days=rng.randint(0, 400))
    also = tuple(rng.sample(others, 1)) if others and rng.random() < 0.3 else ()
    conditions = CONDITION if grade.endswith("C") else ""
    return Word(rng.choice(_THEMES), on, grade, origin, also, conditions, is_partner=rng.random() < 0.2)
