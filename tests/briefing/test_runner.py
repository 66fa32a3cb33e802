"""The strict runner: a wrong parameter runs nothing, and a cell that did not finish is a failed run."""

import builtins
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from csp_toolkit.briefing.parameters import check_parameters, read_form, read_template
from csp_toolkit.briefing.runner import run_notebook
from csp_toolkit.errors import NotebookError, ParamsError, WorkspaceError
from tests.briefing.small_notebooks import make_notebook

GIVEN = {"as_of": "2026-11-26", "seed": 7}


def run(tmp_path: Path, *cells: str, in_process: bool = True, given=None, **how) -> nbformat.NotebookNode:
    template = make_notebook(tmp_path / "t.ipynb", *cells, **how)
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    return run_notebook(template, tmp_path / "out.ipynb", given or GIVEN, cwd=work, in_process=in_process)


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    return [
        "".join(o.get("text", "")) for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "stream"
    ]


@pytest.mark.parametrize("in_process", [True, False])
def test_parameters_reach_the_cells_and_the_folder_is_the_one_given(tmp_path, in_process):
    ran = run(tmp_path, "import os\nprint(as_of, seed + 1, os.path.basename(os.getcwd()))", in_process=in_process)
    assert texts(ran) == ["2026-11-26 8 work\n"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"as_of": "x", "sead": 1}, r"unknown: sead \(it knows as_of, seed\); missing: seed"),
        ({"as_of": "x"}, "missing: seed"),
        ({"as_of": "x", "seed": "7"}, "seed is of type str, not int"),
        ({"as_of": "x", "seed": True}, "seed is of type bool, not int"),
        ({"as_of": "x", "seed": np.int64(7)}, "seed is of type int64, not int"),
        ({"as_of": date(2026, 11, 26), "seed": 7}, "as_of is of type date, not str"),
        ({"as_of": Decimal(1), "seed": 7.0}, "as_of is of type Decimal, not str; seed is of type float, not int"),
        ({"as_of": "x", "seed": 7, "a=__import__('os').getpid();b": 1}, "1 names are not names a notebook can hold"),
        ({"as_of": "x", "seed": 7, "class": 1}, "1 names are not names a notebook can hold"),
    ],
)
def test_parameters_that_do_not_fill_the_form_run_nothing(tmp_path, given, problem):
    with pytest.raises(ParamsError, match=problem) as caught:
        run(tmp_path, "open('ran', 'w')", given=given)
    assert not (tmp_path / "work" / "ran").exists()
    assert "\n" not in str(caught.value)
    assert "2026" not in str(caught.value)


@pytest.mark.parametrize("value", [{"a": float("nan")}, {1: "a"}, {"a": [date(2026, 1, 1)]}, {"a": (1, 2)}, {"a": {1}}])
def test_a_value_json_would_change_is_refused(value):
    form = read_form(_notebook("settings: dict = {}"), "n")
    with pytest.raises(ParamsError, match="settings holds something JSON cannot carry"):
        check_parameters(form, {"settings": value})


def _notebook(form: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(form, metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [cell]
    return notebook


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ("a: int = 1\nb: int = a * 2", "line 2"),
        ("a = 1", "line 1"),
        ('a: Literal["x"] = "x"', "line 1"),
        ("import os", "line 1"),
        ("a: int = 1\na: int = 2", "line 2"),
        ("a: int", "line 1"),
        ("a: int = (", "not valid Python at its line 1"),
    ],
)
def test_a_form_papermill_would_misread_is_refused(form, problem):
    with pytest.raises(ParamsError, match=problem):
        read_form(_notebook(form), "n")


def test_a_notebook_without_the_tag_is_refused(tmp_path):
    with pytest.raises(ParamsError, match="0 cells are tagged"):
        run(tmp_path, "1", tags=())


def test_a_notebook_with_a_cell_that_may_fail_is_refused(tmp_path):
    with pytest.raises(ParamsError, match="raises-exception"):
        run(tmp_path, "1", tags=("parameters", "raises-exception"))


def test_a_missing_and_a_broken_notebook_are_told_apart(tmp_path):
    with pytest.raises(WorkspaceError, match="no notebook"):
        read_template(tmp_path / "none.ipynb")
    (tmp_path / "broken.ipynb").write_text("{")
    with pytest.raises(WorkspaceError, match="not a readable notebook"):
        read_template(tmp_path / "broken.ipynb")


@pytest.mark.parametrize("in_process", [True, False])
def test_a_cell_that_fails_is_named_with_its_class_and_never_its_value(tmp_path, in_process):
    with pytest.raises(NotebookError, match="t.ipynb, code cell 3: KeyError$") as caught:
        run(tmp_path, "1", "{}['WATSON, Alfie']", "open('later', 'w')", in_process=in_process)
    assert "WATSON" not in str(caught.value)
    assert not (tmp_path / "work" / "later").exists()
    kept = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert any(o.output_type == "error" for c in kept.cells for o in c.get("outputs", []))


def test_an_error_of_our_own_is_told_in_full(tmp_path):
    cell = "from csp_toolkit.errors import GovernanceError\nraise GovernanceError('No agreement is in force.')"
    with pytest.raises(NotebookError, match="code cell 2: GovernanceError: No agreement is in force."):
        run(tmp_path, cell)


@pytest.mark.parametrize("in_process", [True, False])
@pytest.mark.parametrize("leave", ["import sys; sys.exit(0)", "raise SystemExit", "exit()"])
def test_a_cell_that_leaves_early_is_a_failed_run(tmp_path, leave, in_process):
    if leave == "exit()" and not in_process:
        pytest.skip("a kernel ends at once on exit(), and its own test would wait for it")
    with pytest.raises(NotebookError, match="code cell 2"):
        run(tmp_path, leave, "print('never')", in_process=in_process)


def test_a_fresh_kernel_runs_where_the_home_folder_has_a_long_path(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / ("long" * 30)))
    assert texts(run(tmp_path, "print(seed)", in_process=False)) == ["7\n"]


def test_a_fresh_kernel_is_spoken_to_over_sockets_without_a_port(tmp_path):
    cell = (
        "import os, glob\nmine = {os.readlink(f) for f in glob.glob('/proc/self/fd/*') if os.path.exists(f)}\n"
        "rows = [r.split() for r in open('/proc/net/tcp').read().splitlines()[1:]]\n"
        "print([r[1] for r in rows if r[3] == '0A' and f'socket:[{r[9]}]' in mine])"
    )
    if sys.platform != "linux":
        pytest.skip("reads what Linux says of sockets")
    said = texts(run(tmp_path, cell, in_process=False))[0]
    assert (
        said.count(":") <= 1 and "'00000000" not in said
    )  # ipykernel's own, for the output of children, on the loopback


def test_nothing_of_the_machine_is_left_in_the_executed_notebook(tmp_path):
    ran = run(tmp_path, "1")
    assert str(tmp_path) not in (tmp_path / "out.ipynb").read_text()
    assert "papermill" not in ran.metadata


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB4iG8MwAAAABJRU5ErkJggg=="
SAME = (
    "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')",
    "import pandas as pd\nframe = pd.DataFrame({'name': ['NULL', 'NA'], 'n': [1, 2]})\nframe",
    "pd.DataFrame({f'a_wide_column_{n}': range(70) for n in range(12)})",
    "from IPython.display import HTML, Image, Markdown, display\ndisplay(HTML('<p>x</p>'))\nMarkdown('**y**')",
    "x = 1\nx;",
    "handle = display('first', display_id='d')\nhandle.update('second')",
    "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "import base64\nImage(base64.b64decode('" + PIXEL + "'))",
    "class Shown:\n    def _repr_html_(self):\n        return '<b>h</b>'\n"
    "    def __repr__(self):\n        return 'twin'\nShown()",
    "_ is not None, seed",
)


@pytest.mark.parametrize("columns", ["40", "300"])
def test_the_outputs_are_those_of_a_fresh_kernel_however_wide_the_terminal_is(tmp_path, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.delattr(builtins, "_", raising=False)  # which a doctest run before in this process leaves behind

    def outputs(in_process: bool) -> list:
        cells = run(tmp_path, *SAME, in_process=in_process).cells
        return [(c.execution_count, _merge(c.outputs)) for c in cells if c.cell_type == "code"]

    with pd.option_context("display.max_columns", 0):  # as pandas sets it when a terminal imports it
        assert outputs(True) == outputs(False)


def _merge(outputs: list) -> list:
    """Merge what a cell wrote to each stream: how a kernel parts it in time is chance."""
    streams = {}
    rest = []
    for output in outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        else:
            rest.append(output)
    return [rest, streams]


FORKED = """
import sys
from pathlib import Path
from csp_toolkit.briefing.forked import can_fork, run_forked
from csp_toolkit.briefing.runner import run_notebook
from csp_toolkit.briefing.startup import import_everything

import_everything()
print(can_fork())
template, folder = Path(sys.argv[1]), Path(sys.argv[2])
told = []

def work(send):
    run_notebook(template, folder / "forked.ipynb", {"as_of": "x", "seed": 1}, cwd=folder, in_process=True,
                 on_cell=lambda done, of: send({"done": done, "of": of}))
    return {"ok": 1}

print(run_forked({"t": work}, on_message=lambda what, said: told.append(said)), told[-1])
print("seen" in globals())
"""


def test_a_forked_run_tells_how_far_it_is_and_leaves_nothing_in_the_parent(tmp_path):
    template = make_notebook(tmp_path / "t.ipynb", "seen = 1", "print(seen)")
    done = subprocess.run(
        [sys.executable, "-c", FORKED, str(template), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["True", "{'t': {'ok': 1}} {'done': 5, 'of': 5}", "False"]
    assert texts(nbformat.read(tmp_path / "forked.ipynb", as_version=4)) == ["1\n"]


FORKED_FAILURES = """
import os, signal, sys, threading, time
from csp_toolkit.briefing.forked import can_fork, run_forked
from csp_toolkit.errors import ReleaseError

def attempt(work):
    try:
        run_forked({"briefing": work}, on_message=print)
    except Exception as error:
        print(type(error).__name__, getattr(error, "exit_code", getattr(error, "errno", None)), error)

def refuse(send): raise ReleaseError("Nothing left.")
def full(send): raise OSError(28, "No space left")
def odd(send): raise ValueError("WATSON, Alfie")
def killed(send): os.kill(os.getpid(), signal.SIGKILL)
for work in (refuse, full, odd, killed):
    attempt(work)
def slow(send):
    time.sleep(1)
    open(sys.argv[1], "w").close()
    return {}
try:
    run_forked({"one": refuse, "other": slow}, on_message=print)
except ReleaseError:
    time.sleep(1.5)
    print(os.path.exists(sys.argv[1]))
print(run_forked({"later": lambda send: time.sleep(.2) or {"n": 1}, "sooner": lambda send: {"n": 2}}, on_message=print))
waiting = threading.Event()
threading.Thread(target=waiting.wait, daemon=True).start()
print(can_fork())
"""


def test_how_a_child_ends_is_told_without_values(tmp_path):
    command = [sys.executable, "-c", FORKED_FAILURES, str(tmp_path / "left")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0] == "ReleaseError 2 Nothing left."
    assert lines[1].startswith("OSError 28")
    assert lines[2].startswith("NotebookError 3 briefing: stopped by ValueError.")
    assert "ended before it was done (signal 9)" in lines[3]
    assert lines[4] == "False", "the first to fail ends the others"
    assert lines[5] == "{'later': {'n': 1}, 'sooner': {'n': 2}}"
    assert lines[6] == "False", "no fork where another thread runs"
    assert "WATSON" not in done.stdout
