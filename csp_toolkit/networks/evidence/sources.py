"""Who was in which event: the evidence for ties, before any pair is made.

Each kind of record becomes rows of `MEMBERSHIP_COLUMNS`, one a person and event. Only tables of suspects are read:
a victim, a cuckooed householder or a user of drugs is nobody's associate here.
"""

import pandas as pd

from csp_toolkit.networks.evidence.pairs import is_no_id
from csp_toolkit.networks.policy import TiePolicy
from csp_toolkit.tables.origins import trace_origins
from csp_toolkit.tables.view import View

MEMBERSHIP_COLUMNS = (
    "event_kind", "event_id", "person_id", "item_ref", "origin_id", "grade", "handling", "seen_on", "p_item",
    "is_charged", "is_counted", "truth", "p_truth",
)  # fmt: skip
NO_GRADE = "record"  # of a crime, an arrest, a stop: seen by police, not reported to them
LINE_LINKS = ("line_ref", "link_ref", "person_id", "grade", "handling", "from_on", "to_on", "p_item")


def list_memberships(view: View, policy: TiePolicy) -> pd.DataFrame:
    """List who was in which crime, arrest, stop and report, with what each says of a tie.

    Returns
    -------
    `MEMBERSHIP_COLUMNS`; `p_item` is the chance that two people in the event are associates, before it is divided
    among the pairs; `is_charged` and `is_counted` are 0 or 1; `truth` names the origin on whose truth it hangs, with
    chance `p_truth`, as the matrix names it, and is empty where the record itself is not in doubt.
    """
    parts = [kind(view, policy) for kind in (_crimes, _arrests, _stops, _missing, _reports)]
    rows = pd.concat([p[list(MEMBERSHIP_COLUMNS)] for p in parts if len(p)] or parts[:1], ignore_index=True)
    rows = without_people(rows, people_kept_out(view)).dropna(subset=["event_id", "origin_id"])
    return rows.sort_values(["event_kind", "event_id", "person_id", "item_ref"], kind="stable").reset_index(drop=True)


def list_line_links(view: View, policy: TiePolicy) -> pd.DataFrame:
    """List who is linked to which line in a suspect's role, from when to when.

    An open link ends when the line was last active, or on the day it began if that is not known: no record says that
    it lasted longer. A link without a first day cannot be shown to overlap with another and is left out.
    """
    links = view["line_people"]
    lines = view["lines"][["line_ref", "last_active_on"]].drop_duplicates("line_ref")
    links = links[links["role"].isin(policy.line_roles)].merge(lines, on="line_ref", how="left")
    ends = links["to_on"].fillna(links["last_active_on"]).fillna(links["from_on"])
    as_of = pd.Timestamp(view.as_of)
    links = links.assign(
        to_on=ends.where(ends >= links["from_on"], links["from_on"]).clip(upper=as_of),
        p_item=_by_grade(links["grade"], policy),
        handling=links["handling"].fillna("C"),
    )
    links = links[(links["from_on"] <= as_of) & links["grade"].notna() & (links["p_item"] > 0)]
    links = without_people(links[list(LINE_LINKS)], people_kept_out(view)).dropna(subset=["line_ref"])
    return links.sort_values(["line_ref", "person_id", "link_ref"], kind="stable").reset_index(drop=True)


def people_kept_out(view: View) -> frozenset[str]:
    """Name those who may stand in no tie: removed from the register, or on it as victim or witness only.

    The record that others were merged into speaks for a person. Who was included anew after a removal is back.
    """
    records = view["person_records"]
    merged = set(records.loc[records["merged_into"].notna(), "source_ref"])
    rows = view["reviews"].assign(is_merged=view["reviews"]["person_ref"].isin(merged))
    register = rows.sort_values(["person_id", "is_merged", "person_ref"], kind="stable").drop_duplicates("person_id")

    made = view.decisions[(view.decisions["kind"] == "removal") & (view.decisions["outcome"] == "REMOVE")]
    decided_on = pd.to_datetime(made["decided_on"]).groupby(made["person_id"]).max()
    included_on = register.set_index("person_id")["included_on"].reindex(decided_on.index)
    taken_off = decided_on.index[~(included_on > decided_on)]

    harmed_only = register["categories"].fillna("").map(_is_harmed_only).astype(bool)
    return frozenset(taken_off) | frozenset(
        register.loc[harmed_only | (register["status"] == "REMOVED"), "person_id"].dropna()
    )


def _is_harmed_only(categories: str) -> bool:
    named = {part.strip().upper() for part in categories.split(";")} - {""}
    return bool(named) and named <= {"VICTIM", "WITNESS"}


def _crimes(view: View, policy: TiePolicy) -> pd.DataFrame:
    suspects = view["crime_suspects"][["crime_ref", "person_id", "status"]]
    crimes = view["crimes"][["crime_ref", "from_on", "to_on", "outcome_code", "court_result"]]
    rows = suspects.merge(crimes, on="crime_ref", how="inner")
    rows = rows[~rows["court_result"].isin(policy.court_results_left_out)]
    outcome = rows["outcome_code"]
    charged = (rows["status"] == "CHARGED") | outcome.isin(policy.caution_outcomes)
    named = outcome.fillna("live").map(policy.named_together).fillna(0.0).astype("float64")
    return _memberships(
        rows,
        event_kind="crime",
        event_id=rows["crime_ref"],
        item_ref=rows["crime_ref"],
        origin_id="crime:" + rows["crime_ref"],
        seen_on=rows["to_on"].fillna(rows["from_on"]),
        p_item=named,
        is_charged=charged.astype("int64"),
    )


def _arrests(view: View, policy: TiePolicy) -> pd.DataFrame:
    rows = view["custody"].dropna(subset=["crime_ref"])
    ended = view["crimes"].loc[view["crimes"]["court_result"].isin(policy.court_results_left_out), "crime_ref"]
    rows = rows[~rows["crime_ref"].isin(ended)]
    return _memberships(
        rows,
        event_kind="arrest",
        event_id=rows["crime_ref"],
        item_ref=rows["custody_ref"],
        origin_id="crime:" + rows["crime_ref"],
        seen_on=rows["arrived_at"].dt.normalize(),
        p_item=policy.arrested_together,
        is_counted=(~rows["disposal"].isin(policy.disposals_out_of_measures)).astype("int64"),
    )


def _stops(view: View, policy: TiePolicy) -> pd.DataFrame:
    rows = view["stops"].dropna(subset=["stopped_at", "latitude", "longitude", "person_id"])
    event = rows["stopped_at"].dt.strftime("%Y-%m-%dT%H:%M") + " " + rows["latitude"] + " " + rows["longitude"]
    return _memberships(
        rows,
        event_kind="stop",
        event_id=event,
        item_ref=rows["stop_ref"],
        origin_id="stop:" + event,
        seen_on=rows["stopped_at"].dt.normalize(),
        p_item=policy.stopped_together,
        is_counted=(~rows["outcome"].isin(policy.stop_outcomes_out_of_measures)).astype("int64"),
    )


def _missing(view: View, policy: TiePolicy) -> pd.DataFrame:
    """List those found at one place in the same minute: harm suffered, kept apart, and never shared as it stands."""
    rows = view["missing_episodes"].dropna(subset=["found_at", "found_area", "person_id"])
    event = rows["found_at"].dt.strftime("%Y-%m-%dT%H:%M") + " " + rows["found_area"]
    return _memberships(
        rows,
        event_kind="missing",
        event_id=event,
        item_ref=rows["missing_ref"],
        origin_id="missing:" + event,
        handling="C",
        seen_on=rows["found_at"].dt.normalize(),
        p_item=policy.missing_together,
    )


def _reports(view: View, policy: TiePolicy) -> pd.DataFrame:
    reports = view["intel_reports"]
    reports = reports[(reports["status"] == "LIVE") & reports["grade"].notna() & (reports["grade"].str[1:] != "E")]
    ever = view.ever.get("intel_reports", view["intel_reports"])
    origins = trace_origins(ever, view.judged_origins).set_index("report_ref")["origin_id"]
    read = reports.assign(
        grade=read_grades(reports, ever), origin_id="report:" + reports["report_ref"].map(origins).astype("str")
    )
    rows = view["intel_subjects"][["report_ref", "person_id"]].merge(read, on="report_ref", how="inner")
    return _memberships(
        rows,
        event_kind="report",
        event_id=rows["report_ref"],
        item_ref=rows["report_ref"],
        origin_id=rows["origin_id"],
        grade=rows["grade"],
        handling=rows["handling"].fillna("C"),
        seen_on=rows["event_on"].fillna(rows["submitted_on"]),
        p_item=_by_grade(rows["grade"], policy),
        truth=rows["origin_id"].str.removeprefix("report:"),
        p_truth=_by_grade(rows["grade"], policy),
    )


def read_grades(reports: pd.DataFrame, ever: pd.DataFrame) -> pd.Series:
    """Read a B whose corroborating report is not named, or was never in the casebook, as a C."""
    known = set(ever["report_ref"])
    named = reports["corroborated_by"].fillna("").map(lambda refs: any(r.strip() in known for r in refs.split(";")))
    named = named.astype(bool)
    stands = named | (reports["grade"].str[1:] != "B")
    return reports["grade"].where(stands, reports["grade"].str[:1] + "C")


def _by_grade(grades: pd.Series, policy: TiePolicy) -> pd.Series:
    return grades.map(policy.grade_factors).fillna(0.0).astype("float64")


def _memberships(rows: pd.DataFrame, **columns: object) -> pd.DataFrame:
    plain: dict[str, object] = {
        "grade": NO_GRADE, "handling": "P", "is_charged": 0, "is_counted": 1, "truth": "", "p_truth": 1.0,
    }  # fmt: skip
    table = pd.DataFrame({"person_id": rows["person_id"]}).assign(**(plain | columns))
    types = {
        "person_id": "str",
        "truth": "str",
        "grade": "str",
        "handling": "str",
        "event_kind": "str",
        "event_id": "str",
    }
    return table.astype(types | {"item_ref": "str", "origin_id": "str", "p_item": "float64", "p_truth": "float64"})


def without_people(rows: pd.DataFrame, people: frozenset[str]) -> pd.DataFrame:
    """Drop rows of nobody and of those kept out: a missing id must not become one person everybody knows."""
    return rows[~is_no_id(rows["person_id"]) & ~rows["person_id"].isin(people)]
