"""What a match would change is what it does change once it is judged; and what judgements changed is said in counts."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.effects import (
    CHANGES,
    EFFECT_COLUMNS,
    NOTHING,
    Correction,
    compare_judged,
    weigh_matches,
)
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.decisions import Decision
from csp_toolkit.tables.view import View
from tests.scoring.real_casebook import copy_loaded
from tests.scoring.small_views import MATRIX

AS_OF = date(2026, 11, 26)
AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    return copy_loaded(tmp_path_factory.mktemp("judged") / "casebook.sqlite")


def judge_match(view: View, match: str, verdict: str) -> list[Decision]:
    """Judge all records of one match: the first against each of the others."""
    rows = view.possible_matches[view.possible_matches["match_id"] == match]
    ends = list(zip(rows["source_system"], rows["source_ref"], strict=True))
    return [
        Decision(kind="identity", meeting_on=AS_OF, decided_on=AS_OF, decided_by="SYN Analyst", role="Lead analyst",
                 outcome=verdict, reason="Photographs",
                 details={"system_a": ends[0][0], "ref_a": ends[0][1], "system_b": system, "ref_b": ref})
        for system, ref in ends[1:]
    ]  # fmt: skip


def record(casebook: Casebook, made: list[Decision]) -> None:
    casebook.decide(made, recorded_on=AS_OF, actor="test", at=AT)  # type: ignore[arg-type]


def decide(casebook: Casebook, made: list[Decision]) -> tuple[View, Scores]:
    record(casebook, made)
    view = casebook.view(AS_OF)
    return view, score(view, MATRIX)


@pytest.mark.real_data
def test_what_a_match_would_change_is_what_judging_it_changes(casebook: Casebook) -> None:
    view = casebook.view(AS_OF)
    scores = score(view, MATRIX)
    weighed = weigh_matches(view, scores)
    assert tuple(weighed.columns) == EFFECT_COLUMNS
    assert set(weighed["match_id"]) == set(view.possible_matches["match_id"])
    places = weighed["change"].map({change: place for place, change in enumerate(CHANGES)})
    assert places.is_monotonic_increasing
    moving = weighed[weighed["change"] != NOTHING]
    assert len(moving) >= 2
    pool = set(scores.table["person_id"]) | set(scores.left_out["person_id"])
    touching = weighed[weighed["person_ids"].str.split("; ").map(lambda people: bool(pool & set(people)))]
    for row in pd.concat([moving.head(3), touching[touching["change"] == NOTHING].head(1)]).to_dict("records"):
        after_view, after = decide(casebook, judge_match(view, row["match_id"], "SAME"))
        rows = view.possible_matches[view.possible_matches["match_id"] == row["match_id"]]
        keys = after_view.person_keys.set_index(["source_system", "source_ref"])["person_id"]
        (person,) = set(keys.loc[list(zip(rows["source_system"], rows["source_ref"], strict=True))])
        found = after.table[after.table["person_id"] == person]
        assert [row["points_after"]] == (found["score"].tolist() or [pd.NA])
        if len(found):
            assert row["rank_after"] == found["rank"].item()
        else:
            gates = after.left_out.set_index("person_id")["gate"]
            assert gates.get(person) == row["gate_after"] or pd.isna(row["gate_after"])
        told = compare_judged((view, scores), (after_view, after))
        assert told.n_joined == rows["person_id"].nunique() - 1 and told.n_split == 0
        assert (told.n_scores_changed + told.n_entered + told.n_left > 0) == (
            row["change"] not in (NOTHING, "other band or block") or row["points_before"] != row["points_after"]
        )
        record(casebook, judge_match(view, row["match_id"], "WITHDRAWN"))
    back = casebook.view(AS_OF)
    back_scores = score(back, MATRIX)
    assert compare_judged((view, scores), (back, back_scores)) == Correction(0, 0, 0, 0, 0, 0, 0)
    assert_frame_equal(back.person_keys, view.person_keys)
    assert_frame_equal(back_scores.table, scores.table)


def test_a_correction_is_said_in_counts() -> None:
    said = str(Correction(2, 1, 3, 1, 0, 8, 4))
    assert said.startswith("2 people joined to another, 1 split off; 3 scores changed")
    assert "8 rows of the ledger moved" in said and "4 links are held against a judgement" in said
    assert "held" not in str(Correction(2, 1, 3, 1, 0, 8, 0))
