"""What happened that makes the panel look at a case before its time: each trigger with the record it rests on.

A trigger is a reason to look, never a finding about a person. Threats to life are not held here at all: whoever holds
one tells the chair.
"""

from datetime import date, datetime, time, timedelta

import pandas as pd

from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.case_policy import Triggers as Rules
from csp_toolkit.tables.ages import birthday, youngest_birth
from csp_toolkit.tables.view import View

TRIGGER_COLUMNS = ("person_id", "trigger", "on", "words", "source", "source_ref", "is_new")
TRIGGERS = {
    "VIOLENCE": "stabbing or shooting", "MISSING": "missing for long", "ARREST_AWAY": "arrested away with drugs",
    "NRM": "reasonable grounds of trafficking", "RELEASE": "released", "RECALL": "recalled",
    "CUCKOOED": "home taken over", "BREACH": "breach of an order", "GROUP_CONFLICT": "conflict of a group",
    "BIRTHDAY": "turns 18", "MOVE": "new address",
}  # fmt: skip


def find_triggers(view: View, policy: CasePolicy, *, last_view: View | None = None) -> pd.DataFrame:
    """Find what happened to people, whoever they are, that forces a look at a case of theirs.

    Parameters
    ----------
    last_view : the casebook as at the meeting before, as known then: what that meeting could know already is not new.
        Without it everything within the window is.

    Returns
    -------
    Rows of `TRIGGER_COLUMNS`, newest first: `source` is the table and `source_ref` the record it rests on; `is_new`
        says whether the meeting before could not know it.
    """
    found = _find(view, policy)
    key = ["person_id", "trigger", "source", "source_ref"]
    known = _find(last_view, policy, since=view.as_of)[key] if last_view is not None else found.iloc[:0][key]
    seen = pd.MultiIndex.from_frame(known)
    found = found.assign(is_new=~pd.MultiIndex.from_frame(found[key]).isin(seen))
    found = found.sort_values(["on", *key], ascending=[False, True, True, True, True], ignore_index=True)
    return found[list(TRIGGER_COLUMNS)]


def _find(view: View, policy: CasePolicy, *, since: date | None = None) -> pd.DataFrame:
    rules = policy.triggers
    first = pd.Timestamp((since or view.as_of) - timedelta(days=rules.known_late_days))
    parts = [
        _violence(view, rules), _missing(view, rules), _arrests(view, rules), _grounds(view), _prison(view),
        _cuckooed(view), _breaches(view, rules), _conflicts(view), _moves(view),
    ]  # fmt: skip
    rows = [part[part["on"].between(first, pd.Timestamp(view.as_of))] for part in parts]
    rows.append(_birthdays(view, policy.ahead.birthdays))
    columns = [c for c in TRIGGER_COLUMNS if c != "is_new"]
    table = pd.concat([part[columns] for part in rows], ignore_index=True).dropna(subset=["person_id", "on"])
    texts = {name: "str" for name in columns if name != "on"}
    return table.astype(texts).drop_duplicates(["person_id", "trigger", "source", "source_ref"], ignore_index=True)


def _rows(
    frame: pd.DataFrame, trigger: str, on: pd.Series, words: pd.Series | str, source: str, ref: str
) -> pd.DataFrame:
    days = pd.to_datetime(on).dt.normalize().astype("datetime64[us]")
    return pd.DataFrame({"person_id": frame["person_id"], "trigger": trigger, "on": days, "words": words,
                         "source": source, "source_ref": frame[ref]})  # fmt: skip


def _violence(view: View, rules: Rules) -> pd.DataFrame:
    crimes = view["crimes"]
    marked = crimes["has_knife"].eq("Y") | crimes["has_firearm"].eq("Y")
    with_weapon = marked & crimes["ho_code"].isin(rules.weapon_ho_codes)
    serious = crimes[(with_weapon | crimes["ho_code"].isin(rules.stabbing_ho_codes)).fillna(False).astype(bool)]
    said = serious[["crime_ref", "from_on", "offence"]]
    parts = []
    for table, part in (("crime_victims", "recorded as victim of"), ("crime_suspects", "named as suspect of")):
        found = view[table][["crime_ref", "person_id"]].merge(said, on="crime_ref")
        words = part + " " + found["offence"].str[:1].str.lower() + found["offence"].str[1:]
        parts.append(_rows(found, "VIOLENCE", found["from_on"], words, table, "crime_ref"))
    return pd.concat(parts, ignore_index=True)


def _missing(view: View, rules: Rules) -> pd.DataFrame:
    episodes = view["missing_episodes"]
    began = episodes["last_seen_at"].fillna(episodes["reported_at"])
    end = episodes["found_at"].fillna(pd.Timestamp(datetime.combine(view.as_of, time())))
    hours = (end - began).dt.total_seconds() / 3600
    long = episodes[hours > rules.missing_hours]
    where = long["found_area"].replace("UNK", None).fillna("")
    found = ", found in " + where
    words = "missing " + hours[long.index].round().astype("Int64").astype("str") + " hours"
    words = words + found.where(where.ne(""), "").where(long["found_at"].notna(), ", not recorded as found")
    return _rows(long, "MISSING", long["reported_at"], words, "missing_episodes", "missing_ref")


def _arrests(view: View, rules: Rules) -> pd.DataFrame:
    custody = view["custody"]
    away = custody["force"].notna() & ~custody["force"].isin(rules.home_forces)
    drugs = custody["offence"].fillna("").str.contains("|".join(rules.drugs_words), case=False, regex=True)
    found = custody[away & drugs]
    words = (
        "arrested by " + found["force"] + " police: " + found["offence"].str[:1].str.lower() + found["offence"].str[1:]
    )
    return _rows(found, "ARREST_AWAY", found["arrived_at"], words, "custody", "custody_ref")


def _grounds(view: View) -> pd.DataFrame:
    found = view["child_records"][view["child_records"]["nrm"].isin(["RG_POSITIVE", "CG_POSITIVE"])]
    words = found["nrm"].map({"RG_POSITIVE": "reasonable", "CG_POSITIVE": "conclusive"}).astype("str")
    words = words + " grounds of being trafficked"
    return _rows(found, "NRM", found["nrm_on"], words, "child_records", "source_ref")


def _prison(view: View) -> pd.DataFrame:
    stays = view["prison_stays"]
    out = stays[stays["released_on"].notna()]
    back = stays[stays["status"].eq("RECALL")]
    return pd.concat([
        _rows(out, "RELEASE", out["released_on"], "released from prison", "prison_stays", "source_ref"),
        _rows(back, "RECALL", back["received_on"], "recalled to prison", "prison_stays", "source_ref"),
    ], ignore_index=True)  # fmt: skip


def _cuckooed(view: View) -> pd.DataFrame:
    homes = view["line_cuckooed"]
    return _rows(
        homes, "CUCKOOED", homes["from_on"], "home recorded as taken over by a line", "line_cuckooed", "link_ref"
    )


def _breaches(view: View, rules: Rules) -> pd.DataFrame:
    orders = view["orders"][view["orders"]["last_breach_on"].notna()]
    offences = view["crimes"]["offence"].fillna("").str.contains("|".join(rules.breach_words), case=False, regex=True)
    crimes = (
        view["crimes"]
        .loc[offences, ["crime_ref", "from_on"]]
        .merge(view["crime_suspects"][["crime_ref", "person_id"]], on="crime_ref")
    )
    return pd.concat([
        _rows(orders, "BREACH", orders["last_breach_on"], "breach of an order on record", "orders", "order_ref"),
        _rows(crimes, "BREACH", crimes["from_on"], "named as suspect of breaching an order", "crime_suspects",
              "crime_ref"),
    ], ignore_index=True)  # fmt: skip


def _conflicts(view: View) -> pd.DataFrame:
    relations = view["group_relations"]
    fights = relations[relations["relation"].eq("CONFLICT") & relations["status"].eq("ACTIVE")]
    groups = view["groups"][["group_ref", "group_name"]]
    ends = pd.concat([
        fights[["group_ref", "since_on"]],
        fights[["other_group", "since_on"]].merge(groups, left_on="other_group", right_on="group_name")[
            ["group_ref", "since_on"]
        ],
    ])  # fmt: skip
    members = view["group_members"]
    members = members[members["to_on"].isna() & members["confidence"].isin(["CONFIRMED", "PROBABLE"])]
    found = members[["group_ref", "person_id"]].merge(ends, on="group_ref")
    words = "a group they are recorded with came into open conflict"
    return _rows(found, "GROUP_CONFLICT", found["since_on"], words, "group_relations", "group_ref")


def _moves(view: View) -> pd.DataFrame:
    records = view["person_records"]
    moved = records[records["address_from_on"].notna()]
    return _rows(moved, "MOVE", moved["address_from_on"], "a new address on record", "person_records", "source_ref")


def _birthdays(view: View, within_days: int) -> pd.DataFrame:
    people = view.people
    on = birthday(youngest_birth(people), 18)
    today = pd.Timestamp(view.as_of)
    soon = people[(on >= today) & (on <= today + timedelta(days=within_days))].assign(on=on)
    return _rows(soon, "BIRTHDAY", soon["on"], "turns 18", "people", "person_id")
