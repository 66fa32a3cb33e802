"""Sliders without a browser: list and certainty follow, the plain table says the same, and nothing is saved unasked."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import packaged, read_policy
from csp_toolkit.scoring.assessment import reckon
from csp_toolkit.scoring.certainty.policy import read_certainty_policy
from csp_toolkit.scoring.certainty.uncertainty import assess_certainty
from csp_toolkit.scoring.change.draft import adjust, write_draft
from csp_toolkit.scoring.change.form import Sliders, try_changes
from csp_toolkit.scoring.matrix import Matrix
from tests.scoring.small_pasts import pool
from tests.scoring.small_views import MATRIX

T = date(2026, 1, 22)
POLICY = read_certainty_policy().model_copy(update={"draws": 200, "share_draws": 50})
SOURCE = packaged("params") / "matrices" / "csp_example_v1.yaml"


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    params = tmp_path_factory.mktemp("ws") / "params"
    (params / "matrices").mkdir(parents=True)
    (params / "matrices" / SOURCE.name).write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
    view = pool(T, 14)
    return try_changes(view, reckon(view, MATRIX), POLICY, seed=1, params=params)


def drafts(form) -> list[Path]:
    return sorted(form.drafts.iterdir()) if form.drafts.exists() else []


def test_the_list_and_its_certainty_are_those_of_scoring_with_the_other_matrix(form) -> None:
    trial = form.try_out(points={"V5": 1}, days={"V3": 365})
    criteria = tuple(c.model_copy(update={"V5": {"base": 1.0}, "V3": {"window_days": 365}}.get(c.id, {}))
                     for c in MATRIX.criteria)  # fmt: skip
    scores = reckon(form.view, MATRIX.model_copy(update={"criteria": criteria}))
    sure = assess_certainty(form.view, scores, POLICY, seed=1, with_shares=False).table.set_index("person_id")
    own = trial.table.set_index("person_id")
    assert own["score"].to_dict() == scores.table.set_index("person_id")["score"].to_dict()
    assert own["p_top10"].to_dict() == sure["p_top10"].to_dict()
    assert own["score_before"].to_dict() == form.scores.table.set_index("person_id")["score"].to_dict()


def test_nothing_moved_is_the_list_as_it_is(form) -> None:
    trial = form.try_out()
    assert trial.table["rank"].tolist() == trial.table["rank_before"].tolist()
    assert trial.sentences[:2] == ["Tried: nothing is changed.", "The first places go to the same people."]


def test_a_moved_slider_moves_the_list_beside_it_and_saves_nothing(form) -> None:
    pytest.importorskip("ipywidgets")
    sliders = Sliders(form)
    was = sliders.list.value
    sliders.points["V5"].value = 0.5
    assert sliders.moved() == ({"V5": 0.5}, {})
    assert sliders.list.value != was and "V5: points: 8 -&gt; 0.5" in sliders.list.value
    assert sliders.list.value == form.try_out(points={"V5": 0.5})._repr_html_()  # the plain table is the same
    sliders.days["V5"].value = 60
    assert "look-back in days: 730 -&gt; 60" in sliders.list.value
    sliders.put_back(None)
    assert sliders.moved() == ({}, {}) and sliders.list.value == was
    assert drafts(form) == []


def test_a_draft_asks_for_version_author_and_reason_and_is_written_when_it_has_them(form) -> None:
    pytest.importorskip("ipywidgets")
    sliders = Sliders(form)
    sliders.points["V5"].value = 4.0
    sliders.write(None)
    assert "version" in sliders.said.value and drafts(form) == []
    sliders.texts["version"].value, sliders.texts["why"].value = "2", "Blades: 'weigh' \"less\"; #1"
    sliders.write(None)
    assert "owner: name who proposes it" in sliders.said.value and drafts(form) == []
    sliders.texts["author"].value = "An analyst"
    sliders.write(None)
    assert "drafts/csp_example_v1-2.yaml" in sliders.said.value
    made = read_policy(drafts(form)[0], Matrix)
    assert (made.by_id["V5"].base, made.owner, made.approved_on) == (4.0, "An analyst", None)
    assert made.why == "Blades: 'weigh' \"less\"; #1"
    assert "# Days since the event" in drafts(form)[0].read_text(encoding="utf-8")  # the comments stay
    sliders.write(None)
    assert "is there already" in sliders.said.value and len(drafts(form)) == 1


def test_a_change_that_contradicts_itself_is_said_and_leaves_the_list(form, monkeypatch) -> None:
    pytest.importorskip("ipywidgets")
    sliders = Sliders(form)
    was = sliders.list.value
    sliders.days["V1"].max = 5000
    sliders.days["V1"].value = 4000
    assert "beyond the last recency step" in sliders.said.value and sliders.list.value == was


def test_without_widgets_the_same_table_stands_and_a_word_says_why(form, monkeypatch) -> None:
    import IPython.display

    from csp_toolkit.scoring.change import form as matrix_form

    shown: list[object] = []
    monkeypatch.setattr(matrix_form, "find_spec", lambda name: None)
    monkeypatch.setattr(IPython.display, "display", shown.append)
    form._ipython_display_()
    assert "ipywidgets" in repr(shown[0]) and repr(shown[1]).startswith("Tried: nothing is changed.")
    assert form.try_out()._repr_html_() == shown[1]._repr_html_()  # type: ignore[attr-defined]


def test_themes_move_with_their_criterion_and_caps_stay() -> None:
    made = adjust(MATRIX, points={"V7": 2.5})
    assert [made.themes[name].base for name in ("FIREARM", "WEAPON", "CONFLICT")] == [4.0, 2.5, 1.5]
    assert made.themes["SUPPLY"].base is None and made.by_id["V7"].cap == MATRIX.by_id["V7"].cap


def test_a_criterion_that_is_not_there_and_points_out_of_range_are_refused() -> None:
    with pytest.raises(ParamsError, match="no criterion X9"):
        adjust(MATRIX, points={"X9": 1})
    with pytest.raises(ParamsError, match="contradict itself"):
        adjust(MATRIX, points={"V1": -1})


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [("../escape", "2", "name: small letters"), ("csp", "2/3", "version: letters"), ("csp", "", "version: letters")],
)
def test_a_draft_cannot_be_written_anywhere_but_in_its_folder(name, version, said, tmp_path) -> None:
    with pytest.raises(ParamsError, match=said):
        write_draft(MATRIX, SOURCE, tmp_path, name=name, version=version, author="A", why="Because it is so.")
    assert list(tmp_path.iterdir()) == []


def test_a_draft_is_never_written_beside_the_matrix_in_use() -> None:
    with pytest.raises(ParamsError, match="would stop every meeting"):
        write_draft(MATRIX, SOURCE, SOURCE.parent, name="x", version="2", author="A", why="Because it is so.")


def test_a_file_laid_out_otherwise_still_gives_a_draft_that_reads_as_meant(tmp_path) -> None:
    import yaml

    source = tmp_path / "matrices" / "odd.yaml"
    source.parent.mkdir()
    source.write_text(yaml.safe_dump(MATRIX.model_dump(mode="json"), default_flow_style=True), encoding="utf-8")
    made = write_draft(adjust(MATRIX, points={"D1": 9.5}), source, tmp_path / "drafts", name="odd", version="2",
                       author="A", why="Because it is so.")  # fmt: skip
    assert read_policy(made, Matrix).by_id["D1"].base == 9.5


def test_who_is_ranked_in_one_of_the_two_alone_stands_in_the_table(form) -> None:
    rules = MATRIX.gates.model_copy(update={"min_items": 2})
    assert rules == MATRIX.gates
    trial = form.try_out(days={"V3": 5, "D5": 5, "V5": 5})
    assert trial.table["rank"].isna().all() and "not ranked" in trial._repr_html_()
    assert pd.notna(trial.table["rank_before"]).all()
