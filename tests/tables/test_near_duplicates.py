"""Texts that are almost the same are suggested, and a suggestion changes nothing."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from csp_toolkit.errors import TableError
from csp_toolkit.tables.near_duplicates import SIMILAR_COLUMNS, find_similar, read_origin_policy, suggest_origins
from csp_toolkit.tables.origins import count_origins
from csp_toolkit.tables.view import View, empty_table
from tests.tables.planted_reports import plant_repeats

POLICY = read_origin_policy()
KILN = "The group meets at the old kiln on Thursdays and he keeps its list in a red book."
AGAIN = "Partner states that the group meets at the old kiln on Thursday and he keeps its list in a red book"
OTHER = "Two people were seen loading bicycles into a white van beside the railway arches at dawn."


def reports(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Reports as (ref, day of the event, text), submitted a day later."""
    empty = empty_table("intel_reports")
    frame = pd.DataFrame(list(rows), columns=["report_ref", "event_on", "report_text"])
    frame["event_on"] = pd.to_datetime(frame["event_on"])
    frame = frame.assign(submitted_on=frame["event_on"] + timedelta(days=1)).reindex(columns=empty.columns)
    return frame.astype(empty.dtypes.to_dict())


def named(*rows: tuple[str, str]) -> pd.DataFrame:
    """Who is named where, as (ref, person)."""
    empty = empty_table("intel_subjects")
    frame = pd.DataFrame(list(rows), columns=["report_ref", "person_id"]).reindex(columns=empty.columns)
    return frame.astype(empty.dtypes.to_dict())


BOTH = named(("R1", "PER-A"), ("R2", "PER-A"))
TWO = reports(("R1", "2026-09-02", KILN), ("R2", "2026-09-15", AGAIN))


def see(frame: pd.DataFrame, subjects: pd.DataFrame) -> View:
    none, day = pd.DataFrame(), date(2026, 11, 26)
    return View(
        as_of=day, known_at=day, people=none, person_keys=none, possible_matches=none, decisions=none, coverage=none,
        rejected=none, tables={"intel_reports": frame, "intel_subjects": subjects},
    )  # fmt: skip


def pairs(found: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(found["report_a"], found["report_b"], strict=True))


def judged(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["report_a", "report_b", "verdict"], dtype="str")


def test_a_report_said_again_is_found_with_the_earlier_first() -> None:
    found = find_similar(TWO.iloc[::-1], BOTH, POLICY)
    assert tuple(found.columns) == SIMILAR_COLUMNS
    assert pairs(found) == [("R1", "R2")]
    assert found.loc[0, "days_apart"] == 13
    assert POLICY.alike_from <= found.loc[0, "similarity"] <= 1


def test_texts_about_different_things_are_not_alike() -> None:
    assert find_similar(reports(("R1", "2026-09-02", KILN), ("R2", "2026-09-03", OTHER)), BOTH, POLICY).empty


@pytest.mark.parametrize(("days", "n_found"), [(0, 1), (28, 1), (29, 0)])
def test_the_last_day_of_the_window_counts(days: int, n_found: int) -> None:
    later = (date(2026, 9, 2) + timedelta(days=days)).isoformat()
    assert len(find_similar(reports(("R1", "2026-09-02", KILN), ("R2", later, AGAIN)), BOTH, POLICY)) == n_found


def test_the_same_words_about_somebody_else_are_held_to_a_stricter_measure() -> None:
    apart = named(("R1", "PER-A"), ("R2", "PER-B"))
    assert find_similar(TWO, apart, POLICY).empty
    assert len(find_similar(reports(("R1", "2026-09-02", KILN), ("R2", "2026-09-15", KILN)), apart, POLICY)) == 1


@pytest.mark.parametrize("text", [None, "", "Seen again.", "??? !!! --- ... ,,, ;;; ::: ((( ))) [[[ ]]] {{{ }}} ***"])
def test_a_text_that_says_too_little_is_like_nothing(text: str | None) -> None:
    frame = reports(("R1", "2026-09-02", text), ("R2", "2026-09-03", text), ("R3", "2026-09-03", OTHER))
    assert find_similar(frame, BOTH, POLICY).empty


def test_reports_of_one_origin_need_no_suggestion() -> None:
    known = pd.Series({"R1": "OR-1", "R2": "OR-1"})
    assert find_similar(TWO, BOTH, POLICY, origins=known).empty


@pytest.mark.parametrize("verdict", ["SAME", "NOT_SAME", "UNDECIDED"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_judged_pair_is_not_suggested_again_and_the_next_most_alike_is(verdict: str, turned: bool) -> None:
    frame = reports(("R0", "2026-09-01", KILN[:-12]), ("R1", "2026-09-02", KILN), ("R2", "2026-09-15", KILN))
    subjects = named(("R0", "PER-A"), ("R1", "PER-A"), ("R2", "PER-A"))
    assert ("R1", "R2") in pairs(find_similar(frame, subjects, POLICY))
    told = judged(("R2", "R1", verdict) if turned else ("R1", "R2", verdict))
    found = pairs(find_similar(frame, subjects, POLICY, judged=told))
    assert ("R1", "R2") not in found
    assert ("R0", "R2") in found


def test_a_wording_everybody_uses_makes_a_chain_and_not_a_crowd() -> None:
    frame = reports(*((f"R{n:02d}", f"2026-09-{n:02d}", KILN) for n in range(1, 21)))
    subjects = named(*((f"R{n:02d}", "PER-A") for n in range(1, 21)))
    found = find_similar(frame, subjects, POLICY)
    assert sorted(pairs(found)) == [(f"R{n:02d}", f"R{n + 1:02d}") for n in range(1, 20)]


def test_a_suggestion_changes_no_count_and_a_confirmed_one_does() -> None:
    view = see(TWO, BOTH)
    suggested = suggest_origins(view)
    assert pairs(suggested.table) == [("R1", "R2")]
    assert suggested.table.loc[0, "n_in_common"] == 1
    assert count_origins(view).explain("PER-A") == "2 reports, 2 origins."
    confirmed = judged(("R1", "R2", "SAME"))
    assert count_origins(view, confirmed).explain("PER-A") == "2 reports, 1 origin."
    assert suggest_origins(view, confirmed).table.empty


def test_what_is_shown_of_a_suggestion_holds_no_word_of_the_reports() -> None:
    suggested = suggest_origins(see(TWO, BOTH))
    shown = suggested._repr_html_() + repr(suggested) + suggested.explain("R2", "R1")
    assert "13 days" in shown
    assert "in 100 alike" in shown
    assert "kiln" not in shown
    assert "not suggested" in suggested.explain("R1", "R9")
    assert "kiln" in suggested.beside(TWO).html


def test_no_reports_have_no_suggestions_and_a_lacking_column_is_said() -> None:
    assert find_similar(reports(), named(), POLICY).empty
    assert suggest_origins(see(reports(), named())).table.empty
    with pytest.raises(TableError, match="no column report_text"):
        find_similar(TWO.drop(columns="report_text"), BOTH, POLICY)


WORDS = ("kiln", "river", "Thursday", "bicycle", "list", "arches", "cash", "seen", "white", "van", "keys", "notebook")


@settings(max_examples=25)
@given(
    drawn=st.lists(
        st.tuples(st.integers(0, 40), st.lists(st.sampled_from(WORDS), min_size=6, max_size=9)), min_size=2, max_size=12
    ),
    seed=st.integers(0, 99),
)
def test_the_order_of_rows_changes_nothing(drawn: list[tuple[int, list[str]]], seed: int) -> None:
    rows = [
        (f"R{n:02d}", (date(2026, 9, 1) + timedelta(days=d)).isoformat(), " ".join(w)) for n, (d, w) in enumerate(drawn)
    ]
    frame, subjects = reports(*rows), named(*((ref, "PER-A") for ref, _, _ in rows))
    found = find_similar(frame, subjects, POLICY)
    shuffled = frame.sample(frac=1, random_state=seed)
    assert_frame_equal(found, find_similar(shuffled, subjects.sample(frac=1, random_state=seed), POLICY))
    assert not found.duplicated("report_b").any()
    assert (found["days_apart"] <= POLICY.window_days).all()


SAID = (
    "was seen with", "keeps the keys for", "owes money to", "collects cash for", "was driven to Leigh by",
    "rents a lock-up with", "bought three phones for", "argued in the market with", "works nights beside",
)  # fmt: skip
WHERE = (
    "the railway arches", "a cafe in the precinct", "the back of the leisure centre", "a flat over the bakery",
    "the bus depot", "the allotments", "an underpass by the college", "the old kiln", "a car park by the river",
)  # fmt: skip
WHEN = ("most evenings", "on Tuesday", "twice last week", "after the match", "before school", "over the weekend")


def invent(n: int, *, n_people: int, n_days: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent reports in which three free choices out of many make each wording rare, each about one person."""
    rng = Random(seed)
    first, rows, who = date(2024, 12, 1), [], []
    for k in range(n):
        person, other = rng.randrange(n_people), rng.randrange(n_people)
        text = (
            f"Person{person:05d} {rng.choice(SAID)} Person{other:05d} at {rng.choice(WHERE)} {rng.choice(WHEN)}, "
            f"reference {rng.randrange(10**6):06d} on the handset."
        )
        rows.append((f"S{k:06d}", (first + timedelta(days=rng.randrange(n_days))).isoformat(), text))
        who.append((f"S{k:06d}", f"PER-{person}"))
    return reports(*rows), named(*who)


def test_planted_repeats_are_found_among_invented_reports() -> None:
    frame, subjects = invent(2_000, n_people=300, n_days=700, seed=1)
    frame, subjects, planted = plant_repeats(frame, subjects, n=200, seed=2)
    found = set(map(frozenset, pairs(find_similar(frame, subjects, POLICY))))
    right = set(map(frozenset, zip(planted["report_ref"], planted["repeats"], strict=True)))
    assert len(found & right) / len(right) >= 0.93  # recall
    assert len(found & right) / len(found) >= 0.93  # precision, of everything suggested


def test_stricter_figures_never_suggest_more() -> None:
    frame, subjects = invent(400, n_people=20, n_days=60, seed=3)
    n_found = [
        len(find_similar(frame, subjects, POLICY.model_copy(update={"alike_from": x, "window_days": w})))
        for x, w in ((0.3, 28), (0.5, 28), (0.7, 28), (0.7, 7))
    ]
    assert n_found == sorted(n_found, reverse=True)
    assert n_found[0] > n_found[-1]


MANY = """
import resource, sys
from csp_toolkit.tables.near_duplicates import find_similar, read_origin_policy
from tests.tables.test_near_duplicates import invent
frame, subjects = invent(int(sys.argv[1]), n_people=20_000, n_days=730, seed=4)
find_similar(frame.head(100), subjects.head(100), read_origin_policy())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
find_similar(frame, subjects, read_origin_policy())
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in kilobytes on Linux only")
def test_memory_grows_no_faster_than_the_reports(proving: bool) -> None:
    n = 100_000 if proving else 20_000
    run = subprocess.run([sys.executable, "-c", MANY, str(n)], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 150 + n / 500, "megabytes: 150, and two kilobytes a report"


def test_a_policy_of_the_partnership_s_own_is_used() -> None:
    strict = POLICY.model_copy(update={"window_days": 5, "name": "ours"})
    suggested = suggest_origins(replace(see(TWO, BOTH)), policy=strict)
    assert suggested.table.empty
    assert "ours" in suggested._repr_html_()
