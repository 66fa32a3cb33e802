"""What records of conduct suggest: weapons, violence, supply, groups, orders, supervision. A suspicion is a concern."""

from collections.abc import Callable

import pandas as pd

from csp_toolkit.risk.suggesting.ground import Found, Ground, as_items, conclude, count

_LEVELS = {"CONVICTED": 2, "CONVICTED_LESSER": 2}
HIGH, VERY_HIGH = "HIGH", "VERY_HIGH"


def _crimes(ground: Ground, wanted: pd.Series) -> pd.DataFrame:
    """Return people's crimes as suspects whom no court has cleared, and whether they were charged or convicted."""
    crimes = ground.view["crimes"][wanted]
    crimes = crimes[~crimes["court_result"].isin(list(ground.toolkit.contradictions.cleared_results))]
    rows = ground.read("crime_suspects")[["crime_ref", "person_id", "status"]]
    rows = rows.merge(crimes[["crime_ref", "from_on", "court_result"]], on="crime_ref")
    rows = rows[ground.within(rows["from_on"], ground.rules.window_days)]
    charged = rows["status"].eq("CHARGED") | rows["court_result"].isin(list(_LEVELS))
    return as_items(rows, "crime_suspects", "crime_ref", "from_on").assign(charged=charged)


def _of_crimes(ground: Ground, wanted: pd.Series, one: str, many: str) -> Found:
    def say(own: pd.DataFrame) -> tuple[int, str]:
        charged = int(own["charged"].sum())
        verb = "charged with or convicted of" if charged else "suspected of"
        said = count(charged or len(own), one, many)
        return (2 if charged else 1), f"{verb} {said} in {ground.rules.window_days} days"

    return conclude(_crimes(ground, wanted), "POL", say)


def _weapon(ground: Ground) -> Found:
    crimes = ground.view["crimes"]
    return _of_crimes(ground, crimes["has_knife"].eq("Y") | crimes["has_firearm"].eq("Y"), "crime with a weapon",
                      "crimes with a weapon")  # fmt: skip


def _violence(ground: Ground) -> Found:
    return _of_crimes(ground, ground.view["crimes"]["ho_code"].isin(list(ground.rules.violent_codes)), "violent crime",
                      "violent crimes")  # fmt: skip


def _firearm(ground: Ground) -> Found:
    return _of_crimes(
        ground, ground.view["crimes"]["has_firearm"].eq("Y"), "crime with a firearm", "crimes with a firearm"
    )


def _class_a(ground: Ground) -> Found:
    wanted = ground.view["crimes"]["ho_code"].isin(list(ground.rules.class_a_codes))
    return _of_crimes(ground, wanted, "offence of Class A supply", "offences of Class A supply")


def _controls(ground: Ground) -> Found:
    rows = ground.read("line_people")
    rows = rows[rows["role"].isin(list(ground.rules.line_controls)) & rows["from_on"].le(ground.today)]
    rows = rows[~rows["to_on"].lt(ground.today)]
    items = as_items(rows, "line_people", "link_ref", "from_on")
    return conclude(
        items, "POL", lambda own: (2, f"recorded as controlling or holding {count(len(own), 'line', 'lines')}")
    )


def _live_members(ground: Ground) -> pd.DataFrame:
    rows = ground.read("group_members")
    return rows[~rows["to_on"].lt(ground.today) & ~rows["from_on"].gt(ground.today)]


def _member(ground: Ground) -> Found:
    rows = _live_members(ground)
    rows = rows[rows["confidence"].isin(["CONFIRMED", "PROBABLE"])]
    items = as_items(rows, "group_members", "group_ref", "from_on").assign(sure=rows["confidence"].eq("CONFIRMED"))
    said = {True: (2, "recorded as linked to a named group, confirmed"), False: (1, "recorded as linked, probable")}
    return conclude(items, "POL", lambda own: said[bool(own["sure"].any())])


def _leads(ground: Ground) -> Found:
    rows = _live_members(ground)
    items = as_items(rows[rows["role"].isin(list(ground.rules.group_leads))], "group_members", "group_ref", "from_on")
    return conclude(items, "POL", lambda own: (1, "recorded in a leading part of a named group"))


def _feud(ground: Ground) -> Found:
    relations = ground.view["group_relations"]
    fights = relations[relations["relation"].eq("CONFLICT") & relations["status"].eq("ACTIVE")]
    names = ground.view["groups"].set_index("group_name")["group_ref"]
    sides = {*fights["group_ref"], *(names.get(name) for name in fights["other_group"])}
    rows = _live_members(ground)
    items = as_items(rows[rows["group_ref"].isin(sides)], "group_members", "group_ref", "from_on")
    return conclude(items, "POL", lambda own: (2, "a group the person is linked to is in a conflict on record"))


def _breach(ground: Ground) -> Found:
    rows = ground.read("orders")
    rows = rows[rows["n_breaches"].gt(0) & ground.within(rows["last_breach_on"], ground.rules.window_days)]
    items = as_items(rows, "orders", "order_ref", "last_breach_on")
    return conclude(items, "POL", lambda own: (2, f"{count(len(own), 'order', 'orders')} breached"))


def _recalled(ground: Ground) -> Found:
    rows = ground.read("probation_cases")
    rows = rows[ground.within(rows["recalled_on"], ground.rules.window_days)]
    items = as_items(rows, "probation_cases", "source_ref", "recalled_on")
    return conclude(items, "PRO", lambda own: (2, "recalled to prison"))


def _statutory(ground: Ground) -> Found:
    parts = []
    for table in ("probation_cases", "youth_interventions"):
        rows = ground.read(table)
        rows = rows[rows["rosh"].isin([HIGH, VERY_HIGH])]
        parts.append(as_items(rows, table, "source_ref", None).assign(very=rows["rosh"].eq(VERY_HIGH)))
    said = {
        True: (3, "rated very high by its statutory assessment"),
        False: (2, "rated high by its statutory assessment"),
    }
    return conclude(pd.concat(parts, ignore_index=True), "PRO", lambda own: said[bool(own["very"].any())])


def _release(ground: Ground) -> Found:
    rows, days = ground.read("prison_stays"), pd.Timedelta(days=ground.rules.release_days)
    due = rows["release_due_on"].between(ground.today, ground.today + days) & rows["released_on"].isna()
    items = as_items(rows[due | ground.within(rows["released_on"], ground.rules.release_days)], "prison_stays",
                     "source_ref", "received_on")  # fmt: skip
    words = (
        f"released, or due for release, within {ground.rules.release_days} days; whether there is a plan is not known"
    )
    return conclude(items, "PRO", lambda own: (1, words))


CONDUCT_RULES: dict[str, Callable[[Ground], Found]] = {
    "weapon": _weapon, "violence": _violence, "firearm": _firearm, "class_a": _class_a, "controls_line": _controls,
    "group_member": _member, "group_leader": _leads, "feud": _feud, "breach": _breach, "recalled": _recalled,
    "statutory": _statutory, "release": _release,
}  # fmt: skip
