"""What holds of points whatever the items: engines agree, order does not matter, nothing new ever lowers a score."""

from datetime import timedelta
from fractions import Fraction

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from bench.made_items import make_items
from csp_toolkit.errors import TableError
from csp_toolkit.scoring.points import ITEM_COLUMNS, award_points
from csp_toolkit.scoring.ranking import sort_ledger
from tests.scoring.by_hand import work_out
from tests.scoring.small_views import AS_OF, MATRIX

OUTCOMES = [key for key in MATRIX.outcomes if key != "cleared"]
REPORTED = ("V7", "D5", "G4")


@st.composite
def small_items(draw: st.DrawFn) -> pd.DataFrame:
    rows = []
    for n in range(draw(st.integers(1, 25))):
        criterion = draw(st.sampled_from([c.id for c in MATRIX.criteria]))
        evidence = draw(st.sampled_from(list(MATRIX.grades) if criterion in REPORTED else OUTCOMES))
        basis = "intelligence" if criterion in REPORTED else MATRIX.outcomes[evidence].basis
        days = draw(st.one_of(st.integers(0, 120), st.sampled_from([-1, 183, 184, 365, 366, 730, 731, 1095, 1096])))
        rows.append(
            {
                "person_id": draw(st.sampled_from("AB")), "criterion": criterion, "item_id": f"I{n:02d}",
                "event_id": draw(st.sampled_from(["E1", "E2", "E3", f"E-{n}", f"E-{n}"])),
                "origin_id": draw(st.sampled_from(["O1", "O2", f"O-{n}"])),
                "event_on": pd.Timestamp(AS_OF - timedelta(days=days)), "basis": basis, "evidence": evidence,
                "role": draw(st.sampled_from(list(MATRIX.roles))),
                "base": draw(st.sampled_from([30_000, 50_000, 80_000, 200_000, 300_000, 12_345])),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS)).astype({"event_on": "datetime64[us]", "base": "Int64"})


def award(items: pd.DataFrame) -> pd.DataFrame:
    return sort_ledger(award_points(items, MATRIX, as_of=AS_OF))


def scores(items: pd.DataFrame) -> pd.Series:
    return award(items).groupby("person_id")["points"].sum()


@given(small_items())
@settings(max_examples=10, deadline=None)
def test_random_items_have_the_same_ledger_on_every_engine(items: pd.DataFrame) -> None:
    plain = items.astype({"base": "int64"})
    expected = award(items)
    polars = sort_ledger(award_points(pl.from_pandas(plain).lazy(), MATRIX, as_of=AS_OF).collect().to_pandas())
    duck = sort_ledger(award_points(duckdb.from_df(plain), MATRIX, as_of=AS_OF).df())
    for other in (polars, duck):
        assert_frame_equal(expected, other.astype(expected.dtypes.to_dict()))


@given(small_items())
@settings(max_examples=80, deadline=None)
def test_random_items_sum_to_what_one_works_out_by_hand(items: pd.DataFrame) -> None:
    rows = [
        {
            "person": r.person_id, "criterion": r.criterion, "item": r.item_id, "event": r.event_id,
            "origin": r.origin_id, "on": r.event_on.date(), "basis": r.basis, "base": Fraction(r.base, 10_000),
            "weight": Fraction(MATRIX.evidence_factors[r.evidence], 10_000),
            "role": Fraction(round(MATRIX.roles[r.role] * 1000), 1000),
        }
        for r in items.itertuples()
    ]  # fmt: skip
    made = {person: Fraction(int(points), 10_000) for person, points in scores(items).items() if points}
    assert made == work_out(rows, AS_OF)


@given(small_items())
@settings(max_examples=15, deadline=None)
def test_several_days_in_one_go_are_scored_as_each_by_itself(items: pd.DataFrame) -> None:
    days = [AS_OF, AS_OF + timedelta(days=28), AS_OF + timedelta(days=91)]
    parts = [
        items.assign(person_id=f"{n}-" + items["person_id"], as_of=pd.Timestamp(day)) for n, day in enumerate(days)
    ]
    together = sort_ledger(award_points(pd.concat(parts, ignore_index=True), MATRIX, as_of=None))
    alone = [sort_ledger(award_points(part, MATRIX, as_of=day)) for part, day in zip(parts, days, strict=True)]
    assert_frame_equal(together, pd.concat(alone, ignore_index=True))
    with pytest.raises(TableError, match="no column as_of"):
        award_points(items, MATRIX, as_of=None)


@given(small_items(), st.integers(0, 10))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_never_matters(items: pd.DataFrame, seed: int) -> None:
    assert_frame_equal(award(items), award(items.sample(frac=1, random_state=seed)))


def new_items(people: pd.Index, seed: int) -> pd.DataFrame:
    """Make one more item for each person, of a new event from a new origin."""
    rng = np.random.default_rng(seed)
    more = make_items(len(people), MATRIX, seed=seed, n_people=len(people), share_event=0, share_origin=0, days=400)
    names = [f"NEW-{n}" for n in range(len(people))]
    return more.assign(person_id=rng.permutation(people), item_id=names, event_id=names, origin_id=names)


@pytest.mark.parametrize("seed", range(3))
def test_a_new_event_from_a_new_origin_lowers_none_of_ten_thousand_histories(seed: int) -> None:
    items = make_items(150_000, MATRIX, seed=seed, n_people=10_000, share_event=0.3, share_origin=0.6, days=500)
    people = pd.Index(items["person_id"].unique())
    before = scores(items).reindex(people, fill_value=0)
    after = scores(pd.concat([items, new_items(people, seed)], ignore_index=True)).reindex(people, fill_value=0)
    assert len(people) >= 9_990
    assert (after >= before).all()
    assert (after > before).mean() > 0.2


def test_the_monotone_property_holds_where_every_cap_is_full() -> None:
    items = make_items(120_000, MATRIX, seed=11, n_people=1_000, share_event=0.1, share_origin=0.8, days=200)
    people = pd.Index(items["person_id"].unique())
    before = scores(items)
    after = scores(pd.concat([items, new_items(people, 5)], ignore_index=True))
    assert (after.reindex(people) >= before.reindex(people)).all()
    assert before.max() <= 1_000_000


def test_intelligence_alone_never_gives_more_than_sixteen_points_nor_reaches_amber() -> None:
    items = make_items(200_000, MATRIX, seed=3, n_people=2_000)
    only = items[items["basis"].eq("intelligence")]
    found = scores(only)
    assert len(found) == 2_000
    assert found.max() == 160_000 < MATRIX.bands.amber.at_least * 10_000


def test_splitting_an_event_into_five_rows_changes_no_score() -> None:
    items = make_items(5_000, MATRIX, seed=4, n_people=500)
    fifths = [items.assign(item_id=items["item_id"] + suffix) for suffix in ("", "-b", "-c", "-d", "-e")]
    assert scores(pd.concat(fifths, ignore_index=True)).to_dict() == scores(items).to_dict()


def test_taking_a_person_away_changes_nobody_elses_score() -> None:
    items = make_items(5_000, MATRIX, seed=6, n_people=200)
    found = scores(items)
    for person in found.index[:5]:
        rest = scores(items[items["person_id"] != person])
        assert rest.to_dict() == found.drop(person).to_dict()


def test_every_retired_row_has_no_points_and_every_cut_is_below_nothing() -> None:
    made = award(make_items(50_000, MATRIX, seed=8, n_people=2_000, share_origin=0.8, days=400))
    points = made.groupby("rule")["points"].agg(["min", "max"])
    assert (points.loc[["same event", "same origin", "needs two origins"]] == 0).all().all()
    assert (points.loc[["criterion cap", "domain cap", "intelligence cap"], "max"] < 0).all()
    assert points.loc["counts", "min"] > 0
    assert (made.groupby(["person_id", "criterion", "item_id"])["points"].sum() >= 0).all()
