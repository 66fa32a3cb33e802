"""The network part of the papers: drawn from what may be shared, tie by tie.

A tie that stands on evidence free to share is shown as that evidence alone makes it. A tie that stands only on
reports with handling conditions carries them, so that each recipient's copy can keep or lose it whole.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from csp_toolkit.display.wording import check_sentence, count_in_words, join_in_words
from csp_toolkit.networks.bridges import find_bridges
from csp_toolkit.networks.changes import NetworkChange
from csp_toolkit.networks.draws.unseen import Unseen
from csp_toolkit.networks.groups import name_groups
from csp_toolkit.networks.measures import NOT_A_LEADER, Measures
from csp_toolkit.networks.picture import Picture, make_picture
from csp_toolkit.networks.ties import Ties, keep_handling, keep_people, reweigh
from csp_toolkit.sharing.papers.ground import number_sentences
from csp_toolkit.sharing.papers.people import name_people
from csp_toolkit.sharing.papers.words import say_number
from csp_toolkit.tables.view import View

NOT_NAMED = "somebody not named here"
MOST_BRIDGES, MOST_FIRST = 2, 3


def draw_network(
    ties: Ties, measures: Measures, people: pd.DataFrame, *, listed: Sequence[str], scored: Sequence[str],
    before: pd.DataFrame | None = None,
) -> Picture:  # fmt: skip
    """Draw the police list and those the matrix ranks, from shareable evidence first.

    Parameters
    ----------
    people : what `describe_people` returned; it names the nodes and marks recorded harm.
    listed : the police list, in the police's order. scored : the people with a rank.
    before : where people stood at the meeting before (`recall_places`); who was drawn then stays there.
    """
    harmed = people.loc[people["harm_state"] == "recorded", "person_id"].tolist()
    labels = dict(zip(people["person_id"], people["name"], strict=True))
    among = prefer_shareable(keep_people(ties, {*listed, *scored}))
    return make_picture(among, measures, labels, listed=listed, scored=scored, harmed=harmed, before=before)


def lay_again(view: View, ties: Ties, scored: Sequence[str]) -> pd.DataFrame:
    """Lay out the picture of a meeting as that meeting did, from the ties of those who could be in it alone.

    Returns
    -------
    node_id, x, y.
    """
    lists = view["police_list"]
    newest = lists[lists["meeting_on"] == lists["meeting_on"].max()].sort_values("place")
    listed = newest["person_id"].tolist()
    labels = dict(zip(view.people["person_id"], name_people(view.people), strict=True))
    among = prefer_shareable(keep_people(ties, {*listed, *scored}))
    return make_picture(among, None, labels, listed=listed, scored=scored).nodes[["node_id", "x", "y"]]


def prefer_shareable(ties: Ties) -> Ties:
    """Return the ties with conditional evidence left out wherever a pair stands without it."""
    evidence, links = ties.evidence, ties.line_links
    counts = (evidence["handling"] == "P") & (evidence["is_in_measures"] == "Y") & (evidence["p_true"] > 0)
    pairs = pd.MultiIndex.from_frame(evidence[["person_a", "person_b"]])
    keep = (evidence["handling"] != "C") | ~pairs.isin(pairs[counts])
    ends = pd.MultiIndex.from_frame(links[["line_ref", "person_id"]])
    links = links[(links["handling"] != "C") | ~ends.isin(ends[links["handling"] == "P"])]
    return reweigh(ties, evidence[keep], links)


def attach_conditions(drawn: pd.DataFrame, ties: Ties, view: View) -> pd.DataFrame:
    """Add to each drawn tie the handling conditions of the reports it rests on, all that any of them sets."""
    asked = ties.evidence[ties.evidence["handling"] == "C"].merge(
        view["intel_reports"][["report_ref", "handling_conditions"]],
        left_on="item_ref",
        right_on="report_ref",
        how="left",
    )
    conditions = (
        asked.dropna(subset=["handling_conditions"])
        .groupby(["person_a", "person_b"])["handling_conditions"]
        .agg(lambda texts: "; ".join(sorted({part.strip() for text in texts for part in text.split(";")})))
        .reset_index()
    )
    table = drawn.merge(conditions, on=["person_a", "person_b"], how="left")
    return table.assign(handling_conditions=table["handling_conditions"].where(table["handling"] == "C").astype("str"))


def say_network(
    view: View, ties: Ties, measures: Measures, picture: Picture, people: pd.DataFrame, *, groups: pd.DataFrame,
    change: NetworkChange | None, unseen: Unseen,
) -> pd.DataFrame:  # fmt: skip
    """Say in numbered sentences what changed, what alone joins two parts, who stands between, and how sure that is.

    Bridges are found in what may be shared, so that no sentence says what a tie of the copy may not. Only adults who
    are in the picture are named.

    Parameters
    ----------
    people : what `describe_people` returned. groups : what `compare_groups` returned.
    change, unseen : what `compare_networks` (none at a first meeting) and `check_unseen` returned.
    """
    adults = set(people.loc[people["is_child"] != "Y", "person_id"])
    drawn = dict(zip(picture.nodes["node_id"], picture.nodes["label"], strict=True))
    everybody = {*ties.table["person_a"], *ties.table["person_b"]}
    labels = {p: drawn[p] if p in drawn and p in adults else NOT_NAMED for p in everybody}
    said = [change.say()] if change else []
    said += _say_bridges(view, ties, labels)
    said += _say_first(measures, labels)
    said += [unseen.say()] + _say_groups(groups, ties.policy.doubt.together_from) + _say_rest(picture)
    return number_sentences(said)


def _say_bridges(view: View, ties: Ties, labels: Mapping[str, str]) -> list[str]:
    """Say the bridges whose ends can be named, least sure first."""
    bridges = find_bridges(keep_handling(ties, "P"), groups=name_groups(view))
    order = bridges.table["p_exists"].reset_index(drop=True).sort_values(kind="stable").index
    said = bridges.say(labels)
    return [said[n] for n in order if not said[n].startswith(NOT_NAMED) and f"– {NOT_NAMED}" not in said[n]][
        :MOST_BRIDGES
    ]


def _say_first(measures: Measures, labels: Mapping[str, str]) -> list[str]:
    first = measures.list_first(n=MOST_FIRST)
    if first.empty:
        return []
    likely = list(zip(first["person_id"], (100 * first["p_top"]).round().astype(int), strict=True))
    named = [f"{labels[p]} in {share}" for p, share in likely if labels.get(p, NOT_NAMED) != NOT_NAMED]
    rest = [str(share) for p, share in likely if labels.get(p, NOT_NAMED) == NOT_NAMED]
    if rest:
        named.append(f"{count_in_words(len(rest), 'person', 'people')} not named here in {join_in_words(rest)}")
    first_places = f"Among the {measures.top} through whom most paths run, in so many of 100 networks that could be"
    return [check_sentence(
        f"{first_places} the true one ({measures.n_draws} were drawn): {join_in_words(named)}. {NOT_A_LEADER}"
    )]  # fmt: skip


def _say_rest(picture: Picture) -> list[str]:
    """Say how many found no room in the picture: what is left out is told, not dropped."""
    if not picture.n_people_not_drawn:
        return []
    who = count_in_words(picture.n_people_not_drawn, "more person", "more people", start=True)
    return [check_sentence(f"{who} of the matrix with a tie in the period found no room in the picture.")]


def _say_groups(groups: pd.DataFrame, holds: float) -> list[str]:
    share = pd.to_numeric(groups["stability"], errors="coerce").dropna()
    if share.empty:
        return []
    firm = int((share >= holds).sum())
    groups_named = count_in_words(len(share), "group")
    hold = "one holds" if firm == 1 else f"{say_number(firm)} hold"
    return [check_sentence(
        f"Of {groups_named} on record with ties among their people, {hold} together: two of their people come out "
        f"in one group in at least {100 * holds:.0f} in 100 of the plausible networks."
    )]  # fmt: skip
