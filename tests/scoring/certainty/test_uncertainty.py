"""How sure each place is: exact where every way can be listed, the list itself with nothing varied, in any order."""

import subprocess
import sys
from itertools import product

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from bench.made_items import make_items
from csp_toolkit.errors import ParamsError, TableError
from csp_toolkit.scoring.certainty.places import CORE, OUTSIDE, ZONE, say_place
from csp_toolkit.scoring.certainty.policy import SOURCES
from csp_toolkit.scoring.certainty.uncertainty import assess_certainty, settle_bands
from csp_toolkit.scoring.points import award_points
from tests.scoring.small_pools import crowd, fact, policy, pool_of, told
from tests.scoring.small_views import AS_OF, MATRIX, small_view

VIEW = small_view()
FEW = policy(draws=400, share_draws=100)


def assess(scores, policy=FEW, *, seed=1, **more):
    return assess_certainty(VIEW, scores, policy, seed=seed, **more)


def made(seed: int = 1, n_people: int = 30):
    items = make_items(500, MATRIX, seed=seed, n_people=n_people, share_origin=0.5)
    return pool_of(*items.to_dict("records"))


CONTEST = [
    *crowd(9),  # nine seats are taken whatever is true; one is left
    told("B", "1B", "R1"), told("B", "2C", "R2", criterion="V7"),
    told("C", "2A", "R3"), fact("C", "V6", base=10_000),
    told("D", "1C", "R4", origin_id="R1"), fact("D", "V6", base=10_000),
]  # fmt: skip


def enumerate_truths(scores) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """Work out every way the reports can be true, each scored by the ledger: chances of a seat, and of each rank."""
    reports = scores.items[scores.items["basis"].eq("intelligence")]
    origins = sorted(reports["origin_id"].unique())
    people = scores.list_ranked()
    seats, ranks = dict.fromkeys(people, 0.0), {p: np.zeros(len(people) + 1) for p in people}
    # One number a report's origin: true of a report where it is below the report's chance; so the cuts matter only.
    grades = reports.groupby("origin_id")["evidence"].unique()
    cuts = {origin: sorted({0.0, 1.0} | {MATRIX.weigh_grade(g) for g in grades[origin]}) for origin in origins}
    for at in product(*(range(len(cuts[origin]) - 1) for origin in origins)):
        chance = np.prod([cuts[o][n + 1] - cuts[o][n] for o, n in zip(origins, at, strict=True)])
        level = {o: cuts[o][n] for o, n in zip(origins, at, strict=True)}
        is_true = [
            level[o] < MATRIX.weigh_grade(g) for o, g in zip(reports["origin_id"], reports["evidence"], strict=True)
        ]
        true = pd.concat(
            [scores.items[scores.items["basis"].ne("intelligence")], reports[is_true].assign(evidence="1A")]
        )
        points = (
            award_points(true, MATRIX, as_of=AS_OF).groupby("person_id")["points"].sum().reindex(people, fill_value=0)
        )
        for person in people:
            n_above, n_level = int((points > points[person]).sum()), int((points == points[person]).sum())
            ranks[person][n_above + 1] += chance
            if points[person] > 0:
                seats[person] += chance * min(max(10 - n_above, 0) / n_level, 1.0)
    return seats, ranks


def test_with_nothing_varied_the_list_itself_comes_out() -> None:
    scores = made()
    table = assess(scores, sources=()).table
    for column in ("rank_median", "rank_low", "rank_high"):
        assert (table[column] == scores.table["rank"]).all()
    assert table["p_top10"].tolist() == [1.0] * 10 + [0.0] * (len(table) - 10)


def test_a_spread_of_nought_is_nothing_varied() -> None:
    still = policy(
        draws=400, weight_sd=0, outcome_sd=0, time={"stretches": [1], "half_life_share": 0, "half_life_days": [1, 1]}
    )
    table = assess(made(), still, sources=("weights", "time", "outcomes")).table
    assert_frame_equal(table, assess(made(), sources=()).table)


def test_the_chances_of_a_small_case_are_those_of_every_way_it_can_be() -> None:
    scores = pool_of(*CONTEST)
    seats, ranks = enumerate_truths(scores)
    assert sum(seats.values()) == pytest.approx(10)
    n = 20_000
    table = assess(scores, policy(draws=n), sources=("truth",), with_shares=False).table.set_index("person_id")
    for person, chance in seats.items():
        assert table["p_top10"][person] == pytest.approx(chance, abs=4 * (chance * (1 - chance) / n) ** 0.5 + 1e-12)
        reached = np.cumsum(ranks[person])
        for column, share in (("rank_low", 0.05), ("rank_median", 0.5), ("rank_high", 0.95)):
            rank = int(table[column][person])
            assert reached[rank] > share - 0.01 and reached[rank - 1] < share + 0.01
    assert 0.1 < seats["B"] < 0.9 and 0.1 < seats["D"] < 0.9


def test_reports_of_one_origin_are_true_together_whoever_they_name() -> None:
    rows = [*crowd(8), told("B", "2C", "R1", origin_id="O"), told("C", "2C", "R2", origin_id="O"), fact("D", base=100)]
    table = assess(pool_of(*rows), sources=("truth",)).table.set_index("person_id")
    # With both true B and C share the two seats left; with neither D has the only one taken.
    assert table["p_top10"]["B"] == table["p_top10"]["C"]
    assert table["p_top10"]["D"] == pytest.approx(1 - table["p_top10"]["B"])


def test_the_chances_add_up_to_the_seats_filled_and_nobody_without_points_takes_one() -> None:
    rows = [*crowd(8), told("B", "2C", "R1"), told("C", "2C", "R2")]
    certainty = assess(pool_of(*rows), sources=("truth",))
    table = certainty.table.set_index("person_id")
    assert table["p_top10"].sum() == pytest.approx(certainty.n_filled, abs=1e-9)
    assert certainty.n_filled < 9
    assert table["p_top10"]["B"] == pytest.approx(0.25, abs=0.08)
    assert assess(made()).table["p_top10"].sum() == pytest.approx(10, abs=1e-9)


def test_a_tie_across_the_cut_is_shared() -> None:
    rows = [*crowd(9), fact("B"), fact("C")]
    table = assess(pool_of(*rows), sources=()).table.set_index("person_id")
    assert (table["p_top10"]["B"], table["p_top10"]["C"]) == (0.5, 0.5)
    assert assess(pool_of(*rows), sources=()).n_seats == 10


def test_the_order_of_rows_changes_nothing() -> None:
    rows = make_items(500, MATRIX, seed=2, n_people=30).to_dict("records")
    one, other = assess(pool_of(*rows)), assess(pool_of(*rows[::-1]))
    assert_frame_equal(one.table, other.table)
    assert_frame_equal(one.shares, other.shares)


def test_somebody_who_never_comes_near_changes_nobodys_chance() -> None:
    one = assess(pool_of(*CONTEST)).table.set_index("person_id")
    more = assess(pool_of(*CONTEST, fact("Z", "V6", base=10))).table.set_index("person_id")
    for column in ("p_top10", "p_red", "rank_low", "rank_median"):
        assert more[column].drop("Z").tolist() == one[column].tolist()


def test_another_seed_is_another_set_of_draws_and_says_much_the_same() -> None:
    one, other = (assess(made(), policy(draws=4_000), seed=seed, with_shares=False).table for seed in (1, 2))
    apart = (one["p_top10"] - other["p_top10"]).abs()
    assert 0 < apart.max() < 0.05


def test_the_size_of_a_part_changes_nothing(monkeypatch) -> None:
    one = assess(made())
    monkeypatch.setattr("csp_toolkit.scoring.certainty.reruns._CELLS", 3_000)
    other = assess(made())
    assert_frame_equal(one.table, other.table)
    assert_frame_equal(one.shares, other.shares)


def test_the_hash_seed_of_the_process_changes_nothing() -> None:
    code = (
        "from tests.scoring.certainty.test_uncertainty import assess, made\n"
        "c = assess(made())\n"
        "print(c.table.to_csv(), c.shares.to_csv())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "99")
    }  # fmt: skip
    assert len(told) == 1


def test_whoever_is_not_ranked_has_no_chance_of_a_seat_which_is_not_nought() -> None:
    scores = pool_of(*CONTEST, blocks={"A00": "custody"})
    certainty = assess(scores)
    held = certainty.table.set_index("person_id").loc["A00"]
    assert pd.isna(held["p_top10"]) and pd.isna(held["rank_low"]) and held["place"] == "not ranked with the others"
    assert 0 <= held["p_red"] <= 1
    assert certainty.explain("A00").startswith("In block custody")


def test_firm_contested_and_outside_part_everybody_ranked() -> None:
    certainty = assess(made())
    table, rules = certainty.table, FEW
    for kind, low, high in (
        (CORE, rules.core_at_least, 1),
        (ZONE, rules.zone_above, rules.core_at_least),
        (OUTSIDE, 0, rules.zone_above),
    ):
        own = table.loc[table["place"].eq(kind), "p_top10"]
        assert len(own) and own.between(low, high).all()
    assert len(certainty.core) + len(certainty.zone) + len(certainty.outside) == len(table)


def test_the_words_are_the_yardsticks_and_speak_of_the_list_alone() -> None:
    certainty = assess(pool_of(*CONTEST))
    said = certainty.explain("B")
    assert "this list" in said and "re-runs" in said and "offend" not in said
    for chance in (0.02, 0.15, 0.3, 0.45, 0.72, 0.85, 0.99):
        assert say_place(chance, is_in=True).endswith("this list")
    assert say_place(0.45, is_in=True) == "a realistic possibility (45 in 100) of staying on this list"
    with pytest.raises(TableError):
        certainty.explain("nobody")


def test_a_source_that_cannot_vary_has_no_share_and_one_that_is_alone_has_all() -> None:
    shares = assess(pool_of(*CONTEST), policy(draws=4_000, share_draws=4_000), sources=("truth",)).shares.set_index(
        "source"
    )
    assert shares.loc["truth", ["first_order", "total"]].tolist() == pytest.approx([1, 1], abs=0.05)
    others = shares.drop("truth")
    assert set(others["note"]) == {"not varied"} and others[["first_order", "total"]].eq(0).all(axis=None)
    assert list(shares.index) == list(SOURCES)


def test_a_source_nobody_knows_is_refused() -> None:
    with pytest.raises(ParamsError, match="moon"):
        assess(made(), sources=("moon",))


def test_red_needs_its_chance_and_is_amber_without_it() -> None:
    rows = [
        *(fact("A", "V2", f"A{n}") for n in range(2)), fact("A", "D1"), fact("A", "G1"),  # 30 + 14 + 10, all proved
        *(told("B", "2B", f"B{n}", criterion="V7") for n in range(3)),
        fact("B", "V2", basis="alleged", evidence="charged"), fact("B", "V3"), fact("B", "G1"),
        fact("B", "V6", base=10_000),
    ]  # fmt: skip
    scores = pool_of(*rows)
    scores.table["band"] = "Red"
    certainty = assess(scores, sources=("truth",))
    only_truth = policy(draws=400, sources=["truth"])
    settled = settle_bands(VIEW, scores, only_truth, seed=1).table.set_index("person_id")
    chances = certainty.table.set_index("person_id")
    assert settled["band"]["A"] == "Red" and settled["p_red"]["A"] == 1.0
    assert 0 < chances["p_red_points"]["B"] < 1
    assert settled["band"]["B"] == ("Red" if chances["p_red_points"]["B"] >= 0.5 else "Amber")
    assert settled["p_red"]["B"] == chances["p_red"]["B"]
    assert set(scores.table["band"]) == {"Red"}
