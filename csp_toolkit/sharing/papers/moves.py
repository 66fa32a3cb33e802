"""Why scores moved since the last meeting, and what time alone will do, for the people the papers put first.

Of a child no score stands in these papers, so none of these either: only a review and an eighteenth birthday.
"""

import pandas as pd

from csp_toolkit.scoring.moves.movement import Movement
from csp_toolkit.scoring.moves.sunset import ADULT, BAND, ENTERS, FALLS, OUT, RELEASE, REVIEW, Outlook
from csp_toolkit.scoring.moves.words import say_cause, say_points

MOVE_COLUMNS = ("person_id", "name", "is_child", "place", "before", "after", "movement", "sentence")
STEP_COLUMNS = ("person_id", "is_child", "n", "words", "weight")
AHEAD_COLUMNS = ("on", "person_id", "name", "is_child", "kind", "words")
_OF_A_CHILD = (REVIEW, ADULT)
_OF_A_SEAT = (FALLS, ENTERS, BAND, OUT, RELEASE)


def list_moves(movement: Movement, police: pd.DataFrame, high: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List the moves of the police list and of who stands high beside it, and their steps as a waterfall takes them.

    Returns
    -------
    `MOVE_COLUMNS`, adults with a score at either meeting, in the order of the list, in points of one decimal as
    printed; and `STEP_COLUMNS`, from the score then to the causes. Whoever's score is as it was is not among them.
    """
    first = pd.concat([police[["person_id", "name", "is_child", "place"]], high[["person_id", "name", "is_child"]]])
    first = first[first["is_child"].ne("Y")].drop_duplicates("person_id")
    moves = first.merge(movement.table, on="person_id")
    moves = moves[moves["points"].ne(0).fillna(False).astype(bool)] if movement.last_on else moves.head(0)  # noqa: FBT003
    steps = [movement.list_steps(person).assign(person_id=person) for person in moves["person_id"]]
    table = pd.concat(steps) if steps else pd.DataFrame(columns=["words", "weight", "person_id"])
    table = table.assign(n=table.groupby("person_id").cumcount() + 1, is_child="N")
    printed = {name: _print(moves[name]) for name in ("before", "after")}
    moves = moves.assign(**printed, place=moves["place"].astype("Int64"))
    return moves[list(MOVE_COLUMNS)].reset_index(drop=True), table[list(STEP_COLUMNS)].reset_index(drop=True)


def list_ahead(ahead: Outlook, people: pd.DataFrame, police: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """List what time alone brings for the police list and for who holds or comes by a seat (`AHEAD_COLUMNS`)."""
    seated = set(ranked["person_id"].head(ahead.seats)) | set(
        ahead.events.loc[ahead.events["kind"].eq(ENTERS), "person_id"]
    )
    listed = set(police["person_id"])
    events = ahead.events.merge(people[["person_id", "name", "is_child"]], on="person_id")
    is_child, kind = events["is_child"].eq("Y"), events["kind"]
    kept = events["person_id"].isin(listed) | (events["person_id"].isin(seated) & kind.isin(_OF_A_SEAT))
    return events[kept & (~is_child | kind.isin(_OF_A_CHILD))][list(AHEAD_COLUMNS)].reset_index(drop=True)


def add_causes(police: pd.DataFrame, movement: Movement) -> pd.DataFrame:
    """Add to what became of each place on the list the weightiest cause of the score's change, where a score stands."""
    has_score = police["is_child"].ne("Y") & police["score"].notna()
    # Of a first meeting there is none, and what maps to nothing would be numbers.
    cause = police["person_id"].map(say_weightiest(movement)).astype("str").where(has_score)
    is_still = police["movement"].eq("NO_CHANGE") & cause.notna()
    text = police["movement_text"].mask(is_still, cause)
    return police.assign(movement_text=text.where(is_still | cause.isna(), text + "; " + cause))


def say_weightiest(movement: Movement) -> pd.Series:
    """Say in a few words what did most to each score, by person_id; for who is scored at both meetings."""
    if movement.last_on is None:
        return pd.Series(dtype="str")
    table = movement.table[movement.table["before"].notna() & movement.table["after"].notna()]
    causes = movement.causes[movement.causes["person_id"].isin(table["person_id"])]
    causes = causes.assign(size=-causes["points"].abs()).sort_values(["person_id", "size"], kind="stable")
    causes = causes.drop_duplicates("person_id")
    words = [
        f"{say_cause(cause, n)} {say_points(int(points))}" if points else "score as it was"
        for cause, n, points in zip(causes["cause"], causes["n_items"], causes["points"], strict=True)
    ]
    return pd.Series(words, index=causes["person_id"], dtype="str")


def finding_moves(movement: Movement, moves: pd.DataFrame) -> str:
    """Say how many of the people put first rose and fell, and what the change of everybody came from."""
    if movement.last_on is None:
        return "There was no meeting before to compare with."
    after, before = (moves[name].fillna(0) for name in ("after", "before"))
    by_cause = movement.causes.groupby("cause")["points"].sum()
    largest = by_cause.reindex(by_cause.abs().sort_values(ascending=False).index).head(2)
    whole = " and ".join(f"{cause} ({say_points(int(points))} points)" for cause, points in largest.items() if points)
    return (
        f"Of the people on the police list or high beside it, {int((after > before).sum())} have more points than at "
        f"the last meeting and {int((after < before).sum())} fewer. Over everybody scored most came of "
        f"{whole or 'nothing'}."
    )


def _print(units: pd.Series) -> pd.Series:
    return ((units + 500) // 1000 / 10).astype("Float64")
