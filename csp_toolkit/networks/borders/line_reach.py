"""Drug lines by brand: where each runs from and into, how far it reaches, how long it has been silent (XB6).

A line is a brand; its numbers come and go and the group that controls it is a third thing. A line that somebody
recorded as running from an area is not proof that its people live there, so the homes of its people stand beside it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.networks.borders.areas import SPECIAL, UNKNOWN, Areas
from csp_toolkit.networks.borders.homes import Homes
from csp_toolkit.networks.evidence.sources import people_kept_out
from csp_toolkit.tables.view import View

REACH_COLUMNS = (
    "line_ref", "brand", "status", "controlling_group", "home", "direction", "n_districts", "n_hosts", "first_seen_on",
    "last_active_on", "closed_on", "days_silent", "is_silent", "n_numbers", "n_numbers_live", "n_people",
    "n_home_known", "origin_concentration",
)  # fmt: skip
AREA_COLUMNS = ("line_ref", "area", "part")  # part is home or host
SPAN_COLUMNS = ("line_ref", "lane", "kind", "from_on", "to_on", "is_open", "words")
INTO, OUT_OF, WITHIN, ELSEWHERE, NOT_PLACED = (
    "into here", "out of here", "within here", "between other areas", "origin not known",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Reach:
    """How far each line reaches.

    Attributes
    ----------
    table : one row a line (`REACH_COLUMNS`). `n_districts` counts distinct known areas it runs from and into;
        `days_silent` since it was last active; `is_silent` is Y for one not closed and silent for longer than the
        policy's days. `origin_concentration` is the sum of squared shares of the known homes of its people, 1 where
        all come from one area; missing where none is known.
    areas_of : line_ref, area, part: what the reach counts; distinct known areas by line are `n_districts`.
    spans : what a timeline of a line shows (`SPAN_COLUMNS`): the brand, its numbers by their last three digits.
    origin_concentration : the same over the lines that run into here and are not closed, by their area of origin;
        missing where none is known. `n_origin_unknown` of them are not in it.
    """

    table: pd.DataFrame
    areas_of: pd.DataFrame
    spans: pd.DataFrame
    origin_concentration: float
    n_origin_unknown: int
    areas: Areas

    def explain(self, line_ref: str) -> str:
        """Say in one sentence where a line runs, and since when it is silent."""
        one = self.table[self.table["line_ref"] == line_ref].iloc[0]
        hosts = self.areas_of[(self.areas_of["line_ref"] == line_ref) & (self.areas_of["part"] == "host")]["area"]
        into = ", ".join(self.areas.name_of(code) for code in hosts) or "no area recorded"
        days = "" if pd.isna(one["days_silent"]) else f", last active {int(one['days_silent'])} days before"
        return f"{one['brand']}: from {self.areas.name_of(one['home'])} into {into}; {one['status'].lower()}{days}."


def trace_lines(view: View, homes: Homes) -> Reach:
    """Trace each line's reach from the register of lines, its numbers and its people."""
    areas, policy, today = homes.areas, homes.policy, pd.Timestamp(view.as_of)
    lines = view["lines"].sort_values("line_ref", kind="stable", ignore_index=True)
    lines = lines[~(lines["first_seen_on"] > today)].reset_index(drop=True)
    spoken_on = lines["last_active_on"].fillna(lines["first_seen_on"]).fillna(today)
    home = areas.place(lines["home_area"], spoken_on)
    areas_of = _list_areas(lines, home, spoken_on, areas)
    known = areas_of[~areas_of["area"].isin(list(SPECIAL))]
    hosts = {ref: set(g["area"]) for ref, g in known[known["part"] == "host"].groupby("line_ref")}
    silent = (today - lines["last_active_on"]).dt.days.astype("Int64")
    numbers = view["line_phones"].drop_duplicates("phone_ref")
    live = numbers[numbers["to_on"].isna() | (numbers["to_on"] >= today)]
    people = list_line_homes(view, homes)
    placed = people[~people["home"].isin([UNKNOWN])]
    table = pd.DataFrame({
        "line_ref": lines["line_ref"], "brand": lines["brand"], "status": lines["status"].fillna("not known"),
        "controlling_group": lines["controlling_group"], "home": home,
        "direction": [_direct(h, hosts.get(ref, set()), areas.here)
                      for h, ref in zip(home, lines["line_ref"], strict=True)],
        "n_districts": _count(lines, known.drop_duplicates(["line_ref", "area"])),
        "n_hosts": _count(lines, known[known["part"] == "host"]),
        "first_seen_on": lines["first_seen_on"], "last_active_on": lines["last_active_on"],
        "closed_on": lines["closed_on"], "days_silent": silent,
        "is_silent": ((silent > policy.silent_after_days) & lines["status"].ne("CLOSED")).fillna(False)
        .map({True: "Y", False: "N"}),
        "n_numbers": _count(lines, numbers), "n_numbers_live": _count(lines, live),
        "n_people": _count(lines, people), "n_home_known": _count(lines, placed),
        "origin_concentration": [concentrate(placed.loc[placed["line_ref"] == ref, "home"])
                                 for ref in lines["line_ref"]],
    })[list(REACH_COLUMNS)]  # fmt: skip
    runs_here = table["line_ref"].map(lambda ref: areas.here in hosts.get(ref, set())).astype(bool)
    inward = table[runs_here & table["status"].ne("CLOSED")]
    from_known = inward.loc[~inward["home"].isin([UNKNOWN]), "home"]
    return Reach(
        table, areas_of, _list_spans(lines, numbers, today), concentrate(from_known),
        int((inward["home"] == UNKNOWN).sum()), areas,
    )  # fmt: skip


def concentrate(origins: pd.Series) -> float:
    """Return the sum of squared shares of each origin (Herfindahl): 1 where all are one, missing for none."""
    shares = origins.value_counts() / max(len(origins), 1)
    return float((shares**2).sum()) if len(origins) else np.nan


def list_line_homes(view: View, homes: Homes) -> pd.DataFrame:
    """List who is linked to a line in a suspect's role, with their home as at the day the link began, once each.

    A user is a customer and a householder whose home was taken over is a victim: neither says where a line comes from.
    """
    links = view["line_people"]
    links = links[links["role"].ne("USER") & ~links["person_id"].isin(people_kept_out(view))]
    links = links.dropna(subset=["person_id"]).sort_values(["line_ref", "person_id", "from_on"], kind="stable")
    links = links.drop_duplicates(["line_ref", "person_id"]).reset_index(drop=True)
    return pd.concat([links[["line_ref", "person_id"]], homes.find(links["person_id"], links["from_on"])], axis=1)


def _list_areas(lines: pd.DataFrame, home: pd.Series, spoken_on: pd.Series, areas: Areas) -> pd.DataFrame:
    hosts = lines.assign(area=lines["host_areas"].fillna("").str.split(";"), on=spoken_on).explode("area")
    hosts = hosts[hosts["area"].str.strip().ne("")]
    hosts = hosts.assign(area=areas.place(hosts["area"].str.strip(), hosts["on"]), part="host")
    both = pd.concat([pd.DataFrame({"line_ref": lines["line_ref"], "area": home, "part": "home"}), hosts])
    both = both[list(AREA_COLUMNS)].drop_duplicates().sort_values(list(AREA_COLUMNS), kind="stable")
    return both.reset_index(drop=True).astype("str")


def _direct(home: str, hosts: set[str], here: str) -> str:
    if home == UNKNOWN:
        return NOT_PLACED
    if home == here:
        return OUT_OF if hosts - {here} else WITHIN
    return INTO if here in hosts else ELSEWHERE


def _count(lines: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    return lines["line_ref"].map(rows["line_ref"].value_counts()).fillna(0).astype("int64")


def _list_spans(lines: pd.DataFrame, numbers: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    brands = pd.DataFrame({
        "line_ref": lines["line_ref"], "lane": "the line", "kind": "line", "from_on": lines["first_seen_on"],
        "to_on": lines["closed_on"].fillna(lines["last_active_on"]), "words": lines["brand"],
        "is_open": lines["status"].eq("ACTIVE").map({True: "Y", False: "N"}),
    })  # fmt: skip
    numbers = numbers.sort_values(["line_ref", "from_on", "phone_ref"], kind="stable")
    ends = "number …" + numbers["number"].fillna("").str[-3:].where(numbers["number"].notna(), " not known")
    used = pd.DataFrame({
        "line_ref": numbers["line_ref"], "lane": "numbers", "kind": "number", "from_on": numbers["from_on"],
        "to_on": numbers["to_on"].fillna(today), "words": ends,
        "is_open": numbers["to_on"].isna().map({True: "Y", False: "N"}),
    })  # fmt: skip
    spans = pd.concat([brands, used], ignore_index=True).dropna(subset=["from_on"])
    order = ["line_ref", "kind", "from_on", "words"]
    return spans.sort_values(order, kind="stable", ignore_index=True)[list(SPAN_COLUMNS)]
