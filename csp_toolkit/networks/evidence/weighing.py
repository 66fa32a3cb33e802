"""Pair people through events, and weigh what ties each pair.

Narwhals expressions over frames, so that the same rules run alike on pandas, Polars and DuckDB: `pair_up` and
`pair_over_time` turn memberships into evidence, `weigh_evidence` turns evidence into one row a pair.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import narwhals as nw

from csp_toolkit.networks.policy import TiePolicy

KINDS = (
    "charged together", "named together", "arrested together", "stopped together", "stated association", "shared line",
    "shared phone", "shared address", "missing together", "shared group", "family",
)  # fmt: skip
EVENT_KINDS = (*KINDS[:5], "missing together")  # those that `pair_up` can find
EVIDENCE_COLUMNS = (
    "person_a", "person_b", "kind", "item_ref", "origin_id", "grade", "handling", "from_on", "seen_on", "n_people",
    "p_true", "is_in_measures", "truth_a", "p_a", "truth_b", "p_b",
)  # fmt: skip
LONG_AGO = datetime(1900, 1, 1)  # stands for a first day that nobody recorded
EVENT = ("event_kind", "event_id")
PAIR = ("person_a", "person_b")
DECIMALS = 6
LEAST_DOUBT = 1e-12  # log(0) is an error on some engines


def pair_up(memberships: Any, policy: TiePolicy) -> Any:
    """Pair those who were in the same event, each pair with its share of what the event says.

    A person recorded twice in one event is one person. An event with more than `policy.largest_event_people` people
    says nothing of any pair in it.
    """
    people = memberships.group_by(*EVENT, "person_id").agg(
        nw.col("item_ref", "origin_id", "grade", "handling", "seen_on").min(),
        nw.col("p_item", "is_charged", "is_counted", "truth", "p_truth").max(),
    )
    sizes = people.group_by(*EVENT).agg(n_people=nw.len())
    sizes = _at_most(sizes, policy.largest_event_people)
    pairs = people.join(people, on=list(EVENT), how="inner", suffix="_b").join(sizes, on=list(EVENT), how="inner")
    pairs = pairs.filter(nw.col("person_id") < nw.col("person_id_b"))

    is_crime = nw.col("event_kind") == "crime"
    both_charged = is_crime & (nw.col("is_charged") + nw.col("is_charged_b") == 2)
    kind = _choose(
        (both_charged, "charged together"), (is_crime, "named together"),
        (nw.col("event_kind") == "arrest", "arrested together"), (nw.col("event_kind") == "stop", "stopped together"),
        (nw.col("event_kind") == "missing", "missing together"), otherwise="stated association",
    )  # fmt: skip
    p_event = nw.when(both_charged).then(nw.lit(policy.charged_together)).otherwise(_least("p_item"))
    p_true = p_event / (nw.col("n_people") - 1)
    counts = (nw.col("is_counted") + nw.col("is_counted_b") == 2) & (p_true > 0)
    return pairs.select(
        person_a=nw.col("person_id"), person_b=nw.col("person_id_b"), kind=kind, item_ref=_both_refs("item_ref"),
        origin_id=nw.col("origin_id"), grade=nw.col("grade"), handling=_least("handling"), from_on=_least("seen_on"),
        seen_on=_most("seen_on"), n_people=nw.col("n_people"), p_true=p_true,
        is_in_measures=_choose((counts & ~kind.is_in(list(policy.kinds_apart)), "Y"), otherwise="N"),
        truth_a=nw.col("truth"), p_a=nw.col("p_truth"), truth_b=nw.lit(""), p_b=nw.lit(1.0),
    )  # fmt: skip


def pair_over_time(links: Any, policy: TiePolicy) -> Any:
    """Pair those linked to one line, phone, address or group at overlapping dates: both links must be true.

    Those linked to one place are a crowd as those at one event are. Two who live together under one family name are
    taken as family, which is no association.
    """
    sizes = links.group_by("kind", "place_ref", "person_id").agg(nw.len()).group_by("kind", "place_ref")
    sizes = _at_most(sizes.agg(n_people=nw.len()), policy.largest_event_people)
    place = ["kind", "place_ref"]
    pairs = links.join(links, on=place, how="inner", suffix="_b").join(sizes, on=place, how="inner")
    overlap = (nw.col("from_on") <= nw.col("to_on_b")) & (nw.col("from_on_b") <= nw.col("to_on"))
    new = (nw.col("kind") != "shared phone") | (nw.col("mark") != nw.col("mark_b"))  # on one line they share more
    pairs = pairs.filter((nw.col("person_id") < nw.col("person_id_b")) & overlap & new)
    is_family = (nw.col("kind") == "shared address") & (nw.col("mark") == nw.col("mark_b")) & (nw.col("mark") != "")
    kind = nw.when(is_family).then(nw.lit("family")).otherwise(nw.col("kind"))
    from_on = nw.when(_most("from_on") <= nw.lit(LONG_AGO)).then(_least("to_on")).otherwise(_most("from_on"))
    p_pair = nw.when(is_family).then(nw.lit(policy.family)).otherwise(nw.col("p_pair") / (nw.col("n_people") - 1))
    return pairs.select(
        person_a=nw.col("person_id"), person_b=nw.col("person_id_b"), kind=kind,
        item_ref=_both_refs("link_ref"), origin_id=nw.concat_str(nw.col("prefix"), nw.col("place_ref")),
        grade=_weaker_grade(), handling=_least("handling"), from_on=from_on, seen_on=_least("to_on"),
        n_people=nw.col("n_people"), p_true=nw.col("p_item") * nw.col("p_item_b") * p_pair,
        is_in_measures=_choose((kind.is_in(list(policy.kinds_apart)), "N"), otherwise="Y"),
        truth_a=nw.col("truth"), p_a=nw.col("p_item"), truth_b=nw.col("truth_b"), p_b=nw.col("p_item_b"),
    )  # fmt: skip


def weigh_evidence(evidence: Any, policy: TiePolicy, *, kinds: Sequence[str] = KINDS) -> Any:
    """Weigh evidence into one row a pair: the chance that the tie exists, and what that rests on.

    `kinds` are those the evidence may hold; each that cannot be there is a column less to carry.
    """
    counted = evidence.filter((nw.col("is_in_measures") == "Y") & (nw.col("p_true") > 0))
    charged = nw.col("kind") == "charged together"
    strong = charged | nw.col("grade").str.slice(1, 1).is_in(list(policy.strong_information))
    tested = nw.col("kind").is_in(list(policy.tested_kinds)) | nw.col("grade").str.slice(0, 1).is_in(
        list(policy.tested_sources)
    )
    there = set(counted["kind"]) if isinstance(counted, nw.DataFrame) else set(kinds)
    kinds_here = [k for k in KINDS if k in there] or list(KINDS[:1])
    marked = counted.with_columns(
        is_strong=_flag(strong), is_tested=_flag(tested), **{k: _flag(nw.col("kind") == k) for k in kinds_here}
    )
    origins = marked.group_by(*PAIR, "origin_id").agg(
        nw.col("p_true").max(), nw.col("handling", "from_on").min(), nw.col("seen_on").max(),
        nw.col("is_strong", "is_tested", *kinds_here).max(), n_items=nw.len(),
    ).with_columns(doubt=(1.0 - nw.col("p_true")).clip(LEAST_DOUBT, 1.0).log())  # fmt: skip
    pairs = origins.group_by(*PAIR).agg(
        nw.col("doubt", "n_items").sum(), nw.col("handling", "from_on").min(), nw.col("seen_on").max(),
        nw.col("is_strong", "is_tested", *kinds_here).max(), n_origins=nw.len(),
    )  # fmt: skip
    p_any = (1.0 - nw.col("doubt").exp()).clip(0.0, 1.0)
    capped = nw.when((nw.col("is_strong") == 1) | (p_any <= policy.cap_without_strong)).then(p_any)
    words = [nw.when(nw.col(k) == 1).then(nw.lit(k)) for k in kinds_here]
    return pairs.select(
        *PAIR, nw.col("n_items", "n_origins").cast(nw.Int64), nw.col("handling"),
        kinds=nw.concat_str(words, separator="; ", ignore_nulls=True),
        p_exists=capped.otherwise(nw.lit(policy.cap_without_strong)).round(DECIMALS),
        is_tested=_choose((nw.col("is_tested") == 1, "Y"), otherwise="N"),
        first_seen=nw.col("from_on"), last_seen=nw.col("seen_on"),
    )  # fmt: skip


def _at_most(sizes: Any, largest: int) -> Any:
    sizes = sizes.with_columns(nw.col("n_people").cast(nw.Int64))
    return sizes.filter(nw.col("n_people") <= largest)


def _choose(*cases: tuple[Any, str], otherwise: str) -> Any:
    chosen = nw.lit(otherwise)
    for condition, value in reversed(cases):
        chosen = nw.when(condition).then(nw.lit(value)).otherwise(chosen)
    return chosen


def _flag(condition: Any) -> Any:
    """Write a condition as a small whole number: there is one for each kind, and ten million rows of them."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int8)


def _least(name: str) -> Any:
    return nw.when(nw.col(name) <= nw.col(f"{name}_b")).then(nw.col(name)).otherwise(nw.col(f"{name}_b"))


def _most(name: str) -> Any:
    return nw.when(nw.col(name) >= nw.col(f"{name}_b")).then(nw.col(name)).otherwise(nw.col(f"{name}_b"))


def _both_refs(name: str) -> Any:
    both = nw.concat_str(nw.col(name), nw.col(f"{name}_b"), separator="; ")
    return nw.when(nw.col(name) == nw.col(f"{name}_b")).then(nw.col(name)).otherwise(both)


def _weaker_grade() -> Any:
    """Take the grade whose information is worse, then the one whose source is."""
    a, b = nw.col("grade"), nw.col("grade_b")
    letter_a, letter_b = a.str.slice(1, 1), b.str.slice(1, 1)
    a_is_weaker = (letter_a > letter_b) | ((letter_a == letter_b) & (a >= b))
    return nw.when(a_is_weaker).then(a).otherwise(b)
