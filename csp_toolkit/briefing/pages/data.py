"""Where the numbers come from and how to check them: rows in and out, rules, method, limits, this copy."""

from dataclasses import replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.pages.disclosed import say_rows_withheld
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.values import is_missing, is_number, show_date, show_text
from csp_toolkit.display.wording import check_sentence, join_in_words
from csp_toolkit.errors import CheckFailed

FATES = ("accepted", "repaired", "rejected", "withdrawn")
ACTIONS = ("rejected", "withdrawn", "repaired", "flagged")
FATE_WORDS = ("accepted as sent", "repaired", "rejected", "withdrawn")
ACCOUNT_HEADINGS = (
    Heading("title", "Feed", width=36, is_row_header=True),
    Heading("received_on", "Received", kind="date", width=14),
    Heading("rows_in", "Rows in", kind="whole", width=10),
    *(
        Heading(f, f.capitalize(), u, kind="whole", width=10)
        for f, u in zip(FATES, ("as sent", "", "", ""), strict=True)
    ),
)
RULE_HEADINGS = (
    Heading("meaning", "What was found", is_row_header=True, css="plain"),
    Heading("action", "What was done", width=14),
    Heading("n_rows", "Rows", kind="whole", width=9),
    Heading("feeds", "In", width=38),
)
QUALITY_HEADINGS = (
    Heading("sentence", "What was found", is_row_header=True, css="plain"),
    Heading("kind", "Kind", width=18),
)
FULLEST_COPY = "the chair’s copy"
NOTHING_TO_ASK = "Nothing was found to ask about."
WITHHELD_HEADINGS = (
    Heading("what", "What", width=24, is_row_header=True),
    Heading("in_chairs_copy", "In the chair’s copy", width=23),
    Heading("in_yours", "In this copy", width=20),
    Heading("why", "Why"),
)


def data_notes(bundle: Bundle) -> Markup:
    """Show what to know of the data, that rows in are the rows accounted for, and what the rules found."""
    named = [*bundle.rows("accounts"), *bundle.rows("coverage")]  # every feed that came, used here or not
    titles = {row.get("feed"): show_text(row["title"]) for row in named if not is_missing(row.get("title"))}
    received = {row.get("feed"): row.get("used_received_on", row.get("received_on")) for row in named}
    accounts = bundle.table("accounts")
    return render(
        "data_notes.html.j2",
        finding=bundle.sentence("finding_quality"),
        quality=_quality(bundle),
        sum_line=None if accounts is None or accounts.empty else _sum_line(accounts),
        accounts=_accounts(accounts, titles, received),
        rules=_rules(bundle.table("rules"), titles),
        as_of=show_date(bundle.fact("as_of")),
    )


def _quality(bundle: Bundle) -> Markup | None:
    if not bundle.has("quality"):
        return None
    rows = [row | {"sentence": check_sentence(show_text(row["sentence"]))} for row in bundle.rows("quality")]
    if not rows:
        return Markup("<p>{}</p>").format(NOTHING_TO_ASK)
    return format_table(
        rows, QUALITY_HEADINGS, table_id="quality", caption="What to know about the data.",
        caption_note="What matters most; the rest is in the workings. Limits and weights are in the policy.",
    )  # fmt: skip


def _sum_line(accounts: pd.DataFrame) -> str:
    """Write the line that adds up; a feed that does not add up stops the page."""
    fates = [f for f in FATES if f in accounts.columns]
    numbers = accounts[["rows_in", *fates]].apply(pd.to_numeric)
    wrong = accounts.loc[numbers["rows_in"] != numbers[fates].sum(axis=1), "feed"]
    if len(wrong):
        raise CheckFailed(
            f"Rows in are not the rows accounted for in {join_in_words(sorted(set(wrong)))}. Load it again."
        )
    total = numbers.sum()
    parts = [f"{int(total[f]):,} {word}" for f, word in zip(FATES, FATE_WORDS, strict=True) if f in fates]
    return f"{int(total['rows_in']):,} rows in = {' + '.join(parts)}"


def _accounts(accounts: pd.DataFrame | None, titles: dict[Any, str], received: dict[Any, Any]) -> Markup | None:
    if accounts is None or accounts.empty:
        return None
    shown = accounts.assign(title=[titles.get(feed, show_text(feed)) for feed in accounts["feed"]])
    if received:
        days = [received.get(feed) for feed in accounts["feed"]]
        shown = shown.assign(received_on=["none used" if is_missing(day) else show_date(day) for day in days])
    fates = [f for f in ("rows_in", *FATES) if f in accounts.columns]
    totals = {"title": "All feeds"} | {f: f"{int(pd.to_numeric(accounts[f]).sum()):,}" for f in fates}
    return format_table(
        shown, ACCOUNT_HEADINGS, table_id="accounts", caption="Rows in and what became of them.",
        caption_note=f"{len(accounts)} files.", totals=totals,
    )  # fmt: skip


def _rules(rules: pd.DataFrame | None, titles: dict[Any, str]) -> Markup | None:
    if rules is None or rules.empty:
        return None
    table = rules.assign(
        meaning=rules["meaning"].fillna(rules["rule"]) if "meaning" in rules.columns else rules["rule"],
        feeds=[titles.get(feed, show_text(feed)) for feed in rules["feed"]],
    )
    grouped = table.groupby(["action", "rule", "meaning"], as_index=False, sort=True).agg(
        n_rows=("n_rows", "sum"), feeds=("feeds", lambda feeds: "; ".join(dict.fromkeys(feeds)))
    )
    order = grouped["action"].map({action: n for n, action in enumerate(ACTIONS)}).fillna(len(ACTIONS))
    grouped = grouped.assign(order=order).sort_values(
        ["order", "n_rows", "rule"], ascending=[True, False, True], kind="stable"
    )
    return format_table(
        grouped, RULE_HEADINGS, table_id="rules", caption="What the rules found, and what was done.",
        caption_note="Row numbers stand in the workings; no row’s content does.",
    )  # fmt: skip


def method(bundle: Bundle) -> Markup:
    """Show how the numbers are made, what they cannot tell, and the particulars that prove this copy."""
    return render(
        "method.html.j2",
        method=bundle.sentences("method"),
        limits=bundle.sentences("limits"),
        manifest=[
            *_name_copy(bundle),
            *((show_text(r.get("label")), show_text(r.get("value"))) for r in bundle.rows("manifest")),
        ],
        destroy_by=show_date(bundle.recipient("destroy_by"), long=True),
    )


def _name_copy(bundle: Bundle) -> list[tuple[str, str]]:
    """Name this copy, and say where its fingerprint stands."""
    if not bundle.has("manifest"):
        return []
    named = f"{show_text(bundle.recipient('title'))}, stage {show_text(bundle.fact('stage'))}; numbered at the head"
    return [("This copy", named), ("To check it", "manifest.json beside it holds its fingerprint; csp verify compares")]


def withheld(bundle: Bundle) -> Markup:
    """Show what the chair's copy holds and this one does not, kind by kind, with the reason."""
    table = pd.DataFrame() if bundle.withheld is None else bundle.withheld
    if not bundle.is_redacted:
        table = table.drop(columns="in_chairs_copy", errors="ignore")
    named, total = bundle.recipient("n_named"), bundle.recipient("n_people")
    line = None
    if bundle.is_redacted and is_number(named) and is_number(total):
        line = f"{total:,} people in the meeting’s papers = {named:,} named here + {total - named:,} withheld"
    counted = None if bundle.is_redacted else say_rows_withheld(bundle)
    fullest = show_text(bundle.fact("fullest_copy", FULLEST_COPY))
    title = fullest[0].upper() + fullest[1:]
    headings = [replace(h, title=f"In {fullest}") if h.name == "in_chairs_copy" else h for h in WITHHELD_HEADINGS]
    caption = f"{title} and yours." if bundle.is_redacted else "What this copy leaves out."
    shown = format_table(table, headings, table_id="withheld-table", caption=caption)
    return render(
        "withheld.html.j2", reconciliation=line, counted=counted, table=shown, is_redacted=bundle.is_redacted,
        fullest=title,
    )  # fmt: skip
