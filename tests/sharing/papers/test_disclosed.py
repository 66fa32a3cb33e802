"""Who gets a copy and who had one: from the profiles and the log, of this kind of meeting, and of nobody by name."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.params import packaged
from csp_toolkit.sharing.disclosure import Copy, list_disclosed, log_copies
from csp_toolkit.sharing.meeting import OpenMeeting, read_meeting
from csp_toolkit.sharing.papers.disclosed import add_disclosures
from csp_toolkit.sharing.papers.ground import Papers
from csp_toolkit.sharing.recipients import read_recipients
from csp_toolkit.tables.casebook import Casebook
from tests.sharing.partnership import AS_OF, make_papers, make_view

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
OCTOBER, SEPTEMBER = date(2026, 10, 29), date(2026, 9, 24)


def copy(on: date, number: int, *, meeting: str = "gangs_intelligence", recipient: str = "housing", until: str) -> Copy:
    return Copy(
        meeting=meeting, as_of=on, recipient=recipient, agency="Council Housing", purpose="p", regime="UK GDPR",
        agreement_ref="SYN-ISA-007", number=number, n_copies=number, destroy_by=until, content_sha256="0" * 64,
        run_id="abc", named=("PER-AAAA", "PER-BBBB"),
    )  # fmt: skip


@pytest.fixture
def book(tmp_path: Path):
    book = Casebook.open(tmp_path / "casebook.sqlite", create=True)
    yield book
    book.close()


def meeting() -> OpenMeeting:
    view = make_view()
    agreements = view["agreements"].assign(
        feeds_covered="police_*", dpia_ref="SYN-DPIA-01", dpia_expires_on=pd.Timestamp("2027-03-31"),
        eia_ref="SYN-EIA-01",
    )  # fmt: skip
    view = replace(view, tables={**view.tables, "agreements": agreements})
    return OpenMeeting(
        "gangs_intelligence", read_meeting("gangs_intelligence"), "candidates", 1, view, None, None, packaged("params")
    )


def papers() -> Papers:
    return Papers("gangs_intelligence", make_papers().tables, {})


def test_each_copy_says_for_whom_under_what_whom_it_names_and_until_when(book: Casebook) -> None:
    before = papers()
    made = add_disclosures(before, meeting(), casebook=book)
    now = made["copies_now"].set_index("profile")
    assert now["agreement_ref"].to_dict() == {"chair": "SYN-ISA-001", "housing": "SYN-ISA-007"}
    assert now.loc["housing", "about"] == "two people it is asked about"  # the third action is nobody's by name
    assert now.loc["chair", "about"] == "everybody its tables hold"
    assert now["destroy_by"].eq(pd.Timestamp("2026-12-26")).all()
    assert now["n_kinds_withheld"].tolist() == [len(p.withheld) for p in map(read_recipients().get, now.index)]
    assert "copies_now" not in before.tables
    assert made["copies_before"].empty


def test_copies_of_earlier_meetings_of_this_kind_are_told_and_of_no_other(book: Casebook) -> None:
    log_copies(
        book.log,
        [copy(SEPTEMBER, 1, until="2026-10-24"), copy(OCTOBER, 1, until="2026-11-28"),
         copy(OCTOBER, 2, until="2026-11-28", recipient="gone"), copy(AS_OF, 1, until="2026-12-26"),
         copy(OCTOBER, 1, until="2026-11-28", meeting="case_management")],
        actor="tests", at=AT,
    )  # fmt: skip
    made = add_disclosures(papers(), meeting(), casebook=book)
    before = made["copies_before"]
    assert before["meeting_on"].dt.date.tolist() == [OCTOBER, OCTOBER, SEPTEMBER]
    assert before["title"].tolist() == ["council housing", "gone", "council housing"]
    assert before["is_past"].tolist() == ["N", "N", "Y"]
    assert before["n_named_in_it"].tolist() == [2, 2, 2]
    assert not made["copies_before"].isin(["PER-AAAA", "PER-BBBB"]).to_numpy().any()
    assert made["copies_notes"]["sentence"][0] == (
        "Three copies of earlier meetings of this kind are in the log; the day to destroy it has passed for one of "
        "them."
    )


def test_a_run_that_is_repeated_says_the_same(book: Casebook) -> None:
    first = add_disclosures(papers(), meeting(), casebook=book)
    log_copies(book.log, [copy(AS_OF, 1, until="2026-12-26")], actor="tests", at=AT)
    again = add_disclosures(papers(), meeting(), casebook=book)
    for name in ("copies_now", "copies_before", "copies_notes"):
        pd.testing.assert_frame_equal(first[name], again[name])


def test_erased_entries_are_counted_and_equality_points_to_the_review(book: Casebook) -> None:
    log_copies(
        book.log,
        [copy(OCTOBER, 1, until="2026-11-28"), copy(OCTOBER, 1, until="2027-10-29", meeting="matrix_review")],
        actor="tests", at=AT,
    )  # fmt: skip
    book.log.erase([1], actor="tests", at=AT, reason="subject request")
    said = add_disclosures(papers(), meeting(), casebook=book)["copies_notes"]["sentence"].tolist()
    assert said[0] == (
        "No copy of an earlier meeting of this kind is in the log. Of one more copy the details were erased."
    )
    assert "too small to show; the last was as at 29 Oct 2026." in said[1]
    assert said[1].endswith("The equality assessment is SYN-EIA-01, in date to 31 Mar 2027.")
    assert list_disclosed(book.log).n_erased == 1


def test_who_has_a_copy_goes_to_the_chairs_alone() -> None:
    holders = {name for name, to in read_recipients().items() if any(t.startswith("copies_") for t in to.tables)}
    assert holders == {"chair", "case_chair"}
