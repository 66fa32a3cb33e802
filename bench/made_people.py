"""Made-up people in any number, seeded, as agencies would record them, with the truth known: no person's record.

People live in families under one name and one roof, so there are brothers, twins, fathers with their sons' names, and
namesakes across the town. Agencies record them with the slips agencies make: short forms, initials, misspellings, names
in the wrong order, days and months exchanged, digits mistyped, years for dates, old addresses, empty cells.
"""

import numpy as np
import pandas as pd

from csp_toolkit.tables.linking.policy import Names, read_names


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


SYSTEMS = ("police", "probation", "prison", "youth_justice", "children", "education", "housing", "drug_service")
_FIRST = _split(
    """
    Ash Bar Bel Bram Carl Cor Dal Den Dun East Elm Fair Far Fox Gar Gold Hal Har Haw Holl Horn Kel Kirk Lang Lin
    Long Mar Mil Mor Nor Nut Oak Old Pem Pin Rad Raw Red Rod Row San Sel Shel Stan Sut Tal Thorn Tur Wal Wes
    Whit Wil Wood Wor
    """
)
_LAST = _split(
    """
    bank berry born bridge brook bury by combe cott croft dale den don er field ford gate ham hurst ing ington
    ley low man mere more ney ridge ock sey shaw son stead stock stone ton wall ward well wick win wood worth
    """
)
_COMMON = _split(
    """
    Smith Jones Williams Brown Taylor Davies Wilson Evans Thomas Johnson Roberts Walker Wright Robinson Thompson
    White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill Moore Cooper
    Morris Ward Watson Khan Ahmed Hussain Ali Begum Patel Singh Kaur Mohammed Rahman Popescu Kowalski Nowak
    Kowalska
    """
)
_STREETS = _split(
    """
    Road Street Avenue Close Lane Court Gardens Drive Crescent Way Mews
    """
)
_FEMALE = _split(
    """
    ABIGAIL ALEKSANDRA ALISON AMANDA AMELIA ANGELA ANNE BARBARA CAROLINE CATHERINE CHARLOTTE CHRISTINE CLAIRE
    DANIELLE DEBORAH DIANA ELEANOR ELIZABETH EMILY EMMA FATIMA FLORENCE FRANCES FRANCESCA GEORGINA GILLIAN GRACE
    HARRIET ISABELLA JACQUELINE JANE JANET JENNIFER JESSICA JOANNE JUDITH KAREN KIMBERLEY LAURA LOUISE LUCY
    MADELEINE MARGARET MARIA MEGAN MICHELLE MOLLY NATALIE NICOLA OLIVIA PATRICIA PAULINE PENELOPE PHILIPPA
    REBECCA ROSEMARY SALLY SAMANTHA SARAH SOPHIE STEPHANIE SUSAN TERESA TRACEY VALERIE VICTORIA YASMIN
    """
)
# How often an agency makes each slip.
SLIPS = {
    "short_form": 0.06, "initial": 0.015, "beginning": 0.01, "given_typo": 0.03, "family_typo": 0.03, "swapped": 0.008,
    "maiden": 0.01, "day_month": 0.015, "digit": 0.02, "no_birth": 0.05, "year_only": 0.015, "first_january": 0.0,
    "moved": 0.2, "no_home": 0.25, "no_postcode": 0.08, "no_sex": 0.1, "wrong_sex": 0.004, "middle": 0.35,
}  # fmt: skip


def make_people(n_records: int, *, seed: int = 1, slips: dict[str, float] | None = None) -> pd.DataFrame:
    """Make about `n_records` records (exactly so many), as `link_records` takes them, with the person as ``truth``."""
    rng = np.random.default_rng(seed)
    slips = SLIPS | (slips or {})
    people = _make_families(int(n_records / 1.9) + 20, rng, read_names("uk_v1"))
    n_each = rng.choice([1, 2, 3, 4, 5], len(people), p=[0.5, 0.25, 0.13, 0.08, 0.04])
    person = np.repeat(np.arange(len(people)), n_each)
    if len(person) < n_records:
        person = np.r_[person, rng.integers(0, len(people), n_records - len(person))]
    person = person[rng.permutation(len(person))[:n_records]]
    records = people.iloc[person].reset_index(drop=True)
    records["truth"] = person
    place = pd.Series(person).groupby(person).cumcount().to_numpy()
    system = (person * 7 + place) % len(SYSTEMS)
    records["source_system"] = np.array(SYSTEMS, dtype=object)[system]
    records["source_ref"] = [f"R{n}" for n in range(n_records)]
    records["record_id"] = records["source_system"] + ":" + records["source_ref"]
    _spoil(records, people, rng, slips, read_names("uk_v1"))
    return records.astype(
        {c: "str" for c in ("given_name", "family_name", "home_address", "postcode", "sex", "pnc", "upn")}
    )


def _family_names(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw family names, a few of them very common."""
    made = [a + b for a in _FIRST for b in _LAST] + [a + b + c for a in _FIRST for b in _LAST[:20] for c in ("er", "s")]
    names = np.array([*_COMMON, *made], dtype=object)
    share = 1 / (np.arange(len(names)) + 8) ** 0.85
    return names[rng.choice(len(names), n, p=share / share.sum())]


def _make_families(n_people: int, rng: np.random.Generator, names: Names) -> pd.DataFrame:
    size = rng.choice([1, 2, 3, 4, 5, 6], n_people, p=[0.32, 0.27, 0.16, 0.15, 0.07, 0.03])
    home = np.repeat(np.arange(n_people), size)[:n_people]
    place = pd.Series(home).groupby(home).cumcount().to_numpy()
    n_homes = home.max() + 1
    family = _family_names(rng, n_homes)[home]
    family = np.where((place == 1) & (rng.random(n_people) < 0.35), _family_names(rng, n_people), family)

    given = np.array(list(names.given_names), dtype=object)
    is_female_name = np.array([name in _FEMALE for name in given])
    female = rng.random(n_people) < 0.4
    share = 1 / (np.arange(len(given)) + 6) ** 0.7
    share = share[rng.permutation(len(given))]
    drawn = {flag: given[is_female_name == flag] for flag in (False, True)}
    odds = {flag: share[is_female_name == flag] / share[is_female_name == flag].sum() for flag in (False, True)}
    first = np.where(
        female, rng.choice(drawn[True], n_people, p=odds[True]), rng.choice(drawn[False], n_people, p=odds[False])
    )
    middle = np.where(female, rng.choice(drawn[True], n_people), rng.choice(drawn[False], n_people))

    parent_born = rng.integers(1955, 1992, n_homes)[home]
    year = np.where(
        place < 2, parent_born + rng.integers(-3, 4, n_people), parent_born + rng.integers(18, 32, n_people)
    )
    day = rng.integers(0, 365, n_people)
    before = np.r_[0, np.arange(n_people - 1)]
    twin = (place > 2) & (rng.random(n_people) < 0.04)
    year, day = np.where(twin, year[before], year), np.where(twin, day[before], day)
    junior = (place == 2) & (rng.random(n_people) < 0.03)
    first = np.where(junior & ~female & ~female[home.searchsorted(home)], first[home.searchsorted(home)], first)
    year = np.minimum(year, 2015)
    born = pd.to_datetime(pd.Series(year).astype("str") + "-01-01") + pd.to_timedelta(day, unit="D")

    street = rng.integers(0, max(n_homes // 25, 2), n_homes)
    roads = np.array([f"{a}{b} {s}" for a in _FIRST for b in _LAST[:12] for s in _STREETS], dtype=object)
    number = rng.integers(1, 150, n_homes)
    address = np.array([f"{n} {roads[s % len(roads)]}" for n, s in zip(number, street, strict=True)], dtype=object)[
        home
    ]
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    code = np.array(
        [f"SS{90 + s % 10} {s // 10 % 10}{letters[s // 100 % 20]}{letters[s // 2000 % 20]}" for s in street]
    )[home]
    has_pnc, has_upn = rng.random(n_people) < 0.3, year >= 2007
    rank = np.arange(n_people)
    return pd.DataFrame({
        "given_name": pd.Series(first).str.title(), "middle": pd.Series(middle).str.title(), "family_name": family,
        "home_address": address, "postcode": code,
        "dob": born.astype("datetime64[us]"), "sex": np.where(female, "F", "M"),
        "pnc": np.where(has_pnc, [f"SYN20/{n:07d}" for n in rank], None),
        "upn": np.where(has_upn, [f"SYNU{n:012d}" for n in rank], None),
    })  # fmt: skip


def _spoil(
    records: pd.DataFrame, people: pd.DataFrame, rng: np.random.Generator, slips: dict[str, float], names: Names
) -> None:
    n = len(records)

    def hit(slip: str) -> np.ndarray:
        return rng.random(n) < slips[slip]

    forms = {full.title(): [form.title() for form in short] for full, short in names.given_names.items() if short}
    given, family = records["given_name"].to_numpy(dtype=object), records["family_name"].to_numpy(dtype=object)
    draw = rng.random(n)
    for i in np.flatnonzero(hit("short_form")):
        options = forms.get(given[i], [given[i]])
        given[i] = options[int(draw[i] * len(options))]
    for i in np.flatnonzero(hit("given_typo")):
        given[i] = _mistype(given[i], rng)
    for i in np.flatnonzero(hit("family_typo")):
        family[i] = _mistype(family[i], rng)
    given = np.where(hit("initial"), [g[0] for g in given], given)
    given = np.where(hit("beginning"), [g[:3] for g in given], given)
    family = np.where(hit("maiden"), _family_names(rng, n), family)
    swap = hit("swapped")
    given, family = np.where(swap, family, given), np.where(swap, given, family)
    capitals = records["source_system"].isin(["prison", "police"]).to_numpy()
    records["family_name"] = np.where(capitals, [f.upper() for f in family], family)
    records["given_name"] = given
    records["other_names"] = pd.Series(np.where(hit("middle"), records.pop("middle"), None), dtype="str")
    _spoil_births(records, rng, hit)
    other = people.iloc[rng.integers(0, len(people), n)]
    moved, homeless = hit("moved"), hit("no_home")
    for column in ("home_address", "postcode"):
        value = np.where(moved, other[column], records[column])
        gone = homeless | hit("no_postcode") if column == "postcode" else homeless
        records[column] = pd.Series(np.where(gone, None, value), dtype="str")
    wrong = np.where(records["sex"].eq("M"), "F", "M")
    sex = np.where(hit("wrong_sex"), wrong, records["sex"])
    records["sex"] = pd.Series(np.where(hit("no_sex"), None, sex), dtype="str")
    keeps_pnc = records["source_system"].isin(["police", "probation", "prison"])
    keeps_upn = records["source_system"].isin(["children", "education"])
    records["pnc"] = records["pnc"].where(keeps_pnc & ~pd.Series(hit("no_home")))
    records["upn"] = records["upn"].where(keeps_upn & ~pd.Series(hit("no_home")))


def _spoil_births(records: pd.DataFrame, rng: np.random.Generator, hit: object) -> None:
    dob = records["dob"]
    text = dob.dt.strftime("%Y%m%d").to_numpy(dtype=object)
    swappable = (dob.dt.day <= 12).to_numpy()
    text = np.where(hit("day_month") & swappable, [t[:4] + t[6:] + t[4:6] for t in text], text)  # type: ignore[operator]
    for i in np.flatnonzero(hit("digit")):  # type: ignore[operator]
        place = int(rng.choice([3, 5, 7]))
        text[i] = text[i][:place] + str(rng.integers(0, 10)) + text[i][place + 1 :]
    read = pd.to_datetime(pd.Series(text), format="%Y%m%d", errors="coerce").fillna(dob)
    year_only, none = hit("year_only"), hit("no_birth")  # type: ignore[operator]
    first = pd.to_datetime(read.dt.year.astype("str") + "-01-01")
    records["dob"] = read.mask(year_only, first).mask(none).astype("datetime64[us]")
    records["dob_precision"] = pd.Series(np.where(none, "UNK", np.where(year_only, "YEAR", "EXACT")), dtype="str")


def _mistype(name: str, rng: np.random.Generator) -> str:
    """Change, drop, double or exchange a letter, never the first."""
    if len(name) < 3:
        return name
    at, kind = int(rng.integers(1, len(name))), int(rng.integers(0, 4))
    letter = chr(97 + int(rng.integers(0, 26)))
    if kind == 0:
        return name[:at] + letter + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[:at] + name[at] + name[at:]
    return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :] if at > 1 else name


def count_pairs(truth: pd.Series, found: pd.Series) -> tuple[float, float, float]:
    """Return precision, recall and F1 of a grouping against the truth, over pairs of records."""

    def pairs(sizes: pd.Series) -> int:
        return int((sizes.astype("int64") * (sizes.astype("int64") - 1) // 2).sum())

    frame = pd.DataFrame({"truth": truth.to_numpy(), "found": found.to_numpy()})
    both = pairs(frame.groupby(["truth", "found"]).size())
    n_true, n_found = pairs(frame.groupby("truth").size()), pairs(frame.groupby("found").size())
    precision, recall = both / max(n_found, 1), both / max(n_true, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-12)
