"""Scores of a small pool, made from items in literals: no casebook, everybody ranked."""

import pandas as pd

from csp_toolkit.scoring.certainty.policy import CertaintyPolicy, read_certainty_policy
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.points import ITEM_COLUMNS, award_points
from csp_toolkit.scoring.ranking import Scores, sort_ledger
from tests.scoring.small_views import AS_OF, MATRIX, ago

POLICY = read_certainty_policy()


def fact(person: str, criterion: str = "V5", item_id: str | None = None, **more: object) -> dict:
    ref = item_id or f"{person}-{criterion}"
    base = round(MATRIX.by_id[criterion].base * 10_000)
    return {
        "person_id": person, "criterion": criterion, "item_id": ref, "event_id": ref, "origin_id": ref,
        "event_on": pd.Timestamp(ago(10)), "basis": "proved", "evidence": "convicted", "role": "not recorded",
        "base": base, **more,
    }  # fmt: skip


def told(person: str, grade: str, item_id: str, criterion: str = "D5", **more: object) -> dict:
    return fact(person, criterion, item_id, basis="intelligence", evidence=grade, **more)


def pool_of(*rows: dict, blocks: dict[str, str] | None = None, matrix: Matrix = MATRIX) -> Scores:
    """Score the items of a small pool; everybody is in the ranked block unless `blocks` says otherwise."""
    items = pd.DataFrame(list(rows), columns=list(ITEM_COLUMNS)).astype({"event_on": "datetime64[us]", "base": "Int64"})
    ledger = sort_ledger(award_points(items, matrix, as_of=AS_OF))
    table = ledger.groupby("person_id")["points"].sum().rename("score").reset_index()
    table = table[table["score"] > 0].astype({"person_id": "str"})
    table["block"] = [(blocks or {}).get(person, "ranked") for person in table["person_id"]]
    table["rank"] = table.groupby("block")["score"].rank(method="min", ascending=False).astype("Int64")
    table = table.assign(band="Amber", p_red="not assessed")
    order = table["block"].ne("ranked")
    table = table.assign(order=order).sort_values(["order", "rank", "person_id"], ignore_index=True)
    nothing = pd.DataFrame({"person_id": []}, dtype="str")
    return Scores(table.drop(columns="order"), ledger, nothing, nothing, matrix, AS_OF, items)


def policy(**changed: object) -> CertaintyPolicy:
    """Return the packaged policy with some of it changed."""
    return CertaintyPolicy.model_validate(POLICY.model_dump() | changed)


def crowd(n: int) -> list[dict]:
    """Return one certain item each for `n` people above everybody else's reach: 30 points and a little less each."""
    return [fact(f"A{k:02d}", "V1", base=300_000 - 1_000 * k) for k in range(n)]
