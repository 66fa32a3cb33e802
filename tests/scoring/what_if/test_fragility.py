"""What a seat rests on, held against the scorer itself with the records taken away, set by set."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from bench.made_items import AS_OF as MADE_ON
from bench.made_items import make_items
from csp_toolkit.errors import CheckFailed, TableError
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.evidence.inclusion import CITED_COLUMNS
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.points import award_points
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.fragility import Fragility, find_fragility
from csp_toolkit.scoring.what_if.search import INCLUSION
from csp_toolkit.tables.view import View
from tests.scoring.by_hand import work_out
from tests.scoring.small_views import (
    AS_OF,
    MATRIX,
    ago,
    agreement,
    crime,
    on_register,
    record,
    report,
    small_view,
    subject,
    suspect,
)

POINTS = 10_000


def with_places(n: int) -> Matrix:
    return MATRIX.model_copy(update={"movement": MATRIX.movement.model_copy(update={"top": n})})


def register(*people: str, cites: str = "X1; X2", **more: list[dict]) -> View:
    """People who are all on the register by two crimes of long ago, and whatever a test adds."""
    old = [crime(f"X{n}", from_on=ago(900 + n)) for n in (1, 2)]
    return small_view(
        person_records=[record(who) for who in people],
        reviews=[on_register(who, items_relied_on=cites) for who in people],
        agreements=[agreement()],
        crimes=[*old, *more.pop("crimes", [])],
        crime_suspects=[*(suspect(ref, who) for ref in ("X1", "X2") for who in people),
                        *more.pop("crime_suspects", [])],
        **more,
    )  # fmt: skip


def sets_of(weak: Fragility, person: str, *, route: str | None = None) -> set[frozenset[str]]:
    own = weak.sets[weak.sets["person_id"].eq(person)]
    own = own if route is None else own[own["route"].eq(route)]
    return {frozenset(refs.split("; ")) for refs in own["refs"]}


def minimal(sets: set[frozenset[str]]) -> set[frozenset[str]]:
    return {one for one in sets if not any(other < one for other in sets)}


def without(view: View, refs: frozenset[str]) -> View:
    """The view in which these records have fallen: crimes and orders gone, reports no longer live."""
    tables = dict(view.tables)
    for name, key in (("crimes", "crime_ref"), ("orders", "order_ref"), ("line_people", "link_ref")):
        tables[name] = tables[name][~tables[name][key].isin(refs)]
    reports = tables["intel_reports"]
    tables["intel_reports"] = reports[~reports["report_ref"].isin(refs)]
    return replace(view, tables=tables, ever={**view.ever, "intel_reports": reports})


def is_placed(view: View, matrix: Matrix, person: str) -> bool:
    table = score(view, matrix).table
    row = table[table["person_id"].eq(person) & table["block"].eq("ranked")]
    return bool(len(row)) and int(row["rank"].item()) <= matrix.movement.top


def search_by_scoring(view: View, matrix: Matrix, person: str, refs: set[str]) -> set[frozenset[str]]:
    found: set[frozenset[str]] = set()
    for size in (1, 2):
        for chosen in map(frozenset, combinations(sorted(refs), size)):
            if not any(one < chosen for one in found) and not is_placed(without(view, chosen), matrix, person):
                found.add(chosen)
    return found


def mixed_view(seed: int) -> View:
    rng = np.random.default_rng(seed)
    people = ["P", "Q", "R", "S"]
    codes = [("34B/1", "Robbery of personal property"), ("10D/1", "Possession of article with blade or point"),
             ("92A/31", "Possession of a controlled drug with intent to supply - Class A")]  # fmt: skip
    crimes, suspects, reports, subjects = [], [], [], []
    for n in range(4):
        code, title = codes[rng.integers(len(codes))]
        crimes.append(crime(f"C{n}", ho_code=code, offence=title, from_on=ago(int(rng.integers(10, 700)))))
        for who in rng.choice(people, size=rng.integers(1, 4), replace=False):
            suspects.append(suspect(f"C{n}", str(who), status=str(rng.choice(["CHARGED", "SUSPECT"]))))
    for n in range(5):
        grade, theme = rng.choice(["1A", "2A", "1C"]), rng.choice(["MEMBERSHIP", "FIREARM", "SUPPLY"])
        when = ago(int(rng.integers(5, 200)))
        origin = f"O{rng.integers(4)}"
        reports.append(report(f"R{n}", grade=str(grade), theme=str(theme), event_on=when, origin_ref=origin))
        subjects.append(subject(f"R{n}", str(rng.choice(people[:2]))))
    return register(*people, cites=str(rng.choice(["X1; X2", "C0; R0; R1", "X1; C1; R2"])), crimes=crimes,
                    crime_suspects=suspects, intel_reports=reports, intel_subjects=subjects)  # fmt: skip


@pytest.mark.parametrize("seed", [2, 3])
def test_what_a_seat_rests_on_is_what_the_scorer_finds_with_the_records_taken_away(seed: int) -> None:
    view, matrix = mixed_view(seed), with_places(2)
    scores = score(view, matrix)
    weak = find_fragility(scores)
    person = weak.table["person_id"].iloc[-1]
    refs = set(scores.items.loc[scores.items["person_id"].eq(person), "item_id"])
    refs |= set(scores.cited.loc[scores.cited["person_id"].eq(person), "ref"])
    found = search_by_scoring(view, matrix, person, refs)
    assert found
    assert minimal({one for one in sets_of(weak, person) if len(one) < 3}) == found


def by_hand(items: pd.DataFrame, matrix: Matrix) -> Scores:
    """Scores of made-up items: everyone ranked, and on the register by two strong things that nobody can lose."""
    ledger = award_points(items, matrix, as_of=MADE_ON)
    table = ledger.groupby("person_id")["points"].sum().rename("score").reset_index()
    table = table.assign(block="ranked").sort_values(["score", "person_id"], ascending=[False, True])
    strong = {"kind": "crime", "does_count": True, "is_strong": True, "event_on": pd.NaT, "after": pd.NaT}
    cited = [{"person_id": who, "ref": f"Z{n}{who}", "origin_id": f"Z{n}{who}", **strong}
             for who in table["person_id"] for n in (1, 2)]  # fmt: skip
    cited = pd.DataFrame(cited, columns=[*CITED_COLUMNS, "after"])
    nothing = pd.DataFrame(columns=["person_id"])
    return Scores(table.reset_index(drop=True), ledger, nothing, nothing, matrix, MADE_ON, items, cited)


def ranks_without(items: pd.DataFrame, refs: frozenset[str]) -> dict[str, int]:
    """The ranks once records have fallen for everybody, worked out by hand."""
    rows = items[~items["item_id"].isin(refs)]
    points = work_out(
        [{"person": one.person_id, "criterion": one.criterion, "item": one.item_id, "event": one.event_id,
          "origin": one.origin_id, "on": one.event_on.date(), "basis": one.basis, "base": Fraction(one.base, POINTS),
          "weight": Fraction(MATRIX.evidence_factors[one.evidence], POINTS),
          "role": Fraction(str(MATRIX.roles[one.role]))}
         for one in rows.itertuples()], MADE_ON,
    )  # fmt: skip
    return {who: 1 + sum(other > own for other in points.values()) for who, own in points.items()}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("unit", ["record", "origin"])
def test_events_origins_buckets_and_caps_hold_in_every_set_that_is_tried(seed: int, unit: str) -> None:
    matrix = with_places(3)
    items = make_items(48, matrix, seed=seed, n_people=5, share_event=0.4, share_origin=0.8, days=420)
    shared = items[items["item_id"].isin(items["item_id"].iloc[::9]) & items["person_id"].ne("PER-000000000000")]
    items = pd.concat([items, shared.assign(person_id="PER-000000000000")], ignore_index=True)
    items = items.drop_duplicates(["person_id", "criterion", "item_id"])
    weak = find_fragility(by_hand(items, matrix), unit=unit)  # type: ignore[arg-type]
    key = "item_id" if unit == "record" else "origin_id"
    refs = items.groupby(key)["item_id"].agg(frozenset)
    names = dict(zip(items["item_id"], items[key], strict=True))
    for person in weak.table["person_id"]:
        own = sorted(items.loc[items["person_id"].eq(person), key].unique())
        expected: set[frozenset[str]] = set()
        for size in (1, 2, 3):
            for chosen in map(frozenset, combinations(own, size)):
                if not any(one < chosen for one in expected):
                    left = ranks_without(items, frozenset().union(*(refs[name] for name in chosen)))
                    expected |= {chosen} if left.get(person, 99) > 3 else set()
        found = weak.sets.loc[weak.sets["person_id"].eq(person) & weak.sets["route"].ne(INCLUSION), "refs"]
        assert {frozenset(names[ref] for ref in one.split("; ")) for one in found} == expected
        row = weak.table[weak.table["person_id"].eq(person)].iloc[0]
        assert [row["n_ones"], row["n_twos"], row["n_threes"]] == [
            sum(len(one) == size for one in expected) for size in (1, 2, 3)
        ]


def one_of_three(**more: list[dict]) -> Fragility:
    """P with what a test gives, Q with a robbery worth 9.6 points, one place."""
    crimes = [crime("CQ"), *more.pop("crimes", [])]
    suspects = [suspect("CQ", "Q"), *more.pop("crime_suspects", [])]
    return find_fragility(score(register("P", "Q", crimes=crimes, crime_suspects=suspects, **more), with_places(1)))


def firearm(ref: str, **more: object) -> dict:
    return report(ref, theme="FIREARM", **more)


def test_what_a_lost_report_retired_comes_back() -> None:
    """Two reports of one origin: losing the better one leaves the other, and the seat stays."""
    lost = {"crimes": [crime("C1", ho_code="10D/1", from_on=ago(20))], "crime_suspects": [suspect("C1")]}
    kept = one_of_three(intel_reports=[firearm("R1", origin_ref="O"), firearm("R2", origin_ref="O", grade="1B")],
                        intel_subjects=[subject("R1"), subject("R2")], **lost)  # fmt: skip
    assert frozenset({"R1"}) not in sets_of(kept, "P")
    assert frozenset({"R1", "R2"}) in sets_of(kept, "P")
    apart = one_of_three(intel_reports=[firearm("R1")], intel_subjects=[subject("R1")], **lost)
    assert frozenset({"R1"}) in sets_of(apart, "P")


def test_a_cap_fills_up_again() -> None:
    """Two convictions of robbery fill the cap of 24; a third stands behind them."""
    crimes = [crime(f"C{n}", court_result="CONVICTED") for n in range(3)]
    crimes.append(crime("C3", ho_code="105A/1"))
    found = one_of_three(crimes=crimes, crime_suspects=[suspect(f"C{n}") for n in range(4)])
    assert found.table.loc[0, "n_least"] == 3
    assert sets_of(found, "P", route="points") == {frozenset({"C0", "C1", "C2"})}


def test_a_second_origin_holds_up_the_first() -> None:
    """Two reports of membership from two origins are worth ten together and nothing alone."""
    reports = [report("R1", theme="MEMBERSHIP"), report("R2", theme="MEMBERSHIP"), firearm("R3", grade="1B")]
    found = one_of_three(intel_reports=reports, intel_subjects=[subject(f"R{n}") for n in (1, 2, 3)])
    assert {frozenset({"R1"}), frozenset({"R2"})} <= sets_of(found, "P")


def test_who_ties_with_the_last_place_is_not_below_the_cut() -> None:
    robbed = {"crimes": [crime("C1"), crime("C2", ho_code="105A/1", from_on=ago(20))],
              "crime_suspects": [suspect("C1"), suspect("C2")]}  # fmt: skip
    found = one_of_three(**robbed)
    assert found.table.loc[0, "points_above"] == int(2.4 * POINTS)
    assert sets_of(found, "P", route="points") == {frozenset({"C1"})}


def test_a_crime_that_falls_falls_for_the_rival_too() -> None:
    shared = {"crimes": [crime("C1"), crime("C2", ho_code="105A/1", from_on=ago(20))],
              "crime_suspects": [suspect("C1"), suspect("C1", "Q"), suspect("C2")]}  # fmt: skip
    found = one_of_three(**shared)
    row = found.sets[found.sets["person_id"].eq("Q") & found.sets["refs"].eq("C1")]
    assert found.table["person_id"].tolist() == ["Q"] and row.empty
    assert frozenset({"CQ"}) in sets_of(found, "Q")


def test_inclusion_that_falls_is_told_apart_from_points() -> None:
    view = register("P", "Q", cites="X1; C1", crimes=[crime("C1"), crime("C2")],
                    crime_suspects=[suspect("C1"), suspect("C2"), suspect("C1", "Q")])  # fmt: skip
    found = find_fragility(score(view, with_places(1)))
    assert sets_of(found, "P", route=INCLUSION) == {frozenset({"X1"}), frozenset({"C1"})}
    assert found.table.loc[0, "n_cited"] == 2 and found.table.loc[0, "n_least_cited"] == 1


def test_somebody_with_nothing_recent_left_is_out_by_freshness() -> None:
    view = register("P", crimes=[crime("C1"), crime("C2", ho_code="1/1", from_on=ago(900))],
                    crime_suspects=[suspect("C1"), suspect("C2")])  # fmt: skip
    found = find_fragility(score(view, with_places(1)))
    assert sets_of(found, "P", route="freshness") == {frozenset({"C1"})}
    assert pd.isna(found.table.loc[0, "points_above"])


def test_it_says_in_counts_what_a_seat_rests_on() -> None:
    found = one_of_three(crimes=[crime("C1", ho_code="1/1")], crime_suspects=[suspect("C1")])
    assert found.explain("P") == "Place 1 rests on 1 record. Inclusion needs 1 of the 2 the register cites."
    assert "C1" not in repr(found) and "fragility-record" in found._repr_html_()
    with pytest.raises(TableError):
        found.explain("Q")


def test_scores_whose_evidence_does_not_add_up_are_refused() -> None:
    scores = score(register("P", crimes=[crime("C1")], crime_suspects=[suspect("C1")]), MATRIX)
    wrong = replace(scores, table=scores.table.assign(score=scores.table["score"] + 1))
    with pytest.raises(CheckFailed):
        find_fragility(wrong)


def test_the_order_of_people_and_records_changes_nothing() -> None:
    scores = score(mixed_view(2), with_places(2))
    mixed = replace(scores, items=scores.items.sample(frac=1, random_state=1),
                    cited=scores.cited.sample(frac=1, random_state=2))  # fmt: skip
    one, other = find_fragility(scores), find_fragility(mixed)
    pd.testing.assert_frame_equal(one.table, other.table)
    pd.testing.assert_frame_equal(one.sets, other.sets)
    assert one.as_of == AS_OF
