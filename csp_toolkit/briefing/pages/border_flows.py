"""Home by place recorded: the heat table, what comes in by month, what is stronger than expected, and how far it is."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.stacked import Block, mark_figure, stack
from csp_toolkit.display.flow_picture import flow_svg, parts_bar
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.heat_table import heat_table
from csp_toolkit.display.values import NOT_ASSESSED, is_number, show_date, show_text
from csp_toolkit.display.wording import join_in_words

APART = ("NFA", "OUT", "UNK")
ROWS_SHOWN, COLUMNS_SHOWN, BANDS_SHOWN = 10, 6, 8
MONTH_HEADINGS = (
    Heading("month", "Month", width=15, is_row_header=True),
    Heading("n_part", "Live elsewhere", "people", kind="whole", width=12),
    Heading("n_known", "Home known", "people", kind="whole", width=12),
    Heading("n_unknown", "Home not known", "people", kind="whole", width=12),
    Heading("picture", "Elsewhere, here, not known", "0 at left", kind="markup", width=30, css="picture"),
    Heading("bounds", "Share from elsewhere", "whatever the unknown are", css="num"),
)
GRAVITY_HEADINGS = (
    Heading("area", "Area", width=18, is_row_header=True),
    Heading("way", "Which way", width=14),
    Heading("distance_km", "Distance", "km", kind="number", width=10),
    Heading("n_people", "People", "recorded", kind="whole", width=10),
    Heading("expected", "Expected", "size and distance", kind="number", width=11),
    Heading("times", "Times expected", "95% interval", width=15, css="num"),
    Heading("reading", "Reading"),
)
JOURNEY_HEADINGS = (
    Heading("of", "Journeys", is_row_header=True),
    Heading("n_journeys", "Journeys", "person, home and area", kind="whole", width=16),
    Heading("median_km", "Median", "km", kind="number", width=12),
    Heading("half", "Half lie between", "km", width=17, css="num"),
    Heading("reading", "Reading", width=24),
)
MIXING_HEADINGS = (
    Heading("until", "Window to", "91 days", kind="date", width=12, is_row_header=True),
    Heading("n_ties", "Ties", kind="whole", width=7),
    Heading("n_external", "Across a border", kind="whole", width=10),
    Heading("n_not_placed", "A home not known", kind="whole", width=11),
    Heading("index", "E-I index", "−1 within, +1 across", width=12, css="num"),
    Heading("chance", "By chance", "expected, band", width=21, css="num"),
    Heading("reading", "Reading"),
)


def flows(bundle: Bundle) -> Markup:
    """Show home by place recorded, and the in-flow by month; in a neighbour's copy what concerns its own area."""
    if bundle.has("shared_flows"):
        return stack([_shared(bundle)])
    table = bundle.table("flows")
    return stack(
        [_picture(bundle, table), _heat(bundle, table), _months(bundle), _new(bundle)],
        finding=bundle.sentence("finding_flows"),
    )


def stronger(bundle: Bundle) -> Markup:
    """Show which links are stronger than size and distance make them, how far journeys go, and how homes mix."""
    return stack([_gravity(bundle), _journeys(bundle), _mixing(bundle)], finding=bundle.sentence("finding_gravity"))


def _shared(bundle: Bundle) -> Block:
    here = show_text(bundle.fact("here", "the district"))
    rows = [
        {"words": show_text(row["words"]).capitalize(), "n": row["n_shown"], "unknown": row["n_unknown_shown"]}
        for row in bundle.rows("shared_flows")
    ]
    headings = (
        Heading("words", "What was recorded", width=52, is_row_header=True),
        Heading("n", "People", "in twelve months", css="num"),
        Heading("unknown", "Home not known", f"of all recorded in {here}", css="num"),
    )
    return Block(
        table=format_table(
            rows, headings, table_id="shared-flows", caption="Across our border.", caption_note=_window(bundle)
        ),
        note="Counts below five are not said. To be recorded is not to have done anything.",
    )


def _window(bundle: Bundle) -> str:
    return f"Distinct people, {show_date(bundle.fact('since'))} to {show_date(bundle.fact('until'))}."


def _picture(bundle: Bundle, table: pd.DataFrame | None) -> Block | None:
    here = bundle.fact("here")
    if table is None or table.empty or here is None:
        return None
    into = _bands(table[table["area"] == here].rename(columns={"home": "place", "home_code": "code"}), here)
    out_of = _bands(table[table["home"] == here].rename(columns={"area": "place", "area_code": "code"}), here)
    said = [f"{len(into)} bands in, {len(out_of)} out."]
    for words, frame in (("In", into), ("Out", out_of)):
        said.append(f"{words}: {join_in_words(f'{r.place} {r.words}' for r in frame.itertuples(index=False))}.")
    picture = flow_svg(into, out_of, here=show_text(here), title=f"Flows into and out of {here}", desc=" ".join(said))
    note = "Width of a band: people. Dashed: home or place not known, and not to scale. It is no map. " + _window(
        bundle
    )
    return Block(figure=Markup(picture), figure_id="flows-picture", note=mark_figure(bundle, note))


def _bands(table: pd.DataFrame, here: object) -> pd.DataFrame:
    others = table[table["place"] != here].assign(is_known=lambda t: ~t["code"].isin(["UNK"]))
    known = others[others["is_known"]].sort_values(["n_people", "place"], ascending=[False, True]).head(BANDS_SHOWN)
    rest = others[others["is_known"] & ~others["place"].isin(known["place"])]
    shown = pd.concat([known, others[~others["is_known"]]])
    bands = pd.DataFrame({
        "place": shown["place"], "n": shown["n_people"].astype(float), "words": shown["n_shown"],
        "is_known": shown["is_known"],
    })  # fmt: skip
    if len(rest):
        more = {"place": f"{len(rest)} other areas", "n": float(rest["n_people"].sum()),
                "words": str(int(rest["n_people"].sum())), "is_known": True}  # fmt: skip
        bands = pd.concat([bands.iloc[: len(known)], pd.DataFrame([more]), bands.iloc[len(known) :]])
    return bands.reset_index(drop=True)


def _heat(bundle: Bundle, table: pd.DataFrame | None) -> Block | None:
    if table is None or table.empty:
        return None
    rows = _order(table, "home", ROWS_SHOWN)
    columns = _order(table, "area", COLUMNS_SHOWN)
    counts = table.pivot(index="home", columns="area", values="n_people").reindex(rows, columns=columns).fillna(0)
    shown = table.pivot(index="home", columns="area", values="n_shown").reindex(rows, columns=columns).fillna("0")
    codes = dict(zip(table["home"], table["home_code"], strict=True))
    n_left = table["home"].nunique() - len(rows), table["area"].nunique() - len(columns)
    html = heat_table(
        counts, shown, table_id="heat", row_title="Home, on the day of the event", unit="people",
        caption="Where people lived, and where they were recorded.",
        caption_note=f"{_window(bundle)} Darker: more cross.",
        apart=[row for row in rows if codes.get(row) in APART], largest=_largest_crossing(table),
    )  # fmt: skip
    note = (
        "A person stands in a row for each home they had, and in a column for each area, so no totals are given. "
        f"Left out for room: {n_left[0]} homes and {n_left[1]} areas; all are in this copy’s tables. Other districts’ "
        "crimes are here only for people of interest here, so columns cannot be compared with one another."
    )
    return Block(table=html, note=note)


def _largest_crossing(table: pd.DataFrame) -> float:
    """Return the largest flow across a border: beside those who stay at home every other cell would look empty."""
    known = ~table["home_code"].isin(APART) & ~table["area_code"].isin(APART)
    crossing = table.loc[known & (table["home"] != table["area"]), "n_people"]
    return float(crossing.max()) if len(crossing) else 1.0


def _order(table: pd.DataFrame, column: str, most: int) -> list[str]:
    """Put areas in order of their people, and what is no area at the end, in a fixed order."""
    code = f"{column}_code"
    sizes = table.groupby([column, code])["n_people"].sum().reset_index()
    areas = sizes[~sizes[code].isin(APART)].sort_values(["n_people", column], ascending=[False, True])[column]
    special = sizes[sizes[code].isin(APART)].set_index(code)[column].reindex(APART).dropna()
    return [*areas.head(most), *special]


def _months(bundle: Bundle) -> Block | None:
    table = bundle.table("inflow_months")
    if table is None or table.empty:
        return None
    parts = pd.DataFrame({"e": table["n_part"], "h": table["n_known"] - table["n_part"], "u": table["n_unknown"]})
    scale = max(float(parts.sum(axis="columns").max()), 1.0)
    rows = []
    for row, three in zip(table.to_dict("records"), parts.itertuples(index=False), strict=True):
        month = show_date(row["month_on"], long=True).partition(" ")[2]
        rows.append(row | {
            "month": month if row["is_whole"] == "Y" else f"{month} (part)",
            "picture": Markup(parts_bar([float(n) for n in three], scale=scale)), "bounds": _bounds(row),
        })  # fmt: skip
    caption = f"Recorded in {show_text(bundle.fact('here'))}, by month."
    return Block(
        table=format_table(rows, MONTH_HEADINGS, table_id="months", caption=caption,
                           caption_note="Distinct people each month."),
        note="Solid: home elsewhere. Light: home here. Hollow: home not known; no fixed abode is in neither.",
    )  # fmt: skip


def _bounds(row: dict[Any, Any]) -> str:
    if row["n_known"] + row["n_unknown"] < 20:
        return f"{row['n_part']} of {row['n_known']}"
    low, high = (f"{100 * float(row[name]):.0f}" for name in ("share_least", "share_most"))
    return f"{low}%" if low == high else f"{low}% to {high}%"


def _new(bundle: Bundle) -> Block | None:
    table = bundle.table("new_links")
    if table is None:
        return None
    since = bundle.fact("previous_meeting_on")
    if since is None:
        return Block(
            nobody="No earlier meeting is on record, so which links are new is not assessed.", title="New links"
        )
    said = [
        f"{r.home} to {r.area} ({r.n_people} {'person' if r.n_people == 1 else 'people'})" for r in table.itertuples()
    ]
    words = join_in_words(said) if said else "none"
    lead = f"Homes and places together for the first time in the window, since {show_date(since)}: {words}."
    return Block(title="New links", lead=lead)


def _gravity(bundle: Bundle) -> Block | None:
    table = bundle.table("gravity")
    if table is None or table.empty:
        return None
    read = table[~table["reading"].isin(["too few", NOT_ASSESSED])]
    few = int((table["reading"].eq("too few") & table["n_people"].gt(0)).sum())
    rows = [
        row | {"way": "lived there" if row["direction"] == "in" else "recorded there",
               "times": f"{row['ratio']:.1f} ({row['ratio_low']:.1f} to {row['ratio_high']:.1f})"}
        for row in read.to_dict("records")
    ]  # fmt: skip
    note = (
        f"{few} links with fewer people than are read, and all with none, are left out. Size and distance are all that "
    )
    note += "this model knows: railways, roads and looking harder are not in it."
    return Block(
        table=format_table(rows, GRAVITY_HEADINGS, table_id="gravity", caption="Against what size and distance would "
                           "lead one to expect.", caption_note="Strongest first, each way apart.") if rows else None,
        nobody="No link has enough people to be read.", note=note,
    )  # fmt: skip


def _journeys(bundle: Bundle) -> Block | None:
    table = bundle.table("journeys")
    if table is None or table.empty:
        return None
    rows = []
    for row in table.to_dict("records"):
        is_there = is_number(row["median_km"])
        half = f"{row['quarter_low_km']:.0f} to {row['quarter_high_km']:.0f}" if is_there else NOT_ASSESSED
        rows.append(row | {"half": half, "median_km": row["median_km"] if is_there else NOT_ASSESSED})
    return Block(
        table=format_table(rows, JOURNEY_HEADINGS, table_id="journeys", caption="How far from home.",
                           caption_note="Straight lines between the middles of areas."),
    )  # fmt: skip


def _mixing(bundle: Bundle) -> Block | None:
    table = bundle.table("mixing")
    if table is None or table.empty:
        return None
    rows = []
    for row in table.to_dict("records"):
        is_there = is_number(row["ei"])
        chance = (
            f"{row['ei_expected']:+.2f} ({row['ei_low']:+.2f} to {row['ei_high']:+.2f})" if is_there else NOT_ASSESSED
        )
        index = f"{row['ei']:+.2f}" if is_there else NOT_ASSESSED
        rows.append(row | {"index": index.replace("-", "−"), "chance": chance.replace("-", "−")})
    return Block(
        table=format_table(rows, MIXING_HEADINGS, table_id="mixing", caption="Do ties cross borders?",
                           caption_note="The same homes dealt out by chance are what to read it by."),
        lead=bundle.sentence("finding_mixing") or "",
    )  # fmt: skip
