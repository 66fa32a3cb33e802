"""Checks of answers against the records: missing, school, weapons, ties, homes, needs, exploitation, identity."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pandas as pd

from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.contradicting.hits import as_hits, is_among, list_noughts, match_before
from csp_toolkit.risk.school_terms import list_terms
from csp_toolkit.risk.toolkit_rules import Check
from csp_toolkit.tables.linking.prepared import address_key
from csp_toolkit.tables.view import View

# What a check reads, so that without it nothing is said rather than nothing found.
FEEDS = {
    "X01": ("police_missing",), "X02": ("education_attendance",), "X03": ("police_crimes",),
    "X05": ("police_line_links", "housing_tenancies"), "X10": ("education_attendance",), "X11": ("police_intel",),
}  # fmt: skip
Ties: TypeAlias = pd.DataFrame | None


def find_missing(assessments: Assessments, check: Check, view: View, _ties: Ties) -> pd.DataFrame:
    """X01: said not to have been missing, and an episode in the window."""
    events = view["missing_episodes"][["person_id", "missing_ref", "reported_at"]].rename(
        columns={"reported_at": "day"}
    )
    both = match_before(list_noughts(assessments, check), events, check.days)
    return as_hits(both, table="missing_episodes", ref="missing_ref", day="day")


def find_absences(assessments: Assessments, check: Check, view: View, _ties: Ties) -> pd.DataFrame:
    """X02: said to attend, and the latest term that had ended says otherwise."""
    rules = assessments.toolkit.contradictions
    latest = _latest_term(assessments, check, view)
    low = latest[100 * latest["n_attended"] < rules.attendance_percent * latest["n_possible"]]
    percent = (100 * low["n_attended"] / low["n_possible"]).astype("float64").round(0).astype("int64").astype("str")
    return as_hits(low, table="attendance_terms", ref="term", day="day", words=percent + "% in " + low["term"])


def find_weapons(assessments: Assessments, check: Check, view: View, _ties: Ties) -> pd.DataFrame:
    """X03: said to have no weapon, and a suspect in an event flagged knife or firearm in the window."""
    crimes, cleared = view["crimes"], list(assessments.toolkit.contradictions.cleared_results)
    armed = (crimes["has_knife"].eq("Y") | crimes["has_firearm"].eq("Y")) & ~crimes["court_result"].isin(cleared)
    armed_crimes = crimes.loc[armed, ["crime_ref", "from_on", "offence"]].rename(columns={"from_on": "day"})
    suspects = view["crime_suspects"][["crime_ref", "person_id"]]
    noughts = list_noughts(assessments, check)
    suspects = suspects[is_among(suspects["crime_ref"], armed_crimes["crime_ref"])]
    events = suspects[is_among(suspects["person_id"], noughts["person_id"])].merge(armed_crimes, on="crime_ref")
    both = match_before(noughts, events, check.days)
    return as_hits(both, table="crime_suspects", ref="crime_ref", day="day", words=both["offence"].str.lower())


def find_ties(assessments: Assessments, check: Check, view: View, ties: Ties) -> pd.DataFrame:
    """X04: said to have no such associates, and a tie as good as sure to somebody active on the register."""
    assert ties is not None
    sure = ties[ties["p_exists"].ge(assessments.toolkit.contradictions.tie_p_exists)]
    active = view["reviews"].loc[view["reviews"]["status"].eq("ACTIVE"), "person_id"]
    columns = ["person_a", "person_b", "first_seen"]
    both_ways = pd.concat([sure[columns], sure[["person_b", "person_a", "first_seen"]].set_axis(columns, axis=1)])
    events = both_ways[both_ways["person_b"].isin(active)].rename(columns={"person_a": "person_id",
                                                                           "first_seen": "day"})  # fmt: skip
    events = events.assign(day=events["day"].astype("datetime64[us]"))
    both = match_before(list_noughts(assessments, check), events, None)
    return as_hits(both, table="ties", ref="person_b", day="day")


def find_takeovers(assessments: Assessments, check: Check, view: View, _ties: Ties) -> pd.DataFrame:
    """X05: nothing said of a takeover, and the person's home is on record as taken over and not cleared."""
    rules = assessments.toolkit.contradictions
    homes = view["person_records"][["person_id", "uprn", "address_to_on"]].dropna(subset=["uprn"])
    lines = view["line_addresses"]
    taken = lines[lines["use"].isin(list(rules.taken_over_uses)) & ~lines["state"].isin(list(rules.cleared_states))]
    events = homes.merge(taken[["uprn", "link_ref", "state", "from_on", "to_on"]], on="uprn")
    both = match_before(list_noughts(assessments, check), events.rename(columns={"from_on": "day"}), None)
    live = ~(both["to_on"].lt(both["assessed_on"]) | both["address_to_on"].lt(both["assessed_on"]))
    both = both[live].drop_duplicates(["assessment_ref", "link_ref"])
    return as_hits(both, table="line_addresses", ref="link_ref", day="day", words=both["state"].str.lower())


def find_needs(assessments: Assessments, check: Check, view: View, _ties: Ties) -> pd.DataFrame:
    """X10: said to have no such need, and school records a plan or support in the latest term that had ended."""
    latest = _latest_term(assessments, check, view)
    flagged = latest[latest["has_ehcp"].eq("Y") | latest["sen"].isin(["EHCP", "SUPPORT"])]
    plan = flagged["has_ehcp"].eq("Y") | flagged["sen"].eq("EHCP")
    words = pd.Series(np.where(plan, "an education, health and care plan", "support for special needs"), flagged.index)
    return as_hits(flagged, table="attendance_terms", ref="term", day="day", words=words)


def find_exploited(assessments: Assessments, check: Check, view: View, _ties: Ties) -> pd.DataFrame:
    """X11: said to exploit others, and named first in a report of being exploited in the same incident.

    The same incident is the same day: when the answer was last seen is the day of the report's event.
    """
    table = assessments.answers.table
    rows = table[table["indicator"].isin(list(check.indicators)) & table["value"].ge(check.at_least or 0)]
    rows = rows.merge(assessments.table[["assessment_ref", "person_id", "assessed_on"]], on="assessment_ref")
    reports, themes = view["intel_reports"], list(assessments.toolkit.contradictions.exploitation_themes)
    reports = reports[reports["theme"].isin(themes) & reports["status"].eq("LIVE")]
    reports = reports.assign(day=reports["event_on"].fillna(reports["submitted_on"]))
    first = view["intel_subjects"][view["intel_subjects"]["position"].eq(1)]
    named = first[["report_ref", "person_id"]].merge(reports[["report_ref", "day"]], on="report_ref")
    both = rows.merge(named, on="person_id")
    both = both[both["last_seen_on"].eq(both["day"])]
    return as_hits(both, table="intel_reports", ref="report_ref", day="day")


def find_addresses(assessments: Assessments, check: Check, view: View, _ties: Ties) -> pd.DataFrame:
    """X14: agencies whose record of the person was current within the window state different addresses.

    A record that carries no date is what its agency states now. It is a question about the person, asked once a case.
    """
    newest = assessments.table[assessments.table["is_newest"]]
    records = _records_of(newest, view, "home_address")
    age = (pd.Timestamp(assessments.as_of) - records["updated_on"]).dt.days
    current = records[(age.isna() | age.le(check.days or 0))
                      & ~records["address_to_on"].lt(pd.Timestamp(assessments.as_of))]  # fmt: skip
    current = current.assign(home=current["home_address"].map(address_key))
    current = current[current["home"].ne("")]
    by = current.groupby("person_id")
    differ = by["home"].transform("nunique").gt(1) & by["source_system"].transform("nunique").gt(1)
    rows = newest.merge(current[differ], on="person_id").assign(indicator=pd.NA)
    return as_hits(rows, table="person_records", ref="source_ref", day="updated_on", words=rows["source_system"])


def find_identity(assessments: Assessments, _check: Check, view: View, _ties: Ties) -> pd.DataFrame:
    """X15: recorded as dead, or born on days further apart than a slip explains, in records taken for one person."""
    newest = assessments.table[assessments.table["is_newest"]]
    records = _records_of(newest, view, "source_ref")
    exact = records["dob"].where(records["dob_precision"].eq("EXACT"))
    by = exact.groupby(records["person_id"])
    gap = (by.transform("max") - by.transform("min")).dt.days
    apart = gap.gt(assessments.toolkit.contradictions.born_apart_days) & exact.notna()
    as_of = pd.Timestamp(assessments.as_of)
    dead = records["deceased_on"].le(as_of) | (records["is_deceased"].eq("Y") & records["deceased_on"].isna())
    words = pd.Series(np.where(dead, "dead", "born " + gap.astype("Int64").astype("str")), records.index)
    rows = newest.merge(records.assign(words=words + "|" + records["source_system"])[apart | dead], on="person_id")
    rows = rows.assign(indicator=pd.NA)
    return as_hits(rows, table="person_records", ref="source_ref", day="deceased_on", words=rows["words"])


def _latest_term(assessments: Assessments, check: Check, view: View) -> pd.DataFrame:
    noughts, rows = list_noughts(assessments, check), view["attendance_terms"]
    rows = rows[is_among(rows["person_id"], noughts["person_id"])]
    both = match_before(noughts, list_terms(rows, assessments.toolkit.contradictions.term_ends), check.days)
    newest = both["day"].eq(both.groupby("assessment_ref")["day"].transform("max"))
    return both[newest].reset_index(drop=True)


def _records_of(newest: pd.DataFrame, view: View, filled: str) -> pd.DataFrame:
    """Return the records of the people assessed in which a column is filled, with whose records they are."""
    records = view["person_records"]
    records = records[is_among(records["person_id"], newest["person_id"]) & records[filled].notna()]
    systems = view.person_keys.drop_duplicates(["person_id", "source_ref"])
    records = records.merge(systems, on=["person_id", "source_ref"], how="left")
    return records.assign(source_system=records["source_system"].fillna("another agency"))


RECORD_CHECKS: dict[str, Callable[[Assessments, Check, View, Ties], pd.DataFrame]] = {
    "X01": find_missing, "X02": find_absences, "X03": find_weapons, "X04": find_ties, "X05": find_takeovers,
    "X10": find_needs, "X11": find_exploited, "X14": find_addresses, "X15": find_identity,
}  # fmt: skip
