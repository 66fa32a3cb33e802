"""Ties from rows of who was in which event: the narwhals expressions beside what one writes by hand.

Beside them stands the self-merge an analyst would write in pandas. Each in a process of its own, for its memory: CPU
time, and the most memory the process held, libraries and all. `CSP_BENCH_ROWS` sets the sizes, `CSP_BENCH_TURNS` how
often each is run: the middle counts, for what the system takes to hand out memory varies twofold.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
SIZES = [int(n) for n in os.environ.get("CSP_BENCH_ROWS", "1000000").split(",")]
TURNS = int(os.environ.get("CSP_BENCH_TURNS", "3"))
STRONG = ("A", "B")


def by_toolkit_polars(path: str) -> int:
    import narwhals as nw
    import polars as pl

    return len(_ties(nw.from_native(pl.scan_parquet(path))).to_native().collect())


def by_toolkit_duckdb(path: str) -> int:
    import duckdb
    import narwhals as nw

    with duckdb.connect() as home:
        _ties(nw.from_native(home.read_parquet(path))).to_native().create("done")
        return int(home.sql("select count(*) from done").fetchall()[0][0])


def _ties(rows: Any) -> Any:
    from csp_toolkit.networks.evidence.weighing import EVENT_KINDS, pair_up, weigh_evidence
    from csp_toolkit.networks.policy import read_tie_policy

    policy = read_tie_policy()
    return weigh_evidence(pair_up(rows, policy), policy, kinds=EVENT_KINDS)


def by_hand_polars(path: str) -> int:
    import polars as pl

    rows = pl.scan_parquet(path).group_by("event_kind", "event_id", "person_id").agg(
        pl.col("item_ref", "origin_id", "grade", "handling", "seen_on").min(), pl.col("p_item").max()
    )  # fmt: skip
    sizes = rows.group_by("event_kind", "event_id").agg(n=pl.len()).filter(pl.col("n") <= 30)
    key = ["event_kind", "event_id"]
    pairs = rows.join(rows, on=key, suffix="_b").join(sizes, on=key).filter(pl.col("person_id") < pl.col("person_id_b"))
    pairs = pairs.with_columns(
        p=pl.min_horizontal("p_item", "p_item_b") / (pl.col("n") - 1),
        strong=pl.col("grade").str.slice(1, 1).is_in(STRONG), tested=pl.col("grade").str.slice(0, 1) == "1",
    )  # fmt: skip
    origins = pairs.filter(pl.col("p") > 0).group_by("person_id", "person_id_b", "origin_id").agg(
        pl.col("p", "strong", "tested").max(), pl.col("seen_on").min().alias("first"), pl.col("handling").min(),
        pl.col("seen_on").max().alias("last"), items=pl.len(),
    )  # fmt: skip
    ties = origins.group_by("person_id", "person_id_b").agg(
        doubt=(1 - pl.col("p")).clip(1e-12, 1.0).log().sum(), strong=pl.col("strong").max(),
        tested=pl.col("tested").max(), items=pl.col("items").sum(), origins=pl.len(), first=pl.col("first").min(),
        last=pl.col("last").max(), handling=pl.col("handling").min(),
    )  # fmt: skip
    chance = 1 - pl.col("doubt").exp()
    return len(ties.with_columns(p_exists=pl.when("strong").then(chance).otherwise(chance.clip(0, 0.5))).collect())


def by_hand_duckdb(path: str) -> int:
    import duckdb

    with duckdb.connect() as home:
        home.sql(f"""create table done as
            with people as (select event_kind, event_id, person_id, min(item_ref) item_ref, min(origin_id) origin_id,
                min(grade) grade, min(handling) handling, min(seen_on) seen_on, max(p_item) p_item
                from read_parquet('{path}') group by all),
            sizes as (select event_kind, event_id, count(*) n from people group by all having count(*) <= 30),
            pairs as (select a.person_id pa, b.person_id pb, a.origin_id, a.handling, a.seen_on, a.grade,
                least(a.p_item, b.p_item) / (n - 1) p
                from people a join people b using (event_kind, event_id) join sizes using (event_kind, event_id)
                where a.person_id < b.person_id),
            origins as (select pa, pb, origin_id, max(p) p, max(grade[2] in ('A', 'B')) strong,
                max(grade[1] = '1') tested,
                min(seen_on) first, max(seen_on) last, min(handling) handling, count(*) items
                from pairs where p > 0 group by all),
            ties as (select pa, pb, sum(ln(greatest(1 - p, 1e-12))) doubt, max(strong) strong, max(tested) tested,
                min(first) first, max(last) last, min(handling) handling, sum(items) items, count(*) origins
                from origins group by all)
            select *, case when strong then 1 - exp(doubt) else least(1 - exp(doubt), 0.5) end p_exists from ties""")
        return int(home.sql("select count(*) from done").fetchall()[0][0])


def by_pandas(path: str) -> int:
    import pandas as pd

    rows = pd.read_parquet(path).drop_duplicates(["event_kind", "event_id", "person_id"])
    sizes = rows.groupby(["event_kind", "event_id"])["person_id"].transform("size")
    rows = rows.assign(n=sizes)[sizes <= 30]
    pairs = rows.merge(rows, on=["event_kind", "event_id"], suffixes=("", "_b"))
    pairs = pairs[pairs["person_id"] < pairs["person_id_b"]]
    pairs = pairs.assign(p=pairs[["p_item", "p_item_b"]].min(axis=1) / (pairs["n"] - 1))
    origins = pairs.groupby(["person_id", "person_id_b", "origin_id"])["p"].max().reset_index()
    return len(origins.assign(q=1 - origins["p"]).groupby(["person_id", "person_id_b"])["q"].prod())


WAYS: dict[str, Callable[[str], int]] = {
    "toolkit on Polars": by_toolkit_polars, "toolkit on DuckDB": by_toolkit_duckdb, "Polars by hand": by_hand_polars,
    "DuckDB by hand": by_hand_duckdb, "pandas self-merge": by_pandas,
}  # fmt: skip


def run_alone(way: str, path: str) -> tuple[float, float, int]:
    """Run one way in processes of its own; return its seconds, its most MiB, and how many ties it found."""
    words, told = [sys.executable, __file__, way, path, path + ".few"], []
    for _ in range(TURNS):
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        told.append([float(word) for word in done.stdout.split()])
    seconds, memory, n_ties = (median(of) for of in zip(*told, strict=True))
    return seconds, memory, int(n_ties)


def most_memory() -> float:
    """Return the most MiB this process held.

    What `getrusage` says begins at what the process held that started this one, so it is asked only where there is no
    other way.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the ratios for each size."""
    from bench.made_networks import make_memberships

    for n in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/rows.parquet"
            make_memberships(n).to_parquet(path)
            make_memberships(1_000).to_parquet(path + ".few")
            found = {way: run_alone(way, path) for way in WAYS}
        assert len({n_ties for *_, n_ties in found.values()}) == 1, found
        best = min(found["toolkit on Polars"], found["toolkit on DuckDB"])
        by_hand = min(found["Polars by hand"][0], found["DuckDB by hand"][0])
        seconds, memory, n_ties = found["pandas self-merge"]
        print(f"{n:,} rows, {n_ties:,} ties: {best[0]:.1f} s")
        of_pandas = f"{best[0] / seconds:.2f} x the time, {best[1] / memory:.2f} x the memory"
        print(f"  {of_pandas} of a pandas self-merge (aim 0.5)")
        print(f"  {best[0] / by_hand:.2f} x the quicker of Polars and DuckDB by hand (aim 1.3)")
        for way, (s, m, _) in found.items():
            print(f"    {way}: {s / seconds:.2f} of pandas' time, {m / memory:.2f} of its memory")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        WAYS[sys.argv[1]](sys.argv[3])  # what it imports is not timed
        began = time.process_time()
        n_found = WAYS[sys.argv[1]](sys.argv[2])
        took = time.process_time() - began
        print(took, most_memory(), n_found)
    else:
        main()
