"""An open match is one person in its share of the draws, and is then scored as one person would be."""

from dataclasses import replace

import pandas as pd
import pytest

from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.certainty.open_identity import find_open_matches, stand
from csp_toolkit.scoring.certainty.reruns import prepare_reruns
from csp_toolkit.scoring.certainty.uncertainty import assess_certainty
from csp_toolkit.scoring.what_if.effects import merge_people
from csp_toolkit.tables.view import PERSON_KEY_COLUMNS, POSSIBLE_MATCH_COLUMNS
from tests.scoring.small_pools import policy
from tests.scoring.small_views import (
    MATRIX,
    ago,
    crime,
    on_register,
    passing,
    record,
    report,
    small_view,
    subject,
    suspect,
)

ONLY = policy(draws=2_000, share_draws=100, sources=["identity"])


def match(match_id: str, *people: str, p_same: float | None = 0.3) -> list[dict]:
    return [
        {"match_id": match_id, "source_system": "police", "source_ref": person, "person_id": person, "reason": "alike",
         "p_same": p_same, "looked_at": ""}
        for person in people
    ]  # fmt: skip


def view_of(*matches: dict, **changed):
    """P and Q are on the register; R is not, and has a conviction; P and Q were charged with one robbery."""
    tables = passing(
        person_records=[record("P"), record("Q"), record("R")],
        reviews=[on_register("P"), on_register("Q", items_relied_on="C1; R2")],
        crimes=[crime(outcome_code="1"), crime("C2", ho_code="5D/1", outcome_code="1", from_on=ago(60)),
                crime("C3", ho_code="10D/1", outcome_code="1", from_on=ago(70))],
        crime_suspects=[suspect(), suspect("C1", "Q"), suspect("C2", "R"), suspect("C3", "Q")],
        intel_reports=[report(), report("R2", theme="WEAPON")],
        intel_subjects=[subject(), subject("R2", "Q")],
    )  # fmt: skip
    view = small_view(**(tables | changed))
    listed = pd.DataFrame(list(matches), columns=list(POSSIBLE_MATCH_COLUMNS)).astype({"p_same": "float64"})
    keys = pd.DataFrame({"source_system": "police", "source_ref": list("PQR"), "person_id": list("PQR")}).astype("str")
    return replace(view, possible_matches=listed, person_keys=keys[list(PERSON_KEY_COLUMNS)])


def redraw(view, n_draws: int = 2_000):
    scores = score(view, MATRIX)
    people = scores.table["person_id"].tolist()
    standings = stand(view, scores, find_open_matches(view, scores, people, most=4))
    pool = prepare_reruns(scores, people, *standings, ONLY, seed=1)
    drawn = pool.score({"identity": range(n_draws)}, n_draws).score
    return scores, pd.DataFrame(drawn.T, columns=people)


def points_of(view, person: str) -> int:
    table = score(view, MATRIX).table.set_index("person_id")
    return int(table["score"].get(person, 0))


def test_a_record_that_is_not_on_the_register_brings_its_items_in_its_share_of_the_draws() -> None:
    view = view_of(*match("M1", "P", "R"))
    scores, drawn = redraw(view)
    apart, joined = points_of(view, "P"), points_of(merge_people(view, {"P": "P", "R": "P"}), "P")
    assert joined > apart and set(drawn["P"]) == {apart, joined}
    assert drawn["P"].eq(joined).mean() == pytest.approx(0.3, abs=0.04)
    assert drawn["Q"].nunique() == 1


def test_of_two_who_are_ranked_one_stands_for_both_and_the_other_has_no_place() -> None:
    view = view_of(*match("M1", "P", "Q"))
    scores, drawn = redraw(view)
    first, other = scores.list_ranked()
    joined = points_of(merge_people(view, {"P": first, "Q": first}), first)
    is_one = drawn[other].eq(0)
    assert is_one.mean() == pytest.approx(0.3, abs=0.04)
    assert set(drawn.loc[is_one, first]) == {joined}
    assert set(drawn.loc[~is_one, first]) == {points_of(view, first)}
    # They were charged with one robbery, which was charged together with another only while they are two.
    apart = points_of(view, "P") + points_of(view, "Q")
    assert joined < apart


def test_matches_that_hang_together_are_joined_round_each_other() -> None:
    view = view_of(*match("M1", "P", "Q", p_same=0.5), *match("M2", "Q", "R", p_same=0.5))
    scores, drawn = redraw(view)
    first, other = scores.list_ranked()
    everybody = points_of(merge_people(view, dict.fromkeys("PQR", first)), first)
    both = drawn[first].eq(everybody)
    assert both.mean() == pytest.approx(0.25, abs=0.04) and (drawn.loc[both, other] == 0).all()
    with_r = points_of(merge_people(view, {"Q": "Q", "R": "Q"}), "Q")
    assert drawn["Q"].eq(with_r).mean() == pytest.approx(0.25, abs=0.04)


def test_a_match_without_a_chance_is_held_apart_and_counted() -> None:
    view = view_of(*match("M1", "P", "R", p_same=None), *match("M2", "P", "Q", p_same=0.2))
    certainty = assess_certainty(view, score(view, MATRIX), ONLY, seed=1)
    assert (certainty.n_matches, certainty.n_matches_apart) == (1, 1)
    assert "One possible match" in certainty.say_list()


def test_a_match_of_people_nobody_scores_or_without_a_thing_to_bring_is_no_matter() -> None:
    view = view_of(*match("M1", "R", "S"), *match("M2", "P", "S"))
    scores = score(view, MATRIX)
    assert find_open_matches(view, scores, ["P", "Q"], most=4).n_drawn == 0


def test_beyond_the_most_that_are_varied_the_surest_are_held_apart() -> None:
    view = view_of(*match("M1", "P", "Q", p_same=0.5), *match("M2", "Q", "R", p_same=0.95))
    found = find_open_matches(view, score(view, MATRIX), ["P", "Q"], most=1)
    assert [group.matches for group in found.groups] == [("M1",)] and found.n_beyond == 1


def test_switched_off_everybody_stands_as_they_are() -> None:
    view = view_of(*match("M1", "P", "Q"))
    certainty = assess_certainty(view, score(view, MATRIX), ONLY, seed=1, sources=())
    assert (certainty.table["rank_low"] == certainty.table["rank"]).all() and certainty.n_matches == 0


def test_identity_alone_has_all_of_the_share_where_it_decides_who_has_a_seat() -> None:
    view = view_of(*match("M1", "P", "Q"))
    shares = assess_certainty(view, score(view, MATRIX), ONLY, seed=1).shares.set_index("source")
    assert shares.loc["identity", "note"] == "varied" and shares.loc["identity", "total"] > 0.8
