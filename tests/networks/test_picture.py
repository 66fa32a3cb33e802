"""The picture: who is drawn, where, and what the sentence says of it."""

import itertools

import pandas as pd
import pytest

from csp_toolkit.display.labels import text_width
from csp_toolkit.networks.graph import build_graph
from csp_toolkit.networks.layout import HIGHEST, WIDTH, lay_out
from csp_toolkit.networks.measures import measure
from csp_toolkit.networks.picture import DRAWN_TIE_COLUMNS, NODE_COLUMNS, make_picture, say_picture
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from tests.networks.small_views import crime, joined, make_view, report

POLICY = read_tie_policy()


def picture_of(*records: dict, listed="AB", scored="CDEF", policy=POLICY, **more):
    ties = collect_ties(make_view(**joined(*records)), policy)
    return make_picture(ties, measure(build_graph(ties)), {}, listed=list(listed), scored=list(scored), **more)


def line(*people: str) -> dict:
    links = [
        {
            "link_ref": f"K{p}",
            "line_ref": "L1",
            "person_ref": p,
            "role": "RUNNER",
            "from_on": "2026-08-01",
            "grade": "2A",
        }
        for p in people
    ]
    return {"lines": [{"line_ref": "L1", "last_active_on": "2026-10-01"}], "line_people": links}


def kinds(picture) -> dict:
    return picture.nodes.set_index("node_id")["kind"].to_dict()


def test_the_police_list_is_drawn_whole_and_others_only_with_a_tie():
    picture = picture_of(report("R1", "1A", "A", "C"), report("R2", "1A", "Q", "D"))
    assert kinds(picture) == {"A": "listed", "B": "listed", "C": "scored"}
    assert list(picture.nodes) == list(NODE_COLUMNS) and list(picture.ties) == list(DRAWN_TIE_COLUMNS)


def test_people_neither_listed_nor_scored_are_never_drawn():
    assert "Q" not in kinds(picture_of(report("R1", "1A", "A", "Q"), report("R2", "1A", "B", "Q")))


def test_a_removed_person_is_not_drawn_even_from_the_police_list():
    removed = {"reviews": [{"person_ref": "B", "categories": "Suspect", "status": "REMOVED"}]}
    assert set(kinds(picture_of(report("R1", "1A", "A", "C"), report("R2", "1A", "B", "C"), removed))) == {"A", "C"}


def test_at_most_so_many_are_drawn_those_nearest_the_list_first_and_the_rest_counted():
    few = POLICY.model_copy(update={"most_nodes_drawn": 4})
    picture = picture_of(*(report(f"R{p}", "1A", *p) for p in ("AC", "CD", "DE", "DF")), policy=few)
    assert set(kinds(picture)) == {"A", "B", "C", "D"} and picture.n_people_not_drawn == 2


def test_a_line_is_drawn_for_two_people_and_stands_for_the_tie_they_share_through_it():
    picture = picture_of(line("A", "C", "Q"))
    assert kinds(picture)["line:L1"] == "line"
    assert set(zip(picture.ties["person_a"], picture.ties["person_b"], strict=True)) == {
        ("line:L1", "A"),
        ("line:L1", "C"),
    }
    assert "line:L1" not in kinds(picture_of(line("A", "Q")))


def test_ties_out_of_the_window_are_not_drawn():
    assert picture_of(report("R1", "1A", "A", "C", on="2025-11-25")).ties.empty
    assert len(picture_of(report("R1", "1A", "A", "C", on="2025-11-26")).ties) == 1


def test_ties_stand_least_sure_first_with_what_they_rest_on():
    picture = picture_of(crime("C1", "A", "C"), report("R1", "2C", "A", "B"), report("R2", "2A", "A", "C"))
    assert picture.ties["evidence_text"].tolist() == ["1 report, 2C", "charged together; 1 report, 2A"]
    assert picture.ties["p_exists"].is_monotonic_increasing


def test_harm_is_marked_on_those_drawn_and_draws_nobody():
    picture = picture_of(report("R1", "1A", "A", "C"), harmed=["C", "F"])
    assert picture.nodes.set_index("node_id")["is_harmed"].to_dict() == {"A": "N", "B": "N", "C": "Y"}


def test_the_sentence_counts_who_hangs_together_and_names_a_weak_join():
    parts = [report(f"R{p}", "1A", *p) for p in ("AC", "AD", "BE", "BF")]
    said = say_picture(picture_of(*parts, report("RJ", "2C", "A", "B")))
    assert said == (
        "2 of the 2 people of the police list drawn here are joined, directly or through others. "
        "A – B alone joins two parts, and rests on one untested origin."
    )
    assert say_picture(picture_of(*parts)).startswith(
        "No two of the 2 people of the police list drawn here are joined."
    )
    assert say_picture(picture_of()) == "No tie is recorded between the people drawn here in the period."


def ring(n: int, extra: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    ids = [f"P{i:02d}" for i in range(n)]
    pairs = [(a, ids[(i + 1) % n]) for i, a in enumerate(ids)] + list(
        itertools.islice(itertools.combinations(ids, 2), extra)
    )
    ties = pd.DataFrame(sorted({tuple(sorted(p)) for p in pairs if p[0] != p[1]}), columns=["person_a", "person_b"])
    return pd.DataFrame({"node_id": ids, "label": [f"SURNAME {i}" for i in ids]}), ties


@pytest.mark.parametrize(("n", "extra"), [(1, 0), (2, 0), (3, 3), (12, 20), (40, 0), (40, 60)])
def test_nodes_and_labels_do_not_meet_and_stand_on_the_page(n, extra):
    nodes = lay_out(*ring(n, extra)) if n > 1 else lay_out(ring(2)[0].head(1), ring(2)[1].head(0))
    assert nodes["x"].between(20, WIDTH - 20).all() and nodes["y"].between(20, HIGHEST - 20).all()
    spots = nodes[["x", "y"]].to_numpy()
    for a, b in itertools.combinations(spots, 2):
        assert abs(a[0] - b[0]) > 24 or abs(a[1] - b[1]) > 24
    assert text_width("SURNAME P00") < 120


def test_the_same_picture_comes_out_whatever_the_order_of_rows():
    nodes, ties = ring(15, 12)
    one = lay_out(nodes, ties).set_index("node_id")
    two = lay_out(nodes.iloc[::-1], ties.iloc[::-1]).set_index("node_id")
    pd.testing.assert_frame_equal(one, two.loc[one.index])
