"""What a run stands on, read and checked before a record of any person is read.

The meeting's policy, its recipients and their agreements, the governance documents, the state of the casebook and the
numbers of the copies to come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from csp_toolkit.briefing.manifest import describe_extras, fingerprint_params, name_run, package_version
from csp_toolkit.briefing.parameters import read_form, read_template
from csp_toolkit.briefing.policies import check_policies
from csp_toolkit.briefing.workspace import Workspace
from csp_toolkit.errors import DecisionError, ToolkitError
from csp_toolkit.sharing.disclosure import log_consulted, number_copies
from csp_toolkit.sharing.meeting import Meeting, read_meeting
from csp_toolkit.sharing.recipients import Recipient, choose_recipients
from csp_toolkit.tables import storage
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deciding.rules import KINDS
from csp_toolkit.tables.governance import check_governance, describe_documents, read_agreements, read_governance

STAGES = ("candidates", "final")


@dataclass(frozen=True)
class Request:
    """What to run: which meeting, as at when, known when, at which stage; by whom and when, for the log."""

    meeting: str
    as_of: date
    known_at: date
    stage: str
    actor: str
    at: datetime
    fresh_kernel: bool = False
    with_pdf: bool = True


@dataclass(frozen=True)
class Ground:
    """What a run stands on, read before anything is made."""

    meeting: Meeting
    recipients: tuple[Recipient, ...]
    content: Mapping[str, Any]
    numbers: tuple[int, ...]


def survey(workspace: Workspace, request: Request) -> Ground:
    """Read and check what a run stands on, and log that it reads, before it reads any record of a person."""
    if request.stage not in STAGES:
        raise ToolkitError(f"There is no stage {request.stage!r}. It is one of: {', '.join(STAGES)}.")
    meeting = read_meeting(request.meeting, workspace.params)
    check_policies(workspace.params)
    for kind in ("meetings", "briefings"):
        template = workspace.notebook(kind, request.meeting)
        read_form(read_template(template), template.name)
    casebook = Casebook.open(workspace.casebook)
    try:
        agreements = read_agreements(casebook, known_at=request.known_at)
        documents = check_governance(read_governance(workspace.params), agreements, as_of=request.as_of)
        recipients = choose_recipients(
            meeting.recipients, meeting.recipients_if_agreed, agreements.table, as_of=request.as_of,
            is_synthetic=agreements.is_synthetic, folder=workspace.params,
        )  # fmt: skip
        if request.stage == "final":
            for kind in meeting.final_needs:
                _require_decisions(casebook, request, kind)
        numbers = number_copies(casebook.log, meeting=request.meeting, as_of=request.as_of, n_wanted=len(recipients))
        state = {
            "log_length": casebook.log.length, "log_head": casebook.log.head,
            "batches": _list_batches(casebook, request.known_at),
        }  # fmt: skip
        decisions = _list_decisions(casebook, request.known_at)
        inputs = {
            "meeting": request.meeting, "as_of": request.as_of.isoformat(), "known_at": request.known_at.isoformat(),
            "stage": request.stage, "seed": meeting.seed, "params_fingerprint": fingerprint_params(workspace.params),
            "package_version": package_version(), "batches": state["batches"],
            "decisions": decisions,
        }  # fmt: skip
        run_id = name_run(inputs)
        log_consulted(
            casebook.log,
            meeting=request.meeting,
            as_of=request.as_of,
            run_id=run_id,
            actor=request.actor,
            at=request.at,
        )
    finally:
        casebook.close()
    content = {
        **inputs, "run_id": run_id, "made_at": request.at.isoformat(timespec="seconds"), "casebook": state,
        "governance": describe_documents(documents), "extras": describe_extras(), "marking": meeting.marking,
    }  # fmt: skip
    content.pop("batches")
    content["decisions"] = len(decisions)
    return Ground(meeting, recipients, content, tuple(numbers))


def _list_decisions(casebook: Casebook, known_at: date) -> list[str]:
    """Name the decisions recorded by a day: a run that stands on others is another run."""
    table = storage.DECISIONS.c
    wanted = select(table.decision_id).where(table.recorded_on <= known_at).order_by(table.number)
    with storage.reading(casebook.engine) as connection:
        return list(connection.scalars(wanted))


def _list_batches(casebook: Casebook, known_at: date) -> list[dict[str, str]]:
    table = storage.BATCHES.c
    wanted = select(table.feed, table.file, table.sha256, table.received_on).where(table.received_on <= known_at)
    with storage.reading(casebook.engine) as connection:
        rows = connection.execute(wanted.order_by(table.received_on, table.feed, table.sha256)).mappings().all()
    return [{name: str(value) for name, value in row.items()} for row in rows]


def _require_decisions(casebook: Casebook, request: Request, kind: str) -> None:
    table = storage.DECISIONS.c
    wanted = select(table.role, table.reason).where(
        table.kind == kind, table.outcome == KINDS[kind].outcomes[0], table.meeting_on == request.as_of
    )
    with storage.reading(casebook.engine) as connection:
        made = connection.execute(wanted).all()
    if not any(row.role and row.reason for row in made):
        raise DecisionError(
            f"No {kind} with a reason and a role is recorded for the meeting of {request.as_of.isoformat()}, "
            "so there is no final list. Fill in the decisions workbook (`csp export`) and record it (`csp decide`)."
        )
