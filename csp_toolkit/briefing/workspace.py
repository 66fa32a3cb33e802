"""One partnership's folder, and how a folder in it appears: whole or not at all.

`casebook.sqlite`, `params/`, `notebooks/`, and the two roots that never meet: `runs/` for the workings, which stay in
the building, and `released/` for the copies that leave. What is made is made in a hidden folder on the same disk,
checked there, and renamed; a kill or a full disk leaves at most a hidden folder, which the next command removes.
"""

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from csp_toolkit.errors import WorkspaceError
from csp_toolkit.params import packaged
from csp_toolkit.sharing.masking import KEY_FILE, make_key

CASEBOOK, PARAMS, NOTEBOOKS, RUNS, RELEASED = "casebook.sqlite", "params", "notebooks", "runs", "released"
STAGING, FAILED = ".staging", "_failed"
# Of these a workspace holds as many files as it needs; of every other kind of policy it uses one.
SEVERAL = frozenset({"feeds", "lenses", "meetings", "recipients", "toolkits"})
_AT_CWD, _EXCHANGE = -100, 2


@dataclass(frozen=True)
class Workspace:
    """One partnership's folder. `casebook` is a file in it, or an SQLAlchemy URL."""

    root: Path
    casebook: Path | str

    @classmethod
    def open(cls, root: Path, casebook: str | None = None) -> "Workspace":
        """Open the workspace at `root`; refuse a folder that is none, and an address that holds a password."""
        home = root.resolve()
        if not is_workspace(home):
            raise WorkspaceError(f"{root}: not a workspace. Make one with `csp init {root}`, or give --workspace.")
        if casebook is not None and _holds_password(casebook):
            raise WorkspaceError(
                "The casebook's address holds a password, which would stand in process lists and notebooks. "
                "Put it in .pgpass or PGPASSWORD."
            )
        return cls(home, casebook or home / CASEBOOK)

    @property
    def params(self) -> Path:
        """The partnership's own policy files."""
        return self.root / PARAMS

    @property
    def runs(self) -> Path:
        """The root of the workings."""
        return self.root / RUNS

    @property
    def released(self) -> Path:
        """The root of the copies that leave."""
        return self.root / RELEASED

    def notebook(self, kind: str, name: str) -> Path:
        """Return the workspace's own notebook of a kind (`meetings`, `briefings`), else the packaged one."""
        own = self.root / NOTEBOOKS / kind / f"{name}.ipynb"
        return own if own.exists() else packaged(NOTEBOOKS) / kind / f"{name}.ipynb"


def is_workspace(root: Path) -> bool:
    """Say whether a folder is a workspace: it has its policy and its two roots."""
    return all((root / name).is_dir() for name in (PARAMS, RUNS, RELEASED))


def _holds_password(casebook: str) -> bool:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return "://" in casebook and make_url(casebook).password is not None
    except (SQLAlchemyError, ValueError):
        raise WorkspaceError("The casebook's address is not one SQLAlchemy can read. Check it.") from None


@dataclass(frozen=True)
class Initialised:
    """What `init_workspace` did: files copied, and files left as they are because they were edited."""

    root: Path
    copied: tuple[str, ...]
    kept: tuple[str, ...]


def init_workspace(root: Path) -> Initialised:
    """Make a workspace at `root`, or complete one that is there; an edited file is never written over.

    Of a kind of policy of which a workspace uses one file, a second is never put beside its own.
    A folder that holds something else is refused: a workspace is removed as a whole one day.
    """
    if root.exists() and not root.is_dir():
        raise WorkspaceError(f"{root}: a file of that name is there. Choose another folder.")
    if root.is_dir() and not is_workspace(root) and not _is_begun(root):
        raise WorkspaceError(f"{root}: the folder is not empty and not a workspace. Choose an empty or new folder.")
    root.mkdir(parents=True, exist_ok=True)
    for name in (RUNS, RELEASED):
        (root / name).mkdir(mode=0o700, exist_ok=True)
    copied, kept = [], []
    for kind in (NOTEBOOKS, PARAMS):
        source = packaged(kind)
        for file in sorted(p for p in source.rglob("*") if p.is_file() and not p.name.startswith(".")):
            target = root / kind / file.relative_to(source)
            if "__pycache__" in file.parts:
                continue
            if target.exists():
                if target.read_bytes() != file.read_bytes():
                    kept.append(str(target.relative_to(root)))
                continue
            if kind == PARAMS and target.parent.name not in SEVERAL and any(target.parent.glob("*.yaml")):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = target.with_name(f".{target.name}.part")
            shutil.copyfile(file, aside)
            aside.replace(target)
            copied.append(str(target.relative_to(root)))
    make_key(root)
    return Initialised(root, tuple(copied), tuple(kept))


def _is_begun(root: Path) -> bool:
    """Say whether a folder is empty, or holds only what `init_workspace` makes and was stopped at."""
    return all(
        path.name in (RUNS, RELEASED, NOTEBOOKS, PARAMS, CASEBOOK, KEY_FILE) for path in root.iterdir()
    ) and not any((root / name).is_dir() and any((root / name).iterdir()) for name in (RUNS, RELEASED))


@contextmanager
def stage(root: Path) -> Iterator[Path]:
    """Give a hidden folder under `root` to work in; it is gone afterwards, whatever happened.

    It is three levels below the workspace, as a finished run is, so that relative paths hold after the rename.
    """
    sweep(root)
    folder = root / STAGING / f"{os.getpid()}"
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            (root / STAGING).rmdir()


def sweep(root: Path) -> int:
    """Remove hidden folders that commands no longer alive left behind, and say how many there were."""
    n = 0
    for folder in (root / STAGING).glob("*") if (root / STAGING).is_dir() else ():
        if not _is_alive(folder.name) or folder.name == str(os.getpid()):
            shutil.rmtree(folder, ignore_errors=True)
            n += 1
    return n


def _is_alive(name: str) -> bool:
    if not name.isdigit():
        return False
    try:
        os.kill(int(name), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def publish(staged: Path, target: Path) -> None:
    """Put a finished folder in its place in one step; one that is there is exchanged, then removed."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted(staged.rglob("*")):
        if path.is_file():
            _flush(path)
    if target.exists():
        if not _exchange(staged, target):
            aside = staged.with_name(f"{staged.name}.old")
            target.rename(aside)
            staged.rename(target)
            staged = aside
        shutil.rmtree(staged, ignore_errors=True)
    else:
        staged.rename(target)
    _flush(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can (Linux)."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_AT_CWD, os.fsencode(one), _AT_CWD, os.fsencode(other), _EXCHANGE) == 0)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_failed(staged: Path, runs: Path, name: str) -> Path:
    """Keep what a failed run left, for the analyst, under `runs/_failed/`; a later failure has a place of its own."""
    home = runs / FAILED
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    n = 1
    while (home / f"{name}-{n}").exists():
        n += 1
    staged.rename(home / f"{name}-{n}")
    return home / f"{name}-{n}"
