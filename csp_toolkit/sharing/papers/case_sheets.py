"""One case as its page needs it: who, why listed, both bands with their history, fourteen areas, what changed."""

import pandas as pd

from csp_toolkit.cases.caseload import Caseload
from csp_toolkit.cases.decided import list_decided
from csp_toolkit.cases.transitions import STATE_WORDS
from csp_toolkit.display.values import show_date
from csp_toolkit.risk.assessments import Assessments, say_status
from csp_toolkit.risk.overriding.overrides import IN_FORCE, Overrides
from csp_toolkit.sharing.papers.people import name_people
from csp_toolkit.sharing.papers.status import AT_LIBERTY, describe_status
from csp_toolkit.tables.deciding.case_rules import CASE
from csp_toolkit.tables.view import View

N_BEFORE = 2
BAND_WORDS = {"LOW": "Low", "MEDIUM": "Medium", "HIGH": "High", "VERY_HIGH": "Very high",
              "INSUFFICIENT": "Not yet assessable"}  # fmt: skip
ROUTE_WORDS = {
    "SUPPORT_LED": "support-led", "SUPPORT_LED_WITH_DISRUPTION": "support-led, with disruption of those who exploit",
    "DUAL": "support and enforcement", "ENFORCEMENT_LED": "enforcement-led",
}  # fmt: skip
LEGAL_WORDS = {"CIN": "child in need", "CPP": "child protection plan", "CLA": "looked-after child"}
NRM_WORDS = {"REFERRED": "referred as trafficked", "RG_POSITIVE": "reasonable grounds of trafficking",
             "RG_NEGATIVE": "no reasonable grounds of trafficking", "CG_POSITIVE": "conclusive grounds of trafficking",
             "CG_NEGATIVE": "no conclusive grounds of trafficking"}  # fmt: skip
HEAD_COLUMNS = (
    "case_ref", "person_id", "name", "is_child", "age_years", "status_text", "tier", "route_text", "lead",
    "lead_agency", "legal_text", "days_open", "n_discussions", "listed_as", "why", "minutes", "answers_text", "voice",
    "protective_text", "step_down_text", "assessed_on", "next_review_on",
)  # fmt: skip


def describe_cases(caseload: Caseload, view: View, assessments: Assessments) -> pd.DataFrame:
    """Describe every open case, listed or not (`HEAD_COLUMNS`); what nobody recorded is missing."""
    table = caseload.table
    people = view.people.drop_duplicates("person_id").set_index("person_id")
    names = name_people(people)
    newest = assessments.table[assessments.table["is_newest"]].set_index("case_ref")
    said = {ref: say_status(row) for ref, row in newest.to_dict("index").items()}
    voice = _newest_voice(view)
    heads = pd.DataFrame({
        "case_ref": table["case_ref"], "person_id": table["person_id"],
        "name": table["person_id"].map(names).fillna("name not recorded"), "is_child": table["is_child"].fillna("Y"),
        "age_years": table["age_years"], "status_text": table["status"].map(STATE_WORDS), "tier": table["tier"],
        "route_text": table["route"].map(ROUTE_WORDS), "lead": table["lead_professional"],
        "lead_agency": table["lead_agency"], "legal_text": _legal(caseload, view), "days_open": table["days_open"],
        "n_discussions": table["n_discussions"], "listed_as": table["listed_as"], "why": table["why"],
        "minutes": table["minutes"], "answers_text": table["case_ref"].map(said), "voice": table["case_ref"].map(voice),
        "protective_text": [_protective(ref, newest, assessments) for ref in table["case_ref"]],
        "step_down_text": ["; ".join(caseload.say_step_down(ref)) for ref in table["case_ref"]],
        "assessed_on": newest["assessed_on"].reindex(table["case_ref"]).to_numpy(),
        "next_review_on": table["review_due_on"],
    })  # fmt: skip
    texts = {c: "str" for c in HEAD_COLUMNS if heads[c].dtype == object or pd.api.types.is_string_dtype(heads[c].dtype)}
    return heads[list(HEAD_COLUMNS)].astype(texts)


def _newest_voice(view: View) -> dict[str, str]:
    made = list_decided(view.decisions, CASE).dropna(subset=["voice"])
    return dict(zip(made["case_ref"], made["voice"], strict=True))


def _legal(caseload: Caseload, view: View) -> list[str]:
    """Say a person's legal status, grounds decision, custody and orders, as far as recorded."""
    records = view["child_records"].drop_duplicates("person_id", keep="last").set_index("person_id")
    states = describe_status(view).set_index("person_id")["status_text"]
    cases = view["cases"].drop_duplicates("case_ref", keep="last").set_index("case_ref")["nrm"]
    said = []
    for ref, person in zip(caseload.table["case_ref"], caseload.table["person_id"], strict=True):
        own = records.loc[person] if person in records.index else None
        nrm = cases.get(ref) if own is None or own["nrm"] not in NRM_WORDS else own["nrm"]
        parts = [LEGAL_WORDS.get(own["legal_status"]) if own is not None else None, NRM_WORDS.get(nrm)]
        state = states.get(person)
        parts.append(state if isinstance(state, str) and state != AT_LIBERTY else None)
        said.append("; ".join(part for part in parts if part) or "none recorded")
    return said


def _protective(ref: str, newest: pd.DataFrame, assessments: Assessments) -> str:
    factors = assessments.toolkit.protective
    if ref not in newest.index:
        return "not assessed"
    own = assessments.protective
    own = own[own["assessment_ref"].eq(newest.loc[ref, "assessment_ref"]) & own["id"].isin([f.id for f in factors])]
    if own.empty:
        return f"not known, for nobody has answered any of the {len(factors)}"
    n = own["answer"].value_counts()
    present = own.loc[own["answer"] == "present", "id"].tolist()
    names = {factor.id: factor.text for factor in factors}
    here = "; ".join(names[i].rstrip(".") for i in present)
    counts = [f"{int(n.get(word, 0))} {word}" for word in ("partial", "absent", "unknown") if n.get(word, 0)]
    return (
        f"{len(present)} of {len(factors)} present" + (f" ({here})" if here else "") + "".join(f", {c}" for c in counts)
    )


def list_bands(cases: pd.DataFrame, assessments: Assessments, *, overrides: Overrides | None = None) -> pd.DataFrame:
    """List both bands of each case's newest assessment with its range, and the two before it.

    Returns
    -------
    case_ref, person_id, axis, name, band, in_100 (the score), low, high, could_be, floors; in_100_1 and band_1 of the
        assessment before, in_100_2 and band_2 of the one before that. Two axes, never added, and no place among others;
        judged, the band that professional judgement set instead, by which role and until when.
    """
    tests = {ref: rows.sort_values("assessment_no") for ref, rows in assessments.table.groupby("case_ref")}
    rows = []
    for ref, person in zip(cases["case_ref"], cases["person_id"], strict=True):
        own = tests[ref].tail(N_BEFORE + 1).to_dict("records")[::-1] if ref in tests else []
        for axis in assessments.toolkit.axes:
            rows.append(_band(ref, person, axis.id, axis.name, own))
    columns = ["case_ref", "person_id", "axis", "name", "band", "in_100", "low", "high", "could_be", "floors",
               "in_100_1", "band_1", "in_100_2", "band_2"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    judged = _judged(overrides, assessments)
    said = [judged.get((ref, axis)) for ref, axis in zip(table["case_ref"], table["axis"], strict=True)]
    table = table.assign(judged=pd.Series(said, index=table.index, dtype="str"))
    numbers = dict.fromkeys(("in_100", "low", "high", "in_100_1", "in_100_2"), "Int64")
    return table.astype({**{c: "str" for c in columns if c not in numbers}, **numbers})


def _judged(overrides: Overrides | None, assessments: Assessments) -> dict[tuple[str, str], str]:
    """Say which bands judgement set, of the newest assessments: the computed band stands beside it and is not lost."""
    if overrides is None or overrides.table.empty:
        return {}
    newest = set(assessments.table.loc[assessments.table["is_newest"], "assessment_ref"])
    own = overrides.table[overrides.table["state"].eq(IN_FORCE) & overrides.table["assessment_ref"].isin(newest)]
    return {
        (row["case_ref"], row["axis"]): f"Set to {BAND_WORDS[row['final_band']]} by judgement ({row['role']}), until "
        f"{show_date(row['valid_until'])}"
        for row in own.to_dict("records")
    }


def _band(ref: str, person: str, axis: str, name: str, own: list[dict]) -> tuple[object, ...]:  # type: ignore[type-arg]
    if not own:
        return (ref, person, axis, name, "Not assessed", *[None] * 9)
    a, now = axis.lower(), own[0]
    low, high = now[f"{a}_band_low"], now[f"{a}_band_high"]
    so_far = now[f"{a}_band"]
    other = [BAND_WORDS[b] for b in dict.fromkeys((low, high)) if b not in (so_far, "INSUFFICIENT")]
    before = [(one[f"{a}_score"], BAND_WORDS[one[f"{a}_band"]]) for one in own[1:]] + [(None, None)] * N_BEFORE
    (score_1, band_1), (score_2, band_2) = before[:N_BEFORE]
    return (ref, person, axis, name, BAND_WORDS[so_far], now[f"{a}_score"], now[f"{a}_low"], now[f"{a}_high"],
            " or ".join(other) or None, now["floors"] or None, score_1, band_1, score_2, band_2)  # fmt: skip


def list_strips(cases: pd.DataFrame, assessments: Assessments) -> pd.DataFrame:
    """List every domain's level now and at the assessment before: a number, ``?`` where unknown, ``n/a``.

    Returns
    -------
    case_ref, person_id, axis, domain, name, now, last; `last` missing where there was no assessment before.
    """
    refs = assessments.table.sort_values(["case_ref", "assessment_no"])
    place = refs.groupby("case_ref").cumcount(ascending=False)
    levels = assessments.levels
    shown = (
        levels["level"]
        .astype("str")
        .where(levels["state"].eq("level"), "?")
        .mask(levels["state"].eq("not applicable"), "n/a")
    )
    levels = levels.assign(shown=shown).set_index("assessment_ref")
    own = cases[["case_ref", "person_id"]]
    now = refs.loc[place == 0, ["assessment_ref", "case_ref"]].merge(own, on="case_ref")
    last = refs.loc[place == 1, ["assessment_ref", "case_ref"]]
    table = now.join(levels[["axis", "domain", "name", "shown"]], on="assessment_ref").rename(columns={"shown": "now"})
    before = last.join(levels[["domain", "shown"]], on="assessment_ref").rename(columns={"shown": "last"})
    table = table.merge(before[["case_ref", "domain", "last"]], on=["case_ref", "domain"], how="left")
    columns = ["case_ref", "person_id", "axis", "domain", "name", "now", "last"]
    return table[columns].astype("str").reset_index(drop=True)


def list_changes(timelines: pd.DataFrame, before: pd.DataFrame | None, *, since: pd.Timestamp | None) -> pd.DataFrame:
    """List what the meeting before could not know: rows of a timeline that were not in the one it had, newest first.

    Without a meeting before nothing is called new.
    """
    if before is None or since is None:
        return timelines.iloc[:0]
    key = ["case_ref", "lane", "source", "source_ref"]
    seen = pd.MultiIndex.from_frame(before[key])
    new = timelines[~pd.MultiIndex.from_frame(timelines[key]).isin(seen)]
    return new.sort_values(
        ["case_ref", "on", "lane", "source_ref"], ascending=[True, False, True, True], ignore_index=True
    )
