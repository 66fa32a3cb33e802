"""The ledger: one item by hand, each rule, each boundary, and the same on every engine."""

from datetime import date

import duckdb
import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal

from bench.made_items import make_items
from csp_toolkit.errors import TableError
from csp_toolkit.scoring.points import ITEM_COLUMNS, LEDGER_COLUMNS, award_points
from csp_toolkit.scoring.ranking import sort_ledger
from tests.scoring.small_views import AS_OF, MATRIX, ago

BASIS = {"1A": "intelligence", "convicted": "proved", "caution": "proved", "order": "proved"}


def item(criterion: str = "V3", item_id: str = "I1", days: int = 0, evidence: str = "convicted", **more) -> dict:
    base = round(MATRIX.by_id[criterion].base * 10_000)
    basis = "intelligence" if evidence in MATRIX.grades else MATRIX.outcomes[evidence].basis
    return {
        "person_id": "P", "criterion": criterion, "item_id": item_id, "event_id": item_id, "origin_id": item_id,
        "event_on": pd.Timestamp(ago(days)), "basis": basis, "evidence": evidence, "role": "not recorded",
        "base": base, **more,
    }  # fmt: skip


def frame(*rows: dict) -> pd.DataFrame:
    items = pd.DataFrame(list(rows), columns=list(ITEM_COLUMNS))
    return items.astype({"event_on": "datetime64[us]", "base": "Int64"})


def ledger(*rows: dict, as_of: date = AS_OF) -> pd.DataFrame:
    return sort_ledger(award_points(frame(*rows), MATRIX, as_of=as_of))


def outcome(*rows: dict) -> list[tuple[str, int, str]]:
    """Return item, points in hundredths of a point and rule of every ledger row."""
    made = ledger(*rows)
    return [(r.item_id, round(r.points / 100, 2), r.rule) for r in made.itertuples()]


def total(*rows: dict) -> float:
    return int(ledger(*rows)["points"].sum()) / 10_000


def test_points_are_base_times_evidence_times_recency_times_role_rounded_half_up_once() -> None:
    made = ledger(item("D5", days=183, evidence="1B", role="directs"))
    row = made.iloc[0]
    assert (row["base"], row["evidence_factor"], row["recency_factor"], row["role_factor"]) == (
        30000,
        8500,
        8000,
        12500,
    )
    assert row["points"] == 25_500
    odd = ledger(item("V6", days=300, evidence="difficulties", role="secondary", base=3))  # .00003 x .25 x .6 x .6
    assert odd.empty  # .27 of a ten-thousandth rounds to nothing
    half = ledger(item("V6", days=300, evidence="difficulties", role="runner", base=100))  # 4.5 rounds up
    assert half["points"].tolist() == [5]
    assert list(made.columns) == list(LEDGER_COLUMNS)


LAST_DAYS = {91: 10000, 183: 8000, 365: 6000, 730: 3000, 1095: 1500}
STEPS = [(0, 10000), *LAST_DAYS.items(), (92, 8000), (184, 6000), (366, 3000), (731, 1500)]


@pytest.mark.parametrize(("days", "factor"), STEPS)
def test_recency_steps_down_the_day_after_its_last_day(days, factor) -> None:
    assert ledger(item("V1", days=days))["recency_factor"].tolist() == [factor]


@pytest.mark.parametrize("criterion", [c.id for c in MATRIX.criteria])
def test_the_last_day_of_a_window_counts_and_the_next_does_not(criterion) -> None:
    window = MATRIX.by_id[criterion].window_days
    pair = (
        [item(criterion, "I0", days=0, event_id="E0", origin_id="O0")]
        if MATRIX.by_id[criterion].min_origins > 1
        else []
    )
    inside = ledger(item(criterion, days=window), *pair)
    outside = ledger(item(criterion, days=window + 1), *pair)
    assert "I1" in inside["item_id"].tolist()
    assert "I1" not in outside["item_id"].tolist()


def test_nothing_dated_after_the_day_counts() -> None:
    assert ledger(item(days=-1)).empty


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2024, 3, 1), date(2025, 1, 1), date(2100, 3, 1)])
def test_days_are_counted_exactly_over_leap_days_and_years(as_of) -> None:
    for days in (91, 92, 365, 366, 730):
        row = item("V1", event_on=pd.Timestamp(as_of) - pd.Timedelta(days=days))
        found = ledger(row, as_of=as_of)["recency_factor"].iloc[0]
        assert found == {91: 10000, 92: 8000, 365: 6000, 366: 3000, 730: 3000}[days]


def test_of_one_event_the_highest_counts_and_the_rest_are_printed_with_nothing() -> None:
    rows = [item("V3", "A", event_id="E"), item("V5", "B", event_id="E"), item("V7", "C", evidence="1A", event_id="E")]
    assert outcome(*rows) == [("A", 1200, "counts"), ("B", 0, "same event"), ("C", 0, "same event")]


def test_one_event_counts_once_in_each_domain_and_once_for_each_person() -> None:
    rows = [item("V3", "A", event_id="E"), item("G2", "A", event_id="E"), item("V3", "A", event_id="E", person_id="Q")]
    assert {rule for *_, rule in outcome(*rows)} == {"counts"}


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ([item("V3", "A", evidence="charged", base=150_000), item("V3", "B", base=120_000)], "B"),
        ([item("V7", "A", evidence="1A", base=80_000), item("V5", "B", evidence="charged", base=100_000)], "B"),
        ([item("V3", "B"), item("V3", "A")], "A"),
    ],
)
def test_at_equal_points_proved_comes_before_alleged_before_intelligence_before_item_id(rows, first) -> None:
    made = outcome(*({**row, "event_id": "E"} for row in rows))
    assert [ref for ref, _, rule in made if rule == "counts"] == [first]


def test_one_origin_counts_once_in_a_bucket_of_thirty_days_whatever_the_domain() -> None:
    # 26 November 2026 is day 9,826 from 1 January 2000, the 16th of its bucket.
    same = dict(evidence="1A", origin_id="O")
    rows = [item("V7", "A", days=0, **same), item("D5", "B", days=16, **same), item("D5", "C", days=17, **same)]
    assert outcome(*rows) == [("B", 0, "same origin"), ("C", 300, "counts"), ("A", 500, "counts")]


def test_the_origin_rule_is_for_intelligence_only() -> None:
    rows = [
        item("V3", "A", origin_id="O"),
        item("D1", "B", origin_id="O"),
        item("D5", "C", evidence="1A", origin_id="O"),
    ]
    assert {rule for *_, rule in outcome(*rows)} == {"counts"}


def test_membership_counts_only_from_two_origins() -> None:
    one = item("G4", "A", evidence="1A", origin_id="O")
    again = item("G4", "B", days=60, evidence="1A", origin_id="O")
    other = item("G4", "C", days=60, evidence="2D", origin_id="O2")
    assert {(p, rule) for _, p, rule in outcome(one, again)} == {(0, "needs two origins")}
    assert total(one, other) == 5 + 0.5
    assert total(one, {**other, "evidence": "2E"}) == 0  # an origin that weighs nothing is none
    assert total(one, {**other, "event_on": pd.Timestamp(ago(366))}) == 0  # nor one outside the window


def test_a_second_origin_for_membership_never_costs_what_counted_before() -> None:
    # The gang domain has room for 2 points. The supply report shares its origin and bucket with a membership report;
    # were the two-origins test made first, its 2.55 points would give way to that report only once a second origin
    # came, and the score would fall.
    before = [
        item("G1", "A", evidence="order"), item("G2", "B"), item("G2", "C"),
        item("D5", "D", evidence="1B", origin_id="O"), item("G4", "E", evidence="1B", origin_id="O"),
    ]  # fmt: skip
    assert total(*before, item("G4", "F", evidence="1B", origin_id="O2")) >= total(*before)


def test_caps_cut_from_the_last_in_order_and_name_themselves() -> None:
    rows = [item("V5", "A"), item("V5", "B", evidence="charged"), item("V5", "C", evidence="named")]
    assert outcome(*rows) == [
        ("A", 800, "counts"),
        ("B", 640, "counts"),
        ("C", 320, "counts"),
        ("C", -160, "criterion cap"),
    ]


def test_caps_are_filled_proved_first_however_many_points_are_alleged() -> None:
    rows = [item("V2", "A", evidence="charged"), item("V2", "B", evidence="charged"), item("V2", "C", days=400)]
    made = ledger(*rows)
    by = made.groupby(["basis"])["points"].sum() / 10_000
    assert by.to_dict() == {"alleged": 24.0, "proved": 6.0}
    assert made[made["rule"].eq("criterion cap")]["item_id"].tolist() == ["B"]


def test_a_domain_stops_at_its_cap_and_intelligence_gives_way_first() -> None:
    rows = [item("V1", "A"), item("V4", "B"), item("V7", "C", evidence="1A"), item("V5", "D", evidence="charged")]
    made = ledger(*rows)
    assert made["points"].sum() == 500_000
    cut = made[made["rule"].eq("domain cap")]
    assert dict(zip(cut["item_id"], cut["points"], strict=True)) == {"C": -50_000, "D": -44_000}


def test_all_intelligence_together_stops_at_sixteen_points() -> None:
    rows = [
        item("V7", "A", evidence="1A", base=80_000), item("V7", "B", evidence="1A"), item("D5", "C", evidence="1A"),
        item("D5", "D", evidence="1A"), item("G4", "E", evidence="1A"), item("G4", "F", evidence="1A"), item("V6", "Z"),
    ]  # fmt: skip
    made = ledger(*rows)
    assert made.loc[made["basis"].eq("intelligence"), "points"].sum() == 160_000
    assert made["points"].sum() == 190_000
    assert made.loc[made["rule"].eq("intelligence cap"), "item_id"].tolist() == ["C", "D", "F"]


def test_an_item_nobody_can_place_scores_nothing() -> None:
    rows = [item("V3", "A"), item("V3", "B"), item("V3", "C")]
    rows[0]["criterion"], rows[1]["evidence"], rows[2]["role"] = "X9", "hearsay", "elder"
    assert ledger(*rows).empty


def test_a_frame_that_lacks_a_column_is_refused_by_name() -> None:
    with pytest.raises(TableError, match="origin_id"):
        award_points(frame().drop(columns="origin_id"), MATRIX, as_of=AS_OF)


def engines(items: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the ledger of each engine as a sorted pandas frame."""
    plain = items.astype({"base": "int64"})
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.register("sent", plain)
    connection.execute("CREATE TABLE items AS SELECT * FROM sent")
    return {
        "pandas": sort_ledger(award_points(items, MATRIX, as_of=AS_OF)),
        "polars": sort_ledger(award_points(pl.from_pandas(plain), MATRIX, as_of=AS_OF).to_pandas()),
        "polars lazy": sort_ledger(
            award_points(pl.from_pandas(plain).lazy(), MATRIX, as_of=AS_OF).collect().to_pandas()
        ),
        "duckdb": sort_ledger(award_points(connection.table("items"), MATRIX, as_of=AS_OF).df()),
    }


def test_ten_thousand_people_have_the_same_ledger_on_every_engine() -> None:
    items = make_items(120_000, MATRIX, seed=7, n_people=10_000, share_event=0.3, share_origin=0.6, days=500)
    made = engines(items)
    rules = set(made["pandas"]["rule"])
    assert rules == {"counts", "same event", "same origin", "needs two origins", "criterion cap", "domain cap",
                     "intelligence cap"}  # fmt: skip
    for name, other in made.items():
        assert_frame_equal(made["pandas"], other, check_dtype=False, obj=name)


def test_each_engine_gives_back_its_own_kind_of_frame() -> None:
    items = make_items(50, MATRIX)
    assert isinstance(award_points(items, MATRIX, as_of=AS_OF), pd.DataFrame)
    assert isinstance(award_points(pl.from_pandas(items), MATRIX, as_of=AS_OF), pl.DataFrame)
    assert isinstance(award_points(pl.from_pandas(items).lazy(), MATRIX, as_of=AS_OF), pl.LazyFrame)
    assert isinstance(award_points(duckdb.from_df(items), MATRIX, as_of=AS_OF), duckdb.DuckDBPyRelation)


def test_no_argument_is_changed() -> None:
    items = make_items(500, MATRIX)
    copy = items.copy(deep=True)
    award_points(items, MATRIX, as_of=AS_OF)
    assert_frame_equal(items, copy)
