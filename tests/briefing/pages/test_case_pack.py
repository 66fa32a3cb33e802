"""The case pack: one page a case, both bands apart, nothing hostile, and a child's copy for others by its profile."""

import re

import pandas as pd
import pytest

from csp_toolkit.briefing.checking import check_fragment
from csp_toolkit.briefing.pages.case_pack import CasePack
from csp_toolkit.briefing.render import CASE_MARGIN, TEMPLATES
from csp_toolkit.risk.answers import collect_answers
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.overriding.overrides import IN_FORCE, Overrides
from csp_toolkit.sharing.papers.case_sheets import list_bands
from tests.briefing.small_pack import HOSTILE, TOOLKIT, a_view, copy_for, papers


def pack(name: str = "case_chair", *, long: bool = False) -> CasePack:
    return CasePack(copy_for(name, long=long))


def pages(html: str) -> list[str]:
    return re.findall(r'<section class="part page case".*?</section>', html, flags=re.S)


def page_of(name: str) -> str:
    (page,) = (page for page in pages(pack().cases().html) if re.search(rf"<h2>{name}", page))
    return page


def test_there_is_one_summary_and_one_page_for_each_listed_case() -> None:
    shown = pack()
    summary, cases = shown.summary().html, pages(shown.cases().html)
    assert summary.count("<section") == 1
    assert len(cases) == 3
    assert all(page.count('class="decision"') == 1 and page.count("<h2>") == 1 for page in cases)
    check_fragment(summary, "the summary")
    check_fragment(shown.cases().html, "the cases")


def test_the_agenda_is_in_the_order_of_why_cases_are_listed_then_of_their_references() -> None:
    made, _ = papers()
    assert made["agenda"][["case_ref", "listed_as"]].to_numpy().tolist() == [
        ["C1", "URGENT"], ["C2", "REVIEW"], ["C3", "CHECK"],
    ]  # fmt: skip
    assert made["agenda"]["has_page"].tolist() == ["Y", "Y", "Y"]  # T4 has a page though nothing is due
    assert made.facts["n_minutes"] == 23


def test_both_bands_stand_apart_with_their_range_and_history() -> None:
    page = page_of("AARDVARK")
    text = re.sub(r"<[^>]+>", " ", page)
    assert "Two bands, never added" in text
    assert len(re.findall(r'class="bandpic"', page)) == 2
    assert re.search(r"Was \w+[ \w]* \d+, before that", text)
    assert "Fourteen areas, now and last time" in text and page.count("<td") > 14 * 3


def test_a_child_with_enforcement_and_no_support_is_said_on_the_page_and_nothing_is_aimed_at_the_child() -> None:
    page = page_of("AARDVARK")
    assert "under 18 with enforcement on record and no support on record" in page
    assert "safeguarding leads" in page
    made, _ = papers()
    options = made["case_options"]
    child = options[options["case_ref"].isin(["C1", "C2"])]
    assert set(child.loc[child["aims_at"] == "person", "kind"]) == {"SUPPORT"}


def test_a_late_action_carried_over_too_often_says_to_whom_it_goes() -> None:
    page = page_of("AARDVARK")
    assert "20 days late" in page and "to the delivery group" in page


def test_what_somebody_typed_stays_text() -> None:
    html = pack().cases().html + pack().summary().html
    assert "<img" not in html and "onerror=alert(1)&gt;" in html
    assert HOSTILE not in html


def test_another_agency_sees_its_own_cases_children_by_initials_and_no_score() -> None:
    shown = copy_for("youth_justice_cases")
    assert shown["heads"]["name"].tolist() == ["N. B."]
    assert set(shown["actions"]["action_ref"]) == {"A2"}
    assert "case_timeline" not in shown and "case_ties" not in shown and "gaps" not in shown
    assert not {"in_100", "low", "high"} & set(shown["case_bands"].columns)
    html = CasePack(shown).cases().html + CasePack(shown).summary().html
    for word in ("AARDVARK", "BADGER", "COUGAR", "C1", "C2", "Newham", "Decision"):
        assert word not in html
    assert len(pages(html)) == 1


def test_a_stricter_profile_shows_no_more() -> None:
    chair, other = copy_for("case_chair"), copy_for("youth_justice_cases")
    assert set(other.tables) <= set(chair.tables)
    assert all(set(other[name].columns) <= set(chair[name].columns) for name in other.tables)


def test_without_a_meeting_before_nothing_is_called_new() -> None:
    assert "New since the last meeting" in pack().cases().html
    first = copy_for("case_chair")
    alone = CasePack(
        type(first)(first.recipient, {**first.facts, "previous_meeting_on": None}, first.tables, first.withheld)
    )
    assert "New since the last meeting" not in alone.cases().html


def test_a_case_of_which_everything_is_recorded_at_length_still_prints_on_one_page() -> None:
    weasyprint = pytest.importorskip("weasyprint", exc_type=ImportError)
    shown = pack(long=True)
    css = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", "cases.css"))
    style = f"<style>{css} @page {{ size: A4; margin: {CASE_MARGIN} }}</style>"
    main = f"<div class='sheet'><main>{shown.cases().html}</main></div>"
    html = f"<html lang='en-GB'>{style}<body>{main}</body></html>"
    assert len(weasyprint.HTML(string=html).render().pages) == len(pages(html)) == 3


def test_no_sentence_ranks_a_child_or_says_what_anybody_will_do() -> None:
    text = re.sub(r"<[^>]+>", " ", pack().summary().html + pack().cases().html).lower()
    for word in ("highest risk", "most at risk", "ranked", "likely to", "will offend", "dangerous"):
        assert word not in text


def test_a_band_set_by_judgement_is_said_beside_the_computed_one_while_it_is_in_force() -> None:
    view = a_view()
    assessments = assess(collect_answers(view, TOOLKIT), as_of=view.as_of)
    newest = assessments.table.loc[assessments.table["case_ref"].eq("C1") & assessments.table["is_newest"]].iloc[0]
    table = pd.DataFrame({
        "assessment_ref": [newest["assessment_ref"]] * 2, "case_ref": "C1", "axis": ["V", "H"],
        "state": [IN_FORCE, "expired"], "final_band": "MEDIUM", "role": "chair",
        "valid_until": pd.to_datetime(["2026-12-10"] * 2),
    })  # fmt: skip
    cases = pd.DataFrame({"case_ref": ["C1"], "person_id": ["C1"]})
    bands = list_bands(cases, assessments, overrides=Overrides(assessments, table, table)).set_index("axis")
    assert bands.loc["V", "judged"] == "Set to Medium by judgement (chair), until 10 Dec 2026"
    assert pd.isna(bands.loc["H", "judged"])
    assert bands.loc["V", "band"] != "Medium"


def test_a_text_is_cut_after_a_whole_word_and_says_that_it_was() -> None:
    from csp_toolkit.briefing.pages.case_page_pictures import cut_text

    assert (
        cut_text("review overdue since 13 Nov 2026, nine working days", 40) == "review overdue since 13 Nov 2026, nine…"
    )
    assert cut_text("short", 5) == "short"
    assert len(cut_text("a" * 50, 20)) == 20  # one long word is cut where it must be
