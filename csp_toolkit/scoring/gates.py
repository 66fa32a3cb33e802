"""Who may be scored at all, and who is left out, and why.

Gates come before points: whom a gate leaves out has no score, not a score of nought, so nobody can be sorted by it.
The first gate that fails, in the order the matrix gives, is the reason; others that fail stand in its text.

=====  ==========================================================================================================
g10    not deceased, not merged into another record
g4     (removed) not taken off the register on review
g1     a reference of their own and a date of birth, or a record that it is not known
g2     recorded, with a date, as suspect or convicted; not only as victim or witness
g5     10 to 13 never; 14 to 17 with a named authoriser and a safeguarding reference
g7     no sign of exploitation, or a recorded decision of the chair
g3     inclusion shown by what the register cites (`inclusion`)
g4     an owner, a review not passed, the last one recent enough
g6     something that scores within two years (after points)
g8     agreement and assessments in force (`tables.governance`; stops the whole run)
g9     nothing above OFFICIAL-SENSITIVE (refused when a delivery is checked)
=====  ==========================================================================================================
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from csp_toolkit.scoring.evidence.inclusion import check_inclusion, read_cited
from csp_toolkit.scoring.evidence.readings import Readings, read_records
from csp_toolkit.scoring.evidence.references import part_cells
from csp_toolkit.scoring.evidence.register import REMOVED
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import GateStep
from csp_toolkit.tables.keys import is_among
from csp_toolkit.tables.person_links import BY_MODEL
from csp_toolkit.tables.view import View

LEFT_OUT_COLUMNS = ("person_id", "gate", "reason")
FLAG_COLUMNS = ("person_id", "flag", "ref", "text")


@dataclass(frozen=True, eq=False)
class Gated:
    """The pool parted in two, before any point is counted.

    Attributes
    ----------
    eligible : the register's row of everyone who passed, and `is_child`.
    left_out : everyone else (`LEFT_OUT_COLUMNS`).
    flags : what an owner or the chair should know (`FLAG_COLUMNS`); a flag changes no score.
    cited : what the register cites for each person, and whether it can be relied on (`inclusion.CITED_COLUMNS`).
    """

    eligible: pd.DataFrame
    left_out: pd.DataFrame
    flags: pd.DataFrame
    cited: pd.DataFrame


def apply_gates(view: View, matrix: Matrix, readings: Readings | None = None) -> Gated:
    """Apply every gate that needs no points to everybody on the register; `readings` are read if they are not given."""
    read = readings or read_records(view, matrix)
    register, outcomes, reports = read.register, read.outcomes, read.reports
    cited = read_cited(view, register, outcomes, reports, matrix)
    checks: dict[GateStep, Callable[[], pd.Series]] = {
        "g10": lambda: _check_alive(view, register),
        "g4_removed": lambda: _check_removed(register),
        "g1": lambda: _check_identity(view, register),
        "g2": lambda: _check_category(register, matrix),
        "g5": lambda: _check_age(register, matrix),
        "g7": lambda: _check_exploitation(view, register, matrix),
        "g3": lambda: check_inclusion(register, cited, matrix),
        "g4": lambda: _check_review(view, register, matrix),
    }
    steps = [step for step in matrix.gates.order if step in checks]
    found = pd.DataFrame({step: checks[step]().to_numpy() for step in steps}, index=register["person_id"])
    # Removed people are not reviewed again, so their review is not overdue as well.
    found["g4"] = found["g4"].mask(found["g4_removed"].notna())
    failed = found.stack().dropna()
    left_out = pd.DataFrame(
        [(person_id, *_word(reasons.droplevel(0))) for person_id, reasons in failed.groupby(level=0)],
        columns=list(LEFT_OUT_COLUMNS), dtype="str",
    )  # fmt: skip
    eligible = register[~register["person_id"].isin(left_out["person_id"])].reset_index(drop=True)
    eligible["is_child"] = eligible["age_years"].lt(matrix.gates.adult_from_years).fillna(True).astype(bool)
    return Gated(eligible, left_out, _collect_flags(view, register, cited, outcomes, reports), cited)


def _word(reasons: pd.Series) -> tuple[str, str]:
    gates = [str(step).removesuffix("_removed") for step in reasons.index]
    others = "; ".join(f"{gate}: {text}" for gate, text in zip(gates[1:], reasons.iloc[1:], strict=True))
    return gates[0], reasons.iloc[0] + (f" (also {others})" if others else "")


def _nobody(register: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.NA, index=register.index, dtype="str")


def _check_alive(view: View, register: pd.DataFrame) -> pd.Series:
    records = view["person_records"]
    dead = records["is_deceased"].eq("Y") & ~(records["deceased_on"] > pd.Timestamp(view.as_of))
    why = _nobody(register).mask(register["is_merged"], "merged into another record; name the surviving one")
    return why.mask(register["person_id"].isin(records.loc[dead, "person_id"]), "recorded as deceased")


def _check_removed(register: pd.DataFrame) -> pd.Series:
    on = register["removed_on"].dt.strftime("%-d %B %Y").fillna("a day not recorded")
    return _nobody(register).mask(register["status"].eq(REMOVED), "removed on review on " + on)


def _check_identity(view: View, register: pd.DataFrame) -> pd.Series:
    records = view["person_records"]
    stated = records[records["dob"].notna() | records["dob_precision"].notna()]
    known = is_among(part_cells(register["person_refs"]), records["source_ref"]).groupby(level=0).any()
    why = _nobody(register)
    why = why.mask(~is_among(register["person_id"], stated["person_id"]) & register["born_on"].isna(),
                   "date of birth neither known nor recorded as not known")  # fmt: skip
    return why.mask(~known, "the reference stands in no record of a person")


def _check_category(register: pd.DataFrame, matrix: Matrix) -> pd.Series:
    held = part_cells(register["categories"].str.upper())
    fits = register.index.isin(held.index[held.isin(list(matrix.gates.fitting_categories))])
    why = _nobody(register).mask(register["included_on"].isna(), "the category has no date")
    return why.mask(~fits, "recorded only as victim or witness, or without a category")


def _check_age(register: pd.DataFrame, matrix: Matrix) -> pd.Series:
    age, rules = register["age_years"], matrix.gates
    is_minor = age.lt(rules.adult_from_years).fillna(True)
    lacks = register["authoriser"].isna() | register["safeguarding_ref"].isna()
    why = _nobody(register).mask(is_minor & lacks, "under 18 without a named authoriser and a safeguarding reference")
    why = why.mask(age.isna() & lacks, "age not known, so perhaps a child; no authoriser or safeguarding reference")
    why = why.mask(age.lt(rules.ranked_alone_from_years).fillna(False), "under 14: safeguarding only, never scored")
    return why.mask(age.lt(rules.scored_from_years).fillna(False), "under 10: this record must not be held")


def _check_exploitation(view: View, register: pd.DataFrame, matrix: Matrix) -> pd.Series:
    """Gates see the records that may be the same person as well as the person's own."""
    today, rules = pd.Timestamp(view.as_of), matrix.gates
    child, cases = view["child_records"], view["cases"]
    open_nrm = child["nrm"].isin(list(rules.open_nrm)) & ~(child["nrm_on"] > today)
    in_case = cases["nrm"].isin(list(rules.open_nrm))
    markers = part_cells(view["person_records"].reset_index(drop=True)["markers"])
    marked = view["person_records"]["person_id"].iloc[markers.index[markers.eq(rules.nrm_marker)].unique()]
    exploited = frozenset([*child.loc[open_nrm, "person_id"], *cases.loc[in_case, "person_id"], *marked])

    own = register["person_id"].isin(exploited)
    alike = register["person_id"].isin(_alike(view, exploited))
    why = _nobody(register).mask(alike, "a record that may be the same person shows a sign of exploitation (NRM)")
    why = why.mask(own, "sign of exploitation (NRM), for the chair to decide")

    made = view.decisions[view.decisions["kind"].eq("exploitation")]
    made = made[made["role"].str.contains("chair", case=False, na=False) & ~(made["valid_until"] < today)]
    made = made.sort_values(["decided_on", "decision_id"], kind="stable").drop_duplicates("person_id", keep="last")
    opened = register["person_id"].isin(made.loc[made["outcome"].eq("SCORE"), "person_id"])
    closed = register["person_id"].isin(made.loc[made["outcome"].eq("DO_NOT_SCORE"), "person_id"])
    return why.mask(opened).mask(closed, "the chair decided not to score (exploitation)")


def _alike(view: View, people: frozenset[str]) -> frozenset[str]:
    matches = view.possible_matches
    held = matches.loc[matches["person_id"].isin(people), "match_id"]
    return frozenset(matches.loc[matches["match_id"].isin(held), "person_id"]) - people


def _check_review(view: View, register: pd.DataFrame, matrix: Matrix) -> pd.Series:
    today, rules = pd.Timestamp(view.as_of), matrix.gates
    is_minor = register["age_years"].lt(rules.adult_from_years).fillna(True)
    limit = is_minor.map({True: rules.review_days_child, False: rules.review_days})
    since = (today - register["last_review_on"]).dt.days
    why = _nobody(register)
    why = why.mask(since > limit, "last review " + since.astype("Int64").astype("str") + " days ago, "
                   + limit.astype("str") + " allowed")  # fmt: skip
    why = why.mask(since.isna(), "no review recorded")
    passed_on = register["next_review_on"].dt.strftime("%-d %B %Y")
    why = why.mask(register["next_review_on"] < today, "review was due on " + passed_on)
    why = why.mask(register["next_review_on"].isna(), "no next review set")
    return why.mask(register["review_owner"].isna() | register["review_owner"].eq(""), "no owner")


def _list_joined_twice(view: View) -> pd.DataFrame:
    """Return person_id and refs of each pair of one agency's records that only the linking model made one person."""
    pair = ["system_a", "ref_a", "ref_b"]
    own = view["person_records"]["source_ref"]
    links = view.person_links[view.person_links["system_a"].eq(view.person_links["system_b"])]
    links = links[is_among(links["ref_a"], own) & is_among(links["ref_b"], own)]
    alone = links[links.groupby(pair)["why"].transform("nunique").eq(1) & links["why"].eq(BY_MODEL)]
    keys = view.person_keys.rename(columns={"source_system": "system_a", "source_ref": "ref_a"})
    alone = alone.merge(keys, on=["system_a", "ref_a"])
    return alone.assign(refs=alone["ref_a"] + "; " + alone["ref_b"])[["person_id", "refs"]]


def _collect_flags(view: View, register: pd.DataFrame, cited: pd.DataFrame, outcomes: pd.DataFrame,
                   reports: pd.DataFrame) -> pd.DataFrame:  # fmt: skip
    """Flag what was read otherwise than sent, and who may stand under two records."""
    pool = frozenset(register["person_id"])
    subjects = view["intel_subjects"].dropna(subset=["person_id"])
    lower = subjects[subjects["position"].eq(1)].merge(reports[reports["is_read_lower"]], on="report_ref")
    stale = outcomes[outcomes["is_stale"]]
    matches = view.possible_matches.drop_duplicates(["person_id", "match_id"])
    unknown = cited[cited["kind"].eq("unknown")]
    twice = _list_joined_twice(view)
    parts = (
        ("grade read lower", lower["person_id"], lower["report_ref"],
         "graded as corroborated, but no corroborating report is known; read as C"),
        ("outcome not refreshed", stale["person_id"], stale["crime_ref"], "nothing decided for more than 90 days"),
        ("possible match", matches["person_id"], matches["match_id"], "another record may be the same person"),
        ("two records of one register", twice["person_id"], twice["refs"],
         "joined by the linking model alone: judge the pair, for points and gates rest on both"),
        ("cited item not found", unknown["person_id"], unknown["ref"],
         "cited on the register, but not known as evidence about this person"),
    )  # fmt: skip
    frames = [
        pd.DataFrame({"person_id": who.to_numpy(), "flag": flag, "ref": refs.to_numpy(), "text": text})
        for flag, who, refs, text in parts
    ]
    flags = pd.concat(frames, ignore_index=True)[list(FLAG_COLUMNS)].astype("str")
    return flags[flags["person_id"].isin(pool)].sort_values(list(FLAG_COLUMNS), ignore_index=True)
