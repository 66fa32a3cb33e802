"""What to ask each neighbour: one plain question first, by how much an answer would make known, never about guilt.

A question is about what is not known here: whether a handover arrived, whether somebody still lives there, where
children were staying, whether a line is known under another name. It asks nobody to suspect anybody.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import pandas as pd

from csp_toolkit.display.wording import count_in_words, join_in_words
from csp_toolkit.networks.borders.areas import SPECIAL, Areas
from csp_toolkit.networks.borders.handovers import NO, NOT_KNOWN, Handovers

if TYPE_CHECKING:
    from csp_toolkit.networks.borders.activity import Activity
    from csp_toolkit.networks.borders.found_elsewhere import Found
    from csp_toolkit.networks.borders.homes import Homes
    from csp_toolkit.networks.borders.line_reach import Reach
    from csp_toolkit.networks.borders.rebrands import Rebrands

ASK_COLUMNS = ("area", "place", "is_first", "kind", "n_unknown", "n_unknown_in_all", "ask", "question",
               "question_without_counts")  # fmt: skip
# Of two questions about as many unknown things, the one that comes first here is asked first.
WANTING, ANSWER, CHILDREN, NAME, LINE, HOME = KINDS = (
    "no handover on record", "handover not acknowledged", "children found there", "line under a new name", "line",
    "home not heard of lately",
)  # fmt: skip
ABOUT_LINES = (NAME, LINE)
Say = Callable[[int | None], str]
Ask = tuple[str, str, int, Say]


def list_asks(
    homes: "Homes", activity: "Activity", handovers: Handovers, found: "Found", reach: "Reach", rebrands: "Rebrands"
) -> pd.DataFrame:
    """List what to ask each area, the area with most unknown first, and in each the question that settles most.

    Returns
    -------
    `ASK_COLUMNS`: `place` numbers the areas, `is_first` is Y for the one question to ask if there is only one,
    `n_unknown` is how many people, episodes or lines an answer would settle; they add up to `n_unknown_in_all`.
    `question_without_counts` asks the same where a small number must not travel.
    """
    areas = homes.areas
    asks = [
        *_about_wanting(handovers), *_about_answers(handovers), *_about_children(found), *_about_names(reach, rebrands),
        *_about_lines(reach, rebrands), *_about_homes(homes, activity),
    ]  # fmt: skip
    rows = [(area, kind, n, say(n), say(None)) for area, kind, n, say in asks]
    table = pd.DataFrame(rows, columns=["area", "kind", "n_unknown", "question", "question_without_counts"])
    table = table[~table["area"].isin([areas.here, *SPECIAL])]
    table = table.assign(
        n_unknown_in_all=table.groupby("area")["n_unknown"].transform("sum"), order=table["kind"].map(KINDS.index)
    )
    table = table.sort_values(["n_unknown_in_all", "area", "n_unknown", "order", "question"],
                              ascending=[False, True, False, True, True], kind="stable")  # fmt: skip
    places = {area: n for n, area in enumerate(dict.fromkeys(table["area"]), start=1)}
    table = table.assign(
        place=table["area"].map(places).astype("int64"),
        is_first=(~table.duplicated("area")).map({True: "Y", False: "N"}).astype("str"),
        ask=table["area"].map(lambda code: f"Ask {name_whom(areas, code)}").astype("str"),
    )
    return table[list(ASK_COLUMNS)].reset_index(drop=True)


def name_whom(areas: Areas, code: str) -> str:
    """Name an area with whoever answers for it: its force where that is another, else the area alone."""
    name = areas.name_of(code)
    return f"{name} ({areas.force_of(code)})" if areas.is_abroad(code) else name


def _number(n: int | None, one: str, many: str) -> str:
    """Say how many, or with no number given that there are some."""
    if n is None:
        return f"some {many}"
    return one if n == 1 else f"{n} {many}"


def _about_wanting(handovers: Handovers) -> Iterable[Ask]:
    def say(n: int | None) -> str:
        who = _number(n, "a person whose home is with you was", "people whose homes are with you were")
        return f"Were you told that {who} arrested here or released to you? No handover is on record."

    for area, group in handovers.wanting.groupby("area", sort=True):
        yield str(area), WANTING, int(group["person_id"].nunique()), say


def _about_answers(handovers: Handovers) -> Iterable[Ask]:
    def say(n: int | None) -> str:
        sent = "the handover" if n == 1 else ("the handovers" if n is None else f"the {n} handovers")
        return f"Did {sent} we sent reach you, and who has taken {'it' if n == 1 else 'them'} up?"

    for area, group in handovers.table[handovers.table["acknowledged"].isin([NO, NOT_KNOWN])].groupby("area"):
        yield str(area), ANSWER, len(group), say


def _about_children(found: "Found") -> Iterable[Ask]:
    def say(n: int | None) -> str:
        lead = "A child missing from here was" if n == 1 else "Children missing from here were"
        times = "" if n is None else {1: " once", 2: " twice"}.get(n, f" {count_in_words(n, 'time')}")
        return (
            f"{lead} found in your area{times}, with no return interview on record: where had they been staying, and "
            "was anybody else there at risk?"
        )

    for area, n in found.table[["area", "n_no_interview"]].itertuples(index=False):
        if n:
            yield str(area), CHILDREN, int(n), say


def _about_names(reach: "Reach", rebrands: "Rebrands") -> Iterable[Ask]:
    for old, new, was, now in rebrands.table[["old_line", "new_line", "old_brand", "new_brand"]].itertuples(
        index=False
    ):
        say = f"Is the line {now} the one you knew as {was}? Please compare your numbers for the two."
        for area in sorted(set(reach.areas_of.loc[reach.areas_of["line_ref"].isin([old, new]), "area"])):
            yield area, NAME, 1, _always(say)


def _about_lines(reach: "Reach", rebrands: "Rebrands") -> Iterable[Ask]:
    """Ask after lines whose group is not known, or that are silent and not closed; not twice after one."""
    known = {*rebrands.table["old_line"], *rebrands.table["new_line"]}
    lines = reach.table[(reach.table["status"] != "CLOSED") & ~reach.table["line_ref"].isin(list(known))]
    lines = lines[lines["controlling_group"].isna() | lines["is_silent"].eq("Y")]
    for area, group in reach.areas_of.merge(lines, on="line_ref").groupby("area", sort=True):
        brands = sorted(group["brand"].dropna().unique())
        if brands:
            what = f"line {brands[0]}: is it" if len(brands) == 1 else f"lines {join_in_words(brands)}: which are"
            say = f"What do you know of the {what} active with you, and under which numbers?"
            yield str(area), LINE, len(brands), _always(say)


def _about_homes(homes: "Homes", activity: "Activity") -> Iterable[Ask]:
    days = homes.policy.home_stale_days

    def say(n: int | None) -> str:
        who = _number(n, "a person", "people")
        return (
            f"{'Does' if n == 1 else 'Do'} {who} whom our records place with you still live there? Nothing in the last "
            f"{days} days says so."
        )

    said = homes.table[homes.table["person_id"].isin(activity.table["person_id"].unique())]
    newest = said.sort_values(["person_id", "said_on", "source"], kind="stable").drop_duplicates(
        "person_id", keep="last"
    )
    stale = newest[((activity.until - newest["said_on"]).dt.days > days) & newest["until"].isna()]
    for area, n in stale["area"].value_counts().sort_index().items():
        yield str(area), HOME, int(n), say


def _always(question: str) -> Say:
    return lambda _: question
