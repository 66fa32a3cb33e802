"""What a case's page offers for decision: support first, and for a child nothing that aims at the child but support."""

from collections.abc import Mapping

import pandas as pd

from csp_toolkit.cases.plans import Intervention, Menu
from csp_toolkit.tables.ages import ADULT_YEARS
from csp_toolkit.tables.view import View

CASE_OPTION_COLUMNS = ("case_ref", "person_id", "kind", "code", "title", "basis", "owner", "aims_at", "checked_on")
KINDS = ("SUPPORT", "DISRUPTION", "ENFORCEMENT")


def find_circumstances(cases: pd.DataFrame, view: View, levels: pd.DataFrame, menu: Menu) -> dict[str, frozenset[str]]:
    """Find what is recorded of each case's person that makes an entry of the menu suit them, by case_ref.

    Parameters
    ----------
    levels : the newest assessment's domains: case_ref, axis, domain, level.
    menu : says by which offences and levels a circumstance counts as recorded, and which areas are the partnership's.
    """
    today, people = pd.Timestamp(view.as_of), view.people.drop_duplicates("person_id").set_index("person_id")
    crimes = view["crime_suspects"].merge(view["crimes"][["crime_ref", "ho_code", "court_result"]], on="crime_ref")
    crimes = crimes[~crimes["court_result"].isin(["ACQUITTED", "DISCONTINUED"])]
    code = crimes["ho_code"].fillna("")
    stays, orders = view["prison_stays"], view["orders"]
    inside = stays[stays["released_on"].isna() & stays["status"].isin(["SENTENCED", "REMAND", "RECALL"])]
    area = people["home_area"]
    child_records = view["child_records"]
    holders: dict[str, pd.Series] = {
        **{
            word: crimes.loc[code.str.startswith(rule.offences), "person_id"]
            for word, rule in menu.recorded_by.items()
            if rule.offences
        },
        "charged": crimes.loc[crimes["status"].eq("CHARGED"), "person_id"],
        "custody": inside["person_id"],
        "returning": inside.loc[inside["release_due_on"] >= today, "person_id"],
        "licence": stays.loc[stays["licence_ends_on"] >= today, "person_id"],
        "line": view["line_people"]["person_id"],
        "cuckooed": view["line_cuckooed"]["person_id"],
        "group": view["group_members"].loc[view["group_members"]["to_on"].isna(), "person_id"],
        "order": orders.loc[orders["expires_on"] >= today, "person_id"],
        "harmed": view["crime_victims"]["person_id"],
        "exploited": child_records.loc[child_records["nrm"].isin(["RG_POSITIVE", "CG_POSITIVE"]), "person_id"],
        "out_of_area": pd.Series(area.index[area.notna() & ~area.isin([*menu.home_areas, "UNK", "NFA"])]),
    }
    sets = {word: frozenset(ids.dropna()) for word, ids in holders.items()}
    by_answers = _by_answers(levels, menu)
    found = {}
    for ref, person, age in zip(cases["case_ref"], cases["person_id"], cases["age_years"], strict=True):
        words = {word for word, ids in sets.items() if person in ids}
        is_child = pd.isna(age) or age < ADULT_YEARS
        words |= {word for word, refs in by_answers.items() if ref in refs}
        words = words | {"child"} if is_child else words - {"exploited"}  # what is offered then protects children
        found[ref] = frozenset(words)
    return found


def _by_answers(levels: pd.DataFrame, menu: Menu) -> dict[str, frozenset[str]]:
    """Return the cases of which an assessment says so, by circumstance."""
    return {
        word: frozenset(
            levels.loc[
                levels["domain"].isin(rule.domains) & (levels["level"] >= rule.from_level).fillna(False), "case_ref"
            ]
        )
        for word, rule in menu.recorded_by.items()
        if rule.from_level is not None
    }


def offer_for_cases(
    cases: pd.DataFrame, circumstances: Mapping[str, frozenset[str]], plans: pd.DataFrame, menu: Menu
) -> pd.DataFrame:
    """Offer each case what suits what is recorded, what the law allows at that age, and what is not being done already.

    Returns
    -------
    Rows of `CASE_OPTION_COLUMNS`, at most `menu.shown_per_kind` of each kind a case, in the order of kinds and codes:
        what suits more of what is recorded before what suits less, and what suits little else before what suits much.
        Of disruption and enforcement a child is offered only what aims at an exploiter, a place or a line.
    """
    doing = plans[plans["is_active"]].groupby("case_ref")["code"].agg(set)
    rows = []
    for ref, person, age in zip(cases["case_ref"], cases["person_id"], cases["age_years"], strict=True):
        years = None if pd.isna(age) else int(age)
        taken = doing.get(ref, set())
        for kind in KINDS:
            found = _suitable(menu, kind, circumstances.get(ref, frozenset()), years)
            chosen = [i for i in found if i.code not in taken][: menu.shown_per_kind]
            rows += [
                (ref, person, kind, i.code, i.title, i.basis, i.owner, i.aims_at, i.checked_on)
                for i in sorted(chosen, key=lambda i: i.code)
            ]
    table = pd.DataFrame(rows, columns=list(CASE_OPTION_COLUMNS))
    return table.assign(checked_on=pd.to_datetime(table["checked_on"]).astype("datetime64[us]"))


def _suitable(menu: Menu, kind: str, recorded: frozenset[str], years: int | None) -> list[Intervention]:
    is_child = years is None or years < ADULT_YEARS
    found = [i for i in menu.interventions if i.kind == kind and _may_be_offered(i, is_child, years)]
    by_record = [i for i in found if recorded & set(i.suits)]
    by_record.sort(key=lambda i: (-len(recorded & set(i.suits)), len(set(i.suits) - {"any"}), i.code))
    return by_record + [i for i in found if "any" in i.suits and i not in by_record]


def _may_be_offered(one: Intervention, is_child: bool, years: int | None) -> bool:
    """Say whether an entry may stand beside a person: what aims at somebody else goes by nobody's age here."""
    if one.aims_at != "person":
        return True
    return (not is_child or one.kind == "SUPPORT") and one.allows(years)
