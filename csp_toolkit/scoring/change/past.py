"""A change of the matrix, before it is approved: who would have entered or left the list, and what else differs.

    past = csp.look_back(casebook, view, months=policy.replay_months)
    csp.compare_matrices(old, new, past)

A change asks for an author and a reason of its own. The last months are scored by both matrices; between the two the
changes are taken over one after the other, always in the order of the file, and everybody is scored anew after each, so
that what each did to a score adds up to the whole difference. Under caps a share depends on that order, which is why it
is fixed and printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
from pydantic import ValidationError

from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import check_sentence, count_in_words, join_in_words
from csp_toolkit.errors import CheckFailed, ParamsError
from csp_toolkit.scoring.blocks import RANKED
from csp_toolkit.scoring.change.diff import ABOUT, DIFF_COLUMNS, list_changes
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.ranking import AMBER, GREEN, RED, Scores, print_points
from csp_toolkit.scoring.review.past_meetings import PastMeeting, say_hindsight, score_past
from csp_toolkit.tables.view import View

MEETING_COLUMNS = ("meeting_on", "basis", "n_left", "n_entered", "n_rank_changed", "n_left_out_before",
                   "n_left_out_after", "bands_before", "bands_after")  # fmt: skip
MOVE_COLUMNS = ("meeting_on", "person_id", "move", "rank_before", "rank_after", "before", "after", "why")
REASON_COLUMNS = ("meeting_on", "person_id", "step", "points")
ENTERS, LEAVES = "enters", "leaves"
NOBODY = "Nobody would have entered or left the list"


@dataclass(frozen=True, eq=False)
class MatrixChange:
    """What a change of the matrix would have done.

    Attributes
    ----------
    changes : every rule that differs (`matrix_diff.DIFF_COLUMNS`).
    meetings : one row a past meeting (`MEETING_COLUMNS`).
    moves : who would have entered or left the first places, one row a meeting and person (`MOVE_COLUMNS`); before and
        after in ten-thousandths, missing where a gate leaves them out.
    reasons : meeting_on, person_id, step, points: what each step did to a score; adds up to after less before, no score
        counting as nothing.
    old, new : the matrices. hindsight : the sentence on hindsight.
    """

    changes: pd.DataFrame
    meetings: pd.DataFrame
    moves: pd.DataFrame
    reasons: pd.DataFrame
    old: Matrix
    new: Matrix
    hindsight: str

    def explain(self, person_id: str) -> str:
        """Say at which meetings a person would have entered or left, and why."""
        own = self.moves[self.moves["person_id"].eq(person_id)]
        if own.empty:
            return "Neither enters nor leaves the list at any of these meetings."
        return " ".join(f"{show_date(row.meeting_on)}: {row.move}; {row.why}." for row in own.itertuples())

    @property
    def sentences(self) -> list[str]:
        """Return whose change it is and why, what differs, and what it would have done."""
        new, n = self.new, len(self.meetings)
        if new is self.old:
            return ["No change of the matrix is proposed."]
        approved = f"approved on {show_date(new.approved_on)}" if new.approved_on else "not approved yet"
        head = f"{self.old.name} version {self.old.version} to {new.name} version {new.version}"
        head = f"{head}, by {new.owner}, {approved}."
        differs = count_in_words(len(self.changes), "rule differs", "rules differ", start=True)
        moved = self.meetings[self.meetings["n_left"].gt(0) | self.meetings["n_entered"].gt(0)]
        if not n:
            did = "No past meeting to replay."
        elif moved.empty:
            changed = int(self.meetings["n_rank_changed"].sum())
            ranks = "no place changes either" if not changed else f"{changed} places below or within it change"
            did = f"{NOBODY} at any of {n} meetings; {ranks}."
        else:
            n_in, n_out = int(self.meetings["n_entered"].sum()), int(self.meetings["n_left"].sum())
            who = count_in_words(self.moves["person_id"].nunique(), "person", "people")
            did = f"At {len(moved)} of {n} meetings the list would have been another"
            did = f"{did}: {n_in} entered and {n_out} left, {who} in all."
        return [check_sentence(one) for one in (head, f"{differs}.", did, self.hindsight)]

    def _repr_html_(self) -> str:
        lines = [*self.sentences, *self.changes["words"],
                 *(f"{show_date(row.meeting_on)}: {row.person_id} {row.move}; {row.why}" for row in
                   self.moves.itertuples())]  # fmt: skip
        rows = "".join(f"<tr><td>{escape(line)}</td></tr>" for line in lines)
        caption = f"Reason given: {self.new.why}"
        return f"<table><caption>{escape(caption)}</caption><tbody>{rows}</tbody></table>"

    def __repr__(self) -> str:
        return f"MatrixChange(changes={len(self.changes)}, meetings={len(self.meetings)}, moves={len(self.moves)})"


def check_author(old: Matrix, new: Matrix) -> None:
    """Refuse a change without an author, a version or a reason of its own, saying all that is wanted at once."""
    wanted = []
    if not new.owner.strip():
        wanted.append("owner: name who proposes it")
    if (new.name, new.version.strip()) == (old.name, old.version.strip()) or not new.version.strip():
        wanted.append("version: give it another than the matrix it changes")
    if not new.why.strip():
        wanted.append("why: give the reason")
    elif " ".join(new.why.split()) == " ".join(old.why.split()):
        wanted.append("why: it is the old matrix's; give the reason for the change")
    if wanted:
        raise ParamsError(f"The new matrix cannot be compared: {'; '.join(wanted)}.")


def compare_matrices(
    old: Matrix, new: Matrix | None, past: Sequence[PastMeeting], *, view: View | None = None
) -> MatrixChange:
    """Score past meetings by two matrices and say who would have entered or left the list, and why.

    Parameters
    ----------
    old, new : the matrix in use and the one proposed, with its author, version and reason; None where none is.
    past : what `look_back` returned.
    view : the present, replayed as the last of the meetings; left out where it is not given.

    Raises
    ------
    ParamsError : the new matrix names no author, no version or no reason of its own.
    """
    if new is None:
        return MatrixChange(_join([], DIFF_COLUMNS), _join([], MEETING_COLUMNS), _join([], MOVE_COLUMNS),
                            _join([], REASON_COLUMNS), old, old, "")  # fmt: skip
    check_author(old, new)
    past = [*past, *([PastMeeting(view, is_hindsight=False)] if view is not None else [])]
    changes = list_changes(old, new)
    steps = list_steps(old, new, changes)
    scored = [score_past(past, matrix) for _, matrix in steps]
    meetings, moves, reasons = [], [], []
    for at, meeting in enumerate(past):
        along = [own[at] for own in scored]
        shares = _share(along, [name for name, _ in steps])
        meetings.append(_count(meeting, along[0], along[-1]))
        moves.append(_list_moves(meeting, along[0], along[-1], shares))
        reasons.append(shares.assign(meeting_on=pd.Timestamp(meeting.on)))
    return MatrixChange(
        changes, pd.DataFrame(meetings, columns=list(MEETING_COLUMNS)), _join(moves, MOVE_COLUMNS),
        _join(reasons, REASON_COLUMNS), old, new,
        say_hindsight(past) if past else "No past meeting to replay.",
    )  # fmt: skip


def list_steps(old: Matrix, new: Matrix, changes: pd.DataFrame) -> list[tuple[str, Matrix]]:
    """List the matrices between two, each with one more change: a criterion, else a part of the file.

    Where a matrix of some of the changes would contradict itself, it is taken over together with the next.
    """
    old_criteria, new_criteria = old.by_id, new.by_id
    is_whole = list(old_criteria) != list(new_criteria)
    named = list(dict.fromkeys(changes["step"]))
    of_criteria = [name for name in named if name in {**old_criteria, **new_criteria} or name == "criteria"]
    parts = [name for name in named if name not in of_criteria]
    order = [*parts, *([" and ".join(of_criteria)] if is_whole and of_criteria else of_criteria)]
    steps, taken, waiting = [("", old)], dict[str, object](), list[str]()
    for name in order:
        if name in parts:
            taken[name] = getattr(new, name)
        elif is_whole:
            taken["criteria"] = new.criteria
        else:
            now = taken.get("criteria", old.criteria)
            taken["criteria"] = tuple(new_criteria[name] if c.id == name else c for c in now)  # type: ignore[attr-defined]
        waiting.append(name)
        try:
            made = Matrix.model_validate(old.model_copy(update=taken).model_dump())
        except ValidationError:
            continue
        steps.append((" with ".join(waiting), made))
        waiting.clear()
    last = new.model_copy(update={name: getattr(old, name) for name in ABOUT})
    if steps[-1][1] != last:
        steps.append((" with ".join(waiting) or "the order of the file", last))
    return steps


def _share(along: Sequence[Scores], names: Sequence[str]) -> pd.DataFrame:
    """Share each person's difference out to the steps; no score counts as nothing."""
    points = pd.concat(
        [scores.table.set_index("person_id")["score"] for scores in along], axis=1, keys=range(len(along))
    )
    points = points.astype("Int64").fillna(0).sort_index()
    frames = [
        pd.DataFrame({"person_id": points.index, "step": names[n], "points": (points[n] - points[n - 1]).to_numpy()})
        for n in range(1, len(along))
    ]
    shares = _join(frames, ("person_id", "step", "points")).astype({"points": "Int64"})
    whole = shares.groupby("person_id")["points"].sum().reindex(points.index, fill_value=0)
    if len(along) > 1 and not whole.eq(points[len(along) - 1] - points[0]).all():
        raise CheckFailed("The changes do not add up to the difference of somebody's score. Report this fault.")
    return shares[shares["points"].ne(0)].reset_index(drop=True)


def _count(meeting: PastMeeting, before: Scores, after: Scores) -> tuple[object, ...]:
    was, now = _first(before), _first(after)
    ranks = pd.concat([_ranks(before), _ranks(after)], axis=1, keys=["was", "now"]).fillna(0)
    n_changed = int(ranks["was"].ne(ranks["now"]).sum())
    n_out, bands = [len(s.left_out) for s in (before, after)], [_count_bands(s) for s in (before, after)]
    return (pd.Timestamp(meeting.on), meeting.basis, len(was - now), len(now - was), n_changed, *n_out, *bands)


def _ranks(scores: Scores) -> pd.Series:
    ranked = scores.table[scores.table["block"].eq(RANKED)]
    return ranked.set_index("person_id")["rank"].astype("Int64")


def _first(scores: Scores) -> frozenset[str]:
    ranks = _ranks(scores)
    return frozenset(ranks.index[ranks <= scores.matrix.movement.top])


def _count_bands(scores: Scores) -> str:
    n = scores.table["band"].value_counts()
    return ", ".join(f"{int(n.get(band, 0))} {band}" for band in (RED, AMBER, GREEN))


def _list_moves(meeting: PastMeeting, before: Scores, after: Scores, shares: pd.DataFrame) -> pd.DataFrame:
    was, now = _first(before), _first(after)
    rows = []
    for person in sorted(was ^ now):
        move = LEAVES if person in was else ENTERS
        own = shares[shares["person_id"].eq(person)]
        scores = [_score_of(table, person) for table in (before, after)]
        ranks = [_ranks(table).get(person) for table in (before, after)]
        why = _say_why(person, own, after, move, ranks)
        rows.append((pd.Timestamp(meeting.on), person, move, *ranks, *scores, why))
    types = dict.fromkeys(("rank_before", "rank_after", "before", "after"), "Int64")
    return pd.DataFrame(rows, columns=list(MOVE_COLUMNS)).astype(types)


def _score_of(scores: Scores, person: str) -> object:
    own = scores.table.loc[scores.table["person_id"].eq(person), "score"]
    return own.iloc[0] if len(own) else None


def _say_why(person: str, own: pd.DataFrame, after: Scores, move: str, ranks: Sequence[object]) -> str:
    gate = after.left_out[after.left_out["person_id"].eq(person)]
    if move == LEAVES and len(gate):
        return f"left out by gate {gate['gate'].iloc[0]}: {gate['reason'].iloc[0]}"
    said = [f"{row.step.replace('_', ' ')} {'+' if row.points > 0 else chr(0x2212)}{print_points(abs(row.points))}"
            for row in own.itertuples()]  # fmt: skip
    places = f"place {_place(ranks[0])} to {_place(ranks[1])}"
    if not said:
        return f"own points unchanged, others {'rise above' if move == LEAVES else 'fall below'} them; {places}"
    return f"{join_in_words(said)} points; {places}"


def _place(rank: object) -> str:
    return "none" if rank is None or pd.isna(rank) else str(rank)


def _join(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True)[list(columns)] if full else pd.DataFrame(columns=list(columns))
