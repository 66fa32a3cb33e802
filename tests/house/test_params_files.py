"""Every policy file that is shipped can be read, says whose it is, and refuses what it does not know."""

from pathlib import Path

import pytest
import yaml

from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.plans import Menu
from csp_toolkit.errors import ParamsError
from csp_toolkit.networks.borders.areas import Areas
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.networks.policy import TiePolicy
from csp_toolkit.params import Policy, packaged, read_policy
from csp_toolkit.records.feeds import Feed
from csp_toolkit.risk.harm_policy import HarmPolicy
from csp_toolkit.risk.toolkit import Toolkit
from csp_toolkit.scoring.certainty.policy import CertaintyPolicy
from csp_toolkit.scoring.lenses import Lens
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.review.policy import ValidityPolicy
from csp_toolkit.scoring.what_if.requirements import Requirements
from csp_toolkit.sharing.meeting import Meeting
from csp_toolkit.sharing.recipients import Recipient
from csp_toolkit.tables.governance import Governance
from csp_toolkit.tables.linking.policy import LinkModel, Names
from csp_toolkit.tables.near_duplicates import OriginPolicy
from csp_toolkit.tables.quality.policy import QualityPolicy
from tests.house.tracked import REPOSITORY

MODELS: dict[str, type[Policy]] = {
    "areas": Areas,
    "borders": BorderPolicy,
    "cases": CasePolicy,
    "certainty": CertaintyPolicy,
    "feeds": Feed,
    "governance": Governance,
    "interventions": Menu,
    "lenses": Lens,
    "linking": LinkModel,
    "matrices": Matrix,
    "meetings": Meeting,
    "names": Names,
    "networks": TiePolicy,
    "origins": OriginPolicy,
    "quality": QualityPolicy,
    "recipients": Recipient,
    "requirements": Requirements,
    "toolkits": Toolkit,
    "validity": ValidityPolicy,
    "vulnerability": HarmPolicy,
}
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
