"""How far from home people were recorded, area to area, and apart where one railway joins the two (XB8).

The point of an event is not kept, so a journey runs in a straight line from the middle of the area somebody lived in
to the middle of the area they were recorded in. Within one area there is no such distance: those are counted and
measured no further.
"""

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.networks.borders.activity import Activity
from csp_toolkit.networks.borders.areas import SPECIAL, Areas

JOURNEY_COLUMNS = ("of", "n_journeys", "n_people", "median_km", "quarter_low_km", "quarter_high_km", "reading")
LEG_COLUMNS = ("person_id", "home", "area", "n_events", "distance_km", "is_by_rail_line")


def list_journeys(activity: Activity) -> pd.DataFrame:
    """List each person's journeys across a border, once for each home and area (`LEG_COLUMNS`)."""
    areas = activity.areas
    events = activity.table[~activity.table["home"].isin(list(SPECIAL)) & ~activity.table["area"].isin(list(SPECIAL))]
    crossing = events[events["home"] != events["area"]]
    legs = (
        crossing.groupby(["person_id", "home", "area"], sort=True)["event_ref"].nunique().reset_index(name="n_events")
    )
    pairs = {(h, a): areas.measure_km(h, a) for h, a in zip(legs["home"], legs["area"], strict=True)}
    keys = list(zip(legs["home"], legs["area"], strict=True))
    by_rail = ["Y" if _share_a_line(areas, *key) else "N" for key in keys]
    legs = legs.assign(distance_km=pd.Series([pairs[key] for key in keys], dtype="float64"), is_by_rail_line=by_rail)
    return legs[list(LEG_COLUMNS)]


def measure_journeys(activity: Activity) -> pd.DataFrame:
    """Measure the journeys across a border: one row for all, and apart for those one railway line joins.

    Returns
    -------
    `JOURNEY_COLUMNS`: the median with the quarters below and above it (half of the journeys lie between), and for
    those within an area, with a home or place not known, or with no point, how many there are and nothing more.
    """
    policy, events = activity.policy, activity.table
    legs = list_journeys(activity)
    measured = legs.dropna(subset=["distance_km"])
    rows = [
        _measure("all across a border", measured, policy.journeys_at_least),
        _measure("one railway line joins the two", measured[measured["is_by_rail_line"] == "Y"],
                 policy.journeys_at_least),
        _measure("no railway line does", measured[measured["is_by_rail_line"] == "N"], policy.journeys_at_least),
    ]  # fmt: skip
    special = events["home"].isin(list(SPECIAL)) | events["area"].isin(list(SPECIAL))
    within = events[~special & (events["home"] == events["area"])]
    rows.append(_count("within one area", within))
    rows.append(_count("home or place not known, or none", events[special]))
    return pd.DataFrame(rows, columns=list(JOURNEY_COLUMNS))


def _measure(of: str, legs: pd.DataFrame, least: int) -> tuple[object, ...]:
    n = len(legs)
    if n < least:
        return of, n, legs["person_id"].nunique(), *(float("nan"),) * 3, f"too few for a median (from {least} on)"
    quarters = legs["distance_km"].quantile([0.5, 0.25, 0.75]).round(1)
    return of, n, legs["person_id"].nunique(), *quarters.tolist(), f"median {quarters[0.5]:.0f} km"


def _count(of: str, events: pd.DataFrame) -> tuple[object, ...]:
    legs = events[["person_id", "home", "area"]].drop_duplicates()
    return of, len(legs), events["person_id"].nunique(), *(float("nan"),) * 3, NOT_ASSESSED


def _share_a_line(areas: Areas, a: str, b: str) -> bool:
    return bool({*areas.by_code[a].rail} & {*areas.by_code[b].rail})
