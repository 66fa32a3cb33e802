"""What a record says before it is weighed: a suspect's outcome, a report's grade, date and origin.

Both the items and the gates read records through these functions, so that what a person is included on and what they
score on are read alike.
"""

from dataclasses import dataclass

import pandas as pd

from csp_toolkit.scoring.evidence.references import part_cells
from csp_toolkit.scoring.evidence.register import read_register
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import NOT_RECORDED
from csp_toolkit.tables.keys import is_among
from csp_toolkit.tables.origins import trace_origins
from csp_toolkit.tables.view import View

OUTCOME_COLUMNS = (
    "person_id", "crime_ref", "criterion", "outcome", "role", "event_on", "last_word_on", "is_stale",
)  # fmt: skip
REPORT_COLUMNS = ("report_ref", "event_on", "theme", "grade", "is_read_lower", "origin_id")
_FLAG_COLUMNS = {"knife": "has_knife", "firearm": "has_firearm", "gang": "is_gang"}
NO_OUTCOME = "named"


@dataclass(frozen=True, eq=False)
class Readings:
    """What gates and items both go by: the register, what became of each suspicion, and the live reports."""

    register: pd.DataFrame
    outcomes: pd.DataFrame
    reports: pd.DataFrame


def read_records(view: View, matrix: Matrix) -> Readings:
    """Read what gates and items both go by, once for both."""
    return Readings(read_register(view), read_outcomes(view, matrix), read_reports(view, matrix))


def read_outcomes(view: View, matrix: Matrix) -> pd.DataFrame:
    """Read what became of each suspicion, and which criterion its offence is evidence for.

    Returns
    -------
    One row per person and crime (`OUTCOME_COLUMNS`). `outcome` is a key of the matrix; missing where the number sent
    is not in the matrix, and then nothing counts. `criterion` is missing where the offence scores nothing.
    Somebody charged goes by the court's result, and awaits trial while there is none; somebody not charged by the
    Home Office outcome number, and is a live suspect while there is none. `event_on` is the end of a range of dates.

    Notes
    -----
    Where a person stands twice in a crime, under two references, the weightier part counts.
    """
    parts = view["crime_suspects"].dropna(subset=["person_id"])
    parts = parts[["crime_ref", "person_id", "status", "part"]].merge(view["crimes"], on="crime_ref")
    as_of = pd.Timestamp(view.as_of)

    is_charged = parts["status"].eq("CHARGED")
    by_court = parts["court_result"].map(matrix.court_results).fillna("charged")
    by_code = parts["outcome_code"].map(matrix.outcome_codes).where(parts["outcome_code"].notna(), NO_OUTCOME)
    parts["outcome"] = by_court.where(is_charged, by_code).astype("str")
    parts["role"] = parts["part"].map(matrix.suspect_parts).fillna(NOT_RECORDED)
    parts["criterion"] = _map_offences(parts, matrix)

    event_on = parts[["from_on", "to_on"]].max(axis="columns").clip(upper=as_of)
    parts["last_word_on"] = parts[["from_on", "recorded_on", "outcome_on", "court_on"]].max(axis="columns")
    parts["is_stale"] = parts["outcome"].isin(matrix.stale.applies_to) & (
        (as_of - parts["last_word_on"]).dt.days > matrix.stale.days
    )
    if matrix.stale.is_down_weighted:
        parts["outcome"] = parts["outcome"].where(~parts["is_stale"], matrix.stale.becomes)
    if matrix.clock == "outcome":
        decided_on = parts["court_on"].fillna(parts["outcome_on"])
        is_proved = parts["outcome"].map({key: o.basis for key, o in matrix.outcomes.items()}).eq("proved")
        event_on = decided_on.clip(upper=as_of).where(is_proved & decided_on.notna(), event_on)
    parts["event_on"] = event_on

    evidence = parts["outcome"].map(matrix.evidence_factors).astype("Float64").fillna(-1)
    parts = parts.assign(weight=-evidence * parts["role"].map(matrix.roles).astype("Float64"))
    parts = parts.sort_values(["crime_ref", "person_id", "weight"], kind="stable")
    return parts.drop_duplicates(["crime_ref", "person_id"])[list(OUTCOME_COLUMNS)].reset_index(drop=True)


def map_titles(titles: pd.Series, matrix: Matrix) -> pd.Series:
    """Return the criterion of offences sent by title alone, without flags; missing where they score nothing."""
    plain = {o.title.casefold(): o.otherwise if o.if_flagged else o.criterion for o in matrix.offences}
    return titles.str.strip().str.casefold().map(plain).astype("str")


def _map_offences(crimes: pd.DataFrame, matrix: Matrix) -> pd.Series:
    by_title = {o.title.casefold(): o.ho_code for o in matrix.offences}
    code = crimes["ho_code"].str.strip().str.upper()
    code = code.fillna(crimes["offence"].str.strip().str.casefold().map(by_title))
    criterion = code.map({o.ho_code: o.otherwise if o.if_flagged else o.criterion for o in matrix.offences})
    for offence in matrix.offences:
        if offence.if_flagged:
            flagged = crimes[[_FLAG_COLUMNS[flag] for flag in offence.if_flagged]].eq("Y").any(axis="columns")
            criterion = criterion.mask(code.eq(offence.ho_code) & flagged, offence.criterion)
    return criterion.astype("str")


def read_reports(view: View, matrix: Matrix) -> pd.DataFrame:
    """Read the live, graded reports: when, on what theme, how good, and from which origin.

    Returns
    -------
    One row per report (`REPORT_COLUMNS`). A grade that says "corroborated" with no corroborating report named, or
    none that was ever received, is read as the grade below and marked `is_read_lower`; a grade converted from 5x5x5
    stays. `event_on` is the day of the event, else the day submitted.
    """
    ever = view.ever["intel_reports"] if "intel_reports" in view.ever else view["intel_reports"]
    reports = view["intel_reports"]
    live = reports[reports["status"].eq("LIVE") & reports["grade"].isin(list(matrix.grades))].reset_index(drop=True)
    is_lower = (
        live["grade"].str[1].eq(matrix.corroborated_information)
        & live["grade_scheme"].ne("5x5x5")
        & ~_is_corroborated(live, ever["report_ref"])
    )
    lower = live["grade"].str[0] + matrix.uncorroborated_information
    origins = trace_origins(ever, view.judged_origins).set_index("report_ref")["origin_id"]
    return pd.DataFrame(
        {
            "report_ref": live["report_ref"],
            "event_on": live["event_on"].fillna(live["submitted_on"]).clip(upper=pd.Timestamp(view.as_of)),
            "theme": live["theme"],
            "grade": live["grade"].where(~is_lower, lower),
            "is_read_lower": is_lower,
            "origin_id": live["report_ref"].map(origins).fillna(live["report_ref"]),
        }
    )


def _is_corroborated(reports: pd.DataFrame, known: pd.Series) -> pd.Series:
    named = part_cells(reports.set_index("report_ref")["corroborated_by"])
    named = named[is_among(named, known) & (named != named.index)]
    return reports["report_ref"].isin(named.index)
