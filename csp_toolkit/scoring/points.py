"""Items to points: the ledger, one row per person, criterion and item, that sums to every score.

Item points are base x evidence x recency x role, in whole ten-thousandths, rounded half-up once per item. Then:

1. *event rule*: per person, event and domain the highest item counts; at equal points proved before alleged before
   intelligence, then the smaller item_id;
2. *origin rule*: per person and origin, intelligence counts once per bucket of days, whatever the domain, and the
   highest counts;
3. a criterion that asks for several independent origins (G4) counts nothing until it has them. The test comes last,
   so that a second origin can only ever add;
4. *caps* of the criterion, of the domain, and on all intelligence together, each filled proved first, then alleged,
   then intelligence, then by points and item_id.

What a rule retires stays in the ledger with 0 points; what a cap cuts is a row below zero; both name the rule.
An item of a new event from a new origin never lowers a score.

The same expressions run on pandas, Polars (eager and lazy), DuckDB and PySpark, through narwhals.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import narwhals as nw

from csp_toolkit.errors import TableError
from csp_toolkit.scoring.matrix import BASES, Matrix, ten_thousandths

LEDGER_COLUMNS = (
    "person_id", "criterion", "item_id", "event_date", "basis", "base", "evidence_factor", "recency_factor",
    "role_factor", "points", "rule",
)  # fmt: skip
ITEM_COLUMNS = (
    "person_id", "criterion", "item_id", "event_id", "origin_id", "event_on", "basis", "evidence", "role", "base",
)  # fmt: skip

COUNTS = "counts"
SAME_EVENT = "same event"
SAME_ORIGIN = "same origin"
FEW_ORIGINS = "needs two origins"
CRITERION_CAP = "criterion cap"
DOMAIN_CAP = "domain cap"
INTELLIGENCE_CAP = "intelligence cap"
RULES = (COUNTS, SAME_EVENT, SAME_ORIGIN, FEW_ORIGINS, CRITERION_CAP, DOMAIN_CAP, INTELLIGENCE_CAP)

# Factors have three decimals at most. Four of them multiply to less than 2**53, so the quotient is exact even on an
# engine that divides whole numbers as floats.
_THOUSANDTHS = 1000
_PRODUCT = _THOUSANDTHS**3
_UNKNOWN = -1
_PLACE = ("basis_order", "minus_points", "item_id", "criterion")


def award_points(items: Any, matrix: Matrix, *, as_of: date) -> Any:  # noqa: ANN401 (any engine's frame)
    """Award points to items and say, row by row, what counts, what is retired and what a cap cuts.

    Parameters
    ----------
    items : `ITEM_COLUMNS`, one row per person, criterion and item_id; a pandas or Polars frame, a DuckDB relation or
        anything else narwhals reads. `base` is in ten-thousandths of a point.
    matrix : the matrix whose factors, windows and caps hold.
    as_of : the day to which recency and windows run; the last day of a window counts.

    Returns
    -------
    The ledger (`LEDGER_COLUMNS`) in the engine given, in no particular order. Factors and points are whole
    ten-thousandths. An item outside its window, dated after `as_of`, or of no weight is not in it.
    """
    frame = nw.from_native(items)
    _check_columns(frame)
    counting, retired = _retire(_weigh(frame, matrix, as_of), matrix)
    capped = _cap(counting, matrix)
    entries = [
        counting.with_columns(rule=nw.lit(COUNTS)),
        *(part.with_columns(rule=nw.lit(rule), points=nw.lit(0, nw.Int64)) for rule, part in retired),
        *(part.with_columns(rule=nw.lit(rule)) for rule, part in capped),
    ]
    return nw.concat([_as_ledger(part) for part in entries]).to_native()


def _check_columns(frame: Any) -> None:  # noqa: ANN401
    absent = [name for name in ITEM_COLUMNS if name not in frame.collect_schema().names()]
    if absent:
        raise TableError(f"items: no column {', '.join(absent)}. Pass what collect_items returns.")


def _day_number(column: str) -> nw.Expr:
    """Count a date's days exactly as `date.toordinal` does: date differences are not on all engines."""
    day = nw.col(column)
    past = day.dt.year().cast(nw.Int64) - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + day.dt.ordinal_day().cast(nw.Int64)


def _look_up(column: str, values: Mapping[str, int]) -> nw.Expr:
    return nw.col(column).replace_strict(
        list(values), list(values.values()), default=_UNKNOWN, return_dtype=nw.Int64
    )


def _thousandths(factor: float) -> int:
    return ten_thousandths(factor) // 10


def _weigh(frame: Any, matrix: Matrix, as_of: date) -> Any:  # noqa: ANN401
    """Give each item its factors and points; leave out what is outside its window or of no weight."""
    domains = {d.id: place for place, d in enumerate(matrix.domains)}
    recency = nw.lit(0, nw.Int64)
    for step in reversed(matrix.recency):
        recency = nw.when(nw.col("age_days") <= step.days).then(nw.lit(_thousandths(step.factor))).otherwise(recency)
    product = nw.col("base") * nw.col("evidence_factor") * nw.col("recency_factor") * nw.col("role_factor")
    return (
        frame.select(*ITEM_COLUMNS)
        .with_columns(
            day=_day_number("event_on"),
            window=_look_up("criterion", {c.id: c.window_days for c in matrix.criteria}),
            evidence_factor=_look_up("evidence", {key: f // 10 for key, f in matrix.evidence_factors.items()}),
        )
        .with_columns(age_days=nw.lit(as_of.toordinal()) - nw.col("day"))
        .filter(nw.col("age_days") >= 0, nw.col("age_days") <= nw.col("window"), nw.col("evidence_factor") > 0)
        .with_columns(
            recency_factor=recency.cast(nw.Int64),
            role_factor=_look_up("role", {key: _thousandths(f) for key, f in matrix.roles.items()}),
            basis_order=_look_up("basis", {basis: place for place, basis in enumerate(BASES)}),
            domain=_look_up("criterion", {c.id: domains[c.domain] for c in matrix.criteria}),
        )
        .filter(nw.col("role_factor") > 0)
        .with_columns(points=(product + _PRODUCT // 2) // _PRODUCT)
        .filter(nw.col("points") > 0)
        .with_columns(minus_points=nw.lit(0) - nw.col("points"))
    )


def _retire(weighed: Any, matrix: Matrix) -> tuple[Any, list[tuple[str, Any]]]:  # noqa: ANN401
    """Part what counts from what the event, the origin and the several-origins rule retire, in that order."""
    by_event, same_event = _keep_first(weighed, "event_id", ("person_id", "event_id", "domain"))
    is_report = nw.col("basis_order") == BASES.index("intelligence")
    first_day = matrix.origin_bucket.counted_from.toordinal()
    reports = by_event.filter(is_report).with_columns(
        bucket=(nw.col("day") - first_day) // matrix.origin_bucket.days
    )
    by_origin, same_origin = _keep_first(reports, "origin_id", ("person_id", "origin_id", "bucket"))
    standing = [by_event.filter(~is_report), by_origin.drop("bucket")]
    retired = [(SAME_EVENT, same_event), (SAME_ORIGIN, same_origin.drop("bucket"))]

    several = {c.id: c.min_origins for c in matrix.criteria if c.min_origins > 1}
    if not several:
        return nw.concat(standing), retired
    asks = nw.col("criterion").is_in(list(several))
    n_origins = (
        weighed.filter(asks)
        .group_by("person_id", "criterion")
        .agg(nw.col("origin_id").n_unique().alias("n_origins"))
    )
    standing = [part for whole in standing for part in (whole.filter(~asks), whole.filter(asks))]
    asking = nw.concat(standing[1::2]).join(n_origins, on=["person_id", "criterion"], how="left")
    enough = nw.col("n_origins") >= _look_up("criterion", several)
    retired.append((FEW_ORIGINS, asking.filter(~enough).drop("n_origins")))
    return nw.concat([*standing[0::2], asking.filter(enough).drop("n_origins")]), retired


def _keep_first(frame: Any, suspect: str, group: tuple[str, ...]) -> tuple[Any, Any]:  # noqa: ANN401
    """Part the first of each group, in the order of `_PLACE` by points, from the rest.

    Most rows are alone in their group. Counting by one column first keeps the ordered window to the few that may
    not be.
    """
    counted = frame.with_columns(n_alike=nw.len().over(suspect))
    alone = counted.filter(nw.col("n_alike") == 1).drop("n_alike")
    ranked = counted.filter(nw.col("n_alike") > 1).with_columns(
        place=nw.col("item_id").cum_count().over(*group, order_by=["minus_points", "basis_order", "item_id", "criterion"])
    )
    first = ranked.filter(nw.col("place") == 1).drop("n_alike", "place")
    return nw.concat([alone, first]), ranked.filter(nw.col("place") > 1).drop("n_alike", "place")


def _cap(counting: Any, matrix: Matrix) -> list[tuple[str, Any]]:  # noqa: ANN401
    """List what each cap cuts from which item, as rows below zero."""
    criterion_caps = {c.id: ten_thousandths(c.cap) for c in matrix.criteria}
    domain_caps = [ten_thousandths(d.cap) for d in matrix.domains]
    domain_cap = nw.lit(domain_caps[-1])
    for place, cap in enumerate(domain_caps[:-1]):
        domain_cap = nw.when(nw.col("domain") == place).then(nw.lit(cap)).otherwise(domain_cap)

    left = counting.with_columns(kept=nw.col("points"))
    left, by_criterion = _cut(left, ("person_id", "criterion"), _look_up("criterion", criterion_caps))
    left, by_domain = _cut(left, ("person_id", "domain"), domain_cap)
    reports = left.filter(nw.col("basis_order") == BASES.index("intelligence"))
    _, by_basis = _cut(reports, ("person_id",), nw.lit(ten_thousandths(matrix.intelligence_cap)))
    return [(CRITERION_CAP, by_criterion), (DOMAIN_CAP, by_domain), (INTELLIGENCE_CAP, by_basis)]


def _cut(frame: Any, group: tuple[str, ...], cap: nw.Expr) -> tuple[Any, Any]:  # noqa: ANN401
    """Fill a cap group by group; return the items with what is left of them, and what was cut off.

    Only groups above their cap are put in order.
    """
    filled = frame.with_columns(cap=cap.cast(nw.Int64), total=nw.col("kept").sum().over(*group).cast(nw.Int64))
    within = filled.filter(nw.col("total") <= nw.col("cap")).drop("cap", "total")
    above = filled.filter(nw.col("total") > nw.col("cap")).with_columns(
        reached=nw.col("kept").cum_sum().over(*group, order_by=list(_PLACE)).cast(nw.Int64)
    )
    beyond = nw.col("reached") - nw.col("cap")
    above = above.with_columns(
        lost=nw.when(beyond <= 0).then(nw.lit(0)).when(beyond >= nw.col("kept")).then(nw.col("kept")).otherwise(beyond)
    )
    cut = above.filter(nw.col("lost") > 0).with_columns(points=(nw.lit(0) - nw.col("lost")).cast(nw.Int64))
    above = above.with_columns(kept=(nw.col("kept") - nw.col("lost")).cast(nw.Int64))
    return nw.concat([within, above.drop("cap", "total", "reached", "lost")]), cut


def _as_ledger(part: Any) -> Any:  # noqa: ANN401
    factors = ("evidence_factor", "recency_factor", "role_factor")
    scaled = part.with_columns(
        event_date=nw.col("event_on"), **{name: (nw.col(name) * 10).cast(nw.Int64) for name in factors}
    )
    return scaled.select(*LEDGER_COLUMNS[:-2], nw.col("points").cast(nw.Int64), "rule")
