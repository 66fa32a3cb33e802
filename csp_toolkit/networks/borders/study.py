"""Everything that crosses the borders of the district, studied from one view: flows, ties, lines, journeys, handovers.

    borders = study_borders(view, ties, areas=areas, policy=policy, seed=seed)

Each measure has its table, its sentence, and how much of it is not known; where too little is, it says "not assessed".
Nothing here says who will do anything, and nothing of it enters a score.
"""

from dataclasses import dataclass
from html import escape

import pandas as pd

from csp_toolkit.networks.borders.activity import Activity, list_activity
from csp_toolkit.networks.borders.areas import SPECIAL, Areas
from csp_toolkit.networks.borders.asks import list_asks
from csp_toolkit.networks.borders.co_arrests import list_co_arrests
from csp_toolkit.networks.borders.district_links import link_districts
from csp_toolkit.networks.borders.flows import Flows, count_flows
from csp_toolkit.networks.borders.found_elsewhere import Found, find_elsewhere
from csp_toolkit.networks.borders.gravity import Gravity, fit_gravity
from csp_toolkit.networks.borders.handovers import Handovers, follow_handovers
from csp_toolkit.networks.borders.homes import Homes, collect_homes
from csp_toolkit.networks.borders.journeys import list_journeys, measure_journeys
from csp_toolkit.networks.borders.line_reach import Reach, trace_lines
from csp_toolkit.networks.borders.mixing import follow_mixing, home_of, list_ties_between, measure_whole
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.networks.borders.rebrands import Rebrands, suggest_rebrands
from csp_toolkit.networks.borders.words import say_borders
from csp_toolkit.networks.evidence.weighing import KINDS
from csp_toolkit.networks.ties import Ties, keep_kinds
from csp_toolkit.tables.view import View

AREA_NAMES = (
    ("crimes", "area"), ("custody", "home_area"), ("person_records", "home_area"), ("prison_stays", "release_area"),
    ("missing_episodes", "found_area"), ("lines", "home_area"),
)  # fmt: skip
# Ties that rest on one home say nothing of whether ties cross a border; the layers apart are no ties at all.
ACROSS = tuple(kind for kind in KINDS if kind not in ("shared address", "missing together", "shared group", "family"))
NEW_COLUMNS = ("home", "area", "n_people", "first_on")


@dataclass(frozen=True, eq=False)
class Borders:
    """What crosses the borders of the home district, by measure (XB1 to XB11 in docs/methods/borders.md).

    Attributes
    ----------
    table : one row a measure: id, measure, n, n_unknown, unknown_is, sentence, state ("assessed" or "not assessed").
    flows : XB1 to XB3. links, link_reasons : XB4. mixing, mixing_by_slice : XB5. reach : XB6. gravity : XB7.
    journeys, legs : XB8. found : XB9. handovers : XB10. co_arrests : XB11, with how many pairs had no known home.
    rebrands : lines that may be one under two names. asks : what to ask each neighbour.
    unread : names that stand for no area in `params/areas`, with how many records carry each: counted as not known.
    new_links : home and area pairs with anybody in them since the meeting before, and nobody earlier in the window.
    """

    table: pd.DataFrame
    homes: Homes
    activity: Activity
    flows: Flows
    links: pd.DataFrame
    link_reasons: pd.DataFrame
    mixing: pd.Series
    mixing_by_slice: pd.DataFrame
    reach: Reach
    rebrands: Rebrands
    gravity: Gravity
    journeys: pd.DataFrame
    legs: pd.DataFrame
    found: Found
    handovers: Handovers
    co_arrests: pd.DataFrame
    n_pairs_not_placed: int
    asks: pd.DataFrame
    new_links: pd.DataFrame
    unread: pd.Series
    areas: Areas
    policy: BorderPolicy

    def explain(self, area: str) -> str:
        """Say in a few sentences what crosses to and from one area, by its code."""
        first = self.asks[(self.asks["area"] == area) & (self.asks["is_first"] == "Y")]
        asked = f" {first.iloc[0]['ask']}: {first.iloc[0]['question']}" if len(first) else ""
        here = self.areas.here
        return f"{self.flows.explain(area, here)} {self.flows.explain(here, area)}{asked}"

    def __repr__(self) -> str:
        return f"Borders(people={self.activity.n_people}, areas={self.flows.table['area'].nunique()})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{escape(one.id)}</th><td>{escape(one.sentence)}</td></tr>"
            for one in self.table.itertuples(index=False)
        )
        caption = (
            f"{escape(self.areas.name_of(self.areas.here))}, {self.activity.since:%-d %b %Y} to "
            f"{self.activity.until:%-d %b %Y}, by {escape(self.policy.name)} version {escape(self.policy.version)}."
        )
        return f"<table><caption>{caption}</caption><tbody>{rows}</tbody></table>"


def study_borders(
    view: View, ties: Ties, *, areas: Areas, policy: BorderPolicy, seed: int, since: pd.Timestamp | None = None
) -> Borders:
    """Study everything that crosses the borders of the home district in the policy's window before the view's date.

    Parameters
    ----------
    ties : what `collect_ties` returned for the same view; those that rest on one address are left out.
    areas, policy : who borders whom, and how links are counted.
    seed : of the permutation, the one thing here that rests on chance.
    since : the day of the meeting before, from which a link counts as new; none is where there was none.
    """
    homes, ties = collect_homes(view, areas, policy), keep_kinds(ties, *ACROSS)
    activity = list_activity(view, homes)
    flows, reach = count_flows(activity), trace_lines(view, homes)
    pairs = list_ties_between(ties, policy, activity.since, activity.until)
    links, link_reasons = link_districts(activity, reach.areas_of, pairs, home_of(pairs, homes, activity.until))
    rebrands, found = suggest_rebrands(view, reach, policy), find_elsewhere(view, activity)
    handovers = follow_handovers(view, homes, activity)
    co_arrests, n_not_placed = list_co_arrests(activity, ties.kept_out, largest=ties.policy.largest_event_people)
    parts = {
        "flows": flows, "links": links, "mixing": measure_whole(ties, homes, policy, seed=seed), "reach": reach,
        "gravity": fit_gravity(flows, areas, policy), "journeys": measure_journeys(activity), "found": found,
        "handovers": handovers, "co_arrests": co_arrests, "n_pairs_not_placed": n_not_placed,
    }  # fmt: skip
    return Borders(
        table=say_borders(activity, policy, **parts), homes=homes, activity=activity, link_reasons=link_reasons,
        mixing_by_slice=follow_mixing(ties, homes, policy, seed=seed), rebrands=rebrands, legs=list_journeys(activity),
        asks=list_asks(homes, activity, handovers, found, reach, rebrands),
        new_links=list_new_links(activity, since), unread=count_unread(view, areas), areas=areas, policy=policy,
        **parts,
    )  # fmt: skip


def count_unread(view: View, areas: Areas) -> pd.Series:
    """Count the records that name an area which `params/areas` does not hold, by that name."""
    hosts = view["lines"]["host_areas"].dropna().str.split(";").explode().str.strip()
    named = [view[table][column] for table, column in AREA_NAMES]
    counts = pd.concat([*named, hosts], ignore_index=True).dropna().value_counts()
    return counts[counts.index.isin(areas.list_unread(pd.Series(counts.index, dtype="str")))].sort_index()


def list_new_links(activity: Activity, since: pd.Timestamp | None) -> pd.DataFrame:
    """List the pairs of home and area across a border first seen after a day, within the window."""
    events = activity.table
    known = ~events["home"].isin(list(SPECIAL)) & ~events["area"].isin(list(SPECIAL))
    crossing = events[known & (events["home"] != events["area"])]
    first = crossing.groupby(["home", "area"], sort=True).agg(n_people=("person_id", "nunique"), first_on=("on", "min"))
    table = first.reset_index()
    table = table.iloc[:0] if since is None else table[table["first_on"] > pd.Timestamp(since)]
    return table[list(NEW_COLUMNS)].reset_index(drop=True)
