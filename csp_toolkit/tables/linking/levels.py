"""The levels at which two records can agree or differ, each as DuckDB reads it and as a person does.

A comparison is a list of levels, tried in order; the first that fits is met. The level called ``unknown`` says
nothing. Conditions read alike from both sides, so it does not matter which record stands first.
"""

from dataclasses import dataclass

from csp_toolkit.errors import ParamsError
from csp_toolkit.tables.linking.policy import Comparison, LinkModel, Spelling

UNKNOWN = "unknown"
# The step that counts when two records stand in one agency's register; it is no comparison of what they say.
REGISTER, TWICE = "register", "twice"
TWICE_WORDS = "one agency keeps them as two"
DIFFERENT = "different"


@dataclass(frozen=True)
class Level:
    """One way in which two records compare.

    `words` go into the waterfall; the commoner the value of column `common` is, the less an agreement weighs.
    """

    name: str
    words: str
    sql: str
    common: str | None = None


def levels_of(comparison: Comparison, spelling: Spelling) -> tuple[Level, ...]:
    """Return the levels of a comparison, the one that says nothing first and the one that fits all last."""
    name = comparison.name
    if comparison.kind == "given_name":
        return _given_levels(spelling)
    if comparison.kind == "family_name":
        return _family_levels(spelling)
    if comparison.kind == "birth_date":
        return _birth_levels()
    if comparison.kind == "home":
        return _home_levels()
    same = Level("same", f"same {name}", _same(name), None if comparison.kind in ("number", "code") else name)
    near = f"jaro_winkler_similarity({name}_l, {name}_r) >= {comparison.near}"
    near_levels = (Level("near", f"{name} spelt nearly alike", near),) if comparison.kind == "near_text" else ()
    return (_missing(name), same, *near_levels, Level(DIFFERENT, f"different {name}", "ELSE"))


def find_levels(model: LinkModel, rule: str) -> list[tuple[str, str]]:
    """Split ``comparison: level and comparison: level`` and check that the model has them."""
    found = []
    for part in rule.split(" and "):
        name, _, level = (text.strip() for text in part.partition(":"))
        if level not in [each.name for one in model.comparisons if one.name == name
                         for each in levels_of(one, model.spelling)]:  # fmt: skip
            raise ParamsError(f"{model.name}: {part!r} is no level of this model. Write `comparison: level`.")
        found.append((name, level))
    return found


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _missing(*columns: str) -> Level:
    return Level(UNKNOWN, "", " OR ".join(f"{c}_l IS NULL OR {c}_r IS NULL" for c in columns))


_SWAPPED = "(given_l = family_r AND family_l = given_r AND given_l <> family_l)"


def _near(column: str, spelling: Spelling) -> str:
    edits = f"damerau_levenshtein({column}_l, {column}_r) <= {spelling.edits}"
    long = f"least(length({column}_l), length({column}_r)) > {2 * spelling.edits + 1}"
    return f"(({long} AND {edits}) OR jaro_winkler_similarity({column}_l, {column}_r) >= {spelling.jaro_winkler})"


def _given_levels(spelling: Spelling) -> tuple[Level, ...]:
    short = spelling.shortest_start
    begins = (
        f"(least(length(given_l), length(given_r)) <= {short} "
        "AND (starts_with(given_l, given_r) OR starts_with(given_r, given_l)))"
    )
    other = "(list_contains(other_names_l, given_r) OR list_contains(other_names_r, given_l))"
    both_known = "is_known_given_l AND is_known_given_r"
    return (
        _missing("given"),
        Level("same", "same given name", _same("given"), "given"),
        Level("swapped", "given and family name change places", _SWAPPED, None),
        Level("short_form", "one given name is a short form or another spelling of the other",
              "list_has_any(given_roots_l, given_roots_r)"),
        Level("begins", "one given name is the beginning of the other", begins),
        Level("near_known", "given names spelt nearly alike, and both are names people have",
              f"{both_known} AND {_near('given', spelling)}"),
        Level("near", "given name spelt nearly alike", _near("given", spelling)),
        Level("other_name", "the given name of one is a middle name or alias of the other", other),
        Level(DIFFERENT, "different given names", "ELSE"),
    )  # fmt: skip


def _family_levels(spelling: Spelling) -> tuple[Level, ...]:
    missing = _missing("family")
    other = "(list_contains(other_names_l, family_r) OR list_contains(other_names_r, family_l))"
    return (
        Level(UNKNOWN, "", f"{missing.sql} OR {_SWAPPED}"),
        Level("same", "same family name", _same("family"), "family"),
        Level("variant", "family names that are spellings of one name", _same("family_root")),
        Level("part", "one family name is part of the other", "list_has_any(family_parts_l, family_parts_r)"),
        Level("near", "family name spelt nearly alike", _near("family", spelling)),
        Level("sound", "family names sound alike",
              "family_sound_l = family_sound_r AND length(family_sound_l) >= 3"),
        Level("other_name", "the family name of one is an alias of the other", other),
        Level(DIFFERENT, "different family names", "ELSE"),
    )  # fmt: skip


def _birth_levels() -> tuple[Level, ...]:
    parts = (
        "((substr(birth_l, 1, 6) = substr(birth_r, 1, 6)) OR (substr(birth_l, 5, 4) = substr(birth_r, 5, 4)) "
        "OR (substr(birth_l, 1, 4) = substr(birth_r, 1, 4) AND substr(birth_l, 7, 2) = substr(birth_r, 7, 2)))"
    )
    no_day = "(birth_l IS NULL OR birth_r IS NULL) AND birth_year_l = birth_year_r"
    apart = "abs(birth_year_l - birth_year_r)"
    return (
        Level(UNKNOWN, "", "birth_year_l IS NULL OR birth_year_r IS NULL"),
        Level("same", "same date of birth", _same("birth"), None),
        Level("swapped", "day and month of birth change places", _same("birth_key")),
        Level("one_digit", "dates of birth differ in one digit, or two digits change places",
              "damerau_levenshtein(birth_l, birth_r) = 1"),
        Level("year_only", "same year of birth, the day of one is not known", no_day),
        Level("parts", "two of day, month and year of birth agree", f"{parts} AND {apart} < 12"),
        Level("near_year", "different dates of birth within two years", f"{apart} <= 2"),
        Level(DIFFERENT, "births years apart", f"{apart} < 12"),
        Level("generation", "births twelve years or more apart", "ELSE"),
    )  # fmt: skip


def _home_levels() -> tuple[Level, ...]:
    # A tenancy without an end goes on; one without a beginning says nothing.
    at_one_time = (
        "address_from_on_l <= coalesce(address_to_on_r, '9') AND address_from_on_r <= coalesce(address_to_on_l, '9')"
    )
    return (
        Level(UNKNOWN, "", "(address_l IS NULL AND postcode_l IS NULL) OR (address_r IS NULL AND postcode_r IS NULL)"),
        Level("same", "same address", "address_l = address_r AND (postcode_l = postcode_r OR postcode_l IS NULL "
              "OR postcode_r IS NULL)", "address"),
        Level("street", "same number and street, another postcode", _same("address")),
        Level("postcode", "same postcode", _same("postcode"), "postcode"),
        Level("elsewhere", "another address at the same time", at_one_time),
        Level(DIFFERENT, "different addresses", "ELSE"),
    )  # fmt: skip
