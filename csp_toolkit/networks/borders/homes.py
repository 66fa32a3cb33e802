"""Where somebody lived on the day of an event, from what was said of it and when: never from where they live now.

Each source says an area as at a day: what somebody gave at an arrest or to the railway's police, the register on the
day a record was last updated, a prison at a release, a tenancy from its first day to its last. Of these the one nearest
before the event counts. Where nothing was said near enough, or two things were said on one day, the home is not known.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.networks.borders.areas import UNKNOWN, Areas
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.tables.view import View

SAYING_COLUMNS = ("person_id", "said_on", "until", "area", "source", "source_ref")
HOME_COLUMNS = ("home", "home_source", "home_said_on")
NOBODY_SAID, CONTRADICTED = "nothing said near the day", "two areas said on one day"


@dataclass(frozen=True, eq=False)
class Homes:
    """What was said of where people live, and when.

    Attributes
    ----------
    table : one row a saying (`SAYING_COLUMNS`), in order of person, day, source and reference. `until` is the last day
        of a tenancy, missing for anything else. Sayings of "not known" are not sayings.
    unread : names of areas that stand for none of `areas`: how many sayings each lost.
    """

    table: pd.DataFrame
    areas: Areas
    policy: BorderPolicy
    unread: pd.Series

    def find(self, people: pd.Series, days: pd.Series) -> pd.DataFrame:
        """Return the home of each person on each day (`HOME_COLUMNS`), in the order and with the index given.

        What was said of an area that had become another by the day is that other: nobody moved when councils merged.
        """
        asked = pd.DataFrame({"person_id": people.to_numpy(), "day": pd.to_datetime(days.to_numpy())}).astype(
            {"person_id": "str", "day": "datetime64[us]"}
        )
        asked["n"] = np.arange(len(asked))
        pairs = asked.dropna(subset=["person_id", "day"]).merge(self.table, on="person_id", how="inner")
        before = (pairs["day"] - pairs["said_on"]).dt.days
        is_tenancy = pairs["until"].notna()
        near = (
            (before >= 0) & ((before <= self.policy.home_days_before) | is_tenancy) & ~(pairs["until"] < pairs["day"])
        )
        after = (before < 0) & (before >= -self.policy.home_days_after)
        pairs = pairs.assign(before=before, is_after=after)[near | after]
        # The nearest before the day, and only where there is none the nearest after it.
        pairs["distance"] = pairs["before"].abs()
        pairs = pairs.sort_values(["n", "is_after", "distance", "source", "source_ref"], kind="stable")
        first = pairs.drop_duplicates("n")[["n", "said_on"]]
        chosen = pairs.merge(first, on=["n", "said_on"], how="inner")
        n_areas = chosen.groupby("n")["area"].nunique()
        one = chosen.drop_duplicates("n").set_index("n")
        one.loc[one.index.isin(n_areas.index[n_areas > 1]), ["area", "source"]] = [UNKNOWN, CONTRADICTED]
        found = one.reindex(asked["n"])
        ended = [area.code for area in self.areas.areas if area.became]
        for place in found.index[found["area"].isin(ended)]:  # said of an area that has since become another
            day = asked.at[place, "day"].date()
            found.at[place, "area"] = self.areas.as_on(str(found.at[place, "area"]), day)
        return pd.DataFrame(
            {
                "home": found["area"].fillna(UNKNOWN).to_numpy(),
                "home_source": found["source"].fillna(NOBODY_SAID).to_numpy(),
                "home_said_on": found["said_on"].to_numpy(),
            },
            index=people.index,
        ).astype({"home": "str", "home_source": "str"})

    def explain(self, person_id: str, day: Any) -> str:
        """Say in one sentence where somebody lived on a day, as far as was said, and by whom."""
        row = self.find(pd.Series([person_id]), pd.Series([pd.Timestamp(day)])).iloc[0]
        when = f"{pd.Timestamp(day):%-d %B %Y}" if row["home"] == UNKNOWN else f"{row['home_said_on']:%-d %B %Y}"
        if row["home"] == UNKNOWN:
            return f"Home on {when} not known: {row['home_source']}."
        return f"Home: {self.areas.name_of(row['home'])}, as said on {when} ({row['home_source']})."

    def without(self, source: str) -> "Homes":
        """Return the homes as they stand without one source."""
        return replace(self, table=self.table[self.table["source"] != source].reset_index(drop=True))


def collect_homes(view: View, areas: Areas, policy: BorderPolicy) -> Homes:
    """Collect what was said of where people live, with the day it was said."""
    said = pd.concat(
        [_registered(view), _at_arrests(view), _on_the_railway(view), _at_releases(view), _tenancies(view, policy)],
        ignore_index=True,
    ).dropna(subset=["person_id", "said_on"])
    by_code = said["area"].isin(list(areas.by_code))
    codes = areas.place(said["area"], said["said_on"]).where(~by_code, said["area"])
    unread = said.loc[said["area"].isin(areas.list_unread(said.loc[~by_code, "area"])), "area"].value_counts()
    postcode = said.pop("postcode").fillna("").str.split().str[0]
    by_postcode = postcode.map(areas.postcodes).where(codes == UNKNOWN)
    table = said.assign(area=by_postcode.fillna(codes).astype("str"))
    table = table[table["area"] != UNKNOWN][list(SAYING_COLUMNS)]
    order = ["person_id", "said_on", "source", "source_ref"]
    table = table.sort_values(order, kind="stable").drop_duplicates(["person_id", "said_on", "source", "area"])
    return Homes(table.reset_index(drop=True), areas, policy, unread.sort_index())


def _sayings(frame: pd.DataFrame, source: str, **columns: Any) -> pd.DataFrame:
    plain: dict[str, Any] = {"until": pd.NaT, "postcode": None, "source": source}
    table = pd.DataFrame({"person_id": frame["person_id"]}).assign(**(plain | columns))
    table["said_on"] = pd.to_datetime(table["said_on"]).dt.normalize()
    types = {"said_on": "datetime64[us]", "until": "datetime64[us]", "area": "str", "postcode": "str",
             "source_ref": "str", "person_id": "str"}  # fmt: skip
    return table.astype(types)[[*SAYING_COLUMNS, "postcode"]]


def _registered(view: View) -> pd.DataFrame:
    rows = view["person_records"]
    rows = rows[rows["updated_on"].notna() & rows["merged_into"].isna()]
    return _sayings(
        rows, "police register", said_on=rows["updated_on"], area=rows["home_area"], postcode=rows["postcode"],
        source_ref=rows["source_ref"],
    )  # fmt: skip


def _at_arrests(view: View) -> pd.DataFrame:
    rows = view["custody"]
    return _sayings(
        rows, "given at an arrest", said_on=rows["arrived_at"], area=rows["home_area"], source_ref=rows["custody_ref"]
    )


def _on_the_railway(view: View) -> pd.DataFrame:
    days = pd.concat([view[t][["rail_ref", "happened_at"]] for t in ("rail_incidents", "rail_welfare")])
    rows = view["person_records"].merge(days, left_on="source_ref", right_on="rail_ref", how="inner")
    return _sayings(
        rows, "given on the railway", said_on=rows["happened_at"], area=rows["home_area"], source_ref=rows["rail_ref"]
    )


def _at_releases(view: View) -> pd.DataFrame:
    rows = view["prison_stays"].dropna(subset=["released_on"])
    rows = rows[rows["released_on"] <= pd.Timestamp(view.as_of)]
    return _sayings(
        rows, "at a release from prison", said_on=rows["released_on"], area=rows["release_area"],
        source_ref=rows["source_ref"],
    )  # fmt: skip


def _tenancies(view: View, policy: BorderPolicy) -> pd.DataFrame:
    rows = view["person_records"]
    rows = rows[rows["address_from_on"].notna()]
    if policy.tenancy_area is None:
        rows = rows.iloc[:0]
    return _sayings(
        rows, "council tenancy", said_on=rows["address_from_on"], area=policy.tenancy_area,
        until=rows["address_to_on"].fillna(pd.Timestamp(view.as_of)), source_ref=rows["source_ref"],
    )  # fmt: skip
