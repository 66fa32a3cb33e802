"""Home area against where people were recorded: who comes in, who goes out, and how many cannot be placed (XB1-XB3).

A person counts once for each home they had on the days they were recorded in an area, so a mover can stand in two
rows. What is not known is a row and a column like any other, and stands beside every share: with it go the least and
the most that the share could be, whatever the unknown homes turn out to be.
"""

from dataclasses import dataclass

import pandas as pd

from csp_toolkit.errors import TableError
from csp_toolkit.networks.borders.activity import Activity
from csp_toolkit.networks.borders.areas import NO_FIXED_ABODE, UNKNOWN, Areas
from csp_toolkit.networks.borders.small_counts import bound_share, say_share

FLOW_COLUMNS = ("home", "area", "n_people", "n_events", "newest_on")
SHARE_COLUMNS = ("of", "n_part", "n_known", "share", "share_low", "share_high", "n_nfa", "n_unknown", "n_all",
                 "share_unknown", "share_least", "share_most")  # fmt: skip
MONTH_COLUMNS = ("month_on", "is_whole", *SHARE_COLUMNS[1:])


@dataclass(frozen=True, eq=False)
class Flows:
    """How many people of which home were recorded where.

    Attributes
    ----------
    table : one row a home and area with anybody in it (`FLOW_COLUMNS`), by code; the areas are as recorded.
    reasons : person_id, home, area: the people behind each count; their number by home and area is `n_people`.
    inflow, outflow : one share each (`SHARE_COLUMNS`) for the home district. `share` is of those whose home (in) or
        area (out) is known, with its 95 % interval; `share_least` and `share_most` take every unknown one for one of
        here, or for one from elsewhere. Those of no fixed abode stand apart and are in neither part of a share.
    months : the in-flow by calendar month (`MONTH_COLUMNS`); `is_whole` is N for a month the window cuts.
    n_movers : people with more than one known home in the window.
    """

    table: pd.DataFrame
    reasons: pd.DataFrame
    inflow: pd.Series
    outflow: pd.Series
    months: pd.DataFrame
    n_movers: int
    areas: Areas
    since: pd.Timestamp
    until: pd.Timestamp

    @property
    def matrix(self) -> pd.DataFrame:
        """The counts of people as homes (rows) by areas (columns), zeros filled in, by code."""
        wide = self.table.pivot(index="home", columns="area", values="n_people")
        return wide.fillna(0).astype("int64").sort_index().sort_index(axis="columns")

    def explain(self, home: str, area: str) -> str:
        """Say in one sentence how many people of one home were recorded in an area, and when last."""
        row = self.table[(self.table["home"] == home) & (self.table["area"] == area)]
        if row.empty:
            return f"Nobody with home {self.areas.name_of(home)} was recorded in {self.areas.name_of(area)}."
        one = row.iloc[0]
        return (
            f"{one['n_people']} with home {self.areas.name_of(home)} as at the day recorded in "
            f"{self.areas.name_of(area)}, in {one['n_events']} events, the newest on {one['newest_on']:%-d %B %Y}."
        )


def count_flows(activity: Activity) -> Flows:
    """Count who was recorded where by home as at the day, with in- and out-flow of the home district."""
    events, areas = activity.table, activity.areas
    cells = events.groupby(["home", "area"], sort=True)
    table = cells.agg(n_people=("person_id", "nunique"), n_events=("event_ref", "nunique"), newest_on=("on", "max"))
    reasons = events[["person_id", "home", "area"]].drop_duplicates()
    reasons = reasons.sort_values(["home", "area", "person_id"], kind="stable", ignore_index=True)
    known = events.loc[events["home"] != UNKNOWN, ["person_id", "home"]].drop_duplicates()
    return Flows(
        table=table.reset_index().reindex(columns=list(FLOW_COLUMNS)),
        reasons=reasons,
        inflow=measure_inflow(events, areas.here),
        outflow=measure_outflow(events, areas.here),
        months=_by_month(activity),
        n_movers=int((known["person_id"].value_counts() > 1).sum()),
        areas=areas, since=activity.since, until=activity.until,
    )  # fmt: skip


def measure_inflow(events: pd.DataFrame, here: str) -> pd.Series:
    """Measure the share of the people recorded here whose known home is elsewhere (XB2)."""
    there = events[events["area"] == here]
    return _share("home", there, elsewhere=~there["home"].isin([here, UNKNOWN, NO_FIXED_ABODE]), is_here="home",
                  here=here)  # fmt: skip


def measure_outflow(events: pd.DataFrame, here: str) -> pd.Series:
    """Measure the share of the people with home here who were recorded elsewhere (XB3)."""
    ours = events[events["home"] == here]
    return _share("area", ours, elsewhere=~ours["area"].isin([here, UNKNOWN]), is_here="area", here=here)


def _share(of: str, events: pd.DataFrame, *, elsewhere: pd.Series, is_here: str, here: str) -> pd.Series:
    """Part people into elsewhere at least once, here only, of no fixed abode only, and not known at all."""
    part = set(events.loc[elsewhere, "person_id"])
    known = part | set(events.loc[events[is_here] == here, "person_id"])
    nfa = set(events.loc[events[of] == NO_FIXED_ABODE, "person_id"]) - known
    everyone = set(events["person_id"])
    unknown = everyone - known - nfa
    return pd.Series(bound_share(len(part), len(known), len(unknown)) | {"of": of, "n_nfa": len(nfa),
                     "n_all": len(everyone)}).reindex(list(SHARE_COLUMNS))  # fmt: skip


def _by_month(activity: Activity) -> pd.DataFrame:
    months = activity.table["on"].dt.to_period("M")
    rows = []
    for month in pd.period_range(activity.since, activity.until, freq="M"):
        is_whole = activity.since <= month.start_time and month.end_time.normalize() <= activity.until
        share = measure_inflow(activity.table[months == month], activity.areas.here)
        rows.append({"month_on": month.start_time, "is_whole": "Y" if is_whole else "N", **share.drop("of")})
    return pd.DataFrame(rows, columns=list(MONTH_COLUMNS))


def compare_flows(before: Flows, after: Flows, *, is_bridged: bool = False) -> pd.DataFrame:
    """Put two periods' flows side by side: home, area, n_before, n_after.

    Parameters
    ----------
    is_bridged : map areas that have ended to what they became, by params/areas, and count their people anew; without
        it a comparison over a change of areas is refused.

    Raises
    ------
    TableError
        If areas changed between the two and the comparison is not bridged, or cannot be.
    """
    day = after.until.date()
    changed = _list_changed(before, after)
    if changed and not is_bridged:
        raise TableError(
            f"{len(changed)} areas changed between the two periods ({', '.join(changed)}). Compare with "
            "is_bridged=True to add earlier areas up to what they became, or compare days on one side of the change."
        )
    counted = []
    for flows in (before, after):
        people = flows.reasons
        if changed:
            codes = after.areas.bridge({*people["home"], *people["area"]}, day)
            people = people.assign(home=people["home"].map(codes), area=people["area"].map(codes)).drop_duplicates()
        counted.append(people.groupby(["home", "area"])["person_id"].nunique())
    table = pd.concat(counted, axis="columns", keys=["n_before", "n_after"]).fillna(0).astype("int64")
    return table.sort_index().reset_index()


def _list_changed(before: Flows, after: Flows) -> list[str]:
    """List the codes of either period that are areas on the last day of one of them and not of the other."""
    days = (before.until.date(), after.until.date())
    codes = {*before.reasons["home"], *before.reasons["area"], *after.reasons["home"], *after.reasons["area"]}
    listed = [after.areas.by_code[code] for code in sorted(codes) if code in after.areas.by_code]
    return [area.code for area in listed if len({area.holds_on(day) for day in days}) > 1 or not area.holds_on(days[1])]


def say_inflow(flows: Flows, least: int) -> str:
    """Say the in-flow share in one sentence, with what is not known and how far that could move it."""
    name = flows.areas.name_of(flows.areas.here)
    lead = f"Of those recorded in {name} whose home on the day is known, "
    return lead + say_share(flows.inflow, "lived elsewhere", least)


def say_outflow(flows: Flows, least: int) -> str:
    """Say the out-flow share in one sentence, with what is not known and how far that could move it."""
    name = flows.areas.name_of(flows.areas.here)
    lead = f"Of those who lived in {name} and were recorded at a known place, "
    return lead + say_share(flows.outflow, "were recorded elsewhere", least)
