"""What the mechanism does for awkward files: several sheets, headings that are values, cells put together, consent."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from csp_toolkit.errors import DeliveryError, ParamsError
from csp_toolkit.params import read_policy
from csp_toolkit.records.columns import Column, Table, identity
from csp_toolkit.records.feeds import Feed, map_file, match_feeds, read_feeds
from csp_toolkit.records.schema import TABLES
from csp_toolkit.tables.deliveries import read_delivery
from csp_toolkit.tables.validation import Validated, validate

FEEDS = read_feeds()
RECEIVED = date(2026, 11, 20)
CONSENT = "ClientRef;Surname;Forename;DOB;Consent;ConsentDate;Modality;Start;End;DischargeReason"


def judged(folder: Path, feed: str, *lines: str) -> Validated:
    path = folder / f"{feed}.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return validate(map_file(path, FEEDS[feed]), received_on=RECEIVED)


def plan(folder: Path, *, sheets: tuple[str, ...] = ("Plan", "Milestones", "Measures")) -> Path:
    """Write a delivery plan of one action."""
    book = Workbook()
    book.remove(book.active)
    for name in sheets:
        page = book.create_sheet(name)
        if name == "Plan":
            for row in (("A plan",), ("OFFICIAL",), (), ("Priority", "Ref", "Action", "Lead officer", "Lead agency",
                        "Start", "Due", "Status", "RAG (officer)", "RAG reason", "Progress this quarter",
                        "Last updated", "Decision needed"),
                        ("Gangs", "GD-1.1", "Screen", "Lead", "Council", datetime(2026, 4, 1), datetime(2027, 3, 31),
                         "IN_PROGRESS", "AMBER", None, "Behind", datetime(2026, 11, 1), "Y")):  # fmt: skip
                page.append(row)
        if name == "Milestones":
            page.append(("Ref", "Milestone", "Due", "Done"))
            page.append(("GD-1.1", "Agree", datetime(2026, 6, 30), None))
        if name == "Measures":
            page.append(("Ref", "Measure", "Unit", "Polarity", "Baseline", "Target", "Q4 25/26", "Q1 26/27 (to date)"))
            page.append(("GD-1.1", "% in time", "%", "UP_GOOD", 62, "90%", 66.5, None))
            page.append(("GD-1.2", "hours", "n", "UP_GOOD", "1,240", 1300, 0, "n/a"))
    path = folder / "csp_delivery_plan.xlsx"
    book.save(path)
    return path


def test_each_sheet_of_a_file_is_a_feed_and_each_accounts_for_its_own_rows(tmp_path: Path) -> None:
    plan(tmp_path)
    delivery = read_delivery(tmp_path, FEEDS, received_on=RECEIVED)
    assert {(v.feed.name, v.rows_in, v.accepted) for v in delivery.files} == {
        ("csp_delivery_plan", 1, 1), ("csp_delivery_plan_milestones", 1, 1), ("csp_delivery_plan_measures", 2, 2),
    }  # fmt: skip
    assert not delivery.unmapped


def test_a_sheet_that_is_not_there_is_said_by_name(tmp_path: Path) -> None:
    path = plan(tmp_path, sheets=("Plan", "Milestones"))
    with pytest.raises(DeliveryError, match="no sheet called 'Measures'"):
        read_delivery(path.parent, FEEDS, received_on=RECEIVED)


def test_a_text_file_has_one_sheet_the_one_it_is_named_after() -> None:
    for name in ("csp_delivery_plan", "csp_delivery_plan_measures", "csp_delivery_plan_milestones"):
        assert [feed.name for feed in match_feeds(Path(f"{name}_2026-11.csv"), FEEDS)] == [name]


def test_two_feeds_may_not_claim_one_sheet(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    source = Path(__file__).parents[2] / "params" / "feeds" / "yjs_caseload.yaml"
    for name in ("yjs_caseload", "yjs_other"):
        text = source.read_text(encoding="utf-8").replace("name: yjs_caseload", f"name: {name}")
        (tmp_path / "feeds" / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError, match="one pattern and one sheet"):
        read_feeds(tmp_path)


def test_headings_that_are_values_become_rows_and_an_empty_cell_none(tmp_path: Path) -> None:
    mapped = map_file(plan(tmp_path), FEEDS["csp_delivery_plan_measures"])
    values = mapped.tables["delivery_values"].drop(columns="row")
    assert values.fillna(-1).to_records(index=False).tolist() == [
        ("GD-1.1", "% in time", "Q4 25/26", 6650), ("GD-1.2", "hours", "Q4 25/26", 0),
        ("GD-1.2", "hours", "Q1 26/27 (to date)", -1),
    ]  # fmt: skip
    assert mapped.tables["delivery_measures"]["baseline_hundredths"].tolist() == [6200, 124_000]
    assert mapped.tables["delivery_measures"]["target_hundredths"].tolist() == [9000, 130_000]
    assert not mapped.notes


def test_several_cells_become_one_list(tmp_path: Path) -> None:
    v = judged(
        tmp_path, "education_exclusions", "UPN,Pupil Name,DOB,School,Type,Start Date,Sessions,Reason1,Reason2,Reason3",
        "U1,Ann Lee,01/02/2010,S,SUSP,03/11/2026,4,DB,,PA", "U2,Bo Lee,01/02/2010,S,PEX,03/11/2026,,,,",
    )  # fmt: skip
    assert v.tables["exclusions"]["reasons"].fillna("none").tolist() == ["DB; PA", "none"]


@pytest.mark.parametrize("word", ["Y", "Yes", "TRUE", "1", " y "])
def test_a_plain_yes_is_consent(tmp_path: Path, word: str) -> None:
    v = judged(tmp_path, "drug_service", CONSENT, f"SYN-1;Lee;Ann;01.02.1990;{word};01.02.2026;OST;01.02.2026;;")
    assert v.rejected == 0 and len(v.tables["treatment"]) == 1


@pytest.mark.parametrize("word", ["N", "No", "", "WITHDRAWN", "Y?", "Yes but not housing", "N/K", "0"])
def test_anything_else_leaves_nothing_but_the_row_and_the_rule(tmp_path: Path, word: str) -> None:
    v = judged(tmp_path, "drug_service", CONSENT, f"CANARY-1;CANARY;Ann;01.02.1990;{word};;OST;01.02.2026;;")
    assert (v.accepted, v.repaired, v.rejected, v.withdrawn) == (0, 0, 1, 0)
    assert v.findings[["row", "rule"]].to_records(index=False).tolist() == [(2, "no_consent")]
    assert v.findings["column"].isna().all()
    assert all(frame.empty for frame in v.tables.values())
    assert "CANARY" not in " ".join(frame.to_csv() for frame in (*v.tables.values(), v.findings)) + repr(v)


def test_a_file_without_its_consent_column_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="headings this feed must have"):
        judged(tmp_path, "drug_service", "ClientRef;Surname;Start", "SYN-1;Lee;01.02.2026")


def test_hospital_data_is_anonymous_and_no_table_of_it_can_name_anyone() -> None:
    assert [name for name, table in TABLES.items() if table.is_anonymous] == ["hospital_assaults"]
    assert FEEDS["ed_istv"].person_system is None
    with pytest.raises(ValueError, match="nothing that identifies anyone"):
        Table("x", "x", ("a",), (Column("a"), *identity("family_name")), is_anonymous=True)
    with pytest.raises(ValueError, match="nothing that identifies anyone"):
        Table("x", "x", ("a",), (Column("a"),), person="a", is_anonymous=True)


def test_a_feed_may_not_put_people_beside_an_anonymous_table(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "params" / "feeds" / "ed_istv.yaml"
    text = source.read_text(encoding="utf-8").replace("delivery: register", "delivery: register\nperson_system: health")
    (tmp_path / "ed_istv.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError, match="is anonymous"):
        read_policy(tmp_path / "ed_istv.yaml", Feed)
