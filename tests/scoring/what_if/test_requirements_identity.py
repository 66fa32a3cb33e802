"""What a possible match would change is what it does change once somebody judges that it is one person."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from csp_toolkit.scoring.assessment import reckon, score
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if import requirements_identity
from csp_toolkit.scoring.what_if.effects import NOTHING, weigh_matches
from csp_toolkit.scoring.what_if.requirements import Questions, read_requirements, weigh_questions
from csp_toolkit.scoring.what_if.requirements_identity import Joined, join_near_cut
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.view import View
from tests.scoring.real_casebook import copy_loaded
from tests.scoring.small_views import MATRIX, crime, report, subject, suspect
from tests.scoring.what_if.test_effects import judge_match
from tests.scoring.what_if.test_fragility import register, with_places

POLICY = read_requirements()
AS_OF = date(2026, 11, 26)
AT = datetime(2026, 12, 1, tzinfo=UTC)


def match(*people: str, p_same: str | None = "0.4", ref: str = "M1") -> list[dict]:
    return [{"match_id": ref, "person_id": who, "source_system": "police", "source_ref": who, "p_same": p_same}
            for who in people]  # fmt: skip


def matched(*matches: dict, murder_of: str = "A", **more: list[dict]) -> View:
    """Q above P; A, who is not on the register, is charged with a murder."""
    crimes = [crime("CQ"), crime("C2", ho_code="10D/1"), crime("CA", ho_code="1/1"), *more.pop("crimes", [])]
    suspects = [suspect("CQ", "Q"), suspect("C2"), suspect("CA", murder_of), *more.pop("crime_suspects", [])]
    view = register("P", "Q", crimes=crimes, crime_suspects=suspects, matches=list(matches), **more)
    records = pd.concat([view["person_records"], view["person_records"].head(1).assign(source_ref="A", person_id="A")])
    tables = {**view.tables, "person_records": records.reset_index(drop=True)}
    keys = records[["person_id", "source_ref"]].assign(source_system="police").reset_index(drop=True)
    return replace(view, tables=tables, person_keys=keys)


def asked(view: View, *, within_rank: int = 20) -> Questions:
    policy = POLICY.model_copy(update={"identity_within_rank": within_rank})
    return weigh_questions(score(view, with_places(1)), view, policy)


def identity_row(questions: Questions) -> tuple[dict, pd.DataFrame]:
    (row,) = questions.table[questions.table["kind"].eq("identity")].to_dict("records")
    return row, questions.answers[questions.answers["n"].eq(row["n"])].set_index("answer")


def test_a_match_that_brings_somebody_into_the_ten_is_asked_with_its_chance() -> None:
    row, told = identity_row(asked(matched(*match("P", "A"))))
    assert row["has_chance"] and row["names_mean"] == pytest.approx(0.4 * 1) and row["places_mean"] == 0.4 * 2
    assert told.loc["one person", ["chance", "leaves", "enters"]].tolist() == [0.4, "Q", "P"]
    assert told.loc["two people", ["chance", "n_left", "n_entered", "n_moved"]].tolist() == [0.6, 0, 0, 0]
    assert (row["person_id"], row["owner"], row["handling"]) == ("P", "partnership analyst", "P")
    assert row["question"] == "Are the records of this possible match one person's?"


def test_what_it_would_do_is_what_the_scorer_does_where_the_records_are_one_persons() -> None:
    _, told = identity_row(asked(matched(*match("P", "A"))))
    ranks = [score(view, with_places(1)).table.set_index("person_id")["rank"]
             for view in (matched(), matched(murder_of="P"))]  # fmt: skip
    before, after = ({who for who, rank in own.items() if rank == 1} for own in ranks)
    assert told.loc["one person", "leaves"] == "; ".join(before - after)
    assert told.loc["one person", "enters"] == "; ".join(after - before)


def test_a_match_without_a_chance_is_a_range() -> None:
    row, told = identity_row(asked(matched(*match("P", "A", p_same=None))))
    assert not row["has_chance"] and (row["names_low"], row["names_high"], row["names_mean"]) == (0, 1, 0.5)
    assert told["chance"].isna().all()


def test_a_match_that_moves_nobody_is_idle() -> None:
    found, without = asked(matched(*match("P", "A"), murder_of="B")), asked(matched(murder_of="B"))
    assert "identity" not in set(found.table["kind"]) and found.n_idle == without.n_idle + 1


def test_far_from_the_cut_nothing_is_asked_and_nothing_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    view = matched(*match("P", "A"))
    monkeypatch.setattr(requirements_identity, "merge_people", None)
    assert "identity" not in set(asked(view, within_rank=1).table["kind"])
    assert "identity" not in set(asked(matched(), within_rank=20).table["kind"])
    with pytest.raises(TypeError):
        asked(view, within_rank=2)


def test_two_of_the_ranked_who_are_one_leave_a_place_to_the_next() -> None:
    view = matched(*match("P", "Q"))
    policy = POLICY.model_copy(update={"identity_within_rank": 1})
    row, told = identity_row(weigh_questions(score(view, with_places(2)), view, policy))
    assert row["person_id"] == "Q" and told.loc["one person", ["n_left", "n_entered", "leaves"]].tolist() == [1, 0, "P"]


def test_somebody_whom_a_gate_would_leave_out_leaves_and_the_answer_says_so() -> None:
    view = matched(*match("Q", "A"), murder_of="B")
    records = view["person_records"]
    gone = records.assign(is_deceased=records["is_deceased"].mask(records["person_id"].eq("A"), "Y"))
    view = replace(view, tables={**view.tables, "person_records": gone})
    row, told = identity_row(asked(view))
    words = "one person, whom gate g10 leaves out (recorded as deceased)"
    assert told.loc[words, ["leaves", "enters"]].tolist() == ["Q", "P"] and row["names_mean"] == pytest.approx(0.4)


def test_who_was_charged_with_the_joined_person_is_scored_anew() -> None:
    """A and Q were charged together: once A is P, on the register, Q co-offended with a nominal and stays above P.

    P would have 6.4 + 8 + 0.6 x (9.6 + 3.2) = 22.1, above Q's 19.2 now and below the 22.4 that Q then has.
    """
    firearm = {"intel_reports": [report("R1", theme="FIREARM")], "intel_subjects": [subject()], "crimes": [crime("CB")]}
    secondary = [suspect("CB", who, part="SECONDARY") for who in ("A", "P")]
    view = matched(*match("P", "A"), murder_of="B", crime_suspects=[suspect("CB", "Q"), secondary[0]], **firearm)
    joined = matched(murder_of="B", crime_suspects=[suspect("CB", "Q"), secondary[1]], **firearm)
    (found,) = join_near_cut(score(view, with_places(1)), view, within_rank=2)
    points = [score(own, MATRIX).table.set_index("person_id")["score"].to_dict() for own in (view, joined)]
    assert points == [{"Q": 192_000, "P": 144_000}, {"Q": 224_000, "P": 220_800}]
    assert (found.effect["n_entered"], found.effect["n_moved"]) == (0, 0)


def test_each_match_is_weighed_by_itself_with_what_it_alone_changes_of_others() -> None:
    """As above, and Q may be Z: what joining P and A gives Q is no effect of the match of Q and Z."""
    firearm = {"intel_reports": [report("R1", theme="FIREARM")], "intel_subjects": [subject()], "crimes": [crime("CB")]}
    together = [suspect("CB", "Q"), suspect("CB", "A", part="SECONDARY")]
    open_ones = [*match("P", "A"), *match("Q", "Z", ref="M2")]
    view = matched(*open_ones, murder_of="B", crime_suspects=together, **firearm)
    found = weigh_matches(view, score(view, MATRIX)).set_index("match_id")
    assert found.loc["M1", ["points_after", "rank_after"]].tolist() == [220_800, 2]
    assert found.loc["M2", ["change", "points_before", "points_after"]].tolist() == [NOTHING, 192_000, 192_000]


def test_gates_see_what_the_joined_person_may_be_besides() -> None:
    """A may be X, who shows a sign of exploitation: once Q is A, it is Q who may be X."""
    view = matched(*match("Q", "A"), *match("A", "X", ref="M2"), murder_of="B")
    records = view["person_records"]
    exploited = records.tail(1).assign(source_ref="X", person_id="X", markers=with_places(1).gates.nrm_marker)
    records = pd.concat([records, exploited], ignore_index=True)
    view = replace(view, tables={**view.tables, "person_records": records})
    row, told = identity_row(asked(view))
    (words,) = [one for one in told.index if one.startswith("one person")]
    assert words.startswith("one person, whom gate g7 leaves out (a record that may be the same person")
    assert told.loc[words, ["leaves", "enters"]].tolist() == ["Q", "P"] and row["ref"] == "M1"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{"handling": "P"}], ("P", None)),
        ([{"handling": "C", "handling_conditions": "Panel only; Police only"}], ("C", "Panel only; Police only")),
        ([{"handling": "C", "handling_conditions": "Panel only"}, {"handling": "C"}], ("C", None)),
    ],
)
def test_a_question_is_bound_by_every_report_the_answer_would_add(rules: list[dict], expected: tuple) -> None:
    reports = [report(f"R{n}", **rule) for n, rule in enumerate(rules)]
    subjects = [subject(f"R{n}", "A") for n in range(len(rules))]
    row, _ = identity_row(asked(matched(*match("P", "A"), intel_reports=reports, intel_subjects=subjects)))
    told = (row["handling"], row["handling_conditions"] if pd.notna(row["handling_conditions"]) else None)
    assert told == expected


def test_the_order_of_rows_changes_nothing() -> None:
    view = matched(*match("P", "A"), *match("Q", "B", ref="M2", p_same=None), *match("P", "B", ref="M3"))
    tables = {name: frame[::-1].reset_index(drop=True) for name, frame in view.tables.items()}
    matches = view.possible_matches[::-1].reset_index(drop=True)
    turned = replace(view, possible_matches=matches, tables=tables, people=view.people[::-1].reset_index(drop=True))
    one, other = asked(view), asked(turned)
    assert len(one.table[one.table["kind"].eq("identity")]) >= 1
    pd.testing.assert_frame_equal(one.table, other.table)
    pd.testing.assert_frame_equal(one.answers, other.answers)


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    return copy_loaded(tmp_path_factory.mktemp("joined") / "casebook.sqlite")


def first_of(scores: Scores, places: int) -> set[str]:
    table = scores.table
    return set(table.loc[table["block"].eq("ranked") & (table["rank"] <= places), "person_id"])


@pytest.mark.real_data
def test_what_a_match_would_change_is_what_judging_it_does_change(casebook: Casebook) -> None:
    """The cut is put where the match bears: below the person, or just above."""
    view = casebook.view(AS_OF)
    plain = reckon(view, with_places(10))
    found = join_near_cut(plain, view, within_rank=1_000)
    moving = sorted((one for one in found if one.effect["n_moved"]), key=lambda one: -int(str(one.effect["n_moved"])))
    assert moving
    for one in moving[:1]:
        rank = plain.table.set_index("person_id")["rank"][one.person]
        made = judge_match(view, one.match, "SAME")
        casebook.decide(made, recorded_on=AS_OF, actor="test", at=AT)  # type: ignore[arg-type]
        after = casebook.view(AS_OF)
        casebook.decide(judge_match(view, one.match, "WITHDRAWN"), recorded_on=AS_OF, actor="test", at=AT)  # type: ignore[arg-type]
        keys = view.person_keys.merge(after.person_keys, on=["source_system", "source_ref"]).drop_duplicates()
        now = dict(zip(keys["person_id_y"], keys["person_id_x"], strict=True))
        now |= {keys.set_index("person_id_x").loc[[one.person], "person_id_y"].iloc[0]: one.person}
        for places in (int(rank), int(rank) - 1):
            before = first_of(reckon(view, with_places(places)), places)
            then = {now[who] for who in first_of(reckon(after, with_places(places)), places)}
            (weighed,) = (
                again for again in join_near_cut(reckon(view, with_places(places)), view, within_rank=1_000)
                if again.match == one.match
            )  # fmt: skip
            assert told(weighed, "leaves") == before - then and told(weighed, "enters") == then - before


def told(one: Joined, column: str) -> set[str]:
    return set(str(one.effect[column]).split("; ")) if one.effect[column] else set()
