"""What is known of how sure each place is: a result with its reasons, in numbers and in the words of the yardstick."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from csp_toolkit.display.formatted import Heading, format_table
from csp_toolkit.display.wording import count_in_100, count_in_words, join_in_words, say_chance
from csp_toolkit.errors import TableError
from csp_toolkit.scoring.blocks import RANKED
from csp_toolkit.scoring.certainty.policy import SOURCE_TITLES, CertaintyPolicy
from csp_toolkit.scoring.certainty.seats import SEATS

CERTAINTY_COLUMNS = (
    "person_id", "block", "rank", "rank_median", "rank_low", "rank_high", "p_top10", "p_red", "p_red_points", "place",
)  # fmt: skip
SHARE_COLUMNS = ("source", "title", "first_order", "total", "note")
CORE, ZONE, OUTSIDE, APART = "robust core", "contest zone", "outside", "not ranked with the others"
_SHOWN = 15
_A_NOUN = ("remote chance", "realistic possibility")


@dataclass(frozen=True, eq=False)
class Certainty:
    """How sure each place is.

    Attributes
    ----------
    table : one row per scored person, in the order of the scores (`CERTAINTY_COLUMNS`). `p_top10`, `p_red` (points and
        harm) and `p_red_points` (points alone, which is what the band asks for) are shares of the draws, 0 to 1; ranks
        are those the person has or betters in half the draws, and at both ends of the interval. Who is not in the
        ranked block has no rank and no chance of a seat, which is not a chance of nought.
    shares : one row per source (`SHARE_COLUMNS`): how much of the variance of "how many of the ten remain" it explains
        by itself, and with its interplay; empty where it was not asked for.
    kept : how many of the ten remain, draw by draw. n_seats, n_filled : seats taken in the list as it is, and on
        average over the draws, which is what `p_top10` adds up to.
    varied : the sources that were switched on. n_matches, n_matches_apart : open matches that were drawn, and those
        that were held apart, having no chance or hanging together with too many.
    policy, seed, as_of : the settings.
    """

    table: pd.DataFrame
    shares: pd.DataFrame
    kept: np.ndarray
    n_seats: float
    n_filled: float
    varied: tuple[str, ...]
    n_matches: int
    n_matches_apart: int
    policy: CertaintyPolicy
    seed: int
    as_of: date

    @property
    def core(self) -> pd.DataFrame:
        """Return who keeps a seat in nearly all draws."""
        return self.table[self.table["place"].eq(CORE)]

    @property
    def zone(self) -> pd.DataFrame:
        """Return those for whom the cut is a matter of noise."""
        return self.table[self.table["place"].eq(ZONE)]

    @property
    def outside(self) -> pd.DataFrame:
        """Return those ranked whom hardly any draw gives a seat."""
        return self.table[self.table["place"].eq(OUTSIDE)]

    def explain(self, person_id: str) -> str:
        """Say in a sentence or two how sure a person's place is."""
        rows = self.table[self.table["person_id"].eq(person_id)]
        if rows.empty:
            raise TableError("Nobody of that person_id has a score as at this date.")
        row = rows.iloc[0]
        if row["block"] != RANKED:
            return f"In block {row['block']}: takes no place among the ranked, so no chance of one is given."
        low, high = (round(100 * share) for share in self.policy.interval)
        return (
            f"{_start(say_place(float(row['p_top10']), is_in=bool(row['rank'] <= SEATS)))}; {row['place']}. Rank "
            f"{row['rank']}, {row['rank_low']} to {row['rank_high']} in {high - low} of 100 re-runs. "
            f"{self.policy.draws:,} re-runs; varied: {self.say_varied()}."
        )

    def say_list(self) -> str:
        """Say in a few sentences how sure the list as a whole is, and what moves it most."""
        n_core, n_zone = len(self.core), len(self.zone)
        said = [
            f"Of the first {SEATS}, {self.kept.mean():.1f} remain on average when the doubtful inputs are varied.",
            f"{count_in_words(n_core, 'place is', 'places are', start=True)} firm; "
            f"{count_in_words(n_zone, 'person contests', 'people contest')} the rest.",
        ]
        if len(self.shares) and self.shares["total"].max() > 0:
            first = self.shares.sort_values(["total", "source"], ascending=[False, True], kind="stable").iloc[0]
            said.append(f"What moves the list most is the {first['title']} ({100 * first['total']:.0f} in 100).")
        if self.n_matches_apart:
            held = count_in_words(self.n_matches_apart, "possible match has", "possible matches have", start=True)
            said.append(f"{held} no chance to go by and {'is' if self.n_matches_apart == 1 else 'are'} held apart.")
        return " ".join(said)

    def say_varied(self) -> str:
        """Name what was varied."""
        return join_in_words([SOURCE_TITLES[source] for source in self.varied]) or "nothing"

    def _repr_html_(self) -> str:
        ranked = self.table[self.table["block"].eq(RANKED)].head(_SHOWN)
        ranked = ranked.assign(
            words=[say_chance(100 * float(chance)) for chance in ranked["p_top10"]], in_100=100 * ranked["p_top10"]
        )
        low, high = (round(100 * share) for share in self.policy.interval)
        headings = (
            Heading("rank", "Rank", kind="whole"),
            Heading("person_id", "Person", is_row_header=True),
            Heading("rank_median", "Median rank", kind="whole"),
            Heading("rank_low", "From", f"{low}%", kind="whole"),
            Heading("rank_high", "To", f"{high}%", kind="whole"),
            Heading("in_100", "In the ten", "in 100", kind="number"),
            Heading("words", "In words", "to stay on this list"),
            Heading("place", "Place"),
        )
        return str(format_table(
            ranked, headings, table_id="certainty", caption=f"How sure each place is, as at {self.as_of}.",
            caption_note=f"{self.say_list()} {self.policy.draws:,} re-runs, seed {self.seed}.",
        ))  # fmt: skip

    def __repr__(self) -> str:
        return f"Certainty(as_of={self.as_of}, people={len(self.table)}, draws={self.policy.draws}, seed={self.seed})"


def say_place(chance: float, *, is_in: bool, of: str = "this list") -> str:
    """Say a chance of a place in the words of the yardstick: about the list, never about what anyone will do.

    >>> say_place(0.72, is_in=True), say_place(0.02, is_in=False)
    ('likely (72 in 100) to stay on this list', 'a remote chance (2 in 100) of coming onto this list')
    """
    word, in_100 = say_chance(100 * chance), f"({count_in_100(100 * chance)} in 100)"
    if word in _A_NOUN:
        return f"a {word} {in_100} of {'staying on' if is_in else 'coming onto'} {of}"
    return f"{word} {in_100} to {'stay on' if is_in else 'come onto'} {of}"


def _start(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
