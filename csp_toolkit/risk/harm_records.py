"""The records that speak of harm suffered, one row each: who, what, when, and how sure."""

from typing import TYPE_CHECKING

import pandas as pd

from csp_toolkit.tables.ages import age_years, youngest_birth
from csp_toolkit.tables.view import View

if TYPE_CHECKING:
    from csp_toolkit.risk.vulnerability import Vulnerability

HARM_RECORD_COLUMNS = ("person_id", "indicator", "ref", "event_date", "share", "is_possible_match")


def collect_harm(view: View, policy: "Vulnerability") -> pd.DataFrame:
    """Collect every record of harm suffered, for its person and for whoever may be the same person.

    Returns
    -------
    `HARM_RECORD_COLUMNS`, one row per person, indicator and record; `share` is how much of the indicator's points
    the record is believed for: 1 but for intelligence.
    """
    parts = (_injuries(view, policy), _threats(view, policy), _nrm(view, policy), _referrals(view, policy),
             _cuckooed(view, policy), _coercion(view, policy))  # fmt: skip
    own = pd.concat([_shape(part, name) for name, part in parts], ignore_index=True)
    own = own[own["share"] > 0].assign(is_possible_match=False)
    alike = _pair_alike(view)
    other = own.merge(alike, on="person_id")
    other = other.assign(person_id=other["alike"], is_possible_match=True)
    name, missing = _missing(view, policy, alike)
    everything = pd.concat([own, other, _shape(missing, name)], ignore_index=True)
    everything["is_possible_match"] = everything["is_possible_match"].eq(True)  # noqa: FBT003 (missing is no)
    everything = everything.sort_values(["person_id", "indicator", "event_date", "ref", "is_possible_match"],
                                        kind="stable")  # fmt: skip
    return everything.drop_duplicates(["person_id", "indicator", "ref"], ignore_index=True)[list(HARM_RECORD_COLUMNS)]


def _shape(part: pd.DataFrame, name: str) -> pd.DataFrame:
    part = part.dropna(subset=["person_id"])
    return pd.DataFrame(
        {
            "person_id": part["person_id"].astype("str"),
            "indicator": pd.Series(name, index=part.index, dtype="str"),
            "ref": part["ref"].astype("str"),
            "event_date": part["event_date"].astype("datetime64[us]"),
            "share": part["share"].astype("float64") if "share" in part else 1.0,
            "is_possible_match": part["is_possible_match"] if "is_possible_match" in part else False,
        }
    )


def _since(view: View, days: int | None) -> pd.Timestamp:
    return pd.Timestamp(view.as_of) - pd.Timedelta(days=days or 0)


def _injuries(view: View, policy: "Vulnerability") -> tuple[str, pd.DataFrame]:
    crimes = view["crimes"]
    event_date = crimes[["from_on", "to_on"]].max(axis="columns").clip(upper=pd.Timestamp(view.as_of))
    armed = crimes["has_knife"].eq("Y") | crimes["has_firearm"].eq("Y")
    counted = (
        crimes["ho_code"].isin(list(policy.injury.ho_codes)) & armed & (event_date >= _since(view, policy.injury.days))
    )
    hurt = crimes.assign(event_date=event_date)[counted][["crime_ref", "event_date"]]
    return "injury", view["crime_victims"][["crime_ref", "person_id"]].merge(hurt, on="crime_ref").rename(
        columns={"crime_ref": "ref"}
    )


def _markers(view: View) -> pd.DataFrame:
    records = view["person_records"][["person_id", "source_ref", "markers"]].rename(columns={"source_ref": "ref"})
    records["marker"] = records["markers"].str.split(";")
    records = records.explode("marker")
    return records.assign(marker=records["marker"].astype("str").str.strip())


def _threats(view: View, policy: "Vulnerability") -> tuple[str, pd.DataFrame]:
    """A warning is live for so many days from its date; one without a date is taken as live."""
    rows = _markers(view)
    rows = rows[rows["marker"].str.split(" ").str[0].eq(policy.threat_to_life.marker)]
    dated = pd.to_datetime(rows["marker"].str.split(" ").str[1], format="%d/%m/%Y", errors="coerce")
    rows = rows.assign(event_date=dated.astype("datetime64[us]"))
    live = rows["event_date"].isna() | (
        (rows["event_date"] >= _since(view, policy.threat_to_life.days))
        & (rows["event_date"] <= pd.Timestamp(view.as_of))
    )
    return "threat_to_life", rows[live]


def _nrm(view: View, policy: "Vulnerability") -> tuple[str, pd.DataFrame]:
    child = view["child_records"]
    stated = child[child["nrm"].isin(list(policy.nrm.states)) & ~(child["nrm_on"] > pd.Timestamp(view.as_of))]
    stated = stated.rename(columns={"source_ref": "ref", "nrm_on": "event_date"})[["person_id", "ref", "event_date"]]
    marked = _markers(view)
    marked = marked[marked["marker"].eq(policy.nrm.marker or "")][["person_id", "ref"]].assign(event_date=pd.NaT)
    return "nrm", pd.concat([stated, marked.astype({"event_date": "datetime64[us]"})], ignore_index=True)


def _referrals(view: View, policy: "Vulnerability") -> tuple[str, pd.DataFrame]:
    child = view["child_records"]
    accepted = child["has_mace"].eq("Y") | child["ric_level"].isin(list(policy.referral.ric_levels))
    rows = child[accepted].rename(columns={"source_ref": "ref"})[["person_id", "ref"]]
    return "referral", rows.assign(event_date=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]"))


def _cuckooed(view: View, policy: "Vulnerability") -> tuple[str, pd.DataFrame]:
    homes = view["line_cuckooed"]
    today = pd.Timestamp(view.as_of)
    recent = ~(homes["to_on"] < _since(view, policy.cuckooed.days)) & ~(homes["from_on"] > today)
    return "cuckooed", homes[recent].rename(columns={"link_ref": "ref", "from_on": "event_date"})


def _coercion(view: View, policy: "Vulnerability") -> tuple[str, pd.DataFrame]:
    reports = view["intel_reports"]
    event_date = reports["event_on"].fillna(reports["submitted_on"]).clip(upper=pd.Timestamp(view.as_of))
    counted = (
        reports["status"].eq("LIVE")
        & reports["theme"].isin(list(policy.coercion.themes))
        & (event_date >= _since(view, policy.coercion.days))
    )
    rows = reports.assign(event_date=event_date, share=reports["grade"].map(policy.grades).fillna(0.0))[counted]
    first = view["intel_subjects"][view["intel_subjects"]["position"].eq(1)][["report_ref", "person_id"]]
    return "coercion", first.merge(rows[["report_ref", "event_date", "share"]], on="report_ref").rename(
        columns={"report_ref": "ref"}
    )


def _pair_alike(view: View) -> pd.DataFrame:
    """Pair every person with whoever may be the same person."""
    matches = view.possible_matches[["match_id", "person_id"]].drop_duplicates()
    pairs = matches.merge(matches.rename(columns={"person_id": "alike"}), on="match_id")
    pairs = pairs[pairs["person_id"] != pairs["alike"]][["person_id", "alike"]]
    return pairs.drop_duplicates(ignore_index=True)


def _missing(view: View, policy: "Vulnerability", alike: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """List the episode by which a child has been missing often enough; each episode is a reference of its own."""
    rules, today = policy.missing, pd.Timestamp(view.as_of)
    episodes = view["missing_episodes"][["missing_ref", "person_id", "reported_at"]].dropna(subset=["person_id"])
    day = episodes["reported_at"].dt.normalize()
    episodes = episodes[(day >= _since(view, rules.days)) & (day <= today)]
    others = episodes.merge(alike, on="person_id")
    others = others.assign(person_id=others["alike"], is_possible_match=True)
    episodes = pd.concat([episodes.assign(is_possible_match=False), others], ignore_index=True)
    episodes = episodes.drop_duplicates(["person_id", "missing_ref"])

    people = view.people.drop_duplicates("person_id").reset_index(drop=True)
    young = age_years(youngest_birth(people), view.as_of).lt(rules.under_years or 18).fillna(False).astype(bool)
    episodes = episodes[episodes["person_id"].isin(people.loc[young, "person_id"])]
    n_episodes = episodes.groupby("person_id")["missing_ref"].transform("size")
    often = episodes[n_episodes >= (rules.episodes or 1)].sort_values(["person_id", "reported_at", "missing_ref"])
    newest = often.drop_duplicates("person_id", keep="last")
    return "missing", newest.assign(ref=newest["missing_ref"], event_date=newest["reported_at"].dt.normalize())
