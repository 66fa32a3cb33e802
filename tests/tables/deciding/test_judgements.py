"""What people judge of pairs of records: joined, parted, undone, and the same in whatever order it comes."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csp_toolkit.errors import DecisionError
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.decisions import Decision
from csp_toolkit.tables.deciding.judgements import list_judged_lines
from csp_toolkit.tables.origins import count_origins
from csp_toolkit.tables.view import View
from tests.tables.deliveries import NOON, NOVEMBER, OCTOBER, agreements, checked, load, new_casebook, person, report
from tests.tables.test_casebook import assert_same_view

MEETING = date(2026, 11, 26)
DAY = date(2026, 11, 20)
POLICE, PRISON, CHILDREN = "police", "prison", "children"
End = tuple[str, str]


def judge(one: End, other: End, verdict: str, **more: object) -> Decision:
    """Return a judgement of two records."""
    details = {"system_a": one[0], "ref_a": one[1], "system_b": other[0], "ref_b": other[1]}
    made = Decision(kind="identity", meeting_on=MEETING, decided_on=DAY, decided_by="SYN Analyst", role="Lead analyst",
                    outcome=verdict, reason="Custody photographs compared", details=details)  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def decide(casebook: Casebook, *made: Decision, on: date = DAY) -> object:
    return casebook.decide(made, recorded_on=on, actor="analyst", at=NOON)  # type: ignore[arg-type]


def ids(view: View) -> dict[str, str]:
    return view.person_keys.set_index("source_ref")["person_id"].to_dict()


ONE, TWO, THREE, FOUR = (POLICE, "42SYN/1"), (POLICE, "42SYN/2"), (PRISON, "SYNA3"), (CHILDREN, "SYN-M4")


@pytest.fixture
def casebook(tmp_path: Path) -> Casebook:
    """Two police records of one name and birth, a prison record with the second's PNC number, a child's record."""
    made = new_casebook(tmp_path)
    load(made, OCTOBER, agreements(prison_until="2027-11-15"),
         checked("police_nominals", person_records=[person("42SYN/1"), person("42SYN/2", pnc="X2")]),
         checked("prison_status", person_records=[person("SYNA3", "WATSEN", pnc="X2")]),
         checked("childrens_services", person_records=[person("SYN-M4", "WATSUN")]))  # fmt: skip
    return made


def people(casebook: Casebook, known_at: date = MEETING) -> set[frozenset[str]]:
    keys = casebook.view(MEETING, known_at).person_keys
    return {frozenset(group) for _, group in keys.groupby("person_id")["source_ref"]}


def test_records_judged_the_same_are_one_person_from_the_day_it_is_recorded(casebook: Casebook) -> None:
    before = ids(casebook.view(MEETING))
    decide(casebook, judge(ONE, TWO, "SAME"), on=NOVEMBER)
    assert people(casebook, date(2026, 11, 19)) == {frozenset({"42SYN/1"}), frozenset({"42SYN/2", "SYNA3"}),
                                                    frozenset({"SYN-M4"})}  # fmt: skip
    view = casebook.view(MEETING)
    found = ids(view)
    assert found["42SYN/1"] == found["42SYN/2"] == found["SYNA3"] in {before["42SYN/1"], before["42SYN/2"]}
    assert view.possible_matches.empty
    assert "judged the same" in set(view.person_links["why"])
    assert view.judgements["state"].tolist() == ["applies"]
    assert view.decisions.empty and casebook.log.verify().is_sound


def test_a_judgement_joins_round_the_strong_links_of_both(casebook: Casebook) -> None:
    decide(casebook, judge(ONE, THREE, "SAME"), judge(FOUR, ONE, "SAME"))
    assert people(casebook) == {frozenset({"42SYN/1", "42SYN/2", "SYNA3", "SYN-M4"})}


def test_a_person_keeps_the_elder_name_and_undoing_gives_both_back(casebook: Casebook) -> None:
    load(casebook, date(2026, 11, 1), checked("police_nominals", person_records=[
        person("42SYN/1"), person("42SYN/2", pnc="X2"), person("42SYN/9", "NEW")]))  # fmt: skip
    before = casebook.view(MEETING)
    decide(casebook, judge(ONE, (POLICE, "42SYN/9"), "SAME"))
    assert ids(casebook.view(MEETING))["42SYN/9"] == ids(before)["42SYN/1"]
    decide(casebook, judge(ONE, (POLICE, "42SYN/9"), "WITHDRAWN"))
    assert_same_view(casebook.view(MEETING), before)


def test_a_shared_number_gives_way_to_a_judgement_that_it_is_wrong(casebook: Casebook) -> None:
    decide(casebook, judge(TWO, THREE, "NOT_SAME"))
    assert len(people(casebook)) == 4
    assert casebook.view(MEETING).contradictions.empty


def test_who_was_judged_apart_is_no_possible_match_and_the_undecided_are_marked(casebook: Casebook) -> None:
    assert casebook.view(MEETING).possible_matches["looked_at"].tolist() == ["", ""]
    decide(casebook, judge(ONE, TWO, "UNDECIDED"))
    assert casebook.view(MEETING).possible_matches["looked_at"].tolist() == ["undecided on 2026-11-20"] * 2
    decide(casebook, judge(TWO, ONE, "NOT_SAME"))
    assert casebook.view(MEETING).possible_matches.empty


def test_apart_from_one_is_apart_from_whoever_is_the_same_as_them(casebook: Casebook) -> None:
    """Children's record is the first, which is not the second: so a match of children's and the second is settled."""
    load(casebook, date(2026, 11, 2), checked("childrens_services", person_records=[person("SYN-M4")]))
    assert len(casebook.view(MEETING).possible_matches) == 3
    decide(casebook, judge(ONE, FOUR, "SAME"), judge(ONE, TWO, "NOT_SAME"))
    assert casebook.view(MEETING).possible_matches.empty


def test_someone_apart_from_all_others_of_a_match_leaves_it(casebook: Casebook) -> None:
    load(casebook, date(2026, 11, 2), checked("childrens_services", person_records=[person("SYN-M4")]))
    decide(casebook, judge(ONE, TWO, "NOT_SAME"), judge(ONE, FOUR, "NOT_SAME"))
    assert casebook.view(MEETING).possible_matches["source_ref"].tolist() == ["SYN-M4", "42SYN/2"]


def test_a_judgement_with_an_end_lapses_after_it(casebook: Casebook) -> None:
    decide(casebook, judge(ONE, TWO, "SAME", valid_until=date(2026, 11, 25)))
    assert casebook.view(date(2026, 11, 25)).possible_matches.empty
    assert len(casebook.view(MEETING).possible_matches) == 2


def test_a_judgement_on_a_record_not_received_waits_and_then_holds(casebook: Casebook) -> None:
    report = decide(casebook, judge(ONE, (POLICE, "42SYN/77"), "SAME"))
    assert report.n_waiting == 1  # type: ignore[attr-defined]
    view = casebook.view(MEETING)
    assert view.judgements["state"].tolist() == ["waits for a record not received yet"]
    assert "42SYN/77" not in ids(view)
    load(casebook, NOVEMBER, checked("police_nominals", person_records=[person("42SYN/1"), person("42SYN/77", "NEW")]))
    assert ids(casebook.view(MEETING))["42SYN/77"] == ids(view)["42SYN/1"]


@pytest.mark.parametrize(
    "made",
    [
        [judge(ONE, TWO, "SAME"), judge(ONE, THREE, "NOT_SAME")],
        [judge(ONE, FOUR, "SAME"), judge(FOUR, THREE, "SAME"), judge(ONE, THREE, "NOT_SAME")],
        [judge(ONE, FOUR, "SAME"), judge(FOUR, THREE, "SAME"), judge(TWO, ONE, "NOT_SAME")],
    ],
)
def test_a_chain_that_joins_what_is_judged_apart_is_refused_whole(casebook: Casebook, made: list[Decision]) -> None:
    before = casebook.view(MEETING)
    with pytest.raises(DecisionError, match="contradicts what joins these records through others") as caught:
        decide(casebook, *made)
    assert "42SYN" not in str(caught.value) and "SYNA3" not in str(caught.value)
    assert_same_view(casebook.view(MEETING), before)
    decide(casebook, *made[:-1])
    with pytest.raises(DecisionError, match="list row 1"):
        decide(casebook, made[-1])


def test_a_number_three_records_share_is_parted_only_when_all_of_it_is_judged(casebook: Casebook) -> None:
    records = [person("42SYN/1", pnc="X2"), person("42SYN/2", pnc="X2")]
    load(casebook, date(2026, 11, 2), checked("police_nominals", person_records=records))
    with pytest.raises(DecisionError, match="2 the same PNC number"):
        decide(casebook, judge(ONE, TWO, "NOT_SAME"))
    decide(casebook, judge(ONE, TWO, "NOT_SAME"), judge(ONE, THREE, "NOT_SAME"))
    assert frozenset({"42SYN/2", "SYNA3"}) in people(casebook)
    assert casebook.view(MEETING).contradictions.empty


def test_a_contradiction_that_later_data_brings_is_held_on_its_weakest_link_and_said(casebook: Casebook) -> None:
    decide(casebook, judge(ONE, FOUR, "SAME"), judge(FOUR, TWO, "NOT_SAME"))
    records = [person("42SYN/1", pnc="X2"), person("42SYN/2", pnc="X2")]
    load(casebook, NOVEMBER, checked("police_nominals", person_records=records))
    view = casebook.view(MEETING)
    # The prison's record fits both sides equally well, so it goes to neither; gates see it with both.
    assert people(casebook) == {frozenset({"42SYN/1", "SYN-M4"}), frozenset({"42SYN/2"}), frozenset({"SYNA3"})}
    held = view.possible_matches[view.possible_matches["reason"] == "the same PNC number, held against a judgement"]
    assert held["source_ref"].value_counts().to_dict() == {"SYNA3": 2, "42SYN/1": 1, "42SYN/2": 1}
    assert len(view.contradictions) == 3
    assert set(view.contradictions["why"]) == {"the same PNC number"}
    assert view.contradictions["text"].str.contains("held apart until somebody judges").all()


def test_what_is_wrong_with_a_judgement_is_said_by_row(casebook: Casebook) -> None:
    wrong = [
        (judge(ONE, ONE, "SAME"), "both ends are the same record"),
        (judge(ONE, ("polis", "42SYN/2"), "SAME"), "no such agency's records"),
        (judge(ONE, TWO, "SAME", reason=""), "reason is empty"),
        (judge(ONE, TWO, "SAME", role=""), "role is empty"),
        (judge(ONE, TWO, "PERHAPS"), "outcome is none of SAME, NOT_SAME, UNDECIDED, WITHDRAWN"),
        (judge(ONE, (POLICE, ""), "SAME"), "ref_b is empty"),
        (replace(ORIGIN, details={"report_a": "R1", "report_b": "R404"}), "no such report"),
    ]
    for made, says in wrong:
        with pytest.raises(DecisionError, match=says):
            decide(casebook, judge(THREE, FOUR, "UNDECIDED"), made)
    with pytest.raises(DecisionError, match="list row 1: decided twice; list row 2: decided twice"):
        decide(casebook, judge(ONE, TWO, "SAME"), judge(TWO, ONE, "NOT_SAME", meeting_on=DAY))
    assert casebook.view(MEETING).judgements.empty


ORIGIN = Decision(kind="origin", meeting_on=MEETING, decided_on=DAY, decided_by="SYN Analyst", role="Manager",
                  outcome="SAME", reason="One informant", details={"report_a": "R2", "report_b": "R1"})  # fmt: skip


def test_reports_judged_of_one_origin_reach_whoever_traces_origins(casebook: Casebook) -> None:
    subjects = [{"report_ref": ref, "person_ref": "42SYN/1", "position": 1} for ref in ("R1", "R2")]
    reports = [report("R1"), report("R2")]
    load(casebook, OCTOBER, checked("police_intel", intel_reports=reports, intel_subjects=subjects))
    assert count_origins(casebook.view(MEETING)).table["n_origins"].tolist() == [2]
    decide(casebook, ORIGIN)
    assert count_origins(casebook.view(MEETING)).table["n_origins"].tolist() == [1]
    assert casebook.view(MEETING).judged_origins.values.tolist() == [["R1", "R2", "SAME"]]
    decide(casebook, replace(ORIGIN, outcome="WITHDRAWN"))
    assert casebook.view(MEETING).judged_origins.empty


# In whatever order


# Each example is two casebooks and a dozen views.
N_EXAMPLES = 200 if os.environ.get("CSP_PROVE") == "1" else 3
RECORDS = [ONE, TWO, THREE, FOUR, (POLICE, "42SYN/5"), (PRISON, "SYNA6")]
PAIRED = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1])
JUDGED = st.lists(st.tuples(PAIRED, st.sampled_from(["SAME", "NOT_SAME", "UNDECIDED"])), max_size=6,
                  unique_by=lambda made: made[0])  # fmt: skip
NUMBERS = st.lists(st.one_of(st.none(), st.sampled_from(["X1", "X2"])), min_size=6, max_size=6)


def casebook_of(folder: Path, name: str, numbers: list[str | None], months: list[int]) -> Casebook:
    made = new_casebook(folder, name)
    rows = {POLICE: [0, 1, 4], PRISON: [2, 5], CHILDREN: [3]}
    feeds = {POLICE: "police_nominals", PRISON: "prison_status", CHILDREN: "childrens_services"}
    deliveries = {
        10: [agreements(prison_until="2027-11-15"), *(
            checked(feeds[s], person_records=[person(RECORDS[n][1]) for n in places]) for s, places in rows.items()
        )],
        11: [checked(feeds[s], person_records=[person(RECORDS[n][1], pnc=numbers[n]) for n in places])
             for s, places in rows.items()],
    }  # fmt: skip
    for month in months:
        load(made, date(2026, month, 1), *deliveries[month])
    return made


def record_what_holds(casebook: Casebook, judged: list[Decision], on: date) -> list[Decision]:
    """Record judgements one by one and return those that were not refused."""
    taken = []
    for made in judged:
        try:
            decide(casebook, made, on=on)
            taken.append(made)
        except DecisionError:
            pass
    return taken


@settings(max_examples=N_EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(judged=JUDGED, numbers=NUMBERS, seed=st.randoms(use_true_random=False))
def test_neither_the_order_of_deliveries_nor_of_judgements_matters(
    tmp_path_factory: pytest.TempPathFactory, judged: list, numbers: list, seed: object
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("order")
    made = [judge(RECORDS[one], RECORDS[other], verdict) for (one, other), verdict in judged]
    first = casebook_of(folder, "a.sqlite", numbers, [10, 11])
    # Before the numbers came nothing but other judgements can stand against one.
    taken = record_what_holds(first, made, date(2026, 10, 20))
    second = casebook_of(folder, "b.sqlite", numbers, [11, 10])
    mixed = list(taken)
    seed.shuffle(mixed)  # type: ignore[attr-defined]
    for one in mixed:
        decide(second, one, on=date(2026, 10, 20))
    for known_at in (date(2026, 10, 20), MEETING):
        assert_same_view(first.view(MEETING, known_at), second.view(MEETING, known_at))
    view = first.view(MEETING)
    found = ids(view)
    for one in taken:
        ends = found[one.details["ref_a"]], found[one.details["ref_b"]]
        if one.outcome == "NOT_SAME":
            assert ends[0] != ends[1]
        if one.outcome == "SAME":
            assert ends[0] == ends[1]
    numbered = {number: {found[RECORDS[n][1]] for n in range(6) if numbers[n] == number} for number in ("X1", "X2")}
    if any(len(of) > 1 for of in numbered.values()):
        assert any(one.outcome == "NOT_SAME" for one in taken)
    first.close()
    second.close()


@settings(max_examples=N_EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(judged=JUDGED, numbers=NUMBERS)
def test_made_undone_and_made_again_is_the_same_view(
    tmp_path_factory: pytest.TempPathFactory, judged: list, numbers: list
) -> None:
    casebook = casebook_of(tmp_path_factory.mktemp("again"), "c.sqlite", numbers, [10, 11])
    bare = casebook.view(MEETING)
    made = [judge(RECORDS[one], RECORDS[other], verdict) for (one, other), verdict in judged]
    taken = record_what_holds(casebook, made, MEETING)
    with_all = casebook.view(MEETING)
    undone = [replace(one, outcome="WITHDRAWN") for one in taken]
    decide(casebook, *undone, on=MEETING)
    assert_same_view(casebook.view(MEETING), bare)
    if taken:
        decide(casebook, *taken, on=MEETING)
    assert_same_view(casebook.view(MEETING), with_all)
    assert casebook.log.verify().is_sound
    casebook.close()


def judge_lines(one: str, other: str, verdict: str) -> Decision:
    """Return a judgement of two drug lines."""
    details = {"line_a": one, "line_b": other}
    return Decision(kind="line", meeting_on=MEETING, decided_on=DAY, decided_by="SYN Analyst", role="Lead analyst",
                    outcome=verdict, reason="The numbers of both were compared", details=details)  # fmt: skip


def test_two_lines_can_be_judged_one_in_either_order_and_the_judgement_taken_back(casebook: Casebook) -> None:
    lines = [{"line_ref": ref, "brand": ref, "status": "ACTIVE"} for ref in ("L1", "L2")]
    load(casebook, OCTOBER, checked("police_lines", lines=lines))
    decide(casebook, judge_lines("L2", "L1", "SAME"))
    judged = list_judged_lines(casebook.view(MEETING).judgements)
    assert judged[["line_a", "line_b", "verdict"]].to_numpy().tolist() == [["L1", "L2", "SAME"]]
    assert list_judged_lines(casebook.view(MEETING, date(2026, 11, 19)).judgements).empty
    decide(casebook, judge_lines("L1", "L2", "WITHDRAWN"))
    assert list_judged_lines(casebook.view(MEETING).judgements).empty
    assert people(casebook) == people(casebook, date(2026, 11, 19)), "lines are no people"


def test_a_judgement_of_a_line_nobody_knows_is_refused(casebook: Casebook) -> None:
    with pytest.raises(DecisionError, match="no such line"):
        decide(casebook, judge_lines("L8", "L9", "SAME"))
