"""One sentence for each border measure, with how much of it is not known; "not assessed" where too little is."""

from typing import Any

import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.networks.borders.activity import Activity
from csp_toolkit.networks.borders.areas import SPECIAL, UNKNOWN
from csp_toolkit.networks.borders.flows import say_inflow, say_outflow
from csp_toolkit.networks.borders.gravity import IN
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.networks.borders.small_counts import say_share

WORD_COLUMNS = ("id", "measure", "n", "n_unknown", "unknown_is", "state", "sentence")


def say_borders(activity: Activity, policy: BorderPolicy, **parts: Any) -> pd.DataFrame:
    """Say each measure in a sentence: `WORD_COLUMNS`, one row each, XB1 to XB11 in order."""
    least, here = policy.least_for_percent, activity.areas.name_of(activity.areas.here)
    rows = [
        _matrix(activity, here),
        _share("XB2", "In-flow", parts["flows"].inflow, say_inflow(parts["flows"], least), "people of no known home"),
        _share("XB3", "Out-flow", parts["flows"].outflow, say_outflow(parts["flows"], least),
               "people recorded at no known place"),
        _links(parts["links"], activity),
        _mixing(parts["mixing"]),
        _reach(parts["reach"], here),
        _gravity(parts["gravity"], parts["flows"], activity),
        _journeys(parts["journeys"]),
        _found(parts["found"], least),
        _handovers(parts["handovers"], policy),
        _co_arrests(parts["co_arrests"], parts["n_pairs_not_placed"]),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(WORD_COLUMNS))


def _row(name: str, measure: str, n: int, unknown: int, what: str, sentence: str, *, is_there: bool) -> tuple[Any, ...]:
    state = "assessed" if is_there else NOT_ASSESSED
    return name, measure, int(n), int(unknown), what, state, sentence


def _matrix(activity: Activity, here: str) -> tuple[Any, ...]:
    n, no_place = activity.of_place
    _, no_home = activity.of_home
    said = (
        f"{activity.n_people:,} people in {n:,} events from {activity.since:%-d %B %Y} to {activity.until:%-d %B %Y}; "
        f"of {no_home:,} events the home on the day is not known, of {no_place:,} the place."
    )
    return _row("XB1", "Home by place recorded", activity.n_people, no_home, "events with no known home", said,
                is_there=n > 0)  # fmt: skip


def _share(name: str, measure: str, share: pd.Series, said: str, what: str) -> tuple[Any, ...]:
    return _row(name, measure, share["n_known"], share["n_unknown"], what, said, is_there=share["n_known"] > 0)


def _links(links: pd.DataFrame, activity: Activity) -> tuple[Any, ...]:
    areas = activity.areas
    ours = links[(links["area_a"] == areas.here) | (links["area_b"] == areas.here)].assign(
        other=lambda t: t["area_a"].where(t["area_a"] != areas.here, t["area_b"])
    )
    ours = ours.sort_values(["n_both", "n_ties", "other"], ascending=[False, False, True], kind="stable")
    strongest = "; ".join(
        f"{areas.name_of(one.other)} {one.n_people + one.n_lines} ({one.n_people} people, {one.n_lines} lines), "
        f"{one.n_ties} ties"
        for one in ours.head(3).itertuples(index=False)
    )
    _, no_home = activity.of_home
    said = f"Strongest links of {areas.name_of(areas.here)}: {strongest}. Vehicles are in no feed and not assessed."
    if ours.empty:
        said = f"Nothing is evidenced in {areas.name_of(areas.here)} and in another area as well."
    return _row("XB4", "Links between districts", len(links), no_home, "events with no known home", said,
                is_there=len(ours) > 0)  # fmt: skip


def _mixing(mixing: pd.Series) -> tuple[Any, ...]:
    if pd.isna(mixing["ei"]):
        said = f"Not assessed: {mixing['n_ties']} ties, of which {mixing['n_not_placed']} have an end of no known home."
    else:
        said = (
            f"{mixing['n_external']} of {mixing['n_internal'] + mixing['n_external']} ties cross a border (E-I index "
            f"{mixing['ei']:+.2f}). The same homes dealt out by chance would give {mixing['ei_expected']:+.2f}, mostly "
            f"{mixing['ei_low']:+.2f} to {mixing['ei_high']:+.2f}: {mixing['reading']}. {mixing['n_not_placed']} more "
            "ties have an end of no known home."
        )
    return _row("XB5", "Mixing of homes in the network", mixing["n_ties"], mixing["n_not_placed"],
                "ties with an end of no known home", said, is_there=not pd.isna(mixing["ei"]))  # fmt: skip


def _reach(reach: Any, here: str) -> tuple[Any, ...]:
    lines = reach.table[reach.table["status"] != "CLOSED"]
    counts = lines["direction"].value_counts()
    into, out = int(counts.get("into here", 0)), int(counts.get("out of here", 0))
    within, silent = int(counts.get("within here", 0)), int((lines["is_silent"] == "Y").sum())
    no_origin = int((lines["home"] == UNKNOWN).sum())
    origins = f"Of {no_origin} the origin is not known." if no_origin else "The origin of each is recorded."
    said = (
        f"{len(lines)} lines not closed: {into} run into {here} from elsewhere, {out} out of it, {within} within it; "
        f"{silent} silent. {origins}"
    )
    if not pd.isna(reach.origin_concentration):
        said += (
            f" Origins of those that run into {here}: concentration {reach.origin_concentration:.2f} (1 where all come "
            "from one area)."
        )
    return _row("XB6", "Reach of lines", len(lines), no_origin, "lines of no known origin", said,
                is_there=len(reach.table) > 0)  # fmt: skip


def _gravity(gravity: Any, flows: Any, activity: Activity) -> tuple[Any, ...]:
    areas, table = activity.areas, gravity.table
    fit = gravity.exponents[gravity.exponents["direction"] == IN].iloc[0]
    special = flows.table[(flows.table["area"] == areas.here) & flows.table["home"].isin(list(SPECIAL))]
    unknown = int(special["n_people"].sum())
    if pd.isna(fit["dispersion"]):
        said = (f"Not assessed: people from {fit['n_pairs_with_people']:.0f} areas were recorded here, too few to say "
                "what size and distance would lead one to expect.")  # fmt: skip
    else:
        more = table[(table["reading"] == "more than expected") & (table["direction"] == IN)]
        named = "; ".join(
            f"{areas.name_of(one.area)} {one.n_people} against {one.expected:.1f} ({one.ratio_low:.1f} to "
            f"{one.ratio_high:.1f} times)"
            for one in more.itertuples(index=False)
        )
        said = (
            f"More people than size and distance would lead one to expect: {named or 'from nowhere'}. The counts "
            f"scatter {fit['dispersion']:.1f} times as widely as chance would; what that could explain is left out."
        )
    return _row("XB7", "Links stronger than expected", int(fit["n_pairs_with_people"]), unknown,
                "people who can be placed nowhere", said, is_there=not pd.isna(fit["dispersion"]))  # fmt: skip


def _journeys(journeys: pd.DataFrame) -> tuple[Any, ...]:
    every, rail, none = (journeys.iloc[n] for n in range(3))
    unknown = int(journeys.iloc[-1]["n_journeys"])
    if pd.isna(every["median_km"]):
        said = f"Not assessed: {every['n_journeys']} journeys across a border."
    else:
        said = (
            f"{every['n_journeys']} journeys across a border, from the middle of one area to the middle of the other: "
            f"half are between {every['quarter_low_km']:.0f} and {every['quarter_high_km']:.0f} km, the median "
            f"{every['median_km']:.0f} km; {rail['n_journeys']} join areas on one railway line, {none['n_journeys']} "
            "do not."
        )
    return _row("XB8", "Distance from home", every["n_journeys"], unknown, "journeys with no known end", said,
                is_there=not pd.isna(every["median_km"]))  # fmt: skip


def _found(found: Any, least: int) -> tuple[Any, ...]:
    outside, abroad = (found.shares.iloc[n] for n in range(2))
    said = "Of the missing episodes that ended at a known place, " + say_share(
        outside, "ended outside the district", least
    )
    said += f" {int(abroad['n_part'])} ended outside the force's area."
    return _row("XB9", "Missing and found elsewhere", outside["n_known"], outside["n_unknown"],
                "episodes with no known place", said, is_there=outside["n_known"] > 0)  # fmt: skip


def _handovers(handovers: Any, policy: BorderPolicy) -> tuple[Any, ...]:
    table, wanting = handovers.table, handovers.wanting
    sent = table[table["state"] == "sent"]
    said_of = sent["acknowledged"].value_counts()
    unknown = int(said_of.get("not known", 0))
    median = f", the median {sent['days_to_send'].median():.0f} days after it was agreed" if len(sent) else ""
    said = (
        f"{len(table)} handovers agreed, {len(sent)} sent{median}, {int((sent['is_late'] == 'Y').sum())} of them after "
        f"more than {policy.handover_within_days} days. Acknowledged {int(said_of.get('acknowledged', 0))}, not "
        f"acknowledged {int(said_of.get('not acknowledged', 0))}, not known {unknown}. Of {handovers.n_not_placed} it "
        f"is not recorded where to. {wanting['person_id'].nunique()} people who live elsewhere were arrested here or "
        f"released there in {policy.handover_look_back_days} days with no handover on record."
    )
    return _row("XB10", "Handovers", len(table), unknown, "handovers sent, answer not known", said,
                is_there=len(table) + len(wanting) > 0)  # fmt: skip


def _co_arrests(co_arrests: pd.DataFrame, n_not_placed: int) -> tuple[Any, ...]:
    said = (
        f"{len(co_arrests)} pairs of people from different areas were recorded in one crime; in {n_not_placed} more "
        "pairs a home is not known or there is none."
    )
    return _row("XB11", "Together across a border", len(co_arrests), n_not_placed, "pairs with a home not known", said,
                is_there=len(co_arrests) > 0)  # fmt: skip
