"""Loading a million rows: `csp load` beside a bare `read_csv` and `to_sql` of the same file.

What the bare pair does not do, the load does: find the encoding, map and type every column, judge every row, account
for it, and keep what was superseded. The file is the synthetic partnership's recorded crime, grown to a million rows
with references of their own.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

ROWS = int(os.environ.get("CSP_BENCH_ROWS", "1_000_000"))
CSP = "from csp_toolkit.cli import app; app()"


def grow(sample: Path, target: Path, n_rows: int) -> None:
    """Write a crime file of `n_rows`, made from a small one."""
    small = pd.read_csv(sample, dtype="str", keep_default_na=False)
    small = small[small["Crime Ref"].str.fullmatch(r"\d{2}SYND?/\d+/\d{2}")].drop_duplicates("Crime Ref")
    times = -(-n_rows // len(small))
    grown = pd.concat([small] * times, ignore_index=True).head(n_rows)
    numbers = pd.Series(range(n_rows))
    grown["Crime Ref"] = (
        (42 + numbers // 10**8).astype("str") + "SYND/" + (numbers % 10**6).astype("str").str.zfill(6) + "/"
        + (10 + numbers // 10**6).astype("str")
    )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    grown.to_csv(target, index=False, lineterminator="\r\n")


def main() -> None:
    """Print rows per second of both, and their ratio."""
    from csp_toolkit.records.synthetic import write_demo

    with tempfile.TemporaryDirectory() as home:
        root = Path(home)
        write_demo(root / "demo")
        delivery = root / "delivery"
        grow(root / "demo" / "2026-11" / "police_crimes.csv", delivery / "police_crimes.csv", ROWS)

        began = time.perf_counter()
        frame = pd.read_csv(delivery / "police_crimes.csv", dtype="str", keep_default_na=False)
        with sqlite3.connect(root / "bare.sqlite") as bare:
            frame.to_sql("crimes", bare, index=False)
        bare_seconds = time.perf_counter() - began

        workspace = str(root / "workspace")
        subprocess.run([sys.executable, "-c", CSP, "init", workspace], check=True, capture_output=True)
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", CSP, "load", str(delivery), "--received", "2026-11-20", "--workspace", workspace],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        if done.returncode:
            sys.exit(done.stderr[-500:])
        print(f"bare read_csv and to_sql: {ROWS / bare_seconds:,.0f} rows a second")
        print(f"csp load: {ROWS / seconds:,.0f} rows a second, {seconds / bare_seconds:.2f} x the bare time")


if __name__ == "__main__":
    main()
