"""The review's papers: no row about a person, no small count, and none that could be worked out from what is shown."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import packaged, read_named
from csp_toolkit.scoring.change.past import compare_matrices
from csp_toolkit.scoring.review.policy import read_validity_policy
from csp_toolkit.scoring.review.validity import back_test
from csp_toolkit.sharing.papers.review import hide_counts, hide_moves
from csp_toolkit.sharing.recipients import Recipient
from csp_toolkit.sharing.review_inputs import read_review_inputs
from tests.scoring.small_pasts import NOW, meetings, pool
from tests.scoring.small_views import MATRIX

T = date(2026, 1, 22)
POLICY = read_validity_policy().model_copy(update={"resamples": 100})
PERSONAL = {"person_id", "person_ref", "name", "rank", "score", "person_a", "person_b", "source_refs"}


@pytest.fixture(scope="module")
def tested():
    return back_test(meetings([T], 8), pool(NOW, 8), MATRIX, POLICY, seed=1)


def pooled(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    """Return a pooled table: group, outcome, places, and those with a new event."""
    return pd.DataFrame([
        {"group": group, "horizon_days": 90, "outcome": outcome, "n_meetings": 5, "n_people": of, "n_new": n,
         "share": n / of, "low": 0.1, "high": 0.9}
        for group, outcome, of, n in rows
    ])  # fmt: skip


def states(tested, *rows) -> dict[tuple[str, str], str]:
    shown = hide_counts(replace(tested, pooled=pooled(*rows)), 5)
    is_hidden = shown["state"].eq("suppressed")
    assert shown.loc[is_hidden, ["n_new", "share", "low", "high"]].isna().all(axis=None)
    return {(row.group, row.outcome): row.state for row in shown.itertuples()}


def test_a_small_count_and_its_complement_are_hidden(tested) -> None:
    found = states(tested, ("first", "any", 50, 4), ("next", "any", 50, 46), ("baseline", "any", 50, 25))
    assert list(found.values()) == ["suppressed", "suppressed", "shown"]


def test_what_police_work_alone_found_cannot_be_had_by_taking_one_row_from_another(tested) -> None:
    found = states(tested, ("first", "any", 50, 20), ("first", "reported", 50, 17))
    assert found[("ranks 1 to 10", "any")] == "shown"
    assert found[("ranks 1 to 10", "reported by somebody")] == "suppressed"  # three


def test_who_is_below_the_first_twenty_cannot_be_had_from_the_whole(tested) -> None:
    found = states(tested, ("first", "any", 50, 20), ("next", "any", 50, 10), ("all ranked", "any", 120, 33))
    assert found[("everybody ranked", "any")] == "suppressed"  # 33 less 30 is three
    found = states(tested, ("first", "any", 50, 20), ("next", "any", 50, 10), ("all ranked", "any", 120, 39))
    assert found[("everybody ranked", "any")] == "shown"


def test_how_many_would_enter_is_none_too_few_to_say_or_a_number() -> None:
    new = MATRIX.model_copy(update={"version": "2", "why": "Another reason.", "owner": "A"})
    change = compare_matrices(MATRIX, new, meetings([T], 3))
    counted = pd.concat([change.meetings] * 3, ignore_index=True).assign(n_entered=[0, 4, 5], n_left=[0, 1, 6])
    shown = hide_moves(replace(change, meetings=counted), 5)
    assert shown["entered"].tolist() == ["none", "fewer than 5", "5"]
    assert shown["left"].tolist() == ["none", "fewer than 5", "6"]


def test_the_oversight_profile_lists_no_column_about_a_person() -> None:
    to = read_named("recipients", "oversight", Recipient)
    assert {f"{name}.{c}" for name, rule in to.tables.items() for c in rule.columns if c in PERSONAL} == set()
    assert not {"ledger", "candidates", "change_moves", "people", "left_out"} & set(to.tables)


def test_what_lies_ready_for_a_review_is_found_beside_the_params(tmp_path) -> None:
    params = tmp_path / "params"
    params.mkdir()
    assert repr(read_review_inputs(params, as_of=NOW)) == "ReviewInputs(proposal=none, ratings=0)"
    text = (packaged("params") / "matrices" / "csp_example_v1.yaml").read_text(encoding="utf-8")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "one.yaml").write_text(text.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    (tmp_path / "ratings" / NOW.isoformat()).mkdir(parents=True)
    for name in ("a.csv", "b.XLSX", "notes.txt"):
        (tmp_path / "ratings" / NOW.isoformat() / name).write_text("", encoding="utf-8")
    found = read_review_inputs(params, as_of=NOW)
    assert found.proposal and found.proposal.version == "2" and [p.name for p in found.ratings] == ["a.csv", "b.XLSX"]
    (tmp_path / "drafts" / "two.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError, match="holds 2 matrices"):
        read_review_inputs(params, as_of=NOW)
