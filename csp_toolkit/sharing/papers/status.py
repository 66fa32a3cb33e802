"""Where a person is and under what conditions, in a few words, as far as it is recorded.

Nothing here is scored. What no feed says is "at liberty as far as recorded", never "at liberty".
"""

from datetime import date

import pandas as pd

from csp_toolkit.display.values import show_date
from csp_toolkit.tables.view import View

CUSTODY_STATES = ("SENTENCED", "REMAND", "RECALL")
AT_LIBERTY = "At liberty, as far as recorded"


def describe_status(view: View) -> pd.DataFrame:
    """Describe each person's custody, licence, bail and orders as at the view's date.

    Returns
    -------
    person_id, establishment, release_due_on, status_text; one row for each person of whom any of it is recorded.
    """
    prison = _newest_stay(view["prison_stays"], view.as_of)
    bail = _bail(view["orders"], view.as_of)
    table = prison.merge(bail, on="person_id", how="outer").sort_values("person_id").reset_index(drop=True)
    words = [
        "; ".join(part for part in pair if isinstance(part, str)) or AT_LIBERTY
        for pair in zip(table["prison_text"], table["bail_text"], strict=True)
    ]
    return table.assign(status_text=words)[["person_id", "establishment", "release_due_on", "status_text"]]


def _newest_stay(stays: pd.DataFrame, as_of: date) -> pd.DataFrame:
    today = pd.Timestamp(as_of)
    known = stays[stays["received_on"].isna() | (stays["received_on"] <= today)]
    newest = known.sort_values(["person_id", "received_on", "source_ref"]).groupby("person_id").tail(1)
    return pd.DataFrame(
        {
            "person_id": newest["person_id"],
            "establishment": newest["establishment"],
            "release_due_on": newest["release_due_on"],
            "prison_text": [_stay_in_words(stay, today) for stay in newest.itertuples()],
        }
    )


def _stay_in_words(stay: object, today: pd.Timestamp) -> str | None:
    status, released, licence_end = stay.status, stay.released_on, stay.licence_ends_on  # type: ignore[attr-defined]
    if pd.notna(released) and released <= today:
        if pd.notna(licence_end):
            return f"Licence to {show_date(licence_end)}" if licence_end >= today else None
        return "On licence, end not recorded"
    if status in CUSTODY_STATES:
        kind = {
            "SENTENCED": "In custody, sentenced",
            "REMAND": "In custody, on remand",
            "RECALL": "In custody, recalled",
        }
        due = stay.release_due_on  # type: ignore[attr-defined]
        return kind[status] + (f"; release due {show_date(due)}" if pd.notna(due) else "; release date not recorded")
    return None


def _bail(orders: pd.DataFrame, as_of: date) -> pd.DataFrame:
    today = pd.Timestamp(as_of)
    live = orders[
        (orders["made_on"] <= today)
        & (orders["expires_on"].isna() | (orders["expires_on"] >= today))
        & orders["order_type"].isin(["BAIL_CONDITIONS", "GANG_INJUNCTION", "CBO"])
    ].sort_values(["person_id", "order_type", "expires_on", "order_ref"])
    titles = {"BAIL_CONDITIONS": "Bail", "GANG_INJUNCTION": "Injunction", "CBO": "Behaviour order"}
    said = [
        f"{titles[kind]} to {show_date(end)}" if pd.notna(end) else f"{titles[kind]}, end not recorded"
        for kind, end in zip(live["order_type"], live["expires_on"], strict=True)
    ]
    texts = pd.DataFrame({"person_id": live["person_id"], "bail_text": said})
    return texts.groupby("person_id", as_index=False)["bail_text"].agg("; ".join)
