"""What the command line says: one-line errors, outcomes as text or JSON, and how far the work is."""

import errno
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from typer.core import TyperGroup

from csp_toolkit.errors import ToolkitError

DISK_FULL, WIDE = errno.ENOSPC, 200
_REDRAWN = 0.1  # seconds between two pictures of how far the work is
STOPPED, INTERRUPTED = 1, 130
SAID_STOPPED = "Stopped. Nothing was put in place."


class OneLine(TyperGroup):
    """A group of commands whose errors are one line, and one JSON object where that was asked for."""

    def main(
        self,
        args: Any = None,
        prog_name: Any = None,
        complete_var: Any = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and leave with its exit code."""
        given = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(
                given, prog_name, complete_var, standalone_mode=False, windows_expand_args=windows_expand_args, **extra
            )
        except Exception as error:
            code = _tell_error(error, as_json="--json" in given)
        except KeyboardInterrupt:
            code = _say_error(SAID_STOPPED, STOPPED, as_json="--json" in given)
        if code == INTERRUPTED:  # typer's own word for it, said in silence
            code = _say_error(SAID_STOPPED, STOPPED, as_json="--json" in given)
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else 0)
        return code


def _tell_error(error: Exception, *, as_json: bool) -> int:
    if isinstance(error, ToolkitError):
        return _say_error(str(error), error.exit_code, as_json=as_json)
    if isinstance(error, OSError):
        if error.errno == DISK_FULL:
            return _say_error(
                "The disk is full. Nothing was put in place; make room and run it again.", 2, as_json=as_json
            )
        return _say_error(
            f"{type(error).__name__}: {os.strerror(error.errno or 0)}. Nothing was put in place.", 2, as_json=as_json
        )
    shown = getattr(error, "format_message", None)
    if shown is not None:
        return _say_error(str(shown()) or "Say what to do: csp --help lists the commands.", 2, as_json=as_json)
    if type(error).__name__ == "Abort":
        return _say_error(SAID_STOPPED, STOPPED, as_json=as_json)
    if os.environ.get("CSP_TRACEBACK") == "1":
        raise error
    kind = type(error).__name__
    return _say_error(
        f"Unexpected {kind}. Set CSP_TRACEBACK=1 to see where; its text may hold data.", 2, as_json=as_json
    )


def _say_error(text: str, code: int, *, as_json: bool) -> int:
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
    if as_json:
        print(json.dumps({"ok": False, "error": line, "exit_code": code}, ensure_ascii=False))
    print(f"csp: {line}", file=sys.stderr)
    return code


def read_day(text: str, option: str) -> date:
    """Read a day as YYYY-MM-DD; weeks and runs of figures are ISO too, and easily misread."""
    try:
        if len(text) != len("YYYY-MM-DD") or "W" in text:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ToolkitError(f"{option}: {text!r} is no date. Write it as YYYY-MM-DD.") from None


def report(as_json: bool, content: Mapping[str, Any], show: Callable[[Any], None]) -> None:
    """Print the outcome: as JSON, or by `show`, which gets a rich console."""
    if as_json:
        print(json.dumps({"ok": True, **content}, ensure_ascii=False, default=str))
        return
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(soft_wrap=True, highlight=False, markup=False, width=WIDE)
    show(console)


@contextmanager
def show_progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far the work is, on standard error; without a thread, so that a process can still be forked."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
        console=console, auto_refresh=False, transient=True, disable=not console.is_terminal,
        redirect_stdout=False, redirect_stderr=False,
    ) as bar:  # fmt: skip
        tasks: dict[str, Any] = {}
        drawn = 0.0

        def tell(what: str, done: int, of: int) -> None:
            nonlocal drawn
            is_new = what not in tasks
            if is_new:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done, total=of)
            if is_new or done == of or time.monotonic() - drawn > _REDRAWN:  # to draw takes longer than many a step
                bar.refresh()
                drawn = time.monotonic()

        yield tell


def make_table(title: str, columns: list[str], rows: list[list[Any]]) -> Any:
    """Make a table for the console; whole numbers to the right, with their thousands parted."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        is_number = all(isinstance(row[columns.index(column)], int) for row in rows)
        is_last = column is columns[-1]
        table.add_column(column, justify="right" if is_number else "left", no_wrap=not is_last, overflow="fold")
    for row in rows:
        table.add_row(*(Text(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row))
    return table
