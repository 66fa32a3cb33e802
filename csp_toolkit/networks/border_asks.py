"""What to ask each neighbour: one plain question first, by how much an answer would make known, never about guilt.

A question is about what is not known here: whether a handover arrived, whether somebody still lives there, where
children were staying, whether a line is known under another name. It asks nobody to suspect anybody.
"""

from typing import TYPE_CHECKING

import pandas as pd

from csp_toolkit.networks.areas import SPECIAL, Areas
from csp_toolkit.networks.handovers import NO, NOT_KNOWN, Handovers

if TYPE_CHECKING:
    from csp_toolkit.networks.activity import Activity
    from csp_toolkit.networks.found_elsewhere import Found
    from csp_toolkit.networks.homes import Homes
    from csp_toolkit.networks.line_reach import Reach
    from csp_toolkit.networks.rebrands import Rebrands

ASK_COLUMNS = ("area", "place", "is_first", "kind", "n_unknown", "n_unknown_in_all", "ask", "question")
# Of two questions about as many unknown things, the one that comes first here is asked first.
KINDS = ("no handover on record", "handover not acknowledged", "children found there", "line under a new name",
         "line", "home not heard of lately")  # fmt: skip


def list_asks(
    homes: "Homes", activity: "Activity", handovers: Handovers, found: "Found", reach: "Reach", rebrands: "Rebrands"
) -> pd.DataFrame:
    """List what to ask each area, the area with most unknown first, and in each the question that settles most.

    Returns
    -------
    `ASK_COLUMNS`: `place` numbers the areas, `is_first` is Y for the one question to ask if there is only one,
    `n_unknown` is how many people, episodes or lines an answer would settle; they add up to `n_unknown_in_all`.
    """
    areas = homes.areas
    asks = [
        *_about_wanting(handovers), *_about_answers(handovers), *_about_children(found), *_about_names(reach, rebrands),
        *_about_lines(reach, rebrands), *_about_homes(homes, activity),
    ]  # fmt: skip
    table = pd.DataFrame(asks, columns=["area", "kind", "n_unknown", "question"])
    table = table[~table["area"].isin([areas.here, *SPECIAL])]
    table = table.assign(
        n_unknown_in_all=table.groupby("area")["n_unknown"].transform("sum"), order=table["kind"].map(KINDS.index)
    )
    table = table.sort_values(["n_unknown_in_all", "area", "n_unknown", "order", "question"],
                              ascending=[False, True, False, True, True], kind="stable")  # fmt: skip
    order = list(dict.fromkeys(table["area"]))
    first = ~table.duplicated("area")
    table = table.assign(
        place=table["area"].map({area: n for n, area in enumerate(order, start=1)}).astype("int64"),
        is_first=first.map({True: "Y", False: "N"}).astype("str"),
        ask=table["area"].map(lambda code: f"Ask {name_whom(areas, code)}").astype("str"),
    )
    return table[list(ASK_COLUMNS)].reset_index(drop=True)


def name_whom(areas: Areas, code: str) -> str:
    """Name an area with whoever answers for it: its force where that is another, else its council."""
    name = areas.name_of(code)
    who = areas.force_of(code) if areas.is_abroad(code) else areas.by_code[code].council
    return name if not who or who.startswith(name) else f"{name} ({who})"


def _about_wanting(handovers: Handovers) -> list[tuple[str, str, int, str]]:
    rows = []
    for area, group in handovers.wanting.groupby("area", sort=True):
        n = group["person_id"].nunique()
        who = "a person whose home is with you was" if n == 1 else f"{n} people whose homes are with you were"
        rows.append((str(area), KINDS[0], n, f"Were you told that {who} arrested or released here? "
                     "No handover is on record."))  # fmt: skip
    return rows


def _about_answers(handovers: Handovers) -> list[tuple[str, str, int, str]]:
    open_ones = handovers.table[handovers.table["acknowledged"].isin([NO, NOT_KNOWN])]
    rows = []
    for area, group in open_ones.groupby("area", sort=True):
        n = len(group)
        sent = "the handover we sent" if n == 1 else f"the {n} handovers we sent"
        rows.append((str(area), KINDS[1], n, f"Did {sent} reach you, and who has taken it up?"))
    return rows


def _about_children(found: "Found") -> list[tuple[str, str, int, str]]:
    rows = []
    for area, n in found.table.loc[found.table["n_no_interview"] > 0, ["area", "n_no_interview"]].itertuples(index=False):
        of = "a child was" if n == 1 else "children were"
        times = "once" if n == 1 else f"{n} times"
        rows.append((str(area), KINDS[2], int(n), f"Where had they been staying when {of} found in your area ({times}, "
                     "no return interview on record), and was anybody else there at risk?"))  # fmt: skip
    return rows


def _about_names(reach: "Reach", rebrands: "Rebrands") -> list[tuple[str, str, int, str]]:
    rows = []
    for one in rebrands.table.itertuples(index=False):
        both = reach.areas_of[reach.areas_of["line_ref"].isin([one.old_line, one.new_line])]
        for area in sorted(set(both["area"])):
            rows.append((area, KINDS[3], 1, f"Do your numbers and your people say that {one.new_brand} is the line you "
                         f"knew as {one.old_brand}?"))  # fmt: skip
    return rows


def _about_lines(reach: "Reach", rebrands: "Rebrands") -> list[tuple[str, str, int, str]]:
    known = {*rebrands.table["old_line"], *rebrands.table["new_line"]}
    open_lines = reach.table[(reach.table["status"] != "CLOSED") & ~reach.table["line_ref"].isin(list(known))]
    open_lines = open_lines[open_lines["controlling_group"].isna() | open_lines["is_silent"].eq("Y")]
    rows = []
    for area, group in reach.areas_of.merge(open_lines, on="line_ref").groupby("area", sort=True):
        brands = sorted(group["brand"].dropna().unique())
        if brands:
            named = ", ".join(brands[:-1]) + (" and " if len(brands) > 1 else "") + brands[-1]
            rows.append((str(area), KINDS[4], len(brands), f"What do you know of the {_lines(brands)} {named}: is it "
                         "active with you, and under which numbers?" if len(brands) == 1 else
                         f"What do you know of the {_lines(brands)} {named}: which are active with you, and under "
                         "which numbers?"))  # fmt: skip
    return rows


def _lines(brands: list[str]) -> str:
    return "line" if len(brands) == 1 else "lines"


def _about_homes(homes: "Homes", activity: "Activity") -> list[tuple[str, str, int, str]]:
    said = homes.table[homes.table["person_id"].isin(activity.table["person_id"].unique())]
    newest = said.sort_values(["person_id", "said_on", "source"], kind="stable").drop_duplicates("person_id", keep="last")
    today = activity.until
    is_stale = (today - newest["said_on"]).dt.days > homes.policy.home_stale_days
    stale = newest[is_stale & newest["until"].isna()]
    rows = []
    for area, n in stale["area"].value_counts().sort_index().items():
        who = "a person" if n == 1 else f"{n} people"
        do = "Does" if n == 1 else "Do"
        live = "live" if n > 1 else "live"
        rows.append((str(area), KINDS[5], int(n), f"{do} {who} whom our records place with you still {live} there? Nothing "
                     f"newer than {homes.policy.home_stale_days} days says so."))  # fmt: skip
    return rows
