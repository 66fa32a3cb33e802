"""Who came, went, rose or fell, why, and sums that must come out."""

from dataclasses import replace

import pandas as pd
import pytest

from csp_toolkit.errors import CheckFailed, TableError
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.moves.movement import (
    MOVEMENT_COLUMNS,
    Movement,
    check_points,
    compare,
    list_earlier,
    name_moves,
    reconcile,
)
from csp_toolkit.tables.view import View
from tests.scoring.real_casebook import MEETINGS, real_view
from tests.scoring.small_views import AS_OF, MATRIX, ago, on_register, passing, report, small_view, subject

Standing = tuple[float, str, int, str]


def beside(now: Standing | None, before: Standing | None) -> pd.DataFrame:
    """Return one person's points, band, rank and block at two meetings, as a move is named from them."""
    nothing = (pd.NA, pd.NA, pd.NA, pd.NA)
    (after, band, rank, block), (was, band_before, rank_before, block_before) = now or nothing, before or nothing
    row = {
        "person_id": "P", "after": after if now is None else round(after * 10_000), "band": band, "rank": rank,
        "block": block, "before": was if before is None else round(was * 10_000), "band_before": band_before,
        "rank_before": rank_before, "block_before": block_before,
    }  # fmt: skip
    whole = dict.fromkeys(("after", "before", "rank", "rank_before"), "Int64")
    return pd.DataFrame([row]).astype({name: "str" for name in row if name not in whole} | whole)


def moved(now: Standing | None, before: Standing | None, *, is_comparable: bool = True) -> str:
    return name_moves(beside(now, before), MATRIX, is_comparable=is_comparable).iloc[0]


@pytest.mark.parametrize(
    ("now", "before", "movement"),
    [
        ((46, "Red", 5, "ranked"), (44, "Amber", 5, "ranked"), "UP"),
        ((44, "Amber", 4, "ranked"), (46, "Red", 5, "ranked"), "DOWN"),  # the band goes before the place
        ((25, "Amber", 9, "ranked"), (25, "Amber", 10, "ranked"), "UP"),
        ((25, "Amber", 11, "ranked"), (25, "Amber", 10, "ranked"), "DOWN"),
        ((15, "Green", 20, "ranked"), (15, "Green", 22, "ranked"), "NO_CHANGE"),
        ((15, "Green", 20, "ranked"), (15, "Green", 23, "ranked"), "UP"),
        ((15, "Green", 23, "ranked"), (15, "Green", 20, "ranked"), "DOWN"),
        ((29.9999, "Amber", 20, "ranked"), (20, "Amber", 20, "ranked"), "NO_CHANGE"),
        ((30, "Amber", 20, "ranked"), (20, "Amber", 20, "ranked"), "UP"),
        ((20, "Amber", 1, "custody"), (20, "Amber", 20, "ranked"), "NO_CHANGE"),
        ((20, "Amber", 3, "ranked"), (20, "Amber", 3, "ranked"), "NO_CHANGE"),
        ((20, "Amber", 3, "ranked"), None, "NEW_IN"),
        (None, (20, "Amber", 3, "ranked"), "OUT"),
    ],
)
def test_a_move_is_of_band_else_of_places_else_of_points(now, before, movement) -> None:
    assert moved(now, before) == movement


def test_under_another_version_of_the_matrix_nothing_is_comparable_but_who_came_and_went() -> None:
    here = (25, "Amber", 3, "ranked")
    assert [moved(here, here, is_comparable=False), moved(here, None, is_comparable=False)] == [
        "NOT_COMPARABLE", "NEW_IN",
    ]  # fmt: skip


LAST = AS_OF.replace(month=10, day=29)


def months(before: dict, now: dict) -> tuple[View, View]:
    return small_view(as_of=LAST, **before), small_view(**now)


def compared(last_view: View, view: View, *, last_matrix=MATRIX) -> Movement:
    return compare(score(view, MATRIX), score(last_view, last_matrix), view=view, last_view=last_view)


def test_without_a_meeting_before_everyone_is_new_and_nothing_is_split() -> None:
    found = compare(score(small_view(**passing()), MATRIX), None)
    assert found.causes[list(MOVEMENT_COLUMNS)].values.tolist() == [["P", "NEW_IN", "no earlier meeting", pd.NA]]
    assert found.sums == "No meeting before to compare with."
    assert found.explain("P") == "new in: no meeting before to compare with"


def test_whoever_stayed_as_they_were_has_one_row_of_no_points() -> None:
    dated = passing(reviews=[on_register(last_review_on=ago(40), next_review_on=ago(-30))])
    dated["crimes"][0]["from_on"] = ago(60)
    dated["intel_reports"] = [report(submitted_on=ago(45), event_on=ago(45))]
    found = compared(*months(dated, dated))
    assert found.causes.values.tolist() == [["P", "NO_CHANGE", "no change", 0, 0]]
    assert found.explain("P") == "no change: nothing new, nothing aged"


def test_a_mover_is_told_why_in_one_sentence_that_adds_up_as_printed() -> None:
    was = passing(reviews=[on_register(last_review_on=ago(40), next_review_on=ago(-30))])
    was["crimes"][0]["from_on"] = ago(100)
    was["intel_reports"] = [report(submitted_on=ago(45), event_on=ago(45))]
    now = was | {
        "intel_reports": [*was["intel_reports"], report("R2", theme="FIREARM")],
        "intel_subjects": [subject(), subject("R2")],
    }
    found = compared(*months(was, now))
    assert found.explain("P") == "no move; points +6.1: decay −1.9, 1 new item +8.0"
    assert found.table["points"].tolist() == [80_000 - 19_200]
    steps = found.list_steps("P")
    assert steps["words"].tolist() == ["Score at the meeting of 2026-10-29", "decay", "1 new item"]
    assert steps["weight"].sum() == pytest.approx(round(found.table["after"].iloc[0] / 10_000, 1))
    assert 'aria-label="no move; points +6.1: decay −1.9, 1 new item +8.0"' in found.draw("P")
    assert "12.6 points then, decay −1.9 new items +8.0 = 18.7 now; of 1 people" in found.sums
    assert "1 NO_CHANGE" in found._repr_html_()
    with pytest.raises(TableError, match="scored at either meeting"):
        found.explain("Q")


def test_who_is_out_is_told_by_which_gate_and_who_is_in_what_kept_them_out() -> None:
    here = passing()
    overdue = passing(reviews=[on_register(next_review_on=ago(5), last_review_on=ago(40))])
    found = compared(*months(passing(reviews=[on_register(last_review_on=ago(40))]), overdue))
    assert found.table["why"].tolist() == ["g4: review was due on 21 November 2026"]
    assert found.explain("P") == "out, was 12.6; g4: review was due on 21 November 2026"
    assert found.causes[["cause", "points"]].values.tolist() == [["gate", -126_000]]
    unowned = passing(reviews=[on_register(review_owner=None)])
    found = compared(*months(unowned, here))
    assert found.explain("P") == "new in at 12.6; at the last meeting left out, g4: no owner"
    found = compared(*months(here | {"reviews": []}, here))
    assert found.explain("P") == "new in at 12.6; at the last meeting not on the register"
    found = compared(*months(here, here | {"reviews": []}))
    assert found.explain("P") == "out, was 12.6; not on the register"


def test_who_was_removed_once_or_was_on_an_earlier_list_returns() -> None:
    again = passing(reviews=[on_register(included_on=ago(20), last_review_on=ago(20), items_relied_on="C1; R1")])
    removal = {"kind": "removal", "person_id": "P", "decided_on": ago(60), "outcome": "REMOVE", "role": "chair",
               "reason": "nothing live"}  # fmt: skip
    view = small_view(decisions=[removal], **again)
    assert list_earlier(view, LAST) == {"P"}
    listed = [
        {"meeting_on": ago(90), "place": 1, "person_ref": "Q"},
        {"meeting_on": ago(28), "place": 1, "person_ref": "R"},
    ]
    assert list_earlier(small_view(police_list=listed, **passing()), LAST) == {"Q"}
    last_view = small_view(as_of=LAST, **passing(reviews=[]))
    found = compare(score(view, MATRIX), score(last_view, MATRIX), view=view, last_view=last_view)
    assert found.table["movement"].tolist() == ["RETURNED"]


def test_another_matrix_carries_what_it_did_and_the_rest_is_split_by_it() -> None:
    lower = MATRIX.model_copy(
        update={"version": "2", "criteria": tuple(
            c.model_copy(update={"base": 6.0}) if c.id == "V3" else c for c in MATRIX.criteria)}
    )  # fmt: skip
    dated = passing(reviews=[on_register(last_review_on=ago(40))])
    dated["crimes"][0]["from_on"] = ago(100)
    dated["intel_reports"] = [report(submitted_on=ago(45), event_on=ago(45))]
    found = compared(*months(dated, dated), last_matrix=lower)
    assert found.table["movement"].tolist() == ["NOT_COMPARABLE"]
    assert found.causes[["cause", "points"]].values.tolist() == [["matrix", 48_000], ["decay", -19_200]]
    assert found.explain("P") == "not comparable, the matrix changed; points +2.9: matrix +4.8, decay −1.9"


def test_views_are_needed_to_say_why() -> None:
    scores = score(small_view(**passing()), MATRIX)
    with pytest.raises(TableError, match="pass the views of both"):
        compare(scores, scores)


def test_sums_that_do_not_come_out_fail_the_run() -> None:
    table = pd.DataFrame({"person_id": ["P"], "movement": ["NEW_IN"], "points": pd.array([10], "Int64")})
    assert reconcile(table, 0, 1) == "opening 0 + in 1 + returned 0 - out 0 = closing 1"
    with pytest.raises(CheckFailed, match="does not add up"):
        reconcile(table, 0, 2)
    check_points(table, pd.DataFrame({"person_id": ["P", "P"], "points": [13, -3]}))
    with pytest.raises(CheckFailed, match="1 of 1 people"):
        check_points(table, pd.DataFrame({"person_id": ["P"], "points": [9]}))


@pytest.mark.real_data
def test_of_both_deliveries_everybodys_causes_add_up_to_their_change() -> None:
    last_view, view = (real_view(month) for month in MEETINGS)
    before = score(last_view, MATRIX)
    now = score(view, MATRIX, before=before)
    found = compare(now, before, view=view, last_view=last_view)
    was, is_now = (scores.table.set_index("person_id")["score"] for scores in (before, now))
    everybody = was.index.union(is_now.index)
    change = is_now.reindex(everybody).fillna(0) - was.reindex(everybody).fillna(0)
    assert found.causes.groupby("person_id")["points"].sum().reindex(everybody).equals(change)
    assert set(found.table["person_id"]) == set(everybody)
    assert change.ne(0).sum() > 50
    assert found.causes.loc[found.causes["points"].ne(0), "cause"].nunique() >= 5
    gone = found.table[found.table["movement"].eq("OUT")]
    assert len(gone) >= 5 and gone["why"].notna().all()


@pytest.mark.real_data
def test_of_the_real_deliveries_only_time_is_a_cause_where_only_the_day_moves() -> None:
    last_view = real_view("2026-10")
    later = replace(last_view, as_of=AS_OF)
    found = compare(score(later, MATRIX), score(last_view, MATRIX), view=later, last_view=last_view)
    assert set(found.causes["cause"]) == {"gate", "decay", "no change"}
