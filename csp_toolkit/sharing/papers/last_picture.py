"""Where people stood in the picture of the meeting before, so that they stand there still.

A meeting keeps where it placed everybody, in the casebook; `last_meeting` finds it, or lays that picture out anew.
"""

from pathlib import Path

import pandas as pd

from csp_toolkit.networks.picture import Picture
from csp_toolkit.sharing.meeting import OpenMeeting
from csp_toolkit.tables.drawn_places import store_places
from csp_toolkit.tables.view import View


def recall_places(meeting: OpenMeeting) -> pd.DataFrame | None:
    """Return where everybody stood in the picture of the meeting before; None at a first meeting.

    Returns
    -------
    node_id, x, y, by the person_ids of this meeting's view. Where records of two were joined since, they stand where
    the first of them stood.
    """
    then, places = meeting.last.view, meeting.last.places
    return None if then is None or places is None else _call_as_now(places, then, meeting.view)


def keep_places(casebook: str | Path, meeting: OpenMeeting, picture: Picture) -> None:
    """Keep where everybody stands in this meeting's picture, in the place of what an earlier run of it kept."""
    store_places(casebook, meeting.name, meeting.view.as_of, picture.nodes)


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
