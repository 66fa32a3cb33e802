"""What to ask which neighbour, who crosses, missing people found elsewhere, and handovers nobody has answered."""

from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.stacked import Block, stack
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import show_date, show_text
from csp_toolkit.display.wording import check_sentence, count_in_words

PEOPLE_SHOWN, PAIRS_SHOWN, MORE_SHOWN, LEAST = 15, 10, 8, 3
ASK_HEADINGS = (
    Heading("ask", "Ask", width=24, is_row_header=True),
    Heading("question", "The one question first"),
    Heading("n_unknown", "Would settle", "open points", kind="whole", width=12),
    Heading("n_unknown_in_all", "Open in all", "points", kind="whole", width=11),
)
MORE_HEADINGS = (
    Heading("area", "Area", width=24, is_row_header=True),
    Heading("question", "Also worth asking"),
    Heading("n_unknown", "Would settle", "open points", kind="whole", width=12),
)
OWN_HEADINGS = (Heading("n", "No", kind="whole", width=7), Heading("question", "What we ask you", is_row_header=True))
PERSON_HEADINGS = (
    Heading("name", "Person", "and reference", width=22, under="reference", is_row_header=True),
    Heading("age_years", "Age", "years", kind="whole", width=7),
    Heading("home", "Lived in", "on the day", width=16),
    Heading("area", "Recorded in", width=16),
    Heading("n_events", "Events", "in twelve months", kind="whole", width=11),
    Heading("newest_on", "Newest", kind="date", width=12),
    Heading("home_said", "Home as said", "by whom, when", width=20),
)
PAIR_HEADINGS = (
    Heading("between", "Two people", is_row_header=True),
    Heading("homes", "Lived in", width=34),
    Heading("n_events", "Crimes", "together", kind="whole", width=10),
    Heading("last_on", "Newest", kind="date", width=12),
)
FOUND_HEADINGS = (
    Heading("area", "Found in", width=26, is_row_header=True),
    Heading("episodes", "Episodes", width=11, css="num"),
    Heading("children", "Of children", width=12, css="num"),
    Heading("exploited", "Exploitation flagged", width=14, css="num"),
    Heading("no_interview", "No return interview", "children’s, on record", width=16, css="num"),
    Heading("newest_on", "Newest", kind="date"),
)
SUMMARY_HEADINGS = (
    Heading("area", "To", width=22, is_row_header=True),
    Heading("n_agreed", "Agreed", kind="whole", width=10),
    Heading("n_sent", "Sent", kind="whole", width=9),
    Heading("median", "Days to send", "median", width=11, css="num"),
    Heading("n_acknowledged", "Taken up", kind="whole", width=10),
    Heading("n_not_acknowledged", "Not taken up", kind="whole", width=11),
    Heading("n_not_known", "Not known", kind="whole", width=11),
    Heading("n_wanting", "None on record", "people", kind="whole"),
)
WAITING_HEADINGS = (
    Heading("action_ref", "Action", width=18, is_row_header=True),
    Heading("person", "Person", width=20),
    Heading("area", "To", width=13),
    Heading("agreed_on", "Agreed", kind="date", width=11),
    Heading("sent", "Sent", width=11, css="num"),
    Heading("days", "Days to send", "or open so far", kind="markup", width=11, css="num"),
    Heading("answer", "Taken up?", width=16),
)
WANTING_HEADINGS = (
    Heading("name", "Person", "and reference", width=26, under="reference", is_row_header=True),
    Heading("area", "Lives in", width=20),
    Heading("why", "What happened"),
    Heading("on", "On", kind="date", width=13),
    Heading("days", "Days since", kind="markup", width=13, css="num"),
)


def asks(bundle: Bundle) -> Markup:
    """Show one plain question for each neighbour, most unknown first, then what else is worth asking."""
    if bundle.has("shared_asks"):
        rows = [row | {"question": check_sentence(show_text(row["question"]))} for row in bundle.rows("shared_asks")]
        rows = [row | {"n": n} for n, row in enumerate(rows, start=1)]
        table = format_table(rows, OWN_HEADINGS, table_id="own-asks", caption="Questions to you.",
                             caption_note=f"n = {len(rows)}.") if rows else None  # fmt: skip
        return stack([Block(table=table, nobody="There is nothing to ask you this time.", note=ABOUT_ASKS)])
    rows = [row | {"question": check_sentence(show_text(row["question"]))} for row in bundle.rows("asks")]
    first = [row for row in rows if row["is_first"] == "Y"]
    more = sorted((row for row in rows if row["is_first"] != "Y"), key=lambda row: (-row["n_unknown"], row["place"]))
    note = f"{min(MORE_SHOWN, len(more))} of {len(more)} shown, most unknown first; all are in this copy’s tables."
    blocks = [
        Block(table=format_table(first, ASK_HEADINGS, table_id="asks", caption="One question for each area.",
                                 caption_note="Most unknown first.") if first else None,
              nobody="There is nothing to ask of any other area.", note=ABOUT_ASKS),
        Block(table=format_table(more[:MORE_SHOWN], MORE_HEADINGS, table_id="asks-more",
                                 caption="If there is time for more.", caption_note=note)) if more else None,
    ]  # fmt: skip
    return stack(blocks, finding=bundle.sentence("finding_asks"))


ABOUT_ASKS = "A question is about what is not known here. It says nothing of what anybody did."


def people(bundle: Bundle) -> Markup:
    """Show who crosses, adults by name and children apart, and the pairs from two areas in one crime."""
    table = bundle.table("crossing")
    blocks: list[Block | None] = []
    if table is not None:
        adults = table[table["is_child"] == "N"]
        for direction, title in (("in", "Recorded here, lived elsewhere"), ("out", "Lived here, recorded elsewhere")):
            blocks.append(_people(adults[adults["direction"] == direction], title, direction))
        blocks.append(_children(table[table["is_child"] == "Y"]))
    blocks.append(_pairs(bundle))
    return stack(blocks, finding=bundle.sentence("finding_people"))


def _people(rows: pd.DataFrame, title: str, name: str) -> Block:
    ordered = rows.sort_values(["n_events", "newest_on", "name"], ascending=[False, False, True], kind="stable")
    shown = ordered.head(PEOPLE_SHOWN)
    note = f"n = {len(rows)}, by events."
    if len(shown) < len(rows):
        note = f"{len(shown)} of {len(rows)} shown, those with most events; all are in this copy’s tables."
    return Block(
        title=title,
        table=format_table(shown, PERSON_HEADINGS, table_id=f"people-{name}", caption="Adults.", caption_note=note)
        if len(shown) else None,
        nobody="Nobody.",
    )  # fmt: skip


def _children(rows: pd.DataFrame) -> Block:
    n = rows["person_id"].nunique() if "person_id" in rows else len(rows)
    said = f"{count_in_words(n, 'child is', 'children are', start=True)} recorded across the border as well."
    return Block(
        title="Children", lead=f"{said} A child found far from home may be exploited: the safeguarding leads of both "
        "areas come first, and none of them is listed here.",
    )  # fmt: skip


def _pairs(bundle: Bundle) -> Block | None:
    table = bundle.table("pairs")
    if table is None:
        return None
    adults = table[table["is_child"] == "N"]
    rows = [
        row | {"between": f"{show_text(row['label_a'])} – {show_text(row['label_b'])}",
               "homes": f"{show_text(row['home_a'])} – {show_text(row['home_b'])}"}
        for row in adults.head(PAIRS_SHOWN).to_dict("records")
    ]  # fmt: skip
    note = f"{len(rows)} of {len(adults)} pairs of adults shown, the most often together first."
    return Block(
        title="Together across a border",
        table=format_table(rows, PAIR_HEADINGS, table_id="pairs", caption="Pairs from two areas in one crime.",
                           caption_note=note) if rows else None,
        nobody="No pair of adults from two areas was recorded in one crime.",
        note=bundle.sentence("finding_pairs") or "",
    )  # fmt: skip


def found(bundle: Bundle) -> Markup:
    """Show where missing people were found; in a neighbour's copy how often in its own area."""
    if bundle.has("shared_found"):
        rows = bundle.rows("shared_found")
        said = show_text(rows[0]["n_shown"]) if rows else "not assessed"
        lead = f"Missing people from here were found in your area: {said} (episodes, twelve months)."
        return stack([Block(lead=lead, note="To be missing is a harm, not a fault.")])
    table = bundle.table("found")
    rows = [] if table is None else [_found(row) for row in table.to_dict("records")]
    return stack(
        [Block(table=format_table(rows, FOUND_HEADINGS, table_id="found", caption="Where missing people were found.",
                                  caption_note="Episodes, most first.") if rows else None,
               nobody="No missing episode ended in the window.",
               note="To be missing is a harm, not a fault. An episode is counted, not a person. One or two are 1–2.")],
        finding=bundle.sentence("finding_found"),
    )  # fmt: skip


def _found(row: dict[Any, Any]) -> dict[str, Any]:
    def small(n: Any) -> str:
        return "1–2" if 0 < int(n) < LEAST else f"{int(n):,}"

    counts = {"episodes": "n_episodes", "children": "n_children", "exploited": "n_exploitation",
              "no_interview": "n_no_interview"}  # fmt: skip
    return {str(k): v for k, v in row.items()} | {name: small(row[column]) for name, column in counts.items()}


def handovers(bundle: Bundle) -> Markup:
    """Show handovers by area, those nobody answered, and people for whom none is on record."""
    summary, waiting, wanting = (
        bundle.table(name) for name in ("handovers", "handovers_unanswered", "handovers_wanting")
    )
    return stack(
        [_summary(summary), _waiting(waiting), _wanting(wanting)], finding=bundle.sentence("finding_handovers")
    )


def _summary(table: pd.DataFrame | None) -> Block | None:
    if table is None:
        return None
    known = table.assign(order=table["area_code"].eq("UNK") if "area_code" in table else False)
    rows = [
        row | {"median": "none sent" if pd.isna(row["median_days_to_send"]) else f"{row['median_days_to_send']:.0f}"}
        for row in known.sort_values(["order", "n_wanting", "area"], ascending=[True, False, True]).to_dict("records")
    ]  # fmt: skip
    return Block(
        table=format_table(rows, SUMMARY_HEADINGS, table_id="handovers", caption="Handovers by area.",
                           caption_note="Not known: the action does not say where it went.") if rows else None,
        nobody="No handover was agreed in the window.",
        note="Taken up or not is read off what is recorded as come of the action. No feed records an acknowledgement, "
        "so days to an answer are not assessed.",
    )  # fmt: skip


def _waiting(table: pd.DataFrame | None) -> Block | None:
    if table is None:
        return None
    rows = [
        {
            "action_ref": row["action_ref"], "person": show_text(row["name"]), "area": show_text(row["area"]),
            "agreed_on": row["agreed_on"], "sent": "not sent" if row["state"] == "open" else show_date(row["sent_on"]),
            "days": _late(row["days_to_send"], row["is_late"]), "answer": row["acknowledged"] or "not sent yet",
        }
        for row in table.to_dict("records")
    ]  # fmt: skip
    return Block(
        title="Not acknowledged",
        table=format_table(rows, WAITING_HEADINGS, table_id="waiting",
                           caption="Sent and not known to be taken up, or open.",
                           caption_note=f"n = {len(rows)}, oldest first.") if rows else None,
        nobody="Every handover is recorded as taken up.",
    )  # fmt: skip


def _wanting(table: pd.DataFrame | None) -> Block | None:
    if table is None:
        return None
    rows = [
        row | {"days": _late(row["days_since"], row["is_late"]),
               "why": f"{row['why']}; a child: safeguarding leads first" if row["is_child"] == "Y" else row["why"]}
        for row in table.to_dict("records")
    ]  # fmt: skip
    return Block(
        title="None on record",
        table=format_table(rows, WANTING_HEADINGS, table_id="wanting", caption="Lives elsewhere, no handover since.",
                           caption_note=f"n = {len(rows)}.") if rows else None,
        nobody="Nobody who lives elsewhere was arrested here without a handover since.",
    )  # fmt: skip


def _late(days: Any, is_late: Any) -> Markup:
    if pd.isna(days):
        return Markup("not known")
    return Markup('<b class="late">{} late</b>').format(int(days)) if is_late == "Y" else Markup("{}").format(int(days))
