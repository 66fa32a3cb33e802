"""From ledger to places: sums, bands at their limits, blocks, ties, and the words that explain them."""

from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.ranking import Scores, print_points, rank_people
from tests.scoring.small_views import (
    AS_OF,
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


def ledger(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """Return a ledger of person, criterion, basis and points."""
    table = pd.DataFrame(rows, columns=["person_id", "criterion", "basis", "points"])
    points = (table["points"] * 10_000).round().astype("Int64")
    return table.assign(points=points, rule="counts", item_id="I", event_date=pd.Timestamp(ago(5)).as_unit("us"))


def ranked(*rows, children: tuple[str, ...] = (), stays: list[dict] | None = None, **options) -> pd.DataFrame:
    made = ledger(*rows)
    people = pd.DataFrame({"person_id": made["person_id"].unique()})
    people["is_child"] = people["person_id"].isin(children)
    view = small_view(prison_stays=stays or [])
    return rank_people(view, made, people, MATRIX, **options).set_index("person_id")


def scored(before: Scores | None = None, vulnerable: frozenset[str] = frozenset(), **changed) -> Scores:
    return score(small_view(**passing(**changed)), MATRIX, before=before, vulnerable=vulnerable)


@pytest.mark.parametrize(
    ("rows", "band"),
    [
        ([("V1", "proved", 45)], "Red"),
        ([("V1", "proved", 44.9999)], "Amber"),
        ([("V1", "alleged", 15), ("D1", "proved", 30)], "Red"),
        ([("V1", "alleged", 14.9999), ("D1", "proved", 30.0001)], "Amber"),
        ([("V1", "alleged", 10), ("D3", "proved", 5), ("D1", "proved", 30)], "Red"),
        ([("V7", "intelligence", 10), ("V1", "alleged", 10), ("D1", "proved", 30)], "Amber"),
        ([("D1", "proved", 20)], "Amber"),
        ([("D1", "proved", 19.9999)], "Green"),
        ([("D1", "proved", 0.0001)], "Green"),
    ],
)
def test_bands_cut_unrounded_points_and_red_needs_harm_that_is_proved_or_alleged(rows, band) -> None:
    table = ranked(*(("P", *row) for row in rows))
    assert table["band"].tolist() == [band]
    assert table["p_red"].tolist() == ["not assessed"]


def test_equal_scores_share_a_rank_and_the_next_is_counted_from_all_before() -> None:
    table = ranked(
        ("A", "V3", "proved", 5), ("B", "V3", "proved", 7), ("C", "V3", "alleged", 7), ("D", "V3", "proved", 1)
    )
    assert table["rank"].to_dict() == {"B": 1, "C": 1, "A": 3, "D": 4}
    assert table.index.tolist() == ["B", "C", "A", "D"]


def stay(person: str, status: str = "SENTENCED", **more) -> dict:
    return {"source_ref": f"X-{person}", "person_id": person, "status": status, "received_on": ago(100), **more}


@pytest.mark.parametrize(
    ("changed", "block"),
    [
        ({"release_due_on": ago(-31)}, "custody"), ({"release_due_on": ago(-30)}, "returning"),
        ({"release_due_on": ago(3)}, "returning"), ({}, "custody"), ({"status": "REMAND"}, "custody"),
        ({"status": "RECALL"}, "custody"), ({"status": "RELEASED_ON_LICENCE"}, "ranked"),
        ({"released_on": AS_OF.isoformat()}, "ranked"), ({"released_on": ago(-1)}, "custody"),
        ({"received_on": ago(-1)}, "ranked"),
    ],
)  # fmt: skip
def test_custody_and_returning_take_no_seat_among_the_ranked(changed, block) -> None:
    table = ranked(("A", "V3", "proved", 9), ("B", "V3", "proved", 5), stays=[stay("A", **changed)])
    assert table["block"].to_dict() == {"A": block, "B": "ranked"}
    assert table["rank"]["B"] == (2 if block == "ranked" else 1)


def test_the_newest_prison_record_decides() -> None:
    old, new = stay("A", received_on=ago(300)), stay("A", "RELEASED_ON_LICENCE", source_ref="X2", released_on=ago(5))
    assert ranked(("A", "V3", "proved", 9), stays=[old, new])["block"].tolist() == ["ranked"]
    assert ranked(("A", "V3", "proved", 9), stays=[new, {**old, "received_on": ago(2)}])["block"].tolist() == [
        "custody"
    ]


def test_a_child_has_a_block_and_ranks_apart_even_in_custody() -> None:
    table = ranked(("A", "V3", "proved", 9), ("B", "V3", "proved", 5), children=("A",), stays=[stay("A")])
    assert table["block"].to_dict() == {"A": "under_18", "B": "ranked"}
    assert table["rank"].to_dict() == {"A": 1, "B": 1}


def test_dual_asks_for_both_and_says_only_who() -> None:
    rows = (("A", "V3", "proved", 20), ("B", "V3", "proved", 19.9999), ("C", "V3", "proved", 30))
    table = ranked(*rows, vulnerable={"A", "B"})
    assert table["is_dual"].to_dict() == {"C": False, "A": True, "B": False}


@pytest.mark.parametrize(("intelligence", "led"), [(4.0, False), (4.0001, True)])
def test_a_score_is_assessment_led_above_forty_per_cent_intelligence(intelligence, led) -> None:
    table = ranked(("A", "V7", "intelligence", intelligence), ("A", "V3", "proved", 6))
    assert table["is_assessment_led"].tolist() == [led]


def test_parts_by_basis_and_by_domain_each_add_up_to_the_score() -> None:
    found = scored(crimes=[crime(outcome_code="1"), crime("C2", ho_code="92A/21", outcome_code="1")],
                   crime_suspects=[suspect(), suspect("C2", part="SECONDARY")])  # fmt: skip
    table = found.table
    assert (table[["proved", "alleged", "intelligence"]].sum(axis=1) == table["score"]).all()
    assert (table[["violence", "drugs", "gang_link"]].sum(axis=1) == table["score"]).all()
    assert found.ledger.groupby("person_id")["points"].sum().to_dict() == dict(
        zip(table["person_id"], table["score"], strict=True)
    )


def test_the_last_event_is_an_event_and_not_an_order_that_is_still_in_force() -> None:
    order = {"order_ref": "O", "order_type": "GANG_INJUNCTION", "person_ref": "P", "made_on": ago(90),
             "expires_on": ago(-90), "status": "IN_FORCE"}  # fmt: skip
    assert scored(orders=[order]).table["last_event_on"].tolist() == [pd.Timestamp(ago(21))]
    alone = scored(
        orders=[order], crimes=[crime(ho_code="46/0", outcome_code="1")], intel_reports=[report(theme="DEBT")]
    )
    assert alone.table["last_event_on"].tolist() == [pd.Timestamp(AS_OF)]


def test_whom_a_gate_leaves_out_has_no_score_at_all() -> None:
    found = scored(reviews=[on_register(), on_register("Q", inclusion_reason=None)],
                   person_records=[record(), record("Q")], crime_suspects=[suspect(), suspect(person="Q")])  # fmt: skip
    assert found.table["person_id"].tolist() == ["P"]
    assert set(found.ledger["person_id"]) == {"P"}
    assert found.left_out["person_id"].tolist() == ["Q"]
    # and still counts as the nominal P offended with
    assert "G2" in found.ledger["criterion"].tolist()


@pytest.mark.parametrize(("days", "fresh"), [(730, True), (731, False)])
def test_g6_asks_for_something_that_scores_within_two_years(days, fresh) -> None:
    rows = dict(
        crimes=[crime(ho_code="2/0", outcome_code="1", from_on=ago(days))], intel_reports=[report(theme="DEBT")]
    )
    found = scored(**rows)
    assert len(found.table) == fresh
    if not fresh:
        assert found.left_out.iloc[0].tolist() == ["P", "g6", "removal candidate (no score before)"]
        assert scored(before=scored(), **rows).left_out["reason"].tolist() == ["removal candidate (was 12.6)"]


def test_a_cited_item_that_scores_nothing_is_flagged_and_changes_nothing() -> None:
    found = scored(crimes=[crime(ho_code="46/0", outcome_code="1")])
    assert found.flags[["flag", "ref"]].to_numpy().tolist() == [["cited item scores nothing", "C1"]]


def test_explaining_says_the_score_its_parts_and_that_the_matrix_is_an_example() -> None:
    said = scored().explain("P")
    assert said.startswith(
        "12.6 points, Green, place 1 of 1 in block ranked as at 2026-11-26: 0.0 proved, 9.6 alleged, 3.0"
    )
    assert "V3 C1 9.6" in said
    assert "not Essex Police's matrix" in said
    out = scored(reviews=[on_register(inclusion_reason=None)])
    assert out.explain("P") == "No score. g3: no written reason for inclusion."
    with pytest.raises(TableError):
        scored().explain("X")


def test_the_printed_table_has_no_name_and_says_whose_matrix_it_is_not() -> None:
    shown = scored(person_records=[record(family_name="CANARY", given_name="Planted")])._repr_html_()
    assert "CANARY" not in shown
    assert "Candidates as at 2026-11-26" in shown
    assert "not Essex Police" in shown


def test_scores_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        scored().table = pd.DataFrame()


@pytest.mark.parametrize(("points", "printed"), [(0, "0.0"), (499, "0.0"), (500, "0.1"), (-500, "-0.1"), (-499, "0.0"),
                                                (449_999, "45.0"), (1_000_000, "100.0")])  # fmt: skip
def test_points_are_printed_to_one_decimal_half_up(points, printed) -> None:
    assert print_points(points) == printed


def test_nobody_on_the_register_gives_empty_tables() -> None:
    found = score(small_view(**passing(reviews=[])), MATRIX)
    assert found.table.empty and found.ledger.empty and found.left_out.empty


def test_harm_suffered_changes_no_score() -> None:
    plain = scored()
    victim = scored(crime_victims=[{"crime_ref": "C1", "person_ref": "P"}], vulnerable=frozenset({"P"}),
                    missing_episodes=[{"missing_ref": "P", "reported_at": ago(3)}])  # fmt: skip
    pd.testing.assert_frame_equal(plain.ledger, victim.ledger)
    pd.testing.assert_frame_equal(plain.table.drop(columns="is_dual"), victim.table.drop(columns="is_dual"))


def test_subjects_named_second_have_no_points_of_their_own() -> None:
    found = scored(intel_subjects=[subject(), subject(person="Q", position=2)])
    assert set(found.ledger["person_id"]) == {"P"}
