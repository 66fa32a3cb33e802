"""The matrix review end to end on the demo: workings that name people by reference, and a copy that names nobody."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.briefing import forked
from csp_toolkit.briefing.ground import Request
from csp_toolkit.briefing.intake import take_in
from csp_toolkit.briefing.meetings import brief
from csp_toolkit.briefing.workspace import Workspace, init_workspace
from csp_toolkit.params import packaged
from csp_toolkit.records.synthetic import DELIVERIES, MEETINGS, write_demo
from csp_toolkit.tables.casebook import Casebook
from tests.briefing.small_workspace import run_here

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("demo")
    write_demo(root / "deliveries")
    init_workspace(root / "ws")
    made = Workspace.open(root / "ws")
    Casebook.open(made.casebook, create=True).close()
    for month, day in sorted(DELIVERIES.items()):
        take_in(made, root / "deliveries" / month, received_on=day, actor="analyst", at=AT)
    text = (packaged("params") / "matrices" / "csp_example_v1.yaml").read_text(encoding="utf-8")
    draft = text.replace('version: "1"', 'version: "2"').replace(
        "Worked example", "To see what it does: a worked example"
    )
    (root / "ws" / "drafts").mkdir()
    (root / "ws" / "drafts" / "v2.yaml").write_text(
        draft.replace("intelligence_cap: 16", "intelligence_cap: 8"), encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(forked, "can_fork", lambda: True)
        patched.setattr(forked, "run_forked", run_here)
        day = max(MEETINGS)
        brief(
            made,
            Request("matrix_review", day, day, "candidates", "analyst", AT, with_pdf=False),
            on_progress=lambda *_: None,
        )
    return root / "ws"


def test_the_copy_names_nobody_and_holds_no_reference(home: Path) -> None:
    folder = next((home / "released").rglob("matrix_review/oversight"))
    view = Casebook.open(home / "casebook.sqlite").view(max(MEETINGS))
    texts = [
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".html", ".csv", ".json")
    ]
    whole = "\n".join(texts)
    assert not re.search(r"\bPER-[A-Z0-9]{6,}", whole)
    references = set(view.person_keys["source_ref"]) | set(view.people["person_id"])
    assert {ref for ref in references if len(ref) > 5 and ref in whole} == set()
    people = view.people.dropna(subset=["family_name", "given_name"])
    named = {f"{row.given_name} {row.family_name}".lower() for row in people.itertuples()}
    assert {name for name in named if name in whole.lower()} == set()


def test_no_count_of_few_people_stands_in_any_released_table(home: Path) -> None:
    folder = next((home / "released").rglob("matrix_review/oversight")) / "tables"
    shares = pd.read_csv(folder / "shares.csv")
    assert not (shares["n"].dropna() < 5).any()
    months = pd.read_csv(folder / "change_months.csv")
    assert set(months["entered"]) | set(months["left"]) <= {"none", "fewer than 5", *map(str, range(5, 11))}
    tested = pd.read_csv(folder / "back_test.csv")
    assert not (tested["n_new"].dropna() < 5).any()


def test_the_page_says_what_is_proposed_and_what_is_asked(home: Path) -> None:
    page = next((home / "released").rglob("matrix_review/oversight/briefing.html")).read_text(encoding="utf-8")
    assert "Intelligence cap: 16 -&gt; 8" in page and "Version 2 is proposed" in page
    assert "Approve, amend or refuse version 2" in page and "Name two analysts" in page
    assert "Matrix review, 26 November 2026" in page and "monthly briefing" not in page
    assert "nobody named and nobody placed" in page and "30 × 0.8 × 1 = 24 points." in page


def test_the_workings_leave_every_table_and_the_sums_come_out(home: Path) -> None:
    folder = home / "runs" / "2026-11-26" / "matrix_review"
    names = {path.stem for path in (folder / "tables").glob("*.csv")}
    assert {"change_rules", "change_moves", "change_reasons", "back_test", "shares", "criteria", "raters"} <= names
    bundle = json.loads((folder / "bundles" / "oversight.json").read_text(encoding="utf-8"))
    assert bundle["recipient"]["n_named"] == 0 and "matrix_review" in (folder / "manifest.json").read_text(
        encoding="utf-8"
    )
    assert (folder / "tables" / "back_test.csv").read_text(encoding="utf-8").count("not yet known") > 0


def test_the_months_replayed_are_those_of_the_policy_and_this_meeting(home: Path) -> None:
    months = pd.read_csv(home / "runs" / "2026-11-26" / "matrix_review" / "tables" / "change_meetings.csv")
    assert len(months) == 7 and date.fromisoformat(str(months["meeting_on"].iloc[-1])[:10]) == max(MEETINGS)
