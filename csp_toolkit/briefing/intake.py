"""A delivery into a workspace's casebook, its findings to a file, and the check of everything the workspace holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from csp_toolkit.briefing.console import make_table, report
from csp_toolkit.briefing.manifest import MANIFEST, Verified, verify_folder
from csp_toolkit.briefing.workspace import FAILED, STAGING, Workspace, publish, stage
from csp_toolkit.records.explaining import explain_feed, explain_files
from csp_toolkit.records.feeds import read_feeds
from csp_toolkit.sharing.spreadsheets import write_table
from csp_toolkit.tables.casebook import Casebook
from csp_toolkit.tables.deliveries import read_delivery

DELIVERIES, FINDINGS = "_deliveries", "findings"
ROWS, DAYS = "rows written", "days linked"
MARKING = "OFFICIAL-SENSITIVE"
_COUNTS = ("rows_in", "accepted", "repaired", "rejected", "withdrawn")


@dataclass(frozen=True)
class Taken:
    """What became of a delivery: each file's counts, the files no mapping knows, where findings are, the linking.

    `note` is a word of warning where the day it is said to be received lies ahead.
    """

    received_on: date
    files: tuple[dict[str, Any], ...]
    unmapped: tuple[str, ...]
    n_findings: int
    findings: Path
    linking: str
    note: str = ""

    def describe(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "files": list(self.files), "no_mapping_yet": list(self.unmapped), "n_findings": self.n_findings,
            "findings": str(self.findings), "linking": self.linking, "note": self.note,
        }  # fmt: skip

    def show(self, console: Any) -> None:
        """Print it: each file's rows, what was noted about the file, and what came of linking."""
        columns = ["feed", "rows in", "= accepted", "+ repaired", "+ rejected", "+ withdrawn", ""]
        rows = [[file["feed"], *(file[name] for name in _COUNTS), file["state"]] for file in self.files]
        console.print(make_table(f"Received {self.received_on.isoformat()}", columns, rows))
        noted = [f"{file['feed']}: {file['note']}." for file in self.files if file["note"]]
        unread = [f"No mapping yet, not read: {', '.join(self.unmapped)}."] if self.unmapped else []
        found = f"{self.n_findings:,} findings, by file, row and rule: {self.findings}"
        for text in (*noted, *unread, found, self.linking, self.note):
            if text:
                console.print(text, markup=False)  # a name may stand in brackets


def take_in(
    workspace: Workspace, folder: Path, *, received_on: date, actor: str, at: datetime,
    on_progress: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> Taken:  # fmt: skip
    """Read, judge and load one delivery; what was found is written beside the runs, by row and rule, never by value.

    Parameters
    ----------
    on_progress : called with what is counted, how many are done, and of how many.
    """
    feeds = read_feeds(workspace.params)
    casebook = Casebook.open(workspace.casebook, params=workspace.params)  # before the reading, which takes a while
    target = workspace.runs / DELIVERIES / received_on.isoformat()
    try:
        casebook.check()
        delivery = read_delivery(folder, feeds, received_on=received_on, on_progress=on_progress)
        findings = delivery.findings()
        with stage(workspace.runs) as aside:  # what a full disk would stop is written before anything is loaded
            write_table(findings, aside / f"{FINDINGS}.csv", marking=MARKING, received_on=received_on.isoformat())
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            report = casebook.load(
                delivery.files, received_on=received_on, actor=actor, at=at, link=True,
                expected={name: feed.agency for name, feed in feeds.items()}, unmapped=delivery.unmapped,
                on_rows=partial(on_progress, ROWS), on_day=partial(on_progress, DAYS),
            )  # fmt: skip
            publish(aside, target)
    finally:
        casebook.close()
    known = report.table[report.table["feed"] != ""]
    files = tuple(
        {"feed": row["feed"], "file": row["file"], "state": row["state"], "note": row["note"] or ""}
        | {name: int(row[name]) for name in _COUNTS}
        for row in known.to_dict("records")
    )
    return Taken(received_on, files, delivery.unmapped, len(findings), target / f"{FINDINGS}.csv", report.linking,
                 _say_ahead(received_on, at.date()))  # fmt: skip


def _say_ahead(received_on: date, today: date) -> str:
    if received_on <= today:
        return ""
    return f"{received_on.isoformat()} is still to come: until then no briefing knows of this delivery."


def tell_mapping(feed: str, delivery: Path | None, params: Path, *, as_json: bool) -> None:
    """Print what each column of a feed becomes, and which file of a delivery is the feed's; nothing is loaded.

    It goes by the workspace's own mappings where there are some, else by those that come with the package.
    """
    feeds = read_feeds(params if params.is_dir() else None)
    table = explain_feed(feed, feeds)
    files = explain_files(feed, feeds, delivery) if delivery is not None else []

    def show(console: Any) -> None:
        columns = [name.replace("_", " ") for name in table.columns]
        console.print(make_table(f"{feed}: {feeds[feed].title}", columns, table.to_numpy().tolist()))
        console.print(f"Why: {feeds[feed].why}")
        for file in files:
            console.print("; ".join([f"{file['file']} is of this feed", *map(str, file["notes"])]) + ".")
        if delivery is not None and not files:
            console.print(f"No file in {delivery.name} is of this feed (its pattern is {feeds[feed].pattern}).")

    found = {"feed": feed, "why": feeds[feed].why, "columns": table.to_dict("records"), "files": files}
    report(as_json, found, show)


def verify_workspace(workspace: Workspace) -> list[Verified]:
    """Work out again the manifest of every run and every copy; with none, check the log alone."""
    casebook = Casebook.open(workspace.casebook)
    try:
        casebook.check()
        log = casebook.log
        verdict = log.verify()
        checked = [Verified("casebook log", verdict.length, verdict.problems, ())]
        for root in (workspace.runs, workspace.released):
            for manifest in sorted(root.rglob(MANIFEST)):
                parts = manifest.relative_to(root).parts
                if parts[0] not in (STAGING, FAILED):
                    name = manifest.parent.relative_to(workspace.root).as_posix()
                    checked.append(verify_folder(manifest.parent, name=name, log=log, params=workspace.params))
        return checked
    finally:
        casebook.close()
