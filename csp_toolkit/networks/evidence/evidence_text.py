"""What a tie rests on, in a few words for a table: kinds of record, how often, and grades."""

import pandas as pd

from csp_toolkit.display.wording import count_in_words, join_in_words

MOST_GRADES = 4
TIMES = {1: "", 2: " twice"}


def say_evidence(ties: pd.DataFrame, evidence: pd.DataFrame) -> pd.Series:
    """Say in words what each tie rests on, from the items that count.

    ``charged together twice; 2 reports, 2B 2C``
    """
    is_theirs = evidence["person_a"].isin(ties["person_a"]) & evidence["person_b"].isin(ties["person_b"])
    counted = evidence[is_theirs & (evidence["is_in_measures"] == "Y") & (evidence["p_true"] > 0)]
    said: dict[tuple[str, str], list[str]] = {}
    for (a, b, kind), items in counted.groupby(["person_a", "person_b", "kind"], sort=True):
        said.setdefault((a, b), []).append(_say(str(kind), items))
    pairs = zip(ties["person_a"], ties["person_b"], strict=True)
    return pd.Series(["; ".join(sorted(said.get(p, []), key=_order)) for p in pairs], index=ties.index, dtype="str")


def say_rests_on(items: pd.DataFrame) -> str:
    """Say in a few words what items of evidence come to, with grade and month: ``one 2D report of March 2026``.

    Reports of one origin are told as such; kinds stand strongest first.
    """
    said = [_say_kind(str(kind), rows) for kind, rows in items.groupby("kind", sort=True)]
    return join_in_words(sorted(said, key=_order)) if said else "nothing that counts"


def _say_kind(kind: str, rows: pd.DataFrame) -> str:
    n = rows["item_ref"].nunique()
    when = _say_months(rows["from_on"].min(), rows["seen_on"].max())
    if kind != "stated association":
        times = TIMES.get(n, f" {count_in_words(n, 'time')}")
        if kind.endswith("together"):
            return f"being {kind}{times} ({when})"
        shared = f"a {kind}" if kind.startswith("shared") else kind
        return f"{shared}{', on record' if times else ''}{times} ({when})"
    grades = " ".join(sorted(set(rows["grade"])))
    if n == 1:
        return f"one {grades} report of {when}"
    one = ", all of one origin" if rows["origin_id"].nunique() == 1 else ""
    return f"{count_in_words(n, 'report')} ({grades}) of {when}{one}"


def _say_months(first: pd.Timestamp, last: pd.Timestamp) -> str:
    start, end = f"{first:%B %Y}", f"{last:%B %Y}"
    if start == end:
        return end
    return f"{first:%B} to {end}" if first.year == last.year else f"{start} to {end}"


def say_links(links: pd.DataFrame) -> pd.Series:
    """Say how many records link a person to a line."""
    counts = [f"{n} police record{'s' if n > 1 else ''} of the line" for n in links["n_items"]]
    return pd.Series(counts, index=links.index, dtype="str")


def _say(kind: str, items: pd.DataFrame) -> str:
    n = items["item_ref"].nunique()
    if kind == "stated association":
        grades = sorted(set(items["grade"]))
        shown = " ".join(grades[:MOST_GRADES]) + (" and others" if len(grades) > MOST_GRADES else "")
        return f"{n} report{'s' if n > 1 else ''}, {shown}"
    if kind == "shared line":
        lines = items["origin_id"].nunique()
        return "linked to one line" if lines == 1 else f"linked to {lines} lines"
    if kind == "named together":
        return "named in one crime" if n == 1 else f"named in {n} crimes"
    return kind + TIMES.get(n, f" {n} times")


def _order(text: str) -> tuple[int, str]:
    first = ("charged", "arrested", "stopped", "named")
    return next((i for i, word in enumerate(first) if text.startswith(word)), len(first)), text
