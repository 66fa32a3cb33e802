"""Which model reads which folder of params, so that every policy file can be read at once."""

from csp_toolkit.cases.case_policy import CasePolicy
from csp_toolkit.cases.plans import Menu
from csp_toolkit.networks.borders.areas import Areas
from csp_toolkit.networks.borders.policy import BorderPolicy
from csp_toolkit.networks.policy import TiePolicy
from csp_toolkit.params import Policy
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
