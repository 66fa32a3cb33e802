"""Weighing: laws that hold for any evidence, on every engine."""

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csp_toolkit.networks.evidence.sources import MEMBERSHIP_COLUMNS
from csp_toolkit.networks.evidence.sources_shared import SHARED_COLUMNS
from csp_toolkit.networks.evidence.weighing import pair_over_time, pair_up, weigh_evidence
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.params import read_named

POLICY = read_tie_policy()
DAY = pd.Timestamp("2026-09-01")

ITEMS = st.lists(
    st.tuples(
        st.sampled_from([g for g, p in POLICY.grade_factors.items() if p > 0]),
        st.integers(0, 3),
        st.sets(st.sampled_from("ABCDE"), min_size=2),
    ),
    min_size=1,
    max_size=12,
)


def memberships(items) -> pd.DataFrame:
    rows = [
        ("report", f"R{n}", p, f"R{n}", f"O{origin}", grade, "P", DAY, factor, 0, 1, f"O{origin}", factor)
        for n, (grade, origin, people) in enumerate(items)
        for factor in [POLICY.grade_factors[grade]]
        for p in sorted(people)
    ]
    return pd.DataFrame(rows, columns=list(MEMBERSHIP_COLUMNS)).astype({"seen_on": "datetime64[us]"})


def weighed(frame) -> pd.DataFrame:
    table = weigh_evidence(pair_up(nw.from_native(frame), POLICY), POLICY)
    native = (table.collect() if isinstance(table, nw.LazyFrame) else table).to_pandas()
    return native.sort_values(["person_a", "person_b"], ignore_index=True)


def chances(items) -> dict[tuple[str, str], float]:
    table = weighed(memberships(items))
    return dict(zip(zip(table["person_a"], table["person_b"], strict=True), table["p_exists"], strict=True))


@settings(max_examples=40, deadline=None)
@given(ITEMS)
def test_a_chance_is_a_chance_and_pairs_stand_once_in_order(items):
    table = weighed(memberships(items))
    assert table["p_exists"].between(0, 1).all() and (table["person_a"] < table["person_b"]).all()
    assert not table.duplicated(["person_a", "person_b"]).any() and table["person_a"].notna().all()


@settings(max_examples=40, deadline=None)
@given(ITEMS, st.sampled_from(["1A", "2B", "2C", "3C"]), st.sets(st.sampled_from("ABCDE"), min_size=2))
def test_evidence_from_a_new_origin_never_lowers_a_chance(items, grade, people):
    before, after = chances(items), chances([*items, (grade, 99, people)])
    assert all(after[pair] >= p for pair, p in before.items())


@settings(max_examples=40, deadline=None)
@given(ITEMS)
def test_repeating_every_report_from_its_origin_changes_no_chance(items):
    assert chances(items) == chances([*items, *items])


@settings(max_examples=40, deadline=None)
@given(ITEMS, st.permutations("ABCDE"))
def test_relabelling_people_relabels_their_ties(items, names):
    new = dict(zip("ABCDE", names, strict=True))
    moved = chances([(grade, origin, {new[p] for p in people}) for grade, origin, people in items])
    assert moved == {tuple(sorted((new[a], new[b]))): p for (a, b), p in chances(items).items()}


@settings(max_examples=20, deadline=None)
@given(ITEMS)
def test_the_order_of_rows_does_not_matter(items):
    frame = memberships(items)
    pd.testing.assert_frame_equal(weighed(frame), weighed(frame.iloc[::-1].reset_index(drop=True)))


EXAMPLE = [
    ("2B", 0, set("ABC")),
    ("1C", 0, set("AB")),
    ("2C", 1, set("ABD")),
    ("3C", 2, set("CD")),
    ("1A", 3, set("AD")),
]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_every_engine_gives_the_same_ties(engine):
    module = pytest.importorskip(engine)
    frame = memberships(EXAMPLE)
    other = module.from_pandas(frame) if engine == "polars" else module.from_df(frame)
    pd.testing.assert_frame_equal(weighed(other), weighed(frame), check_dtype=False)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_every_engine_pairs_people_on_lines_alike(engine):
    module = pytest.importorskip(engine)
    rows = [
        ("shared line", "line:", "L1", f"K{n}", p, g, "P", DAY, DAY, 0.5, 1.0, f"K{n}", "")
        for n, (p, g) in enumerate([("A", "2B"), ("B", "1C"), ("C", "2A")])
    ]
    frame = pd.DataFrame(rows, columns=list(SHARED_COLUMNS)).astype(
        dict.fromkeys(("from_on", "to_on"), "datetime64[us]")
    )
    other = module.from_pandas(frame) if engine == "polars" else module.from_df(frame)
    pairs = []
    for made in (frame, other):
        table = pair_over_time(nw.from_native(made), POLICY)
        native = (table.collect() if isinstance(table, nw.LazyFrame) else table).to_pandas()
        pairs.append(native.sort_values(["person_a", "person_b"], ignore_index=True))
    pd.testing.assert_frame_equal(pairs[1], pairs[0], check_dtype=False)
    assert pairs[0]["grade"].tolist() == ["1C", "2B", "1C"]


def test_grades_weigh_as_much_in_a_tie_as_in_the_matrix():
    from csp_toolkit.scoring.matrix import Matrix

    matrix = read_named("matrices", POLICY.name, Matrix)
    assert {str(g): float(p) for g, p in matrix.grades.items()} == POLICY.grade_factors


def test_no_module_of_the_networks_imports_the_scoring_or_the_other_way_round():
    from pathlib import Path

    import csp_toolkit

    home = Path(csp_toolkit.__file__).parent
    for folder, other in (("networks", "scoring"), ("scoring", "networks")):
        texts = [path.read_text(encoding="utf-8") for path in sorted((home / folder).glob("*.py"))]
        assert texts and not any(f"csp_toolkit.{other}" in text for text in texts)
