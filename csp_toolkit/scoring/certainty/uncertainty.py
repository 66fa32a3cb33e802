"""How sure each place is, and which doubt moves the list.

    certainty = csp.assess_certainty(view, scores, policy, seed=1)
    certainty.explain(person_id)     # "Likely (72 in 100) to stay on this list; ..."

The matrix is scored again in many draws. In each, what a partnership could reasonably have set otherwise, and what of
the records may not be so, is drawn anew (`worlds`); gates stay as they are, and every rule holds in every draw
(`rescoring`). What comes out is about places on a list: no chance here is a chance that anyone will do anything.

After the OECD/JRC Handbook on Constructing Composite Indicators (2008, step 7); rank acceptability as in SMAA
(Lahdelma, Hokkanen and Salminen 1998); ranks with intervals (Goldstein and Spiegelhalter 1996).
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd

from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.errors import ParamsError
from csp_toolkit.scoring.blocks import RANKED
from csp_toolkit.scoring.certainty.influence import estimate_effects
from csp_toolkit.scoring.certainty.open_identity import OpenMatches, find_open_matches, stand
from csp_toolkit.scoring.certainty.places import APART, CERTAINTY_COLUMNS, CORE, OUTSIDE, SHARE_COLUMNS, ZONE, Certainty
from csp_toolkit.scoring.certainty.policy import IDENTITY, SOURCE_TITLES, SOURCES, CertaintyPolicy
from csp_toolkit.scoring.certainty.reruns import Reruns, prepare_reruns
from csp_toolkit.scoring.certainty.seats import Places, share_seats
from csp_toolkit.scoring.ranking import AMBER, RED, Scores
from csp_toolkit.tables.view import View

_PLACES = 10  # decimals of a chance: beyond what a sum of shares can hold


def assess_certainty(
    view: View,
    scores: Scores,
    policy: CertaintyPolicy,
    *,
    seed: int,
    sources: Collection[str] | None = None,
    with_shares: bool = True,
) -> Certainty:
    """Assess how sure each place is, by scoring again with the doubtful inputs varied.

    Parameters
    ----------
    view : the casebook as the scores saw it, for the identities that are open in it.
    scores : what `score` returned.
    policy : what is varied, how far, and how often.
    seed : the one source of chance; the same for every analysis of a meeting, so that they speak of the same draws.
    sources : what to vary, of those the policy names; all of them by default, and with none the list itself comes out.
    with_shares : whether to work out how much of the spread is due to each source, which takes most of the time.

    Raises
    ------
    ParamsError : a source has no such name.
    """
    unknown = sorted(set(sources or ()) - set(SOURCES))
    if unknown:
        raise ParamsError(f"No source of doubt is called {', '.join(unknown)}. There are: {', '.join(SOURCES)}.")
    varied = tuple(name for name in SOURCES if name in (policy.sources if sources is None else sources))
    everybody, ranked = scores.table["person_id"].tolist(), scores.list_ranked()

    matches = _find_matches(view, scores, policy, varied, everybody)
    standings = stand(view, scores, matches)
    base = _share_as_is(scores, ranked)
    n_draws, ranks_of = policy.draws, np.flatnonzero(scores.table["block"].eq(RANKED))
    places = prepare_reruns(scores, everybody, *standings, policy, seed=seed).place(varied, n_draws, ranks_of, base)
    shares = pd.DataFrame(columns=list(SHARE_COLUMNS))
    if with_shares:
        pool = prepare_reruns(scores, ranked, *standings, policy, seed=seed)
        shares = _share_out(pool, varied, places.kept, base, matches)
    return Certainty(
        table=_list_places(scores, ranked, places, policy), shares=shares, kept=places.kept, n_seats=float(base.sum()),
        n_filled=float((places.seats.sum() / n_draws).round(_PLACES)), varied=varied, n_matches=matches.n_drawn,
        n_matches_apart=matches.n_unknown + matches.n_beyond, policy=policy, seed=seed, as_of=scores.as_of,
    )  # fmt: skip


def settle_bands(view: View, scores: Scores, policy: CertaintyPolicy, *, seed: int) -> Scores:
    """Return the scores with the chance that Red asks for; whose chance is too small is Amber.

    Until then Red stands on points and harm alone and says so. Nobody becomes Red here. Only those who are Red are
    scored again: what somebody's chance is does not depend on others, so it is the one that `assess_certainty` gives.
    """
    is_red = scores.table["band"].eq(RED)
    if not is_red.any():
        return scores
    people = scores.table.loc[is_red, "person_id"].tolist()
    varied = [name for name in SOURCES if name in policy.sources]
    standings = stand(view, scores, _find_matches(view, scores, policy, varied, people))
    nobody = np.empty(0, dtype="int64")
    reruns = prepare_reruns(scores, people, *standings, policy, seed=seed)
    places = reruns.place(varied, policy.draws, nobody, nobody.astype("float64"))
    chances = pd.DataFrame({"p_red": places.n_red, "points": places.n_points}, index=pd.Index(people)) / policy.draws
    own = scores.table["person_id"]
    unlikely = own.map(chances["points"]) < scores.matrix.bands.red.chance_at_least
    p_red = own.map(chances["p_red"]).astype("object").where(is_red, NOT_ASSESSED)
    return replace(scores, table=scores.table.assign(band=scores.table["band"].mask(unlikely, AMBER), p_red=p_red))


def _find_matches(
    view: View, scores: Scores, policy: CertaintyPolicy, varied: Collection[str], people: Collection[str]
) -> OpenMatches:
    most = policy.most_matches if IDENTITY in varied else 0
    return find_open_matches(view, scores, people, most=most)


def _share_as_is(scores: Scores, ranked: list[str]) -> np.ndarray:
    points = scores.table.set_index("person_id")["score"].reindex(ranked).to_numpy("int64")
    return share_seats(points[None, :])[0]


def _list_places(scores: Scores, ranked: list[str], places: Places, policy: CertaintyPolicy) -> pd.DataFrame:
    """List everybody scored; who is not ranked has a chance of no seat to speak of, so none is given."""
    low, high = policy.interval
    chance = (places.seats / places.n_draws).round(_PLACES)
    kinds = np.select([chance >= policy.core_at_least, chance > policy.zone_above], [CORE, ZONE], OUTSIDE)
    found = pd.DataFrame(
        {
            "rank_median": places.rank_at(0.5), "rank_low": places.rank_at(low), "rank_high": places.rank_at(high),
            "p_top10": chance, "place": kinds,
        },
        index=pd.Index(ranked, dtype="str"),
    )  # fmt: skip
    table = scores.table[["person_id", "block", "rank"]].join(found, on="person_id")
    table = table.assign(
        p_red=places.n_red / places.n_draws, p_red_points=places.n_points / places.n_draws,
        place=table["place"].astype("str").where(table["block"].eq(RANKED), APART),
    )  # fmt: skip
    whole = dict.fromkeys(("rank", "rank_median", "rank_low", "rank_high"), "Int64")
    return table.astype(whole | {"p_top10": "Float64"})[list(CERTAINTY_COLUMNS)]


def _share_out(
    pool: Reruns, varied: tuple[str, ...], kept: np.ndarray, base: np.ndarray, matches: OpenMatches
) -> pd.DataFrame:
    """Share the spread of how many of the ten remain out to the sources."""
    policy = pool.doubts.policy
    n, second = policy.share_draws, max(policy.draws, policy.share_draws)
    first_draws, second_draws = dict.fromkeys(varied, 0), dict.fromkeys(varied, second)
    of_a = kept[:n] if n <= policy.draws else pool.count_kept(first_draws, n, base)
    of_b = pool.count_kept(second_draws, n, base)
    rows = []
    for source in SOURCES:
        is_drawn = source in varied and (source != IDENTITY or matches.n_drawn > 0)
        mixed = pool.count_kept(first_draws | {source: second}, n, base) if is_drawn else of_a
        first, total = estimate_effects(of_a, of_b, mixed)
        rows.append((source, SOURCE_TITLES[source], first, total, "varied" if is_drawn else "not varied"))
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))
