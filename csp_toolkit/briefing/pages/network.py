"""Who is connected: the sentence, the picture, and the ties behind it, least sure first."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.figures import network_legend, network_svg
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import NOT_ASSESSED, is_number, show_text
from csp_toolkit.display.wording import count_in_words, join_in_words

TIES_SHOWN = 15
NODES_DRAWN = 40
PICTURE_HEIGHT = 440
TESTED = {"Y": "tested", "N": "untested"}
HEADINGS = (
    Heading("between", "Between", width=27, is_row_header=True),
    Heading("evidence_text", "Evidence"),
    Heading("n_origins", "Origins", "independent", kind="whole", width=10),
    Heading("tested", "Tested?", width=9),
    Heading("in_100", "Chance it exists", "in 100", kind="number", width=11, write=str),
    Heading("first_seen", "First seen", kind="date", width=11),
    Heading("last_seen", "Last seen", kind="date", width=11),
)


def network(bundle: Bundle) -> Markup:
    """Show the picture with its finding, and the least sure ties with their evidence."""
    nodes, ties = bundle.table("nodes"), bundle.table("ties")
    finding = bundle.sentence("finding_network")
    picture = None
    if nodes is not None and len(nodes) and ties is not None and len(nodes) <= NODES_DRAWN:
        drawn = ties[ties["person_a"].isin(nodes["node_id"]) & ties["person_b"].isin(nodes["node_id"])]
        height = max(PICTURE_HEIGHT, int(nodes["y"].max()) + 40)
        picture = Markup(
            network_svg(nodes, drawn, title=_title(nodes, drawn), desc=_describe(nodes, finding), height=height)
        )
    return render(
        "network.html.j2",
        finding=finding,
        picture=picture,
        legend=Markup(network_legend()) if picture else "",
        n_people=0 if nodes is None else int((nodes["kind"] != "line").sum()),
        n_lines=0 if nodes is None else int((nodes["kind"] == "line").sum()),
        n_ties=None if ties is None else len(ties),
        notes=bundle.sentences("network_notes"),
        table=_ties_table(ties),
        marking=bundle.recipient("marking", "OFFICIAL-SENSITIVE"),
        copy=bundle.recipient("copy_number"),
    )


def _title(nodes: pd.DataFrame, ties: pd.DataFrame) -> str:
    n_lines = int((nodes["kind"] == "line").sum())
    people = count_in_words(len(nodes) - n_lines, "person", "people")
    lines = f" and {count_in_words(n_lines, 'line')}" if n_lines else ""
    return f"{count_in_words(len(ties), 'tie', start=True)} between {people}{lines}"


def _describe(nodes: pd.DataFrame, finding: str | None) -> str:
    """Describe the picture in order: each separate network by name, then the finding."""
    if "component" not in nodes.columns:
        return finding or "The ties are in the table below."
    said = []
    for n, (_, part) in enumerate(nodes.groupby("component", sort=True), start=1):
        said.append(f"Network {n}: {join_in_words(show_text(label) for label in part['label'])}.")
    return " ".join([*said, "The ties are in the table below.", finding or ""]).strip()


def _ties_table(ties: pd.DataFrame | None) -> Markup | None:
    if ties is None or ties.empty:
        return None
    order = pd.to_numeric(ties["p_exists"], errors="coerce") if "p_exists" in ties.columns else pd.Series(0, ties.index)
    ids = [c for c in ("person_a", "person_b") if c in ties.columns]
    rows = ties.assign(order=order).sort_values(["order", *ids], kind="stable", na_position="first")
    rows = rows.drop(columns="order").head(TIES_SHOWN)
    shown = [_tie(row) for row in rows.to_dict("records")]
    some = f"{len(shown)} of {len(ties):,} shown; all are in this copy’s tables." if len(shown) < len(ties) else ""
    return format_table(
        shown,
        HEADINGS,
        table_id="ties",
        caption="The ties: least sure first.",
        caption_note=some or f"n = {len(ties)}.",
    )


def _tie(row: dict[Any, Any]) -> dict[str, Any]:
    chance = row.get("p_exists", NOT_ASSESSED)
    shown = {str(name): value for name, value in row.items()}
    return shown | {
        "between": f"{show_text(row.get('label_a'))} – {show_text(row.get('label_b'))}",
        "tested": TESTED.get(str(row.get("is_tested")), "not known"),
        "in_100": f"{100 * float(chance):.0f}" if is_number(chance) else show_text(chance),
    }
