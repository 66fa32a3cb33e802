"""Who was recorded in which area on which day, with their home as it then was: the events that flows are counted from.

A crime one is suspected of stands in the area of the crime. An arrest stands in the area of the crime it was for; one
by another force without a crime here stands in the area of its station; any other arrest says where somebody was taken
and not where they were. An incident on the railway stands in the area of its station. People missing are not here: to
be found somewhere is no activity.
"""

from dataclasses import dataclass

import pandas as pd

from csp_toolkit.networks.borders.areas import UNKNOWN, Areas
from csp_toolkit.networks.borders.homes import HOME_COLUMNS, Homes
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.tables.view import View

EVENT_COLUMNS = ("event_ref", "kind", "person_id", "on", "area", *HOME_COLUMNS, "shared_ref")


@dataclass(frozen=True, eq=False)
class Activity:
    """Every event of the window, one row a person and event.

    Attributes
    ----------
    table : `EVENT_COLUMNS`; `area` and `home` are codes, `UNK` where not known, `home` as at the day of the event.
        `shared_ref` names what several people were in together (a crime), missing where nothing does.
    since, until : the first and last day counted.
    """

    table: pd.DataFrame
    areas: Areas
    policy: BorderPolicy
    since: pd.Timestamp
    until: pd.Timestamp

    @property
    def n_people(self) -> int:
        """How many people the events are about."""
        return int(self.table["person_id"].nunique())

    @property
    def of_place(self) -> tuple[int, int]:
        """How many events, and of how many the area is not known."""
        return len(self.table), int((self.table["area"] == UNKNOWN).sum())

    @property
    def of_home(self) -> tuple[int, int]:
        """How many events, and of how many the home as at the day is not known."""
        return len(self.table), int((self.table["home"] == UNKNOWN).sum())

    def between(self, since: pd.Timestamp, until: pd.Timestamp) -> "Activity":
        """Return the events of part of the window, both days included."""
        kept = self.table[self.table["on"].between(since, until)].reset_index(drop=True)
        return Activity(kept, self.areas, self.policy, since, until)


def list_activity(view: View, homes: Homes, *, days: int | None = None) -> Activity:
    """List who was recorded where in the window before the view's date, with their home on the day.

    Parameters
    ----------
    days : length of the window; the policy's where not given.
    """
    policy, areas = homes.policy, homes.areas
    until = pd.Timestamp(view.as_of)
    since = until - pd.Timedelta(days=(days or policy.window_days) - 1)
    makers = {"crime": _crimes, "arrest": _arrests, "rail": _rail}
    parts = [makers[kind](view, areas, policy) for kind in policy.activity]
    events = pd.concat(parts, ignore_index=True).dropna(subset=["person_id", "on"])
    events = events[(events["on"] >= since) & (events["on"] <= until)].drop_duplicates(["event_ref", "person_id"])
    events = events.sort_values(["on", "event_ref", "person_id"], kind="stable", ignore_index=True)
    found = homes.find(events["person_id"], events["on"])
    table = pd.concat([events, found], axis="columns")[list(EVENT_COLUMNS)]
    return Activity(table, areas, policy, since, until)


def _events(frame: pd.DataFrame, kind: str, **columns: object) -> pd.DataFrame:
    table = pd.DataFrame({"person_id": frame["person_id"]}).assign(kind=kind, **columns)
    table["on"] = pd.to_datetime(table["on"]).dt.normalize()
    text = {"event_ref": "str", "person_id": "str", "area": "str", "shared_ref": "str", "kind": "str"}
    return table.astype(text | {"on": "datetime64[us]"})


def _counted_crimes(view: View, policy: BorderPolicy) -> pd.DataFrame:
    crimes = view["crimes"]
    return crimes[~crimes["court_result"].isin(policy.court_results_left_out)][["crime_ref", "from_on", "area"]]


def _crimes(view: View, areas: Areas, policy: BorderPolicy) -> pd.DataFrame:
    rows = view["crime_suspects"][["crime_ref", "person_id"]].merge(_counted_crimes(view, policy), on="crime_ref")
    return _events(
        rows, "crime", event_ref=rows["crime_ref"], on=rows["from_on"],
        area=areas.place(rows["area"], rows["from_on"]), shared_ref=rows["crime_ref"],
    )  # fmt: skip


def _arrests(view: View, areas: Areas, policy: BorderPolicy) -> pd.DataFrame:
    ended = view["crimes"].loc[view["crimes"]["court_result"].isin(policy.court_results_left_out), "crime_ref"]
    rows = view["custody"][~view["custody"]["crime_ref"].isin(ended)]
    rows = rows.merge(view["crimes"][["crime_ref", "area", "from_on"]], on="crime_ref", how="left")
    of_crime = areas.place(rows["area"], rows["arrived_at"])
    elsewhere = rows["force"].map(areas.find_force, na_action="ignore") != areas.force
    at_station = areas.place(rows["station"], rows["arrived_at"]).where(elsewhere & rows["force"].notna(), UNKNOWN)
    return _events(
        rows, "arrest", event_ref=rows["custody_ref"], on=rows["arrived_at"],
        area=of_crime.where(of_crime != UNKNOWN, at_station), shared_ref=rows["crime_ref"],
    )  # fmt: skip


def _rail(view: View, areas: Areas, policy: BorderPolicy) -> pd.DataFrame:
    rows = view["rail_incidents"]
    at = {" ".join(name.split()).upper(): code for name, code in areas.stations.items()}
    area = rows["station"].str.upper().map(at).fillna(UNKNOWN)
    return _events(rows, "rail", event_ref=rows["rail_ref"], on=rows["happened_at"], area=area, shared_ref=None)
