"""If this record falls, or is graded or decided otherwise: what it does to the list.

    csp.trace_records(scores)     # record by record: what changes if it falls, or if a report is graded otherwise

A what-if holds for everybody the record counts for. What gate g3 would make of it holds too: a report that falls, or is
graded below what may be relied on, no longer shows anybody's inclusion.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.standings import OUT, Standing, Versions
from csp_toolkit.scoring.what_if.tallies import round_product

FALLS = "falls"
RECORD_COLUMNS = (
    "ref", "change", "n_left", "n_entered", "n_moved", "person_id", "rank_before", "rank_after", "is_out",
)  # fmt: skip


@dataclass(frozen=True)
class WhatIf:
    """One record otherwise: weighing as `evidence` (a grade or an outcome of the matrix), or gone where that is None.

    `was` limits it to parts of the record that weigh as that now: of a crime, to those charged. `is_borne_out` lets a
    report count in full, and as if a second origin bore it out.
    """

    ref: str
    evidence: str | None = None
    was: str | None = None
    is_borne_out: bool = False


def play(standing: Standing, what_ifs: Sequence[WhatIf]) -> Versions:
    """Work out the points of everybody each what-if concerns; one version a what-if, in their order."""
    touched: dict[str, set[int]] = defaultdict(set)
    by_ref: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(what_ifs):
        by_ref[one.ref].append(number)
    for person in standing.people:
        for ref in {*standing.evidence[person].refs, *standing.cited[person].refs}:
            touched[person].update(by_ref.get(ref, ()))
    versions, people, points = [], [], []
    for place, person in enumerate(standing.people):
        numbers = sorted(touched[person])
        if numbers:
            after = _play_one(standing, person, [what_ifs[number] for number in numbers])
            versions += numbers
            people += [place] * len(numbers)
            points += after.tolist()
    order = np.argsort(versions, kind="stable")
    version, who, new = (np.array(part, dtype=np.int64)[order] for part in (versions, people, points))
    return Versions(len(what_ifs), version, who, new)


def _play_one(standing: Standing, person: str, what_ifs: Sequence[WhatIf]) -> np.ndarray:
    evidence, cited, matrix = standing.evidence[person], standing.cited[person], standing.matrix
    points = np.repeat(evidence.points[None, :], len(what_ifs), axis=0)
    counts = np.ones((len(what_ifs), len(cited.refs)), dtype=bool)
    strong = np.repeat(cited.is_strong[None, :], len(what_ifs), axis=0)
    now, base, recency, role = (evidence.rows[name].to_numpy(dtype=np.int64)
                                for name in ("evidence_factor", "base", "recency_factor", "role_factor"))  # fmt: skip
    whole = base * recency * role
    factors = {key: factor // 10 for key, factor in matrix.evidence_factors.items()}
    never = {key for key, outcome in matrix.outcomes.items() if outcome.is_removed} | {*matrix.gates.never_relied_on}
    shows = {key for key, outcome in matrix.outcomes.items() if outcome.is_charge} | {*matrix.gates.strong_grades}
    held, shown = (_find_places(refs) for refs in (evidence.refs, cited.refs))
    for row, one in enumerate(what_ifs):
        own = [at for at in held[one.ref] if one.was is None or now[at] == factors[one.was]]
        factor = 1000 if one.is_borne_out else 0 if one.evidence is None else factors[one.evidence]
        points[row, own] = round_product(whole[own] * factor)
        if not one.is_borne_out and (own or one.was is None):
            counts[row, shown[one.ref]] = one.evidence is not None and one.evidence not in never
            strong[row, shown[one.ref]] = one.evidence in shows
    unlocked = np.array([one.is_borne_out and bool(evidence.is_asking[held[one.ref]].any()) for one in what_ifs])
    score = standing.reckon(person, points, unlocked)
    return np.where(standing.shows(person, counts, strong), score, OUT)


def _find_places(refs: np.ndarray) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, ref in enumerate(refs):
        places[ref].append(at)
    return places


def trace_records(scores: Scores) -> pd.DataFrame:
    """Say, record by record, whose rank changes if it falls, and of a report also if it is graded otherwise.

    Returns
    -------
    One row a change and person whose rank it changes (`RECORD_COLUMNS`), the weightiest first: `change` is ``falls``
    or the other grade; `n_left` and `n_entered` of the first ten, `n_moved` of everyone ranked. A change that moves
    nobody has no row. Of somebody whom a gate would leave out `is_out` is true and `rank_after` missing.
    """
    standing = Standing.of(scores)
    reports = scores.items[scores.items["evidence"].isin(list(scores.matrix.grades))]
    grades = dict(zip(reports["item_id"], reports["evidence"], strict=True))
    refs = sorted({ref for person in standing.people
                   for ref in [*standing.evidence[person].refs, *standing.cited[person].refs]})  # fmt: skip
    what_ifs = [WhatIf(ref) for ref in refs]
    what_ifs += [WhatIf(ref, grade) for ref in refs if ref in grades
                 for grade in scores.matrix.grades if grade != grades[ref]]  # fmt: skip
    outcomes = standing.rerank(play(standing, what_ifs))
    moves = outcomes.moves
    table = moves.assign(
        ref=[what_ifs[version].ref for version in moves["version"]],
        change=[what_ifs[version].evidence or FALLS for version in moves["version"]],
        rank_after=moves["rank_after"].astype("Int64").mask(moves["is_out"]),
        **{name: outcomes.counts[name].to_numpy()[moves["version"]] for name in outcomes.counts},
    )
    table = table.sort_values(["n_left", "n_entered", "n_moved", "ref", "change", "rank_before", "person_id"],
                              ascending=[False, False, False, True, True, True, True])  # fmt: skip
    return table[list(RECORD_COLUMNS)].reset_index(drop=True)
