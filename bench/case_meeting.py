"""The fortnightly run against one cold papermill command on an empty notebook that imports what the run imports.

Whole commands, run in turn, as `meeting.py` does for the monthly run; the PDF extra is not counted.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from meeting import IMPORTS, TURNS, csp, make_workspace, run


def main() -> None:
    """Print the ratio."""
    with tempfile.TemporaryDirectory() as home:
        root = Path(home)
        empty = root / "empty.ipynb"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(IMPORTS)], metadata=kernel), empty)
        workspace = root / "workspace"
        as_of = make_workspace(workspace)
        brief = ("brief", "case_management", "--as-of", as_of, "--workspace", str(workspace))
        cold = (sys.executable, "-m", "papermill", str(empty), str(root / "out.ipynb"), "-k", "python3")

        run(*cold)
        csp(*brief)
        pairs = [(run(*cold), csp(*brief)) for _ in range(TURNS)]
        base = statistics.median(cold for cold, _ in pairs)
        least = min(whole for _, whole in pairs) / min(cold for cold, _ in pairs)
        whole = statistics.median(whole / cold for cold, whole in pairs)
        print(f"cold papermill on an empty notebook: median {base:.2f} s of {TURNS}")
        print(f"case meeting, workings and two recipients, HTML: {whole:.2f} x that (aim: at most 2.0)")
        print(f"the least of each: {least:.2f} x")


if __name__ == "__main__":
    main()
