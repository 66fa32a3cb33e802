"""Which people, lines and ties are drawn, and the sentence that reads the picture.

A picture of everyone shows nothing. Drawn are all on the police list, tied or not, then those in the matrix with the
most ties. A drug line is drawn when two people drawn are linked to it; it then stands for the ties they share
through it. The table of ties says the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from csp_toolkit.networks.evidence.evidence_text import say_evidence, say_links
from csp_toolkit.networks.layout import lay_out
from csp_toolkit.networks.measures import Measures
from csp_toolkit.networks.ties import Ties, keep_recent

NODE_COLUMNS = ("node_id", "label", "kind", "is_harmed", "x", "y", "component", "degree", "betweenness")
DRAWN_TIE_COLUMNS = (
    "person_a", "person_b", "label_a", "label_b", "kinds", "n_items", "n_origins", "is_tested", "p_exists",
    "first_seen", "last_seen", "handling", "evidence_text",
)  # fmt: skip
LINE_PREFIX = "line:"


@dataclass(frozen=True, eq=False)
class Picture:
    """What is drawn.

    Attributes
    ----------
    nodes : `NODE_COLUMNS`; kind listed, scored or line; `component` numbers the separate networks drawn, largest
        first; degree and betweenness are those of the whole network, missing for lines and people without a tie.
    ties : `DRAWN_TIE_COLUMNS`, least sure first; a line stands as ``line:`` and its reference.
    n_people_not_drawn : people of the matrix with a tie in the window who found no room.
    """

    nodes: pd.DataFrame
    ties: pd.DataFrame
    n_people_not_drawn: int

    def __repr__(self) -> str:
        return f"Picture(nodes={len(self.nodes)}, ties={len(self.ties)})"


def make_picture(
    ties: Ties,
    measures: Measures | None,
    labels: Mapping[str, str],
    *,
    listed: Sequence[str],
    scored: Sequence[str],
    harmed: Sequence[str] = (),
    height: int | None = None,
    most: int | None = None,
    before: pd.DataFrame | None = None,
) -> Picture:
    """Choose, place and label what is drawn, from the ties of the policy's window.

    Parameters
    ----------
    ties, measures : all ties, and the measures of their graph, or none where nobody will read them.
    labels : what to write beside each person_id; a person without one is written as their id.
    listed : the police list, in the police's order; removed people are left out even so (control C29).
    scored : the people the matrix ranks.
    harmed : people of these two recorded as harmed or exploited. Nobody is drawn for that reason alone.
    most : how many people and lines are drawn at most; what fits on paper by default (the policy's `most_nodes_drawn`).
    before : the nodes of an earlier picture; who was in it stays where they were.
    """
    recent, most = keep_recent(ties), most or ties.policy.most_nodes_drawn
    people, n_left = choose_people(recent, listed=listed, scored=scored, most=most)
    links = _shared_links(recent, people)
    while len(people) + links["line_ref"].nunique() > most and len(people) > len(set(listed)):
        people, n_left = people[:-1], n_left + 1
        links = _shared_links(recent, people)
    drawn = _drawn_ties(recent, people, links)
    tied = {*drawn["person_a"], *drawn["person_b"], *listed}  # the list is drawn whole
    people, n_left = [p for p in people if p in tied], n_left + sum(p not in tied for p in people)
    nodes = _number_parts(_nodes(people, links, set(listed), set(harmed), labels, measures), drawn)
    drawn = _labelled(drawn, nodes)
    return Picture(lay_out(nodes, drawn, height=height, before=before)[list(NODE_COLUMNS)], drawn, n_left)


def choose_people(
    ties: Ties, *, listed: Sequence[str], scored: Sequence[str], most: int
) -> tuple[list[str], int]:  # fmt: skip
    """Choose who is drawn: the police list, then the scored by number of ties to either; and count those left.

    Those tied to someone on the list come before those who are not, so that nobody stands beside a list they have
    nothing to do with.
    """
    first = [p for p in dict.fromkeys(listed) if p not in ties.kept_out]
    pool = set(first) | set(scored)
    ends = ties.table[ties.table["person_a"].isin(pool) & ties.table["person_b"].isin(pool)]
    pairs = pd.concat(
        [ends[["person_a", "person_b"]], ends[["person_b", "person_a"]].set_axis(["person_a", "person_b"], axis=1)]
    )
    degree = pairs["person_a"].value_counts()
    near = set(pairs.loc[pairs["person_b"].isin(first), "person_a"])
    rest = sorted((p for p in degree.index if p not in set(first)), key=lambda p: (p not in near, -int(degree[p]), p))
    room = max(most - len(first), 0)
    return first + rest[:room], len(rest[room:])


def say_picture(picture: Picture) -> str:
    """Read the picture in at most two sentences: how many hang together, and what the joins rest on."""
    import networkx as nx

    nodes, ties = picture.nodes, picture.ties
    if ties.empty:
        return "No tie is recorded between the people drawn here in the period."
    graph = nx.Graph()
    graph.add_nodes_from(nodes["node_id"])
    graph.add_edges_from(zip(ties["person_a"], ties["person_b"], strict=True))
    listed = set(nodes.loc[nodes["kind"] == "listed", "node_id"])
    parts = sorted((c & listed for c in nx.connected_components(graph)), key=lambda c: (-len(c), sorted(c)))
    alone = sum(1 for p in listed if graph.degree(p) == 0)
    n = len(listed)
    if not listed:
        first = f"{int((nodes['kind'] != 'line').sum())} people are drawn here"
    elif len(parts[0]) > 1:
        first = (
            f"{len(parts[0])} of the {n} people of the police list drawn here are joined, directly or through others"
        )
    else:
        first = f"No two of the {n} people of the police list drawn here are joined"
    first += f"; {alone} {'has' if alone == 1 else 'have'} no tie to anyone drawn." if alone else "."
    single = ties[(ties["n_origins"] <= 1) & (ties["is_tested"] != "Y")]
    weak = {frozenset(pair) for pair in zip(single["person_a"], single["person_b"], strict=True)}
    bridges = sorted(
        tuple(sorted(edge)) for edge in nx.bridges(graph) if frozenset(edge) in weak and _parts_large(graph, edge)
    )
    label = dict(zip(nodes["node_id"], nodes["label"], strict=True))
    if len(bridges) == 1:
        a, b = bridges[0]
        return f"{first} {label[a]} – {label[b]} alone joins two parts, and rests on one untested origin."
    return f"{first} {len(single)} of the {len(ties)} ties rest on one untested origin."


def _parts_large(graph: object, edge: tuple[str, str], least: int = 3) -> bool:
    import networkx as nx

    cut = graph.copy()  # type: ignore[attr-defined]
    cut.remove_edge(*edge)
    return all(len(nx.node_connected_component(cut, end)) >= least for end in edge)


def _shared_links(ties: Ties, people: Sequence[str]) -> pd.DataFrame:
    links = ties.line_links[ties.line_links["person_id"].isin(people)]
    return links[links.groupby("line_ref")["person_id"].transform("nunique") >= 2]


def _drawn_ties(ties: Ties, people: Sequence[str], links: pd.DataFrame) -> pd.DataFrame:
    among = ties.table[ties.table["person_a"].isin(people) & ties.table["person_b"].isin(people)]
    among = among.assign(evidence_text=say_evidence(among, ties.evidence))
    by_line = among["kinds"] == "shared line"
    if len(links):
        among = among[~by_line]
    spokes = links.assign(
        person_a=LINE_PREFIX + links["line_ref"], person_b=links["person_id"], kinds="linked to line",
        evidence_text=say_links(links),
    )  # fmt: skip
    columns = [c for c in DRAWN_TIE_COLUMNS if not c.startswith("label")]
    frames = [f[columns] for f in (among, spokes) if len(f)]
    return pd.concat(frames, ignore_index=True) if frames else among[columns]


def _nodes(
    people: Sequence[str], links: pd.DataFrame, listed: set[str], harmed: set[str], labels: Mapping[str, str],
    measures: Measures | None,
) -> pd.DataFrame:  # fmt: skip
    lines = sorted(links["line_ref"].unique())
    nodes = pd.DataFrame(
        {
            "node_id": pd.Series([*people, *(LINE_PREFIX + ref for ref in lines)], dtype="str"),
            "label": pd.Series([*(labels.get(p, p) for p in people), *(f"Line {ref}" for ref in lines)], dtype="str"),
            "kind": pd.Series(
                [*("listed" if p in listed else "scored" for p in people), *("line" for _ in lines)], dtype="str"
            ),
            "is_harmed": pd.Series([*("NY"[p in harmed] for p in people), *("N" for _ in lines)], dtype="str"),
        }
    )
    if measures is None:
        return nodes.assign(degree=pd.Series(pd.NA, index=nodes.index, dtype="Int64"), betweenness=float("nan"))
    known = measures.table[["person_id", "degree", "betweenness"]].rename(columns={"person_id": "node_id"})
    return nodes.merge(known.astype({"degree": "Int64"}), on="node_id", how="left")


def _number_parts(nodes: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    """Number the separate networks of the picture, largest first."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(sorted(nodes["node_id"]))
    graph.add_edges_from(zip(ties["person_a"], ties["person_b"], strict=True))
    parts = sorted((sorted(c) for c in nx.connected_components(graph)), key=lambda c: (-len(c), c[0]))
    number = {i: n for n, part in enumerate(parts, start=1) for i in part}
    return nodes.assign(component=[number[i] for i in nodes["node_id"]])


def _labelled(ties: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    label = dict(zip(nodes["node_id"], nodes["label"], strict=True))
    ties = ties.assign(
        label_a=ties["person_a"].map(label).astype("str"), label_b=ties["person_b"].map(label).astype("str")
    )
    ties = ties.sort_values(["p_exists", "n_origins", "person_a", "person_b"], kind="stable", ignore_index=True)
    return ties[list(DRAWN_TIE_COLUMNS)]
