"""Which deliveries may be used, and what the reader must know about those that may not, or did not come.

A delivery may be used when a sharing agreement that covers its feed was in force on the day it was received. Where
the newest may not, the last good one is, and the feed is said to be held.
"""

from datetime import date
from fnmatch import fnmatchcase

import pandas as pd

from csp_toolkit.tables.view import COVERAGE_COLUMNS

AGREEMENTS_FEED = "csp_sharing_agreements"
NO_MAPPING = "no mapping yet"
EXPECTED = "expected"
COUNTS = ("rows_in", "accepted", "repaired", "rejected", "withdrawn")
_DELIVERY = ["received_on", "delivery_id"]


def choose_batches(batches: pd.DataFrame, agreements: pd.DataFrame) -> pd.DataFrame:
    """Say of each batch whether it may be used, whether its rows count, and whether it is the newest used.

    Parameters
    ----------
    batches : the casebook's batches as known, with batch_id, feed, kind, received_on and delivery_id.
    agreements : every agreement as ever received by then, with the received_on and delivery_id it came with.

    Returns
    -------
    `batches`, oldest first, with `order` (higher is newer); `is_usable`; `is_newest_sent` (in the feed's newest
    delivery); `is_newest_used` (in its newest usable one); `is_current`: of a register only the newest usable
    delivery, of events every usable one.
    """
    ordered = batches.sort_values([*_DELIVERY, "batch_id"], kind="stable").reset_index(drop=True)
    in_force = {day: list_in_force(day, agreements) for day in ordered["received_on"].unique()}
    usable = [
        feed == AGREEMENTS_FEED or any(fnmatchcase(feed, pattern) for pattern in in_force[day])
        for feed, day in zip(ordered["feed"], ordered["received_on"], strict=True)
    ]
    ordered["order"] = range(len(ordered))
    ordered["is_usable"] = pd.Series(usable, dtype="bool")
    # The feed's newest mapping says what kind it is; deliveries are numbered by their place in time.
    kind = ordered.groupby("feed")["kind"].transform("last")
    place = ordered.groupby(_DELIVERY).ngroup()
    newest_used = place.where(ordered["is_usable"]).groupby(ordered["feed"]).transform("max")
    ordered["is_newest_sent"] = place.eq(place.groupby(ordered["feed"]).transform("max"))
    ordered["is_newest_used"] = place.eq(newest_used)
    ordered["is_current"] = ordered["is_usable"] & (kind.eq("events") | ordered["is_newest_used"])
    return ordered


def list_in_force(received_on: pd.Timestamp, agreements: pd.DataFrame) -> list[str]:
    """Return the feeds (patterns of their names) that agreements in force on a day cover.

    Two lists of agreements speak: the one that stood on that day, and the newest known. Of one agreement the newer
    word counts, once it is signed: a renewal does not undo the years before it, an early end does end it. A draft,
    or an agreement without both dates, is not in force.
    """
    if agreements.empty:
        return []
    place = agreements.groupby(_DELIVERY).ngroup()
    then = place[agreements["received_on"] <= received_on].max()
    speaking = agreements[place.isin([then, place.max()])]
    speaking = speaking[speaking["signed_on"].le(received_on)]
    last = speaking.sort_values(_DELIVERY, kind="stable").drop_duplicates("agreement_ref", keep="last")
    in_force = last[last["expires_on"].ge(received_on) & last["status"].ne("DRAFT")]
    return [str(pattern).strip() for pattern in in_force["feeds_covered"].dropna().str.split(";").explode()]


def describe_coverage(
    chosen: pd.DataFrame, arrivals: pd.DataFrame, newest_on: dict[str, pd.Timestamp], *, as_of: date
) -> pd.DataFrame:
    """Return one row per feed: what came, what is used, and how old it is (`COVERAGE_COLUMNS`).

    Parameters
    ----------
    chosen : what `choose_batches` returned.
    arrivals : delivery_id, received_on, feed, agency, state: feeds that a mapping expects, files no mapping knows.
    newest_on : the newest event of each feed's used delivery; a feed that is not in it is as new as its receipt.
    """
    main_day = _main_delivery(chosen)
    rows = [
        _describe_feed(str(feed), group, main_day, newest_on, pd.Timestamp(as_of))
        for feed, group in chosen.groupby("feed")
    ]
    silent = arrivals[~arrivals["feed"].isin(chosen["feed"])]
    silent = silent.sort_values([*_DELIVERY, "state"], kind="stable").drop_duplicates("feed", keep="last")
    for arrival in silent.itertuples(index=False):
        is_unmapped = arrival.state == NO_MAPPING
        rows.append({
            "feed": arrival.feed, "agency": arrival.agency, "state": NO_MAPPING if is_unmapped else "missing",
            "received_on": arrival.received_on if is_unmapped else pd.NaT,
            "note": "received, and not read: no mapping for it yet" if is_unmapped else "never received",
        })  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COVERAGE_COLUMNS)).sort_values("feed", ignore_index=True)
    for name in ("received_on", "used_received_on", "newest_on"):
        table[name] = table[name].astype("datetime64[us]")
    for name in ("age_days", *COUNTS):
        table[name] = table[name].astype("Int64")
    return table.astype({name: "str" for name in ("feed", "agency", "state", "note")})


def _main_delivery(chosen: pd.DataFrame) -> pd.Timestamp:
    """Return the newest day on which at least half of all feeds came.

    A single return that follows a week after the others must not make all the others look stale.
    """
    n_feeds = chosen.groupby("received_on")["feed"].nunique()
    main = n_feeds[n_feeds * 2 >= chosen["feed"].nunique()]
    return (main if len(main) else n_feeds).index.max()


def _describe_feed(
    feed: str, batches: pd.DataFrame, main_day: pd.Timestamp, newest_on: dict[str, pd.Timestamp], as_of: pd.Timestamp
) -> dict[str, object]:
    used = batches[batches["is_newest_used"]]
    received_on = batches["received_on"].max()
    row: dict[str, object] = {"feed": feed, "agency": batches["agency"].iloc[-1], "received_on": received_on}
    row |= {name: int(used[name].sum()) for name in COUNTS}
    if len(used):
        used_on = used["received_on"].max()
        newest = newest_on.get(feed, used_on)
        row |= {"used_received_on": used_on, "newest_on": newest, "age_days": (as_of - newest).days}
    if not batches["is_newest_sent"].eq(batches["is_newest_used"]).all():
        instead = f"that of {_say(row['used_received_on'])} is used" if len(used) else "nothing of it is used"
        note = f"no agreement was in force for the delivery of {_say(received_on)}; {instead}"
        return row | {"state": "held", "note": note}
    if received_on < main_day:
        note = f"not in the delivery of {_say(main_day)}; that of {_say(received_on)} is used"
        return row | {"state": "stale", "note": note}
    return row | {"state": "arrived", "note": ""}


def _say(day: object) -> str:
    stamp = pd.Timestamp(day)
    return f"{stamp.day} {stamp:%b %Y}"
