"""What is wrong in any policy file is said before anything runs, all of it in one line."""

import shutil
from pathlib import Path

import pytest

from csp_toolkit.briefing.meetings import brief
from csp_toolkit.briefing.policies import check_policies
from csp_toolkit.errors import ParamsError
from csp_toolkit.params import packaged
from tests.briefing.small_workspace import ask, make_workspace


@pytest.fixture
def params(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged("params"), tmp_path / "params"))


def test_every_file_that_is_shipped_is_read(params):
    assert check_policies(params) == len(list(params.rglob("*.yaml")))


def test_what_is_wrong_in_several_files_is_told_in_one_line(params):
    matrix, lens = params / "matrices" / "csp_example_v1.yaml", next((params / "lenses").glob("*.yaml"))
    matrix.write_text(matrix.read_text() + "\nwieght: 3\n")
    lens.write_text("name: [unclosed")
    shutil.copyfile(next((params / "networks").glob("*.yaml")), params / "networks" / "second.yaml")
    with pytest.raises(ParamsError) as caught:
        check_policies(params)
    told = str(caught.value)
    assert "matrices/csp_example_v1.yaml: 1 to mend: wieght: " in told
    assert f"lenses/{lens.name}: not valid YAML" in told
    assert "params/networks holds 2 files, of which one is used." in told and "\n" not in told


def test_a_meeting_is_not_run_on_a_policy_that_cannot_be_read(tmp_path):
    workspace = make_workspace(tmp_path / "ws")
    matrix = workspace.params / "matrices" / "csp_example_v1.yaml"
    matrix.write_text("owner: one\nowner: two\n" + matrix.read_text())
    with pytest.raises(ParamsError, match="key 'owner' stands twice"):
        brief(workspace, ask(), on_progress=lambda *_: None)
    assert sorted(path.name for path in workspace.runs.iterdir()) == ["_deliveries"]
