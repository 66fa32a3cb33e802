"""The part of the cross-border papers that a neighbouring authority may have: what concerns its own area, and no name.

Each row carries the authority as `agency`, by which a copy keeps its own. Counts of people below the policy's least are
not said, and no total stands beside them from which they could be had.
"""

import pandas as pd

from csp_toolkit.networks.borders.study import Borders
from csp_toolkit.sharing.suppression import say_count

FLOW_WORDS = {
    "in": "people living with you were recorded here",
    "out": "people living here were recorded with you",
}


def list_shared(borders: Borders, asks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """List the tables for neighbouring authorities, a row for each and what concerns it.

    Parameters
    ----------
    asks : the questions with whose they are and how they may be handled.
    """
    areas = [a for a in borders.areas.areas if a.code != borders.areas.here and a.council]
    rows = [(str(area.council), area.code) for area in areas if area.holds_on(borders.activity.until.date())]
    councils = pd.DataFrame(rows, columns=["agency", "area"])
    flows = _flows(borders, councils)
    found = _found(borders, councils)
    return {
        "shared_flows": flows,
        "shared_found": found,
        "shared_asks": _asks(borders, asks),
        "shared_sowhat": _so_what(borders, councils, asks),
    }


def _flows(borders: Borders, councils: pd.DataFrame) -> pd.DataFrame:
    least, here = borders.policy.least_shared, borders.areas.here
    counts = borders.flows.table.set_index(["home", "area"])["n_people"]
    unknown = int(borders.flows.inflow["n_unknown"])
    rows = []
    for agency, area in councils.itertuples(index=False):
        for direction, pair in (("in", (area, here)), ("out", (here, area))):
            n = int(counts.get(pair, 0))
            rows.append((agency, direction, say_count(n, least), FLOW_WORDS[direction], say_count(unknown, least)
                         if direction == "in" else "not assessed"))  # fmt: skip
    return pd.DataFrame(rows, columns=["agency", "direction", "n_shown", "words", "n_unknown_shown"], dtype="str")


def _found(borders: Borders, councils: pd.DataFrame) -> pd.DataFrame:
    least = borders.policy.least_shared
    table = borders.found.table.set_index("area")
    rows = []
    for agency, area in councils.itertuples(index=False):
        n = int(table["n_episodes"].get(area, 0))
        rows.append((agency, say_count(n, least)))
    return pd.DataFrame(rows, columns=["agency", "n_shown"], dtype="str")


def _asks(borders: Borders, asks: pd.DataFrame) -> pd.DataFrame:
    """Keep the exact count in a question only where it is large enough to travel."""
    large = asks["n_unknown"] >= borders.policy.least_shared
    exact_is_public = asks["question"].eq(asks["question_without_counts"])
    question = asks["question"].where(large | exact_is_public, asks["question_without_counts"])
    n = asks.groupby("area").cumcount() + 1
    kept = asks[["agency", "kind", "handling", "handling_conditions"]]
    return kept.assign(n=n, question=question).dropna(subset=["agency"]).reset_index(drop=True)


def _so_what(borders: Borders, councils: pd.DataFrame, asks: pd.DataFrame) -> pd.DataFrame:
    least, here = borders.policy.least_shared, borders.areas.name_of(borders.areas.here)
    counts = borders.flows.table.set_index(["home", "area"])["n_people"]
    found = borders.found.table.set_index("area")["n_episodes"]
    unknown = int(borders.flows.inflow["n_unknown"])
    rows = []
    for agency, area in councils.itertuples(index=False):
        name = borders.areas.name_of(area)
        into, out = (int(counts.get(p, 0)) for p in ((area, borders.areas.here), (borders.areas.here, area)))
        said = [
            f"In a year {_people(into, least)} whose home was in {name} on the day were recorded in {here}, and "
            f"{_people(out, least)} of {here} in {name}.",
            f"Of {_people(unknown, least)} recorded in {here} the home is not known: some of them may be yours.",
            f"Missing people from {here} were found in {name} in {_episodes(int(found.get(area, 0)), least)}.",
        ]
        rows += [(agency, n, sentence) for n, sentence in enumerate(said, start=1)]
    return pd.DataFrame(rows, columns=["agency", "n", "sentence"]).astype({"agency": "str", "sentence": "str"})


def _people(n: int, least: int) -> str:
    said = say_count(n, least)
    return "nobody" if said == "none" else ("1 person" if said == "1" else f"{said} people")


def _episodes(n: int, least: int) -> str:
    said = say_count(n, least)
    return f"{'no' if said == 'none' else said} {'episode' if said == '1' else 'episodes'}"
