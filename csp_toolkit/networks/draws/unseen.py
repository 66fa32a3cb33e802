"""Whether people whom nobody recorded would change who stands first, said plainly where they would.

A missing person does more to such a finding than missing ties do (Ficara and others 2021, PLOS ONE 16(8)): with them
goes every path through them. So the same draws are measured with and without unrecorded people.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.display.wording import check_sentence
from csp_toolkit.networks.draws.plausible import Plausible, with_missing_people
from csp_toolkit.networks.draws.standings import draw_lots, measure_draws, rank_by_lot

UNSEEN_COLUMNS = ("person_id", "p_top", "p_top_unseen", "change")
TITLES = {"degree": "with most ties", "betweenness": "with most paths through them"}


@dataclass(frozen=True, eq=False)
class Unseen:
    """What people nobody recorded would do to a finding.

    Attributes
    ----------
    table : the people likeliest to stand among the first (`UNSEEN_COLUMNS`), likeliest first.
    share_lost : of the first places of a draw, the share that go to somebody else once unrecorded people are in it.
    share_unknown : the share that go to somebody nobody recorded.
    would_change : more of the first places change hands than the policy takes for the same finding (`most_lost`).
    """

    table: pd.DataFrame
    measure: str
    missing_people: float
    top: int
    share_lost: float
    share_unknown: float
    would_change: bool

    def __repr__(self) -> str:
        return f"Unseen(measure={self.measure}, would_change={self.would_change})"

    def say(self) -> str:
        """Say in one sentence whether unrecorded people would change who stands first."""
        rate = f"f {100 * self.missing_people:.0f} in 100 of the people are on no record"
        if not self.would_change:
            said = f"I{rate}, the {self.top} {TITLES[self.measure]} would be much the same people."
        else:
            lost = (
                f"{100 * self.share_lost:.0f} in 100 of the first {self.top} places {TITLES[self.measure]} change hands"
            )
            unknown = f", {100 * self.share_unknown:.0f} of them to people nobody has recorded"
            said = f"Warning: i{rate}, {lost}{unknown if self.share_unknown >= 0.01 else ''}."
        return check_sentence(said)


def check_unseen(plausible: Plausible, measure: str = "betweenness") -> Unseen:
    """Check whether people nobody recorded, at the policy's rate, would change who stands first in a measure."""
    doubt, people = plausible.doubt, plausible.pairs.people
    without = _find_first(plausible, measure)
    within = _find_first(with_missing_people(plausible), measure)
    own = within[: len(people)]
    places = max(int(without.sum()), 1)
    lost = 1 - float((without & own).sum()) / places
    unknown = float(within[len(people) :].sum()) / places
    table = pd.DataFrame(
        {"person_id": people.astype("str"), "p_top": without.mean(axis=1), "p_top_unseen": own.mean(axis=1)}
    )
    table = table.assign(change=table["p_top_unseen"] - table["p_top"])
    table = table.sort_values(["p_top", "person_id"], ascending=[False, True], kind="stable").head(2 * doubt.top)
    return Unseen(
        table[list(UNSEEN_COLUMNS)].reset_index(drop=True), measure, doubt.missing_people, doubt.top, lost, unknown,
        lost > doubt.most_lost,
    )  # fmt: skip


def _find_first(plausible: Plausible, measure: str) -> np.ndarray:
    """Say who stands among the first in each draw: people by draws."""
    found = measure_draws(plausible, [measure])[measure]
    ranks = rank_by_lot(found, draw_lots(len(found), plausible.pairs.people, plausible))
    return np.asarray((ranks <= plausible.doubt.top) & (found > 0))
