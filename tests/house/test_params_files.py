"""Every policy file that is shipped can be read, says whose it is, and refuses what it does not know."""

from pathlib import Path

import pytest
import yaml

from csp_toolkit.briefing.policy_models import MODELS
from csp_toolkit.errors import ParamsError
from csp_toolkit.params import packaged, read_policy
from tests.house.tracked import REPOSITORY

FILES = sorted((REPOSITORY / "params").rglob("*.yaml"))


@pytest.fixture(params=FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_every_kind_of_policy_has_a_model() -> None:
    assert {p.name for p in (REPOSITORY / "params").iterdir() if p.is_dir()} == set(MODELS)
    assert packaged("params") == REPOSITORY / "params"


def test_it_is_read_and_says_whose_it_is_and_why(path: Path) -> None:
    policy = read_policy(path, MODELS[path.parent.name])
    assert policy.name == path.stem
    assert policy.owner and policy.version and len(policy.why) > 20


def test_nothing_shipped_pretends_to_be_approved(path: Path) -> None:
    assert read_policy(path, MODELS[path.parent.name]).approved_on is None


def test_a_key_nobody_knows_is_refused(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    copy.write_text(path.read_text(encoding="utf-8") + "\nmispelt_wieght: 3\n", encoding="utf-8")
    with pytest.raises(ParamsError, match="mispelt_wieght"):
        read_policy(copy, MODELS[path.parent.name])


def test_a_missing_owner_is_refused(path: Path, tmp_path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    del content["owner"]
    copy = tmp_path / path.name
    copy.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ParamsError, match="owner"):
        read_policy(copy, MODELS[path.parent.name])
