"""The invented partnership, from its two deliveries to its November briefing: the main job, with nobody's data."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from csp_toolkit.briefing.ground import Request
from csp_toolkit.briefing.intake import take_in
from csp_toolkit.briefing.meetings import Briefed, brief
from csp_toolkit.briefing.workspace import Workspace, init_workspace
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deliveries import FILES_READ

DELIVERIES_FOLDER, MEETING, ACTOR = "deliveries", "gangs_intelligence", "demonstration"


def demonstrate(
    root: Path, casebook: str | None, *, at: datetime, on_progress: Callable[[str, int, int], None]
) -> Briefed:
    """Make the demonstration in a new workspace, or go on with one that is there; doing it twice changes no record."""
    from csp_toolkit.records.synthetic import (
        DELIVERIES,
        MEETINGS,
        OUTCOMES_ON,
        demo_decisions,
        demo_outcomes,
        write_demo,
    )

    init_workspace(root)
    workspace = Workspace.open(root, casebook)
    book = Casebook.open(workspace.casebook, create=True)
    book.close()
    folder = workspace.root / DELIVERIES_FOLDER
    on_progress("invent a partnership", 0, 1)
    write_demo(folder)
    on_progress("invent a partnership", 1, 1)
    for name, received_on in DELIVERIES.items():

        def tell(what: str, done: int, of: int, name: str = name) -> None:
            if what == FILES_READ:
                on_progress(f"delivery {name}", done, of)

        take_in(workspace, folder / name, received_on=received_on, actor=ACTOR, at=at, on_progress=tell)
        is_first = name == min(DELIVERIES)
        made, recorded_on = (demo_decisions(), min(MEETINGS)) if is_first else (demo_outcomes(), OUTCOMES_ON)
        book = Casebook.open(workspace.casebook)
        try:
            book.decide(made, recorded_on=recorded_on, actor=ACTOR, at=at)
        finally:
            book.close()
    day = max(MEETINGS)
    request = Request(MEETING, day, day, "candidates", ACTOR, at)
    return brief(workspace, request, on_progress=on_progress)
