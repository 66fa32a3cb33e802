"""One draw written as a matrix of its own and a list of items, for the rules of the ledger to score as any month."""

import pandas as pd

from csp_toolkit.scoring.certainty.sheet import Sheet
from csp_toolkit.scoring.certainty.worlds import Worlds
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.points import award_points


def by_hand(
    items: pd.DataFrame, matrix: Matrix, as_of, worlds: Worlds, sheet: Sheet, draw: int, stretch: float,
    half_life_days: int | None,
) -> tuple[Matrix, pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Return the matrix, the items that are true, and the ledger of one draw.

    Only weights, outcomes and truths are read off the worlds; time is told, and worked out here.
    """
    weight = dict(zip(sheet.criteria, worlds.weights[:, draw].tolist(), strict=True))
    evidence = dict(zip(sheet.evidence_rows, worlds.evidence[:, draw].tolist(), strict=True))
    told = matrix.model_dump()
    for key, outcome in told["outcomes"].items():
        outcome["factor"] = evidence.get(("", key), outcome["factor"] * 1000) / 1000
    days = {step["days"]: step["factor"] for step in told["recency"]}
    told["recency"] = [{"days": _half_up(n * stretch), "factor": factor} for n, factor in days.items()]
    for criterion in told["criteria"]:
        criterion["window_days"] = _half_up(criterion["window_days"] * stretch)
    if half_life_days:
        last = max(criterion["window_days"] for criterion in told["criteria"])
        ages = (pd.Timestamp(as_of) - items["event_on"]).dt.days
        told["recency"] = [  # a step for each age there is
            {"days": n, "factor": int(1000 * 0.5 ** (n / half_life_days) + 0.5) / 1000}
            for n in sorted({*ages[ages >= 0].tolist(), last})
        ]
    is_report = items["basis"].eq("intelligence")
    pairs = zip(items["origin_id"], items["evidence"], strict=True)
    truths = pd.Series([evidence.get(pair, 0) for pair in pairs], index=items.index)
    told["grades"] = dict.fromkeys(told["grades"], 1.0)
    true = items[~is_report | truths.eq(1000)]
    true = true.assign(base=true["base"].astype("int64") * true["criterion"].map(weight) // 1000)
    other = Matrix.model_validate(told)
    return other, true, award_points(true, other, as_of=as_of)


def _half_up(days: float) -> int:
    return int(days + 0.5)
