"""How a notebook's cells are executed, behind papermill: in this process, or in a fresh kernel.

Papermill puts the parameters in and keeps the state of each cell; only the execution is ours. In this process the
cells run in an IPython shell made for the one notebook, which collects outputs as a kernel would have sent them.
A fresh kernel is started with this very Python, without a registered kernel, and is spoken to over IPC sockets: what
the cells say passes no port. (ipykernel itself keeps one on the loopback, for the output of a cell's own children.)
"""

import atexit
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from papermill.engines import Engine, NBClientEngine, papermill_engines
from traitlets import Type
from traitlets.config import Config

IN_PROCESS, FRESH_KERNEL = "csp-in-process", "csp-fresh-kernel"
NO_HISTORY = "--HistoryManager.enabled=False"
INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


class _Outputs:
    """What the cell that runs has put out so far, in the order of nbformat."""

    def __init__(self) -> None:
        self.cell: list[NotebookNode] = []
        self.by_display_id: dict[str, list[NotebookNode]] = {}
        self.is_to_clear = False

    def add(self, output: NotebookNode) -> None:
        if self.is_to_clear:
            self.cell.clear()
            self.is_to_clear = False
        self.cell.append(output)

    def write(self, stream: str, text: str) -> None:
        last = self.cell[-1] if self.cell and not self.is_to_clear else None
        if last is not None and last.output_type == "stream" and last.name == stream:
            last.text += text
        else:
            self.add(nbformat.v4.new_output("stream", name=stream, text=text))


class _Stream:
    """A text stream that ends in the notebook."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, name: str, outputs: _Outputs) -> None:
        self._name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        if text:
            self._outputs.write(self._name, text)
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    outputs: _Outputs

    def publish(
        self, data: Any, metadata: Any = None, *, transient: Any = None, update: bool = False, **_: Any
    ) -> None:
        display_id = (transient or {}).get("display_id")
        if update:
            for shown in self.outputs.by_display_id.get(str(display_id), []):
                shown.data, shown.metadata = nbformat.from_dict(data), nbformat.from_dict(metadata or {})
            return
        output = nbformat.v4.new_output("display_data", data=data, metadata=metadata or {})
        self.outputs.add(output)
        if display_id is not None:
            self.outputs.by_display_id.setdefault(display_id, []).append(output)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.is_to_clear = True
        if not wait:
            self.outputs.cell.clear()
            self.outputs.is_to_clear = False


class _Results(DisplayHook):
    outputs: _Outputs

    def write_output_prompt(self) -> None:
        pass

    def finish_displayhook(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        if format_dict:
            self.outputs.add(
                nbformat.v4.new_output(
                    "execute_result", data=format_dict, metadata=md_dict or {}, execution_count=self.prompt_count
                )
            )


class ZMQInteractiveShell(InteractiveShell):
    """The shell of one notebook. pandas and rich look at its name to know that they print for a notebook."""

    displayhook_class, display_pub_class = Type(_Results), Type(_Publisher)
    outputs: _Outputs

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.outputs.add(nbformat.v4.new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb)))

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: nobody sits before this shell."""


@contextmanager
def _print_as_a_kernel_does() -> Iterator[None]:
    """Print frames as a kernel prints them; pandas would fit their text to the terminal the command was typed in."""
    import pandas as pd

    with pd.option_context("display.max_columns", 20, "display.width", 80, "display.max_rows", 60):
        yield


@contextmanager
def _make_shell() -> Iterator[ZMQInteractiveShell]:
    """Make a shell with nothing on disk: no history, no profile of the person who runs it."""
    quiet = Config()
    quiet.HistoryManager.enabled = False
    os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)
    with tempfile.TemporaryDirectory(prefix="csp-") as home:
        outputs = _Outputs()
        streams = sys.stdout, sys.stderr, sys.displayhook
        ZMQInteractiveShell.clear_instance()
        shell = ZMQInteractiveShell.instance(
            config=quiet, ipython_dir=home, profile_dir=ProfileDir.create_profile_dir(home), user_ns={}
        )
        shell.outputs = shell.displayhook.outputs = shell.display_pub.outputs = outputs
        sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)
        try:
            with _print_as_a_kernel_does():
                yield shell
        finally:
            sys.stdout, sys.stderr, sys.displayhook = streams
            shell.atexit_operations()
            atexit.unregister(shell.atexit_operations)
            ZMQInteractiveShell.clear_instance()


class InProcessEngine(Engine):
    """Execute the cells of one notebook in this process. For a process that ends with the notebook."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, on_cell: Any = None, **_: Any) -> None:
        """Run each code cell in turn, until one fails."""
        with _make_shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                failed = False
                nb_man.cell_start(cell, index)
                try:
                    if cell.cell_type == "code" and cell.source.strip():
                        failed = cls._run(shell, cell)
                        if failed:
                            nb_man.cell_exception(cell, cell_index=index)
                finally:
                    nb_man.cell_complete(cell, cell_index=index)
                if on_cell:
                    on_cell(index + 1, len(nb_man.nb.cells))
                if failed:
                    break

    @staticmethod
    def _run(shell: ZMQInteractiveShell, cell: NotebookNode) -> bool:
        shell.outputs.cell = []
        cell.execution_count = shell.execution_count
        result = shell.run_cell(cell.source, store_history=True)
        cell.outputs = shell.outputs.cell
        return not result.success


@contextmanager
def _short_runtime_folder() -> Iterator[None]:
    """Let sockets stand in a short path of their own: the system allows about a hundred letters."""
    before = os.environ.get("JUPYTER_RUNTIME_DIR")
    with tempfile.TemporaryDirectory(prefix="csp-") as folder:
        os.environ["JUPYTER_RUNTIME_DIR"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["JUPYTER_RUNTIME_DIR"]
            else:
                os.environ["JUPYTER_RUNTIME_DIR"] = before


class OwnPythonKernelManager(AsyncKernelManager):
    """A kernel of the Python that runs now; it needs no registered kernel and looks for none."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """Describe how the kernel is started."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", NO_HISTORY],
            display_name="Python",
            language="python",
        )


class FreshKernelEngine(NBClientEngine):
    """Execute the cells of one notebook in a kernel started for it."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, on_cell: Any = None, **kwargs: Any) -> None:
        """Run the notebook as papermill does, with our kernel manager."""
        kwargs["config"] = Config({"KernelManager": {"transport": "ipc"}})
        kwargs |= {"kernel_manager_class": OwnPythonKernelManager, "coalesce_streams": True}
        with _short_runtime_folder():
            super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        if on_cell:
            on_cell(len(nb_man.nb.cells), len(nb_man.nb.cells))


papermill_engines.register(IN_PROCESS, InProcessEngine)
papermill_engines.register(FRESH_KERNEL, FreshKernelEngine)
