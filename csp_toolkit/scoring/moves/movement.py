"""Who came, went, rose or fell since the last meeting, and why.

A move is a change of band, else of enough places, else of enough points; the matrix says how many. Under another
version of the matrix nothing is comparable, and what the matrix did stands in the split all the same. Why is worked out
by replaying the changes in one order (`replay`) and adds up to the difference with nothing left over.
"""

from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd

from csp_toolkit.display.waterfall import waterfall_svg
from csp_toolkit.errors import CheckFailed, TableError
from csp_toolkit.scoring.blocks import RANKED
from csp_toolkit.scoring.evidence.register import read_register
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import ten_thousandths
from csp_toolkit.scoring.moves.items import CAUSES
from csp_toolkit.scoring.moves.replay import Replay, replay
from csp_toolkit.scoring.moves.sources import look_between
from csp_toolkit.scoring.moves.words import say_move, say_points, say_steps, say_why_in, say_why_out
from csp_toolkit.scoring.ranking import AMBER, GREEN, RED, Scores
from csp_toolkit.tables.view import View

MOVEMENT_COLUMNS = ("person_id", "movement", "cause", "points")
NO_CHANGE, NO_EARLIER = "no change", "no earlier meeting"
_ORDER = {cause: place for place, cause in enumerate(CAUSES)}
_TABLE_COLUMNS = (
    "person_id", "movement", "before", "after", "points", "rank_before", "rank", "band_before", "band", "why",
    "sentence",
)  # fmt: skip
_BANDS = {GREEN: 0, AMBER: 1, RED: 2}
_SHOWN = 15


@dataclass(frozen=True, eq=False)
class Movement:
    """Who moved, by how much, and why.

    Attributes
    ----------
    table : one row a person scored at either meeting, sorted by person_id: movement, before and after (ten-thousandths,
        missing where there was no score), points (the difference, no score counting as nothing), rank_before, rank,
        band_before, band, why (who came or went: by which gate), sentence.
    causes : one row for each person and cause (`MOVEMENT_COLUMNS` and n_items); adds up to `points`. Whoever stayed as
        they were has one row, "no change", of no points.
    items : the same item by item from `withdrawn` on: person_id, cause, criterion, item_id, points.
    as_of, last_on : the days of the two meetings; `last_on` missing where there was none.
    """

    table: pd.DataFrame
    causes: pd.DataFrame
    items: pd.DataFrame
    as_of: date
    last_on: date | None

    @property
    def sums(self) -> str:
        """Return the line that had to come out: everybody's points then, each cause, everybody's points now."""
        if self.last_on is None:
            return "No meeting before to compare with."
        by_cause = self.causes.groupby("cause", sort=False)["points"].sum()
        by_cause = by_cause[by_cause.ne(0)].sort_index(key=lambda names: names.map(_ORDER.get), kind="stable")
        steps = "".join(f" {cause} {say_points(int(n))}" for cause, n in by_cause.items())
        before, after = (int(self.table[name].fillna(0).sum()) for name in ("before", "after"))
        return (
            f"{say_points(before, signed=False)} points then,{steps or ' nothing changed'} = "
            f"{say_points(after, signed=False)} now; of {len(self.table)} people nobody's remainder is above 0"
        )

    def explain(self, person_id: str) -> str:
        """Say in one sentence whether and why a person moved."""
        return str(self._row(person_id)["sentence"])

    def list_steps(self, person_id: str) -> pd.DataFrame:
        """List what leads from a person's score then to the one now: words and weight, in points as printed."""
        row = self._row(person_id)
        own = self.causes[self.causes["person_id"].eq(person_id) & self.causes["points"].ne(0)]
        start = f"Score at the meeting of {self.last_on}" if self.last_on else "No meeting before"
        return say_steps(row["before"], row["after"], own, start=start)

    def draw(self, person_id: str) -> str:
        """Draw what leads from a person's score then to the one now as a waterfall, with the same in words."""
        return waterfall_svg(self.list_steps(person_id), label=self.explain(person_id))

    def _row(self, person_id: str) -> pd.Series:
        rows = self.table[self.table["person_id"].eq(person_id)]
        if rows.empty:
            raise TableError("Nobody of that person_id was scored at either meeting.")
        return rows.iloc[0]

    def _repr_html_(self) -> str:
        moved = self.table[self.table["movement"].ne("NO_CHANGE")]
        moved = moved.sort_values(["points", "person_id"], key=lambda c: -c.abs() if c.name == "points" else c)
        body = "".join(
            f"<tr><td>{escape(row.person_id)}</td><td>{escape(row.sentence)}</td></tr>"
            for row in moved.head(_SHOWN).itertuples()
        )
        counts = self.table["movement"].value_counts().sort_index()
        caption = (
            f"{', '.join(f'{n} {word}' for word, n in counts.items())}, {self.last_on} to {self.as_of}; the "
            f"{min(len(moved), _SHOWN)} largest of {len(moved)} moves. {self.sums}."
        )
        return f"<table><caption>{escape(caption)}</caption><tbody>{body}</tbody></table>"


def compare(
    now: Scores, before: Scores | None, *, view: View | None = None, last_view: View | None = None,
) -> Movement:  # fmt: skip
    """Compare two meetings' scores, person by person, and split each difference by its causes.

    Parameters
    ----------
    before : the previous meeting's scores; without it everyone is new, and nothing is split.
    view, last_view : what `now` and `before` were made from.

    Raises
    ------
    CheckFailed : the counts of people, or somebody's points, do not add up.
    """
    if before is None:
        return _without_before(now)
    if view is None or last_view is None:
        raise TableError("To compare with an earlier meeting pass the views of both: view= and last_view=.")
    split = replay(look_between(now, before, view, last_view))
    table = _place_beside(split, now, before)
    table["movement"] = name_moves(table, now.matrix, is_comparable=_version(before) == _version(now))
    came_back = table["movement"].eq("NEW_IN") & table["person_id"].isin(list_earlier(view, before.as_of))
    table["movement"] = table["movement"].mask(came_back, "RETURNED")
    reconcile(table, len(before.table), len(now.table))
    table["why"] = say_why_out(table, now).fillna(say_why_in(table, before))
    causes = _list_causes(split, table)
    check_points(table, causes)
    table["sentence"] = say_move(table, causes)
    return Movement(table[list(_TABLE_COLUMNS)], causes, split.items, now.as_of, before.as_of)


def name_moves(table: pd.DataFrame, matrix: Matrix, *, is_comparable: bool = True) -> pd.Series:
    """Name each person's move.

    Parameters
    ----------
    table : before, after, band, band_before, block, block_before, rank, rank_before; missing where there was no score.
    """
    movement = _judge(table, matrix) if is_comparable else pd.Series("NOT_COMPARABLE", index=table.index, dtype="str")
    movement = movement.mask(table["before"].isna(), "NEW_IN")
    return movement.mask(table["after"].isna(), "OUT").astype("str")


def list_earlier(view: View, before_on: date) -> frozenset[str]:
    """List who was before a meeting of some time ago: taken off the register once, or on a list before that day."""
    register = read_register(view)
    removed = register.loc[register["was_removed_on"].notna(), "person_id"]
    day = pd.Timestamp(before_on)
    lists, chosen = view["police_list"], view.decisions[view.decisions["kind"].eq("selection")]
    named = [frame.loc[frame["meeting_on"] < day, "person_id"] for frame in (lists, chosen)]
    return frozenset(pd.concat([removed, *named]).dropna())


def reconcile(table: pd.DataFrame, n_before: int, n_now: int) -> str:
    """Return the line "opening + in + returned - out = closing", or raise if it does not add up."""
    counts = table["movement"].value_counts()
    n_in, n_back, n_out = (int(counts.get(name, 0)) for name in ("NEW_IN", "RETURNED", "OUT"))
    if n_before + n_in + n_back - n_out != n_now:
        raise CheckFailed(
            f"Movement does not add up: opening {n_before} + in {n_in} + returned {n_back} - out {n_out} is not "
            f"closing {n_now}. Report this fault."
        )
    return f"opening {n_before} + in {n_in} + returned {n_back} - out {n_out} = closing {n_now}"


def check_points(table: pd.DataFrame, causes: pd.DataFrame) -> None:
    """Raise unless everybody's causes add up to what their score changed by, to the ten-thousandth."""
    split = causes.groupby("person_id")["points"].sum().reindex(table["person_id"], fill_value=0)
    wrong = int((split.to_numpy() != table["points"].to_numpy()).sum())
    if wrong:
        raise CheckFailed(
            f"The causes do not add up to the score change of {wrong} of {len(table)} people. Report this fault."
        )


def _without_before(now: Scores) -> Movement:
    table = now.table[["person_id", "score", "rank", "band"]].rename(columns={"score": "after"})
    table = table.sort_values("person_id", ignore_index=True)
    table = table.assign(movement="NEW_IN", before=pd.NA, points=pd.NA, rank_before=pd.NA, band_before=pd.NA,
                         why=NO_EARLIER, sentence="new in: no meeting before to compare with")  # fmt: skip
    table = table.astype(dict.fromkeys(("before", "points", "rank_before"), "Int64"))
    causes = table[["person_id", "movement", "points"]].assign(cause=NO_EARLIER, n_items=0)
    items = pd.DataFrame(columns=["person_id", "cause", "criterion", "item_id", "points"])
    return Movement(table[list(_TABLE_COLUMNS)], causes[[*MOVEMENT_COLUMNS, "n_items"]], items, now.as_of, None)


def _version(scores: Scores) -> tuple[str, str]:
    return scores.matrix.name, scores.matrix.version


def _place_beside(split: Replay, now: Scores, before: Scores) -> pd.DataFrame:
    places = ["rank", "band", "block"]
    is_now = now.table[["person_id", *places]]
    was = before.table[["person_id", *places]].rename(columns={name: f"{name}_before" for name in places})
    table = split.people.merge(is_now, on="person_id", how="left")
    table = table.merge(was.rename(columns={"person_id": "was"}), on="was", how="left")
    return table.assign(points=table["after"].fillna(0) - table["before"].fillna(0))


def _list_causes(split: Replay, table: pd.DataFrame) -> pd.DataFrame:
    """List every cause of every person; whoever has none has one row that says so."""
    still = table.loc[~table["person_id"].isin(split.causes["person_id"]), ["person_id"]]
    still = still.assign(cause=NO_CHANGE, points=0, n_items=0).astype({"points": "Int64"})
    causes = pd.concat([split.causes, still], ignore_index=True).sort_values("person_id", kind="stable")
    causes = causes.merge(table[["person_id", "movement"]], on="person_id")
    return causes[[*MOVEMENT_COLUMNS, "n_items"]].reset_index(drop=True)


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
    points = both["after"] - both["before"]
    points = points.where(points.abs() >= ten_thousandths(rules.points))
    change = by_band.where(by_band.ne(0)).astype("Float64")
    change = change.fillna(places.astype("Float64")).fillna(points.astype("Float64"))
    judged = pd.Series("NO_CHANGE", index=both.index, dtype="str")
    return judged.mask((change > 0).fillna(False), "UP").mask((change < 0).fillna(False), "DOWN")
