"""What floors ask of a person beside answers: age, threats to life, grounds found, disability, MAPPA, on a day."""

import pandas as pd

from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.ages import youngest_birth
from csp_toolkit.tables.view import View

FACT_COLUMNS = ("nrm_positive", "threat_to_life", "learning_disability", "mappa_2_3")


def gather_facts(view: View, assessments: pd.DataFrame, toolkit: Toolkit) -> pd.DataFrame:
    """Return `born_on`, `age_years` and the facts (`FACT_COLUMNS`) of each assessment, on its day.

    What is recorded with a date holds from then on. What is recorded without one, such as a case's referral decision,
    says how things stand now, and so holds for the newest assessment of the person alone; a disability holds always.
    """
    born = youngest_birth(view.people).set_axis(view.people["person_id"])
    born_on = assessments["person_id"].map(born[~born.index.duplicated()]).astype("datetime64[us]")
    day = assessments["assessed_on"]
    newest = day.eq(day.groupby(assessments["person_id"]).transform("max"))
    facts = {
        "nrm_positive": _nrm(view, assessments, newest, toolkit),
        "threat_to_life": _threat(view, assessments, toolkit),
        "learning_disability": _disability(view, assessments, toolkit),
        "mappa_2_3": _mappa(view, toolkit, assessments) & newest,
    }
    return pd.DataFrame({"born_on": born_on, "age_years": age_years_on(born_on, day), **facts}, index=assessments.index)


def age_years_on(born: pd.Series, day: pd.Series) -> pd.Series:
    """Return whole years of age, each on its own day; a birthday of 29 February falls on 1 March in other years."""
    early = (born.dt.month > day.dt.month) | (born.dt.month.eq(day.dt.month) & (born.dt.day > day.dt.day))
    return (day.dt.year - born.dt.year - early.astype("int64")).astype("Int64").where(born.notna())


def _nrm(view: View, assessments: pd.DataFrame, newest: pd.Series, toolkit: Toolkit) -> pd.Series:
    positive = list(toolkit.facts.nrm_statuses)
    children, cases = view["child_records"], view["cases"]
    found = children[children["nrm"].isin(positive)]
    dated = found[found["nrm_on"].notna()].groupby("person_id")["nrm_on"].min()
    by_then = assessments["person_id"].map(dated).le(assessments["assessed_on"])
    undated = {*cases.loc[cases["nrm"].isin(positive), "person_id"],
               *found.loc[found["nrm_on"].isna(), "person_id"]}  # fmt: skip
    return by_then | (newest & assessments["person_id"].isin(list(undated)))


def _threat(view: View, assessments: pd.DataFrame, toolkit: Toolkit) -> pd.Series:
    rule = toolkit.facts
    marked = view.people[["person_id", "markers"]].dropna()
    days = marked["markers"].str.extractall(rf"\b{rule.threat_marker}\s+(\d{{2}}/\d{{2}}/\d{{4}})")[0]
    notices = marked.drop(columns="markers").join(days.droplevel("match").rename("day"), how="inner")
    notices["day"] = pd.to_datetime(notices["day"], format="%d/%m/%Y").astype("datetime64[us]")
    both = assessments[["person_id", "assessed_on"]].reset_index(names="at").merge(notices, on="person_id")
    age = (both["assessed_on"] - both["day"]).dt.days
    return pd.Series(assessments.index.isin(both.loc[age.between(0, rule.threat_days), "at"]), assessments.index)


def _disability(view: View, assessments: pd.DataFrame, toolkit: Toolkit) -> pd.Series:
    rule = toolkit.facts
    people: set[str] = set()
    for table, column, codes in (
        ("child_records", "factors", rule.child_factors), ("tenancies", "vulnerability", rule.tenancy_codes),
    ):  # fmt: skip
        rows = view[table]
        held = rows[column].fillna("").str.split(r"\s*;\s*", regex=True).explode()
        people |= set(rows.loc[held.index[held.isin(list(codes))], "person_id"].dropna())
    return assessments["person_id"].isin(list(people))


def _mappa(view: View, toolkit: Toolkit, assessments: pd.DataFrame) -> pd.Series:
    rows = view["probation_cases"]
    managed = rows["mappa"].fillna("").map(lambda words: any(level in words for level in toolkit.facts.mappa_levels))
    return assessments["person_id"].isin(list(rows.loc[managed.astype("bool"), "person_id"].dropna()))
