"""Where people stood in the picture of the meeting before, so that they stand there still.

A meeting keeps where it placed everybody, in the casebook. Where the meeting before kept nothing, as when it was never
run here, its picture is laid out anew from what was known on its day, as it would have been then.
"""

from pathlib import Path

import pandas as pd

from csp_toolkit.networks.picture import Picture, make_picture
from csp_toolkit.networks.ties import Ties, keep_people
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.sharing.meeting import OpenMeeting
from csp_toolkit.sharing.papers.network import prefer_shareable
from csp_toolkit.sharing.papers.people import name_people
from csp_toolkit.tables.drawn_places import read_places, store_places
from csp_toolkit.tables.view import View


def recall_places(
    casebook: str | Path, meeting: OpenMeeting, ties: Ties | None, scores: Scores | None
) -> pd.DataFrame | None:  # fmt: skip
    """Return where everybody stood in the picture of the meeting before; None at a first meeting.

    Parameters
    ----------
    ties, scores : what `collect_ties` and `score` returned for the meeting's last view.

    Returns
    -------
    node_id, x, y, by the person_ids of this meeting's view. Where records of two were joined since, they stand where
    the first of them stood.
    """
    if meeting.last_view is None or meeting.previous_on is None:
        return None
    places = read_places(casebook, meeting.name, meeting.previous_on)
    if places is None and ties is not None and scores is not None:
        places = _lay_again(meeting.last_view, ties, scores)
    return None if places is None else _call_as_now(places, meeting.last_view, meeting.view)


def keep_places(casebook: str | Path, meeting: OpenMeeting, picture: Picture) -> None:
    """Keep where everybody stands in this meeting's picture, in the place of what an earlier run of it kept."""
    store_places(casebook, meeting.name, meeting.view.as_of, picture.nodes)


def _lay_again(view: View, ties: Ties, scores: Scores) -> pd.DataFrame:
    """Lay out the picture of a meeting as that meeting did, from the ties of those who could be in it alone."""
    lists = view["police_list"]
    newest = lists[lists["meeting_on"] == lists["meeting_on"].max()].sort_values("place")
    listed, scored = newest["person_id"].tolist(), scores.list_ranked()
    labels = dict(zip(view.people["person_id"], name_people(view.people), strict=True))
    among = prefer_shareable(keep_people(ties, {*listed, *scored}))
    return make_picture(among, None, labels, listed=listed, scored=scored).nodes[["node_id", "x", "y"]]


def _call_as_now(places: pd.DataFrame, then: View, now: View) -> pd.DataFrame:
    """Call everybody by the person_id of this month: records joined or parted since may have given them another."""
    left = places[~places["node_id"].isin(now.people["person_id"])]
    keys = then.person_keys[then.person_keys["person_id"].isin(left["node_id"])]
    refs = ["source_system", "source_ref"]
    renamed = keys.merge(now.person_keys, on=refs, suffixes=("", "_now")).sort_values(["person_id", "person_id_now"])
    renamed = renamed.drop_duplicates("person_id")
    called = dict(zip(renamed["person_id"], renamed["person_id_now"], strict=True))
    names = pd.Series([called.get(i, i) for i in places["node_id"]], index=places.index, dtype="str")
    kept = places.assign(node_id=names, is_renamed=names != places["node_id"], was=places["node_id"])
    kept = kept.sort_values(["node_id", "is_renamed", "was"], kind="stable").drop_duplicates("node_id")
    return kept[["node_id", "x", "y"]].reset_index(drop=True)
