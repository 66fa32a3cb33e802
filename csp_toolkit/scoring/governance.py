"""Gate g8: an agreement, an impact assessment and an equality assessment must be in force.

Without them nothing may be produced at all, so this gate leaves nobody out: it stops the run. References made up for
tests (SYN) count only where everybody in the casebook is made up.
"""

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase

import pandas as pd

from csp_toolkit.errors import GovernanceError
from csp_toolkit.tables.view import View

SCORED_FEEDS = ("police_crimes", "police_intel", "police_nominals")
_SYNTHETIC = "SYN"


def check_governance(view: View, recorded: pd.DataFrame | None = None, *, feeds: Sequence[str] = SCORED_FEEDS) -> None:
    """Refuse unless one police agreement, with its two assessments, is in force at the view's date.

    Parameters
    ----------
    view : its table `agreements` is asked.
    recorded : further agreements, with the same columns, such as the partnership's own params hold.
    feeds : the feeds the agreement must cover.

    Raises
    ------
    GovernanceError : says which document is missing or expired, and since when.
    """
    agreements = view["agreements"]
    if recorded is not None and len(recorded):
        agreements = pd.concat([recorded.reindex(columns=agreements.columns), agreements], ignore_index=True)
    covering = agreements[agreements["feeds_covered"].map(lambda text: _covers(text, feeds))]
    if covering.empty:
        raise GovernanceError(
            "No sharing agreement covers the police records. Record one, with its impact and equality assessments."
        )
    problems = {
        row.agreement_ref: _problems(row, view.as_of, is_synthetic=view.is_synthetic)
        for row in covering.sort_values("agreement_ref").itertuples()
    }
    if not all(problems.values()):
        return
    fewest = min(problems.values(), key=len)
    raise GovernanceError(
        f"The agreement on police records cannot be relied on at {view.as_of}: {'; '.join(fewest)}. "
        "Record the renewed document before anything is produced."
    )


def _covers(feeds_covered: object, feeds: Sequence[str]) -> bool:
    patterns = [p.strip() for p in feeds_covered.split(";")] if isinstance(feeds_covered, str) else []
    return all(any(fnmatchcase(feed, pattern) for pattern in patterns) for feed in feeds)


def _problems(row: object, as_of: date, *, is_synthetic: bool) -> list[str]:
    """Return what is wrong with one agreement. An equality assessment may carry no expiry; the others must."""
    today = pd.Timestamp(as_of)
    documents = (("sharing agreement", "agreement_ref", "expires_on", True),
                 ("impact assessment (DPIA)", "dpia_ref", "dpia_expires_on", True),
                 ("equality assessment (EIA)", "eia_ref", "eia_expires_on", False))  # fmt: skip
    problems = []
    for title, ref_name, expiry_name, needs_expiry in documents:
        ref, expires_on = getattr(row, ref_name), getattr(row, expiry_name)
        if not isinstance(ref, str) or not ref.strip():
            problems.append(f"{title} missing")
        elif _SYNTHETIC in ref.upper() and not is_synthetic:
            problems.append(f"{title} is a synthetic reference")
        elif pd.isna(expires_on):
            if needs_expiry:
                problems.append(f"{title} has no date of expiry")
        elif expires_on < today:
            problems.append(f"{title} expired on {expires_on.date()}")
    signed_on, status = row.signed_on, row.status  # type: ignore[attr-defined]
    if pd.isna(signed_on) or signed_on > today:
        problems.append("sharing agreement not signed")
    if status != "IN_FORCE":
        problems.append("sharing agreement not in force")
    return problems
