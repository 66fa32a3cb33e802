"""A whole meeting: the workings, a copy for each recipient, and their appearance all checked and logged.

The order is fixed. Governance first, then the workings, then each copy, all in hidden folders; then every check; then
the disclosures in the log; only then the folders are put in place. Whatever fails on the way leaves no folder.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from csp_toolkit.briefing import forked
from csp_toolkit.briefing.copies import PAGE, make_copy
from csp_toolkit.briefing.ground import Ground, Request, survey
from csp_toolkit.briefing.manifest import hash_file, hash_notebook, write_manifest
from csp_toolkit.briefing.runner import run_notebook
from csp_toolkit.briefing.startup import import_everything
from csp_toolkit.briefing.workspace import Workspace, keep_failed, publish, stage
from csp_toolkit.errors import CheckFailed, NotebookError
from csp_toolkit.sharing.disclosure import Copy, log_copies, number_copies
from csp_toolkit.sharing.recipients import Recipient
from csp_toolkit.sharing.released import BUNDLES, NAMED, Released
from csp_toolkit.sharing.spreadsheets import META, is_formula, write_sidecar
from csp_toolkit.tables.casebook import Casebook

WORKINGS, WORKINGS_PAGE, TABLES_FOLDER, BRIEFINGS = "workings.ipynb", "workings.html", "tables", "briefings"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Briefed:
    """What a run left: its folder, and the copies with theirs."""

    run_id: str
    folder: Path
    copies: tuple[tuple[Copy, Path], ...]


def brief(workspace: Workspace, request: Request, *, on_progress: Progress) -> Briefed:
    """Run a meeting and put its folders in place.

    Raises
    ------
    GovernanceError, ParamsError, WorkspaceError, DecisionError : nothing was run.
    NotebookError : a notebook failed; what it left is under `runs/_failed/`.
    CheckFailed, ReleaseError : a check failed or the log could not be written; nothing was put in place.
    """
    ground = survey(workspace, request)
    in_process = not request.fresh_kernel and _prepare_to_fork(request)
    place = f"{request.as_of.isoformat()}/{request.meeting}"
    with stage(workspace.runs) as run, stage(workspace.released) as out:
        try:
            first = {"workings": partial(_make_workings, workspace, request, ground, run, in_process)}
            workings = _execute(first, in_process, on_progress)["workings"]
            pages: dict[str, forked.Work] = {
                f"copy for {to.title}": partial(
                    _make_briefing, workspace, request, ground, to, number, run, out, in_process
                )
                for to, number in zip(ground.recipients, ground.numbers, strict=True)
            }
            pages["page of the workings"] = partial(_make_workings_page, ground, run)
            *made, _ = _execute(pages, in_process, on_progress).values()
        except NotebookError as error:
            kept = keep_failed(run, workspace.runs, f"{request.as_of.isoformat()}-{request.meeting}")
            where = kept.relative_to(workspace.root).as_posix()
            raise NotebookError(f"{str(error).rstrip('.')}. Kept in {where}.") from None
        copies = tuple(
            _describe_copy(request, ground, to, one) for to, one in zip(ground.recipients, made, strict=True)
        )
        _write_manifests(ground, request, workings, made, copies, run, out)
        _log(workspace, request, ground, copies)
        folders = [(copy, workspace.released / place / copy.recipient) for copy in copies]
        for copy, folder in folders:
            publish(out / copy.recipient, folder)
        publish(run, workspace.runs / place)
    return Briefed(ground.content["run_id"], workspace.runs / place, tuple(folders))


def _prepare_to_fork(request: Request) -> bool:
    import_everything(with_pdf=request.with_pdf)
    return forked.can_fork()


def _execute(works: Mapping[str, forked.Work], in_process: bool, on_progress: Progress) -> dict[str, dict[str, Any]]:
    def hear(what: str, message: Mapping[str, Any]) -> None:
        on_progress(what, message["done"], message["of"])

    for what in works:
        on_progress(what, 0, 1)
    if in_process:
        return forked.run_forked(works, on_message=hear)
    return {what: work(partial(hear, what)) for what, work in works.items()}


def _tell(told: forked.Send) -> Callable[[int, int], None]:
    return lambda done, of: told({"done": done, "of": of})


def _make_workings(
    workspace: Workspace, request: Request, ground: Ground, run: Path, in_process: bool, told: forked.Send
) -> dict[str, Any]:
    casebook = workspace.casebook
    address = os.path.relpath(casebook, run) if isinstance(casebook, Path) else casebook
    parameters = {
        "casebook": address, "as_of": request.as_of.isoformat(), "known_at": request.known_at.isoformat(),
        "stage": request.stage, "params": os.path.relpath(workspace.params, run), "out": ".",
        "seed": ground.meeting.seed,
    }  # fmt: skip
    template = workspace.notebook("meetings", request.meeting)
    executed = run_notebook(template, run / WORKINGS, parameters, cwd=run, in_process=in_process, on_cell=_tell(told))
    tables = _check_tables(run / TABLES_FOLDER, ground)
    there = {path.stem for path in (run / BUNDLES).glob("*.json") if not path.name.endswith(NAMED)}
    wanted = {to.name for to in ground.recipients}
    if there != wanted:
        raise CheckFailed(
            f"{template.name} released to {', '.join(sorted(there)) or 'nobody'}; the meeting's recipients are "
            f"{', '.join(sorted(wanted))}. Change the notebook or params/meetings."
        )
    return {"template": hash_file(template), "notebook": _hash(executed, ground), "tables": tables}


def _make_workings_page(ground: Ground, run: Path, told: forked.Send) -> dict[str, Any]:
    from csp_toolkit.briefing.render import render_workings

    executed = nbformat.read(run / WORKINGS, as_version=4)
    page = render_workings(executed, title=f"{ground.meeting.title}: workings", marking=ground.meeting.marking)
    (run / WORKINGS_PAGE).write_text(page, encoding="utf-8")
    _tell(told)(1, 1)
    return {}


def _check_tables(folder: Path, ground: Ground) -> dict[str, dict[str, Any]]:
    """Check the run's tables: all there, no formula, each with a sidecar; return their hashes and rows."""
    import csv

    there = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    missing = [name for name in ground.meeting.tables if name not in there]
    if missing:
        raise CheckFailed(f"The workings left no table {', '.join(missing)}. The meeting's params ask for it.")
    described = {}
    for name, path in there.items():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        n_formulas = sum(is_formula(cell) for row in rows for cell in row)
        if n_formulas:
            raise CheckFailed(f"{path.name}: {n_formulas} cells begin as formulas. Write it with write_table.")
        if not path.with_suffix(META).exists():
            write_sidecar(path, marking=ground.meeting.marking)
        described[name] = {"sha256": hash_file(path), "rows": len(rows) - 1}
    return described


def _make_briefing(
    workspace: Workspace, request: Request, ground: Ground, to: Recipient, number: int, run: Path, out: Path,
    in_process: bool, told: forked.Send,
) -> dict[str, Any]:  # fmt: skip
    bundle = run / BUNDLES / f"{to.name}.json"
    released = Released.read(bundle).with_copy(number=number, n_copies=ground.numbers[-1])
    folder, template = out / to.name, workspace.notebook("briefings", request.meeting)
    try:
        executed = make_copy(
            released,
            folder,
            template,
            in_process=in_process,
            secrets=[str(workspace.root)],
            with_pdf=request.with_pdf,
            on_cell=_tell(told),
        )
    except NotebookError:
        for left in folder.glob("*.ipynb"):  # the failed notebook goes with the failed run
            left.rename(run / f"{to.name}-{left.name}")
        raise
    kept = run / BRIEFINGS / f"{to.name}.ipynb"
    kept.parent.mkdir(exist_ok=True)
    nbformat.write(executed, kept)
    copy = released.recipient
    return {
        "number": number, "template": hash_file(template), "content": hash_file(bundle),
        "notebook": _hash(executed, ground), "page": hash_file(folder / PAGE),
        "recipient": {key: copy[key] for key in ("agency", "purpose", "regime", "agreement_ref", "destroy_by")},
        "named": json.loads(bundle.with_suffix(NAMED).read_text(encoding="utf-8")) if _has_named(bundle) else [],
    }  # fmt: skip


def _has_named(bundle: Path) -> bool:
    return bundle.with_suffix(NAMED).exists()


def _hash(executed: nbformat.NotebookNode, ground: Ground) -> str:
    return hash_notebook(executed, volatile=[ground.content["casebook"]["log_head"]])


def _describe_copy(request: Request, ground: Ground, to: Recipient, made: Mapping[str, Any]) -> Copy:
    return Copy(
        meeting=request.meeting, as_of=request.as_of, recipient=to.name, number=made["number"],
        n_copies=ground.numbers[-1], content_sha256=made["content"], run_id=ground.content["run_id"],
        named=tuple(made["named"]), **made["recipient"],
    )  # fmt: skip


def _write_manifests(
    ground: Ground, request: Request, workings: Mapping[str, Any], made: Iterable[Mapping[str, Any]],
    copies: tuple[Copy, ...], run: Path, out: Path,
) -> None:  # fmt: skip
    notebooks = {"workings": {"template": workings["template"], "normalised": workings["notebook"]}}
    listed = []
    for copy, one in zip(copies, made, strict=True):
        about = {
            "recipient": copy.recipient, "copy": copy.number, "n_copies": copy.n_copies, "destroy_by": copy.destroy_by,
            "agreement_ref": copy.agreement_ref, "content": one["content"], "page": one["page"],
            "notebook": {"template": one["template"], "normalised": one["notebook"]},
        }  # fmt: skip
        listed.append(about)
        state = {k: v for k, v in ground.content["casebook"].items() if k != "batches"}
        write_manifest(out / copy.recipient, {**ground.content, "casebook": state, **about})
    write_manifest(run, {**ground.content, "notebooks": notebooks, "tables": workings["tables"], "copies": listed})


def _log(workspace: Workspace, request: Request, ground: Ground, copies: tuple[Copy, ...]) -> None:
    """Log the disclosures, unless another run has taken the copy numbers meanwhile."""
    casebook = Casebook.open(workspace.casebook)
    try:
        log = casebook.log
        numbers = number_copies(log, meeting=request.meeting, as_of=request.as_of, n_wanted=len(copies))
        if tuple(numbers) != ground.numbers:
            raise CheckFailed("Another run of this meeting was released meanwhile. Nothing was; run it again.")
        log_copies(log, copies, actor=request.actor, at=request.at)
    finally:
        casebook.close()
