"""How sure each place is in a large pool, against the same rules as an analyst writes them.

People with items in 12 criteria whose weights are varied. `assess_seats` gives the chance of a seat, `assess_certainty`
ranks and their ranges as well; beside them stand a plain pandas loop (timed on a hundredth of the draws) and numpy in
chunks of draws (timed on a tenth), from points that are ready for them. Chances must be the same to the last figure.
Then the truth of items: beside the hashing, comparing and adding up that numpy cannot do without.

`CSP_BENCH_PEOPLE` and `CSP_BENCH_DRAWS` set the sizes.
"""

import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.made_items import AS_OF, make_items
from csp_toolkit.scoring.certainty.policy import CertaintyPolicy, read_certainty_policy
from csp_toolkit.scoring.certainty.reach import assess_seats
from csp_toolkit.scoring.certainty.reruns import prepare_reruns
from csp_toolkit.scoring.certainty.seats import rank_each, share_seats
from csp_toolkit.scoring.matrix import Matrix, read_matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths
from csp_toolkit.scoring.points import award_points
from csp_toolkit.scoring.ranking import Scores

SIZES = [int(n) for n in os.environ.get("CSP_BENCH_PEOPLE", "2000,100000").split(",")]
DRAWS = int(os.environ.get("CSP_BENCH_DRAWS", "10000"))
CRITERIA = ["V1", "V2", "V3", "V4", "V5", "V6", "D1", "D2", "D3", "G1", "G2", "V7"]
SEED, CHUNK = 1, 64
MATRIX = read_matrix()


def make_scores(n_people: int) -> tuple[Scores, np.ndarray]:
    """Make a ranked pool with about six items a person, at most one a criterion, and its points as whole numbers."""
    rng = np.random.default_rng(SEED)
    person, criterion = np.nonzero(rng.random((n_people, 12)) < rng.beta(1, 3, n_people)[:, None])
    names = np.array([f"PER-{n:06d}" for n in range(n_people)], dtype=object)
    kinds = np.array(["convicted", "charged", "named", "difficulties"], dtype=object)
    number = np.arange(len(person))
    evidence = kinds[rng.integers(0, 4, len(person))]
    base = np.array([ten_thousandths(MATRIX.by_id[c].base) for c in CRITERIA])
    items = pd.DataFrame(
        {
            "person_id": names[person], "criterion": np.array(CRITERIA, dtype=object)[criterion],
            "item_id": [f"I{n:08d}" for n in number], "event_id": [f"E{n:08d}" for n in number],
            "origin_id": [f"E{n:08d}" for n in number],
            "event_on": pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(0, 360, len(person)), unit="D"),
            "basis": np.where(evidence == "convicted", "proved", "alleged"), "evidence": evidence,
            "role": "not recorded", "base": base[criterion],
        }
    )  # fmt: skip
    items = items.astype({name: "str" for name in items.columns if name not in ("event_on", "base")})
    ledger = award_points(items, MATRIX, as_of=AS_OF)
    table = ledger.groupby("person_id")["points"].sum().rename("score").reset_index().assign(block="ranked")
    table["rank"] = table["score"].rank(method="min", ascending=False).astype("Int64")
    table = table.sort_values(["rank", "person_id"], ignore_index=True)
    nothing = pd.DataFrame({"person_id": []}, dtype="str")
    place = {p: n for n, p in enumerate(table["person_id"])}
    days = (pd.Timestamp(AS_OF) - items["event_on"]).dt.days.to_numpy()
    steps = np.array([step.days for step in MATRIX.recency])
    recency = np.array([ten_thousandths(s.factor) // 10 for s in MATRIX.recency])[np.searchsorted(steps, days)]
    factor = items["evidence"].map({k: f // 10 for k, f in MATRIX.evidence_factors.items()}).to_numpy("int64")
    ready = np.zeros((len(table), 12), dtype="int64")
    ready[items["person_id"].map(place).to_numpy(), criterion] = base[criterion] // 10 * factor * recency * 1000
    return Scores(table, ledger, nothing, nothing, MATRIX, AS_OF, items), ready


def weights_of(scores: Scores, policy: CertaintyPolicy) -> np.ndarray:
    """Return the same weights for everybody who asks, in the order of the criteria above."""
    items = scores.items.head(1).assign(standing=0)
    who = items["person_id"].tolist()
    doubts = prepare_reruns(scores, who, items, who, (), policy, seed=SEED).doubts
    drawn = doubts.draw_weights(range(policy.draws))
    return drawn[[doubts.sheet.criteria.index(c) for c in CRITERIA]]


def caps(matrix: Matrix) -> tuple[np.ndarray, list[tuple[list[int], int]]]:
    """Return the caps of the criteria and, of each domain, its columns and its cap."""
    domains = [([n for n, c in enumerate(CRITERIA) if matrix.by_id[c].domain == d.id], ten_thousandths(d.cap))
               for d in matrix.domains]  # fmt: skip
    return np.array([ten_thousandths(matrix.by_id[c].cap) for c in CRITERIA]), domains


def by_numpy(ready: np.ndarray, weights: np.ndarray, ranks: bool = False) -> np.ndarray:
    """Give each person's seats, in chunks of draws."""
    of_criteria, domains = caps(MATRIX)
    seats, kept = np.zeros(len(ready)), []
    for start in range(0, weights.shape[1], CHUNK):
        part = weights[:, start : start + CHUNK].T
        points = np.minimum((ready * part[:, None, :] + 5 * 10**10) // 10**11, of_criteria)
        score = sum(np.minimum(points[:, :, own].sum(axis=2), cap) for own, cap in domains)
        seats += share_seats(np.asarray(score)).sum(axis=0)
        if ranks:
            kept.append(rank_each(np.asarray(score)).astype("int32"))
    if ranks:
        np.partition(np.concatenate(kept), [len(weights.T) // 20], axis=0)
    return seats


def by_pandas(ready: np.ndarray, weights: np.ndarray) -> pd.Series:
    """Give each person's seats, one draw after the other."""
    of_criteria, domains = caps(MATRIX)
    table, seats = pd.DataFrame(ready), pd.Series(0.0, index=range(len(ready)))
    for draw in weights.T:
        points = ((table * draw + 5 * 10**10) // 10**11).clip(upper=of_criteria, axis=1)
        score = sum(points[own].sum(axis=1).clip(upper=cap) for own, cap in domains)
        rank = score.rank(method="min", ascending=False)
        n_level = score.groupby(score).transform("size")
        seats += ((11 - rank).clip(0, n_level) / n_level) * (score > 0)
    return seats


def grow() -> None:
    """Print how the time of chances grows with ten times the people, and with ten times the draws."""
    took = {}
    for n_people, n_draws in ((2_000, 1_000), (20_000, 1_000), (2_000, 10_000)):
        scores, _ = make_scores(n_people)
        policy = CertaintyPolicy.model_validate(read_certainty_policy().model_dump() | {"draws": n_draws})

        def run(scores: Scores = scores, policy: CertaintyPolicy = policy) -> None:
            assess_seats(scores, policy, seed=SEED, sources=["weights"])

        took[n_people, n_draws] = min(timed(run)[0] for _ in range(3))
    once, people, draws = took.values()
    print(f"chances, ten times the people: {people / once:.1f} x the time; ten times the draws: {draws / once:.1f} x")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


def compare(n_people: int) -> None:
    """Print the ratios for one size of pool."""
    scores, ready = make_scores(n_people)
    policy = CertaintyPolicy.model_validate(read_certainty_policy().model_dump() | {"draws": DRAWS})
    weights = weights_of(scores, policy)
    tenth, hundredth = weights[:, : DRAWS // 10], weights[:, : DRAWS // 100]
    few = CertaintyPolicy.model_validate(policy.model_dump() | {"draws": DRAWS // 10})
    same = assess_seats(scores, few, seed=SEED, sources=["weights"]).to_numpy()  # and whatever is imported on the way
    took, _ = timed(lambda: assess_seats(scores, policy, seed=SEED, sources=["weights"]))
    numpy_took, numpy_seats = timed(lambda: by_numpy(ready, tenth))
    assert (same == (numpy_seats / tenth.shape[1]).round(10)).all(), "chances differ from numpy's"
    print(f"{n_people:,} people, {len(scores.items):,} items, {DRAWS:,} draws: chances in {took:.2f} s, as numpy's")
    print(f"  {took / (10 * numpy_took):.3f} x chunked numpy")
    tracemalloc.start()
    assess_seats(scores, few, seed=SEED, sources=["weights"])
    print(f"  at most {tracemalloc.get_traced_memory()[1] / 2**20:.0f} MiB at a time, in a tenth of the draws")
    tracemalloc.stop()
    if n_people > 10_000:
        return
    pandas_took, pandas_seats = timed(lambda: by_pandas(ready, hundredth))
    assert np.allclose(by_numpy(ready, hundredth), pandas_seats, atol=1e-9), "numpy differs from pandas"
    print(f"  1/{100 * pandas_took / took:.0f} of a plain pandas loop (aim 1/100)")
    people = scores.list_ranked()
    place = {p: n for n, p in enumerate(people)}
    items = scores.items.assign(standing=scores.items["person_id"].map(place))
    everybody, base = np.arange(len(people)), np.ones(len(people))

    def with_ranks() -> None:
        pool = prepare_reruns(scores, people, items, people, (), policy, seed=SEED)
        pool.place(["weights"], DRAWS, everybody, base).rank_at(0.05)

    ranks_took, _ = timed(with_ranks)
    rank_numpy, _ = timed(lambda: by_numpy(ready, tenth, ranks=True))
    print(f"  with ranks: 1/{100 * pandas_took / ranks_took:.1f} of the loop (aim 1/10), ", end="")
    print(f"{ranks_took / (10 * rank_numpy):.2f} x chunked numpy with ranks (aim 2)")


def compare_truth(n_items: int, n_people: int, n_draws: int) -> None:
    """Print the ratio of item-level truth to drawing, comparing, weighing and adding up in numpy."""
    items = make_items(n_items, MATRIX, seed=SEED, n_people=n_people)
    place = {p: n for n, p in enumerate(sorted(items["person_id"].unique()))}
    items = items.assign(standing=items["person_id"].map(place))
    nothing = pd.DataFrame({"person_id": []}, dtype="str")
    scores = Scores(nothing, nothing, nothing, nothing, MATRIX, AS_OF, items)
    people = list(place)
    policy = read_certainty_policy()
    pool = prepare_reruns(scores, people, items, people, (), policy, seed=SEED)
    sheet, rng = pool.sheet, np.random.default_rng(SEED)
    chance = rng.random(len(sheet.evidence_rows))
    points = rng.integers(1, 10**5, len(sheet.weight))
    order = np.argsort(rng.integers(0, n_people, len(sheet.weight)), kind="stable")

    def unavoidable() -> None:
        for part in pool.part(n_draws):
            truths = rng.random((len(chance), len(part))) < chance[:, None]
            own = truths[sheet.evidence] * points[:, None]
            np.add.reduceat(own[order], np.arange(0, len(order), 20), axis=0)

    def ours() -> None:
        for part in pool.part(n_draws):
            pool.score({"truth": part}, len(part))

    ratios = [timed(ours)[0] / timed(unavoidable)[0] for _ in range(3)]
    print(f"truth of {n_items:,} items of {n_people:,} people, {n_draws:,} draws: ", end="")
    print(f"{sorted(ratios)[1]:.2f} x the numpy work it cannot avoid (aim 3)")


if __name__ == "__main__":
    for size in SIZES:
        compare(size)
    compare_truth(40_000, 2_000, DRAWS // 20)
    grow()
