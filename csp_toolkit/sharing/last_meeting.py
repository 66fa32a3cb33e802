"""The meeting before: when it was, the casebook as it was known then, and its scores and ties by today's rules.

It is worked out beside the meeting at hand, in a second process where there may be one: half of what a monthly run
compares is last month's.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path

import pandas as pd

from csp_toolkit.beside import begin
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import Ties, collect_ties
from csp_toolkit.params import read_one
from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.certainty.policy import read_certainty_policy
from csp_toolkit.scoring.certainty.uncertainty import settle_bands
from csp_toolkit.scoring.matrix import read_matrix
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.sharing.papers.network import lay_again
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.drawn_places import read_places
from csp_toolkit.tables.governance import read_governance
from csp_toolkit.tables.on_demand import Frames
from csp_toolkit.tables.view import View

INTELLIGENCE = "INTELLIGENCE"


@dataclass(frozen=True, eq=False)
class LastMeeting:
    """The meeting before. `view` is missing where there was none, or nothing had been received by then."""

    name: str
    view: View | None
    casebook: str | Path
    folder: Path
    seed: int

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame] | None:
        """Return every table of the view, read."""
        return None if self.view is None else dict(self.view.tables)

    @cached_property
    def scores(self) -> Scores | None:
        """Return everybody's scores as at that day, by the matrix in use now, the chance of Red settled."""
        if self.view is None:
            return None
        matrix = read_one("matrices", self.folder, read_matrix)
        policy = read_one("certainty", self.folder, read_certainty_policy)
        found = score(self.view, matrix, governance=read_governance(self.folder))
        return settle_bands(self.view, found, policy, seed=self.seed)

    @cached_property
    def ties(self) -> Ties | None:
        """Return who was tied to whom as at that day."""
        return collect_ties(self.view, read_one("networks", self.folder, read_tie_policy)) if self.view else None

    @cached_property
    def places(self) -> pd.DataFrame | None:
        """Return where that meeting's picture placed everybody: as it was kept, else laid out anew as it was then."""
        if self.view is None or self.scores is None or self.ties is None:
            return None
        kept = read_places(self.casebook, self.name, self.view.as_of)
        return lay_again(self.view, self.ties, self.scores.list_ranked()) if kept is None else kept


def begin_last(
    name: str, casebook: str | Path, folder: Path, *, as_of: date, known_at: date, held_as: str | None, seed: int,
    parts: Collection[str],
) -> Callable[[], LastMeeting]:  # fmt: skip
    """Begin to work out the meeting before, and return what waits for it.

    Parameters
    ----------
    name, casebook, folder, as_of, known_at, held_as, seed : of the meeting at hand, as `open_meeting` has them.
    parts : what of it is wanted for certain: ``tables`` (all of its view's), ``scores``, ``ties``, ``places``. The rest
        is worked out when asked for, and all of it where nothing is wanted for certain.
    """
    work = partial(_work_out, name, casebook, folder, as_of, known_at, held_as, seed, tuple(parts))
    done = begin(work) if parts else work

    def last() -> LastMeeting:
        found = done()
        if found.view is not None:
            _attach(found.view, casebook, folder)
        return found

    return last


def _work_out(
    name: str, casebook: str | Path, folder: Path, as_of: date, known_at: date, held_as: str | None, seed: int,
    parts: Collection[str],
) -> LastMeeting:  # fmt: skip
    book = Casebook.open(casebook, params=folder)
    on = find_previous_meeting(book.read(("attendance", "police_list"), as_of, known_at), as_of, held_as)
    view = book.view(on, on) if on else None
    last = LastMeeting(name, None if view is None or view.people.empty else view, casebook, folder, seed)
    for part in parts:
        getattr(last, part)
    return last


def _attach(view: View, casebook: str | Path, folder: Path) -> None:
    """Let a view that came from another process read what it did not bring."""
    whole: list[View] = []

    def read(kind: str, name: str) -> pd.DataFrame:
        if not whole:
            whole.append(Casebook.open(casebook, params=folder).view(view.as_of, view.known_at))
        frames: Mapping[str, pd.DataFrame] = getattr(whole[0], kind)
        return frames[name]

    for kind in ("tables", "ever"):
        frames = getattr(view, kind)
        if isinstance(frames, Frames) and frames.detached:
            frames.attach(partial(read, kind))


def find_previous_meeting(tables: Mapping[str, pd.DataFrame], as_of: date, held_as: str | None) -> date | None:
    """Find the day of the meeting of a kind before a date, from the attendance and, if it has them, its lists.

    `held_as` is what the register of meetings calls the kind; a kind it does not know has none before it.
    """
    attendance = tables["attendance"]
    days = attendance.loc[attendance["meeting_type"] == held_as, "meeting_on"]
    if held_as == INTELLIGENCE:
        days = pd.concat([days, tables["police_list"]["meeting_on"]])
    earlier = days[days < pd.Timestamp(as_of)]
    return None if earlier.empty else earlier.max().date()
