"""The casebook as at each of the last meetings: what a back-test and a replay of a changed matrix start from.

Where deliveries had come by a meeting it is shown as it was known then. Before the first delivery nothing was: such a
meeting is shown from what has been received since, and says so, for its lists know more than anybody knew that day.
Its register is the one of today with whoever was included later left off, and whoever was removed later put back: else
people would stand on a list for what they did after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from weakref import WeakKeyDictionary

import pandas as pd
from sqlalchemy import func, select

from csp_toolkit.scoring.assessment import reckon_each
from csp_toolkit.scoring.evidence.register import ACTIVE
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.tables import storage
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.on_demand import Frames
from csp_toolkit.tables.view import View

_SCORED: "WeakKeyDictionary[PastMeeting, list[tuple[Matrix, Scores]]]" = WeakKeyDictionary()
HINDSIGHT, AS_KNOWN = "with hindsight", "as known then"


@dataclass(frozen=True, eq=False)
class PastMeeting:
    """One past meeting: the casebook as at its day, and whether that is as known then."""

    view: View
    is_hindsight: bool

    @property
    def on(self) -> date:
        """Return the day of the meeting."""
        return self.view.as_of

    @property
    def basis(self) -> str:
        """Say whether the meeting is shown as known then or with hindsight."""
        return HINDSIGHT if self.is_hindsight else AS_KNOWN

    def __repr__(self) -> str:
        return f"PastMeeting(on={self.on}, {self.basis})"


def look_back(casebook: Casebook | Path | str, view: View, *, months: int, params: Path | str | None = None,
              ) -> tuple[PastMeeting, ...]:  # fmt: skip
    """Show the casebook as at the meetings of so many months before a view, oldest first.

    Parameters
    ----------
    casebook : the casebook, its file, or the address of a database.
    view : the present one; what counts as known since is what it knows.
    params : the workspace's `params` folder, where `casebook` is not open yet.
    """
    book = casebook if isinstance(casebook, Casebook) else Casebook.open(_locate(casebook), params=params)
    first = _first_delivery(book)
    days = [(day, first is None or day < first) for day in list_past_meetings(view, months)]
    return tuple(
        PastMeeting(turn_back(book.view(day, view.known_at)) if late else book.view(day), late) for day, late in days
    )


def turn_back(view: View) -> View:
    """Return a view whose register holds who was on it by its date: not who was included later, nor removed later."""
    day, rows = pd.Timestamp(view.as_of), view["reviews"]
    rows = rows[~(rows["included_on"] > day)].reset_index(drop=True)
    later = rows["removed_on"] > day
    reviews = rows.assign(status=rows["status"].mask(later, ACTIVE), removed_on=rows["removed_on"].mask(later),
                          removal_reason=rows["removal_reason"].mask(later))  # fmt: skip
    return replace(view, tables=Frames(view.tables, lambda name: reviews if name == "reviews" else view.tables[name]))


def score_past(past: Sequence[PastMeeting], matrix: Matrix) -> list[Scores]:
    """Score every past meeting by a matrix, once for as long as the meetings are held."""
    lacking = [meeting for meeting in past if _recall(meeting, matrix) is None]
    for meeting, scores in zip(lacking, reckon_each([m.view for m in lacking], matrix) if lacking else [], strict=True):
        _SCORED.setdefault(meeting, []).append((matrix, scores))
    return [found for meeting in past if (found := _recall(meeting, matrix)) is not None]


def _recall(meeting: PastMeeting, matrix: Matrix) -> Scores | None:
    return next((scores for known, scores in _SCORED.get(meeting, []) if known == matrix), None)


def list_past_meetings(view: View, months: int) -> list[date]:
    """List one meeting of each of the months before a view, oldest first.

    The last that is recorded in a month, from attendance and police lists; in a month of which none is recorded, the
    view's own day of the month, or its last.
    """
    held = view["attendance"].loc[view["attendance"]["meeting_type"] == "INTELLIGENCE", "meeting_on"]
    days = pd.concat([held, view["police_list"]["meeting_on"]]).dropna()
    days = days[days < pd.Timestamp(view.as_of)]
    recorded = days.groupby(days.dt.to_period("M")).max()
    found = []
    for n in range(months, 0, -1):
        usual = pd.Timestamp(view.as_of) - pd.DateOffset(months=n)
        found.append(recorded.get(usual.to_period("M"), usual).date())
    return found


def rename_people(people: pd.Series, then: View, now: View) -> pd.Series:
    """Return the same people by the person_id they have in a later view; as they are where no reference leads on."""
    keys = ["source_system", "source_ref"]
    both = then.person_keys.merge(now.person_keys, on=keys, suffixes=("_then", "_now"))
    both = both.sort_values(["person_id_then", *keys], kind="stable").drop_duplicates("person_id_then")
    known = dict(zip(both["person_id_then"], both["person_id_now"], strict=True))
    return people.map(lambda person: known.get(person, person)).astype("str")


def _first_delivery(book: Casebook) -> date | None:
    with storage.reading(book.engine) as connection:
        return connection.execute(select(func.min(storage.BATCHES.c.received_on))).scalar()


def _locate(casebook: Path | str) -> Path | str:
    return casebook if "://" in str(casebook) else Path(casebook)


def say_hindsight(past: Sequence[PastMeeting]) -> str:
    """Say how many of the meetings are shown with hindsight, and what that does."""
    n = sum(meeting.is_hindsight for meeting in past)
    if not n:
        return f"All {len(past)} meetings are shown as they were known then."
    return (
        f"{n} of {len(past)} meetings lie before the first delivery and are shown with hindsight: from what was "
        "received since, which nobody had that day. Their lists may look better than any made at the time could."
    )
