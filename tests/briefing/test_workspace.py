"""A partnership's folder: nothing edited is written over, and a folder in it appears whole or not at all."""

import os
import subprocess
import sys

import pytest

from csp_toolkit.briefing import workspace as module
from csp_toolkit.briefing.workspace import Workspace, init_workspace, keep_failed, publish, stage, sweep
from csp_toolkit.errors import WorkspaceError


def test_a_new_workspace_has_policy_notebooks_roots_and_a_secret_of_its_owner(tmp_path):
    made = init_workspace(tmp_path / "ws")
    opened = Workspace.open(tmp_path / "ws")
    assert made.kept == () and len(made.copied) > 20
    assert (opened.params / "meetings" / "gangs_intelligence.yaml").exists()
    assert opened.notebook("meetings", "gangs_intelligence").is_relative_to(opened.root)
    assert (opened.runs.stat().st_mode & 0o077, opened.released.stat().st_mode & 0o077) == (0, 0)
    assert (tmp_path / "ws" / "pseudonyms.key").stat().st_mode & 0o077 == 0


def test_making_it_again_leaves_edited_files_alone_and_brings_back_lost_ones(tmp_path):
    init_workspace(tmp_path / "ws")
    policy = tmp_path / "ws" / "params" / "governance" / "partnership.yaml"
    policy.write_text("edited")
    lost = tmp_path / "ws" / "params" / "recipients" / "housing.yaml"
    lost.unlink()
    made = init_workspace(tmp_path / "ws")
    assert made.kept == ("params/governance/partnership.yaml",)
    assert made.copied == ("params/recipients/housing.yaml",)
    assert policy.read_text() == "edited"


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("x")
    with pytest.raises(WorkspaceError, match="not empty and not a workspace"):
        init_workspace(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["letters.txt"]


def test_a_workspace_whose_making_was_interrupted_can_be_completed(tmp_path):
    init_workspace(tmp_path / "ws")
    (tmp_path / "ws" / "released").rmdir()
    assert init_workspace(tmp_path / "ws").copied == ()
    assert Workspace.open(tmp_path / "ws")


@pytest.mark.parametrize("where", [".", "nowhere"])
def test_a_folder_that_is_no_workspace_is_refused(tmp_path, where):
    (tmp_path / "params").mkdir()
    with pytest.raises(WorkspaceError, match="not a workspace"):
        Workspace.open(tmp_path / where)


def test_an_address_with_a_password_is_refused_without_saying_it(tmp_path):
    init_workspace(tmp_path / "ws")
    with pytest.raises(WorkspaceError, match="holds a password") as caught:
        Workspace.open(tmp_path / "ws", "postgresql://user:hunter2@host/csp")
    assert "hunter2" not in str(caught.value)
    assert Workspace.open(tmp_path / "ws", "postgresql://user@host/csp").casebook == "postgresql://user@host/csp"


def test_a_staging_folder_is_gone_whatever_happened(tmp_path):
    with pytest.raises(OSError), stage(tmp_path) as folder:
        (folder / "half.csv").write_text("x")
        raise OSError("full")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_command_left_is_swept_and_what_a_living_one_makes_is_not(tmp_path):
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    for name in (dead.stdout.strip(), str(os.getppid()), "notes"):
        (tmp_path / ".staging" / name).mkdir(parents=True)
    assert sweep(tmp_path) == 2
    assert [p.name for p in (tmp_path / ".staging").iterdir()] == [str(os.getppid())]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_replaces_another_as_a_whole(tmp_path, monkeypatch, can_exchange):
    if not can_exchange:
        monkeypatch.setattr(module, "_exchange", lambda *_: False)
    target = tmp_path / "2026-11-26" / "small"
    for text in ("old", "new"):
        staged = tmp_path / f"staged-{text}"
        staged.mkdir()
        (staged / f"{text}.txt").write_text(text)
        publish(staged, target)
        assert not staged.exists()
    assert [p.name for p in target.iterdir()] == ["new.txt"]
    assert [p.name for p in target.parent.iterdir()] == ["small"]


def test_the_place_is_never_empty_while_a_folder_is_replaced(tmp_path, monkeypatch):
    if sys.platform != "linux":
        pytest.skip("only Linux can exchange two folders")
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    seen = []
    monkeypatch.setattr(os, "rename", lambda *_: seen.append("renamed"))
    publish(tmp_path / "new", tmp_path / "old")
    assert seen == [] and (tmp_path / "old").is_dir() and not (tmp_path / "new").exists()


def test_each_failed_run_has_a_place_of_its_own(tmp_path):
    for n in (1, 2):
        (tmp_path / "staged").mkdir()
        assert keep_failed(tmp_path / "staged", tmp_path, "x").name == f"x-{n}"
