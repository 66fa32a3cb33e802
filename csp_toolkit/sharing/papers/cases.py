"""The papers of the fortnightly case meeting: a summary, and everything each listed case's page draws on."""

from dataclasses import dataclass

import pandas as pd

from csp_toolkit.cases.actions import OPEN_STATES, Outstanding, list_outstanding
from csp_toolkit.cases.case_options import find_circumstances, offer_for_cases
from csp_toolkit.cases.caseload import Caseload
from csp_toolkit.cases.gaps import Gaps
from csp_toolkit.cases.plans import Menu
from csp_toolkit.cases.timelines import explain_lanes, list_timelines
from csp_toolkit.networks.ties import Ties
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.contradicting.contradictions import Contradictions
from csp_toolkit.risk.overriding.overrides import Overrides
from csp_toolkit.sharing.papers import case_words as words
from csp_toolkit.sharing.papers.case_network import draw_egos
from csp_toolkit.sharing.papers.case_sheets import describe_cases, list_bands, list_changes, list_strips
from csp_toolkit.sharing.papers.ground import Occasion, Papers, lay_ground, number_sentences
from csp_toolkit.tables.quality.report import Quality
from csp_toolkit.tables.view import View

KIND, STATE = "fortnightly case pack", "For discussion: nothing in this pack is decided"


@dataclass(frozen=True, eq=False)
class CaseWork:
    """What was worked out before the papers are prepared: the caseload, plans, their gaps, and the assessments."""

    caseload: Caseload
    plans: pd.DataFrame
    gaps: Gaps
    assessments: Assessments
    menu: Menu
    contradictions: Contradictions | None = None
    overrides: Overrides | None = None


def prepare_case_papers(
    occasion: Occasion, view: View, work: CaseWork, ties: Ties, quality: Quality, *, last_view: View | None = None
) -> Papers:
    """Prepare the papers of the Gangs Case Management Meeting.

    Parameters
    ----------
    view : the casebook as at the meeting; last_view : as at the one before, as known then.
    ties : who is tied to whom; the page of a case draws one step of it.

    Raises
    ------
    CheckFailed : the rows of the files do not add up, or a sentence uses words no page may.
    """
    caseload = work.caseload
    ground = lay_ground(occasion, view, quality, method=words.METHOD, limits=words.LIMITS)
    heads = describe_cases(caseload, view, work.assessments)
    heads = heads.assign(has_page=caseload.table["has_page"].map({True: "Y", False: "N"}).astype("str"))
    listed = heads[heads["listed_as"].notna()].set_index("case_ref").loc[caseload.listed["case_ref"]].reset_index()
    paged = caseload.table[caseload.table["has_page"]]
    late = list_outstanding(caseload.actions, as_of=view.as_of)
    late = Outstanding(
        late.table.assign(case_ref=late.table["action_ref"].map(_case_of(caseload))), late.by_agency, late.as_of
    )
    pages = _pages(paged, heads, view, work, ties, last_view)
    due = caseload.due.drop(columns="person_id")
    is_review = due["clock"].eq("REVIEW")
    tables = {
        **ground.tables,
        "agenda": listed.assign(n=range(1, len(listed) + 1)),
        "heads": heads[heads["has_page"] == "Y"].reset_index(drop=True),
        "movement": _named(caseload.movement[caseload.movement["movement"] != "NO_CHANGE"], caseload, view),
        "actions": _named(late.table.drop(columns="person_id"), caseload, view),
        "actions_by_agency": late.by_agency,
        "coming": _named(due[~is_review], caseload, view),
        "reviews": _named(due[is_review & due["is_late"]], caseload, view),
        "requests": _requests(work.assessments, caseload, view),
        "gaps": _named(work.gaps.table.drop(columns="person_id"), caseload, view),
        "sowhat": number_sentences(words.write_summary(caseload, work.gaps, late, heads)),
        "asked": number_sentences(words.write_asked(caseload, work.gaps, late)),
        **pages,
    }  # fmt: skip
    moved = caseload.movement["movement"].value_counts()
    facts: dict[str, object] = {
        **ground.facts, "kind": KIND, "state": STATE, "reconciliation": caseload.reconciliation,
        "toolkit_name": work.assessments.toolkit.title,
        "band_limits": ",".join(str(band.min) for band in work.assessments.toolkit.bands if band.min),
        "quorum": words.say_quorum(caseload, view),
        "n_open": len(caseload.table), "n_listed": len(listed), "n_pages": len(paged),
        "n_minutes": int(listed["minutes"].sum()), "n_unmoved": int(moved.get("NO_CHANGE", 0)),
        "next_meeting_on": caseload.calendar.next_meeting.isoformat(),
        "menu_checked": _say_menu(work.menu),
    }  # fmt: skip
    return Papers(ground.meeting, tables, facts)


def _case_of(caseload: Caseload) -> dict[str, str]:
    return dict(zip(caseload.actions["action_ref"], caseload.actions["case_ref"], strict=True))


def _say_menu(menu: Menu) -> str:
    n = sum(one.checked_on is None for one in menu.interventions)
    return (
        f"The law of {n} of the {len(menu.interventions)} entries of the menu has not been checked by anybody."
        if n
        else ""
    )


def _named(table: pd.DataFrame, caseload: Caseload, view: View) -> pd.DataFrame:
    """Say of each row whose case it is: person_id, name, is_child."""
    from csp_toolkit.sharing.papers.people import name_people

    people = view.people.drop_duplicates("person_id").set_index("person_id")
    every = view["cases"].drop_duplicates("case_ref", keep="last").set_index("case_ref")["person_id"]
    children = caseload.table.set_index("case_ref")["is_child"].fillna("Y")
    person = table["case_ref"].map(every).astype("str")
    return table.assign(
        person_id=person, name=person.map(name_people(people)).astype("str"),
        is_child=table["case_ref"].map(children).fillna("N").astype("str"),
    ).reset_index(drop=True)  # fmt: skip


def _requests(assessments: Assessments, caseload: Caseload, view: View) -> pd.DataFrame:
    asked = assessments.requests
    own = asked[asked["case_ref"].isin(caseload.table["case_ref"])]
    names = {domain.id: domain.name for domain in assessments.toolkit.domains}
    area = own["indicator"].str.partition(".")[0]
    own = own.assign(area=area + " " + area.map(names).fillna(""))
    columns = ["case_ref", "indicator", "area", "question", "agency", "due_on", "is_late"]
    late = own["is_late"].map({True: "Y", False: "N"}).astype("str")
    return _named(own.assign(is_late=late)[columns].sort_values(["case_ref", "indicator"]), caseload, view)


def _pages(
    paged: pd.DataFrame, heads: pd.DataFrame, view: View, work: CaseWork, ties: Ties, last_view: View | None
) -> dict[str, pd.DataFrame]:
    """Make the tables of the cases that have a page, each with its `case_ref`."""
    caseload, assessments = work.caseload, work.assessments
    refs = set(paged["case_ref"])
    timelines = list_timelines(paged, caseload.actions, view)
    before = list_timelines(paged, _known_then(caseload, last_view), last_view) if last_view is not None else None
    since = pd.Timestamp(last_view.as_of) if last_view is not None else None
    bands = list_bands(paged, assessments, overrides=work.overrides)
    egos = draw_egos(ties, paged, view)
    newest = assessments.table.loc[assessments.table["is_newest"], ["assessment_ref", "case_ref"]]
    levels = assessments.levels.merge(newest, on="assessment_ref")
    circumstances = find_circumstances(paged, view, levels, work.menu)
    plan = work.plans[work.plans["case_ref"].isin(refs)]
    shown = plan["is_active"] | plan["status"].isin(OPEN_STATES)
    changes = list_changes(timelines, before, since=since)
    said = pd.DataFrame(
        [
            (ref, person, words.say_bands(bands[bands["case_ref"] == ref]),
             words.say_year(timelines[timelines["case_ref"] == ref]))
            for ref, person in zip(paged["case_ref"], paged["person_id"], strict=True)
        ],
        columns=["case_ref", "person_id", "bands", "year"], dtype="str",
    )  # fmt: skip
    return {
        "case_bands": bands,
        "case_strip": list_strips(paged, assessments),
        "case_changes": changes,
        "case_timeline": timelines,
        "case_lanes": explain_lanes(paged, view),
        "case_plan": plan[shown].drop(columns="is_active").reset_index(drop=True),
        "case_ties": egos,
        "case_words": said,
        "case_options": offer_for_cases(paged, circumstances, work.plans, work.menu),
        "case_disagreements": _contradicted(work.contradictions, paged)
        if work.contradictions is not None
        else _disagreements(assessments, newest[newest["case_ref"].isin(refs)], paged),
    }


def _known_then(caseload: Caseload, last_view: View) -> pd.DataFrame:
    """Return the actions the meeting before could know of."""
    log = last_view["actions"].dropna(subset=["case_ref"])
    return log.assign(result=log["outcome"])


def _contradicted(contradictions: Contradictions, paged: pd.DataFrame) -> pd.DataFrame:
    """List what answers and records say against each other in the newest assessments, and what to ask."""
    table = contradictions.table
    own = table[table["is_newest"] & table["case_ref"].isin(paged["case_ref"])].sort_values(["case_ref", "code"])
    shown = {"code": "indicator", "sentence": "question", "ask": "answers"}
    return own.rename(columns=shown | {"indicator": "of_question", "question": "of_text"})[
        ["case_ref", "person_id", *shown.values()]
    ].astype("str")


def _disagreements(assessments: Assessments, newest: pd.DataFrame, paged: pd.DataFrame) -> pd.DataFrame:
    """List the questions of the newest assessment that two agencies answered differently: the higher counts."""
    given = assessments.answers.table
    given = given[given["state"].eq("value")].merge(newest, on="assessment_ref")
    both = given.groupby(["case_ref", "indicator"])["value"].agg(["nunique", "min", "max"]).reset_index()
    both = both[both["nunique"] > 1]
    asked = {i.id: i.text.rstrip(".") for i in assessments.toolkit.indicators}
    who = given.groupby(["case_ref", "indicator"]).apply(
        lambda rows: ", ".join(f"{a} {v}" for a, v in sorted(zip(rows["source_agency"], rows["value"], strict=True))),
        include_groups=False,
    ) if len(given) else pd.Series(dtype="str")  # fmt: skip
    said = [who.get((ref, i), "") for ref, i in zip(both["case_ref"], both["indicator"], strict=True)]
    table = both[["case_ref", "indicator"]].assign(question=both["indicator"].map(asked), answers=said)
    people = paged.set_index("case_ref")["person_id"]
    return table.assign(person_id=table["case_ref"].map(people)).astype("str")
