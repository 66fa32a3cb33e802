"""Loading a million rows: `csp load` beside a bare `read_csv` and `to_sql` of the same file.

What the bare pair does not do, the load does: find the encoding, map and type every column, judge every row, account
for it, link people, and keep what was superseded. The file is the synthetic partnership's recorded crime, grown to a
million rows with references of their own, and with people of their own where `CSP_BENCH_VARIED=1`. A second delivery
of as many rows, each changed, supersedes the first. Processor time, since other work on the machine does not touch it.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pandas as pd

ROWS = int(os.environ.get("CSP_BENCH_ROWS", "1_000_000"))
VARIED = os.environ.get("CSP_BENCH_VARIED") == "1"
CSP = "from csp_toolkit.cli import app; app()"
BARE = """
import sqlite3, sys
import pandas as pd
with sqlite3.connect(sys.argv[2]) as book:
    pd.read_csv(sys.argv[1], dtype="str", keep_default_na=False).to_sql("crimes", book, index=False)
"""


class Spent(NamedTuple):
    """Seconds of processor time, seconds by the clock, and the most memory held, in GiB."""

    processor: float
    clock: float
    peak: float


def grow(sample: Path, target: Path, n_rows: int, *, varied: bool = False) -> None:
    """Write a crime file of `n_rows`, made from a small one; `varied`: with people of its own in every copy of it."""
    small = pd.read_csv(sample, dtype="str", keep_default_na=False)
    small = small[small["Crime Ref"].str.fullmatch(r"\d{2}SYND?/\d+/\d{2}")].drop_duplicates("Crime Ref")
    times = -(-n_rows // len(small))
    copies = [small] * times
    if varied:
        copies = [_renumber(small, place) for place in range(times)]
    grown = pd.concat(copies, ignore_index=True).head(n_rows)
    numbers = pd.Series(range(n_rows))
    grown["Crime Ref"] = (
        (42 + numbers // 10**8).astype("str") + "SYND/" + (numbers % 10**6).astype("str").str.zfill(6) + "/"
        + (10 + numbers // 10**6).astype("str")
    )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    grown.to_csv(target, index=False, lineterminator="\r\n")


def _renumber(small: pd.DataFrame, copy: int) -> pd.DataFrame:
    def renumbered(found: re.Match[str]) -> str:
        return f"42SYND/{int(found[1]) + 1000 * copy:07d}/{found[2]}"

    people = {name: small[name].str.replace(r"42SYND/(\d+)/(\d{2})", renumbered, regex=True)
              for name in ("Suspects", "Victims")}  # fmt: skip
    return small.assign(**people)


def measure(program: str, *arguments: str) -> Spent:
    """Run a program in a process of its own; what it took."""
    timed = (
        "import resource, subprocess, sys, time; began = time.perf_counter(); "
        "done = subprocess.run([sys.executable, '-c', *sys.argv[1:]], capture_output=True, text=True); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); sys.stderr.write(done.stderr[-500:]); "
        "print(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 2**20); "
        "sys.exit(done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", timed, program, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return Spent(*map(float, done.stdout.split()))


def tell(what: str, spent: Spent, beside: Spent) -> None:
    """Print what one side took, beside the bare pair."""
    print(
        f"{what}: {ROWS / spent.processor:,.0f} rows a second of processor time ({spent.processor:.1f} s, "
        f"{spent.clock:.1f} s by the clock), {spent.processor / beside.processor:.2f} x the bare time, "
        f"{spent.peak:.2f} GiB"
    )


def main() -> None:
    """Print rows per second, the ratio and the memory of each."""
    from csp_toolkit.records.synthetic import write_demo

    with tempfile.TemporaryDirectory() as home:
        root = Path(home)
        write_demo(root / "demo")
        first, second = root / "first" / "police_crimes.csv", root / "second" / "police_crimes.csv"
        grow(root / "demo" / "2026-11" / "police_crimes.csv", first, ROWS, varied=VARIED)
        second.parent.mkdir()
        second.write_bytes(first.read_bytes().replace(b"Saltmere", b"Salt Mere"))

        workspace = str(root / "workspace")
        subprocess.run([sys.executable, "-c", CSP, "init", workspace], check=True, capture_output=True)
        bare = measure(BARE, str(first), str(root / "bare.sqlite"))
        load = ("--workspace", workspace, "--received")
        tell("bare read_csv and to_sql", bare, bare)
        tell("csp load", measure(CSP, "load", str(first.parent), *load, "2026-11-20"), bare)
        tell("csp load that supersedes it all", measure(CSP, "load", str(second.parent), *load, "2026-12-20"), bare)
        tell("the same file once more", measure(CSP, "load", str(second.parent), *load, "2026-12-20"), bare)


if __name__ == "__main__":
    main()
