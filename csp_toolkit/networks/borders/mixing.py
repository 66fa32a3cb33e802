"""Do ties keep within a home area or cross its border, and is that more than the number of people would bring (XB5).

E-I = (external ties - internal ties) / (external + internal), from -1, where every tie keeps within an area, to +1,
where every tie crosses a border (Krackhardt and Stern 1988, doi:10.2307/2786835). By itself it says little: in a
network of people from one area and a few others most ties must be internal. So it stands beside what it would be if
the same homes were dealt out anew among the same people, and the band in which that would mostly lie.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.networks.borders.areas import NO_FIXED_ABODE, UNKNOWN
from csp_toolkit.networks.borders.homes import Homes
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.tables.draws import draw_uniforms, number_names

if TYPE_CHECKING:
    from csp_toolkit.networks.ties import Ties

MIXING_COLUMNS = (
    "since", "until", "n_ties", "n_internal", "n_external", "n_not_placed", "share_not_placed", "n_people", "ei",
    "ei_expected", "ei_low", "ei_high", "reading",
)  # fmt: skip


@dataclass(frozen=True)
class Mixing:
    """One E-I index with what it rests on. `low` and `high` bound the shuffles' band; `expected` is exact."""

    n_internal: int
    n_external: int
    n_not_placed: int
    n_people: int
    index: float
    expected: float
    low: float
    high: float

    @property
    def reading(self) -> str:
        """Say whether the index lies within, below or above the band of the shuffles."""
        if np.isnan(self.index):
            return NOT_ASSESSED
        if self.index < self.low:
            return "keeps within areas more than chance would"
        return "crosses borders more than chance would" if self.index > self.high else "no more than chance would"


def measure_mixing(
    ties: pd.DataFrame, homes: pd.Series, *, shuffles: int, band: float, seed: int, at_least: int = 1
) -> Mixing:
    """Measure the E-I index of ties by home, with its expected value and the band of a permutation of the homes.

    Parameters
    ----------
    ties : person_a and person_b, one row a pair.
    homes : by person_id; ties with an end whose home is missing, `UNK` or `NFA` are counted and left out.
    shuffles, band, seed : how often the homes are dealt out anew, and the share of the results that the band holds.
    at_least : of fewer ties nothing is said.

    Notes
    -----
    A permutation deals each person a home at random and keeps the number of people of each; so each tie is external
    with the chance 1 - sum n_i (n_i - 1) / (n (n - 1)), and the expected index is twice that, less one. The order of
    the people is that of their ids, and each draws by their own name: row order changes nothing.
    """
    ends = np.column_stack([ties[side].map(homes).to_numpy(dtype=object) for side in ("person_a", "person_b")])
    placed = np.array(
        [all(isinstance(e, str) and e not in (UNKNOWN, NO_FIXED_ABODE) for e in pair) for pair in ends], dtype=bool
    )
    n_placed = int(placed.sum())
    if n_placed < at_least:
        n_internal = int(sum(a == b for a, b in ends[placed]))
        return Mixing(n_internal, n_placed - n_internal, len(ties) - n_placed, 0, *(np.nan,) * 4)
    kept = ties[placed]
    people = sorted({*kept["person_a"], *kept["person_b"]})
    place = {person: n for n, person in enumerate(people)}
    a, b = (kept[side].map(place).to_numpy() for side in ("person_a", "person_b"))
    codes, _ = pd.factorize(pd.Series([homes[person] for person in people]), sort=True)
    sizes = np.bincount(codes)
    n = len(people)
    external = 1 - float((sizes * (sizes - 1)).sum()) / (n * (n - 1))
    order = np.argsort(draw_uniforms(number_names("mixing", people, seed=seed), range(shuffles)), axis=0, kind="stable")
    dealt = codes[order]  # a column is one shuffle
    indexes = 2 * (dealt[a] != dealt[b]).mean(axis=0) - 1
    tail = (1 - band) / 2
    low, high = np.quantile(indexes, [tail, 1 - tail], method="inverted_cdf")
    n_external = int((codes[a] != codes[b]).sum())
    return Mixing(
        n_placed - n_external, n_external, len(ties) - n_placed, n, 2 * n_external / n_placed - 1, 2 * external - 1,
        float(low), float(high),
    )  # fmt: skip


def follow_mixing(ties: "Ties", homes: Homes, policy: BorderPolicy, *, seed: int) -> pd.DataFrame:
    """Follow the E-I index over the policy's last windows: one row a window (`MIXING_COLUMNS`), oldest first.

    A window holds the pairs with evidence in it that ties them with at least the policy's chance; homes are as at its
    last day. Where too few ties can be placed the index says "not assessed".
    """
    rows = []
    for back in reversed(range(policy.mixing_slices)):
        until = pd.Timestamp(ties.as_of) - pd.Timedelta(days=back * policy.mixing_slice_days)
        since = until - pd.Timedelta(days=policy.mixing_slice_days - 1)
        rows.append(_measure_slice(ties, homes, policy, seed, since, until))
    return pd.DataFrame(rows, columns=list(MIXING_COLUMNS))


def measure_whole(ties: "Ties", homes: Homes, policy: BorderPolicy, *, seed: int) -> pd.Series:
    """Measure the E-I index over the policy's whole window, as one row of `MIXING_COLUMNS`."""
    until = pd.Timestamp(ties.as_of)
    row = _measure_slice(ties, homes, policy, seed, until - pd.Timedelta(days=policy.window_days - 1), until)
    return pd.Series(row, index=list(MIXING_COLUMNS))


def list_ties_between(ties: "Ties", policy: BorderPolicy, since: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """List the pairs that exist with at least the policy's chance and have evidence between two days."""
    surely = ties.table.loc[ties.table["p_exists"] >= policy.tie_at_least, ["person_a", "person_b"]]
    dated = ties.evidence[ties.evidence["is_in_measures"].eq("Y") & ties.evidence["seen_on"].between(since, until)]
    pairs = dated[["person_a", "person_b"]].drop_duplicates().merge(surely, on=["person_a", "person_b"])
    return pairs.sort_values(["person_a", "person_b"], kind="stable", ignore_index=True)


def _measure_slice(
    ties: "Ties", homes: Homes, policy: BorderPolicy, seed: int, since: pd.Timestamp, until: pd.Timestamp
) -> tuple[object, ...]:
    pairs = list_ties_between(ties, policy, since, until)
    mixing = measure_mixing(
        pairs, home_of(pairs, homes, until), shuffles=policy.shuffles, band=policy.band, seed=seed,
        at_least=policy.mixing_at_least_ties,
    )  # fmt: skip
    share = mixing.n_not_placed / len(pairs) if len(pairs) else np.nan
    return (since, until, len(pairs), mixing.n_internal, mixing.n_external, mixing.n_not_placed, share,
            mixing.n_people, mixing.index, mixing.expected, mixing.low, mixing.high, mixing.reading)  # fmt: skip


def home_of(pairs: pd.DataFrame, homes: Homes, on: pd.Timestamp) -> pd.Series:
    """Return the home of everybody in pairs as at one day, by person_id."""
    people = pd.Series(sorted({*pairs["person_a"], *pairs["person_b"]}), dtype="str")
    found = homes.find(people, pd.Series([on] * len(people), dtype="datetime64[us]"))["home"]
    return pd.Series(found.to_numpy(), index=people.to_numpy(), dtype="str")
