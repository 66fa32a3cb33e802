"""Who came, went, rose or fell since the last meeting.

A move is a change of band, else of enough places, else of enough points; the matrix says how many. Under another
version of the matrix nothing is comparable. Why somebody moved is not assessed yet, and says so.
"""

from collections.abc import Collection

import pandas as pd

from csp_toolkit.errors import CheckFailed
from csp_toolkit.scoring.blocks import RANKED
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths
from csp_toolkit.scoring.ranking import AMBER, GREEN, NOT_ASSESSED, RED, Scores

MOVEMENT_COLUMNS = ("person_id", "movement", "cause", "points")
MOVEMENTS = ("NEW_IN", "RETURNED", "OUT", "UP", "DOWN", "NO_CHANGE", "NOT_COMPARABLE")
_BANDS = {GREEN: 0, AMBER: 1, RED: 2}


def compare(now: Scores, before: Scores | None, *, earlier: Collection[str] = frozenset()) -> pd.DataFrame:
    """Compare two meetings' scores, person by person.

    Parameters
    ----------
    before : the previous meeting's scores; without it everyone is new.
    earlier : person_id of whoever was scored at any meeting before that; they return, and are not new.

    Returns
    -------
    One row per person scored at either meeting (`MOVEMENT_COLUMNS`), sorted; `points` is what the score changed by,
    in ten-thousandths, and missing where only one of the two is known or the two are not comparable.
    """
    columns = ["person_id", "score", "band", "block", "rank"]
    then = before.table if before is not None else now.table.head(0)
    both = now.table[columns].merge(then[columns], on="person_id", how="outer", suffixes=("", "_before"))
    both = both.sort_values("person_id", kind="stable", ignore_index=True)
    is_now, was_then = both["score"].notna(), both["score_before"].notna()

    movement = _judge(both, now.matrix).astype("str")
    if before is not None and _version(before) != _version(now):
        movement = movement.mask(is_now & was_then, "NOT_COMPARABLE")
    movement = movement.mask(is_now & ~was_then, "NEW_IN")
    movement = movement.mask(is_now & ~was_then & both["person_id"].isin(list(earlier)), "RETURNED")
    movement = movement.mask(~is_now & was_then, "OUT")
    points = (both["score"] - both["score_before"]).astype("Int64").mask(movement.eq("NOT_COMPARABLE"))
    moved = pd.DataFrame(
        {"person_id": both["person_id"], "movement": movement, "cause": NOT_ASSESSED, "points": points}
    )
    reconcile(moved, len(then), len(now.table))
    return moved[list(MOVEMENT_COLUMNS)]


def reconcile(moved: pd.DataFrame, n_before: int, n_now: int) -> str:
    """Return the line "opening + in + returned - out = closing", or raise if it does not add up."""
    counts = moved["movement"].value_counts()
    n_in, n_back, n_out = (int(counts.get(name, 0)) for name in ("NEW_IN", "RETURNED", "OUT"))
    if n_before + n_in + n_back - n_out != n_now:
        raise CheckFailed(
            f"Movement does not add up: opening {n_before} + in {n_in} + returned {n_back} - out {n_out} is not "
            f"closing {n_now}. Report this fault."
        )
    return f"opening {n_before} + in {n_in} + returned {n_back} - out {n_out} = closing {n_now}"


def _version(scores: Scores) -> tuple[str, str]:
    return scores.matrix.name, scores.matrix.version


def _judge(both: pd.DataFrame, matrix: Matrix) -> pd.Series:
    """Say UP, DOWN or NO_CHANGE by band, else by places in the same ranked list, else by points."""
    rules = matrix.movement
    by_band = both["band"].map(_BANDS) - both["band_before"].map(_BANDS)
    is_ranked = both["block"].eq(RANKED) & both["block_before"].eq(RANKED)
    places = (both["rank_before"] - both["rank"]).where(is_ranked)
    needed = pd.Series(rules.places, index=both.index).mask(
        (both["rank"] <= rules.top) | (both["rank_before"] <= rules.top), rules.places_in_top
    )
    places = places.where(places.abs() >= needed)
    points = both["score"] - both["score_before"]
    points = points.where(points.abs() >= ten_thousandths(rules.points))
    change = by_band.where(by_band.ne(0)).astype("Float64")
    change = change.fillna(places.astype("Float64")).fillna(points.astype("Float64"))
    judged = pd.Series("NO_CHANGE", index=both.index, dtype="str")
    return judged.mask((change > 0).fillna(False), "UP").mask((change < 0).fillna(False), "DOWN")
