"""Each draw is what the ledger's own rules give that draw's matrix and items, to the ten-thousandth."""

import os

import numpy as np
import pandas as pd
import pytest

from bench.made_items import make_items
from csp_toolkit.scoring.certainty.policy import SOURCES, TIME, read_certainty_policy
from csp_toolkit.scoring.certainty.rescoring import score_worlds
from csp_toolkit.scoring.certainty.sheet import lay_out
from csp_toolkit.scoring.certainty.worlds import Doubts, Worlds
from csp_toolkit.scoring.points import award_points
from csp_toolkit.tables.draws import draw_uniforms, number_names
from tests.scoring.small_views import AS_OF, MATRIX
from tests.scoring.worlds_by_hand import by_hand

POLICY = read_certainty_policy()
SEED = 5
PROVE = os.environ.get("CSP_PROVE") == "1"
DRAWS = range(40, 56 if PROVE else 46)


def made(seed: int, n: int = 700, n_people: int = 25) -> pd.DataFrame:
    items = make_items(n, MATRIX, seed=seed, n_people=n_people, share_event=0.3, share_origin=0.6, days=1500)
    days = (pd.Timestamp(AS_OF) - items["event_on"]).dt.days
    items["event_on"] = pd.Timestamp(AS_OF) - pd.to_timedelta(
        days // 45 * 45, unit="D"
    )  # few ages: by hand, a step each
    people = sorted(items["person_id"].unique())
    return items.assign(standing=items["person_id"].map({p: n for n, p in enumerate(people)}))


def drawn(items: pd.DataFrame, *sources: str) -> tuple[Doubts, Worlds]:
    n = items["standing"].max() + 1
    sheet = lay_out(items, MATRIX, as_of=AS_OF, n_standings=n, most_days=max(POLICY.time.stretches))
    doubts = Doubts(sheet, MATRIX, POLICY, SEED)
    return doubts, doubts.imagine(dict.fromkeys(sources, DRAWS), len(DRAWS))


def told_time(draw: int) -> tuple[float, int | None]:
    """Work out from the same chances how time was drawn."""
    stretch, form, half_life = draw_uniforms(number_names(TIME, ("stretch", "form", "half-life"), seed=SEED), DRAWS)
    shortest, longest = POLICY.time.half_life_days
    days = shortest + int(half_life[draw] * (longest - shortest + 1))
    return POLICY.time.stretches[int(stretch[draw] * 3)], days if form[draw] < POLICY.time.half_life_share else None


def add_up(ledger: pd.DataFrame, items: pd.DataFrame) -> list[int]:
    place = items.groupby("person_id")["standing"].first()
    totals = np.zeros(items["standing"].max() + 1, dtype="int64")
    for person, points in ledger.groupby("person_id")["points"].sum().items():
        totals[place[person]] = points
    return totals.tolist()


def harm_of(ledger: pd.DataFrame) -> pd.DataFrame:
    red = MATRIX.bands.red
    harmful = [c.id for c in MATRIX.criteria if c.domain in red.harm_domains or c.id in red.harm_criteria]
    return ledger[ledger["criterion"].isin(harmful) & ledger["basis"].ne("intelligence")]


def test_with_every_source_off_the_ledger_itself_comes_out() -> None:
    items = made(1)
    doubts, worlds = drawn(items)
    totals = score_worlds(doubts.sheet, worlds, MATRIX, with_harm=True)
    ledger = award_points(items, MATRIX, as_of=AS_OF)
    assert totals.score[:, 3].tolist() == add_up(ledger, items)
    assert totals.harm[:, 3].tolist() == add_up(harm_of(ledger), items)


@pytest.mark.parametrize("seed", range(4 if PROVE else 2))
def test_every_draw_is_scored_as_the_ledger_scores_its_matrix_and_what_is_true_in_it(seed) -> None:
    items = made(seed)
    doubts, worlds = drawn(items, *SOURCES)
    totals = score_worlds(doubts.sheet, worlds, MATRIX, with_harm=True)
    for draw in range(len(DRAWS)):
        _, _, ledger = by_hand(items, MATRIX, AS_OF, worlds, doubts.sheet, draw, *told_time(draw))
        assert totals.score[:, draw].tolist() == add_up(ledger, items)
        assert totals.harm[:, draw].tolist() == add_up(harm_of(ledger), items)


def test_a_part_of_the_draws_is_that_part_of_the_whole() -> None:
    doubts, worlds = drawn(made(2), *SOURCES)
    later = doubts.imagine(dict.fromkeys(SOURCES, range(42, 45)), 3)
    for name in ("weights", "evidence", "recency"):
        assert (getattr(worlds, name)[:, 2:5] == getattr(later, name)).all()


def test_a_settled_outcome_is_never_varied_and_none_exceeds_one() -> None:
    doubts, worlds = drawn(made(3), "outcomes")
    for row, (origin, name) in enumerate(doubts.sheet.evidence_rows):
        if not origin:
            assert (worlds.evidence[row] <= 1000).all()
            assert (len(set(worlds.evidence[row])) == 1) == (name in POLICY.settled_outcomes)


def test_nothing_to_score_scores_nought() -> None:
    items = made(1).iloc[:0].astype({"standing": "int64"})
    sheet = lay_out(items, MATRIX, as_of=AS_OF, n_standings=3)
    worlds = Doubts(sheet, MATRIX, POLICY, SEED).imagine(dict.fromkeys(SOURCES, DRAWS), len(DRAWS))
    assert score_worlds(sheet, worlds, MATRIX, with_harm=True).score.tolist() == [[0] * len(DRAWS)] * 3
