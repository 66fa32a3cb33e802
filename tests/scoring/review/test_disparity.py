"""Whom the list names: counted without names, small numbers hidden, and never handed back to a score."""

import ast
import inspect
import re
from datetime import date

import pandas as pd
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.scoring import assessment
from csp_toolkit.scoring.assessment import reckon
from csp_toolkit.scoring.review import disparity
from csp_toolkit.scoring.review.disparity import ATTRIBUTES, MARKS, Blind, blind_people, compare_shares
from csp_toolkit.scoring.review.monitoring import read_ethnicity
from csp_toolkit.scoring.review.policy import read_validity_policy
from csp_toolkit.tables.intervals import odds_exactly
from tests.house.tracked import texts
from tests.scoring.small_pasts import pool
from tests.scoring.small_views import MATRIX, passing, record, small_view

POLICY = read_validity_policy()
T = date(2026, 1, 22)


def rows(*groups: tuple[str, int, int, int]) -> Blind:
    """Make people by sex: so many scored, so many on the register and not scored, so many suspects and neither."""
    made = []
    for sex, scored, register, suspects in groups:
        words = dict.fromkeys(ATTRIBUTES, "not assessed") | {"sex": sex}
        marks = dict.fromkeys(MARKS, False)
        made += [words | marks | {"scored": True, "register": True}] * scored
        made += [words | marks | {"register": True}] * register + [words | marks | {"suspects": True}] * suspects
    return Blind(pd.DataFrame(made)[[*ATTRIBUTES, *MARKS]])


def test_shares_and_odds_are_those_of_the_table_of_four() -> None:
    found = compare_shares(rows(("male", 60, 30, 90), ("female", 10, 20, 110)), POLICY).table
    row = found[found["group"].eq("female") & found["against"].eq("register")].iloc[0]
    assert (row["n"], row["of"], row["n_others"], row["of_others"]) == (10, 70, 20, 50)
    exact = odds_exactly(10, 60, 20, 30)
    assert (row["odds_ratio"], row["odds_low"], row["odds_high"]) == pytest.approx((exact.value, exact.low, exact.high))
    assert set(found["attribute"]) == {"sex"}  # of the others nothing was assessed


def test_a_small_count_is_not_shown_nor_the_other_that_would_give_it_away() -> None:
    found = compare_shares(rows(("male", 60, 30, 90), ("female", 4, 20, 110)), POLICY).table
    assert set(found["state"]) == {"suppressed"} and set(found["group"]) == {"all groups"}
    assert found.drop(columns=["attribute", "group", "list", "against", "state"]).isna().all(axis=None)


def test_groups_too_small_by_themselves_are_shown_together() -> None:
    found = compare_shares(rows(("male", 60, 30, 90), ("female", 4, 20, 50), ("not known", 3, 8, 50)), POLICY).table
    assert set(found["group"]) == {"male", "all others together"}


def test_no_name_and_no_key_stands_in_the_rows_or_in_what_they_print() -> None:
    view = small_view(**passing(person_records=[record(family_name="QUENTIN", given_name="Zed", sex="M")]))
    blind = blind_people(view, reckon(view, MATRIX), listed=["P"], policy=POLICY)
    assert list(blind.rows.columns) == [*ATTRIBUTES, *MARKS]
    text = repr(blind) + blind.rows.to_csv()
    assert "QUENTIN" not in text and "Zed" not in text and not re.search(r"\bP\b", text)
    assert blind.rows[["sex", "ethnicity", "area"]].iloc[0].tolist() == ["male", "not assessed", "not known"]


def test_anything_more_than_groups_and_marks_is_refused() -> None:
    good = rows(("male", 1, 1, 1)).rows
    for wrong in (good.assign(person_id="P"), good.set_index(pd.Index(["a", "b", "c"])), good.drop(columns="sex")):
        with pytest.raises(TableError, match="groups and marks alone"):
            Blind(wrong)


def test_who_is_in_which_row_cannot_be_read_from_the_order() -> None:
    view = pool(T, 6)
    one = blind_people(view, reckon(view, MATRIX), listed=["P00"], policy=POLICY).rows
    assert one.equals(one.sort_values(list(one.columns), kind="stable").reset_index(drop=True))


def test_nothing_that_scores_can_be_given_it_and_no_module_that_scores_imports_it() -> None:
    apart = ("disparity.py", "monitoring.py")
    inward = {
        name
        for name, text in texts().items()
        if name.startswith("csp_toolkit/") and name.endswith(".py") and not name.endswith(apart)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom | ast.Import)
        for asked in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        if asked.endswith(("scoring.disparity", "scoring.monitoring"))
    }
    assert {name for name in inward if name.startswith(("csp_toolkit/scoring/", "csp_toolkit/tables/"))} == set()
    for scorer in (assessment.score, assessment.reckon, assessment.reckon_each):
        assert not {"ethnicity", "disparity", "shares", "blind", "monitoring"} & set(
            inspect.signature(scorer).parameters
        )
    assert "ethnic" in inspect.getsource(disparity)  # what is looked for is there to be found


def test_ethnicity_is_read_from_its_own_file_and_brought_to_groups(tmp_path) -> None:
    (tmp_path / "police_nominals_1.csv").write_text(
        "NOMINAL URN,SURNAME,ETH SELF DEF\nP00,X,w1\nP01,X,B2\nP02,X,\nP03,X,ZZ\n", encoding="utf-8"
    )
    view = pool(T, 5)
    keys = pd.DataFrame({"person_id": [f"P{n:02}" for n in range(5)], "source_system": "police",
                         "source_ref": [f"P{n:02}" for n in range(5)]})  # fmt: skip
    object.__setattr__(view, "person_keys", keys)
    people = pd.Series([f"P{n:02}" for n in range(5)])
    found = read_ethnicity(tmp_path, view, people, POLICY.ethnicity)
    assert found.tolist() == ["White", "Black", "not known", "not known", "not known"]
    assert set(read_ethnicity(None, view, people, POLICY.ethnicity)) == {"not assessed"}
    (tmp_path / "police_nominals_2.csv").write_text("URN,ETH\nP00,W1\n", encoding="utf-8")
    with pytest.raises(TableError, match="no column NOMINAL URN"):
        read_ethnicity(tmp_path, view, people, POLICY.ethnicity)


def test_a_record_of_two_kinds_is_not_known() -> None:
    view = small_view(**passing(person_records=[record(sex="M"), record(sex="F")]))
    blind = blind_people(view, reckon(view, MATRIX), listed=[], policy=POLICY)
    assert blind.rows["sex"].tolist() == ["not known"]


def test_the_sentences_count_a_table_of_two_groups_once_and_say_what_is_hidden() -> None:
    found = compare_shares(rows(("male", 60, 10, 90), ("female", 10, 40, 110)), POLICY)
    assert found.sentences[0].startswith("Of 2 comparisons of groups that can be shown, 2 differ")
    assert found.sentences[-2].startswith("0 of 2 tables are suppressed")
    assert "Sex, female, in everybody with a score: 10 of 70, 14 in 100, against 80 in 100" in found.explain("female")
