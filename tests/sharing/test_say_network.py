"""What the papers say of the network: only of what may be shared, and of adults who are drawn."""

import pandas as pd

from csp_toolkit.networks.changes import compare_networks
from csp_toolkit.networks.communities import find_groups
from csp_toolkit.networks.draws.plausible import vary_ties
from csp_toolkit.networks.draws.unseen import check_unseen
from csp_toolkit.networks.graph import build_graph
from csp_toolkit.networks.groups import compare_groups
from csp_toolkit.networks.measures import measure
from csp_toolkit.networks.picture import make_picture
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from csp_toolkit.sharing.papers.network import say_network
from tests.networks.small_views import joined, make_view, report

POLICY = read_tie_policy()
CLIQUES = ("AB", "AC", "AD", "BC", "BD", "CD", "WX", "WY", "WZ", "XY", "XZ", "YZ")
NAMES = {p: f"NAME{p}" for p in "ABCDWXYZ"}


def said(
    *,
    handling: str = "P",
    children: str = "",
    listed: str = "ABCDWXYZ",
    first_meeting: bool = False,
    scored: str = "",
    most: int = 40,
) -> list[str]:
    records = joined(
        *(report(f"R-{p}", "1A", *p) for p in CLIQUES), report("B1", "2D", "A", "Z", on="2026-03-10", handling=handling)
    )
    members = [
        {"group_ref": g, "person_ref": p, "role": "MEMBER"} for g, of in (("G1", "ABCD"), ("G2", "WXYZ")) for p in of
    ]
    groups = [{"group_ref": "G1", "group_name": "Elm Row"}, {"group_ref": "G2", "group_name": "Long Lane"}]
    view = make_view(groups=groups, group_members=members, **records)
    ties = collect_ties(view, POLICY)
    plausible = vary_ties(ties, seed=1, draws=30)
    measures = measure(build_graph(ties), plausible, varied=["degree", "betweenness"])
    picture = make_picture(ties, measures, NAMES, listed=list(listed), scored=list(scored), most=most)
    people = pd.DataFrame({"person_id": list(NAMES), "is_child": ["Y" if p in children else "N" for p in NAMES]})
    table = say_network(
        view, ties, measures, picture, people, unseen=check_unseen(plausible),
        groups=compare_groups(view, ties, measures, find_groups(plausible)),
        change=None if first_meeting else compare_networks(ties, ties),
    )  # fmt: skip
    assert table["n"].tolist() == list(range(1, len(table) + 1))
    return table["sentence"].tolist()


def test_change_bridges_first_places_and_how_sure_are_said():
    lines = said()
    assert (
        lines[0]
        == "13 ties at the meeting before, 0 new and 0 gone, make 13 now; 0 are surer than they were and 0 less sure."
    )
    assert any(
        s.startswith("NAMEA is the only known link between Elm Row and Long Lane; it rests on one 2D report")
        for s in lines
    )
    assert any("Central is not the same as leader" in s and "(30 were drawn)" in s for s in lines)
    assert any("on no record" in s for s in lines) and any("hold together" in s for s in lines)


def test_a_first_meeting_says_nothing_of_change():
    assert not any("meeting before" in s for s in said(first_meeting=True))


def test_a_bridge_that_may_not_be_shared_is_not_said():
    assert not any("only known" in s for s in said(handling="C"))


def test_who_found_no_room_in_the_picture_is_told():
    assert not any("no room" in s for s in said())
    assert said(listed="AB", scored="CDWXYZ", most=4)[-1].startswith("Four more people of the matrix")


def test_a_child_and_somebody_not_drawn_are_not_named():
    assert not any("NAMEA" in s for s in said(children="A"))
    assert not any("NAMEW" in s or "NAMEZ" in s for s in said(listed="ABCD"))
