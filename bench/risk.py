"""Risk assessments in bulk, against the same results worked out in plain numpy.

`CSP_BENCH_CASES` cases answer every question of the example toolkit (long form, one row an answer): what counts, and
bands with their range. Then `CSP_BENCH_RECORDS` records of missing episodes, crimes, suspects and attendance are held
against the answers. Beside each stands plain numpy on the same frames, with pandas only to turn text into numbers. Both
must agree in every score, band, status and contradiction; the least of five CPU times each, and their ratio.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from csp_toolkit.records.schema import TABLES
from csp_toolkit.risk.answers import weigh_answers
from csp_toolkit.risk.assessments import Assessments
from csp_toolkit.risk.bands import assess
from csp_toolkit.risk.contradicting.contradictions import find_contradictions
from csp_toolkit.risk.toolkit import read_toolkit
from csp_toolkit.tables.view import DECISION_COLUMNS, PEOPLE_COLUMNS, View, empty_table

N_CASES = int(os.environ.get("CSP_BENCH_CASES", "10000"))
N_RECORDS = int(os.environ.get("CSP_BENCH_RECORDS", "1000000"))
AS_OF, ON = date(2026, 11, 26), np.datetime64("2026-11-02")
TOOLKIT = read_toolkit()
QUESTIONS = [i.id for i in TOOLKIT.indicators]
CHECKS = ("X01", "X02", "X03")
TERMS = {"2025/26 Spring": "2026-03-31", "2025/26 Summer": "2026-07-22", "2026/27 Autumn 1": "2026-10-25"}


def make_answers(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make a full form for each case: mostly 0, some unknown, dated, graded and noted as partners' are."""
    n = N_CASES * len(QUESTIONS)
    said = rng.choice(["0", "1", "2", "3", "UNKNOWN"], n, p=[0.55, 0.2, 0.12, 0.05, 0.08])
    given = np.isin(said, ["1", "2", "3"])
    seen = np.where(given, ON - rng.integers(0, 400, n).astype("timedelta64[D]"), np.datetime64("NaT"))
    grades = np.array(["1A", "2B", "1B", "2C", "3B", "1D", None, None, None], dtype=object)
    rows = pd.DataFrame(
        {
            "assessment_ref": np.repeat([f"C{n:05d}/1" for n in range(N_CASES)], len(QUESTIONS)),
            "indicator": np.tile(QUESTIONS, N_CASES), "answer": said, "last_seen_on": seen.astype("datetime64[us]"),
            "source_agency": "POL", "grade": np.where(given, grades[rng.integers(0, 9, n)], None),
            "note": np.where(given & (rng.random(n) < 0.97), "seen", None), "reason": None,
        }
    )  # fmt: skip
    texts = ("assessment_ref", "indicator", "answer", "source_agency", "grade", "note", "reason")
    whose = pd.DataFrame(
        {
            "assessment_ref": [f"C{n:05d}/1" for n in range(N_CASES)],
            "case_ref": [f"C{n:05d}" for n in range(N_CASES)], "person_id": [f"P{n:05d}" for n in range(N_CASES)],
            "assessed_on": pd.Timestamp(ON), "age_years": rng.integers(11, 40, N_CASES),
            "threat_to_life": rng.random(N_CASES) < 0.01, "nrm_positive": rng.random(N_CASES) < 0.05,
            "learning_disability": rng.random(N_CASES) < 0.1, "mappa_2_3": rng.random(N_CASES) < 0.02,
        }
    ).astype({"person_id": "str", "case_ref": "str", "assessment_ref": "str"})  # fmt: skip
    return rows.astype(dict.fromkeys(texts, "str")).sample(frac=1, random_state=1, ignore_index=True), whose


def plain_bands(rows: pd.DataFrame, whose: pd.DataFrame) -> dict[str, np.ndarray]:
    """Work out scores with their range, bands and status in plain numpy."""
    codes, refs = pd.factorize(rows["assessment_ref"])
    of = pd.Index(whose["assessment_ref"]).get_indexer(refs)[codes]
    codes, names = pd.factorize(rows["indicator"])
    place = pd.Index(QUESTIONS).get_indexer(names)[codes]
    codes, answers = pd.factorize(rows["answer"])
    value = np.array([-1 if a == "UNKNOWN" else int(a) for a in answers], dtype="int8")[codes]
    days = (ON - rows["last_seen_on"].to_numpy("datetime64[D]")).astype("float64")
    days[rows["last_seen_on"].isna().to_numpy()] = 0
    lifetime = np.array([i.lifetime for i in TOOLKIT.indicators])[place]
    cap = np.where(lifetime | (days <= 183), 3, np.where(days <= 365, 1, 0))
    codes, grades = pd.factorize(rows["grade"])
    of_grade = np.array([1 if g[0] == "3" or g[1] in "CD" else 3 for g in grades] + [3])
    cap = np.minimum(cap, of_grade[codes])
    cap = np.where((value >= 2) & rows["note"].isna().to_numpy(), np.minimum(cap, 1), cap)
    grid = np.full((len(whose), len(QUESTIONS)), -1, dtype="int8")
    grid[of, place] = np.minimum(value, cap)
    child = whose["age_years"].to_numpy() < 18
    applies = np.array([i.applies for i in TOOLKIT.indicators])
    grid[np.ix_(child, applies == "adult")] = -2
    grid[np.ix_(~child, applies == "child")] = -2
    out = {"known": (grid >= 0).sum(1), "asked": (grid >= -1).sum(1)}
    critical = np.array([i.critical for i in TOOLKIT.indicators])
    complete = (100 * out["known"] >= 80 * out["asked"]) & ~(grid[:, critical] == -1).any(1)
    out["status"] = np.select([complete, 100 * out["known"] >= 60 * out["asked"]], [2, 1], 0)
    for name, values in (
        ("score", grid),
        ("low", np.where(grid == -1, 0, grid)),
        ("high", np.where(grid == -1, 2, grid)),
    ):
        for axis, (score, band) in _plain_axes(values, whose, critical).items():
            out[f"{axis}_{name}"], out[f"{axis}_band_{name}"] = score, band
    return out


def _plain_axes(
    values: np.ndarray, whose: pd.DataFrame, critical: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    at = {q: n for n, q in enumerate(QUESTIONS)}
    never = np.array([i.never_alone for i in TOOLKIT.indicators])
    first, results = 0, {}
    facts = {
        name: whose[name].to_numpy() for name in ("threat_to_life", "nrm_positive", "learning_disability", "mappa_2_3")
    }

    def at_least(names: list[str], n: int = 2) -> np.ndarray:
        return (values[:, [at[name] for name in names]] >= n).any(1)

    for axis, weights in (("v", [2, 1, 1, 2, 3, 1, 1, 2, 2, 3]), ("h", [3, 2, 2, 1])):
        sizes = [6, 5, 7, 7, 7, 6, 4, 8, 5, 6] if axis == "v" else [7, 6, 6, 6]
        levels, own_first = [], first
        for size in sizes:
            part, crit = values[:, first : first + size], critical[first : first + size]
            alone = never[first : first + size]
            if alone.any():
                most = np.where(_plain_level(part[:, ~alone], crit[~alone]) >= 2, 2, 1)
                part = np.where(alone, np.minimum(part, most[:, None]), part)
            levels.append(_plain_level(part, crit))
            first += size
        level, weight = np.column_stack(levels), np.array(weights)
        known = level >= 0
        with np.errstate(invalid="ignore"):
            score = np.rint(100 * (np.maximum(level, 0) @ weight) / (3 * (known @ weight)))
        band = np.where(np.isnan(score), -1, np.searchsorted([0, 20, 45, 70], np.nan_to_num(score), side="right") - 1)
        own = (values[:, own_first:first] > 0).any(1)
        if axis == "v":
            f = [(whose["age_years"].to_numpy() < 13) & own, (facts["learning_disability"] & own) | at_least(["V8.8"]),
                 (level == 3).any(1)]  # fmt: skip
            f4 = at_least(["V5.1", "V5.2", "V5.3", "V5.6", "V8.5", "V9.1", "V9.2", "V10.1"])
            highest = facts["threat_to_life"] | at_least(["V8.7"])
            floor = np.select([highest, f4 | facts["nrm_positive"], f[0] | f[1] | f[2]], [3, 2, 1], -1)
        else:
            floor = np.select([at_least(["H1.3"]) | facts["mappa_2_3"], (level == 3).any(1)], [2, 1], -1)
        results[axis] = (score, np.maximum(band, floor))
    return results


def _plain_level(part: np.ndarray, critical: np.ndarray) -> np.ndarray:
    two, one = (part >= 2).sum(1), (part >= 1).sum(1)
    three = (part == 3).any(1) | ((two >= 2) & ((part >= 2) & critical).any(1)) | (two >= 4)
    none = np.where((part == -1).any(1), -1, -2)
    known = (part >= 0).any(1)
    return np.where(known, np.select([three, (two >= 1) | (one >= 3), one >= 1], [3, 2, 1], 0), none)


def make_records(rng: np.random.Generator) -> View:
    """Make records of ten times as many people as there are cases, over two years."""
    n = N_RECORDS // 4
    people = np.array([f"P{k:05d}" for k in range(10 * N_CASES)], dtype=object)
    days = np.datetime64("2026-11-26") - rng.integers(0, 730, (3, n)).astype("timedelta64[D]")
    refs = np.array([f"R{k:07d}" for k in range(n)], dtype=object)
    frames = {
        "missing_episodes": {"missing_ref": refs, "person_id": people[rng.integers(0, len(people), n)],
                             "reported_at": days[0].astype("datetime64[us]")},
        "crimes": {"crime_ref": refs, "offence": "Robbery", "from_on": days[1].astype("datetime64[us]"),
                   "has_knife": np.where(rng.random(n) < 0.1, "Y", "N"), "has_firearm": "N",
                   "court_result": np.where(rng.random(n) < 0.1, "ACQUITTED", None)},
        "crime_suspects": {"crime_ref": refs[rng.permutation(n)], "person_id": people[rng.integers(0, len(people), n)]},
        "attendance_terms": {"source_ref": refs, "person_id": people[np.arange(n) % len(people)],
                             "term": np.array(list(TERMS), dtype=object)[(np.arange(n) // len(people)) % 3],
                             "n_possible": 100, "n_attended": rng.integers(60, 101, n)},
    }  # fmt: skip
    tables = {}
    for name in TABLES:
        empty = empty_table(name)
        filled = pd.DataFrame(frames.get(name, {}), columns=empty.columns)
        tables[name] = filled.astype(empty.dtypes.to_dict())
    nothing = pd.DataFrame()
    decided = pd.DataFrame(columns=list(DECISION_COLUMNS), dtype="str")
    return View(
        AS_OF, AS_OF, tables, pd.DataFrame(columns=list(PEOPLE_COLUMNS)), nothing, nothing, decided, nothing, nothing
    )


def plain_contradictions(view: View, assessments: Assessments) -> set[tuple[str, str, int]]:
    """Find X01 to X03 in plain numpy: code, assessment, number of records."""
    table, given, grid = assessments.table, assessments.answers.given, assessments.answers.grid
    refs, where = table["assessment_ref"].to_numpy(), pd.Index(table["person_id"])
    at = {q: n for n, q in enumerate(QUESTIONS)}
    found = set()

    def collect(code: str, nought: np.ndarray, person: np.ndarray, hit: np.ndarray) -> None:
        hit &= person >= 0
        hit[hit] = nought[person[hit]]
        counts = np.bincount(person[hit], minlength=len(refs))
        found.update((code, refs[n], int(counts[n])) for n in np.nonzero(counts)[0])

    def codes_of(frame: pd.DataFrame) -> np.ndarray:
        codes, distinct = pd.factorize(frame["person_id"])
        return where.get_indexer(pd.Index(distinct))[codes]

    def in_window(days: pd.Series) -> np.ndarray:
        age = (ON - days.to_numpy("datetime64[D]")).astype("int64")
        return (age >= 0) & (age <= 183)

    episodes = view["missing_episodes"]
    collect("X01", given[:, at["V1.1"]] == 0, codes_of(episodes), in_window(episodes["reported_at"]))

    terms = view["attendance_terms"]
    person, (codes, names) = codes_of(terms), pd.factorize(terms["term"])
    age = (ON - np.array([np.datetime64(TERMS[name]) for name in names])[codes]).astype("int64")
    slot = person * len(names) + codes
    mine = (person >= 0) & (age >= 0) & (age <= 183)
    size = len(refs) * len(names)
    possible, attended = (np.bincount(slot[mine], weights=terms[c].to_numpy("float64")[mine], minlength=size)
                          for c in ("n_possible", "n_attended"))  # fmt: skip
    ends = np.array([np.datetime64(TERMS[name]) for name in names]).astype("int64")
    there = possible.reshape(-1, len(names)) > 0
    latest = np.where(there, ends, -1).argmax(1)
    possible, attended = (x.reshape(-1, len(names))[np.arange(len(refs)), latest] for x in (possible, attended))
    nought = (given[:, at["V2.1"]] == 0) & (grid[:, at["V2.1"]] != -2)
    low = nought & (possible > 0) & (100 * attended < 90 * possible)
    found |= {("X02", refs[n], 1) for n in np.nonzero(low)[0]}

    crimes, suspects = view["crimes"], view["crime_suspects"]
    armed = (crimes["has_knife"].eq("Y") & ~crimes["court_result"].isin(["ACQUITTED", "DISCONTINUED"])).to_numpy()
    armed = armed & in_window(crimes["from_on"])
    link = pd.Index(crimes.loc[armed, "crime_ref"]).get_indexer(pd.Index(suspects["crime_ref"])) >= 0
    h1, h4 = given[:, at["H1.1"]], given[:, at["H1.4"]]
    collect("X03", (h1 == 0) | ((h1 < 0) & (h4 == 0)), codes_of(suspects), link)
    return found


def least_seconds(work: Callable[[], object], times: int = 5) -> tuple[float, object]:
    """Return the least CPU time of so many runs, and what the last one gave."""
    least, result = float("inf"), None
    for _ in range(times):
        begun = time.process_time()
        result = work()
        least = min(least, time.process_time() - begun)
    return least, result


def main() -> None:
    """Measure both, hold both against the same results, and print the ratios."""
    rng = np.random.default_rng(20261126)
    rows, whose = make_answers(rng)
    ours, assessed = least_seconds(lambda: assess(weigh_answers(rows, whose, TOOLKIT), as_of=AS_OF))
    theirs, plain = least_seconds(lambda: plain_bands(rows, whose))
    assert isinstance(assessed, Assessments) and isinstance(plain, dict)
    names = [*TOOLKIT.band_names, "INSUFFICIENT"]
    for axis in "vh":
        for name in ("score", "low", "high"):
            scores = assessed.table[f"{axis}_{name}"].astype("float64").to_numpy()
            assert np.array_equal(scores, plain[f"{axis}_{name}"], equal_nan=True), (axis, name)
            column = "so_far" if name == "score" else name
            bands = assessed.table[f"{axis}_band_{column}"].map(names.index).to_numpy() % 4
            assert (np.where(plain[f"{axis}_band_{name}"] < 0, 0, plain[f"{axis}_band_{name}"]) == bands).all()
    status = assessed.table["status"].map(["INSUFFICIENT", "PROVISIONAL", "COMPLETE"].index)
    assert (status.to_numpy() == plain["status"]).all()
    print(f"{N_CASES:,} cases x {len(QUESTIONS)} questions with ranges: {ours:.2f} s, plain numpy {theirs:.2f} s, "
          f"{ours / theirs:.1f} times")  # fmt: skip

    view = make_records(rng)
    ours, found = least_seconds(lambda: find_contradictions(view, assessed, codes=CHECKS))
    theirs, expected = least_seconds(lambda: plain_contradictions(view, assessed))
    table = found.table  # type: ignore[attr-defined]
    assert set(table[["code", "assessment_ref", "n_items"]].itertuples(index=False, name=None)) == expected
    print(f"{len(table):,} contradictions over {N_RECORDS:,} records: {ours:.2f} s, plain numpy {theirs:.2f} s, "
          f"{ours / theirs:.1f} times")  # fmt: skip


if __name__ == "__main__":
    main()
