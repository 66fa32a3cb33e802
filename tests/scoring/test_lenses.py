"""Other weights, the same rules: held against the scorer with a matrix rewritten by hand."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.errors import ParamsError
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.lenses import Lens, look_through, read_lenses
from csp_toolkit.scoring.list_overlap import BOTH, MATRIX_ONLY, POLICE_ONLY, compare_lists
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.points import award_points
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.tables.view import View
from tests.scoring.small_views import MATRIX, ago, crime, on_register, report, small_view, subject, suspect
from tests.scoring.what_if.test_fragility import POINTS, mixed_view, register, with_places

SEVEN = ["cchi_linear", "cchi_log", "css", "equal_domain", "facts_only", "practitioner", "reported_only"]
COMMON = {"version": "1", "owner": "x", "approved_on": None, "why": "x", "title": "x", "in_short": "x"}


def lens(name: str = "other", **more: object) -> Lens:
    return Lens.model_validate({"name": name, **COMMON, **more})


def rewrite(matrix: Matrix, by: dict[str, float]) -> Matrix:
    """The matrix with other points, its criterion caps moved with them."""
    criteria = tuple(c.model_copy(update={"base": c.base * by.get(c.id, 1), "cap": c.cap * by.get(c.id, 1)})
                     for c in matrix.criteria)  # fmt: skip
    return matrix.model_copy(update={"criteria": criteria})


def points_under(scores: Scores, matrix: Matrix, items: pd.DataFrame) -> dict[str, int]:
    ledger = award_points(items, matrix, as_of=scores.as_of)
    sums = ledger.groupby("person_id")["points"].sum()
    return sums[sums.index.isin(scores.list_ranked())].to_dict()


@pytest.fixture(scope="module")
def view() -> View:
    return mixed_view(4)


@pytest.fixture(scope="module")
def scores(view: View) -> Scores:
    return score(view, with_places(2))


def test_the_seven_weight_sets_are_shipped() -> None:
    assert [one.name for one in read_lenses()] == SEVEN


def test_the_matrixs_own_lens_is_the_list(view: View, scores: Scores) -> None:
    seen = look_through(scores, view, read_lenses())
    assert seen.table["practitioner"].tolist() == seen.table["rank"].tolist()
    assert seen.table["lens_count"].between(0, 7).all()


@pytest.mark.parametrize("by", [2, 0.5])
def test_points_of_a_criterion_are_those_of_the_matrix_rewritten(view: View, scores: Scores, by: float) -> None:
    factors = {c.id: by for c in MATRIX.criteria if c.id in ("V3", "G4", "D5")}
    seen = look_through(scores, view, [lens(points={key: MATRIX.by_id[key].base * f for key, f in factors.items()})])
    scaled = scores.items.assign(base=[int(base * factors.get(c, 1)) for base, c in
                                       zip(scores.items["base"], scores.items["criterion"], strict=True)])  # fmt: skip
    expected = points_under(scores, rewrite(scores.matrix, factors), scaled)
    assert dict(zip(seen.scores["person_id"], seen.scores["points"], strict=True)) == expected


def test_doubling_every_weight_and_cap_moves_nobody(view: View, scores: Scores) -> None:
    free = scores.matrix.model_copy(update={
        "domains": tuple(d.model_copy(update={"cap": 100}) for d in MATRIX.domains), "intelligence_cap": 100,
    })  # fmt: skip
    doubled = lens(points={c.id: 2 * c.base for c in MATRIX.criteria})
    seen = look_through(score(view, free), view, [doubled])
    assert seen.table["other"].tolist() == seen.table["rank"].tolist()


def test_without_intelligence_only_the_rest_counts(view: View, scores: Scores) -> None:
    seen = look_through(scores, view, [lens(leaves_out=["intelligence"])])
    facts = scores.items[scores.items["basis"].ne("intelligence")]
    expected = points_under(scores, scores.matrix, facts)
    found = dict(zip(seen.scores["person_id"], seen.scores["points"], strict=True))
    assert {who: points for who, points in found.items() if points} == expected


def test_what_police_work_found_is_left_out_with_its_co_offending() -> None:
    crimes = [crime("C1", detection="PROACTIVE"), crime("C2", detection="REPORTED"), crime("C3")]
    people = [suspect(f"C{n}", who) for n in (1, 2, 3) for who in ("P", "Q")]
    view = register("P", "Q", crimes=crimes, crime_suspects=people)
    scores = score(view, MATRIX)
    seen = look_through(scores, view, [lens(leaves_out_proactive=True)])
    left = scores.items[scores.items["item_id"].ne("C1")]
    assert dict(zip(seen.scores["person_id"], seen.scores["points"], strict=True)) == points_under(scores, MATRIX, left)


def test_each_domain_can_be_worth_a_third() -> None:
    """A full 24 of 50 in violence against a full 8 of 20 in gang link: 16.0 and 13.3 of a third."""
    crimes = [crime(f"C{n}", court_result="CONVICTED") for n in range(3)]
    view = register("P", crimes=crimes, crime_suspects=[suspect(f"C{n}") for n in range(3)])
    seen = look_through(score(view, MATRIX), view, [lens(equal_domains=True)])
    assert seen.scores["points"].tolist() == [16 * POINTS]


def test_who_has_nothing_under_a_lens_has_no_rank_under_it() -> None:
    view = register("P", "Q", crimes=[crime("C1")], crime_suspects=[suspect("C1")], intel_reports=[report("R1")],
                    intel_subjects=[subject("R1", "Q")])  # fmt: skip
    seen = look_through(score(view, MATRIX), view, [lens(leaves_out=["intelligence"])])
    row = seen.table.set_index("person_id").loc["Q"]
    assert pd.isna(row["other"]) and row["lens_count"] == 0
    assert "Q" not in repr(seen) and "Rank under each" in seen._repr_html_()


def test_a_criterion_the_matrix_does_not_have_is_refused(view: View, scores: Scores) -> None:
    with pytest.raises(ParamsError, match="V99"):
        look_through(scores, view, [lens(points={"V99": 1})])


def test_a_workspaces_own_lenses_alone_count(tmp_path: Path) -> None:
    (tmp_path / "lenses").mkdir()
    assert read_lenses(tmp_path) == ()


def test_each_difference_between_the_two_lists_has_one_reason(view: View, scores: Scores) -> None:
    seen = look_through(scores, view, read_lenses())
    first, second, third = scores.list_ranked()[:3]
    out = replace(scores, left_out=pd.DataFrame({"person_id": ["Z"], "gate": ["g4"], "reason": ["review overdue"]}))
    found = compare_lists(out, [third, first, "Z", "nobody"], seen).set_index("person_id")
    assert found["stands_on"].tolist() == [POLICE_ONLY, BOTH, POLICE_ONLY, POLICE_ONLY, MATRIX_ONLY]
    assert "points short of the last place; within the first 2 under" in found.loc[third, "reason"]
    assert pd.isna(found.loc[first, "reason"])
    assert found.loc["Z", "reason"] == "left out by rule: review overdue"
    assert found.loc["nobody", "reason"] == "not on the review register, so not scored"
    assert found.loc[second, "reason"].startswith("most of its points are ")
    assert found.index[-1] == second and pd.isna(found.loc[second, "police_place"])


def test_a_child_on_the_police_list_is_ranked_apart_and_given_no_rank() -> None:
    child = on_register("K", authoriser="SYN DI", safeguarding_ref="SYN-SG1")
    view = small_view(**{
        "person_records": [{"source_ref": "K", "dob": "2010-01-01", "dob_precision": "EXACT"}], "reviews": [child],
        "crimes": [crime()], "crime_suspects": [suspect("C1", "K")], "intel_reports": [report(event_on=ago(5))],
        "intel_subjects": [subject("R1", "K")], "agreements": register().tables["agreements"].to_dict("records"),
    })  # fmt: skip
    scores = score(view, MATRIX)
    found = compare_lists(scores, ["K"], look_through(scores, view, read_lenses()))
    assert pd.isna(found.loc[0, "rank"]) and "safeguarding" in found.loc[0, "reason"]
