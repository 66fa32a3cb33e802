"""Missing people found outside the district or outside the county, and where (XB9). To be missing is a harm, no fault.

An episode is counted, not a person: somebody missing five times was in danger five times. The feed says from what kind
of place somebody went missing and not in which area, so "outside" means outside the home district.
"""

from dataclasses import dataclass

import pandas as pd

from csp_toolkit.networks.borders.activity import Activity
from csp_toolkit.networks.borders.areas import UNKNOWN, Areas
from csp_toolkit.networks.borders.small_counts import bound_share
from csp_toolkit.tables.ages import ADULT_YEARS, birthday, youngest_birth
from csp_toolkit.tables.view import View

FOUND_COLUMNS = ("area", "n_episodes", "n_people", "n_children", "n_exploitation", "n_no_interview", "newest_on")
SHARE_OF = ("outside the district", "outside the force's area")


@dataclass(frozen=True, eq=False)
class Found:
    """Where missing people were found in the window.

    Attributes
    ----------
    table : one row an area with anybody found in it (`FOUND_COLUMNS`), `UNK` among them; they sum to the episodes of
        `reasons`. `n_no_interview` are children's episodes after which no return interview is recorded as done.
    reasons : missing_ref, person_id, area, reported_on, is_child.
    shares : by `SHARE_OF`, the share of episodes with a known place found outside, with its interval and bounds.
    n_not_found : episodes with no time found: still missing, or not recorded; in no table.
    """

    table: pd.DataFrame
    reasons: pd.DataFrame
    shares: pd.DataFrame
    n_not_found: int
    areas: Areas


def find_elsewhere(view: View, activity: Activity) -> Found:
    """Find where missing people were found, over the same window as the activity."""
    areas = activity.areas
    rows = view["missing_episodes"].drop_duplicates("missing_ref")
    day = rows["reported_at"].dt.normalize()
    rows = rows.assign(reported_on=day)[(day >= activity.since) & (day <= activity.until)]
    found = rows[rows["found_at"].notna() | rows["found_area"].fillna(UNKNOWN).ne(UNKNOWN)]
    is_child = (birthday(youngest_birth(found), ADULT_YEARS) > found["reported_on"]).astype(bool)
    found = found.assign(area=areas.place(found["found_area"], found["reported_on"]), is_child=is_child)
    marks = found.assign(
        exploited=found["is_exploitation"].eq("Y"), no_interview=is_child & found["had_interview"].ne("Y")
    )
    table = marks.groupby("area", sort=True).agg(
        n_episodes=("missing_ref", "size"), n_people=("person_id", "nunique"), n_children=("is_child", "sum"),
        n_exploitation=("exploited", "sum"), n_no_interview=("no_interview", "sum"), newest_on=("reported_on", "max"),
    )  # fmt: skip
    table = table.reset_index().sort_values(["n_episodes", "area"], ascending=[False, True], kind="stable")
    counts = found["area"].value_counts()
    known = counts[counts.index != UNKNOWN]
    outside = int(known[known.index != areas.here].sum())
    abroad = int(known[[areas.is_abroad(code) for code in known.index]].sum())
    unknown = int(counts.get(UNKNOWN, 0))
    shares = pd.DataFrame([{"of": of, **bound_share(n, int(known.sum()), unknown)}
                           for of, n in zip(SHARE_OF, (outside, abroad), strict=True)])  # fmt: skip
    reasons = found[["missing_ref", "person_id", "area", "reported_on"]].assign(
        is_child=found["is_child"].map({True: "Y", False: "N"})
    )
    reasons = reasons.sort_values(["reported_on", "missing_ref"], kind="stable", ignore_index=True)
    return Found(table.reset_index(drop=True)[list(FOUND_COLUMNS)], reasons, shares, len(rows) - len(found), areas)
