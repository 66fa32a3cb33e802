"""Points on a region's worth of items: the rules as shipped, on three engines, against the same rules written by hand.

By hand is one Polars query, and one pandas version made of merges; both give the same ledger, which is checked at
100,000 items before anything is timed. Each engine gets its items in memory in its own form and must return the whole
ledger. `CSP_BENCH_ITEMS` says how many items, parted by commas; each way is run in a process of its own, in turn, and
the most memory that process held is printed beside its time.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.made_items import AS_OF, make_items
from csp_toolkit.scoring.matrix import Matrix, read_matrix
from csp_toolkit.scoring.matrix_parts import BASES, ten_thousandths
from csp_toolkit.scoring.points import LEDGER_COLUMNS, award_points
from csp_toolkit.scoring.ranking import sort_ledger

SIZES = [int(n) for n in os.environ.get("CSP_BENCH_ITEMS", "1000000,10000000").split(",")]
TURNS = int(os.environ.get("CSP_BENCH_TURNS", "3"))
WHOLE = 10_000**3
PLACE = ["order", "minus", "item_id", "criterion"]


def by_hand_polars(items: pl.LazyFrame, matrix: Matrix, as_of: date) -> pl.LazyFrame:
    """The whole of the rules as one Polars query."""
    look = {
        "window": {c.id: c.window_days for c in matrix.criteria},
        "criterion_cap": {c.id: ten_thousandths(c.cap) for c in matrix.criteria},
        "domain": {c.id: c.domain for c in matrix.criteria},
        "is_asking": {c.id: c.min_origins > 1 for c in matrix.criteria},
    }
    asking = [c.id for c in matrix.criteria if c.min_origins > 1]
    roles = {role: ten_thousandths(factor) for role, factor in matrix.roles.items()}
    age = (pl.lit(as_of) - pl.col("event_on").cast(pl.Date)).dt.total_days()
    recency = pl.lit(0)
    for step in reversed(matrix.recency):
        recency = pl.when(age <= step.days).then(ten_thousandths(step.factor)).otherwise(recency)
    product = pl.col("base") * pl.col("evidence_factor") // 10 * pl.col("recency_factor") * pl.col("role_factor")
    is_report = pl.col("basis") == "intelligence"
    number = pl.int_range(pl.len())
    best = ["minus", "order", "item_id", "criterion"]
    bucket = (pl.col("event_on").cast(pl.Date) - pl.lit(matrix.origin_bucket.counted_from)).dt.total_days()
    caps = {d.id: ten_thousandths(d.cap) for d in matrix.domains}
    weighed = (
        items.with_columns(
            *(pl.col("criterion").replace_strict(table).alias(name) for name, table in look.items()),
            evidence_factor=pl.col("evidence").replace_strict(matrix.evidence_factors, default=None),
            role_factor=pl.col("role").replace_strict(roles, default=None),
            recency_factor=recency.cast(pl.Int64),
            order=pl.col("basis").replace_strict({basis: place for place, basis in enumerate(BASES)}),
            age=age,
        )
        .filter(pl.col("age").is_between(0, pl.col("window")))
        .with_columns(points=(product + WHOLE // 20) // (WHOLE // 10))
        .filter(pl.col("points") > 0)
        .with_columns(
            minus=-pl.col("points"), bucket=bucket // matrix.origin_bucket.days, is_report=is_report,
        )
        .pipe(
            lambda found: found.join(
                found.filter(pl.col("criterion").is_in(asking))
                .group_by("person_id", "criterion")
                .agg(n_origins=pl.col("origin_id").n_unique()),
                on=["person_id", "criterion"], how="left",
            )
        )
        .with_columns(event_place=number.over("person_id", "event_id", "domain", order_by=best))
        .with_columns(
            origin_place=pl.when((pl.col("event_place") == 0) & is_report).then(
                number.over("person_id", "origin_id", "bucket", "is_report", pl.col("event_place") == 0, order_by=best)
            ).otherwise(0)
        )
        .with_columns(
            rule=pl.when(pl.col("event_place") > 0).then(pl.lit("same event"))
            .when(pl.col("origin_place") > 0).then(pl.lit("same origin"))
            .when(pl.col("is_asking") & pl.col("n_origins").eq(1)).then(pl.lit("needs two origins"))
            .otherwise(pl.lit("counts")),
        )
        .with_columns(points=pl.when(pl.col("rule") == "counts").then(pl.col("points")).otherwise(0))
        .with_columns(kept=pl.col("points"))
    )  # fmt: skip
    steps = (
        ("criterion cap", ["person_id", "criterion"], pl.col("criterion_cap"), pl.lit(True)),
        ("domain cap", ["person_id", "domain"], pl.col("domain").replace_strict(caps), pl.lit(True)),
        ("intelligence cap", ["person_id", "is_report"], pl.lit(ten_thousandths(matrix.intelligence_cap)), is_report),
    )
    for rule, group, cap, applies in steps:
        beyond = (pl.col("kept").cum_sum().over(group, order_by=PLACE) - cap).clip(0, pl.col("kept"))
        weighed = weighed.with_columns(pl.when(applies).then(beyond).otherwise(0).alias(rule))
        weighed = weighed.with_columns(kept=pl.col("kept") - pl.col(rule))
    weighed = weighed.rename({"event_on": "event_date"})
    cuts = [
        weighed.filter(pl.col(rule) > 0).with_columns(points=-pl.col(rule), rule=pl.lit(rule)) for rule, *_ in steps
    ]
    return pl.concat([weighed, *cuts]).select(LEDGER_COLUMNS)


def by_hand_pandas(items: pd.DataFrame, matrix: Matrix, as_of: date) -> pd.DataFrame:
    """The same rules as an analyst writes them in pandas: look-ups by merge, then sort and group."""
    criteria = pd.DataFrame(
        [(c.id, c.domain, c.window_days, ten_thousandths(c.cap), c.min_origins) for c in matrix.criteria],
        columns=["criterion", "domain", "window", "criterion_cap", "origins_asked"],
    )
    domains = pd.DataFrame([(d.id, ten_thousandths(d.cap)) for d in matrix.domains], columns=["domain", "domain_cap"])
    evidence = pd.DataFrame(matrix.evidence_factors.items(), columns=["evidence", "evidence_factor"])
    roles = pd.DataFrame([(r, ten_thousandths(f)) for r, f in matrix.roles.items()], columns=["role", "role_factor"])
    steps = pd.DataFrame(
        [(s.days, ten_thousandths(s.factor)) for s in matrix.recency], columns=["age", "recency_factor"]
    )
    table = items.merge(criteria, on="criterion").merge(domains, on="domain").merge(evidence, on="evidence")
    table = table.merge(roles, on="role")
    table["age"] = (pd.Timestamp(as_of) - table["event_on"]).dt.days
    table = table[(table["age"] >= 0) & (table["age"] <= table["window"])].sort_values("age")
    table = pd.merge_asof(table, steps, on="age", direction="forward")
    product = table["base"] * (table["evidence_factor"] // 10) * table["recency_factor"] * table["role_factor"]
    table["points"] = (product + WHOLE // 20) // (WHOLE // 10)
    table = table[table["points"] > 0]
    table["order"] = table["basis"].map({basis: place for place, basis in enumerate(BASES)})
    table["is_report"] = table["basis"].eq("intelligence")
    asking = table[table["origins_asked"] > 1]
    table["n_origins"] = asking.groupby(["person_id", "criterion"])["origin_id"].transform("nunique")
    days = (table["event_on"] - pd.Timestamp(matrix.origin_bucket.counted_from)).dt.days
    table["bucket"] = days // matrix.origin_bucket.days
    table = table.sort_values(["points", "order", "item_id", "criterion"], ascending=[False, True, True, True])
    table["rule"] = "counts"
    table.loc[table.groupby(["person_id", "event_id", "domain"]).cumcount() > 0, "rule"] = "same event"
    reports = table[table["is_report"] & table["rule"].eq("counts")]
    repeated = reports.groupby(["person_id", "origin_id", "bucket"]).cumcount() > 0
    table.loc[repeated[repeated].index, "rule"] = "same origin"
    table.loc[table["rule"].eq("counts") & (table["n_origins"] < table["origins_asked"]), "rule"] = "needs two origins"
    table["points"] = table["points"].where(table["rule"].eq("counts"), 0)
    table["minus"] = -table["points"]
    table = table.sort_values(PLACE)
    table["kept"] = table["points"]
    table["intelligence_cap"] = np.where(table["is_report"], ten_thousandths(matrix.intelligence_cap), 10**12)
    cuts = []
    for rule, group in (("criterion", "criterion"), ("domain", "domain"), ("intelligence", "is_report")):
        beyond = table.groupby(["person_id", group])["kept"].cumsum() - table[f"{rule}_cap"]
        lost = beyond.clip(lower=0).where(beyond < table["kept"], table["kept"])
        table["kept"] -= lost
        cut = table[lost > 0].assign(points=-lost[lost > 0], rule=f"{rule} cap")
        cuts.append(cut)
    return pd.concat([table, *cuts]).rename(columns={"event_on": "event_date"})[list(LEDGER_COLUMNS)]


def run(way: str, path: str) -> tuple[float, Any]:
    """Return the seconds one way takes to make the whole ledger, and the ledger."""
    matrix = read_matrix()
    if way == "duckdb":
        import duckdb

        connection = duckdb.connect()
        connection.execute(f"create table items as select * from read_parquet('{path}')")
        began = time.perf_counter()
        made: Any = award_points(connection.table("items"), matrix, as_of=AS_OF).to_arrow_table()
        return time.perf_counter() - began, made
    if way.startswith("polars"):
        items = pl.read_parquet(path)
        began = time.perf_counter()
        made = (
            by_hand_polars(items.lazy(), matrix, AS_OF).collect()
            if way == "polars by hand"
            else award_points(items, matrix, as_of=AS_OF)
        )
        return time.perf_counter() - began, made
    table = pd.read_parquet(path)
    began = time.perf_counter()
    made = by_hand_pandas(table, matrix, AS_OF) if way == "pandas by hand" else award_points(table, matrix, as_of=AS_OF)
    return time.perf_counter() - began, made


def check(path: str) -> None:
    """Hold every way to one ledger."""
    first: pd.DataFrame | None = None
    for way in ("polars by hand", "polars", "duckdb", "pandas", "pandas by hand"):
        made = run(way, path)[1]
        made = made.to_pandas() if hasattr(made, "to_pandas") else made
        ledger = sort_ledger(made.astype({"event_date": "datetime64[us]"}).astype({"person_id": "str"}))
        if first is None:
            first = ledger
        pd.testing.assert_frame_equal(first, ledger, check_dtype=False)
    print(f"all ways give one ledger of {len(first):,} rows" if first is not None else "")


def make(path: str) -> None:
    """Write the items a file is named for."""
    import pyarrow as pa

    made = make_items(int(Path(path).stem), read_matrix())
    pq.write_table(pa.Table.from_pandas(made, preserve_index=False), path)


def measure(way: str, path: str) -> str:
    """Do one thing in a process of its own, which starts with the little memory this one holds, and return its word."""
    done = subprocess.run([sys.executable, __file__, way, path], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{way} failed: {done.stderr[-500:]}")
    return done.stdout.strip()


def main() -> None:
    """Print the ratios."""
    beside = {"polars": "polars by hand", "duckdb": "polars by hand", "pandas": "pandas by hand"}
    ways = ("polars by hand", "polars", "duckdb", "pandas by hand", "pandas")
    with tempfile.TemporaryDirectory() as home:
        paths = {n: f"{home}/{n}.parquet" for n in (100_000, *SIZES)}
        for path in paths.values():
            measure("make", path)
        print(measure("check", paths[100_000]))
        for n in SIZES:
            took: dict[str, list[float]] = {way: [] for way in ways}
            held = dict.fromkeys(ways, 0.0)
            for _ in range(TURNS):
                for way in ways:
                    seconds, memory = map(float, measure(way, paths[n]).split())
                    took[way].append(seconds)
                    held[way] = max(held[way], memory)
            print(f"{n:,} items, medians of {TURNS}:")
            for way in ways:
                line = f"  {way}: {statistics.median(took[way]):.2f} s, {held[way]:.1f} GB at most"
                if way in beside:
                    ratios = [a / b for a, b in zip(took[way], took[beside[way]], strict=True)]
                    line += f"; {statistics.median(ratios):.2f} x {beside[way]}"
                print(line)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        main()
    elif sys.argv[1] in ("make", "check"):
        {"make": make, "check": check}[sys.argv[1]](sys.argv[2])
    else:
        spent = run(sys.argv[1], sys.argv[2])[0]
        print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)
