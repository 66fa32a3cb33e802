"""What a review of the matrix finds beside the policies: a matrix proposed, ratings, the file of ethnicity."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import read_policy
from csp_toolkit.scoring.matrix import Matrix

DRAFTS, RATINGS, MONITORING = "drafts", "ratings", "monitoring"
_FORMS = (".csv", ".xlsx")


@dataclass(frozen=True, eq=False)
class ReviewInputs:
    """What lies ready: the matrix proposed, the rating forms filled in, and the folder of the file of ethnicity."""

    proposal: Matrix | None
    ratings: tuple[Path, ...]
    monitoring: Path

    def __repr__(self) -> str:
        proposed = f"version {self.proposal.version}" if self.proposal else "none"
        return f"ReviewInputs(proposal={proposed}, ratings={len(self.ratings)})"


def read_review_inputs(params: Path | str, *, as_of: date) -> ReviewInputs:
    """Read what a workspace holds for a review: `drafts/`, `ratings/<as_of>/` and `monitoring/` beside its `params`.

    Raises
    ------
    ParamsError : more than one draft lies there, or the one that does cannot be read as a matrix.
    """
    home = Path(params).resolve().parent
    drafts = sorted((home / DRAFTS).glob("*.yaml"))
    if len(drafts) > 1:
        raise ParamsError(f"{DRAFTS} holds {len(drafts)} matrices; a review replays one. Keep the one proposed.")
    forms = sorted(path for path in (home / RATINGS / as_of.isoformat()).glob("*") if path.suffix.lower() in _FORMS)
    proposal = read_policy(drafts[0], Matrix) if drafts else None
    return ReviewInputs(proposal, tuple(forms), home / MONITORING)
