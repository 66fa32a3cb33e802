"""Judgements in the workbook: out with what is open, in with what was filled in, and out again."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.errors import DecisionError
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.sheets import read_workbook, write_workbook
from tests.tables.deciding.test_decisions import fill
from tests.tables.deliveries import NOON, OCTOBER, agreements, checked, load, new_casebook, person, report

MEETING = date(2026, 11, 26)
PEOPLE = pd.DataFrame({"person_ref": ["42SYN/1"], "name": ["WATSON, Alfie"]})
PAIRS = {
    "identity": pd.DataFrame({"system_a": ["police", "police"], "ref_a": ["42SYN/1", "42SYN/1"],
                              "system_b": ["police", "prison"], "ref_b": ["42SYN/2", "SYNA3"], "names": ["=1+1", "x"],
                              "effect_on_the_list": ["leaves the ranking", "nothing"]}),
    "origin": pd.DataFrame({"report_a": ["R1"], "report_b": ["R2"], "similarity": [0.91]}),
}  # fmt: skip
FORM = {"Reason": "Photographs", "Decided_by": "SYN Analyst", "Role": "Lead analyst", "Decided_on": MEETING}


@pytest.fixture
def casebook(tmp_path: Path) -> Casebook:
    made = new_casebook(tmp_path)
    load(made, OCTOBER, agreements(), checked("police_nominals", person_records=[person("42SYN/1"), person("42SYN/2")]),
         checked("police_intel", intel_reports=[report("R1"), report("R2")]),
         checked("prison_status", person_records=[person("SYNA3")]))  # fmt: skip
    return made


def decide(casebook: Casebook, path: Path) -> tuple[int, int]:
    told = casebook.decide(read_workbook(path), recorded_on=MEETING, actor="analyst", at=NOON)
    return told.n_recorded, told.n_unchanged


def test_pairs_go_out_with_what_they_would_change_and_come_in_as_judgements(casebook: Casebook, tmp_path: Path) -> None:
    path, again = tmp_path / "decisions.xlsx", tmp_path / "again.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE, sheets=PAIRS, notes={"identity": "2 pairs open."})
    assert read_workbook(path).empty
    fill(path, "Identity", 4, **FORM, Outcome="SAME", Valid_until="26/05/2027")
    fill(path, "Identity", 5, **FORM, Outcome="UNDECIDED")
    fill(path, "Origins", 4, **FORM, Outcome="NOT_SAME")
    assert decide(casebook, path) == (3, 0)
    assert decide(casebook, path) == (0, 3)
    view = casebook.view(MEETING)
    assert view.judgements[["kind", "ref_a", "ref_b", "verdict"]].values.tolist() == [
        ["identity", "42SYN/1", "42SYN/2", "SAME"], ["identity", "42SYN/1", "SYNA3", "UNDECIDED"],
        ["origin", "R1", "R2", "NOT_SAME"],
    ]  # fmt: skip
    write_workbook(again, meeting_on=date(2026, 12, 31), people=PEOPLE, judgements=view.judgements)
    assert decide(casebook, again) == (0, 3)


def test_a_pair_written_into_an_empty_row_is_taken_in(casebook: Casebook, tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE)
    ends = {"Records_of": "police", "Reference": "42SYN/2", "Other_records_of": "police", "Other_reference": "42SYN/1"}
    fill(path, "Identity", 4, **FORM, **ends, Outcome="NOT_SAME", Meeting=MEETING)
    assert decide(casebook, path) == (1, 0)


def test_half_a_judgement_is_refused_by_sheet_and_row_and_without_its_words(casebook: Casebook, tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE, sheets=PAIRS)
    fill(path, "Identity", 5, Outcome="SAME", Reason="Secret words")
    fill(path, "Origins", 4, **FORM, Outcome="UNDECIDED")
    with pytest.raises(DecisionError) as caught:
        read_workbook(path)
    says = str(caught.value)
    assert "Identity row 5: decided_on is empty, decided_by is empty, role is empty" in says
    assert "Origins row 4: outcome is none of SAME, NOT_SAME, WITHDRAWN" in says
    assert "Secret" not in says and "SYNA3" not in says


def test_one_pair_judged_on_two_rows_is_refused_whichever_way_round(casebook: Casebook, tmp_path: Path) -> None:
    path = tmp_path / "decisions.xlsx"
    turned = PAIRS["identity"].rename(columns={"system_a": "system_b", "system_b": "system_a", "ref_a": "ref_b",
                                               "ref_b": "ref_a"})  # fmt: skip
    pairs = pd.concat([PAIRS["identity"], turned])[["system_a", "ref_a", "system_b", "ref_b"]]
    write_workbook(path, meeting_on=MEETING, people=PEOPLE, sheets={"identity": pairs})
    fill(path, "Identity", 4, **FORM, Outcome="SAME")
    fill(path, "Identity", 6, **FORM, Outcome="NOT_SAME")
    with pytest.raises(DecisionError, match="Identity row 4: decided twice; Identity row 6: decided twice"):
        decide(casebook, path)


def test_a_withdrawn_judgement_is_not_filled_in_again(casebook: Casebook, tmp_path: Path) -> None:
    from tests.tables.deciding.test_judgements import ONE, TWO, judge

    made = judge(ONE, TWO, "SAME")
    for one in (made, replace(made, outcome="WITHDRAWN")):
        casebook.decide([one], recorded_on=MEETING, actor="analyst", at=NOON)  # type: ignore[arg-type]
    path = tmp_path / "decisions.xlsx"
    write_workbook(path, meeting_on=MEETING, people=PEOPLE, judgements=casebook.view(MEETING).judgements)
    assert read_workbook(path).empty
