"""The notebook form records through the same path as the workbook, or says how to do without it."""

from datetime import date
from pathlib import Path

import pytest

from csp_toolkit.errors import DecisionError
from csp_toolkit.sharing import judgement_form
from csp_toolkit.sharing.judgement_form import judge
from csp_toolkit.tables.casebook import Casebook
from tests.tables.deliveries import OCTOBER, agreements, checked, load, new_casebook, person

AS_OF = date(2026, 11, 26)
SAID = {"decided_by": "SYN Analyst", "role": "Lead analyst", "reason": "Photographs", "decided_on": date(2026, 11, 20)}


@pytest.fixture
def casebook(tmp_path: Path) -> Casebook:
    made = new_casebook(tmp_path)
    records = [person("42SYN/1"), person("42SYN/2"), person("42SYN/3", "OTHER")]
    load(made, OCTOBER, agreements(), checked("police_nominals", person_records=records))
    return made


def test_a_verdict_given_in_the_form_stands_in_the_next_view(casebook: Casebook) -> None:
    form = judge(casebook.view(AS_OF), casebook)
    (pair,) = form.pairs
    assert "WATSON" not in pair and "same name and date of birth" in pair
    assert form.record(pair, "SAME", **SAID).n_recorded == 1
    view = casebook.view(AS_OF)
    assert view.possible_matches.empty and view.judgements["decided_by"].tolist() == ["SYN Analyst"]
    assert casebook.log.entries()["actor"].tolist()[-1] == "SYN Analyst" and casebook.log.verify().is_sound
    assert not judge(view, casebook).pairs


def test_what_the_workbook_would_refuse_the_form_refuses(casebook: Casebook) -> None:
    form = judge(casebook.view(AS_OF), casebook)
    with pytest.raises(DecisionError, match="reason is empty"):
        form.record(next(iter(form.pairs)), "SAME", **SAID | {"reason": " "})
    assert casebook.view(AS_OF).judgements.empty


def test_without_the_extra_it_says_how_to_use_the_workbook(casebook: Casebook, monkeypatch, capsys) -> None:
    monkeypatch.setattr(judgement_form, "find_spec", lambda name: None)
    judge(casebook.view(AS_OF), casebook)._ipython_display_()
    assert "csp export" in capsys.readouterr().out


def test_the_button_records_and_says_what_was_wrong(casebook: Casebook) -> None:
    pytest.importorskip("ipywidgets")
    form = judge(casebook.view(AS_OF), casebook)
    box = judgement_form._draw(form)
    pair, verdict, by, role, reason, decided_on, until, button, said = box.children
    button.click()
    assert "Nothing was recorded" in said.value
    decided_on.value, by.value, role.value = SAID["decided_on"], "SYN Analyst", "Lead analyst"
    button.click()
    assert "Choose a pair, a verdict" in said.value and verdict.value is None, "nobody is taken for anybody beforehand"
    verdict.value = "SAME"
    button.click()
    assert "reason is empty" in said.value
    reason.value, verdict.value = "Photographs", "NOT_SAME"
    button.click()
    assert "1 recorded" in said.value
    assert casebook.view(AS_OF).judgements["verdict"].tolist() == ["NOT_SAME"]
