"""One notebook and its parameters to an executed notebook, strict where papermill is lax.

What is wrong with the parameters is said before anything runs. A run counts only if every cell ran to its end: a cell
that leaves by `sys.exit(0)` has not. What a notebook would give away of the machine (paths, times) is taken out.
"""

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from csp_toolkit import errors
from csp_toolkit.briefing.parameters import check_parameters, read_form, read_template
from csp_toolkit.errors import NotebookError

OnCell = Callable[[int, int], None]
START_SECONDS, CELL_SECONDS = 60, 3600
_OWN_ERRORS = frozenset(n for n, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception))


def run_notebook(
    template: Path,
    output: Path,
    parameters: Mapping[str, Any],
    *,
    cwd: Path,
    in_process: bool,
    on_cell: OnCell | None = None,
) -> nbformat.NotebookNode:
    """Execute the notebook at `template` and write it, executed, to `output`.

    Parameters
    ----------
    parameters : must fill the notebook's form exactly.
    cwd : the folder its cells run in.
    in_process : run the cells in this process, which should end with them; otherwise in a fresh kernel.
    on_cell : called with the number of cells done and of all cells.

    Raises
    ------
    ParamsError : the parameters or the template are not fit to run; nothing was run.
    NotebookError : a cell failed. `output` then holds the run up to there.
    """
    form = read_form(read_template(template), template.name)
    filled = check_parameters(form, parameters)
    import papermill
    from papermill.exceptions import PapermillException

    from csp_toolkit.briefing.engine import FRESH_KERNEL, IN_PROCESS

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    failure: Exception | None = None
    try:
        papermill.execute_notebook(
            str(template), str(output), parameters=filled, cwd=str(cwd), kernel_name="python3", language="python",
            engine_name=IN_PROCESS if in_process else FRESH_KERNEL, progress_bar=False, log_output=False,
            request_save_on_cell_execute=False, start_timeout=START_SECONDS, execution_timeout=CELL_SECONDS,
            on_cell=on_cell,
        )  # fmt: skip
    except PapermillException as error:
        failure = error
    except OSError:
        raise
    except Exception as error:  # a kernel that does not start, a cell that takes too long: many libraries' own classes
        failure = error
    if not output.exists():
        kind = type(failure).__name__ if failure else "no result"
        raise NotebookError(f"{template.name}: could not be run ({kind}). Run csp doctor.")
    executed = nbformat.read(output, as_version=4)
    problem = find_failure(executed, template.name)
    scrub(executed)
    nbformat.write(executed, output)
    if problem or failure:
        raise NotebookError(problem or f"{template.name}: stopped by {type(failure).__name__}.")
    return executed


def find_failure(notebook: nbformat.NotebookNode, name: str) -> str | None:
    """Say which cell did not run to its end, and why, without a value that may be data."""
    n_code = 0
    for cell in notebook.cells:
        if cell.cell_type != "code" or "injected-parameters" in cell.metadata.get("tags", []):
            continue
        n_code += 1
        failed = next((output for output in cell.outputs if output.output_type == "error"), None)
        if failed is not None:
            told = f": {failed.evalue}" if failed.ename in _OWN_ERRORS else ""
            return f"{name}, code cell {n_code}: {failed.ename}{told}"
        state = cell.metadata.get("papermill", {}).get("status")
        if cell.source.strip() and (state != "completed" or cell.execution_count is None):
            return f"{name}, code cell {n_code}: did not run to its end. Nothing in a notebook may end the run early."
    return None


def scrub(notebook: nbformat.NotebookNode) -> None:
    """Take out what says where and when the notebook ran; its outputs stay."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
