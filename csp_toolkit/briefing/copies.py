"""One recipient's copy as a folder: page, tables, manifest, and the checks it must pass before it may leave.

What is in the folder went through one door: the released bundle. The audit at the end trusts none of that and reads
the files as a stranger would.
"""

import html
import logging
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat

from csp_toolkit.briefing.runner import OnCell, run_notebook
from csp_toolkit.errors import CheckFailed
from csp_toolkit.sharing.released import Released
from csp_toolkit.sharing.spreadsheets import write_tables

PAGE, PDF, BUNDLE, EXECUTED = "briefing.html", "briefing.pdf", "bundle.json", "briefing.ipynb"
_REFERENCE = re.compile(r"PER-[A-Z2-7]{12}|\w*SYN/\d+/\d+|\d{2}[A-Z]{2}/\d+/\d{2}")


def make_copy(
    released: Released,
    folder: Path,
    template: Path,
    *,
    in_process: bool,
    secrets: Iterable[str],
    with_pdf: bool,
    on_cell: OnCell | None,
) -> nbformat.NotebookNode:
    """Make everything of one copy but its manifest in `folder`, and return the executed notebook, which does not leave.

    Parameters
    ----------
    released : numbered.
    template : the briefing notebook; it gets the bundle beside it and nothing else.
    with_pdf : also print the page to PDF, where the extra for it is installed.
    secrets : texts that may not stand in any file of the copy, such as the workspace's own path.
    """
    from csp_toolkit.briefing.render import render_page, render_pdf

    folder.mkdir(parents=True, exist_ok=True)
    released.write(folder / BUNDLE)
    executed = run_notebook(
        template, folder / EXECUTED, {"bundle": BUNDLE}, cwd=folder, in_process=in_process, on_cell=on_cell
    )
    page = render_page(executed, recipient=released.recipient, facts=released.facts)
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")
    if with_pdf:
        logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells of every rule meant for screens
        render_pdf(page, folder / PDF)
    to = released.recipient
    written = write_tables(
        released.tables, folder / "tables", marking=to["marking"], marking_line=to["marking_line"],
        handling=to["handling"], recipient=to["title"], copy=to["copy_label"], destroy_by=str(to["destroy_by"]),
    )  # fmt: skip
    for file in (BUNDLE, EXECUTED):
        (folder / file).unlink()
    for leftover in folder.glob(".ipynb_checkpoints"):
        raise CheckFailed(f"The copy for {to['title']} holds a {leftover.name} folder. Take it away and run again.")
    _count_rows(released, written)
    audit_copy(folder, released, secrets=secrets)
    return executed


def _count_rows(released: Released, written: Iterable[Path]) -> None:
    import csv

    for path in written:
        with path.open(encoding="utf-8", newline="") as file:
            n = sum(1 for _ in csv.reader(file)) - 1
        if n != len(released[path.stem]):
            raise CheckFailed(
                f"{path.name}: {n} rows written of {len(released[path.stem])}. Check the disk, run again."
            )


def audit_copy(folder: Path, released: Released, *, secrets: Iterable[str] = ()) -> None:
    """Read every file of a copy as a stranger would; raise `CheckFailed` if one says what the bundle does not."""
    from csp_toolkit.briefing.render import find_outside_addresses

    known = released.as_json()
    problems = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix not in (".html", ".csv", ".json"):
            continue
        text = path.read_text(encoding="utf-8")
        shown = html.unescape(text)
        strange = {reference for reference in _REFERENCE.findall(shown) if reference not in known}
        if strange:
            problems.append(f"{name} holds {len(strange)} references that were not released")
        if any(secret and secret in shown for secret in secrets):
            problems.append(f"{name} says where it was made")
        if path.suffix == ".html" and find_outside_addresses(text):
            problems.append(f"{name} points outside itself")
    if problems:
        raise CheckFailed(f"The copy for {released.recipient['title']} may not leave: {'; '.join(problems)}.")
