"""Two raters, blind: who is drawn, what the form shows and what it does not, and what a filled-in form comes to."""

from datetime import date

import openpyxl
import pandas as pd
import pytest

from csp_toolkit.errors import TableError
from csp_toolkit.scoring.assessment import reckon
from csp_toolkit.scoring.review.policy import read_validity_policy
from csp_toolkit.scoring.review.rater_agreement import add_up, compare_ratings
from csp_toolkit.scoring.review.second_rating import draw_for_second_rating, read_ratings
from tests.scoring.small_pasts import pool
from tests.scoring.small_views import MATRIX

POLICY = read_validity_policy().model_copy(update={"second_rating_least": 4, "resamples": 200})
T = date(2026, 1, 22)


@pytest.fixture(scope="module")
def scored():
    view = pool(T, 12)
    return view, reckon(view, MATRIX)


@pytest.fixture(scope="module")
def drawn(scored):
    return draw_for_second_rating(scored[1], scored[0], POLICY, seed=3)


def filled(drawn, path, *, rater="A", change=None):
    form = drawn.form.drop(columns="points").merge(drawn.matrix_points, on=["person_ref", "criterion"])
    form = form.assign(points=form["points"] / 10_000, rater=rater)
    (change(form) if change else form).to_csv(path, index=False)
    return path


def test_the_same_seed_draws_the_same_people_in_an_order_that_is_not_their_rank(scored, drawn) -> None:
    view, scores = scored
    again = draw_for_second_rating(scores, view, POLICY, seed=3)
    assert drawn.people["person_ref"].tolist() == again.people["person_ref"].tolist()
    assert len(drawn.people) == 4
    orders = {tuple(draw_for_second_rating(scores, view, POLICY, seed=s).people["person_ref"]) for s in range(8)}
    assert len(orders) > 6 and any(list(order) != sorted(order) for order in orders)


def test_the_form_holds_no_score_no_place_and_no_name(scored, drawn, tmp_path) -> None:
    book = openpyxl.load_workbook(drawn.write(tmp_path / "form.xlsx"))
    cells = [cell for row in book["Ratings"].iter_rows(values_only=True) for cell in row]
    assert [c for c in cells if isinstance(c, int | float)] == []
    assert set(drawn.form["points"].isna()) == {True}
    assert "What counts" in book.sheetnames and "rank" not in str(cells).lower()


def test_two_raters_who_give_what_the_matrix_gives_agree_throughout(drawn, tmp_path) -> None:
    files = [filled(drawn, tmp_path / "a.csv"), filled(drawn, tmp_path / "b.csv", rater="B")]
    found = compare_ratings(files, drawn, POLICY, seed=1)
    of_total = found.table[found.table["of"].isin(["total", "V5"])].dropna(subset=["value"])
    assert len(of_total) == 8 and (of_total["value"] == 1).all()
    assert not any(line.startswith("Caution") for line in found.cautions)


def test_agreement_below_the_policys_least_brings_a_caution(drawn, tmp_path) -> None:
    def turned(form):
        points = form.loc[form["criterion"].eq("V5"), "points"].to_numpy()[::-1]
        return form.assign(points=form["points"].mask(form["criterion"].eq("V5"), 16 - points.mean()))

    files = [filled(drawn, tmp_path / "a.csv"), filled(drawn, tmp_path / "b.csv", rater="B", change=turned)]
    found = compare_ratings(files, drawn, POLICY, seed=1)
    assert any(line.startswith("Caution: V5, ICC(2,1)") for line in found.cautions)


def test_what_one_rater_left_open_is_not_nought_and_leaves_the_person_out(drawn, tmp_path) -> None:
    def opened(form):
        first = form["person_ref"].eq(drawn.people["person_ref"].iloc[0]) & form["criterion"].eq("V3")
        return form.assign(points=form["points"].mask(first))

    files = [filled(drawn, tmp_path / "a.csv"), filled(drawn, tmp_path / "b.csv", rater="B", change=opened)]
    table = compare_ratings(files, drawn, POLICY, seed=1).table.set_index(["between", "of", "figure"])
    assert table.loc[("raters", "V3", "ICC(2,1)"), ["n_people", "n_left_out"]].tolist() == [3, 1]
    assert table.loc[("raters", "total", "ICC(2,1)"), ["n_people", "n_left_out"]].tolist() == [3, 1]
    assert table.loc[("raters", "V5", "ICC(2,1)"), "n_people"] == 4


def test_a_total_is_what_the_matrixs_caps_leave(scored) -> None:
    scores = scored[1]
    own = scores.ledger.groupby(["person_id", "criterion"])["points"].sum().unstack("criterion")
    own = own.reindex(columns=[c.id for c in MATRIX.criteria]).fillna(0).astype("Float64")
    score = scores.table.set_index("person_id")["score"].reindex(own.index)
    assert add_up(own, MATRIX).tolist() == score.tolist()
    over = pd.DataFrame(
        {"V1": [400_000], "V2": [300_000], "V7": [100_000], "D5": [60_000], "G4": [80_000]}, dtype="Float64"
    )
    assert add_up(over, MATRIX).tolist() == [500_000 + 140_000]  # violence 50 full; 0 + 6 + 8 of intelligence


BAD = {
    "points are no number (row 2)": lambda f: f.assign(points=f["points"].astype("object").where(f.index != 0, "lots")),
    "points below nought or above the most (row 3)": lambda f: f.assign(points=f["points"].where(f.index != 1, 99)),
    "no criterion of the form (row 4)": lambda f: f.assign(criterion=f["criterion"].where(f.index != 2, "Z9")),
    "no person of that reference was drawn (row 5)": lambda f: f.assign(
        person_ref=f["person_ref"].where(f.index != 3, "QUENTIN")),
    "stands twice (rows 2, 3)": lambda f: f.assign(
        **{name: f[name].where(f.index != 1, f[name].iloc[0]) for name in ("criterion", "person_ref")}),
    "no column criterion": lambda f: f.drop(columns="criterion"),
    "no points are filled in": lambda f: f.assign(points=""),
    "points with more than three decimals (row 2)": lambda f: f.assign(points=f["points"].where(f.index != 0, 1.00001)),
}  # fmt: skip


@pytest.mark.parametrize("said", BAD)
def test_a_form_that_cannot_be_used_is_one_line_that_says_where_and_never_what(said, drawn, tmp_path) -> None:
    path = filled(drawn, tmp_path / "wrong.csv", change=BAD[said])
    with pytest.raises(TableError) as refused:
        read_ratings([path], drawn)
    message = str(refused.value)
    assert message.startswith("wrong.csv: ") and "\n" not in message
    assert (said if said != "no column criterion" else "cannot be read as a rating form") in message
    assert not {"QUENTIN", "lots", "Z9"} & set(message.split())


def test_every_wrong_file_has_a_line_of_its_own(drawn, tmp_path) -> None:
    (tmp_path / "not.pdf").write_bytes(b"x")
    files = [filled(drawn, tmp_path / "a.csv", change=BAD["no points are filled in"]), tmp_path / "not.pdf",
             tmp_path / "absent.csv"]  # fmt: skip
    with pytest.raises(TableError) as refused:
        read_ratings(files, drawn)
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["a.csv", "not.pdf", "absent.csv"]


def test_one_rater_alone_or_the_same_twice_is_refused(drawn, tmp_path) -> None:
    one = filled(drawn, tmp_path / "a.csv")
    with pytest.raises(TableError, match="two or more"):
        compare_ratings([one], drawn, POLICY, seed=1)
    with pytest.raises(TableError, match="one rater twice"):
        compare_ratings([one, filled(drawn, tmp_path / "b.csv")], drawn, POLICY, seed=1)


def test_a_form_filled_in_as_a_workbook_is_read_like_a_csv(drawn, tmp_path) -> None:
    path = drawn.write(tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(path)
    for row in book["Ratings"].iter_rows(min_row=3):
        row[1].value, row[3].value = "B", 0
    book.save(path)
    found = read_ratings([path], drawn)
    assert set(found["rater"]) == {"B"} and found["points"].eq(0).all() and len(found) == len(drawn.form)
