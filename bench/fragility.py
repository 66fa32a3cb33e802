"""What each of the first ten rests on, of 2,000 people with 40,000 items, beside scoring those items once.

A full scoring is the ledger and its sums by person, without the gates and the reading of records, which fragility does
not do again either. Everything that fragility needs is in its time: weighing the items, checking the sums, the search.
"""

import os
import statistics
import sys
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.made_items import AS_OF, make_items
from csp_toolkit.scoring.matrix import Matrix, read_matrix
from csp_toolkit.scoring.points import award_points
from csp_toolkit.scoring.ranking import Scores, sort_ledger
from csp_toolkit.scoring.what_if.fragility import Fragility, find_fragility

N_PEOPLE, N_ITEMS = 2_000, 40_000
TURNS = int(os.environ.get("CSP_BENCH_TURNS", "5"))


def score_items(items: pd.DataFrame, matrix: Matrix) -> Scores:
    """Score made-up items, everybody ranked and on the register by two convictions of their own."""
    ledger = sort_ledger(award_points(items, matrix, as_of=AS_OF))
    table = ledger.groupby("person_id")["points"].sum().rename("score").reset_index()
    table = table.sort_values(["score", "person_id"], ascending=[False, True], ignore_index=True)
    cited = pd.concat(
        [pd.DataFrame({"person_id": table["person_id"], "ref": f"C{n}-" + table["person_id"]}) for n in (1, 2)]
    )
    cited = cited.assign(kind="crime", event_on=pd.NaT, origin_id=cited["ref"], does_count=True, is_strong=True,
                         after=pd.NaT)  # fmt: skip
    nothing = pd.DataFrame({"person_id": []})
    return Scores(table.assign(block="ranked"), ledger, nothing, nothing, matrix, AS_OF, items, cited)


def main() -> None:
    """Print the ratio."""
    matrix = read_matrix()
    items = make_items(N_ITEMS, matrix, n_people=N_PEOPLE)
    scorings, searches = [], []
    found: Fragility | None = None
    for _ in range(TURNS):
        began = time.perf_counter()
        scores = score_items(items, matrix)
        scorings.append(time.perf_counter() - began)
        began = time.perf_counter()
        found = find_fragility(scores)
        searches.append(time.perf_counter() - began)
    ratio = statistics.median(search / scoring for search, scoring in zip(searches, scorings, strict=True))
    print(
        f"{N_PEOPLE:,} people, {N_ITEMS:,} items, medians of {TURNS}: one scoring {statistics.median(scorings):.2f} s"
    )
    print(f"  fragility: {ratio:.2f} scorings (the aim is at most 100), {len(found.sets) if found else 0} sets found")


if __name__ == "__main__":
    main()
