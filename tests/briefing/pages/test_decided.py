"""What came of the last meeting's actions, and what this one decided."""

from dataclasses import replace

import pandas as pd
from bs4 import BeautifulSoup

from csp_toolkit.briefing.pages.monthly import Page
from tests.briefing.bundle import chairs_copy, housing_copy

KINDS = pd.DataFrame({
    "kind": ["enforcement", "support"], "n_agreed": [2, 3], "n_done": [1, 2], "n_open": [0, 1], "n_late": [1, 0],
    "n_dropped": [0, 0], "n_carried_over": [1, 0], "results": ["achieved (1)", "refused by the person (2)"],
})  # fmt: skip
CARE = pd.DataFrame({"outcome": ["safeguarding referral made", "moved to support"], "n_actions": [2, 0]})
LAST = pd.DataFrame([
    {"action_ref": "GIM-1", "person_id": "P", "name": "WATSON, Alfie", "is_child": "N",
     "action_text": "Serve <b>it</b>", "action_type": "enforcement", "action_owner": "SYN DC 1",
     "agency": "Essex Police",
     "due_on": "2026-11-12",
     "state": "late", "days_late": 14, "completed_on": None, "n_carried_over": 2, "escalate": "chair", "result": None,
     "safeguarding": None, "words": None},
    {"action_ref": "GIM-2", "person_id": None, "name": None, "is_child": None, "action_text": "Refer",
     "action_type": "support", "action_owner": "SYN SW 1", "agency": "ECC", "due_on": "2026-11-12", "state": "done",
     "days_late": None, "completed_on": "2026-11-10", "n_carried_over": 0, "escalate": None, "result": "achieved",
     "safeguarding": "safeguarding referral made", "words": "Plan agreed"},
])  # fmt: skip


def read(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def chairs_page() -> Page:
    copy = chairs_copy().with_table("last_by_kind", KINDS).with_table("last_safeguarding", CARE)
    copy = copy.with_table("last_actions", LAST)
    said = "Five actions were agreed on 29 Oct 2026: three done, one late, one open."
    return Page(replace(copy, facts=copy.facts | {"finding_last": said}))


def test_the_last_actions_stand_near_the_top_in_a_table_that_adds_up() -> None:
    page = chairs_page()
    assert [entry.plan.anchor for entry in page.contents][:2] == ["so", "last"]
    said = read(page.last_actions().html)
    assert "Five actions were agreed" in said and "All 5 3 1 1 late 0 1" in said


def test_safeguarding_outcomes_are_counted_beside_the_results_and_none_is_said() -> None:
    assert "Safeguarding outcomes: safeguarding referral made: 2" in read(chairs_page().last_actions().html)
    none = chairs_copy().with_table("last_by_kind", KINDS).with_table("last_safeguarding", CARE.assign(n_actions=0))
    assert "Safeguarding outcomes: none recorded" in read(Page(none).last_actions().html)


def test_one_by_one_late_is_a_word_and_what_somebody_wrote_stays_text() -> None:
    said = read(chairs_page().actions().html)
    assert "14 days late ; carried over 2 times; to the chair" in said
    assert "Serve <b>it</b>" in said and "achieved: Plan agreed" in said and "nobody by name" in said


def test_a_final_copy_shows_each_seat_with_its_reason_and_what_was_agreed() -> None:
    decided = pd.DataFrame([
        {"place": 1, "person_id": "P", "name": "WATSON, Alfie", "reference": "SYN/1", "is_child": "N", "rank": 2,
         "outcome": "selected", "reason": "<i>Two</i> charges", "lens": "harm caused leads", "lens_reason": "Charged",
         "decided_by": "SYN Chair", "role": "Chair", "decided_on": "2026-11-26"},
        {"place": None, "person_id": "Q", "name": "S. T.", "reference": "SYN/2", "is_child": "Y", "rank": 4,
         "outcome": "not selected", "reason": "Support first", "lens": None, "lens_reason": None,
         "decided_by": "SYN Chair", "role": "Chair", "decided_on": "2026-11-26"},
    ])  # fmt: skip
    agreed = pd.DataFrame([{"action_ref": "GIM-3", "person_id": "P", "name": "WATSON, Alfie", "is_child": "N",
                            "action_text": "Visit", "action_type": "support", "intervention_code": "S25",
                            "action_owner": "SYN W", "agency": "YJS", "due_on": "2026-12-03"}])  # fmt: skip
    facts = {"stage": "final", "selected_by": "SYN Chair", "selected_role": "Chair", "selected_on": "2026-11-26"}
    copy = chairs_copy().with_table("decided", decided).with_table("agreed", agreed)
    page = Page(replace(copy, facts=copy.facts | facts))
    said = read(page.decided().html)
    assert "<i>Two</i> charges harm caused leads: Charged" in said and "support S25" in said
    child = said[said.index("S. T.") :]
    assert "none not selected; under 18 Support first" in child
    assert "Final: selected by SYN Chair, Chair, 26 Nov 2026" in read(page.masthead().html)
    assert "Candidates, not decisions" not in read(page.masthead().html)


def test_before_the_meeting_nothing_is_decided_and_no_partner_is_told() -> None:
    assert not chairs_page().decided()
    assert not Page(housing_copy()).last_actions() and not Page(housing_copy()).decided()


def test_a_candidates_copy_made_after_the_meeting_does_not_say_that_nobody_was_selected() -> None:
    copy = chairs_copy()
    after = Page(replace(copy, facts=copy.facts | {"is_decided": "Y"}))
    assert "nobody has been selected" in read(Page(copy).masthead().html)
    said = read(after.masthead().html)
    assert "nobody has been selected" not in said and "its list is the final copy" in said
