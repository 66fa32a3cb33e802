"""The network part of the papers: drawn from what may be shared, tie by tie.

A tie that stands on evidence free to share is shown as that evidence alone makes it. A tie that stands only on
reports with handling conditions carries them, so that each recipient's copy can keep or lose it whole.
"""

from collections.abc import Sequence

import pandas as pd

from csp_toolkit.networks.measures import Measures
from csp_toolkit.networks.picture import Picture, make_picture
from csp_toolkit.networks.ties import Ties, keep_handling, reweigh
from csp_toolkit.tables.view import View


def draw_network(
    ties: Ties, measures: Measures, people: pd.DataFrame, *, listed: Sequence[str], scored: Sequence[str]
) -> Picture:
    """Draw the police list and those the matrix ranks, from shareable evidence first.

    Parameters
    ----------
    people : what `describe_people` returned; it names the nodes and marks recorded harm.
    listed : the police list, in the police's order. scored : the people with a rank.
    """
    harmed = people.loc[people["harm_state"] == "recorded", "person_id"].tolist()
    labels = dict(zip(people["person_id"], people["name"], strict=True))
    return make_picture(prefer_shareable(ties), measures, labels, listed=listed, scored=scored, harmed=harmed)


def prefer_shareable(ties: Ties) -> Ties:
    """Return the ties with conditional evidence left out wherever a pair stands without it."""
    free = keep_handling(ties, "P")
    pairs = pd.MultiIndex.from_frame(free.table[["person_a", "person_b"]])
    keep = (ties.evidence["handling"] != "C") | ~pd.MultiIndex.from_frame(ties.evidence[["person_a", "person_b"]]).isin(
        pairs
    )
    links = ties.line_links[
        (ties.line_links["handling"] != "C")
        | ~pd.MultiIndex.from_frame(ties.line_links[["line_ref", "person_id"]]).isin(
            pd.MultiIndex.from_frame(free.line_links[["line_ref", "person_id"]])
        )
    ]
    return reweigh(ties, ties.evidence[keep], links)


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
