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
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.scoring.matrix_parts import BASES, ten_thousandths
from csp_toolkit.scoring.settling import settle

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
_ENTRY = (
    "person_id", "criterion", "item_id", "event_on", "basis", "base", "evidence_factor", "recency_factor",
    "role_factor", "points",
)  # fmt: skip
_COUNTING = (*_ENTRY, "basis_order", "minus_points", "domain")


def award_points(items: Any, matrix: Matrix, *, as_of: date | None) -> Any:  # noqa: ANN401 (any engine's frame)
    """Award points to items and say, row by row, what counts, what is retired and what a cap cuts.

    Parameters
    ----------
    items : `ITEM_COLUMNS`, one row per person, criterion and item_id; a pandas or Polars frame, a DuckDB relation or
        anything else narwhals reads. `base` is in ten-thousandths of a point.
    matrix : the matrix whose factors, windows and caps hold.
    as_of : the day to which recency and windows run; the last day of a window counts. Without it each item brings its
        own, in a column `as_of`, the same for all of a person: several days are scored in one go, each person under an
        id of its own for each day.

    Returns
    -------
    The ledger (`LEDGER_COLUMNS`) in the engine given, in no particular order. Factors and points are whole
    ten-thousandths. An item outside its window, dated after `as_of`, or of no weight is not in it.
    """
    frame = nw.from_native(items)
    _check_columns(frame, () if as_of else ("as_of",))
    weighed = settle(weigh_items(frame, matrix, as_of))
    counting, retired = _retire(weighed, matrix)
    entries = [
        counting.select(*_ENTRY, rule=nw.lit(COUNTS)),
        *(part.select(*_ENTRY[:-1], points=nw.lit(0, nw.Int64), rule=nw.lit(rule)) for rule, part in retired),
        *_cut(_list_capped(counting, matrix), matrix),
    ]
    ledger = _as_ledger(nw.concat(entries))
    is_lazy = isinstance(frame, nw.LazyFrame)
    return (ledger.lazy() if is_lazy else ledger).to_native()


def _check_columns(frame: Any, more: tuple[str, ...]) -> None:  # noqa: ANN401
    names = frame.collect_schema().names()
    absent = [name for name in (*ITEM_COLUMNS, *more) if name not in names]
    if absent:
        raise TableError(f"items: no column {', '.join(absent)}. Pass what collect_items returns.")


def _day_number(column: str) -> nw.Expr:
    """Count a date's days exactly as `date.toordinal` does: date differences are not on all engines."""
    day = nw.col(column)
    past = day.dt.year().cast(nw.Int64) - 1
    leap_days = _divide(past, 4) - _divide(past, 100) + _divide(past, 400)
    return past * 365 + leap_days + day.dt.ordinal_day().cast(nw.Int64)


def _divide(whole: nw.Expr, by: int) -> nw.Expr:
    """Divide whole numbers below 2**53 and round down: exact, and quicker on SQL engines than `//`.

    The quotient misses a whole number by at least 1/by, which is far more than a float rounds off.
    """
    return (whole / by).floor().cast(nw.Int64)


def _look_up(column: str, values: Mapping[str, int], unknown: int = _UNKNOWN) -> nw.Expr:
    return nw.col(column).replace_strict(list(values), list(values.values()), default=unknown, return_dtype=nw.Int64)


def _thousandths(factor: float) -> int:
    return ten_thousandths(factor) // 10


def weigh_items(frame: Any, matrix: Matrix, as_of: date | None) -> Any:  # noqa: ANN401
    """Give each item its factors and points; leave out what is outside its window or of no weight."""
    places, n = {d.id: place for place, d in enumerate(matrix.domains)}, len(matrix.domains)
    # A look-up costs more than a division, so the window and the domain's place are looked up as one number.
    terms = _look_up("criterion", {c.id: c.window_days * n + places[c.domain] for c in matrix.criteria})
    window = _divide(nw.col("terms"), n)
    order = nw.lit(_UNKNOWN, nw.Int64)
    for place, basis in enumerate(BASES):
        order = nw.when(nw.col("basis") == basis).then(nw.lit(place, nw.Int64)).otherwise(order)
    recency = nw.lit(0, nw.Int64)
    for step in reversed(matrix.recency):
        recency = nw.when(nw.col("age_days") <= step.days).then(nw.lit(_thousandths(step.factor))).otherwise(recency)
    product = nw.col("base") * nw.col("evidence_factor") * nw.col("recency_factor") * nw.col("role_factor")
    today = nw.lit(as_of.toordinal()) if as_of else _day_number("as_of")
    return (
        frame.select(*ITEM_COLUMNS, day=_day_number("event_on"), today=today, terms=terms)
        .with_columns(age_days=nw.col("today") - nw.col("day"))
        .filter(nw.col("age_days") >= 0, nw.col("age_days") <= window)
        .with_columns(
            evidence_factor=_look_up("evidence", {key: f // 10 for key, f in matrix.evidence_factors.items()}, 0),
            recency_factor=recency.cast(nw.Int64),
            role_factor=_look_up("role", {key: _thousandths(f) for key, f in matrix.roles.items()}, 0),
        )
        .with_columns(points=_divide(product + _PRODUCT // 2, _PRODUCT))
        .filter(nw.col("points") > 0)
        .select(
            "person_id", "criterion", "item_id", "event_id", "origin_id", "event_on", "basis", "base",
            "evidence_factor", "recency_factor", "role_factor", "points", "day",
            minus_points=nw.lit(0) - nw.col("points"),
            basis_order=order,
            domain=nw.col("terms") - window * n,
        )
    )  # fmt: skip


def _retire(weighed: Any, matrix: Matrix) -> tuple[Any, list[tuple[str, Any]]]:  # noqa: ANN401
    """Part what counts from what the event, the origin and the two-origins rule retire, in that order."""
    by_event, same_event = _keep_first(weighed, "event_id", ("person_id", "event_id", "domain"))
    is_report = nw.col("basis_order") == BASES.index("intelligence")
    first_day = matrix.origin_bucket.counted_from.toordinal()
    reports = by_event.filter(is_report).with_columns(
        bucket=_divide(nw.col("day") - first_day, matrix.origin_bucket.days)
    )
    by_origin, same_origin = _keep_first(reports, "origin_id", ("person_id", "origin_id", "bucket"))

    asks = nw.col("criterion").is_in([c.id for c in matrix.criteria if c.min_origins > 1])
    origins = (
        weighed.filter(asks)
        .group_by("person_id", "criterion")
        .agg(nw.col("origin_id").min().alias("first_origin"), nw.col("origin_id").max().alias("last_origin"))
    )
    alone = origins.filter(nw.col("first_origin") == nw.col("last_origin"))
    asking = by_origin.filter(asks).join(alone, on=["person_id", "criterion"], how="left")
    asking = settle(asking.select(*_COUNTING, "first_origin"))
    is_alone = ~nw.col("first_origin").is_null()
    counting = [by_event.filter(~is_report), by_origin.filter(~asks), asking.filter(~is_alone)]
    retired = [(SAME_EVENT, same_event), (SAME_ORIGIN, same_origin), (FEW_ORIGINS, asking.filter(is_alone))]
    return settle(nw.concat([part.select(*_COUNTING) for part in counting])), retired


def _keep_first(frame: Any, suspect: str, group: tuple[str, ...]) -> tuple[Any, Any]:  # noqa: ANN401
    """Part the strongest of each group (of equals by basis, then the smallest item_id) from the rest.

    Most rows are alone in their group. Counting by one column first keeps the ordered window to the few that may
    not be.
    """
    shared = settle(frame.group_by(suspect).agg(nw.len().alias("n")).filter(nw.col("n") > 1).select(suspect))
    order = ["minus_points", "basis_order", "item_id", "criterion"]
    place = nw.col("points").cum_count().over(*group, order_by=order)
    ranked = settle(frame.join(shared, on=suspect, how="semi").with_columns(place=place))
    alone = frame.join(shared, on=suspect, how="anti")
    first = ranked.filter(nw.col("place") == 1).drop("place")
    return nw.concat([alone, first]), ranked.filter(nw.col("place") > 1)


def _list_capped(counting: Any, matrix: Matrix) -> Any:  # noqa: ANN401
    """List the items of the people who are above any cap: few, so that only they need be put in order.

    The sums are those before any cap, so nobody is missed.
    """
    points, nothing = nw.col("points"), nw.lit(0, nw.Int64)
    is_report = nw.col("basis_order") == BASES.index("intelligence")
    sums = (
        counting.with_columns(reported=nw.when(is_report).then(points).otherwise(nothing))
        .group_by("person_id", "criterion", "domain")
        .agg(points.sum(), nw.col("reported").sum())
    )
    shares = {
        f"of_domain_{place}": nw.when(nw.col("domain") == place).then(points).otherwise(nothing)
        for place in range(len(matrix.domains))
    }
    people = (
        sums.with_columns(above=points - _criterion_cap(matrix), **shares)
        .group_by("person_id")
        .agg(nw.col("above").max(), nw.col("reported").sum(), *(nw.col(name).sum() for name in shares))
    )
    has_above = (nw.col("above") > 0) | (nw.col("reported") > ten_thousandths(matrix.intelligence_cap))
    for name, domain in zip(shares, matrix.domains, strict=True):
        has_above |= nw.col(name) > ten_thousandths(domain.cap)
    return counting.join(settle(people.filter(has_above).select("person_id")), on="person_id", how="semi")


def _criterion_cap(matrix: Matrix) -> nw.Expr:
    return _look_up("criterion", {c.id: ten_thousandths(c.cap) for c in matrix.criteria})


def _domain_cap(matrix: Matrix) -> nw.Expr:
    caps = [ten_thousandths(d.cap) for d in matrix.domains]
    cap = nw.lit(caps[-1])
    for place, smaller in enumerate(caps[:-1]):
        cap = nw.when(nw.col("domain") == place).then(nw.lit(smaller)).otherwise(cap)
    return cap


def _cut(near: Any, matrix: Matrix) -> list[Any]:  # noqa: ANN401
    """List what each cap cuts from which item, as rows below zero."""
    is_report = nw.col("basis_order") == BASES.index("intelligence")
    nothing = nw.lit(0, nw.Int64)
    steps = (
        (CRITERION_CAP, ("person_id", "criterion"), _criterion_cap(matrix)),
        (DOMAIN_CAP, ("person_id", "domain"), _domain_cap(matrix)),
        (INTELLIGENCE_CAP, ("person_id", "is_report"), nw.lit(ten_thousandths(matrix.intelligence_cap))),
    )
    filled = near.with_columns(is_report=is_report, left_0=nw.col("points"))
    for place, (rule, group, cap) in enumerate(steps):
        before, room = nw.col(f"left_{place}"), nw.col("room")
        left = nw.when(room <= 0).then(nothing).when(room >= before).then(before).otherwise(room)
        if rule == INTELLIGENCE_CAP:
            left = nw.when(is_report).then(left).otherwise(before)
        reached = before.cum_sum().over(*group, order_by=list(_PLACE))
        filled = filled.with_columns(room=cap - reached + before)
        filled = filled.with_columns(left.cast(nw.Int64).alias(f"left_{place + 1}"))
    filled = settle(filled.filter(nw.col(f"left_{len(steps)}") < nw.col("points")))
    cuts = []
    for place, (rule, _, _) in enumerate(steps):
        lost = nw.col(f"left_{place + 1}") - nw.col(f"left_{place}")
        cuts.append(filled.select(*_ENTRY[:-1], points=lost, rule=nw.lit(rule)).filter(nw.col("points") < 0))
    return cuts


def _as_ledger(entries: Any) -> Any:  # noqa: ANN401
    factors = ("evidence_factor", "recency_factor", "role_factor")
    scaled = {name: (nw.col(name) * 10).cast(nw.Int64) for name in factors}
    return entries.select(
        "person_id", "criterion", "item_id", "basis", "base", event_date=nw.col("event_on"), **scaled,
        points=nw.col("points").cast(nw.Int64), rule=nw.col("rule"),
    ).select(*LEDGER_COLUMNS)  # fmt: skip
