"""What came of the last actions, in one sentence and by kind, safeguarding in its own right."""

from datetime import date

import pandas as pd

from csp_toolkit.display.wording import find_banned
from csp_toolkit.sharing.papers.actions import finding_last, list_last_actions
from tests.cases.test_follow_up import DECEMBER, DONE, NOVEMBER, OCTOBER, agree, follow, tell

PEOPLE = pd.DataFrame({"person_id": ["PER-1"], "name": ["WATSON, Alfie"], "is_child": ["N"]})


def test_the_sentence_counts_what_became_of_them_and_names_the_safeguarding_outcomes() -> None:
    found = follow(
        agree(1), agree(2), agree(3, due="2026-12-10"), agree(4),
        tell(1, "COMPLETE", safeguarding="NRM_REFERRAL", **DONE), tell(4, "CANCELLED"),
    )  # fmt: skip
    said = finding_last(found)
    assert said == (
        "Four actions were agreed on 29 Oct 2026: one done, one late, one not due yet and one not done or dropped. "
        "One led to a safeguarding outcome: referral to the National Referral Mechanism (1)."
    )
    assert find_banned(said) == []


def test_nothing_achieved_for_safety_is_said_and_an_empty_month_too() -> None:
    assert "None of them is recorded as having made anybody safer." in finding_last(follow(agree(1)))
    assert finding_last(follow()) == "No action of the meeting of 29 Oct 2026 is on record."
    assert finding_last(follow(since=None)) == (  # type: ignore[arg-type]
        "There was no meeting before, so no action to follow up."
    )


def test_who_has_to_decide_about_what_was_carried_over_is_named() -> None:
    found = follow(agree(1, due="2026-11-12"), as_of=DECEMBER, since=NOVEMBER, held=(OCTOBER, NOVEMBER, DECEMBER))
    assert "goes to" not in finding_last(found)
    twice = follow(agree(1), tell(1, "CARRIED_OVER", new_due_on="2026-12-01"), as_of=DECEMBER, since=OCTOBER,
                   held=(OCTOBER, NOVEMBER, date(2026, 12, 6), DECEMBER))  # fmt: skip
    assert finding_last(twice).endswith("One open action was carried over more than once and goes to the chair.")


def test_late_stands_first_and_words_replace_codes() -> None:
    found = follow(agree(1), agree(2), tell(1, "COMPLETE", safeguarding="MOVED_TO_SUPPORT", **DONE))
    tables = list_last_actions(found, PEOPLE)
    assert tables["last_actions"]["action_ref"].tolist() == ["GIM-2026-10-29/02", "GIM-2026-10-29/01"]
    done = tables["last_actions"].iloc[1]
    assert (done["name"], done["result"], done["safeguarding"]) == ("WATSON, Alfie", "achieved", "moved to support")
    assert tables["last_by_kind"]["results"].tolist() == ["achieved (1)"]
    assert len(tables["last_safeguarding"]) == 4  # those that did not happen are named too
