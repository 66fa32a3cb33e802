"""The whole of scoring in one call: governance, gates, items, points, freshness, places."""

from collections.abc import Collection, Sequence

import pandas as pd

from csp_toolkit.scoring.evidence.items import collect_items
from csp_toolkit.scoring.evidence.readings import read_records
from csp_toolkit.scoring.evidence.register import ACTIVE
from csp_toolkit.scoring.gates import FLAG_COLUMNS, LEFT_OUT_COLUMNS, Gated, apply_gates
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.points import COUNTS, award_points
from csp_toolkit.scoring.ranking import Scores, print_points, rank_people, sort_ledger
from csp_toolkit.tables.governance import Agreements, Governance, check_governance, read_governance
from csp_toolkit.tables.view import View

_BETWEEN = "\N{UNIT SEPARATOR}"


def score(
    view: View,
    matrix: Matrix,
    *,
    vulnerable: Collection[str] = frozenset(),
    before: Scores | None = None,
    governance: Governance | None = None,
) -> Scores:
    """Score everybody on the register whom no gate leaves out, as at the view's date.

    Parameters
    ----------
    view : the casebook as at a date.
    matrix : the matrix; the packaged one is an example, not Essex Police's.
    vulnerable : the person_id of everyone who meets the threshold of harm suffered. Who, never how much.
    before : the previous meeting's scores, so that a removal candidate's last score can be said.
    governance : the partnership's own references; without it, only what the register of agreements brings.

    Raises
    ------
    GovernanceError : an agreement or assessment is missing or expired.
    """
    agreements = Agreements(view["agreements"], view.is_synthetic)
    check_governance(governance or read_governance(), agreements, as_of=view.as_of)
    return reckon(view, matrix, vulnerable=vulnerable, before=before)


def reckon(
    view: View, matrix: Matrix, *, vulnerable: Collection[str] = frozenset(), before: Scores | None = None
) -> Scores:
    """Score as `score` does without asking for agreements: for what has been scored, by another matrix or day."""
    readings = read_records(view, matrix)
    gated = apply_gates(view, matrix, readings)
    items = collect_items(view, matrix, readings)
    ledger = award_points(_keep_eligible(items, gated), matrix, as_of=view.as_of)
    return _complete(view, matrix, gated, items, ledger, vulnerable=vulnerable, before=before)


def reckon_each(views: Sequence[View], matrix: Matrix, *, before: Scores | None = None) -> list[Scores]:
    """Reckon several views, their points in one go: quicker than one by one, and the same."""
    readings = [read_records(view, matrix) for view in views]
    gated = [apply_gates(view, matrix, read) for view, read in zip(views, readings, strict=True)]
    items = [collect_items(view, matrix, read) for view, read in zip(views, readings, strict=True)]
    parts = [
        own.assign(person_id=f"{n}{_BETWEEN}" + own["person_id"], as_of=pd.Timestamp(view.as_of))
        for n, (view, own) in enumerate(zip(views, map(_keep_eligible, items, gated), strict=True))
    ]
    ledger = award_points(pd.concat(parts, ignore_index=True), matrix, as_of=None)
    names = ledger["person_id"].str.split(_BETWEEN, n=1)
    ledger = ledger.assign(person_id=names.str[1].astype("str"))
    return [
        _complete(view, matrix, gated[n], items[n], ledger[names.str[0].eq(str(n))], vulnerable=(), before=before)
        for n, view in enumerate(views)
    ]


def _keep_eligible(items: pd.DataFrame, gated: Gated) -> pd.DataFrame:
    return items[items["person_id"].isin(gated.eligible["person_id"])].reset_index(drop=True)


def _complete(view: View, matrix: Matrix, gated: Gated, items: pd.DataFrame, ledger: pd.DataFrame, *,
              vulnerable: Collection[str], before: Scores | None) -> Scores:  # fmt: skip
    """Take out who has nothing recent, and rank the others."""
    ledger = sort_ledger(ledger)
    stale = _list_stale(view, gated, ledger, matrix, before)
    left_out = pd.concat([gated.left_out, stale], ignore_index=True).sort_values("person_id", ignore_index=True)
    ledger = ledger[~ledger["person_id"].isin(stale["person_id"])].reset_index(drop=True)
    eligible = gated.eligible[~gated.eligible["person_id"].isin(stale["person_id"])]
    table = rank_people(view, ledger, eligible, matrix, vulnerable=vulnerable)
    flags = pd.concat([gated.flags, _flag_unscored(gated, ledger)], ignore_index=True)
    flags = flags.sort_values(list(FLAG_COLUMNS), ignore_index=True)
    return Scores(table, ledger, left_out, flags, matrix, view.as_of, items, _list_cited(gated, eligible))


def _list_cited(gated: Gated, eligible: pd.DataFrame) -> pd.DataFrame:
    """List what the place of each scored person on the register was shown by, for whoever asks what if it fell."""
    again = eligible["was_removed_on"].where(eligible["status"].eq(ACTIVE))
    after = pd.Series(again.to_numpy(), index=eligible["person_id"])
    cited = gated.cited[gated.cited["person_id"].isin(eligible["person_id"])].reset_index(drop=True)
    return cited.assign(after=after.reindex(cited["person_id"]).to_numpy())


def _list_stale(view: View, gated: Gated, ledger: pd.DataFrame, matrix: Matrix, before: Scores | None) -> pd.DataFrame:
    """List whom gate g6 leaves out: nothing that scores is recent enough, so they are candidates for removal."""
    age_days = (pd.Timestamp(view.as_of) - ledger["event_date"]).dt.days
    fresh = ledger[ledger["rule"].eq(COUNTS) & (age_days <= matrix.gates.fresh_days)]
    stale = gated.eligible.loc[~gated.eligible["person_id"].isin(fresh["person_id"]), "person_id"]
    was = {} if before is None else dict(zip(before.table["person_id"], before.table["score"], strict=True))
    last = [f"was {print_points(was[person])}" if person in was else "no score before" for person in stale]
    reasons = [f"removal candidate ({words})" for words in last]
    rows = {"person_id": stale.to_numpy(), "gate": "g6", "reason": reasons}
    return pd.DataFrame(rows, columns=list(LEFT_OUT_COLUMNS)).astype("str")


def _flag_unscored(gated: Gated, ledger: pd.DataFrame) -> pd.DataFrame:
    """Flag to the owner what the register relies on and the matrix gives nothing for."""
    scoring = ledger.loc[ledger["rule"].eq(COUNTS), ["person_id", "item_id"]].drop_duplicates()
    cited = gated.cited[gated.cited["person_id"].isin(gated.eligible["person_id"]) & gated.cited["kind"].ne("unknown")]
    found = cited.merge(scoring, left_on=["person_id", "ref"], right_on=["person_id", "item_id"], how="left")
    nothing = found[found["item_id"].isna()]
    return pd.DataFrame(
        {
            "person_id": nothing["person_id"],
            "flag": "cited item scores nothing",
            "ref": nothing["ref"],
            "text": "cited on the register, but no points on this matrix",
        }
    ).astype("str")
