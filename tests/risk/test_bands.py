"""Bands with their range: the ten vectors exactly, a second count of 500 by other code, and what must always hold."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from csp_toolkit.errors import ParamsError
from csp_toolkit.risk.answers import weigh_answers
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.caps import UNKNOWN
from csp_toolkit.risk.facts import FACT_COLUMNS
from csp_toolkit.risk.levels import Facts, fill_unknown, reckon
from csp_toolkit.risk.toolkit import Toolkit
from tests.risk.random_answers import make, weigh
from tests.risk.recount import load, recount
from tests.risk.small_answers import AREAS, AS_OF, ON, RAT, as_rows, assessed, one, result

VECTORS = yaml.safe_load((Path(__file__).parent / "vectors.yaml").read_text(encoding="utf-8"))
BOTH = pytest.mark.parametrize("toolkit", [RAT, AREAS], ids=lambda t: t.name)


def none(value: object) -> object:
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def of_vector(name: str) -> Assessments:
    v = VECTORS[name]
    unknown = tuple(RAT.by_id) if v["unknown"] == "ALL" else tuple(v["unknown"])
    return assessed(v["answers"], age=v["age"], unknown=unknown, **dict.fromkeys(v["facts"], True))


@pytest.mark.parametrize("name", VECTORS)
def test_each_of_the_ten_vectors_comes_out_exactly(name: str) -> None:
    v, found = VECTORS[name], of_vector(name)
    row = found.table.iloc[0]
    for axis in "VH":
        key = axis.lower()
        got = {"score": none(row[f"{key}_score"]), "low": row[f"{key}_low"], "high": row[f"{key}_high"],
               "band": row[f"{key}_band"]}  # fmt: skip
        assert got == {k: v[axis][k] for k in got}
        levels = found.levels[found.levels["axis"] == axis].set_index("domain")
        words = {"unknown": None, "not applicable": "NA"}
        said = {d: words.get(r["state"], none(r["level"])) for d, r in levels.iterrows()}
        assert said == v[axis]["levels"]
    assert [f for f in row["floors"].split("; ") if f] == v["V"]["floors"] + v["H"]["floors"]
    assert [row[c] for c in ("n_known", "n_applicable", "status", "tier")] == [
        v[c] for c in ("known", "applicable", "status", "tier")
    ]


@BOTH
def test_a_second_count_of_500_random_assessments_by_other_code_agrees(toolkit: Toolkit) -> None:
    made, kit = make(500, toolkit, seed=20261126), load(toolkit.name)
    table = assess(weigh(made, toolkit), as_of=AS_OF).table.set_index("assessment_ref")
    assert {*table["status"]} == {"COMPLETE", "PROVISIONAL", "INSUFFICIENT"}, "the sample holds every status"
    differing = []
    for m in made:
        want, row = recount(m["answers"], m["age"], m["facts"], kit), table.loc[m["ref"]]
        got = {"status": row["status"], "tier": row["tier"], "known": row["n_known"], "applicable": row["n_applicable"]}
        for axis in toolkit.axes:
            key = axis.id.lower()
            got |= {f"{axis.id}_{k}": none(row[f"{key}_{k}"]) for k in ("score", "low", "high", "band")}
            got |= {f"{axis.id}_band_{k}": row[f"{key}_band_{k}"] for k in ("low", "high")}
        if {k: want[k] for k in got} != got:
            differing.append(m["ref"])
    assert differing == []


def reckoned(grid: np.ndarray, toolkit: Toolkit = RAT, *, age: float = 15) -> dict[str, object]:
    facts = Facts(np.full(len(grid), age), {f: np.zeros(len(grid), dtype=bool) for f in FACT_COLUMNS})
    return {
        "point": reckon(grid, facts, toolkit), "low": reckon(fill_unknown(grid, 0), facts, toolkit),
        "high": reckon(fill_unknown(grid, toolkit.unknown_high), facts, toolkit),
    }  # fmt: skip


def random_grid(n: int, toolkit: Toolkit, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    quiet = rng.random((n, 1))
    values = np.where(
        rng.random((n, len(toolkit.indicators))) < quiet, 0, rng.integers(0, 4, (n, len(toolkit.indicators)))
    )
    return np.where(rng.random(values.shape) < rng.random((n, 1)) * 0.6, UNKNOWN, values).astype("int8")


@BOTH
def test_an_answer_made_unknown_never_narrows_the_range(toolkit: Toolkit) -> None:
    grid = random_grid(4_000, toolkit, 1)
    rng = np.random.default_rng(2)
    fewer = grid.copy()
    fewer[np.arange(len(grid)), rng.integers(0, grid.shape[1], len(grid))] = UNKNOWN
    was, now = reckoned(grid, toolkit), reckoned(fewer, toolkit)
    lost = np.array([g[f != g].max(initial=0) for g, f in zip(grid, fewer, strict=True)])
    assert (lost > toolkit.unknown_high).any()
    for axis in toolkit.axes:
        low, high = ([r[end].scores[axis.id] for r in (was, now)] for end in ("low", "high"))  # type: ignore[attr-defined]
        assert (low[1] <= low[0]).all()
        ordinary = lost <= toolkit.unknown_high  # a lost 3 may have been worse than the high end takes an unknown for
        assert (high[1] >= high[0])[ordinary].all()
        weights = [d.weight for d in axis.domains]
        first = [d.id for d in toolkit.domains].index(axis.domains[0].id)
        width = [
            (r["high"].levels - r["low"].levels)[:, first : first + len(weights)] @ weights
            for r in (was, now)  # type: ignore[attr-defined]
        ]
        assert (width[1] >= width[0]).all()


@BOTH
def test_a_worse_answer_never_lowers_a_score_or_a_band(toolkit: Toolkit) -> None:
    grid = random_grid(4_000, toolkit, 3)
    rng = np.random.default_rng(4)
    at = (np.arange(len(grid)), rng.integers(0, grid.shape[1], len(grid)))
    worse = grid.copy()
    worse[at] = np.where(grid[at] >= 0, np.minimum(grid[at] + 1, 3), grid[at])
    was, now = reckoned(grid, toolkit, age=12), reckoned(worse, toolkit, age=12)
    for reading in was:
        for axis in toolkit.axes:
            before, after = (r[reading].bands[axis.id] for r in (was, now))  # type: ignore[attr-defined]
            assert (after >= before).all()


def test_floors_hold_whatever_else_is_answered() -> None:
    made = make(800, RAT, seed=7)
    found = assess(weigh(made, RAT), as_of=AS_OF)
    table, point = found.table, found.readings["point"]
    for axis in RAT.axes:
        for floor in axis.floors:
            holds = point.floors[floor.id]
            assert holds.any(), floor.id
            places = table.loc[holds, f"{axis.id.lower()}_band_so_far"].map(RAT.band_names.index)
            assert (places >= RAT.band_names.index(floor.band)).all()
    assert (table.loc[point.floors["F6"], "tier"] == "T4").all()


EDGES = [(0, "LOW"), (19, "LOW"), (20, "MEDIUM"), (44, "MEDIUM"), (45, "HIGH"), (69, "HIGH"), (70, "VERY_HIGH")]


@pytest.mark.parametrize(("score", "band"), [*EDGES, (100, "VERY_HIGH")])
def test_each_band_begins_on_its_edge(score: int, band: str) -> None:
    from csp_toolkit.risk.levels import band_scores

    assert RAT.band_names[band_scores(np.array([float(score)]), RAT)[0]] == band


def test_a_half_is_rounded_to_the_even_side() -> None:
    row = result({"V1.1": 2, "V2.1": 2}, unknown=())
    assert (row["v_score"], row["v_low"]) == (12, 12)  # 100 x 6 / 48 = 12.5


def test_a_floor_names_the_answers_that_meet_it() -> None:
    found = assessed({"V5.1": 2, "V5.3": 2})
    assert found.explain("C/1").endswith("F4 debt, threats, coercion, takeover or found away with drugs (V5.1, V5.3).")
    floors = found.reasons[found.reasons["kind"].eq("floor")].set_index("what")["words"]
    assert floors["F4"].startswith("held up to HIGH") and floors["F4"].endswith("(V5.1, V5.3)")


def test_axes_are_never_added_and_each_moves_alone() -> None:
    quiet, violent = result({}), result({"H1.1": 3})
    assert [quiet[k] for k in quiet if k.startswith("v_")] == [violent[k] for k in violent if k.startswith("v_")]
    assert not [column for column in assessed({}).table.columns if column in ("score", "total", "rank")]


@pytest.mark.parametrize("age", [17, None])
def test_nobody_under_18_and_nobody_of_unknown_age_is_enforcement_led(age: int | None) -> None:
    grave = {"H1.1": 3, "H2.1": 3, "H3.1": 3}
    assert result(grave, age=18)["route"] == "ENFORCEMENT_LED"
    assert result(grave, age=age)["route"] == "SUPPORT_LED_WITH_DISRUPTION"


def test_no_route_is_led_by_enforcement_for_any_of_many_children() -> None:
    made = [m for m in make(2_000, RAT, seed=11) if m["age"] is None or m["age"] < 18]
    assert "ENFORCEMENT_LED" not in {*assess(weigh(made, RAT), as_of=AS_OF).table["route"]}


def test_too_little_known_has_no_band_no_route_and_the_tier_for_it() -> None:
    unknown = tuple(i for i in RAT.by_id if i[0] == "V")
    row = result({}, unknown=unknown)
    assert (row["status"], row["v_band"], row["h_band"], row["tier"]) == ("INSUFFICIENT",) * 3 + ("T2",)
    assert pd.isna(row["route"]) and (row["h_band_so_far"], row["v_low"], row["v_high"]) == ("LOW", 0, 100)


def test_a_threat_to_life_is_at_every_meeting_however_little_is_known() -> None:
    row = result({}, unknown=tuple(RAT.by_id), threat_to_life=True)
    assert (row["v_band"], row["v_band_low"], row["tier"]) == ("INSUFFICIENT", "VERY_HIGH", "T4")


def test_one_critical_unknown_is_enough_to_be_provisional() -> None:
    assert result({}, unknown=("V5.1",))["status"] == "PROVISIONAL"
    assert result({}, unknown=("V5.4",))["status"] == "COMPLETE"


@pytest.mark.parametrize(
    ("n_unknown", "status"), [(16, "COMPLETE"), (17, "PROVISIONAL"), (32, "PROVISIONAL"), (33, "INSUFFICIENT")]
)
def test_status_changes_exactly_at_four_fifths_and_three_fifths(n_unknown: int, status: str) -> None:
    plain = [i.id for i in RAT.indicators if not i.critical and i.applies != "adult"]
    assert result({}, unknown=tuple(plain[:n_unknown]))["status"] == status


def test_reasons_add_up_to_the_score() -> None:
    found = assess(weigh(make(60, RAT, seed=5), RAT), as_of=AS_OF)
    domains = found.reasons[found.reasons["kind"] == "domain"]
    sums = domains.groupby(["assessment_ref", "axis"])[["points", "points_of"]].sum()
    for (ref, axis), row in sums.iterrows():
        score = found.table.set_index("assessment_ref").loc[ref, f"{axis.lower()}_score"]
        assert score == round(100 * int(row["points"]) / int(row["points_of"]))


def test_an_old_assessment_is_never_scored_anew_in_silence() -> None:
    newer = RAT.model_copy(update={"version": "2.0.0", "scale": 50})
    answers = one({"V5.1": 3})
    with pytest.raises(ParamsError, match="1 assessments were made under csp_rat_v1 1.0.0"):
        assess(answers, newer, as_of=AS_OF)
    tried = assess(answers, newer, as_of=AS_OF, what_if=True)
    assert tried.table["basis"].tolist() == ["what if"] and "what-if" in tried.explain("C/1")
    assert assess(answers, as_of=AS_OF).table["basis"].tolist() == ["as made"]


def test_a_toolkit_changed_without_a_new_version_is_noticed() -> None:
    with pytest.raises(ParamsError, match="not scored anew"):
        assess(one({}), RAT.model_copy(update={"unknown_high": 3}), as_of=AS_OF)


def test_a_what_if_under_the_same_answers_gives_the_same_bands() -> None:
    answers = weigh(make(100, RAT, seed=9), RAT)
    tried = assess(answers, RAT.model_copy(update={"version": "1.0.1"}), as_of=AS_OF, what_if=True).table
    same = assess(answers, as_of=AS_OF).table
    pd.testing.assert_frame_equal(tried.drop(columns=["basis", "toolkit"]), same.drop(columns=["basis", "toolkit"]))


def test_an_assessment_after_the_day_is_not_assessed() -> None:
    assert assess(one({}, on=date(2026, 11, 27)), as_of=AS_OF).table.empty
    assert len(assess(one({}, on=AS_OF), as_of=AS_OF).table) == 1


@pytest.mark.parametrize(("on", "given", "review_by"), [
    (date(2026, 11, 2), {"V5.1": 2}, "2026-11-30"),
    (date(2026, 11, 28), {"V5.1": 2}, "2026-12-24"),  # 28 days on is Boxing Day: the working day before
    (date(2026, 3, 6), {"V5.1": 2}, "2026-04-02"),  # Good Friday
    (date(2026, 11, 2), {}, None),
])  # fmt: skip
def test_the_review_is_due_no_later_than_its_interval_and_on_a_day_people_work(
    on: date, given: dict, review_by: str | None
) -> None:
    due = assess(one(given, on=on), as_of=date(2026, 12, 31)).table["review_by"].iloc[0]
    assert none(due) == (pd.Timestamp(review_by) if review_by else None)


def test_a_request_goes_to_the_owner_of_each_critical_unknown_and_is_late_after_its_day() -> None:
    found = assessed({}, unknown=("V5.1", "V5.4", "H1.3"))
    assert found.requests[["indicator", "owner"]].values.tolist() == [["V5.1", "POL"], ["H1.3", "POL"]]
    assert {*found.requests["due_on"]} == {pd.Timestamp("2026-11-09")} and found.requests["is_late"].all()
    assert not assess(one({}, unknown=("V5.1",)), as_of=date(2026, 11, 9)).requests["is_late"].any()


def test_the_second_toolkit_runs_through_the_same_code_with_its_judgement_apart() -> None:
    rows = {f"A.{n}": 2 for n in range(1, 9)}
    row = result(rows, toolkit=AREAS)
    assert (row["r_score"], row["r_band"], row["tier"], row["route"]) == (16, "HIGH", "T3", "SUPPORT_LED")
    said = [{"assessment_ref": "C/1", "indicator": i, "answer": 2, "note": "seen"} for i in rows]
    judged = as_rows([*said, {"assessment_ref": "C/1", "indicator": "PJ", "answer": "1"}])
    both = weigh_answers(judged, one(rows, toolkit=AREAS).assessments, AREAS)
    found = assess(both, as_of=ON)
    assert found.protective.values.tolist() == [["C/1", "PJ", "LOW"]]
    assert found.table["r_score"].tolist() == [16], "a judgement is never added"


def test_no_words_rank_or_predict() -> None:
    page = assessed({"V5.1": 3})._repr_html_()
    assert "structured professional judgement" in page and "ranks no child" in page and "rank</th>" not in page


def test_the_order_of_rows_changes_nothing() -> None:
    made = make(50, RAT, seed=13)
    shuffled = [m | {"answers": m["answers"][::-1]} for m in made]
    one_way, other = (assess(weigh(m, RAT), as_of=AS_OF).table for m in (made, shuffled))
    pd.testing.assert_frame_equal(one_way, other)
