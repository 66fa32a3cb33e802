"""From the agencies' extracts to the meeting's folders, by the commands an analyst types, on both real deliveries."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.real_data.whole_flow import LAST_RUN, RUN, Flow, brief, csp, read_tables

REQUIRED = ("candidates", "ledger", "left_out", "movement", "rejected", "people", "ties", "measures", "groups")


def read_rows(workspace: Path, table: str) -> list[dict[str, str]]:
    with (workspace / "runs" / RUN / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def workspace(flow: Flow) -> tuple[Path, dict[str, bytes]]:
    return flow.home, flow.october


def test_the_run_leaves_the_folders_and_tables_it_promises(workspace: tuple[Path, dict[str, bytes]]) -> None:
    home, _ = workspace
    run = home / "runs" / RUN
    assert {"workings.ipynb", "workings.html", "manifest.json"} <= {path.name for path in run.iterdir()}
    assert set(REQUIRED) <= {path.stem for path in (run / "tables").glob("*.csv")}
    assert all(path.with_suffix(".meta.json").exists() for path in (run / "tables").glob("*.csv"))
    for recipient in ("chair", "housing"):
        copy = home / "released" / RUN / recipient
        assert {"briefing.html", "manifest.json", "tables"} <= {path.name for path in copy.iterdir()}
    assert not list((home / "runs").glob("_failed/*"))


def test_october_reads_the_same_after_november_has_come(workspace: tuple[Path, dict[str, bytes]]) -> None:
    home, october = workspace
    brief(home, "2026-10-29")
    assert read_tables(home, LAST_RUN) == october
    assert len(october) >= len(REQUIRED)


def test_loading_late_and_together_gives_the_same_briefing(
    workspace: tuple[Path, dict[str, bytes]], extracts: Path, tmp_path: Path
) -> None:
    home, _ = workspace
    late = tmp_path / "late"
    csp("init", str(late))
    csp("load", str(extracts / "2026-11"), "--received", "2026-11-20", "--workspace", str(late))
    csp("load", str(extracts / "2026-10"), "--received", "2026-10-23", "--workspace", str(late))
    brief(late, "2026-10-29")  # a copy says who had one of the meetings before
    brief(late, "2026-11-26")
    assert read_tables(late, RUN) == read_tables(home, RUN)
    ours, theirs = (json.loads((place / "runs" / RUN / "manifest.json").read_text()) for place in (home, late))
    assert ours["notebooks"]["workings"]["normalised"] == theirs["notebooks"]["workings"]["normalised"]
    assert [copy["notebook"] for copy in ours["copies"]] == [copy["notebook"] for copy in theirs["copies"]]


def test_every_row_of_every_feed_is_accounted_for(workspace: tuple[Path, dict[str, bytes]], extracts: Path) -> None:
    home, _ = workspace
    accounts = read_rows(home, "accounts")
    assert len(accounts) == 33
    for row in accounts:
        parts = sum(int(row[name]) for name in ("accepted", "repaired", "rejected", "withdrawn"))
        assert int(row["rows_in"]) == parts, row["feed"]
    crimes = next(row for row in accounts if row["feed"] == "police_crimes")
    with (extracts / "2026-11" / "police_crimes.csv").open(encoding="utf-8", newline="") as file:
        assert int(crimes["rows_in"]) == sum(1 for _ in csv.reader(file)) - 1


def test_the_ledger_adds_up_to_every_score_by_basis_too(workspace: tuple[Path, dict[str, bytes]]) -> None:
    home, _ = workspace
    sums: dict[tuple[str, str], Decimal] = {}
    for row in read_rows(home, "ledger"):
        for name in ("score", row["basis"]):
            key = (row["person_id"], name)
            sums[key] = sums.get(key, Decimal(0)) + Decimal(row["points"])
    candidates = read_rows(home, "candidates")
    assert len(candidates) > 50
    for row in candidates:
        for name in ("score", "proved", "alleged", "intelligence"):
            assert sums.get((row["person_id"], name), Decimal(0)) == Decimal(row[name])


def test_everyone_on_the_register_is_scored_or_left_out_once(
    workspace: tuple[Path, dict[str, bytes]], extracts: Path
) -> None:
    home, _ = workspace
    scored = [row["person_id"] for row in read_rows(home, "candidates")]
    out = [row["person_id"] for row in read_rows(home, "left_out")]
    with (extracts / "2026-11" / "csp_reviews.csv").open(encoding="utf-8", newline="") as file:
        n_register = len({row["Nominal URN"] for row in csv.DictReader(file)})
    assert len(scored) + len(out) == len({*scored, *out}) == n_register


@pytest.mark.parametrize(
    ("urn", "gate", "why"),
    [
        ("42SYN/001238/23", "g4", "removed"),
        ("42SYN/001270/16", "g4", "removed"),
        ("42SYN/001235/17", "g10", "deceased"),
        ("42SYN/001251/16", "g10", "deceased"),
        ("42SYN/001243/16", "g7", "exploitation"),
        ("42SYN/001239/21", "g4", "review was due"),
        ("42SYN/001237/20", "g3", "reason"),
        ("42SYN/001297/16", "g5", "under 14"),
    ],
)
def test_each_is_left_out_for_the_right_reason(
    workspace: tuple[Path, dict[str, bytes]], urn: str, gate: str, why: str
) -> None:
    home, _ = workspace
    row = next(row for row in read_rows(home, "left_out") if urn in row["source_refs"].split("; "))
    assert row["gate"] == gate
    assert why in row["reason"]


def test_the_secret_report_left_nothing_but_its_row(workspace: tuple[Path, dict[str, bytes]]) -> None:
    home, _ = workspace
    holders = [path.name for path in home.rglob("*") if path.is_file() and b"42SYN/IR/000642/26" in path.read_bytes()]
    assert holders == []


def test_whoever_is_in_both_months_pictures_stands_where_they_stood(workspace: tuple[Path, dict[str, bytes]]) -> None:
    home, _ = workspace
    places = []
    for run in (LAST_RUN, RUN):
        nodes = json.loads((home / "runs" / run / "bundles" / "chair.json").read_text())["tables"]["nodes"]
        number = {name: n for n, (name, _) in enumerate(nodes["columns"])}
        places.append({row[number["node_id"]]: (row[number["x"]], row[number["y"]]) for row in nodes["rows"]})
    both = set(places[0]) & set(places[1])
    assert len(both) == 31
    assert all(places[0][node] == places[1][node] for node in both)
