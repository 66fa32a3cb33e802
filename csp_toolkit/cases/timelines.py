"""A case's person over time, lane by lane: missing, police, education, health, housing, what we did.

Each mark says how settled it is: an arrest is a triangle, what is reported and not settled is hollow. A lane without a
mark says why it has none.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from csp_toolkit.tables.view import View

TIMELINE_COLUMNS = (
    "case_ref", "person_id", "lane", "mark", "on", "until", "words", "source", "source_ref", "grade", "handling",
    "handling_conditions",
)  # fmt: skip
LANES = ("Missing", "Police", "Education", "Health", "Housing", "What we did")
EVENT, ARREST, UNSETTLED, MOVE, PERIOD, SAFEGUARDING = "event", "arrest", "unsettled", "move", "period", "safeguarding"
# The feeds that could fill a lane; of health no feed but this one says who somebody is.
LANE_FEEDS: Mapping[str, tuple[str, ...]] = {
    "Missing": ("police_missing",), "Police": ("police_crimes", "police_custody"),
    "Education": ("education_attendance", "education_exclusions"), "Health": ("drug_service",),
    "Housing": ("housing_tenancies", "housing_asb"), "What we did": ("csp_actions",),
}  # fmt: skip
SETTLED = ("CONVICTED", "CONVICTED_LESSER")
SAFEGUARDS = ("S03", "S04", "S06")
_TERM_STARTS = {"Autumn": (9, 1), "Spring": (1, 5), "Summer": (4, 13), "Autumn 1": (9, 1), "Autumn 2": (11, 2),
                "Spring 1": (1, 5), "Spring 2": (2, 23), "Summer 1": (4, 13), "Summer 2": (6, 1)}  # fmt: skip
_TERM_ENDS = {"Autumn": (12, 18), "Spring": (3, 27), "Summer": (7, 21), "Autumn 1": (10, 23), "Autumn 2": (12, 18),
              "Spring 1": (2, 13), "Spring 2": (3, 27), "Summer 1": (5, 22), "Summer 2": (7, 21)}  # fmt: skip


def list_timelines(cases: pd.DataFrame, actions: pd.DataFrame, view: View, *, days: int = 365) -> pd.DataFrame:
    """List what is recorded of each case's person in the days up to the view's date.

    Parameters
    ----------
    cases : case_ref and person_id. actions : those about cases, followed up.

    Returns
    -------
    Rows of `TIMELINE_COLUMNS`, by case, lane and day. `words` are made of codes and figures, never of what somebody
        typed. A report carries its grade and its handling, so that each copy keeps or loses it whole.
    """
    first = pd.Timestamp(view.as_of - timedelta(days=days))
    parts = [
        _missing(view), _crimes(view), _custody(view), _reports(view), _terms(view, first), _exclusions(view),
        _treatment(view), _housing(view), _tenancies(view), _moves(view),
    ]  # fmt: skip
    by_person = pd.concat(
        [p.dropna(axis="columns", how="all") for p in parts if len(p)] or parts[:1], ignore_index=True
    )
    own = cases[["case_ref", "person_id"]]
    found = own.merge(by_person, on="person_id")
    table = pd.concat([found, own.merge(_done(actions), on="case_ref")], ignore_index=True)
    table = table.reindex(columns=list(TIMELINE_COLUMNS))
    dates = dict.fromkeys(("on", "until"), "datetime64[us]")
    table = table.astype({**dict.fromkeys((c for c in TIMELINE_COLUMNS if c not in dates), "str"), **dates})
    table = table[(table["until"].fillna(table["on"]) >= first) & (table["on"] <= pd.Timestamp(view.as_of))]
    table = table.assign(order=table["lane"].map({lane: n for n, lane in enumerate(LANES)}))
    return table.sort_values(["case_ref", "order", "on", "source_ref"], ignore_index=True)[list(TIMELINE_COLUMNS)]


def explain_lanes(cases: pd.DataFrame, view: View) -> pd.DataFrame:
    """Say of each lane why it is empty where it is: not asked of an adult, held, not sent, or nothing recorded.

    Returns
    -------
    case_ref, person_id, lane, words: one row a case and lane, whether it is empty or not.
    """
    states = view.coverage.set_index("feed")["state"]
    rows = []
    for ref, person, child in zip(cases["case_ref"], cases["person_id"], cases["is_child"].fillna("Y"), strict=True):
        for lane, feeds in LANE_FEEDS.items():
            rows.append((ref, person, lane, _say_empty(lane, [states.get(f) for f in feeds], child == "Y")))
    return pd.DataFrame(rows, columns=["case_ref", "person_id", "lane", "words"], dtype="str")


def _say_empty(lane: str, states: list[str | None], is_child: bool) -> str:
    if lane == "Education" and not is_child:
        return "not asked: an adult"
    known = [state for state in states if isinstance(state, str)]
    if not known or all(state == "missing" for state in known):
        return "no return: nothing was sent"
    if all(state == "held" for state in known):
        return "return held: its agreement had expired"
    if "stale" in known or "held" in known:
        return "none recorded, from an older return"
    return "nobody has asked health; none recorded in treatment" if lane == "Health" else "none recorded"


def _rows(frame: pd.DataFrame, lane: str, mark: pd.Series | str, on: pd.Series, words: pd.Series | str, source: str,
          ref: str, until: pd.Series | None = None, **more: pd.Series) -> pd.DataFrame:  # fmt: skip
    return pd.DataFrame({
        "person_id": frame["person_id"], "lane": lane, "mark": mark, "on": pd.to_datetime(on).dt.normalize(),
        "until": pd.NaT if until is None else pd.to_datetime(until).dt.normalize(), "words": words, "source": source,
        "source_ref": frame[ref], **more,
    })  # fmt: skip


def _missing(view: View) -> pd.DataFrame:
    episodes = view["missing_episodes"]
    hours = (episodes["found_at"] - episodes["last_seen_at"].fillna(episodes["reported_at"])).dt.total_seconds() / 3600
    long = hours.round().astype("Int64").astype("str") + " h"
    where = episodes["found_area"].replace({"UNK": None, "Basildon": None})
    words = long.where(hours.notna(), "not found") + (", " + where).fillna("")
    return _rows(episodes, "Missing", EVENT, episodes["reported_at"], words, "missing_episodes", "missing_ref")


def _crimes(view: View) -> pd.DataFrame:
    said = view["crimes"][["crime_ref", "from_on", "offence", "court_result"]]
    suspects = view["crime_suspects"][["crime_ref", "person_id", "status"]].merge(said, on="crime_ref")
    settled = suspects["court_result"].isin(SETTLED)
    mark = pd.Series(UNSETTLED, index=suspects.index).mask(settled, EVENT)
    state = (
        suspects["status"].map({"CHARGED": "charged", "SUSPECT": "suspect", "NAMED SUSPECT": "named"}).fillna("named")
    )
    state = state.mask(settled, "convicted").mask(
        suspects["court_result"].isin(["ACQUITTED", "DISCONTINUED"]), "acquitted"
    )
    ours = _rows(suspects, "Police", mark, suspects["from_on"], state + ": " + _short(suspects["offence"]),
                 "crime_suspects", "crime_ref")  # fmt: skip
    harmed = view["crime_victims"][["crime_ref", "person_id"]].merge(said, on="crime_ref")
    theirs = _rows(harmed, "Police", EVENT, harmed["from_on"], "victim: " + _short(harmed["offence"]), "crime_victims",
                   "crime_ref")  # fmt: skip
    return pd.concat([ours[~state.eq("acquitted")], theirs], ignore_index=True)


def _custody(view: View) -> pd.DataFrame:
    custody = view["custody"]
    away = custody["force"].where(custody["force"].ne("Essex")).fillna("")
    words = "arrested" + (" by " + away).where(away.ne(""), "") + ": " + _short(custody["offence"])
    return _rows(custody, "Police", ARREST, custody["arrived_at"], words, "custody", "custody_ref")


def _reports(view: View) -> pd.DataFrame:
    reports = view["intel_reports"]
    live = reports[reports["status"].eq("LIVE") & reports["grade"].notna()]
    named = view["intel_subjects"][["report_ref", "person_id"]].drop_duplicates().merge(
        live[["report_ref", "event_on", "submitted_on", "theme", "grade", "handling", "handling_conditions"]],
        on="report_ref",
    )  # fmt: skip
    words = "report " + named["grade"] + ": " + named["theme"].str.lower().fillna("no theme")
    on = named["event_on"].fillna(named["submitted_on"])
    return _rows(named, "Police", UNSETTLED, on, words, "intel_reports", "report_ref", grade=named["grade"],
                 handling=named["handling"], handling_conditions=named["handling_conditions"])  # fmt: skip


def _terms(view: View, first: pd.Timestamp) -> pd.DataFrame:
    terms = view["attendance_terms"]
    share = 100 * terms["n_attended"] / terms["n_possible"]
    known = terms[share.notna() & (terms["n_possible"] > 0)]
    starts, ends = (
        pd.to_datetime([_day_of_term(t, days) for t in known["term"]]) for days in (_TERM_STARTS, _TERM_ENDS)
    )
    words = "attends " + share[known.index].round().astype("Int64").astype("str") + "%"
    ref = known["source_ref"] + " " + known["term"]
    return _rows(known.assign(ref=ref), "Education", PERIOD, pd.Series(starts, index=known.index), words,
                 "attendance_terms", "ref", until=pd.Series(ends, index=known.index))  # fmt: skip


def _day_of_term(term: str, days: Mapping[str, tuple[int, int]]) -> date | None:
    """Return the day a school term begins or ends, as ``2025/26 Autumn 1`` is written; None where it is not."""
    year, _, name = str(term).partition(" ")
    if name not in days or not year[:4].isdigit():
        return None
    return date(int(year[:4]) + (not name.startswith("Autumn")), *days[name])


def _exclusions(view: View) -> pd.DataFrame:
    out = view["exclusions"]
    words = out["kind"].map({"SUSPENSION": "suspended", "PERMANENT": "excluded"}).fillna("suspended")
    ref = out["source_ref"] + " " + out["excluded_on"].dt.strftime("%Y-%m-%d")
    return _rows(out.assign(ref=ref), "Education", EVENT, out["excluded_on"], words, "exclusions", "ref")


def _treatment(view: View) -> pd.DataFrame:
    spells = view["treatment"]
    end = spells["ended_on"].fillna(pd.Timestamp(view.as_of))
    return _rows(spells, "Health", PERIOD, spells["started_on"], "in treatment", "treatment", "source_ref", until=end)


def _housing(view: View) -> pd.DataFrame:
    named = view["housing_suspects"].merge(view["housing_cases"][["asb_ref", "category"]], on="asb_ref", how="left")
    words = "complaint: " + named["category"].fillna("no category").str.lower()
    return _rows(named, "Housing", UNSETTLED, named["opened_on"], words, "housing_suspects", "asb_ref")


def _tenancies(view: View) -> pd.DataFrame:
    started = view["tenancies"][view["tenancies"]["started_on"].notna()]
    return _rows(started, "Housing", MOVE, started["started_on"], "tenancy begins", "tenancies", "tenancy_ref")


def _moves(view: View) -> pd.DataFrame:
    records = view["person_records"][view["person_records"]["address_from_on"].notna()]
    return _rows(records, "Housing", MOVE, records["address_from_on"], "new address", "person_records", "source_ref")


def _done(actions: pd.DataFrame) -> pd.DataFrame:
    """Return what was done: one mark an action completed, and what of it safeguards."""
    done = actions[actions["completed_on"].notna()]
    mark = pd.Series(EVENT, index=done.index).mask(done["intervention_code"].isin(SAFEGUARDS), SAFEGUARDING)
    result = done["result"].str.lower().str.replace("_", " ")
    words = done["intervention_code"].fillna("").str.cat(done["action_type"].str.lower(), sep=" ").str.strip()
    return pd.DataFrame({
        "case_ref": done["case_ref"], "lane": "What we did", "mark": mark, "on": done["completed_on"], "until": pd.NaT,
        "words": words + (": " + result).fillna(""), "source": "actions", "source_ref": done["action_ref"],
    })  # fmt: skip


def _short(offence: pd.Series) -> pd.Series:
    """Shorten an offence to what fits beside a mark."""
    text = offence.fillna("offence not recorded").str.replace(r"\s*[-(].*$", "", regex=True)
    text = text.str.replace("Possession of a controlled drug with intent to supply", "intent to supply", regex=False)
    text = text.str.replace("Being concerned in supply of a controlled drug", "supply of drugs", regex=False)
    return text.str[:1].str.lower() + text.str[1:]
