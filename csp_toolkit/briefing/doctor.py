"""Is this machine, and this workspace, fit to run a meeting: one line for each thing that could be wrong."""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from csp_toolkit.briefing import forked
from csp_toolkit.briefing.manifest import describe_extras
from csp_toolkit.briefing.own_notebooks import list_other_notebooks
from csp_toolkit.briefing.own_params import hold_params, list_not_held
from csp_toolkit.briefing.workspace import STAGING, Workspace
from csp_toolkit.errors import ToolkitError
from csp_toolkit.sharing.masking import KEY_FILE, SHORTEST_KEY

ENOUGH_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `good`, `note` (works, with less) or `bad`."""

    what: str
    state: Literal["good", "note", "bad"]
    text: str


def examine(root: Path, casebook: str | None = None) -> list[Finding]:
    """Look at Python, extras, folders, disk, casebook and log; never stop at the first thing that is wrong."""
    found = [_python(), *_extras(), _fork(), _disk(root)]
    try:
        workspace = Workspace.open(root, casebook)
    except ToolkitError as error:
        return [*found, Finding("workspace", "bad", str(error))]
    found += [_writable(folder) for folder in (workspace.root, workspace.runs, workspace.released)]
    found += [_leftovers(folder) for folder in (workspace.runs, workspace.released)]
    found.append(_key(workspace.root / KEY_FILE))
    return [*found, *_params(workspace), *_notebooks(workspace.root), *_casebook(workspace)]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info >= (3, 11)
    return Finding("python", "good" if fits else "bad", version if fits else f"{version}: 3.11 or newer is needed")


def _extras() -> list[Finding]:
    return [
        Finding(
            f"extra {name}", "good" if state == "present" else "note", state if state == "present" else "not installed"
        )
        for name, state in describe_extras().items()
    ]


def _fork() -> Finding:
    if forked.can_fork():
        return Finding("notebooks", "good", "each runs in a forked child of one process")
    return Finding("notebooks", "note", "each runs in a fresh kernel, which takes longer")


def _disk(root: Path) -> Finding:
    there = next(folder for folder in (root, *root.resolve().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    text = f"{free / 1024**3:,.1f} GiB free"
    return Finding("disk", "good", text) if free >= ENOUGH_BYTES else Finding("disk", "bad", f"{text}: 2 are needed")


def _writable(folder: Path) -> Finding:
    name = f"folder {folder.name}"
    if not folder.is_dir():
        return Finding(name, "bad", "not there. Run csp init")
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding(name, "bad", f"cannot be written to ({os.strerror(error.errno or 0)})")
    return Finding(name, "good", "can be written to")


def _leftovers(folder: Path) -> Finding:
    n = len(list((folder / STAGING).glob("*")))
    if n:
        return Finding(f"unfinished in {folder.name}", "note", f"{n} hidden folders; the next run removes them")
    return Finding(f"unfinished in {folder.name}", "good", "none")


def _key(path: Path) -> Finding:
    if not path.exists() or path.stat().st_size < SHORTEST_KEY:
        return Finding("pseudonym key", "bad", "not there, or not whole. Run csp init")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        return Finding("pseudonym key", "bad", "others can read it. Run chmod 600 on it")
    return Finding("pseudonym key", "good", "there, for its owner alone")


def _params(workspace: Workspace) -> list[Finding]:
    """Say of every policy file that is refused what it lacks, holds too much or says wrong; and what is not here."""
    held = hold_params(workspace.params)
    bad = [Finding(f"params {file.name}", "bad", str(file)) for file in held if file.faults]
    found = bad or [Finding("params", "good", f"{len(held)} files read")]
    absent = list_not_held(workspace.params)
    if absent:
        text = f"shipped, and not in this workspace: {', '.join(absent)}"
        found.append(Finding("params not here", "note", text))
    return found


def _notebooks(root: Path) -> list[Finding]:
    other = list_other_notebooks(root)
    if not other:
        return [Finding("own notebooks", "good", "as this version ships them")]
    text = (
        f"edited here, or of an older version: {', '.join(other)}. `csp init --update` puts this version's of meetings"
    )
    return [Finding("own notebooks", "note", f"{text} in place and keeps yours beside them")]


def _casebook(workspace: Workspace) -> list[Finding]:
    from csp_toolkit.tables.casebook import Casebook

    try:
        casebook = Casebook.open(workspace.casebook)
    except ToolkitError as error:
        return [Finding("casebook", "bad", str(error))]
    try:
        casebook.check()
        verdict = casebook.log.verify()
    except ToolkitError as error:
        return [Finding("casebook", "bad", str(error))]
    finally:
        casebook.close()
    state: Literal["good", "bad"] = "good" if verdict.is_sound else "bad"
    text = f"{verdict.length:,} entries hold" if verdict.is_sound else "; ".join(verdict.problems)
    return [Finding("casebook", "good", "opens, and is whole"), Finding("log", state, text)]
