"""What floors ask of a person beside answers: age, threats to life, grounds found, disability, MAPPA, on a day."""

import pandas as pd

from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.tables.ages import youngest_birth
from csp_toolkit.tables.view import View

FACT_COLUMNS = ("nrm_positive", "threat_to_life", "learning_disability", "mappa_2_3")


def gather_facts(view: View, assessments: pd.DataFrame, toolkit: Toolkit) -> pd.DataFrame:
    """Return births, ages and the facts (`FACT_COLUMNS`) of each assessment, on its day.

    The birth is that of the case's own record. Where any record taken for the person says that they are a child, or
    nothing says how old they are, they may be one; where another says that they are not, their age is doubted.

    What is recorded with a date holds from then on. What is recorded without one, such as a case's referral decision,
    says how things stand now, and so holds for the newest assessment of the person alone; a disability holds always.
    """
    day = assessments["assessed_on"]
    born_on, oldest, youngest = _births(view, assessments)
    may_be_child, surely_child = (
        age_years_on(born, day).lt(toolkit.adult_from_years).fillna(True) for born in (youngest, oldest)
    )
    newest = day.eq(day.groupby(assessments["person_id"]).transform("max"))
    facts = {
        "nrm_positive": _nrm(view, assessments, newest, toolkit),
        "threat_to_life": _threat(view, assessments, toolkit),
        "learning_disability": _disability(view, assessments, toolkit),
        "mappa_2_3": _mappa(view, toolkit, assessments) & newest,
    }
    ages = {"born_on": born_on, "age_years": age_years_on(born_on, day), "may_be_child": may_be_child,
            "is_age_doubted": may_be_child & ~surely_child}  # fmt: skip
    return pd.DataFrame(ages | facts, index=assessments.index)


def age_years_on(born: pd.Series, day: pd.Series) -> pd.Series:
    """Return whole years of age, each on its own day; a birthday of 29 February falls on 1 March in other years."""
    early = (born.dt.month > day.dt.month) | (born.dt.month.eq(day.dt.month) & (born.dt.day > day.dt.day))
    return (day.dt.year - born.dt.year - early.astype("int64")).astype("Int64").where(born.notna())


def _births(view: View, assessments: pd.DataFrame) -> tuple[pd.Series, ...]:
    """Return each person's birth by the case's own record, and the first and last by any record of theirs."""
    records = view["person_records"][["person_id", "source_ref", "dob", "dob_precision"]]
    records = records[records["person_id"].isin(assessments["person_id"].dropna().unique())]
    records = pd.concat([records, view.people[["person_id", "dob", "dob_precision"]]], ignore_index=True)
    records = records.assign(born=youngest_birth(records)).dropna(subset=["born"])
    first, last = records.groupby("person_id")["born"].min(), records.groupby("person_id")["born"].max()
    own = records.dropna(subset=["source_ref"]).drop_duplicates("source_ref").set_index("source_ref")["born"]
    known = records[records["source_ref"].isna()].drop_duplicates("person_id").set_index("person_id")["born"]
    people = assessments["person_id"]
    case, otherwise, *others = (
        _look_up(of, keys)
        for of, keys in ((own, assessments["case_ref"]), (known, people), (first, people), (last, people))
    )
    return case.fillna(otherwise), *others


def _look_up(days: pd.Series, keys: pd.Series) -> pd.Series:
    """Return the day of each key; missing where there is none: to map by an empty series would lose the type."""
    return pd.Series(days.reindex(keys).to_numpy("datetime64[us]"), index=keys.index)


def _nrm(view: View, assessments: pd.DataFrame, newest: pd.Series, toolkit: Toolkit) -> pd.Series:
    positive = list(toolkit.facts.nrm_statuses)
    children, cases = view["child_records"], view["cases"]
    found = children[children["nrm"].isin(positive)]
    dated = found[found["nrm_on"].notna()].groupby("person_id")["nrm_on"].min()
    by_then = _look_up(dated, assessments["person_id"]).le(assessments["assessed_on"])
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
