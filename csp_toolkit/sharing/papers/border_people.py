"""Who crosses the border, by name, for the one copy that may have names: adults and children apart.

Somebody removed from the register, or on it as a victim only, stands in none of these lists.
"""

from collections.abc import Iterable

import pandas as pd

from csp_toolkit.display.values import show_date
from csp_toolkit.networks.borders.areas import SPECIAL
from csp_toolkit.networks.borders.handovers import NO, NOT_KNOWN
from csp_toolkit.networks.borders.study import Borders
from csp_toolkit.networks.evidence.sources import people_kept_out
from csp_toolkit.tables.ages import ADULT_YEARS, age_years, youngest_birth
from csp_toolkit.tables.view import View

CROSSING_COLUMNS = ("direction", "person_id", "name", "reference", "age_years", "is_child", "home", "area", "n_events",
                    "first_on", "newest_on", "home_said")  # fmt: skip


def name_people(view: View, ids: Iterable[str]) -> pd.DataFrame:
    """Name people by person_id: name, reference (the police's first), age_years and is_child."""
    index = pd.Index(sorted(set(ids)), name="person_id")
    people = view.people.drop_duplicates("person_id").set_index("person_id").reindex(index)
    keys = view.person_keys.assign(later=view.person_keys["source_system"].ne("police"))
    keys = keys.sort_values(["person_id", "later", "source_system", "source_ref"]).drop_duplicates("person_id")
    family = people["family_name"].fillna("NAME NOT RECORDED").str.upper()
    age = age_years(youngest_birth(people), view.as_of)
    named = pd.DataFrame({
        "name": (family + ", " + people["given_name"].fillna("")).str.rstrip(", "),
        "reference": keys.set_index("person_id")["source_ref"].reindex(index), "age_years": age,
        "is_child": (age < ADULT_YEARS).fillna(False).map({True: "Y", False: "N"}),
    })  # fmt: skip
    return named.reset_index()


def list_crossing(view: View, borders: Borders) -> pd.DataFrame:
    """List who was recorded here and lived elsewhere on the day (in), and who of here was recorded elsewhere (out).

    One row a person, direction, home and area (`CROSSING_COLUMNS`), in order of the other area and of name.
    """
    events, here = borders.activity.table, borders.areas.here
    known = ~events["home"].isin(list(SPECIAL)) & ~events["area"].isin(list(SPECIAL))
    crossing = events[known & (events["home"] != events["area"])]
    crossing = crossing[(crossing["area"] == here) | (crossing["home"] == here)]
    crossing = crossing[~crossing["person_id"].isin(people_kept_out(view))]
    rows = crossing.sort_values(["on", "event_ref"], kind="stable").groupby(["person_id", "home", "area"], sort=True)
    table = rows.agg(
        n_events=("event_ref", "nunique"), first_on=("on", "min"), newest_on=("on", "max"),
        home_source=("home_source", "last"), home_said_on=("home_said_on", "last"),
    ).reset_index()  # fmt: skip
    names = borders.areas.name_of
    table = table.merge(name_people(view, table["person_id"]), on="person_id", how="left").assign(
        direction=(table["area"] == here).map({True: "in", False: "out"}).astype("str"),
        other=table["home"].where(table["home"] != here, table["area"]).map(names).astype("str"),
        home=table["home"].map(names).astype("str"),
        area=table["area"].map(names).astype("str"),
        home_said=pd.Series(
            [f"{s}, {show_date(on)}" for s, on in zip(table["home_source"], table["home_said_on"], strict=True)],
            dtype="str",
        ),
    )
    table = table.sort_values(["direction", "other", "name", "person_id"], kind="stable", ignore_index=True)
    return table[list(CROSSING_COLUMNS)]


def list_pairs(view: View, borders: Borders) -> pd.DataFrame:
    """List the pairs from two areas in one crime with their names, the most often together first."""
    pairs, names = borders.co_arrests, borders.areas.name_of
    people = name_people(view, [*pairs["person_a"], *pairs["person_b"]]).set_index("person_id")
    shown = pairs.assign(
        label_a=pairs["person_a"].map(people["name"]).astype("str"),
        label_b=pairs["person_b"].map(people["name"]).astype("str"),
        home_a=pairs["home_a"].map(names).astype("str"), home_b=pairs["home_b"].map(names).astype("str"),
        is_child=(pairs["person_a"].map(people["is_child"]).eq("Y") | pairs["person_b"].map(people["is_child"]).eq("Y"))
        .map({True: "Y", False: "N"}),
    )  # fmt: skip
    return shown.drop(columns="shared_refs")


def list_unanswered(view: View, borders: Borders) -> pd.DataFrame:
    """List the handovers sent that nobody is recorded to have taken up, and those open, the oldest first."""
    table = borders.handovers.table
    waiting = table[table["acknowledged"].isin([NO, NOT_KNOWN]) | table["state"].eq("open")]
    return _with_names(view, borders, waiting.sort_values(["agreed_on", "action_ref"], kind="stable"))


def list_wanting(view: View, borders: Borders) -> pd.DataFrame:
    """List who lives elsewhere, was arrested here or released there, and has no handover since on record."""
    wanting = borders.handovers.wanting
    kept = wanting[~wanting["person_id"].isin(people_kept_out(view))]
    return _with_names(view, borders, kept)


def _with_names(view: View, borders: Borders, rows: pd.DataFrame) -> pd.DataFrame:
    named = rows.assign(area=rows["area"].map(borders.areas.name_of).astype("str"))
    people = name_people(view, named["person_id"].dropna())
    return named.merge(people, on="person_id", how="left").reset_index(drop=True)
