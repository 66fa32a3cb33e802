"""What happened in the demo partnership: crimes, reports and arrests from dossiers, and everything else by chance."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from csp_toolkit.records.demo.dossiers import FOUND_BY_POLICE, Deed, Dossier, Word
from csp_toolkit.records.demo.people import HOME, NEIGHBOURS, WARDS

FIRST_DAY, LAST_DAY = date(2024, 10, 29), date(2026, 11, 18)
_EVERYDAY = ("shop", "vehicle", "damage", "harassment", "burglary", "cannabis", "common", "abh")


@dataclass(frozen=True)
class Crime:
    """A crime, with everything that will ever be known of it."""

    ref: str
    deed: Deed
    suspects: tuple[str, ...]
    victim: str
    ward: str
    area: str

    @property
    def found_by_police(self) -> bool:
        """Say whether police activity brought it to light."""
        return self.deed.offence in FOUND_BY_POLICE


@dataclass(frozen=True)
class Report:
    """An intelligence report; `word.repeats` and `corroborated_by` are references by now."""

    ref: str
    word: Word
    subjects: tuple[str, ...]
    origin: str
    group: str
    submitted_on: date
    corroborated_by: str = ""


@dataclass(frozen=True)
class Arrest:
    """A detention, for a crime or, by another force, without one."""

    ref: str
    key: str
    arrived_at: datetime
    crime: Crime | None
    force: str = "Essex"
    station: str = HOME


@dataclass(frozen=True)
class Stop:
    """A stop and search, of someone known or not."""

    ref: str
    key: str
    at: datetime
    place: tuple[float, float]
    searched_for: str
    outcome: str
    age_band: str


def _days(rng: Random) -> date:
    return FIRST_DAY + timedelta(days=rng.randint(0, (LAST_DAY - FIRST_DAY).days))


def make_crimes(dossiers: list[Dossier], others: list[str], *, n_everyday: int, seed: int) -> list[Crime]:
    """Make the crimes of the dossiers, and everyday ones in which someone not on the register may be named."""
    rng = Random(f"{seed} crimes")
    drafts: list[tuple[Deed, tuple[str, ...]]] = [(deed, (d.key, *deed.also)) for d in dossiers for deed in d.deeds]
    for _ in range(n_everyday):
        deed = Deed(rng.choice(_EVERYDAY), _days(rng))
        named = (rng.choice(others),) if rng.random() < 0.2 else ()
        closed_on = deed.on + timedelta(days=rng.randint(3, 120))
        if named and rng.random() < 0.4:
            deed = replace(deed, charged_on=closed_on, outcome="1", outcome_on=closed_on)
        else:
            outcome = rng.choice(("15", "16", "8")) if named else rng.choice(("18", "18", "14", "21"))
            deed = replace(
                deed, outcome=outcome, outcome_on=closed_on, victim=rng.choice(others) if rng.random() < 0.15 else ""
            )
        drafts.append((deed, named))
    drafts.sort(key=lambda draft: (draft[0].on, draft[1], draft[0].offence))
    return [
        Crime(
            ref=f"42SYND/{700_000 + n:06d}/{deed.on.year % 100:02d}", deed=deed, suspects=suspects, victim=deed.victim,
            ward=rng.choice(WARDS), area=HOME if rng.random() < 0.97 else rng.choice(NEIGHBOURS),
        )
        for n, (deed, suspects) in enumerate(drafts, start=1)
    ]  # fmt: skip


def make_reports(dossiers: list[Dossier], others: list[str], *, n_others: int, seed: int) -> list[Report]:
    """Make the reports of the dossiers, and some about people who are on no register."""
    rng = Random(f"{seed} reports")
    drafts = [(word, (d.key, *word.also), d.group) for d in dossiers for word in d.words]
    for n in range(n_others):
        theme = rng.choice(("SUPPLY", "CCE", "TRAVEL", "DEBT", "LIFESTYLE", "SUPPLY"))
        grade = rng.choice(("2CP", "2DP", "2BP", "3CP", "1BP", "B24", "E41"))
        drafts.append(
            (Word(theme, _days(rng), grade, f"other/{n}", is_partner=rng.random() < 0.3), (rng.choice(others),), "")
        )
    drafts.sort(key=lambda draft: (draft[0].on, draft[1], draft[0].origin, draft[0].grade))
    refs = [f"42SYND/IR/{n:06d}/{word.on.year % 100:02d}" for n, (word, _, _) in enumerate(drafts, start=1)]
    first = _first_of_each_origin(drafts, refs)
    origins = {
        origin: f"SYND-OR-{n:05d}" for n, origin in enumerate(sorted({word.origin for word, _, _ in drafts}), start=1)
    }
    reports = []
    for ref, (word, subjects, group) in zip(refs, drafts, strict=True):
        supporters = [r for o, r in first.items() if o != word.origin and o.split("/")[0] == word.origin.split("/")[0]]
        reports.append(Report(
            ref=ref,
            word=replace(word, repeats=first[word.repeats] if word.repeats else ""),
            subjects=subjects,
            origin=origins[word.origin],
            group=group,
            submitted_on=word.on + timedelta(days=rng.randint(0, 2)),
            corroborated_by=supporters[0] if supporters and word.grade[1] == "B" and len(subjects) == 1 else "",
        ))  # fmt: skip
    return reports


def _first_of_each_origin(drafts: list[tuple[Word, tuple[str, ...], str]], refs: list[str]) -> dict[str, str]:
    first: dict[str, str] = {}
    for (word, _, _), ref in zip(drafts, refs, strict=True):
        first.setdefault(word.origin, ref)
    return first


def make_arrests(crimes: list[Crime], elsewhere: Mapping[str, date], *, seed: int) -> list[Arrest]:
    """Make the arrests of most suspects, on one day per crime, and those another force made."""
    rng = Random(f"{seed} arrests")
    drafts: list[tuple[datetime, str, Crime | None]] = []
    for crime in crimes:
        if crime.suspects and (crime.deed.charged_on or rng.random() < 0.4):
            day = min(crime.deed.charged_on or crime.deed.on + timedelta(days=2), crime.deed.on + timedelta(days=3))
            at = datetime.combine(day, time(rng.randint(6, 22), rng.choice((5, 20, 35, 50))))
            drafts += [(at + timedelta(minutes=7 * n), key, crime) for n, key in enumerate(crime.suspects)]
    drafts += [(datetime.combine(day, time(13, 40)), key, None) for key, day in elsewhere.items()]
    drafts.sort(key=lambda draft: draft[:2])
    return [
        Arrest(f"SYND/SM/{n:05d}/{at.year % 100:02d}", key, at, crime)
        if crime
        else Arrest(f"SYND/GH/{n:05d}/{at.year % 100:02d}", key, at, None, "Metropolitan", "Great Haddow")
        for n, (at, key, crime) in enumerate(drafts, start=1)
    ]


def make_stops(pairs: list[tuple[str, ...]], others: list[str], *, n_others: int, seed: int) -> list[Stop]:
    """Make stops of people together, and of people by themselves, most of them not identified."""
    rng = Random(f"{seed} stops")
    events = [(pair, _days(rng)) for pair in pairs]
    events += [((rng.choice(others) if rng.random() < 0.3 else "",), _days(rng)) for _ in range(n_others)]
    events.sort(key=lambda event: (event[1], event[0]))
    stops: list[Stop] = []
    for keys, day in events:
        at = datetime.combine(day, time(rng.randint(9, 23), rng.randint(0, 59)))
        place = (round(61.0 + rng.random() / 20, 6), round(2.0 + rng.random() / 20, 6))  # in the sea
        found = rng.random() < 0.35
        outcome = rng.choice(("Arrest", "Community resolution", "Khat or Cannabis warning")) if found else ""
        for key in keys:
            stops.append(Stop(
                f"SYND-SS{len(stops) + 1:05d}", key, at, place, rng.choice(("Controlled drugs", "Offensive weapons")),
                outcome or "A no further action disposal", rng.choice(("18-24", "25-34", "over 34")),
            ))  # fmt: skip
    return stops
