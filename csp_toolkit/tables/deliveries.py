"""A delivery: a folder of files from many agencies, read, mapped and judged before anything is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from csp_toolkit.errors import DeliveryError
from csp_toolkit.records.feeds import Feed, match_feeds
from csp_toolkit.records.files import SUFFIXES
from csp_toolkit.records.mapping import map_file
from csp_toolkit.tables.validation import Validated, find_under_ten, validate

COVERING_NOTES = (".txt", ".md", ".pdf", ".docx", ".eml", ".msg")
FILES_READ, STEPS, FILES_JUDGED = "files read", "steps of this file", "files judged"
FINDINGS_COLUMNS = ("feed", "file", "row", "column", "rule", "action")


@dataclass(frozen=True, eq=False)
class Delivery:
    """The files of one delivery.

    Attributes
    ----------
    files : those a mapping knows, judged.
    unmapped : names of those no mapping knows yet; they were not read.
    """

    files: tuple[Validated, ...]
    unmapped: tuple[str, ...]

    def findings(self) -> pd.DataFrame:
        """Return every finding of every file (`FINDINGS_COLUMNS`): where and by which rule, never a value."""
        parts = [v.findings.assign(feed=v.feed.name, file=v.file) for v in self.files if len(v.findings)]
        empty = pd.DataFrame({name: pd.Series(dtype="str") for name in FINDINGS_COLUMNS})
        return pd.concat(parts, ignore_index=True)[list(FINDINGS_COLUMNS)] if parts else empty


def read_delivery(
    folder: Path,
    feeds: Mapping[str, Feed],
    *,
    received_on: date,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Delivery:
    """Read every file of a delivery; covering notes and hidden files are passed over.

    Parameters
    ----------
    on_progress : called with what is counted (`FILES_READ`, `STEPS`, `FILES_JUDGED`), how many are done, and of how
        many; steps are those of the file at hand, which is what moves where one file is most of a delivery.

    Raises
    ------
    DeliveryError : the folder is not there or empty, a name cannot be shown, what should be a file is none, or a file
        cannot be read at all.

    Notes
    -----
    Several files of one feed are parts of it, and count together. A folder within the delivery is not read, and said.
    """
    if not folder.is_dir():
        raise DeliveryError(f"{folder}: no such folder. Give the folder that holds the delivery's files.")
    paths, folders = _list_files(folder)
    if not paths:
        within = f", only {', '.join(folders[:3])}" if folders else ""
        raise DeliveryError(
            f"{folder.name}: there is no file in it{within}. Give the folder that holds the delivery's files."
        )
    matched = {path: match_feeds(path, feeds) for path in paths}
    if not any(matched.values()):
        raise DeliveryError(f"{folder.name}: none of {len(paths)} files is of a feed that has a mapping.")
    mapped = []
    known = [(path, feed) for path, found in matched.items() for feed in found]
    tell = on_progress or (lambda what, done, of: None)
    for n, (path, feed) in enumerate(known):
        tell(FILES_READ, n, len(known))
        mapped.append(map_file(path, feed, on_step=partial(tell, STEPS)))
    tell(FILES_READ, len(known), len(known))
    young = find_under_ten(mapped, received_on=received_on)  # one file may name a child whom another shows to be one
    judged = []
    for n, one in enumerate(mapped):
        tell(FILES_JUDGED, n, len(mapped))
        judged.append(validate(one, received_on=received_on, under_ten=young))
    tell(FILES_JUDGED, len(mapped), len(mapped))
    return Delivery(tuple(judged), (*(path.name for path, found in matched.items() if not found), *folders))


def _list_files(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the files to read and the names of folders, each ending in a slash; refuse what can be neither."""
    try:
        there = sorted(p for p in folder.iterdir() if not p.name.startswith((".", "~$")))
    except OSError as error:
        raise DeliveryError(f"{folder}: cannot be read ({type(error).__name__}). Check its rights.") from None
    odd = [p.name for p in there if not p.name.isprintable()]
    if odd:
        first = "".join(letter if letter.isprintable() else "?" for letter in odd[0])
        raise DeliveryError(
            f"{folder.name}: {len(odd)} of {len(there)} names hold a line end or a letter that cannot be shown (first: "
            f"{first}). Rename them and load again."
        )
    folders = [p for p in there if p.is_dir() and p.suffix.lower() not in SUFFIXES]
    strange = [p.name for p in there if not p.is_file() and p not in folders]
    if strange:
        raise DeliveryError(
            f"{', '.join(strange)}: not a file but a folder, a pipe or a link that leads nowhere. Put the file itself "
            "into the delivery, or take it out."
        )
    files = [p for p in there if p.is_file() and p.suffix.lower() not in COVERING_NOTES]
    return files, [f"{p.name}/" for p in folders]
