"""A matrix proposed against the one in use: compared, replayed, and what came of it kept: the work of `csp compare`."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from csp_toolkit.briefing.console import make_table
from csp_toolkit.briefing.workspace import Workspace, publish, stage
from csp_toolkit.params import read_one, read_policy
from csp_toolkit.scoring.change.past import MatrixChange, check_author, compare_matrices
from csp_toolkit.scoring.matrix import Matrix, read_matrix
from csp_toolkit.scoring.review.past_meetings import look_back
from csp_toolkit.scoring.review.policy import read_validity_policy
from csp_toolkit.sharing.spreadsheets import write_tables
from csp_toolkit.sharing.workings.review import write_points
from csp_toolkit.tables.casebook import Casebook

COMPARED = "_compared"
_MARKING = "OFFICIAL-SENSITIVE – PERSONAL DATA"


@dataclass(frozen=True)
class Compared:
    """What a comparison came to, and the folder its tables lie in."""

    change: MatrixChange
    folder: Path

    def describe(self) -> dict[str, Any]:
        """Say it as one object."""
        words = self.change.changes["words"].tolist()
        return {"sentences": self.change.sentences, "changes": words, "folder": str(self.folder)}

    def show(self, console: Any) -> None:
        """Say it on the console."""
        change = self.change
        console.print("\n".join([*change.sentences, *change.changes["words"]]), markup=False)
        rows = [[f"{m.meeting_on:%Y-%m-%d}", m.n_entered, m.n_left, m.n_rank_changed, m.bands_before, m.bands_after,
                 m.basis] for m in change.meetings.itertuples()]  # fmt: skip
        columns = ["meeting", "entered", "left", "places changed", "bands before", "after", "shown"]
        console.print(make_table("Replayed; Red by points and harm alone", columns, rows))
        console.print(f"Who, and by which change: {self.folder}")


def compare_proposed(
    workspace: Workspace, file: Path, *, as_of: date, known_at: date, actor: str, at: datetime
) -> Compared:
    """Compare a proposed matrix with the workspace's and keep the tables under `runs/_compared`; log it first.

    Raises
    ------
    ParamsError : the file cannot be read as a matrix, or names no author, version or reason of its own.
    """
    old, new = read_one("matrices", workspace.params, read_matrix), read_policy(file, Matrix)
    check_author(old, new)
    policy = read_one("validity", workspace.params, read_validity_policy)
    casebook = Casebook.open(workspace.casebook, params=workspace.params)
    try:
        details = {"what": "compare", "as_of": as_of.isoformat(), "matrix": new.name, "version": new.version}
        casebook.log.append("consult", actor=actor, at=at, details=details)
        view = casebook.view(as_of, known_at)
        change = compare_matrices(old, new, look_back(casebook, view, months=policy.replay_months), view=view)
    finally:
        casebook.close()
    tables = {
        "changes": change.changes, "meetings": change.meetings,
        "moves": write_points(change.moves, ("before", "after")), "reasons": write_points(change.reasons, ("points",)),
        "said": pd.DataFrame({"sentence": [*change.sentences, f"Reason given: {new.why}"]}, dtype="str"),
    }  # fmt: skip
    with stage(workspace.runs) as aside:
        write_tables(tables, aside, marking=_MARKING, as_of=as_of.isoformat())
        target = workspace.runs / COMPARED / as_of.isoformat() / f"{new.name}-{new.version}"
        publish(aside, target)
    return Compared(change, target)
