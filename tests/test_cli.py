"""The command line: one line for what went wrong, one JSON object where asked for, the right exit code, no name."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from csp_toolkit.briefing import forked
from csp_toolkit.cli import app
from tests.briefing.small_workspace import make_workspace, run_here, tree

PLACE = "2026-11-26/small"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("made") / "ws"
    make_workspace(root)
    return root


@pytest.fixture
def home(made, tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(forked, "can_fork", lambda: True)
    monkeypatch.setattr(forked, "run_forked", run_here)
    shutil.copytree(made, tmp_path / "ws")
    return tmp_path / "ws"


@pytest.fixture
def csp(capsys):
    """Run a command in this process: its exit code, standard output and standard error."""

    def run(*args: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            app([str(a) for a in args])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


BRIEF = ("brief", "small", "--as-of", "2026-11-26", "--no-pdf")


def test_help_is_quick_and_loads_nothing_heavy():
    heavy = "{'pandas', 'numpy', 'papermill', 'sqlalchemy', 'nbformat', 'IPython', 'pydantic'} & set(sys.modules)"
    code = "import sys; sys.argv = ['csp', '--help']\nfrom csp_toolkit.cli import app\n"
    code += f"try: app()\nfinally: print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "set()"
    for command in ("init", "demo", "load", "decide", "brief", "verify", "export", "lab", "doctor"):
        assert f"  {command} " in done.stdout


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("brief", "smal", "--as-of", "2026-11-26"), 2, "There are: "),
        (("brief", "small", "--as-of", "2026-02-30"), 2, "is no date"),
        (("brief", "small", "--as-of", "26/11/2026"), 2, "is no date"),
        (("brief", "small", "--as-of", "2026-W48-4"), 2, "is no date"),
        (("brief", "small", "--as-of", "20261126"), 2, "is no date"),
        (("lab", "--port", "70000"), 2, "--port"),
        (("brief", "small"), 2, "--as-of"),
        (("brief", "small", "--as-of", "2026-11-26", "--stage", "draft"), 2, "candidates, final"),
        (("brief", "small", "--as-of", "2026-11-26", "--stage", "final"), 2, "No selection"),
        (("brief", "small", "--as-off", "2026-11-26"), 2, "--as-off"),
        (("brief", "--as-of", "2026-11-26"), 2, "Name one meeting"),
        (("brief", "small", "--as-of", "2027-06-01"), 2, "Governance"),
        (("load", "nowhere", "--received", "2026-11-20"), 2, "no such folder"),
        (("load", "nowhere", "--received", "yesterday"), 2, "is no date"),
        (("decide", "nowhere.xlsx"), 2, "nowhere.xlsx"),
        (("export", "small", "--as-of", "2026-11-26"), 2, "There is no run of small"),
        (("lab", "--workspace", "nowhere"), 2, "not a workspace"),
        (("frobnicate",), 2, "frobnicate"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_wrong_is_said_in_one_line_and_leaves_everything_as_it_was(home, csp, args, code, told, as_json):
    before = tree(home)
    where = () if "--workspace" in args or args[0] == "frobnicate" else ("--workspace", home)
    got, out, err = csp(*args, *where, *(("--json",) if as_json else ()))
    assert got == code
    assert told in err and err.count("\n") == 1 and "Traceback" not in err
    if as_json:
        assert json.loads(out)["exit_code"] == code and out.count("\n") == 1
    else:
        assert out == ""
    assert [f for f in tree(home) if not f.startswith("casebook.sqlite-")] == [
        f for f in before if not f.startswith("casebook.sqlite-")
    ]


def test_a_missing_casebook_is_one_line(home, csp):
    (home / "casebook.sqlite").unlink()
    code, _, err = csp(*BRIEF, "--workspace", home)
    assert code == 2 and err.count("\n") == 1 and "no casebook is there" in err


def test_an_unreadable_file_in_a_delivery_is_one_line_and_loads_nothing(home, csp, tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "police_nominals.csv").write_bytes(b"\0\1\2")
    (tmp_path / "d" / "csp_actions.xlsx").write_bytes(b"not a workbook")
    code, _, err = csp("load", tmp_path / "d", "--received", "2026-11-21", "--workspace", home)
    assert code == 2 and err.count("\n") == 1
    assert not (home / "runs" / "_deliveries" / "2026-11-21").exists()


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "Permission denied")])
def test_a_full_or_closed_disk_is_one_line_and_nothing_is_half_written(home, csp, monkeypatch, number, told):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number), "/home/WATSON")

    monkeypatch.setattr("csp_toolkit.briefing.copies.write_tables", fail)
    code, _, err = csp(*BRIEF, "--workspace", home)
    assert code == 2 and told in err and err.count("\n") == 1
    assert "WATSON" not in err
    assert not (home / "runs" / PLACE).exists() and not (home / "released" / PLACE).exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError("WATSON, Alfie")])
def test_a_stop_or_an_unforeseen_error_is_one_line_without_its_text(home, csp, monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("csp_toolkit.briefing.meetings._make_workings", fail)
    code, _, err = csp(*BRIEF, "--workspace", home)
    assert code in (1, 2) and err.count("\n") == 1 and "Traceback" not in err
    assert "WATSON" not in err
    assert not (home / "runs" / ".staging").exists()


def test_a_failed_notebook_leaves_with_three(home, csp):
    from tests.briefing.small_notebooks import make_notebook
    from tests.briefing.small_workspace import FORM

    make_notebook(home / "notebooks" / "meetings" / "small.ipynb", "raise ValueError('WATSON, Alfie')", form=FORM)
    code, out, err = csp(*BRIEF, "--workspace", home, "--json")
    assert code == 3 and "code cell 2: ValueError. Kept in runs/_failed/" in err
    assert "WATSON" not in out + err
    assert json.loads(out)["exit_code"] == 3


def test_a_misspelt_parameter_is_told_before_anything_runs(home, csp):
    from tests.briefing.small_notebooks import make_notebook
    from tests.briefing.small_workspace import FORM

    form = FORM.replace("known_at", "know_at")
    make_notebook(home / "notebooks" / "meetings" / "small.ipynb", "open('ran', 'w')", form=form)
    code, _, err = csp(*BRIEF, "--workspace", home)
    assert code == 2 and "unknown: known_at" in err and "missing: know_at" in err


def test_from_a_new_folder_to_a_verified_briefing(home, csp):
    code, out, _ = csp(*BRIEF, "--workspace", home, "--json")
    told = json.loads(out)
    assert code == 0 and told["ok"] and out.count("\n") == 1
    assert [c["recipient"] for c in told["runs"][0]["copies"]] == ["chair", "housing"]
    code, out, _ = csp("verify", "--workspace", home, "--json")
    assert code == 0 and len(json.loads(out)["checked"]) == 4
    page = home / "released" / PLACE / "housing" / "briefing.html"
    page.write_text(page.read_text() + " ")
    code, _, err = csp("verify", "--workspace", home)
    assert code == 1 and "briefing.html: changed" in err and err.count("\n") == 1


def test_changed_params_are_noted_and_no_fault(home, csp):
    csp(*BRIEF, "--workspace", home)
    policy = home / "params" / "recipients" / "housing.yaml"
    policy.write_text(policy.read_text() + "# seen\n")
    code, out, _ = csp("verify", "--workspace", home)
    assert code == 0 and "the params have changed since" in out


def test_load_accounts_for_every_row_and_says_where_the_findings_are(home, csp):
    code, out, _ = csp("load", home / "delivery", "--received", "2026-11-20", "--workspace", home, "--json")
    told = json.loads(out)
    assert code == 0
    for file in told["files"]:
        assert file["state"] == "already loaded"
        assert file["rows_in"] == file["accepted"] + file["repaired"] + file["rejected"] + file["withdrawn"]
    assert Path(told["findings"]).exists()


def test_a_file_without_a_mapping_is_named_and_no_error(home, csp):
    (home / "delivery" / "ambulance_2026-11.csv").write_text("a,b\n1,2\n")
    code, out, _ = csp("load", home / "delivery", "--received", "2026-11-21", "--workspace", home)
    assert code == 0 and "No mapping yet, not read: ambulance_2026-11.csv" in out


def test_no_name_stands_in_any_file_name_or_message(home, csp):
    said = []
    for args in ((*BRIEF,), ("export", "small", "--as-of", "2026-11-26"), ("verify",), ("doctor",)):
        said += csp(*args, "--workspace", home)[1:]
    text = " ".join(said) + " ".join(tree(home))
    for name in ("QUILLFEATHER", "Quillfeather", "WATSON", "Dane"):
        assert name not in text


def test_init_and_doctor_agree_on_a_good_workspace(tmp_path, csp):
    code, out, _ = csp("init", tmp_path / "new", "--json")
    assert code == 0 and json.loads(out)["copied"] > 20
    code, out, _ = csp("doctor", "--workspace", tmp_path / "new", "--json")
    findings = {f["what"]: f["state"] for f in json.loads(out)["findings"]}
    assert code == 0 and findings["casebook"] == "good" and findings["log"] == "good"


def test_doctor_says_what_is_wrong_and_leaves_with_one(tmp_path, csp):
    csp("init", tmp_path / "new")
    (tmp_path / "new" / "casebook.sqlite").write_text("not a casebook")
    (tmp_path / "new" / "pseudonyms.key").chmod(0o644)
    (tmp_path / "new" / "params" / "recipients" / "chair.yaml").write_text("name: chair")
    code, out, _ = csp("doctor", "--workspace", tmp_path / "new")
    bad = [line for line in out.splitlines() if line.startswith("bad")]
    assert code == 1 and len(bad) == 3


def test_an_older_workspace_is_told_what_it_lacks_and_brought_up_to_date(tmp_path, csp):
    home = tmp_path / "old"
    csp("init", home)
    path = home / "params" / "networks" / "csp_example_v1.yaml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("family: 0.95\n", "").replace("phone_gap_days: 28", "phone_gap_days: 91"), "utf-8")
    notebook = home / "notebooks" / "meetings" / "cross_border.ipynb"
    shipped = notebook.read_bytes()
    notebook.write_bytes(b"older")
    code, out, _ = csp("doctor", "--workspace", home)
    assert code == 1 and "missing: family. `csp init --update` adds" in " ".join(out.split())
    code, out, _ = csp("init", home, "--update", "--json")
    (added,) = json.loads(out)["added"]
    assert json.loads(out)["replaced"] == ["meetings/cross_border.ipynb"] and notebook.read_bytes() == shipped
    assert (notebook.parent / "cross_border.ipynb.before-1").read_bytes() == b"older"
    assert code == 0 and added["keys"] == "family" and added["before"] == "csp_example_v1.yaml.before-1"
    assert "phone_gap_days: 91" in path.read_text(encoding="utf-8")
    assert csp("doctor", "--workspace", home)[0] == 0


def test_init_refuses_a_folder_that_holds_something_else(tmp_path, csp):
    (tmp_path / "letters.txt").write_text("x")
    code, _, err = csp("init", tmp_path)
    assert code == 2 and "not empty and not a workspace" in err


def test_the_desk_is_this_machines_alone_and_reaches_nothing(home, csp, monkeypatch):
    from csp_toolkit.briefing import desk

    monkeypatch.setattr(desk, "find_spec", lambda name: object())
    code, out, _ = csp("lab", "--workspace", home, "--json", "--port", 9999)
    told = json.loads(out)
    assert code == 0 and told["url"].startswith("http://127.0.0.1:9999/lab")
    for setting in (
        "--ServerApp.ip=127.0.0.1", "--ServerApp.terminals_enabled=False", "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly", "--KernelManager.transport=ipc",
    ):  # fmt: skip
        assert setting in told["command"]
    assert not any("token" in part for part in told["command"])
    monkeypatch.setattr(desk.subprocess, "run", lambda *_, **__: CompletedProcess([], 0))
    assert csp("lab", "--workspace", home)[0] == 0
    asks = home / ".jupyter" / "config" / "labconfig" / "page_config.json"
    assert json.loads(asks.read_text()) == {"disabledExtensions": {desk.NEWS: True}}
    assert all(Path(v).is_relative_to(home) for k, v in told["environment"].items() if k.endswith("_DIR"))


def test_a_desk_that_is_not_installed_is_said_plainly(home, csp, monkeypatch):
    from csp_toolkit.briefing import desk

    monkeypatch.setattr(desk, "find_spec", lambda name: None)
    code, _, err = csp("lab", "--workspace", home)
    assert code == 2 and "csp-toolkit[lab]" in err


def test_a_judgement_taken_in_says_in_counts_what_it_changed(home, csp):
    """Through the workbook: export, two rows filled in by hand, decide, withdrawn again."""
    import openpyxl

    csp(*BRIEF, "--workspace", home)
    csp("export", "small", "--as-of", "2026-11-26", "--workspace", home)
    path = home / "runs" / "_exports" / "2026-11-26" / "small" / "decisions.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Identity"]
    columns = {str(cell.value): cell.column for cell in sheet[3]}
    row = {
        "Meeting": "2026-11-26", "Records of": "police", "Reference": "42SYN/000001/20", "Other records of": "police",
        "Other reference": "42SYN/000002/20", "Outcome": "SAME", "Reason": "Photographs", "Decided by": "SYN Analyst",
        "Role": "Lead analyst", "Decided on": "2026-11-24",
    }  # fmt: skip
    for said, joined, split in (("SAME", 1, 0), ("WITHDRAWN", 0, 1)):
        for heading, value in (row | {"Outcome": said}).items():
            sheet.cell(row=4, column=columns[heading]).value = value
        book.save(path)
        code, out, err = csp("decide", path, "--recorded", "2026-11-26", "--workspace", home, "--json")
        told = json.loads(out)
        assert code == 0, err
        assert told["recorded"] == 1 and told["note"] == ""
        assert (told["changed"]["n_joined"], told["changed"]["n_split"]) == (joined, split)
    code, out, _ = csp("decide", path, "--recorded", "2026-11-26", "--workspace", home)
    assert code == 0 and out.strip() == "0 decisions recorded, 1 stood already."


def test_what_steers_a_terminal_is_not_passed_on_in_an_error(csp, home):
    code, _, err = csp("load", "no\x1b[31mwhere\x07", "--received", "2026-11-20", "--workspace", home)
    assert code == 2 and "no?[31mwhere?: no such folder" in err and err.strip().isprintable()
