"""Who gets a copy: numbers that fit this copy's own or none, whose day has passed, and what is left out by reason."""

from dataclasses import replace

import pandas as pd
from bs4 import BeautifulSoup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.disclosed import say_rows_withheld
from csp_toolkit.briefing.pages.monthly import Page
from tests.briefing.bundle import Copy, chairs_copy, housing_copy

COUNTS = {"n_conditions_not_met": 3, "n_grade_not_released": 0, "n_not_asked_about": 0, "n_texts_taken_out": 1}


def now() -> pd.DataFrame:
    shared = {"agreement_ends_on": pd.Timestamp("2027-01-31"), "regime": "UK GDPR", "purpose": "preventing crime",
              "destroy_by": pd.Timestamp("2026-12-26")}  # fmt: skip
    return pd.DataFrame([
        {"n": 1, "profile": "chair", "title": "panel chair", "agency": "Essex Police", "agreement_ref": "SYN-ISA-001",
         "about": "everybody its tables hold", "n_kinds_withheld": 1, "kinds_withheld": "Children's names", **shared},
        {"n": 2, "profile": "housing", "title": "council housing", "agency": "Council", "agreement_ref": "SYN-ISA-007",
         "about": "nobody: it is asked about nobody", "n_kinds_withheld": 2, "kinds_withheld": "People; Addresses",
         **shared},
    ])  # fmt: skip


def before(n: int = 1) -> pd.DataFrame:
    return pd.DataFrame([
        {"meeting_on": pd.Timestamp("2026-10-29"), "title": "council housing", "agency": "Council",
         "agreement_ref": "SYN-ISA-007", "copy": k + 1, "n_named_in_it": 3, "destroy_by": pd.Timestamp("2026-11-20"),
         "is_past": "Y"} for k in range(n)
    ])  # fmt: skip


def copy(*, number: int = 1, of: int = 2, n_before: int = 1) -> Copy:
    notes = pd.DataFrame({"n": [1, 2], "sentence": ["One copy of an earlier meeting is in the log.", "Equality: it."]})
    made = chairs_copy().with_table("copies_now", now()).with_table("copies_before", before(n_before))
    made = made.with_table("copies_notes", notes)
    return replace(made, recipient={**made.recipient, "copy_number": number, "n_copies": of, **COUNTS})


def text(made: Copy) -> str:
    return " ".join(BeautifulSoup(Page(made).copies().html, "html.parser").get_text(" ").split())


def test_each_copy_has_its_agreement_purpose_and_end() -> None:
    said = text(copy())
    assert "panel chair (this copy) Essex Police SYN-ISA-001, in date to 31 Jan 2027 UK GDPR preventing crime" in said
    assert "council housing Council SYN-ISA-007" in said
    assert "Two kinds: People; Addresses 26 Dec 2026" in said


def test_the_section_is_the_same_under_any_number() -> None:
    assert text(copy(number=13, of=14)) == text(copy())
    assert "Numbers above 2 say that this meeting was run before" in text(copy())


def test_a_copy_past_its_day_says_that_nothing_records_its_end() -> None:
    assert "day passed; not recorded: ask" in text(copy())
    assert "12 of 13 shown, newest first. All are in this copy’s tables." in text(copy(n_before=13))
    assert "Copies of earlier meetings" not in text(copy(n_before=0))


def test_what_is_left_out_is_counted_by_reason_in_the_chairs_copy_alone() -> None:
    made = replace(copy(), withheld=housing_copy().withheld)
    said = Page(made).withheld().html
    assert "Left out of this copy: three rows of reports whose conditions it does not meet and one text with a" in said
    housing = housing_copy()
    housing = replace(housing, recipient={**housing.recipient, **COUNTS})
    assert "Left out of this copy" not in Page(housing).withheld().html
    assert say_rows_withheld(Bundle(chairs_copy())) is None  # nothing counts them


def test_a_copy_without_the_tables_has_no_such_section() -> None:
    assert not Page(chairs_copy()).copies()
    assert not Page(housing_copy()).copies()
