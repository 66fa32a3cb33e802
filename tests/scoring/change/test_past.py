"""A change of the matrix: every rule that differs in words, who would have entered or left, and sums that come out."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from csp_toolkit.errors import ParamsError
from csp_toolkit.scoring.assessment import reckon
from csp_toolkit.scoring.change.diff import list_changes
from csp_toolkit.scoring.change.past import check_author, compare_matrices, list_steps
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.review.past_meetings import look_back
from tests.scoring.real_casebook import _loaded, real_view
from tests.scoring.small_pasts import meetings
from tests.scoring.small_views import MATRIX

T = date(2026, 1, 22)
DAYS = [T + timedelta(days=28 * n) for n in range(3)]


def changed(old: Matrix = MATRIX, *, criteria: dict[str, dict] | None = None, **more: Any) -> Matrix:
    new = tuple(c.model_copy(update=(criteria or {}).get(c.id, {})) for c in old.criteria)
    update = {"version": "2", "owner": "an analyst", "why": "A reason of its own.", "criteria": new, **more}
    return Matrix.model_validate(old.model_copy(update=update).model_dump())


def test_weight_and_window_are_said_in_words() -> None:
    found = list_changes(MATRIX, changed(criteria={"D1": {"base": 10.0, "window_days": 365}}, intelligence_cap=12.0))
    assert found["words"].tolist() == [
        "Intelligence cap: 16 -> 12", "D1: points: 14 -> 10", "D1: look-back in days: 730 -> 365",
    ]  # fmt: skip
    assert found["step"].tolist() == ["intelligence_cap", "D1", "D1"]


def test_name_reason_and_approval_are_no_rules() -> None:
    assert list_changes(MATRIX, changed(title="Other", note="Other", approved_on=date(2026, 1, 1))).empty


def leaves(value: Any, path: tuple = ()) -> list[tuple]:
    if isinstance(value, dict):
        return [found for key, one in value.items() for found in leaves(one, (*path, key))]
    if isinstance(value, list):
        return [found for at, one in enumerate(value) for found in leaves(one, (*path, at))] if value and isinstance(
            value[0], dict) else [path]  # fmt: skip
    return [path]


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, list):
        return [*value, "more"]
    return f"{value} other" if value is not None else "other"


def test_no_rule_can_change_without_a_line_that_says_so() -> None:
    """Every number, word and list of the file is changed by itself, and each leaves at least one line."""
    plain = MATRIX.model_dump(mode="json")
    about = ("name", "version", "owner", "approved_on", "why", "title", "note")
    silent = []
    for path in leaves(plain):
        if path[0] in about:
            continue
        copy = MATRIX.model_dump(mode="json")
        place = copy
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = other(place[path[-1]])

        class Fake:
            def __init__(self, content: dict) -> None:
                self.content = content

            def model_dump(self, mode: str) -> dict:
                return self.content

        if list_changes(Fake(plain), Fake(copy)).empty:  # type: ignore[arg-type]
            silent.append(path)
    assert silent == [] and len(leaves(plain)) > 300


def test_a_change_asks_for_author_version_and_a_reason_of_its_own_all_at_once() -> None:
    with pytest.raises(ParamsError) as refused:
        check_author(MATRIX, MATRIX.model_copy(update={"owner": " "}))
    assert all(word in str(refused.value) for word in ("owner:", "version:", "why: it is the old"))
    with pytest.raises(ParamsError, match="why: give the reason"):
        check_author(MATRIX, changed(why="  "))
    with pytest.raises(ParamsError, match="version"):
        compare_matrices(MATRIX, changed(version="1"), ())
    check_author(MATRIX, changed())


def test_the_same_matrix_under_another_version_changes_nothing_and_says_so() -> None:
    found = compare_matrices(MATRIX, changed(), meetings(DAYS, 14))
    assert found.moves.empty and found.reasons.empty and found.changes.empty
    assert (found.meetings[["n_left", "n_entered", "n_rank_changed"]] == 0).all(axis=None)
    assert (
        "Nobody would have entered or left the list at any of 3 meetings; no place changes either." in found.sentences
    )


def test_where_nothing_is_proposed_nothing_is_replayed() -> None:
    found = compare_matrices(MATRIX, None, meetings(DAYS, 3))
    assert found.sentences == ["No change of the matrix is proposed."] and found.meetings.empty


def test_who_enters_and_leaves_is_told_by_step_and_the_steps_add_up() -> None:
    new = changed(criteria={"V5": {"base": 0.5, "cap": 16.0}, "V3": {"base": 20.0}})
    past = meetings(DAYS, 14)
    found = compare_matrices(MATRIX, new, past)
    for meeting in past:
        before, after = (reckon(meeting.view, m).table.set_index("person_id")["score"] for m in (MATRIX, new))
        own = found.reasons[found.reasons["meeting_on"].eq(pd.Timestamp(meeting.on))]
        sums = own.groupby("person_id")["points"].sum().reindex(before.index, fill_value=0)
        assert sums.tolist() == (after.reindex(before.index) - before).tolist()
    assert set(found.reasons["step"]) == {"V5", "V3"}


def test_the_moves_are_those_of_scoring_twice_and_comparing_the_first_ten() -> None:
    new = changed(criteria={"V5": {"window_days": 10}})
    past = meetings(DAYS, 14)
    found = compare_matrices(MATRIX, new, past)
    for meeting in past:
        lists = []
        for matrix in (MATRIX, new):
            table = reckon(meeting.view, matrix).table
            lists.append(set(table.loc[table["rank"].le(10) & table["block"].eq("ranked"), "person_id"]))
        own = found.moves[found.moves["meeting_on"].eq(pd.Timestamp(meeting.on))]
        assert set(own.loc[own["move"].eq("enters"), "person_id"]) == lists[1] - lists[0]
        assert set(own.loc[own["move"].eq("leaves"), "person_id"]) == lists[0] - lists[1]
    assert len(found.moves) > 0  # with the weapons gone all fourteen are level, and ten are ten no more


def test_whom_a_gate_would_leave_out_is_told_by_the_gate() -> None:
    rules = MATRIX.gates.model_copy(update={"min_items": 3})
    found = compare_matrices(MATRIX, changed(gates=rules), meetings(DAYS[:1], 4))
    assert found.moves["move"].eq("leaves").all() and len(found.moves) == 4
    assert found.moves["why"].str.startswith("left out by gate g3").all()
    assert found.explain("P00").startswith("22 Jan 2026: leaves; left out by gate g3")


def test_a_step_that_would_contradict_itself_is_taken_together_with_the_next() -> None:
    """Without the last step of recency no look-back may reach so far: that matrix alone could not be read."""
    new = changed(recency=MATRIX.recency[:-1], criteria={"V1": {"window_days": 730}, "G1": {"window_days": 700}})
    names = [name for name, _ in list_steps(MATRIX, new, list_changes(MATRIX, new))]
    assert names == ["", "recency with V1 with G1"]


def test_a_criterion_taken_out_and_one_put_in_are_one_step() -> None:
    kept = tuple(c for c in MATRIX.criteria if c.id != "G3")
    extra = MATRIX.by_id["G3"].model_copy(update={"id": "G5"})
    new = changed().model_copy(update={"criteria": (*kept, extra)})
    assert list_changes(MATRIX, new)["words"].tolist()[0] == "G3: taken out"
    assert [name for name, _ in list_steps(MATRIX, new, list_changes(MATRIX, new))] == ["", "G3 and G5"]


@pytest.mark.real_data
def test_on_the_real_deliveries_every_difference_adds_up_and_every_move_has_a_cause() -> None:
    past = look_back(_loaded(), real_view("2026-11"), months=1)
    new = changed(criteria={"D1": {"base": 10.0}, "V3": {"window_days": 365}}, intelligence_cap=10.0)
    found = compare_matrices(MATRIX, new, past, view=real_view("2026-11"))
    assert found.meetings["basis"].tolist() == ["as known then", "as known then"]
    assert (found.meetings["n_rank_changed"] > 0).all() and len(found.reasons) > 30
    assert found.moves["why"].str.len().gt(10).all()
