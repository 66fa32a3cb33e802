"""A whole cycle of the monthly meeting on the demo: candidates, decisions, final; then November opens with them."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from csp_toolkit.briefing.corrections import decide
from csp_toolkit.briefing.exports import export_meeting
from csp_toolkit.briefing.intake import take_in
from csp_toolkit.briefing.people_to_decide import list_to_decide
from csp_toolkit.briefing.workspace import Workspace, init_workspace
from csp_toolkit.cases.follow_up import follow_actions
from csp_toolkit.cases.plans import read_menu
from csp_toolkit.errors import DecisionError
from csp_toolkit.records.synthetic import DELIVERIES, MEETINGS, write_demo
from csp_toolkit.sharing.meeting import read_meeting
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.decisions import DecideReport
from csp_toolkit.tables.deciding.sheets import read_workbook, write_workbook
from tests.briefing.filled_in import Filled

CSP = "from csp_toolkit.cli import app; app()"
MEETING = "gangs_intelligence"
OCTOBER, NOVEMBER = MEETINGS
AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
OWNER = {"Owner": "SYN Officer 4", "Agency": "Essex Police"}


def brief(home: Path, as_of: date, stage: str = "candidates", *, code: int = 0) -> str:
    """Run the meeting as an analyst does; return what it says where it fails."""
    words = ["brief", MEETING, "--as-of", str(as_of), "--stage", stage, "--no-pdf", "--workspace", str(home)]
    command = [sys.executable, "-c", CSP, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})
    assert done.returncode == code, done.stderr[-600:]
    return done.stderr


def load(home: Path, folder: Path) -> None:
    take_in(Workspace.open(home, None), folder, received_on=DELIVERIES[folder.name], actor="tests", at=AT)


def export(home: Path, as_of: date) -> Path:
    workspace = Workspace.open(home, None)
    folder = export_meeting(workspace, MEETING, as_of=as_of, known_at=as_of, actor="tests", at=AT)
    return folder / "decisions.xlsx"


def take(home: Path, path: Path, on: date) -> DecideReport:
    return decide(Workspace.open(home, None), read_workbook(path), recorded_on=on, actor="tests", at=AT).report


def write_outcomes(home: Path, path: Path) -> Path:
    """Write November's workbook as it is before its meeting was run: nobody ranked, October's actions to tell of."""
    workspace = Workspace.open(home, None)
    policy = read_meeting(MEETING, workspace.params)
    book = Casebook.open(workspace.casebook, params=workspace.params)
    view = book.view(NOVEMBER)
    book.close()
    followed = follow_actions(view, policy.actions, since=OCTOBER, held_as=policy.held_as)
    listed = list_to_decide({}, view, policy, menu=read_menu("csp_menu_v1"), followed=followed)
    write_workbook(path, meeting_on=NOVEMBER, people=listed.people, sheets=listed.sheets, decisions=view.decisions)
    return path


def read_page(home: Path, as_of: date, recipient: str = "chair") -> BeautifulSoup:
    page = home / "released" / str(as_of) / MEETING / recipient / "briefing.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def text(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def select_all(book: Filled) -> None:
    """Decide on everyone on the police list, the last of them not selected, each with a reason."""
    listed = [row for row in book.rows("Selection") if row["(listed as)"] == "police list"]
    for row in listed:
        last = row is listed[-1]
        book.put("Selection", row["row"], {"Outcome": "NOT_SELECTED" if last else "SELECTED",
                                           "Reason": "Nothing new" if last else "Charges since August"})  # fmt: skip
    for row in book.rows("Leading lens"):
        book.put("Leading lens", row["row"], {"Outcome": "HARM_SUFFERED", "Reason": "Support first"})


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """October: candidates, a workbook refused and one taken in, and the final copy."""
    root = tmp_path_factory.mktemp("cycle")
    home = root / "ws"
    write_demo(root / "deliveries")
    init_workspace(home)
    Casebook.open(Workspace.open(home, None).casebook, create=True).close()
    load(home, root / "deliveries" / "2026-10")
    brief(home, OCTOBER)
    too_soon = brief(home, OCTOBER, "final", code=2)
    exported = export(home, OCTOBER)
    book, wrong = Filled(exported), Filled(exported)
    for one in (book, wrong):
        one.who("SYN Chair", "Chair", OCTOBER)
    select_all(book)
    adult = next(row["Name"] for row in book.rows("Selection") if row["(block)"] == "ranked")
    child = next(row["Name"] for row in book.rows("Selection") if row["(block)"] == "under_18")
    wrong.agree(0, adult, "Visit", "SUPPORT", "D10", date(2026, 11, 12), **OWNER)
    wrong.agree(1, child, "Apply for a warrant", "ENFORCEMENT", "E02", date(2026, 11, 12), **OWNER)
    wrong.put("Actions", wrong.rows("Actions")[0]["row"], {"Reference": "42SYND/999999/99"})
    with pytest.raises(DecisionError) as refused:
        take(home, wrong.save(root / "wrong.xlsx"), OCTOBER)
    refs = [
        book.agree(0, adult, "Apply for a warrant", "ENFORCEMENT", "E02", date(2026, 11, 12), **OWNER),
        book.agree(1, child, "Hold a strategy discussion", "SUPPORT", "S03", date(2026, 11, 5), **OWNER),
        book.agree(2, None, "Patrol the parade", "DISRUPTION", "D25", date(2026, 12, 10), **OWNER),
        book.agree(3, adult, "Ask for the outcome", "INFORMATION", None, date(2026, 11, 5), **OWNER),
    ]
    taken = take(home, book.save(root / "october.xlsx"), OCTOBER)
    out_and_in = take(home, export(home, OCTOBER), OCTOBER)
    brief(home, OCTOBER, "final")
    return {"home": home, "root": root, "too_soon": too_soon, "refused": str(refused.value), "taken": taken,
            "out_and_in": out_and_in, "refs": refs, "page": read_page(home, OCTOBER)}  # fmt: skip


@pytest.fixture(scope="module")
def november(october: dict[str, Any]) -> dict[str, Any]:
    """November: the delivery, October's actions on the outcomes sheet, and the page that opens with them."""
    home, root, refs = october["home"], october["root"], october["refs"]
    load(home, root / "deliveries" / "2026-11")
    book = Filled(write_outcomes(home, root / "outcomes.xlsx"))
    listed = [row["Action reference"] for row in book.rows("Outcomes")]
    book.who("SYN Coordinator", "Coordinator", date(2026, 11, 24))
    told = {
        refs[0]: {"Outcome": "COMPLETE", "Result": "ACHIEVED", "Completed on": date(2026, 11, 20), "Reason": "Charged"},
        refs[1]: {"Outcome": "COMPLETE", "Result": "PARTLY", "Completed on": date(2026, 11, 4),
                  "Safeguarding": "REFERRAL_MADE", "Reason": "Enquiry begun"},
    }  # fmt: skip
    for row in book.rows("Outcomes"):
        if row["Action reference"] in told:
            book.put("Outcomes", row["row"], told[row["Action reference"]])
    take(home, book.save(root / "november.xlsx"), date(2026, 11, 24))
    brief(home, NOVEMBER)
    return {"listed": listed, "page": read_page(home, NOVEMBER), "housing": read_page(home, NOVEMBER, "housing")}


def test_there_is_no_final_stage_before_anybody_selected(october: dict[str, Any]) -> None:
    assert "No selection with a reason and a role" in october["too_soon"]


def test_everything_wrong_is_refused_at_once_and_nothing_recorded(october: dict[str, Any]) -> None:
    refused = october["refused"]
    assert "the code is one of disruption, the type says otherwise" in refused
    assert "no support is agreed for the same person" in refused and "no such person reference" in refused
    assert "Actions row 4" in refused and "Actions row 5" in refused and "Nothing was recorded" in refused
    assert october["taken"].n_recorded >= 15 and october["taken"].n_unchanged == 0


def test_the_workbook_written_from_what_was_decided_says_nothing_new_and_loses_nothing(october: dict[str, Any]) -> None:
    assert (october["out_and_in"].n_recorded, october["out_and_in"].n_unchanged) == (0, october["taken"].n_recorded)


def test_the_final_copy_says_who_selected_and_shows_each_seat_and_what_was_agreed(october: dict[str, Any]) -> None:
    page = october["page"]
    assert text(page.select_one(".state")) == "Final: selected by SYN Chair, Chair, 29 Oct 2026"
    decided = text(page.select_one("#decided"))
    assert decided.count("Charges since August") == 9 and "Nothing new" in decided
    assert "Four actions were agreed." in decided and "Patrol the parade" in decided
    assert "Candidates, not decisions" not in page.get_text() and "Select, or leave" not in page.get_text()
    boxes = [text(box) for box in page.select(".subject .decision")]
    assert len(boxes) == 10 and all("Charges since August" in box or "Nothing new" in box for box in boxes)


def test_november_lists_octobers_actions_and_nobody_types_a_reference(
    october: dict[str, Any], november: dict[str, Any]
) -> None:
    assert november["listed"] == october["refs"]


def test_november_opens_with_octobers_actions_and_their_outcome(november: dict[str, Any]) -> None:
    page = november["page"]
    headings = [text(h) for h in page.select("section h2")]
    assert headings[1] == "2 What came of the last meeting’s actions"
    said = text(page.select_one("#last"))
    assert "were agreed on 29 Oct 2026: three done, two late and two not due yet" in said  # three are the log's
    assert "Safeguarding outcomes: safeguarding referral made: 1" in said
    listed = text(page.select_one("#actions"))
    assert "achieved: Charged" in listed and "achieved in part: Enquiry begun" in listed


def test_no_partner_reads_of_seats_outcomes_or_subjects(november: dict[str, Any]) -> None:
    assert not november["housing"].select("#last, #decided, #subjects, .subject")


def test_each_subject_has_a_page_and_what_is_open_about_them(november: dict[str, Any]) -> None:
    subjects = november["page"].select(".subject")
    assert len(subjects) == 10
    for subject in subjects:
        for column in subject.select(".known > div"):
            total = float(text(column.h4).split(": ")[1].split()[0])
            points = [float(text(one)) for one in column.select(".pt")]
            assert not points or sum(points) == pytest.approx(total, abs=0.05)
