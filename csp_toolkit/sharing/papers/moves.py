"""Why scores moved since the last meeting, and what time alone will do, for the people the papers put first.

Of a child no score stands in these papers, so none of these either: only a review and an eighteenth birthday.
"""

import re
from collections.abc import Sequence

import pandas as pd

from csp_toolkit.display.printed import UNITS_PER_POINT
from csp_toolkit.display.wording import join_in_words
from csp_toolkit.scoring.moves.items import CAUSES
from csp_toolkit.scoring.moves.movement import Movement
from csp_toolkit.scoring.moves.sunset import ADULT, BAND, ENTERS, FALLS, OUT, RELEASE, REVIEW, Outlook
from csp_toolkit.scoring.moves.words import say_points
from csp_toolkit.sharing.papers.words import say_number, start

MOVE_COLUMNS = ("person_id", "name", "is_child", "place", "before", "after", "movement", "sentence")
STEP_COLUMNS = ("person_id", "is_child", "n", "words", "weight")
AHEAD_COLUMNS = ("on", "person_id", "name", "is_child", "kind", "words")
SAME_PLACE = "no change of place"
CAUSE_WORDS = dict(zip(CAUSES, (
    "the matrix changed", "people let in or left out by a rule", "records joined or parted", "records withdrawn",
    "changed outcomes", "reports read otherwise", "changed roles", "decay", "new items",
), strict=True))  # fmt: skip
_GATE_CODE = re.compile(r"\bg\d+: ")
_DAY_AGAIN = re.compile(r" (?:on|by) \d{1,2} [A-Z][a-z]{2} \d{4}(?=$|:)")
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
    moves = moves.assign(**printed, place=moves["place"].astype("Int64"), sentence=plain_moves(moves["sentence"]))
    return moves[list(MOVE_COLUMNS)].reset_index(drop=True), table[list(STEP_COLUMNS)].reset_index(drop=True)


def plain_moves(sentences: pd.Series) -> pd.Series:
    """Take from sentences about moves what only an analyst reads: codes of gates, and a move that is none."""
    bare = sentences.str.replace(_GATE_CODE, "", regex=True)
    return bare.str.replace("no move; points", "points", regex=False)


def list_ahead(ahead: Outlook, people: pd.DataFrame, police: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """List what time alone brings for the police list and for who holds or comes by a seat (`AHEAD_COLUMNS`)."""
    seated = set(ranked["person_id"].head(ahead.seats)) | set(
        ahead.events.loc[ahead.events["kind"].eq(ENTERS), "person_id"]
    )
    listed = set(police["person_id"])
    events = ahead.events.merge(people[["person_id", "name", "is_child"]], on="person_id")
    is_child, kind = events["is_child"].eq("Y"), events["kind"]
    kept = events["person_id"].isin(listed) | (events["person_id"].isin(seated) & kind.isin(_OF_A_SEAT))
    shown = events[kept & (~is_child | kind.isin(_OF_A_CHILD))]
    words = shown["words"].str.replace(_GATE_CODE, "", regex=True).str.replace(_DAY_AGAIN, "", regex=True)
    return shown.assign(words=words.str.replace(r"^from (?=\w+ to )", "band from ", regex=True))[
        list(AHEAD_COLUMNS)
    ].reset_index(drop=True)


def add_changes(police: pd.DataFrame, movement: Movement) -> pd.DataFrame:
    """Add to what became of each place on the police's list what became of the matrix's score, where one stands.

    The two are parted by a semicolon and each says what it is of: points do not explain the police's order.
    """
    if movement.last_on is None:
        return police
    both = movement.table[movement.table["before"].notna() & movement.table["after"].notna()]
    has_score = police["is_child"].ne("Y") & police["score"].notna() & police["person_id"].isin(both["person_id"])
    place = police["movement_text"].mask(police["movement"].eq("NO_CHANGE"), SAME_PLACE)
    text = [
        f"{said}; {say_change(movement.list_steps(person))}" if scored else said
        for said, person, scored in zip(place, police["person_id"], has_score, strict=True)
    ]
    return police.assign(movement_text=pd.Series(text, index=police.index, dtype="str"))


def say_change(steps: pd.DataFrame) -> str:
    """Say in a few words by how much a score changed and what did most to it; `steps` begin with the score then.

    >>> say_change(pd.DataFrame({"words": ["then", "decay", "2 new items"], "weight": [84.6, -5.8, 11.1]}))
    'score +5.3 (most: 2 new items +11.1)'
    """
    causes = steps.iloc[1:]
    causes = causes[causes["weight"].ne(0)]
    if causes.empty:
        return "score as it was"
    most = causes.iloc[causes["weight"].abs().to_numpy().argmax()]
    change = say_points(round(float(causes["weight"].sum()) * UNITS_PER_POINT))
    if len(causes) == 1:
        return f"score {change} ({most['words']})"
    return f"score {change} (most: {most['words']} {say_points(round(float(most['weight']) * UNITS_PER_POINT))})"


def reconcile_points(movement: Movement) -> str:
    """Say that the causes lead from everybody's points then to everybody's points now, with nothing left over."""
    if movement.last_on is None:
        return "No meeting before to compare with."
    by_cause = movement.causes.groupby("cause")["points"].sum().reindex(CAUSE_WORDS).fillna(0)
    steps = [f"{CAUSE_WORDS[cause]} {say_points(int(n))}" for cause, n in by_cause.items() if n]
    before, after = (int(movement.table[name].fillna(0).sum()) for name in ("before", "after"))
    return (
        f"{_write(before)} points then; {join_in_words(steps) or 'nothing changed'}; {_write(after)} points now. "
        f"Of the {len(movement.table)} people scored at either meeting nobody has a change left unexplained."
    )


def shorten_ahead(sentences: Sequence[str]) -> list[str]:
    """Take from the sentences of the months ahead what their heading says."""
    return [start(sentence.removeprefix("If nothing new comes, ")) for sentence in sentences]


def _write(units: int) -> str:
    return f"{units / UNITS_PER_POINT:,.1f}"


def finding_moves(movement: Movement, moves: pd.DataFrame) -> str:
    """Say how many of the people put first rose and fell, and what the change of everybody came from."""
    if movement.last_on is None:
        return "There was no meeting before to compare with."
    after, before = (moves[name].fillna(0) for name in ("after", "before"))
    by_cause = movement.causes.groupby("cause")["points"].sum()
    largest = by_cause.reindex(by_cause.abs().sort_values(ascending=False).index).head(2)
    whole = " and ".join(
        f"{CAUSE_WORDS.get(cause, cause)} ({say_points(int(points))} points)"
        for cause, points in largest.items() if points
    )  # fmt: skip
    n_more, n_fewer = (after > before).sum(), (after < before).sum()
    return (
        f"Of the people on the police list or high beside it, {say_number(int(n_more))} "
        f"{'has' if n_more == 1 else 'have'} more points than at the last meeting and {say_number(int(n_fewer))} "
        f"fewer. Over everybody scored most of the change came of {whole or 'nothing'}."
    )


def _print(units: pd.Series) -> pd.Series:
    return ((units + 500) // 1000 / 10).astype("Float64")
