"""The invented partnership, from its two deliveries to its November briefing: the main job, with nobody's data."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from csp_toolkit.briefing import forked
from csp_toolkit.briefing.ground import Request
from csp_toolkit.briefing.intake import take_in
from csp_toolkit.briefing.meetings import Briefed, brief
from csp_toolkit.briefing.startup import import_everything
from csp_toolkit.briefing.workspace import Workspace, init_workspace
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deliveries import FILES_READ

DELIVERIES_FOLDER, MEETING, ACTOR = "deliveries", "gangs_intelligence", "demonstration"
RECEIVING = "deliveries"


def demonstrate(
    root: Path, casebook: str | None, *, at: datetime, on_progress: Callable[[str, int, int], None]
) -> Briefed:
    """Make the demonstration in a new workspace, or go on with one that is there; doing it twice changes no record.

    The deliveries are received in a forked child where one may be: linking them brings in libraries with threads of
    their own, and the briefing could then not fork.
    """
    from csp_toolkit.records.synthetic import MEETINGS

    init_workspace(root)
    workspace = Workspace.open(root, casebook)
    receive = partial(_receive, workspace, at)

    def hear(_: str, message: Any) -> None:
        on_progress(message["what"], message["done"], message["of"])

    import_everything()
    if forked.can_fork():
        forked.run_forked({RECEIVING: receive}, on_message=hear)
    else:
        receive(partial(hear, RECEIVING))
    day = max(MEETINGS)
    request = Request(MEETING, day, day, "candidates", ACTOR, at)
    return brief(workspace, request, on_progress=on_progress)


def _receive(workspace: Workspace, at: datetime, told: forked.Send) -> dict[str, Any]:
    """Invent the two deliveries, load each, and record what its meeting decided."""
    from csp_toolkit.records.synthetic import (
        DELIVERIES,
        MEETINGS,
        OUTCOMES_ON,
        demo_decisions,
        demo_outcomes,
        write_demo,
    )

    def tell(what: str, done: int, of: int) -> None:
        told({"what": what, "done": done, "of": of})

    Casebook.open(workspace.casebook, create=True).close()
    folder = workspace.root / DELIVERIES_FOLDER
    tell("invent a partnership", 0, 1)
    write_demo(folder)
    tell("invent a partnership", 1, 1)
    for name, received_on in DELIVERIES.items():

        def tell_files(what: str, done: int, of: int, name: str = name) -> None:
            if what == FILES_READ:
                tell(f"delivery {name}", done, of)

        take_in(workspace, folder / name, received_on=received_on, actor=ACTOR, at=at, on_progress=tell_files)
        is_first = name == min(DELIVERIES)
        made, recorded_on = (demo_decisions(), min(MEETINGS)) if is_first else (demo_outcomes(), OUTCOMES_ON)
        book = Casebook.open(workspace.casebook)
        try:
            book.decide(made, recorded_on=recorded_on, actor=ACTOR, at=at)
        finally:
            book.close()
    return {}
