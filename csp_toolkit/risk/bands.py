"""Answers to bands with their range, a status, floors, a tier and a route, for every assessment at once."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from csp_toolkit.errors import ParamsError
from csp_toolkit.risk.answers import Answers, weigh_answers
from csp_toolkit.risk.assessments import AS_MADE, COMPLETE, PROVISIONAL, WHAT_IF, Assessments
from csp_toolkit.risk.caps import UNKNOWN
from csp_toolkit.risk.facts import FACT_COLUMNS
from csp_toolkit.risk.levels import NO_BAND, Facts, Reckoned, fill_unknown, reckon
from csp_toolkit.risk.toolkit import INSUFFICIENT, Toolkit
from csp_toolkit.tables.working_days import Calendar, last_working_day, read_calendar


def assess(
    answers: Answers, toolkit: Toolkit | None = None, *, as_of: date, what_if: bool = False,
    calendar: Calendar | None = None,
) -> Assessments:  # fmt: skip
    """Turn answers into bands, each with its range, as structured professional judgement.

    The point leaves out domains of which nothing is known. The low end takes every unknown as nought, the high end as
    the toolkit's `unknown_high`. An answer of 3 to an open question could lie beyond the high end, and a point that
    leaves domains out may: the range is of answers, not a promise.

    Parameters
    ----------
    as_of : assessments after this day are not assessed; a request that was due before it is late.
    what_if : look at the answers under another toolkit or version than they were given under; the result says so.

    Raises
    ------
    ParamsError : the answers were given under another toolkit or version, and this is not a what-if.
    """
    toolkit = toolkit or answers.toolkit
    is_other = toolkit != answers.toolkit or bool(answers.assessments["toolkit"].ne(toolkit.key).any())
    if is_other and not what_if:
        raise ParamsError(
            f"{len(answers.assessments)} assessments were made under {answers.toolkit.key}, and not under this "
            f"{toolkit.key}. They are not scored anew: read the toolkit they were made under, or ask for a what-if."
        )
    answers = _until(answers, as_of)
    if is_other:
        answers = _give_again(answers, toolkit)
    facts = Facts(
        answers.assessments["age_years"].astype("float64").to_numpy(),
        {name: answers.assessments[name].to_numpy("bool") for name in FACT_COLUMNS},
    )
    readings = {
        "point": reckon(answers.grid, facts, toolkit),
        "low": reckon(fill_unknown(answers.grid, 0), facts, toolkit),
        "high": reckon(fill_unknown(answers.grid, toolkit.unknown_high), facts, toolkit),
    }
    table = _tabulate(answers, readings, toolkit, calendar or read_calendar())
    table.insert(6, "basis", WHAT_IF if is_other else AS_MADE)
    return Assessments(table, answers, readings, toolkit, as_of, calendar or read_calendar())


def _tabulate(answers: Answers, readings: dict[str, Reckoned], toolkit: Toolkit, calendar: Calendar) -> pd.DataFrame:
    point, grid, whose = readings["point"], answers.grid, answers.assessments
    n_known, n_unknown = (grid >= 0).sum(axis=1), (grid == UNKNOWN).sum(axis=1)
    critical = np.array([i.critical for i in toolkit.indicators])
    n_critical = (grid[:, critical] == UNKNOWN).sum(axis=1)
    status = _status(n_known, n_known + n_unknown, n_critical, toolkit)
    short = status == INSUFFICIENT
    tier = find_tiers(point, short, toolkit)
    columns = ["assessment_ref", "case_ref", "assessment_no", "person_id", "assessed_on", "toolkit"]
    table = whose[columns].assign(
        is_newest=_newest(whose), status=pd.Series(status, dtype="str"), n_known=n_known,
        n_applicable=n_known + n_unknown, n_unknown=n_unknown, n_critical_unknown=n_critical,
    )  # fmt: skip
    names = np.array([*toolkit.band_names, INSUFFICIENT], dtype=object)  # the last also stands for NO_BAND
    for axis in toolkit.axes:
        key = axis.id.lower()
        for reading, name in (("point", "score"), ("low", "low"), ("high", "high")):
            table[f"{key}_{name}"] = pd.array(readings[reading].scores[axis.id], dtype="Float64").astype("Int64")
        so_far = names[point.bands[axis.id]]
        table[f"{key}_band"] = np.where(short, INSUFFICIENT, so_far)
        table[f"{key}_band_so_far"] = so_far
        for reading in ("low", "high"):
            table[f"{key}_band_{reading}"] = names[readings[reading].bands[axis.id]]
    order = np.array(toolkit.tiers.order, dtype=object)
    route = find_routes(point, short, whose["may_be_child"].to_numpy("bool"), toolkit)
    table = table.assign(tier=order[tier], route=pd.Series(route, dtype="str"))
    days = np.array([toolkit.tiers.review_days[t] for t in toolkit.tiers.order])[tier]
    due = whose["assessed_on"] + pd.to_timedelta(np.where(days > 0, days, 1), unit="D")
    table["review_by"] = last_working_day(due.where(days > 0).astype("datetime64[us]"), calendar)
    table["floors"] = _say_floors(point, toolkit)
    table["held_back"] = ""
    texts = [c for c in table.columns if c.endswith(("_band", "_so_far", "band_low", "band_high"))]
    texts += ["tier", "floors", "held_back"]
    return table.astype(dict.fromkeys(texts, "str"))


def _status(n_known: np.ndarray, n_asked: np.ndarray, n_critical: np.ndarray, toolkit: Toolkit) -> np.ndarray:
    """Whole numbers compared: four fifths of 80 is 64 and not 63.999."""
    rule = toolkit.completeness
    is_complete = (100 * n_known >= rule.complete_percent * n_asked) & (n_critical == 0) & (n_asked > 0)
    is_provisional = (100 * n_known >= rule.provisional_percent * n_asked) & (n_asked > 0)
    return np.select([is_complete, is_provisional], [COMPLETE, PROVISIONAL], INSUFFICIENT)


def find_tiers(point: Reckoned, short: np.ndarray, toolkit: Toolkit) -> np.ndarray:
    """Return each tier's place in the order: by the table of bands, then by floors that set a tier.

    Where too little is known, or nothing of one axis, the tier is the one for that and no lower.
    """
    tiers, order = toolkit.tiers, toolkit.tiers.order
    places = np.array([[order.index(t) for t in tiers.table[band]] for band in toolkit.band_names])
    rows = point.bands[tiers.rows]
    columns = point.bands[tiers.columns] if tiers.columns else np.zeros_like(rows)
    default = order.index(toolkit.completeness.insufficient_tier)
    tier = places[np.maximum(rows, 0), np.maximum(columns, 0)]
    tier = np.where((rows == NO_BAND) | (columns == NO_BAND), np.maximum(tier, default), tier)
    tier = np.where(short, default, tier)
    for axis in toolkit.axes:
        for floor in axis.floors:
            if floor.tier is not None:
                tier = np.where(point.floors[floor.id], np.maximum(tier, order.index(floor.tier)), tier)
    return tier


def find_routes(point: Reckoned, short: np.ndarray, is_child: np.ndarray, toolkit: Toolkit) -> np.ndarray:
    """Return what leads; missing where too little is known to compare. Nobody who may be a child is enforcement-led."""
    routes, tiers = toolkit.routes, toolkit.tiers
    rows = point.bands[tiers.rows]
    columns = point.bands[tiers.columns] if tiers.columns else rows
    route = np.select([rows > columns, rows == columns], [routes.rows_higher, routes.equal], routes.columns_higher)
    barred = is_child & np.isin(route, list(routes.never_for_a_child))
    route = np.where(barred, routes.child, route).astype(object)
    route[short | (rows == NO_BAND) | (columns == NO_BAND)] = None
    return route


def _say_floors(point: Reckoned, toolkit: Toolkit) -> np.ndarray:
    """Name the floors that hold a band above what the score alone gives; empty where none does."""
    said = np.full(len(point.levels), "", dtype=object)
    for axis in toolkit.axes:
        for floor in axis.floors:
            lifts = point.floors[floor.id] & (point.arithmetic[axis.id] < toolkit.band_names.index(floor.band))
            said[lifts] = [f"{s}; {floor.id} {floor.title}" if s else f"{floor.id} {floor.title}" for s in said[lifts]]
    return said


def _newest(assessments: pd.DataFrame) -> pd.Series:
    order = assessments.sort_values(["case_ref", "assessed_on", "assessment_no"], kind="stable")
    return pd.Series(True, index=assessments.index).where(
        assessments.index.isin(order.drop_duplicates("case_ref", keep="last").index), False
    )


def _until(answers: Answers, as_of: date) -> Answers:
    stays = answers.assessments["assessed_on"].lt(pd.Timestamp(as_of + timedelta(days=1))).to_numpy("bool")
    if stays.all():
        return answers
    kept = answers.assessments[stays].reset_index(drop=True)
    beside, left_out = (
        frame[frame["assessment_ref"].isin(kept["assessment_ref"])].reset_index(drop=True)
        for frame in (answers.beside, answers.left_out)
    )
    return replace(answers, weighed=answers.weighed.keep(stays), assessments=kept, beside=beside, left_out=left_out,
                   grid=answers.grid[stays], given=answers.given[stays])  # fmt: skip


def _give_again(answers: Answers, toolkit: Toolkit) -> Answers:
    """Weigh the answers as they were given, under another toolkit."""
    assessments = answers.assessments.drop(columns="is_child")
    return weigh_answers(answers.weighed.rows, assessments, toolkit)
