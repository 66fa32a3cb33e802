"""The sentences of the cross-border papers: what it comes to, what is asked, how it was counted, what it leaves out."""

import pandas as pd

from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import count_in_words, join_in_words
from csp_toolkit.networks.borders.study import Borders
from csp_toolkit.tables.view import View


def finding(borders: Borders, measure: str) -> str:
    """Return the sentence of one measure."""
    return str(borders.table.set_index("id").at[measure, "sentence"])


def finding_lines(borders: Borders) -> str:
    """Say how lines run, and how many may be one under two names."""
    n, settled = len(borders.rebrands.table), borders.rebrands.settled
    suggested = {0: "No line is suggested to be an old one under a new name."}.get(
        n, f"{count_in_words(n, 'line', start=True)} may be an old one under a new name: a suggestion, to be settled."
    )
    said = [
        f"{one.brand_b} and {one.brand_a} were judged {'one line' if one.verdict == 'SAME' else 'two lines'} on "
        f"{show_date(one.decided_on)}."
        for one in settled.itertuples(index=False)
    ]
    return " ".join([finding(borders, "XB6"), suggested, *said])


def finding_asks(borders: Borders) -> str:
    """Say how many areas there is something to ask, and what would settle most."""
    asks = borders.asks
    if asks.empty:
        return "There is nothing to ask of any other area."
    n_areas, total = asks["area"].nunique(), int(asks["n_unknown"].sum())
    first = borders.areas.name_of(asks.iloc[0]["area"])
    return (
        f"There is something to ask of {count_in_words(n_areas, 'area')}; together the answers would settle {total:,} "
        f"open points, most of them ({int(asks.iloc[0]['n_unknown_in_all'])}) with {first}."
    )


def finding_people(crossing: pd.DataFrame) -> str:
    """Say how many people cross in each direction, children apart."""
    said = []
    for direction, words in (("in", "recorded here who lived elsewhere"), ("out", "of here recorded elsewhere")):
        rows = crossing[crossing["direction"] == direction]
        adults = rows.loc[rows["is_child"] == "N", "person_id"].nunique()
        children = rows.loc[rows["is_child"] == "Y", "person_id"].nunique()
        said.append(f"{count_in_words(adults, 'adult')} and {count_in_words(children, 'child', 'children')} {words}")
    return f"{said[0][0].upper()}{said[0][1:]}; {said[1]}."


def handle_rebrands(view: View, borders: Borders) -> pd.Series:
    """Return the handling of each suggestion: C where a line, or a link of somebody in both, has handling C."""
    links, lines = view["line_people"], view["lines"]
    strict = {*lines.loc[lines["handling"].fillna("C").eq("C"), "line_ref"]}
    table, codes = borders.rebrands.table, []
    for old, new in table[["old_line", "new_line"]].itertuples(index=False):
        ours = links[links["line_ref"].isin([old, new])]
        both = ours.groupby("person_id")["line_ref"].nunique()
        shared = ours[ours["person_id"].isin(both.index[both > 1])]
        is_strict = bool({old, new} & strict) or bool(shared["handling"].fillna("C").eq("C").any())
        codes.append("C" if is_strict else "P")
    return pd.Series(codes, index=table.index, dtype="str")


def write_so_what(view: View, borders: Borders) -> list[str]:
    """Write the lines a reader with two minutes reads."""
    areas, here = borders.areas, borders.areas.name_of(borders.areas.here)
    least = borders.policy.least_for_percent
    share = borders.flows.inflow
    low, high = (f"{100 * share[name]:.0f}%" for name in ("share_least", "share_most"))
    bounds = f", so the share is {low} to {high}" if share["n_known"] >= least else ""
    lines = [
        f"Who comes in. Of {share['n_known']:,} people recorded in {here} whose home on the day is known, "
        f"{share['n_part']:,} lived elsewhere. Of {share['n_unknown']:,} more the home is not known{bounds}."
    ]
    homes = borders.flows.table[
        (borders.flows.table["area"] == areas.here) & borders.flows.table["home"].isin(list(areas.by_code))
    ]
    top = homes[homes["home"] != areas.here].sort_values(["n_people", "home"], ascending=[False, True]).head(3)
    if len(top):
        named = join_in_words([f"{areas.name_of(one.home)} ({one.n_people})" for one in top.itertuples()])
        more = borders.gravity.table
        more = more[(more["direction"] == "in") & (more["reading"] == "more than expected")]
        strong = join_in_words([areas.name_of(code) for code in more["area"]]) or "none of them"
        lines.append(
            f"From where. Most of those from elsewhere lived in {named}. More than size and distance would lead one to "
            f"expect came from {strong}."
        )
    shown = borders.rebrands.table[handle_rebrands(view, borders).eq("P").to_numpy()]
    for one in shown.head(1).itertuples(index=False):
        days = f"{one.gap_days} days after" if one.gap_days >= 0 else "about when"
        both = f"{count_in_words(one.n_people, 'person is', 'people are')} recorded in both"
        lines.append(
            f"Lines. {one.new_brand} may be {one.old_brand} under a new name: it was first seen {days} the other fell "
            f"silent, and {both}. Another network may have taken the vacancy."
        )
    outside = borders.found.shares.iloc[0]
    lines.append(f"Missing people. {int(outside['n_part'])} of {int(outside['n_known'])} episodes with a known end "
                 f"ended outside {here}; of {int(outside['n_unknown'])} it is not known where.")  # fmt: skip
    handovers, wanting = borders.handovers.table, borders.handovers.wanting
    sent = handovers[handovers["state"] == "sent"]
    taken = int((sent["acknowledged"] == "acknowledged").sum())
    lines.append(f"Handovers. {taken} of {len(sent)} sent are recorded as taken up; for "
                 f"{count_in_words(wanting['person_id'].nunique(), 'person', 'people')} who live elsewhere and were "
                 "arrested here or released there, none is on record.")  # fmt: skip
    return lines


def write_asked(view: View, borders: Borders) -> list[str]:
    """Write what the meeting is asked to do."""
    n_areas = borders.asks["area"].nunique()
    asked = []
    if n_areas:
        asked.append(f"Put one question to each of {count_in_words(n_areas, 'area')}, and say by when.")
    shown = borders.rebrands.table[handle_rebrands(view, borders).eq("P").to_numpy()]
    for one in shown.itertuples(index=False):
        asked.append(f"Settle with its host areas whether {one.new_brand} is {one.old_brand}.")
    waiting = borders.handovers.table["acknowledged"].isin(["not acknowledged", "not known"]).sum()
    if waiting:
        asked.append(f"Find out what became of {count_in_words(int(waiting), 'handover')} that nobody is recorded to "
                     "have taken up.")  # fmt: skip
    if borders.handovers.n_not_placed:
        asked.append("Record with each handover the area it goes to: of "
                     f"{borders.handovers.n_not_placed} that is not on record.")  # fmt: skip
    n_wanting = borders.handovers.wanting["person_id"].nunique()
    if n_wanting:
        asked.append(f"Decide on a handover for {count_in_words(n_wanting, 'person', 'people')}.")
    return asked


def write_method(borders: Borders) -> list[str]:
    """Write how it was counted, with the numbers of the policy in use."""
    policy = borders.policy
    return [
        f"Events of {policy.window_days} days; by {policy.name}, version {policy.version}, and the areas of "
        f"{borders.areas.name}, version {borders.areas.version}.",
        "Home is where somebody lived on the day of the event, by what was last said of it on or before that day "
        f"(within {policy.home_days_before} days; a tenancy while it runs), else by what was first said within "
        f"{policy.home_days_after} days after. Two areas said on one day are no known home.",
        "Not known, no fixed abode and outside the UK are rows of their own. Every share stands with what is not known "
        "and the least and most it could be.",
        "Counted are crimes one is suspected of, arrests for a crime here or by another force, and incidents on the "
        "railway. An acquittal takes its crime out. Missing people are counted apart and are active nowhere.",
        f"Mixing: the homes are dealt out anew {policy.shuffles:,} times among the same people, with the run's seed.",
        "Expected flows: Poisson regression of people on the population and distance of each area, into and out of the "
        "district apart; read from so many people on as the policy says.",
        "A line under a new name is suggested by the signs printed with it, each with what it counts.",
        "A handover is an agreed action under its code; whether it was taken up is read off what came of it.",
    ]  # fmt: skip


def write_limits(borders: Borders) -> list[str]:
    """Write what the papers cannot tell."""
    n = int(borders.unread.sum())
    unread = [f"{n:,} records name {len(borders.unread)} areas that the list of areas lacks: they count as not known."]
    return [
        *(unread if n else []),
        "Police record most where they look most: a strong link may be one that was looked at.",
        "Crimes in other districts are here only for people of interest here, so what goes out is a least.",
        "An arrest by the home force without a crime on record says where somebody was taken: its place is not known.",
        "A home given at an arrest may be untrue, and one that was never asked is not known.",
        "Distances are straight lines between the middles of areas.",
        "Nothing here says who brought whom, or what anybody will do.",
    ]
