"""The papers of the cross-border meeting: what crosses, which way, how much is unknown, what to ask which neighbour.

Two kinds of table. Those with people or exact counts are for the county's police lead. Those called `shared_...` are
for a neighbouring authority: each row carries the authority it concerns as `agency`, small counts are not said, and
nobody is named.
"""

import pandas as pd

from csp_toolkit.networks.borders.asks import ABOUT_LINES, NAME
from csp_toolkit.networks.borders.study import Borders
from csp_toolkit.sharing.papers import border_words as words
from csp_toolkit.sharing.papers.border_people import list_crossing, list_pairs, list_unanswered, list_wanting
from csp_toolkit.sharing.papers.border_shared import list_shared
from csp_toolkit.sharing.papers.ground import Occasion, Papers, lay_ground, number_sentences
from csp_toolkit.tables.quality.report import Quality
from csp_toolkit.tables.view import View

STATE = "Counts and questions: no list, no score, no selection"
POLICE_ONLY = "police and law enforcement only"


def prepare_border_papers(occasion: Occasion, view: View, borders: Borders, quality: Quality) -> Papers:
    """Prepare the papers of the cross-border meeting.

    Parameters
    ----------
    occasion : the meeting's days, stage and words.
    borders : what `study_borders` returned for the same view. quality : how good the data is.
    """
    ground = lay_ground(occasion, view, quality, method=words.write_method(borders), limits=words.write_limits(borders))
    asks = _asks(view, borders)
    tables = {
        **ground.tables,
        "measures": borders.table,
        "flows": _flows(borders),
        "inflow_months": borders.flows.months,
        "gravity": _named(borders.gravity.table, borders, "area"),
        "journeys": borders.journeys,
        "links": _named(borders.links, borders, "area_a", "area_b"),
        "mixing": borders.mixing_by_slice,
        "new_links": _named(borders.new_links, borders, "home", "area"),
        "lines": _lines(view, borders),
        "line_spans": _spans(view, borders),
        "rebrands": _rebrands(view, borders),
        "rebrand_signs": borders.rebrands.signs.merge(
            borders.rebrands.table[["old_line", "new_line"]], on=["old_line", "new_line"]
        ),
        "crossing": list_crossing(view, borders),
        "pairs": list_pairs(view, borders),
        "found": _named(borders.found.table, borders, "area"),
        "handovers": _named(borders.handovers.summary, borders, "area"),
        "handovers_unanswered": list_unanswered(view, borders),
        "handovers_wanting": list_wanting(view, borders),
        "asks": asks,
        **list_shared(borders, asks),
        "sowhat": number_sentences(words.write_so_what(view, borders)),
        "asked": number_sentences(words.write_asked(view, borders)),
    }
    facts = {
        **ground.facts, "state": STATE, "kind": "cross-border briefing",
        "fullest_copy": "the county police lead’s copy", "here": borders.areas.name_of(borders.areas.here),
        "since": borders.activity.since.date().isoformat(), "until": borders.activity.until.date().isoformat(),
        "finding_flows": words.finding(borders, "XB2"), "finding_out": words.finding(borders, "XB3"),
        "finding_lines": words.finding_lines(borders), "finding_gravity": words.finding(borders, "XB7"),
        "finding_journeys": words.finding(borders, "XB8"), "finding_found": words.finding(borders, "XB9"),
        "finding_handovers": words.finding(borders, "XB10"), "finding_asks": words.finding_asks(borders),
        "finding_people": words.finding_people(tables["crossing"]), "finding_mixing": words.finding(borders, "XB5"),
        "finding_pairs": words.finding(borders, "XB11"), "n_people": borders.activity.n_people,
    }  # fmt: skip
    return Papers(occasion.meeting, tables, facts)


def _named(table: pd.DataFrame, borders: Borders, *columns: str) -> pd.DataFrame:
    """Put names for codes, the code beside as `<column>_code`."""
    codes = {f"{column}_code": table[column].astype("str") for column in columns}
    names = {column: table[column].map(borders.areas.name_of).astype("str") for column in columns}
    return table.assign(**codes, **names)


def _flows(borders: Borders) -> pd.DataFrame:
    least = borders.policy.least_shown
    table = _named(borders.flows.table, borders, "home", "area")
    shown = table["n_people"].map(lambda n: str(n) if n >= least else f"1–{least - 1}").astype("str")
    return table.assign(n_shown=shown)


def _asks(view: View, borders: Borders) -> pd.DataFrame:
    """Add whose question it is; one about a line goes by the police's way alone, or by none where that falls short."""
    asks = borders.asks
    is_strict = words.handle_rebrands(view, borders).eq("C").any() & asks["kind"].eq(NAME)
    councils = asks["area"].map(lambda code: borders.areas.by_code[code].council).astype("str")
    is_police = asks["kind"].isin(ABOUT_LINES)
    return _named(asks, borders, "area").assign(
        agency=councils, handling=is_police.map({True: "C", False: "P"}).astype("str"),
        handling_conditions=(is_police & ~is_strict).map({True: POLICE_ONLY, False: None}).astype("str"),
    )  # fmt: skip


def _lines(view: View, borders: Borders) -> pd.DataFrame:
    hosts = borders.reach.areas_of[borders.reach.areas_of["part"] == "host"]
    named = hosts.assign(name=hosts["area"].map(borders.areas.name_of)).groupby("line_ref")["name"].agg("; ".join)
    table = _named(borders.reach.table, borders, "home")
    handling = view["lines"].drop_duplicates("line_ref").set_index("line_ref")["handling"].fillna("C")
    into = table["line_ref"].map(named.to_dict()).fillna("not known").astype("str")
    return table.assign(into=into, handling=table["line_ref"].map(handling).astype("str"))


def _spans(view: View, borders: Borders) -> pd.DataFrame:
    """Give the timeline of the lines of a suggestion, the old one first."""
    handling = view["lines"].drop_duplicates("line_ref").set_index("line_ref")["handling"].fillna("C")
    parts = [
        borders.reach.spans[borders.reach.spans["line_ref"] == line].assign(pair=n, place=place)
        for n, pair in enumerate(borders.rebrands.table[["old_line", "new_line"]].itertuples(index=False), start=1)
        for place, line in enumerate(pair, start=1)
    ]
    spans = pd.concat(parts or [borders.reach.spans.iloc[:0].assign(pair=0, place=0)], ignore_index=True)
    return spans.assign(handling=spans["line_ref"].map(handling.to_dict()).astype("str"))


def _rebrands(view: View, borders: Borders) -> pd.DataFrame:
    """Give the suggestions, each with the handling of the strictest of what it rests on."""
    return borders.rebrands.table.assign(handling=words.handle_rebrands(view, borders))
