"""What is taken to be so in each draw: weights, time, outcomes, the truth of reports, and who is who.

A world is a matrix with other bases, windows, steps and outcome factors, and the items that are true in it. With a
source switched off it has what the matrix file says; with all of them off it is the baseline.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from csp_toolkit.scoring.certainty.open_identity import OpenGroup
from csp_toolkit.scoring.certainty.policy import IDENTITY, OUTCOMES, TIME, TRUTH, WEIGHTS, CertaintyPolicy
from csp_toolkit.scoring.certainty.sheet import Sheet
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths
from csp_toolkit.tables.draws import ORIGIN, draw_normals, draw_truths, draw_uniforms, number_names

_ONE = 1000
_MOST_WEIGHT = 10 * _ONE


@dataclass(frozen=True, eq=False)
class Worlds:
    """Several draws, in thousandths: `weights` by criterion, `evidence` and `recency` by the rows of a sheet.

    What is not varied has a single column, which holds for every draw. `standings` says of each standing that is not
    always there in which draws it is.
    """

    n_draws: int
    weights: np.ndarray
    evidence: np.ndarray
    recency: np.ndarray
    standings: Mapping[int, np.ndarray]


@dataclass(frozen=True, eq=False)
class Doubts:
    """Everything that is varied for one sheet, and by what chance."""

    sheet: Sheet
    matrix: Matrix
    policy: CertaintyPolicy
    seed: int
    groups: Sequence[OpenGroup] = ()

    def imagine(self, draws: Mapping[str, range], n_draws: int) -> Worlds:
        """Return `n_draws` worlds; `draws` says which draws of each source, and a source not in it is switched off."""
        return Worlds(
            n_draws=n_draws,
            weights=self.draw_weights(draws.get(WEIGHTS)),
            evidence=self.draw_evidence(draws.get(OUTCOMES), draws.get(TRUTH)),
            recency=self.draw_recency(draws.get(TIME)),
            standings=self.draw_standings(draws.get(IDENTITY), n_draws),
        )

    def draw_weights(self, draws: range | None) -> np.ndarray:
        """Return by what each criterion's base is multiplied, in thousandths."""
        if draws is None:
            return np.full((len(self.sheet.criteria), 1), _ONE, dtype="int64")
        return _spread(WEIGHTS, self.sheet.criteria, self.policy.weight_sd, draws, self.seed)

    def draw_evidence(self, outcomes: range | None, truth: range | None) -> np.ndarray:
        """Return what each row of evidence weighs: an outcome its factor, a report all or nothing."""
        factors, is_report, varied = self._evidence
        varied_in = truth if outcomes is None else outcomes
        found = np.repeat(factors[:, None], 1 if varied_in is None else len(varied_in), axis=1)
        if outcomes is not None and len(varied):
            spread = _spread(
                OUTCOMES, [self.sheet.evidence_rows[n][1] for n in varied], self.policy.outcome_sd, outcomes, self.seed
            )
            found[varied] = np.minimum((factors[varied, None] * spread + _ONE // 2) // _ONE, _ONE)
        if truth is not None and is_report.any():
            found[is_report] = draw_truths(self._origins[is_report], factors[is_report] / _ONE, truth) * _ONE
        return found

    @cached_property
    def _evidence(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return each row's factor, whether it is a report, and which rows are outcomes that vary."""
        rows, settled = self.sheet.evidence_rows, self.policy.settled_outcomes
        factors = np.array([self.matrix.evidence_factors[name] // 10 for _, name in rows], dtype="int64")
        is_report = np.array([bool(origin) for origin, _ in rows], dtype=bool)
        varied = [n for n, (origin, name) in enumerate(rows) if not origin and name not in settled]
        return factors, is_report, np.array(varied, dtype="int64")

    @cached_property
    def _origins(self) -> np.ndarray:
        return number_names(ORIGIN, [origin for origin, _ in self.sheet.evidence_rows], seed=self.seed)

    def draw_recency(self, draws: range | None) -> np.ndarray:
        """Return what time has left of each row of time: nothing outside its window."""
        if draws is None:
            return self._steps[0][:, None]
        rules = self.policy.time
        chances = draw_uniforms(number_names(TIME, ("stretch", "form", "half-life"), seed=self.seed), draws)
        stretch = np.minimum((chances[0] * len(rules.stretches)).astype("int64"), len(rules.stretches) - 1)
        shortest, longest = rules.half_life_days
        days = shortest + (chances[2] * (longest - shortest + 1)).astype("int64")
        found = self._steps[1][:, stretch]
        is_smooth = chances[1] < rules.half_life_share
        faded = self._faded[:, days[is_smooth] - shortest]
        faded *= self._windows[:, stretch[is_smooth]]
        found[:, is_smooth] = faded
        return found

    @cached_property
    def _windows(self) -> np.ndarray:
        age, window = self.sheet.time_rows.T
        stretched = [stretch_days(window, stretch) for stretch in self.policy.time.stretches]
        return np.column_stack([age <= last for last in stretched])

    @cached_property
    def _steps(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what the steps leave: as in the matrix, and under each stretch."""
        age, window = self.sheet.time_rows.T
        days = np.array([step.days for step in self.matrix.recency])
        factors = np.array([ten_thousandths(step.factor) // 10 for step in self.matrix.recency] + [0], dtype="int64")
        plain = factors[np.searchsorted(days, age)] * (age <= window)
        stretched = [factors[np.searchsorted(stretch_days(days, by), age)] for by in self.policy.time.stretches]
        return plain, np.column_stack(stretched) * self._windows

    @cached_property
    def _faded(self) -> np.ndarray:
        shortest, longest = self.policy.time.half_life_days
        return fade(self.sheet.time_rows[:, :1], np.arange(shortest, longest + 1))

    def most_recency(self) -> np.ndarray:
        """Return the most that time can leave of each row of time in any draw."""
        smooth = fade(self.sheet.time_rows[:, 0], np.array(self.policy.time.half_life_days[1]))
        return np.maximum(self._steps[1].max(axis=1), smooth * self._windows.any(axis=1))

    def draw_standings(self, draws: range | None, n_draws: int) -> dict[int, np.ndarray]:
        """Return in which draws each standing of an open identity is there."""
        found: dict[int, np.ndarray] = {}
        for group in self.groups:
            found |= group.settle(draws, n_draws, seed=self.seed)
        return found


def stretch_days(days: np.ndarray, by: float) -> np.ndarray:
    """Return days stretched, in whole days, half up."""
    return (days * ten_thousandths(by) + 5_000) // 10_000


def fade(age_days: np.ndarray, half_life_days: np.ndarray) -> np.ndarray:
    """Return what is left of an item when it halves with its age, in whole thousandths."""
    return np.floor(_ONE * 0.5 ** (age_days / half_life_days) + 0.5).astype("int64")


def _spread(source: str, names: Collection[str], sd: float, draws: range, seed: int) -> np.ndarray:
    normals = draw_normals(number_names(source, names, seed=seed), draws)
    return np.clip(np.floor(_ONE * np.exp(sd * normals) + 0.5), 1, _MOST_WEIGHT).astype("int64")
