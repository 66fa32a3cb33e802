"""The form tries, checks and records through the same path as every decision, and shows the band while answering."""

from datetime import date
from pathlib import Path

import pytest

from csp_toolkit.errors import DecisionError, TableError
from csp_toolkit.risk import assessment_form
from csp_toolkit.risk.answers import collect_answers
from csp_toolkit.risk.assessment_entry import Given
from csp_toolkit.risk.assessment_form import AssessmentForm, fill_assessment
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.overriding.overrides import settle_overrides
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.view import View
from tests.risk.small_answers import AS_OF, RAT
from tests.risk.small_harm import harm_view
from tests.tables.deliveries import OCTOBER, agreements, checked, load, new_casebook, person

WHO = {"decided_by": "SYN Assessor", "role": "assessor"}
QUIET = {i.id: Given("0") for i in RAT.indicators if i.applies != "adult"}
REASON = "Her social worker has known her for two years and sees her every week at home."


@pytest.fixture
def casebook(tmp_path: Path) -> Casebook:
    made = new_casebook(tmp_path)
    load(made, OCTOBER, agreements(), checked("police_nominals", person_records=[person("C1")]))
    return made


def view_with(casebook: Casebook) -> View:
    """Return a view of one case, with what the casebook holds of decisions."""
    episode = {"missing_ref": "M1", "person_id": "P", "last_seen_at": "2026-11-01", "reported_at": "2026-11-01",
               "found_at": "2026-11-04"}  # fmt: skip
    view = harm_view(
        people=[{"person_id": "P", "dob": "2011-05-01", "dob_precision": "EXACT"}], missing_episodes=[episode],
        cases=[{"case_ref": "C1", "person_id": "P", "status": "ACTIVE", "lead_agency": "Council"}],
        assessment_answers=[{"case_ref": "C1", "assessment_no": 1, "assessed_on": "2026-09-01", "indicator": "V1.1",
                             "answer": "2", "source_agency": "POL", "note": "seen", "person_id": "P"}],
    )  # fmt: skip
    object.__setattr__(view, "decisions", casebook.view(AS_OF).decisions.assign(person_id="P"))
    return view


def open_form(casebook: Casebook) -> AssessmentForm:
    return fill_assessment(view_with(casebook), casebook, RAT, "C1")


def test_the_next_assessment_is_opened_with_the_last_one_to_read_and_not_to_carry_forward(casebook: Casebook) -> None:
    form = open_form(casebook)
    assert (form.assessment_ref, form.started.empty, form.before["answer"].tolist()) == ("C1/2", True, ["2"])
    assert form.try_answers({}).table["n_known"].tolist() == [0]
    with pytest.raises(TableError, match="No case"):
        fill_assessment(form.view, casebook, RAT, "C9")


def test_trying_answers_shows_band_and_range_and_records_nothing(casebook: Casebook) -> None:
    form = open_form(casebook)
    tried = form.try_answers(QUIET | {"V5.1": Given("2", note="seen"), "V5.4": Given("UNKNOWN", reason="DECLINED")})
    assert tried.say_band("C1/2", "V") == "HIGH 12 (12-19)"
    assert tried.table["status"].tolist() == ["COMPLETE"]
    assert casebook.view(AS_OF).decisions.empty


def test_what_is_recorded_is_the_assessment_in_the_next_view_and_stands_in_the_log(casebook: Casebook) -> None:
    form = open_form(casebook)
    answers = QUIET | {"V1.1": Given("3", note="three episodes", last_seen_on=date(2026, 11, 1), is_suggested=True)}
    assert form.record(answers, **WHO).n_recorded == len(answers)
    again = view_with(casebook)
    found = assess(collect_answers(again, RAT), as_of=AS_OF)
    assert found.table["assessment_ref"].tolist() == ["C1/1", "C1/2"]
    assert found.say_band("C1/2", "V") == form.try_answers(answers).say_band("C1/2", "V")
    assert casebook.log.verify().is_sound and "three episodes" not in casebook.log.entries().to_csv()
    assert open_form(casebook).assessment_ref == "C1/2", "the assessment of the day goes on"


def test_an_answer_given_again_takes_the_place_of_the_first(casebook: Casebook) -> None:
    open_form(casebook).record({"V1.1": Given("0")}, **WHO)
    open_form(casebook).record({"V1.1": Given("2", note="seen")}, **WHO)
    table = collect_answers(view_with(casebook), RAT).table
    assert table.loc[table["assessment_ref"].eq("C1/2"), "value"].tolist() == [2]


def test_what_cannot_have_been_seen_is_refused_and_nothing_is_recorded(casebook: Casebook) -> None:
    wrong = {"V1.1": Given("2", last_seen_on=date(2026, 11, 27), note="seen"), "V1.2": Given("0")}
    with pytest.raises(DecisionError, match=r"V1\.1 cannot have been seen"):
        open_form(casebook).record(wrong, **WHO)
    with pytest.raises(DecisionError, match="decided_by is empty"):
        open_form(casebook).record({"V1.2": Given("0")}, decided_by="", role="assessor")
    assert casebook.view(AS_OF).decisions.empty


def test_checks_run_on_what_is_about_to_be_saved(casebook: Casebook) -> None:
    found = open_form(casebook).check(QUIET)
    assert found.table["code"].tolist() == ["X01"] and "missing once" in found.explain("C1/2")


def test_an_override_is_recorded_or_refused_with_every_rule_it_does_not_keep(casebook: Casebook) -> None:
    open_form(casebook).record(QUIET, **WHO)
    form = open_form(casebook)
    said = {"reason": REASON, "evidence": "visit", "valid_until": date(2026, 12, 20), "decided_on": AS_OF, **WHO}
    with pytest.raises(DecisionError, match="2 bands, and not countersigned"):
        form.override("V", "HIGH", **said)
    assert form.override("V", "MEDIUM", **said).n_recorded == 1
    view = view_with(casebook)
    settled = settle_overrides(assess(collect_answers(view, RAT), as_of=AS_OF), view)
    assert settled.table[["assessment_ref", "state"]].values.tolist() == [["C1/2", "in force"]]


def test_without_the_extra_it_says_how_to_do_without(casebook: Casebook, monkeypatch, capsys) -> None:
    monkeypatch.setattr(assessment_form, "find_spec", lambda name: None)
    open_form(casebook)._ipython_display_()
    assert "from code" in capsys.readouterr().out


def test_the_form_shows_the_band_while_answering_accepts_a_suggestion_and_records(casebook: Casebook) -> None:
    widgets = pytest.importorskip("ipywidgets")
    from csp_toolkit.risk.assessment_widgets import draw_form

    box = draw_form(open_form(casebook))
    shown, domains, by, role, button, said = box.children
    assert "not yet assessable" in shown.value and "ranks no child" in shown.value
    missing = domains.children[0].children[0]
    line, suggestion = missing.children[1], missing.children[2]
    assert "one missing episode in 183 days, one over 24 hours" in suggestion.children[1].value
    suggestion.children[0].click()
    assert line.children[0].value == "3" and "1 of 80 questions answered" in shown.value
    button.click()
    assert "decided_by is empty" in said.value
    by.value, role.value = "SYN Assessor", "assessor"
    button.click()
    assert said.value.startswith("1 recorded")
    assert isinstance(box, widgets.VBox) and len(casebook.view(AS_OF).decisions) == 1
