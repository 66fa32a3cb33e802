"""What was run on what: the manifest that stands beside every run and every copy, and its check.

It reads no clock; the time of the run is told by the command line. Everything in it can be worked out again from
the files beside it, the params and the casebook's log.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat

from csp_toolkit.errors import WorkspaceError
from csp_toolkit.params import fingerprint
from csp_toolkit.tables.log import Log

MANIFEST, FORMAT = "manifest.json", "csp manifest 1"
_COPY = re.compile(r"\b([Cc]opy) \d+( of \d+)?")
EXTRAS = {"lab": "jupyterlab", "link": "splink", "pdf": "weasyprint", "spark": "pyspark"}


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hash_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder but its manifest, by its path in it."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {
        p.relative_to(folder).as_posix(): hash_file(p) for p in files if p.relative_to(folder).as_posix() != MANIFEST
    }


def hash_notebook(notebook: nbformat.NotebookNode, *, volatile: Iterable[str] = ()) -> str:
    """Return a hash of what a notebook says: its prose, code and outputs, streams joined.

    The same casebook state, params and seed give the same hash. Metadata and the cell papermill puts in are left out,
    and so is what differs from run to run by its nature: the number of a copy, and each text in `volatile`, such as
    the head of the log.
    """
    cells = []
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            continue
        outputs = [_plain_output(o) for o in _join_streams(cell.get("outputs", []))]
        cells.append([cell.cell_type, cell.source, outputs])
    text = json.dumps(cells, ensure_ascii=False, sort_keys=True)
    for part in sorted(set(volatile) - {""}, key=lambda p: (-len(p), p)):
        text = text.replace(part, "·")
    text = _COPY.sub(r"\1 ·", text)
    return hashlib.sha256(text.encode()).hexdigest()


def _join_streams(outputs: Iterable[Any]) -> list[dict[str, Any]]:
    joined: list[dict[str, Any]] = []
    streams: dict[str, dict[str, Any]] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            joined.append(output)
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = dict(output)
    return joined + [streams[name] for name in sorted(streams)]


def _plain_output(output: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in output.items() if key not in ("execution_count", "metadata")}


def package_version() -> str:
    """Return the version of the package, or say that it runs from a checkout."""
    try:
        return metadata.version("csp-toolkit")
    except metadata.PackageNotFoundError:
        return "not installed"


def describe_extras() -> dict[str, str]:
    """Say of each extra whether it is there."""
    return {name: "present" if find_spec(module) else "skipped" for name, module in EXTRAS.items()}


def fingerprint_params(params: Path) -> str:
    """Return one hash over every policy file of a workspace."""
    return fingerprint([path for path in params.rglob("*.yaml") if path.is_file()])


def name_run(inputs: Mapping[str, Any]) -> str:
    """Return a short name of a run, made from what went into it: the same inputs, the same name."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:12]


def write_manifest(folder: Path, content: Mapping[str, Any]) -> Path:
    """Write the manifest of a finished folder, with the hash of every file in it."""
    whole = {"format": FORMAT, **content, "files": hash_files(folder)}
    path = folder / MANIFEST
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a folder."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WorkspaceError(f"{folder.name}: its manifest cannot be read ({type(error).__name__}).") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise WorkspaceError(f"{folder.name}: its manifest is of another version of the toolkit.")
    return content


@dataclass(frozen=True)
class Verified:
    """What a check of one folder found; `notes` are worth knowing and no fault."""

    folder: str
    n_files: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def verify_folder(folder: Path, *, name: str, log: Log | None, params: Path | None) -> Verified:
    """Work a manifest out again: every file, the log it was made under, and the params of today against those then."""
    try:
        content = read_manifest(folder)
    except WorkspaceError as error:
        return Verified(name, 0, (str(error),), ())
    now, then = hash_files(folder), content.get("files", {})
    problems = [f"{file}: changed" for file in sorted(set(now) & set(then)) if now[file] != then[file]]
    problems += [f"{file}: gone" for file in sorted(set(then) - set(now))]
    problems += [f"{file}: not part of the run" for file in sorted(set(now) - set(then))]
    notes = []
    recorded = content.get("casebook", {})
    if log is not None:
        verdict = log.verify(known_length=recorded.get("log_length"), known_head=recorded.get("log_head"))
        problems += [f"casebook: {problem}" for problem in verdict.problems]
    if params is not None and fingerprint_params(params) != content.get("params_fingerprint"):
        notes.append("the params have changed since this was made")
    if content.get("package_version") != package_version():
        notes.append("made by another version of the toolkit")
    return Verified(name, len(now), tuple(problems), tuple(notes))
