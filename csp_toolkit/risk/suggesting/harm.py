"""What records of harm suggest: missing, school, victim of violence, threats, homes taken over, lines, referrals."""

from collections.abc import Callable

import pandas as pd

from csp_toolkit.risk.school_terms import list_terms
from csp_toolkit.risk.suggesting.ground import Found, Ground, as_items, conclude, count, times


def _missing(ground: Ground) -> Found:
    rules, rows = ground.rules, ground.read("missing_episodes")
    rows = rows[ground.within(rows["reported_at"], rules.window_days)]
    hours = (rows["found_at"] - rows["last_seen_at"].fillna(rows["reported_at"])).dt.total_seconds() / 3600
    items = as_items(rows, "missing_episodes", "missing_ref", "reported_at")
    items = items.assign(long=hours.gt(rules.missing_long_hours), child=rows["person_id"].map(ground.is_child))

    def say(own: pd.DataFrame) -> tuple[int, str]:
        n, long = len(own), int(own["long"].sum())
        severe = n >= rules.missing_severe or (long and own["child"].all())
        said = count(n, "missing episode", "missing episodes") + f" in {rules.window_days} days"
        over = f", {count(long, '', '').strip()} over {rules.missing_long_hours} hours" if long else ""
        return (3 if severe else 2 if n >= rules.missing_present else 1), said + over

    return conclude(items, "POL", say)


def _missing_long(ground: Ground) -> Found:
    rows = ground.read("missing_episodes")
    rows = rows[ground.within(rows["reported_at"], ground.rules.window_days)]
    began = rows["last_seen_at"].fillna(rows["reported_at"])
    hours = (rows["found_at"] - began).dt.total_seconds() / 3600
    overnight = rows["found_at"].dt.normalize().gt(began.dt.normalize())
    items = as_items(rows[overnight | hours.gt(ground.rules.missing_long_hours)], "missing_episodes", "missing_ref",
                     "reported_at")  # fmt: skip
    return conclude(items, "POL", lambda own: (2, f"missing overnight or longer, {times(len(own))}"))


def _found_away(ground: Ground) -> Found:
    rows = ground.read("missing_episodes")
    rows = rows[ground.within(rows["reported_at"], ground.rules.window_days)]
    homes = ground.view.people.drop_duplicates("person_id").set_index("person_id")["home_area"]
    home = rows["person_id"].map(homes).astype("str")
    away = rows["found_area"].notna() & home.notna() & rows["found_area"].ne(home)
    items = as_items(rows[away], "missing_episodes", "missing_ref", "reported_at")
    return conclude(items, "POL", lambda own: (2, f"found outside the home district, {times(len(own))}"))


def _attendance(ground: Ground) -> Found:
    rules, terms = ground.rules, list_terms(ground.read("attendance_terms"), ground.toolkit.contradictions.term_ends)
    terms = terms[ground.within(terms["day"], rules.window_days)]
    latest = terms[terms["day"].eq(terms.groupby("person_id")["day"].transform("max"))]
    items = as_items(latest, "attendance_terms", "term", "day")
    items = items.assign(percent=100 * latest["n_attended"].astype("float64") / latest["n_possible"].astype("float64"))

    def say(own: pd.DataFrame) -> tuple[int, str]:
        percent = own["percent"].iloc[0]
        low, least = percent < rules.attendance_persistent_percent, percent < rules.attendance_severe_percent
        return (3 if least else 2 if low else 0), f"attendance {percent:.0f}% in {own['item_ref'].iloc[0]}"

    return conclude(items, "EDU", say)


def _excluded(ground: Ground) -> Found:
    rules, rows = ground.rules, ground.read("exclusions")
    rows = rows[ground.within(rows["excluded_on"], rules.exclusion_days)]
    items = as_items(rows, "exclusions", "source_ref", "excluded_on").assign(ever=rows["kind"].eq("PERMANENT"))

    def say(own: pd.DataFrame) -> tuple[int, str] | None:
        n = int((~own["ever"]).sum())
        if own["ever"].any():
            return 2, "permanently excluded"
        return (2, f"{count(n, 'suspension', 'suspensions')} in 12 months") if n >= rules.exclusions else None

    return conclude(items, "EDU", say)


def _brought(ground: Ground) -> Found:
    rules, rows = ground.rules, ground.read("exclusions")
    held = rows["reasons"].fillna("").str.split(r"\s*;\s*", regex=True)
    brought = held.map(lambda codes: bool(set(codes) & set(rules.school_reasons))).astype("bool")
    rows = rows[brought & ground.within(rows["excluded_on"], rules.exclusion_days)]
    items = as_items(rows, "exclusions", "source_ref", "excluded_on")
    words = "excluded over a weapon, drugs or alcohol"
    return conclude(items, "EDU", lambda own: (2, f"{words}, {times(len(own))} in 12 months"))


def _needs(ground: Ground) -> Found:
    terms = list_terms(ground.read("attendance_terms"), ground.toolkit.contradictions.term_ends)
    terms = terms[terms["day"].le(ground.today)]
    latest = terms[terms["day"].eq(terms.groupby("person_id")["day"].transform("max"))]
    plan = latest["has_ehcp"].eq("Y") | latest["sen"].eq("EHCP")
    items = as_items(latest, "attendance_terms", "term", "day").assign(plan=plan)[plan | latest["sen"].eq("SUPPORT")]
    said = {True: (2, "an education, health and care plan"), False: (1, "support for special needs")}
    return conclude(items, "EDU", lambda own: said[bool(own["plan"].any())])


def _victims(ground: Ground, *, armed_only: bool) -> pd.DataFrame:
    crimes = ground.view["crimes"][["crime_ref", "from_on", "has_knife", "has_firearm"]]
    if armed_only:
        crimes = crimes[crimes["has_knife"].eq("Y") | crimes["has_firearm"].eq("Y")]
    rows = ground.read("crime_victims")[["crime_ref", "person_id"]].merge(crimes, on="crime_ref")
    rows = rows[ground.within(rows["from_on"], ground.rules.victim_days)]
    return as_items(rows, "crime_victims", "crime_ref", "from_on")


def _weapon_victim(ground: Ground) -> Found:
    said = "victim of {} with a weapon in 12 months"
    return conclude(_victims(ground, armed_only=True), "POL",
                    lambda own: (2, said.format(count(len(own), "crime", "crimes"))))  # fmt: skip


def _victim_again(ground: Ground) -> Found:
    n = ground.rules.victim_repeat
    return conclude(_victims(ground, armed_only=False), "POL", lambda own: (
        2, f"victim of {count(len(own), 'crime', 'crimes')} in 12 months") if len(own) >= n else None)  # fmt: skip


def _threat(ground: Ground) -> Found:
    facts, people = ground.toolkit.facts, ground.view.people
    rows = people[people["person_id"].isin(ground.is_child.index) & people["markers"].notna()]
    day = rows["markers"].str.extract(rf"\b{facts.threat_marker}\s+(\d{{2}}/\d{{2}}/\d{{4}})")[0]
    rows = rows.assign(day=pd.to_datetime(day, format="%d/%m/%Y").astype("datetime64[us]"), ref=facts.threat_marker)
    items = as_items(rows[ground.within(rows["day"], facts.threat_days)], "people", "ref", "day")
    return conclude(items, "POL", lambda own: (3, f"a threat-to-life notice in {facts.threat_days} days"))


def _taken_over(ground: Ground) -> Found:
    rules = ground.toolkit.contradictions
    lines = ground.view["line_addresses"]
    taken = lines[lines["use"].isin(list(rules.taken_over_uses)) & ~lines["state"].isin(list(rules.cleared_states))]
    taken = taken[taken["from_on"].le(ground.today) & ~taken["to_on"].lt(ground.today)]
    homes = ground.read("person_records")
    homes = homes[homes["uprn"].notna() & ~homes["address_to_on"].lt(ground.today)][["person_id", "uprn"]]
    rows = homes.drop_duplicates().merge(taken, on="uprn")
    items = as_items(rows, "line_addresses", "link_ref", "from_on")
    items = items.assign(sure=~rows["state"].isin(["SUSPECTED", "VISITED"]))
    return conclude(items, "POL", lambda own: (2 if own["sure"].any() else 1, "the home is on record as taken over"))


def _line(ground: Ground) -> Found:
    rows = ground.read("line_people")
    rows = rows[rows["role"].isin(list(ground.rules.line_roles)) & rows["from_on"].le(ground.today)]
    rows = rows[~rows["to_on"].lt(ground.today - pd.Timedelta(days=ground.rules.window_days))]
    items = as_items(rows, "line_people", "link_ref", "from_on")
    return conclude(
        items, "POL", lambda own: (2, f"linked to {count(len(own), 'deal line', 'deal lines')}, not as a user")
    )


def _rail(ground: Ground) -> Found:
    parts = [as_items(ground.read(t), t, "rail_ref", "happened_at") for t in ("rail_incidents", "rail_welfare")]
    items = pd.concat(parts, ignore_index=True)
    items = items[ground.within(items["day"], ground.rules.rail_days)]
    words = f"dealt with or looked after on the railway in {ground.rules.rail_days} days"
    return conclude(items, "BTP", lambda own: (
        2, f"{times(len(own))} {words}") if len(own) >= ground.rules.rail_times else None)  # fmt: skip


def _referral(ground: Ground) -> Found:
    referred = ["REFERRED", *ground.toolkit.facts.nrm_statuses]
    children, cases = ground.read("child_records"), ground.read("cases")
    items = pd.concat([
        as_items(children[children["nrm"].isin(referred)], "child_records", "source_ref", "nrm_on"),
        as_items(cases[cases["nrm"].isin(referred)], "cases", "case_ref", None),
    ], ignore_index=True)  # fmt: skip
    return conclude(items, "CSC", lambda own: (2, "referred as a possible victim of slavery or exploitation"))


def _ties(ground: Ground) -> Found:
    if ground.ties is None:
        return conclude(as_items(ground.read("cases").iloc[:0], "ties", "case_ref", None), "POL", lambda own: None)
    register = ground.view["reviews"]
    active = register.loc[register["status"].eq("ACTIVE"), "person_id"]
    columns = ["person_a", "person_b", "p_exists", "last_seen"]
    turned = ground.ties[["person_b", "person_a", "p_exists", "last_seen"]].set_axis(columns, axis=1)
    both = pd.concat([ground.ties[columns], turned], ignore_index=True)
    both = both[both["person_b"].isin(active) & both["person_a"].isin(ground.is_child.index)]
    both = both[both["p_exists"].ge(ground.rules.tie_p_suspected)].rename(columns={"person_a": "person_id"})
    both = both.assign(last_seen=both["last_seen"].astype("datetime64[us]"))
    items = as_items(both, "ties", "person_b", "last_seen").assign(sure=both["p_exists"].ge(ground.rules.tie_p_sure))

    def say(own: pd.DataFrame) -> tuple[int, str]:
        sure = int(own["sure"].sum())
        many = count(sure or len(own), "person", "people")
        return (2 if sure else 1), f"tied {'as good as surely' if sure else 'perhaps'} to {many} active on the register"

    return conclude(items, "POL", say)


HARM_RULES: dict[str, Callable[[Ground], Found]] = {
    "missing": _missing, "found_away": _found_away, "missing_long": _missing_long, "attendance": _attendance,
    "excluded": _excluded, "brought_to_school": _brought, "special_needs": _needs, "ties": _ties,
    "weapon_victim": _weapon_victim, "victim_again": _victim_again, "threat": _threat, "taken_over": _taken_over,
    "line": _line, "rail": _rail, "nrm": _referral,
}  # fmt: skip
